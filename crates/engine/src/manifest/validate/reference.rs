//! What the downward API tells in variables and files: fields of the Pod, resources of a container.

use super::pod::one_of;
use super::{names, Errors};
use crate::manifest::field::Field;
use crate::manifest::quantity::Quantity;

/// Fields that a variable can hold, sorted.
pub const IN_VARIABLES: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Fields that a file can hold, sorted.
pub const IN_FILES: [&str; 5] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
];

/// Fields with a name of their own that neither of the two holds.
const IN_NEITHER: [&str; 3] = ["spec.restartPolicy", "spec.schedulerName", "status.phase"];

/// `fieldRef`.
#[inline(never)]
pub fn validate_field_ref(field: &Field, known: &[&str], errors: &mut Errors) {
    let path = field.key("fieldPath");
    let text = path.text();
    if text.is_empty() {
        errors.required("CTR-07", &path, "");
        return;
    }
    let version = field.key("apiVersion");
    let wrong = match (version.text_or("v1"), subscript(text)) {
        ("v1", Some(("metadata.annotations", key))) => {
            let lower = key.to_lowercase();
            errors.each("CTR-07", field, key, &names::qualified_name(&lower));
            return;
        }
        ("v1", Some(("metadata.labels", key))) => {
            errors.each("CTR-07", field, key, &names::qualified_name(key));
            return;
        }
        ("v1", Some(_)) => "field label does not support subscript: ",
        ("v1", None) => {
            // What old clients say.
            let name = if text == "spec.host" {
                "spec.nodeName"
            } else {
                text
            };
            let lists = [known, &IN_VARIABLES, &IN_FILES, &IN_NEITHER];
            if lists.iter().any(|list| list.contains(&name)) {
                if !known.contains(&name) {
                    errors.unsupported("CTR-07", &path, name, known);
                }
                return;
            }
            "field label not supported: "
        }
        _ => "unsupported pod version: ",
    };
    let what = match wrong.starts_with("unsupported") {
        true => version.text(),
        false => text,
    };
    let detail = ["error converting fieldPath: ", wrong, what].concat();
    errors.invalid_text("CTR-07", &path, text, &detail);
}

/// `metadata.labels['app']` → `metadata.labels`, `app`.
fn subscript(text: &str) -> Option<(&str, &str)> {
    let (path, key) = text.strip_suffix("']")?.split_once("['")?;
    (!path.is_empty()).then_some((path, key))
}

/// `resourceFieldRef`; one in a file has to name its container.
#[inline(never)]
pub fn validate_resource_ref(reference: &Field, in_file: bool, errors: &mut Errors) {
    let known = [
        "limits.cpu",
        "limits.ephemeral-storage",
        "limits.memory",
        "requests.cpu",
        "requests.ephemeral-storage",
        "requests.memory",
    ];
    let container = reference.key("containerName");
    let resource = reference.key("resource");
    let text = resource.text();
    let is_huge = ["limits.hugepages-", "requests.hugepages-"]
        .iter()
        .any(|start| text.starts_with(start));
    if in_file && container.text().is_empty() {
        errors.required("CTR-07", &container, "");
    } else if text.is_empty() {
        errors.required("CTR-07", &resource, "");
    } else if !is_huge {
        one_of("CTR-07", &resource, &known, errors);
    }
    validate_divisor(text, &reference.key("divisor"), errors);
}

fn validate_divisor(resource: &str, divisor: &Field, errors: &mut Errors) {
    let Some(amount) = divisor.node.and_then(|node| Quantity::of(node).ok()) else {
        return;
    };
    let amount = amount.canonical();
    if amount == "0" {
        return;
    }
    let bytes = [
        "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei",
    ];
    let (known, words, what) = match resource.split_once('.') {
        Some(("limits" | "requests", "cpu")) => (&["1m", "1"][..], "1m and 1", "cpu"),
        Some(("limits" | "requests", "memory")) => (&bytes[..], "", "memory"),
        Some(("limits" | "requests", "ephemeral-storage")) => {
            (&bytes[..], "", "local ephemeral storage")
        }
        Some(("limits" | "requests", name)) if name.starts_with("hugepages-") => {
            (&bytes[..], "", "hugepages")
        }
        _ => return,
    };
    if known.contains(&amount.as_str()) {
        return;
    }
    let list = known.join(", ");
    let words = if words.is_empty() { &list } else { words };
    let detail = format!("only divisor's values {words} are supported with the {what} resource");
    errors.invalid_text("CTR-07", divisor, resource, &detail);
}
