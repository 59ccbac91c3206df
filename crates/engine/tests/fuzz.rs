//! Whatever is typed or pasted: an answer, never a panic, never a hang. Five targets: the YAML front
//! door, the shell, the kubectl line, jsonpath, go-template.
//!
//! `make test` tries some hundred inputs of each; `make soak` goes on for `READYZ_SOAK_SECONDS`
//! (600) a target, from another seed each time, and prints the input that it was at when one fails.

use readyz_engine::cluster::Cluster;
use readyz_engine::experiment::Setup;
use readyz_engine::manifest::{answer, parse, Verb};
use readyz_engine::time::Instant;
use readyz_engine::{api::Object, kubectl, scenario};
use std::time::{Duration, Instant as Clock, SystemTime, UNIX_EPOCH};

/// A small generator; the same seed gives the same inputs.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 33) as usize) % bound.max(1)
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    /// `base` with some pieces put in, taken out and doubled.
    fn mutated(&mut self, base: &str, pieces: &[&str]) -> String {
        let mut text: Vec<char> = base.chars().collect();
        for _ in 0..=self.below(6) {
            let at = self.below(text.len() + 1);
            match self.below(4) {
                0 if !text.is_empty() => {
                    let end = (at + self.below(12)).min(text.len());
                    text.drain(at.min(end)..end);
                }
                1 if !text.is_empty() => {
                    let end = (at + self.below(40)).min(text.len());
                    let copy: Vec<char> = text[at.min(end)..end].to_vec();
                    let to = self.below(text.len() + 1);
                    text.splice(to..to, copy);
                }
                _ => {
                    let piece: Vec<char> = self.one(pieces).chars().collect();
                    text.splice(at..at, piece);
                }
            }
        }
        text.into_iter().collect()
    }
}

const JUNK: &[&str] = &[
    "\t",
    "\n",
    "\r\n",
    " ",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "&a ",
    "*a",
    "|",
    ">",
    "#",
    "---\n",
    "\\",
    "$",
    "(",
    ")",
    ";",
    "&&",
    "||",
    "<",
    "`",
    "=",
    ",",
    ".",
    "..",
    "*",
    "?",
    "!",
    "@",
    "-",
    "--",
    "0",
    "-1",
    "99999999999999999999",
    "\u{0}",
    "\u{feff}",
    "é😀",
    "\u{202e}",
    "%s",
    "~",
];

const MANIFESTS: &[&str] = &[
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec:\n  containers:\n  \
     - name: app\n    image: nginx\n    ports: [{name: http, containerPort: 80}]\n    \
     livenessProbe: &p\n      httpGet: {path: /, port: http}\n      periodSeconds: 010\n    \
     readinessProbe: *p\n    lifecycle: {preStop: {exec: {command: [sh, -c, sleep 40]}}}\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: \
     {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: a, \
     image: b}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: \
     web}, ports: [{port: 80, targetPort: http}]}\n",
    "# readyz: allow RZ012\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  steps:\n  - \
     {at: 30s, exec: {pod: web#2, command: [rm, /x]}}\n",
];

fn yaml(random: &mut Random) -> String {
    let base = random.one(MANIFESTS);
    random.mutated(base, JUNK)
}

fn read_yaml(text: &str) {
    let stream = parse(text);
    let lines = text.split(['\n', '\r']).count() as u32 + 1;
    for found in &stream.diagnostics {
        assert!(
            (1..=lines).contains(&found.line) && found.column >= 1,
            "{found:?}"
        );
        assert!(found.end_line >= found.line, "{found:?}");
    }
    answer(&[("f.yaml", &stream)], Verb::Apply, None);
}

const SCRIPTS: &[&str] = &[
    "touch /tmp/a; while test -e /tmp/a; do echo x; sleep 1; done",
    "trap 'echo t; exit 3' TERM; for i in 1 2 3; do echo $((i * 2)); done; wait",
    "x=${y:-a}; case $x in a|b) echo ${x%?} ;; *) exit 1 ;; esac | grep -v b > /tmp/out 2>&1",
    "f() { echo \"$1\" '$2'; return 2; }; f a b || cat <<E\n$(ls /)\nE\n",
    "find / -name 'h*' | sed -n 's/^.\\(o\\)/\\1/p' | head -3 | wc -l && expr 1 + 2",
];

fn shell(random: &mut Random) -> String {
    let base = random.one(SCRIPTS);
    random.mutated(base, JUNK)
}

