//! DEP-*: how a Deployment rolls.

use super::{container, deployment, probe_http, spec, Play};
use crate::api::{Amount, Deployment, Object, PodSpec, Probe, Strategy};
use crate::controllers::{self, limits, DeploymentReason};
use crate::record::What;
use crate::scenario::{Cascade, RolloutAction, WorkloadRef};
use crate::status::Phase;

fn web() -> WorkloadRef {
    WorkloadRef {
        kind: "deployment".into(),
        name: "web".into(),
    }
}

fn lab(image: &str, args: &[&str], readiness: Option<Probe>) -> PodSpec {
    let mut main = container("main", image);
    main.args = Some(args.iter().map(|a| (*a).to_owned()).collect());
    main.readiness_probe = readiness;
    spec(vec![main])
}

fn quick() -> PodSpec {
    lab("probe-lab:v1", &[], None)
}

/// Gives the template another label, and so another ReplicaSet.
fn set_version(object: &mut Deployment, version: &str) {
    let labels = &mut object.template.metadata.labels;
    labels.insert("v".into(), version.into());
}

/// `scale` events in order, without their moments.
fn scalings(play: &Play) -> Vec<String> {
    let events = play.events(&["ScalingReplicaSet"]);
    events
        .iter()
        .map(|line| {
            let (_, rest) = line.split_once("Scaled ").expect("a scaling");
            let words: Vec<&str> = rest.split(' ').collect();
            format!("{} {} {}", words[0], words[5], words[7])
        })
        .collect()
}

/// DEP-02, with the rule's own numbers.
#[test]
fn percents_round_up_for_surge_and_down_for_unavailable() {
    let at = |replicas: u32| limits(&deployment("web", replicas, quick()));
    assert_eq!(at(3), (1, 0));
    assert_eq!(at(1), (1, 0));
    assert_eq!(at(4), (1, 1));
    assert_eq!(at(10), (3, 2));
    let fixed = |surge: u32, unavailable: u32| {
        limits(&Deployment {
            strategy: Strategy::RollingUpdate {
                max_surge: Amount::Count(surge),
                max_unavailable: Amount::Count(unavailable),
            },
            ..deployment("web", 2, quick())
        })
    };
    assert_eq!(fixed(0, 0), (0, 1));
    assert_eq!(fixed(1, 5), (1, 2));
}

/// DEP-03, DEP-04, DEP-08, DEP-09, DEP-12: names, revision, and the way of Progressing and Available.
#[test]
fn a_new_deployment_creates_its_replica_set_and_completes() {
    let mut play = Play::recorded();
    play.put(Object::Deployment(deployment("web", 3, quick())));
    play.until(60);
    let (_, state) = play.deployment("web");
    let set = play.cluster.controllers.replica_set(state.replica_sets[0]);
    let hash = set
        .name
        .strip_prefix("web-")
        .expect("named after the Deployment");
    assert!(hash.bytes().all(|c| b"456789bcdf".contains(&c)), "{hash}");
    assert_eq!(
        set.pod_labels.get("pod-template-hash").map(String::as_str),
        Some(hash)
    );
    assert_eq!((set.revision, state.revision), (1, 1));
    assert_eq!((set.desired_replicas, set.max_replicas), (3, 4));
    assert_eq!(state.status.unavailable, 3);
    let progress = state.status.progress.expect("written");
    assert_eq!(progress.reason, DeploymentReason::ReplicaSetUpdated);
    let availability = state.status.availability.expect("written");
    assert_eq!(
        availability.reason,
        DeploymentReason::MinimumReplicasUnavailable
    );
    let name = set.name.to_string();
    assert_eq!(
        play.events(&["ScalingReplicaSet"]),
        [format!(
            "0.003 ScalingReplicaSet: Scaled up replica set {name} from 0 to 3"
        )]
    );

    play.until(3_000);
    let (_, state) = play.deployment("web");
    let status = state.status;
    assert_eq!(
        (
            status.replicas,
            status.updated,
            status.ready,
            status.available,
            status.unavailable
        ),
        (3, 3, 3, 3, 0)
    );
    let progress = status.progress.expect("written");
    assert_eq!(progress.reason, DeploymentReason::NewReplicaSetAvailable);
    assert_eq!(
        play.cluster.texts.get(progress.message),
        format!("ReplicaSet \"{name}\" has successfully progressed.")
    );
}

