//! Pods on their node's network: its address, its name, and one owner for each port.

#[path = "support/visitor.rs"]
mod visitor;

use visitor::Visitor;

fn pod(name: &str, node: &str, image: &str, more: &str) -> String {
    format!(
        "---
apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  hostNetwork: true
  {node}
  containers:
  - name: app
    image: {image}
    {more}
"
    )
}

const IP: &str = "kubectl get pod a -o jsonpath={.status.podIP}";
const HOST: &str = "kubectl get pod a -o jsonpath={.status.hostIP}";

/// Address and host name are the node's, and what listens is reached there.
#[test]
fn the_address_is_the_nodes() {
    let mut visitor = Visitor::of(&pod("a", "nodeName: node-1", "nginx", ""));
    let ip = visitor.reads(20, IP);
    assert!(!ip.is_empty());
    assert_eq!(ip, visitor.reads(20, HOST));
    assert_eq!(visitor.reads(20, "kubectl exec a -- hostname"), "node-1\n");
    let page = visitor.reads(20, &format!("curl -s http://{ip}/"));
    assert!(page.contains("Welcome to nginx"), "{page}");
    let closed = visitor.types(20, &format!("curl http://{ip}:81/"));
    assert_eq!(closed.exit_code, 7, "{}", closed.stderr);
}

/// The second server of a node finds its port taken, until the first has gone.
#[test]
fn a_port_belongs_to_one_pod_of_the_node() {
    let both = |node: &str| {
        let first = pod("a", "nodeName: node-1", "porbe-server:v1", "");
        first + &pod("b", node, "porbe-server:v1", "") + "---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 5m\n  steps: [{at: 100s, delete: {pod: a}}]\n"
    };
    let mut visitor = Visitor::of(&both("nodeName: node-1"));
    let log = visitor.reads(5, "kubectl logs b");
    assert!(
        log.contains("EADDRINUSE: address already in use 0.0.0.0:8080"),
        "{log}"
    );
    let restarts = "kubectl get pod b -o jsonpath={.status.containerStatuses[0].restartCount}";
    let count: u32 = visitor.reads(90, restarts).parse().expect("a number");
    assert!(count >= 3, "{count}");
    let described = visitor.reads(90, "kubectl describe pod b");
    assert!(described.contains("Exit Code:    1"), "{described}");
    let phase = "kubectl get pod b -o jsonpath={.status.containerStatuses[0].ready}";
    assert_eq!(visitor.reads(280, phase), "true");
    // On another node there is no quarrel.
    let mut visitor = Visitor::of(&both("nodeName: node-2"));
    assert_eq!(visitor.reads(20, phase), "true");
    // Nor with a Pod on a network of its own.
    let own = both("nodeName: node-1").replacen("hostNetwork: true", "hostNetwork: false", 1);
    let mut visitor = Visitor::of(&own);
    assert_eq!(visitor.reads(20, phase), "true");
}

/// A probe goes to the node's address, and whoever has the port there answers: the second server
/// never listens, and is found ready by the first one's answers.
#[test]
fn a_probe_asks_whoever_has_the_port() {
    for probe in ["httpGet: {path: /, port: 80}", "tcpSocket: {port: 80}"] {
        let sleeps =
            format!("command: [sleep, 1d]\n    readinessProbe: {{periodSeconds: 1, {probe}}}");
        let first = pod("a", "nodeName: node-1", "nginx", "");
        let second = pod("b", "nodeName: node-1", "busybox", &sleeps);
        let ready = "kubectl get pod b -o jsonpath={.status.containerStatuses[0].ready}";
        let steps = "---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 5m\n  steps: [{at: 100s, delete: {pod: a}}]\n";
        let mut visitor = Visitor::of(&(first.clone() + &second + steps));
        assert_eq!(visitor.reads(60, ready), "true", "{probe}");
        assert_eq!(visitor.reads(200, ready), "false", "{probe}");
        // On another node nobody has it.
        let elsewhere = first.replace("node-1", "node-2");
        let mut visitor = Visitor::of(&(elsewhere + &second));
        assert_eq!(visitor.reads(60, ready), "false", "{probe}");
    }
}

/// A declared port is a host port: the scheduler finds no second place on a node.
#[test]
fn declared_ports_are_host_ports() {
    let port = "ports: [{containerPort: 8080}]";
    let node =
        "---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  nodes: [{name: one, \
                cpu: '4', memory: 8Gi}]\n";
    let text = pod("a", "", "shop:1", port) + &pod("b", "", "shop:1", port) + node;
    let mut visitor = Visitor::of(&text);
    let host = "kubectl get pod a -o jsonpath={.spec.containers[0].ports[0].hostPort}";
    assert_eq!(visitor.reads(20, host), "8080");
    let pending = visitor.reads(20, "kubectl describe pod b");
    let why = "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod \
               ports.";
    assert!(pending.contains(why), "{pending}");
}
