//! Records → rows: what a watching client sees of each change of an API object.

use super::controllers::Seen;
use super::{
    Change, ContainerChange, ContainerStateRow, EventRow, PodConditionRow, Seconds, SeriesRow,
    Transition, Verb,
};
use crate::cluster::{Cluster, PodState};
use crate::container::wall_clock::WallClock;
use crate::events::{self, Object};
use crate::ids::{EventId, PodId, TextId};
use crate::record::{Record, What};
use crate::sorted::Map;
use crate::status::{
    ConditionType, ContainerState, ContainerStatus, PodStatus, Terminated, TerminatedReason,
};
use crate::time::Instant;

/// Remembers what a client has seen, so that only changes become rows.
#[derive(Clone, Debug, Default)]
pub struct Tracer {
    pods: Map<PodId, PodStatus>,
    controllers: Seen,
}

impl Tracer {
    /// The rows that a record adds; `cluster` is the state right after it.
    pub fn observe(&mut self, cluster: &Cluster, record: &Record, rows: &mut Vec<Transition>) {
        let mut out = Rows {
            cluster,
            at: record.at,
            clock: WallClock {
                unix_start_secs: cluster.start_unix_secs,
            },
            rows,
        };
        match record.what {
            What::PodCreated { pod } => self.pod_created(&mut out, pod),
            What::PodBound { pod, node } => {
                let node = cluster.nodes[node.index()].name.to_string();
                out.push(Change::PodBound {
                    pod: out.pod_name(pod),
                    node,
                });
                self.status(&mut out, pod);
            }
            What::PodDeleting { pod, grace_seconds } => out.push(Change::PodTerminating {
                pod: out.pod_name(pod),
                deletion_timestamp: out
                    .stamp(record.at + crate::time::Duration::from_secs(u64::from(grace_seconds))),
                grace_seconds,
            }),
            What::PodRemoved { pod } => out.push(Change::PodDeleted {
                pod: out.pod_name(pod),
            }),
            What::StatusWritten { pod } => self.status(&mut out, pod),
            What::Event { event, count } => out.event(event, count),
            _ => self.controllers.observe(&mut out, &record.what),
        }
    }

    fn pod_created(&mut self, out: &mut Rows, pod: PodId) {
        out.push(Change::PodCreated {
            pod: out.pod_name(pod),
        });
        out.push(Change::PodPhase {
            pod: out.pod_name(pod),
            from: None,
            to: "Pending".into(),
            reason: None,
            message: None,
        });
        self.pods.insert(pod, PodStatus::default());
        let state = &out.cluster.pods[pod.index()];
        if state.node.is_none() && !state.spec.node_name.is_empty() {
            // A node that does not exist: nobody binds it, yet it is bound (SCH-01).
            out.push(Change::PodBound {
                pod: out.pod_name(pod),
                node: state.spec.node_name.clone(),
            });
        }
    }

    fn status(&mut self, out: &mut Rows, pod: PodId) {
        let state = &out.cluster.pods[pod.index()];
        let seen = self.pods.entry(pod).or_default();
        out.phase(state, seen);
        out.conditions(state, seen);
        out.containers(state, seen);
        seen.clone_from(&state.status);
    }
}

/// The rows of one record.
pub(super) struct Rows<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) at: Instant,
    pub(super) clock: WallClock,
    rows: &'a mut Vec<Transition>,
}

