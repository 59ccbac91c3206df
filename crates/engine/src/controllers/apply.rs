//! `kubectl apply` and `create`: objects of a stream become objects of the API server.

use super::pods::{self, NewPod};
use super::scheduler::Change;
use super::state::Objects;
use super::{
    bootstrap, deployment, find_deployment, find_node, find_pod, find_replica_set, find_service,
    lookup::or_default, names, namespace, replica_set, scheduler, service, ApiError,
};
use crate::api::{
    named_namespace, ConfigData, Deployment, Metadata, Node, Object, Pod, PodSpec, ReplicaSet,
    Service, StringMap,
};
use crate::cluster::{Cx, Owner};
use crate::ids::PodId;
use crate::record::What;
use crate::sorted::Map;
use std::sync::Arc;

/// What became of an applied object (APP-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplyOutcome {
    Created,
    Configured,
    Unchanged,
}

impl ApplyOutcome {
    /// As kubectl prints it.
    pub const fn name(self) -> &'static str {
        match self {
            ApplyOutcome::Created => "created",
            ApplyOutcome::Configured => "configured",
            ApplyOutcome::Unchanged => "unchanged",
        }
    }

    fn changed(changed: bool) -> Self {
        if changed {
            ApplyOutcome::Configured
        } else {
            ApplyOutcome::Unchanged
        }
    }
}

/// `kubectl apply` of one object, now. Fields of the file win over what else was changed since;
/// labels and annotations that the file lacks stay.
pub fn apply(cx: &mut Cx, object: &Object) -> Result<ApplyOutcome, ApiError> {
    put(cx, object, true)
}

/// `kubectl create` of one object, now: refused if there is one of that name.
pub fn create(cx: &mut Cx, object: &Object) -> Result<(), ApiError> {
    put(cx, object, false).map(|_| ())
}

fn put(cx: &mut Cx, object: &Object, may_exist: bool) -> Result<ApplyOutcome, ApiError> {
    if !cx.cluster.controllers.store.ending_namespaces.is_empty() {
        namespace::check(cx, object)?;
    }
    let before = cx.cause;
    let outcome = put_any(cx, object, may_exist);
    cx.cause = before;
    if outcome
        .as_ref()
        .is_ok_and(|outcome| *outcome != ApplyOutcome::Unchanged)
    {
        note_write(cx, object);
    }
    outcome
}

/// An object that no record tells of was written.
fn note_write(cx: &mut Cx, object: &Object) {
    let (kind, metadata) = match object {
        Object::Namespace(metadata) => ("Namespace", metadata),
        Object::ConfigMap(data) => ("ConfigMap", &data.metadata),
        Object::Secret(data) => ("Secret", &data.metadata),
        Object::PersistentVolumeClaim(claim) => ("PersistentVolumeClaim", &claim.metadata),
        Object::PriorityClass(class) => ("PriorityClass", &class.metadata),
        Object::PodDisruptionBudget(budget) => ("PodDisruptionBudget", &budget.metadata),
        Object::Endpoints(endpoints) => ("Endpoints", &endpoints.metadata),
        Object::Other { kind, metadata, .. } => (kind.as_str(), metadata),
        _ => return,
    };
    let is_in_none = matches!(object, Object::Namespace(_) | Object::PriorityClass(_));
    let namespace = match is_in_none {
        true => Arc::default(),
        false => or_default(cx.cluster, &metadata.namespace),
    };
    cx.versions().write_named(kind, &namespace, &metadata.name);
}

