//! Endpoints and EndpointSlices that somebody writes, and the slices that mirror the Endpoints of a
//! Service without selector (EPS-06). Sources: pkg/controller/endpointslicemirroring,
//! pkg/controller/endpoint/endpoints_controller.go.

use super::apply::{merged, namespace_of, ApplyOutcome};
use super::state::Objects;
use super::{endpoint_slice, find_service, names, ApiError, ControllerTimer, ServiceState};
use crate::api::{
    Endpoints, Metadata, ServiceType, StringMap, Subset, WrittenEndpoint, WrittenSlice,
    LAST_APPLIED, SERVICE_NAME,
};
use crate::cluster::{Cluster, Cx};
use crate::ids::{ServiceId, TextId};
use crate::latency;
use crate::network;
use crate::record::What;
use crate::time::Instant;
use crate::timer::Timer;
use std::sync::Arc;

/// Label of a slice: who keeps it.
pub const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
const MIRRORING: &str = "endpointslicemirroring-controller.k8s.io";
/// Annotations that the mirror leaves out.
const OWN_ANNOTATIONS: [&str; 2] = [
    "endpoints.kubernetes.io/last-change-trigger-time",
    LAST_APPLIED,
];

/// Namespace and name.
type Key = (String, String);

/// Endpoints of the API server that no controller wrote.
#[derive(Clone, Debug)]
pub struct EndpointsState {
    pub object: Endpoints,
    pub uid: Arc<str>,
    pub created_at: Instant,
}

/// An EndpointSlice of the API server that was not made from a selector.
#[derive(Clone, Debug)]
pub struct SliceState {
    pub object: WrittenSlice,
    pub uid: Arc<str>,
    pub created_at: Instant,
    pub generation: u32,
    /// Made from the Endpoints of its Service's name, which own it.
    pub is_mirror: bool,
}

/// The slices of a Service that were not made from its selector.
pub fn written_slices<'c>(
    cluster: &'c Cluster,
    service: &'c ServiceState,
) -> impl Iterator<Item = &'c Arc<SliceState>> {
    let slices = cluster.controllers.store.slices.iter();
    let own = slices.filter(|((namespace, _), slice)| {
        **namespace == *service.namespace && slice.object.service() == &*service.name
    });
    own.map(|(_, slice)| slice)
}

/// The Service of a name, if its Endpoints are the controller's own.
fn selecting(cluster: &Cluster, (namespace, name): &Key) -> Option<ServiceId> {
    find_service(cluster, namespace, name).filter(|id| {
        let object = &cluster.controllers.service(*id).object;
        !object.selector.is_empty() && object.service_type != ServiceType::ExternalName
    })
}

/// Applies or creates Endpoints.
#[inline(never)]
pub(super) fn put(
    cx: &mut Cx,
    object: &Endpoints,
    may_exist: bool,
) -> Result<ApplyOutcome, ApiError> {
    let namespace = namespace_of(cx, &object.metadata)?;
    let key = (namespace, object.metadata.name.clone());
    let exists = || ApiError::already_exists("endpoints", &object.metadata.name);
    if let Some(id) = selecting(cx.cluster, &key) {
        // The controller writes over it at once.
        return match (cx.service(id).slice.name.is_empty(), may_exist) {
            (true, _) => Ok(ApplyOutcome::Created),
            (false, true) => Ok(ApplyOutcome::Configured),
            (false, false) => Err(exists()),
        };
    }
    let have = cx.cluster.controllers.store.endpoints.get(&key).cloned();
    let (state, outcome) = match have {
        None => {
            let state = EndpointsState {
                object: object.clone(),
                uid: names::uid(&mut cx.cluster.draws),
                created_at: cx.now,
            };
            (state, ApplyOutcome::Created)
        }
        Some(_) if !may_exist => return Err(exists()),
        Some(have) => {
            let mut object = object.clone();
            object.metadata = updated(&have.object.metadata, &object.metadata);
            if have.object == object {
                return Ok(ApplyOutcome::Unchanged);
            }
            let state = EndpointsState {
                object,
                ..(*have).clone()
            };
            (state, ApplyOutcome::Configured)
        }
    };
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    store.endpoints.insert(key.clone(), Arc::new(state));
    queue(cx, &key);
    Ok(outcome)
}

