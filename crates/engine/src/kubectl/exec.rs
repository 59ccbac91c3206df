//! `kubectl exec` (EXE-*).

use super::args::{Args, Flags};
use super::failure::Failure;
use super::flags::{duration, switch, value};
use super::pod_choice;
use super::view::View;
use super::{Output, Verb};
use crate::container::{ExecResult, ExecStart, PodWorld, WorldEvent};
use crate::ids::PodId;
use crate::network;
use crate::scenario::{Act, ContainerRef, PodRef};
use crate::status::ContainerState;
use crate::time::Duration;

const FLAGS: Flags = &[&[
    value("container", 'c'),
    value("filename", 'f').absent(),
    duration("pod-running-timeout"),
    switch("quiet", 'q'),
    switch("stdin", 'i'),
    switch("tty", 't'),
]];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "exec",
    summary: "Execute a command in a container",
    flags: FLAGS,
    run,
}];

/// A command that is not done after this long goes on unseen.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let Some(word) = args.names.first() else {
        let text = "pod, type/name or --filename must be specified";
        return Err(Failure::client(text));
    };
    let command = match &args.command {
        None if args.names.len() > 1 => return Err(Failure::usage(
            "exec",
            "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead",
        )),
        Some(command) if !command.is_empty() => command,
        _ => {
            let text = "you must specify at least one command for the container";
            return Err(Failure::client(text));
        }
    };
    let (id, _) = pod_choice::pod(view, word, "attach to")?;
    let pod = view.pod(id);
    let phase = pod.status.phase;
    if phase.is_terminal() {
        return Err(Failure::client(format!(
            "cannot exec into a container in a completed pod; current phase is {}",
            phase.name()
        )));
    }
    let (number, defaulted) = pod_choice::container(pod, args.get("container"))?;
    let mut output = Output {
        stderr: defaulted,
        ..Output::default()
    };
    if args.is_on("tty") && args.is_on("stdin") && view.stdin.is_some() {
        output
            .stderr
            .push_str("Unable to use a TTY - input is not a terminal or the right kind of file\n");
    }
    let name = pod.spec.container(number).map_or("", |c| c.name.as_str());
    let refused = |why: String| Failure::client(format!("unable to upgrade connection: {why}"));
    if pod.node.is_none() {
        let why = format!("pod {} does not have a host assigned", pod.name);
        output.fail(&refused(why));
        return Ok(output);
    }
    let state = pod.status.containers.get(number).map(|status| status.state);
    if !matches!(state, Some(ContainerState::Running { .. })) {
        output.fail(&refused(format!("container not found (\"{name}\")")));
        return Ok(output);
    }
    output.inputs.push(Act::Exec {
        target: ContainerRef {
            pod: PodRef::Name(pod.name.to_string()),
            container: name.to_owned(),
        },
        command: command.clone(),
    });
    let mut world = pod.world.clone();
    match world.exec(view.now, number as u32, command) {
        ExecStart::Finished(result) => show(&mut output, &result),
        ExecStart::Started(exec) => match wait(&mut world, view, id, exec) {
            Some(result) => show(&mut output, &result),
            None => output.unfinished = true,
        },
        ExecStart::NotFound(text) => {
            let id = super::pod_volume::long_id(&pod.uid, &command.join(" "));
            output.fail(&not_executable(&format!(
                "failed to start exec \"{id}\": OCI runtime exec failed: {text}"
            )));
        }
        ExecStart::NotRunning(text) => output.fail(&not_executable(text)),
    }
    Ok(output)
}

/// EXE-03.
fn not_executable(text: &str) -> Failure {
    Failure::client(format!(
        "Internal error occurred: Internal error occurred: error executing command in container: \
         failed to exec in container: {text}"
    ))
}

/// EXE-01.
fn show(output: &mut Output, result: &ExecResult) {
    output
        .stdout
        .push_str(&String::from_utf8_lossy(&result.stdout));
    output
        .stderr
        .push_str(&String::from_utf8_lossy(&result.stderr));
    if result.exit_code != 0 {
        let code = result.exit_code;
        output
            .stderr
            .push_str(&format!("command terminated with exit code {code}\n"));
        output.exit_code = u8::try_from(code & 0xff).unwrap_or(1);
    }
}

/// Lets the Pod's world alone go on until the command ends.
fn wait(
    world: &mut PodWorld,
    view: &View,
    pod: PodId,
    exec: crate::container::ExecId,
) -> Option<ExecResult> {
    let until = view.now + LONGEST;
    let mut happened = Vec::new();
    network::answer_copy(view.cluster, view.now, Some(pod), world);
    while let Some(at) = world.poll_at().filter(|at| *at <= until) {
        world.poll(at, &mut happened);
        network::answer_copy(view.cluster, at.max(view.now), Some(pod), world);
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
