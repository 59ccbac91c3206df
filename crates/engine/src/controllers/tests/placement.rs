//! SCH-02, SCH-03, SCH-07: Pods that speak of other Pods, of zones and of their importance.

use super::{node, zoned, Play};
use crate::controllers;
use crate::status::{ConditionStatus, ConditionType};

fn pod(name: &str, app: &str, spec: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: {app}}}}}\nspec:\n  \
         containers: [{{name: main, image: 'probe-lab:v1'}}]\n{spec}"
    )
}

fn asking(name: &str, cpu: u32, more: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers: [{{name: \
         main, image: 'probe-lab:v1', resources: {{requests: {{cpu: '{cpu}'}}}}}}]\n{more}"
    )
}

fn refusal(play: &Play, name: &str) -> String {
    let pod = &play.cluster.pods[play.pod(name).index()];
    let condition = pod.status.condition(ConditionType::PodScheduled);
    assert_eq!(condition.status, ConditionStatus::False);
    play.cluster.texts.get(condition.message).to_owned()
}

fn nodes_of(play: &Play, names: &[&str]) -> Vec<String> {
    names.iter().map(|n| play.node_of(play.pod(n))).collect()
}

const SPREAD: &str = "  topologySpreadConstraints:\n  - {maxSkew: 1, topologyKey: \
                      topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, \
                      labelSelector: {matchLabels: {app: web}}}\n";

/// SCH-02: no zone gets more than one Pod more than the emptiest; a cordoned node still counts as a
/// zone that could have more.
#[test]
fn topology_spread_constraints_hold() {
    let mut play = Play::new(&[zoned("a1", "a"), zoned("a2", "a"), zoned("b1", "b")]);
    for number in 0..4_u32 {
        play.put_text(&pod(&format!("web-{number}"), "web", SPREAD));
        play.until(u64::from(number + 1) * 100);
    }
    let on_b = |play: &Play| {
        let nodes = nodes_of(play, &["web-0", "web-1", "web-2", "web-3"]);
        nodes.iter().filter(|node| *node == "b1").count()
    };
    assert_eq!(on_b(&play), 2);
    controllers::cordon(&mut play.cx(), "b1", true).expect("a node");
    play.put_text(&pod("web-4", "web", SPREAD));
    play.until(1_000);
    play.put_text(&pod("web-5", "web", SPREAD));
    play.until(2_000);
    assert_eq!(
        refusal(&play, "web-5"),
        "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match pod \
         topology spread constraints. no new claims to deallocate, preemption: 0/3 nodes are \
         available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found \
         for incoming pod."
    );
    // SCH-06: a Pod that goes helps.
    let gone = play.pod("web-4");
    controllers::delete_pod(&mut play.cx(), gone, Some(0));
    play.until(3_000);
    assert!(play.node_of(play.pod("web-5")).starts_with('a'));
}

/// SCH-02: nodes without the label take no part.
#[test]
fn a_node_without_the_label_is_refused_by_its_own_words() {
    let mut play = Play::new(&[node("n1")]);
    play.put_text(&pod("web", "web", SPREAD));
    play.until(100);
    assert_eq!(
        refusal(&play, "web"),
        "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints \
         (missing required label). no new claims to deallocate, preemption: 0/1 nodes are \
         available: 1 Preemption is not helpful for scheduling."
    );
}

/// SCH-07: with ScheduleAnyway the emptiest zone is liked best, and nobody is refused.
#[test]
fn soft_constraints_only_prefer() {
    let mut play = Play::new(&[zoned("a1", "a"), zoned("a2", "a"), zoned("b1", "b")]);
    let soft = SPREAD.replace("DoNotSchedule", "ScheduleAnyway");
    // A Pod of another name fills zone a without being a sibling.
    play.put_text(&pod("first", "web", "  nodeName: a1\n"));
    play.until(100);
    play.put_text(&pod("second", "web", &soft));
    play.until(200);
    assert_eq!(nodes_of(&play, &["second"]), ["b1"]);
    controllers::cordon(&mut play.cx(), "b1", true).expect("a node");
    play.put_text(&pod("third", "web", &soft));
    play.put_text(&pod("fourth", "web", &soft));
    play.until(300);
    assert!(nodes_of(&play, &["third", "fourth"])
        .iter()
        .all(|node| node.starts_with('a')));
}