/// Applies or creates an EndpointSlice.
#[inline(never)]
pub(super) fn put_slice(
    cx: &mut Cx,
    object: &WrittenSlice,
    may_exist: bool,
) -> Result<ApplyOutcome, ApiError> {
    let namespace = namespace_of(cx, &object.metadata)?;
    let mut object = object.clone();
    if object.metadata.name.is_empty() {
        let name = names::generated(&mut cx.cluster.draws, &object.metadata.generate_name);
        object.metadata.name = name;
    }
    let name = object.metadata.name.clone();
    let key = (namespace, name);
    let have = cx.cluster.controllers.store.slices.get(&key).cloned();
    let is_kept = made_from_selector(cx, &key).is_some();
    if (is_kept || have.is_some()) && !may_exist {
        let resource = "endpointslices.discovery.k8s.io";
        return Err(ApiError::already_exists(resource, &key.1));
    }
    if is_kept {
        // Its controller writes over it at once.
        return Ok(ApplyOutcome::Configured);
    }
    let outcome = match &have {
        None => ApplyOutcome::Created,
        Some(have) => {
            let (old, new) = (&have.object.address_type, &object.address_type);
            if old != new {
                let detail = format!("addressType: Invalid value: \"{new}\": field is immutable");
                return Err(ApiError::invalid(
                    "EndpointSlice.discovery.k8s.io",
                    &key.1,
                    &detail,
                ));
            }
            object.metadata = updated(&have.object.metadata, &object.metadata);
            if have.object == object {
                return Ok(ApplyOutcome::Unchanged);
            }
            ApplyOutcome::Configured
        }
    };
    let before = have.as_ref().map(|have| have.object.service().to_owned());
    store_slice(cx, key.clone(), have, object, false);
    slice_changed(cx, &key, before);
    Ok(outcome)
}

/// Labels and annotations that a file lacks stay.
fn updated(have: &Metadata, file: &Metadata) -> Metadata {
    Metadata {
        labels: merged(&have.labels, &file.labels),
        annotations: merged(&have.annotations, &file.annotations),
        ..have.clone()
    }
}

/// Writes a slice. Its generation counts changes of all but annotations.
fn store_slice(
    cx: &mut Cx,
    key: Key,
    have: Option<Arc<SliceState>>,
    object: WrittenSlice,
    is_mirror: bool,
) {
    let state = match have {
        None => SliceState {
            object,
            uid: names::uid(&mut cx.cluster.draws),
            created_at: cx.now,
            generation: 1,
            is_mirror,
        },
        Some(have) => {
            let old = &have.object;
            let is_same = old.metadata.labels == object.metadata.labels
                && (&old.endpoints, &old.ports) == (&object.endpoints, &object.ports);
            SliceState {
                generation: have.generation + u32::from(!is_same),
                object,
                ..(*have).clone()
            }
        }
    };
    cx.versions().write_named("EndpointSlice", &key.0, &key.1);
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    store.slices.insert(key, Arc::new(state));
}

/// A slice was written or deleted: the rules of its Service follow, and of the one it had `before`.
/// Its mirror is made anew if it is one.
fn slice_changed(cx: &mut Cx, key: &Key, before: Option<String>) {
    let slice = cx.cluster.controllers.store.slices.get(key);
    let now = slice.map(|slice| slice.object.service().to_owned());
    let both = [
        before.clone(),
        now.filter(|now| before.as_ref() != Some(now)),
    ];
    for service in both.into_iter().flatten() {
        let of = (key.0.clone(), service);
        if let Some(id) = find_service(cx.cluster, &of.0, &of.1) {
            cx.record_as_cause(What::ServiceChanged { service: id });
            network::slice_changed(cx, id);
        }
        queue(cx, &of);
    }
}

/// The Service whose controller made a slice of its selector.
fn made_from_selector(cx: &Cx, key: &Key) -> Option<ServiceId> {
    let mut services = cx.cluster.controllers.live_services();
    let found = services.find(|(_, service)| {
        *service.slice.name == *key.1
            && *service.namespace == *key.0
            && !service.object.selector.is_empty()
    });
    found.map(|(id, _)| id)
}

