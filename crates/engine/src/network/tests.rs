//! SVC-*: what becomes of requests. Every ledger adds up to the requests that were sent.

use super::{set_traffic, Ledger};
use crate::api::{Object, PodSpec, PortRef};
use crate::controllers::tests::{container, deployment, pod, probe_http, service, spec, Play};
use crate::controllers::{self};
use crate::ids::PodId;
use crate::record::{RequestOutcome, What};

fn lab(args: &[&str]) -> PodSpec {
    let mut main = container("main", "probe-lab:v1");
    main.args = Some(args.iter().map(|a| (*a).to_owned()).collect());
    main.readiness_probe = Some(probe_http("/ready", 1));
    spec(vec![main])
}

fn ledger(play: &Play, name: &str) -> Ledger {
    play.cluster.network.routes[play.service(name).index()].ledger
}

/// One ready Pod behind Service `web`, 10 requests a second from 5 s on, none before.
fn served(args: &[&str]) -> Play {
    let mut play = Play::recorded();
    play.put(Object::Service(service("web", PortRef::Number(8080))));
    play.put(Object::Pod(pod("web", lab(args))));
    play.until(5_000);
    assert!(set_traffic(&mut play.cx(), "web", 10_000));
    play
}

/// SVC-01: a steady rate, one interval apart, all answered.
#[test]
fn requests_come_at_the_rate_and_are_served() {
    let mut play = served(&[]);
    play.until(15_050);
    let expected = Ledger {
        served: 100,
        ..Ledger::default()
    };
    assert_eq!(ledger(&play, "web"), expected);
    // Another rate begins its own rhythm.
    set_traffic(&mut play.cx(), "web", 500);
    play.until(21_100);
    assert_eq!(ledger(&play, "web").served, 103);
    set_traffic(&mut play.cx(), "web", 0);
    play.until(60_000);
    assert_eq!(ledger(&play, "web").total(), 103);
}

/// SVC-01: the choice is even.
#[test]
fn endpoints_share_the_requests() {
    let mut play = Play::recorded();
    play.put(Object::Service(service("web", PortRef::Number(8080))));
    play.put(Object::Deployment(deployment("web", 4, lab(&[]))));
    play.until(10_000);
    set_traffic(&mut play.cx(), "web", 100_000);
    play.until(50_005);
    let mut counts = [0_u32; 4];
    for record in play.log.records() {
        if let What::Request { pod, .. } = record.what {
            counts[pod.index()] += 1;
        }
    }
    assert_eq!(counts.iter().sum::<u32>(), 4_000);
    assert!(
        counts.iter().all(|n| (900..1_100).contains(n)),
        "{counts:?}"
    );
}

/// SVC-02: no endpoint before the Pod is ready and its rules have followed (200 ms).
#[test]
fn without_ready_endpoints_requests_find_nobody() {
    let mut play = Play::recorded();
    set_traffic(&mut play.cx(), "web", 10_000);
    play.put(Object::Service(service("web", PortRef::Number(8080))));
    play.put(Object::Pod(pod("web", lab(&["--ready-after=4s"]))));
    play.until(20_050);
    let ready = play.log.records().iter().find_map(|r| match r.what {
        What::Endpoint { state, .. } if state.ready => Some(r.at.as_millis()),
        _ => None,
    });
    let missed = (ready.expect("became ready") + 200) / 100;
    let expected = Ledger {
        served: 200 - missed as u32,
        no_endpoint: missed as u32,
        ..Ledger::default()
    };
    assert_eq!(ledger(&play, "web"), expected);
}

/// A 5xx answer is a failed request, whatever the probes think of it.
#[test]
fn answers_of_500_are_counted_as_errors() {
    let mut play = served(&[]);
    play.until(6_050);
    let state = play.cluster.pod_mut(PodId(0));
    state.world.set_http(crate::container::HttpOverride {
        id: 1,
        container: Some(0),
        port: None,
        path: Some("/".into()),
        answer: Some(crate::container::HttpAnswer::Status {
            status: 503,
            location: None,
        }),
        latency: crate::time::Duration::ZERO,
        body: None,
    });
    play.until(7_050);
    let expected = Ledger {
        served: 10,
        errors_5xx: 10,
        ..Ledger::default()
    };
    assert_eq!(ledger(&play, "web"), expected);
}

