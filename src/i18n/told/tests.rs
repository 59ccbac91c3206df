use super::*;
use readyz_engine::manifest::{advice, parse, Diagnostic};
use readyz_engine::scenario::Wrong;
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

/// What stands in the spec of a Scenario, and what is wrong with it.
const WRONG: &[(Wrong, &str)] = &[
    (Wrong::Missing, "images: [{pull: 3s}]"),
    (Wrong::UnknownField, "weather: bad"),
    (Wrong::MistypedField, "sead: 7"),
    (
        Wrong::UnknownWord,
        "steps: [{at: 1s, node: {name: a, state: gone}}]",
    ),
    (
        Wrong::MistypedWord,
        "steps: [{at: 1s, node: {name: a, state: redy}}]",
    ),
    (Wrong::NoMap, "traffic: [web]"),
    (Wrong::NoList, "steps: 5"),
    (Wrong::NoText, "start: 5"),
    (Wrong::NoScalar, "duration: [1]"),
    (Wrong::NoNumber, "traffic: [{service: web, rate: many}]"),
    (
        Wrong::NoWholeNumber,
        "images: [{image: a, http: [{status: bad}]}]",
    ),
    (Wrong::Negative, "seed: -1"),
    (
        Wrong::OutOfRange,
        "images: [{image: a, http: [{port: 70000}]}]",
    ),
    (Wrong::NoTruth, "nodes: [{name: a, unschedulable: 5}]"),
    (Wrong::NoDuration, "duration: ten minutes"),
    (Wrong::NoMoment, "start: tomorrow"),
    (Wrong::NoQuantity, "nodes: [{name: a, cpu: much}]"),
    (Wrong::NoRate, "traffic: [{service: web, rate: -1}]"),
    (Wrong::NoPort, "images: [{image: a, listen: [0]}]"),
    (Wrong::NoPull, "images: [{image: a, pull: soon}]"),
    (
        Wrong::NoHeader,
        "images: [{image: a, http: [{headers: {'a b': c}}]}]",
    ),
    (Wrong::NoStop, "images: [{image: a, onStop: never}]"),
    (Wrong::NoServer, "images: [{image: busybox, listen: [80]}]"),
    (
        Wrong::NeverListens,
        "images: [{image: 'registry.k8s.io/pause:3.10', listen: [80]}]",
    ),
    (Wrong::NoAct, "steps: [{at: 1s}]"),
    (
        Wrong::SeveralActs,
        "steps: [{at: 1s, kill: {pod: a}, exit: {pod: a}}]",
    ),
    (
        Wrong::NoSignal,
        "steps: [{at: 1s, kill: {pod: a, signal: HELLO}}]",
    ),
    (
        Wrong::NoShare,
        "steps: [{at: 1s, cpu: {pod: a, throttle: 2}}]",
    ),
    (Wrong::NoPod, "steps: [{at: 1s, hang: {pod: a b}}]"),
    (
        Wrong::NoWorkload,
        "steps: [{at: 1s, scale: {kind: node, name: a, replicas: 1}}]",
    ),
    (Wrong::NoWhen, "expect: [{pod: a, restarts: 1}]"),
    (Wrong::SeveralWhens, "expect: [{at: 1s, by: 2s, pod: a}]"),
    (Wrong::NoSubject, "expect: [{at: 1s}]"),
    (Wrong::NoCount, "expect: [{at: 1s, pod: a, restarts: few}]"),
];

fn scenario(spec: &str) -> String {
    format!("apiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec: {{{spec}}}\n")
}

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

/// Kinds that no field of the spec has, each with its text.
fn about_the_whole_document() -> [(Wrong, String); 3] {
    let good = scenario("seed: 1");
    [
        (Wrong::Version, good.replace("v1alpha1", "v9")),
        (Wrong::Kind, good.replace("Scenario", "Scenery")),
        (Wrong::Second, [&good, "---\n", &good].concat()),
    ]
}

#[test]
fn every_problem_of_a_scenario_is_told_in_chinese() {
    let in_spec = WRONG.iter().map(|(wrong, spec)| (*wrong, scenario(spec)));
    // Lists of steps without a document are for the command line.
    let mut seen = BTreeSet::from([Wrong::NoSteps]);
    for (wrong, text) in in_spec.chain(about_the_whole_document()) {
        let words = wrong.words().0;
        let words = words.rsplit("{}").next().unwrap_or(words);
        let found = problems(&text);
        let problem = found.iter().find(|p| p.message.ends_with(words));
        let problem = problem.unwrap_or_else(|| panic!("{wrong:?}: {found:?}"));
        let told = in_chinese(&problem.message);
        let sentence = told.strip_prefix(&problem.path).unwrap_or(&told);
        assert!(is_chinese(sentence), "{wrong:?}: {told}");
        assert!(!sentence.contains(words), "{wrong:?}: {told}");
        if let Some(way) = &problem.suggestion {
            assert!(is_chinese(&in_chinese(way)), "{wrong:?}: {way}");
        }
        seen.insert(wrong);
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), Wrong::ALL);
}

/// Acts that cannot be done, on a Pod whose only container has ended.
const IN_VAIN: [&str; 11] = [
    "hang: {pod: nobody}",
    "disk: {pod: nobody}",
    "hang: {pod: web, container: other}",
    "node: {name: node-9, state: down}",
    "network: {between: [service/none, node-1]}",
    "network: {between: [service/web, nowhere]}",
    "network: {between: [node-1]}",
    "network: {between: [node-1, node-2]}",
    "port: {pod: web}",
    "file: {pod: web, path: /etc}",
    "kill: {pod: web}",
];

#[test]
fn what_could_not_be_done_is_told_in_chinese() {
    let mut session = Session::new();
    let ended = "command: [sh, -c, exit 0]";
    let text = with_service(ended, "web", "80").replace("shop:1", "busybox");
    let acts = IN_VAIN.map(|act| format!("{{at: 9s, {act}}}"));
    let reply = session.handle(Request::Load {
        text: text.replace(
            "spec:\n  containers",
            "spec:\n  restartPolicy: Never\n  containers",
        ),
        acts: acts.to_vec(),
        seed: None,
        sight: Instant::NEVER,
    });
    let Reply::Loaded(loaded) = reply else {
        panic!("{reply:?}");
    };
    let pins = &loaded.run.as_ref().expect("a run").pins;
    assert_eq!(pins.len(), IN_VAIN.len());
    for (act, pin) in IN_VAIN.iter().zip(pins) {
        let told = in_chinese(&pin.refused);
        assert!(is_chinese(&told), "{act}: {told:?}");
    }
}

#[test]
fn a_field_stays_before_its_problem_and_a_way_out_after_it() {
    assert_eq!(
        in_chinese("spec.steps[0].at: this field is missing"),
        "spec.steps[0].at：缺少这个字段"
    );
    assert_eq!(
        in_chinese("spec.steps[4].node.state: the word \"gone\" is not known here"),
        "spec.steps[4].node.state：此处不认识 \"gone\""
    );
    assert_eq!(
        in_chinese("http.latency: this is no duration; write it as in 90s, 1m30s or 500ms"),
        "http.latency：这不是时长；写法如 90s、1m30s 或 500ms"
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
