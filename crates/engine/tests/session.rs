//! What a front end may ask of a session's history.

use readyz_engine::api::ProbeKind;
use readyz_engine::session::{Loaded, Reply, Request, Session};
use readyz_engine::time::Instant;
use readyz_engine::view::BandKind;

const TEXT: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - {name: web, image: nginx}
";

fn loaded(session: &mut Session, request: Request) -> Loaded {
    match session.handle(request) {
        Reply::Loaded(loaded) => *loaded,
        other => panic!("not loaded: {other:?}"),
    }
}

fn kill(secs: u64) -> Request {
    Request::Act {
        step: format!("{{at: {secs}s, kill: {{pod: web, container: web, signal: KILL}}}}"),
    }
}

/// The moments of the user's acts in the run shown.
fn acted_at(loaded: &Loaded) -> Vec<u64> {
    let run = loaded.run.as_ref().expect("a run");
    let pins = run.pins.iter().filter(|pin| !pin.from_text);
    pins.map(|pin| pin.at.as_secs()).collect()
}

#[test]
fn an_act_is_moved_and_taken_out_on_branches_of_their_own() {
    let mut session = Session::new();
    let text = TEXT.to_owned();
    let acts = Vec::new();
    loaded(
        &mut session,
        Request::Load {
            text,
            acts,
            seed: None,
            sight: Instant::NEVER,
        },
    );
    loaded(&mut session, kill(10));
    let both = loaded(&mut session, kill(20));
    assert_eq!(acted_at(&both), [10, 20]);
    let input = |loaded: &Loaded, secs| {
        let run = loaded.run.as_ref().expect("a run");
        let at = Instant::from_secs(secs);
        let pin = run.pins.iter().find(|pin| !pin.from_text && pin.at == at);
        pin.expect("a pin").input
    };

    let to = Some(Instant::from_secs(30));
    let moved = loaded(
        &mut session,
        Request::Revise {
            input: input(&both, 10),
            to,
            copy: false,
        },
    );
    assert_eq!(acted_at(&moved), [20, 30]);
    assert_eq!((moved.branches.len(), moved.branch), (2, 1));
    assert_eq!(moved.branches[1].forked_at.as_secs(), 10);

    let left = loaded(
        &mut session,
        Request::Revise {
            input: input(&moved, 20),
            to: None,
            copy: false,
        },
    );
    assert_eq!(acted_at(&left), [30]);
    assert_eq!(left.acts.len(), 1);
    // The history is still a list of steps that can be run again.
    let acts = left.acts.clone();
    let text = TEXT.to_owned();
    let again = loaded(
        &mut session,
        Request::Load {
            text,
            acts,
            seed: None,
            sight: Instant::NEVER,
        },
    );
    assert_eq!(again.run, left.run);
}

#[test]
fn a_fork_keeps_what_was_done_until_then_and_a_copy_both_acts() {
    let mut session = Session::new();
    let (text, acts) = (TEXT.to_owned(), Vec::new());
    let seed = None;
    loaded(
        &mut session,
        Request::Load {
            text,
            acts,
            seed,
            sight: Instant::NEVER,
        },
    );
    loaded(&mut session, kill(10));
    let both = loaded(&mut session, kill(20));
    let at = Instant::from_secs(15);
    let forked = loaded(&mut session, Request::Fork { at });
    assert_eq!(acted_at(&forked), [10]);
    assert_eq!((forked.branches.len(), forked.branch), (2, 1));
    assert_eq!(forked.branches[1].forked_at, at);
    assert_eq!(forked.branches[0].acts, both.acts);

    let run = forked.run.as_ref().expect("a run");
    let pin = run.pins.iter().find(|pin| !pin.from_text).expect("a pin");
    let copied = loaded(
        &mut session,
        Request::Revise {
            input: pin.input,
            to: Some(Instant::from_secs(12)),
            copy: true,
        },
    );
    assert_eq!(acted_at(&copied), [10, 12]);
}

#[test]
fn what_is_no_act_of_the_user_cannot_be_moved() {
    let mut session = Session::new();
    let text = TEXT.to_owned();
    let acts = Vec::new();
    loaded(
        &mut session,
        Request::Load {
            text,
            acts,
            seed: None,
            sight: Instant::NEVER,
        },
    );
    let reply = session.handle(Request::Revise {
        input: 0,
        to: None,
        copy: false,
    });
    assert!(matches!(reply, Reply::Refused(_)), "{reply:?}");
}

/// Thirty Pods for an hour; one of their processes is killed in the middle.
const CROWD: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 30
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx
        readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}
        livenessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