fn terms(kind: &str, app: &str) -> String {
    format!(
        "  affinity:\n    {kind}:\n      requiredDuringSchedulingIgnoredDuringExecution:\n      - \
         {{topologyKey: kubernetes.io/hostname, labelSelector: {{matchLabels: {{app: {app}}}}}}}\n"
    )
}

/// SCH-02: near a Pod that must be there; the first of its own kind may begin anywhere.
#[test]
fn affinity_wants_to_be_near() {
    let mut play = Play::recorded();
    play.put_text(&pod("web", "web", &terms("podAffinity", "cache")));
    play.until(100);
    let tail = "no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is \
                not helpful for scheduling.";
    assert_eq!(
        refusal(&play, "web"),
        format!("0/2 nodes are available: 2 node(s) didn't match pod affinity rules. {tail}")
    );
    play.put_text(&pod("cache", "cache", "  nodeName: node2\n"));
    play.until(200);
    assert_eq!(nodes_of(&play, &["web"]), ["node2"]);
    let own = terms("podAffinity", "group");
    play.put_text(&pod("one", "group", &own));
    play.until(300);
    play.put_text(&pod("two", "group", &own));
    play.until(400);
    let nodes = nodes_of(&play, &["one", "two"]);
    assert!(!nodes[0].is_empty() && nodes[0] == nodes[1], "{nodes:?}");
}

/// SCH-02: apart from its own kind; and those that are there keep others off as well.
#[test]
fn anti_affinity_holds_both_ways() {
    let mut play = Play::recorded();
    let apart = terms("podAntiAffinity", "web");
    for name in ["web-0", "web-1", "web-2"] {
        play.put_text(&pod(name, "web", &apart));
        play.until(play.now.as_millis() + 100);
    }
    assert_ne!(nodes_of(&play, &["web-0"]), nodes_of(&play, &["web-1"]));
    let tail = "no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption \
                victims found for incoming pod.";
    assert_eq!(
        refusal(&play, "web-2"),
        format!("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. {tail}")
    );
    // One that asks for nothing, but is meant by those that are there.
    play.put_text(&pod("plain", "web", ""));
    play.until(1_000);
    assert_eq!(
        refusal(&play, "plain"),
        format!(
            "0/2 nodes are available: 2 node(s) didn't satisfy existing pods anti-affinity rules. \
             {tail}"
        )
    );
}

/// SCH-07: wishes decide between nodes that fit.
#[test]
fn preferred_affinity_decides_between_nodes() {
    let mut play = Play::new(&[zoned("a1", "a"), zoned("b1", "b")]);
    let wish = "  affinity:\n    nodeAffinity:\n      \
                preferredDuringSchedulingIgnoredDuringExecution:\n      - {weight: 1, preference: \
                {matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: \
                [b]}]}}\n";
    for name in ["one", "two"] {
        play.put_text(&pod(name, "web", wish));
        play.until(play.now.as_millis() + 100);
    }
    assert_eq!(nodes_of(&play, &["one", "two"]), ["b1", "b1"]);
    let near = "  affinity:\n    podAntiAffinity:\n      \
                preferredDuringSchedulingIgnoredDuringExecution:\n      - {weight: 5, \
                podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: \
                {matchLabels: {app: web}}}}\n";
    play.put_text(&pod("three", "other", near));
    play.until(play.now.as_millis() + 100);
    assert_eq!(nodes_of(&play, &["three"]), ["a1"]);
}

const CLASSES: &str = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: \
                       high}\nvalue: 1000\n---\napiVersion: scheduling.k8s.io/v1\nkind: \
                       PriorityClass\nmetadata: {name: meek}\nvalue: 1000\npreemptionPolicy: \
                       Never\n";

