//! NOD-09, SCH-03: PodDisruptionBudgets. Numbers and roundings are those of the Kubernetes
//! documentation ("Specifying a Disruption Budget for your Application").

use super::{node, Play};
use crate::controllers::{self, BudgetStatus, Kept};

fn budget(bound: &str) -> String {
    format!(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: web}}\nspec:\n  \
         selector: {{matchLabels: {{app: web}}}}\n  {bound}\n"
    )
}

fn deployment(replicas: u32) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  replicas: \
         {replicas}\n  selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: \
         {{labels: {{app: web}}}}\n    spec: {{containers: [{{name: main, image: 'probe-lab:v1'}}]}}\n"
    )
}

fn status(play: &Play) -> BudgetStatus {
    let key = ("default".to_owned(), "web".to_owned());
    let state = &play.cluster.controllers.store.budgets.get(&key);
    let budget = &state.expect("a budget").object;
    controllers::budget_status(&play.cluster, "default", budget)
}

/// Seven Pods: 50 % are four, whether they must stay or may go; a bare Pod counts for a plain
/// minAvailable only.
#[test]
fn shares_are_of_what_the_controllers_want_and_rounded_up() {
    let mut play = Play::recorded();
    play.put_text(&deployment(7));
    play.until(5_000);
    let told = |play: &mut Play, bound: &str| {
        play.put_text(&budget(bound));
        let BudgetStatus {
            expected,
            healthy,
            desired,
            allowed,
        } = status(play);
        [expected, healthy, desired, allowed]
    };
    assert_eq!(told(&mut play, "minAvailable: 50%"), [7, 7, 4, 3]);
    assert_eq!(told(&mut play, "maxUnavailable: 50%"), [7, 7, 3, 4]);
    assert_eq!(told(&mut play, "maxUnavailable: 1"), [7, 7, 6, 1]);
    assert_eq!(told(&mut play, "minAvailable: 9"), [7, 7, 9, 0]);
    let bare = "apiVersion: v1\nkind: Pod\nmetadata: {name: bare, labels: {app: web}}\nspec: \
                {containers: [{name: main, image: 'probe-lab:v1'}]}\n";
    play.put_text(bare);
    play.until(10_000);
    assert_eq!(told(&mut play, "minAvailable: 6"), [8, 8, 6, 2]);
    assert_eq!(told(&mut play, "maxUnavailable: 1"), [7, 8, 6, 2]);
    // Whoever goes is not healthy any more, though it still serves.
    let gone = play.pod("bare");
    controllers::delete_pod(&mut play.cx(), gone, None);
    assert_eq!(told(&mut play, "maxUnavailable: 1"), [7, 7, 6, 1]);
}

/// A drain takes what the budget allows, and asks for the rest every 5 s: each goes when another
/// has become ready elsewhere.
#[test]
fn a_drain_waits_for_replacements() {
    let mut play = Play::recorded();
    controllers::cordon(&mut play.cx(), "node2", true).expect("a node");
    play.put_text(&deployment(3));
    play.put_text(&budget("minAvailable: 2"));
    play.until(5_000);
    controllers::cordon(&mut play.cx(), "node2", false).expect("a node");
    play.until(5_500);
    let drained = controllers::drain(&mut play.cx(), "node1", false, None, None).expect("drained");
    assert_eq!((drained.evicted.len(), drained.kept.len()), (1, 2));
    assert!(drained.kept.iter().all(|(_, why)| *why == Kept::Budget));
    play.until(30_000);
    let asked = play.cluster.pods.iter().filter_map(|pod| pod.deletion);
    let asked: Vec<u64> = asked
        .map(|deletion| deletion.asked_at.as_millis())
        .collect();
    assert_eq!(asked, [5_500, 10_500, 15_500]);
    let active = play.active();
    assert_eq!(active.len(), 3);
    assert!(active.iter().all(|pod| play.node_of(*pod) == "node2"));
    let least = play
        .log
        .records()
        .iter()
        .filter(|r| r.at.as_millis() > 5_500);
    assert!(least.count() > 0 && status(&play).healthy == 3);
}

