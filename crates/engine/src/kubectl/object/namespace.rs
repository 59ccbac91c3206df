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

/// What the namespace controller says of what it does
/// (pkg/controller/namespace/deletion/status_condition_utils.go).
pub fn end_conditions(name: &str, ending: Option<&Terminating>) -> Vec<EndCondition> {
    let Some(EndConditions {
        first_at,
        left,
        is_late,
        late_at,
        held_at,
    }) = ending.and_then(|ending| ending.conditions.clone())
    else {
        return Vec::new();
    };
    let condition = |kind, bad: Option<(&'static str, String)>, good: (&'static str, &str), at| {
        let is_true = bad.is_some();
        let (reason, message) = bad.unwrap_or_else(|| (good.0, good.1.to_owned()));
        EndCondition {
            kind,
            is_true,
            reason,
            message,
            since: Stamp::of(at),
        }
    };
    let listed = |begins: &str, all: &[(&str, u32)]| {
        let some = all.iter().filter(|(_, count)| *count > 0);
        let texts = some.map(|(what, count)| format!("{what} {count} resource instances"));
        let text = texts.collect::<Vec<_>>().join(", ");
        (!text.is_empty()).then(|| format!("{begins}: {text}"))
    };
    let late = is_late.then(|| {
        let text = format!(
            "Failed to delete all resource types, 1 remaining: unexpected items still remain in \
             namespace: {name} for gvr: /v1, Resource=pods"
        );
        ("ContentDeletionFailed", text)
    });
    let resources = [
        ("persistentvolumeclaims. has", left.claims),
        ("pods. has", left.pods),
    ];
    let finalizers = [
        ("batch.kubernetes.io/job-tracking in", left.tracked),
        ("kubernetes.io/pvc-protection in", left.claims),
    ];
    let resources = listed("Some resources are remaining", &resources);
    let finalizers = listed("Some finalizers are remaining", &finalizers);
    let removed = ("ContentRemoved", "All content successfully removed");
    vec![
        condition(
            "NamespaceDeletionDiscoveryFailure",
            None,
            (
                "ResourcesDiscovered",
                "All resources successfully discovered",
            ),
            first_at,
        ),
        condition(
            "NamespaceDeletionGroupVersionParsingFailure",
            None,
            (
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed",
            ),
            first_at,
        ),
        condition(
            "NamespaceDeletionContentFailure",
            late,
            (
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization",
            ),
            late_at,
        ),
        condition(
            "NamespaceContentRemaining",
            resources.map(|text| ("SomeResourcesRemain", text)),
            removed,
            first_at,
        ),
        condition(
            "NamespaceFinalizersRemaining",
            finalizers.map(|text| ("SomeFinalizerRemain", text)),
            removed,
            held_at,
        ),
    ]
}
