//! What a recorded run shows of its draws: how long its host took, when its kubelets looked, and
//! which waits its random factors made ([`readyz_engine::recorded`]).
//!
//! All of it is chance: no rule says at which part of a second a kubelet lists its containers, or
//! how long a busy host needs for a start. A replay that is to do the same must be given the same
//! draws. What a recording shows of them is not always unique, so that there are several guesses;
//! bounds and meaning of each draw are the simulator's, whatever a guess says.

mod first_start;
mod instances;
mod late;
mod order;
mod told;

use super::clocked::{self, Clocked};
use super::first_probes::FirstProbes;
use super::pack::{Pack, Run};
use super::relists;
use instances::Instances;
use readyz_engine::experiment::Setup;
use readyz_engine::kubelet::Periodic;
use readyz_engine::recorded::{NodeDraws, PodDraws, PullDraw, Recorded, StartDraw};
use readyz_engine::time::{Duration, Instant};
use readyz_engine::trace::{Change, ContainerChange, ContainerStateRow, EventRow, Transition};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Guesses beside the replay that is given nothing.
pub const GUESSES: usize = 2 * COARSE;
/// The first so many guesses take all that the recording shows to the millisecond; the others take
/// it that some of this is how long a row or an event was under way.
pub const COARSE: usize = 32;

/// A relist takes this long; the next begins a second after its end (SYN-03). Median of quiet and
/// of busy recordings, milliseconds.
const RELIST_TAKES: [i64; 4] = [3, 8, 6, 12];
/// A Pod is created → its kubelet's first sync, milliseconds.
const SEEN: i64 = 8;
/// A Pod is created → bound, at most, where a node fits; milliseconds.
const BIND: i64 = 20;
/// A sync begins → its status is seen, milliseconds.
const STATUS: i64 = 8;
/// Of a thousand readiness triggers, how many come early, in every other guess (PRB-21).
const EARLY_TRIGGERS: u64 = 400;
/// Of each eight guesses those that take what each start shows: the first four (0) or the others.
const SHOWN: usize = 0;
/// Warnings of a Pod that are certainly told, of 25 (EVT-07).
const TOLD: u32 = 20;
/// A container that ends within this time of its `Killing` event was stopped, milliseconds.
const STOPPED: i64 = 40_000;
const SECOND: i64 = 1_000;
/// The first probe of a start comes within this, milliseconds.
const SOON: i64 = 300;
/// A wait at least this long is a back-off, milliseconds.
const BACK_OFF: i64 = 9_000;

/// Puts the draws of a guess into a setup.
pub fn play(setup: &mut Setup, pack: &Pack, run: &Run, guess: usize) {
    let shift = setup.offset.as_millis() as i64;
    let (guess, fine) = (guess % COARSE, guess < COARSE);
    setup.scenario.seed = guess as u64;
    let seen = Seen::of(pack, run, shift, setup.scenario.start_unix_seconds);
    let mut draws = Recorded {
        early_triggers: if guess.is_multiple_of(2) {
            EARLY_TRIGGERS
        } else {
            0
        },
        merges_requests: guess % 3 == 1,
        early_relists: guess % 4 == 3,
        shown_starts: guess / 4 % 2 == SHOWN,
        late_statuses: seen.sets.iter().map(|set| !set.is_counted_late).collect(),
        lost_statuses: seen.sets.iter().map(SeenSet::is_untold).collect(),
        owned: seen.sets.iter().map(|set| set.pods.clone()).collect(),
        late_slices: seen.late_slices(),
        ..Recorded::default()
    };
    for (name, node) in &seen.nodes {
        draws
            .nodes
            .insert(name.clone(), node.draws(guess / 2, fine));
    }
    for (node, told) in told::of_nodes(run) {
        draws.nodes.entry(node).or_default().told = told;
    }
    for (name, pod) in &seen.pods {
        draws.pods.insert(name.clone(), pod.draws(guess, fine));
    }

    setup.recorded = Arc::new(draws);
}

/// The moments of a run that tell about draws, in milliseconds of the replay.
#[derive(Default)]
struct Seen {
    nodes: BTreeMap<String, SeenNode>,
    pods: BTreeMap<String, SeenPod>,
    /// In order of creation.
    sets: Vec<SeenSet>,
    /// By Service: when its first slice was written, and the Pods that it had first.
    first_slices: BTreeMap<String, (i64, Vec<String>)>,
}

