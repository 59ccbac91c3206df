//! A terminal beside the cluster: `kubectl`, `curl`, pipes, and shells inside containers.
//!
//! A line is answered against the cluster of one moment. What it changes comes back as steps; a
//! line that only looks leaves nothing behind.

mod complete;
mod curl;
mod fault;
mod follow;
#[cfg(test)]
mod follow_tests;
mod home;
mod laptop;
mod line;
#[cfg(test)]
mod tests;
mod typed;

pub use complete::complete;
pub use follow::{follow, Kept};
pub use typed::{Following, Shell, Typed};

use crate::cluster::Cluster;
use crate::container::{ExecResult, ExecStart, PodWorld, WorldEvent};
use crate::ids::PodId;
use crate::kubectl::{self, Forward};
use crate::scenario::{Act, ContainerRef};
use crate::time::{Duration, Instant};

/// A command that is not done after this long goes on unseen.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// What a line is answered with.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub cluster: &'a Cluster,
    pub now: Instant,
    /// Text of any file that is named after `-f`.
    pub manifest: &'a str,
    /// The container in which a shell is open.
    pub shell: Option<&'a Shell>,
    /// What the line before ended with: `$?`.
    pub status: u8,
    /// Local ports that commands before it listen on.
    pub forwards: &'a [Forward],
}

impl<'a> Desk<'a> {
    /// Beside the cluster of a moment, with nothing typed before.
    pub const fn at(cluster: &'a Cluster, now: Instant, manifest: &'a str) -> Self {
        Desk {
            cluster,
            now,
            manifest,
            shell: None,
            status: 0,
            forwards: &[],
        }
    }
}

/// Answers a line.
pub fn run(desk: &Desk, line: &str) -> Typed {
    let line = line.trim();
    match desk.shell {
        Some(shell) => inside(desk, shell, line),
        None => {
            let mut typed = home::run(desk, line);
            // What has changed something is not done again.
            typed.follows = typed.unfinished && typed.acts.is_empty() && follow::is_one(line);
            typed
        }
    }
}

/// Runs kubectl, or opens a shell.
fn kubectl(desk: &Desk, args: &[String]) -> Typed {
    let (args, stdin) = with_file(args, desk.manifest);
    let output = kubectl::run_with_input(
        desk.cluster,
        desk.now,
        &desk.cluster.namespace,
        &args,
        stdin,
    );
    let mut typed = typed(&output, &args);
    if let [Act::Exec { target, command }] = output.inputs.as_slice() {
        exec(desk, target, command, &args, &mut typed);
    } else if !output.inputs.is_empty() {
        let mut step = String::from("kubectl: {args: ");
        line::quote_list(&args, &mut step);
        if stdin.is_some() {
            step.push_str(", stdin: ");
            line::quote(desk.manifest, &mut step);
        }
        step.push('}');
        typed.acts.push(step);
    }
    typed
}

/// What kubectl printed. That `wait` has waited in vain is said at its end.
fn typed(output: &kubectl::Output, args: &[String]) -> Typed {
    let is_waiting = output.unfinished && kubectl::verb(args) == "wait";
    Typed {
        stdout: output.stdout.clone(),
        stderr: match is_waiting {
            true => String::new(),
            false => output.stderr.clone(),
        },
        exit_code: output.exit_code,
        unfinished: output.unfinished,
        edits: output.edits,
        forwards: output.forwards.clone(),
        ..Typed::default()
    }
}

/// The arguments with any file's name after `-f` replaced by standard input's, and what comes there.
fn with_file<'m>(args: &[String], manifest: &'m str) -> (Vec<String>, Option<&'m str>) {
    let mut args = args.to_vec();
    // `logs -f` follows; what is behind `exec … --` is another program's.
    let takes_file = !matches!(kubectl::verb(&args), "exec" | "logs");
    let is_flag = |arg: &String| {
        let is_joined = arg.starts_with("-f") || arg.starts_with("--filename=");
        is_joined || arg == "--filename"
    };
    let own = args.iter().take_while(|arg| *arg != "--");
    let Some(at) = own.into_iter().position(is_flag).filter(|_| takes_file) else {
        return (args, None);
    };
    match args[at].as_str() {
        "-f" | "--filename" => match args.get_mut(at + 1) {
            Some(name) => *name = "-".into(),
            None => return (args, None),
        },
        _ => args[at] = "--filename=-".into(),
    }
    (args, Some(manifest))
}

fn exec(
    desk: &Desk,
    target: &ContainerRef,
    command: &[String],
    args: &[String],
    typed: &mut Typed,
) {
    let Some((pod, container)) = find(desk.cluster, target) else {
        return;
    };
    let flags = args.iter().take_while(|arg| *arg != "--");
    let takes_input = flags.into_iter().any(|arg| {
        arg == "--stdin" || (arg.starts_with('-') && !arg.starts_with("--") && arg.contains('i'))
    });
    let is_shell =
        matches!(command, [one] if matches!(one.rsplit('/').next(), Some("sh" | "bash" | "ash")));
    if takes_input && is_shell && typed.exit_code == 0 {
        typed.unfinished = false;
        typed.shell = Some(Shell {
            pod: target.pod.to_string(),
            container: target.container.clone(),
            program: command[0].clone(),
            cwd: in_world(
                desk,
                pod,
                container,
                &[command[0].clone(), "-c".into(), "pwd".into()],
            )
            .map_or_else(String::new, |(result, _)| {
                text(&result.stdout).trim().into()
            }),
            since: desk.cluster.pods[pod.index()].world.started_at(container),
            variables: String::new(),
        });
        return;
    }
    if in_world(desk, pod, container, command).is_some_and(|(_, changed)| changed) {
        typed.acts.push(exec_step(target, command));
    }
}

