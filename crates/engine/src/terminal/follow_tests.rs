//! Lines that go on.

use super::tests::Visitor;
use crate::time::Instant;

const STORY: &str = "apiVersion: v1
kind: Pod
metadata: {name: ticks, labels: {app: ticks}}
spec:
  containers:
  - name: main
    image: busybox:1.36
    command: [sh, -c, 'i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo tick $i; sleep 1; done; exit 3']
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
  - name: web
    image: porbe-server:v1
    readinessProbe:
      httpGet: {path: /healthz, port: 8080}
      initialDelaySeconds: 25
      periodSeconds: 5
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 2
  minReadySeconds: 20
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: a, image: 'nginx:1.27'}]}
";

/// However one gets there, the same has been printed.
fn same_by_all_ways(visitor: &mut Visitor, line: &str, from: u64, until: u64) -> String {
    let at_once = visitor.follows(line, from, until);
    for at in (from..until).step_by(3) {
        let before = visitor.follows(line, from, at);
        assert!(at_once.stdout.starts_with(&before.stdout), "{line} at {at}");
    }
    assert_eq!(visitor.follows(line, from, until), at_once, "{line}");
    at_once.stdout
}

#[test]
fn a_log_is_followed_until_its_container_ends() {
    let mut visitor = Visitor::of(STORY);
    visitor.at = Instant::from_secs(10);
    let line = "kubectl logs -f ticks --tail=2";
    let typed = visitor.types(line);
    assert_eq!(typed.stdout.lines().count(), 2, "{typed:?}");
    assert!(typed.unfinished);
    let text = same_by_all_ways(&mut visitor, line, 10, 60);
    assert!(
        text.starts_with(&typed.stdout) && text.ends_with("tick 40\n"),
        "{text}"
    );
    let numbers: Vec<u32> = text.lines().filter_map(|l| l[5..].parse().ok()).collect();
    assert!(
        numbers.windows(2).all(|pair| pair[1] == pair[0] + 1),
        "{numbers:?}"
    );
    assert!(
        !visitor.follows(line, 10, 60).unfinished,
        "the container has ended"
    );
    let piped = visitor.follows("kubectl logs -f ticks | grep -c tick", 10, 30);
    let whole = visitor.follows("kubectl logs -f ticks", 10, 30).stdout;
    assert_eq!(piped.stdout.trim(), whole.lines().count().to_string());
}

/// More lines than a log keeps (1024) between two looks are printed all the same.
#[test]
fn a_leap_loses_no_line_of_a_log() {
    let story = "apiVersion: v1\nkind: Pod\nmetadata: {name: fast}\nspec: {containers: [{name: a, \
                 image: busybox, command: [sh, -c, 'i=0; while sleep 0.1; do i=$((i+1)); echo line $i; \
                 done']}]}\n";
    let mut visitor = Visitor::of(story);
    let all = visitor.follows("kubectl logs -f fast", 5, 400).stdout;
    let numbers: Vec<u32> = all.lines().filter_map(|l| l[5..].parse().ok()).collect();
    assert!(numbers.len() > 3_000, "{}", numbers.len());
    let whole = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    assert!(whole && numbers[0] == 1, "{:?}", &numbers[..3]);
}

#[test]
fn what_waits_ends_when_it_is_met_or_its_time_is_over() {
    let mut visitor = Visitor::of(STORY);
    visitor.at = Instant::from_secs(5);
    let line = "kubectl wait --for=condition=Ready pod/web --timeout=60s";
    let typed = visitor.types(line);
    assert!(typed.unfinished && typed.stdout.is_empty() && typed.stderr.is_empty());
    let met = visitor.follows(line, 5, 60);
    assert_eq!(met.stdout, "pod/web condition met\n");
    assert!(!met.unfinished && met.exit_code == 0);
    let line = "kubectl wait --for=condition=Ready pod/web --timeout=4s";
    assert!(visitor.follows(line, 5, 8).unfinished);
    let late = visitor.follows(line, 5, 9);
    let expected = "error: timed out waiting for the condition on pods/web\n";
    assert_eq!((late.stderr.as_str(), late.exit_code), (expected, 1));
    assert!(!late.unfinished);
    let line = "kubectl rollout status deploy/api";
    let text = same_by_all_ways(&mut visitor, line, 2, 60);
    assert!(
        text.starts_with("Waiting for deployment \"api\" rollout to finish: "),
        "{text}"
    );
    assert!(
        text.ends_with("deployment \"api\" successfully rolled out\n"),
        "{text}"
    );
    assert!(!visitor.follows(line, 2, 60).unfinished);
    let late = visitor.follows("kubectl rollout status deploy/api --timeout=3s", 2, 60);
    assert_eq!(late.stderr, "error: timed out waiting for the condition\n");
}

