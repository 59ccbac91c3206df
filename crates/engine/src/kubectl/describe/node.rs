//! `kubectl describe node` (DSC-10).

use super::{ruled, Text};
use crate::api::{Node, OtherResource, Resources, Taint};
use crate::controllers;
use crate::go_format::ipv4;
use crate::kubectl::get::{roles, CONTAINER_RUNTIME, KERNEL_VERSION, KUBELET_VERSION, OS_IMAGE};
use crate::kubectl::item::{self, Item, Thing};
use crate::kubectl::node_condition::node_conditions;
use crate::kubectl::object::{
    bytes_text, capacity, capacity_text, effect_name, milli_text, node_others, other_text,
    pod_amount,
};
use crate::kubectl::resource::of_kind;
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;

/// Pods that count: bound here and not finished.
fn pods(view: &View, item: &Item) -> Vec<Item> {
    let Thing::Node(node) = item.thing else {
        return Vec::new();
    };
    let all = item::list(view, of_kind("Pod"), None).into_iter();
    all.filter(|pod| match pod.thing {
        Thing::Pod(id) => {
            let pod = view.pod(id);
            pod.node == Some(node) && !pod.status.phase.is_terminal()
        }
        _ => false,
    })
    .collect()
}

pub fn describe(view: &View, item: &Item, text: &mut Text) {
    let Thing::Node(id) = item.thing else { return };
    let node = &view.cluster.nodes[id.index()];
    let object = &node.object;
    text.field(0, "Name", &item.name);
    text.field(0, "Roles", roles(item));
    text.labels("Labels", &item.labels);
    let mut annotations = object.metadata.annotations.clone();
    for (key, value) in [
        ("node.alpha.kubernetes.io/ttl", "0"),
        (
            "volumes.kubernetes.io/controller-managed-attach-detach",
            "true",
        ),
    ] {
        annotations.insert(key.to_owned(), value.to_owned());
    }
    text.annotations("Annotations", &annotations);
    text.field(0, "CreationTimestamp", view.long_date(item.created));
    taints(&object.taints, text);
    text.field(0, "Unschedulable", object.unschedulable);
    conditions(view, item, text);
    text.line(0, "Addresses:");
    text.field(1, "InternalIP", ipv4(node.address));
    text.field(1, "Hostname", &item.name);
    let capacity = capacity(object);
    let allocatable = [object.memory_bytes, object.ephemeral_bytes];
    for (name, [memory, disk]) in [("Capacity", capacity), ("Allocatable", allocatable)] {
        text.line(0, format!("{name}:"));
        let mut rows = vec![
            ("cpu".to_owned(), milli_text(object.cpu_milli)),
            ("ephemeral-storage".to_owned(), capacity_text(disk)),
            ("memory".to_owned(), capacity_text(memory)),
            ("pods".to_owned(), object.pods.to_string()),
        ];
        let others = node_others(object).into_iter();
        rows.extend(others.map(|(name, amount)| {
            let text = other_text(&name, amount);
            (name, text)
        }));
        rows.sort();
        for (name, amount) in &rows {
            text.field(1, name, amount);
        }
    }
    text.line(0, "System Info:");
    for (name, value) in [
        ("Machine ID", "00000000000000000000000000000000"),
        ("System UUID", "00000000000000000000000000000000"),
        ("Boot ID", "00000000-0000-0000-0000-000000000000"),
        ("Kernel Version", KERNEL_VERSION),
        ("OS Image", OS_IMAGE),
        ("Operating System", "linux"),
        ("Architecture", "amd64"),
        ("Container Runtime Version", CONTAINER_RUNTIME),
        ("Kubelet Version", KUBELET_VERSION),
    ] {
        text.field(1, name, value);
    }
    allocation(view, item, text);
}

/// Sorted by effect, then key.
fn taints(taints: &[Taint], text: &mut Text) {
    let mut sorted: Vec<&Taint> = taints.iter().collect();
    sorted.sort_by_key(|taint| (effect_name(taint.effect), taint.key.clone()));
    let lines = sorted.into_iter().map(|taint| {
        let value = match taint.value.as_str() {
            "" => String::new(),
            value => format!("={value}"),
        };
        format!("{}{value}:{}", taint.key, effect_name(taint.effect))
    });
    text.lines("Taints", lines.collect());
}