/// Recorded in deploy-rollout-ok (quiet2): 1 up, 1 down, 1 up; then one old goes for each new
/// Pod that becomes ready, and one new follows.
#[test]
fn a_rolling_update_takes_the_recorded_steps() {
    let ready = Some(probe_http("/ready", 3));
    let mut play = Play::recorded();
    let object = deployment("web", 4, lab("probe-lab:v1", &["--ready-after=4s"], ready));
    play.put(Object::Deployment(object));
    play.until(20_000);
    assert_eq!(play.sets("web"), [(4, 4)]);
    let set_image = controllers::set_image(&mut play.cx(), "", &web(), "main", "probe-lab:v2");
    assert_eq!(set_image, Ok(true));
    play.until(20_500);
    // 3 old ready + 2 new: the surge is one, one may be missing.
    assert_eq!(play.sets("web"), [(3, 3), (2, 0)]);
    play.until(50_000);
    assert_eq!(
        scalings(&play),
        [
            "up 0 4", "up 0 1", "down 4 3", "up 1 2", "down 3 2", "up 2 3", "down 2 1", "up 3 4",
            "down 1 0"
        ]
    );
    assert_eq!(play.sets("web"), [(0, 0), (4, 4)]);
    let (_, state) = play.deployment("web");
    assert_eq!((state.revision, state.generation), (2, 2));
    // At every moment at least 3 were available (DEP-05).
    assert_eq!(state.status.available, 4);
}

/// Recorded in deploy-rollout-stuck: 3 old stay, 2 new wait; the deadline of 30 s is found
/// exceeded 30 to 31 s after the last progress; undo goes back to the first ReplicaSet.
#[test]
fn a_stuck_rollout_exceeds_its_deadline_and_is_undone() {
    let mut play = Play::recorded();
    let ready = Some(probe_http("/ready", 2));
    let mut object = deployment("web", 4, lab("probe-lab:v1", &[], ready));
    object.progress_deadline_seconds = 30;
    play.put(Object::Deployment(object));
    play.until(15_000);
    let mut stuck = play.deployment("web").1.object.as_ref().clone();
    stuck.template.spec.containers[0].readiness_probe = Some(probe_http("/nope", 2));
    play.put(Object::Deployment(stuck));
    play.until(44_999);
    assert_eq!(play.sets("web"), [(3, 3), (2, 0)]);
    let reason = |play: &Play| play.deployment("web").1.status.progress.map(|c| c.reason);
    assert_eq!(reason(&play), Some(DeploymentReason::ReplicaSetUpdated));
    play.until(46_500);
    assert_eq!(
        reason(&play),
        Some(DeploymentReason::ProgressDeadlineExceeded)
    );

    play.until(80_000);
    let undo = RolloutAction::Undo { to_revision: 0 };
    assert_eq!(
        controllers::rollout(&mut play.cx(), "", &web(), undo, ""),
        Ok(true)
    );
    play.until(90_000);
    assert_eq!(play.sets("web"), [(4, 4), (0, 0)]);
    assert_eq!(
        scalings(&play)[1..],
        ["up 0 1", "down 4 3", "up 1 2", "down 2 0", "up 3 4"]
    );
    let (_, state) = play.deployment("web");
    let first = play.cluster.controllers.replica_set(state.replica_sets[0]);
    // DEP-09: a reused ReplicaSet gets the next number and remembers its old one.
    assert_eq!((state.revision, first.revision), (3, 3));
    assert_eq!(first.revision_history, [1]);
    assert_eq!(
        reason(&play),
        Some(DeploymentReason::NewReplicaSetAvailable)
    );
}

/// DEP-12: once complete, a Deployment does not time out when its Pods fail later.
#[test]
fn a_complete_deployment_never_times_out() {
    let mut play = Play::recorded();
    let mut object = deployment(
        "web",
        1,
        lab("probe-lab:v1", &[], Some(probe_http("/ready", 1))),
    );
    object.progress_deadline_seconds = 5;
    play.put(Object::Deployment(object));
    play.until(5_000);
    let (_, state) = play.deployment("web");
    let set = state.replica_sets[0];
    let pod = play.cluster.controllers.replica_set(set).pods[0];
    // The file that readiness wants is gone: the world changes, the probe finds out.
    let now = play.now;
    let state = play.cluster.pod_mut(pod);
    state.world.set_hung(0, true);
    let _ = now;
    play.until(60_000);
    let (_, state) = play.deployment("web");
    assert_eq!(state.status.available, 0);
    let reasons = |c: Option<controllers::DeploymentCondition>| c.map(|c| c.reason);
    assert_eq!(
        reasons(state.status.progress),
        Some(DeploymentReason::NewReplicaSetAvailable)
    );
    assert_eq!(
        reasons(state.status.availability),
        Some(DeploymentReason::MinimumReplicasUnavailable)
    );
}

