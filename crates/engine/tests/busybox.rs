//! The shell against BusyBox: every one-liner of `busybox/cases.txt` must print, complain and exit
//! as the real one did. `busybox/recorded.txt` holds what BusyBox 1.35.0 of Debian 12 did; where
//! BusyBox is on this machine's PATH it is asked anew, too. `READYZ_UPDATE=1` rewrites the
//! recording from it.

#[path = "busybox/real.rs"]
mod real;

use readyz_engine::container::{
    image, ContainerSetup, ExecStart, Place, PodWorld, Volume, WorldEvent,
};
use readyz_engine::time::{Duration, Instant};
use std::sync::Arc;

/// Runs a script in a fresh container, in an empty directory, to its end.
fn run(script: &str) -> (i32, String, String) {
    run_in_image("busybox:1.36", script)
}

fn run_in_image(image: &str, script: &str) -> (i32, String, String) {
    let (image, _) = image::resolve(image);
    let mut setup = ContainerSetup::of(image);
    setup.command = Some(vec!["sleep".into(), "100000".into()]);
    setup.working_dir = "/work".into();
    let mut world = PodWorld::new(1_767_225_600, Place::default());
    world.add_volume(Volume::empty());
    let mut now = Instant::from_secs(1);
    world.start(now, 0, &Arc::new(setup)).unwrap();
    let argv = ["sh", "-c", script].map(str::to_string);
    let id = match world.exec(now, 0, &argv) {
        ExecStart::Finished(result) => {
            return (
                result.exit_code,
                String::from_utf8_lossy(&result.stdout).into_owned(),
                String::from_utf8_lossy(&result.stderr).into_owned(),
            )
        }
        ExecStart::Started(id) => id,
        other => panic!("{other:?}"),
    };
    let end = now + Duration::from_secs(60);
    let mut events = Vec::new();
    while now < end {
        let Some(next) = world.poll_at() else {
            break;
        };
        now = next.max(now);
        world.poll(now, &mut events);
        for event in events.drain(..) {
            if let WorldEvent::ExecFinished { exec, result, .. } = event {
                assert_eq!(exec, id);
                return (
                    result.exit_code,
                    String::from_utf8_lossy(&result.stdout).into_owned(),
                    String::from_utf8_lossy(&result.stderr).into_owned(),
                );
            }
        }
    }
    (-1, String::new(), "never ended".to_string())
}

/// What became of one script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    script: String,
    exit_code: i32,
    stdout: String,
    stderr: String,
}

fn ours(script: &str) -> Case {
    let (exit_code, stdout, stderr) = run(script);
    Case {
        script: script.to_string(),
        exit_code,
        stdout,
        stderr,
    }
}

/// Scripts whose complaints are in other words here, or in other words on every run.
const OTHER_WORDS: &str = include_str!("busybox/other-words.txt");

/// What is compared: of a usage text only that it came. Its lines are the program's manual.
fn comparable(case: &Case) -> Case {
    let mut case = case.clone();
    let script = case.script.replace('\n', "␤");
    for text in [&mut case.stdout, &mut case.stderr] {
        if let Some(at) = text.find("BusyBox v") {
            text.truncate(at);
            text.push_str("(usage)");
        }
    }
    if OTHER_WORDS.lines().any(|line| line == script) {
        case.stderr = (!case.stderr.is_empty()).to_string();
    }
    case
}

fn scripts() -> Vec<String> {
    let lines = include_str!("busybox/cases.txt").lines();
    let lines = lines.filter(|line| !line.trim().is_empty() && !line.starts_with("##"));
    lines.map(|line| line.replace('␤', "\n")).collect()
}

fn recorded() -> Vec<Case> {
    let lines: Vec<&str> = include_str!("busybox/recorded.txt").lines().collect();
    let cases = lines.chunks_exact(4).map(|case| Case {
        script: case[0].replace('␤', "\n"),
        exit_code: case[1].parse().unwrap(),
        stdout: unescape(case[2]),
        stderr: unescape(case[3]),
    });
    cases.collect()
}

/// Scripts of which readyz says that it does not simulate a part of them.
const REFUSED: &str = include_str!("busybox/refused.txt");

