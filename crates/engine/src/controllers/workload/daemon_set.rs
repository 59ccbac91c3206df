//! A DaemonSet keeps one Pod on every node that takes it (DMN-01).

use super::daemon_update;
use super::{
    create_pod, delete_pod, enqueue, generated_name, hash, is_available, report, revision, store,
    wait_until_available, WorkloadStatus, REVISION,
};
use crate::api::{
    Amount, NodeTerm, PodSpec, SelectorOperator, SelectorRequirement, TaintEffect, Toleration,
    WorkloadKind,
};
use crate::cluster::{Cx, PodState};
use crate::controllers::scheduler;
use crate::controllers::state::Objects;
use crate::events::EventType;
use crate::ids::{NodeId, PodId, WorkloadId};
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// How long the next failed Pod of a node is kept at first; doubles.
const BACK_OFF: Duration = Duration::from_secs(1);
const BACK_OFF_MAX: Duration = Duration::from_secs(15 * 60);

/// The failed Pods of a node: when the last one was deleted, and how long the next must wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct FailedPods {
    /// The DaemonSet's generation that it is about.
    generation: u32,
    last_at: Instant,
    wait: Duration,
}

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

/// Only this node will do; what the template says of nodes has been looked at already.
fn pin(spec: &mut PodSpec, node: &str) {
    spec.node_affinity_required = vec![NodeTerm {
        labels: Vec::new(),
        names: vec![SelectorRequirement {
            key: "metadata.name".to_owned(),
            operator: SelectorOperator::In,
            values: vec![node.to_owned()],
        }],
    }];
}

/// The name of the node that a Pod is pinned to.
fn pinned_to(pod: &PodState) -> Option<&str> {
    let term = pod.spec.node_affinity_required.first()?;
    let name = term.names.first()?.values.first()?;
    Some(name)
}

/// What the spec says.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub most_missing: Amount,
    pub surge: Amount,
    pub is_rolling: bool,
    pub min_ready_seconds: u32,
}

impl Wanted {
    pub fn surges(&self) -> bool {
        !matches!(self.surge, Amount::Count(0) | Amount::Percent(0))
    }
}

fn wanted(cx: &Cx, id: WorkloadId) -> Option<Wanted> {
    match cx.workload(id).object.kind {
        WorkloadKind::DaemonSet {
            max_unavailable,
            max_surge,
            is_rolling,
            min_ready_seconds,
        } => Some(Wanted {
            most_missing: max_unavailable,
            surge: max_surge,
            is_rolling,
            min_ready_seconds,
        }),
        _ => None,
    }
}

/// One look at every node.
pub fn sync(cx: &mut Cx, id: WorkloadId) {
    let Some(wanted) = wanted(cx, id) else { return };
    let mut probe = cx.workload(id).object.template.spec.clone();
    tolerate(&mut probe);
    let newest = hash(&cx.workload(id).object.template);
    let nodes: Vec<NodeId> = cx.cluster.live_nodes().collect();
    let mut takers = Vec::new();
    for node in nodes {
        let admits = scheduler::admits(cx.cluster, &probe, node);
        if admits.0 {
            takers.push(node);
        }
        keep(cx, id, node, admits, wanted, &newest);
    }
    for pod in cx.workload(id).pods.clone() {
        wait_until_available(cx, id, pod, wanted.min_ready_seconds);
    }
    if wanted.is_rolling {
        daemon_update::roll(cx, id, &takers, wanted, &newest);
    }
    let status = count(cx, id, &takers, wanted, &newest);
    store(cx, id, status);
}

/// The Pods of a node, oldest first; those under deletion too, until they have ended.
pub(super) fn pods_on(cx: &Cx, id: WorkloadId, node: NodeId) -> Vec<PodId> {
    let name = &cx.node(node).name;
    let pods = cx.workload(id).pods.iter().copied();
    pods.filter(|pod| {
        let state = cx.pod(*pod);
        let is_over = state.deletion.is_some() && state.status.phase.is_terminal();
        !is_over && pinned_to(state) == Some(name)
    })
    .collect()
}

/// Nothing here and something wanted: a new Pod. Otherwise what failed, what is one too many, and
/// what the node does not keep, goes; its successor comes when it is gone.
fn keep(
    cx: &mut Cx,
    id: WorkloadId,
    node: NodeId,
    (takes, keeps): (bool, bool),
    wanted: Wanted,
    newest: &str,
) {
    let here = pods_on(cx, id, node);
    if here.is_empty() {
        if takes {
            create(cx, id, node);
        }
        return;
    }
    let mut live = Vec::new();
    for pod in here {
        let state = cx.pod(pod);
        if state.deletion.is_some() {
            continue;
        }
        if !keeps {
            delete(cx, id, pod);
        } else if state.status.phase.is_terminal() {
            replace_failed(cx, id, node, pod);
        } else {
            live.push(pod);
        }
    }
    if keeps && wanted.surges() {
        daemon_update::keep_two(cx, id, node, takes, &live, wanted, newest);
    } else {
        for pod in live.into_iter().skip(1) {
            delete(cx, id, pod);
        }
    }
}

/// A failed Pod goes, unless the one before it went so short a time ago.
fn replace_failed(cx: &mut Cx, id: WorkloadId, node: NodeId, pod: PodId) {
    let (now, generation) = (cx.now, cx.workload(id).generation);
    let known = cx.workload(id).failed_pods.get(&node);
    let known = known.copied().filter(|of| {
        let is_old = now.since(of.last_at) > BACK_OFF_MAX.times(2);
        of.generation == generation && !is_old
    });
    let wait = match known {
        Some(of) if now.since(of.last_at) < of.wait => return enqueue(cx, id, of.wait),
        Some(of) => of.wait.times(2).min(BACK_OFF_MAX),
        None => BACK_OFF,
    };
    let next = FailedPods {
        generation,
        last_at: now,
        wait,
    };
    cx.workload_mut(id).failed_pods.insert(node, next);
    let state = cx.pod(pod);
    let text = format!(
        "Found failed daemon pod {}/{} on node {}, will try to kill it",
        state.namespace,
        state.name,
        cx.node(node).name
    );
    report(cx, id, EventType::Warning, "FailedDaemonPod", &text);
    delete(cx, id, pod);
}

pub(super) fn create(cx: &mut Cx, id: WorkloadId, node: NodeId) {
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

pub(super) fn delete(cx: &mut Cx, id: WorkloadId, pod: PodId) {
    let text = format!("Deleted pod: {}", cx.pod(pod).name);
    report(cx, id, EventType::Normal, "SuccessfulDelete", &text);
    delete_pod(cx, pod, None);
}

/// The oldest Pod of every node that takes one stands for it.
fn count(
    cx: &Cx,
    id: WorkloadId,
    takers: &[NodeId],
    wanted: Wanted,
    newest: &str,
) -> WorkloadStatus {
    let mut status = WorkloadStatus {
        desired: takers.len() as u32,
        ..WorkloadStatus::default()
    };
    for node in takers {
        let Some(pod) = pods_on(cx, id, *node).first().map(|pod| cx.pod(*pod)) else {
            continue;
        };
        status.current += 1;
        status.ready += u32::from(pod.status.is_ready());
        status.available += u32::from(is_available(cx, pod, wanted.min_ready_seconds));
        status.updated += u32::from(revision(pod) == newest);
    }
    status
}
