//! SCH-07: scores reckoned by hand from the formulas of the plugins. Sums leave out what is the same
//! on every node.

use super::filter::Attempt;
use super::{placement, request, score};
use crate::api::{Node, Taint, TaintEffect};
use crate::controllers::tests::{node, zoned, Play};
use crate::ids::NodeId;
use crate::time::Instant;

/// A Pod of `app`, on a node or yet to be placed.
fn pod(name: &str, app: &str, node: &str, more: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: {app}}}}}\nspec:\n  \
         nodeName: '{node}'\n  containers: [{{name: main, image: 'probe-lab:v1'{more}\n---\n"
    )
}

/// The scores of a Pod on all nodes.
fn sums(play: &Play, name: &str) -> Vec<i64> {
    let cluster = &play.cluster;
    let nodes: Vec<NodeId> = (0..cluster.nodes.len()).map(NodeId::at).collect();
    let is_placed = placement::is_asked_for(cluster);
    let attempt = Attempt::new(cluster, play.pod(name), &[], is_placed);
    score::sums(&attempt, &nodes, &request::usage(cluster), play.now)
}

fn sized(name: &str, cpu_milli: u64, memory_bytes: u64) -> Node {
    Node {
        cpu_milli,
        memory_bytes,
        ..node(name)
    }
}

/// Free shares of processor and memory in the mean; then 75 and half of what the Pod does to the
/// balance: 100 before, and 87 with three quarters against a half.
#[test]
fn requests_are_scored_by_room_and_balance() {
    let mut play = Play::new(&[sized("n1", 4_000, 10_000), sized("n2", 6_000, 10_000)]);
    let wants = ", resources: {requests: {cpu: '3', memory: '5000'}}}]";
    play.put_text(&pod("web", "web", "", wants));
    assert_eq!(sums(&play, "web"), [(25 + 50) / 2 + 68, (50 + 50) / 2 + 75]);
    // On n1 6 of 10 cores and a quarter of the memory would be taken, on n2 as many cores and half
    // of it; without the Pod 30 and none, 30 and 25 per cent.
    let mut play = Play::new(&[sized("n1", 10_000, 20_000), sized("n2", 10_000, 20_000)]);
    play.put_text(&pod(
        "a",
        "a",
        "n1",
        ", resources: {requests: {cpu: '3', memory: '0'}}}]",
    ));
    play.put_text(&pod("b", "b", "n2", wants));
    play.put_text(&pod("web", "web", "", wants));
    let balance = |with: i64, without: i64| 50 + (50 + with - without) / 2;
    assert_eq!(
        sums(&play, "web"),
        [
            (40 + 75) / 2 + balance(82, 85),
            (40 + 50) / 2 + balance(95, 97)
        ]
    );
}

/// A container without requests counts as 100m and 200Mi here, though not in the filter.
#[test]
fn pods_without_requests_take_room_in_scores() {
    let mut play = Play::recorded();
    play.put_text(&pod("a", "a", "node1", "}]"));
    play.put_text(&pod("web", "web", "", "}]"));
    // 3,800 and 3,900 of 4,000; 400 and 200 MiB of 24,005.
    assert_eq!(sums(&play, "web"), [(95 + 98) / 2, (97 + 99) / 2]);
}

const SERVICE: &str =
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: \
     [{port: 80}]}\n---\n";

/// Pods of a Service are spread over hosts (skew 3) and zones (skew 5) though they do not ask: one
/// Pod weighs the logarithm of two more than there are domains.
#[test]
fn replicas_are_spread_by_default() {
    let mut play = Play::recorded();
    play.put_text(SERVICE);
    play.put_text(&pod("a", "web", "node1", "}]"));
    play.put_text(&pod("web", "web", "", "}]"));
    // ln 4 + 2 = 3.39 and 2: 3 and 2.
    assert_eq!(sums(&play, "web"), [96 + 2 * 66, 98 + 2 * 100]);
    let zones = [zoned("a1", "a"), zoned("a2", "a"), zoned("b1", "b")];
    let mut play = Play::new(&zones);
    play.put_text(SERVICE);
    play.put_text(&pod("a", "web", "a1", "}]"));
    play.put_text(&pod("web", "web", "", "}]"));
    // Hosts: ln 5 + 2, 2, 2. Zones: ln 4 + 4, ln 4 + 4, 4. Together 9.00, 7.39 and 6.
    assert_eq!(sums(&play, "web"), [96 + 2 * 66, 98 + 2 * 88, 98 + 2 * 100]);
    // A Pod of nobody is not spread.
    play.put_text(&pod("bare", "bare", "", "}]"));
    assert_eq!(sums(&play, "bare"), [96, 98, 98]);
}

