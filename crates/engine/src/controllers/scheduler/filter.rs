//! Filters, in the scheduler's order (SCH-02).

use super::extended;
use super::placement::Counted;
use super::request::{self, Amounts};
use super::Change;
use crate::api::{
    Container, Node, NodeTerm, PodSpec, RestartPolicy, SelectorOperator, Taint, TaintEffect,
    Toleration, VolumeSource,
};
use crate::cluster::{Cluster, PodState};
use crate::ids::{NodeId, PodId};
use std::borrow::Cow;

/// The key of a cordoned node's taint.
const UNSCHEDULABLE_KEY: &str = "node.kubernetes.io/unschedulable";

/// A filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plugin {
    NodeUnschedulable,
    TaintToleration,
    NodeAffinity,
    NodePorts,
    NodeResourcesFit,
    VolumeBinding,
    PodTopologySpread,
    InterPodAffinity,
}

/// Why one node does not fit: the first filter that fails, with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub plugin: Plugin,
    pub reasons: Vec<Cow<'static, str>>,
    /// Whether taking other Pods away could help.
    pub may_preempt: bool,
}

impl Refusal {
    pub fn new(plugin: Plugin, reason: &'static str, may_preempt: bool) -> Self {
        Refusal {
            plugin,
            reasons: vec![Cow::Borrowed(reason)],
            may_preempt,
        }
    }
}

/// Which filters kept a Pod from its nodes, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Rejection(u8);

impl Rejection {
    /// A claim is missing.
    pub fn claim() -> Self {
        Rejection(1 << Plugin::VolumeBinding as u8)
    }

    /// One more refusal.
    pub fn add(&mut self, refusal: &Refusal) {
        self.0 |= 1 << refusal.plugin as u8;
    }

    fn has(self, plugin: Plugin) -> bool {
        self.0 & (1 << plugin as u8) != 0
    }

    /// Whether a change is one that the filters wait for (SCH-06).
    pub fn may_be_helped_by(self, change: Change) -> bool {
        match change {
            // A new node helps against every filter; no node at all is also cured by it.
            Change::Node => !self.has(Plugin::VolumeBinding),
            Change::PodGone => {
                self.has(Plugin::NodePorts)
                    || self.has(Plugin::NodeResourcesFit)
                    || self.may_be_helped_by(Change::PodPlaced)
            }
            Change::PodPlaced => {
                self.has(Plugin::PodTopologySpread) || self.has(Plugin::InterPodAffinity)
            }
            Change::Claim => self.has(Plugin::VolumeBinding),
        }
    }
}

/// A claim that the Pod mounts and that does not exist.
pub fn missing_claim(cluster: &Cluster, pod: PodId) -> Option<&str> {
    let pod = &cluster.pods[pod.index()];
    pod.spec.volumes.iter().find_map(|volume| {
        let VolumeSource::Claim { name } = &volume.source else {
            return None;
        };
        let key = (pod.namespace.to_string(), name.clone());
        let exists = cluster.controllers.store.claims.contains_key(&key);
        (!exists).then_some(name.as_str())
    })
}

/// One look for a place for a Pod.
pub struct Attempt<'a> {
    pub cluster: &'a Cluster,
    pub pod: PodId,
    /// Pods that are thought away.
    pub gone: &'a [PodId],
    /// Whether any Pod of the cluster has wishes about nodes, or says something about other Pods.
    pub is_placed: bool,
    /// Its hard topology spread constraints: the counts are the same whichever node is looked at.
    pub spread: Vec<Counted<'a>>,
}

impl<'a> Attempt<'a> {
    pub fn new(cluster: &'a Cluster, pod: PodId, gone: &'a [PodId], is_placed: bool) -> Self {
        let mut attempt = Attempt {
            cluster,
            pod,
            gone,
            is_placed,
            spread: Vec::new(),
        };
        if is_placed {
            attempt.spread = attempt.hard_spread();
        }
        attempt
    }

    /// Whether the Pod fits a node of which `used` is taken.
    pub fn check(&self, node: NodeId, used: (Amounts, u32)) -> Result<(), Refusal> {
        check(self, node, used)?;
        if self.is_placed {
            self.check_placement(node)?;
        }
        Ok(())
    }
}

fn check(attempt: &Attempt, node: NodeId, used: (Amounts, u32)) -> Result<(), Refusal> {
    let (cluster, pod) = (attempt.cluster, attempt.pod);
    let spec = &cluster.pods[pod.index()].spec;
    let object = &cluster.nodes[node.index()].object;
    if is_pinned_elsewhere(object, spec) {
        let reason = "node(s) didn't satisfy plugin(s) [NodeAffinity]";
        return Err(Refusal::new(Plugin::NodeAffinity, reason, false));
    }
    let cordon = Taint {
        key: UNSCHEDULABLE_KEY.to_owned(),
        value: String::new(),
        effect: TaintEffect::NoSchedule,
    };
    if object.unschedulable && !is_tolerated(spec, &cordon) {
        let reason = "node(s) were unschedulable";
        return Err(Refusal::new(Plugin::NodeUnschedulable, reason, false));
    }
    if is_kept_off(object, spec) {
        let reason = "node(s) had untolerated taint(s)";
        return Err(Refusal::new(Plugin::TaintToleration, reason, false));
    }
    if !is_selected(object, spec) {
        let reason = "node(s) didn't match Pod's node affinity/selector";
        return Err(Refusal::new(Plugin::NodeAffinity, reason, false));
    }
    let others = request::placed(cluster)
        .filter(|(there, id, _)| *there == node && *id != pod && !attempt.gone.contains(id));
    if ports_conflict(spec, others.map(|(_, _, state)| state)) {
        let reason = "node(s) didn't have free ports for the requested pod ports";
        return Err(Refusal::new(Plugin::NodePorts, reason, true));
    }
    let mut found = Shortage::default();
    check_resources(object, spec, used, &mut found);
    if extended::is_asked_for(spec) {
        extended::check(attempt, node, &mut found);
    }
    if found.reasons.is_empty() {
        return Ok(());
    }
    Err(Refusal {
        plugin: Plugin::NodeResourcesFit,
        reasons: found.reasons,
        may_preempt: !found.is_hopeless,
    })
}

