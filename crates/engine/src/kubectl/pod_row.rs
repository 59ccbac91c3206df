//! Columns READY, STATUS and RESTARTS of `kubectl get pods` (POD-02…04).

use crate::cluster::PodState;
use crate::status::{
    ConditionStatus, ConditionType, ContainerState, ContainerStatus, WaitingReason,
};
use crate::time::Instant;

/// A Pod's row, before the age is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodRow {
    pub ready: u32,
    pub total: u32,
    pub status: String,
    pub restarts: u32,
    /// When the last restarted container ended.
    pub last_restart_at: Option<Instant>,
}

/// What kubectl makes of the stored status.
pub fn pod_row(pod: &PodState) -> PodRow {
    let inits = pod.spec.init_containers.len();
    let split = inits.min(pod.status.containers.len());
    let (init, regular) = pod.status.containers.split_at(split);
    let mut row = PodRow {
        ready: 0,
        total: pod.spec.containers.len() as u32,
        status: if pod.status.reason.is_empty() {
            pod.status.phase.name().into()
        } else {
            pod.status.reason.into()
        },
        restarts: 0,
        last_restart_at: None,
    };
    if pod.status.condition(ConditionType::PodScheduled).reason == "SchedulingGated" {
        row.status = "SchedulingGated".into();
    }
    row.total += (0..inits)
        .filter(|number| pod.spec.is_sidecar(*number))
        .count() as u32;
    let initializing = walk_init_containers(pod, init, &mut row);
    let initialized =
        pod.status.condition(ConditionType::Initialized).status == ConditionStatus::True;
    if !initializing || initialized {
        count_restarts(pod, init, regular, &mut row);
        walk_regular_containers(pod, regular, &mut row);
    } else {
        count_all(init, &mut row);
    }
    if pod.deletion.is_some() && !pod.status.phase.is_terminal() {
        row.status = "Terminating".into();
    }
    row
}

/// Step 3 of POD-03. Whether the Pod is still initializing.
fn walk_init_containers(pod: &PodState, init: &[ContainerStatus], row: &mut PodRow) -> bool {
    for (number, status) in init.iter().enumerate() {
        let sidecar_up = pod.spec.is_sidecar(number) && status.started == Some(true);
        match status.state {
            ContainerState::Terminated(end) if end.exit_code == 0 => continue,
            _ if sidecar_up => {
                row.ready += u32::from(status.ready);
                continue;
            }
            ContainerState::Terminated(end) => row.status = format!("Init:{}", end.reason.name()),
            ContainerState::Waiting { reason, .. } if reason != WaitingReason::PodInitializing => {
                row.status = format!("Init:{}", reason.name());
            }
            _ => row.status = format!("Init:{number}/{}", pod.spec.init_containers.len()),
        }
        return true;
    }
    false
}

/// Steps 4 and 5 of POD-03.
fn walk_regular_containers(pod: &PodState, regular: &[ContainerStatus], row: &mut PodRow) {
    let mut has_running = false;
    let mut error_reason = None;
    for status in regular.iter().rev() {
        match status.state {
            ContainerState::Waiting { reason, .. } => row.status = reason.name().into(),
            ContainerState::Terminated(end) => {
                row.status = end.reason.name().into();
                if end.exit_code != 0 {
                    error_reason = Some(row.status.clone());
                }
            }
            ContainerState::Running { .. } if status.ready => {
                has_running = true;
                row.ready += 1;
            }
            ContainerState::Running { .. } => {}
        }
    }
    if row.status == "Completed" {
        if has_running && pod.status.is_ready() {
            row.status = "Running".into();
        } else if let Some(reason) = error_reason {
            row.status = reason;
        } else if has_running {
            row.status = "NotReady".into();
        }
    }
}

/// POD-04, once initialised: sidecars and regular containers.
fn count_restarts(
    pod: &PodState,
    init: &[ContainerStatus],
    regular: &[ContainerStatus],
    row: &mut PodRow,
) {
    for (number, status) in init.iter().enumerate() {
        if pod.spec.is_sidecar(number) {
            count_one(status, row);
        }
    }
    count_all(regular, row);
}

fn count_all(statuses: &[ContainerStatus], row: &mut PodRow) {
    for status in statuses {
        count_one(status, row);
    }
}

fn count_one(status: &ContainerStatus, row: &mut PodRow) {
    row.restarts += status.restart_count;
    if let Some(last) = status.last {
        row.last_restart_at = row.last_restart_at.max(Some(last.finished_at));
    }
}
