//! The machine at which the visitor sits: busybox, with nothing on it.

use super::{finish, text, with_status, Desk, Typed};
use crate::container::{image, ContainerSetup, ExecStart, Place, PodWorld};
use std::sync::Arc;

/// Where the output of the stage before a pipe is kept.
const INPUT: &str = "/tmp/.stdin";

/// Runs a line of shell, with this on its standard input.
pub fn run(desk: &Desk, line: &str, input: Option<&str>) -> Typed {
    let (busybox, _) = image::resolve("busybox:1.36");
    let mut setup = ContainerSetup::of(busybox);
    setup.command = Some(vec!["sleep".into(), "1000000".into()]);
    let mut world = PodWorld::new(desk.cluster.start_unix_secs, Place::default());
    if world.start(desk.now, 0, &Arc::new(setup)).is_err() {
        return Typed::default();
    }
    let script = match input {
        Some(input) => {
            world.set_file(desk.now, 0, INPUT, Some(input.as_bytes()));
            format!("cat {INPUT} | {line}")
        }
        None => with_status(desk, line),
    };
    let command = ["sh".into(), "-c".into(), script];
    let result = match world.exec(desk.now, 0, &command) {
        ExecStart::Finished(result) => Some(result),
        ExecStart::Started(exec) => finish(desk, None, &mut world, exec),
        _ => None,
    };
    match result {
        Some(result) => Typed {
            stdout: text(&result.stdout),
            stderr: text(&result.stderr),
            exit_code: u8::try_from(result.exit_code & 0xff).unwrap_or(1),
            ..Typed::default()
        },
        None => Typed {
            unfinished: true,
            ..Typed::default()
        },
    }
}
