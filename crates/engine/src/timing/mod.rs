//! The calculator: how long until a probe notices, a container is restarted, traffic stops. Best
//! and worst case follow from the manifest's own numbers alone; nothing is run.
//!
//! A case is a sum of [`Part`]s, so that a page can draw it as a bar, and each row names the
//! [`Field`]s that it depends on, with their lines, so that the numbers can be edited.

mod rows;
pub mod tuner;

use crate::api::{Object, PodSpec, ProbeKind, RestartPolicy};
use crate::manifest::{object_name, Located, Source};
use crate::time::Duration;
use rows::Subject;
use serde::{Deserialize, Serialize};

/// What a row answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Question {
    /// From the process's start to the probe's first run (PRB-09).
    FirstProbe,
    /// How long a start may take before the startup probe gives up (PRB-13).
    StartupBudget,
    /// From the fault to the probe's verdict (PRB-11).
    Detection,
    /// From the fault to the end of the old process; the new one follows at once unless a
    /// back-off is in force (SYN-10, BKO-10).
    Restart,
    /// From the fault until no new connection reaches the Pod (EPS-05, SVC-03).
    OutOfService,
    /// From the recovery until connections reach the Pod again.
    BackInService,
    /// From `kubectl delete` to the end of the process (TRM-03).
    Shutdown,
}

impl Question {
    /// In words.
    pub const fn english(self) -> &'static str {
        match self {
            Question::FirstProbe => "from start to first run",
            Question::StartupBudget => "from start to giving up",
            Question::Detection => "from fault to verdict",
            Question::Restart => "from fault to restart",
            Question::OutOfService => "from fault to no traffic",
            Question::BackInService => "from recovery to traffic",
            Question::Shutdown => "from delete to end",
        }
    }
}

/// What a part of a case is spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PartKind {
    /// `initialDelaySeconds`, counted from the start's whole second.
    InitialDelay,
    /// Until the next tick of the period.
    NextTick,
    /// The further runs that the threshold asks for.
    FurtherRuns,
    /// The last run's own time.
    LastRun,
    /// The worker waits for a fresh view of the runtime (SYN-03).
    Sync,
    PreStop,
    /// From the stop signal to SIGKILL.
    Grace,
    /// The proxies rewrite their rules (SVC-03).
    Proxy,
}

impl PartKind {
    /// In words.
    pub const fn english(self) -> &'static str {
        match self {
            PartKind::InitialDelay => "initial delay",
            PartKind::NextTick => "next tick",
            PartKind::FurtherRuns => "further runs",
            PartKind::LastRun => "last run",
            PartKind::Sync => "sync",
            PartKind::PreStop => "preStop",
            PartKind::Grace => "grace",
            PartKind::Proxy => "proxy rules",
        }
    }
}

/// A summand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub kind: PartKind,
    pub span: Duration,
    /// In the manifest's words: `(failureThreshold - 1) × periodSeconds`.
    pub formula: String,
}

/// One case: the sum of its parts. Parts of no length are left out.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Case {
    pub total: Duration,
    pub parts: Vec<Part>,
}

impl Case {
    /// `periodSeconds + timeoutSeconds`; `0` for an empty sum.
    pub fn formula(&self) -> String {
        let parts: Vec<&str> = self.parts.iter().map(|part| &*part.formula).collect();
        if parts.is_empty() {
            return "0".into();
        }
        parts.join(" + ")
    }

    fn add(&mut self, kind: PartKind, seconds: u64, formula: impl Into<String>) {
        if seconds > 0 {
            let span = Duration::from_secs(seconds);
            self.total = Duration(self.total.0 + span.0);
            let formula = formula.into();
            self.parts.push(Part {
                kind,
                span,
                formula,
            });
        }
    }
}

/// A number that a row depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// `periodSeconds`.
    pub name: String,
    /// From the document's root: `spec.containers[0].livenessProbe.periodSeconds`.
    pub path: String,
    /// Line of the field, or of what lacks it (1-based).
    pub line: u32,
    /// Whether the text has it; if not, `value` is the default.
    pub written: bool,
    pub value: u32,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// `pod/web`, `deployment/web`.
    pub workload: String,
    pub container: String,
    /// None: no probe decides it.
    pub probe: Option<ProbeKind>,
    pub question: Question,
    /// None: it never happens by a probe.
    pub best: Option<Case>,
    pub worst: Option<Case>,
    pub fields: Vec<Field>,
    /// The rules behind it, as in semantics/.
    pub rules: String,
}

/// The rows of all Pods and Pod templates of a stream ([`crate::manifest::Stream::objects`]), in
/// its order.
pub fn table(objects: &[Located<Object>]) -> Vec<Row> {
    let mut rows = Vec::new();
    for located in objects {
        let (spec, prefix): (&PodSpec, &str) = match &located.object {
            Object::Pod(pod) => (&pod.spec, "spec"),
            Object::Deployment(deployment) => (&deployment.template.spec, "spec.template.spec"),
            Object::ReplicaSet(set) => (&set.template.spec, "spec.template.spec"),
            Object::Workload(workload) => (&workload.template.spec, "spec.template.spec"),
            _ => continue,
        };
        let (kind, name) = object_name(&located.object);
        let workload = [kind, "/", name].concat();
        of_pod(&workload, spec, prefix, &located.source, &mut rows);
    }
    rows
}

fn of_pod(workload: &str, spec: &PodSpec, prefix: &str, source: &Source, rows: &mut Vec<Row>) {
    for number in 0..spec.container_count() {
        let Some(container) = spec.container(number) else {
            continue;
        };
        // Plain init containers have neither probes nor hooks (INI-01).
        if number < spec.init_containers.len() && !spec.is_sidecar(number) {
            continue;
        }
        let path = container_path(spec, prefix, number);
        let policy = container.restart_policy.unwrap_or(spec.restart_policy);
        let subject = Subject {
            workload,
            container,
            grace_seconds: spec.termination_grace_period_seconds,
            restarts: policy != RestartPolicy::Never,
            pod_path: prefix,
            path: &path,
            source,
        };
        subject.rows(rows);
    }
}

/// `spec.containers[0]`, `spec.template.spec.initContainers[1]`.
pub(crate) fn container_path(spec: &PodSpec, prefix: &str, number: usize) -> String {
    let inits = spec.init_containers.len();
    let (list, index) = match number.checked_sub(inits) {
        None => ("initContainers", number),
        Some(regular) => ("containers", regular),
    };
    [prefix, ".", list, "[", &index.to_string(), "]"].concat()
}

#[cfg(test)]
mod tests;
