//! SCH-*: who is bound where, and what is said when nobody fits.

use super::{container, deployment, node, pod, spec, Play};
use crate::api::{
    Claim, ContainerPort, Metadata, NodeTerm, Object, PodSpec, Protocol, SelectorOperator,
    SelectorRequirement, Taint, TaintEffect, Toleration, Volume, VolumeSource,
};
use crate::controllers::{self, resolve};
use crate::ids::PodId;
use crate::scenario::PodRef;
use crate::status::{ConditionStatus, ConditionType, Phase};
use crate::time::Instant;

fn plain() -> PodSpec {
    spec(vec![container("main", "probe-lab:v1")])
}

fn asks_cpu(milli: u64) -> PodSpec {
    let mut main = container("main", "probe-lab:v1");
    main.resources.request_cpu_milli = Some(milli);
    spec(vec![main])
}

fn with_host_port(port: u16) -> PodSpec {
    let mut main = container("main", "probe-lab:v1");
    main.ports = vec![ContainerPort {
        name: String::new(),
        container_port: port,
        host_port: port,
        host_ip: String::new(),
        protocol: Protocol::Tcp,
    }];
    spec(vec![main])
}

const TAIL: &str = "no new claims to deallocate, preemption: 0/2 nodes are available: 2 \
                    Preemption is not helpful for scheduling.";

/// The only failed attempt's text, from the condition (SCH-04).
fn refusal(play: &Play, name: &str) -> String {
    let pod = &play.cluster.pods[play.pod(name).index()];
    let condition = pod.status.condition(ConditionType::PodScheduled);
    assert_eq!(condition.status, ConditionStatus::False);
    assert_eq!(condition.reason, "Unschedulable");
    play.cluster.texts.get(condition.message).to_owned()
}

/// SCH-05, API-02: bound after 5 ms, said so, condition True.
#[test]
fn a_pod_is_bound_and_its_event_says_where() {
    let mut play = Play::recorded();
    play.put(Object::Pod(pod("web", plain())));
    play.until(4);
    assert_eq!(play.node_of(play.pod("web")), "");
    play.until(5);
    assert_eq!(play.node_of(play.pod("web")), "node1");
    assert_eq!(
        play.events(&["Scheduled"]),
        ["0.005 Scheduled: Successfully assigned default/web to node1"]
    );
    let state = &play.cluster.pods[0];
    let scheduled = state.status.condition(ConditionType::PodScheduled);
    assert_eq!(scheduled.status, ConditionStatus::True);
    assert_eq!(scheduled.last_transition, Instant::ZERO);
}

/// SCH-07: replicas spread one by one.
#[test]
fn replicas_spread_over_the_nodes() {
    let mut play = Play::recorded();
    play.put(Object::Deployment(deployment("web", 4, plain())));
    play.until(1_000);
    let on = |name: &str| {
        let active = play.active();
        let on_node = active.iter().filter(|pod| play.node_of(**pod) == name);
        on_node.count()
    };
    assert_eq!((on("node1"), on("node2")), (2, 2));
}

/// Recorded in sched-cpu.
#[test]
fn too_much_cpu_is_refused_in_the_recorded_words() {
    let mut play = Play::recorded();
    play.put(Object::Pod(pod("big", asks_cpu(100_000))));
    play.until(100);
    let text = format!("0/2 nodes are available: 2 Insufficient cpu. {TAIL}");
    assert_eq!(refusal(&play, "big"), text);
    assert_eq!(
        play.events(&["FailedScheduling"]),
        [format!("0.005 FailedScheduling: {text}")]
    );
}

/// SCH-03: what other Pods use could be taken from them; the sentence says so.
#[test]
fn cpu_in_use_is_not_hopeless() {
    let mut play = Play::recorded();
    for name in ["a", "b"] {
        play.put(Object::Pod(pod(name, asks_cpu(3_000))));
    }
    play.until(100);
    play.put(Object::Pod(pod("c", asks_cpu(2_000))));
    play.until(200);
    assert_eq!(
        refusal(&play, "c"),
        "0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: \
         0/2 nodes are available: 2 No preemption victims found for incoming pod."
    );
    // SCH-06: a Pod that goes makes room.
    let a = play.pod("a");
    controllers::delete_pod(&mut play.cx(), a, Some(0));
    play.until(300);
    assert_eq!(play.node_of(play.pod("c")), "node1");
}

