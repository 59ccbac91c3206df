//! The shell against BusyBox: every one-liner of `busybox/cases.txt` must print and exit as the
//! real one did (`scripts/record-busybox.py` records it anew).

use readyz_engine::container::{
    image, ContainerSetup, ExecStart, Place, PodWorld, Volume, WorldEvent,
};
use readyz_engine::time::{Duration, Instant};
use std::sync::Arc;

/// Runs a script in a fresh container, in an empty directory, to its end.
fn run(script: &str) -> (i32, String, String) {
    let (image, _) = image::resolve("busybox:1.36");
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

#[test]
fn the_shell_does_what_busybox_does() {
    let recorded = include_str!("busybox/recorded.txt");
    let lines: Vec<&str> = recorded.lines().collect();
    let mut failures = Vec::new();
    let mut count = 0;
    for case in lines.chunks_exact(3) {
        count += 1;
        let script = case[0].replace('␤', "\n");
        let code: i32 = case[1].parse().unwrap();
        let stdout = unescape(case[2]);
        let got = run(&script);
        if (got.0, &got.1) != (code, &stdout) {
            failures.push(format!(
                "{}\n  real: {code} {stdout:?}\n  ours: {} {:?} stderr {:?}",
                case[0], got.0, got.1, got.2
            ));
        }
    }
    assert!(count > 300, "only {count} cases");
    assert!(
        failures.is_empty(),
        "{} of {count} differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}
