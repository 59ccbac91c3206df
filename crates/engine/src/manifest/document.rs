//! One document of a stream and what the API server would make of it.

use super::position::Span;
use super::yaml::{json, Entry, Node, Value};
use crate::api::{Object, WorkloadKind};
use std::sync::Arc;

/// A document (or item of a List) of the stream.
#[derive(Clone, Debug)]
pub struct Document {
    /// 1-based, inclusive.
    pub first_line: u32,
    pub last_line: u32,
    pub api_version: String,
    pub kind: String,
    pub name: String,
    /// As written; empty: the command's.
    pub namespace: String,
    pub generate_name: String,
    pub verdict: Verdict,
    /// What becomes of it if kubectl apply creates it, where that differs: it sends no nulls.
    pub applied: Option<Applied>,
    /// Texts after `Warning: ` (VAL-05).
    pub warnings: Vec<String>,
    /// What it was read from; None where nothing could be read, or its values are wrong.
    pub source: Option<Source>,
}

/// What becomes of a document without its nulls.
#[derive(Clone, Debug)]
pub struct Applied {
    pub verdict: Verdict,
    /// Beside the document's own.
    pub warnings: Vec<String>,
}

/// What becomes of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Accepted,
    /// Our own Scenario document; kubectl never sees it.
    Scenario,
    /// `error parsing f.yaml: TEXT`; ends its file (VAL-10, VAL-11).
    Unparsable(String),
    /// `error validating "f.yaml": error validating data: TEXT…`; ends its file (VAL-14).
    Headless(String),
    /// `unable to decode "f.yaml": TEXT` (VAL-14).
    Undecodable(String),
    /// `no matches for kind …` (VAL-14).
    NoMatch,
    /// An item of a List that is no object, or of no known kind: the text as it is (VAL-16).
    Unrecognized(String),
    /// A List in a List (VAL-16).
    NestedList,
    /// An object whose apiVersion says no version (VAL-14, VAL-24).
    NotServed,
    /// Refused by the server's decoder: the text after `handled as a KIND: ` and that kind
    /// (VAL-14, VAL-20, VAL-21).
    BadRequest {
        handled_as: String,
        text: String,
    },
    /// The server could not do what was asked: the text after `Internal error occurred: `.
    Internal(String),
    /// Refused by validation: `FIELD: TEXT` each (VAL-01, VAL-02).
    Invalid(Vec<String>),
}

/// An object and where it stands in the text.
#[derive(Clone, Debug)]
pub struct Located<T> {
    pub object: T,
    /// 1-based, inclusive.
    pub first_line: u32,
    pub last_line: u32,
    pub source: Source,
}

/// The tree behind an object and the text it stands in: for citing lines, and for patches.
#[derive(Clone, Debug)]
pub struct Source {
    pub(super) root: Arc<Node>,
    pub(super) text: Arc<str>,
    line_starts: Arc<[u32]>,
}

impl Source {
    pub(super) fn new(root: Node, text: Arc<str>, line_starts: Arc<[u32]>) -> Self {
        Source {
            root: Arc::new(root),
            text,
            line_starts,
        }
    }

    /// The 1-based line of a field such as `spec.containers[0].livenessProbe`; if the text lacks
    /// it (a default), the line of what lacks it.
    pub fn line_of(&self, path: &str) -> u32 {
        self.line(self.root.find(path).0)
    }

    /// The 1-based line of a field; None if the text lacks it.
    pub fn written_at(&self, path: &str) -> Option<u32> {
        let (span, found) = self.root.find(path);
        found.then(|| self.line(span))
    }

    /// The object's tree.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The annotation that `kubectl apply` writes (APP-02): the object as compact JSON, with
    /// annotations and a namespace even where the text has none.
    pub fn last_applied(&self, namespace: &str) -> String {
        let mut root = (*self.root).clone();
        if let Value::Map(entries) = &mut root.value {
            let metadata = entries.iter_mut().find(|entry| entry.key == "metadata");
            if let Some(Value::Map(metadata)) = metadata.map(|e| &mut e.value.value) {
                let mut add = |key: &str, value: Value| {
                    if metadata.iter().all(|entry| entry.key != key) {
                        metadata.push(Entry::made(key, value));
                    }
                };
                add("annotations", Value::Map(Vec::new()));
                if !namespace.is_empty() {
                    add("namespace", Value::Text(namespace.to_owned()));
                }
            }
        }
        json(&root) + "\n"
    }

    /// The object as compact JSON with sorted keys.
    pub fn json(&self) -> String {
        json(&self.root)
    }

    fn line(&self, span: Span) -> u32 {
        self.line_starts
            .partition_point(|start| *start <= span.start) as u32
    }
}

/// Name of an object of any kind, for messages: `pod/web`. What is not simulated has its kind as the
/// manifest writes it.
pub fn object_name(object: &Object) -> (&str, &str) {
    match object {
        Object::Pod(pod) => ("pod", &pod.metadata.name),
        Object::Deployment(deployment) => ("deployment", &deployment.metadata.name),
        Object::ReplicaSet(set) => ("replicaset", &set.metadata.name),
        Object::Workload(workload) => {
            let kind = match workload.kind {
                WorkloadKind::StatefulSet { .. } => "statefulset",
                WorkloadKind::DaemonSet { .. } => "daemonset",
                WorkloadKind::Job(_) => "job",
            };
            (kind, &workload.metadata.name)
        }
        Object::Service(service) => ("service", &service.metadata.name),
        Object::Node(node) => ("node", &node.metadata.name),
        Object::Namespace(metadata) => ("namespace", &metadata.name),
        Object::ConfigMap(data) => ("configmap", &data.metadata.name),
        Object::Secret(data) => ("secret", &data.metadata.name),
        Object::PersistentVolumeClaim(claim) => ("persistentvolumeclaim", &claim.metadata.name),
        Object::PriorityClass(class) => ("priorityclass", &class.metadata.name),
        Object::PodDisruptionBudget(budget) => ("poddisruptionbudget", &budget.metadata.name),
        Object::Endpoints(endpoints) => ("endpoints", &endpoints.metadata.name),
        Object::EndpointSlice(slice) => ("endpointslice", &slice.metadata.name),
        Object::Other { kind, metadata, .. } => (kind, &metadata.name),
    }
}
