//! The scheduler: filter, score, bind, one Pod at a time (SCH-*).

mod admission;
mod decision;
#[cfg(test)]
mod decision_tests;
mod extended;
mod filter;
mod fraction;
mod message;
mod placement;
mod preemption;
mod request;
mod score;
#[cfg(test)]
mod score_tests;
mod spread;

use super::{pods, ControllerTimer};
use crate::cluster::{Cluster, Cx};
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{NodeId, PodId, TextId};
use crate::latency;
use crate::record::What;
use crate::rng::{Draws, Purpose};
use crate::status::{Condition, ConditionStatus, ConditionType};
use crate::time::{Duration, Instant};
use crate::timer::Timer;
pub use admission::refusal;
pub use decision::{decision, Decision, Refused};
pub(super) use filter::{admits, tolerates};
use filter::{Attempt, Refusal, Rejection};
pub(super) use preemption::admit as admit_priority;
pub use preemption::priority;
use preemption::Outcome;
use std::sync::Arc;

/// The label that every node has for itself.
const HOSTNAME: &str = "kubernetes.io/hostname";
/// Period of the sweep over Pods that wait for an event (SCH-06).
const SWEEP_PERIOD: Duration = Duration::from_secs(30);
/// A Pod that has waited this long is swept back (SCH-06).
const SWEEP_AFTER: Duration = Duration::from_secs(300);

/// The scheduler's queue.
#[derive(Clone, Debug, Default)]
pub struct Scheduler {
    waiting: Vec<Waiting>,
    sweep_phase: Duration,
    /// A failed attempt is being written down until then; the next Pod waits (SCH-01).
    busy_until: Instant,
}

/// A Pod without a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Waiting {
    pod: PodId,
    /// When it is taken up next.
    due: Instant,
    /// Whether it waits for an event rather than for its turn.
    is_unschedulable: bool,
    rejected_by: Rejection,
    /// How often the Pod's PodScheduled condition was written: stands for its resourceVersion.
    version: u32,
    /// When the scheduler itself sees the latest version.
    version_seen_at: Instant,
    /// `status.nominatedNodeName`: where room is being made for it.
    nominated: Option<NodeId>,
}

/// A change that may make a Pod schedulable (SCH-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Node,
    PodGone,
    /// A Pod got its node.
    PodPlaced,
    Claim,
}

impl Scheduler {
    /// Draws the phase of the sweep.
    pub(super) fn start(&mut self, draws: &mut Draws) {
        self.sweep_phase = draws.part_of(Purpose::Phase, SWEEP_PERIOD);
    }

    /// The first sweep that takes up a Pod which failed at `failed_at`.
    fn sweep_after(&self, failed_at: Instant) -> Instant {
        let earliest = failed_at + SWEEP_AFTER;
        let past = earliest.0.saturating_sub(self.sweep_phase.0);
        Instant(self.sweep_phase.0 + past.div_ceil(SWEEP_PERIOD.0) * SWEEP_PERIOD.0)
    }

    /// Pods for which room is being made, and where.
    pub fn nominated(&self) -> impl Iterator<Item = (PodId, NodeId)> + '_ {
        let waiting = self.waiting.iter();
        waiting.filter_map(|waiting| Some((waiting.pod, waiting.nominated?)))
    }

    /// Where room is being made for a Pod.
    fn nominated_of(&self, pod: PodId) -> Option<NodeId> {
        let mut nominated = self.nominated();
        nominated.find(|(of, _)| *of == pod).map(|(_, node)| node)
    }

    /// Whether a Pod waits for a node.
    pub fn is_waiting(&self, pod: PodId) -> bool {
        self.waiting.iter().any(|waiting| waiting.pod == pod)
    }

    fn find(&mut self, pod: PodId) -> Option<&mut Waiting> {
        self.waiting.iter_mut().find(|waiting| waiting.pod == pod)
    }
}

fn scheduler(cluster: &mut Cluster) -> &mut Scheduler {
    Arc::make_mut(&mut cluster.controllers.scheduler)
}

fn timer(pod: PodId) -> Timer {
    Timer::Controller(ControllerTimer::Schedule(pod))
}

/// Queues a new Pod.
pub(super) fn add(cx: &mut Cx, pod: PodId) {
    let due = cx.now + latency::BIND;
    scheduler(cx.cluster).waiting.push(Waiting {
        pod,
        due,
        is_unschedulable: false,
        rejected_by: Rejection::default(),
        version: 0,
        version_seen_at: Instant::ZERO,
        nominated: None,
    });
    cx.at(due, timer(pod));
}