impl Rows<'_> {
    pub(super) fn push(&mut self, change: Change) {
        self.rows.push(Transition {
            t: Seconds::from(self.at),
            change,
        });
    }

    pub(super) fn pod_name(&self, pod: PodId) -> String {
        self.cluster.pods[pod.index()].name.to_string()
    }

    /// As the API serves times: whole seconds, UTC.
    pub(super) fn stamp(&self, at: Instant) -> String {
        self.clock.rfc3339_secs(at)
    }

    fn text(&self, id: TextId) -> Option<String> {
        let text = self.cluster.texts.get(id);
        (!text.is_empty()).then(|| text.to_string())
    }

    fn phase(&mut self, pod: &PodState, seen: &PodStatus) {
        if pod.status.phase == seen.phase {
            return;
        }
        self.push(Change::PodPhase {
            pod: pod.name.to_string(),
            from: Some(seen.phase.name().into()),
            to: pod.status.phase.name().into(),
            reason: word(pod.status.reason),
            message: self.text(pod.status.message),
        });
    }

    fn conditions(&mut self, pod: &PodState, seen: &PodStatus) {
        for (kind, status) in &pod.status.foreign {
            if seen.foreign.contains(&(*kind, *status)) {
                continue;
            }
            self.push(Change::PodCondition(PodConditionRow {
                pod: pod.name.to_string(),
                kind: self.cluster.texts.get(*kind).to_string(),
                status: status.name().into(),
                reason: None,
                message: None,
                last_transition_time: None,
            }));
        }
        for kind in ConditionType::ALL {
            let (now, before) = (pod.status.condition(kind), seen.condition(kind));
            let same = (now.status, now.reason, now.message)
                == (before.status, before.reason, before.message);
            if same || now.status.name().is_empty() {
                continue;
            }
            self.push(Change::PodCondition(PodConditionRow {
                pod: pod.name.to_string(),
                kind: kind.name().into(),
                status: now.status.name().into(),
                reason: word(now.reason),
                message: self.text(now.message),
                last_transition_time: Some(self.stamp(now.last_transition)),
            }));
        }
    }

    fn containers(&mut self, pod: &PodState, seen: &PodStatus) {
        let inits = pod.spec.init_containers.len();
        for (number, now) in pod.status.containers.iter().enumerate() {
            let before = seen.containers.get(number);
            if before == Some(now) {
                continue;
            }
            let name = pod.spec.container(number).map_or("", |c| &c.name);
            let row = ContainerChange {
                pod: pod.name.to_string(),
                container: name.into(),
                init: number < inits,
                from: before.map(|status| self.state(status).name().to_string()),
                state: self.state(now),
                ready: now.ready,
                started: now.started == Some(true),
                restart_count: now.restart_count,
                last: now.last.map(|end| self.terminated(&end)),
            };
            self.push(Change::Container(Box::new(row)));
        }
    }

    fn state(&self, status: &ContainerStatus) -> ContainerStateRow {
        match &status.state {
            ContainerState::Waiting { reason, message } => ContainerStateRow::Waiting {
                message: self.text(*message),
                reason: Some(reason.name().into()),
            },
            ContainerState::Running { started_at } => ContainerStateRow::Running {
                started_at: Some(self.stamp(*started_at)),
            },
            ContainerState::Terminated(end) => self.terminated(end),
        }
    }

    fn terminated(&self, end: &Terminated) -> ContainerStateRow {
        let started_at = match end.started_at {
            Some(at) => self.stamp(at),
            None => "1970-01-01T00:00:00Z".into(),
        };
        let is_known = end.reason != TerminatedReason::ContainerStatusUnknown;
        ContainerStateRow::Terminated {
            exit_code: end.exit_code,
            finished_at: is_known.then(|| self.stamp(end.finished_at)),
            message: self.text(end.message),
            reason: Some(end.reason.name().into()),
            started_at: is_known.then_some(started_at),
        }
    }

    fn event(&mut self, id: EventId, count: u32) {
        let Some(event) = self.cluster.events.version(id, count).copied() else {
            return;
        };
        let first_sight = event.created == self.at && count == event.count;
        let field_path = events::field_path(self.cluster, &event.emission);
        let plain = !event.is_series;
        self.push(Change::Event(Box::new(EventRow {
            verb: if first_sight && event.created == event.last {
                Verb::Added
            } else {
                Verb::Modified
            },
            kind: event.emission.event_type.name().into(),
            reason: event.emission.reason.into(),
            object: self.object_name(event.emission.object),
            count: plain.then_some(count),
            message: events::render(self.cluster, &event),
            series: (event.is_series && count > 1).then(|| SeriesRow {
                count,
                last_observed_time: self.clock.rfc3339_micros(event.last),
            }),
            field_path: (!field_path.is_empty()).then_some(field_path),
            first_timestamp: plain.then(|| self.stamp(event.first)),
            last_timestamp: plain.then(|| self.stamp(event.last)),
            event_time: event
                .is_series
                .then(|| self.clock.rfc3339_micros(event.first)),
            source: event.emission.source.component().into(),
        })));
    }

    /// `pod/web-0`.
    pub(super) fn object_name(&self, object: Object) -> String {
        events::object_name(self.cluster, object)
    }
}

fn word(reason: &str) -> Option<String> {
    (!reason.is_empty()).then(|| reason.to_string())
}
