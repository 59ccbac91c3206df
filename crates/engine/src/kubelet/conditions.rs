//! Pod conditions that the kubelet owns (STS-04, STS-05).

use super::pod_worker::{container_spec, init_range, regular_range, role, Role};
use crate::api::PodSpec;
use crate::ids::TextId;
use crate::status::{Condition, ConditionStatus, ConditionType, ContainerState, Phase, PodStatus};
use crate::text::Texts;

/// Sets all conditions of `status` from its containers and phase. Transition times are the status
/// manager's.
pub fn generate(spec: &PodSpec, texts: &mut Texts, sandbox_ready: bool, status: &mut PodStatus) {
    let was_initialized =
        status.condition(ConditionType::Initialized).status == ConditionStatus::True;
    set(
        status,
        ConditionType::PodReadyToStartContainers,
        plain(sandbox_ready),
    );
    let initialized = initialized(spec, texts, was_initialized, status);
    set(status, ConditionType::Initialized, initialized);
    set_readiness(spec, texts, status);
    set(status, ConditionType::PodScheduled, plain(true));
}

/// Sets AllContainersRestarting of a Pod that has a rule for it (RST-08).
pub fn set_restarting(texts: &mut Texts, is_restarting: bool, status: &mut PodStatus) {
    let condition = match status.phase {
        Phase::Succeeded => because("PodCompleted", TextId::EMPTY),
        Phase::Failed => because("PodFailed", TextId::EMPTY),
        _ if !is_restarting => plain(false),
        _ => Condition {
            reason: "RestartAllContainersStarted",
            message: texts.intern("container exited with restart policy rule"),
            ..plain(true)
        },
    };
    set(status, ConditionType::AllContainersRestarting, condition);
}

/// Sets Ready and ContainersReady from the containers' `ready` and the phase.
pub fn set_readiness(spec: &PodSpec, texts: &mut Texts, status: &mut PodStatus) {
    let containers = containers_ready(spec, texts, status);
    set(status, ConditionType::ContainersReady, containers);
    let ready = if containers.status == ConditionStatus::True && !spec.readiness_gates.is_empty() {
        gates(spec, texts, status)
    } else {
        containers
    };
    set(status, ConditionType::Ready, ready);
}

fn set(status: &mut PodStatus, kind: ConditionType, mut condition: Condition) {
    let slot = &mut status.conditions[kind as usize];
    condition.last_transition = slot.last_transition;
    *slot = condition;
}

fn plain(is_true: bool) -> Condition {
    Condition {
        status: if is_true {
            ConditionStatus::True
        } else {
            ConditionStatus::False
        },
        ..Condition::default()
    }
}

fn because(reason: &'static str, message: TextId) -> Condition {
    Condition {
        status: ConditionStatus::False,
        reason,
        message,
        ..Condition::default()
    }
}

fn initialized(
    spec: &PodSpec,
    texts: &mut Texts,
    was_initialized: bool,
    status: &PodStatus,
) -> Condition {
    if status.phase == Phase::Succeeded {
        return Condition {
            reason: "PodCompleted",
            ..plain(true)
        };
    }
    let began = regular_range(spec).any(|c| {
        matches!(
            status.containers[usize::from(c)].state,
            ContainerState::Running { .. } | ContainerState::Terminated(_)
        )
    });
    if began || was_initialized {
        return plain(true);
    }
    let incomplete = names(spec, init_range(spec), |c| {
        let container = &status.containers[usize::from(c)];
        if role(spec, c) == Role::Sidecar {
            container.started != Some(true)
        } else {
            !container.ready
        }
    });
    match incomplete {
        None => plain(true),
        Some(list) => because(
            "ContainersNotInitialized",
            texts.intern(&format!("containers with incomplete status: {list}")),
        ),
    }
}

fn containers_ready(spec: &PodSpec, texts: &mut Texts, status: &PodStatus) -> Condition {
    match status.phase {
        Phase::Succeeded => return because("PodCompleted", TextId::EMPTY),
        Phase::Failed => return because("PodFailed", TextId::EMPTY),
        _ => {}
    }
    let all = 0..regular_range(spec).end;
    let unready = names(spec, all, |c| {
        role(spec, c) != Role::Init && !status.containers[usize::from(c)].ready
    });
    match unready {
        None => plain(true),
        Some(list) => because(
            "ContainersNotReady",
            texts.intern(&format!("containers with unready status: {list}")),
        ),
    }
}

/// Readiness gates: each asks for a condition that somebody else sets.
fn gates(spec: &PodSpec, texts: &mut Texts, status: &PodStatus) -> Condition {
    let problem = |gate: &String| match status.named(texts, gate) {
        ConditionStatus::Absent => Some(format!(
            "corresponding condition of pod readiness gate \"{gate}\" does not exist."
        )),
        ConditionStatus::True => None,
        other => Some(format!(
            "the status of pod readiness gate \"{gate}\" is not \"True\", but {}",
            other.name()
        )),
    };
    let problems: Vec<String> = spec.readiness_gates.iter().filter_map(problem).collect();
    if problems.is_empty() {
        return plain(true);
    }
    because("ReadinessGatesNotReady", texts.intern(&problems.join(", ")))
}

/// `[a b]` of the containers that match, in spec order; None if none does.
fn names(
    spec: &PodSpec,
    range: std::ops::Range<u16>,
    matches: impl Fn(u16) -> bool,
) -> Option<String> {
    let names: Vec<&str> = range
        .filter(|c| matches(*c))
        .map(|c| container_spec(spec, c).name.as_str())
        .collect();
    (!names.is_empty()).then(|| format!("[{}]", names.join(" ")))
}