/// Without a budget to wait for, or with one that Pods which are not ready cannot harm, nobody is
/// kept; two budgets for one Pod are an error, which is not asked again.
#[test]
fn what_a_budget_does_not_keep() {
    let kept = |more: &str, is_ready: bool| {
        let mut play = Play::recorded();
        let probe =
            "{containers: [{name: main, readinessProbe: {exec: {command: ['false']}}, image";
        let text = match is_ready {
            true => deployment(2),
            false => deployment(2).replace("{containers: [{name: main, image", probe),
        };
        play.put_text(&text);
        play.put_text(&budget(more));
        play.until(5_000);
        let node = play.node_of(play.active()[0]);
        let drained = controllers::drain(&mut play.cx(), &node, false, None, None);
        drained
            .expect("drained")
            .kept
            .iter()
            .map(|(_, why)| *why)
            .collect::<Vec<_>>()
    };
    assert_eq!(kept("minAvailable: 2", true), [Kept::Budget]);
    assert_eq!(kept("minAvailable: 2", false), [Kept::Budget]);
    let always = "minAvailable: 2\n  unhealthyPodEvictionPolicy: AlwaysAllow";
    assert_eq!(kept(always, true), [Kept::Budget]);
    assert_eq!(kept(always, false), []);
    let second = format!("minAvailable: 1\n---\n{}", budget("minAvailable: 1"));
    let second = second.replacen("{name: web}", "{name: other}", 1);
    assert_eq!(kept(&second, true), [Kept::Several]);
}

/// Who gives up waiting asks no more; a budget that is deleted keeps nobody.
#[test]
fn a_drain_ends_with_its_timeout_or_the_budget() {
    let mut play = Play::new(&[node("node1")]);
    play.put_text(&deployment(1));
    play.put_text(&budget("minAvailable: 1"));
    play.until(5_000);
    let seconds = |n| Some(crate::time::Duration::from_secs(n));
    let drain = |play: &mut Play, timeout| {
        let drained = controllers::drain(&mut play.cx(), "node1", false, None, timeout);
        drained.expect("drained").kept.len()
    };
    assert_eq!(drain(&mut play, seconds(12)), 1);
    play.until(30_000);
    assert!(play.cluster.controllers.store.evictions.is_empty());
    assert_eq!(drain(&mut play, None), 1);
    play.until(61_000);
    assert_eq!(play.active().len(), 1);
    let way = crate::scenario::Cascade::Background;
    controllers::delete(&mut play.cx(), "pdb", "", "web", None, way).expect("deleted");
    play.until(66_000);
    let pod = &play.cluster.pods[0];
    assert_eq!(
        pod.deletion.map(|deletion| deletion.asked_at.as_millis()),
        Some(65_000)
    );
}

