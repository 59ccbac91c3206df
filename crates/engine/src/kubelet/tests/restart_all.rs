//! An exit that restarts all containers of its Pod (RST-08).

use super::*;
use crate::api::{RestartPolicy, RestartRule};
use crate::status::{ConditionStatus, ConditionType, ContainerState, Phase};

/// What a Pod's status shows: the condition, and of each container state, restarts and last exit.
fn shown(play: &Play, pod: PodId) -> String {
    let status = &play.worker(pod).status;
    let restarting = status.condition(ConditionType::AllContainersRestarting);
    let mut text = format!("{} {}:", restarting.status.name(), restarting.reason);
    for container in &status.containers {
        let state = match container.state {
            ContainerState::Waiting { reason, .. } => reason.name(),
            ContainerState::Running { .. } => "Running",
            ContainerState::Terminated(end) => end.reason.name(),
        };
        let last = container.last.map_or("none", |end| end.reason.name());
        text += &format!(" {state}/{}/{last}", container.restart_count);
    }
    text
}

/// RST-08, PRB-08: the container with the rule ends, its sibling is killed without a grace (2 s,
/// TRM-03) and without its preStop hook, all are removed and start again at once, the init
/// container first, in the same sandbox; every one counts a restart, and the phase stays, though no
/// policy would restart anything.
#[test]
fn a_matching_exit_restarts_all_containers() {
    let mut play = Play::new();
    let mut source = shell("source", "sleep 5; exit 42");
    source.restart_policy = Some(RestartPolicy::Never);
    source.restart_policy_rules.push(RestartRule {
        all_containers: true,
        negated: false,
        exit_codes: vec![42],
    });
    let sibling = shell("sibling", "sleep 1000");
    let mut spec = pod_of(vec![source, sibling]);
    spec.restart_policy = RestartPolicy::Never;
    spec.init_containers.push(shell("prepare", "exit 0"));
    let pod = play.add(8, spec);
    let mut seen: Vec<String> = Vec::new();
    for millis in (0..12_000).step_by(5) {
        play.until(millis);
        if !play.worker(pod).has_status {
            continue;
        }
        let now = shown(&play, pod);
        if seen.last() != Some(&now) {
            seen.push(now);
        }
        assert!(!play.worker(pod).status.phase.is_terminal(), "{seen:?}");
    }
    let removed = "RestartingAllContainers/1/RestartingAllContainers";
    let expected = [
        "True RestartAllContainersStarted: Completed/0/none Error/0/none Running/0/none".to_owned(),
        format!("False : {removed} {removed} {removed}"),
    ];
    let at = seen.iter().position(|shown| *shown == expected[0]);
    let at = at.unwrap_or_else(|| panic!("{seen:#?}"));
    assert_eq!(seen[at..at + 2], expected, "{seen:#?}");
    let again = "False : Completed/1/RestartingAllContainers Running/1/RestartingAllContainers \
                 Running/1/RestartingAllContainers";
    assert_eq!(seen.last().map(String::as_str), Some(again), "{seen:#?}");
    assert_eq!(play.worker(pod).status.phase, Phase::Running);
    assert_eq!(play.worker(pod).truth.sandbox.map(|s| s.attempt), Some(0));
    let ready = play.worker(pod).status.condition(ConditionType::Ready);
    assert_eq!(ready.status, ConditionStatus::True);
    let events = play.events();
    let killing: Vec<_> = events.iter().filter(|e| e.contains("Killing")).collect();
    assert_eq!(killing.len(), 1, "{killing:?}");
    assert!(killing[0].contains("killing"), "{killing:?}");
}

/// RST-08: another exit code is nobody else's business.
#[test]
fn another_exit_restarts_nothing() {
    let mut play = Play::new();
    let mut source = shell("source", "sleep 2; exit 1");
    source.restart_policy = Some(RestartPolicy::Never);
    source.restart_policy_rules.push(RestartRule {
        all_containers: true,
        negated: false,
        exit_codes: vec![42],
    });
    let pod = play.add(8, pod_of(vec![source, shell("sibling", "sleep 1000")]));
    play.until(20_000);
    assert_eq!(shown(&play, pod), "False : Error/0/none Running/0/none");
}