/// A line in a container's shell: its directory, variables and exit code are kept, everything else
/// ends with the line.
fn inside(desk: &Desk, shell: &Shell, line: &str) -> Typed {
    let here = Typed {
        shell: Some(shell.clone()),
        exit_code: desk.status,
        ..Typed::default()
    };
    let target = ContainerRef {
        pod: crate::scenario::PodRef::Name(shell.pod.clone()),
        container: shell.container.clone(),
    };
    // A shell ends with its container.
    let found = find(desk.cluster, &target).filter(|(pod, container)| {
        let world = &desk.cluster.pods[pod.index()].world;
        world.is_running(*container) && world.started_at(*container) == shell.since
    });
    let gone = Typed {
        stderr: "command terminated with exit code 137\n".into(),
        exit_code: 137,
        ..Typed::default()
    };
    let Some((pod, container)) = found else {
        return gone;
    };
    if matches!(line, "exit" | "logout") {
        return left(desk.status);
    }
    if line.is_empty() || line == "clear" {
        return here;
    }
    let mut script = shell.variables.clone();
    script.push_str("cd ");
    line::shell_quote(&shell.cwd, &mut script);
    let moves = line == "cd" || line.starts_with("cd ");
    script.push_str(&match moves {
        true => format!(" && {line} && pwd"),
        false => format!(" && {}", with_status(desk, line)),
    });
    let command = vec![shell.program.clone(), "-c".into(), script];
    let Some((result, changed)) = in_world(desk, pod, container, &command) else {
        return gone;
    };
    let mut typed = Typed {
        stdout: text(&result.stdout),
        stderr: text(&result.stderr),
        exit_code: u8::try_from(result.exit_code & 0xff).unwrap_or(1),
        ..here
    };
    if let Some(open) = typed.shell.as_mut().filter(|_| result.exit_code == 0) {
        if moves {
            open.cwd = typed.stdout.trim().into();
        } else if line::is_assignment(line) {
            open.variables.push_str(&with_status(desk, line));
            open.variables.push('\n');
        }
    }
    if moves && result.exit_code == 0 {
        typed.stdout.clear();
    } else if changed {
        typed.acts.push(exec_step(&target, &command));
    }
    if !ends_running(desk, pod, container, &command) {
        typed.shell = None;
    }
    typed
}

/// A line that may ask for `$?`, the exit code of the line before.
fn with_status(desk: &Desk, line: &str) -> String {
    match desk.status {
        status if status != 0 && line.contains("$?") => format!("(exit {status})\n{line}"),
        _ => line.to_owned(),
    }
}

/// The shell ended with the code of its last command, which kubectl tells unless it is 0 (EXE-01).
fn left(status: u8) -> Typed {
    let stderr = match status {
        0 => String::new(),
        status => format!("command terminated with exit code {status}\n"),
    };
    Typed {
        stderr,
        exit_code: status,
        ..Typed::default()
    }
}

fn exec_step(target: &ContainerRef, command: &[String]) -> String {
    let mut step = format!(
        "exec: {{pod: {}, container: {}, command: ",
        target.pod, target.container
    );
    line::quote_list(command, &mut step);
    step.push('}');
    step
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn find(cluster: &Cluster, target: &ContainerRef) -> Option<(PodId, u32)> {
    let pod = *crate::controllers::resolve(cluster, &target.pod).first()?;
    let number = cluster.pods[pod.index()]
        .spec
        .container_number(&target.container)?;
    Some((pod, number as u32))
}

/// Runs a command in a copy of a Pod's world. What it printed, and whether it left anything
/// behind; None if it could not be started.
fn in_world(
    desk: &Desk,
    pod: PodId,
    container: u32,
    command: &[String],
) -> Option<(ExecResult, bool)> {
    let mut world = desk.cluster.pods[pod.index()].world.clone();
    let before = world.clone();
    let result = match world.exec(desk.now, container, command) {
        ExecStart::Finished(result) => result,
        ExecStart::Started(exec) => {
            // Something may go on in the background, so what it leaves counts from here.
            finish(desk, Some(pod), &mut world, exec).unwrap_or_default()
        }
        _ => return None,
    };
    Some((result, world.differs_from(&before)))
}

fn ends_running(desk: &Desk, pod: PodId, container: u32, command: &[String]) -> bool {
    let mut world = desk.cluster.pods[pod.index()].world.clone();
    let _ = world.exec(desk.now, container, command);
    world.is_running(container)
}

/// Lets a world alone go on until a command ends.
fn finish(
    desk: &Desk,
    pod: Option<PodId>,
    world: &mut PodWorld,
    exec: crate::container::ExecId,
) -> Option<ExecResult> {
    let now = desk.now;
    let mut happened = Vec::new();
    crate::network::answer_copy(desk.cluster, now, pod, world);
    while let Some(at) = world.poll_at().filter(|at| *at <= now + LONGEST) {
        world.poll(at, &mut happened);
        crate::network::answer_copy(desk.cluster, at.max(now), pod, world);
        for event in happened.drain(..) {
            match event {
                WorldEvent::ExecFinished {
                    exec: ended,
                    result,
                    ..
                } if ended == exec => return Some(result),
                _ => {}
            }
        }
    }
    None
}
