//! The kubelet's metrics text: names and labels as PRB-16 has them, numbers as counted by hand.

use readyz_engine::api::ProbeKind;
use readyz_engine::cluster::Cluster;
use readyz_engine::experiment::Setup;
use readyz_engine::ids::{NodeId, PodId};
use readyz_engine::kubectl;
use readyz_engine::manifest;
use readyz_engine::metrics::{self, Endpoint};
use readyz_engine::session::{Reply, Request, Sample, Session};
use readyz_engine::time::Instant;
use readyz_engine::timeline::Timeline;

const TEXT: &str = "apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: app
    image: shop:1
    ports: [{containerPort: 8080}]
    livenessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 10}
---
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {selector: {app: p}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  duration: 65s
  nodes: [{name: n1}]
  images: [{image: 'shop:1', memory: 64Mi, leak: 1Mi, cpu: {idle: 3m, request: 10ms}}]
  steps: [{at: 25s, http: {pod: p, status: 500}, for: 10s}, {at: 42s, exit: {pod: p}}]
";

fn run(text: &str) -> Timeline {
    let stream = manifest::parse(text);
    let objects = stream.objects.into_iter().map(|o| o.object).collect();
    let mut timeline = Setup::new(objects, stream.scenario).timeline();
    timeline.run();
    timeline
}

fn value(text: &str, name: &str, labels: &str) -> String {
    let of = |line: &&str| {
        let rest = line.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with(['{', ' '])) && line.contains(labels)
    };
    let line = text.lines().find(of);
    let value = line.and_then(|line| line[line.find(' ').unwrap()..].split_whitespace().next());
    value
        .unwrap_or_else(|| panic!("no {name} {labels} in\n{text}"))
        .to_owned()
}

fn seconds(text: &str, name: &str, labels: &str) -> f64 {
    value(text, name, labels).parse().unwrap()
}

fn ask(cluster: &Cluster, at: Instant, line: &str) -> kubectl::Output {
    let args: Vec<String> = line.split(' ').map(String::from).collect();
    kubectl::run(cluster, at, "default", &args)
}

#[test]
fn probes_and_containers_are_counted() {
    let timeline = run(TEXT);
    let at = timeline.end();
    let cluster = timeline.latest();
    let text = metrics::text(cluster, NodeId::at(0), Endpoint::Probes, at);
    // Ticks at 10.3, 20.3, …, 60.3; the one at 30.3 fails.
    let counted = |result: &str| {
        let labels = format!("probe_type=\"Liveness\",result=\"{result}\"");
        value(&text, "prober_probe_total", &labels)
    };
    assert_eq!(
        (counted("successful"), counted("failed")),
        ("5".into(), "1".into())
    );
    let bucket = "prober_probe_duration_seconds_bucket";
    assert_eq!(value(&text, bucket, "le=\"0.005\""), "5");
    assert_eq!(value(&text, bucket, "le=\"+Inf\""), "5");
    assert_eq!(value(&text, "prober_probe_duration_seconds_count", ""), "5");
    assert_eq!(
        value(&text, "prober_probe_duration_seconds_sum", ""),
        "0.005"
    );
    let kubelet = metrics::text(cluster, NodeId::at(0), Endpoint::Kubelet, at);
    let started = "kubelet_started_containers_total";
    assert_eq!(
        value(&kubelet, started, "container_type=\"container\""),
        "2"
    );
    assert_eq!(value(&kubelet, "kubelet_running_pods", ""), "1");
    let state = cluster.pod_up_to_date(PodId::at(0));
    assert_eq!(metrics::figures(&state, 0, at).restarts, 1);
    let used = metrics::pod_usage(cluster, PodId::at(0), at);
    // 64 MiB and 1 MiB for each second since the second start.
    let leaked = used.memory_bytes - (64 << 20);
    assert!((22 << 20..23 << 20).contains(&leaked), "{leaked}");
    assert_eq!(
        used.cpu_milli, 3,
        "one request in fifteen seconds is nothing"
    );
    assert_eq!(Instant::from_secs(65), at);
}

