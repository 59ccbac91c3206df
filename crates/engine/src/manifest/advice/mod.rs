//! Advice beyond the API server: what it accepts, but its writer will regret.
//!
//! A rule is one line in [`RULES`] and one function in a file beside this one. A comment
//! `# readyz: allow RZ012` switches a rule off: for its line and the next, or, on a line of its own
//! before an object's first field, for the whole object.

mod allow;
mod probes;
mod services;
mod stop;
mod workloads;

use super::position::Lines;
use super::stream::DIAGNOSTICS_MAX;
use super::{Diagnostic, Located, Severity, Stream};
use crate::api::{Container, Object, PodSpec, StringMap};
use crate::scenario;

/// A rule.
pub struct Rule {
    /// `RZ001`; never used again for something else.
    pub id: &'static str,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// Where Kubernetes documents what lies behind it.
    pub link: &'static str,
    check: Check,
}

#[derive(Clone, Copy)]
enum Check {
    /// Called for each container that can have probes.
    Container(fn(&Subject) -> Vec<Found>),
    /// Called for each object.
    Object(fn(&Stream, &Located<Object>) -> Vec<Found>),
}

const PROBES: &str =
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/";
const LIFECYCLE: &str = "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/";
const HOOKS: &str = "https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/";
const SERVICES: &str = "https://kubernetes.io/docs/concepts/services-networking/service/";
const SIDECARS: &str = "https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/";
const DEPLOYMENTS: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/";

macro_rules! rules {
    ($($id:literal $title:literal $link:ident $check:expr,)*) => {
        /// All rules, by id.
        pub const RULES: &[Rule] = &[$(Rule {
            id: $id,
            title: $title,
            link: $link,
            check: $check,
        },)*];
    };
}

rules! {
    "RZ001" "timeout not below the period" PROBES Check::Container(probes::timeout),
    "RZ002" "liveness asks what readiness asks" PROBES Check::Container(probes::same_question),
    "RZ003" "initial delay instead of a startup probe" PROBES Check::Container(probes::initial_delay),
    "RZ004" "liveness gives up before the start is done" PROBES Check::Container(probes::slow_start),
    "RZ005" "hung process keeps its whole grace" PROBES Check::Container(stop::grace_of_hung),
    "RZ006" "exec probe every few seconds" PROBES Check::Container(probes::costly_exec),
    "RZ007" "port name that the container lacks" PROBES Check::Container(probes::port_name),
    "RZ008" "selector that matches nothing" SERVICES Check::Object(services::no_match),
    "RZ009" "target port that no Pod has" SERVICES Check::Object(services::target_port),
    "RZ010" "TCP probe of an HTTP server" PROBES Check::Container(probes::tcp_on_http),
    "RZ011" "sidecar that unreadies the Pod" SIDECARS Check::Container(probes::sidecar_readiness),
    "RZ012" "preStop longer than the grace" HOOKS Check::Container(stop::long_hook),
    "RZ013" "shell that ignores SIGTERM" LIFECYCLE Check::Container(stop::deaf_shell),
    "RZ014" "single replica that every update takes away" DEPLOYMENTS
        Check::Object(workloads::single_replica),
    "RZ015" "traffic before the server is ready" PROBES Check::Object(services::no_readiness),
    "RZ016" "one failure restarts" PROBES Check::Container(probes::hair_trigger),
    "RZ017" "probe of another host" PROBES Check::Container(probes::other_host),
    "RZ018" "restart before the Pod leaves rotation" PROBES Check::Container(probes::restart_first),
    "RZ019" "rollout gives up before the start does" DEPLOYMENTS Check::Object(workloads::deadline),
    "RZ020" "no time to stop" LIFECYCLE Check::Object(workloads::no_grace),
}

/// The rule of an id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// A container with all that its rules look at.
struct Subject<'a> {
    spec: &'a PodSpec,
    container: &'a Container,
    is_sidecar: bool,
    /// `spec.containers[0]`, with the template's prefix.
    path: String,
    images: &'a [scenario::ImageSpec],
}