/// Constraints of its own replace them; a node without the label gets nothing.
#[test]
fn soft_constraints_count() {
    let mut play = Play::new(&[zoned("a1", "a"), zoned("b1", "b"), node("c1")]);
    play.put_text(SERVICE);
    for (name, node) in [("a", "a1"), ("b", "a1"), ("c", "b1")] {
        play.put_text(&pod(name, "web", node, "}]"));
    }
    let wish = "}]\n  topologySpreadConstraints:\n  - {maxSkew: 1, topologyKey: \
                topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: \
                {matchLabels: {app: web}}}";
    play.put_text(&pod("web", "web", "", wish));
    // 2 ln 4 = 2.77 and ln 4 = 1.39: 3 and 1.
    let room = [(92 + 97) / 2, (95 + 98) / 2, (97 + 99) / 2];
    assert_eq!(
        sums(&play, "web"),
        [room[0] + 2 * 33, room[1] + 2 * 100, room[2]]
    );
}

/// Taints that are only disliked weigh 3, preferred node affinity 2: shares of the most.
#[test]
fn dislikes_and_wishes_are_shares_of_the_most() {
    let taint = |key: &str| Taint {
        key: key.to_owned(),
        value: String::new(),
        effect: TaintEffect::PreferNoSchedule,
    };
    let mut nodes = [zoned("a1", "a"), zoned("b1", "b"), node("c1")];
    nodes[0].taints = vec![taint("one"), taint("two"), taint("three")];
    nodes[1].taints = vec![taint("one")];
    let mut play = Play::new(&nodes);
    let wish = "}]\n  affinity:\n    nodeAffinity:\n      \
                preferredDuringSchedulingIgnoredDuringExecution:\n      - {weight: 10, preference: \
                {matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: \
                [b]}]}}\n      - {weight: 35, preference: {matchExpressions: [{key: \
                topology.kubernetes.io/zone, operator: Exists}]}}";
    play.put_text(&pod("web", "web", "", wish));
    let room = (97 + 99) / 2;
    assert_eq!(
        sums(&play, "web"),
        [
            room + 2 * (3_500 / 45),
            room + 3 * (100 - 33) + 2 * 100,
            room + 3 * 100
        ]
    );
}

/// Preferred affinity to Pods goes from the lowest to the highest sum, in floating point: 29 of 100
/// is 28.
#[test]
fn neighbours_are_wished_for_and_away() {
    let mut play = Play::new(&[node("n1"), node("n2"), node("n3")]);
    play.put_text(&pod("a", "a", "n1", "}]"));
    play.put_text(&pod("b", "b", "n2", "}]"));
    play.put_text(&pod("c", "c", "n3", "}]"));
    let term = |weight: u32, app: &str| {
        format!(
            "\n      - {{weight: {weight}, podAffinityTerm: {{topologyKey: kubernetes.io/hostname, \
             labelSelector: {{matchLabels: {{app: {app}}}}}}}}}"
        )
    };
    let wish = format!(
        "}}]\n  affinity:\n    podAffinity:\n      \
         preferredDuringSchedulingIgnoredDuringExecution:{}\n    podAntiAffinity:\n      \
         preferredDuringSchedulingIgnoredDuringExecution:{}{}",
        term(60, "a"),
        term(40, "b"),
        term(11, "c"),
    );
    play.put_text(&pod("web", "web", "", &wish));
    let room = (95 + 98) / 2;
    assert_eq!(sums(&play, "web"), [room + 200, room, room + 2 * 28]);
}

/// Half the size of an image that one of two nodes has, from 23 to 1,000 MiB for a container; known
/// by its full name only, and once the node's status lists it.
#[test]
fn images_attract_by_their_full_name() {
    let mut play = Play::recorded();
    let tomcat = |name: &str, image: &str| pod(name, name, "", "}]").replace("probe-lab:v1", image);
    let image = play.cx().intern("tomcat:10");
    play.cx()
        .node_mut(NodeId::at(0))
        .keep_image(image, Instant::ZERO);
    play.put_text(&tomcat("full", "docker.io/library/tomcat:10"));
    play.put_text(&tomcat("short", "tomcat:10"));
    assert_eq!(sums(&play, "full"), [98, 98]);
    play.until(45_000);
    // (95,000,000 − 24,117,248) of (1,048,576,000 − 24,117,248).
    let sums = |name| sums(&play, name);
    assert_eq!(sums("full")[0], sums("short")[0] + 6);
    assert_eq!(sums("full")[1], sums("short")[1]);
}

/// Equals are drawn: over many clusters each gets its share.
#[test]
fn ties_go_to_any_of_the_best() {
    let mut taken = [0_u32; 3];
    for seed in 0..300 {
        let mut play = Play::new(&[node("n1"), node("n2"), node("n3")]);
        play.cluster.draws = crate::rng::Draws::seeded(seed);
        play.put_text(&pod("web", "web", "", "}]"));
        play.until(1_000);
        let at = play.cluster.pods[play.pod("web").index()].node;
        taken[at.expect("a node").index()] += 1;
    }
    assert!(
        taken.iter().all(|count| (70..=130).contains(count)),
        "{taken:?}"
    );
}
