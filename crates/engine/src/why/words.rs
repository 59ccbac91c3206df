//! What a link says: a key with arguments, so that a front end can say it in its language.

use serde::{Deserialize, Serialize};

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $english:literal,)*) => {
        /// What a sentence says. `{0}`, `{1}`… in its English stand for the arguments.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Key {
            $($(#[$doc])* $name,)*
        }

        impl Key {
            /// The English sentence with its gaps.
            pub const fn english(self) -> &'static str {
                match self {
                    $(Key::$name => $english,)*
                }
            }
        }
    };
}

keys! {
    /// Name of the act.
    Acted = "{0}",
    Healed = "{0} ended",
    Applied = "the text was applied",
    DeploymentChanged = "Deployment {0} was synced",
    ReplicaSetChanged = "ReplicaSet {0} was synced",
    NodeChanged = "node {0} changed",
    ServiceChanged = "Service {0} changed",
    PodCreated = "Pod {0} was created",
    PodBound = "Pod {0} was bound to {1}",
    /// Grace in seconds.
    PodDeleting = "Pod {0} is to be deleted, grace {1} s",
    PodRemoved = "Pod {0} was removed",
    PullBegan = "the pull of {0} began",
    /// Container, number of the start.
    FirstStart = "{0} started",
    StartedAgain = "{0} started again, restart {1}",
    /// Kind of probe, run, threshold.
    ProbeFailed = "{0} probe failed, {1} of {2}",
    ProbePassed = "{0} probe passed, {1} of {2}",
    /// Kind of probe, threshold.
    Verdict = "{0} probe reached failureThreshold {1}",
    Recovered = "{0} probe reached successThreshold {1}",
    /// Kind of probe, stored value.
    Stored = "{0} probe result became {1}",
    /// Container, why, grace in seconds.
    StopSignalled = "the kubelet sent the stop signal to {0}: {1}; SIGKILL after {2} s",
    HookBegan = "the preStop hook of {0} began; its time is taken off the grace",
    /// Container, exit code.
    Exited = "{0} ended, exit code {1}",
    /// Container, seconds since the last end.
    BackOff = "the start of {0} was refused by back-off until {1}",
    /// Service.
    EndpointReady = "the Pod became a ready endpoint of {0}",
    EndpointUnready = "the Pod became an unready endpoint of {0}",
    EndpointGone = "the Pod left the endpoints of {0}",
    /// Reason and message of a waiting container.
    WaitsBecause = "{0} waits: {1} {2}",
    HeldByStartup = "{0} is held until its startup probe passes",
    NoReadinessProbe = "{0} has no readiness probe: ready while it runs",
    Unschedulable = "Pod {0} has no node: {1}",
    /// Nodes, filter, reasons.
    NodesRefused = "{0}: refused by {1}, {2}",
    /// How many, which.
    NodesFit = "{0} nodes passed every filter: {1}",
    OneFits = "{0} alone passed every filter, so nothing was scored",
    /// Nodes, sum.
    ScoredHighest = "{0} scored highest: {1}",
    WasDrawn = "{0} was drawn, each of {1} equal nodes being as likely",
    RoomWasMade = "room had been made on {0}, so nothing was scored",
    /// Pods, node.
    MakesRoom = "{0} must go, which makes room on {1}",
    // Answers.
    PlacedBySpec = "{0} is on {1}, which its spec names; the scheduler was not asked",
    PlacedOnly = "{0} is on {1}, the only node that fitted",
    PlacedBest = "{0} is on {1}, which scored highest of {2} nodes",
    /// Pod, node, how many equals, of how many that fitted.
    PlacedDrawn = "{0} is on {1}, drawn from {2} equal nodes of {3} that fitted",
    PlacedWhereRoom = "{0} is on {1}, where room was made for it",
    FitsNowhere = "{0} has no node: none of {1} fits",
    IsWaiting = "{0} waits: {1}",
    IsInBackOff = "{0} is in back-off until {1}",
    RunsFirst = "{0} has been running since {1}, its first start",
    RunsAgain = "{0} has been running since {1}; restarts: {2}",
    IsStopping = "{0} has been stopping since {1}",
    IsInHook = "{0} has been in its preStop hook since {1}; the process has heard nothing yet",
    /// Container, dependency.
    Missed = "{0} ends without {1}, which is down",
    HasEnded = "{0} ended at {1}, exit code {2}",
    WasRestarted = "{0} was restarted at {1}",
    IsReady = "{0} is ready",
    IsNotReady = "{0} is not ready",
    GetsTraffic = "{0} is a ready endpoint of {1}",
    GetsNoTraffic = "{0} gets no new connections from {1}",
}

/// A key with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    pub key: Key,
    pub args: Vec<String>,
}

impl Sentence {
    pub(super) fn new<const N: usize>(key: Key, args: [&str; N]) -> Self {
        Sentence {
            key,
            args: args.iter().map(|arg| (*arg).to_string()).collect(),
        }
    }

    /// The English sentence.
    pub fn english(&self) -> String {
        self.fill(self.key.english())
    }

    /// A template of any language with the arguments filled in.
    pub fn fill(&self, template: &str) -> String {
        let mut out = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let gap = rest
                .as_bytes()
                .get(at + 1)
                .map(|digit| digit.wrapping_sub(b'0'));
            if let Some(arg) = gap.and_then(|index| self.args.get(usize::from(index))) {
                out.push_str(arg);
            }
            rest = rest.get(at + 3..).unwrap_or("");
        }
        out.push_str(rest);
        out.truncate(out.trim_end().len());
        out
    }
}