/// A Pod with scheduling gates is not queued; its condition says so (SCH-08).
pub(super) fn hold(cx: &mut Cx, pod: PodId) {
    let message = cx.intern("Scheduling is blocked due to non-empty scheduling gates");
    let last_transition = cx.now.floor_secs();
    cx.pod_mut(pod).status.conditions[ConditionType::PodScheduled as usize] = Condition {
        status: ConditionStatus::False,
        reason: "SchedulingGated",
        message,
        last_transition,
    };
    cx.record(What::StatusWritten { pod });
}

/// A Pod is gone: it no longer waits.
pub(super) fn forget(cx: &mut Cx, pod: PodId) {
    if cx.cluster.controllers.scheduler.is_waiting(pod) {
        let scheduler = self::scheduler(cx.cluster);
        scheduler.waiting.retain(|w| w.pod != pod);
    }
}

/// Something changed that may help Pods which wait: they are tried again. The scheduler has
/// nothing else to do, so it does not make them wait for their back-off (SCH-06).
pub(super) fn cluster_changed(cx: &mut Cx, change: Change) {
    if cx.cluster.controllers.scheduler.waiting.is_empty() {
        return;
    }
    let due = cx.now + latency::SCHEDULER_SEES;
    let mut again = Vec::new();
    for waiting in &mut scheduler(cx.cluster).waiting {
        if waiting.is_unschedulable && waiting.rejected_by.may_be_helped_by(change) {
            waiting.is_unschedulable = false;
            waiting.due = due;
            again.push(waiting.pod);
        }
    }
    // The most important first, whoever waits longer among equals (SCH-01).
    again.sort_by_key(|pod| -i64::from(priority(&cx.pod(*pod).spec)));
    for pod in again {
        cx.at(due, timer(pod));
    }
}

/// Takes up a Pod: binds it or reports why not.
pub(super) fn attempt(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let scheduler = scheduler(cx.cluster);
    let busy_until = scheduler.busy_until;
    match scheduler.find(pod) {
        Some(waiting) if waiting.due == now && busy_until > now => {
            waiting.due = busy_until;
            return cx.at(busy_until, timer(pod));
        }
        Some(waiting) if waiting.due == now => {}
        _ => return,
    }
    match choose(cx.cluster, pod, now) {
        Ok(best) => {
            // Of equals any, equally often (SCH-07).
            let node = match &best[..] {
                [only] => *only,
                equals => {
                    let drawn = cx.cluster.draws.below(Purpose::Tie, equals.len() as u64);
                    equals[drawn as usize]
                }
            };
            forget(cx, pod);
            pods::place(cx, pod, node);
            events::emit_series(
                cx,
                Emission {
                    source: Source::Scheduler,
                    object: Object::Pod(pod),
                    container: None,
                    event_type: EventType::Normal,
                    reason: "Scheduled",
                    message: Message::Assigned(node),
                },
                0,
            );
        }
        Err(failure) => {
            let text = cx.intern(&failure.text);
            let nominated = failure.chosen.as_ref().map(|(node, _)| *node);
            fail(cx, pod, failure.rejection, text, nominated);
            if let Some((node, victims)) = failure.chosen {
                preemption::evict(cx, pod, node, victims);
            }
        }
    }
}

/// Why a Pod found no node.
struct Failure {
    rejection: Rejection,
    text: String,
    /// Where room is made, and whose is yet to be.
    chosen: Option<(NodeId, Vec<PodId>)>,
}

/// Filters all nodes and gives the best of those that are left: one, or equals.
fn choose(cluster: &Cluster, pod: PodId, now: Instant) -> Result<Vec<NodeId>, Failure> {
    let total = cluster.nodes.iter().filter(|n| n.has_object).count();
    if let Some(claim) = filter::missing_claim(cluster, pod) {
        return Err(Failure {
            rejection: Rejection::claim(),
            text: message::missing_claim(total, claim),
            chosen: None,
        });
    }
    let attempt = Attempt::new(cluster, pod, &[], placement::is_asked_for(cluster));
    let usage = request::usage(cluster);
    let (fitting, refusals) = filtered(&attempt, &usage);
    let nominated = cluster.controllers.scheduler.nominated_of(pod);
    if let Some(node) = nominated.filter(|node| fitting.contains(node)) {
        return Ok(vec![node]);
    }
    if fitting.is_empty() {
        return Err(failure(&attempt, nominated, &refusals));
    }
    #[cfg(feature = "scripted")]
    if let Some(recorded) = recorded_choice(cluster, pod, &fitting) {
        return Ok(vec![recorded]);
    }
    Ok(score::best(&attempt, &fitting, &usage, now))
}

