//! Pods and Pod templates.

use super::container::{container, resources, restart_policy};
use super::volume::{token, volume};
use super::{metadata, owner, placement, pod_status};
use crate::api::{
    Groups, PodSpec, PodTemplate, SelectorOperator, SelectorRequirement, TaintEffect, Toleration,
};
use crate::cluster::{Owner, PodState};
use crate::ids::PodId;
use crate::kubectl::item::Item;
use crate::kubectl::output::{list, map, Map, Value};
use crate::kubectl::pod_volume;
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;

pub fn pod(view: &View, item: &Item, id: PodId) -> Map {
    let pod = view.pod(id);
    let mut meta = metadata(view, item, &pod.uid)
        .some("annotations", &view.annotations(item, &pod.annotations))
        .set("generation", pod.generation);
    if let Some(deletion) = pod.deletion {
        let grace = deletion.grace_seconds;
        let until = Stamp::of(deletion.asked_at).plus_secs(i64::from(grace));
        meta = meta
            .set("deletionGracePeriodSeconds", grace)
            .set("deletionTimestamp", view.date(until));
    }
    if let Owner::ReplicaSet(set) = pod.owner {
        let set = view.cluster.controllers.replica_set(set);
        meta = meta.set("generateName", format!("{}-", set.name)).set(
            "ownerReferences",
            owner("apps/v1", "ReplicaSet", &set.name, &set.uid),
        );
    }
    if let Owner::Workload(of) = pod.owner {
        let by = &view.cluster.controllers.workloads[of.index()];
        let kind = by.object.kind.name();
        let version = if kind == "Job" { "batch/v1" } else { "apps/v1" };
        let is_job = kind == "Job";
        if is_job && by.removed_at.is_none() && !by.job.has_counted(id) {
            let tracked = "batch.kubernetes.io/job-tracking";
            meta = meta.set("finalizers", list([tracked]));
        }
        // A Pod of a StatefulSet has one, too, though its name is its own.
        let base = match is_job {
            true => pod.name[..pod.name.len() - 5].to_owned(),
            false => format!("{}-", by.name),
        };
        meta = meta
            .set("generateName", base)
            .set("ownerReferences", owner(version, kind, &by.name, &by.uid));
    }
    map()
        .set("metadata", meta)
        .set("spec", spec_of(view, pod))
        .set("status", pod_status::status(view, id))
}

/// The spec of a Pod as it would be with another one in its place.
pub fn spec_with(view: &View, id: PodId, spec: &PodSpec) -> Value {
    let mut pod = view.pod(id).clone();
    pod.spec = std::sync::Arc::new(spec.clone());
    spec_of(view, &pod).into()
}

/// A spec that no admission has seen, as an update sends it: the server fills in what it does not
/// leave to admission.
pub fn bare_spec(bare: &PodSpec) -> Value {
    spec(bare, None)
        .set("enableServiceLinks", bare.service_links != Some(false))
        .set("preemptionPolicy", "PreemptLowerPriority")
        .set("priority", 0_u32)
        .into()
}

fn spec_of(view: &View, pod: &PodState) -> Map {
    let volume = pod_volume::name(&pod.uid);
    let node = pod
        .node
        .map(|node| view.cluster.nodes[node.index()].name.to_string());
    let placement = pod.spec.placement.as_deref();
    let class = placement.map_or("", |p| p.priority_class.as_str());
    let policy = match placement.is_some_and(|p| p.never_preempts) {
        true => "Never",
        false => "PreemptLowerPriority",
    };
    spec(&pod.spec, Some(&volume))
        .maybe("nodeName", node)
        .set("enableServiceLinks", pod.spec.service_links != Some(false))
        .set("preemptionPolicy", policy)
        .set("priority", crate::controllers::priority(&pod.spec))
        .some("priorityClassName", class)
}