fn run_script(script: &str) {
    let text =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: app, \
                image: busybox, command: [sh, -c, X]}]\n";
    let mut objects: Vec<Object> = parse(text).objects.into_iter().map(|o| o.object).collect();
    if let Some(Object::Pod(pod)) = objects.first_mut() {
        pod.spec.containers[0].command = Some(vec!["sh".into(), "-c".into(), script.into()]);
    }
    let mut setup = Setup::new(objects, None);
    setup.scenario.duration = scenario::parse_duration("5s").expect("a duration");
    setup.timeline().run();
}

const LINES: &[&str] = &[
    "kubectl get pods -o wide --show-labels | grep web | wc -l",
    "kubectl describe pod/web deployment api -n default",
    "kubectl get po,svc -l 'app in (web, api),!x' --sort-by=.metadata.name",
    "kubectl exec web -c app -- sh -c 'echo hi; exit 3'",
    "kubectl patch deploy api -p '{\"spec\":{\"replicas\":2}}' --type=merge",
    "kubectl set image deploy/api app=nginx:2 ; kubectl rollout undo deploy api --to-revision=1",
    "kubectl logs deploy/api --tail=-1 --since=1h --timestamps -f",
    "kubectl wait --for=condition=Ready pod -l app=web --timeout=3s",
    "kubectl create deployment x --image=nginx --replicas 99999999999",
    "kubectl taint nodes node-1 k=v:NoExecute k-; kubectl drain node-1 --force --grace-period=-1",
    "kubectl get pods -o custom-columns=A:.metadata.name,B:.spec.containers[*].image",
    "kubectl label pod web a=b c- --overwrite; kubectl scale deploy api --replicas=3",
];

fn command(random: &mut Random) -> String {
    let base = random.one(LINES);
    random.mutated(base, JUNK)
}

const TEMPLATES: &[&str] = &[
    "{{range .items}}{{.metadata.name}}{{\"\\n\"}}{{end}}",
    "{{range $i, $p := .items}}{{if gt $i 0}}, {{else}}{{- /* x */ -}}{{end}}{{$p.kind}}{{end}}",
    "{{with index .items 0}}{{.status.phase | printf \"%-10s|%d\" (len .spec.containers)}}{{end}}",
    "{{(index .items 0 \"metadata\" \"labels\").app}}{{slice \"abc\" 1 2}}{{println 1 nil true}}",
    "{{$x := 3}}{{range $x}}{{$x = .}}{{break}}{{end}}{{and $x (or .kind false) | not}}",
];

const TEMPLATE_JUNK: &[&str] = &[
    "{{",
    "}}",
    "{{-",
    "-}}",
    "{{end}}",
    "{{else}}",
    "(",
    ")",
    "|",
    "$",
    "$x",
    ":=",
    "=",
    ".",
    "..",
    "\"",
    "`",
    "\\",
    "%",
    "%9999999999s",
    "%!",
    "-1",
    "9223372036854775807",
    "99999999999999999999",
    "1.5",
    "/*",
    "*/",
    "range",
    "index",
    "len",
    "slice",
    "é",
    "\u{1f980}",
    "\n",
    " ",
    ",",
];

fn template(random: &mut Random) -> String {
    let base = random.one(TEMPLATES);
    random.mutated(base, TEMPLATE_JUNK)
}

fn cluster() -> (Cluster, Instant) {
    let text = MANIFESTS[0]
        .replace("&p", "")
        .replace("*p", "{tcpSocket: {port: 80}}");
    let text = [
        &text,
        "---\n",
        &MANIFESTS[1].replace("web}, ports", "api}, ports"),
    ]
    .concat();
    let stream = parse(&text.replace(
        "kind: Deployment\nmetadata: {name: web}",
        "kind: Deployment\nmetadata: {name: api}",
    ));
    let objects = stream.objects.into_iter().map(|o| o.object).collect();
    let mut timeline = Setup::new(objects, None).timeline();
    let at = Instant::from_secs(40);
    timeline.run_until(at);
    (timeline.seek(at), at)
}

const PATHS: &[&str] = &[
    "{.items[*].metadata.name}",
    "{range .items[*]}{.metadata.name}{\"\\t\"}{.status.podIP}{\"\\n\"}{end}",
    "{.items[?(@.status.phase==\"Running\")].metadata.labels.app}",
    "{.items[0:2:1]..image}",
    "{.items[-1:]['metadata','spec'].name}",
    "{$.items[0].status.conditions[?(@.type=='Ready')].status}",
];

