//! Carries a cluster through time.

use crate::cluster::{Cluster, Cx};
use crate::ids::RecordId;
use crate::input::{self, TimedInput};
use crate::manifest::PODS_MAX;
use crate::record::{Log, Record, What};
use crate::step::step;
use crate::time::Instant;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Bounds of a run (product.md §8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Timers fired.
    pub timers_max: u64,
    /// Timers fired without time going on: a loop that would never end.
    pub timers_at_one_instant_max: u64,
    /// Pods that exist together.
    pub pods_max: u32,
}

/// Which limit a run has met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// So many timers have fired.
    Timers(u64),
    /// There are more Pods than these.
    Pods(u32),
    /// Something goes on for ever without time passing.
    Endless,
}

/// A limit that ended a run early, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub at: Instant,
    pub limit: Limit,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "the run stopped at {} s: ", self.at.as_secs())?;
        match self.limit {
            Limit::Timers(max) => write!(f, "{max} timers have fired, which is the limit"),
            Limit::Pods(max) => write!(f, "there are more than {max} Pods, which is the limit"),
            Limit::Endless => f.write_str("something goes on for ever without time passing"),
        }
    }
}

/// Pods are counted whenever so many timers have fired: counting takes as long as there are Pods.
const COUNT_EVERY: u64 = 16;

impl Default for Limits {
    fn default() -> Self {
        Limits {
            timers_max: 100_000_000,
            timers_at_one_instant_max: 2_000_000,
            pods_max: PODS_MAX,
        }
    }
}

/// A cluster on its way through a run.
#[derive(Clone, Debug)]
pub struct Runner {
    cluster: Cluster,
    log: Log,
    /// The inputs before this one have been given.
    next_input: u32,
    reached: Instant,
    timers: u64,
    timers_at_reached: u64,
}

impl Runner {
    /// At 0:00, before any input.
    pub fn new(cluster: Cluster) -> Self {
        Runner {
            cluster,
            log: Log::default(),
            next_input: 0,
            reached: Instant::ZERO,
            timers: 0,
            timers_at_reached: 0,
        }
    }

    /// Does one thing: gives the next input or fires the next timer, whichever is earlier; at equal
    /// instants the input. Returns whether there was anything to do until and including `until`.
    #[inline]
    pub fn run_one(&mut self, inputs: &[TimedInput], until: Instant) -> bool {
        let input_at = inputs.get(self.next_input as usize).map(|input| input.at);
        let timer_at = self.cluster.queue.next_at();
        if let Some(input_at) = input_at.filter(|at| timer_at.is_none_or(|timer| *at <= timer)) {
            if input_at > until {
                return false;
            }
            self.give_input(inputs);
            return true;
        }
        let Some(queued) = self.cluster.queue.pop_until(until) else {
            return false;
        };
        self.reach(queued.at);
        self.timers += 1;
        self.timers_at_reached += 1;
        step(&mut self.cluster, &mut self.log, queued);
        true
    }

    /// When the next input or timer is due.
    pub fn next_at(&mut self, inputs: &[TimedInput]) -> Option<Instant> {
        let input_at = inputs.get(self.next_input as usize).map(|input| input.at);
        match (input_at, self.cluster.queue.next_at()) {
            (Some(input), Some(timer)) => Some(input.min(timer)),
            (input, timer) => input.or(timer),
        }
    }

    /// Runs through everything until and including `until`, or until `timers` have fired in all.
    /// Returns whether there is more to do.
    pub fn run_some(
        &mut self,
        inputs: &[TimedInput],
        until: Instant,
        limits: &Limits,
        timers: u64,
    ) -> bool {
        let timers = timers.min(limits.timers_max);
        while self.run_one(inputs, until) {
            let counts = self.timers.is_multiple_of(COUNT_EVERY);
            if self.timers >= timers
                || self.timers_at_reached > limits.timers_at_one_instant_max
                || (counts && self.is_overcrowded(limits))
            {
                return self.limit_reached(limits).is_none();
            }
        }
        self.reached = self.reached.max(until);
        false
    }

    fn is_overcrowded(&self, limits: &Limits) -> bool {
        let max = limits.pods_max as usize;
        self.cluster.pods.len() > max && self.cluster.live_pods().count() > max
    }

    fn reach(&mut self, at: Instant) {
        if at > self.reached {
            self.reached = at;
            self.timers_at_reached = 0;
        }
    }

    #[inline(never)]
    fn give_input(&mut self, inputs: &[TimedInput]) {
        let index = self.next_input;
        let timed = &inputs[index as usize];
        self.next_input += 1;
        self.reach(timed.at);
        let mut cx = Cx {
            now: timed.at,
            cause: RecordId::NONE,
            cluster: &mut self.cluster,
            log: &mut self.log,
        };
        cx.record_as_cause(What::Input { input: timed.id });
        input::give(&mut cx, timed);
    }

    /// How far the run has come: everything before this moment has happened, and what has happened
    /// of the moment itself is in the state.
    pub const fn reached(&self) -> Instant {
        self.reached
    }

    /// How many timers have fired.
    pub const fn timers(&self) -> u64 {
        self.timers
    }

    /// How many records there are.
    pub const fn position(&self) -> u32 {
        self.log.position()
    }

    /// Takes the records made since the last call.
    pub fn take_records(&mut self) -> Vec<Record> {
        self.log.take()
    }

    /// The same into a list that is used again and again; what it held is dropped.
    pub fn swap_records(&mut self, into: &mut Vec<Record>) {
        self.log.swap(into);
    }

    /// The state.
    pub const fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The state, for good.
    pub fn into_cluster(self) -> Cluster {
        self.cluster
    }

    /// The limit that stopped the run.
    pub fn limit_reached(&self, limits: &Limits) -> Option<Stop> {
        let limit = if self.timers >= limits.timers_max {
            Limit::Timers(limits.timers_max)
        } else if self.is_overcrowded(limits) {
            Limit::Pods(limits.pods_max)
        } else if self.timers_at_reached > limits.timers_at_one_instant_max {
            Limit::Endless
        } else {
            return None;
        };
        let at = self.reached;
        Some(Stop { at, limit })
    }
}
