//! Command lines against small clusters.

mod aliases;
mod api_service;
mod changes;
mod choices;
mod create;
mod disruption;
mod endpoints;
mod everywhere;
mod extended;
mod flags;
mod namespaces;
mod pod_names;
mod pod_resources;
mod printed;
mod refusals;
mod revisions;
mod rollouts;
mod update;
mod verbs;
mod versions;
mod workloads;

use crate::session::{Reply, Request, Session};
use crate::time::Instant;

/// Loads a text; what `kubectl LINE` then prints at a moment.
struct Visitor(Session);

impl Visitor {
    fn of(text: &str) -> Self {
        let mut session = Session::new();
        let load = Request::Load {
            text: text.to_owned(),
            acts: Vec::new(),
            seed: None,
            sight: crate::time::Instant::NEVER,
        };
        assert!(matches!(session.handle(load), Reply::Loaded(loaded) if loaded.run.is_some()));
        Visitor(session)
    }

    fn reads(&mut self, millis: u64, line: &str) -> String {
        let (stdout, stderr) = self.types(millis, line);
        assert_eq!(stderr, "", "{line}");
        stdout
    }

    /// What goes to standard output, and to standard error.
    fn types(&mut self, millis: u64, line: &str) -> (String, String) {
        let typed = Request::Type {
            line: format!("kubectl {line}"),
            at: Instant::from_millis(millis),
            shell: None,
            status: 0,
            manifest: String::new(),
            forwards: Vec::new(),
        };
        let Reply::Typed(typed, _) = self.0.handle(typed) else {
            panic!("{line}");
        };
        (typed.stdout, typed.stderr)
    }
}

/// A Pod of containers that sleep, each with these resources.
fn pod(name: &str, containers: &[(&str, &str)]) -> String {
    let mut text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  \
         terminationGracePeriodSeconds: 5\n  containers:\n"
    );
    for (container, resources) in containers {
        text.push_str(&format!(
            "  - name: {container}\n    image: busybox:1.36\n    command: [sleep, '3600']\n    \
             resources: {{{resources}}}\n"
        ));
    }
    text + "---\n"
}

/// STS-06: by name, init containers in their own order.
#[test]
fn container_statuses_are_sorted_by_name() {
    let text = pod("p", &[("web", ""), ("app", ""), ("log", "")]);
    let inits = "spec:\n  initContainers:\n  - {name: second, image: 'busybox:1.36', command: ['true']}\n  \
                 - {name: first, image: 'busybox:1.36', command: ['true']}\n";
    let mut visitor = Visitor::of(&text.replace("spec:\n", inits));
    let names = |field| format!("get pod p -o jsonpath='{{.status.{field}[*].name}}'");
    let mut reads = |field| visitor.reads(20_000, &names(field));
    assert_eq!(reads("containerStatuses"), "app log web");
    assert_eq!(reads("initContainerStatuses"), "second first");
}

/// RES-01: cpu and memory of all containers decide.
#[test]
fn requests_and_limits_decide_the_class() {
    let both = "limits: {cpu: 100m, memory: 32Mi}";
    let text = pod("all", &[("a", both), ("b", both)])
        + &pod("some", &[("a", both), ("b", "")])
        + &pod(
            "less",
            &[(
                "a",
                "requests: {cpu: 50m}, limits: {cpu: 100m, memory: 32Mi}",
            )],
        )
        + &pod("none", &[("a", "limits: {ephemeral-storage: 1Gi}")]);
    let mut visitor = Visitor::of(&text);
    for (name, class) in [
        ("all", "Guaranteed"),
        ("some", "Burstable"),
        ("less", "Burstable"),
        ("none", "BestEffort"),
    ] {
        let line = format!("get pod {name} -o jsonpath='{{.status.qosClass}}'");
        assert_eq!(visitor.reads(5_000, &line), class, "{name}");
    }
}

/// STS-11: the name as written until there is a container, then as the runtime found it.
#[test]
fn images_and_ids_are_the_runtimes() {
    let mut visitor = Visitor::of(&pod("p", &[("main", "")]));
    let mut reads = |at, field: &str| {
        let line = format!("get pod p -o jsonpath='{{.status.containerStatuses[0].{field}}}'");
        visitor.reads(at, &line)
    };
    assert_eq!(reads(200, "image"), "busybox:1.36");
    assert_eq!(reads(200, "imageID") + &reads(200, "containerID"), "");
    assert_eq!(reads(5_000, "image"), "docker.io/library/busybox:1.36");
    assert!(reads(5_000, "imageID").contains("sha256:"));
    assert!(reads(5_000, "containerID").starts_with("containerd://"));
}

/// EVT-09: the age of the last, the number, the age of the first; the container before the text;
/// ascending by the last.
#[test]
fn describe_tells_how_often_and_since_when() {
    let text = pod("p", &[("main", "")]).replace(
        "    resources",
        "    livenessProbe: {exec: {command: ['false']}, periodSeconds: 5, failureThreshold: 9}\n    resources",
    );
    let described = Visitor::of(&text).reads(18_000, "describe pod p");
    let rows: Vec<String> = described
        .lines()
        .skip_while(|line| !line.starts_with("Events:"))
        .skip(3)
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let reasons: Vec<&str> = rows.iter().filter_map(|r| r.split(' ').nth(1)).collect();
    assert_eq!(
        reasons,
        ["Scheduled", "Pulled", "Created", "Started", "Unhealthy"]
    );
    assert_eq!(
        rows[4],
        "Warning Unhealthy 3s (x3 over 13s) kubelet spec.containers{main}: Liveness probe failed:"
    );
    assert!(
        rows[3].ends_with("kubelet spec.containers{main}: Container started"),
        "{rows:?}"
    );
}

const SHOP: &str = "apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
  - name: web
    image: porbe-server:v1
    readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 2}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: each}
spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: empty}
spec: {clusterIP: 10.96.0.77, selector: {app: none}, ports: [{port: 80}]}
---
";

/// SVC-01, SVC-02, SVC-05: names in all forms; a headless Service is its Pods, with their ports; one
/// without endpoints refuses; what is no Service is no name.
#[test]
fn services_answer_by_name_inside_of_containers() {
    let mut visitor = Visitor::of(&(SHOP.to_owned() + &pod("box", &[("main", "")])));
    let asks = |url: &str| format!("exec box -- wget -T 2 -qO- http://{url}");
    let full = "web.default.svc.cluster.local/healthz";
    for url in [
        "web/healthz",
        "web.default/healthz",
        full,
        "each:8080/healthz",
    ] {
        let said = visitor.reads(20_000, &asks(url));
        assert!(!said.is_empty(), "{url}");
    }
    let mut fails = |url: &str| {
        let typed = Request::Type {
            line: format!("kubectl {}", asks(url)),
            at: Instant::from_secs(20),
            shell: None,
            status: 0,
            manifest: String::new(),
            forwards: Vec::new(),
        };
        let Reply::Typed(typed, _) = visitor.0.handle(typed) else {
            panic!("{url}");
        };
        typed.stderr.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(fails("nosuch/"), "wget: bad address 'nosuch'");
    assert_eq!(fails("web.other/"), "wget: bad address 'web.other'");
    let refused = "wget: can't connect to remote host (10.96.0.77): Connection refused";
    assert_eq!(fails("empty/"), refused);
    assert!(fails("each/").ends_with("Connection refused"));
}
