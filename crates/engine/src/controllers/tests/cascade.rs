//! API-07: what becomes of the dependents of what is deleted.

use super::{container, deployment, replica_set, spec, Play};
use crate::api::{Object, PodSpec};
use crate::cluster::Owner;
use crate::controllers::{self, DeploymentReason};
use crate::scenario::Cascade;

fn plain() -> PodSpec {
    let mut main = container("main", "probe-lab:v1");
    // It ignores SIGTERM, so that its grace shows.
    main.args = Some(vec!["--on-term=ignore".into()]);
    let mut spec = spec(vec![main]);
    spec.termination_grace_period_seconds = 5;
    spec
}

fn delete(play: &mut Play, kind: &str, way: Cascade) {
    let deleted = controllers::delete(&mut play.cx(), kind, "", "web", None, way);
    assert_eq!(deleted, Ok(()));
}

/// API-07: in the foreground the Deployment outlives its ReplicaSets, and they their Pods.
#[test]
fn in_the_foreground_owners_go_last() {
    let mut play = Play::recorded();
    play.put(Object::Deployment(deployment("web", 2, plain())));
    play.until(10_000);
    delete(&mut play, "deployment", Cascade::Foreground);
    play.until(13_000);
    let (_, state) = play.deployment("web");
    assert!(state.deleting_since.is_some());
    let set = state.replica_sets[0];
    assert!(play
        .cluster
        .controllers
        .replica_set(set)
        .deleting_since
        .is_some());
    // Going, and not replaced.
    assert_eq!(
        (play.cluster.live_pods().count(), play.active().len()),
        (2, 0)
    );
    play.until(20_000);
    assert_eq!(play.cluster.live_pods().count(), 0);
    let pods_gone = play
        .cluster
        .pods
        .iter()
        .filter_map(|pod| pod.removed_at)
        .max();
    let set_gone = play.cluster.controllers.replica_set(set).removed_at;
    let gone = play.cluster.controllers.deployments[0].removed_at;
    assert!(pods_gone < set_gone && set_gone < gone && gone.is_some());
}

/// API-07: orphans run on without an owner; a new Deployment adopts the ReplicaSet.
#[test]
fn orphans_stay_and_are_adopted() {
    let mut play = Play::recorded();
    play.put(Object::Deployment(deployment("web", 2, plain())));
    play.until(10_000);
    delete(&mut play, "deployment", Cascade::Orphan);
    play.until(30_000);
    assert!(controllers::find_deployment(&play.cluster, "", "web").is_none());
    assert_eq!(play.active().len(), 2);
    assert_eq!(play.cluster.pods.len(), 2);
    let set = &play.cluster.controllers.replica_sets[0];
    assert!(set.removed_at.is_none() && set.deployment.is_none());
    play.put(Object::Deployment(deployment("web", 3, plain())));
    play.until(40_000);
    assert_eq!(play.cluster.controllers.replica_sets.len(), 1);
    assert_eq!(play.sets("web"), [(3, 3)]);
    let (_, state) = play.deployment("web");
    let progress = state.status.progress.expect("written");
    assert_ne!(progress.reason, DeploymentReason::NewReplicaSetCreated);
}

/// API-07: the same of a ReplicaSet and its Pods.
#[test]
fn pods_of_a_replica_set_are_set_free_and_adopted() {
    let mut play = Play::recorded();
    play.put(Object::ReplicaSet(replica_set("web", 2, plain())));
    play.until(10_000);
    delete(&mut play, "replicaset", Cascade::Orphan);
    play.until(20_000);
    assert_eq!(play.active().len(), 2);
    let owners: Vec<Owner> = play.cluster.pods.iter().map(|pod| pod.owner).collect();
    assert_eq!(owners, [Owner::None, Owner::None]);
    play.put(Object::ReplicaSet(replica_set("web", 3, plain())));
    play.until(30_000);
    assert_eq!(play.cluster.pods.len(), 3);
}

/// API-07: a StatefulSet in the foreground, and one whose Pods stay.
#[test]
fn other_workloads_too() {
    const SET: &str = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  \
                       serviceName: web\n  selector: {matchLabels: {app: web}}\n  template:\n    \
                       metadata: {labels: {app: web}}\n    spec: {containers: [{name: main, \
                       image: 'probe-lab:v1'}]}\n";
    let mut play = Play::recorded();
    play.put_text(SET);
    play.until(10_000);
    delete(&mut play, "statefulset", Cascade::Foreground);
    play.until(10_030);
    let find = |play: &Play| controllers::find_workload(&play.cluster, "statefulset", "", "web");
    assert!(find(&play).is_some());
    play.until(60_000);
    assert!(find(&play).is_none());
    assert_eq!(play.cluster.live_pods().count(), 0);
    play.put_text(SET);
    play.until(70_000);
    delete(&mut play, "statefulset", Cascade::Orphan);
    play.until(130_000);
    assert!(find(&play).is_none());
    assert_eq!(play.active().len(), 1);
}