/// Deletes Endpoints; those of a Service with selector are there again at once.
pub(super) fn delete(cx: &mut Cx, key: Key) -> Result<(), ApiError> {
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    let found = store.endpoints.remove(&key).is_some();
    if !found && selecting(cx.cluster, &key).is_none() {
        return Err(ApiError::not_found("endpoints", &key.1));
    }
    queue(cx, &key);
    Ok(())
}

/// Deletes an EndpointSlice. Its controller, if it has one, makes another with a new name.
pub(super) fn delete_slice(cx: &mut Cx, key: &Key) -> Result<(), ApiError> {
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    if let Some(slice) = store.slices.remove(key) {
        let service = slice.object.service().to_owned();
        slice_changed(cx, key, Some(service));
        return Ok(());
    }
    let Some(id) = made_from_selector(cx, key) else {
        let resource = "endpointslices.discovery.k8s.io";
        return Err(ApiError::not_found(resource, &key.1));
    };
    endpoint_slice::deleted(cx, id);
    Ok(())
}

/// `kubectl label` and `annotate`, and what a patch takes away. None: there is no such object.
pub(super) fn edit(
    cx: &mut Cx,
    key: &Key,
    is_slice: bool,
    edit: impl FnOnce(&mut Metadata) -> Result<(), ApiError>,
) -> Result<Option<bool>, ApiError> {
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    if is_slice {
        let Some(have) = store.slices.get(key).cloned() else {
            return Ok(made_from_selector(cx, key).map(|_| false));
        };
        let mut object = have.object.clone();
        edit(&mut object.metadata)?;
        let is_changed = object != have.object;
        if is_changed {
            let before = Some(have.object.service().to_owned());
            store_slice(cx, key.clone(), Some(have), object, false);
            slice_changed(cx, key, before);
        }
        return Ok(Some(is_changed));
    }
    let Some(have) = store.endpoints.get_mut(key) else {
        return Ok(selecting(cx.cluster, key).map(|_| false));
    };
    let mut object = have.object.clone();
    edit(&mut object.metadata)?;
    let is_changed = object != have.object;
    if is_changed {
        Arc::make_mut(have).object = object;
        cx.versions().write_named("Endpoints", &key.0, &key.1);
        queue(cx, key);
    }
    Ok(Some(is_changed))
}

/// A Service was created or changed, or is gone: with a selector its Endpoints are the controller's,
/// and go with it.
pub(super) fn service_changed(cx: &mut Cx, id: ServiceId) {
    let store = &cx.cluster.controllers.store;
    if store.endpoints.is_empty() && store.slices.is_empty() {
        return;
    }
    let service = cx.service(id);
    let key = (service.namespace.to_string(), service.name.to_string());
    let is_gone = service.removed_at.is_some();
    if is_gone || selecting(cx.cluster, &key).is_some() {
        let store = Arc::make_mut(&mut cx.cluster.controllers.store);
        store.endpoints.remove(&key);
    }
    queue(cx, &key);
    network::slice_changed(cx, id);
}

fn queue(cx: &mut Cx, (namespace, name): &Key) {
    let text = cx.intern(&[namespace, "/", name].concat());
    let timer = ControllerTimer::Mirror(text);
    cx.after(latency::ENDPOINT_SLICE, Timer::Controller(timer));
}

