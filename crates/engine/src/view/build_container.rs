//! One container of a [`super::PodView`]: what the API says, and what it does not.

use super::build_cluster::{role, LaneIndex};
use super::{
    BackOffView, BandKind, ContainerView, ExitView, FaultView, FileView, GaugeState, LaneView,
    ProbeView, StateView, StoppingView,
};
use crate::api::{Container, Handler, PortRef, Probe, ProbeKind, Scheme};
use crate::cluster::{Cluster, PodState};
use crate::container::image;
use crate::events::{self, Object};
use crate::ids::PodId;
use crate::kubelet::pre_stop_of;
use crate::kubelet::prober::{ProbeResult, Worker};
use crate::kubelet::steady::worker_of;
use crate::status::{ContainerState, ContainerStatus, Terminated};
use crate::time::{Duration, Instant};

pub(super) fn container_view(
    cluster: &Cluster,
    lanes: &LaneIndex,
    id: PodId,
    number: usize,
    at: Instant,
) -> Option<ContainerView> {
    let pod: &PodState = &cluster.pods[id.index()];
    let declared = pod.spec.container(number)?;
    let status = pod
        .status
        .containers
        .get(number)
        .copied()
        .unwrap_or_default();
    let lane = lanes.lane(id, number);
    let (state, reason, message, since) = state_view(cluster, pod, &status);
    let mut world = pod.world.clone();
    let (image, is_known) = image::resolve_with(&cluster.images, &declared.image);
    let world_number = number as u32;
    Some(ContainerView {
        name: declared.name.clone(),
        role: role(pod, number),
        image: declared.image.clone(),
        behaviour: image::describe(&image, is_known),
        is_assumed: !is_known,
        state,
        since,
        reason,
        message,
        started: status.started == Some(true),
        ready: status.ready,
        restarts: status.restart_count,
        last_exit: last_exit(&status),
        stopping: in_hook(pod, number).or_else(|| stopping(lane, at)),
        back_off: back_off(lane, at, &status),
        probes: ProbeKind::ALL
            .into_iter()
            .filter_map(|kind| probe_view(cluster, id, number, declared, kind, &status))
            .collect(),
        faults: faults(cluster, id, world_number),
        listening: world
            .listeners()
            .iter()
            .filter(|listener| listener.container == world_number)
            .map(|listener| listener.port)
            .collect(),
        process_running: world.is_running(world_number),
        probe_files: probe_files(declared)
            .map(|path| FileView {
                path: path.clone(),
                exists: world.file_exists(at, world_number, path),
            })
            .collect(),
    })
}

/// Absolute paths among the arguments of exec probes, each once.
fn probe_files(declared: &Container) -> impl Iterator<Item = &String> {
    let mut files: Vec<&String> = Vec::new();
    for kind in ProbeKind::ALL {
        let Some(Handler::Exec { command }) = declared.probe(kind).map(|probe| &probe.handler)
        else {
            continue;
        };
        for argument in command.iter().skip(1) {
            if argument.starts_with('/') && !files.contains(&argument) {
                files.push(argument);
            }
        }
    }
    files.into_iter()
}

/// The API's state with its words and the moment it began.
fn state_view(
    cluster: &Cluster,
    pod: &PodState,
    status: &ContainerStatus,
) -> (StateView, String, String, Instant) {
    match status.state {
        ContainerState::Waiting { reason, message } => {
            let since = status.last.map_or(pod.created_at, |end| end.finished_at);
            let seen = pod.status.start_time.is_some();
            let reason = if seen { reason.name() } else { "" };
            (
                StateView::Waiting,
                reason.into(),
                cluster.texts.get(message).into(),
                since,
            )
        }
        ContainerState::Running { started_at } => {
            (StateView::Running, String::new(), String::new(), started_at)
        }
        ContainerState::Terminated(end) => (
            StateView::Terminated,
            end.reason.name().into(),
            cluster.texts.get(end.message).into(),
            end.finished_at,
        ),
    }
}

fn last_exit(status: &ContainerStatus) -> Option<ExitView> {
    let end: Terminated = match status.state {
        ContainerState::Terminated(end) => end,
        _ => status.last?,
    };
    Some(ExitView {
        exit_code: end.exit_code,
        reason: end.reason.name().into(),
        finished_at: end.finished_at,
    })
}

/// The band that covers a moment.
fn band(lane: Option<&LaneView>, at: Instant) -> Option<&super::BandView> {
    let bands = &lane?.bands;
    let after = bands.partition_point(|band| band.from <= at);
    bands.get(after.checked_sub(1)?).filter(|band| at < band.to)
}

fn stopping(lane: Option<&LaneView>, at: Instant) -> Option<StoppingView> {
    let band = band(lane, at).filter(|band| band.kind == BandKind::Stopping)?;
    Some(StoppingView {
        since: band.from,
        kill_at: band.planned_end?,
        in_hook: false,
    })
}

fn in_hook(pod: &PodState, number: usize) -> Option<StoppingView> {
    let (since, kill_at) = pre_stop_of(pod, number as u16)?;
    Some(StoppingView {
        since,
        kill_at,
        in_hook: true,
    })
}

