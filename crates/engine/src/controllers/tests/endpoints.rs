//! EPS-*: who is in a Service's slice, and how.

use super::{container, deployment, pod, probe_http, service, spec, Play};
use crate::api::{ContainerPort, Object, PodSpec, PortRef, Protocol, ServiceType};
use crate::controllers::{self, Endpoint};
use crate::ids::PodId;
use crate::record::{EndpointState, What};

fn lab(args: &[&str]) -> PodSpec {
    let mut main = container("main", "probe-lab:v1");
    main.args = Some(args.iter().map(|a| (*a).to_owned()).collect());
    main.readiness_probe = Some(probe_http("/ready", 1));
    spec(vec![main])
}

fn endpoint(play: &Play, name: &str) -> Option<Endpoint> {
    let id = play.service(name);
    play.cluster
        .controllers
        .service(id)
        .slice
        .endpoints
        .first()
        .cloned()
}

fn state(ready: bool, serving: bool, terminating: bool) -> EndpointState {
    EndpointState {
        present: true,
        ready,
        serving,
        terminating,
    }
}

/// Every record of an endpoint, with its millisecond.
fn changes(play: &Play) -> Vec<(u64, EndpointState)> {
    let records = play.log.records().iter();
    records
        .filter_map(|r| match r.what {
            What::Endpoint { state, .. } => Some((r.at.as_millis(), state)),
            _ => None,
        })
        .collect()
}

/// EPS-01, EPS-02: listed not ready as soon as the address is known, ready with the Pod; while
/// terminating no longer ready but serving; gone with a terminal phase, before the object.
#[test]
fn an_endpoint_lives_with_its_pod() {
    let mut play = Play::recorded();
    play.put(Object::Service(service("web", PortRef::Number(8080))));
    play.put(Object::Pod(pod(
        "web",
        lab(&["--ready-after=3s", "--on-term=slow:8s"]),
    )));
    play.until(2_000);
    let early = endpoint(&play, "web").expect("has an address");
    assert_eq!(early.state, state(false, false, false));
    assert_eq!(early.ports, [8080]);
    play.until(10_000);
    assert_eq!(
        endpoint(&play, "web").map(|e| e.state),
        Some(state(true, true, false))
    );
    controllers::delete_pod(&mut play.cx(), PodId(0), None);
    play.until(10_006);
    assert_eq!(
        endpoint(&play, "web").map(|e| e.state),
        Some(state(false, true, true))
    );
    play.until(60_000);
    assert_eq!(endpoint(&play, "web"), None);
    let all = changes(&play);
    let states: Vec<EndpointState> = all.iter().map(|(_, state)| *state).collect();
    assert_eq!(states.first(), Some(&state(false, false, false)));
    assert_eq!(states.last(), Some(&EndpointState::default()));
    let removed = play.log.records().iter().find_map(|r| match r.what {
        What::PodRemoved { .. } => Some(r.at.as_millis()),
        _ => None,
    });
    assert!(Some(all[all.len() - 1].0) < removed, "{all:?} {removed:?}");
}

/// EPS-05: the slice follows a readiness change of the API after 6 ms, and names it as cause.
#[test]
fn the_slice_follows_readiness_in_milliseconds() {
    let mut play = Play::recorded();
    play.put(Object::Service(service("web", PortRef::Number(8080))));
    play.put(Object::Pod(pod("web", lab(&[]))));
    play.until(10_000);
    let records = play.log.records();
    let ready = records
        .iter()
        .find(|r| matches!(r.what, What::Endpoint { state, .. } if state.ready))
        .expect("became ready");
    let cause = &records[ready.cause.index()];
    assert!(
        matches!(cause.what, What::StatusWritten { .. }),
        "{cause:?}"
    );
    assert_eq!((ready.at - cause.at).as_millis(), 6);
}

