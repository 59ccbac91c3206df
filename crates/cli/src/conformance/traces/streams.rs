//! Transitions of a run, sorted into streams of normalised values that can be compared.

use super::pod_streams::{Changes, EventKey, Pod, WRITE_SKEW};
use super::text::Names;
use super::value::{ContainerValue, Value};
use readyz_engine::trace::{
    Change, ContainerChange, ContainerStateRow, DeploymentRow, EndpointsRow, EventRow, NodeRow,
    Transition, Verb,
};
use std::collections::{BTreeMap, BTreeSet};

/// Events of the pull, create, start and kill sequence.
const LIFECYCLE_EVENTS: [&str; 5] = ["Pulling", "Pulled", "Created", "Started", "Killing"];
const IGNORED_EVENT: &str = "ClusterIPNotAllocated";
/// A busy node, not a rule.
const IGNORED_TEXT: &str = "failed to sync configmap cache: timed out";
/// Said before the message of an event that stands for several.
const COMBINED: &str = "(combined from similar events): ";
/// What the name of an owner's Pods becomes for their endings.
const ENDING: &str = " ending";

/// The transitions of one run, sorted into streams of normalised values.
#[derive(Default)]
pub struct Trace {
    /// Nothing is known after this moment (seconds).
    pub end: f64,
    pub pods: Vec<Pod>,
    /// (stream, object, item) to values.
    pub changes: BTreeMap<(&'static str, String, String), Changes<Value>>,
    /// Events of other objects than Pods.
    pub events: BTreeMap<EventKey, Vec<f64>>,
    /// When steps were carried out.
    pub action_times: Vec<f64>,
}

impl Trace {
    /// Sorts the rows up to `end`. Rows are in order of time. Without a namespace the one that the
    /// scheduler names is taken.
    pub fn new(rows: &[Transition], end: f64, namespace: Option<&str>) -> Trace {
        let known = rows.iter().filter(|row| seconds(row) <= end);
        let mut sorter = Sorter::prepare(known.clone(), namespace);
        sorter.trace.end = end;
        for row in known {
            sorter.sort(seconds(row), &row.change);
        }
        sorter.trace
    }
}

fn seconds(row: &Transition) -> f64 {
    row.t.millis as f64 / 1000.0
}

/// What has to be remembered while rows are sorted.
#[derive(Default)]
struct Sorter {
    trace: Trace,
    names: Names,
    /// Pod name to its current incarnation.
    current: BTreeMap<String, usize>,
    /// When Pods were told to end.
    endings: BTreeMap<String, f64>,
    /// Occurrences of each raw event so far.
    counts: BTreeMap<[String; 5], u32>,
    /// (Service, slice) to its Pods.
    listed: BTreeMap<(String, String), BTreeSet<String>>,
}

impl Sorter {
    /// Collects the names of the run.
    fn prepare<'a>(rows: impl Iterator<Item = &'a Transition>, namespace: Option<&str>) -> Sorter {
        let mut sorter = Sorter::default();
        let names = &mut sorter.names;
        names.namespace = namespace.map(str::to_owned);
        let mut nodes = BTreeSet::new();
        let mut per_deployment: BTreeMap<String, u32> = BTreeMap::new();
        for row in rows {
            match &row.change {
                Change::PodBound { node, .. } | Change::Node(NodeRow { node, .. }) => {
                    nodes.insert(node.clone());
                }
                Change::PodTerminating { pod, .. } => {
                    sorter.endings.insert(pod.clone(), seconds(row));
                }
                Change::ReplicaSet(row) if names.replica_set(&row.name).is_none() => {
                    let owner = row
                        .name
                        .rsplit_once('-')
                        .map_or(&*row.name, |(name, _)| name);
                    let number = per_deployment.entry(owner.to_owned()).or_default();
                    *number += 1;
                    let canonical = format!("{owner}~{number}");
                    names.replica_sets.push((row.name.clone(), canonical));
                }
                Change::Event(row) if row.reason == "SuccessfulCreate" => {
                    names.note_owner(&row.object, &row.message);
                }
                Change::Event(row) if names.namespace.is_none() => {
                    let bound = row.message.strip_prefix("Successfully assigned ");
                    let name = bound
                        .and_then(|rest| rest.split_once('/'))
                        .map(|(name, _)| name);
                    names.namespace = name.map(str::to_owned);
                }
                Change::Action(action) => sorter
                    .trace
                    .action_times
                    .extend([seconds(row), action.t_end.millis as f64 / 1000.0]),
                _ => {}
            }
        }
        names.nodes = nodes.into_iter().collect();
        sorter
    }

