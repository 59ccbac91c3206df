//! The image catalogue: what the official images document, and the seeds that use them.

#[path = "support/shows.rs"]
mod shows;

use readyz_engine::container::image;
use shows::shows;

/// Every image of the product's list, under the names people write.
#[test]
fn the_catalogue_knows_every_image() {
    for name in [
        "busybox",
        "alpine",
        "debian",
        "nginx",
        "httpd",
        "httpd:2.4-alpine",
        "porbe-server:v1",
        "squid:2.0",
        "squid:2.1",
        "tomcat",
        "192.168.0.122/ceba/tomcat",
        "mysql:8.0",
        "postgres:16-alpine",
        "docker.io/library/redis:7",
        "wordpress",
        "registry.k8s.io/e2e-test-images/agnhost:2.53",
        "registry.k8s.io/goproxy:0.1",
        "registry.k8s.io/pause:3.10",
        "probe-lab:v3",
        "nginx-8080:v1",
        "nginx-8081:v1",
        "escape/nginx-test:v1",
    ] {
        assert!(image::resolve(name).1, "{name}");
    }
}

/// One container of an image with a readiness probe and variables, always on the same node: each
/// kubelet looks at other parts of a second.
fn pod(image: &str, env: &str, probe: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  nodeSelector: \
         {{kubernetes.io/hostname: node-1}}\n  containers:\n  - name: c\n    image: {image}\n    \
         env: [{env}]\n    readinessProbe: {{{probe}, periodSeconds: 2}}"
    )
}

/// The probes that the databases' own clients are used for.
#[test]
fn databases_are_asked_by_their_own_clients() {
    let password = "{name: MYSQL_ROOT_PASSWORD, value: x}, {name: POSTGRES_PASSWORD, value: x}";
    for (image, command, from, until) in [
        ("mysql", "[mysqladmin, ping]", 9, 14),
        ("postgres", "[pg_isready, -U, postgres]", 2, 7),
        ("redis", "[redis-cli, ping]", 1, 4),
    ] {
        shows(
            &pod(image, password, &format!("exec: {{command: {command}}}")),
            &format!(
                "  steps: [{{at: 40s, hang: {{pod: p}}}}]\n  expect:\n  \
                 - {{never: {{to: {from}s}}, pod: p, ready: {}}}\n  \
                 - {{always: {{from: {until}s, to: 40s}}, pod: p, ready: true}}\n  \
                 - {{by: 50s, event: {{reason: Unhealthy, message: 'timed out after 1s'}}}}\n  \
                 - {{by: 50s, pod: p, ready: false}}\n  \
                 - {{always: true, pod: p, restarts: 0}}",
                if from > 1 {
                    "true"
                } else {
                    "true, restarts: '>= 1'"
                }
            ),
        );
    }
}

/// The entrypoints give up where no password is set: exit code 1, at once, again and again.
#[test]
fn databases_refuse_to_begin_without_a_password() {
    for image in ["mysql:8", "postgres"] {
        shows(
            &pod(image, "", "tcpSocket: {port: 1}"),
            "  expect:
  - {by: 40s, pod: p, container: c, restarts: '>= 2', reason: Error, exitCode: 1}
  - {never: true, pod: p, ready: true}",
        );
    }
}

/// What a GET meets at a server that speaks something else.
#[test]
fn databases_do_not_answer_http() {
    for (image, port, text) in [
        ("mysql", 3306, "malformed HTTP response"),
        ("redis", 6379, "EOF"),
        ("postgres", 5432, "EOF"),
    ] {
        let env = "{name: MYSQL_ROOT_PASSWORD, value: x}, {name: POSTGRES_PASSWORD, value: x}";
        shows(
            &pod(image, env, &format!("httpGet: {{path: /, port: {port}}}")),
            &format!(
                "  expect:\n  - {{by: 30s, event: {{reason: Unhealthy, message: '{text}'}}}}\n  \
                 - {{never: true, pod: p, ready: true}}"
            ),
        );
    }
}

/// `It works!` is a file; SIGWINCH ends it with 0.
#[test]
fn httpd_serves_its_files_and_stops_on_sigwinch() {
    let manifest = |path: &str| {
        pod(
            "httpd:2.4",
            "",
            &format!("httpGet: {{path: {path}, port: 80}}"),
        )
    };
    shows(
        &manifest("/"),
        "  steps: [{at: 20s, exec: {pod: p, command: [rm, /usr/local/apache2/htdocs/index.html]}}, {at: 40s, exec: {pod: p, command: [kill, -28, '1']}}]
  expect:
  - {always: {from: 4s, to: 20s}, pod: p, ready: true}
  - {by: 28s, event: {reason: Unhealthy, message: 'statuscode: 404'}}
  - {by: 43s, pod: p, container: c, restarts: 1, reason: Completed, exitCode: 0}",
    );
    shows(
        &manifest("/nothing"),
        "  expect: [{never: true, pod: p, ready: true}]",
    );
}

/// Without a configuration every page of WordPress leads to its set-up, which answers.
#[test]
fn wordpress_redirects_to_its_setup() {
    shows(
        &pod("wordpress", "", "httpGet: {path: /, port: 80}"),
        "  expect: [{always: {from: 6s}, pod: p, ready: true, restarts: 0}]",
    );
}

