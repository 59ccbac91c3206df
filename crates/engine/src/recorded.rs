//! What a recording tells about chance: how long its host took, when its kubelets looked, and which
//! waits its random factors made. A replay for the conformance suites is given it, because a real
//! cluster drew these numbers once and no rule says which (feature `scripted`).

use crate::api::ProbeKind;
use crate::kubelet::Periodic;
use crate::time::{Duration, Instant};
use std::collections::BTreeMap;

/// The draws of a recorded run, as far as it shows them.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// By name of the node.
    pub nodes: BTreeMap<String, NodeDraws>,
    /// By name of the Pod.
    pub pods: BTreeMap<String, PodDraws>,
    /// Node ports by name of the Service, in the order of its ports.
    pub node_ports: BTreeMap<String, Vec<u16>>,
    /// Of a thousand readiness triggers, how many come before the status they are about (PRB-21).
    pub early_triggers: u64,
    /// Whether the changes that one relist tells reach a pod worker before it wakes, and so ask for
    /// one sync (SYN-01); else the first wakes it and the others ask for another.
    pub merges_requests: bool,
    /// Whether a relist on demand comes before a server that has just started listens.
    pub early_relists: bool,
    /// Whether the three are told for each start, as far as it shows them ([`StartDraw`]).
    pub shown_starts: bool,
    /// By order of creation, whether a ReplicaSet counted its first Pods before its Deployment's
    /// status was stored (DEP-12).
    pub late_statuses: Vec<bool>,
    /// By order of creation, whether what a Deployment said of a new ReplicaSet was refused, because
    /// its status was stored just before (DEP-12).
    pub lost_statuses: Vec<bool>,
    /// Services whose first slice was written after the first status of a Pod that it has (EPS-04).
    pub late_slices: Vec<String>,
    /// The names of each ReplicaSet's Pods in the recording, all in order of creation.
    pub owned: Vec<Vec<String>>,
}

impl Recorded {
    /// Whether the recording shows a node's status posted without a change.
    pub fn posts(&self, node: &str) -> bool {
        self.nodes.get(node).is_some_and(|n| n.posted.is_some())
    }
}

/// When a kubelet looked.
#[derive(Clone, Debug, Default)]
pub struct NodeDraws {
    /// Full relists (SYN-04).
    pub relist: Option<Periodic>,
    /// Full relists that are known; the others lie evenly between them. Ascending.
    pub relists: Vec<Instant>,
    /// Looks at the resync queue (SYN-08).
    pub look: Option<Periodic>,
    /// Reports of the node's status that told something (NOD-09). Ascending.
    pub reports: Vec<Instant>,
    /// The report of every five minutes that shows (NOD-01).
    pub posted: Option<Instant>,
    /// Events about it that are older than the run: reason, and how often they had been told (EVT-05).
    pub told: Vec<(String, u32)>,
    /// Since when it was registered, before the run's start.
    pub age_secs: Option<i64>,
}

/// What a Pod's host took, and when it was synced.
#[derive(Clone, Debug, Default)]
pub struct PodDraws {
    /// The node that the scheduler took of those that fitted.
    pub node: Option<String>,
    /// First sync → volumes mounted.
    pub volumes: Option<Duration>,
    /// Volumes mounted → sandbox ready.
    pub sandbox: Option<Duration>,
    /// `Killing` → the signal is there.
    pub signal: Option<Duration>,
    /// Containers stopped → sandbox stopped.
    pub stop_sandbox: Option<Duration>,
    /// The generated name of its token volume, where a text shows it.
    pub token_volume: Option<String>,
    pub starts: Vec<StartDraw>,
    pub pulls: Vec<PullDraw>,
    /// Ascending.
    pub retries: Vec<Retry>,
    /// Probes that ran out of time. Ascending.
    pub late: Vec<LateProbe>,
    /// Resyncs of a Pod without an error (SYN-08). Ascending.
    pub resyncs: Vec<Instant>,
}

/// How long the runtime took for one instance.
#[derive(Clone, Debug)]
pub struct StartDraw {
    pub container: String,
    pub attempt: u32,
    pub create: Duration,
    pub start: Duration,
    /// How long its process ran already when the start was told.
    pub head: Duration,
    /// The second that the runtime stamped on the process's start.
    pub stamp: Option<Instant>,
    /// Whether it is known to have ended by itself when it was stopped, not by SIGKILL (TRM-03).
    pub ends_itself: bool,
    /// Whether the runtime no longer knew the instance before it when this one was seen, so that no
    /// last state is told of (STS-08).
    pub alone: bool,
    /// Whether it was probed before its server listened.
    pub early: bool,
    /// Whether its readiness worker was triggered before it could read that it runs (PRB-21). None:
    /// does not show.
    pub missed: Option<bool>,
    /// How many syncs the relist that told of it led to (SYN-01): one, where what it told and what
    /// the probe workers stored at first came before the pod worker woke; two, where only the latter
    /// came before the sync's end; three, where it did not. None: does not show.
    pub syncs: Option<u8>,
}

impl StartDraw {
    /// When the process began whose start is told now.
    pub fn began(&self, now: Instant) -> Instant {
        now.saturating_sub(self.head)
    }

    /// The same as the runtime stamps it: in the second that is known, if that is near enough.
    pub fn stamped(&self, now: Instant) -> Instant {
        let began = self.began(now);
        let Some(first) = self.stamp else {
            return began;
        };
        let last = first + Duration::from_millis(999);
        let stamped = began.max(first).min(last);
        let moved = stamped.since(began) + began.since(stamped);
        if moved <= STAMPED {
            stamped
        } else {
            began
        }
    }
}

