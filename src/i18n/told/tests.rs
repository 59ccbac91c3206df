use super::*;
use readyz_engine::manifest::{advice, parse, Diagnostic};
use readyz_engine::session::{Reply, Request, Session};
use readyz_engine::time::Instant;
use std::collections::BTreeSet;

const HTTP: &str = "httpGet: {path: /, port: 80}";
const SERVICE: &str = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  \
                       selector: {app: SELECTED}\n  ports: [{port: 80, targetPort: TARGET}]\n";

/// A Pod whose container has these lines, too.
fn pod(yaml: &str) -> String {
    let yaml: String = yaml.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web, labels: {{app: web}}}}\nspec:\n  \
         containers:\n  - name: app\n    image: shop:1\n{yaml}"
    )
}

fn with_service(yaml: &str, selected: &str, target: &str) -> String {
    let service = SERVICE
        .replace("SELECTED", selected)
        .replace("TARGET", target);
    [pod(yaml), service].concat()
}

fn deployment(spec: &str, container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n{spec}  selector: \
         {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec: \
         {{containers: [{{name: a, image: b{container}}}]}}\n"
    )
}

/// Texts that every rule of the advice finds something in.
fn regrettable() -> Vec<String> {
    let live = format!("livenessProbe: {{{HTTP}}}");
    let slow =
        "---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  images:\n  - {image: \
                'shop:1', startup: 45s}\n";
    let sidecar = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  \
                   terminationGracePeriodSeconds: GRACE\n  containers: [{name: a, image: b, \
                   livenessProbe: {httpGet: {port: 80}}}]\n  initContainers:\n  - name: s\n    image: \
                   c\n    restartPolicy: Always\n    readinessProbe: {httpGet: {port: 80}}\n";
    let one = "  replicas: 1\n  strategy: {rollingUpdate: {maxUnavailable: 1}}\n";
    let long = ", startupProbe: {httpGet: {port: 80}, failureThreshold: 90}";
    vec![
        pod(&format!("livenessProbe:\n  {HTTP}\n  periodSeconds: 5\n  timeoutSeconds: 5")),
        pod(&format!("{live}\nreadinessProbe: {{{HTTP}}}")),
        pod(&format!("livenessProbe:\n  {HTTP}\n  initialDelaySeconds: 60")),
        [&pod(&live), slow].concat(),
        sidecar.replace("GRACE", "120"),
        sidecar.replace("GRACE", "0"),
        pod("readinessProbe:\n  exec: {command: [a]}\n  periodSeconds: 1"),
        pod("ports: [{containerPort: 80, name: http}]\nlivenessProbe:\n  httpGet:\n    port: htp"),
        pod("livenessProbe:\n  httpGet:\n    port: other"),
        pod("ports: [{containerPort: 80, name: http}]\nlivenessProbe:\n  tcpSocket: {port: 80}"),
        pod("lifecycle:\n  preStop:\n    exec: {command: [sh, -c, sleep 30]}"),
        pod("command: [sh, -c, 'prepare; serve']"),
        pod(&format!("livenessProbe:\n  {HTTP}\n  failureThreshold: 1")),
        pod("readinessProbe:\n  httpGet:\n    port: 80\n    host: localhost"),
        pod("readinessProbe:\n  httpGet:\n    port: 80\n    host: example.com"),
        pod(&format!(
            "livenessProbe: {{{HTTP}, periodSeconds: 2}}\nreadinessProbe: {{tcpSocket: {{port: 80}}}}"
        )),
        with_service("", "wbe", "80"),
        with_service("", "web, tier: front", "80"),
        with_service("ports: [{containerPort: 80, name: http}]", "web", "htp"),
        with_service("", "web", "other"),
        with_service(&live, "web", "80"),
        deployment(one, ""),
        deployment("  progressDeadlineSeconds: 300\n", long),
    ]
}

