//! Conditions of a Namespace that ends (API-05).

use crate::controllers::{EndConditions, Terminating};
use crate::kubectl::stamp::Stamp;

/// A condition of a Namespace that ends.
pub struct EndCondition {
    pub kind: &'static str,
    pub is_true: bool,
    pub reason: &'static str,
    pub message: String,
    pub since: Stamp,
}

type Words = (&'static str, String);

/// The type of each condition, and what it says when all is well.
const GOOD: [(&str, &str, &str); 5] = [
    (
        "NamespaceDeletionDiscoveryFailure",
        "ResourcesDiscovered",
        "All resources successfully discovered",
    ),
    (
        "NamespaceDeletionGroupVersionParsingFailure",
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
    ),
    (
        "NamespaceDeletionContentFailure",
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ),
    (
        "NamespaceContentRemaining",
        "ContentRemoved",
        "All content successfully removed",
    ),
    (
        "NamespaceFinalizersRemaining",
        "ContentRemoved",
        "All content successfully removed",
    ),
];

/// What the namespace controller says of what it does
/// (pkg/controller/namespace/deletion/status_condition_utils.go).
pub fn end_conditions(name: &str, ending: Option<&Terminating>) -> Vec<EndCondition> {
    let Some(found) = ending.and_then(|ending| ending.conditions.clone()) else {
        return Vec::new();
    };
    let moments = [
        found.first_at,
        found.first_at,
        found.late_at,
        found.first_at,
        found.held_at,
    ];
    let all = GOOD.into_iter().zip(bad(name, &found)).zip(moments);
    let condition = |(((kind, reason, message), bad), since): (_, _)| {
        let is_true = Option::is_some(&bad);
        let (reason, message) = bad.unwrap_or_else(|| (reason, str::to_owned(message)));
        EndCondition {
            kind,
            is_true,
            reason,
            message,
            since: Stamp::of(since),
        }
    };
    all.map(condition).collect()
}

/// What is wrong, in the order of [`GOOD`].
fn bad(name: &str, found: &EndConditions) -> [Option<Words>; 5] {
    let late = found.is_late.then(|| {
        let text = format!(
            "Failed to delete all resource types, 1 remaining: unexpected items still remain in \
             namespace: {name} for gvr: /v1, Resource=pods"
        );
        ("ContentDeletionFailed", text)
    });
    let resources = [
        ("persistentvolumeclaims. has", found.left.claims),
        ("pods. has", found.left.pods),
    ];
    let finalizers = [
        ("batch.kubernetes.io/job-tracking in", found.left.tracked),
        ("kubernetes.io/pvc-protection in", found.left.claims),
    ];
    let resources = listed("Some resources are remaining", &resources);
    let finalizers = listed("Some finalizers are remaining", &finalizers);
    [
        None,
        None,
        late,
        resources.map(|text| ("SomeResourcesRemain", text)),
        finalizers.map(|text| ("SomeFinalizerRemain", text)),
    ]
}

fn listed(begins: &str, all: &[(&str, u32)]) -> Option<String> {
    let some = all.iter().filter(|(_, count)| *count > 0);
    let texts = some.map(|(what, count)| format!("{what} {count} resource instances"));
    let text = texts.collect::<Vec<_>>().join(", ");
    (!text.is_empty()).then(|| format!("{begins}: {text}"))
}
