//! `kubectl help`, and what is said of commands that are not known.

use super::args::Takes;
use super::failure::Failure;
use super::{find, verbs, Output, Verb};
use crate::manifest::distance;

/// Verbs of kubectl that readyz does not have.
const ABSENT: &[&str] = &[
    "attach",
    "certificate",
    "completion",
    "cp",
    "debug",
    "kustomize",
    "plugin",
    "proxy",
];

/// How many letters may be wrong in a command that is meant.
const WRONG_MAX: usize = 2;

/// The answer to `help`, `-h` and to no command at all.
pub fn asked(words: &[String], args: &[String]) -> Option<Output> {
    let first = words.first().map_or("", String::as_str);
    let before_command = args.iter().take_while(|arg| *arg != "--");
    let is_flag = |arg: &&String| matches!(arg.as_str(), "-h" | "--help");
    let text = match first {
        "" => overview(),
        "help" => of(&args[1..]),
        _ if before_command.into_iter().any(|arg| is_flag(&arg)) => of(words),
        _ => return None,
    };
    Some(Output::printed(text))
}

fn overview() -> String {
    let mut text = String::from("kubectl controls the Kubernetes cluster manager.\n\nCommands:\n");
    for verb in verbs() {
        text.push_str(&format!("  {:<16}{}\n", verb.name, verb.summary));
    }
    text.push_str("\nUsage:\n  kubectl [flags] [options]\n");
    text
}

/// Help about a verb, or about a group of them.
fn of(words: &[String]) -> String {
    let first = words.first().map_or("", String::as_str);
    let group = [first, " "].concat();
    if let Ok((verb, _)) = find(words, words) {
        return about(verb);
    }
    let members: Vec<&Verb> = verbs()
        .filter(|verb| verb.name.starts_with(&group))
        .collect();
    if members.is_empty() {
        return overview();
    }
    let mut text = String::from("Available Commands:\n");
    for verb in members {
        let name = &verb.name[group.len()..];
        text.push_str(&format!("  {name:<13}{}\n", verb.summary));
    }
    text.push_str(&format!("\nUsage:\n  kubectl {first} [flags] [options]\n"));
    text
}

fn about(verb: &Verb) -> String {
    let mut text = format!("{}.\n\nOptions:\n", verb.summary);
    for flag in verb.flags {
        let short = match flag.short {
            '\0' => "    ".to_owned(),
            short => format!("-{short}, "),
        };
        let value = match flag.takes {
            Takes::Nothing => "=false".to_owned(),
            Takes::Value => "=''".to_owned(),
            Takes::Default(default) => format!("='{default}'"),
        };
        text.push_str(&format!("    {short}--{}{value}\n", flag.long));
    }
    let name = verb.name;
    text.push_str(&format!("\nUsage:\n  kubectl {name} [flags] [options]\n"));
    text
}

/// ERR-09.
pub fn unknown(first: &str, second: &str) -> Failure {
    if ABSENT.contains(&first) {
        return Failure::client(format!("\"kubectl {first}\" is not simulated"));
    }
    let is_group = |group: &str| verbs().any(|verb| verb.name.starts_with(group));
    if is_group(&format!("{first} ")) {
        let list = verbs().filter_map(|verb| verb.name.strip_prefix(first)?.strip_prefix(' '));
        let list: Vec<&str> = list.collect();
        return Failure::client(match second {
            "" => format!("a sub-command is required: {}", list.join(", ")),
            second => {
                let meant = meant(second, list.into_iter());
                format!("unknown command \"{second}\" for \"kubectl {first}\"{meant}")
            }
        });
    }
    let names = verbs().map(|verb| verb.name.split(' ').next().unwrap_or(""));
    let meant = meant(first, names);
    Failure::client(format!(
        "unknown command \"{first}\" for \"kubectl\"{meant}"
    ))
}

/// Commands that are nearly spelt so.
fn meant<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> String {
    let typed = typed.to_ascii_lowercase();
    let is_near = |name: &&str| {
        distance(&typed, name, false) <= WRONG_MAX || name.starts_with(typed.as_str())
    };
    let mut near: Vec<&str> = names.filter(is_near).collect();
    near.sort_unstable();
    near.dedup();
    if typed.is_empty() || near.is_empty() {
        return String::new();
    }
    ["\n\nDid you mean this?\n\t", &near.join("\n\t")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearly_right_is_proposed() {
        assert_eq!(distance("desribe", "describe", false), 1);
        assert_eq!(distance("", "get", false), 3);
        let text = unknown("desribe", "").line();
        let expected =
            "error: unknown command \"desribe\" for \"kubectl\"\n\nDid you mean this?\n\t\
                        describe\n";
        assert_eq!(text, expected);
        let text = unknown("rollout", "statsu").line();
        assert!(text.ends_with("for \"kubectl rollout\"\n\nDid you mean this?\n\tstatus\n"));
        assert_eq!(unknown("foobar", "").line().lines().count(), 1);
    }
}
