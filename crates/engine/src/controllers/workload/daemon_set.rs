//! A DaemonSet keeps one Pod on every node that takes it (DMN-01).

use super::{
    count, create_pod, delete_pod, generated_name, hash, is_available, report, revision, store,
    wait_until_available, REVISION,
};
use crate::api::{
    Amount, PodSpec, SelectorOperator, SelectorRequirement, TaintEffect, Toleration, WorkloadKind,
};
use crate::cluster::{Cluster, Cx};
use crate::controllers::scheduler::{self, HOSTNAME};
use crate::controllers::state::Objects;
use crate::events::EventType;
use crate::ids::{NodeId, PodId, WorkloadId};
use crate::time::Duration;
use std::sync::Arc;

/// How long a failed Pod is kept before another takes its place.
const FAILED_BACK_OFF: Duration = Duration::from_secs(1);

/// Taints that every Pod of a DaemonSet tolerates, without a limit of time.
const TOLERATED: [(&str, TaintEffect); 6] = [
    ("not-ready", TaintEffect::NoExecute),
    ("unreachable", TaintEffect::NoExecute),
    ("disk-pressure", TaintEffect::NoSchedule),
    ("memory-pressure", TaintEffect::NoSchedule),
    ("pid-pressure", TaintEffect::NoSchedule),
    ("unschedulable", TaintEffect::NoSchedule),
];

fn tolerate(spec: &mut PodSpec) {
    for (key, effect) in TOLERATED {
        spec.tolerations.push(Toleration {
            key: ["node.kubernetes.io/", key].concat(),
            exists: true,
            value: String::new(),
            effect: Some(effect),
            toleration_seconds: None,
        });
    }
}

fn pin(spec: &mut PodSpec, node: &str) {
    let here = SelectorRequirement {
        key: HOSTNAME.to_owned(),
        operator: SelectorOperator::In,
        values: vec![node.to_owned()],
    };
    let terms = &mut spec.node_affinity_required;
    if terms.is_empty() {
        terms.push(Vec::new());
    }
    for term in terms {
        term.push(here.clone());
    }
}

/// The node that a Pod is pinned to.
fn node_of(cluster: &Cluster, pod: PodId) -> Option<NodeId> {
    let spec = &cluster.pods[pod.index()].spec;
    let pin = spec.node_affinity_required.first()?.last()?;
    crate::controllers::find_node(cluster, pin.values.first()?)
}

/// One look at every node.
pub fn sync(cx: &mut Cx, id: WorkloadId) {
    let WorkloadKind::DaemonSet {
        max_unavailable,
        is_rolling,
        min_ready_seconds,
    } = cx.workload(id).object.kind
    else {
        return;
    };
    let mut probe = cx.workload(id).object.template.spec.clone();
    tolerate(&mut probe);
    let mut desired = 0;
    let nodes: Vec<NodeId> = cx.cluster.live_nodes().collect();
    for node in nodes {
        let admits = scheduler::admits(cx.cluster, &probe, node);
        desired += u32::from(admits.0);
        keep_one(cx, id, node, admits);
    }
    for pod in cx.workload(id).pods.clone() {
        wait_until_available(cx, id, pod, min_ready_seconds);
    }
    if is_rolling {
        roll(cx, id, desired, max_unavailable, min_ready_seconds);
    }
    let status = count(cx, id, desired, min_ready_seconds);
    store(cx, id, status);
}

fn keep_one(cx: &mut Cx, id: WorkloadId, node: NodeId, (takes, keeps): (bool, bool)) {
    let pods = cx.workload(id).pods.iter().copied();
    let here: Vec<PodId> = pods
        .filter(|pod| node_of(cx.cluster, *pod) == Some(node))
        .collect();
    let mut kept = 0;
    for pod in here {
        let state = cx.pod(pod);
        if state.deletion.is_some() {
            // Its successor waits until it is gone.
            kept += 1;
            continue;
        }
        let is_over = state.status.phase.is_terminal();
        if is_over && takes && cx.now.since(state.created_at) < FAILED_BACK_OFF {
            super::enqueue(cx, id, FAILED_BACK_OFF);
            kept += 1;
        } else if is_over || !keeps || kept > 0 {
            delete(cx, id, pod);
            kept += u32::from(takes && cx.pod(pod).removed_at.is_none());
        } else {
            kept += 1;
        }
    }
    if takes && kept == 0 {
        create(cx, id, node);
    }
}

fn create(cx: &mut Cx, id: WorkloadId, node: NodeId) {
    let state = cx.workload(id);
    let set = Arc::clone(&state.name);
    let template = state.object.template.clone();
    let name = generated_name(cx, &set);
    let labels = [
        (REVISION, hash(&template)),
        (
            "pod-template-generation",
            cx.workload(id).generation.to_string(),
        ),
    ];
    let labels = labels.each_ref().map(|(key, value)| (*key, value.as_str()));
    let node = Arc::clone(&cx.node(node).name);
    let pod = create_pod(cx, id, &name, &template, &labels, |spec| {
        tolerate(spec);
        pin(spec, &node);
    });
    if pod.is_none() {
        return;
    }
    let text = format!("Created pod: {name}");
    report(cx, id, EventType::Normal, "SuccessfulCreate", &text);
}

fn delete(cx: &mut Cx, id: WorkloadId, pod: PodId) {
    let text = format!("Deleted pod: {}", cx.pod(pod).name);
    report(cx, id, EventType::Normal, "SuccessfulDelete", &text);
    delete_pod(cx, pod, None);
}

/// Old Pods go: those that are not available at once, the others as far as may be missing.
fn roll(cx: &mut Cx, id: WorkloadId, desired: u32, most: Amount, min_ready_seconds: u32) {
    let most = match most {
        Amount::Count(count) => count,
        Amount::Percent(percent) => (desired * percent).div_ceil(100),
    };
    let newest = hash(&cx.workload(id).object.template);
    let pods = cx.workload(id).pods.clone();
    let available = |cx: &Cx, pod: &PodId| is_available(cx, cx.pod(*pod), min_ready_seconds);
    let up = pods.iter().filter(|pod| available(cx, pod)).count() as u32;
    let mut left = most.saturating_sub(desired.saturating_sub(up));
    let old = |cx: &Cx, pod: &PodId| {
        let state = cx.pod(*pod);
        state.deletion.is_none() && state.removed_at.is_none() && revision(state) != newest
    };
    for pod in pods {
        if !old(cx, &pod) {
            continue;
        }
        if !available(cx, &pod) {
            delete(cx, id, pod);
        } else if left > 0 {
            left -= 1;
            delete(cx, id, pod);
        }
    }
}