    fn sort(&mut self, t: f64, change: &Change) {
        match change {
            Change::PodCreated { pod } => {
                let own = ("pod", String::new());
                let known = self.current.get(pod);
                if known.is_some_and(|known| self.trace.pods[*known].changes.contains_key(&own)) {
                    self.current.remove(pod);
                }
                self.pod_state(pod, t, "created".to_owned());
            }
            Change::PodBound { pod, .. } => self.pod_state(pod, t, "bound".to_owned()),
            Change::PodTerminating {
                pod, grace_seconds, ..
            } => self.pod_state(pod, t, format!("terminating, grace {grace_seconds}")),
            Change::PodDeleted { pod } => self.pod_state(pod, t, "deleted".to_owned()),
            Change::PodPhase {
                pod,
                to,
                reason,
                message,
                ..
            } => {
                let value = self.state(to, reason, message);
                self.pod(pod, t).change("phase", "", t, value);
            }
            Change::PodCondition(row) => {
                let value = self.state(&row.status, &row.reason, &row.message);
                self.pod(&row.pod, t)
                    .change("condition", &row.kind, t, value);
            }
            Change::Container(row) => self.container(t, row),
            Change::Event(row) => self.event(t, row),
            Change::Endpoints(row) => self.endpoints(t, row),
            Change::Service(row) => {
                let pairs = row
                    .selector
                    .iter()
                    .map(|(key, value)| format!("{key}={value}"));
                let value = match row.verb {
                    Verb::Deleted => "deleted".to_owned(),
                    _ => pairs.collect::<Vec<_>>().join(","),
                };
                self.change("service", &row.name, "", t, Value::Text(value));
            }
            Change::Deployment(row) => self.deployment(t, row),
            Change::ReplicaSet(row) => {
                let fields = counts(&[
                    ("specReplicas", row.spec_replicas),
                    ("replicas", row.replicas),
                    ("readyReplicas", row.ready_replicas),
                    ("availableReplicas", row.available_replicas),
                    ("terminatingReplicas", row.terminating_replicas),
                ]);
                let name = self.names.replica_set(&row.name).unwrap_or(&row.name);
                let name = name.to_owned();
                self.change("replicaset", &name, "", t, fields);
            }
            Change::Node(row) => {
                let fields = [
                    row.ready.clone(),
                    row.reason.clone(),
                    row.taints.join(","),
                    row.unschedulable.to_string(),
                ];
                let value = Value::Fields(fields.map(Some).to_vec());
                self.change("node", &row.node, "", t, value);
            }
            Change::Action(_) => {}
        }
    }

    /// The current incarnation of a Pod; the ending of a generated Pod counts as one of its own,
    /// because which Pods of an owner are deleted is chance and the endings are paired separately.
    fn pod(&mut self, name: &str, t: f64) -> &mut Pod {
        let group = self.names.group_of(name).to_owned();
        let ends = self
            .endings
            .get(name)
            .is_some_and(|end| t >= end - WRITE_SKEW);
        let ending = group != name && ends;
        let known = self.current.get(name).copied();
        let known = known.filter(|k| !ending || self.trace.pods[*k].group.ends_with(ENDING));
        let index = known.unwrap_or_else(|| {
            let group = if ending { group + ENDING } else { group };
            self.trace.pods.push(Pod {
                name: name.to_owned(),
                group,
                ..Pod::default()
            });
            let index = self.trace.pods.len() - 1;
            self.current.insert(name.to_owned(), index);
            index
        });
        &mut self.trace.pods[index]
    }

    fn pod_state(&mut self, pod: &str, t: f64, state: String) {
        self.pod(pod, t).change("pod", "", t, Value::Text(state));
    }

    fn change(&mut self, stream: &'static str, object: &str, item: &str, t: f64, value: Value) {
        let key = (stream, object.to_owned(), item.to_owned());
        self.trace.changes.entry(key).or_default().push((t, value));
    }

    fn text(&mut self, message: &Option<String>) -> Option<String> {
        message.as_deref().map(|message| self.names.text(message))
    }

    fn state(&mut self, state: &str, reason: &Option<String>, message: &Option<String>) -> Value {
        let message = self.text(message);
        Value::Fields(vec![Some(state.to_owned()), reason.clone(), message])
    }

    fn container(&mut self, t: f64, row: &ContainerChange) {
        let (reason, exit_code, message) = details(&row.state);
        let (last_reason, last_exit_code, last_message) =
            row.last.as_ref().map(details).unwrap_or_default();
        let value = ContainerValue {
            state: row.state.name(),
            reason,
            exit_code,
            message: self.text(&message),
            restarts: row.restart_count,
            last_reason,
            last_exit_code,
            last_message: self.text(&last_message),
        };
        let pod = self.pod(&row.pod, t);
        let states = pod.containers.entry(row.container.clone()).or_default();
        states.push((t, value));
        pod.change("ready", &row.container, t, Value::Flag(row.ready));
        pod.change("started", &row.container, t, Value::Flag(row.started));
    }

