//! Records → lanes: one pass over the log, each record moving one lane forward.

use super::{BandKind, BandView, LaneView, StripView, TickOutcome, TickView};
use crate::api::{PodSpec, ProbeKind};
use crate::cluster::Cluster;
use crate::ids::{PodId, RecordId, ServiceId};
use crate::record::{ProbeOutcome, ProbeValue, Record, What};
use crate::sorted::Map;
use crate::time::{Duration, Instant};

/// Where a container is, for its band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    Booting,
    Running,
    /// The preStop hook runs: the stop signal follows.
    InHook,
    /// SIGKILL follows after these seconds.
    Stopping(u32),
    /// Ended with this exit code.
    Ended(i32),
    /// Start refused until this second, after a wait of so many.
    BackOff {
        until: u32,
        wait: u32,
    },
}

impl Stage {
    const fn kind(self) -> BandKind {
        match self {
            Stage::Waiting => BandKind::Waiting,
            Stage::Booting => BandKind::Booting,
            Stage::Running => BandKind::Running,
            Stage::InHook | Stage::Stopping(_) => BandKind::Stopping,
            Stage::Ended(_) => BandKind::Terminated,
            Stage::BackOff { .. } => BandKind::BackOff,
        }
    }

    fn planned_end(self, from: Instant) -> Option<Instant> {
        match self {
            Stage::Stopping(grace) => Some(from + Duration::from_secs(u64::from(grace))),
            Stage::BackOff { until, .. } => Some(Instant::from_secs(u64::from(until))),
            _ => None,
        }
    }

    fn label(self) -> String {
        match self {
            Stage::Waiting => "Waiting".into(),
            Stage::Booting => "Starting".into(),
            Stage::Running => "Running".into(),
            Stage::InHook => "Running, preStop".into(),
            Stage::Stopping(_) => "Running, stopping".into(),
            Stage::Ended(0) => "Completed".into(),
            Stage::Ended(code) => format!("Error, exit code {code}"),
            Stage::BackOff { wait, .. } => format!("back-off {wait} s"),
        }
    }
}

struct Lane {
    view: LaneView,
    stage: Stage,
    since: Instant,
    /// When its last instance ended.
    ended: Instant,
    /// Index of each probe kind's strip, if configured.
    strips: [Option<u8>; 3],
}

impl Lane {
    fn new(pod: PodId, name: &str, spec: &PodSpec, container: usize, at: Instant) -> Self {
        let declared = spec.container(container);
        let mut strips = [None; 3];
        let mut probes = Vec::new();
        for kind in ProbeKind::ALL {
            let Some(probe) = declared.and_then(|c| c.probe(kind)) else {
                continue;
            };
            strips[kind as usize] = Some(probes.len() as u8);
            probes.push(StripView {
                kind,
                failure_threshold: probe.failure_threshold,
                success_threshold: probe.success_threshold,
                ticks: Vec::new(),
            });
        }
        Lane {
            view: LaneView {
                pod: name.into(),
                pod_id: pod.0,
                container: declared.map_or_else(String::new, |c| c.name.clone()),
                from: at,
                to: Instant::NEVER,
                bands: Vec::new(),
                probes,
                in_service: Vec::new(),
                has_service: false,
            },
            stage: Stage::Waiting,
            since: at,
            ended: at,
            strips,
        }
    }

    fn enter(&mut self, stage: Stage, at: Instant) {
        if self.stage == stage {
            return;
        }
        self.close(at);
        self.stage = stage;
        self.since = at;
    }

    fn close(&mut self, at: Instant) {
        if at > self.since {
            self.view.bands.push(BandView {
                from: self.since,
                to: at,
                kind: self.stage.kind(),
                label: self.stage.label(),
                planned_end: self.stage.planned_end(self.since),
            });
        }
    }

    fn strip(&mut self, kind: ProbeKind) -> Option<&mut StripView> {
        let index = self.strips[kind as usize]?;
        self.view.probes.get_mut(usize::from(index))
    }

    fn has_startup_probe(&self) -> bool {
        self.strips[ProbeKind::Startup as usize].is_some()
    }
}

/// Builds the lanes of a run.
pub(super) struct Lanes<'a> {
    cluster: &'a Cluster,
    lanes: Vec<Lane>,
    /// First lane of each Pod and their number, by id.
    of_pod: Vec<(u32, u16)>,
    /// Services that list the Pod as ready.
    ready_in: Map<PodId, Vec<ServiceId>>,
}

impl<'a> Lanes<'a> {
    pub(super) fn new(cluster: &'a Cluster) -> Self {
        Lanes {
            cluster,
            lanes: Vec::new(),
            of_pod: vec![(0, 0); cluster.pods.len()],
            ready_in: Map::new(),
        }
    }

    fn pod_lanes(&mut self, pod: PodId) -> &mut [Lane] {
        let (first, count) = self.of_pod[pod.index()];
        let first = first as usize;
        &mut self.lanes[first..first + usize::from(count)]
    }

    fn lane(&mut self, pod: PodId, container: u16) -> Option<&mut Lane> {
        self.pod_lanes(pod).get_mut(usize::from(container))
    }

