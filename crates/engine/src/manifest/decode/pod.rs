//! Pods and templates.

use super::container::{self, restart_policy};
use super::placement::placement;
use super::volume::volume;
use super::{admit, metadata, requirements, string_map};
use crate::api::{Groups, NodeTerm, Pod, PodSpec, PodTemplate, TaintEffect, Toleration};
use crate::manifest::field::Field;

/// A Pod, admitted.
pub fn pod(root: &Field) -> Pod {
    let mut spec = pod_spec(&root.key("spec"));
    admit(&mut spec);
    Pod {
        metadata: metadata(root),
        spec,
    }
}

/// The template of a workload.
pub fn pod_template(template: &Field) -> PodTemplate {
    PodTemplate {
        metadata: metadata(template),
        spec: pod_spec(&template.key("spec")),
    }
}

fn pod_spec(spec: &Field) -> PodSpec {
    let host_network = spec.key("hostNetwork").bool();
    let deadline = spec.key("activeDeadlineSeconds");
    let security = spec.key("securityContext");
    let user = security.key("runAsUser");
    let group = security.key("runAsGroup");
    let grace = spec.key("terminationGracePeriodSeconds").int_or(30);
    let account = spec.key("serviceAccount");
    let links = spec.key("enableServiceLinks");
    let to_container = |field: Field| container::container(&field, host_network);
    let whole = spec.key("resources");
    PodSpec {
        init_containers: spec
            .key("initContainers")
            .items()
            .map(to_container)
            .collect(),
        containers: spec.key("containers").items().map(to_container).collect(),
        restart_policy: restart_policy(&spec.key("restartPolicy")).unwrap_or_default(),
        // A negative period counts as 1 (API-03).
        termination_grace_period_seconds: u32::try_from(grace).unwrap_or(match grace < 0 {
            true => 1,
            false => u32::MAX,
        }),
        active_deadline_seconds: deadline
            .is_set()
            .then(|| deadline.int().max(0).unsigned_abs()),
        node_name: spec.key("nodeName").text().into(),
        node_selector: string_map(&spec.key("nodeSelector")),
        node_affinity_required: node_affinity(&spec.key("affinity")),
        placement: placement(spec),
        tolerations: spec.key("tolerations").items().map(toleration).collect(),
        host_network,
        hostname: spec.key("hostname").text().into(),
        subdomain: spec.key("subdomain").text().into(),
        service_account_name: spec
            .key("serviceAccountName")
            .text_or(account.text())
            .into(),
        image_pull_secrets: names_of(&spec.key("imagePullSecrets"), "name"),
        readiness_gates: names_of(&spec.key("readinessGates"), "conditionType"),
        scheduling_gates: names_of(&spec.key("schedulingGates"), "name"),
        volumes: spec.key("volumes").items().map(volume).collect(),
        share_process_namespace: spec.key("shareProcessNamespace").bool(),
        resources: whole
            .is_set()
            .then(|| Box::new(container::resources(&whole))),
        run_as_user: user.is_set().then(|| user.int()),
        run_as_group: group.is_set().then(|| group.int()),
        run_as_non_root: security.key("runAsNonRoot").bool(),
        groups: match security.is_set() {
            true => groups(&security),
            false => None,
        },
        service_links: links.is_set().then(|| links.bool()),
    }
}

/// None: it says nothing of them, as most do.
#[inline(never)]
fn groups(security: &Field) -> Option<Box<Groups>> {
    let fs_group = security.key("fsGroup");
    let further = security.key("supplementalGroups");
    let groups = Groups {
        fs_group: fs_group.is_set().then(|| fs_group.int()),
        change_policy: security.key("fsGroupChangePolicy").text().into(),
        supplemental: further.items().map(|group| group.int()).collect(),
    };
    (groups != Groups::default()).then(|| Box::new(groups))
}

fn names_of(list: &Field, key: &'static str) -> Vec<String> {
    let name = |item: Field| String::from(item.key(key).text());
    list.items().map(name).collect()
}

fn node_affinity(affinity: &Field) -> Vec<NodeTerm> {
    let node = affinity.key("nodeAffinity");
    let required = node.key("requiredDuringSchedulingIgnoredDuringExecution");
    let terms = required.key("nodeSelectorTerms");
    terms.items().map(|term| node_term(&term)).collect()
}

/// A node selector term.
#[inline(never)]
pub fn node_term(term: &Field) -> NodeTerm {
    NodeTerm {
        labels: requirements(&term.key("matchExpressions")),
        names: requirements(&term.key("matchFields")),
    }
}

/// `effect` of a taint or toleration.
pub fn taint_effect(field: &Field) -> Option<TaintEffect> {
    match field.text() {
        "NoSchedule" => Some(TaintEffect::NoSchedule),
        "PreferNoSchedule" => Some(TaintEffect::PreferNoSchedule),
        "NoExecute" => Some(TaintEffect::NoExecute),
        _ => None,
    }
}

fn toleration(field: Field) -> Toleration {
    let seconds = field.key("tolerationSeconds");
    Toleration {
        key: field.key("key").text().into(),
        exists: field.key("operator").text() == "Exists",
        value: field.key("value").text().into(),
        effect: taint_effect(&field.key("effect")),
        toleration_seconds: seconds.is_set().then(|| seconds.int()),
    }
}