/// Recorded in sched-nodeselector: refused until the node gets the label, then bound within
/// 60 ms.
#[test]
fn a_node_label_brings_the_pod_to_its_node() {
    let mut play = Play::recorded();
    let mut wants = plain();
    wants.node_selector.insert("env_role".into(), "dev".into());
    play.put(Object::Pod(pod("nginx", wants)));
    play.until(25_000);
    let text = "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. ";
    assert_eq!(refusal(&play, "nginx"), format!("{text}{TAIL}"));
    let changes = [("env_role".to_owned(), Some("dev".to_owned()))];
    let changed = controllers::label(&mut play.cx(), "Node", "", "node2", &changes, false);
    assert_eq!(changed, Ok(true));
    play.until(25_060);
    assert_eq!(play.node_of(play.pod("nginx")), "node2");
}

/// Recorded in sched-fail-long: Events at 0.0, 308.7 and, as a series, 608.7 s. The second attempt
/// is the first sweep of the 30 s rhythm after 300 s, the third exactly 300 s later.
#[test]
fn a_hopeless_pod_is_tried_again_by_the_sweep() {
    let mut play = Play::recorded();
    let mut wants = plain();
    wants.node_selector.insert("nosuch".into(), "label".into());
    play.put(Object::Pod(pod("p", wants)));
    play.until(900_000);
    let stored: Vec<(u64, u64, u32)> = play
        .cluster
        .events
        .all()
        .iter()
        .map(|e| (e.first.as_millis(), e.last.as_millis(), e.count))
        .collect();
    assert_eq!(
        stored.len(),
        2,
        "two Events, the second a series: {stored:?}"
    );
    assert_eq!(stored[0], (5, 5, 1));
    let (second, third, count) = stored[1];
    assert!((300_005..=330_005).contains(&second), "{second}");
    assert_eq!((third, count), (second + 300_000, 2));
    // SCH-04: later ones are counted in memory and written half an hour after the last write.
    play.until(third + 1_799_000);
    assert_eq!(play.events(&["FailedScheduling"]).len(), 3);
    play.until(third + 1_801_000);
    let events = play.cluster.events.all();
    assert_eq!((events.len(), events[1].count), (2, 8));
}

/// Recorded in sched-pvc-missing, without a final stop and without preemption.
#[test]
fn a_missing_claim_is_named() {
    let mut play = Play::recorded();
    let mut wants = plain();
    wants.volumes.push(Volume {
        name: "data".into(),
        source: VolumeSource::Claim {
            name: "squid-claim".into(),
        },
    });
    play.put(Object::Pod(pod("p", wants)));
    play.until(50);
    assert_eq!(
        refusal(&play, "p"),
        "0/2 nodes are available: persistentvolumeclaim \"squid-claim\" not found. not found"
    );
    let metadata = Metadata {
        name: "squid-claim".into(),
        ..Metadata::default()
    };
    play.put(Object::PersistentVolumeClaim(Claim {
        metadata,
        ..Claim::default()
    }));
    play.until(100);
    assert_eq!(play.node_of(play.pod("p")), "node1");
}

/// Recorded in sched-hostport: the third of three replicas waits.
#[test]
fn a_host_port_is_used_once_on_a_node() {
    let mut play = Play::recorded();
    play.put(Object::Deployment(deployment(
        "hp",
        3,
        with_host_port(18080),
    )));
    play.until(500);
    let unbound = play
        .active()
        .into_iter()
        .filter(|pod| play.node_of(*pod).is_empty());
    let unbound: Vec<_> = unbound.collect();
    assert_eq!(unbound.len(), 1);
    let name = play.cluster.pods[unbound[0].index()].name.to_string();
    assert_eq!(
        refusal(&play, &name),
        "0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports. \
         no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption \
         victims found for incoming pod."
    );
}