/// DEP-06: Recreate waits until no old Pod runs, terminating ones included.
#[test]
fn recreate_waits_for_the_old_pods() {
    let mut play = Play::recorded();
    // Ignores SIGTERM: goes after its grace of 5 s.
    let mut pods = lab("probe-lab:v1", &["--on-term=ignore"], None);
    pods.termination_grace_period_seconds = 5;
    let mut object = deployment("web", 2, pods);
    object.strategy = Strategy::Recreate;
    play.put(Object::Deployment(object.clone()));
    play.until(10_000);
    set_version(&mut object, "2");
    play.put(Object::Deployment(object));
    play.until(14_900);
    assert_eq!(play.sets("web"), [(0, 0)], "no new ReplicaSet yet");
    assert_eq!(play.active().len(), 0);
    play.until(20_000);
    assert_eq!(play.sets("web"), [(0, 0), (2, 2)]);
    let ended = |pod: &crate::cluster::PodState| pod.status.phase == Phase::Failed;
    let created = play.cluster.pods[2].created_at;
    let last_end = play
        .log
        .records()
        .iter()
        .filter(|r| matches!(r.what, What::PodRemoved { .. }))
        .map(|r| r.at)
        .max();
    assert!(play.cluster.pods[..2].iter().all(|pod| ended(pod)));
    // New Pods come with the last phase, before the old objects are gone.
    assert!(Some(created) < last_end, "{created:?} {last_end:?}");
}

/// Recorded in deploy-pause-resume: a paused Deployment does not roll, but scales (DEP-01).
#[test]
fn a_paused_deployment_scales_but_does_not_roll() {
    let mut play = Play::recorded();
    play.put(Object::Deployment(deployment("web", 2, quick())));
    play.until(5_000);
    let act =
        |play: &mut Play, action| controllers::rollout(&mut play.cx(), "", &web(), action, "");
    assert_eq!(act(&mut play, RolloutAction::Pause), Ok(true));
    controllers::set_image(&mut play.cx(), "", &web(), "main", "probe-lab:v2").expect("exists");
    controllers::scale(&mut play.cx(), "", &web(), 3).expect("exists");
    play.until(10_000);
    assert_eq!(play.sets("web"), [(3, 3)]);
    let reason = |play: &Play| play.deployment("web").1.status.progress.map(|c| c.reason);
    assert_eq!(reason(&play), Some(DeploymentReason::DeploymentPaused));
    let again = act(&mut play, RolloutAction::Pause).expect_err("paused already");
    assert_eq!(again.text, "deployments.apps \"web\" is already paused");
    assert_eq!(act(&mut play, RolloutAction::Resume), Ok(true));
    play.until(20_000);
    assert_eq!(play.sets("web"), [(0, 0), (3, 3)]);
}

/// DEP-07: scaled in the middle of a rollout, both ReplicaSets get their share. 10 replicas with
/// surge 3 and 2 that may be missing stand at 8 old + 5 new; at 20 replicas (surge 5: 25 in all)
/// the shares are 8 × 25 / 13 = 15 and 5 × 25 / 13 = 10.
#[test]
fn scaling_in_the_middle_of_a_rollout_is_proportional() {
    let mut play = Play::recorded();
    let ready = |path: &str| Some(probe_http(path, 2));
    play.put(Object::Deployment(deployment(
        "web",
        10,
        lab("probe-lab:v1", &[], ready("/ready")),
    )));
    play.until(10_000);
    play.put(Object::Deployment(deployment(
        "web",
        10,
        lab("probe-lab:v1", &[], ready("/nope")),
    )));
    play.until(20_000);
    assert_eq!(play.sets("web"), [(8, 8), (5, 0)]);
    controllers::scale(&mut play.cx(), "", &web(), 20).expect("exists");
    play.until(20_010);
    let (_, state) = play.deployment("web");
    let sizes = state.replica_sets.iter();
    let sizes: Vec<u32> = sizes
        .map(|s| play.cluster.controllers.replica_set(*s).object.replicas)
        .collect();
    assert_eq!(sizes, [15, 10]);
}

