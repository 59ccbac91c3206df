//! PodDisruptionBudgets (NOD-09): what they allow, and evictions that wait for it.
//!
//! Nothing here but `evict` runs unless there is a budget. What is allowed follows from the Pods as
//! they are; `budgets` writes it into the status.

use super::apply::{namespace_of, ApplyOutcome};
use super::state::Controllers;
use super::{budgets, delete_pod, pods, ApiError, ControllerTimer};
use crate::api::{Amount, DisruptionBudget, WorkloadKind};
use crate::cluster::{Cluster, Cx, Owner, PodState};
use crate::ids::{DeploymentId, PodId, ReplicaSetId, TextId, WorkloadId};
use crate::status::Phase;
use crate::time::{Duration, Instant};
use crate::timer::Timer;
use std::sync::Arc;

/// How long `kubectl drain` waits before it asks again.
const RETRY: Duration = Duration::from_secs(5);

/// A PodDisruptionBudget of the API server.
#[derive(Clone, Debug)]
pub struct BudgetState {
    pub object: DisruptionBudget,
    pub created_at: Instant,
    pub generation: u32,
    /// `namespace/name`.
    pub id: TextId,
    /// As the controller wrote it last.
    pub status: BudgetStatus,
    /// `status.observedGeneration`; 0: none yet.
    pub observed_generation: u32,
    pub condition: Option<BudgetCondition>,
    /// Whether the controller is about to look.
    pub is_queued: bool,
}

/// Condition `DisruptionAllowed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetCondition {
    pub is_true: bool,
    pub reason: &'static str,
    pub message: TextId,
    pub observed_generation: u32,
    pub last_transition: Instant,
}

/// `status` of a PodDisruptionBudget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct BudgetStatus {
    /// `expectedPods`.
    pub expected: u32,
    /// `currentHealthy`.
    pub healthy: u32,
    /// `desiredHealthy`.
    pub desired: u32,
    /// `disruptionsAllowed`.
    pub allowed: u32,
}

/// An eviction that was refused and is asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eviction {
    pod: PodId,
    grace: Option<u32>,
    /// When whoever asks gives up.
    until: Instant,
}

/// Why the eviction API keeps a Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Asking again later may help.
    Budget,
    /// More than one budget selects it.
    Several,
}

impl Kept {
    /// What the API server answers.
    pub const fn text(self) -> &'static str {
        match self {
            Kept::Budget => "Cannot evict pod as it would violate the pod's disruption budget.",
            Kept::Several => {
                "This pod has more than one PodDisruptionBudget, which the eviction subresource \
                 does not support."
            }
        }
    }
}

/// Applies or creates a budget.
#[inline(never)]
pub(super) fn put(
    cx: &mut Cx,
    object: &DisruptionBudget,
    may_exist: bool,
) -> Result<ApplyOutcome, ApiError> {
    let key = (
        namespace_of(cx, &object.metadata)?,
        object.metadata.name.clone(),
    );
    let now = cx.now;
    let id = cx.intern(&[&key.0, "/", &*key.1].concat());
    let budgets = &mut Arc::make_mut(&mut cx.cluster.controllers.store).budgets;
    let Some(have) = budgets.get_mut(&key) else {
        let state = BudgetState {
            object: object.clone(),
            created_at: now,
            generation: 1,
            id,
            status: BudgetStatus::default(),
            observed_generation: 0,
            condition: None,
            is_queued: false,
        };
        budgets.insert(key.clone(), state);
        budgets::queue(cx, &key);
        return Ok(ApplyOutcome::Created);
    };
    if !may_exist {
        let resource = "poddisruptionbudgets.policy";
        return Err(ApiError::already_exists(resource, &key.1));
    }
    if have.object == *object {
        return Ok(ApplyOutcome::Unchanged);
    }
    let metadata = have.object.metadata.clone();
    let spec = DisruptionBudget {
        metadata,
        ..object.clone()
    };
    have.generation += u32::from(spec != have.object);
    have.object = object.clone();
    budgets::queue(cx, &key);
    Ok(ApplyOutcome::Configured)
}