/// Recorded in node-unschedulable: refused while both nodes are cordoned, bound after uncordon.
#[test]
fn cordoned_nodes_take_no_pods() {
    let mut play = Play::recorded();
    for name in ["node1", "node2"] {
        assert_eq!(controllers::cordon(&mut play.cx(), name, true), Ok(true));
    }
    play.put(Object::Pod(pod("p", plain())));
    play.until(15_000);
    let text = "0/2 nodes are available: 2 node(s) were unschedulable. ";
    assert_eq!(refusal(&play, "p"), format!("{text}{TAIL}"));
    // NOD-09: each kubelet reports within its 10 s of status.
    assert_eq!(play.events(&["NodeNotSchedulable"]).len(), 2);
    controllers::cordon(&mut play.cx(), "node2", false).expect("exists");
    play.until(15_100);
    assert_eq!(play.node_of(play.pod("p")), "node2");
}

/// Recorded in node-cordon-drain: Pods are told who takes them away, and go with their grace;
/// without force a Pod that nobody would replace stops it, the node cordoned.
#[test]
fn a_drained_node_loses_its_pods() {
    let mut play = Play::recorded();
    play.put(Object::Deployment(deployment("web", 2, plain())));
    let mut bare = plain();
    bare.node_name = "node1".into();
    play.put(Object::Pod(pod("naked", bare)));
    play.until(10_000);
    let refused = controllers::drain(&mut play.cx(), "node1", false, None, None);
    let text = refused.expect_err("a bare Pod").text;
    assert!(
        text.contains("use --force to override): default/naked"),
        "{text}"
    );
    assert!(play.cluster.nodes[0].object.unschedulable);
    let evicted = controllers::drain(&mut play.cx(), "node1", true, None, None)
        .expect("forced")
        .evicted;
    assert_eq!(evicted.len(), 2);
    let status = &play.cluster.pods[evicted[0].index()].status;
    let target = status.condition(ConditionType::DisruptionTarget);
    assert_eq!(target.reason, "EvictionByEvictionAPI");
    play.until(20_000);
    let nodes: Vec<String> = play.active().into_iter().map(|p| play.node_of(p)).collect();
    assert_eq!(nodes, ["node2", "node2"]);
}

/// SCH-02, SCH-03: items are sorted as strings, the first failing filter of each node counts.
#[test]
fn reasons_of_different_nodes_are_listed_in_order() {
    let mut nodes = vec![node("a"), node("b"), node("c")];
    for tainted in &mut nodes[..2] {
        tainted.taints.push(Taint {
            key: "dedicated".into(),
            value: "db".into(),
            effect: TaintEffect::NoSchedule,
        });
    }
    let mut play = Play::new(&nodes);
    play.put(Object::Pod(pod("big", asks_cpu(5_000))));
    play.put(Object::Pod(pod("busy", asks_cpu(4_000))));
    play.until(50);
    play.put(Object::Pod(pod("late", asks_cpu(1_000))));
    play.until(100);
    assert_eq!(
        refusal(&play, "late"),
        "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s). no new \
         claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims \
         found for incoming pod, 2 Preemption is not helpful for scheduling."
    );
    let mut tolerant = asks_cpu(1_000);
    tolerant.tolerations.push(Toleration {
        key: "dedicated".into(),
        exists: false,
        value: "db".into(),
        effect: None,
        toleration_seconds: None,
    });
    play.put(Object::Pod(pod("tolerant", tolerant)));
    play.until(200);
    assert_eq!(play.node_of(play.pod("tolerant")), "a");
}

/// SCH-02: required affinity: terms are alternatives, expressions add up.
#[test]
fn required_affinity_chooses_the_node() {
    let mut nodes = vec![node("a"), node("b")];
    nodes[1].metadata.labels.insert("disk".into(), "ssd".into());
    let mut play = Play::new(&nodes);
    let requirement = |key: &str, operator, values: &[&str]| SelectorRequirement {
        key: key.into(),
        operator,
        values: values.iter().map(|v| (*v).into()).collect(),
    };
    let mut wants = plain();
    let term = |labels| NodeTerm {
        labels,
        names: Vec::new(),
    };
    wants.node_affinity_required = vec![
        term(vec![requirement("gpu", SelectorOperator::Exists, &[])]),
        term(vec![
            requirement("disk", SelectorOperator::In, &["ssd", "nvme"]),
            requirement("disk", SelectorOperator::NotIn, &["hdd"]),
        ]),
    ];
    play.put(Object::Pod(pod("p", wants)));
    play.until(50);
    assert_eq!(play.node_of(play.pod("p")), "b");
}