fn jsonpath(random: &mut Random) -> String {
    let base = random.one(PATHS);
    random.mutated(base, JUNK)
}

/// Tries inputs until `is_over`; a panic names the input.
fn drive(
    name: &str,
    seed: u64,
    make: fn(&mut Random) -> String,
    mut take: impl FnMut(&str),
    mut is_over: impl FnMut(u64) -> bool,
) {
    let mut random = Random(seed);
    let mut tried = 0;
    while !is_over(tried) {
        let input = make(&mut random);
        let taken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| take(&input)));
        assert!(
            taken.is_ok(),
            "{name}, seed {seed}, input {tried}: {input:?}"
        );
        tried += 1;
    }
    println!("{name}: {tried} inputs, seed {seed}");
}

/// Types a line into the terminal, and asks how it could go on.
fn type_line(cluster: &Cluster, now: Instant, text: &str) {
    use readyz_engine::terminal;
    let desk = terminal::Desk::at(cluster, now, text);
    terminal::run(&desk, text);
    terminal::complete(&desk, text);
}

fn targets(seed: u64, over: &dyn Fn() -> Box<dyn FnMut(u64) -> bool>) {
    drive("yaml", seed, yaml, read_yaml, over());
    drive("shell", seed, shell, run_script, over());
    let (cluster, at) = cluster();
    drive(
        "kubectl",
        seed,
        command,
        |text| type_line(&cluster, at, text),
        over(),
    );
    let queried = |path: &str| {
        let arguments = ["get".into(), "pods".into(), format!("-ojsonpath={path}")];
        kubectl::run(&cluster, at, "default", &arguments);
    };
    drive("jsonpath", seed, jsonpath, queried, over());
    let printed = |template: &str| {
        let arguments = [
            "get".into(),
            "pods".into(),
            format!("-ogo-template={template}"),
        ];
        kubectl::run(&cluster, at, "default", &arguments);
    };
    drive("go-template", seed, template, printed, over());
}

#[test]
fn some_hundred_inputs_of_each() {
    targets(7, &|| Box::new(|tried| tried >= 200));
}

/// `make soak`.
#[test]
#[ignore = "runs for minutes"]
fn soak() {
    let seconds = std::env::var("READYZ_SOAK_SECONDS").ok();
    let seconds = seconds.and_then(|text| text.parse().ok()).unwrap_or(600);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    targets(now.as_secs(), &move || {
        let end = Clock::now() + Duration::from_secs(seconds);
        Box::new(move |_| Clock::now() >= end)
    });
}

/// What the editor may be given: 1 MB, a bomb of aliases, 10,000 levels, binary junk.
#[test]
fn large_and_hostile_texts_are_answered_with_a_place() {
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (level, letter) in ('b'..='j').enumerate() {
        let before = char::from(b'a' + level as u8);
        let aliases = [format!("*{before}").as_str(); 9].join(", ");
        bomb.push_str(&format!("{letter}: &{letter} [{aliases}]\n"));
    }
    let junk: String = (0..200_000_u32)
        .map(|i| char::from((i * 7 % 256) as u8))
        .collect();
    for (name, text) in [
        ("bomb", bomb),
        ("flow", "[".repeat(10_000)),
        (
            "block",
            (0..1_000)
                .map(|depth| format!("{:depth$}a:\n", ""))
                .collect(),
        ),
        ("dashes", "- ".repeat(10_000)),
        ("junk", junk),
        ("one line", "a".repeat(1 << 20)),
        ("tabs", "\tapiVersion: v1\n".repeat(1_000)),
        (
            "replacements",
            String::from_utf8_lossy(&[0xff, 0xfe, b'a', 0xc3]).into_owned(),
        ),
    ] {
        let stream = parse(&text);
        let first = stream.diagnostics.first();
        assert!(stream.has_errors(), "{name}");
        assert!(
            first.is_some_and(|d| d.line >= 1 && d.column >= 1),
            "{name}"
        );
    }
    let pods =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: \
                b}]}\n---\n";
    let large = pods.repeat((1 << 20) / pods.len());
    assert!(!parse(&large).has_errors());
    let crlf = ["\u{feff}", &pods.replace('\n', "\r\n")].concat();
    assert!(!parse(&crlf).has_errors());
}