/// Recorded in svc-publish-not-ready: ready without serving.
#[test]
fn unready_addresses_can_be_published() {
    let mut play = Play::recorded();
    let mut object = service("web", PortRef::Number(8080));
    object.publish_not_ready_addresses = true;
    play.put(Object::Service(object));
    play.put(Object::Pod(pod("web", lab(&["--ready-after=60s"]))));
    play.until(5_000);
    assert_eq!(
        endpoint(&play, "web").map(|e| e.state),
        Some(state(true, false, false))
    );
}

/// Recorded in svc-selector-mismatch: nobody until the selector is corrected.
#[test]
fn a_corrected_selector_brings_the_pods_in() {
    let mut play = Play::recorded();
    let mut wrong = service("web", PortRef::Number(8080));
    wrong.selector.insert("app".into(), "wbe".into());
    play.put(Object::Service(wrong));
    play.put(Object::Pod(pod("web", lab(&[]))));
    play.until(12_000);
    assert_eq!(endpoint(&play, "web"), None);
    play.put(Object::Service(service("web", PortRef::Number(8080))));
    play.until(12_006);
    assert_eq!(
        endpoint(&play, "web").map(|e| e.state),
        Some(state(true, true, false))
    );
}

/// EPS-03: a name is looked up in each Pod; one that no port has leaves the endpoint without.
#[test]
fn named_target_ports_are_resolved_per_pod() {
    let mut play = Play::recorded();
    let mut object = service("web", PortRef::Name("http".into()));
    let mut admin = object.ports[0].clone();
    admin.name = "admin".into();
    admin.port = 81;
    admin.target_port = PortRef::Name("admin".into());
    object.ports.push(admin);
    play.put(Object::Service(object));
    play.put(Object::Pod(pod("web", lab(&[]))));
    play.until(5_000);
    assert_eq!(endpoint(&play, "web").map(|e| e.ports), Some(vec![8080, 0]));
}

/// Recorded in seed002-readiness404: one unready container takes the Pod out of every Service,
/// also out of the one that uses the healthy container's port.
#[test]
fn one_unready_container_takes_the_pod_out_of_all_services() {
    let mut healthy = container("a", "probe-lab:v1");
    healthy.readiness_probe = Some(probe_http("/ready", 1));
    let mut sick = container("b", "probe-lab:v1");
    sick.args = Some(vec!["--port=8081".into()]);
    sick.ports = vec![ContainerPort {
        name: "other".into(),
        container_port: 8081,
        host_port: 0,
        host_ip: String::new(),
        protocol: Protocol::Tcp,
    }];
    sick.readiness_probe = Some(probe_http("/hehe", 1));
    let mut play = Play::recorded();
    let mut second = service("web", PortRef::Number(8081));
    second.metadata.name = "web-8081".into();
    play.put(Object::Service(service("web", PortRef::Number(8080))));
    play.put(Object::Service(second));
    play.put(Object::Deployment(deployment(
        "web",
        1,
        spec(vec![healthy, sick]),
    )));
    play.until(10_000);
    for name in ["web", "web-8081"] {
        let endpoint = endpoint(&play, name).expect("listed");
        assert_eq!(endpoint.state, state(false, false, false), "{name}");
    }
}

/// API-09: addresses from 10.96.0.0/12 and 30000–32767, refusals in the server's words.
#[test]
fn services_get_addresses() {
    let mut play = Play::recorded();
    let mut object = service("web", PortRef::Number(8080));
    object.service_type = ServiceType::NodePort;
    play.put(Object::Service(object.clone()));
    let state = play.cluster.controllers.service(play.service("web"));
    let address = state.cluster_ip.expect("allocated");
    assert_eq!(address >> 20, u32::from_be_bytes([10, 96, 0, 0]) >> 20);
    let node_port = state.object.ports[0].node_port;
    assert!((30000..=32767).contains(&node_port), "{node_port}");
    // Applied again without them, both stay.
    let again = play.apply(Object::Service(object.clone()));
    assert_eq!(again, Ok(controllers::ApplyOutcome::Unchanged));

    object.metadata.name = "other".into();
    object.ports[0].node_port = 80;
    let refused = play
        .apply(Object::Service(object.clone()))
        .expect_err("out of range");
    assert_eq!(
        refused.to_string(),
        "The Service \"other\" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided \
         port is not in the valid range. The range of valid ports is 30000-32767"
    );
    object.ports[0].node_port = node_port;
    let refused = play.apply(Object::Service(object)).expect_err("taken");
    assert!(
        refused.text.ends_with("provided port is already allocated"),
        "{refused}"
    );

    let mut headless = service("headless", PortRef::Number(8080));
    headless.headless = true;
    play.put(Object::Service(headless));
    let id = play.service("headless");
    assert_eq!(play.cluster.controllers.service(id).cluster_ip, None);
}

