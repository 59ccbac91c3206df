//! All differences between a recording and a candidate.

use super::clock::Clock;
use super::difference::{show, At, Difference, Kind, Place, NOTHING};
use super::event_rules::{is_retry, until};
use super::pack::{Pack, Run};
use super::pairing::pair_pods;
use super::pod_rules::PodRules;
use super::pod_streams::Pod;
use super::scenario::Scenario;
use super::stream_rules::{
    Allowance, Context, Errors, Nature, Never, StreamKey, StreamRules, END_MARGIN, TOLERANCE,
};
use super::streams::Trace;
use super::value::samples;
use readyz_engine::trace::Transition;
use std::collections::BTreeSet;

/// What a candidate was found to be.
pub struct Verdict<'p> {
    /// The run that it is nearest to.
    pub run: &'p Run,
    /// Empty: it agrees with that run.
    pub differences: Vec<Difference>,
}

/// Compares a candidate with the run of that name, or with any: of those the one with the fewest
/// differences. The candidate's rows are in order of time. With `widen`, what other runs of the
/// pack deviate from a run is added to the tolerance. None: there is no such run.
pub fn judge<'p>(
    pack: &'p Pack,
    candidate: &[Transition],
    run: Option<&str>,
    widen: bool,
) -> Option<Verdict<'p>> {
    let scenario = Scenario::of(&pack.manifest);
    let chosen = pack
        .runs
        .iter()
        .filter(|r| run.is_none_or(|name| name == r.run));
    let verdicts = chosen.map(|run| {
        let allowance = match widen {
            true => allowances(pack, run, &scenario),
            false => Allowance::new(),
        };
        let expected = trace_of(run, f64::INFINITY);
        let got = Trace::new(candidate, run.seconds, None);
        let (differences, _) = compare(&expected, &got, &scenario, &allowance);
        Verdict { run, differences }
    });
    verdicts.min_by_key(|verdict| verdict.differences.len())
}

/// Two runs of one scenario, up to the end of the shorter one; and how much places deviate.
pub fn compare_runs(a: &Run, b: &Run, scenario: &Scenario) -> (Vec<Difference>, Errors) {
    let end = a.seconds.min(b.seconds);
    let none = Allowance::new();
    compare(&trace_of(a, end), &trace_of(b, end), scenario, &none)
}

/// The streams of a recorded run, up to `end`.
pub fn trace_of(run: &Run, end: f64) -> Trace {
    Trace::new(&run.transitions, run.seconds.min(end), Some(&run.namespace))
}

/// Places where other runs deviate from a run, and by how much.
fn allowances(pack: &Pack, run: &Run, scenario: &Scenario) -> Allowance {
    let mut found = Allowance::new();
    for other in pack.runs.iter().filter(|other| other.run != run.run) {
        let (differences, errors) = compare_runs(run, other, scenario);
        for (place, error) in errors {
            let known = found.get(&place).copied().flatten().unwrap_or(0.0);
            found.insert(place, Some(known.max(error)));
        }
        for difference in differences {
            if !matches!(difference.kind, Kind::Late(_)) {
                found.insert(difference.place, None);
            }
        }
    }
    found
}

/// All differences in order of time, and by how much places deviate.
pub fn compare(
    expected: &Trace,
    got: &Trace,
    scenario: &Scenario,
    allowance: &Allowance,
) -> (Vec<Difference>, Errors) {
    let context = Context {
        end: expected.end.min(got.end),
        scenario,
        allowance,
        action_times: &expected.action_times,
    };
    let (mut world, mut errors) = (Clock::default(), Errors::new());
    let mut found = Vec::new();
    for pair in pair_pods(&context, expected, got) {
        match pair {
            (Some(a), Some(b)) => {
                found.extend(PodRules::new(&context, (a, b), &mut world, &mut errors).run());
            }
            (Some(pod), None) => found.extend(alone(&context, &world, pod, Kind::Missing)),
            (None, Some(pod)) => found.extend(alone(&context, &world, pod, Kind::Extra)),
            (None, None) => {}
        }
    }
    found.extend(cluster_wide(&context, world, &mut errors, expected, got));
    found.retain(|difference| !matches!(allowance.get(&difference.place), Some(None)));
    found.sort_by(|x, y| {
        let by_place = || x.place.cmp(&y.place);
        x.t.total_cmp(&y.t).then_with(by_place)
    });
    (found, errors)
}

/// The difference that a Pod without counterpart makes, unless it came near the end.
fn alone(context: &Context<'_>, world: &Clock, pod: &Pod, kind: Kind) -> Option<Difference> {
    let created = pod.created();
    if created >= context.end - END_MARGIN - TOLERANCE - world.spread(created) {
        return None;
    }
    let (there, not_there) = ("Pod".to_owned(), NOTHING.to_owned());
    let missing = kind == Kind::Missing;
    let (expected, got) = if missing {
        (there, not_there)
    } else {
        (not_there, there)
    };
    Some(Difference {
        place: Place {
            stream: "pod",
            object: pod.group.clone(),
            item: kind.to_string(),
            at: At::Expected(created.max(0.0).round() as usize),
        },
        kind,
        expected,
        got,
        t: created,
    })
}

/// Streams and events that are not of Pods.
fn cluster_wide(
    context: &Context<'_>,
    world: Clock,
    errors: &mut Errors,
    expected: &Trace,
    got: &Trace,
) -> Vec<Difference> {
    let mut rules = StreamRules::new(context, world, None, errors);
    let keys: BTreeSet<_> = expected.changes.keys().chain(got.changes.keys()).collect();
    for key in keys {
        let [a, b] = [expected, got].map(|trace| {
            let changes = trace.changes.get(key).map_or(&[][..], Vec::as_slice);
            samples(changes, context.end)
        });
        let key = StreamKey {
            stream: key.0,
            object: &key.1,
            item: &key.2,
        };
        rules.states(&key, &a, &b, Nature::ClusterWide);
    }
    let keys: BTreeSet<_> = expected.events.keys().chain(got.events.keys()).collect();
    for key in keys {
        let [a, b] = [expected, got].map(|trace| until(trace.events.get(key), context.end));
        let item = show([&key.kind, &key.reason, &key.message].into_iter());
        let place = StreamKey {
            stream: "event",
            object: &key.path,
            item: &item,
        };
        if is_retry(&key.reason) {
            rules.retries(&place, (&a, &b));
        } else {
            rules.occurrences(&place, (&a, &b), false, &mut Never);
        }
    }
    rules.found
}