/// SCH-03: of two nodes where room could be made, the one where no budget is broken; on one node
/// the Pods that none protects go first.
#[test]
fn preemption_breaks_no_budget_if_it_can() {
    let asking = |name: &str, app: &str, cpu: u32, more: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: {app}}}}}\nspec: \
             {{containers: [{{name: main, image: 'probe-lab:v1', resources: {{requests: {{cpu: \
             '{cpu}'}}}}}}]{more}}}\n"
        )
    };
    let class = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: \
                 high}\nvalue: 1000\n";
    let victims = |nodes: &[&str], budgets: bool| {
        let nodes: Vec<_> = nodes.iter().map(|name| node(name)).collect();
        let mut play = Play::new(&nodes);
        play.put_text(class);
        if budgets {
            play.put_text(&budget("minAvailable: 1"));
        }
        let last = nodes.len() as u32;
        // The unprotected Pod is the older one: without a budget it would be spared.
        play.put_text(&asking(
            "plain",
            "other",
            4 / (3 - last),
            &format!(", nodeName: n{last}"),
        ));
        play.until(1_000);
        play.put_text(&asking("web", "web", 4 / (3 - last), ", nodeName: n1"));
        play.until(5_000);
        play.put_text(&asking("big", "big", 2, ", priorityClassName: high"));
        play.until(6_000);
        let live = play
            .cluster
            .pods
            .iter()
            .filter(|pod| pod.deletion.is_some());
        live.map(|pod| pod.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(victims(&["n1"], false), ["web"]);
    assert_eq!(victims(&["n1"], true), ["plain"]);
    assert_eq!(victims(&["n1", "n2"], false), ["web"]);
    assert_eq!(victims(&["n1", "n2"], true), ["plain"]);
}

/// Another drain of the same node asks for a Pod no oftener, and does not shorten the first one's
/// patience; 0 s are for ever.
#[test]
fn drains_of_one_node_wait_together() {
    let mut play = Play::new(&[node("node1")]);
    play.put_text(&deployment(1));
    play.put_text(&budget("minAvailable: 1"));
    play.until(5_000);
    let seconds = |n| Some(crate::time::Duration::from_secs(n));
    for timeout in [seconds(0), seconds(12)] {
        let drained = controllers::drain(&mut play.cx(), "node1", false, None, timeout);
        assert_eq!(drained.expect("drained").kept.len(), 1);
    }
    play.until(60_500);
    assert_eq!(play.cluster.controllers.store.evictions.len(), 1);
    let way = crate::scenario::Cascade::Background;
    controllers::delete(&mut play.cx(), "pdb", "", "web", None, way).expect("deleted");
    play.until(66_000);
    let asked = play.cluster.pods[0]
        .deletion
        .map(|d| d.asked_at.as_millis());
    assert_eq!(asked, Some(65_000));
}

fn stored(play: &Play) -> &controllers::BudgetState {
    let key = ("default".to_owned(), "web".to_owned());
    let state = play.cluster.controllers.store.budgets.get(&key);
    state.expect("a budget")
}

/// NOD-09: the condition follows what is allowed, with the time of its last change; it is written
/// again for another generation. Each write has the controller look once more.
#[test]
fn the_condition_says_whether_a_disruption_is_allowed() {
    let mut play = Play::recorded();
    play.put_text(&budget("minAvailable: 2"));
    assert_eq!(stored(&play).condition, None);
    play.until(1_000);
    let first = stored(&play).condition.expect("a condition");
    assert_eq!((first.is_true, first.reason), (false, "InsufficientPods"));
    assert_eq!(first.observed_generation, 1);
    let noticed = play.events(&["NoPods"]);
    assert_eq!(noticed.len(), 2, "{noticed:?}");
    assert!(noticed[0].ends_with("NoPods: No matching pods found"));
    play.put_text(&deployment(3));
    play.until(10_000);
    let enough = stored(&play).condition.expect("a condition");
    assert_eq!((enough.is_true, enough.reason), (true, "SufficientPods"));
    assert!(enough.last_transition > first.last_transition);
    assert_eq!(stored(&play).status, status(&play));
    play.put_text(&budget("minAvailable: 1"));
    play.until(20_000);
    let again = stored(&play).condition.expect("a condition");
    assert_eq!(again.observed_generation, 2);
    assert_eq!(again.last_transition, enough.last_transition);
    assert_eq!(stored(&play).observed_generation, 2);
    let gone = play.active()[0];
    controllers::delete_pod(&mut play.cx(), gone, None);
    play.until(20_100);
    assert_eq!(stored(&play).status.healthy, 2);
}

/// NOD-09: Pods without replicas to count: nobody's are told of, those of a DaemonSet make the
/// controller give up, where a share is asked for.
#[test]
fn pods_that_cannot_be_counted_are_told_of() {
    let mut play = Play::recorded();
    let bare = "apiVersion: v1\nkind: Pod\nmetadata: {name: bare, labels: {app: web}}\nspec: \
                {containers: [{name: main, image: 'probe-lab:v1'}]}\n";
    play.put_text(bare);
    play.until(5_000);
    play.put_text(&budget("maxUnavailable: 1"));
    play.until(6_000);
    let told = play.events(&["UnmanagedPods"]);
    assert!(
        told[0].ends_with(
            "Pods selected by this PodDisruptionBudget (selector: \
             &LabelSelector{MatchLabels:map[string]string{app: \
             web,},MatchExpressions:[]LabelSelectorRequirement{},}) were found to be unmanaged. As \
             a result, the status of the PDB cannot be calculated correctly, which may result in \
             undefined behavior. To account for these pods please set \".spec.minAvailable\" field \
             of the PDB to an integer value."
        ),
        "{told:?}"
    );
    let mut play = Play::recorded();
    play.put_text(
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: web}\nspec:\n  selector: \
         {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: \
         {containers: [{name: main, image: 'probe-lab:v1'}]}\n",
    );
    play.until(5_000);
    play.put_text(&budget("maxUnavailable: 1"));
    play.until(6_000);
    let failed = stored(&play).condition.expect("a condition");
    let why = "daemonsets.apps does not implement the scale subresource";
    assert_eq!((failed.is_true, failed.reason), (false, "SyncFailed"));
    assert_eq!(play.cluster.texts.get(failed.message), why);
    assert_eq!(
        (
            failed.observed_generation,
            stored(&play).observed_generation
        ),
        (0, 0)
    );
    let told = play.events(&["CalculateExpectedPodCountFailed"]);
    assert!(told[0].ends_with(&format!(
        "Failed to calculate the number of expected pods: {why}"
    )));
    // A plain number needs none.
    play.put_text(&budget("minAvailable: 1"));
    play.until(7_000);
    let met = stored(&play).condition.expect("a condition");
    assert_eq!((met.is_true, met.reason), (true, "SufficientPods"));
}

/// NOD-09: a Pod of two budgets is warned of; one of them hears of it.
#[test]
fn a_pod_of_two_budgets_is_warned_of() {
    let mut play = Play::recorded();
    play.put_text(&budget("minAvailable: 1"));
    play.put_text(&budget("minAvailable: 1").replace("name: web", "name: zoo"));
    play.put_text(&deployment(1));
    play.until(5_000);
    let told = play.events(&["MultiplePodDisruptionBudgets"]);
    let pod = &play.cluster.pods[play.active()[0].index()].name;
    assert!(told[0].ends_with(&format!(
        "Pod \"default\"/\"{pod}\" matches multiple PodDisruptionBudgets.  Chose \"web\" arbitrarily."
    )));
}
