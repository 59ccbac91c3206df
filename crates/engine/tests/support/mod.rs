//! Scenarios around one Pod, for the tests of faults.

#![allow(dead_code)]

use readyz_engine::experiment::Setup;
use readyz_engine::manifest::{self, Severity};
use readyz_engine::verdict::{self, Report};

/// A Pod with a container `app` of this image, with more fields of the container.
pub fn pod(image: &str, fields: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata: {{name: p, labels: {{app: p}}}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: app
    image: {image}
    {fields}
"
    )
}

/// A server on 8080 that the catalogue does not know, with these probes.
pub fn server(probes: &str) -> String {
    pod(
        "shop:1",
        &format!("ports: [{{containerPort: 8080}}]\n    {probes}"),
    )
}

pub const SERVICE: &str = "---
apiVersion: v1
kind: Service
metadata: {name: p}
spec: {selector: {app: p}, ports: [{port: 80, targetPort: 8080}]}
";

pub fn setup(manifest: &str, spec: &str) -> Setup {
    let text = format!(
        "{manifest}---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
metadata: {{name: fault}}
spec:
  duration: 2m
{spec}"
    );
    let stream = manifest::parse(&text);
    let errors: Vec<_> = stream
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    let objects = stream.objects.into_iter().map(|o| o.object).collect();
    Setup::new(objects, stream.scenario)
}

/// What does not hold.
pub fn wrong(report: &Report) -> Vec<&str> {
    let all = report.verdicts.iter();
    all.filter(|v| !v.holds)
        .map(|v| v.sentence.as_str())
        .collect()
}

/// The expectations hold with the steps, and none of them without.
#[track_caller]
pub fn only_with(manifest: &str, spec: &str) {
    let mut setup = setup(manifest, spec);
    let with = verdict::judge(&setup);
    assert_eq!(with.refused, []);
    assert!(!with.verdicts.is_empty());
    assert_eq!(wrong(&with), Vec::<&str>::new());
    setup.scenario.steps.clear();
    let without = verdict::judge(&setup);
    let holding: Vec<_> = without.verdicts.iter().filter(|v| v.holds).collect();
    assert!(holding.is_empty(), "without the fault, too: {holding:?}");
}

pub const HTTP: &str = "livenessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 5}";
pub const TCP: &str = "livenessProbe: {tcpSocket: {port: 8080}, periodSeconds: 5}";
pub const READY: &str = "readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 5}";
