//! What stands first in an object, and how strictly the rest is read.

use super::document::Verdict;
use super::position::Span;
use super::suggest::nearest;
use super::yaml::{write_json, Node};

/// What becomes of fields that do not exist (VAL-24).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Validation {
    #[default]
    Strict,
    /// `--validate=warn`.
    Warn,
    /// `--validate=false`.
    Off,
}

/// What kubectl misses in an object's head (VAL-14).
pub fn header_fault(root: &Node) -> Option<&'static str> {
    if !root.is_map() {
        return Some("invalid object to validate");
    }
    let (version, kind) = (root.get("apiVersion"), root.get("kind"));
    let absent = |node: Option<&Node>| node.is_none_or(|node| node.text() == Some(""));
    match (absent(version), absent(kind)) {
        (true, true) => Some("[apiVersion not set, kind not set]"),
        (true, false) => Some("apiVersion not set"),
        (false, true) => Some("kind not set"),
        _ if version.and_then(Node::text).is_none() => Some("apiVersion isn't string type"),
        _ if kind.and_then(Node::text).is_none() => Some("kind isn't string type"),
        _ => None,
    }
}

/// What to do about such a fault: a key is spelt otherwise, or the file is for another program.
/// With the key that is to be written anew, if that is enough.
pub fn remedy(root: &Node) -> (String, Option<(Span, &'static str)>) {
    for name in ["apiVersion", "kind"] {
        let is_near = |key: &str| nearest(key, std::iter::once(name)).is_some();
        let mistyped = root.entries().iter().find(|entry| is_near(&entry.key));
        if let (None, Some(entry)) = (root.get(name), mistyped) {
            let words = ["write ", name, ", not ", &entry.key].concat();
            return (words, Some((entry.key_span, name)));
        }
    }
    let words = match root.get("services").is_some_and(Node::is_map) {
        true => {
            "this looks like a Compose file; Kubernetes takes a Deployment and a Service for each \
             of its services"
        }
        false => "every object begins with apiVersion: and kind:",
    };
    (words.into(), None)
}

/// The same faults where nothing was validated before (VAL-24).
#[inline(never)]
pub fn unchecked_head(root: &Node) -> Verdict {
    if !root.is_map() {
        let kind = root.json_kind();
        let text = [
            "json: cannot unmarshal ",
            kind,
            " into Go value of type unstructured.detector",
        ];
        return Verdict::Undecodable(text.concat());
    }
    let absent = |name: &str| root.get(name).is_none_or(|node| node.text() == Some(""));
    if absent("kind") {
        let mut text = String::from("Object 'Kind' is missing in '");
        write_json(root, &mut text);
        text.push('\'');
        return Verdict::Undecodable(text);
    }
    Verdict::NotServed
}

/// Kinds that do something here.
pub fn is_simulated(api_version: &str, kind: &str) -> bool {
    match api_version {
        "v1" => matches!(
            kind,
            "Pod"
                | "Service"
                | "Node"
                | "Namespace"
                | "ConfigMap"
                | "Secret"
                | "PersistentVolumeClaim"
                | "ServiceAccount"
                | "Endpoints"
        ),
        "apps/v1" => matches!(
            kind,
            "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet"
        ),
        "batch/v1" => kind == "Job",
        "discovery.k8s.io/v1" => kind == "EndpointSlice",
        "policy/v1" => kind == "PodDisruptionBudget",
        "scheduling.k8s.io/v1" => kind == "PriorityClass",
        _ => false,
    }
}
