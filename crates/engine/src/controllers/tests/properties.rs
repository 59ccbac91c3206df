//! What holds after any sequence of acts, once the cluster has had time to settle.

use super::{container, deployment, probe_http, service, spec, Play};
use crate::api::{Object, PodSpec, PortRef};
use crate::controllers;
use crate::network;
use crate::scenario::{RolloutAction, WorkloadRef};
use proptest::prelude::*;

/// Something a user does to Deployment `web` and its Pods.
#[derive(Clone, Debug)]
enum Act {
    Scale(u32),
    SetImage(bool),
    BreakReadiness(bool),
    DeletePod(usize, Option<u32>),
    Cordon(bool),
    Rollout(RolloutAction),
    Traffic(u32),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0..8_u32).prop_map(Act::Scale),
        any::<bool>().prop_map(Act::SetImage),
        any::<bool>().prop_map(Act::BreakReadiness),
        (0..8_usize, prop::option::of(0..3_u32)).prop_map(|(i, grace)| Act::DeletePod(i, grace)),
        any::<bool>().prop_map(Act::Cordon),
        Just(Act::Rollout(RolloutAction::Pause)),
        Just(Act::Rollout(RolloutAction::Resume)),
        Just(Act::Rollout(RolloutAction::Undo { to_revision: 0 })),
        (0..40_000_u32).prop_map(Act::Traffic),
    ]
}

fn lab() -> PodSpec {
    let mut main = container("main", "probe-lab:v1");
    main.readiness_probe = Some(probe_http("/ready", 1));
    let mut spec = spec(vec![main]);
    spec.termination_grace_period_seconds = 5;
    spec
}

/// Refusals are part of the game.
fn carry_out(play: &mut Play, act: &Act) {
    let web = WorkloadRef {
        kind: "deployment".into(),
        name: "web".into(),
    };
    let active = play.active();
    let cx = &mut play.cx();
    match act {
        Act::Scale(replicas) => drop(controllers::scale(cx, "", &web, *replicas)),
        Act::SetImage(new) => {
            let image = if *new { "probe-lab:v2" } else { "probe-lab:v1" };
            drop(controllers::set_image(cx, "", &web, "main", image));
        }
        Act::BreakReadiness(broken) => {
            let path = if *broken { "/nope" } else { "/ready" };
            let patch = format!(
                r#"{{"spec":{{"template":{{"spec":{{"containers":[{{"name":"main",
                "readinessProbe":{{"httpGet":{{"path":"{path}"}}}}}}]}}}}}}}}"#
            );
            controllers::patch(cx, "deployment", "", "web", &patch).expect("a patch");
        }
        Act::DeletePod(index, grace) => {
            if let Some(pod) = active.get(*index) {
                controllers::delete_pod(cx, *pod, *grace);
            }
        }
        Act::Cordon(cordoned) => drop(controllers::cordon(cx, "node1", *cordoned)),
        Act::Rollout(action) => drop(controllers::rollout(cx, "", &web, *action, "")),
        Act::Traffic(rate) => drop(network::set_traffic(cx, "web", *rate)),
    }
}

fn opening() -> Play {
    let mut play = Play::recorded();
    play.put(Object::Service(service("web", PortRef::Number(8080))));
    play.put(Object::Deployment(deployment("web", 3, lab())));
    play
}

fn settles(play: &Play) -> Result<(), TestCaseError> {
    let (_, state) = play.deployment("web");
    let controllers = &play.cluster.controllers;
    let sets = state
        .replica_sets
        .iter()
        .map(|s| controllers.replica_set(*s));
    let wanted: u32 = sets.clone().map(|set| set.object.replicas).sum();
    let counted: u32 = sets.map(|set| set.status.replicas).sum();
    prop_assert_eq!(wanted as usize, play.active().len());
    prop_assert_eq!(wanted, counted);
    prop_assert_eq!(state.status.replicas, counted);
    let surge = controllers::limits(&state.object).0;
    prop_assert!(wanted <= state.object.replicas + surge);
    let pods = play.active().into_iter();
    let ready = pods.filter(|pod| play.cluster.pods[pod.index()].status.is_ready());
    let ready = ready.count() as u32;
    prop_assert_eq!(state.status.ready, ready);
    prop_assert_eq!(
        controllers.service(play.service("web")).slice.ready(),
        ready
    );
    prop_assert_eq!(play.cluster.live_pods().count(), play.active().len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// RSC-01, DEP-02, DEP-11, EPS-02: numbers of Pods, statuses and endpoints agree.
    #[test]
    fn everything_agrees_once_it_has_settled(
        acts in prop::collection::vec((1..9_000_u64, act()), 1..12),
    ) {
        let mut play = opening();
        let mut at = 0;
        for (wait, act) in &acts {
            at += wait;
            play.until(at);
            carry_out(&mut play, act);
        }
        play.until(at + 60_000);
        settles(&play)?;
    }

    /// A clone is a snapshot: going on from it brings the very same records.
    #[test]
    fn a_snapshot_goes_on_as_the_original(
        acts in prop::collection::vec((1..9_000_u64, act()), 1..6),
        cut in 0..6_usize,
    ) {
        let mut play = opening();
        let mut copy: Option<Play> = None;
        let mut at = 0;
        for (index, (wait, act)) in acts.iter().enumerate() {
            at += wait;
            play.until(at);
            if let Some(copy) = &mut copy {
                copy.until(at);
                carry_out(copy, act);
            }
            carry_out(&mut play, act);
            if index == cut.min(acts.len() - 1) {
                copy = Some(Play {
                    cluster: play.cluster.clone(),
                    log: play.log.clone(),
                    now: play.now,
                });
            }
        }
        let mut copy = copy.expect("cut within the acts");
        play.until(at + 20_000);
        copy.until(at + 20_000);
        prop_assert_eq!(play.log.records(), copy.log.records());
    }
}
