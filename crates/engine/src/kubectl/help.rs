//! `kubectl help`, and what groups of commands say for themselves.

use super::args::{Args, Flags};
use super::failure::Failure;
use super::find::{find, Found, Group, GROUPS};
use super::flags::{Flag, Standing, Takes, GLOBAL, NONE};
use super::view::View;
use super::{verbs, Output, Verb};

/// Registry lines.
pub const VERBS: &[Verb] = &[
    Verb::new("options", "List flags of all commands", &[], |_, _| {
        let about = "The following options can be passed to any command:\n\n";
        Ok(Output::printed([about, &options(&[GLOBAL])].concat()))
    }),
    Verb::new("help", "Help about any command", &[], topic),
];

fn topic(_: &View, args: &Args) -> Result<Output, Failure> {
    match find(&args.names) {
        Ok((found, _)) => Ok(Output::printed(about(found))),
        Err(_) => {
            let quoted = args.names.iter().map(|name| ["`", name, "`"].concat());
            let quoted = quoted.collect::<Vec<_>>().join(" ");
            Ok(Output {
                stderr: format!("Unknown help topic [{quoted}]\n\n\n{}", commands()),
                ..Output::default()
            })
        }
    }
}

/// The help about a command.
pub fn about(found: Found) -> String {
    match found {
        Found::Root => {
            let about = "kubectl controls the Kubernetes cluster manager.\n\n";
            [about, &commands()].concat()
        }
        Found::Group(group) => about_group(group),
        Found::Verb(verb) => about_verb(verb),
        Found::Absent(name) => format!("\"kubectl {name}\" is not simulated\n"),
    }
}

/// What a group says that is typed alone, or with a word that is none of its commands (ERR-09).
pub fn of_group(group: &Group, args: &Args) -> Result<Output, Failure> {
    if !args.names.is_empty() {
        let unknown = crate::go_format::quote(&args.names.join(" "));
        let text = ["unknown command ", &unknown].concat();
        return Err(Failure::usage(group.name, text));
    }
    let text = about_group(group);
    // As kubectl has it.
    let (stdout, stderr) = match group.name {
        "rollout" => (text, String::new()),
        _ => (String::new(), text),
    };
    Ok(Output {
        stdout,
        stderr,
        exit_code: 1,
        ..Output::default()
    })
}

/// One line each: names and summaries of what follows `before`.
fn lines(before: &str) -> String {
    let groups = GROUPS.iter().map(|group| (group.name, group.summary));
    let verbs = verbs().map(|verb| (verb.name, verb.summary));
    let all = groups.chain(verbs);
    let own = all.filter_map(|(name, summary)| Some((name.strip_prefix(before)?, summary)));
    let mut own: Vec<(&str, &str)> = own.filter(|(name, _)| !name.contains(' ')).collect();
    own.sort_unstable();
    let width = own.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::from("Available Commands:\n");
    for (name, summary) in own {
        text.push_str(&format!("  {name:<width$}   {summary}\n"));
    }
    text
}

fn commands() -> String {
    [&lines(""), "\nUsage:\n  kubectl [flags] [options]\n", MORE].concat()
}

const MORE: &str =
    "\nUse \"kubectl options\" for a list of global command-line options (applies to all \
     commands).\n";

fn about_group(group: &Group) -> String {
    let (name, summary) = (group.name, group.summary);
    let lines = lines(&[name, " "].concat());
    format!("{summary}.\n\n{lines}\nUsage:\n  kubectl {name} [flags] [options]\n{MORE}")
}

fn about_verb(verb: &Verb) -> String {
    let (name, summary) = (verb.name, verb.summary);
    let options = match options(verb.flags) {
        none if none.is_empty() => none,
        options => ["Options:\n", &options, "\n"].concat(),
    };
    format!("{summary}.\n\n{options}Usage:\n  kubectl {name} [flags] [options]\n{MORE}")
}

/// Flags that are simulated, in the order of the alphabet.
fn options(flags: Flags) -> String {
    let all = flags.iter().flat_map(|group| group.iter());
    let mut all: Vec<&Flag> = all
        .filter(|flag| flag.standing != Standing::Absent)
        .collect();
    all.sort_by_key(|flag| flag.long);
    let mut text = String::new();
    for flag in all {
        if flag.short != NONE {
            text.push_str(&format!("    -{}, ", flag.short));
        } else {
            text.push_str("    ");
        }
        let value = match flag.takes {
            Takes::Switch => "",
            Takes::Text => "=TEXT",
            Takes::Optional(_) => "[=TEXT]",
            Takes::Whole(_) => "=NUMBER",
            Takes::Duration => "=DURATION",
        };
        text.push_str(&format!("--{}{value}\n", flag.long));
    }
    text
}
