//! Whatever the bytes: no panic, an answer in time, places within the text.

use proptest::prelude::*;
use readyz_engine::manifest::{answer, parse, Verb};
use readyz_engine::scenario::{step_from_text, steps_from_json};
use std::time::{Duration, Instant};

/// Texts that touch every part of the reader.
const SEEDS: &[&str] = &[
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec:\n  volumes:\n  - \
     name: v\n    emptyDir: {}\n  containers:\n  - name: app\n    image: nginx\n    ports:\n    - \
     {name: http, containerPort: 80}\n    livenessProbe: &p\n      httpGet: {path: /, port: http}\n\
     \x20     periodSeconds: 010\n    readinessProbe: *p\n    resources:\n      limits: {cpu: 500m, \
     memory: 64Mi}\n    volumeMounts:\n    - {name: v, mountPath: /x}\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n  \
     selector: {matchLabels: {app: web}}\n  strategy: {rollingUpdate: {maxSurge: 25%}}\n  \
     template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n      - <<: {name: \
     a}\n        image: 'nginx'\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  \
     ports:\n  - port: 80\n    targetPort: \"x\"\n",
    "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: s}, \
     data: {a: aGVsbG8=}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: |\n  \
     text\n}}\n",
    "apiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  seed: 7\n  start: \
     2026-01-01T00:00:00Z\n  nodes: [{name: a, cpu: '2', memory: 4Gi}]\n  images: [{image: x, pull: \
     3s, onStop: ignore}]\n  steps:\n  - {at: 30s, exec: {pod: web#2, command: [rm, /x]}}\n  - {at: \
     1m, http: {pod: app=web, status: 500}, for: 20s}\n  - {at: 2m, patch: {kind: Pod, name: p, \
     patch: {a: null}}}\n  expect:\n  - {by: 2m, pod: web, restarts: '>= 1'}\n",
    "\u{feff}# só\r\n\"a\": 'b' # é😀\r\n? [x]\r\n: >-\r\n  folded\r\n...\r\n",
];

/// What mutations put in.
const PIECES: &[&str] = &[
    "\t",
    "\n",
    "\r",
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
    "<<: ",
    "|",
    ">",
    "#",
    "---\n",
    "--- x\n",
    "...",
    "!!str ",
    "!!int ",
    "%",
    "@",
    "`",
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{a0}",
    "😀",
    "null",
    "yes",
    "0x",
    "1e999",
    "-9223372036854775808",
    "99999999999999999999",
    ",",
    "!t,",
    "a !, ",
    "!<a>,",
    "!%41%c3,",
    "\"\\",
    "\\x4",
    "\\uD800",
    "%YAML 99999999999.1\n",
    "%TAG ! a,b:\n",
    "|-9\n",
    ">+\n ",
    ".inf",
    "apiVersion",
    "kind: ",
    "\n  ",
    "? ",
    "status: ",
    "$patch: delete",
    "100MB",
    "~",
];

/// Only a hang takes that long, on the busiest machine: the benchmark measures the real limit.
const PATIENCE: Duration = Duration::from_secs(60);

fn check(text: &str) {
    let began = Instant::now();
    let stream = parse(text);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let lone_returns = text.matches('\r').count() as u32;
    let lines_max = lines.len() as u32 + 1 + lone_returns;
    for d in &stream.diagnostics {
        assert!(d.line >= 1 && d.column >= 1, "{d:?}");
        assert!((d.line, d.column) <= (d.end_line, d.end_column), "{d:?}");
        assert!(d.end_line <= lines_max, "{d:?}");
        let widest = text.encode_utf16().count() as u32 + 1;
        assert!(d.end_column <= widest, "{d:?}");
        assert!(!d.message.is_empty());
    }
    for located in &stream.objects {
        assert!(1 <= located.first_line && located.first_line <= located.last_line);
        assert!(located.last_line <= lines_max);
        let line = located
            .source
            .line_of("spec.containers[0].livenessProbe.exec");
        assert!(line >= 1 && line <= lines_max);
    }
    for verb in [Verb::Apply, Verb::Create] {
        let answer = answer(&[("f.yaml", &stream)], verb, None);
        assert_eq!(
            answer.exit != 0,
            !answer.stderr.is_empty() && has_failure(&answer.stderr)
        );
    }
    // These may refuse, but not fail.
    let _steps = steps_from_json(text);
    let _step = step_from_text(text);
    if let Some(located) = stream.objects.first() {
        let _patched = located.source.patched(text);
    }
    assert!(
        began.elapsed() < PATIENCE,
        "{:?} for {text:?}",
        began.elapsed()
    );
}

