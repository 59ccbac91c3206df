//! API versions that the release no longer serves, and what to write instead.

use super::schema::Schema;
use super::suggest::nearest;

/// Group versions and the release that stopped serving them.
const REMOVED: &[(&str, &str)] = &[
    ("admissionregistration.k8s.io/v1beta1", "1.22"),
    ("apiextensions.k8s.io/v1beta1", "1.22"),
    ("apiregistration.k8s.io/v1beta1", "1.22"),
    ("apps/v1beta1", "1.16"),
    ("apps/v1beta2", "1.16"),
    ("autoscaling/v2beta1", "1.25"),
    ("autoscaling/v2beta2", "1.26"),
    ("batch/v1beta1", "1.25"),
    ("batch/v2alpha1", "1.21"),
    ("certificates.k8s.io/v1beta1", "1.22"),
    ("coordination.k8s.io/v1beta1", "1.22"),
    ("discovery.k8s.io/v1beta1", "1.25"),
    ("events.k8s.io/v1beta1", "1.25"),
    ("extensions/v1beta1", "1.16 (Ingress: 1.22)"),
    ("networking.k8s.io/v1beta1", "1.22"),
    ("node.k8s.io/v1beta1", "1.25"),
    ("policy/v1beta1", "1.25"),
    ("rbac.authorization.k8s.io/v1beta1", "1.22"),
    ("scheduling.k8s.io/v1beta1", "1.22"),
    ("storage.k8s.io/v1beta1", "1.22"),
];

/// A way out of `no matches for kind`.
pub struct WayOut {
    pub suggestion: Option<String>,
    /// What to write as `apiVersion`.
    pub api_version: Option<&'static str>,
    /// What to write as `kind`.
    pub kind: Option<&'static str>,
}

/// What to write instead of a version and kind that are not served together.
pub fn way_out(schema: &Schema, api_version: &str, kind: &str) -> WayOut {
    let removed = REMOVED.iter().find(|(version, _)| *version == api_version);
    if let Some(version) = schema.versions_of(kind).last() {
        let mut suggestion = ["use apiVersion: ", version].concat();
        if let Some((version, release)) = removed {
            suggestion.push_str("; ");
            suggestion.push_str(version);
            suggestion.push_str(" was removed in Kubernetes ");
            suggestion.push_str(release);
        }
        return WayOut {
            suggestion: Some(suggestion),
            api_version: Some(version),
            kind: None,
        };
    }
    let here = schema.kinds(api_version).unwrap_or(&[]);
    let near = nearest(kind, here.iter().map(|kind| kind.name))
        .or_else(|| nearest(kind, schema.all_kinds().map(|(_, kind)| kind.name)));
    let known = schema.all_kinds().find(|(_, kind)| Some(kind.name) == near);
    let Some((version, known)) = known else {
        let mut suggestion = None;
        if api_version.contains('.') {
            let text = "a custom resource: the cluster here has no such definition";
            suggestion = Some(text.to_string());
        }
        return WayOut {
            suggestion,
            api_version: None,
            kind: None,
        };
    };
    let served = here.iter().any(|kind| kind.name == known.name);
    let version = match served {
        true => None,
        false => Some(version),
    };
    let mut suggestion = ["did you mean ", known.name].concat();
    if let Some(version) = version {
        suggestion.push_str(" in ");
        suggestion.push_str(version);
    }
    suggestion.push('?');
    WayOut {
        suggestion: Some(suggestion),
        api_version: version,
        kind: Some(known.name),
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::schema;
    use super::*;

    fn hint(api_version: &str, kind: &str) -> String {
        let way_out = way_out(schema(), api_version, kind);
        way_out.suggestion.unwrap_or_default()
    }

    #[test]
    fn unserved_kinds_get_a_way_out() {
        assert_eq!(
            hint("apps/v1beta2", "Deployment"),
            "use apiVersion: apps/v1; apps/v1beta2 was removed in Kubernetes 1.16"
        );
        assert_eq!(hint("v1", "Deployment"), "use apiVersion: apps/v1");
        assert_eq!(hint("apps/v1", "Deploymentt"), "did you mean Deployment?");
        assert_eq!(hint("v1", "Pods"), "did you mean Pod?");
        assert_eq!(
            hint("v1", "Deploymnt"),
            "did you mean Deployment in apps/v1?"
        );
        assert!(hint("monitoring.coreos.com/v1", "ServiceMonitor").starts_with("a custom"));
    }
}
