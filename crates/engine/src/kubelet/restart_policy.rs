//! Whether an exited container starts again (RST-01).

use super::pod_worker::{container_spec, role, Instance, Role, RunState, RuntimeState};
use crate::api::{PodSpec, RestartPolicy};

/// Whether policy or rules restart the container after that exit code.
pub fn restarts_after(spec: &PodSpec, container: u16, exit_code: i32) -> bool {
    if role(spec, container) == Role::Sidecar {
        return true;
    }
    let own = container_spec(spec, container);
    if own.restart_policy.is_some()
        && own
            .restart_policy_rules
            .iter()
            .any(|rule| rule.exit_codes.contains(&exit_code) != rule.negated)
    {
        return true;
    }
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
