//! The road from a rollout or a failed probe to lost requests: each is counted, each explained.

use super::{set_traffic, Ledger};
use crate::api::{Handler, Object, PodSpec, PortRef};
use crate::controllers;
use crate::controllers::tests::{container, deployment, pod, probe_http, service, spec, Play};
use crate::fault;
use crate::ids::PodId;
use crate::record::{KillReason, Record, RequestOutcome, What};
use crate::scenario::{Act, ContainerRef, PodRef, WorkloadRef};

/// A server that ends at once on SIGTERM and serves 2 s after its start.
struct Server {
    has_readiness: bool,
    has_pre_stop: bool,
}

fn lab(server: &Server) -> PodSpec {
    let mut main = container("main", "probe-lab:v1");
    main.args = Some(vec!["--listen-after=2s".into(), "--on-term=exit0".into()]);
    if server.has_readiness {
        main.readiness_probe = Some(probe_http("/ready", 1));
    }
    if server.has_pre_stop {
        main.pre_stop = Some(Handler::Sleep { seconds: 5 });
    }
    spec(vec![main])
}

fn ledger(play: &Play) -> Ledger {
    play.cluster.network.routes[play.service("web").index()].ledger
}

/// 10 replicas under 100 requests a second are updated; the requests that were lost.
fn rolled_out(server: &Server) -> (Play, Vec<Record>) {
    let mut play = Play::recorded();
    play.put(Object::Service(service("web", PortRef::Number(8080))));
    play.put(Object::Deployment(deployment("web", 10, lab(server))));
    play.until(15_000);
    set_traffic(&mut play.cx(), "web", 100_000);
    let web = WorkloadRef {
        kind: "deployment".into(),
        name: "web".into(),
    };
    controllers::set_image(&mut play.cx(), "", &web, "main", "probe-lab:v2").expect("exists");
    play.until(75_000);
    assert_eq!(play.sets("web"), [(0, 0), (10, 10)]);
    let requests = play.log.records().iter().filter_map(|record| {
        let What::Request { outcome, .. } = record.what else {
            return None;
        };
        Some((*record, outcome))
    });
    let lost: Vec<Record> = requests
        .filter(|(_, outcome)| *outcome != RequestOutcome::Served)
        .map(|(record, _)| record)
        .collect();
    // Down to the last request.
    let counts = ledger(&play);
    let route = &play.cluster.network.routes[play.service("web").index()];
    assert_eq!(counts.total() + u64::from(route.in_flight()), 6_000);
    assert_eq!(counts.total() - u64::from(counts.served), lost.len() as u64);
    (play, lost)
}

/// SVC-01, SVC-03, DEP-05: who waits until the rules have followed, and counts only when it
/// answers, loses nothing.
#[test]
fn a_rollout_with_readiness_and_pre_stop_loses_nothing() {
    let server = Server {
        has_readiness: true,
        has_pre_stop: true,
    };
    let (_, lost) = rolled_out(&server);
    assert_eq!(lost, []);
}

/// SVC-03: without a preStop the process ends before the rules have followed: whatever is lost was
/// refused or reset by an old Pod that was being deleted.
#[test]
fn a_rollout_without_pre_stop_explains_what_it_loses() {
    let server = Server {
        has_readiness: true,
        has_pre_stop: false,
    };
    let (play, lost) = rolled_out(&server);
    assert!(!lost.is_empty());
    for record in &lost {
        let What::Request { outcome, pod, .. } = record.what else {
            panic!("{record:?}");
        };
        let is_cut = matches!(outcome, RequestOutcome::Refused | RequestOutcome::Reset);
        assert!(is_cut, "{record:?}");
        let is_exit =
            |what: &What| matches!(what, What::ContainerExited { pod: of, .. } if *of == pod);
        let exit = play
            .cause_of(record, is_exit)
            .expect("an end of its process");
        assert!(record.at.since(exit.at).as_millis() < 300, "{record:?}");
        let is_deletion =
            |what: &What| matches!(what, What::PodDeleting { pod: of, .. } if *of == pod);
        assert!(play.cause_of(record, is_deletion).is_some(), "{record:?}");
    }
}