/// A ReplicaSet.
struct SeenSet {
    name: String,
    created: i64,
    pods: Vec<String>,
    /// Whether it has rows of its own; else what owns the Pods is something else.
    is_seen: bool,
    /// Whether its Deployment's status was stored before its first Pod was counted.
    is_counted_late: bool,
    /// Whether its Deployment told how it progresses after it came, and that it was created.
    progress_is_told: bool,
    creation_is_told: bool,
}

#[derive(Default)]
struct SeenNode {
    /// Relists that saw a container's own end.
    relists: Vec<i64>,
    /// Syncs that a relist seems to have made: those after a start's first one.
    second_syncs: Vec<i64>,
    /// Looks at the resync queue: the surest first.
    looks: Vec<i64>,
    /// Starts of which no event tells: a look made most of them.
    untold: Vec<i64>,
    /// Events about a cordon.
    reports: Vec<i64>,
    /// Posted without a change.
    posted: Option<i64>,
    /// Whether a row of it came before.
    is_seen: bool,
}

#[derive(Default)]
struct SeenPod {
    node: String,
    created: i64,
    /// The first status of the kubelet.
    known: Option<i64>,
    /// The first look for an image.
    pulled: Option<i64>,
    /// By container and attempt: when it was pulled, created, started.
    starts: BTreeMap<(String, u32), [Option<i64>; 3]>,
    /// By container: when its image was there, before it was created; the newest attempt.
    looked_for: BTreeMap<String, i64>,
    newest: BTreeMap<String, u32>,
    /// Pulls: container, beginning, end.
    pulls: Vec<(String, i64, Option<i64>)>,
    killed: BTreeMap<String, i64>,
    /// The Pod's end, if its containers were stopped shortly before.
    ended: Option<i64>,
    /// Tries to start something that no look made are left out of those that tell about looks.
    retries: Vec<(i64, bool)>,
    waits: Vec<(i64, bool)>,
    /// When instances were seen to run of whose start no event tells (EVT-07).
    untold: Vec<i64>,
    /// Failures of clocked probes: container, kind, moment, whether by time-out.
    failures: Vec<(String, String, i64, bool)>,
    /// Readiness probes that found no server: container, moment.
    refused: Vec<(String, i64)>,
    /// Warnings so far: so many of them are told (EVT-07).
    warnings: u32,
    first_probes: FirstProbes,
    clocks: Vec<Clocked>,
    /// What rows and logs show of each instance.
    instances: Instances,
    running: BTreeMap<String, u32>,
    token_volume: Option<String>,
}

impl Seen {
    fn of(pack: &Pack, run: &Run, shift: i64, epoch: i64) -> Self {
        let mut seen = Seen::default();
        for row in &run.transitions {
            seen.note(row, row.t.millis + shift);
        }
        let clocks = clocked::of(&pack.manifest);
        for (name, pod) in &mut seen.pods {
            pod.clocks = clocked::of_pod(&clocks, name).to_vec();
            pod.instances.note_logs(name, &run.kubectl, epoch);
        }
        let pods: Vec<&SeenPod> = seen.pods.values().collect();
        for pod in pods {
            let node = seen.nodes.entry(pod.node.clone()).or_default();
            node.looks.extend(pod.looks());
            node.untold
                .extend(pod.untold.iter().map(|at| at - pod.start_takes(0)));
            node.looks = relists::by_support(&node.looks);
            node.second_syncs
                .extend(pod.first_probes.second_syncs(&pod.clocks));
        }
        seen.sets.retain(|set| set.is_seen);
        seen
    }

    fn note(&mut self, row: &Transition, t: i64) {
        match &row.change {
            Change::PodCreated { pod } => {
                let created = SeenPod {
                    created: t,
                    ..SeenPod::default()
                };
                self.pods.insert(pod.clone(), created);
                if let Some((owner, _)) = pod.rsplit_once('-') {
                    self.set(owner, t).pods.push(pod.clone());
                }
            }
            Change::ReplicaSet(row) => {
                self.set(&row.name, t).is_seen = true;
            }
            Change::Endpoints(row) => {
                let slice = self.first_slices.entry(row.service.clone());
                let (_, pods) = slice.or_insert((t, Vec::new()));
                if pods.is_empty() {
                    pods.extend(row.ready.iter().chain(&row.not_ready).cloned());
                }
            }
            Change::Deployment(row) => {
                self.note_created(row);
                if row.updated_replicas == 0 {
                    self.count_late(&row.name, t);
                }
            }
            Change::Node(row) => {
                let node = self.nodes.entry(row.node.clone()).or_default();
                let is_first = !std::mem::replace(&mut node.is_seen, true);
                let is_plain = row.ready == "True" && row.taints.is_empty() && !row.unschedulable;
                node.posted = (is_first && is_plain).then_some(t).or(node.posted);
            }
            Change::PodBound { pod, node } => {
                if let Some(pod) = self.pods.get_mut(pod) {
                    pod.node.clone_from(node);
                    // One that had to wait for its node is seen when it has one.
                    pod.created = pod.created.max(t - BIND);
                }
            }
            Change::Container(row) => self.note_container(row, t),
            Change::PodPhase { pod, to, .. } if to == "Succeeded" || to == "Failed" => {
                if let Some(pod) = self.pods.get_mut(pod) {
                    pod.ended = pod.killed.values().max().map(|at| t - at);
                }
            }
            Change::Event(row) => {
                let pod = row.object.strip_prefix("pod/");
                if let Some(pod) = pod.and_then(|name| self.pods.get_mut(name)) {
                    pod.note_event(row, t);
                }
                let node = row.object.strip_prefix("node/");
                if let Some(node) = node.filter(|_| row.reason.ends_with("Schedulable")) {
                    let node = self.nodes.entry(node.to_owned()).or_default();
                    node.reports.push(t - STATUS / 2);
                }
            }
            _ => {}
        }
    }