/// SCH-01: a Pod that names its node skips the scheduler; NOD-08: one that names a node which
/// does not exist is collected after 40 to 60 s.
#[test]
fn a_named_node_is_not_asked_for() {
    let mut play = Play::recorded();
    let mut here = plain();
    here.node_name = "node2".into();
    let mut nowhere = plain();
    nowhere.node_name = "192.168.0.125".into();
    play.put(Object::Pod(pod("here", here)));
    play.put(Object::Pod(pod("nowhere", nowhere)));
    play.until(0);
    assert_eq!(play.node_of(play.pod("here")), "node2");
    assert!(play.events(&["Scheduled"]).is_empty());
    play.until(39_999);
    assert_eq!(
        resolve(&play.cluster, &PodRef::Name("nowhere".into())).len(),
        1
    );
    play.until(60_000);
    assert!(resolve(&play.cluster, &PodRef::Name("nowhere".into())).is_empty());
    let status = &play.cluster.pods[1].status;
    assert_eq!(status.phase, Phase::Failed);
    let target = status.condition(ConditionType::DisruptionTarget);
    assert_eq!(target.reason, "DeletionByPodGC");
}

/// SCH-08, API-08: a gated Pod is not tried; when the last gate goes it is scheduled.
#[test]
fn a_gated_pod_waits_for_its_last_gate() {
    let mut play = Play::recorded();
    let gated = |gates: &[&str]| {
        let mut spec = plain();
        spec.scheduling_gates = gates.iter().map(|gate| (*gate).to_owned()).collect();
        Object::Pod(pod("web", spec))
    };
    play.put(gated(&["example.com/a", "example.com/b"]));
    play.until(10_000);
    let condition = *play.cluster.pods[0]
        .status
        .condition(ConditionType::PodScheduled);
    assert_eq!(condition.status, ConditionStatus::False);
    assert_eq!(condition.reason, "SchedulingGated");
    assert_eq!(
        play.cluster.texts.get(condition.message),
        "Scheduling is blocked due to non-empty scheduling gates"
    );
    assert!(play.events(&["FailedScheduling", "Scheduled"]).is_empty());
    let row = crate::kubectl::pod_row(&play.cluster.pods[0]);
    assert_eq!(row.status, "SchedulingGated");
    play.put(gated(&["example.com/b"]));
    play.until(11_000);
    assert_eq!(play.node_of(PodId(0)), "");
    assert!(
        play.apply(gated(&["example.com/c"])).is_err(),
        "none may be added"
    );
    play.put(gated(&[]));
    play.until(11_010);
    assert_eq!(play.node_of(PodId(0)), "node1");
}

/// RES-03: `nodeName` goes past the scheduler, not past the kubelet: reason, text, phase; nothing
/// of the Pod ever runs, and what fits after it still does.
#[test]
fn a_kubelet_refuses_what_its_node_cannot_take() {
    let mut play = Play::recorded();
    let here = |mut spec: PodSpec| {
        spec.node_name = "node1".to_owned();
        spec
    };
    play.put(Object::Pod(pod("first", here(asks_cpu(3_900)))));
    play.until(2_000);
    play.put(Object::Pod(pod("second", here(asks_cpu(500)))));
    let mut wants = here(plain());
    wants.node_selector.insert("disk".into(), "ssd".into());
    play.put(Object::Pod(pod("third", wants)));
    play.put(Object::Pod(pod("fourth", here(asks_cpu(100)))));
    play.until(5_000);
    let said = |name: &str| {
        let status = &play.cluster.pods[play.pod(name).index()].status;
        let message = play.cluster.texts.get(status.message).to_owned();
        (status.phase, status.reason, message)
    };
    let text = "Node didn't have enough resource: cpu, requested: 500, used: 3900, capacity: 4000";
    let rejected = |text: &str| format!("Pod was rejected: {text}");
    assert_eq!(said("second"), (Phase::Failed, "OutOfcpu", rejected(text)));
    let affinity =
        "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";
    assert_eq!(
        said("third"),
        (Phase::Failed, "NodeAffinity", rejected(affinity))
    );
    assert_eq!(said("fourth").0, Phase::Running);
    let events = play.events(&["OutOfcpu", "NodeAffinity"]);
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(events[0].ends_with(&format!("OutOfcpu: {text}")));
    let ran = |name: &str| play.cluster.pods[play.pod(name).index()].worker.is_some();
    assert!(!ran("second") && ran("first"));
}
