//! `kubectl get nodes`, `namespaces`, and objects that are known by name only.

use crate::api::{Amount, PriorityClass, SYSTEM_CLASSES};
use crate::go_format::ipv4;
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::view::View;

pub const NODE: &[&str] = &[
    "NAME",
    "STATUS",
    "ROLES",
    "AGE",
    "VERSION",
    "+INTERNAL-IP",
    "+EXTERNAL-IP",
    "+OS-IMAGE",
    "+KERNEL-VERSION",
    "+CONTAINER-RUNTIME",
];
pub const NAMESPACE: &[&str] = &["NAME", "STATUS", "AGE"];
pub const PRIORITY_CLASS: &[&str] = &["NAME", "VALUE", "GLOBAL-DEFAULT", "AGE", "PREEMPTIONPOLICY"];
pub const BUDGET: &[&str] = &[
    "NAME",
    "MIN AVAILABLE",
    "MAX UNAVAILABLE",
    "ALLOWED DISRUPTIONS",
    "AGE",
];
pub const OTHER: &[&str] = &["NAME", "AGE"];

/// Facts of the recorded nodes that every simulated node shares.
pub const KUBELET_VERSION: &str = "v1.36.3";
pub const OS_IMAGE: &str = "Debian GNU/Linux 12 (bookworm)";
pub const KERNEL_VERSION: &str = "0.0.0-masked-00";
pub const CONTAINER_RUNTIME: &str = "containerd://2.2.9";

/// Labels with this prefix name a node's roles.
const ROLE_PREFIX: &str = "node-role.kubernetes.io/";

pub fn node(view: &View, item: &Item) -> Vec<String> {
    let Thing::Node(id) = item.thing else {
        return Vec::new();
    };
    let node = &view.cluster.nodes[id.index()];
    let mut status = if view.node_is_ready(id) {
        "Ready"
    } else {
        "NotReady"
    }
    .to_owned();
    if node.object.unschedulable {
        status.push_str(",SchedulingDisabled");
    }
    vec![
        item.name.clone(),
        status,
        roles(item),
        item.created.age(view.now),
        KUBELET_VERSION.to_owned(),
        ipv4(node.address),
        "<none>".to_owned(),
        OS_IMAGE.to_owned(),
        format!("{KERNEL_VERSION} (amd64)"),
        CONTAINER_RUNTIME.to_owned(),
    ]
}

/// Column ROLES.
pub fn roles(item: &Item) -> String {
    let roles = item
        .labels
        .keys()
        .filter_map(|key| key.strip_prefix(ROLE_PREFIX));
    super::none_if_empty(roles.collect::<Vec<_>>().join(","))
}

pub fn namespace(view: &View, item: &Item) -> Vec<String> {
    vec![
        item.name.clone(),
        view.phase_of_namespace(&item.name).to_owned(),
        item.created.age(view.now),
    ]
}

pub fn other(view: &View, item: &Item) -> Vec<String> {
    vec![item.name.clone(), item.created.age(view.now)]
}

pub fn budget(view: &View, item: &Item) -> Vec<String> {
    let Thing::Budget(budget) = &item.thing else {
        return Vec::new();
    };
    let object = &budget.object;
    let bound = |bound: Option<Amount>| bound.map_or_else(|| "N/A".to_owned(), amount_text);
    vec![
        item.name.clone(),
        bound(object.min_available),
        bound(object.max_unavailable),
        budget.status.allowed.to_string(),
        item.created.age(view.now),
    ]
}

/// A number of Pods, or a share with its sign.
pub fn amount_text(amount: Amount) -> String {
    match amount {
        Amount::Count(count) => count.to_string(),
        Amount::Percent(percent) => format!("{percent}%"),
    }
}

pub fn priority_class(view: &View, item: &Item) -> Vec<String> {
    let classes = &view.cluster.controllers.store.priority_classes;
    let own = classes.get(&item.name);
    let cells = |class: &PriorityClass| {
        let policy = match class.never_preempts {
            true => "Never",
            false => "PreemptLowerPriority",
        };
        vec![
            item.name.clone(),
            class.value.to_string(),
            class.global_default.to_string(),
            item.created.age(view.now),
            policy.to_owned(),
        ]
    };
    match SYSTEM_CLASSES.iter().find(|(name, _)| *name == item.name) {
        Some((_, value)) => cells(&PriorityClass {
            value: *value,
            ..PriorityClass::default()
        }),
        None => own.map_or_else(Vec::new, cells),
    }
}