/// Whether anything but warnings was printed.
fn has_failure(stderr: &str) -> bool {
    stderr.lines().any(|line| !line.starts_with("Warning: "))
}

#[derive(Clone, Debug)]
enum Edit {
    Insert(usize, usize),
    Remove(usize, usize),
    Repeat(usize, usize, usize),
    Splice(usize, usize),
    Cut(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = 0..100_000usize;
    prop_oneof![
        4 => (at.clone(), 0..PIECES.len()).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        2 => (at.clone(), 1..20usize).prop_map(|(at, length)| Edit::Remove(at, length)),
        1 => (at.clone(), 1..40usize, 1..200usize).prop_map(|(a, l, n)| Edit::Repeat(a, l, n)),
        1 => (at.clone(), at.clone()).prop_map(|(from, to)| Edit::Splice(from, to)),
        1 => at.prop_map(Edit::Cut),
    ]
}

fn apply(text: &mut Vec<char>, other: &[char], edit: &Edit) {
    let within = |at: usize, length: usize| if length == 0 { 0 } else { at % length };
    match *edit {
        Edit::Insert(at, piece) => {
            let at = within(at, text.len() + 1);
            text.splice(at..at, PIECES[piece].chars());
        }
        Edit::Remove(at, length) => {
            let at = within(at, text.len());
            let end = (at + length).min(text.len());
            text.drain(at..end);
        }
        Edit::Repeat(at, length, times) => {
            let at = within(at, text.len());
            let end = (at + length).min(text.len());
            let piece: Vec<char> = text[at..end].to_vec();
            for _ in 0..times {
                text.splice(at..at, piece.iter().copied());
            }
        }
        Edit::Splice(from, to) => {
            let from = within(from, other.len() + 1);
            let to = within(to, text.len() + 1);
            text.splice(to.., other[from..].iter().copied());
        }
        Edit::Cut(at) => text.truncate(within(at, text.len() + 1)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_manifests_are_answered(
        seed in 0..SEEDS.len(),
        other in 0..SEEDS.len(),
        edits in prop::collection::vec(edit(), 0..8),
    ) {
        let mut text: Vec<char> = SEEDS[seed].chars().collect();
        let other: Vec<char> = SEEDS[other].chars().collect();
        for edit in &edits {
            apply(&mut text, &other, edit);
        }
        check(&text.into_iter().collect::<String>());
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn pieces_in_any_order_are_answered(pieces in prop::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
        check(&text);
    }
}

#[test]
fn the_seeds_themselves_are_answered() {
    SEEDS.iter().for_each(|seed| check(seed));
}

#[test]
fn hostile_texts_are_answered_in_time() {
    let deep = "[".repeat(100_000);
    let deep_maps = "{a: ".repeat(50_000);
    let dashes = "- ".repeat(50_000);
    let many_deep = format!("{}\n---\n", "[".repeat(1_000)).repeat(500);
    let keys = format!("{{{}}}", "a,".repeat(100_000));
    let mut bomb = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (earlier, later) in ('a'..'y').zip('b'..='y') {
        bomb.push_str(&format!(
            "{later}: &{later} [{}]\n",
            vec![format!("*{earlier}"); 9].join(",")
        ));
    }
    let bombs = format!("{bomb}---\n").repeat(200);
    let comments = "# x\n".repeat(200_000);
    let documents = "---\na: b\n".repeat(50_000);
    for text in [
        deep, deep_maps, dashes, many_deep, keys, bomb, bombs, comments, documents,
    ] {
        let began = Instant::now();
        let stream = parse(&text);
        assert!(stream.diagnostics.len() <= 200);
        assert!(
            began.elapsed() < PATIENCE,
            "{:?} for {:.40}…",
            began.elapsed(),
            text
        );
    }
}
