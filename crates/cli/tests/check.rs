//! `readyz check`: exit codes and sentences.

use std::io::Write;
use std::process::{Command, Output, Stdio};

const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: app
    image: shop:1
    ports: [{containerPort: 8080}]
    livenessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 5, timeoutSeconds: 9}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
metadata: {name: check}
spec:
  duration: 1m
  steps: [{at: 20s, http: {pod: p, status: 500}, for: 20s}]
  expect:
";

fn check(text: &str, options: &[&str]) -> Output {
    readyz("check", text, options)
}

fn readyz(command: &str, text: &str, options: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_readyz"))
        .arg(command)
        .args(options)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("readyz");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(text.as_bytes()).expect("written");
    drop(stdin);
    child.wait_with_output().expect("ended")
}

fn lines(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(String::from).collect()
}

#[test]
fn what_holds_exits_with_0_and_gives_advice() {
    let output = check(&format!("{POD}  - {{by: 40s, pod: p, restarts: 1}}\n"), &[]);
    assert_eq!(output.status.code(), Some(0));
    let lines = lines(&output);
    assert!(lines[0].contains("timeoutSeconds 9 is longer than periodSeconds 5"));
    assert_eq!(
        lines[1],
        "holds: line 18: pod p should have restarts 1 by 40s"
    );
    assert_eq!(lines[2], "1 hold, 0 do not");
    let text = format!("{POD}  - {{by: 40s, pod: p, restarts: 1}}\n");
    assert_eq!(check(&text, &["--strict"]).status.code(), Some(1));
}

#[test]
fn what_does_not_hold_exits_with_1_and_says_why() {
    let text = format!(
        "{POD}  - {{by: 25s, pod: p, restarts: 1}}
  - {{never: {{from: 10s}}, event: {{reason: Unhealthy}}}}
  - {{at: 2m, pod: p, restarts: 1}}
  - {{always: true, pod: q, ready: true}}
"
    );
    let output = check(&text, &[]);
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    assert_eq!(
        lines[1],
        "FAILS: line 18: pod p should have restarts 1 by 25s, but at 25s it was: restarts 0"
    );
    let never =
        "FAILS: line 19: event Unhealthy should have count >= 1 never from 10s to the end, \
                 but at 20.";
    assert!(lines[2].starts_with(never), "{}", lines[2]);
    assert!(lines[3].ends_with("but the run ends at 1m0s; set spec.duration"));
    assert!(lines[4].ends_with("but at 0s it was: no Pod q"));
    assert_eq!(lines[5], "0 hold, 4 do not");
}

#[test]
fn bad_input_exits_with_2() {
    let output = check(&format!("{POD}  - {{by: 25s, pot: p}}\n"), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr)
        .contains("spec.expect[0].pot: there is no such field"));
    assert_eq!(check("a: [", &[]).status.code(), Some(2));
}

/// Nothing is ignored silently: what is not simulated is named, and so is what the API server does
/// not take.
#[test]
fn what_is_not_simulated_or_not_taken_is_named() {
    let plain = "apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  dnsPolicy: Default
  containers: [{name: app, image: nginx}]
";
    let output = check(plain, &[]);
    assert_eq!(output.status.code(), Some(0));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("5:3: accepted, not simulated: spec.dnsPolicy"),
        "{told}"
    );
    let text = plain.replace("dnsPolicy: Default", "priorityClassName: nope");
    let output = check(&text, &[]);
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    assert!(
        lines[0].starts_with("no effect: ")
            && lines[0].ends_with("no PriorityClass with name nope was found"),
        "{lines:?}"
    );
}

/// product.md §8: what a run has no room for is bad input; kubectl would take it, and so does
/// `validate`.
#[test]
fn more_pods_than_a_run_has_room_for_are_bad_input() {
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, \
               spec: {containers: [{name: a, image: pause}]}}\n---\n";
    let text = pod.repeat(2_001);
    let output = check(&text, &[]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("4001:2: there are more than 2000 Pods, which is the limit"));
    let answer = readyz("validate", &text, &[]);
    assert_eq!(lines(&answer).len(), 2_001);
}