/// The article's tomcat behind its NodePort: with the secret all three serve, without it none
/// starts; the JVM ends with 143.
#[test]
fn seed_001_tomcat() {
    let manifest = |secret: &str| {
        format!(
            "{secret}apiVersion: apps/v1
kind: Deployment
metadata: {{name: tomcat-deployment, namespace: default}}
spec:
  replicas: 3
  selector: {{matchLabels: {{app: tomcat}}}}
  template:
    metadata: {{labels: {{app: tomcat}}}}
    spec:
      imagePullSecrets: [{{name: registry-pull-secret}}]
      containers:
      - name: tomcat
        image: 192.168.0.122/ceba/tomcat
        imagePullPolicy: Always
        ports: [{{containerPort: 8080}}]
---
apiVersion: v1
kind: Service
metadata: {{name: tomcat-service, labels: {{app: tomcat}}}}
spec:
  type: NodePort
  ports: [{{port: 80, targetPort: 8080}}]
  selector: {{app: tomcat}}"
        )
    };
    let secret = "apiVersion: v1
kind: Secret
metadata: {name: registry-pull-secret}
data: {.dockerconfigjson: e30K}
type: kubernetes.io/dockerconfigjson
---
";
    shows(
        &manifest(secret),
        "  traffic: [{service: tomcat-service, rate: 5}]
  steps: [{at: 30s, kill: {pod: 'deployment/tomcat-deployment#1', signal: TERM}}]
  expect:
  - {always: {from: 5s, to: 29s}, service: tomcat-service, endpoints: 3}
  - {by: 33s, pod: 'deployment/tomcat-deployment#1', container: tomcat, restarts: 1, exitCode: 143}
  - {at: 29s, requests: {service: tomcat-service, served: '>= 120'}}",
    );
    shows(
        &manifest(""),
        "  expect: [{by: 5s, event: {reason: FailedToRetrieveImagePullSecret}}]",
    );
}

/// `frontend 2/2 Running 106 16h`: mysql passes its 128Mi again and again; with 1Gi it does not.
#[test]
fn seed_001_frontend_dies_all_day() {
    let manifest = |limit: &str| {
        let container = |name: &str, image: &str, env: &str| {
            format!(
                "
  - name: {name}
    image: {image}{env}
    resources: {{requests: {{memory: 64Mi, cpu: 250m}}, limits: {{memory: {limit}, cpu: 500m}}}}"
            )
        };
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: frontend}}\nspec:\n  containers:{}{}",
            container(
                "db",
                "mysql",
                "\n    env: [{name: MYSQL_ROOT_PASSWORD, value: password}]"
            ),
            container("wp", "wordpress", "")
        )
    };
    shows(
        &manifest("128Mi"),
        "  duration: 16h
  expect:
  - {always: {from: 2s, to: 244s}, pod: frontend, restarts: 0}
  - {by: 250s, pod: frontend, container: db, restarts: 1, reason: OOMKilled, exitCode: 137}
  - {never: true, event: {reason: Killing}}
  - {at: 16h, pod: frontend, restarts: '>= 103', phase: Running}
  - {at: 16h, pod: frontend, restarts: '<= 109'}",
    );
    shows(
        &manifest("1Gi"),
        "  duration: 16h\n  expect: [{always: true, pod: frontend, restarts: 0}]",
    );
}

/// A Pod goes where its `nodeSelector` says, and waits for the label; `nodeName` asks nobody.
#[test]
fn seed_001_where_a_pod_goes() {
    let nodes = "  nodes: [{name: 192.168.0.125, labels: {env_role: test}}, {name: 192.168.0.126}]";
    shows(
        "apiVersion: v1
kind: Pod
metadata: {name: nginx, labels: {app: nginx}}
spec:
  containers: [{name: nginx, image: nginx, imagePullPolicy: IfNotPresent}]
  nodeSelector: {env_role: dev}",
        &format!(
            "{nodes}
  steps: [{{at: 25s, label: {{kind: Node, name: 192.168.0.126, labels: {{env_role: dev}}}}}}]
  expect:
  - {{always: {{from: 1s, to: 25s}}, pod: nginx, phase: Pending}}
  - {{by: 1s, event: {{reason: FailedScheduling, message: 'match Pod''s node affinity/selector'}}}}
  - {{by: 27s, pod: nginx, phase: Running}}"
        ),
    );
    shows(
        "apiVersion: v1
kind: Pod
metadata: {name: pod-example, labels: {app: nginx}}
spec:
  nodeName: 192.168.0.125
  containers: [{name: nginx, image: 'nginx:1.15'}]",
        &format!(
            "{nodes}
  expect:
  - {{by: 2s, pod: pod-example, phase: Running, ready: true}}
  - {{never: true, event: {{reason: Scheduled}}}}"
        ),
    );
}

/// Seed 000's health server asks `squid -k check` itself: 400 once the PID file is gone, and the
/// check's words are in the container's log.
#[test]
fn seed_000_health_server_shells_out() {
    shows(
        "apiVersion: v1
kind: Pod
metadata: {name: squid}
spec:
  containers:
  - name: squid
    image: squid:2.1
    livenessProbe: {httpGet: {path: /healthz, port: 5000}, initialDelaySeconds: 5, periodSeconds: 10, failureThreshold: 3}",
        "  steps: [{at: 25s, exec: {pod: squid, command: [squid, -k, shutdown]}}]
  expect:
  - {never: {to: 39s}, event: {reason: Unhealthy}}
  - {by: 41s, event: {reason: Unhealthy, message: 'statuscode: 400'}}
  - {by: 61s, event: {reason: Killing}}
  - {never: {to: 89s}, pod: squid, restarts: 1}
  - {by: 92s, pod: squid, container: squid, restarts: 1, exitCode: 137}
  - {always: {from: 95s}, pod: squid, restarts: 1, ready: true}",
    );
}