/// The mirroring controller looks at the Endpoints `namespace/name`.
#[inline(never)]
pub(super) fn due(cx: &mut Cx, text: TextId) {
    let text = cx.cluster.texts.get(text);
    let (namespace, name) = text.split_once('/').unwrap_or_default();
    let key = (namespace.to_owned(), name.to_owned());
    let store = &cx.cluster.controllers.store;
    let mut wanted = store.endpoints.get(&key).map_or(Vec::new(), |endpoints| {
        match is_mirrored(cx.cluster, &key, &endpoints.object.metadata) {
            true => mirrors(&endpoints.object),
            false => Vec::new(),
        }
    });
    let slices = store.slices.iter();
    let own = slices.filter(|((of, _), slice)| {
        *of == key.0
            && slice.object.service() == key.1
            && slice
                .object
                .metadata
                .labels
                .get(MANAGED_BY)
                .map(String::as_str)
                == Some(MIRRORING)
    });
    let mut have: Vec<_> = own
        .map(|(key, slice)| (key.clone(), Arc::clone(slice)))
        .collect();
    let mut is_changed = false;
    // First those with the same ports, then those that only a name can be kept of.
    for by_ports in [true, false] {
        wanted.retain(|slice| {
            let is_same = |(_, old): &(Key, Arc<SliceState>)| {
                old.object.address_type == slice.address_type
                    && (!by_ports || old.object.ports == slice.ports)
            };
            let Some(place) = have.iter().position(is_same) else {
                return true;
            };
            let (key, old) = have.remove(place);
            let mut slice = slice.clone();
            slice.metadata.name.clone_from(&key.1);
            if old.object != slice {
                is_changed = true;
                store_slice(cx, key, Some(old), slice, true);
            }
            false
        });
    }
    for (key, _) in have {
        is_changed = true;
        let store = Arc::make_mut(&mut cx.cluster.controllers.store);
        store.slices.remove(&key);
    }
    for mut slice in wanted {
        is_changed = true;
        let name = names::generated(&mut cx.cluster.draws, &[&*key.1, "-"].concat());
        slice.metadata.name.clone_from(&name);
        store_slice(cx, (key.0.clone(), name), None, slice, true);
    }
    let service = find_service(cx.cluster, &key.0, &key.1).filter(|_| is_changed);
    if let Some(id) = service {
        cx.record_as_cause(What::ServiceChanged { service: id });
        network::slice_changed(cx, id);
    }
}

/// Whether Endpoints are mirrored: those of a Service that is there and has no selector.
fn is_mirrored(cluster: &Cluster, key: &Key, metadata: &Metadata) -> bool {
    let skips = metadata
        .labels
        .get("endpointslice.kubernetes.io/skip-mirror");
    let leads = "control-plane.alpha.kubernetes.io/leader";
    skips.is_none_or(|text| text != "true")
        && !metadata.annotations.contains_key(leads)
        && find_service(cluster, &key.0, &key.1)
            .is_some_and(|id| cluster.controllers.service(id).object.selector.is_empty())
}

/// The slices of Endpoints: one for each set of ports and each kind of address.
fn mirrors(endpoints: &Endpoints) -> Vec<WrittenSlice> {
    let own = &endpoints.metadata;
    let mut labels = own.labels.clone();
    labels.insert(SERVICE_NAME.to_owned(), own.name.clone());
    labels.insert(MANAGED_BY.to_owned(), MIRRORING.to_owned());
    let annotations = own.annotations.iter();
    let annotations: StringMap = annotations
        .filter(|(key, _)| !OWN_ANNOTATIONS.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let metadata = Metadata {
        name: String::new(),
        generate_name: [&*own.name, "-"].concat(),
        namespace: own.namespace.clone(),
        labels,
        annotations,
    };
    let mut slices: Vec<WrittenSlice> = Vec::new();
    for Subset { endpoints, ports } in &endpoints.subsets {
        for endpoint in endpoints {
            let address_type = kind_of_address(endpoint);
            let known = slices
                .iter_mut()
                .find(|slice| slice.address_type == address_type && slice.ports == *ports);
            match known {
                Some(slice) => {
                    let listed = &mut slice.endpoints;
                    if listed.iter().all(|e| e.addresses != endpoint.addresses) {
                        listed.push(endpoint.clone());
                    }
                }
                None => slices.push(WrittenSlice {
                    metadata: metadata.clone(),
                    address_type: address_type.to_owned(),
                    endpoints: vec![endpoint.clone()],
                    ports: ports.clone(),
                }),
            }
        }
    }
    slices
}

fn kind_of_address(endpoint: &WrittenEndpoint) -> &'static str {
    match endpoint.addresses.iter().any(|text| text.contains(':')) {
        true => "IPv6",
        false => "IPv4",
    }
}
