//! Verbs that change objects, or say what they would change.

use super::Visitor;
use crate::session::{Reply, Request, Typed};
use crate::time::Instant;

pub(super) const WEB: &str = "apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web, tier: front}}
spec:
  containers:
  - name: main
    image: nginx:1.27
    ports: [{containerPort: 80, name: http}]
    readinessProbe:
      httpGet: {path: /, port: 80}
      periodSeconds: 3
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 81, targetPort: http}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: set}
spec:
  serviceName: set
  selector: {matchLabels: {app: set}}
  template:
    metadata: {labels: {app: set}}
    spec: {containers: [{name: a, image: nginx:1.27}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: all}
spec:
  selector: {matchLabels: {app: all}}
  template:
    metadata: {labels: {app: all}}
    spec: {containers: [{name: a, image: nginx:1.27}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: a, image: nginx:1.27}]}
";

impl Visitor {
    /// Types a line at 20 s; `-f` means this text.
    pub(super) fn answers(&mut self, line: &str, manifest: &str) -> Typed {
        let typed = Request::Type {
            line: format!("kubectl {line}"),
            at: Instant::from_secs(20),
            shell: None,
            status: 0,
            manifest: manifest.to_owned(),
            forwards: Vec::new(),
        };
        match self.0.handle(typed) {
            Reply::Typed(typed, _) => *typed,
            other => panic!("{line}: {other:?}"),
        }
    }
}

/// The documents of [`WEB`] from one on.
pub(super) fn document(number: usize) -> &'static str {
    WEB.split("---\n").nth(number).unwrap_or_default()
}

#[test]
fn explain_tells_fields_and_their_types() {
    let mut visitor = Visitor::of(WEB);
    let text = visitor.reads(20_000, "explain deploy.spec.strategy");
    assert!(text.starts_with("GROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n\n"));
    assert!(
        text.contains("FIELD: strategy <DeploymentStrategy>\n"),
        "{text}"
    );
    assert!(
        text.contains("\n  rollingUpdate\t<RollingUpdateDeployment>\n"),
        "{text}"
    );
    let text = visitor.reads(20_000, "explain pods --recursive");
    assert!(text.contains("\n    containers\t<[]Container> -required-\n      args\t<[]string>\n"));
    let text = visitor.reads(
        20_000,
        "explain pod.spec.containers.livenessProbe.periodSeconds",
    );
    assert!(text.contains("FIELD: periodSeconds <integer>\n") && !text.contains("FIELDS:"));
    let wrong = visitor.answers("explain pod.spec.foo", "");
    let expected = "error: field \"foo\" does not exist\n";
    assert_eq!((wrong.stderr.as_str(), wrong.exit_code), (expected, 1));
}

/// What the editor says of a field is what `explain` says.
#[test]
fn fields_have_one_description() {
    let editor = include_str!("../../../../../editor/fields.js");
    let docs = include_str!("../explain_docs.txt");
    let mut told = 0;
    for line in editor
        .lines()
        .filter(|line| line.starts_with("  '") && line.contains("': ['"))
    {
        let (key, rest) = line
            .trim_start_matches("  '")
            .split_once("': [")
            .expect("a field");
        let text = rest.split("', '").nth(2).expect("an English text");
        let is_told = |line: &&str| {
            let (known, words) = line.split_once(' ').unwrap_or_default();
            known.trim_end_matches('!') == key && words == text
        };
        assert_eq!(docs.lines().filter(is_told).count(), 1, "{key}: {text}");
        told += 1;
    }
    assert!(told > 40, "{told}");
}

