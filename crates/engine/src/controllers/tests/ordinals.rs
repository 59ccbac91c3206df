//! KST-01: the numbers of a StatefulSet's Pods, and which goes first.

use super::Play;
use crate::controllers;
use crate::scenario::WorkloadRef;

/// KST-01: `ordinals.start` is the first number; scaling takes the highest away.
#[test]
fn numbers_begin_where_the_set_says() {
    let mut play = Play::recorded();
    play.put_text(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  replicas: 2\n  \
         ordinals: {start: 5}\n  selector: {matchLabels: {app: db}}\n  template:\n    metadata: \
         {labels: {app: db}}\n    spec:\n      terminationGracePeriodSeconds: 1\n      containers: \
         [{name: main, image: \"probe-lab:v1\"}]\n",
    );
    let names = |play: &Play| -> Vec<String> {
        let pods = play.active().into_iter();
        pods.map(|pod| play.cluster.pods[pod.index()].name.to_string())
            .collect()
    };
    play.until(20_000);
    assert_eq!(names(&play), ["db-5", "db-6"]);
    let set = WorkloadRef {
        kind: "statefulset".into(),
        name: "db".into(),
    };
    controllers::scale(&mut play.cx(), "", &set, 1).expect("scales");
    play.until(60_000);
    assert_eq!(names(&play), ["db-5"]);
}

/// KST-01, recorded in workloads/sts-crash: of those that are too many, one that is not up waits for
/// those below it that are not, either; once they are up it goes, and they after it.
#[test]
fn what_is_down_waits_for_what_is_down_below_it() {
    let mut play = Play::recorded();
    play.put_text(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  replicas: 2\n  \
         selector: {matchLabels: {app: db}}\n  template:\n    metadata: {labels: {app: db}}\n    \
         spec:\n      terminationGracePeriodSeconds: 1\n      containers: [{name: main, image: \
         \"probe-lab:v1\", args: [--exit-after=3s, --exit-code=1]}]\n",
    );
    play.until(10_000);
    let is_ready = |play: &Play, pod: usize| play.cluster.pods[pod].status.is_ready();
    assert!(play.active().len() == 2 && !is_ready(&play, 0) && !is_ready(&play, 1));
    let set = WorkloadRef {
        kind: "statefulset".into(),
        name: "db".into(),
    };
    controllers::scale(&mut play.cx(), "", &set, 0).expect("scales");
    play.until(15_000);
    assert_eq!(play.active().len(), 2, "both wait to be restarted");
    play.until(60_000);
    let asked = |pod: usize| play.cluster.pods[pod].deletion.expect("deleted").asked_at;
    assert!(play.active().is_empty() && asked(1) < asked(0));
}