/// A Pod template.
pub fn template(template: &PodTemplate) -> Map {
    let meta = map()
        .some("annotations", &template.metadata.annotations)
        .some("labels", &template.metadata.labels);
    map()
        .set("metadata", meta)
        .set("spec", spec(&template.spec, None))
}

fn spec(spec: &PodSpec, token_volume: Option<&str>) -> Map {
    let containers =
        |of: &[crate::api::Container]| list(of.iter().map(|c| container(c, token_volume)));
    let mut volumes: Vec<Value> = spec.volumes.iter().map(volume).collect();
    volumes.extend(token_volume.map(token));
    let security = groups(spec.groups.as_deref())
        .some("runAsNonRoot", spec.run_as_non_root)
        .maybe("runAsGroup", spec.run_as_group)
        .maybe("runAsUser", spec.run_as_user);
    let secrets = spec
        .image_pull_secrets
        .iter()
        .map(|name| map().set("name", name));
    let gates = spec
        .readiness_gates
        .iter()
        .map(|name| map().set("conditionType", name));
    map()
        .maybe("activeDeadlineSeconds", spec.active_deadline_seconds)
        .some("affinity", placement::affinity(spec))
        .set("containers", containers(&spec.containers))
        .set("dnsPolicy", "ClusterFirst")
        .maybe("enableServiceLinks", spec.service_links)
        .some("hostNetwork", spec.host_network)
        .some("hostname", &spec.hostname)
        .some("imagePullSecrets", list(secrets))
        .some("initContainers", containers(&spec.init_containers))
        .some("nodeName", &spec.node_name)
        .some("nodeSelector", &spec.node_selector)
        .some("readinessGates", list(gates))
        .maybe("resources", spec.resources.as_deref().map(resources))
        .set("restartPolicy", restart_policy(spec.restart_policy))
        .set("schedulerName", spec.scheduler_name())
        .set("securityContext", security)
        // Its older name is kept, too.
        .some("serviceAccount", &spec.service_account_name)
        .some("serviceAccountName", &spec.service_account_name)
        .some("shareProcessNamespace", spec.share_process_namespace)
        .some("subdomain", &spec.subdomain)
        .set(
            "terminationGracePeriodSeconds",
            spec.termination_grace_period_seconds,
        )
        .some("tolerations", list(spec.tolerations.iter().map(toleration)))
        .some("topologySpreadConstraints", placement::spread(spec))
        .some("volumes", volumes)
}

fn groups(groups: Option<&Groups>) -> Map {
    let Some(groups) = groups else {
        return map();
    };
    map()
        .maybe("fsGroup", groups.fs_group)
        .some("fsGroupChangePolicy", &groups.change_policy)
        .some(
            "supplementalGroups",
            list(groups.supplemental.iter().copied()),
        )
}

/// A requirement on labels.
pub fn requirement(requirement: &SelectorRequirement) -> Value {
    let operator = match requirement.operator {
        SelectorOperator::In => "In",
        SelectorOperator::NotIn => "NotIn",
        SelectorOperator::Exists => "Exists",
        SelectorOperator::DoesNotExist => "DoesNotExist",
        SelectorOperator::Gt => "Gt",
        SelectorOperator::Lt => "Lt",
    };
    map()
        .set("key", &requirement.key)
        .set("operator", operator)
        .some("values", list(&requirement.values))
        .into()
}

/// The API's word for a taint's effect.
pub const fn effect_name(effect: TaintEffect) -> &'static str {
    match effect {
        TaintEffect::NoSchedule => "NoSchedule",
        TaintEffect::PreferNoSchedule => "PreferNoSchedule",
        TaintEffect::NoExecute => "NoExecute",
    }
}

fn toleration(toleration: &Toleration) -> Map {
    map()
        .maybe("effect", toleration.effect.map(effect_name))
        .some("key", &toleration.key)
        .set(
            "operator",
            if toleration.exists { "Exists" } else { "Equal" },
        )
        .maybe("tolerationSeconds", toleration.toleration_seconds)
        .some("value", &toleration.value)
}
