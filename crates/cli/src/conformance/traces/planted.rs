//! Errors planted into recorded runs: the comparer has to find them.

use super::compare::{compare, trace_of};
use super::fixture;
use super::pack::Run;
use super::scenario::Scenario;
use super::stream_rules::Allowance;
use super::streams::Trace;
use readyz_engine::trace::{Change, ContainerStateRow, Transition};

/// Nothing is planted in the last milliseconds, where nothing is demanded.
const END_MARGIN: i64 = 6_000;
/// A state that lasts as long (milliseconds) has to be seen.
const LASTING: i64 = 2_000;

/// Plants an error of one kind into each run that has a place for it, and asserts that all or all
/// but `escaping` are found.
fn found(plant: impl Fn(&mut Vec<Transition>, i64) -> Option<()>, escaping: usize) {
    let (mut planted, mut escaped) = (0, Vec::new());
    for path in fixture::packs() {
        let pack = fixture::read(&path);
        let scenario = Scenario::of(&pack.manifest);
        for run in &pack.runs {
            let limit = (run.seconds * 1000.0) as i64 - END_MARGIN;
            let mut rows = run.transitions.clone();
            if plant(&mut rows, limit).is_none() {
                continue;
            }
            planted += 1;
            rows.sort_by_key(|row| row.t);
            if agrees(run, &rows, &scenario) {
                escaped.push(format!("{} {}", pack.scenario, run.run));
            }
        }
    }
    assert!(planted >= 10, "only {planted} planted");
    assert!(escaped.len() <= escaping, "escaped: {escaped:?}");
}

fn agrees(run: &Run, rows: &[Transition], scenario: &Scenario) -> bool {
    let expected = trace_of(run, f64::INFINITY);
    let got = Trace::new(rows, run.seconds, Some(&run.namespace));
    compare(&expected, &got, scenario, &Allowance::new())
        .0
        .is_empty()
}

/// Changes the first row before the limit for which `change` has a use.
fn first(
    rows: &mut [Transition],
    limit: i64,
    change: impl Fn(&mut Change) -> Option<()>,
) -> Option<()> {
    let early = rows.iter_mut().filter(|row| row.t.millis < limit);
    early
        .map(|row| change(&mut row.change))
        .find_map(|done| done)
}

/// Removes the first row before the limit that is `wanted`.
fn remove(
    rows: &mut Vec<Transition>,
    limit: i64,
    wanted: impl Fn(&Change) -> bool,
) -> Option<Transition> {
    let index = rows
        .iter()
        .position(|row| row.t.millis < limit && wanted(&row.change))?;
    Some(rows.remove(index))
}

/// (row of the death, row of the restart) of the first restart before the limit after a wait of
/// more than `least` milliseconds.
fn restart(rows: &[Transition], limit: i64, least: i64) -> Option<(usize, usize)> {
    let container = |index: usize| match &rows[index].change {
        Change::Container(row) => Some(row),
        _ => None,
    };
    (0..rows.len()).find_map(|new| {
        let after = container(new).filter(|row| row.restart_count > 0)?;
        let running = matches!(after.state, ContainerStateRow::Running { .. });
        let old = (0..new).find(|old| {
            container(*old).is_some_and(|row| {
                let same = (&row.pod, &row.container) == (&after.pod, &after.container);
                let waits = match &row.state {
                    ContainerStateRow::Waiting { reason, .. } => {
                        reason.as_deref() == Some("CrashLoopBackOff")
                    }
                    ContainerStateRow::Running { .. } => false,
                    ContainerStateRow::Terminated { .. } => true,
                };
                same && waits && row.restart_count + 1 == after.restart_count
            })
        })?;
        let (begin, end) = (rows[old].t.millis, rows[new].t.millis);
        (running && end < limit && end - begin > least).then_some((old, new))
    })
}

#[test]
fn a_wrong_exit_code() {
    let plant = |rows: &mut Vec<Transition>, limit| {
        first(rows, limit - LASTING, |change| match change {
            Change::Container(row) => match row.last.as_mut()? {
                ContainerStateRow::Terminated { exit_code, .. } => {
                    *exit_code += 1;
                    Some(())
                }
                _ => None,
            },
            _ => None,
        })
    };
    found(plant, 0);
}

#[test]
fn a_wrong_phase() {
    let plant = |rows: &mut Vec<Transition>, limit| {
        first(rows, limit - LASTING, |change| match change {
            Change::PodPhase { to, .. } if to == "Running" => {
                *to = "Pending".to_owned();
                Some(())
            }
            _ => None,
        })
    };
    found(plant, 0);
}