/// As recorded in `kubectl-apply-cycle`, but for dates.
#[test]
fn diff_shows_what_apply_would_change() {
    let mut visitor = Visitor::of(WEB);
    let text = WEB.replace("port: 81", "port: 80");
    let typed = visitor.answers("diff -f manifest.yaml", &text);
    assert_eq!((typed.exit_code, typed.acts.len()), (1, 0), "{typed:?}");
    let (files, hunk) = typed.stdout.split_once("\n@@").expect("a hunk");
    let name = "LIVE-0000000000/v1.Service.default.web";
    assert_eq!(files.matches(name).count(), 2, "{files}");
    let changed =
        "\n   ipFamilyPolicy: SingleStack\n   ports:\n-  - port: 81\n+  - port: 80\n     \
                   protocol: TCP\n     targetPort: http\n";
    assert!(hunk.contains(changed), "{hunk}");
    assert_eq!(visitor.answers("diff -f manifest.yaml", WEB).exit_code, 0);
    // More than 1 is an error, as the command's help says: nothing is compared then.
    let bad = WEB.replace("port: 81", "port: 81000");
    let refused = visitor.answers("diff -f manifest.yaml", &bad);
    assert_eq!(
        (refused.exit_code, refused.stdout.as_str()),
        (2, ""),
        "{refused:?}"
    );
    assert!(!refused.stderr.is_empty());
    assert_eq!(visitor.answers("diff", WEB).exit_code, 2);
}

/// VAL-24.
#[test]
fn validation_may_warn_or_be_off() {
    let mut visitor = Visitor::of(WEB);
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: new}\nspec: {foo: 1, containers: \
                [{name: a, image: b}]}\n";
    let strict = visitor.answers("apply -f x.yaml", text);
    assert!(strict
        .stderr
        .contains("strict decoding error: unknown field \"spec.foo\""));
    let warned = visitor.answers("apply -f x.yaml --validate=warn --dry-run=server", text);
    let expected = (
        "pod/new created (server dry run)\n",
        "Warning: unknown field \"spec.foo\"\n",
    );
    assert_eq!((warned.stdout.as_str(), warned.stderr.as_str()), expected);
    let off = visitor.answers("apply -f x.yaml --validate=false --dry-run=client", text);
    let expected = ("pod/new created (dry run)\n", "");
    assert_eq!((off.stdout.as_str(), off.stderr.as_str()), expected);
    assert!(warned.acts.is_empty() && off.acts.is_empty());
}

/// VAL-25.
#[test]
fn what_is_fixed_in_workloads_stays() {
    let mut visitor = Visitor::of(WEB);
    let set = document(2).replace("app: set", "app: other");
    let expected =
        "The StatefulSet \"set\" is invalid: spec: Forbidden: updates to statefulset spec \
                    for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', \
                    'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and \
                    'minReadySeconds' are forbidden\n";
    assert_eq!(visitor.answers("apply -f x.yaml", &set).stderr, expected);
    let all = document(3).replace("app: all", "app: other");
    let expected = "The DaemonSet \"all\" is invalid: spec.selector: Invalid value: \
                    {\"matchLabels\":{\"app\":\"other\"}}: field is immutable\n";
    assert_eq!(visitor.answers("apply -f x.yaml", &all).stderr, expected);
}

/// PFW-01, KRN-01.
#[test]
fn port_forward_and_edit_answer() {
    let mut visitor = Visitor::of(WEB);
    let typed = visitor.answers("port-forward svc/web 8080:81", "");
    let expected = "Forwarding from 127.0.0.1:8080 -> 80\nForwarding from [::1]:8080 -> 80\n";
    assert_eq!((typed.stdout.as_str(), typed.unfinished), (expected, true));
    let wrong = visitor.answers("port-forward svc/web 8080:82", "").stderr;
    assert_eq!(
        wrong,
        "error: Service web does not have a service port 82\n"
    );
    let bare = visitor.answers("port-forward web", "").stderr;
    let expected =
        "error: TYPE/NAME and list of ports are required for port-forward\nSee 'kubectl \
                    port-forward -h' for help and examples\n";
    assert_eq!(bare, expected);
    let edited = visitor.answers("edit pod web", "");
    assert!(edited.edits && edited.exit_code == 0);
    assert_eq!(edited.stderr, "Edit cancelled, no changes made.\n");
    let lost = visitor.answers("edit pod x", "");
    assert!(!lost.edits);
    assert_eq!(
        lost.stderr,
        "Error from server (NotFound): pods \"x\" not found\n"
    );
}