#[test]
fn a_watched_table_grows_by_what_is_written() {
    let mut visitor = Visitor::of(STORY);
    let text = same_by_all_ways(&mut visitor, "kubectl get pod web -w", 10, 60);
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows.len(), 3, "{text}");
    assert!(rows[1].contains("0/1") && rows[2].contains("1/1"), "{text}");
    let text = same_by_all_ways(&mut visitor, "kubectl get events -w", 40, 60);
    assert!(
        text.contains("BackOff") || text.contains("Pulled"),
        "{text}"
    );
    let shown = visitor.follows("watch -n 5 kubectl get pod web --no-headers", 10, 44);
    assert!(shown.stdout.starts_with("Every 5.0s: kubectl"), "{shown:?}");
    assert!(
        shown.stdout.contains("1/1") && shown.unfinished,
        "{shown:?}"
    );
}

/// GET-05: so do lists without titles and objects that are printed alone.
#[test]
fn whatever_form_a_watch_prints_grows() {
    let mut visitor = Visitor::of(STORY);
    let whole = same_by_all_ways(&mut visitor, "kubectl get pod web -w", 10, 60);
    let bare = same_by_all_ways(&mut visitor, "kubectl get pod web -w --no-headers", 10, 60);
    let cells = |text: &str| -> Vec<String> {
        let cells = text.lines().map(|line| line.split_whitespace().take(3));
        cells
            .map(|cells| cells.collect::<Vec<_>>().join(" "))
            .collect()
    };
    assert_eq!(cells(&bare), cells(&whole)[1..]);
    let names = same_by_all_ways(&mut visitor, "kubectl get pod web -w -o name", 10, 60);
    assert_eq!(names, "pod/web\n".repeat(whole.lines().count() - 1));
    let yaml = same_by_all_ways(&mut visitor, "kubectl get pod web -w -o yaml", 10, 60);
    let documents: Vec<&str> = yaml.split("---\n").collect();
    assert_eq!(documents.len(), whole.lines().count() - 1);
    assert!(documents
        .iter()
        .all(|one| one.starts_with("apiVersion: v1\n")));
}

/// GET-05: what happened to an object stands in front of its row, or around it. Source: kubectl's
/// get.go, cli-runtime's printers.
#[test]
fn a_watch_tells_what_happened() {
    let mut visitor = Visitor::of(STORY);
    let told = |line: &str| format!("kubectl get pod {line} --output-watch-events");
    let text = same_by_all_ways(&mut visitor, &told("web -w"), 10, 60);
    let starts: Vec<&str> = text.lines().map(|line| &line[..16]).collect();
    let titles = "EVENT      NAME ";
    assert_eq!(starts, [titles, "ADDED      web  ", "MODIFIED   web  "]);
    let only = same_by_all_ways(&mut visitor, &told("web --watch-only"), 10, 60);
    let starts: Vec<&str> = only.lines().map(|line| &line[..16]).collect();
    assert_eq!(starts, [titles, "MODIFIED   web  "]);
    let json = same_by_all_ways(&mut visitor, &told("web -w -o json"), 10, 60);
    let start = |event: &str| format!("{{\"type\":\"{event}\",\"object\":{{\"apiVersion\":\"v1\",");
    let lines: Vec<&str> = json.lines().collect();
    assert_eq!(lines.len(), 2, "{json}");
    assert!(lines[0].starts_with(&start("ADDED")), "{json}");
    assert!(lines[1].starts_with(&start("MODIFIED")), "{json}");
    let yaml = same_by_all_ways(&mut visitor, &told("web -w -o yaml"), 10, 60);
    let documents: Vec<&str> = yaml.split("---\n").collect();
    for (document, event) in documents.iter().zip(["ADDED", "MODIFIED"]) {
        assert!(
            document.starts_with("object:\n  apiVersion: v1\n"),
            "{yaml}"
        );
        assert!(document.ends_with(&format!("type: {event}\n")), "{yaml}");
    }
    assert_eq!(documents.len(), 2);
    let path = told("web -w -o jsonpath='{.type}={.object.metadata.name} '");
    let path = same_by_all_ways(&mut visitor, &path, 10, 60);
    assert_eq!(path, "ADDED=web MODIFIED=web ");
    // One that goes is told of as it was.
    visitor.at = Instant::from_secs(20);
    visitor.types("kubectl delete pod web --grace-period=1 --wait=false");
    let gone = visitor.follows(&told("web -w -o json"), 10, 60).stdout;
    let last = gone.lines().last().unwrap_or_default();
    assert!(last.starts_with(&start("DELETED")), "{gone}");
    let gone = visitor.follows(&told("web -w"), 10, 60).stdout;
    assert!(gone.contains("\nDELETED    web "), "{gone}");
}