fn put_any(cx: &mut Cx, object: &Object, may_exist: bool) -> Result<ApplyOutcome, ApiError> {
    match object {
        Object::Pod(pod) => put_pod(cx, pod, may_exist),
        Object::Deployment(deployment) => put_deployment(cx, deployment, may_exist),
        Object::ReplicaSet(set) => put_replica_set(cx, set, may_exist),
        Object::Workload(workload) => {
            let namespace = namespace_of(cx, &workload.metadata)?;
            let (is_new, is_changed) = super::workload::put(cx, workload, &namespace, may_exist)?;
            Ok(match is_new {
                true => ApplyOutcome::Created,
                false => ApplyOutcome::changed(is_changed),
            })
        }
        Object::Service(service) => put_service(cx, service, may_exist),
        Object::Node(node) => put_node(cx, node, may_exist),
        Object::Namespace(metadata) => put_namespace(cx, metadata, may_exist),
        Object::ConfigMap(data) => put_config(cx, data, false, may_exist),
        Object::Secret(data) => put_config(cx, data, true, may_exist),
        Object::PersistentVolumeClaim(claim) => {
            let namespace = namespace_of(cx, &claim.metadata)?;
            let is_new = super::workload::claim(cx, namespace, claim.clone());
            existing_or_new("persistentvolumeclaims", &claim.metadata, is_new, may_exist)
        }
        Object::PriorityClass(class) => {
            let store = Arc::make_mut(&mut cx.cluster.controllers.store);
            let name = &class.metadata.name;
            let is_new = store.priority_classes.get(name).is_none();
            if is_new {
                store.priority_classes.insert(name.clone(), class.clone());
            }
            existing_or_new(
                "priorityclasses.scheduling.k8s.io",
                &class.metadata,
                is_new,
                may_exist,
            )
        }
        Object::PodDisruptionBudget(budget) => super::disruption::put(cx, budget, may_exist),
        Object::Endpoints(endpoints) => super::endpoints::put(cx, endpoints, may_exist),
        Object::EndpointSlice(slice) => super::endpoints::put_slice(cx, slice, may_exist),
        Object::Other { kind, metadata, .. } => {
            let key = (
                kind.to_ascii_lowercase(),
                or_default(cx.cluster, &metadata.namespace).to_string(),
                metadata.name.clone(),
            );
            let store = Arc::make_mut(&mut cx.cluster.controllers.store);
            let is_new = store.others.insert(key);
            existing_or_new(&kind.to_ascii_lowercase(), metadata, is_new, may_exist)
        }
    }
}

fn existing_or_new(
    resource: &str,
    metadata: &Metadata,
    is_new: bool,
    may_exist: bool,
) -> Result<ApplyOutcome, ApiError> {
    match (is_new, may_exist) {
        (true, _) => Ok(ApplyOutcome::Created),
        (false, true) => Ok(ApplyOutcome::Unchanged),
        (false, false) => Err(ApiError::already_exists(resource, &metadata.name)),
    }
}

fn put_namespace(
    cx: &mut Cx,
    metadata: &Metadata,
    may_exist: bool,
) -> Result<ApplyOutcome, ApiError> {
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    let name = &metadata.name;
    let former = store.namespaces.get(name).cloned();
    if former.is_some() && !may_exist {
        return Err(ApiError::already_exists("namespaces", name));
    }
    let have = former.clone().unwrap_or_else(|| named_namespace(name));
    let wanted = Metadata {
        labels: merged(&have.labels, &metadata.labels),
        annotations: merged(&have.annotations, &metadata.annotations),
        ..have
    };
    let outcome = match former {
        None => ApplyOutcome::Created,
        Some(former) => ApplyOutcome::changed(former != wanted),
    };
    store.namespaces.insert(name.clone(), wanted);
    Ok(outcome)
}

/// The namespace of an object, which must exist (API-05).
pub(super) fn namespace_of(cx: &Cx, metadata: &Metadata) -> Result<String, ApiError> {
    let namespace = or_default(cx.cluster, &metadata.namespace);
    let store = &cx.cluster.controllers.store;
    if *namespace == *cx.cluster.namespace || store.namespaces.contains_key(&*namespace) {
        Ok(namespace.to_string())
    } else {
        Err(ApiError::not_found("namespaces", &namespace))
    }
}

/// Pairs of the file over those of the object.
pub(super) fn merged(have: &StringMap, file: &StringMap) -> StringMap {
    let mut all = have.clone();
    all.extend(file.iter().map(|(k, v)| (k.clone(), v.clone())));
    all
}

fn put_pod(cx: &mut Cx, pod: &Pod, may_exist: bool) -> Result<ApplyOutcome, ApiError> {
    let namespace = namespace_of(cx, &pod.metadata)?;
    let metadata = &pod.metadata;
    if metadata.name.is_empty() && !metadata.generate_name.is_empty() {
        let name = names::generated(&mut cx.cluster.draws, &metadata.generate_name);
        create_pod(cx, pod, &name, &namespace)?;
        return Ok(ApplyOutcome::Created);
    }
    match find_pod(cx.cluster, &namespace, &metadata.name) {
        None => {
            create_pod(cx, pod, &metadata.name, &namespace)?;
            Ok(ApplyOutcome::Created)
        }
        Some(id) if may_exist => update_pod(cx, id, pod),
        Some(_) => Err(ApiError::already_exists("pods", &metadata.name)),
    }
}

fn create_pod(cx: &mut Cx, pod: &Pod, name: &str, namespace: &str) -> Result<(), ApiError> {
    let spec = pods::admit_to(cx.cluster, namespace, name, pod.spec.clone())?;
    let new = NewPod {
        name: name.into(),
        namespace: namespace.into(),
        labels: Arc::new(pod.metadata.labels.clone()),
        annotations: Arc::new(pod.metadata.annotations.clone()),
        spec,
        owner: Owner::None,
    };
    let id = pods::create(cx, new);
    replica_set::reconsider_owner(cx, id);
    Ok(())
}

