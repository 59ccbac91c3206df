//! `kubectl describe pod` (DSC-02, DSC-03).

use super::container::{containers, resources};
use super::volume::volumes;
use super::{heading, Text};
use crate::api::{PodSpec, Toleration};
use crate::cluster::Owner;
use crate::go_format::ipv4;
use crate::ids::PodId;
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::object::{effect_name, qos_class};
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;
use crate::manifest::yaml::Node;
use crate::status::{ConditionStatus, ConditionType};

pub fn describe(view: &View, item: &Item, text: &mut Text) {
    let Thing::Pod(id) = item.thing else { return };
    let pod = view.pod(id);
    let (spec, status) = (&pod.spec, &pod.status);
    heading(item, text);
    priority(spec, text);
    if !spec.service_account_name.is_empty() {
        text.field(0, "Service Account", &spec.service_account_name);
    }
    match pod.node {
        None if spec.node_name.is_empty() => text.field(0, "Node", "<none>"),
        None => text.field(0, "Node", format!("{}/", spec.node_name)),
        Some(node) => {
            let node = &view.cluster.nodes[node.index()];
            // The kubelet writes its address with the first status.
            let address = status.start_time.map(|_| ipv4(node.address));
            text.field(
                0,
                "Node",
                format!("{}/{}", node.name, address.unwrap_or_default()),
            );
        }
    }
    if let Some(at) = status.start_time {
        text.field(0, "Start Time", view.long_date(Stamp::of(at)));
    }
    text.labels("Labels", &pod.labels);
    text.annotations("Annotations", &pod.annotations);
    match pod.deletion.filter(|_| !status.phase.is_terminal()) {
        Some(deletion) => {
            let grace = deletion.grace_seconds;
            let until = Stamp::of(deletion.asked_at).plus_secs(i64::from(grace));
            text.field(
                0,
                "Status",
                format!("Terminating (lasts {})", until.age(view.now)),
            );
            text.field(0, "Termination Grace Period", format!("{grace}s"));
        }
        None => text.field(0, "Status", status.phase.name()),
    }
    if !status.reason.is_empty() {
        text.field(0, "Reason", status.reason);
    }
    let message = view.cluster.texts.get(status.message);
    if !message.is_empty() {
        text.field(0, "Message", message);
    }
    let address = status.pod_ip.map(ipv4);
    text.field(0, "IP", address.as_deref().unwrap_or(""));
    match &address {
        None => text.field(0, "IPs", "<none>"),
        Some(address) => {
            text.line(0, "IPs:");
            text.field(1, "IP", address);
        }
    }
    owner_and_nomination(view, id, text);
    if let Some(whole) = &spec.resources {
        text.line(0, "Resources:");
        resources(whole, 1, text);
    }
    if !spec.init_containers.is_empty() {
        containers(
            "Init Containers",
            view,
            pod,
            0..spec.init_containers.len(),
            text,
        );
    }
    let regular = spec.init_containers.len()..spec.container_count();
    containers("Containers", view, pod, regular, text);
    gates_and_conditions(view, item, text);
    volumes(&spec.volumes, Some(&pod.uid), "", text);
    text.field(0, "QoS Class", qos_class(spec));
    text.labels("Node-Selectors", &spec.node_selector);
    tolerations("Tolerations", &spec.tolerations, text);
    topology_spread("Topology Spread Constraints", view.pod_as_written(id), text);
}

fn priority(spec: &PodSpec, text: &mut Text) {
    text.field(0, "Priority", crate::controllers::priority(spec));
    if let Some(placement) = spec
        .placement
        .as_ref()
        .filter(|p| !p.priority_class.is_empty())
    {
        text.field(0, "Priority Class Name", &placement.priority_class);
    }
}

fn owner_and_nomination(view: &View, id: PodId, text: &mut Text) {
    let pod = view.pod(id);
    if let Owner::ReplicaSet(set) = pod.owner {
        let set = view.cluster.controllers.replica_set(set);
        text.field(0, "Controlled By", format!("ReplicaSet/{}", set.name));
    }
    if let Owner::Workload(id) = pod.owner {
        let owner = &view.cluster.controllers.workloads[id.index()];
        let kind = owner.object.kind.name();
        text.field(0, "Controlled By", format!("{kind}/{}", owner.name));
    }
    if let Some(node) = view.nominated(id) {
        text.field(0, "NominatedNodeName", node);
    }
}