    fn note_container(&mut self, row: &ContainerChange, t: i64) {
        let Some(pod) = self.pods.get_mut(&row.pod) else {
            return;
        };
        pod.known.get_or_insert(t);
        let name = &row.container;
        pod.instances.note(row);
        pod.note_untold_start(row, t);
        match &row.state {
            ContainerStateRow::Running { .. } => {
                pod.running.insert(name.clone(), row.restart_count);
                pod.first_probes
                    .note_running(name, row.restart_count, t, row.ready);
            }
            ContainerStateRow::Terminated { .. } => {
                let ran = pod.running.remove(name) == Some(row.restart_count);
                let stopped = pod.killed.get(name).is_some_and(|at| t - at < STOPPED);
                if ran && !stopped {
                    let node = self.nodes.entry(pod.node.clone()).or_default();
                    node.relists.push(t - STATUS);
                }
            }
            ContainerStateRow::Waiting { .. } => {}
        }
    }
}

impl SeenNode {
    fn draws(&self, guess: usize, fine: bool) -> NodeDraws {
        let (relists, looks) = (self.relists.len().max(1), self.looks.len().max(1));
        let untold = self.untold.get(guess % self.untold.len().max(1));
        let untold = untold.filter(|_| fine);
        let look = self.looks.get(guess % looks.min(4)).or(untold);
        let known = match guess / 4 % 2 {
            SHOWN => relists::fitting(&self.relists, &self.second_syncs),
            _ => Vec::new(),
        };
        NodeDraws {
            relist: self.relists.get(guess % relists).map(|at| {
                let takes = RELIST_TAKES[guess / relists % RELIST_TAKES.len()];
                periodic(*at, 1_000 + takes)
            }),
            reports: self.reports.iter().map(|at| instant(*at)).collect(),
            relists: known.into_iter().map(instant).collect(),
            posted: self.posted.map(instant),
            told: Vec::new(),
            age_secs: None,
            look: look.map(|at| periodic(at - 3, 1_000)),
        }
    }
}

fn instant(millis: i64) -> Instant {
    Instant::from_millis(millis.max(0) as u64)
}

/// Work that is done at that moment, and every so often.
fn periodic(at: i64, period: i64) -> Periodic {
    Periodic {
        phase: Duration::from_millis(at.rem_euclid(period) as u64),
        period: Duration::from_millis(period as u64),
    }
}