/// What may change in a Pod: metadata, images, the deadline, more tolerations, fewer gates
/// (API-08, VAL-25).
fn update_pod(cx: &mut Cx, id: PodId, pod: &Pod) -> Result<ApplyOutcome, ApiError> {
    let have = cx.pod(id);
    let mut wanted = Arc::new(pods::admit(pod.spec.clone()));
    pods::prioritise(cx.cluster, &pod.metadata.name, &mut wanted)?;
    let mut wanted = Arc::unwrap_or_clone(wanted);
    // The scheduler's choice is not the file's.
    if wanted.node_name.is_empty() {
        wanted.node_name.clone_from(&have.spec.node_name);
    }
    check_pod_update(&pod.metadata.name, &have.spec, &wanted)?;
    let labels = merged(&have.labels, &pod.metadata.labels);
    let annotations = merged(&have.annotations, &pod.metadata.annotations);
    let changed = pods::replace(cx, id, labels, annotations, wanted);
    Ok(ApplyOutcome::changed(changed))
}

/// The refusal of an update that changes what may not change in a Pod (VAL-25).
pub fn changed_pod(name: &str) -> ApiError {
    let detail = "spec: Forbidden: pod updates may not change fields other than \
                  `spec.containers[*].image`,`spec.initContainers[*].image`,\
                  `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing \
                  tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if \
                  it was previously negative)";
    ApiError::invalid("Pod", name, detail)
}

/// Refuses what may not change in a Pod.
pub(super) fn check_pod_update(
    name: &str,
    have: &PodSpec,
    wanted: &PodSpec,
) -> Result<(), ApiError> {
    if have.containers.len() != wanted.containers.len()
        || have.init_containers.len() != wanted.init_containers.len()
    {
        let detail = "spec.containers: Forbidden: pod updates may not add or remove containers";
        return Err(ApiError::invalid("Pod", name, detail));
    }
    let mut allowed = have.clone();
    for (mine, theirs) in allowed.containers.iter_mut().zip(&wanted.containers) {
        mine.image.clone_from(&theirs.image);
    }
    for (mine, theirs) in allowed
        .init_containers
        .iter_mut()
        .zip(&wanted.init_containers)
    {
        mine.image.clone_from(&theirs.image);
    }
    allowed.active_deadline_seconds = wanted.active_deadline_seconds;
    if have
        .tolerations
        .iter()
        .all(|t| wanted.tolerations.contains(t))
    {
        allowed.tolerations.clone_from(&wanted.tolerations);
    }
    let gates = &wanted.scheduling_gates;
    if gates
        .iter()
        .all(|gate| have.scheduling_gates.contains(gate))
    {
        allowed.scheduling_gates.clone_from(gates);
    }
    if allowed == *wanted {
        return Ok(());
    }
    Err(changed_pod(name))
}

fn put_deployment(
    cx: &mut Cx,
    object: &Deployment,
    may_exist: bool,
) -> Result<ApplyOutcome, ApiError> {
    let name = &object.metadata.name;
    let namespace = namespace_of(cx, &object.metadata)?;
    let Some(id) = find_deployment(cx.cluster, &namespace, name) else {
        deployment::create(cx, object.clone());
        return Ok(ApplyOutcome::Created);
    };
    if !may_exist {
        return Err(ApiError::already_exists("deployments.apps", name));
    }
    let have = &cx.deployment(id).object;
    check_selector("Deployment.apps", name, &have.selector, &object.selector)?;
    let mut wanted = object.clone();
    wanted.metadata.labels = merged(&have.metadata.labels, &object.metadata.labels);
    wanted.metadata.annotations = merged(&have.metadata.annotations, &object.metadata.annotations);
    wanted
        .metadata
        .namespace
        .clone_from(&have.metadata.namespace);
    let changed = deployment::change(cx, id, |live| *live = wanted);
    Ok(ApplyOutcome::changed(changed))
}