/// GET-03, DSC-09, ROL-07: StatefulSets, DaemonSets and Jobs are objects like others.
#[test]
fn sets_and_jobs_are_shown() {
    let job = "---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: once}\nspec: {template: {spec: \
               {restartPolicy: Never, containers: [{name: a, image: busybox, command: [sh, -c, 'sleep \
               3']}]}}}\n";
    let mut visitor = Visitor::of(&[WEB, job].concat());
    let mut row = |line: &str| -> Vec<String> {
        let text = visitor.reads(20_000, line);
        text.split_whitespace().map(str::to_owned).collect()
    };
    assert_eq!(row("get sts --no-headers")[..2], ["set", "1/1"]);
    let daemons = row("get ds --no-headers");
    assert_eq!(daemons[..7], ["all", "3", "3", "3", "3", "3", "<none>"]);
    assert_eq!(
        row("get jobs --no-headers")[..3],
        ["once", "Complete", "1/1"]
    );
    assert_eq!(
        row("get jobs -o jsonpath={.items[0].status.succeeded}"),
        ["1"]
    );
    let all = visitor.reads(20_000, "get all");
    for name in [
        "daemonset.apps/all",
        "statefulset.apps/set",
        "job.batch/once",
    ] {
        assert!(all.contains(name), "{name}: {all}");
    }
    let text = visitor.reads(20_000, "describe ds all");
    assert!(
        text.contains("\nNumber of Nodes Scheduled with Available Pods: 3\n"),
        "{text}"
    );
    let text = visitor.reads(20_000, "describe sts set");
    assert!(
        text.contains("\nReplicas:           1 desired | 1 total\n"),
        "{text}"
    );
    let text = visitor.reads(20_000, "describe job once");
    assert!(
        text.contains("0 Active (0 Ready) / 1 Succeeded / 0 Failed\n"),
        "{text}"
    );
    let pod = visitor.reads(20_000, "describe pod set-0");
    assert!(
        pod.contains("\nControlled By:") && pod.contains("StatefulSet/set\n"),
        "{pod}"
    );
    let text = visitor.reads(20_000, "rollout status ds/all");
    assert_eq!(text, "daemon set \"all\" successfully rolled out\n");
    let text = visitor.reads(20_000, "rollout status sts/set");
    assert_eq!(
        text,
        "partitioned roll out complete: 1 new pods have been updated...\n"
    );
    let typed = visitor.answers("rollout restart ds/all", "");
    assert_eq!(
        (typed.stdout.as_str(), typed.acts.len()),
        ("daemonset.apps/all restarted\n", 1)
    );
    let typed = visitor.answers("rollout restart ds/all deploy/api", "");
    let expected = "daemonset.apps/all restarted\ndeployment.apps/api restarted\n";
    assert_eq!((typed.stdout.as_str(), typed.acts.len()), (expected, 1));
    let lost = visitor.answers("rollout restart ds/all ds/nosuch", "");
    let expected = "Error from server (NotFound): daemonsets.apps \"nosuch\" not found\n";
    assert_eq!((lost.stderr.as_str(), lost.acts.len()), (expected, 0));
    let typed = visitor.answers("rollout status ds/all deploy/api --watch=false", "");
    assert_eq!(typed.stdout.lines().count(), 2, "{typed:?}");
    let typed = visitor.answers("scale sts set --replicas=2", "");
    assert_eq!(typed.stdout, "statefulset.apps/set scaled\n");
    let rows = visitor.reads(40_000, "get pods -l app=set --no-headers");
    assert_eq!(rows.lines().count(), 2, "{rows}");
}