metadata: {name: crowd}
spec:
  duration: 1h
  steps:
  - {at: 30m, kill: {pod: \"deployment/web#1\", container: web}}
";

fn crowd(session: &mut Session, sight: Instant) -> Loaded {
    let request = Request::Load {
        text: CROWD.to_owned(),
        acts: Vec::new(),
        seed: None,
        sight,
    };
    loaded(session, request)
}

fn view(session: &mut Session, secs: u64) -> Reply {
    let at = Instant::from_secs(secs);
    let look = Default::default();
    session.handle(Request::Seek { at, look })
}

#[test]
fn a_run_computed_in_parts_is_the_run_computed_at_once() {
    let (mut whole, mut parts) = (Session::new(), Session::new());
    let expected = crowd(&mut whole, Instant::NEVER).run.expect("a run");
    assert!(expected.complete);
    let first = crowd(&mut parts, Instant::from_secs(60))
        .run
        .expect("a run");
    assert!(!first.complete, "{} records", first.record_count);
    assert_eq!(first.end, expected.end);
    assert_eq!(view(&mut parts, 50), view(&mut whole, 50));
    let mut working = 0;
    let run = loop {
        match parts.handle(Request::Rest) {
            Reply::Working => working += 1,
            Reply::Loaded(loaded) => break loaded.run.expect("a run"),
            other => panic!("{other:?}"),
        }
    };
    assert!(working > 0);
    assert_eq!(run, expected);
    // A moment beyond what has been computed is computed.
    crowd(&mut parts, Instant::from_secs(60));
    assert_eq!(view(&mut parts, 2_000), view(&mut whole, 2_000));
}

#[test]
fn a_moment_is_the_same_from_wherever_it_is_reached() {
    let mut played = Session::new();
    crowd(&mut played, Instant::NEVER);
    // On and on, back, and far ahead.
    for secs in [1, 2, 3, 60, 1_799, 1_801, 1_900, 1_850, 5, 3_600, 3_599] {
        let mut fresh = Session::new();
        crowd(&mut fresh, Instant::NEVER);
        assert!(
            view(&mut played, secs) == view(&mut fresh, secs),
            "at {secs} s"
        );
    }
}

/// PRB-13: a startup probe that has passed runs no more; its worker's ticks are no next probe.
#[test]
fn the_next_probe_is_one_that_runs() {
    let probe = "httpGet: {path: /, port: 80}, periodSeconds: 10";
    let text = TEXT.replace(
        "image: nginx",
        &format!("image: nginx, startupProbe: {{{probe}}}, livenessProbe: {{{probe}}}"),
    );
    let mut session = Session::new();
    let (acts, seed, sight) = (Vec::new(), None, Instant::NEVER);
    let request = Request::Load {
        text,
        acts,
        seed,
        sight,
    };
    loaded(&mut session, request);
    let mut next = |secs| match view(&mut session, secs) {
        Reply::View(view) => view.next_probe.expect("a probe").kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(next(3), ProbeKind::Startup);
    for secs in 30..60 {
        assert_eq!(next(secs), ProbeKind::Liveness, "at {secs} s");
    }
}

/// So many Pods, one a line, as documents of their own.
fn pods(count: u32) -> String {
    let pod = |number: u32| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p{number}}}, \
             spec: {{containers: [{{name: a, image: pause}}]}}}}\n---\n"
        )
    };
    (0..count).map(pod).collect()
}

/// What is said of a text that is typed: severity aside, `LINE:COLUMN message (way out)`.
fn checked(text: String) -> Vec<String> {
    let Reply::Checked(said, _) = Session::new().handle(Request::Check { text }) else {
        panic!("not checked");
    };
    let one = |d: &readyz_engine::manifest::Diagnostic| {
        let way_out = d.suggestion.as_deref().unwrap_or_default();
        format!("{}:{} {} ({way_out})", d.line, d.column, d.message)
    };
    said.iter().map(one).collect()
}

/// product.md §8.
#[test]
fn reading_ends_at_the_first_pod_that_a_run_has_no_room_for() {
    let said = |line: u32, column: u32| {
        format!(
            "{line}:{column} there are more than 2000 Pods, which is the limit (leave out Pods \
             from here on, or run them apart)"
        )
    };
    assert_eq!(checked(pods(2_000)), [""; 0]);
    // What follows is not read, whatever it is; but what comes before is.
    let text = ["kind: Pod\n---\n", &pods(2_000), "}{\n"].concat();
    let headless = "1:1 apiVersion not set (every object begins with apiVersion: and kind:)";
    assert_eq!(checked(text.clone())[0], headless);
    let text = text.replacen("kind: Pod\n", "{apiVersion: v1, kind: Pod}\n", 1);
    assert_eq!(checked(text).last(), Some(&said(4_001, 2)));
    // The items of a List as well.
    let items: String = pods(2_001).replace("---\n", "").replace("{api", "- {api");
    let text = format!("apiVersion: v1\nkind: List\nitems:\n{items}");
    assert_eq!(checked(text), [said(2_004, 4)]);
    // More mistakes than are told do not hide it.
    let wrong = pods(2_001).replace("image", "imag");
    assert_eq!(checked(wrong).last(), Some(&said(4_001, 2)));
    // Other objects are no Pods.
    let text = pods(2_001).replace("kind: Pod", "kind: Secret");
    assert!(checked(text).iter().all(|said| !said.contains("limit")));
}

