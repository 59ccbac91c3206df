//! DMN-01: how a DaemonSet updates and replaces its Pods, and what pins them.

use super::Play;
use crate::api::SelectorOperator;
use crate::controllers::{self, pods, WorkloadState};
use crate::ids::PodId;
use crate::record::What;
use crate::scenario::WorkloadRef;

fn daemon(more: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: log}}\nspec:\n{more}\n  selector: \
         {{matchLabels: {{app: log}}}}\n  template:\n    metadata: {{labels: {{app: log}}}}\n    \
         spec:\n      terminationGracePeriodSeconds: 5\n      containers:\n      - name: main\n        \
         image: probe-lab:v1\n        args: [--ready-after=3s]\n        readinessProbe: {{httpGet: \
         {{path: /ready, port: 8080}}, periodSeconds: 1}}\n"
    )
}

fn set(play: &Play) -> &WorkloadState {
    let id = controllers::find_workload(&play.cluster, "daemonset", "", "log").expect("a set");
    &play.cluster.controllers.workloads[id.index()]
}

fn update(play: &mut Play) {
    let workload = WorkloadRef {
        kind: "daemonset".into(),
        name: "log".into(),
    };
    controllers::set_image(&mut play.cx(), "", &workload, "main", "probe-lab:v2").expect("a set");
}

/// DMN-01: with maxSurge the successor runs beside the old Pod until it is ready; no node is ever
/// without a ready one.
#[test]
fn a_surge_adds_before_it_takes_away() {
    let mut play = Play::recorded();
    play.put_text(&daemon(
        "  updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}",
    ));
    play.until(10_000);
    update(&mut play);
    play.until(60_000);
    let events = play.events(&["SuccessfulCreate", "SuccessfulDelete"]);
    let signs: String = events
        .iter()
        .map(|line| if line.contains("Create") { '+' } else { '-' })
        .collect();
    assert_eq!(signs, "+++-+-");
    let status = set(&play).status;
    assert_eq!(
        (status.updated, status.available, status.current),
        (2, 2, 2)
    );
    for old in 0..2_usize {
        let new = &play.cluster.pods[old + 2];
        let gone = play.cluster.pods[old].deletion.expect("deleted").asked_at;
        assert!(
            gone >= new
                .status
                .condition(crate::status::ConditionType::Ready)
                .last_transition
        );
        assert_eq!(new.node, play.cluster.pods[old].node);
    }
}

/// DMN-01: an old Pod that is not available gets its successor at once, surge or not.
#[test]
fn what_is_not_available_is_replaced_first() {
    let mut play = Play::recorded();
    let text = daemon("  updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}");
    play.put_text(&text.replace("3s", "5000s"));
    play.until(10_000);
    update(&mut play);
    play.until(11_000);
    // Neither the old nor the new is ready: only the new one is kept.
    assert_eq!(play.cluster.pods.len(), 4);
    let going = |pod: usize| play.cluster.pods[pod].deletion.is_some();
    assert_eq!([0, 1, 2, 3].map(going), [true, true, false, false]);
}

/// DMN-01: the first failed Pod of a node goes at once, those that follow soon wait 1 s, 2 s, ….
#[test]
fn failed_pods_are_replaced_with_a_doubling_wait() {
    let mut play = Play::new(&[super::node("node1")]);
    play.put_text(&daemon(""));
    play.until(10_000);
    // Its kubelet knows nothing of the failure, so it is said again and again.
    let fail = |play: &mut Play| {
        let pod = play.active()[0];
        loop {
            pods::mark_disrupted(&mut play.cx(), pod, "Tested", "It is a test", true);
            let now = play.now.as_millis();
            play.until(now + 10);
            if let Some(at) = play.cluster.pods[pod.index()].removed_at {
                play.until(now + 500);
                return (pod, at.as_millis());
            }
        }
    };
    let (first, first_at) = fail(&mut play);
    let (_, second_at) = fail(&mut play);
    let (_, third_at) = fail(&mut play);
    assert!(first_at < 10_100);
    // The controller looks again after the whole wait, whatever of it is over.
    assert!((1_000..1_600).contains(&(second_at - first_at)));
    assert!((2_000..2_600).contains(&(third_at - second_at)));
    let texts = play.events(&["FailedDaemonPod"]);
    let name = &play.cluster.pods[first.index()].name;
    assert_eq!(texts.len(), 3);
    assert!(texts[0].ends_with(&format!(
        "Found failed daemon pod default/{name} on node node1, will try to kill it"
    )));
    // A new generation begins anew.
    update(&mut play);
    play.until(30_000);
    let (_, fourth_at) = fail(&mut play);
    assert!(fourth_at < 30_100);
    let written = play.log.records().iter();
    let all = written.filter(|of| matches!(of.what, What::PodRemoved { .. }));
    assert_eq!(all.count(), 5);
}

/// DMN-01, SCH-02: its Pods name their node in matchFields; other Pods may do so, too, and other
/// nodes are then not looked at.
#[test]
fn match_fields_pin_to_a_node() {
    let mut play = Play::recorded();
    play.put_text(&daemon(""));
    let pod = |name: &str, cpu: u32| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  affinity: \
             {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: \
             {{nodeSelectorTerms: [{{matchFields: [{{key: metadata.name, operator: In, values: \
             [node2]}}]}}]}}}}}}\n  containers: [{{name: main, image: \"probe-lab:v1\", resources: \
             {{requests: {{cpu: {cpu}}}}}}}]\n"
        )
    };
    play.put_text(&pod("pinned", 1));
    play.put_text(&pod("huge", 50));
    play.until(5_000);
    assert_eq!(play.node_of(play.pod("pinned")), "node2");
    let refused = play.events(&["FailedScheduling"]);
    assert!(
        refused[0].contains(
            "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) \
             [NodeAffinity]."
        ),
        "{refused:?}"
    );
    let term = &play.cluster.pods[0].spec.node_affinity_required[0];
    let name = &term.names[0];
    assert_eq!(
        (name.key.as_str(), name.operator),
        ("metadata.name", SelectorOperator::In)
    );
    assert_eq!(name.values, [play.node_of(PodId(0))]);
    // A term without a requirement fits nowhere.
    play.put_text(&pod("nowhere", 1).replace(
        "matchFields: [{key: metadata.name, operator: In, values: [node2]}]",
        "matchFields: []",
    ));
    play.until(10_000);
    assert_eq!(play.node_of(play.pod("nowhere")), "");
}
