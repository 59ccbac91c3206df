//! NetworkPolicies, which nothing simulates but whose manifests are checked (VAL-04).

use super::address::{contains_range, is_range_with_zeros, range_fault};
use super::metadata::{validate_metadata, NameRule};
use super::probe::validate_port;
use super::workload::validate_selector;
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::Node;

const RULE: &str = "VAL-04";

/// Checks a NetworkPolicy.
#[inline(never)]
pub fn validate_network_policy(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    validate_selector(&spec.key("podSelector"), errors);
    for (list, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.key(list).items() {
            for port in rule.key("ports").items() {
                validate_policy_port(&port, errors);
            }
            for peer in rule.key(peers).items() {
                validate_peer(&peer, errors);
            }
        }
    }
    let types = spec.key("policyTypes");
    if types.count() > 2 {
        let value = super::errors::json_of(types.node);
        let detail = "may not specify more than two policyTypes";
        errors.invalid(RULE, &types, &value, detail);
        return;
    }
    for kind in types.items() {
        let known = ["Ingress", "Egress"];
        if !known.contains(&kind.text()) {
            errors.unsupported(RULE, &kind, kind.text(), &known);
        }
    }
}

fn validate_policy_port(port: &Field, errors: &mut Errors) {
    let protocol = port.key("protocol");
    let known = ["TCP", "UDP", "SCTP"];
    if protocol.is_set() && !known.contains(&protocol.text()) {
        errors.unsupported(RULE, &protocol, protocol.text(), &known);
    }
    let (from, to) = (port.key("port"), port.key("endPort"));
    let is_name = from.node.and_then(Node::text).is_some();
    if from.is_set() {
        validate_port(RULE, &from, errors);
    }
    if !to.is_set() {
        return;
    }
    if !from.is_set() {
        let detail = "may not be specified when `port` is not specified";
        errors.invalid_int(RULE, &to, to.int(), detail);
    } else if is_name {
        let detail = "may not be specified when `port` is non-numeric";
        errors.invalid_int(RULE, &to, to.int(), detail);
    } else {
        if to.int() < from.int() {
            // The API server shows the other number.
            let detail = "must be greater than or equal to `port`";
            errors.invalid_int(RULE, &to, from.int(), detail);
        }
        validate_port(RULE, &to, errors);
    }
}

fn validate_peer(peer: &Field, errors: &mut Errors) {
    let selectors = [peer.key("podSelector"), peer.key("namespaceSelector")];
    let block = peer.key("ipBlock");
    for selector in &selectors {
        validate_selector(selector, errors);
    }
    if block.is_set() {
        validate_block(&block, errors);
    }
    let selects = selectors.iter().any(Field::is_set);
    if !selects && !block.is_set() {
        errors.required(RULE, peer, "must specify a peer");
    } else if selects && block.is_set() {
        let detail = "may not specify both ipBlock and another peer";
        errors.forbidden(RULE, peer, detail);
    }
}

fn validate_block(block: &Field, errors: &mut Errors) {
    let cidr = block.key("cidr");
    if cidr.text().is_empty() {
        errors.required(RULE, &cidr, "");
        return;
    }
    if let Some(fault) = range_fault(cidr.text()) {
        errors.invalid_text(RULE, &cidr, cidr.text(), fault);
    }
    if !is_range_with_zeros(cidr.text()) {
        return;
    }
    for except in block.key("except").items() {
        if let Some(fault) = range_fault(except.text()) {
            errors.invalid_text(RULE, &except, except.text(), fault);
        }
        if is_range_with_zeros(except.text()) && !contains_range(cidr.text(), except.text()) {
            let detail = "must be a strict subset of `cidr`";
            errors.invalid_text(RULE, &except, except.text(), detail);
        }
    }
}