fn conditions(view: &View, item: &Item, text: &mut Text) {
    let Thing::Node(id) = item.thing else { return };
    let renewed = controllers::node_renewed_at(view.cluster, id, view.now);
    let date = view.long_date(Stamp::of(renewed));
    text.line(0, "Lease:");
    text.field(1, "HolderIdentity", &item.name);
    text.field(1, "AcquireTime", "<unset>");
    text.field(1, "RenewTime", &date);
    text.line(0, "Conditions:");
    let titles = [
        "Type",
        "Status",
        "LastHeartbeatTime",
        "LastTransitionTime",
        "Reason",
        "Message",
    ];
    ruled(1, &titles, text);
    for known in node_conditions(view, id) {
        let (kind, status) = (known.kind, known.status);
        let (reason, message) = (known.reason, known.message);
        text.line(
            1,
            format!("{kind} \t{status} \t{date} \t{date} \t{reason} \t{message}"),
        );
    }
}

type Amount = fn(&Resources) -> Option<u64>;

fn allocation(view: &View, item: &Item, text: &mut Text) {
    let Thing::Node(id) = item.thing else { return };
    let object = &view.cluster.nodes[id.index()].object;
    let pods = pods(view, item);
    let cpu = |value: u64| format!("{} ({}%)", milli_text(value), part(value, object.cpu_milli));
    let memory = |value: u64| {
        format!(
            "{} ({}%)",
            bytes_text(value),
            part(value, object.memory_bytes)
        )
    };
    let disk = |value: u64| {
        format!(
            "{} ({}%)",
            bytes_text(value),
            part(value, object.ephemeral_bytes)
        )
    };
    let columns: [Amount; 6] = [
        |r| r.request_cpu_milli,
        |r| r.limit_cpu_milli,
        |r| r.request_memory_bytes,
        |r| r.limit_memory_bytes,
        |r| r.request_ephemeral_bytes,
        |r| r.limit_ephemeral_bytes,
    ];
    text.line(
        0,
        format!("Non-terminated Pods:\t({} in total)", pods.len()),
    );
    let titles = [
        "Namespace",
        "Name",
        "CPU Requests",
        "CPU Limits",
        "Memory Requests",
        "Memory Limits",
        "Age",
    ];
    let underlined: Vec<String> = titles.iter().map(|title| "-".repeat(title.len())).collect();
    text.line(1, titles.join("\t"));
    text.line(1, underlined.join("\t"));
    let mut totals = [0_u64; 6];
    for pod in &pods {
        let Thing::Pod(id) = pod.thing else { continue };
        let sums = columns.map(|of| pod_amount(&view.pod(id).spec, &of));
        totals
            .iter_mut()
            .zip(sums)
            .for_each(|(total, sum)| *total += sum);
        let [requested_cpu, limited_cpu, requested, limited, ..] = sums;
        let cells = [
            pod.namespace.clone(),
            pod.name.clone(),
            cpu(requested_cpu),
            cpu(limited_cpu),
            memory(requested),
            memory(limited),
            pod.created.age(view.now),
        ];
        text.line(1, cells.join("\t"));
    }
    text.line(0, "Allocated resources:");
    text.line(
        1,
        "(Total limits may be over 100 percent, i.e., overcommitted.)",
    );
    ruled(1, &["Resource", "Requests", "Limits"], text);
    text.line(1, format!("cpu\t{}\t{}", cpu(totals[0]), cpu(totals[1])));
    text.line(
        1,
        format!("memory\t{}\t{}", memory(totals[2]), memory(totals[3])),
    );
    text.line(
        1,
        format!(
            "ephemeral-storage\t{}\t{}",
            disk(totals[4]),
            disk(totals[5])
        ),
    );
    other_rows(view, &pods, object, text);
}

/// Huge pages with their share, then extended resources without.
fn other_rows(view: &View, pods: &[Item], object: &Node, text: &mut Text) {
    let mut others = node_others(object);
    others.sort_by_key(|(name, _)| !name.starts_with("hugepages-"));
    for (name, all) in others {
        let total = |of: fn(&OtherResource) -> Option<u64>| -> u64 {
            let amount = |resources: &Resources| {
                let mut others = resources.others.iter();
                others.find(|other| other.name == name).and_then(of)
            };
            let pods = pods.iter().filter_map(|pod| match pod.thing {
                Thing::Pod(id) => Some(pod_amount(&view.pod(id).spec, &amount)),
                _ => None,
            });
            pods.sum()
        };
        let cell = |amount: u64| {
            let text = other_text(&name, amount);
            match name.starts_with("hugepages-") {
                true => format!("{text} ({}%)", part(amount, all)),
                false => text,
            }
        };
        let requested = cell(total(|other| other.request));
        let limited = cell(total(|other| other.limit));
        text.line(1, format!("{name}\t{requested}\t{limited}"));
    }
}

/// In whole per cent.
fn part(value: u64, of: u64) -> u64 {
    value.saturating_mul(100).checked_div(of).unwrap_or(0)
}