/// `container_cpu_usage_seconds_total` is a counter of the instance, the Pod's one of all of them.
#[test]
fn cpu_time_is_what_was_worked_and_stood_by() {
    let timeline = run(TEXT);
    let resource = |at| {
        let cluster = timeline.seek(at);
        metrics::text(&cluster, NodeId::at(0), Endpoint::Resource, at)
    };
    let (before, after) = (
        resource(Instant::from_secs(41)),
        resource(Instant::from_secs(65)),
    );
    let started = |text: &str| seconds(text, "container_start_time_seconds", "pod=\"p\"");
    let cpu = |text: &str| seconds(text, "container_cpu_usage_seconds_total", "pod=\"p\"");
    let pod = |text: &str| seconds(text, "pod_cpu_usage_seconds_total", "pod=\"p\"");
    let node = |text: &str| seconds(text, "node_cpu_usage_seconds_total", "");
    let begin = timeline.latest().start_unix_secs as f64;
    // Four requests of 10 ms until 41 s, two more from 43 s on, and 3 m all the while.
    let age = begin + 41.0 - started(&before);
    assert!((cpu(&before) - 0.04 - age * 0.003).abs() < 1e-4, "{before}");
    let age = begin + 65.0 - started(&after);
    assert!((cpu(&after) - 0.02 - age * 0.003).abs() < 1e-4, "{after}");
    assert!(started(&after) > started(&before));
    assert!(pod(&after) > pod(&before) + cpu(&after));
    assert_eq!(node(&after), pod(&after));
    let line = after.lines().find(|line| line.starts_with("pod_memory"));
    let stamp = line.and_then(|line| line.rsplit(' ').next()).unwrap();
    assert_eq!(
        stamp,
        format!("{}000", timeline.latest().start_unix_secs + 65)
    );
}

/// Every family begins with HELP and TYPE, families and samples stand in order.
#[test]
fn the_text_has_prometheus_form() {
    let timeline = run(TEXT);
    for (path, endpoint) in Endpoint::ALL {
        let text = metrics::text(timeline.latest(), NodeId::at(0), endpoint, timeline.end());
        let mut families: Vec<&str> = Vec::new();
        let mut lines = text.lines().peekable();
        while let Some(help) = lines.next() {
            let name = help
                .strip_prefix("# HELP ")
                .unwrap()
                .split(' ')
                .next()
                .unwrap();
            let kind = lines.next().unwrap().strip_prefix("# TYPE ").unwrap();
            assert!(kind.starts_with(name), "{path}: {kind}");
            let stability = help[7 + name.len()..].trim_start();
            assert!(
                ["[ALPHA] ", "[BETA] ", "[STABLE] "]
                    .iter()
                    .any(|known| stability.starts_with(known)),
                "{help}"
            );
            families.push(name);
            let mut count = 0;
            while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
                assert!(line.starts_with(name), "{line} is no {name}");
                count += 1;
            }
            assert!(count > 0, "{name} has no sample");
        }
        let mut sorted = families.clone();
        sorted.sort_unstable();
        assert_eq!(families, sorted, "{path}");
    }
}

#[test]
fn raw_paths_are_answered_as_the_server_does() {
    let timeline = run(TEXT);
    let (cluster, at) = (timeline.latest(), timeline.end());
    let raw = |path: &str| ask(cluster, at, &format!("get --raw {path}"));
    for (path, endpoint) in Endpoint::ALL {
        let told = raw(&format!("/api/v1/nodes/n1/proxy/{path}"));
        let text = metrics::text(cluster, NodeId::at(0), endpoint, at);
        assert_eq!((told.stdout, told.exit_code), (text, 0));
    }
    assert_eq!(raw("/readyz").stdout, "ok");
    let refused = [
        (
            "/nothing",
            "Error from server (NotFound): the server could not find the requested resource\n",
        ),
        (
            "/api/v1/nodes/n1/proxy/metrics/nothing",
            "Error from server (NotFound): the server could not find the requested resource\n",
        ),
        (
            "/api/v1/nodes/n2/proxy/metrics",
            "Error from server (NotFound): nodes \"n2\" not found\n",
        ),
        (
            "/api/v1/pods",
            "error: readyz does not simulate /api/v1/pods\n",
        ),
        (
            "/api/v1/nodes/n1/proxy/stats/summary",
            "error: readyz does not simulate the kubelet's /stats/summary\n",
        ),
        (
            "/readyz pods",
            "error: arguments may not be passed when --raw is specified\n",
        ),
        (
            "readyz",
            "error: --raw must be a valid URL path: parse \"readyz\": invalid URI for request\n",
        ),
    ];
    for (path, text) in refused {
        let told = raw(path);
        assert_eq!((&*told.stderr, told.exit_code), (text, 1), "{path}");
    }
}

