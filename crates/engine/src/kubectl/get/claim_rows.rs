//! `kubectl get` of claims, their volumes, and the cluster's storage class.
//!
//! Storage is not simulated: each claim gets a volume at once, as the class says.

use crate::api::Claim;
use crate::kubectl::item::{volume_name, Item, Thing};
use crate::kubectl::object::claim_namespace;
use crate::kubectl::view::View;

pub const CLAIM: &[&str] = &[
    "NAME",
    "STATUS",
    "VOLUME",
    "CAPACITY",
    "ACCESS MODES",
    "STORAGECLASS",
    "VOLUMEATTRIBUTESCLASS",
    "AGE",
    "+VOLUMEMODE",
];
pub const VOLUME: &[&str] = &[
    "NAME",
    "CAPACITY",
    "ACCESS MODES",
    "RECLAIM POLICY",
    "STATUS",
    "CLAIM",
    "STORAGECLASS",
    "VOLUMEATTRIBUTESCLASS",
    "REASON",
    "AGE",
    "+VOLUMEMODE",
];
pub const CLASS: &[&str] = &[
    "NAME",
    "PROVISIONER",
    "RECLAIMPOLICY",
    "VOLUMEBINDINGMODE",
    "ALLOWVOLUMEEXPANSION",
    "AGE",
];

/// The class of claims that name none.
pub const DEFAULT_CLASS: &str = "standard";

/// The class of a claim.
pub fn claim_class(claim: &Claim) -> &str {
    claim.class.as_deref().unwrap_or(DEFAULT_CLASS)
}

/// `RWO,ROX`.
fn modes(claim: &Claim) -> String {
    let short = claim.access_modes.iter().map(|mode| match mode.as_str() {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        _ => "RWOP",
    });
    short.collect::<Vec<_>>().join(",")
}

pub fn claim(view: &View, item: &Item) -> Vec<String> {
    let Thing::Claim(state) = &item.thing else {
        return Vec::new();
    };
    let claim = &state.object;
    vec![
        item.name.clone(),
        "Bound".to_owned(),
        volume_name(&item.namespace, &item.name),
        claim.storage.clone(),
        modes(claim),
        claim_class(claim).to_owned(),
        "<unset>".to_owned(),
        item.created.age(view.now),
        "Filesystem".to_owned(),
    ]
}

pub fn volume(view: &View, item: &Item) -> Vec<String> {
    let Thing::Claim(state) = &item.thing else {
        return Vec::new();
    };
    let claim = &state.object;
    vec![
        item.name.clone(),
        claim.storage.clone(),
        modes(claim),
        "Delete".to_owned(),
        "Bound".to_owned(),
        format!("{}/{}", claim_namespace(view, state), claim.metadata.name),
        claim_class(claim).to_owned(),
        "<unset>".to_owned(),
        String::new(),
        item.created.age(view.now),
        "Filesystem".to_owned(),
    ]
}

pub fn class(view: &View, item: &Item) -> Vec<String> {
    let mut name = item.name.clone();
    if name == DEFAULT_CLASS {
        name.push_str(" (default)");
    }
    vec![
        name,
        "rancher.io/local-path".to_owned(),
        "Delete".to_owned(),
        "Immediate".to_owned(),
        "false".to_owned(),
        item.created.age(view.now),
    ]
}