impl SeenPod {
    fn note_event(&mut self, row: &EventRow, t: i64) {
        let path = row.field_path.as_deref().unwrap_or_default();
        let name = path.split(['{', '}']).nth(1).unwrap_or_default();
        let stage = match row.reason.as_str() {
            "Pulled" => 0,
            "Created" => 1,
            "Started" => 2,
            "Killing" => {
                self.killed.insert(name.to_owned(), t);
                return;
            }
            "Unhealthy" => {
                let is_readiness = row.message.starts_with("Readiness");
                let kind = row.message.split(' ').next().unwrap_or_default();
                let late = ["deadline exceeded", "timed out", "i/o timeout"]
                    .iter()
                    .any(|text| row.message.contains(text));
                let failure = (name.to_owned(), kind.to_owned(), t, late);
                self.failures.push(failure);
                self.warnings += 1;
                if is_readiness && self.warnings < TOLD {
                    self.first_probes.note_failure(name, t, late);
                }
                if is_readiness && row.message.contains("connection refused") {
                    self.refused.push((name.to_owned(), t));
                }
                return;
            }
            "BackOff" | "Failed" | "InspectFailed" | "ErrImageNeverPull" => {
                if row.message.starts_with("Failed to pull image") {
                    self.end_pull(name, t);
                }
                self.note_retry(name, t, false);
                return;
            }
            "Pulling" => {
                self.pulled.get_or_insert(t);
                self.note_retry(name, t, true);
                self.pulls.push((name.to_owned(), t, None));
                return;
            }
            "FailedMount" => {
                let mut words = row.message.split('"');
                self.token_volume = words
                    .find(|word| word.starts_with("kube-api-access-"))
                    .map(str::to_owned);
                return;
            }
            _ => return,
        };
        if stage == 0 {
            self.pulled.get_or_insert(t);
            self.end_pull(name, t);
            self.note_retry(name, t, true);
        }
        let start = match stage {
            0 => {
                self.looked_for.insert(name.to_owned(), t);
                return;
            }
            // Each is told at most once for an instance, and counted even where it is not told.
            1 => {
                let attempt = row.count.unwrap_or(1).max(1) - 1;
                self.newest.insert(name.to_owned(), attempt);
                let start = self.starts.entry((name.to_owned(), attempt)).or_default();
                start[0] = self.looked_for.remove(name);
                start
            }
            _ => {
                let attempt = self.newest.get(name).copied().unwrap_or(0);
                self.starts.entry((name.to_owned(), attempt)).or_default()
            }
        };
        start[stage].get_or_insert(t);
    }

    fn end_pull(&mut self, name: &str, t: i64) {
        let pull = self.pulls.iter_mut().rfind(|pull| pull.0 == name);
        if let Some((_, _, end @ None)) = pull {
            *end = Some(t);
        }
    }

    fn note_retry(&mut self, name: &str, t: i64, started: bool) {
        let before = self.retries.last().map_or(i64::MIN, |(at, _)| *at);
        self.retries.push((t, started));
        // What follows a kill needs no look.
        if self.killed.get(name).is_none_or(|at| *at < before) {
            self.waits.push((t, started));
        }
    }

    /// Restarts after a back-off, then refused ones: looks at the resync queue made them.
    fn looks(&self) -> Vec<i64> {
        let waited = |started: bool| {
            self.waits.iter().filter_map(move |(at, was_started)| {
                let before = self.retries.iter().rev().find(|(t, _)| t < at)?.0;
                (*was_started == started && at - before >= BACK_OFF).then_some(*at)
            })
        };
        waited(true).chain(waited(false)).collect()
    }

    fn draws(&self, guess: usize, fine: bool) -> PodDraws {
        let (volumes, sandbox) = self.first_start(guess);
        let (signal, stop_sandbox) = self.stop(guess, fine);
        let millis = |millis: i64| Duration::from_millis(millis.max(1) as u64);
        let mut starts = Vec::new();
        for ((name, attempt), shown) in &self.starts {
            if let [Some(pulled), Some(created), Some(started)] = *shown {
                let first = self.first_probes.of(&self.clocks, name, *attempt);
                let early = self.refused.iter().any(|(container, t)| {
                    let since = t - started;
                    container == name && (0..SOON).contains(&since)
                });
                starts.push(StartDraw {
                    missed: first.missed,
                    syncs: first.syncs,
                    head: match early || !fine {
                        true => Duration::ZERO,
                        false => self.instances.head(name, started - created, started, guess),
                    },
                    stamp: self.instances.stamp(name, *attempt).filter(|_| fine),
                    ends_itself: fine && self.instances.ends_itself(name, *attempt),
                    alone: self.instances.is_alone(name, *attempt),
                    container: name.clone(),
                    attempt: *attempt,
                    create: millis(created - pulled),
                    start: millis(started - created),
                    early,
                });
            }
        }
        let pulls = self.pulls.iter().filter_map(|(name, at, end)| {
            Some(PullDraw {
                container: name.clone(),
                at: instant(*at),
                takes: millis((*end)? - at),
            })
        });
        let resyncs = self.first_probes.resyncs(&self.clocks);
        PodDraws {
            resyncs: resyncs.into_iter().map(instant).collect(),
            node: ((guess / 8).is_multiple_of(2) && !self.node.is_empty())
                .then(|| self.node.clone()),
            volumes: volumes.map(millis),
            sandbox: sandbox.map(millis),
            signal,
            stop_sandbox,
            token_volume: self.token_volume.clone(),
            late: self.late_probes(),
            starts,
            pulls: pulls.collect(),
            retries: self.all_retries(guess, fine),
        }
    }
}
