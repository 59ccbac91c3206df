//! Whether an exited container starts again (RST-01).

use super::pod_worker::{container_spec, role, Instance, Role, RunState, RuntimeState};
use crate::api::{PodSpec, RestartPolicy, RestartRule};

/// The first rule of the container that fits an exit code. Rules count only beside a restart policy
/// of its own.
fn rule_for(spec: &PodSpec, container: u16, exit_code: i32) -> Option<&RestartRule> {
    let own = container_spec(spec, container);
    let mut rules = own.restart_policy_rules.iter();
    own.restart_policy?;
    rules.find(|rule| rule.exit_codes.contains(&exit_code) != rule.negated)
}

/// Whether a container's end may restart all of them (RST-08).
pub fn may_restart_all(spec: &PodSpec) -> bool {
    let mut all = super::actions::all_containers(spec);
    all.any(|c| {
        let mut rules = container_spec(spec, c).restart_policy_rules.iter();
        rules.any(|rule| rule.all_containers)
    })
}

/// Whether a container has ended in a way that restarts all (RST-08).
pub fn restarts_all(spec: &PodSpec, state: &RuntimeState) -> bool {
    super::actions::all_containers(spec).any(|c| {
        let newest = state.newest(c);
        let ended = newest.filter(|i| i.state == RunState::Exited);
        let rule = ended.and_then(|i| rule_for(spec, c, i.exit_code));
        rule.is_some_and(|rule| rule.all_containers)
    })
}

/// Whether policy or rules restart the container after that exit code.
pub fn restarts_after(spec: &PodSpec, container: u16, exit_code: i32) -> bool {
    if role(spec, container) == Role::Sidecar {
        return true;
    }
    if rule_for(spec, container, exit_code).is_some() {
        return true;
    }
    let own = container_spec(spec, container);
    match own.restart_policy.unwrap_or(spec.restart_policy) {
        RestartPolicy::Always => true,
        RestartPolicy::OnFailure => exit_code != 0,
        RestartPolicy::Never => false,
    }
}

/// Whether a container that the kubelet kills is started again in the same sync (RUN-02): the exit
/// code is not asked.
pub fn restarts_when_killed(spec: &PodSpec, container: u16) -> bool {
    let own = container_spec(spec, container);
    own.restart_policy.unwrap_or(spec.restart_policy) != RestartPolicy::Never
}

/// Whether the next sync would start the container.
pub fn should_start(spec: &PodSpec, deleting: bool, state: &RuntimeState, container: u16) -> bool {
    if deleting {
        return false;
    }
    match state.newest(container) {
        None => true,
        Some(Instance {
            state: RunState::Created,
            ..
        }) => true,
        Some(Instance {
            state: RunState::Running,
            ..
        }) => false,
        Some(instance) => restarts_after(spec, container, instance.exit_code),
    }
}
