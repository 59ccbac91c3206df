//! The kubelet's metrics text: names and labels as PRB-16 has them, numbers as counted by hand.

use readyz_engine::experiment::Setup;
use readyz_engine::ids::{NodeId, PodId};
use readyz_engine::manifest;
use readyz_engine::metrics;
use readyz_engine::time::Instant;

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

#[test]
fn probes_and_containers_are_counted() {
    let stream = manifest::parse(TEXT);
    let objects = stream.objects.into_iter().map(|o| o.object).collect();
    let mut timeline = Setup::new(objects, stream.scenario).timeline();
    timeline.run();
    let at = timeline.end();
    let cluster = timeline.latest();
    let text = metrics::text(cluster, timeline.records(), NodeId::at(0), at);
    let value = |name: &str, labels: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("{name}{{")) && line.contains(labels));
        line.and_then(|line| line.rsplit(' ').next().map(String::from))
            .unwrap_or_else(|| panic!("no {name} {labels} in\n{text}"))
    };
    // Ticks at 10.3, 20.3, …, 60.3; the one at 30.3 fails.
    let counted = |result: &str| {
        let labels = format!("probe_type=\"Liveness\",result=\"{result}\"");
        value("prober_probe_total", &labels)
    };
    assert_eq!(
        (counted("successful"), counted("failed")),
        ("5".into(), "1".into())
    );
    assert_eq!(
        value("prober_probe_duration_seconds_bucket", "le=\"0.005\""),
        "5"
    );
    assert_eq!(
        value("prober_probe_duration_seconds_bucket", "le=\"+Inf\""),
        "5"
    );
    assert_eq!(value("prober_probe_duration_seconds_count", ""), "5");
    assert_eq!(value("prober_probe_duration_seconds_sum", ""), "0.005");
    assert_eq!(value("kubelet_started_containers_total", ""), "2");
    assert_eq!(
        value("kube_pod_container_status_restarts_total", "pod=\"p\""),
        "1"
    );
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
