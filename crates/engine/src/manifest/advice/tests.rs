use super::*;
use crate::manifest::parse;

/// Ids of the advice about a text, with their lines.
fn advice(text: &str) -> Vec<(String, u32)> {
    let stream = parse(text);
    assert!(!stream.has_errors(), "{:?}", stream.diagnostics);
    let advice = stream
        .diagnostics
        .into_iter()
        .filter(|d| d.rule.starts_with("RZ"));
    advice.map(|d| (d.rule, d.line)).collect()
}

fn container(yaml: &str) -> String {
    let yaml: String = yaml.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web, labels: {{app: web}}}}\nspec:\n  \
         containers:\n  - name: app\n    image: nginx\n{yaml}"
    )
}

const HTTP: &str = "httpGet: {path: /, port: 80}";

#[track_caller]
fn check(text: &str, rule: &str, line: u32) {
    assert_eq!(advice(text), [(rule.to_string(), line)], "{text}");
}

#[test]
fn every_rule_about_a_container_finds_its_fault_and_nothing_else() {
    for (yaml, rule, line) in [
        (format!("livenessProbe:\n  {HTTP}\n  periodSeconds: 5\n  timeoutSeconds: 5"), "RZ001", 11),
        (format!("livenessProbe: {{{HTTP}}}\nreadinessProbe: {{{HTTP}}}"), "RZ002", 8),
        (format!("livenessProbe:\n  {HTTP}\n  initialDelaySeconds: 60"), "RZ003", 10),
        ("readinessProbe:\n  exec: {command: [a]}\n  periodSeconds: 1".into(), "RZ006", 10),
        ("ports: [{containerPort: 80, name: http}]\nlivenessProbe:\n  httpGet:\n    port: htp".into(), "RZ007", 11),
        ("ports: [{containerPort: 80, name: http}]\nlivenessProbe:\n  tcpSocket: {port: 80}".into(), "RZ010", 10),
        ("lifecycle:\n  preStop:\n    exec: {command: [sh, -c, sleep 30]}".into(), "RZ012", 10),
        ("command: [sh, -c, 'prepare; serve']".into(), "RZ013", 8),
        (format!("livenessProbe:\n  {HTTP}\n  failureThreshold: 1"), "RZ016", 10),
        ("readinessProbe:\n  httpGet:\n    port: 80\n    host: localhost".into(), "RZ017", 11),
        (format!("livenessProbe: {{{HTTP}, periodSeconds: 2}}\nreadinessProbe: {{tcpSocket: {{port: 80}}}}"), "RZ018", 9),
    ] {
        check(&container(&yaml), rule, line);
    }
}

#[test]
fn what_is_well_done_gets_no_advice() {
    for yaml in [
        format!("livenessProbe: {{{HTTP}, failureThreshold: 6}}\nreadinessProbe: {{{HTTP}}}"),
        format!("startupProbe: {{{HTTP}, failureThreshold: 30}}\nlivenessProbe: {{{HTTP}}}"),
        "command: [sh, -c, 'prepare; exec serve']".into(),
        "command: [sh, -c, serve]".into(),
        "command: [sh, -c, 'trap \"exit 0\" TERM; serve & wait']".into(),
        "lifecycle: {preStop: {sleep: {seconds: 5}}}".into(),
        "ports: [{containerPort: 80, name: http}]\nlivenessProbe: {httpGet: {port: http}}".into(),
    ] {
        assert_eq!(advice(&container(&yaml)), [], "{yaml}");
    }
}

#[test]
fn pods_and_sidecars() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n";
    let grace =
        "  terminationGracePeriodSeconds: 120\n  containers:\n  - name: a\n    image: b\n    \
                 livenessProbe: {httpGet: {port: 80}}\n";
    check(&[pod, grace].concat(), "RZ005", 9);
    let sidecar = "  containers: [{name: a, image: b}]\n  initContainers:\n  - name: s\n    \
                   image: c\n    restartPolicy: Always\n    readinessProbe: {httpGet: {port: 80}}\n";
    check(&[pod, sidecar].concat(), "RZ011", 10);
    let none = "  terminationGracePeriodSeconds: 0\n  containers: [{name: a, image: b}]\n";
    check(&[pod, none].concat(), "RZ020", 5);
}

#[test]
fn a_start_that_the_scenario_makes_slow() {
    let pod = container("livenessProbe: {httpGet: {port: 80}}").replace("nginx", "shop:1");
    let slow =
        "---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  images:\n  - {image: \
                'shop:1', startup: 45s}\n";
    check(&[&pod, slow].concat(), "RZ004", 8);
    let fast = slow.replace("45s", "5s");
    assert_eq!(advice(&[&pod, &*fast].concat()), []);
}