/// A remark about a field.
struct Found {
    path: String,
    message: String,
    suggestion: String,
    /// Another scalar value for the field.
    value: Option<String>,
}

impl Found {
    fn new(path: String, message: String, suggestion: &str) -> Found {
        Found {
            path,
            message,
            suggestion: suggestion.into(),
            value: None,
        }
    }

    fn with_value(mut self, value: impl ToString) -> Found {
        self.value = Some(value.to_string());
        self
    }
}

/// Labels, spec and the spec's path of what makes Pods.
fn pod_of(object: &Object) -> Option<(&StringMap, &PodSpec, &'static str)> {
    const TEMPLATE: &str = "spec.template.spec";
    Some(match object {
        Object::Pod(pod) => (&pod.metadata.labels, &pod.spec, "spec"),
        Object::Deployment(deployment) => {
            let template = &deployment.template;
            (&template.metadata.labels, &template.spec, TEMPLATE)
        }
        Object::ReplicaSet(set) => {
            let template = &set.template;
            (&template.metadata.labels, &template.spec, TEMPLATE)
        }
        Object::Workload(workload) => {
            let template = &workload.template;
            (&template.metadata.labels, &template.spec, TEMPLATE)
        }
        _ => return None,
    })
}

/// The namespace of an object: its own, or the default.
fn namespace(object: &Object) -> &str {
    let namespace = match object {
        Object::Pod(pod) => &pod.metadata.namespace,
        Object::Deployment(deployment) => &deployment.metadata.namespace,
        Object::ReplicaSet(set) => &set.metadata.namespace,
        Object::Service(service) => &service.metadata.namespace,
        _ => return "default",
    };
    if namespace.is_empty() {
        return "default";
    }
    namespace
}

/// What the rules find in a text; not more than help anybody.
pub(super) fn advise(text: &str, lines: &Lines, stream: &Stream) -> Vec<Diagnostic> {
    let mut remarks = Vec::new();
    if stream.objects.is_empty() {
        return remarks;
    }
    let allowed = allow::read(text);
    for located in &stream.objects {
        let subjects = subjects(stream, &located.object);
        for rule in RULES {
            let found = match rule.check {
                Check::Object(check) => check(stream, located),
                Check::Container(check) => subjects.iter().flat_map(check).collect(),
            };
            for found in found {
                let remark = remark(lines, rule, located, found);
                let first = located.first_line;
                if !allowed
                    .iter()
                    .any(|allow| allow.covers(rule.id, remark.line, first))
                {
                    remarks.push(remark);
                }
            }
        }
        if remarks.len() >= DIAGNOSTICS_MAX {
            break;
        }
    }
    remarks
}

/// An object's containers, for all rules.
fn subjects<'a>(stream: &'a Stream, object: &'a Object) -> Vec<Subject<'a>> {
    let Some((_, spec, prefix)) = pod_of(object) else {
        return Vec::new();
    };
    let images = stream
        .scenario
        .as_ref()
        .map_or(&[][..], |scenario| &scenario.images);
    let mut subjects = Vec::new();
    for number in 0..spec.container_count() {
        let Some(container) = spec.container(number) else {
            continue;
        };
        let is_sidecar = spec.is_sidecar(number);
        if number < spec.init_containers.len() && !is_sidecar {
            continue;
        }
        subjects.push(Subject {
            spec,
            container,
            is_sidecar,
            path: crate::timing::container_path(spec, prefix, number),
            images,
        });
    }
    subjects
}

fn remark(lines: &Lines, rule: &Rule, located: &Located<Object>, found: Found) -> Diagnostic {
    let root = &located.source.root;
    let (span, is_written) = root.find(&found.path);
    let mut remark = lines.diagnostic(Severity::Warning, span, found.message);
    remark.path = found.path;
    remark.rule = rule.id.into();
    remark.suggestion = Some(found.suggestion).filter(|words| !words.is_empty());
    let value = root.at(&remark.path).filter(|_| is_written);
    if let (Some(new), Some(value)) = (found.value, value) {
        remark.fix = Some(lines.edit(value.span, new));
    }
    remark
}

#[cfg(test)]
mod tests;
