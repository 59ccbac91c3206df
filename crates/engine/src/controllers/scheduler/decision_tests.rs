//! SCH-02, SCH-07: a decision as it can be seen, reckoned by hand from the plugins' formulas.

use super::decision::{decision, Decision};
use crate::api::{Node, Taint, TaintEffect};
use crate::controllers::tests::{node, Play};
use crate::ids::NodeId;

fn tainted(name: &str, effect: TaintEffect) -> Node {
    let mut node = node(name);
    node.taints.push(Taint {
        key: "team".into(),
        value: "a".into(),
        effect,
    });
    node
}

/// A Pod yet to be placed, which asks for a core and a GiB.
fn of_web(play: &mut Play, more: &str) -> Decision {
    play.put_text(&format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  {more}\n  containers: \
         [{{name: main, image: 'probe-lab:v1', resources: {{requests: {{cpu: '1', memory: \
         1Gi}}}}}}]\n"
    ));
    decision(&play.cluster, play.pod("web"), play.now)
}

fn table(decision: &Decision) -> Vec<(&str, i64, &[i64])> {
    let rows = decision.scores.iter();
    rows.map(|row| (row.plugin, row.weight, &*row.scores))
        .collect()
}

/// Of five nodes one is cordoned, one tainted, one too small; two are left, one of them disliked.
/// Room: (75 + 95) / 2, with 1 of 4 cores and 1 of 23.4 GiB taken; the Pod makes the node uneven by
/// a quarter less 1/23.4, which halves: 75 − 11 / 2.
#[test]
fn filters_refuse_and_scores_add_up() {
    let mut cordoned = node("n1");
    cordoned.unschedulable = true;
    let small = Node {
        cpu_milli: 500,
        ..node("n3")
    };
    let nodes = [
        cordoned,
        tainted("n2", TaintEffect::NoSchedule),
        small,
        tainted("n4", TaintEffect::PreferNoSchedule),
        node("n5"),
    ];
    let mut play = Play::new(&nodes);
    let decision = of_web(&mut play, "");
    let refused = decision.refused.iter();
    let refused: Vec<_> = refused
        .map(|r| (r.node.0, r.plugin, &*r.reasons[0]))
        .collect();
    let expected = [
        (0, "NodeUnschedulable", "node(s) were unschedulable"),
        (1, "TaintToleration", "node(s) had untolerated taint(s)"),
        (2, "NodeResourcesFit", "Insufficient cpu"),
    ];
    assert_eq!(refused, expected);
    assert_eq!(decision.fitting, [NodeId::at(3), NodeId::at(4)]);
    let room = (75 + 95) / 2;
    let balance = 50 + (50 + 89 - 100) / 2;
    let expected: [(&str, i64, &[i64]); 4] = [
        ("TaintToleration", 3, &[0, 100]),
        ("NodeResourcesFit", 1, &[room, room]),
        ("NodeResourcesBalancedAllocation", 1, &[balance, balance]),
        ("ImageLocality", 1, &[0, 0]),
    ];
    assert_eq!(table(&decision), expected);
    assert_eq!(decision.sums, [room + balance, 300 + room + balance]);
}

/// Equal nodes have equal sums, of which a constant part is every node's; a single one is not scored.
#[test]
fn what_is_the_same_everywhere_counts_too() {
    let mut play = Play::new(&[node("n1"), node("n2")]);
    let decision = of_web(&mut play, "");
    assert_eq!(decision.sums[0], decision.sums[1]);
    assert_eq!(table(&decision)[0], ("TaintToleration", 3, &[100, 100][..]));
    let mut play = Play::new(&[node("n1")]);
    let decision = of_web(&mut play, "");
    assert_eq!(decision.fitting, [NodeId::at(0)]);
    assert!(decision.scores.is_empty() && decision.sums.is_empty());
}

/// The state that is told is the one before: what is drawn afterwards is no part of it.
#[test]
fn the_chosen_node_is_among_the_best() {
    let mut play = Play::new(&[
        node("n1"),
        node("n2"),
        tainted("n3", TaintEffect::PreferNoSchedule),
    ]);
    let decision = of_web(&mut play, "");
    play.until(1_000);
    let taken = play.cluster.pods[play.pod("web").index()].node;
    let best: Vec<NodeId> = (0..2).map(NodeId::at).collect();
    assert!(taken.is_some_and(|node| best.contains(&node)), "{taken:?}");
    assert_eq!(decision.sums[0], decision.sums[2] + 300);
}
