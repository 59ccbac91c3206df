//! What a container finds in its environment: Services, resources, fields of its Pod. Sources:
//! kubernetes.io/docs/concepts/services-networking/service/#environment-variables (its example of
//! `redis-primary`), .../tasks/inject-data-application/environment-variable-expose-pod-information
//! and .../downward-api-volume-expose-pod-information.

#[path = "support/visitor.rs"]
mod visitor;

use visitor::Visitor;

/// Services, one of them in another namespace, one without an address, one that comes later; and a
/// Pod.
fn text(spec: &str, container: &str) -> String {
    format!(
        "apiVersion: v1
kind: Namespace
metadata: {{name: far}}
---
apiVersion: v1
kind: Service
metadata: {{name: redis-primary}}
spec:
  clusterIP: 10.96.7.1
  selector: {{app: p}}
  ports: [{{name: main-port, port: 6379}}, {{name: dns, port: 53, protocol: UDP}}]
---
apiVersion: v1
kind: Service
metadata: {{name: headless}}
spec: {{clusterIP: None, selector: {{app: p}}, ports: [{{port: 80}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: other, namespace: far}}
spec: {{selector: {{app: p}}, ports: [{{port: 80}}]}}
---
apiVersion: v1
kind: Pod
metadata: {{name: p, labels: {{app: p}}}}
spec:
  {spec}
  restartPolicy: Always
  containers:
  - name: app
    image: busybox:1.36
    command: [sh, -c, 'echo $0 $1; sleep 30', $(SEEN), $(NOPE)]
    {container}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  nodes: [{{name: one, cpu: '4', memory: 8Gi}}]
  steps:
  - at: 10s
    apply: |
      apiVersion: v1
      kind: Service
      metadata: {{name: late}}
      spec: {{clusterIP: 10.96.7.2, selector: {{app: p}}, ports: [{{port: 80}}]}}
"
    )
}

fn env(visitor: &mut Visitor, at: u64) -> Vec<String> {
    let typed = visitor.reads(at, "kubectl exec p -- env");
    let mut lines: Vec<String> = typed.lines().map(String::from).collect();
    let own = |line: &String| line.contains("_SERVICE_") || line.contains("_PORT");
    lines.retain(own);
    lines.sort();
    lines
}

const SERVER: [&str; 7] = [
    "KUBERNETES_PORT=tcp://10.96.0.1:443",
    "KUBERNETES_PORT_443_TCP=tcp://10.96.0.1:443",
    "KUBERNETES_PORT_443_TCP_ADDR=10.96.0.1",
    "KUBERNETES_PORT_443_TCP_PORT=443",
    "KUBERNETES_PORT_443_TCP_PROTO=tcp",
    "KUBERNETES_SERVICE_HOST=10.96.0.1",
    "KUBERNETES_SERVICE_PORT=443",
];

/// The Services that are there when a container starts, and what refers to them; a restart sees
/// those that came since.
#[test]
fn a_container_is_told_of_the_services_that_exist_when_it_starts() {
    let seen = "env: [{name: SEEN, value: 'at $(REDIS_PRIMARY_SERVICE_HOST)'}]";
    let mut visitor = Visitor::of(&text("", seen));
    let mut wanted: Vec<&str> = SERVER.to_vec();
    wanted.extend([
        "KUBERNETES_SERVICE_PORT_HTTPS=443",
        "REDIS_PRIMARY_PORT=tcp://10.96.7.1:6379",
        "REDIS_PRIMARY_PORT_53_UDP=udp://10.96.7.1:53",
        "REDIS_PRIMARY_PORT_53_UDP_ADDR=10.96.7.1",
        "REDIS_PRIMARY_PORT_53_UDP_PORT=53",
        "REDIS_PRIMARY_PORT_53_UDP_PROTO=udp",
        "REDIS_PRIMARY_PORT_6379_TCP=tcp://10.96.7.1:6379",
        "REDIS_PRIMARY_PORT_6379_TCP_ADDR=10.96.7.1",
        "REDIS_PRIMARY_PORT_6379_TCP_PORT=6379",
        "REDIS_PRIMARY_PORT_6379_TCP_PROTO=tcp",
        "REDIS_PRIMARY_SERVICE_HOST=10.96.7.1",
        "REDIS_PRIMARY_SERVICE_PORT=6379",
        "REDIS_PRIMARY_SERVICE_PORT_DNS=53",
        "REDIS_PRIMARY_SERVICE_PORT_MAIN_PORT=6379",
    ]);
    assert_eq!(env(&mut visitor, 20), wanted);
    assert_eq!(
        visitor.reads(20, "kubectl logs p"),
        "at 10.96.7.1 $(NOPE)\n"
    );
    let later = env(&mut visitor, 50);
    assert!(
        later.contains(&"LATE_SERVICE_HOST=10.96.7.2".to_string()),
        "{later:?}"
    );
}

/// `enableServiceLinks: false` leaves the API server's alone.
#[test]
fn links_that_are_not_wanted_are_left_out() {
    let mut visitor = Visitor::of(&text("enableServiceLinks: false", ""));
    let mut wanted: Vec<&str> = SERVER.to_vec();
    wanted.push("KUBERNETES_SERVICE_PORT_HTTPS=443");
    assert_eq!(env(&mut visitor, 20), wanted);
    let path = "kubectl get pod p -o jsonpath={.spec.enableServiceLinks}";
    assert_eq!(visitor.reads(20, path), "false");
}

/// Requests and limits in divisors, rounded up; a limit that is not set is what the node has.
#[test]
fn resources_are_counted_in_divisors() {
    let own = "resources: {requests: {cpu: 250m, memory: 100Mi}, limits: {memory: 100Mi}}
    volumeMounts: [{name: d, mountPath: /d}]
    env:
    - {name: A, valueFrom: {resourceFieldRef: {resource: requests.cpu}}}
    - {name: B, valueFrom: {resourceFieldRef: {resource: requests.cpu, divisor: 1m}}}
    - {name: C, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
    - {name: D, valueFrom: {resourceFieldRef: {resource: limits.memory}}}
    - {name: E, valueFrom: {resourceFieldRef: {resource: limits.cpu, containerName: app}}}
    - {name: F, valueFrom: {resourceFieldRef: {resource: requests.ephemeral-storage}}}
    - {name: SEEN, value: $(B)m of $(E)}";
    let volumes = "volumes:
  - name: d
    downwardAPI:
      items:
      - {path: memory, resourceFieldRef: {containerName: app, resource: limits.memory, divisor: 1k}}
      - {path: name, fieldRef: {fieldPath: metadata.name}}";
    let mut visitor = Visitor::of(&text(volumes, own));
    let line = "kubectl exec p -- sh -c 'echo $A $B $C $D $E $F; cat /d/memory /d/name'";
    assert_eq!(visitor.reads(20, line), "1 250 100 104857600 4 0\n104858p");
    assert_eq!(visitor.reads(20, "kubectl logs p"), "250m of 4 $(NOPE)\n");
    let path = "kubectl get pod p -o jsonpath={.spec.containers[0].env[2].valueFrom.resourceFieldRef.divisor}";
    assert_eq!(visitor.reads(20, path), "1Mi");
}