#[test]
fn a_wrong_condition_reason() {
    let plant = |rows: &mut Vec<Transition>, limit| {
        let unready = |index: &usize| match &rows[*index].change {
            Change::PodCondition(row) if row.kind == "Ready" => row.reason.is_some(),
            _ => false,
        };
        let lasts = |index: &usize| {
            let t = rows[*index].t.millis;
            let next = rows[index + 1..].iter().find(|row| match &row.change {
                Change::PodCondition(row) => row.kind == "Ready",
                _ => false,
            });
            t < limit && next.is_none_or(|next| next.t.millis - t >= LASTING)
        };
        let index = (0..rows.len()).filter(unready).find(lasts)?;
        if let Change::PodCondition(row) = &mut rows[index].change {
            row.reason = Some("Other".to_owned());
        }
        Some(())
    };
    found(plant, 0);
}

#[test]
fn a_missing_start_event() {
    let plant = |rows: &mut Vec<Transition>, limit| {
        remove(rows, limit, |change| match change {
            Change::Event(row) => row.reason == "Started",
            _ => false,
        })
        .map(drop)
    };
    found(plant, 0);
}

#[test]
fn swapped_created_and_started_events() {
    let plant = |rows: &mut Vec<Transition>, limit| {
        let index = |rows: &[Transition], reason: &str| {
            rows.iter().position(|row| match &row.change {
                Change::Event(event) => event.reason == reason && row.t.millis < limit,
                _ => false,
            })
        };
        let (created, started) = (index(rows, "Created")?, index(rows, "Started")?);
        let t = rows[created].t;
        rows[created].t = rows[started].t;
        rows[started].t = t;
        rows.swap(created, started);
        Some(())
    };
    found(plant, 0);
}

#[test]
fn a_restart_after_half_the_back_off() {
    let plant = |rows: &mut Vec<Transition>, limit| {
        let (old, new) = restart(rows, limit, 9_000)?;
        let (begin, end) = (rows[old].t.millis, rows[new].t.millis);
        for row in rows.iter_mut().filter(|row| row.t.millis > begin + 1_000) {
            row.t.millis = if row.t.millis >= end - 400 {
                row.t.millis - (end - begin) / 2
            } else {
                begin + (row.t.millis - begin) / 2
            };
        }
        Some(())
    };
    found(plant, 0);
}

#[test]
fn a_restart_that_is_not_counted() {
    let plant = |rows: &mut Vec<Transition>, limit| {
        let (_, new) = restart(rows, limit, 0)?;
        let Change::Container(restarted) = rows[new].change.clone() else {
            return None;
        };
        for row in &mut rows[new..] {
            if let Change::Container(row) = &mut row.change {
                let same = (&row.pod, &row.container) == (&restarted.pod, &restarted.container);
                row.restart_count -= u32::from(same);
            }
        }
        Some(())
    };
    // One falls where a kill near the edge of the back-off ends the comparison.
    found(plant, 1);
}

#[test]
fn an_endpoint_change_that_comes_three_seconds_late() {
    let plant = |rows: &mut Vec<Transition>, limit| {
        let index = (0..rows.len()).find(|index| {
            let Change::Endpoints(row) = &rows[*index].change else {
                return false;
            };
            let t = rows[*index].t.millis;
            let next = rows[index + 1..]
                .iter()
                .find(|row| matches!(row.change, Change::Endpoints(_)));
            let quiet = next.is_none_or(|next| next.t.millis - t > 3_500);
            quiet && !row.ready.is_empty() && t < limit
        })?;
        rows[index].t.millis += 3_000;
        Some(())
    };
    found(plant, 0);
}

#[test]
fn a_probe_period_that_is_a_fifth_too_long() {
    let plant = |rows: &mut Vec<Transition>, limit| {
        let failures: Vec<usize> = (0..rows.len())
            .filter(|index| match &rows[*index].change {
                Change::Event(row) => {
                    row.reason == "Unhealthy" && row.message.starts_with("Liveness")
                }
                _ => false,
            })
            .collect();
        let gap = |pair: &[usize]| rows[pair[1]].t.millis - rows[pair[0]].t.millis;
        let steady = failures
            .windows(2)
            .take(2)
            .all(|pair| (800..30_000).contains(&gap(pair)));
        let begin = rows[*failures.first()?].t.millis;
        let early = rows[*failures.get(2)?].t.millis < limit;
        for index in failures.iter().filter(|_| steady && early) {
            rows[*index].t.millis += (rows[*index].t.millis - begin) / 5;
        }
        (steady && early).then_some(())
    };
    found(plant, 0);
}