    fn event(&mut self, t: f64, row: &EventRow) {
        let path = row.field_path.clone().unwrap_or_default();
        let raw = [&row.object, &path, &row.kind, &row.reason, &row.message].map(String::clone);
        let known = self.counts.get(&raw).copied();
        let before = known.unwrap_or(0);
        let series = row.series.as_ref().map(|series| series.count);
        let said = [row.count, series].into_iter().flatten().find(|c| *c > 0);
        let count = said.unwrap_or(before + 1);
        let mut fresh = count.saturating_sub(before);
        let jump = fresh > 1;
        if row.message.starts_with(COMBINED) && known.is_none() {
            fresh = 1;
        }
        self.counts.insert(raw, count.max(before));
        let message = row.message.strip_prefix(COMBINED).unwrap_or(&row.message);
        let message = self.names.text(message);
        if row.reason == IGNORED_EVENT || message.contains(IGNORED_TEXT) {
            return;
        }
        let (kind, name) = row.object.split_once('/').unwrap_or(("", &row.object));
        let mut key = EventKey {
            path,
            kind: row.kind.clone(),
            reason: row.reason.clone(),
            message,
        };
        let occurrences = std::iter::repeat_n(t, fresh as usize);
        if kind != "pod" {
            let canonical = self.names.replica_set(name).unwrap_or(name);
            let node = kind == "node" || self.names.nodes.iter().any(|node| node == canonical);
            key.path = format!("{kind}/{}", if node { "<node>" } else { canonical });
            let times = self.trace.events.entry(key).or_default();
            return times.extend(occurrences);
        }
        let pod = self.pod(name, t);
        pod.sent.entry(row.kind.clone()).or_default().push(t);
        if row.reason == "Pulled" {
            key = pod.pulled(key, t);
        }
        let times = pod.events.entry(key.clone()).or_default();
        if LIFECYCLE_EVENTS.contains(&row.reason.as_str()) {
            let numbers = times.len()..times.len() + fresh as usize;
            pod.order
                .extend(numbers.map(|number| (key.clone(), number)));
        }
        times.extend(occurrences);
        if jump {
            pod.jumps.push((t, key));
        }
    }

    /// The state of each Pod in the Service, and the ports of its slice.
    fn endpoints(&mut self, t: f64, row: &EndpointsRow) {
        let ports = row.ports.iter().map(|port| Some(port.to_string()));
        let ports = Value::Fields(ports.collect());
        self.change("endpoints", &row.service, "ports", t, ports);
        let fields = [
            ("ready", &row.ready),
            ("notReady", &row.not_ready),
            ("serving", &row.serving),
            ("terminating", &row.terminating),
        ];
        let present: BTreeSet<String> = fields
            .iter()
            .flat_map(|(_, pods)| pods.iter())
            .cloned()
            .collect();
        let slice = (row.service.clone(), row.slice.clone());
        let listed = self
            .listed
            .insert(slice, present.clone())
            .unwrap_or_default();
        for pod in present.union(&listed) {
            let of = fields.iter().filter(|(_, pods)| pods.contains(pod));
            let of: Vec<_> = of.map(|(field, _)| *field).collect();
            let state = if of.is_empty() {
                "absent".to_owned()
            } else {
                of.join("+")
            };
            self.pod(pod, t)
                .change("endpoints", &row.service, t, Value::Text(state));
        }
    }

    fn deployment(&mut self, t: f64, row: &DeploymentRow) {
        let fields = counts(&[
            ("specReplicas", row.spec_replicas),
            ("replicas", row.replicas),
            ("updatedReplicas", row.updated_replicas),
            ("readyReplicas", row.ready_replicas),
            ("availableReplicas", row.available_replicas),
            ("unavailableReplicas", row.unavailable_replicas),
            ("terminatingReplicas", row.terminating_replicas),
        ]);
        self.change("deployment", &row.name, "", t, fields);
        for (kind, value) in &row.conditions {
            let value = Value::Text(self.names.text(value));
            self.change("deployment-condition", &row.name, kind, t, value);
        }
    }
}

/// Reason, exit code and message of a state.
fn details(state: &ContainerStateRow) -> (Option<String>, Option<i32>, Option<String>) {
    match state {
        ContainerStateRow::Waiting { message, reason } => (reason.clone(), None, message.clone()),
        ContainerStateRow::Running { .. } => (None, None, None),
        ContainerStateRow::Terminated {
            exit_code,
            message,
            reason,
            ..
        } => (reason.clone(), Some(*exit_code), message.clone()),
    }
}

fn counts(fields: &[(&str, u32)]) -> Value {
    let shown = fields
        .iter()
        .map(|(name, count)| Some(format!("{name}={count}")));
    Value::Fields(shown.collect())
}