    /// Takes one record into account.
    pub(super) fn add(&mut self, record: &Record) {
        let at = record.at;
        match record.what {
            What::PodCreated { pod } => self.pod_created(pod, at),
            What::PodRemoved { pod } => self.pod_removed(pod, at),
            What::ContainerStarted { pod, container, .. } => {
                if let Some(lane) = self.lane(pod, container) {
                    let stage = if lane.has_startup_probe() {
                        Stage::Booting
                    } else {
                        Stage::Running
                    };
                    lane.enter(stage, at);
                }
            }
            What::HookBegan { pod, container, .. } => {
                if let Some(lane) = self.lane(pod, container) {
                    lane.enter(Stage::InHook, at);
                }
            }
            What::StopSignalled {
                pod,
                container,
                grace_seconds,
                ..
            } => {
                if let Some(lane) = self.lane(pod, container) {
                    lane.enter(Stage::Stopping(grace_seconds), at);
                }
            }
            What::ContainerExited {
                pod,
                container,
                exit_code,
                ..
            } => {
                if let Some(lane) = self.lane(pod, container) {
                    lane.ended = at;
                    lane.enter(Stage::Ended(exit_code), at);
                }
            }
            What::BackOff {
                pod,
                container,
                until_secs,
            } => {
                if let Some(lane) = self.lane(pod, container) {
                    // The wait counts from the end of the last instance; both are rounded up.
                    let ended = (lane.ended + Duration(999_999_999)).as_secs() as u32;
                    let stage = Stage::BackOff {
                        until: until_secs,
                        wait: until_secs.saturating_sub(ended),
                    };
                    lane.enter(stage, at);
                }
            }
            What::Probed { .. } => self.probed(record),
            What::ProbeResult {
                pod,
                container,
                kind,
                value,
            } => self.result(pod, container, kind, value, at),
            What::Endpoint {
                service,
                pod,
                state,
            } => self.endpoint(service, pod, state.present, state.ready, at),
            _ => {}
        }
    }

    fn pod_created(&mut self, pod: PodId, at: Instant) {
        let state = &self.cluster.pods[pod.index()];
        let count = state.spec.container_count() as u16;
        self.of_pod[pod.index()] = (self.lanes.len() as u32, count);
        for container in 0..state.spec.container_count() {
            self.lanes
                .push(Lane::new(pod, &state.name, &state.spec, container, at));
        }
    }

    fn pod_removed(&mut self, pod: PodId, at: Instant) {
        for lane in self.pod_lanes(pod) {
            lane.close(at);
            lane.since = at;
            lane.view.to = at;
        }
    }

    fn probed(&mut self, record: &Record) {
        let What::Probed {
            pod,
            container,
            kind,
            outcome,
            run,
            triggered,
            took_millis,
        } = record.what
        else {
            return;
        };
        let Some(strip) = self.lane(pod, container).and_then(|l| l.strip(kind)) else {
            return;
        };
        strip.ticks.push(TickView {
            at: record.at,
            outcome: match outcome {
                ProbeOutcome::Success | ProbeOutcome::Warning => TickOutcome::Success,
                ProbeOutcome::Failure => TickOutcome::Failure,
                ProbeOutcome::Error => TickOutcome::Error,
            },
            run,
            triggered,
            decisive: false,
            took_millis,
        });
    }

    fn result(
        &mut self,
        pod: PodId,
        container: u16,
        kind: ProbeKind,
        value: ProbeValue,
        at: Instant,
    ) {
        let Some(lane) = self.lane(pod, container) else {
            return;
        };
        if let Some(tick) = lane.strip(kind).and_then(|s| s.ticks.last_mut()) {
            let agrees = match value {
                ProbeValue::Success => tick.outcome == TickOutcome::Success,
                ProbeValue::Failure => tick.outcome == TickOutcome::Failure,
                ProbeValue::Unknown | ProbeValue::Removed => false,
            };
            tick.decisive |= agrees && tick.at == at;
        }
        if kind == ProbeKind::Startup
            && value == ProbeValue::Success
            && lane.stage == Stage::Booting
        {
            lane.enter(Stage::Running, at);
        }
    }

    fn endpoint(
        &mut self,
        service: ServiceId,
        pod: PodId,
        present: bool,
        ready: bool,
        at: Instant,
    ) {
        let services = self.ready_in.entry(pod).or_default();
        let was_ready = !services.is_empty();
        services.retain(|other| *other != service);
        if present && ready {
            services.push(service);
        }
        let is_ready = !services.is_empty();
        for lane in self.pod_lanes(pod) {
            lane.view.has_service |= present;
            if is_ready && !was_ready {
                lane.view.in_service.push((at, Instant::NEVER));
            } else if was_ready && !is_ready {
                if let Some(open) = lane.view.in_service.last_mut() {
                    open.1 = at;
                }
            }
        }
    }

    /// The lanes, everything open closed at the run's end.
    pub(super) fn finish(self, end: Instant) -> Vec<LaneView> {
        self.lanes
            .into_iter()
            .map(|mut lane| {
                if lane.view.to > end {
                    lane.close(end);
                    lane.view.to = end;
                }
                for stretch in &mut lane.view.in_service {
                    stretch.1 = stretch.1.min(lane.view.to);
                }
                lane.view
            })
            .collect()
    }
}

/// Longest chain from a record to what began it, newest first.
pub fn causes(records: &[Record], of: RecordId) -> Vec<RecordId> {
    let mut chain = Vec::new();
    let mut next = of;
    while let Some(record) = records.get(next.index()) {
        chain.push(next);
        next = record.cause;
    }
    chain
}

/// Two moments closer than this are one stop for *previous* and *next*.
pub(super) const SAME_MOMENT: Duration = Duration::from_millis(1);
