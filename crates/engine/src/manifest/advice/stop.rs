//! Rules about the end of a process.

use super::{Found, Subject};
use crate::api::{Handler, ProbeKind};

/// A grace that a hung process had better not get.
const LONG_GRACE_SECONDS: u32 = 60;
const SHELLS: [&str; 4] = ["sh", "bash", "ash", "dash"];

/// RZ005: a process that hangs seldom obeys SIGTERM either: the grace is spent in full (TRM-02).
pub(super) fn grace_of_hung(subject: &Subject) -> Vec<Found> {
    let Some(live) = &subject.container.liveness_probe else {
        return Vec::new();
    };
    let grace = subject.spec.termination_grace_period_seconds;
    if live.termination_grace_period_seconds.is_some() || grace < LONG_GRACE_SECONDS {
        return Vec::new();
    }
    let message =
        format!("a hung process keeps the container down for {grace} s more before it is killed");
    let suggestion = "set terminationGracePeriodSeconds in the livenessProbe";
    let path = [&subject.path, ".", ProbeKind::Liveness.field()].concat();
    vec![Found::new(path, message, suggestion)]
}

/// RZ012: the hook spends the grace; what is left for the process is two seconds (TRM-03).
pub(super) fn long_hook(subject: &Subject) -> Vec<Found> {
    let grace = u64::from(subject.spec.termination_grace_period_seconds);
    let (field, seconds) = match &subject.container.pre_stop {
        Some(Handler::Sleep { seconds }) => ("sleep.seconds", *seconds),
        Some(Handler::Exec { command }) => ("exec", sleep_in(command)),
        _ => return Vec::new(),
    };
    if seconds == 0 || seconds < grace {
        return Vec::new();
    }
    let message =
        format!("the hook takes {seconds} s of a grace of {grace} s: SIGTERM comes with 2 s left");
    let path = [&subject.path, ".lifecycle.preStop.", field].concat();
    vec![Found::new(
        path,
        message,
        "raise terminationGracePeriodSeconds",
    )]
}

/// The seconds of `sleep N`, alone or within a shell's script.
fn sleep_in(command: &[String]) -> u64 {
    let words = command
        .iter()
        .flat_map(|part| part.split([' ', ';', '&', '\n']));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let mut pairs = words.windows(2);
    let sleep = pairs.find(|pair| pair[0] == "sleep" || pair[0] == "/bin/sleep");
    let amount = sleep.map_or("", |pair| pair[1]).trim_end_matches('s');
    amount.parse().unwrap_or(0)
}

/// RZ013: a shell as process 1 has no handler, so SIGTERM is lost (RST-07).
pub(super) fn deaf_shell(subject: &Subject) -> Vec<Found> {
    let container = subject.container;
    let empty = Vec::new();
    let command = container.command.as_ref().unwrap_or(&empty);
    let words: Vec<&String> = command
        .iter()
        .chain(container.args.iter().flatten())
        .collect();
    let [shell, flags, script, ..] = words[..] else {
        return Vec::new();
    };
    let is_shell = SHELLS.contains(&shell.rsplit('/').next().unwrap_or(""));
    let runs_script = flags.starts_with('-') && flags.ends_with('c');
    let one_command = !script.contains([';', '&', '|', '\n']);
    let execs = script
        .split([';', '&', '\n', ' '])
        .any(|word| word == "exec");
    // A shell that has only one command to run becomes it.
    if !is_shell || !runs_script || one_command || execs || script.contains("trap ") {
        return Vec::new();
    }
    let grace = subject.spec.termination_grace_period_seconds;
    let message = format!(
        "the shell is process 1 and ignores SIGTERM: every stop takes {grace} s and ends with \
         SIGKILL, exit code 137"
    );
    let field = if container.command.is_some() {
        "command"
    } else {
        "args"
    };
    let path = [&subject.path, ".", field].concat();
    vec![Found::new(path, message, "exec the server, or trap TERM")]
}