/// What a budget of a namespace allows now.
pub fn budget_status(
    cluster: &Cluster,
    namespace: &str,
    budget: &DisruptionBudget,
) -> BudgetStatus {
    reckon(cluster, namespace, budget).status
}

/// What comes of counting a budget's Pods.
pub(super) struct Reckoned {
    pub status: BudgetStatus,
    pub has_pods: bool,
    /// Pods without a controller were met where its replicas count.
    pub has_unmanaged: bool,
    /// The resource of a controller that has no replicas, where they count: nothing is allowed.
    pub unscaled: Option<&'static str>,
}

/// Counts a budget's Pods, and how many their controllers want.
#[inline(never)]
pub(super) fn reckon(cluster: &Cluster, namespace: &str, budget: &DisruptionBudget) -> Reckoned {
    let state = |pod: &PodId| &*cluster.pods[pod.index()];
    let is_meant = |pod: &PodState| *pod.namespace == *namespace && budget.selects(&pod.labels);
    let pods: Vec<PodId> = cluster
        .live_pods()
        .filter(|pod| is_meant(state(pod)))
        .collect();
    let is_healthy = |pod: &&PodId| state(pod).deletion.is_none() && state(pod).status.is_ready();
    let healthy = pods.iter().filter(is_healthy).count() as u32;
    let mut has_unmanaged = false;
    let mut unscaled = None;
    let mut scale = || match expected_scale(cluster, &pods) {
        Ok((scale, has)) => {
            has_unmanaged = has;
            scale
        }
        Err(resource) => {
            unscaled = Some(resource);
            0
        }
    };
    let (expected, desired) = match (budget.max_unavailable, budget.min_available) {
        (Some(most), _) => {
            let scale = scale();
            (scale, scale.saturating_sub(most.of(scale)))
        }
        (None, Some(Amount::Count(least))) => (pods.len() as u32, least),
        (None, Some(least)) => {
            let scale = scale();
            (scale, least.of(scale))
        }
        (None, None) => (0, 0),
    };
    let allowed = match expected {
        0 => 0,
        _ => healthy.saturating_sub(desired),
    };
    let status = BudgetStatus {
        expected,
        healthy,
        desired,
        allowed,
    };
    Reckoned {
        status,
        has_pods: !pods.is_empty(),
        has_unmanaged,
        unscaled,
    }
}

/// How many Pods the controllers of these want, and whether some have none. Err: the resource of a
/// controller without a number of replicas, so that only a plain `minAvailable` can be met.
fn expected_scale(cluster: &Cluster, pods: &[PodId]) -> Result<(u32, bool), &'static str> {
    #[derive(PartialEq, Eq)]
    enum Scaled {
        Deployment(DeploymentId),
        ReplicaSet(ReplicaSetId),
        Workload(WorkloadId),
    }
    let controllers: &Controllers = &cluster.controllers;
    let mut known = Vec::new();
    let mut sum = 0;
    let mut has_unmanaged = false;
    for pod in pods {
        let scaled = match cluster.pods[pod.index()].owner {
            Owner::None => {
                has_unmanaged = true;
                continue;
            }
            Owner::ReplicaSet(id) => match controllers.replica_set(id).deployment {
                Some(deployment) => Scaled::Deployment(deployment),
                None => Scaled::ReplicaSet(id),
            },
            Owner::Workload(id) => Scaled::Workload(id),
        };
        if known.contains(&scaled) {
            continue;
        }
        sum += match scaled {
            Scaled::Deployment(id) => controllers.deployment(id).object.replicas,
            Scaled::ReplicaSet(id) => controllers.replica_set(id).object.replicas,
            Scaled::Workload(id) => match controllers.workloads[id.index()].object.kind {
                WorkloadKind::StatefulSet { replicas, .. } => replicas,
                kind => return Err(kind.resource()),
            },
        };
        known.push(scaled);
    }
    Ok((sum, has_unmanaged))
}

