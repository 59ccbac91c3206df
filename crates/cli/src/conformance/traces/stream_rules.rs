//! Rules for state streams and event times, on one clock.

use super::align::{align, cheapest, Move, Outcome};
use super::clock::{nearest_zero, Clock};
use super::difference::{At, Difference, Kind, Place, NOTHING};
use super::scenario::Scenario;
use super::value::{Sample, Value};
use std::collections::BTreeMap;

/// Seconds: one relist (1 s) plus write latency.
pub const TOLERANCE: f64 = 1.3;
/// Seconds a readiness result may have to wait for one more sync of the Pod.
const PROBE_SLACK: f64 = 0.6;
/// A change this close (seconds) to a probe tick may be seen a period earlier or later.
pub const RACE: f64 = 0.4;
/// A tick that a race explains must fit better (seconds) than other times.
const RACE_PENALTY: f64 = 0.5;
/// Nothing is demanded in the last seconds of a recording.
pub const END_MARGIN: f64 = 2.0;
/// A back-off wait lasts up to so many times what was announced.
pub const JITTER: f64 = 1.5;

/// Place to the extra seconds that it may deviate; None: anything goes.
pub type Allowance = BTreeMap<Place, Option<f64>>;
/// Place to the deviation seen, in seconds.
pub type Errors = BTreeMap<Place, f64>;

/// What holds for a comparison as a whole.
pub struct Context<'a> {
    /// Where the shorter side ends.
    pub end: f64,
    pub scenario: &'a Scenario,
    pub allowance: &'a Allowance,
    /// When steps were carried out in the recording.
    pub action_times: &'a [f64],
}

/// Which side of the comparison.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Expected,
    Got,
}

/// Decides whether an occurrence at a moment may be on one side only.
pub trait Ignore {
    fn ignores(&mut self, t: f64, side: Side) -> bool;
}

/// Nothing may.
pub struct Never;

impl Ignore for Never {
    fn ignores(&mut self, _t: f64, _side: Side) -> bool {
        false
    }
}

/// Which stream, and how it is judged.
pub struct StreamKey<'a> {
    pub stream: &'static str,
    pub object: &'a str,
    pub item: &'a str,
}

impl StreamKey<'_> {
    pub fn place(&self, at: At) -> Place {
        Place {
            stream: self.stream,
            object: self.object.to_owned(),
            item: self.item.to_owned(),
            at,
        }
    }
}

/// How the values of a stream come about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Nothing special.
    Plain,
    /// A probe decides; matched moments become anchors.
    Probed,
    /// Cluster-wide: states may vanish where the shifts of Pods cover them.
    ClusterWide,
}

/// Compares streams on one clock.
pub struct StreamRules<'a> {
    pub context: &'a Context<'a>,
    pub clock: Clock,
    /// Where anchors are noted for cluster-wide streams too, under the name.
    pub world: Option<(&'a mut Clock, String)>,
    pub errors: &'a mut Errors,
    /// From here on the recording's side has nothing that can be demanded.
    pub cut_expected: f64,
    /// From here on the candidate's side has nothing that can be held against it.
    pub cut_got: f64,
    /// Moments that race with probe ticks.
    pub boundaries: Vec<f64>,
    /// Both ways were right, and different ones were taken.
    pub branched: bool,
    /// Random waits that came out differently.
    pub waits: u32,
    pub found: Vec<Difference>,
}

