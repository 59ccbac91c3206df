//! The restart table of the tutorials: what becomes of a Pod whose containers end, by restart policy,
//! exit code and number of containers. The test prints it.

use readyz_engine::container::Registry;
use readyz_engine::experiment::{recorded_nodes, Setup};
use readyz_engine::manifest::{self, Diagnostic, Severity};
use readyz_engine::scenario;
use readyz_engine::time::Duration;
use readyz_engine::trace::{Change, ContainerStateRow, Transition};

const POLICIES: [&str; 3] = ["Always", "OnFailure", "Never"];

fn run(text: &str, steps: &str, seconds: u64) -> Vec<Transition> {
    let stream = manifest::parse(text);
    let is_error = |problem: &Diagnostic| problem.severity == Severity::Error;
    assert!(!stream.diagnostics.iter().any(is_error));
    let objects = stream.objects.into_iter().map(|o| o.object).collect();
    let mut setup = Setup::new(objects, None);
    setup.registry = Registry::Recorded;
    setup.scenario.nodes = recorded_nodes();
    setup.scenario.duration = Duration::from_secs(seconds);
    let (steps, problems) = scenario::steps_from_json(steps);
    assert!(problems.is_empty());
    setup.scenario.steps = steps;
    setup.trace()
}

/// A container that ends with a code after some seconds.
fn ends(name: &str, seconds: u32, code: u32) -> String {
    format!(
        "  - name: {name}\n    image: busybox:1.36\n    command: [sh, -c, sleep {seconds}; exit {code}]\n"
    )
}

const SERVES: &str = "  - name: b\n    image: probe-lab:v1\n";
const LEAKS: &str = "  - name: a\n    image: probe-lab:v1\n    args: [--alloc-mb=100]\n    \
                     resources: {limits: {memory: 64Mi}}\n";

const DISK_FAILS: &str = "the node's disk is full";

/// What became of container `a` and of the Pod after a minute.
fn cell(policy: &str, containers: &str, steps: &str) -> String {
    let text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  restartPolicy: {policy}\n  \
         containers:\n{containers}"
    );
    let rows = run(&text, steps, 60);
    let (mut phase, mut restarts, mut reason) = (String::new(), 0, String::new());
    for row in &rows {
        match &row.change {
            Change::PodPhase { to, .. } => phase.clone_from(to),
            Change::Container(row) if row.container == "a" => {
                restarts = restarts.max(row.restart_count);
                let ended = [Some(&row.state), row.last.as_ref()];
                for state in ended.into_iter().flatten() {
                    if let ContainerStateRow::Terminated { reason: why, .. } = state {
                        reason = why.clone().unwrap_or_default();
                    }
                }
            }
            _ => {}
        }
    }
    let restarted = if restarts > 0 { "restarted" } else { "left" };
    format!("{reason}, {restarted}, {phase}")
}

/// RST-01, RST-04, STS-01, RES-02, RES-05: the table of the Kubernetes documentation ("Pod lifecycle",
/// example states) as this version really does it.
#[test]
fn the_restart_table() {
    let one = |code| ends("a", 5, code);
    let cases: [(&str, String, [&str; 3]); 6] = [
        (
            "one container, exit 0",
            one(0),
            [
                "Completed, restarted, Running",
                "Completed, left, Succeeded",
                "Completed, left, Succeeded",
            ],
        ),
        (
            "one container, exit 1",
            one(1),
            [
                "Error, restarted, Running",
                "Error, restarted, Running",
                "Error, left, Failed",
            ],
        ),
        (
            "two containers, one exits 1",
            one(1) + SERVES,
            [
                "Error, restarted, Running",
                "Error, restarted, Running",
                "Error, left, Running",
            ],
        ),
        (
            "two containers, one exits 1, then the other 0",
            one(1) + &ends("b", 12, 0),
            [
                "Error, restarted, Running",
                "Error, restarted, Running",
                "Error, left, Failed",
            ],
        ),
        (
            "one container, over its memory limit",
            LEAKS.to_owned(),
            [
                "OOMKilled, restarted, Running",
                "OOMKilled, restarted, Running",
                "OOMKilled, left, Failed",
            ],
        ),
        // Whatever the policy: the Pod is evicted, its `sh` ignores SIGTERM.
        (DISK_FAILS, ends("a", 600, 0), ["Error, left, Failed"; 3]),
    ];
    println!("| case | {} |\n|---|---|---|---|", POLICIES.join(" | "));
    for (name, containers, expected) in cases {
        let full: Vec<String> = ["node1", "node2"]
            .map(|node| {
                format!(r#"{{"at":"10s","node":{{"name":"{node}","state":"diskPressure"}}}}"#)
            })
            .to_vec();
        let steps = match name {
            DISK_FAILS => format!("[{}]", full.join(",")),
            _ => "[]".to_owned(),
        };
        let cells = POLICIES.map(|policy| cell(policy, &containers, &steps));
        println!("| {name} | {} |", cells.join(" | "));
        assert_eq!(cells, expected, "{name}");
    }
}

const REPLICATED: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: main, image: 'probe-lab:v1'}]
";

/// RES-08: the Pods of a lost node keep their phase, are marked for deletion 300 s after the node
/// was found unreachable, and are replaced on the other node.
#[test]
fn a_lost_node() {
    let stop = r#"[{"at":"20s","kubelet":{"node":"node1","action":"stop"}}]"#;
    let rows = run(REPLICATED, stop, 420);
    let at = |wanted: &dyn Fn(&Change) -> bool| {
        let row = rows.iter().find(|row| wanted(&row.change));
        row.map(|row| row.t.millis)
    };
    let lost = at(&|change| matches!(change, Change::Node(row) if row.ready == "Unknown"));
    let marked = at(&|change| matches!(change, Change::PodTerminating { .. }));
    let (lost, marked) = (lost.expect("lost"), marked.expect("marked"));
    println!("| lost node | found at {lost} ms, Pods marked at {marked} ms, phase stays Running |");
    // The last renewal was up to 10 s before, the look that misses it comes up to 5 s later.
    assert!((60_000..76_000).contains(&lost), "{lost}");
    assert!((300_000..301_000).contains(&(marked - lost)), "{marked}");
    let created = |row: &&Transition| matches!(row.change, Change::PodCreated { .. });
    let late = rows.iter().filter(|row| row.t.millis >= marked);
    assert!(late.filter(created).count() >= 1);
    let ended = at(&|change| matches!(change, Change::PodPhase { to, .. } if to == "Failed"));
    assert_eq!(ended, None);
}
