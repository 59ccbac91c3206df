//! What admission refuses before the API server validates.

use super::super::document::{Document, Verdict};
use super::super::yaml::{quote, Node};
use super::{Command, DryRun, Verb};
use crate::api::SYSTEM_CLASSES;

/// What is said of a ServiceAccount that is not there (API-05).
pub fn missing_account(namespace: &str, account: &str) -> String {
    format!(
        "error looking up service account {namespace}/{account}: serviceaccount {} not found",
        quote(account)
    )
}

/// The same of a PriorityClass.
pub fn missing_class(class: &str) -> String {
    ["no PriorityClass with name ", class, " was found"].concat()
}

impl Command<'_> {
    /// Why admission refuses a Pod, before it is validated: names of what there is not. Nothing is
    /// said of a cluster that answers for itself.
    #[inline(never)]
    pub(super) fn not_admitted(&self, document: &Document) -> Option<String> {
        let is_read = matches!(document.verdict, Verdict::Accepted | Verdict::Invalid(_));
        let creates = self.verb != Verb::Replace && self.dry_run != DryRun::Client;
        if self.patched.is_some() || !creates || !is_read {
            return None;
        }
        if (document.api_version.as_str(), document.kind.as_str()) != ("v1", "Pod") {
            return None;
        }
        let namespace = self.namespace_of(document);
        let made = |resource: &str, namespace: &str, name: &str| {
            let key: [String; 3] = [resource.into(), namespace.into(), name.into()];
            self.existing.contains_key(&key)
        };
        let spec = document.source.as_ref()?.root().get("spec")?;
        let text = |name: &str| spec.get(name).and_then(Node::text).unwrap_or("");
        let account = match text("serviceAccountName") {
            "" => text("serviceAccount"),
            account => account,
        };
        if !matches!(account, "" | "default") && !made("serviceaccount", namespace, account) {
            return Some(missing_account(namespace, account));
        }
        let class = text("priorityClassName");
        if class.is_empty() {
            let given = spec
                .get("priority")
                .and_then(Node::int)
                .filter(|given| *given != 0);
            let policy = text("preemptionPolicy");
            let computed = "must not be provided in pod spec; priority admission controller \
                            computed";
            let of = "from the given PriorityClass name";
            if let Some(given) = given {
                return Some(format!(
                    "the integer value of priority ({given}) {computed} 0 {of}"
                ));
            }
            if !matches!(policy, "" | "PreemptLowerPriority") {
                return Some(format!(
                    "the string value of PreemptionPolicy ({policy}) {computed} \
                     PreemptLowerPriority {of}"
                ));
            }
        } else if !SYSTEM_CLASSES.iter().any(|own| own.0 == class)
            && !made("priorityclass.scheduling.k8s.io", "", class)
        {
            return Some(missing_class(class));
        }
        match text("runtimeClassName") {
            "" if spec.get("overhead").is_some() => Some(
                "pod rejected: Pod Overhead set without corresponding RuntimeClass defined \
                 Overhead"
                    .into(),
            ),
            "" => None,
            class => Some(format!(
                "pod rejected: RuntimeClass {} not found",
                quote(class)
            )),
        }
    }
}