const SERVICE: &str = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  \
                       selector: {app: SELECTED}\n  ports: [{port: 80, targetPort: TARGET}]\n";

fn with_service(container_yaml: &str, selected: &str, target: &str) -> String {
    let service = SERVICE
        .replace("SELECTED", selected)
        .replace("TARGET", target);
    [container(container_yaml), service].concat()
}

#[test]
fn services_are_checked_against_the_pods_of_the_text() {
    check(&with_service("", "wbe", "80"), "RZ008", 13);
    check(
        &with_service("ports: [{containerPort: 80, name: http}]", "web", "htp"),
        "RZ009",
        15,
    );
    check(
        &with_service(&format!("livenessProbe: {{{HTTP}}}"), "web", "80"),
        "RZ015",
        6,
    );
    let ready = with_service(&format!("readinessProbe: {{{HTTP}}}"), "web", "80");
    assert_eq!(advice(&ready), []);
    // The Pods may be in another file.
    assert_eq!(advice(&SERVICE.replace("TARGET", "80")), []);
}

#[test]
fn deployments() {
    let deployment = |spec: &str, container: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n{spec}  \
             selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: \
             web}}}}\n    spec: {{containers: [{{name: a, image: b{container}}}]}}\n"
        )
    };
    let one = "  replicas: 1\n  strategy: {rollingUpdate: {maxUnavailable: 1}}\n";
    check(&deployment(one, ""), "RZ014", 6);
    assert_eq!(advice(&deployment("  replicas: 1\n", "")), []);
    let probe = ", startupProbe: {httpGet: {port: 80}, failureThreshold: 90}";
    check(
        &deployment("  progressDeadlineSeconds: 300\n", probe),
        "RZ019",
        5,
    );
}

#[test]
fn comments_switch_rules_off() {
    let text = container(&format!("livenessProbe:\n  {HTTP}\n  failureThreshold: 1"));
    check(&text, "RZ016", 10);
    let same_line = text.replace(
        "failureThreshold: 1",
        "failureThreshold: 1 # readyz: allow RZ016",
    );
    assert_eq!(advice(&same_line), []);
    let above = text.replace(
        "      failureThreshold",
        "      # readyz: allow RZ016\n      failureThreshold",
    );
    assert_eq!(advice(&above), []);
    let whole = ["# readyz: allow RZ001, RZ016\n# A comment.\n", &text].concat();
    assert_eq!(advice(&whole), []);
    let other = text.replace(
        "failureThreshold: 1",
        "failureThreshold: 1 # readyz: allow RZ001",
    );
    assert_eq!(advice(&other).len(), 1);
}

#[test]
fn fixes_are_edits_that_silence_the_rule() {
    for yaml in [
        format!("livenessProbe:\n  {HTTP}\n  periodSeconds: 5\n  timeoutSeconds: 5"),
        format!("livenessProbe:\n  {HTTP}\n  failureThreshold: 1"),
        "ports: [{containerPort: 80, name: http}]\nlivenessProbe:\n  httpGet:\n    port: htp"
            .into(),
    ] {
        let text = container(&yaml);
        let stream = parse(&text);
        let advice = stream
            .diagnostics
            .iter()
            .find(|d| d.rule.starts_with("RZ"))
            .unwrap();
        let fix = advice.fix.as_ref().unwrap();
        assert_eq!(fix.line, fix.end_line, "one line");
        let mut lines: Vec<String> = text.lines().map(String::from).collect();
        let line = &mut lines[fix.line as usize - 1];
        line.replace_range(
            fix.column as usize - 1..fix.end_column as usize - 1,
            &fix.replacement,
        );
        assert_eq!(super::tests::advice(&lines.join("\n")), [], "{yaml}");
    }
}

#[test]
fn ids_are_in_order_and_link_to_the_documentation() {
    for (index, rule) in RULES.iter().enumerate() {
        assert_eq!(rule.id, format!("RZ{:03}", index + 1));
        assert!(rule.link.starts_with("https://kubernetes.io/docs/"));
    }
}

/// What a StatefulSet makes is behind its Service, and a sidecar's port is a port of the Pod.
#[test]
fn a_service_finds_the_pods_of_every_workload_and_the_ports_of_sidecars() {
    let text = "apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 80, targetPort: proxy}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      initContainers:
      - {name: mesh, image: nginx, restartPolicy: Always, ports: [{containerPort: 80, name: proxy}]}
      containers:
      - name: app
        image: nginx
        readinessProbe: {tcpSocket: {port: 80}}
";
    assert_eq!(advice(text), []);
    let rules = advice(&text.replace("restartPolicy: Always, ", ""));
    assert_eq!(rules, [("RZ009".to_string(), 4)]);
}