/// What a node lacks.
#[derive(Default)]
pub struct Shortage {
    pub reasons: Vec<Cow<'static, str>>,
    /// It lacks it even when it is empty.
    pub is_hopeless: bool,
}

/// Whether a taint that is more than disliked is not tolerated.
pub fn is_kept_off(object: &Node, spec: &PodSpec) -> bool {
    let mut taints = object.taints.iter();
    taints.any(|t| t.effect != TaintEffect::PreferNoSchedule && !is_tolerated(spec, t))
}

/// NodeAffinity: selector and required terms, which are alternatives.
pub fn is_selected(object: &Node, spec: &PodSpec) -> bool {
    let terms = &spec.node_affinity_required;
    // A term that requires nothing fits nowhere.
    let fits = |term: &NodeTerm| !term.is_empty() && term.fits(object);
    crate::api::labels_contain(&object.metadata.labels, &spec.node_selector)
        && (terms.is_empty() || terms.iter().any(fits))
}

/// Whether every term names nodes, and none of them this one: it is not even looked at.
fn is_pinned_elsewhere(object: &Node, spec: &PodSpec) -> bool {
    let terms = &spec.node_affinity_required;
    let names = |term: &NodeTerm| {
        let mut names = term.names.iter();
        names.any(|of| of.operator == SelectorOperator::In)
    };
    let fits = |term: &NodeTerm| term.fits_name(&object.metadata.name);
    !terms.is_empty() && terms.iter().all(names) && !terms.iter().any(fits)
}

/// Whether a DaemonSet with Pods of this spec wants one on a node, and whether one that is there
/// may stay: NoSchedule alone does not send it away (DMN-01).
pub fn admits(cluster: &Cluster, spec: &PodSpec, node: NodeId) -> (bool, bool) {
    let object = &cluster.nodes[node.index()].object;
    if !is_selected(object, spec) {
        return (false, false);
    }
    let mut takes = true;
    let mut keeps = true;
    for taint in object.taints.iter().filter(|t| !is_tolerated(spec, t)) {
        takes &= taint.effect == TaintEffect::PreferNoSchedule;
        keeps &= taint.effect != TaintEffect::NoExecute;
    }
    (takes, keeps)
}

/// Whether a toleration of the Pod covers the taint.
pub fn is_tolerated(spec: &PodSpec, taint: &Taint) -> bool {
    spec.tolerations.iter().any(|t| tolerates(t, taint))
}

/// Whether a toleration covers the taint.
pub fn tolerates(toleration: &Toleration, taint: &Taint) -> bool {
    toleration
        .effect
        .is_none_or(|effect| effect == taint.effect)
        && (if toleration.key.is_empty() {
            toleration.exists
        } else {
            toleration.key == taint.key && (toleration.exists || toleration.value == taint.value)
        })
}

fn long_running(spec: &PodSpec) -> impl Iterator<Item = &Container> {
    let sidecars = spec
        .init_containers
        .iter()
        .filter(|c| c.restart_policy == Some(RestartPolicy::Always));
    sidecars.chain(&spec.containers)
}

/// Whether one of these Pods of a node has one of the host ports that another wants.
pub fn ports_conflict<'a>(spec: &PodSpec, others: impl Iterator<Item = &'a PodState>) -> bool {
    let wanted = || {
        long_running(spec)
            .flat_map(|c| &c.ports)
            .filter(|p| p.host_port != 0)
    };
    if wanted().next().is_none() {
        return false;
    }
    let is_any = |ip: &str| ip.is_empty() || ip == "0.0.0.0";
    let mut others = others;
    others.any(|pod| {
        long_running(&pod.spec)
            .flat_map(|c| &c.ports)
            .filter(|p| p.host_port != 0)
            .any(|have| {
                wanted().any(|want| {
                    want.host_port == have.host_port
                        && want.protocol == have.protocol
                        && (want.host_ip == have.host_ip
                            || is_any(&want.host_ip)
                            || is_any(&have.host_ip))
                })
            })
    })
}

fn check_resources(
    object: &Node,
    spec: &PodSpec,
    (used, count): (Amounts, u32),
    found: &mut Shortage,
) {
    let wanted = request::of_pod(spec);
    let mut lacks = |reason: &'static str, is_hopeless: bool| {
        found.reasons.push(Cow::Borrowed(reason));
        found.is_hopeless |= is_hopeless;
    };
    if count >= object.pods {
        lacks("Too many pods", object.pods == 0);
    }
    let resources = [
        (
            "Insufficient cpu",
            wanted.cpu_milli,
            used.cpu_milli,
            object.cpu_milli,
        ),
        (
            "Insufficient memory",
            wanted.memory_bytes,
            used.memory_bytes,
            object.memory_bytes,
        ),
        (
            "Insufficient ephemeral-storage",
            wanted.ephemeral_bytes,
            used.ephemeral_bytes,
            object.ephemeral_bytes,
        ),
    ];
    for (reason, wanted, used, all) in resources {
        if wanted > 0 && wanted > all.saturating_sub(used) {
            lacks(reason, wanted > all);
        }
    }
}