impl<'a> StreamRules<'a> {
    pub fn new(
        context: &'a Context<'a>,
        clock: Clock,
        world: Option<(&'a mut Clock, String)>,
        errors: &'a mut Errors,
    ) -> Self {
        StreamRules {
            context,
            clock,
            world,
            errors,
            cut_expected: context.end - END_MARGIN,
            cut_got: context.end - END_MARGIN,
            boundaries: Vec::new(),
            branched: false,
            waits: 0,
            found: Vec::new(),
        }
    }

    /// Notes a difference.
    pub fn differ(&mut self, place: Place, kind: Kind, expected: String, got: String, t: f64) {
        self.found.push(Difference {
            place,
            kind,
            expected,
            got,
            t,
        });
    }

    /// Notes a matched moment.
    pub fn anchor(&mut self, source: &str, expected: f64, got: f64) {
        self.clock.add(source, expected, got);
        if let Some((world, name)) = &mut self.world {
            world.add(&format!("{name} {source}"), expected, got);
        }
    }

    /// Seconds that something may deviate there.
    pub fn tolerance(&self, place: &Place) -> f64 {
        TOLERANCE
            + self
                .context
                .allowance
                .get(place)
                .copied()
                .flatten()
                .unwrap_or(0.0)
    }

    /// Shifts explained at t; what a probe decides may move by a period when it races with a change.
    fn shifts(&self, t: f64, probe: bool) -> Vec<f64> {
        let plain = self.clock.shifts(t);
        let mut found = plain.clone();
        if !probe {
            return found;
        }
        for period in self.context.scenario.periods.iter().copied() {
            for shift in plain.iter().filter(|shift| shift.abs() > 0.5) {
                // Probes keep their phase across restarts.
                let ticks = shift / period;
                found.extend([ticks.floor() * period, ticks.ceil() * period]);
            }
            let races = |boundary: &f64| {
                let phase = (t - boundary).rem_euclid(period);
                let after = t - boundary;
                (-RACE..=4.0 * period).contains(&after) && phase.min(period - phase) <= RACE
            };
            if self.boundaries.iter().any(races) {
                found.extend(
                    plain
                        .iter()
                        .flat_map(|shift| [shift - period, shift + period]),
                );
            }
        }
        found
    }

    /// The smallest deviation that no shift explains.
    pub fn error(&self, expected: f64, got: f64, probe: bool) -> f64 {
        let deviation = |shift: f64| got - expected - shift;
        let plain = nearest_zero(self.clock.shifts(expected).into_iter().map(deviation));
        if !probe || plain.abs() <= TOLERANCE {
            return plain;
        }
        let raced = nearest_zero(self.shifts(expected, true).into_iter().map(deviation));
        nearest_zero([plain, raced + RACE_PENALTY.copysign(raced)])
    }

    /// May something at t be absent on the other side because the recording ends?
    pub fn excused(&self, side: Side, t: f64) -> bool {
        let end = self.context.end - END_MARGIN;
        match side {
            Side::Expected => t >= self.cut_expected || t + self.clock.latest(t) + TOLERANCE >= end,
            Side::Got => t >= self.cut_got || t - self.clock.earliest(t) + TOLERANCE >= end,
        }
    }

    /// Compares two state sequences.
    pub fn states(
        &mut self,
        key: &StreamKey<'_>,
        a: &[Sample<Value>],
        b: &[Sample<Value>],
        nature: Nature,
    ) {
        let wide = nature == Nature::ClusterWide;
        let pairing = align(a, b, |t| if wide { self.clock.spread(t) } else { 0.0 });
        for (outcome, i, j) in pairing {
            match outcome {
                Outcome::Same | Outcome::Wrong => {
                    self.paired_states(key, (i, &a[i]), &b[j], nature);
                }
                Outcome::Missing if !self.excused(Side::Expected, a[i].t) => {
                    let (place, shown) = (key.place(At::Expected(i)), a[i].value.to_string());
                    self.differ(place, Kind::Missing, shown, NOTHING.to_owned(), a[i].t);
                }
                Outcome::Extra if !self.excused(Side::Got, b[j].t) => {
                    let (place, shown) = (key.place(At::Got(j)), b[j].value.to_string());
                    self.differ(place, Kind::Extra, NOTHING.to_owned(), shown, b[j].t);
                }
                Outcome::Missing | Outcome::Extra | Outcome::Merged => {}
            }
        }
    }

    fn paired_states(
        &mut self,
        key: &StreamKey<'_>,
        (i, a): (usize, &Sample<Value>),
        b: &Sample<Value>,
        nature: Nature,
    ) {
        if self.excused(Side::Expected, a.t) || self.excused(Side::Got, b.t) {
            return;
        }
        let (place, shown) = (key.place(At::Expected(i)), a.value.to_string());
        if a.value != b.value {
            return self.differ(place, Kind::Wrong, shown, b.value.to_string(), a.t);
        }
        let probe = nature == Nature::Probed;
        let error = self.error(a.t, b.t, probe);
        let worst = self.errors.entry(place.clone()).or_default();
        *worst = worst.max(error.abs());
        let slack = match nature {
            Nature::Plain => 0.0,
            Nature::Probed => PROBE_SLACK,
            Nature::ClusterWide => self.clock.spread(a.t),
        };
        if error.abs() > self.tolerance(&place) + slack {
            self.differ(place, Kind::Late(error), shown, at(b.t), a.t);
        }
        if probe {
            self.anchor(&format!("{} {}", key.stream, key.item), a.t, b.t);
        }
    }

    /// Pairs the occurrences of one event in time order; what remains is missing or extra.
    pub fn occurrences(
        &mut self,
        key: &StreamKey<'_>,
        (a, b): (&[f64], &[f64]),
        probe: bool,
        ignore: &mut dyn Ignore,
    ) {
        let shifts: Vec<_> = a.iter().map(|t| self.shifts(*t, probe)).collect();
        for (step, i, j) in self.loose_occurrences(key, a, b, &shifts) {
            let lost = step == Move::Right
                || self.excused(Side::Expected, a[i])
                || ignore.ignores(a[i], Side::Expected);
            let gained = step == Move::Left
                || self.excused(Side::Got, b[j])
                || ignore.ignores(b[j], Side::Got);
            if lost && gained {
                continue;
            }
            let (item, nothing) = (key.item.to_owned(), NOTHING.to_owned());
            let expected = key.place(At::Expected(i));
            if step == Move::Left || gained {
                self.differ(expected, Kind::Missing, item, nothing, a[i]);
            } else if step == Move::Right || lost {
                self.differ(key.place(At::Got(j)), Kind::Extra, nothing, item, b[j]);
            } else {
                let errors = shifts[i].iter().map(|shift| b[j] - a[i] - shift);
                let kind = Kind::Late(nearest_zero(errors));
                self.differ(expected, kind, item, at(b[j]), a[i]);
            }
        }
    }

    /// Events emitted at every retry: the number within what jitter allows.
    pub fn retries(&mut self, key: &StreamKey<'_>, (a, b): (&[f64], &[f64])) {
        let shifts: Vec<_> = a.iter().map(|t| self.shifts(*t, false)).collect();
        let loose = !self.loose_occurrences(key, a, b, &shifts).is_empty();
        let solid = |side, times: &[f64]| times.iter().filter(|t| !self.excused(side, **t)).count();
        let (solid_a, solid_b) = (solid(Side::Expected, a), solid(Side::Got, b));
        let absent = (solid_a > 0 && b.is_empty()) || (solid_b > 0 && a.is_empty());
        let enough = solid_a as f64 / JITTER - 1.5 <= b.len() as f64
            && solid_b as f64 <= a.len() as f64 * JITTER + 1.5;
        if absent || loose && !enough {
            let t = a.first().or(b.first()).copied().unwrap_or(0.0);
            let expected = format!("{} x {}", a.len(), key.item);
            let place = key.place(At::Whole("number"));
            self.differ(place, Kind::Number, expected, b.len().to_string(), t);
        }
    }

    /// What is left of two series of moments after those near each other were paired. A pair that
    /// is too far apart is one item ([`Move::Late`]).
    fn loose_occurrences(
        &mut self,
        key: &StreamKey<'_>,
        a: &[f64],
        b: &[f64],
        shifts: &[Vec<f64>],
    ) -> Vec<(Move, usize, usize)> {
        let error = |i: usize, j: usize| {
            let errors = shifts[i].iter().map(|shift| b[j] - a[i] - shift);
            nearest_zero(errors).abs()
        };
        let (n, m) = (a.len(), b.len());
        let edge = |i: usize, j: usize| {
            let step = if i > 0 { Move::Left } else { Move::Right };
            ((i + j) as f64, step)
        };
        let row = |i| (0..=m).map(|j| edge(i, j)).collect();
        let mut table: Vec<Vec<_>> = (0..=n).map(row).collect();
        for i in 1..=n {
            let tolerance = self.tolerance(&key.place(At::Expected(i - 1)));
            for j in 1..=m {
                let error = error(i - 1, j - 1);
                let near = error <= tolerance;
                let cost = table[i - 1][j - 1].0
                    + if near { 0.0 } else { 1.5 }
                    + 0.001 * error.min(100.0)
                    + 0.0001 * (b[j - 1] - a[i - 1]).abs();
                table[i][j] = cheapest(&[
                    (table[i - 1][j].0 + 1.0, Move::Left),
                    (table[i][j - 1].0 + 1.0, Move::Right),
                    (cost, if near { Move::Both } else { Move::Late }),
                ]);
            }
        }
        let (mut i, mut j, mut loose) = (n, m, Vec::new());
        while i > 0 || j > 0 {
            let step = table[i][j].1;
            i -= usize::from(step != Move::Right);
            j -= usize::from(step != Move::Left);
            if step == Move::Both {
                self.errors.insert(key.place(At::Expected(i)), error(i, j));
            } else {
                loose.push((step, i, j));
            }
        }
        loose.reverse();
        loose
    }
}

/// A moment, as it is shown.
pub fn at(t: f64) -> String {
    format!("t={t:?}")
}
