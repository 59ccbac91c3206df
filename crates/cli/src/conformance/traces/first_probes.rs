//! What a recording shows of the first readiness probes of each start (PRB-20, PRB-21): whether the
//! one that the first status triggers came to nothing, and whether another sync followed.

use super::clocked::{self, Clocked};
use std::collections::BTreeMap;

/// A probe that the first status triggered is told within this, milliseconds: nothing else comes so
/// early (the next relist makes the next one).
const PROMPT: i64 = 300;
/// Two syncs of one relist's changes lie at most this far apart, milliseconds (SYN-03).
const RELIST: i64 = 1_200;
/// An event of a probe comes so long after it, at most, milliseconds.
const TOLD_LATE: i64 = 60;
/// A sync asks for a resync after at least this, milliseconds (SYN-08).
const RESYNC: i64 = 60_000;
/// From a relist to the event of a probe that it led to, milliseconds.
const RELIST_TO_PROBE: i64 = 6;

/// The readiness probes of one Pod.
#[derive(Default)]
pub struct FirstProbes {
    containers: BTreeMap<String, Vec<Instance>>,
}

/// An instance of a container, as far as its readiness probes show.
struct Instance {
    attempt: u32,
    /// When it was seen to run.
    running: i64,
    ready: Option<i64>,
    /// When each failing probe ended, and whether it timed out.
    failures: Vec<(i64, bool)>,
}

/// What shows of a start.
#[derive(Default)]
pub struct First {
    /// The first trigger came to nothing.
    pub missed: Option<bool>,
    /// How many syncs followed one another at the pace of relists, up to three.
    pub syncs: Option<u8>,
}

impl FirstProbes {
    /// A row says that an instance runs.
    pub fn note_running(&mut self, container: &str, attempt: u32, t: i64, ready: bool) {
        let instances = self.containers.entry(container.to_owned()).or_default();
        if instances.last().is_none_or(|last| last.attempt != attempt) {
            // A probe may be told before the status that it is about.
            let early = instances.last_mut().map(|last| {
                let first = last.failures.partition_point(|(at, _)| *at < t - TOLD_LATE);
                last.failures.split_off(first)
            });
            instances.push(Instance {
                attempt,
                running: t,
                ready: None,
                failures: early.unwrap_or_default(),
            });
        }
        if let Some(last) = instances.last_mut() {
            last.ready = last.ready.or(ready.then_some(t));
        }
    }

    /// An event says that a readiness probe failed.
    pub fn note_failure(&mut self, container: &str, t: i64, late: bool) {
        let instances = self.containers.entry(container.to_owned()).or_default();
        if instances.is_empty() {
            instances.push(Instance {
                attempt: u32::MAX,
                running: i64::MIN / 4,
                ready: None,
                failures: Vec::new(),
            });
        }
        if let Some(last) = instances.last_mut() {
            last.failures.push((t, late));
        }
    }

    /// What shows of a start.
    pub fn of(&self, clocks: &[Clocked], container: &str, attempt: u32) -> First {
        let clock = clocked::find(clocks, container, "Readiness");
        let instances = self.containers.get(container).into_iter().flatten();
        let instance = instances.into_iter().find(|one| one.attempt == attempt);
        let (Some(clock), Some(instance)) = (clock, instance) else {
            return First::default();
        };
        // With a delay or behind a startup probe, or where one success is not enough, it does not
        // show when the first probe came.
        if clock.is_gated || clock.delay > 0 || clock.success_threshold > 1 {
            return First::default();
        }
        let probes = instance.probes(clock);
        let Some(first) = probes.first() else {
            return First::default();
        };
        let missed = *first > instance.running + PROMPT;
        First {
            missed: Some(missed),
            syncs: instance.syncs(clock, &probes, missed),
        }
    }

    /// Relists that seem to have made the second sync of a start.
    pub fn second_syncs(&self, clocks: &[Clocked]) -> Vec<i64> {
        let mut found = Vec::new();
        for (name, instances) in &self.containers {
            let clock = clocked::find(clocks, name, "Readiness");
            let Some(clock) = clock.filter(|clock| clock.period > RELIST) else {
                continue;
            };
            for instance in instances {
                let shown = self.of(clocks, name, instance.attempt);
                let probes = instance.probes(clock);
                let (Some(2..), Some(missed)) = (shown.syncs, shown.missed) else {
                    continue;
                };
                let second = probes.get(usize::from(!missed));
                found.extend(second.map(|at| at - RELIST_TO_PROBE));
            }
        }
        found
    }

    /// Resyncs of a Pod that is not ready: probes that no tick explains (PRB-20), a minute or more
    /// after the Pod began to run.
    pub fn resyncs(&self, clocks: &[Clocked]) -> Vec<i64> {
        let mut found = Vec::new();
        for (name, instances) in &self.containers {
            let Some(clock) = clocked::find(clocks, name, "Readiness") else {
                continue;
            };
            for instance in instances {
                let probes = instance.probes(clock);
                let pairs = probes.iter().zip(probes.iter().skip(1));
                found.extend(pairs.filter_map(|(before, at)| {
                    let since = at - before;
                    let is_tick = since + TOLD_LATE >= clock.period;
                    (!is_tick && at - instance.running >= RESYNC).then_some(at - RELIST_TO_PROBE)
                }));
            }
        }
        found.sort_unstable();
        found
    }
}

impl Instance {
    /// How many syncs followed one another, as far as failing probes show them.
    fn syncs(&self, clock: &Clocked, probes: &[i64], missed: bool) -> Option<u8> {
        // A probe every second hides what a sync does.
        if clock.period <= RELIST {
            return None;
        }
        let mut before = self.running;
        let mut syncs = 1;
        for at in probes.iter().skip(usize::from(!missed)) {
            if at - before > RELIST || syncs == 3 {
                return Some(syncs);
            }
            (before, syncs) = (*at, syncs + 1);
            if self.ready == Some(*at) {
                // Success ends the triggers.
                return Some(syncs);
            }
        }
        // Nothing more shows: one that is ready asks no more, and one that is not may have ended.
        (syncs > 1).then_some(syncs)
    }

    /// When its probes began that failed, and the first one that passed.
    fn probes(&self, clock: &Clocked) -> Vec<i64> {
        let failures = self.failures.iter();
        let mut probes: Vec<i64> = failures
            .map(|(t, late)| if *late { t - clock.timeout } else { *t })
            .chain(self.ready)
            .collect();
        probes.sort_unstable();
        probes
    }
}
