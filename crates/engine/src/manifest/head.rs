//! What stands first in an object, and how strictly the rest is read.

use super::document::Verdict;
use super::position::Span;
use super::suggest::nearest;
use super::yaml::{write_json, Node, Value};

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
pub fn header_fault(root: &Node) -> Option<String> {
    let faults = header_faults(root);
    (!faults.is_empty()).then(|| together(&faults))
}

/// The same, each by itself.
pub fn header_faults(root: &Node) -> Vec<String> {
    if !root.is_map() {
        return vec!["invalid object to validate".into()];
    }
    let mut faults = Vec::new();
    for name in ["apiVersion", "kind"] {
        match root.get(name).map(Node::text) {
            None => faults.push([name, " not set"].concat()),
            Some(None) => faults.push([name, " isn't string type"].concat()),
            Some(Some(text)) if name == "apiVersion" && is_malformed(text) => {
                faults.push(["unexpected GroupVersion string: ", text].concat());
            }
            _ => {}
        }
    }
    faults
}

/// Several errors as one, as kubectl tells them: each once.
pub fn together(errors: &[String]) -> String {
    let mut told: Vec<&str> = Vec::new();
    for error in errors {
        if !told.contains(&error.as_str()) {
            told.push(error);
        }
    }
    match told[..] {
        [one] => one.to_owned(),
        _ => ["[", &told.join(", "), "]"].concat(),
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

/// Whether an apiVersion has more than a group and a version.
fn is_malformed(api_version: &str) -> bool {
    api_version.matches('/').count() > 1
}

/// What kubectl's decoder misses: what validation let through, or all of it where there was none
/// (VAL-24). `json`: the object's text, if that is JSON, which is shown as it is.
#[inline(never)]
pub fn decoding_fault(root: &Node, json: Option<&str>) -> Option<Verdict> {
    if !root.is_map() {
        let kind = root.json_kind();
        let text = [
            "json: cannot unmarshal ",
            kind,
            " into Go value of type unstructured.detector",
        ];
        return Some(Verdict::Undecodable(text.concat()));
    }
    let kind = root.get("kind").and_then(Node::text).unwrap_or("");
    let version = root.get("apiVersion");
    let text = version.and_then(Node::text).unwrap_or("");
    if kind.is_empty() || is_malformed(text) {
        let mut text = String::from("Object 'Kind' is missing in '");
        match json {
            Some(json) => text.push_str(json),
            None => write_json(root, &mut text),
        }
        text.push('\'');
        return Some(Verdict::Undecodable(text));
    }
    let version = version.filter(|version| version.text().is_none())?;
    let text = [
        "json: cannot unmarshal ",
        version.json_kind(),
        " into Go struct field metadataOnlyObject.TypeMeta.apiVersion of type string",
    ];
    Some(Verdict::Undecodable(text.concat()))
}

/// The version that is taken where an apiVersion says none: `""` and `apps/`.
pub fn preferred(api_version: &str) -> Option<String> {
    match api_version.strip_suffix('/') {
        Some(group) => Some([group, "/v1"].concat()),
        None => api_version.is_empty().then(|| "v1".into()),
    }
}

/// What is wrong with the head of a List's item: kubectl has validated it, or was told not to, and
/// decodes it (VAL-16).
#[inline(never)]
pub fn item_fault(item: &Node) -> Option<Verdict> {
    let text = |name: &str| item.get(name).and_then(Node::text).unwrap_or("");
    let (version, kind) = (text("apiVersion"), text("kind"));
    let has_kind = !kind.is_empty() && !is_malformed(version);
    let has_version = !version.is_empty() && !version.ends_with('/');
    let missing = match (&item.value, has_kind, has_version) {
        (Value::Null, ..) | (Value::Map(_), false, _) => {
            "'Kind' is missing in 'object has no kind field '"
        }
        (Value::Map(_), true, false) => {
            "'apiVersion' is missing in 'object has no apiVersion field'"
        }
        (Value::Map(_), true, true) => return None,
        _ => {
            let text = [
                "json: cannot unmarshal ",
                item.json_kind(),
                " into Go value of type map[string]interface {}",
            ];
            return Some(Verdict::Undecodable(text.concat()));
        }
    };
    let text = [
        "unable to get type info from the object \"*unstructured.Unstructured\": Object ",
        missing,
    ];
    Some(Verdict::Unrecognized(text.concat()))
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
