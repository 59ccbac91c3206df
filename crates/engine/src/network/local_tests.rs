//! SVC-02, SVC-04: traffic policy Local.

use super::visit::{Nobody, Url};
use super::{set_traffic, Ledger};
use crate::controllers::tests::Play;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec:\n  \
                   nodeName: node2\n  containers: [{name: main, image: 'probe-lab:v1'}]\n";

fn service(more: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec:\n  {more}\n  selector: {{app: \
         web}}\n  ports: [{{port: 80, targetPort: 8080, nodePort: 30080}}]\n"
    )
    .replace(
        match more.contains("NodePort") || more.contains("LoadBalancer") {
            true => "\0",
            false => ", nodePort: 30080",
        },
        "",
    )
}

fn ledger(more: &str) -> (Play, Ledger) {
    let mut play = Play::recorded();
    play.put_text(&service(more));
    play.put_text(POD);
    play.until(5_000);
    set_traffic(&mut play.cx(), "web", 10_000);
    play.until(25_050);
    set_traffic(&mut play.cx(), "web", 0);
    play.until(30_000);
    let ledger = play.cluster.network.routes[play.service("web").index()].ledger;
    assert_eq!(ledger.total(), 200);
    (play, ledger)
}

/// SVC-02: the clients of a node without an endpoint wait in vain; a load balancer leaves it out.
#[test]
fn only_clients_of_the_endpoints_node_are_served() {
    let (_, all) = ledger("type: ClusterIP");
    assert_eq!(all.served, 200);
    for policy in [
        "internalTrafficPolicy: Local",
        "type: NodePort\n  externalTrafficPolicy: Local",
    ] {
        let (_, half) = ledger(policy);
        assert_eq!(half.served + half.timed_out, 200, "{policy}: {half:?}");
        assert!((70..130).contains(&half.timed_out), "{policy}: {half:?}");
    }
    let (_, balanced) = ledger("type: LoadBalancer\n  externalTrafficPolicy: Local");
    assert_eq!(balanced.served, 200);
}

/// SVC-02: without any endpoint the rules refuse, Local or not.
#[test]
fn no_endpoint_at_all_is_refused() {
    let mut play = Play::recorded();
    play.put_text(&service("internalTrafficPolicy: Local"));
    play.until(5_000);
    set_traffic(&mut play.cx(), "web", 10_000);
    play.until(10_050);
    let ledger = play.cluster.network.routes[play.service("web").index()].ledger;
    assert_eq!((ledger.no_endpoint, ledger.total()), (50, 50));
}

/// SVC-04: a node port with externalTrafficPolicy Local is answered by that node's Pods only; from
/// within the cluster every node's port leads to all.
#[test]
fn a_node_port_knows_its_own_node_only() {
    let (play, _) = ledger("type: NodePort\n  externalTrafficPolicy: Local");
    let ask = |host: &str, from| {
        let text = format!("{host}:30080/");
        let url = Url::parse(&text).expect("an address");
        let found = url.backends(&play.cluster, "default", from);
        found.map(|backends| backends.len())
    };
    let node1 = crate::ids::NodeId(0);
    assert_eq!(ask("node2", None), Ok(1));
    assert_eq!(ask("node1", None), Err(Nobody::Dropped));
    assert_eq!(ask("node1", Some(node1)), Ok(1));
    let (play, _) = ledger("internalTrafficPolicy: Local");
    let ask = |from| {
        let url = Url::parse("web").expect("an address");
        let found = url.backends(&play.cluster, "default", from);
        found.map(|backends| backends.len())
    };
    assert_eq!(ask(Some(node1)), Err(Nobody::Dropped));
    assert_eq!(ask(Some(crate::ids::NodeId(1))), Ok(1));
}

/// Two Pods, one on each node, that ignore SIGTERM.
fn one_on_each_node(more: &str) -> Play {
    let mut play = Play::recorded();
    play.put_text(&service(more));
    for node in ["node1", "node2"] {
        let pod = POD
            .replace("node2", node)
            .replace("{name: web,", &format!("{{name: {node},"));
        play.put_text(&pod.replace("v1'", "v1', args: [--on-term=ignore]"));
    }
    play.until(5_000);
    play
}

/// SVC-01, SVC-02: a node whose only endpoint terminates still sends its clients there, though
/// another node has a ready one.
#[test]
fn a_node_falls_back_to_its_own_terminating_endpoints() {
    let mut play = one_on_each_node("type: NodePort\n  externalTrafficPolicy: Local");
    let leaving = play.pod("node1");
    crate::controllers::delete_pod(&mut play.cx(), leaving, None);
    play.until(6_000);
    let ask = |host: &str| {
        let text = format!("{host}:30080/");
        let url = Url::parse(&text).expect("an address");
        let found = url.backends(&play.cluster, "default", None);
        found.map(|backends| backends.iter().map(|b| b.pod).collect::<Vec<_>>())
    };
    assert_eq!(ask("node1"), Ok(vec![leaving]));
    assert_eq!(ask("node2"), Ok(vec![play.pod("node2")]));
}

/// SVC-04: a client with affinity keeps its endpoint under Local, too.
#[test]
fn affinity_holds_under_local() {
    let asked = |more: &str| {
        let more = format!("type: LoadBalancer\n  externalTrafficPolicy: Local\n{more}");
        let mut play = one_on_each_node(&more);
        set_traffic(&mut play.cx(), "web", 10_000);
        play.until(10_000);
        let pods = play
            .log
            .records()
            .iter()
            .filter_map(|record| match record.what {
                crate::record::What::Request { pod, .. } => Some(pod),
                _ => None,
            });
        pods.collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!(asked("  sessionAffinity: ClientIP"), 1);
    assert_eq!(asked(""), 2);
}