/// What the eviction API says of a Pod: None if it may go. Pods that are not running yet, have
/// ended or are going are not asked about.
fn kept(cluster: &Cluster, pod: PodId) -> Option<Kept> {
    let state = &cluster.pods[pod.index()];
    if state.deletion.is_some() || state.status.phase != Phase::Running {
        return None;
    }
    let budgets = cluster.controllers.store.budgets.iter();
    let mut budgets = budgets.filter(|((namespace, _), budget)| {
        **namespace == *state.namespace && budget.object.selects(&state.labels)
    });
    let (_, budget) = budgets.next()?;
    if budgets.next().is_some() {
        return Some(Kept::Several);
    }
    let status = budget_status(cluster, &state.namespace, &budget.object);
    let is_met = status.desired > 0 && status.healthy >= status.desired;
    let is_free = !state.status.is_ready() && (budget.object.spares_only_ready || is_met);
    (!is_free && status.allowed == 0).then_some(Kept::Budget)
}

/// The eviction API: the Pod is told to go, unless a budget keeps it.
pub(super) fn evict(cx: &mut Cx, pod: PodId, grace: Option<u32>) -> Result<(), Kept> {
    let has_budgets = !cx.cluster.controllers.store.budgets.is_empty();
    if let Some(kept) = has_budgets.then(|| kept(cx.cluster, pod)).flatten() {
        return Err(kept);
    }
    let message = "Eviction API: evicting";
    pods::mark_disrupted(cx, pod, "EvictionByEvictionAPI", message, false);
    delete_pod(cx, pod, grace);
    Ok(())
}

/// `kubectl drain` asks for an eviction again in 5 s, until it gives up. Where another drain asks for
/// the Pod already, that goes on as long as either would.
#[inline(never)]
pub(super) fn ask_again(cx: &mut Cx, pod: PodId, grace: Option<u32>, until: Instant) {
    if cx.now + RETRY >= until {
        return;
    }
    let evictions = &mut Arc::make_mut(&mut cx.cluster.controllers.store).evictions;
    if let Some(known) = evictions.iter_mut().find(|known| known.pod == pod) {
        known.until = known.until.max(until);
        return;
    }
    evictions.push(Eviction { pod, grace, until });
    let timer = Timer::Controller(ControllerTimer::RetryEviction(pod));
    cx.after(RETRY, timer);
}

/// The next request for an eviction that was refused.
#[inline(never)]
pub(super) fn retry(cx: &mut Cx, pod: PodId) {
    let evictions = &mut Arc::make_mut(&mut cx.cluster.controllers.store).evictions;
    let place = evictions.iter().position(|known| known.pod == pod);
    let Some(Eviction { grace, until, .. }) = place.map(|place| evictions.remove(place)) else {
        return;
    };
    let state = cx.pod(pod);
    if state.removed_at.is_none()
        && state.deletion.is_none()
        && evict(cx, pod, grace) == Err(Kept::Budget)
    {
        ask_again(cx, pod, grace, until);
    }
}

/// Which of these Pods could not go, one after the other, without breaking a budget (SCH-03). An
/// empty selector means nobody here.
#[inline(never)]
pub(super) fn violating(cluster: &Cluster, pods: &[PodId]) -> Vec<PodId> {
    let mut budgets: Vec<(&str, &DisruptionBudget, u32)> = Vec::new();
    for ((namespace, _), budget) in &cluster.controllers.store.budgets {
        if budget.object.selector == Some(Default::default()) {
            continue;
        }
        let allowed = budget_status(cluster, namespace, &budget.object).allowed;
        budgets.push((namespace, &budget.object, allowed));
    }
    let mut violating = Vec::new();
    for pod in pods {
        let state = &cluster.pods[pod.index()];
        let mut is_violated = false;
        for (namespace, budget, allowed) in &mut budgets {
            if **namespace == *state.namespace && budget.selects(&state.labels) {
                is_violated |= *allowed == 0;
                *allowed = allowed.saturating_sub(1);
            }
        }
        if is_violated {
            violating.push(*pod);
        }
    }
    violating
}