/// EPS-06, GET-05: Endpoints that somebody writes and deletes, and the slices that mirror them.
#[test]
fn a_watch_tells_of_endpoints_written_by_hand() {
    let endpoints = |ip: &str| {
        let subsets = format!("[{{addresses: [{{ip: {ip}}}], ports: [{{port: 80}}]}}]");
        format!("{{apiVersion: v1, kind: Endpoints, metadata: {{name: db}}, subsets: {subsets}}}")
    };
    let text = format!(
        "{STORY}---
apiVersion: v1
kind: Service
metadata: {{name: db}}
spec: {{ports: [{{port: 80}}]}}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  duration: 2m
  steps:
  - {{at: 20s, apply: '{first}'}}
  - {{at: 30s, apply: '{second}'}}
",
        first = endpoints("10.0.0.1"),
        second = endpoints("10.0.0.2"),
    );
    let mut visitor = Visitor::of(&text);
    visitor.at = Instant::from_secs(40);
    visitor.types("kubectl delete endpoints db");
    let mut cells = |line: &str, column: usize| {
        let text = same_by_all_ways(&mut visitor, line, 10, 60);
        // The API server's own, which does not change, stands among them.
        let others = text
            .lines()
            .skip(1)
            .filter(|row| !row.contains("kubernetes"));
        let rows = others.map(|row| {
            let cells: Vec<&str> = row.split_whitespace().collect();
            format!("{} {}", cells[0], cells[column])
        });
        rows.collect::<Vec<_>>()
    };
    let told = ["ADDED 10.0.0.1", "MODIFIED 10.0.0.2", "DELETED 10.0.0.2"];
    let with_port = told.map(|row| format!("{row}:80"));
    assert_eq!(
        cells("kubectl get ep -w --output-watch-events", 2),
        with_port
    );
    let slices = "kubectl get endpointslices -w --output-watch-events";
    assert_eq!(cells(slices, 4), told);
    let names = visitor.follows("kubectl get ep -w -o name", 10, 60).stdout;
    assert_eq!(
        names,
        format!("endpoints/kubernetes\n{}", "endpoints/db\n".repeat(3))
    );
}

/// PFW-01.
#[test]
fn a_forwarded_port_leads_to_its_pod_while_that_lives() {
    let mut visitor = Visitor::of(STORY);
    assert_eq!(visitor.types("curl -s localhost:9090/healthz").exit_code, 7);
    let line = "kubectl port-forward web 9090:8080 &";
    let typed = visitor.types(line);
    assert!(typed
        .stdout
        .starts_with("Forwarding from 127.0.0.1:9090 -> 8080\n"));
    visitor.forwards = typed.forwards;
    let code = visitor.types("curl -s -o /dev/null -w '%{http_code}' localhost:9090/healthz");
    let handled = "Handling connection for 9090\n";
    assert_eq!((&*code.stdout, &*code.stderr), ("200", handled));
    let quiet = visitor.types("curl -s -o /dev/null localhost:9090/healthz 2>/dev/null");
    assert_eq!(quiet.stderr, handled);
    let shutdown = visitor.types("curl -s localhost:9090/shutdown");
    assert_eq!(shutdown.acts.len(), 1, "{shutdown:?}");
    assert!(visitor.follows(line, 20, 40).unfinished);
    visitor.types("kubectl delete pod web --grace-period=1 --wait=false");
    let lost = visitor.follows(line, 20, 60);
    assert_eq!(lost.stderr, "error: lost connection to pod\n");
    assert!(!lost.unfinished);
    visitor.at = Instant::from_secs(60);
    assert_eq!(visitor.types("curl -s localhost:9090/healthz").exit_code, 7);
}

/// Only what prints more is asked again: neither what has changed something, nor what waits for an
/// answer.
#[test]
fn what_acts_is_not_done_again() {
    let mut visitor = Visitor::of(STORY);
    let typed = visitor.types("kubectl get pods -w");
    assert!(typed.unfinished && typed.follows);
    let typed = visitor.types("kubectl scale deploy/api --replicas=3 && kubectl get pods -w");
    assert!(typed.unfinished && !typed.follows, "{typed:?}");
    visitor.at = Instant::from_secs(50);
    let typed = visitor.types("kubectl get pods; kubectl get pods -w");
    assert!(typed.unfinished && !typed.follows, "{typed:?}");
}

/// `get` watches before anything is there, and the verb may stand behind global flags.
#[test]
fn a_watch_may_begin_with_nothing() {
    let mut visitor = Visitor::of(STORY);
    visitor.at = Instant::ZERO;
    let line = "kubectl get jobs -w";
    let typed = visitor.types(line);
    assert_eq!((typed.stdout.as_str(), typed.stderr.as_str()), ("", ""));
    assert!(typed.follows);
    let once = visitor.types("kubectl get jobs");
    assert_eq!(once.stderr, "No resources found in default namespace.\n");
    visitor.at = Instant::from_secs(10);
    let plain = visitor.reads("kubectl logs ticks --tail=2");
    let line = "kubectl -n default logs -f ticks --tail=2";
    let typed = visitor.types(line);
    assert_eq!(
        (typed.stdout.as_str(), typed.stderr.as_str()),
        (&*plain, "")
    );
    assert!(typed.follows);
    let line = "kubectl -n default wait --for=condition=Ready pod/web --timeout=60s";
    let typed = visitor.types(line);
    assert!(typed.unfinished && typed.stderr.is_empty(), "{typed:?}");
}
