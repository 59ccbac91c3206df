//! The page "How true is this?": every recording with both timelines, as Markdown (`--page`).

use super::report::{Case, Replayed};
use readyz_engine::trace::{Change, ContainerStateRow, Transition};
use std::fmt::Write;

/// States told of each timeline.
const STATES_MAX: usize = 12;

/// Title of each area, in the page's order.
const AREAS: [(&str, &str); 4] = [
    ("kubelet", "The kubelet"),
    ("control-plane", "The control plane"),
    ("container-world", "Inside of containers"),
    ("kubectl", "kubectl"),
];

/// The whole page.
pub fn of(cases: &[Case]) -> String {
    let agreeing = cases.iter().filter(|case| case.passed).count();
    let mut page = format!(
        "# How true is this?\n\n\
         Written by `make golden` from `readyz conformance traces tests/conformance/traces --page`; \
         by hand nothing is added.\n\n\
         Real clusters of Kubernetes 1.36.3 were recorded, and the simulator repeats each recording: \
         **{agreeing} of {} agree**. One that agrees does so in every state, condition, event, \
         endpoint and moment, within what two runs of a real cluster differ by. \
         [CONFORMANCE.md](../CONFORMANCE.md) tells how they are compared, and of the other suites; \
         why a scenario differs stands in \
         [traces-exceptions.txt](../tests/conformance/traces-exceptions.txt).\n\n\
         Of each scenario the first states of its containers, with seconds since the apply: as the \
         real cluster showed them, then as the simulator does.\n",
        cases.len()
    );
    for (area, title) in AREAS {
        let own: Vec<(&Case, &Replayed)> = cases
            .iter()
            .filter_map(|case| Some((case, case.replay.as_ref()?)))
            .filter(|(_, replay)| replay.area == area)
            .collect();
        let agreeing = own.iter().filter(|(case, _)| case.passed).count();
        // Writing to a string cannot fail.
        let _ = write!(page, "\n## {title}: {agreeing} of {}\n", own.len());
        for (case, replay) in own {
            scenario(&mut page, case, replay);
        }
    }
    page
}

fn scenario(page: &mut String, case: &Case, replay: &Replayed) {
    let verdict = if case.passed { "agrees" } else { "**differs**" };
    let runs = replay.runs.len();
    let agreeing = replay.runs.iter().filter(|run| run.differences == 0);
    let chances = match replay.runs.iter().find(|run| run.run == replay.run) {
        Some(run) if run.draws > 0 => "given the run's chances",
        _ => "given nothing of the run",
    };
    let _ = write!(
        page,
        "\n### {}\n{}: {verdict}, {runs} recorded.\n\n- recorded ({}): {}\n- replayed ({chances}, \
         {} of {runs} agree so): {}\n",
        case.id,
        replay.description,
        replay.run,
        timeline(&replay.recorded),
        agreeing.count(),
        timeline(&replay.replayed),
    );
}

/// `0.6 main running · 5.9 main Error 1 · …`
fn timeline(rows: &[Transition]) -> String {
    let mut told: Vec<String> = Vec::new();
    let mut last = String::new();
    for row in rows {
        let Change::Container(change) = &row.change else {
            continue;
        };
        let state = match &change.state {
            ContainerStateRow::Running { .. } => "running".to_owned(),
            ContainerStateRow::Waiting { reason, .. } => reason.clone().unwrap_or_default(),
            ContainerStateRow::Terminated {
                exit_code, reason, ..
            } => format!("{} {exit_code}", reason.as_deref().unwrap_or_default()),
        };
        let ready = if change.ready { ", ready" } else { "" };
        let what = format!("{} {state}{ready}", change.container);
        if what == last {
            continue;
        }
        if told.len() == STATES_MAX {
            told.push("…".to_owned());
            break;
        }
        told.push(format!("{:.1} {what}", row.t.millis as f64 / 1_000.0));
        last = what;
    }
    match told.is_empty() {
        true => "no container".to_owned(),
        false => told.join(" · "),
    }
}