fn gates_and_conditions(view: &View, item: &Item, text: &mut Text) {
    let Thing::Pod(id) = item.thing else { return };
    let pod = view.pod(id);
    if !pod.spec.readiness_gates.is_empty() {
        text.line(0, "Readiness Gates:");
        text.line(1, "Type\tStatus");
        for gate in &pod.spec.readiness_gates {
            let status = match view.gate(id, gate) {
                ConditionStatus::Absent => "<none>",
                status => status.name(),
            };
            text.line(1, format!("{gate} \t{status} "));
        }
    }
    let own = ConditionType::ALL
        .iter()
        .map(|kind| (kind.name(), pod.status.condition(*kind).status));
    let own = own.filter(|(_, status)| *status != ConditionStatus::Absent);
    // Conditions that are not the kubelet's stay before its own (STS-04).
    let foreign = pod.status.foreign.iter();
    let foreign = foreign.map(|(kind, status)| (view.cluster.texts.get(*kind), *status));
    let all: Vec<_> = foreign.chain(own).collect();
    if !all.is_empty() {
        text.line(0, "Conditions:");
        text.line(1, "Type\tStatus");
        for (name, status) in all {
            text.line(1, format!("{name} \t{} ", status.name()));
        }
    }
}

/// Tolerations, sorted by key.
pub fn tolerations(name: &str, tolerations: &[Toleration], text: &mut Text) {
    let mut sorted: Vec<&Toleration> = tolerations.iter().collect();
    sorted.sort_by(|a, b| a.key.cmp(&b.key));
    text.lines(name, sorted.into_iter().map(toleration).collect());
}

/// Topology spread constraints, sorted by key.
pub fn topology_spread(name: &str, written: Option<&Node>, text: &mut Text) {
    let constraints = written.and_then(|spec| spec.get("topologySpreadConstraints"));
    let mut sorted: Vec<&Node> = constraints.map_or(&[][..], Node::items).iter().collect();
    let word = |node: &Node, key: &str| {
        let value = node.get(key).and_then(Node::text);
        value.unwrap_or_default().to_owned()
    };
    sorted.sort_by_key(|constraint| word(constraint, "topologyKey"));
    let lines = sorted.into_iter().map(|constraint| {
        let skew = constraint.get("maxSkew").and_then(Node::int);
        let (key, otherwise) = (
            word(constraint, "topologyKey"),
            word(constraint, "whenUnsatisfiable"),
        );
        let mut line = format!(
            "{key}:{otherwise} when max skew {} is exceeded",
            skew.unwrap_or(0)
        );
        if let Some(selector) = constraint.get("labelSelector") {
            let labels = selector.get("matchLabels").map_or(&[][..], Node::entries);
            let mut pairs: Vec<String> = labels
                .iter()
                .map(|label| format!("{}={}", label.key, label.value.text().unwrap_or_default()))
                .collect();
            pairs.sort();
            let pairs = crate::kubectl::get::none_if_empty(pairs.join(","));
            line.push_str(&format!(" for selector {pairs}"));
        }
        line
    });
    let lines: Vec<String> = lines.collect();
    if !lines.is_empty() {
        text.lines(name, lines);
    }
}

fn toleration(toleration: &Toleration) -> String {
    let mut line = toleration.key.clone();
    if !toleration.value.is_empty() {
        line.push_str(&format!("={}", toleration.value));
    }
    if let Some(effect) = toleration.effect {
        line.push_str(&format!(":{}", effect_name(effect)));
    }
    if toleration.exists && toleration.value.is_empty() {
        line.push_str(if line.is_empty() {
            "op=Exists"
        } else {
            " op=Exists"
        });
    }
    if let Some(seconds) = toleration.toleration_seconds {
        line.push_str(&format!(" for {seconds}s"));
    }
    line
}