/// EPS-02: without a readiness probe a Pod counts before its server listens: whatever is lost was
/// refused by a new Pod that had just become an endpoint.
#[test]
fn a_rollout_without_readiness_explains_what_it_loses() {
    let server = Server {
        has_readiness: false,
        has_pre_stop: true,
    };
    let (play, lost) = rolled_out(&server);
    assert!(!lost.is_empty());
    for record in &lost {
        let What::Request { outcome, pod, .. } = record.what else {
            panic!("{record:?}");
        };
        assert_eq!(outcome, RequestOutcome::Refused);
        let is_too_early = |what: &What| matches!(what, What::Endpoint { pod: of, state, .. } if *of == pod && state.ready);
        let endpoint = play.cause_of(record, is_too_early).expect("an endpoint");
        assert!(
            record.at.since(endpoint.at).as_millis() < 2_100,
            "{record:?}"
        );
    }
}

/// TRM-03, SYN-10, EPS-02: a deadlocked process ignores SIGTERM. From the liveness kill until the
/// grace period is over it stays a ready endpoint: every request of that time is lost, and the
/// restart ends it.
#[test]
fn a_liveness_kill_loses_requests_for_the_whole_grace_period() {
    let mut play = Play::recorded();
    play.put(Object::Service(service("web", PortRef::Number(8080))));
    let mut main = container("main", "probe-lab:v1");
    main.args = Some(vec!["--on-term=ignore".into()]);
    main.liveness_probe = Some(probe_http("/livez", 2));
    play.put(Object::Pod(pod("web", spec(vec![main]))));
    play.until(5_000);
    set_traffic(&mut play.cx(), "web", 10_000);
    play.until(10_050);
    assert_eq!(ledger(&play).served, 50);
    let input = What::Input { input: 1 };
    let target = ContainerRef {
        pod: PodRef::Name("web".into()),
        container: String::new(),
    };
    let mut cx = play.cx();
    let cause = cx.record_as_cause(input);
    fault::apply(&mut cx, 1, &Act::Hang { target })
        .expect("a fault")
        .expect("a container");
    play.until(60_000);
    let moment = |like: &dyn Fn(&What) -> bool| {
        let mut records = play.log.records().iter();
        let record = records.find(|record| like(&record.what)).expect("happens");
        record.at.as_millis()
    };
    let killed_at = moment(&|what| {
        matches!(
            what,
            What::StopSignalled {
                why: KillReason::Liveness,
                grace_seconds: 30,
                ..
            }
        )
    });
    let ended_at = moment(&|what| matches!(what, What::ContainerExited { .. }));
    assert_eq!(ended_at - killed_at, 30_000);
    let slice = &play.cluster.controllers.service(play.service("web")).slice;
    assert_eq!(slice.find(PodId(0)).map(|e| e.state.ready), Some(true));
    let endpoint_changes = play
        .log
        .records()
        .iter()
        .filter(|r| r.at.as_millis() > 5_000 && matches!(r.what, What::Endpoint { .. }));
    assert_eq!(endpoint_changes.count(), 0);
    // Two seconds of patience each; the last ones are cut when the process is killed.
    let lost: Vec<&Record> = play
        .log
        .records()
        .iter()
        .filter(|r| matches!(r.what, What::Request { outcome, .. } if outcome != RequestOutcome::Served))
        .collect();
    let since_hang = (ended_at - 10_050).div_ceil(100);
    let refused = u64::from(ledger(&play).refused);
    assert_eq!(lost.len() as u64, since_hang + refused);
    assert!(refused < 10, "the restart takes less than a second");
    for record in lost {
        let What::Request { outcome, .. } = record.what else {
            panic!("{record:?}");
        };
        let is_right = match outcome {
            RequestOutcome::TimedOut => record.cause == cause,
            RequestOutcome::Reset | RequestOutcome::Refused => play
                .cause_of(record, |what| matches!(what, What::StopSignalled { .. }))
                .is_some(),
            _ => false,
        };
        assert!(is_right, "{record:?}");
    }
}
