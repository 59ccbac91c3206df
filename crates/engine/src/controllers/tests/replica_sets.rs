//! RSC-*: how a ReplicaSet keeps its number.

use super::{container, deployment, pod, replica_set, spec, Play};
use crate::api::{Object, PodSpec};
use crate::controllers;
use crate::ids::PodId;
use crate::record::What;
use crate::scenario::WorkloadRef;

fn quick() -> PodSpec {
    spec(vec![container("main", "probe-lab:v1")])
}

/// RSC-02, recorded: 6 ms from one Pod to the next (median of 145); RSC-04: one event each; API-10:
/// names.
#[test]
fn pods_are_created_one_after_the_other() {
    let mut play = Play::recorded();
    play.put(Object::ReplicaSet(replica_set("web", 4, quick())));
    play.until(100);
    let created: Vec<u64> = play
        .log
        .records()
        .iter()
        .filter(|r| matches!(r.what, What::PodCreated { .. }))
        .map(|r| r.at.as_millis())
        .collect();
    assert_eq!(created, [9, 15, 21, 27]);
    assert_eq!(play.events(&["SuccessfulCreate"]).len(), 4);
    let name = play.cluster.pods[0].name.to_string();
    assert_eq!(name.len(), "web-".len() + 5);
    assert!(play.events(&["SuccessfulCreate"])[0].ends_with(&format!("Created pod: {name}")));
}

/// RSC-01, recorded in deploy-delete-pod: the replacement is there within 13 ms, the old one is
/// still terminating and no replica any more.
#[test]
fn a_deleted_pod_is_replaced_at_once() {
    let mut play = Play::recorded();
    play.put(Object::Deployment(deployment("web", 3, quick())));
    play.until(12_000);
    controllers::delete_pod(&mut play.cx(), PodId(0), None);
    play.until(12_012);
    assert_eq!(play.active().len(), 2);
    play.until(12_013);
    assert_eq!(play.active().len(), 3);
    let (_, state) = play.deployment("web");
    let set = state.replica_sets[0];
    let status = play.cluster.controllers.replica_set(set).status;
    assert_eq!((status.replicas, status.terminating), (2, 1));
    play.until(20_000);
    let status = play.deployment("web").1.status;
    assert_eq!(
        (status.replicas, status.ready, status.terminating),
        (3, 3, 0)
    );
}

/// RSC-03, recorded in deploy-scale: of 5 Pods, 2 of them older, the survivor is one of the older
/// two, on the node with fewer Pods of the set.
#[test]
fn scaling_down_keeps_an_old_pod_on_the_emptier_node() {
    let mut play = Play::recorded();
    let web = WorkloadRef {
        kind: "deployment".into(),
        name: "web".into(),
    };
    play.put(Object::Deployment(deployment("web", 2, quick())));
    play.until(12_000);
    assert_eq!(controllers::scale(&mut play.cx(), "", &web, 5), Ok(true));
    play.until(30_000);
    let on = |play: &Play, name: &str| {
        let active = play.active();
        active
            .iter()
            .filter(|pod| play.node_of(**pod) == name)
            .count()
    };
    assert_eq!((on(&play, "node1"), on(&play, "node2")), (3, 2));
    assert_eq!(controllers::scale(&mut play.cx(), "", &web, 1), Ok(true));
    play.until(30_030);
    let left = play.active();
    assert_eq!(left.len(), 1);
    assert!(left[0].0 < 2, "one of the older two");
    assert_eq!(play.node_of(left[0]), "node2");
    let status = play.deployment("web").1.status;
    assert_eq!((status.replicas, status.terminating), (1, 4));
    assert_eq!(play.events(&["SuccessfulDelete"]).len(), 4);
}

/// RSC-03: what is not bound goes first, then the cheapest.
#[test]
fn unbound_and_cheap_pods_go_first() {
    let mut play = Play::recorded();
    let mut main = container("main", "probe-lab:v1");
    main.resources.request_cpu_milli = Some(3_000);
    play.put(Object::ReplicaSet(replica_set("web", 3, spec(vec![main]))));
    play.until(10_000);
    let unbound = play
        .active()
        .into_iter()
        .find(|pod| play.node_of(*pod).is_empty());
    let unbound = unbound.expect("two nodes have room for two");
    let web = WorkloadRef {
        kind: "replicaset".into(),
        name: "web".into(),
    };
    controllers::scale(&mut play.cx(), "", &web, 2).expect("exists");
    play.until(10_100);
    // Never bound: gone at once (API-06).
    assert!(play.cluster.pods[unbound.index()].removed_at.is_some());
    let cheap = play.active()[0];
    let name = play.cluster.pods[cheap.index()].name.to_string();
    let cost = [(
        "controller.kubernetes.io/pod-deletion-cost".to_owned(),
        Some("-5".to_owned()),
    )];
    controllers::annotate(&mut play.cx(), "pod", "", &name, &cost, false).expect("exists");
    controllers::scale(&mut play.cx(), "", &web, 1).expect("exists");
    play.until(10_200);
    assert!(play.cluster.pods[cheap.index()].deletion.is_some());
}

/// API-07: a Pod relabelled out of the selector is released and replaced; a bare one that
/// matches is adopted.
#[test]
fn pods_are_released_and_adopted_by_their_labels() {
    let mut play = Play::recorded();
    play.put(Object::ReplicaSet(replica_set("web", 2, quick())));
    play.until(5_000);
    let first = play.cluster.pods[0].name.to_string();
    let debug = [("app".to_owned(), Some("debug".to_owned()))];
    assert!(controllers::label(&mut play.cx(), "pod", "", &first, &debug, false).is_err());
    controllers::label(&mut play.cx(), "pod", "", &first, &debug, true).expect("exists");
    play.until(10_000);
    assert_eq!(play.active().len(), 3, "released, replaced, still running");

    play.put(Object::Pod(pod("web", quick())));
    play.until(10_100);
    let set = controllers::find_replica_set(&play.cluster, "", "web").expect("exists");
    let status = play.cluster.controllers.replica_set(set).status;
    assert_eq!(status.replicas, 2, "one too many: adopted, and one goes");
    // Recorded in workloads/rs-surplus: its owner was written first, and it was bound by then.
    let bare = play.cluster.pods.last().expect("a Pod");
    assert!(bare.deletion.is_some() && bare.node.is_some());
}

/// RSC-05, DEP-13: the status counts what is there, what fits the template, what is ready and what
/// has been so for minReadySeconds; the controller looks again at the very moment.
#[test]
fn the_status_of_a_replica_set_counts_its_pods() {
    let mut play = Play::recorded();
    let mut object = replica_set("web", 2, quick());
    object.min_ready_seconds = 10;
    play.put(Object::ReplicaSet(object));
    play.until(3_000);
    let id = controllers::find_replica_set(&play.cluster, "", "web").expect("a ReplicaSet");
    let status = |play: &Play| play.cluster.controllers.replica_set(id).status;
    let early = status(&play);
    assert_eq!((early.replicas, early.fully_labeled), (2, 2));
    assert_eq!((early.ready, early.available), (2, 0));
    assert_eq!(early.observed_generation, 1);
    play.until(12_000);
    assert_eq!(status(&play).available, 2);
    controllers::delete_pod(&mut play.cx(), PodId(0), None);
    play.until(12_030);
    let later = status(&play);
    assert_eq!((later.replicas, later.terminating, later.ready), (2, 1, 1));
}