/// SCH-02, SCH-03: room is made by the least important Pod that is enough; its condition and Event
/// say so, and the other gets its place when it is gone.
#[test]
fn a_more_important_pod_takes_the_place_of_another() {
    let mut play = Play::new(&[node("n1")]);
    play.put_text(CLASSES);
    play.put_text(&asking("old", 2, ""));
    play.put_text(&asking("small", 1, ""));
    play.until(5_000);
    play.put_text(&asking("big", 2, "  priorityClassName: high\n"));
    play.until(5_010);
    assert_eq!(
        refusal(&play, "big"),
        "0/1 nodes are available: 1 Insufficient cpu."
    );
    let waits = controllers::priority(&play.cluster.pods[play.pod("big").index()].spec);
    assert_eq!(waits, 1_000);
    // One is enough; of equal ones the older is spared.
    let victim = &play.cluster.pods[play.pod("small").index()];
    let spared = &play.cluster.pods[play.pod("old").index()];
    assert!(victim.deletion.is_some() && spared.deletion.is_none());
    let target = victim.status.condition(ConditionType::DisruptionTarget);
    assert_eq!(target.reason, "PreemptionByScheduler");
    let uid = &play.cluster.pods[play.pod("big").index()].uid;
    let events = play.events(&["Preempted"]);
    assert_eq!(events.len(), 1);
    assert!(events[0].ends_with(&format!("Preempted by pod {uid} on node n1")));
    play.until(60_000);
    assert_eq!(nodes_of(&play, &["big"]), ["n1"]);
    assert_eq!(play.active().len(), 2);
}

/// SCH-03: a Pod that may not, and one for which it would not be enough.
#[test]
fn preemption_says_why_it_does_not_help() {
    let mut play = Play::new(&[node("n1")]);
    play.put_text(CLASSES);
    play.put_text(&asking("old", 3, ""));
    play.put_text(&asking("same", 1, "  priorityClassName: high\n"));
    play.until(1_000);
    play.put_text(&asking("meek", 2, "  priorityClassName: meek\n"));
    play.put_text(&asking("big", 4, "  priorityClassName: high\n"));
    play.until(2_000);
    assert_eq!(
        refusal(&play, "meek"),
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: \
         not eligible due to preemptionPolicy=Never."
    );
    assert_eq!(
        refusal(&play, "big"),
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: \
         0/1 nodes are available: 1 Insufficient cpu."
    );
    assert_eq!(play.active().len(), 4);
}

