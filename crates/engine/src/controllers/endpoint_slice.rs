//! EndpointSlices: which Pods a Service has, and in what condition (EPS-*). One slice a Service.

use super::state::Objects;
use super::{names, ControllerTimer, ServiceState};
use crate::api::{
    ask_once, labels_contain, Asked, Container, PodSpec, PortRef, Protocol, RestartPolicy,
    StringMap,
};
use crate::cluster::{Cx, PodState, Versioned};
use crate::ids::{NodeId, PodId, RecordId, ServiceId};
use crate::kubelet;
use crate::latency;
use crate::network;
use crate::planted::{self, Bug};
use crate::record::{EndpointState, What};
use crate::status::{ConditionStatus, ConditionType};
use crate::time::{Duration, Instant};
use crate::timer::Timer;
use std::sync::Arc;

/// The slice of a Service.
#[derive(Clone, Debug, Default)]
pub struct EndpointSlice {
    /// Empty until it is first written.
    pub name: Arc<str>,
    /// In order of Pod names (EPS-04).
    pub endpoints: Vec<Endpoint>,
    /// `metadata.generation`: how often endpoints or ports were written.
    pub generation: u32,
    /// Pods to look at, each with what brought that about.
    dirty: Vec<(PodId, RecordId)>,
    /// `endpoints.kubernetes.io/last-change-trigger-time` (EPS-04): what the last write followed
    /// from. A change of anything but a Pod's readiness has none, and takes the annotation away.
    pub trigger: Option<Instant>,
    /// Since when each Pod's Ready condition was as it is, when it was looked at last.
    seen: Vec<(PodId, Instant)>,
}

/// One endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub pod: PodId,
    /// Host order.
    pub address: u32,
    pub node: Option<NodeId>,
    /// Target ports in the order of the Service's ports; 0: the Pod has no port of that name
    /// (EPS-03).
    pub ports: Vec<u16>,
    pub state: EndpointState,
    /// Since when the conditions are as they are.
    pub since: Instant,
    /// The record of that.
    pub record: RecordId,
}

impl EndpointSlice {
    /// The endpoint of a Pod.
    pub fn find(&self, pod: PodId) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.pod == pod)
    }

    /// How many endpoints are ready.
    pub fn ready(&self) -> u32 {
        let ready = self.endpoints.iter().filter(|e| e.state.ready);
        ready.count() as u32
    }
}

fn selects(service: &ServiceState, pod: &PodState) -> bool {
    selects_next(service, pod, &mut None)
}

/// The same for one Pod after the other.
fn selects_next<'a>(service: &ServiceState, pod: &'a PodState, last: &mut Asked<'a>) -> bool {
    let selector = &service.object.selector;
    let contains = |labels: &StringMap| labels_contain(labels, selector);
    !selector.is_empty()
        && service.namespace == pod.namespace
        && ask_once(last, &pod.labels, contains)
}

/// A Pod appeared, changed or went: the Services that select it or list it look at it (EPS-05).
pub(super) fn pod_changed(cx: &mut Cx, pod: PodId) {
    for index in 0..cx.cluster.controllers.services.len() {
        let service = &cx.cluster.controllers.services[index];
        if service.removed_at.is_some() {
            continue;
        }
        let is_listed = service.slice.find(pod).is_some();
        if is_listed || selects(service, cx.pod(pod)) {
            touch(cx, ServiceId::at(index), pod);
            enqueue(cx, ServiceId::at(index), latency::ENDPOINT_SLICE);
        }
    }
}

fn touch(cx: &mut Cx, id: ServiceId, pod: PodId) {
    let cause = cx.cause;
    let dirty = &mut cx.service_mut(id).slice.dirty;
    match dirty.iter_mut().find(|(known, _)| *known == pod) {
        Some(entry) => entry.1 = cause,
        None => dirty.push((pod, cause)),
    }
}

