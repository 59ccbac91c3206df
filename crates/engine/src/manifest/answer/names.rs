//! How kubectl names objects and their resources.

use crate::manifest::document::Document;
use crate::manifest::validate::generated_name;

/// Kinds without a namespace.
const CLUSTER_KINDS: &[&str] = &[
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "FlowSchema",
    "IngressClass",
    "List",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "StorageClass",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
];

/// An object's name; a generated one is new each time.
pub fn name_of(document: &Document) -> String {
    match (document.name.as_str(), document.generate_name.as_str()) {
        ("", "") => String::new(),
        ("", prefix) => generated_name(prefix),
        (name, _) => name.to_owned(),
    }
}

/// Whether objects of a kind have no namespace.
pub fn is_cluster_kind(kind: &str) -> bool {
    CLUSTER_KINDS.contains(&kind)
}

/// The API group; empty: the core.
pub fn group(document: &Document) -> &str {
    let version = document.api_version.split_once('/');
    version.map_or("", |(group, _)| group)
}

/// `pod`, `deployment.apps`.
pub fn resource(document: &Document) -> String {
    with_group(document.kind.to_ascii_lowercase(), document)
}

/// `pods`, `deployments.apps`.
pub fn plural_resource(document: &Document) -> String {
    with_group(plural(&document.kind), document)
}

fn with_group(mut name: String, document: &Document) -> String {
    let group = group(document);
    if !group.is_empty() {
        name.push('.');
        name.push_str(group);
    }
    name
}

/// The resource's name of a kind.
pub fn plural(kind: &str) -> String {
    let mut name = kind.to_ascii_lowercase();
    match name.as_bytes() {
        [.., b't', b's'] => {}
        [.., b's'] => name.push_str("es"),
        [.., b'a' | b'e' | b'o' | b'u', b'y'] => name.push('s'),
        [.., b'y'] => {
            name.pop();
            name.push_str("ies");
        }
        _ => name.push('s'),
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_plurals() {
        for (kind, expected) in [
            ("Pod", "pods"),
            ("Ingress", "ingresses"),
            ("NetworkPolicy", "networkpolicies"),
            ("Endpoints", "endpoints"),
            ("StorageClass", "storageclasses"),
            ("Gateway", "gateways"),
        ] {
            assert_eq!(plural(kind), expected);
        }
    }
}
