//! The invariants. They know records and states, and nothing of how the engine comes to them.

mod containers;
mod endpoints;
mod probes;

use crate::run::Broken;
use readyz_engine::cluster::Cluster;
use readyz_engine::ids::PodId;
use readyz_engine::record::{Record, What};
use readyz_engine::status::Phase;
use readyz_engine::time::{Duration, Instant};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Result of a check.
type Held = Result<(), Broken>;

/// From a change in the API to its endpoint slice; generous.
const ENDPOINT_LAG: Duration = Duration::from_secs(3);

fn broken(rule: &'static str, at: Instant, details: String) -> Held {
    Err(Broken {
        rule,
        details: format!("{:.3} s: {details}", at.0 as f64 / 1e9),
    })
}

/// Something to look at later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    /// No slice may list the Pod as ready, if it has been unready since.
    Unready { pod: u32, since: Instant },
    /// No slice may list the Pod at all.
    Gone { pod: u32 },
    /// A healthy Pod must be ready, if nothing has happened to it.
    Healthy { pod: u32, started: u32 },
}

/// What is known of a Pod.
#[derive(Clone, Debug)]
struct PodWatch {
    name: String,
    created_at: Instant,
    removed_at: Option<Instant>,
    is_deleting: bool,
    phase: Phase,
    unready_since: Option<Instant>,
    containers: Vec<containers::ContainerWatch>,
    probes: Vec<probes::ProbeWatch>,
    /// How many containers have started; raised by whatever befalls it too.
    started: u32,
}

/// Watches a run.
#[derive(Default)]
pub struct Watch {
    pods: Vec<Option<PodWatch>>,
    looks: BinaryHeap<Reverse<(Instant, Look)>>,
    last_at: Instant,
    /// Number of the next record, which is its id.
    next_record: u32,
}

impl Watch {
    /// Checks everything that the records of one step touch.
    pub fn see(&mut self, cluster: &Cluster, records: &[Record]) -> Held {
        let first = self.next_record;
        self.next_record += records.len() as u32;
        for (index, record) in records.iter().enumerate() {
            if record.at < self.last_at {
                let text = format!("{:?}", record.what);
                return broken("time goes forward", record.at, text);
            }
            self.last_at = record.at;
            while let Some(Reverse((at, look))) = self.looks.peek().copied() {
                if at >= record.at {
                    break;
                }
                self.looks.pop();
                self.look(cluster, at, look)?;
            }
            self.see_one(cluster, records, record, first + index as u32)?;
        }
        Ok(())
    }

    fn see_one(&mut self, cluster: &Cluster, batch: &[Record], record: &Record, id: u32) -> Held {
        let at = record.at;
        match record.what {
            What::SyncBegan { .. } | What::SyncEnded { .. } => Ok(()),
            What::Input { .. } | What::Undone { .. } => {
                // Whatever it is about, nothing is promised for what was under way.
                for pod in self.pods.iter_mut().flatten() {
                    pod.started += 1;
                }
                Ok(())
            }
            What::PodCreated { pod } => {
                self.created(cluster, pod, at);
                Ok(())
            }
            What::PodDeleting { pod, .. } => {
                if let Some(own) = self.pod(pod) {
                    own.is_deleting = true;
                }
                self.unready(pod, at);
                Ok(())
            }
            What::PodRemoved { pod } => {
                if let Some(own) = self.pod(pod) {
                    own.removed_at = Some(at);
                }
                self.later(at + ENDPOINT_LAG, Look::Gone { pod: pod.0 });
                Ok(())
            }
            What::StatusWritten { pod } => self.status_written(cluster, pod, at),
            What::ContainerStarted {
                pod,
                container,
                instance,
            } => self.container_started(cluster, pod, container, instance, at),
            What::ContainerExited { pod, container, .. } => {
                self.container_exited(pod, container, at)
            }
            What::StopSignalled {
                pod,
                container,
                grace_seconds,
                why,
            } => self.stop_signalled(pod, container, grace_seconds, why, at),
            What::Probed { .. } => self.probed(cluster, batch, record, id),
            What::ProbeResult { .. } => {
                self.probe_result(batch, record);
                Ok(())
            }
            What::Endpoint {
                service,
                pod,
                state,
            } => self.endpoint(cluster, service, pod, state, at),
            _ => Ok(()),
        }
    }

    fn pod(&mut self, pod: PodId) -> Option<&mut PodWatch> {
        self.pods.get_mut(pod.index())?.as_mut()
    }

    fn later(&mut self, at: Instant, look: Look) {
        self.looks.push(Reverse((at, look)));
    }

    fn created(&mut self, cluster: &Cluster, pod: PodId, at: Instant) {
        let state = &cluster.pods[pod.index()];
        let spec = &state.spec;
        let count = spec.init_containers.len() + spec.containers.len();
        if self.pods.len() <= pod.index() {
            self.pods.resize(pod.index() + 1, None);
        }
        self.pods[pod.index()] = Some(PodWatch {
            name: state.name.to_string(),
            created_at: at,
            removed_at: None,
            is_deleting: false,
            phase: Phase::Pending,
            unready_since: Some(at),
            containers: vec![containers::ContainerWatch::default(); count],
            probes: vec![probes::ProbeWatch::default(); count * 3],
            started: 0,
        });
    }

    fn unready(&mut self, pod: PodId, at: Instant) {
        let Some(own) = self.pod(pod) else { return };
        own.unready_since = Some(at);
        let look = Look::Unready {
            pod: pod.0,
            since: at,
        };
        self.later(at + ENDPOINT_LAG, look);
    }

    fn status_written(&mut self, cluster: &Cluster, pod: PodId, at: Instant) -> Held {
        let status = &cluster.pods[pod.index()].status;
        let Some(own) = self.pod(pod) else {
            return Ok(());
        };
        if own.phase.is_terminal() && status.phase != own.phase {
            let text = format!("{} is {} again", own.name, status.phase.name());
            return broken("terminated stays terminated", at, text);
        }
        own.phase = status.phase;
        for (watch, now) in own.containers.iter_mut().zip(&status.containers) {
            if now.restart_count < watch.restart_count {
                let text = format!("{} fell to {}", own.name, now.restart_count);
                return broken("restartCount never falls", at, text);
            }
            watch.restart_count = now.restart_count;
        }
        match (status.is_ready(), own.unready_since.is_some()) {
            (true, true) if !own.is_deleting => own.unready_since = None,
            (false, false) => self.unready(pod, at),
            _ => {}
        }
        Ok(())
    }

    /// Lifetimes of all Pods until the end of the run.
    pub fn pod_seconds(&self, end: Instant) -> u64 {
        let lives = self.pods.iter().flatten().map(|pod| {
            let until = pod.removed_at.unwrap_or(end);
            until.since(pod.created_at).as_secs()
        });
        lives.sum()
    }
}