/// A Service was created or changed: every Pod counts anew.
pub(super) fn service_changed(cx: &mut Cx, id: ServiceId) {
    let pods: Vec<PodId> = {
        let service = cx.service(id);
        let listed = service.slice.endpoints.iter().map(|e| e.pod);
        let selected = cx
            .cluster
            .live_pods()
            .filter(|pod| selects(service, cx.pod(*pod)));
        listed.chain(selected).collect()
    };
    for pod in pods {
        touch(cx, id, pod);
    }
    let service = cx.service(id);
    let delay = match service.slice.name.is_empty() {
        true => kubelet::first_slice(cx, &service.name, latency::ENDPOINT_SLICE),
        false => latency::ENDPOINT_SLICE,
    };
    enqueue(cx, id, delay);
}

/// Somebody deleted the slice: the controller makes another.
pub(super) fn deleted(cx: &mut Cx, id: ServiceId) {
    let slice = &mut cx.service_mut(id).slice;
    slice.name = Arc::default();
    slice.generation = 0;
    enqueue(cx, id, latency::ENDPOINT_SLICE);
}

fn enqueue(cx: &mut Cx, id: ServiceId, delay: Duration) {
    let at = cx.now + delay;
    if cx.service(id).sync_at > at {
        cx.service_mut(id).sync_at = at;
        cx.at(at, Timer::Controller(ControllerTimer::EndpointSlice(id)));
    }
}

/// A moment of the work queue has come: the slice is written.
#[inline(never)]
pub(super) fn due(cx: &mut Cx, id: ServiceId) {
    let service = cx.service(id);
    if service
        .removed_at
        .is_some_and(|at| cx.now >= at + latency::COLLECT)
    {
        return collect(cx, id);
    }
    if service.sync_at != cx.now {
        return;
    }
    let service = cx.service_mut(id);
    service.sync_at = Instant::NEVER;
    let dirty = std::mem::take(&mut service.slice.dirty);
    // Without a selector the slices are somebody else's (EPS-01). What was queued before the
    // Service went is still written: one request of a command comes after the other.
    if service.object.selector.is_empty() {
        return;
    }
    let trigger = trigger(cx, id);
    let mut is_changed = false;
    if cx.service(id).slice.name.is_empty() {
        is_changed = true;
        let service = cx.service(id);
        let base = format!("{}-", service.name);
        let name = names::generated(&mut cx.cluster.draws, &base);
        let slice = &mut cx.service_mut(id).slice;
        slice.name = name.into();
        cx.record(What::ServiceChanged { service: id });
    }
    let mut is_listed_anew = false;
    let before = cx.cause;
    for (pod, cause) in dirty {
        cx.cause = cause;
        is_listed_anew |= write(cx, id, pod);
    }
    if is_listed_anew {
        network::slice_changed(cx, id);
    }
    if is_changed || is_listed_anew {
        let slice = &mut cx.service_mut(id).slice;
        slice.trigger = trigger;
        slice.generation += 1;
        cx.versions().write(Versioned::Slice(id));
    }
    cx.cause = before;
}

/// The earliest of the moments that are new since the last look: the Service's creation, changes
/// of its Pods' Ready conditions.
fn trigger(cx: &mut Cx, id: ServiceId) -> Option<Instant> {
    let service = cx.service(id);
    let mut seen = Vec::new();
    let mut last = None;
    for pod in cx.cluster.live_pods() {
        let state = cx.pod(pod);
        let ready = state.status.condition(ConditionType::Ready);
        if ready.status != ConditionStatus::Absent && selects_next(service, state, &mut last) {
            seen.push((pod, ready.last_transition));
        }
    }
    // Both lists have the Pods in one order.
    let mut before = service.slice.seen.iter().peekable();
    let new = seen.iter().filter(|(pod, at)| {
        while before.next_if(|(of, _)| of < pod).is_some() {}
        let known = before.next_if(|(of, _)| of == pod);
        known.is_none_or(|(_, known)| at > known)
    });
    let is_first = service.slice.name.is_empty();
    let created = is_first.then(|| service.created_at.floor_secs());
    let trigger = new.map(|(_, at)| *at).chain(created).min();
    cx.service_mut(id).slice.seen = seen;
    trigger
}