fn put_replica_set(
    cx: &mut Cx,
    object: &ReplicaSet,
    may_exist: bool,
) -> Result<ApplyOutcome, ApiError> {
    let name = &object.metadata.name;
    let namespace = namespace_of(cx, &object.metadata)?;
    let Some(id) = find_replica_set(cx.cluster, &namespace, name) else {
        replica_set::create(cx, object.clone(), None);
        return Ok(ApplyOutcome::Created);
    };
    if !may_exist {
        return Err(ApiError::already_exists("replicasets.apps", name));
    }
    let have = Arc::clone(&cx.replica_set(id).object);
    check_selector("ReplicaSet.apps", name, &have.selector, &object.selector)?;
    if *have == *object {
        return Ok(ApplyOutcome::Unchanged);
    }
    replica_set::set_replicas(cx, id, object.replicas);
    let state = cx.replica_set_mut(id);
    state.pod_labels = Arc::new(object.template.metadata.labels.clone());
    state.pod_annotations = Arc::new(object.template.metadata.annotations.clone());
    state.pod_spec = Arc::new(pods::admit(object.template.spec.clone()));
    state.object = Arc::new(object.clone());
    cx.record(What::ReplicaSetChanged { replica_set: id });
    replica_set::enqueue(cx, id, crate::latency::WATCH);
    Ok(ApplyOutcome::Configured)
}

/// A workload's selector cannot change (VAL-25).
pub(super) fn check_selector(
    kind: &str,
    name: &str,
    have: &crate::api::LabelSelector,
    wanted: &crate::api::LabelSelector,
) -> Result<(), ApiError> {
    if have == wanted {
        return Ok(());
    }
    let labels: Vec<String> = wanted
        .match_labels
        .iter()
        .map(|(key, value)| format!("\"{key}\":\"{value}\""))
        .collect();
    let detail = format!(
        "spec.selector: Invalid value: {{\"matchLabels\":{{{}}}}}: field is immutable",
        labels.join(",")
    );
    Err(ApiError::invalid(kind, name, &detail))
}

fn put_service(cx: &mut Cx, object: &Service, may_exist: bool) -> Result<ApplyOutcome, ApiError> {
    let name = &object.metadata.name;
    let namespace = namespace_of(cx, &object.metadata)?;
    let Some(id) = find_service(cx.cluster, &namespace, name) else {
        service::create(cx, object.clone())?;
        return Ok(ApplyOutcome::Created);
    };
    if !may_exist {
        return Err(ApiError::already_exists("services", name));
    }
    let have = &cx.service(id).object.metadata;
    let mut wanted = object.clone();
    wanted.metadata.labels = merged(&have.labels, &object.metadata.labels);
    wanted.metadata.annotations = merged(&have.annotations, &object.metadata.annotations);
    wanted.metadata.namespace.clone_from(&have.namespace);
    service::replace(cx, id, wanted).map(ApplyOutcome::changed)
}

fn put_node(cx: &mut Cx, node: &Node, may_exist: bool) -> Result<ApplyOutcome, ApiError> {
    let name = &node.metadata.name;
    let Some(id) = find_node(cx.cluster, name) else {
        let mut known = cx.cluster.nodes.iter();
        if let Some(index) = known.position(|known| *known.name == **name) {
            // The Node of a machine that is there.
            super::nodes::register(cx, crate::ids::NodeId::at(index));
            return Ok(ApplyOutcome::Created);
        }
        let id = bootstrap::add_node(cx.cluster, node.clone());
        cx.record_as_cause(What::NodeChanged { node: id });
        scheduler::cluster_changed(cx, Change::Node);
        super::workload::nodes_changed(cx);
        return Ok(ApplyOutcome::Created);
    };
    if !may_exist {
        return Err(ApiError::already_exists("nodes", name));
    }
    let mut wanted = node.clone();
    let have = &cx.node(id).object;
    wanted.metadata.labels = merged(&have.metadata.labels, &node.metadata.labels);
    wanted.metadata.annotations = merged(&have.metadata.annotations, &node.metadata.annotations);
    Ok(ApplyOutcome::changed(super::nodes::change(
        cx,
        id,
        |live| {
            *live = wanted;
        },
    )))
}

fn put_config(
    cx: &mut Cx,
    data: &ConfigData,
    is_secret: bool,
    may_exist: bool,
) -> Result<ApplyOutcome, ApiError> {
    let namespace = namespace_of(cx, &data.metadata)?;
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    let (resource, table): (_, &mut Map<_, Arc<ConfigData>>) = if is_secret {
        ("secrets", &mut store.secrets)
    } else {
        ("configmaps", &mut store.config_maps)
    };
    let key = (namespace, data.metadata.name.clone());
    match table.get(&key) {
        Some(_) if !may_exist => Err(ApiError::already_exists(resource, &data.metadata.name)),
        Some(have) if **have == *data => Ok(ApplyOutcome::Unchanged),
        have => {
            let outcome = match have {
                Some(_) => ApplyOutcome::Configured,
                None => ApplyOutcome::Created,
            };
            table.insert(key, Arc::new(data.clone()));
            Ok(outcome)
        }
    }
}