/// DEP-13, recorded in deploy-minready: available 9.05 to 10 s after Ready.
#[test]
fn min_ready_seconds_delay_availability() {
    let mut play = Play::recorded();
    let mut object = deployment("web", 1, quick());
    object.min_ready_seconds = 10;
    play.put(Object::Deployment(object));
    play.until(9_000);
    let status = play.deployment("web").1.status;
    assert_eq!((status.ready, status.available), (1, 0));
    play.until(11_000);
    assert_eq!(play.deployment("web").1.status.available, 1);
}

/// DEP-10: the lowest revisions go once a rollout is complete.
#[test]
fn old_replica_sets_beyond_the_limit_are_deleted() {
    let mut play = Play::recorded();
    let mut object = deployment("web", 1, quick());
    object.revision_history_limit = 1;
    play.put(Object::Deployment(object.clone()));
    for version in 2..=4_u64 {
        play.until(version * 5_000);
        set_version(&mut object, &version.to_string());
        play.put(Object::Deployment(object.clone()));
    }
    play.until(30_000);
    let (_, state) = play.deployment("web");
    let revisions = state.replica_sets.iter();
    let revisions: Vec<u32> = revisions
        .map(|s| play.cluster.controllers.replica_set(*s).revision)
        .collect();
    assert_eq!(revisions, [3, 4]);
}

/// DEP-10, recorded in workloads/deploy-quick: an old ReplicaSet goes as soon as the stored status is
/// complete, which the controller hears of as of anything else; not with the next Pod's end.
#[test]
fn a_complete_status_is_enough_to_clean_up() {
    let mut play = Play::recorded();
    let slow = lab("probe-lab:v1", &["--on-term=slow:10s"], None);
    let mut object = deployment("web", 1, slow);
    object.revision_history_limit = 0;
    play.put(Object::Deployment(object.clone()));
    play.until(5_000);
    set_version(&mut object, "2");
    play.put(Object::Deployment(object));
    play.until(8_000);
    assert_eq!(play.sets("web").len(), 1, "the old one is gone");
    assert_eq!(play.cluster.live_pods().count(), 2, "its Pod is not");
}

/// API-07, recorded in deploy-delete: ReplicaSet 11 ms, Pods 23 ms after the Deployment.
#[test]
fn deleting_a_deployment_takes_its_pods_along() {
    let mut play = Play::recorded();
    play.put(Object::Deployment(deployment("web", 3, quick())));
    play.until(12_000);
    let deleted = controllers::delete(
        &mut play.cx(),
        "deploy",
        "",
        "web",
        None,
        Cascade::Background,
    );
    assert_eq!(deleted, Ok(()));
    play.until(12_015);
    assert_eq!(play.active().len(), 3);
    assert!(play
        .cluster
        .controllers
        .live_replica_sets()
        .next()
        .is_none());
    play.until(12_030);
    assert!(play.active().is_empty());
    play.until(50_000);
    assert_eq!(play.cluster.live_pods().count(), 0);
    let again = controllers::delete(
        &mut play.cx(),
        "deploy",
        "",
        "web",
        None,
        Cascade::Background,
    );
    assert_eq!(
        again.expect_err("gone").to_string(),
        "Error from server (NotFound): deployments.apps \"web\" not found"
    );
}

/// API-11, recorded: from the tenth different text of a reason within ten minutes on, one Event
/// stands for the rest.
#[test]
fn many_scalings_are_combined_into_one_event() {
    let mut play = Play::recorded();
    play.put(Object::Deployment(deployment("web", 1, quick())));
    play.until(1_000);
    for step in 0..11 {
        controllers::scale(&mut play.cx(), "", &web(), 2 + step).expect("exists");
        play.until(1_100 + 100 * u64::from(step));
    }
    let events = play.events(&["ScalingReplicaSet"]);
    assert_eq!(events.len(), 12);
    let is_combined = |line: &&String| line.contains("(combined from similar events): Scaled up");
    assert_eq!(events.iter().filter(is_combined).count(), 3, "{events:?}");
    assert!(!is_combined(&&events[8]));
    assert!(is_combined(&&events[9]));
}
