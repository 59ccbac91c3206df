//! KST-01: the numbers of a StatefulSet's Pods.

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
