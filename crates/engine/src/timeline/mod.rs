//! Inputs are truth, states are cache (product.md §5).
//!
//! A [`Timeline`] holds what was put in and computes the rest: it runs ahead to its end once,
//! keeps the records, and keeps snapshots on the way, so that any moment can be shown again by
//! replaying from the nearest one. A moment shown that way equals the moment of a run from zero.

mod runner;

pub use runner::{Limit, Limits, Runner, Stop};

use crate::cluster::Cluster;
use crate::ids::RecordId;
use crate::input::TimedInput;
use crate::record::Record;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// Snapshots kept at most; when there are more, every second one goes.
const SNAPSHOTS_MAX: usize = 256;
/// Timers between two snapshots at first.
const SNAPSHOT_SPACING: u64 = 4_096;
/// The same for each probe: a snapshot copies a few numbers of each.
const SPACING_PER_PROBE: u64 = 16;
/// A seek replays no more than this, whatever the cluster.
const SPACING_MAX: u64 = 131_072;

/// A run: its inputs, and everything that follows from them.
#[derive(Clone, Debug)]
pub struct Timeline {
    inputs: Arc<Vec<TimedInput>>,
    end: Instant,
    limits: Limits,
    records: Vec<Record>,
    /// Ascending in time; the first is the world before any input.
    snapshots: Vec<Runner>,
    spacing: u64,
    /// The state at the end of what has been computed.
    latest: Runner,
    complete: bool,
}

impl Timeline {
    /// A run that begins with `start` and receives `inputs`; nothing is computed yet. Inputs are
    /// put in order of time; those of equal time keep their order.
    pub fn new(start: Cluster, mut inputs: Vec<TimedInput>, end: Instant) -> Self {
        inputs.sort_by_key(|input| input.at);
        let latest = Runner::new(start);
        Timeline {
            inputs: Arc::new(inputs),
            end,
            limits: Limits::default(),
            records: Vec::new(),
            snapshots: vec![latest.clone()],
            spacing: SNAPSHOT_SPACING,
            latest,
            complete: false,
        }
    }

    /// Computes until `until` (or the run's end, or a limit).
    pub fn run_until(&mut self, until: Instant) {
        self.run_some(until, u64::MAX);
    }

    /// Computes until `until`, or until so many timers have fired in all.
    fn run_some(&mut self, until: Instant, timers: u64) {
        let until = until.min(self.end);
        let mut next_snapshot = self.latest.timers() + self.spacing();
        while self
            .latest
            .run_some(&self.inputs, until, &self.limits, next_snapshot.min(timers))
        {
            self.records.append(&mut self.latest.take_records());
            if self.latest.timers() >= timers {
                return;
            }
            self.snapshots.push(self.latest.clone());
            self.thin_out();
            next_snapshot = self.latest.timers() + self.spacing();
        }
        self.records.append(&mut self.latest.take_records());
        self.complete |= until == self.end || self.latest.limit_reached(&self.limits).is_some();
    }

    /// Computes on, one instant at a time, until something holds, and says when. None: not until
    /// `until`.
    pub fn run_until_holds(
        &mut self,
        until: Instant,
        holds: impl Fn(&Cluster) -> bool,
    ) -> Option<Instant> {
        let until = until.min(self.end);
        while !holds(self.latest.cluster()) {
            let next = self.latest.next_at(&self.inputs)?;
            if next > until || self.limit_reached().is_some() {
                return None;
            }
            self.run_until(next);
        }
        Some(self.latest.reached())
    }

    /// Computes a part: at least until `least`, then on until about so many timers have fired.
    pub fn run_part(&mut self, least: Instant, timers: u64) {
        let enough = self.latest.timers().saturating_add(timers);
        self.run_until(least);
        if !self.complete && self.latest.timers() < enough {
            self.run_some(self.end, enough);
        }
    }

    /// Whether everything until the end (or a limit) has been computed.
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// How far everything has been computed.
    pub const fn reached(&self) -> Instant {
        if self.complete {
            return self.end;
        }
        self.latest.reached()
    }

    /// Computes to the end, one thing at a time, and shows the state after each with the records
    /// that it made. Takes no snapshots.
    pub fn run_watched(&mut self, mut watch: impl FnMut(&Cluster, &[Record])) {
        while self.latest.run_one(&self.inputs, self.end)
            && self.latest.limit_reached(&self.limits).is_none()
        {
            let mut records = self.latest.take_records();
            if !records.is_empty() {
                watch(self.latest.cluster(), &records);
                self.records.append(&mut records);
            }
        }
    }

    /// Computes to the end and shows the cluster for every stretch of time in which nothing
    /// happens: from its first instant until just before the second. Takes no snapshots.
    pub fn run_stretches(&mut self, mut watch: impl FnMut(&Cluster, Instant, Instant)) {
        let end = self.end + Duration(1);
        let mut from = Instant::ZERO;
        loop {
            while self.latest.run_one(&self.inputs, from)
                && self.latest.limit_reached(&self.limits).is_none()
            {}
            self.records.append(&mut self.latest.take_records());
            let to = match self.latest.limit_reached(&self.limits) {
                Some(_) => end,
                None => self.latest.next_at(&self.inputs).unwrap_or(end).min(end),
            };
            watch(self.latest.cluster(), from, to);
            if to == end {
                return;
            }
            from = to;
        }
    }

