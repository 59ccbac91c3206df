//! Rules for one Pod and its counterpart; restarts and waits become anchors of its clock.

use super::align::{align, Outcome};
use super::clock::{nearest_zero, Clock};
use super::difference::{At, Difference, Kind, NOTHING};
use super::lifecycle::{announced, is_starting, last_death, wait_before};
use super::pod_streams::Pod;
use super::stream_rules::{
    at, Context, Errors, Nature, Side, StreamKey, StreamRules, JITTER, TOLERANCE,
};
use super::value::{samples, ContainerValue, Sample};
use std::collections::BTreeSet;

/// Seconds that a busy node may start the first containers later.
const START_TOLERANCE: f64 = 3.0;
/// In waits shorter than this (seconds) CrashLoopBackOff may or may not be shown.
const SHORT_WAIT: f64 = 3.0;

type States = [Sample<ContainerValue>];

/// Compares one Pod with its counterpart.
pub struct PodRules<'a> {
    pub streams: StreamRules<'a>,
    pub expected: &'a Pod,
    pub got: &'a Pod,
    /// When containers died or were told to, on either side.
    pub deaths: Vec<f64>,
    /// When containers died without being told to, on either side.
    pub exits: Vec<f64>,
}

/// A pair of states, or a single one, of a container.
struct Step<'s> {
    t: f64,
    name: &'s str,
    number: usize,
    outcome: Outcome,
    i: usize,
    j: usize,
    a: &'s States,
    b: &'s States,
}

impl<'a> PodRules<'a> {
    pub fn new(
        context: &'a Context<'a>,
        (expected, got): (&'a Pod, &'a Pod),
        world: &'a mut Clock,
        errors: &'a mut Errors,
    ) -> Self {
        let world = Some((world, expected.name.clone()));
        let mut streams = StreamRules::new(context, Clock::default(), world, errors);
        let starts = expected.times("Started", None);
        let due = |t: &f64| {
            let t = *t;
            context
                .scenario
                .moments
                .iter()
                .map(move |moment| t + moment)
        };
        streams.boundaries = starts.iter().flat_map(due).collect();
        streams.boundaries.extend(context.action_times);
        let (mut deaths, mut exits) = expected.moments();
        let others = got.moments();
        deaths.extend(others.0);
        exits.extend(others.1);
        PodRules {
            streams,
            expected,
            got,
            deaths,
            exits,
        }
    }