/// Texts that are refused, or read otherwise than meant, each with the way out in Chinese.
const REFUSED: &[(&str, &str)] = &[
    ("livenesProbe: {}", "是不是 livenessProbe？"),
    ("containerPort: 80", "containerPort 属于 ports"),
    ("livenessProbe: {path: /}", "path 属于 httpGet"),
    ("ports: {containerPort: 80}", "应为列表"),
    (
        "livenessProbe: {httpGet: {port: \"80\"}}",
        "不加引号就是数字",
    ),
    (
        "livenessProbe: {periodSeconds: 3}",
        "加上 exec、httpGet、tcpSocket 或 grpc",
    ),
    (
        "volumeMounts: [{name: data, mountPath: /data}]",
        "在 spec.volumes 里加一个同名的卷",
    ),
    ("env:\n\t- name: A", "用空格缩进，不要用制表符"),
    ("command: [sh, -c", "补上第 8 行开始的引号或括号的另一半"),
    ("command: a: b", "含冒号的值要加引号，或让这一行与同层对齐"),
    (
        "env: [{name: A, value: {{ .Values.a }}}]",
        "{{ }} 是模板：请先用 helm template 等工具渲染",
    ),
];

fn problems(text: &str) -> Vec<Diagnostic> {
    parse(text).diagnostics
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|letter| ('一'..='鿿').contains(&letter))
}

#[test]
fn all_advice_is_told_in_chinese() {
    let mut seen = BTreeSet::new();
    for text in regrettable() {
        for problem in problems(&text).iter().filter(|p| p.rule.starts_with("RZ")) {
            seen.insert(problem.rule.clone());
            for words in [Some(&problem.message), problem.suggestion.as_ref()]
                .into_iter()
                .flatten()
            {
                assert!(is_chinese(&in_chinese(words)), "{}: {words}", problem.rule);
            }
        }
    }
    let rules: BTreeSet<String> = advice::RULES
        .iter()
        .map(|rule| rule.id.to_owned())
        .collect();
    assert_eq!(seen, rules);
}

#[test]
fn ways_out_are_told_in_chinese() {
    for (yaml, way) in REFUSED {
        let found: Vec<String> = problems(&pod(yaml))
            .iter()
            .filter_map(|p| p.suggestion.as_deref().map(in_chinese))
            .collect();
        assert!(found.iter().any(|told| told == way), "{yaml}: {found:?}");
    }
}

/// These words come from a run, not from a text alone.
#[test]
fn the_way_out_of_a_missing_namespace_is_told_in_chinese() {
    let mut session = Session::new();
    let reply = session.handle(Request::Load {
        text: pod("").replace("name: web,", "name: web, namespace: shop,"),
        acts: Vec::new(),
        seed: None,
        sight: Instant::NEVER,
    });
    let Reply::Loaded(loaded) = reply else {
        panic!("{reply:?}");
    };
    let ways = loaded
        .diagnostics
        .iter()
        .filter_map(|problem| problem.suggestion.as_deref());
    assert_eq!(
        ways.map(in_chinese).collect::<Vec<_>>(),
        ["先用一个 kind: Namespace 的文档创建它"]
    );
}

#[test]
fn what_comes_with_the_case_is_kept() {
    let english = "use apiVersion: apps/v1; apps/v1beta2 was removed in Kubernetes 1.16";
    let chinese = "请用 apiVersion: apps/v1；apps/v1beta2 已在 Kubernetes 1.16 中移除";
    assert_eq!(in_chinese(english), chinese);
    let words_of_the_server = "spec.containers[0].name: Required value";
    assert_eq!(in_chinese(words_of_the_server), words_of_the_server);
}

#[test]
fn both_languages_have_the_same_holes() {
    for (english, chinese) in CHINESE {
        assert_eq!(
            english.matches("{}").count(),
            chinese.matches("{}").count(),
            "{english}"
        );
        assert!(is_chinese(chinese), "{chinese}");
    }
}