/// Without a selector the slices are somebody else's.
#[test]
fn a_service_without_selector_has_no_slice() {
    let mut play = Play::recorded();
    let mut object = service("web", PortRef::Number(8080));
    object.selector.clear();
    play.put(Object::Service(object));
    play.put(Object::Pod(pod("web", lab(&[]))));
    play.until(5_000);
    let id = play.service("web");
    assert!(play.cluster.controllers.service(id).slice.name.is_empty());
}

fn kubectl(play: &Play, command: &str) -> String {
    let args: Vec<String> = command.split(' ').map(str::to_owned).collect();
    crate::kubectl::run(&play.cluster, play.now, "default", &args).stdout
}

/// EPS-04: one slice from the beginning, empty and without ports while nobody has an address; its
/// name is the Service's and five characters; endpoints stand in the order of their Pods' names.
#[test]
fn a_slice_is_there_before_its_endpoints() {
    let mut play = Play::recorded();
    play.put(Object::Service(service("web", PortRef::Number(8080))));
    play.until(100);
    let id = play.service("web");
    let name = play.cluster.controllers.service(id).slice.name.clone();
    let generated = name.strip_prefix("web-").expect("named after the Service");
    let alphabet = b"bcdfghjklmnpqrstvwxz2456789";
    assert_eq!(generated.len(), 5);
    assert!(generated.bytes().all(|c| alphabet.contains(&c)), "{name}");
    assert!(kubectl(&play, "get endpointslices").contains("<unset>"));
    play.put(Object::Deployment(deployment("web", 4, lab(&[]))));
    play.until(10_000);
    let slice = &play.cluster.controllers.service(id).slice;
    assert_eq!((slice.name.clone(), slice.ready()), (name, 4));
    let names: Vec<&str> = slice
        .endpoints
        .iter()
        .map(|e| &*play.cluster.pods[e.pod.index()].name)
        .collect();
    assert!(names.is_sorted(), "{names:?}");
}

/// EPS-06: the deprecated Endpoints leave terminating Pods out, which the slice still lists.
#[test]
fn the_deprecated_endpoints_leave_terminating_pods_out() {
    let mut play = Play::recorded();
    play.put(Object::Service(service("web", PortRef::Number(8080))));
    play.put(Object::Pod(pod("web", lab(&["--on-term=slow:8s"]))));
    play.until(5_000);
    let address = ":8080";
    assert!(kubectl(&play, "get endpoints web").contains(address));
    controllers::delete_pod(&mut play.cx(), PodId(0), None);
    play.until(6_000);
    assert_eq!(
        endpoint(&play, "web").map(|e| e.state),
        Some(state(false, true, true))
    );
    assert!(!kubectl(&play, "get endpoints web").contains(address));
}

/// API-09, recorded in svc-headless: no address of its own, the same slices as any other.
#[test]
fn a_headless_service_has_slices_only() {
    let mut play = Play::recorded();
    let mut object = service("web", PortRef::Number(8080));
    object.headless = true;
    play.put(Object::Service(object));
    play.put(Object::Deployment(deployment("web", 2, lab(&[]))));
    play.until(10_000);
    let state = play.cluster.controllers.service(play.service("web"));
    assert_eq!(state.cluster_ip, None);
    assert_eq!(state.slice.ready(), 2);
    assert!(kubectl(&play, "get service web").contains("None"));
}
