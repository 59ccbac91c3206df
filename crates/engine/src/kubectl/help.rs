//! `kubectl help`, and what is said of commands that are not known.

use super::failure::Failure;
use super::{verbs, Output};

/// Verbs of kubectl that readyz does not have.
const ABSENT: &[&str] = &[
    "attach",
    "certificate",
    "completion",
    "config",
    "cp",
    "debug",
    "diff",
    "edit",
    "explain",
    "kustomize",
    "plugin",
    "port-forward",
    "proxy",
    "replace",
];

/// The answer to `help`, `-h` and to no command at all.
pub fn asked(first: &str, args: &[String]) -> Option<Output> {
    let before_command = args.iter().take_while(|arg| *arg != "--");
    let is_flag = |arg: &&String| matches!(arg.as_str(), "-h" | "--help");
    if !first.is_empty() && first != "help" && before_command.into_iter().find(is_flag).is_none() {
        return None;
    }
    let mut text = String::from("kubectl controls the Kubernetes cluster manager.\n\nCommands:\n");
    for verb in verbs() {
        text.push_str(&format!("  {:<16}{}\n", verb.name, verb.summary));
    }
    text.push_str("\nUsage:\n  kubectl [flags] [options]\n");
    Some(Output::printed(text))
}

/// ERR-09.
pub fn unknown(first: &str, second: &str) -> Failure {
    if ABSENT.contains(&first) {
        return Failure::client(format!("\"kubectl {first}\" is not simulated"));
    }
    let is_group = |group: &str| verbs().any(|verb| verb.name.starts_with(group));
    if is_group(&format!("{first} ")) {
        let list = verbs().filter_map(|verb| verb.name.strip_prefix(first)?.strip_prefix(' '));
        let list = list.collect::<Vec<_>>().join(", ");
        return Failure::client(match second {
            "" => format!("a sub-command is required: {list}"),
            second => format!("unknown command \"{second}\" for \"kubectl {first}\""),
        });
    }
    Failure::client(format!("unknown command \"{first}\" for \"kubectl\""))
}