/// What lies, at most, between a process's start and its stamp.
const STAMPED: Duration = Duration::from_millis(100);

/// How long a pull took; others of the node may have come first (SYN-11).
#[derive(Clone, Debug)]
pub struct PullDraw {
    pub container: String,
    pub at: Instant,
    pub takes: Duration,
}

/// A probe that is known to have ended with its time-out.
#[derive(Clone, Debug)]
pub struct LateProbe {
    pub container: String,
    pub kind: ProbeKind,
    pub at: Instant,
}

/// A moment at which a sync is known to have tried to start a container.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    pub at: Instant,
    /// Whether it was allowed.
    pub started: bool,
}

impl PodDraws {
    /// The draw of an instance.
    pub fn start_of(&self, container: &str, attempt: u32) -> Option<&StartDraw> {
        let mut starts = self.starts.iter();
        starts.find(|draw| draw.attempt == attempt && draw.container == container)
    }

    /// The wait of `base` × U[1, 1.5) from `now` that ends at the look which made the next retry that
    /// is known: one at the moment of a look, else one that started something. None: none lies
    /// within those bounds.
    pub fn wait(&self, now: Instant, base: Duration, look: Periodic) -> Option<Duration> {
        let (first, last) = bounds(now, base, look);
        let known = || {
            let retries = self.retries.iter();
            retries.filter(|retry| (first..last).contains(&retry.at))
        };
        let by_look = known().find(|retry| {
            let since = look.at_or_before(retry.at + LOOK_EARLY);
            since.is_some_and(|look| retry.at.since(look) <= LOOK_LATE)
        });
        let started = || known().find(|retry| retry.started);
        let retry = by_look.or_else(started).or_else(|| known().next())?;
        Some(until(retry.at, now, base, look))
    }

    /// The same for a Pod without an error.
    pub fn rest(&self, now: Instant, base: Duration, look: Periodic) -> Option<Duration> {
        let (first, last) = bounds(now, base, look);
        let mut known = self.resyncs.iter();
        let at = known.find(|at| (first..last).contains(at))?;
        Some(until(*at, now, base, look))
    }

    /// Whether an answer was there first that comes just as the time of a probe runs out at `ends`
    /// (HDL-05): the probe a period earlier or later is known to have run out of time, this one is
    /// not.
    pub fn answers_first(
        &self,
        container: &str,
        kind: ProbeKind,
        ends: Instant,
        period: Duration,
    ) -> bool {
        let is_late = |ends: Instant| {
            self.late.iter().any(|late| {
                let apart = late.at.since(ends) + ends.since(late.at);
                late.kind == kind && late.container == container && apart < TICK
            })
        };
        !is_late(ends) && (is_late(ends + period) || is_late(ends.saturating_sub(period)))
    }
}

/// Less than half of any period: probes at most so far apart are the same.
const TICK: Duration = Duration::from_millis(450);
/// A retry shows at most so long before and after the look that made it.
const LOOK_EARLY: Duration = Duration::from_millis(20);
const LOOK_LATE: Duration = Duration::from_millis(60);

/// Between which moments a wait of `base` × U[1, 1.5) ends, the look included.
fn bounds(now: Instant, base: Duration, look: Periodic) -> (Instant, Instant) {
    (now + base, now + base + Duration(base.0 / 2) + look.period)
}

/// The wait after which the look at `at` is the first one: it ends half a look before.
fn until(at: Instant, now: Instant, base: Duration, look: Periodic) -> Duration {
    let due = at.saturating_sub(Duration(look.period.0 / 2));
    let longest = base + Duration(base.0 / 2);
    due.since(now).max(base).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HDL-05: an answer as late as the time-out was first where the probes beside it are known to
    /// have run out of time, and it is not.
    #[test]
    fn an_answer_is_first_where_only_its_neighbours_were_late() {
        let late = |seconds: u64| LateProbe {
            container: "app".to_owned(),
            kind: ProbeKind::Readiness,
            at: Instant::from_millis(seconds * 1_000 + 120),
        };
        let draws = PodDraws {
            late: vec![late(20), late(30)],
            ..PodDraws::default()
        };
        let first = |seconds: u64, kind: ProbeKind| {
            let ends = Instant::from_millis(seconds * 1_000);
            draws.answers_first("app", kind, ends, Duration::from_secs(5))
        };
        let readiness = [10, 15, 20, 25, 30, 35, 40].map(|t| first(t, ProbeKind::Readiness));
        assert_eq!(readiness, [false, true, false, true, false, true, false]);
        assert!(!first(25, ProbeKind::Liveness));
    }
    /// PRB-09: the stamp has the second that is known, unless that is too far away to be a matter of
    /// milliseconds.
    #[test]
    fn a_start_is_stamped_with_the_second_that_is_known() {
        let stamped = |second: u64, now: u64| {
            let draw = StartDraw {
                container: "app".to_owned(),
                attempt: 0,
                create: Duration::ZERO,
                start: Duration::ZERO,
                head: Duration::from_millis(200),
                stamp: Some(Instant::from_millis(second * 1_000)),
                ends_itself: false,
                alone: false,
                early: false,
                missed: None,
                syncs: None,
            };
            draw.stamped(Instant::from_millis(now)).as_millis()
        };
        assert_eq!(stamped(18, 19_150), 18_950);
        assert_eq!(stamped(18, 19_206), 18_999);
        assert_eq!(stamped(19, 19_150), 19_000);
        assert_eq!(stamped(18, 19_400), 19_200);
    }
}