    /// Computes to the end.
    pub fn run(&mut self) {
        self.run_until(self.end);
    }

    fn spacing(&self) -> u64 {
        let probes = u64::from(self.latest.cluster().beats.len());
        let for_all = (probes * SPACING_PER_PROBE).min(SPACING_MAX);
        self.spacing.max(for_all)
    }

    fn thin_out(&mut self) {
        if self.snapshots.len() <= SNAPSHOTS_MAX {
            return;
        }
        self.spacing *= 2;
        let mut index = 0;
        self.snapshots.retain(|_| {
            index += 1;
            index % 2 == 1
        });
    }

    /// The cluster at a moment, everything of that moment included. At most as far as has been
    /// computed.
    pub fn seek(&self, at: Instant) -> Cluster {
        let mut runner = self.nearest(at).clone();
        self.run_to(&mut runner, at);
        runner.into_cluster()
    }

    /// The cluster just before what made a record: the input or the timer that did has not had its
    /// turn.
    pub fn before(&self, record: RecordId) -> Option<Cluster> {
        let at = self.records.get(record.index())?.at;
        let kept = |snapshot: &Runner| snapshot.position() <= record.0;
        let after = self.snapshots.partition_point(kept);
        let mut runner = self.snapshots[after.saturating_sub(1)].clone();
        // All that is surely earlier, then one thing at a time.
        if at > Instant::ZERO {
            self.run_to(&mut runner, Instant(at.0 - 1));
        }
        loop {
            let before = runner.clone();
            if !runner.run_one(&self.inputs, at) {
                return None;
            }
            if runner.position() > record.0 {
                return Some(before.into_cluster());
            }
        }
    }

    /// The same, going on from the moment shown last where that is nearest.
    pub fn show<'a>(&self, at: Instant, shown: &'a mut Option<Runner>) -> &'a Cluster {
        let nearest = self.nearest(at);
        let runner = match shown.take() {
            Some(last) if last.reached() <= at && last.timers() >= nearest.timers() => last,
            _ => nearest.clone(),
        };
        let runner = shown.insert(runner);
        self.run_to(runner, at);
        runner.cluster()
    }

    fn nearest(&self, at: Instant) -> &Runner {
        let after = self
            .snapshots
            .partition_point(|snapshot| snapshot.reached() <= at);
        &self.snapshots[after.saturating_sub(1)]
    }

    fn run_to(&self, runner: &mut Runner, at: Instant) {
        while runner.run_some(&self.inputs, at.min(self.end), &self.limits, u64::MAX) {}
        drop(runner.take_records());
    }

    /// Another run with the same beginning: inputs up to and including `at` are kept, `more` are
    /// added. Snapshots before `at` are shared, so that only what differs is computed.
    pub fn fork(&self, at: Instant, more: Vec<TimedInput>) -> Timeline {
        let mut inputs: Vec<TimedInput> = self
            .inputs
            .iter()
            .filter(|input| input.from_text || self.given_at(input.id) <= at)
            .cloned()
            .collect();
        let first_new = more
            .iter()
            .map(|input| input.at)
            .min()
            .unwrap_or(at)
            .min(at);
        inputs.extend(more);
        inputs.sort_by_key(|input| input.at);
        let kept = self
            .snapshots
            .partition_point(|snapshot| snapshot.reached() < first_new)
            .max(1);
        let snapshots = self.snapshots[..kept].to_vec();
        let latest = snapshots[kept - 1].clone();
        let records = self.records[..latest.position() as usize].to_vec();
        Timeline {
            inputs: Arc::new(inputs),
            end: self.end,
            limits: self.limits,
            records,
            snapshots,
            spacing: self.spacing,
            latest,
            complete: false,
        }
    }

    /// When the act of an id is given. The end of its fault, which may come later, belongs to it.
    fn given_at(&self, id: u32) -> Instant {
        let acts = self.inputs.iter().filter(|input| input.id == id);
        acts.map(|input| input.at).min().unwrap_or(Instant::ZERO)
    }

    /// The inputs, in order of time.
    pub fn inputs(&self) -> &[TimedInput] {
        &self.inputs
    }

    /// What happened, in order.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The end of the run.
    pub const fn end(&self) -> Instant {
        self.end
    }

    /// The state at the end of what has been computed.
    pub const fn latest(&self) -> &Cluster {
        self.latest.cluster()
    }

    /// How many timers have fired.
    pub const fn timers(&self) -> u64 {
        self.latest.timers()
    }

    /// The limit that ended the run early.
    pub fn limit_reached(&self) -> Option<Stop> {
        self.latest.limit_reached(&self.limits)
    }

    /// The moment of the first record after `at`.
    pub fn next_record_after(&self, at: Instant) -> Option<Instant> {
        let index = self.records.partition_point(|record| record.at <= at);
        self.records.get(index).map(|record| record.at)
    }
}