fn back_off(lane: Option<&LaneView>, at: Instant, status: &ContainerStatus) -> Option<BackOffView> {
    let band = band(lane, at).filter(|band| band.kind == BandKind::BackOff)?;
    let mut before = lane?.bands.iter().rev();
    let ended = before.find(|one| one.kind == BandKind::Terminated && one.from <= at);
    let from = match ended {
        Some(ended) => ended.from,
        None => last_exit(status).map_or(band.from, |exit| exit.finished_at),
    };
    let until = band.planned_end?;
    Some(BackOffView {
        from,
        // As the lane names it: whole seconds, from the first one after the end.
        total: until - Instant::from_secs((from + Duration(999_999_999)).as_secs()),
        // The start comes with the retry that follows the end of the back-off (BKO-09); a run may
        // end before.
        retry_at: band.to.max(until),
    })
}

fn faults(cluster: &Cluster, pod: PodId, container: u32) -> Vec<FaultView> {
    cluster
        .faults
        .iter()
        .filter(|fault| fault.pod == pod && fault.container.is_none_or(|c| c == container))
        .map(|fault| FaultView {
            input: fault.input,
            label: fault.undo.label(),
            since: fault.since,
            until: None,
        })
        .collect()
}

fn probe_view(
    cluster: &Cluster,
    id: PodId,
    number: usize,
    declared: &Container,
    kind: ProbeKind,
    status: &ContainerStatus,
) -> Option<ProbeView> {
    let probe = declared.probe(kind)?;
    let worker = worker_of(cluster, id, number as u16, kind);
    let worker = worker.as_ref();
    let (failures, successes) = match worker.map(Worker::streak) {
        Some((ProbeResult::Failure, run)) => (run, 0),
        Some((ProbeResult::Success, run)) => (0, run),
        _ => (0, 0),
    };
    let period = Duration::from_secs(u64::from(probe.period_seconds));
    let next_tick = worker.map(Worker::next_tick);
    Some(ProbeView {
        kind,
        target: target(probe),
        gauge: gauge(worker, kind, status, failures, successes, probe),
        failures,
        successes,
        failure_threshold: probe.failure_threshold,
        success_threshold: probe.success_threshold,
        period,
        last_tick: next_tick.map(|next| Instant(next.0.saturating_sub(period.0))),
        next_tick,
        last_output: if failures > 0 {
            last_output(cluster, id, number, kind)
        } else {
            String::new()
        },
    })
}

fn gauge(
    worker: Option<&Worker>,
    kind: ProbeKind,
    status: &ContainerStatus,
    failures: u32,
    successes: u32,
    probe: &Probe,
) -> GaugeState {
    let running = matches!(status.state, ContainerState::Running { .. });
    let Some(worker) = worker.filter(|_| running) else {
        return GaugeState::Stopped;
    };
    if kind == ProbeKind::Startup && status.started == Some(true) {
        return GaugeState::Passed;
    }
    if kind != ProbeKind::Startup && status.started != Some(true) {
        return GaugeState::Held;
    }
    if worker.is_on_hold() {
        return GaugeState::OnHold;
    }
    match (failures, successes) {
        (0, 0) => GaugeState::NoneYet,
        (0, _) => GaugeState::Passing,
        (failures, _) if failures >= probe.failure_threshold => GaugeState::ThresholdReached,
        _ => GaugeState::Failing,
    }
}

/// What a probe asks, shortly.
pub fn target(probe: &Probe) -> String {
    let port = |port: &PortRef| match port {
        PortRef::Number(number) => number.to_string(),
        PortRef::Name(name) => name.clone(),
    };
    match &probe.handler {
        Handler::Exec { command } => format!("exec {}", command.join(" ")),
        Handler::HttpGet(get) => {
            let scheme = if get.scheme == Scheme::Https {
                "https "
            } else {
                ""
            };
            format!("GET {scheme}{}:{}{}", get.host, port(&get.port), get.path)
        }
        Handler::TcpSocket { host, port: to } => format!("tcp {host}:{}", port(to)),
        Handler::Grpc { port, service } if service.is_empty() => format!("grpc :{port}"),
        Handler::Grpc { port, service } => format!("grpc :{port} {service}"),
        Handler::Sleep { seconds } => format!("sleep {seconds} s"),
    }
}

/// The newest Unhealthy message of this probe.
fn last_output(cluster: &Cluster, pod: PodId, number: usize, kind: ProbeKind) -> String {
    let newest = cluster
        .events
        .all()
        .iter()
        .filter(|event| {
            event.emission.object == Object::Pod(pod)
                && event.emission.container == Some(number as u16)
                && event.emission.reason == "Unhealthy"
        })
        .filter_map(|event| {
            let text = events::render(cluster, event);
            let text = text.trim_start_matches("(combined from similar events): ");
            text.starts_with(kind.title())
                .then(|| (event.last, text.trim_end().to_string()))
        })
        .max_by_key(|(last, _)| *last);
    newest.map_or_else(String::new, |(_, text)| text)
}
