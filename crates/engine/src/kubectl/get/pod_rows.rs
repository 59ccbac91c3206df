//! `kubectl get pods` (POD-01 to POD-04).

use crate::go_format::ipv4;
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;
use crate::kubectl::{human_duration, pod_row};
use crate::status::ConditionStatus;

pub const TITLES: &[&str] = &[
    "NAME",
    "READY",
    "STATUS",
    "RESTARTS",
    "AGE",
    "+IP",
    "+NODE",
    "+NOMINATED NODE",
    "+READINESS GATES",
];

pub fn cells(view: &View, item: &Item) -> Vec<String> {
    let Thing::Pod(id) = item.thing else {
        return Vec::new();
    };
    let pod = view.pod(id);
    let row = pod_row(pod);
    let restarts = match row.last_restart_at.filter(|_| row.restarts != 0) {
        Some(at) => {
            let ago = human_duration(view.now - at.floor_secs());
            format!("{} ({ago} ago)", row.restarts)
        }
        None => row.restarts.to_string(),
    };
    let none = || "<none>".to_owned();
    let gates = &pod.spec.readiness_gates;
    let gates = match gates.len() {
        0 => none(),
        total => {
            let is_true = |name: &&String| view.gate(id, name) == ConditionStatus::True;
            format!("{}/{total}", gates.iter().filter(is_true).count())
        }
    };
    let node = pod
        .node
        .map(|node| view.cluster.nodes[node.index()].name.to_string());
    let node = node.or_else(|| Some(pod.spec.node_name.clone()).filter(|name| !name.is_empty()));
    vec![
        item.name.clone(),
        format!("{}/{}", row.ready, row.total),
        row.status,
        restarts,
        Stamp::of(pod.created_at).age(view.now),
        pod.status.pod_ip.map_or_else(none, ipv4),
        node.unwrap_or_else(none),
        view.nominated(id).map_or_else(none, str::to_owned),
        gates,
    ]
}
