//! What may not change in an object once it exists (VAL-25), where two texts tell: a Pod's spec and
//! a claim's, whose refusals show both in full, are not among it.

use super::errors::{json_of, Errors, FieldError};
use super::workload::selector_json;
use crate::manifest::field::Field;
use crate::manifest::yaml::{quote, Node};

const RULE: &str = "VAL-25";
const IMMUTABLE: &str = "field is immutable";

/// Changes that the API server refuses.
pub struct RefusedChanges {
    /// `FIELD: TEXT` each.
    pub texts: Vec<String>,
    /// Whether they are told before what else is wrong.
    pub comes_first: bool,
}

/// What is refused of a change from one text to another.
pub fn refused_changes(kind: &str, former: &Node, node: &Node) -> RefusedChanges {
    let (former, root) = (Field::root(former), Field::root(node));
    let mut errors = Errors::default();
    match kind {
        "Deployment" | "ReplicaSet" | "DaemonSet" => same_selector(&former, &root, &mut errors),
        "StatefulSet" => same_stateful_set(&former, &root, &mut errors),
        "Job" => same_job(&former, &root, &mut errors),
        "ConfigMap" | "Secret" => same_data(kind, &former, &root, &mut errors),
        "Service" => same_address(&former, &root, &mut errors),
        "Pod" => same_containers(&former, &root, &mut errors),
        "EndpointSlice" => {
            let addresses = root.key("addressType");
            if addresses.text() != former.key("addressType").text() {
                errors.invalid_text(RULE, &addresses, addresses.text(), IMMUTABLE);
            }
        }
        _ => {}
    }
    RefusedChanges {
        texts: errors.list.iter().map(FieldError::line).collect(),
        comes_first: matches!(kind, "DaemonSet" | "ConfigMap" | "Secret"),
    }
}

fn differs(former: &Field, field: &Field) -> bool {
    json_of(former.node) != json_of(field.node)
}

fn same_selector(former: &Field, root: &Field, errors: &mut Errors) {
    let (former, spec) = (former.key("spec"), root.key("spec"));
    let (former, selector) = (former.key("selector"), spec.key("selector"));
    if differs(&former, &selector) {
        let value = match selector.is_set() {
            true => selector_json(&selector),
            false => "null".to_owned(),
        };
        errors.invalid(RULE, &selector, &value, IMMUTABLE);
    }
}

fn same_stateful_set(former: &Field, root: &Field, errors: &mut Errors) {
    let (former, spec) = (former.key("spec"), root.key("spec"));
    let policy = |spec: &Field| {
        let policy = spec.key("podManagementPolicy");
        policy.text_or("OrderedReady").to_owned()
    };
    let kept = ["selector", "serviceName", "volumeClaimTemplates"];
    let changes = kept
        .iter()
        .any(|name| differs(&former.key(name), &spec.key(name)));
    if changes || policy(&former) != policy(&spec) {
        let detail = "updates to statefulset spec for fields other than 'replicas', 'ordinals', \
                      'template', 'updateStrategy', 'revisionHistoryLimit', \
                      'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
        errors.forbidden(RULE, &spec, detail);
    }
}

fn same_job(former: &Field, root: &Field, errors: &mut Errors) {
    let (former, spec) = (former.key("spec"), root.key("spec"));
    let mode = |spec: &Field| {
        let mode = spec.key("completionMode");
        mode.text_or("NonIndexed").to_owned()
    };
    let (was, is) = (former.key("completions"), spec.key("completions"));
    let parallelism = spec.key("parallelism");
    // An Indexed Job may grow and shrink with its parallelism.
    let grows = mode(&spec) == "Indexed" && is.int_or(1) == parallelism.int_or(1);
    if mode(&former) != mode(&spec) {
        let field = spec.key("completionMode");
        errors.invalid_text(RULE, &field, &mode(&spec), IMMUTABLE);
    } else if was.int_or(1) != is.int_or(1) && !grows {
        errors.invalid(RULE, &is, &json_of(is.node), IMMUTABLE);
    }
}

fn same_data(kind: &str, former: &Field, root: &Field, errors: &mut Errors) {
    let of_type = root.key("type");
    let (was, is) = (former.key("type"), of_type.text_or("Opaque"));
    if kind == "Secret" && was.text_or("Opaque") != is {
        errors.invalid_text(RULE, &of_type, is, IMMUTABLE);
    }
    if !former.key("immutable").bool() {
        return;
    }
    let detail = "field is immutable when `immutable` is set";
    let flag = root.key("immutable");
    if !flag.bool() {
        errors.forbidden(RULE, &flag, detail);
    }
    let texts = |root: &Field| {
        let (data, plain) = (root.key("data"), root.key("stringData"));
        json_of(data.node) + &json_of(plain.node)
    };
    if texts(former) != texts(root) {
        errors.forbidden(RULE, &root.key("data"), detail);
    }
    if differs(&former.key("binaryData"), &root.key("binaryData")) {
        errors.forbidden(RULE, &root.key("binaryData"), detail);
    }
}

/// A Service keeps its address as long as it has one.
fn same_address(former: &Field, root: &Field, errors: &mut Errors) {
    let (former, spec) = (former.key("spec"), root.key("spec"));
    let kind = |spec: &Field| spec.key("type").text() == "ExternalName";
    let (was, is) = (former.key("clusterIP"), spec.key("clusterIP"));
    if kind(&former) || kind(&spec) || is.text().is_empty() || was.text() == is.text() {
        return;
    }
    let list = spec.key("clusterIPs");
    let value = ["[", &quote(is.text()), "]"].concat();
    errors.invalid(RULE, &list.index(0), &value, "may not change once set");
}

fn same_containers(former: &Field, root: &Field, errors: &mut Errors) {
    let (former, spec) = (former.key("spec"), root.key("spec"));
    for name in ["containers", "initContainers"] {
        let list = spec.key(name);
        if list.count() != former.key(name).count() {
            let detail = "pod updates may not add or remove containers";
            errors.forbidden(RULE, &list, detail);
            return;
        }
    }
}