/// A process that accepts and never answers: the client gives up after 2 s.
#[test]
fn a_hanging_server_costs_the_client_its_patience() {
    let mut play = served(&[]);
    play.until(5_050);
    play.cluster.pod_mut(PodId(0)).world.set_hung(0, true);
    play.until(7_099);
    assert_eq!(ledger(&play, "web").total(), 0);
    play.until(7_100);
    assert_eq!(ledger(&play, "web").timed_out, 1);
}

/// SVC-03: requests under way are reset when the process dies; those that come before the rules
/// follow are refused.
#[test]
fn a_dying_process_resets_what_is_under_way() {
    let mut play = served(&[]);
    play.until(5_050);
    play.cluster.pod_mut(PodId(0)).world.set_hung(0, true);
    // Requests of 5.1 to 5.5 s hang.
    play.until(5_550);
    let now = play.now;
    play.cluster
        .pod_mut(PodId(0))
        .world
        .exit_process(now, 0, 1, 1);
    crate::kubelet::world_changed(&mut play.cx(), PodId(0));
    let counts = ledger(&play, "web");
    assert_eq!((counts.reset, counts.total()), (5, 5));
    let reset = play
        .log
        .records()
        .iter()
        .find(|r| {
            matches!(
                r.what,
                What::Request {
                    outcome: RequestOutcome::Reset,
                    ..
                }
            )
        })
        .expect("recorded");
    let cause = play.log.records()[reset.cause.index()].what;
    assert!(matches!(cause, What::ContainerExited { .. }), "{cause:?}");
    play.until(5_650);
    assert_eq!(ledger(&play, "web").refused, 1);
}

/// SVC-01: the last endpoint goes on serving while it terminates.
#[test]
fn a_terminating_endpoint_serves_when_nobody_else_does() {
    let mut play = served(&["--on-term=slow:10s"]);
    play.until(6_050);
    controllers::delete_pod(&mut play.cx(), PodId(0), None);
    play.until(12_050);
    let expected = Ledger {
        served: 70,
        ..Ledger::default()
    };
    assert_eq!(ledger(&play, "web"), expected);
}

/// SVC-04: the affinity ends when the client has not asked for its timeout.
#[test]
fn affinity_ends_when_nothing_was_asked_for_long() {
    for (seconds, is_kept) in [(5, false), (60, true)] {
        let mut play = Play::recorded();
        let mut object = service("web", PortRef::Number(8080));
        object.affinity_seconds = Some(seconds);
        play.put(Object::Service(object));
        play.put(Object::Deployment(deployment("web", 3, lab(&[]))));
        play.until(10_000);
        // A request every ten seconds.
        set_traffic(&mut play.cx(), "web", 100);
        play.until(310_000);
        let mut asked: Vec<PodId> = Vec::new();
        for record in play.log.records() {
            if let What::Request { pod, .. } = record.what {
                asked.push(pod);
            }
        }
        assert!(asked.len() >= 29, "{}", asked.len());
        asked.sort_unstable();
        asked.dedup();
        assert_eq!(asked.len() == 1, is_kept, "{seconds} s: {asked:?}");
    }
}

/// SVC-04: with affinity a client keeps its endpoint while that is ready, then takes another.
#[test]
fn a_client_with_affinity_keeps_its_endpoint() {
    let mut play = Play::recorded();
    let mut object = service("web", PortRef::Number(8080));
    object.affinity_seconds = Some(5);
    play.put(Object::Service(object));
    play.put(Object::Deployment(deployment(
        "web",
        3,
        lab(&["--on-term=slow:2s"]),
    )));
    play.until(10_000);
    set_traffic(&mut play.cx(), "web", 10_000);
    play.until(15_005);
    let asked = |play: &Play, from: u64| {
        let records = play.log.records().iter();
        let mut pods: Vec<PodId> = records
            .filter(|r| r.at.as_millis() >= from)
            .filter_map(|r| match r.what {
                What::Request { pod, .. } => Some(pod),
                _ => None,
            })
            .collect();
        pods.dedup();
        pods
    };
    let first = asked(&play, 0);
    assert_eq!(first.len(), 1);
    controllers::delete_pod(&mut play.cx(), first[0], None);
    play.until(25_005);
    let later = asked(&play, 15_300);
    assert_eq!(later.len(), 1);
    assert_ne!(later, first);
    assert_eq!(ledger(&play, "web").served, 150);
}