/// API-05, RSC-04, RSC-05, DEP-12: a class must exist. A ReplicaSet says so again and again, and its
/// Deployment copies the condition until it succeeds.
#[test]
fn an_unknown_priority_class_is_refused() {
    let mut play = Play::new(&[node("n1")]);
    let stream = crate::manifest::parse(&asking("web", 1, "  priorityClassName: none\n"));
    let refused = play.apply(stream.objects[0].object.clone());
    assert_eq!(
        refused.expect_err("refused").text,
        "pods \"web\" is forbidden: no PriorityClass with name none was found"
    );
    play.put_text(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: \
         {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: \
         {priorityClassName: none, containers: [{name: main, image: 'probe-lab:v1'}]}\n",
    );
    play.until(1_000);
    let events = play.events(&["FailedCreate"]);
    assert!(events.len() > 5, "{events:?}");
    let text = "is forbidden: no PriorityClass with name none was found";
    assert!(events[0].contains("FailedCreate: Error creating: pods \"web-"));
    assert!(events[0].ends_with(text));
    let failure = |play: &Play| {
        let failure = play.deployment("web").1.status.failure?;
        assert_eq!(failure.reason.name(), "FailedCreate");
        Some(play.cluster.texts.get(failure.message).to_owned())
    };
    assert!(failure(&play).is_some_and(|message| message.ends_with(text)));
    play.put_text(&CLASSES.replace("high", "none"));
    play.until(20_000);
    assert_eq!(play.active().len(), 1);
    assert_eq!(failure(&play), None);
}

/// SCH-03, SCH-06: a try while the victim still goes keeps the place: nobody less important gets
/// it, and another important Pod cannot count on it.
#[test]
fn a_place_stays_reserved_while_the_victim_goes() {
    let mut play = Play::new(&[node("n1")]);
    play.put_text(CLASSES);
    let slow = asking("old", 3, "").replace("v1',", "v1', args: [--on-term=ignore],");
    play.put_text(&slow);
    play.put_text(&pod("other", "other", ""));
    play.until(5_000);
    play.put_text(&asking("big", 4, "  priorityClassName: high\n"));
    play.until(6_000);
    assert!(play.cluster.pods[play.pod("old").index()]
        .deletion
        .is_some());
    let other = play.pod("other");
    controllers::delete_pod(&mut play.cx(), other, Some(0));
    play.until(7_000);
    let tail = "no new claims to deallocate, preemption:";
    assert_eq!(
        refusal(&play, "big"),
        format!(
            "0/1 nodes are available: 1 Insufficient cpu. {tail} not eligible due to a \
             terminating pod on the nominated node."
        )
    );
    play.put_text(&asking("thief", 1, ""));
    play.put_text(&asking("late", 2, "  priorityClassName: high\n"));
    play.until(8_000);
    assert_eq!(nodes_of(&play, &["thief"]), [""]);
    assert_eq!(
        refusal(&play, "late"),
        format!(
            "0/1 nodes are available: 1 Insufficient cpu. {tail} 0/1 nodes are available: 1 \
             Insufficient cpu."
        )
    );
    play.until(60_000);
    assert_eq!(nodes_of(&play, &["big", "thief", "late"]), ["n1", "", ""]);
}

/// API-05: of several default classes the one of the least value is given; a class that is deleted
/// is gone, and deleting it again finds none.
#[test]
fn priority_classes_come_and_go() {
    let mut play = Play::new(&[node("n1")]);
    for (name, value) in [("high", 9), ("low", 3), ("middle", 5)] {
        play.put_text(&format!(
            "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {{name: \
             {name}}}\nvalue: {value}\nglobalDefault: true\n"
        ));
    }
    let given = |play: &mut Play, name: &str| {
        play.put_text(&pod(name, "web", ""));
        controllers::priority(&play.cluster.pods[play.pod(name).index()].spec)
    };
    assert_eq!(given(&mut play, "one"), 3);
    let mut delete = |name: &str| {
        let way = crate::scenario::Cascade::Background;
        controllers::delete(&mut play.cx(), "priorityclass", "", name, None, way)
    };
    assert_eq!(delete("low"), Ok(()));
    assert_eq!(
        delete("low").expect_err("gone").text,
        "priorityclasses.scheduling.k8s.io \"low\" not found"
    );
    assert_eq!(given(&mut play, "two"), 5);
}

/// SCH-02: `namespaceSelector` chooses among namespaces by their label; none means the Pod's own.
#[test]
fn terms_mean_the_namespaces_that_they_select() {
    let placed = |selector: &str| {
        let mut play = Play::new(&[node("n1")]);
        for space in ["shop", "test"] {
            let object = format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: {space}, labels: {{team: {space}s}}}}\n");
            play.put_text(&object);
        }
        let there =
            pod("cache", "web", "").replace("name: cache,", "name: cache, namespace: shop,");
        play.put_text(&there);
        play.until(1_000);
        let apart = terms("podAntiAffinity", "web");
        let apart = apart.replace("{topologyKey", &format!("{{{selector}topologyKey"));
        play.put_text(&pod("web", "web", &apart));
        play.until(2_000);
        !play.node_of(play.pod("web")).is_empty()
    };
    assert!(placed(""));
    assert!(!placed("namespaceSelector: {}, "));
    let named = "kubernetes.io/metadata.name";
    let labels = |name| format!("namespaceSelector: {{matchLabels: {{{named}: {name}}}}}, ");
    assert!(placed(&labels("test")));
    assert!(!placed(&labels("shop")));
    assert!(!placed(&format!("namespaces: [shop], {}", labels("test"))));
    let teams = |team| format!("namespaceSelector: {{matchLabels: {{team: {team}}}}}, ");
    assert!(placed(&teams("tests")) && !placed(&teams("shops")));
}