#[test]
fn help_is_about_the_verb() {
    let mut visitor = Visitor::of(WEB);
    let text = visitor.reads(20_000, "logs -h");
    assert!(text.contains("    -f, --follow\n"), "{text}");
    assert!(
        text.contains("\nUsage:\n  kubectl logs [flags] [options]\n"),
        "{text}"
    );
    let text = visitor.reads(20_000, "help rollout");
    assert!(
        text.contains("\n  undo      Undo a previous rollout\n"),
        "{text}"
    );
    let text = visitor.reads(20_000, "rollout undo --help");
    assert!(
        text.contains("kubectl rollout undo [flags] [options]\n"),
        "{text}"
    );
}

/// SVC-05: names of Services inside containers.
#[test]
fn containers_resolve_and_reach_services() {
    let server = "image: registry.k8s.io/e2e-test-images/agnhost:2.40\n    args: [netexec, \
                  --http-port=80]";
    let text = document(0).replace("image: nginx:1.27", server);
    let client =
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: box}\nspec: {containers: [{name: a, \
                  image: busybox, command: [sleep, '3600']}]}\n---\napiVersion: v1\nkind: Pod\n\
                  metadata: {name: curl}\nspec: {containers: [{name: a, image: curlimages/curl, \
                  command: [sleep, '3600']}]}\n";
    let service = document(1).replace("port: 81", "port: 80");
    let mut visitor = Visitor::of(&[text.as_str(), "---\n", &service, client].concat());
    let address = visitor.reads(20_000, "get svc web -o jsonpath={.spec.clusterIP}");
    let found = visitor.reads(20_000, "exec box -- nslookup web");
    let expected = format!("\nName:\tweb.default.svc.cluster.local\nAddress: {address}\n");
    assert!(found.contains(&expected), "{found}");
    let lost = visitor.answers("exec box -- nslookup nosuch", "");
    assert!(lost
        .stdout
        .contains("** server can't find nosuch: NXDOMAIN\n"));
    assert_eq!(lost.exit_code, 1);
    assert_eq!(
        visitor
            .answers("exec box -- nc -z -w 2 web 80", "")
            .exit_code,
        0
    );
    let closed = visitor.answers("exec box -- nc -z web 81", "").stderr;
    let expected = format!("nc: can't connect to remote host ({address}): Connection refused\n");
    assert!(closed.starts_with(&expected), "{closed}");
    let code = visitor.reads(
        20_000,
        "exec curl -- curl -s -o /dev/null -w %{http_code} http://web/",
    );
    assert_eq!(code, "200");
    let lost = visitor.answers("exec curl -- curl http://nosuch/", "");
    assert!(lost
        .stderr
        .starts_with("curl: (6) Could not resolve host: nosuch\n"));
    assert_eq!(lost.exit_code, 6);
}

/// RES-05, RES-06: a node that lacks memory says so.
#[test]
fn a_node_under_pressure_shows_its_condition() {
    let scenario = "---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  nodes: [{name: \
                    node-1}]\n  steps: [{at: 5s, node: {name: node-1, state: memoryPressure}}]\n";
    let mut visitor = Visitor::of(&[WEB, scenario].concat());
    let words = |text: &str, kind: &str| -> Vec<String> {
        let line = text
            .lines()
            .find(|line| line.trim_start().starts_with(kind));
        let words = line.unwrap_or_default().split_whitespace();
        words.map(str::to_owned).collect()
    };
    let text = visitor.reads(20_000, "describe node node-1");
    let memory = words(&text, "MemoryPressure");
    let message = "KubeletHasInsufficientMemory kubelet has insufficient memory available";
    assert_eq!(memory[1], "True", "{text}");
    assert!(memory.join(" ").ends_with(message), "{text}");
    assert_eq!(words(&text, "DiskPressure")[1], "False");
    let path = "get node node-1 -o jsonpath={.status.conditions[0].status}";
    assert_eq!(visitor.reads(20_000, path), "True");
    assert_eq!(visitor.reads(3_000, path), "False");
}