/// Brings one endpoint up to date. Whether it changed; the cause is then its record.
fn write(cx: &mut Cx, id: ServiceId, pod: PodId) -> bool {
    let wanted = wanted(cx, id, pod);
    let now = cx.now;
    let service = cx.service(id);
    let have = service.slice.find(pod);
    let is_same = match (have, &wanted) {
        (None, None) => true,
        (Some(have), Some(wanted)) => {
            have.state == wanted.state
                && have.address == wanted.address
                && have.ports == wanted.ports
        }
        _ => false,
    };
    if is_same {
        return false;
    }
    let had_state = have.map(|e| (e.state, e.since, e.record));
    let state = wanted.as_ref().map(|e| e.state).unwrap_or_default();
    let place = service
        .slice
        .endpoints
        .partition_point(|e| cx.pod(e.pod).name < cx.pod(pod).name);
    let endpoints = &mut cx.service_mut(id).slice.endpoints;
    match (had_state, wanted) {
        (Some((old, since, record)), Some(mut endpoint)) => {
            endpoint.since = if old == endpoint.state { since } else { now };
            endpoint.record = record;
            if let Some(entry) = endpoints.iter_mut().find(|e| e.pod == pod) {
                *entry = endpoint;
            }
        }
        (None, Some(endpoint)) => endpoints.insert(place, endpoint),
        (_, None) if planted::is(Bug::EndpointRemoval) => {}
        (_, None) => endpoints.retain(|e| e.pod != pod),
    }
    if had_state.map(|(old, ..)| old).unwrap_or_default() != state {
        let record = cx.record_as_cause(What::Endpoint {
            service: id,
            pod,
            state,
        });
        let endpoints = &mut cx.service_mut(id).slice.endpoints;
        if let Some(entry) = endpoints.iter_mut().find(|e| e.pod == pod) {
            entry.record = record;
        }
    }
    true
}

/// The endpoint as the Pod is now; None: it does not belong into the slice (EPS-01, EPS-02).
fn wanted(cx: &Cx, id: ServiceId, pod_id: PodId) -> Option<Endpoint> {
    let service = cx.service(id);
    let pod = cx.pod(pod_id);
    if pod.removed_at.is_some() || pod.status.phase.is_terminal() || !selects(service, pod) {
        return None;
    }
    let address = pod.status.pod_ip?;
    let serving = pod.status.is_ready();
    let terminating = pod.deletion.is_some();
    let object = &service.object;
    let ports = object.ports.iter();
    Some(Endpoint {
        pod: pod_id,
        address,
        node: pod.node,
        ports: ports
            .map(|port| target_port(&pod.spec, &port.target_port, port.protocol))
            .collect(),
        state: EndpointState {
            present: true,
            ready: object.publish_not_ready_addresses || (serving && !terminating),
            serving,
            terminating,
        },
        since: cx.now,
        record: RecordId::NONE,
    })
}

/// The port of a Pod that a target names; 0: none (EPS-03).
fn target_port(spec: &PodSpec, target: &PortRef, protocol: Protocol) -> u16 {
    let name = match target {
        PortRef::Number(number) => return u16::try_from(*number).unwrap_or(0),
        PortRef::Name(name) => name,
    };
    let is_sidecar = |c: &&Container| c.restart_policy == Some(RestartPolicy::Always);
    let sidecars = spec.init_containers.iter().filter(is_sidecar);
    let mut ports = spec
        .containers
        .iter()
        .chain(sidecars)
        .flat_map(|c| &c.ports);
    ports
        .find(|port| port.name == *name && port.protocol == protocol)
        .map_or(0, |port| port.container_port)
}

/// The Service is gone: the garbage collector takes its slice a moment later (API-07), the nodes'
/// rules go with the Service.
pub(super) fn service_removed(cx: &mut Cx, id: ServiceId) {
    let timer = ControllerTimer::EndpointSlice(id);
    cx.after(latency::COLLECT, Timer::Controller(timer));
    network::slice_changed(cx, id);
}

fn collect(cx: &mut Cx, id: ServiceId) {
    let endpoints = std::mem::take(&mut cx.service_mut(id).slice.endpoints);
    for endpoint in endpoints {
        cx.record(What::Endpoint {
            service: id,
            pod: endpoint.pod,
            state: EndpointState::default(),
        });
    }
}