/// Compares the simulated shell with these results.
fn compare(real: &[Case], which: &str) {
    let mut failures = Vec::new();
    for case in real {
        let ours = ours(&case.script);
        let refuses = ours.stderr.contains("readyz does not simulate");
        if REFUSED
            .lines()
            .any(|line| line == case.script.replace('\n', "␤"))
        {
            assert!(refuses, "{} is done: {ours:?}", case.script);
            continue;
        }
        let (real, ours) = (comparable(case), comparable(&ours));
        if real != ours {
            failures.push(format!(
                "{}\n  real: {} {:?} {:?}\n  ours: {} {:?} {:?}",
                case.script.replace('\n', "␤"),
                real.exit_code,
                real.stdout,
                real.stderr,
                ours.exit_code,
                ours.stdout,
                ours.stderr
            ));
        }
    }
    assert!(real.len() > 900, "only {} cases", real.len());
    assert!(
        failures.is_empty(),
        "{} of {} differ from the {which} BusyBox:\n{}",
        failures.len(),
        real.len(),
        failures.join("\n")
    );
}

#[test]
fn the_shell_does_what_busybox_did() {
    let recorded = recorded();
    let scripts = scripts();
    if std::env::var_os("READYZ_UPDATE").is_none() {
        let held: Vec<&String> = recorded.iter().map(|case| &case.script).collect();
        assert!(
            held.into_iter().eq(&scripts),
            "cases.txt is not what was recorded"
        );
    }
    compare(&recorded, "recorded");
}

#[test]
fn the_shell_does_what_the_busybox_of_this_machine_does() {
    let scripts = scripts();
    let list: Vec<&str> = scripts.iter().map(String::as_str).collect();
    let real = match real::run(&list) {
        Ok(real) => real,
        Err(why) => {
            println!("no BusyBox was asked, only the recording compared: {why}");
            return;
        }
    };
    if std::env::var_os("READYZ_UPDATE").is_some() {
        let mut text = String::new();
        for case in &real {
            let script = case.script.replace('\n', "␤");
            let (out, err) = (escape(&case.stdout), escape(&comparable(case).stderr));
            text.push_str(&format!("{script}\n{}\n{out}\n{err}\n", case.exit_code));
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/busybox/recorded.txt");
        std::fs::write(path, text).unwrap();
    }
    // Another version has other words and options: then only the recording counts.
    let version = real::version();
    if version.starts_with("BusyBox v1.35.") {
        compare(&real, "present");
    } else {
        println!("{version} is another version than the recorded one, and was not compared");
    }
}

/// Command lines that BusyBox runs and readyz does not simulate; `f` is a file.
const NOT_SIMULATED: &str = include_str!("busybox/not-simulated.txt");

fn with_file(line: &str) -> String {
    format!("echo x > f; {line}")
}

#[test]
fn what_is_not_simulated_says_so_and_fails() {
    let mut silent = Vec::new();
    for line in NOT_SIMULATED.lines() {
        let got = ours(&with_file(line));
        if got.exit_code == 0 || !got.stderr.contains("readyz does not simulate ") {
            silent.push(format!(
                "{line}: {} {:?} {:?}",
                got.exit_code, got.stdout, got.stderr
            ));
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn what_is_not_simulated_is_known_to_the_busybox_of_this_machine() {
    // Setting the clock is tried, too: inside, that is not permitted.
    let scripts: Vec<String> = NOT_SIMULATED.lines().map(with_file).collect();
    let list: Vec<&str> = scripts.iter().map(String::as_str).collect();
    let real = match real::run(&list) {
        Ok(real) if real::version().starts_with("BusyBox v1.35.") => real,
        Ok(_) => return println!("another version of BusyBox, not asked"),
        Err(why) => return println!("no BusyBox was asked: {why}"),
    };
    let strange = ["invalid option", "unrecognized option", "illegal option"];
    let unknown = real
        .iter()
        .filter(|case| strange.iter().any(|s| case.stderr.contains(s)));
    let unknown: Vec<String> = unknown
        .map(|case| format!("{} {}", case.script, case.stderr))
        .collect();
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

/// Where the programs are GNU's, what readyz does not know of them is not called unknown.
#[test]
fn gnu_programs_are_not_said_to_lack_what_they_have() {
    for (line, words) in [
        ("ls --zork", "ls: readyz does not simulate --zork\n"),
        ("ls -Z", "ls: readyz does not simulate -Z\n"),
        ("rm -v x", "rm: readyz does not simulate -v\n"),
        (
            "grep -P x /etc/passwd",
            "grep: readyz does not simulate -P\n",
        ),
        (
            "date -d yesterday",
            "date: readyz does not simulate the date 'yesterday'\n",
        ),
    ] {
        let (code, out, err) = run_in_image("debian:12", line);
        assert_eq!((out.as_str(), err.as_str()), ("", words), "{line}");
        assert_ne!(code, 0, "{line}");
    }
    // GNU's own exit code of a time that is over.
    let over = run_in_image("debian:12", "timeout 1 sleep 5");
    assert_eq!(over.0, 124);
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}