/// A counter of a process begins anew with it.
#[test]
fn a_kubelet_that_is_gone_tells_nothing_and_counts_anew() {
    let text = TEXT.replace(
        "steps: [",
        "steps: [{at: 5s, kubelet: {node: n1, action: stop}, for: 10s}, ",
    );
    let timeline = run(&text);
    let path = "get --raw /api/v1/nodes/n1/proxy/metrics";
    let at = Instant::from_secs(10);
    let told = ask(&timeline.seek(at), at, path);
    let address = readyz_engine::go_format::ipv4(timeline.latest().nodes[0].address);
    assert_eq!(
        told.stderr,
        format!(
            "Error from server (ServiceUnavailable): error trying to reach service: dial tcp \
             {address}:10250: connect: connection refused\n"
        )
    );
    let later = ask(timeline.latest(), timeline.end(), path).stdout;
    // Only the second start of the container.
    assert_eq!(value(&later, "kubelet_started_containers_total", ""), "1");
}

/// TOP-01: each container, each Pod, each node.
#[test]
fn top_shows_what_is_used() {
    let timeline = run(TEXT);
    let at = Instant::from_secs(41);
    let cluster = timeline.seek(at);
    let top = |what: &str| ask(&cluster, at, what).stdout;
    let pod = top("top pod");
    let memory = pod
        .lines()
        .nth(1)
        .unwrap()
        .split_whitespace()
        .nth(2)
        .unwrap();
    // 64 MiB and what has leaked in forty seconds.
    let grown: u32 = memory.trim_end_matches("Mi").parse().unwrap();
    assert!((100..=104).contains(&grown), "{memory}");
    assert_eq!(
        pod,
        format!("NAME   CPU(cores)   MEMORY(bytes)   \np      3m           {memory}           \n")
    );
    assert_eq!(
        top("top pod p --containers"),
        format!(
            "POD   NAME   CPU(cores)   MEMORY(bytes)   \n\
             p     app    3m           {memory}           \n"
        )
    );
    let node = top("top node");
    let cells: Vec<&str> = node.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(
        (cells[0], cells[1], cells[3]),
        ("n1", "3m", memory),
        "{node}"
    );
}

/// The page's charts and the kubelet's text count alike.
#[test]
fn charts_show_what_the_text_says() {
    let mut session = Session::new();
    session.handle(Request::Load {
        text: TEXT.into(),
        acts: Vec::new(),
        seed: None,
        sight: Instant::NEVER,
    });
    let at = Instant::from_secs(65);
    let reply = session.handle(Request::Metrics {
        at,
        pod: "p".into(),
        container: "app".into(),
        path: "/api/v1/nodes/n1/proxy/metrics/probes".into(),
    });
    let Reply::Metrics(told) = reply else {
        panic!("{reply:?}");
    };
    let liveness = told.now.probes[ProbeKind::Liveness as usize].unwrap();
    let total = |result| value(&told.text, "prober_probe_total", result);
    assert_eq!(liveness.successful.to_string(), total("successful"));
    assert_eq!(liveness.failed.to_string(), total("failed"));
    assert_eq!(told.samples.last(), Some(&told.now));
    let grows = |pick: fn(&Sample) -> u32| {
        let values: Vec<u32> = told.samples.iter().map(pick).collect();
        values.is_sorted() && values[0] == 0
    };
    assert!(grows(|sample| sample.restarts));
    assert!(grows(
        |sample| sample.probes[ProbeKind::Liveness as usize].map_or(0, |p| p.successful)
    ));
    let most = told.samples.iter().map(|sample| sample.memory_bytes).max();
    // 41 s of a leak before the restart.
    assert!(most.is_some_and(|most| most > 100 << 20), "{most:?}");
}