/// The nodes that fit, and why the others do not.
fn filtered(
    attempt: &Attempt,
    usage: &[(request::Amounts, u32)],
) -> (Vec<NodeId>, Vec<(NodeId, Refusal)>) {
    let cluster = attempt.cluster;
    // Room that is being made is taken, but no score counts it.
    let mut taken = usage.to_vec();
    for (node, wanted) in preemption::reserved(cluster, attempt.pod) {
        request::add(&mut taken[node.index()], wanted);
    }
    let mut refusals = Vec::new();
    let mut fitting = Vec::new();
    for (index, used) in taken.into_iter().enumerate() {
        let node = NodeId::at(index);
        if !cluster.nodes[index].has_object {
            continue;
        }
        match attempt.check(node, used) {
            Ok(()) => fitting.push(node),
            Err(refusal) => refusals.push((node, refusal)),
        }
    }
    (fitting, refusals)
}

/// The node that a recording shows, if it fits.
#[cfg(feature = "scripted")]
fn recorded_choice(cluster: &Cluster, pod: PodId, fitting: &[NodeId]) -> Option<NodeId> {
    let wanted = crate::kubelet::node_name(cluster, pod)?;
    let mut fits = fitting.iter().copied();
    fits.find(|node| *cluster.nodes[node.index()].name == *wanted)
}

/// What is said, and whether others will have to go.
fn failure(
    attempt: &Attempt,
    nominated: Option<NodeId>,
    refusals: &[(NodeId, Refusal)],
) -> Failure {
    let mut rejection = Rejection::default();
    let mut reasons = message::Reasons::default();
    for (_, refusal) in refusals {
        rejection.add(refusal);
        reasons.add(refusal);
    }
    let mut text = reasons.items(refusals.len());
    let mut chosen = None;
    if !refusals.is_empty() {
        let mut say = |what: &str| {
            text.push_str(" no new claims to deallocate, preemption: ");
            text.push_str(what);
        };
        match preemption::look(attempt, nominated, refusals) {
            Outcome::Room(node, victims) => chosen = Some((node, victims)),
            Outcome::Waits(why) => {
                say(why);
                chosen = nominated.map(|node| (node, Vec::new()));
            }
            Outcome::Helpless(why) => say(&why),
        }
    }
    Failure {
        rejection,
        text,
        chosen,
    }
}

/// Event and condition of a failed attempt (SCH-04); then the Pod waits (SCH-06).
fn fail(cx: &mut Cx, pod: PodId, rejection: Rejection, text: TextId, nominated: Option<NodeId>) {
    let now = cx.now;
    let scheduled = ConditionType::PodScheduled as usize;
    let old = cx.pod(pod).status.conditions[scheduled];
    let is_patched = old.status != ConditionStatus::False || old.message != text;
    let sweep = cx.cluster.controllers.scheduler.sweep_after(now);
    let Some(waiting) = scheduler(cx.cluster).find(pod) else {
        return;
    };
    // The event names the version that was tried: before the patch, and before an earlier one that
    // has not come back yet (SCH-04).
    let version = waiting.version - u32::from(now < waiting.version_seen_at);
    waiting.version += u32::from(is_patched);
    waiting.is_unschedulable = true;
    waiting.rejected_by = rejection;
    waiting.nominated = nominated;
    waiting.due = sweep;
    if is_patched {
        let written = now + latency::SCHEDULING_FAILED;
        waiting.version_seen_at = written + latency::WATCH;
        scheduler(cx.cluster).busy_until = written;
    }
    cx.at(sweep, timer(pod));
    events::emit_series(
        cx,
        Emission {
            source: Source::Scheduler,
            object: Object::Pod(pod),
            container: None,
            event_type: EventType::Warning,
            reason: "FailedScheduling",
            message: Message::Text(text),
        },
        version,
    );
    if is_patched {
        let last_transition = if old.status == ConditionStatus::False {
            old.last_transition
        } else {
            now.floor_secs()
        };
        cx.pod_mut(pod).status.conditions[scheduled] = Condition {
            status: ConditionStatus::False,
            reason: "Unschedulable",
            message: text,
            last_transition,
        };
        cx.record(What::StatusWritten { pod });
    }
}