/// API-05: a namespace that is not there is told at its line, and its fix brings the Pods.
#[test]
fn what_the_server_refuses_when_it_is_applied_is_told_at_its_place() {
    let mut session = Session::new();
    let mut load = |text: &str| {
        let request = Request::Load {
            text: text.into(),
            acts: Vec::new(),
            seed: None,
            sight: Instant::NEVER,
        };
        loaded(&mut session, request)
    };
    let lanes = |loaded: &Loaded| loaded.run.as_ref().map_or(0, |run| run.lanes.len());
    let elsewhere = TEXT.replace("name: web}", "name: web, namespace: shop}");
    let text = [TEXT, "---\n", &elsewhere].concat();
    let refused = load(&text);
    assert_eq!(lanes(&refused), 1, "the other one runs");
    let [problem] = &refused.diagnostics[..] else {
        panic!("{:?}", refused.diagnostics);
    };
    let told = (
        problem.line,
        problem.rule.as_str(),
        problem.message.as_str(),
    );
    assert_eq!(told, (10, "API-05", "namespaces \"shop\" not found"));
    let fix = problem.fix.as_ref().expect("a fix");
    assert_eq!(
        (fix.line, fix.column, fix.end_line, fix.end_column),
        (1, 1, 1, 1)
    );
    let mended = load(&[&fix.replacement, &*text].concat());
    assert_eq!((lanes(&mended), &mended.diagnostics[..]), (2, &[][..]));
    // Behind its objects a Namespace comes too late, as with kubectl.
    let document = fix.replacement.trim_end_matches("---\n");
    let late = load(&[&text, "---\n", document].concat());
    assert_eq!((lanes(&late), late.diagnostics.len()), (1, 1));
    // A Pod's account is at fault, not its namespace.
    let account = TEXT.replace("spec:\n", "spec:\n  serviceAccountName: robot\n");
    let refused = load(&account);
    let [problem] = &refused.diagnostics[..] else {
        panic!("{:?}", refused.diagnostics);
    };
    assert_eq!((problem.line, lanes(&refused)), (2, 0));
    assert!(problem
        .message
        .contains("serviceaccount \"robot\" not found"));
}

/// BKO-07: the kubelet says "back-off 20s", and so does the lane, whatever part of a second the
/// process ended in.
#[test]
fn a_lane_names_a_back_off_by_its_own_length() {
    let mut session = Session::new();
    let text = TEXT.replace("image: nginx", "image: busybox, command: [sh, -c, exit 1]");
    let loaded = loaded(
        &mut session,
        Request::Load {
            text,
            acts: Vec::new(),
            seed: None,
            sight: Instant::NEVER,
        },
    );
    let run = loaded.run.expect("a run");
    let waits: Vec<&str> = run.lanes[0]
        .bands
        .iter()
        .filter(|band| band.kind == BandKind::BackOff)
        .map(|band| &*band.label)
        .collect();
    let expected = [10, 20, 40, 80, 160, 300].map(|wait| format!("back-off {wait} s"));
    assert_eq!(waits, expected);
}

/// A run of a probe tells how long it took: one that hears nothing lasts its timeout.
#[test]
fn a_lane_tells_how_long_each_run_of_a_probe_took() {
    let text = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: nginx
    readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 10, timeoutSeconds: 3}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  duration: 1m
  steps:
  - {at: 25s, hang: {pod: web, container: web}}
";
    let mut session = Session::new();
    let loaded = loaded(
        &mut session,
        Request::Load {
            text: text.to_owned(),
            acts: Vec::new(),
            seed: None,
            sight: Instant::NEVER,
        },
    );
    let run = loaded.run.expect("a run");
    let ticks = &run.lanes[0].probes[0].ticks;
    let hung = ticks.partition_point(|tick| tick.at < Instant::from_secs(25));
    let times: Vec<u32> = ticks.iter().map(|tick| tick.took_millis).collect();
    let (before, after) = times.split_at(hung);
    assert!(before.len() >= 2 && after.len() >= 3, "{times:?}");
    assert!(before.iter().all(|millis| *millis < 100), "{times:?}");
    let lasted = |millis: &u32| (3_000..3_050).contains(millis);
    assert!(after.iter().all(lasted), "{times:?}");
}