    /// All differences.
    pub fn run(mut self) -> Vec<Difference> {
        self.creation();
        self.lifecycles();
        let keys: BTreeSet<_> = self
            .expected
            .changes
            .keys()
            .chain(self.got.changes.keys())
            .collect();
        let probed = |stream: &str| matches!(stream, "ready" | "started");
        let (first, then): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| probed(key.0));
        for key in first.into_iter().chain(then) {
            let end = self.streams.context.end;
            let of = |pod: &Pod| pod.changes.get(key).map(|changes| samples(changes, end));
            let a = of(self.expected).unwrap_or_default();
            let b = of(self.got).unwrap_or_default();
            let nature = if probed(key.0) {
                Nature::Probed
            } else {
                Nature::Plain
            };
            let key = self.key(key.0, &key.1);
            self.streams.states(&key, &a, &b, nature);
        }
        self.all_events();
        self.streams.found
    }

    /// A stream of this Pod.
    pub fn key<'k>(&self, stream: &'static str, item: &'k str) -> StreamKey<'k>
    where
        'a: 'k,
    {
        StreamKey {
            stream,
            object: &self.expected.name,
            item,
        }
    }

    fn creation(&mut self) {
        let place = self.key("pod", "created").place(At::Expected(0));
        let (expected, got) = (self.expected.created(), self.got.created());
        let world = self.streams.world.as_ref();
        let shifts = world.map_or_else(|| vec![0.0], |(world, _)| world.shifts(expected));
        let base = nearest_zero(shifts.into_iter().map(|shift| got - expected - shift));
        self.streams.errors.insert(place.clone(), base.abs());
        if base.abs() > self.streams.tolerance(&place) {
            let kind = Kind::Late(base);
            self.streams
                .differ(place, kind, "created".to_owned(), at(got), expected);
        }
        self.streams.anchor("pod", expected, got);
    }

    /// Container states, all containers together in time order, so that anchors are known when
    /// needed.
    fn lifecycles(&mut self) {
        let end = self.streams.context.end;
        let of = |pod: &Pod, name: &String| {
            pod.containers
                .get(name)
                .map(|changes| samples(changes, end))
                .unwrap_or_default()
        };
        let names = self
            .expected
            .containers
            .keys()
            .chain(self.got.containers.keys());
        let names: BTreeSet<_> = names.collect();
        let sides: Vec<_> = names
            .into_iter()
            .map(|name| (name, of(self.expected, name), of(self.got, name)))
            .collect();
        let mut steps = Vec::new();
        for (name, a, b) in &sides {
            for (number, (outcome, i, j)) in align(a, b, |_| 0.0).into_iter().enumerate() {
                let t = match outcome {
                    Outcome::Merged => continue,
                    Outcome::Extra => b[j].t,
                    _ => a[i].t,
                };
                steps.push(Step {
                    t,
                    name,
                    number,
                    outcome,
                    i,
                    j,
                    a,
                    b,
                });
            }
        }
        steps.sort_by(|x, y| {
            let by_name = || (x.name, x.number).cmp(&(y.name, y.number));
            x.t.total_cmp(&y.t).then_with(by_name)
        });
        for step in &steps {
            match step.outcome {
                Outcome::Same | Outcome::Wrong => self.paired(step),
                Outcome::Missing => self.missing(step),
                Outcome::Extra => self.extra(step),
                Outcome::Merged => {}
            }
        }
    }

    fn paired(&mut self, step: &Step<'_>) {
        let (a, b) = (&step.a[step.i], &step.b[step.j]);
        let place = self.key("container", step.name).place(At::Expected(step.i));
        let error = self.lifecycle_error(step);
        let same = step.outcome == Outcome::Same;
        self.streams.errors.insert(place.clone(), error.abs());
        if !(self.streams.excused(Side::Expected, a.t) || self.streams.excused(Side::Got, b.t)) {
            let shown = a.value.to_string();
            if !same && !self.branch(step) {
                self.streams
                    .differ(place, Kind::Wrong, shown, b.value.to_string(), a.t);
            } else if same && error.abs() > self.streams.tolerance(&place) {
                self.streams
                    .differ(place, Kind::Late(error), shown, at(b.t), a.t);
            }
        }
        if same {
            self.streams
                .anchor(&format!("container {}", step.name), a.t, b.t);
        }
    }

    fn missing(&mut self, step: &Step<'_>) {
        if self.streams.excused(Side::Expected, step.t)
            || outlasts(step.a, step.i, self.streams.cut_got)
            || self.branch(step)
            || self.startup_race(self.expected, step.name, step.a, step.i)
        {
            self.streams.cut_expected = self.streams.cut_expected.min(step.t - TOLERANCE);
        } else {
            let place = self.key("container", step.name).place(At::Expected(step.i));
            let shown = step.a[step.i].value.to_string();
            self.streams
                .differ(place, Kind::Missing, shown, NOTHING.to_owned(), step.t);
        }
    }

    fn extra(&mut self, step: &Step<'_>) {
        if self.streams.excused(Side::Got, step.t)
            || outlasts(step.b, step.j, self.streams.cut_expected)
            || self.branch(step)
            || self.startup_race(self.got, step.name, step.b, step.j)
        {
            self.streams.cut_got = self.streams.cut_got.min(step.t - TOLERANCE);
        } else {
            let place = self.key("container", step.name).place(At::Got(step.j));
            let shown = step.b[step.j].value.to_string();
            self.streams
                .differ(place, Kind::Extra, NOTHING.to_owned(), shown, step.t);
        }
    }

    /// After an earlier random wait a kill may or may not fall within the back-off: both ways are
    /// right.
    ///
    /// The side that waits must have died within the announced back-off after its previous death,
    /// the side that restarts at once not within it. What follows cannot be compared.
    fn branch(&mut self, step: &Step<'_>) -> bool {
        let sides = [(step.a, step.i, step.b), (step.b, step.j, step.a)];
        for (waiting, index, other) in sides {
            let Some(now) = waiting.get(index) else {
                continue;
            };
            let Some(seconds) = announced(&now.value) else {
                continue;
            };
            let restarts = now.value.restarts;
            let next = other.iter().position(|s| s.value.restarts == restarts + 1);
            let Some(next) = next.filter(|next| wait_before(other, *next).is_none()) else {
                continue;
            };
            let again = other[next].t;
            let deaths = (last_death(waiting, restarts), last_death(other, restarts));
            let (Some(waited), Some(went_on)) = deaths else {
                continue;
            };
            if now.t - waited <= seconds + TOLERANCE && again - went_on >= seconds - TOLERANCE {
                self.cut(now.t.min(again) - TOLERANCE);
                return true;
            }
        }
        false
    }

    /// On the first tick after an in-place restart liveness may fail before the startup probe
    /// stops it.
    fn startup_race(&mut self, pod: &Pod, name: &str, states: &States, index: usize) -> bool {
        let scenario = self.streams.context.scenario;
        let (now, before) = (&states[index], &states[index.saturating_sub(1)]);
        let longest = scenario.periods.last().copied().unwrap_or(0.0);
        let possible = scenario.startup_and_liveness
            && now.value.state == "running"
            && before.value.state == "running"
            && before.value.restarts > 0
            && now.t - before.t <= longest + TOLERANCE
            && pod.killed(now.t, name).is_some_and(|kill| kill != 0.0);
        if possible {
            let cut = now.t - 2.0 * TOLERANCE;
            self.streams.cut_expected = self.streams.cut_expected.min(cut);
            self.streams.cut_got = self.streams.cut_got.min(cut);
            self.streams.branched = true;
        }
        possible
    }

    /// Ends the comparison of both sides.
    fn cut(&mut self, t: f64) {
        let cut = t.min(self.streams.cut_expected).min(self.streams.cut_got);
        (self.streams.cut_expected, self.streams.cut_got) = (cut, cut);
        self.streams.branched = true;
    }

    /// Deviation of a container transition from what the clock, a race or the jitter of a wait
    /// explains.
    fn lifecycle_error(&mut self, step: &Step<'_>) -> f64 {
        let (a, i, b, j) = (step.a, step.i, step.b, step.j);
        let error = self.streams.error(a[i].t, b[j].t, false);
        let value = &a[i].value;
        let starts = (wait_before(a, i), wait_before(b, j));
        if starts.0.is_none()
            && value.restarts == 0
            && (value.state == "running" || is_starting(value))
        {
            return (error.abs() - START_TOLERANCE + TOLERANCE).max(0.0);
        }
        let (Some(start_a), Some(start_b)) = starts else {
            return self.kill_error(step, error);
        };
        let (wait_a, wait_b) = (a[i].t - start_a, b[j].t - start_b);
        let (mut low, mut high) = (wait_a / JITTER, wait_a * JITTER);
        if value.reason.as_deref() == Some("CrashLoopBackOff") && wait_a.min(wait_b) < SHORT_WAIT {
            let first = a
                .iter()
                .find(|sample| sample.value.restarts == value.restarts);
            if first.is_some_and(|first| start_a - first.t < 1.0) {
                return 0.0; // The start itself still causes a sync.
            }
        }
        let said = |states: &States, k: usize| {
            states[k.saturating_sub(1)..=k]
                .iter()
                .find_map(|sample| announced(&sample.value))
        };
        if let Some(seconds) = said(a, i).or_else(|| said(b, j)) {
            if wait_a >= seconds - 1.0 {
                (low, high) = (seconds, (seconds * JITTER).max(wait_a));
            }
        }
        if (low..=high).contains(&wait_b) {
            self.streams.waits += u32::from(error.abs() > 0.5);
            return 0.0;
        }
        nearest_zero([error, wait_b - low, wait_b - high])
    }

    /// After a kill the next state must take as long as recorded, whenever the kill was.
    fn kill_error(&self, step: &Step<'_>, error: f64) -> f64 {
        let (a, b) = (step.a[step.i].t, step.b[step.j].t);
        let kills = (
            self.expected.killed(a, step.name),
            self.got.killed(b, step.name),
        );
        let (Some(kill_a), Some(kill_b)) = kills else {
            return error;
        };
        let taken = (b - kill_b) - (a - kill_a);
        if taken.abs() > TOLERANCE {
            return taken;
        }
        nearest_zero([error, self.streams.error(kill_a, kill_b, true)])
    }
}

/// Could the random wait before `states[index]` have reached past the end on the other side?
fn outlasts(states: &States, index: usize, limit: f64) -> bool {
    let now = states[index].t;
    wait_before(states, index)
        .is_some_and(|start| now + (JITTER - 1.0) * (now - start) + TOLERANCE >= limit)
}
