//! The visitor's own shell: commands beside the cluster, sequences and pipes.

use super::{curl, fault, kubectl, laptop, line, Desk, Typed};
use crate::go_format::parse_duration;
use crate::time::Duration;

/// How deep `$(…)` may stand in `$(…)`.
const DEPTH_MAX: usize = 4;

const HELP: &str = "kubectl …          as against the cluster at the playhead; kubectl help
kubectl exec -it POD -- sh
                   a shell in a container; exit leaves it
curl URL           a Pod's address, a Service's address or name, a node port
… | grep, head, …  pipes, with the tools of busybox; ; && || $(…) too
watch kubectl …    looks every two seconds; this, logs -f and get -w go on as time does,
                   until Ctrl+C
kubectl port-forward POD 8080:80 &
                   then curl localhost:8080
fault              breaks something; `fault` lists what, `fault KIND` says how
-f FILE            any file name stands for the editor's text
";

/// Commands that are answered here and not by busybox.
pub(super) const OURS: [&str; 6] = ["kubectl", "k", "curl", "watch", "fault", "help"];

/// Answers a line.
pub fn run(desk: &Desk, line: &str) -> Typed {
    answer(desk, line, 0)
}

fn answer(desk: &Desk, text: &str, depth: usize) -> Typed {
    let parts = line::sequence(text);
    if !parts.iter().any(|(_, part)| is_ours(part)) {
        return laptop::run(desk, text, None);
    }
    let mut all = Typed {
        exit_code: desk.status,
        ..Typed::default()
    };
    for (after, part) in parts {
        let goes_on = match after {
            line::After::Any => true,
            line::After::Success => all.exit_code == 0,
            line::After::Failure => all.exit_code != 0,
        };
        if !goes_on {
            continue;
        }
        let forwards = [desk.forwards, &all.forwards].concat();
        let here = Desk {
            status: all.exit_code,
            forwards: &forwards,
            ..*desk
        };
        let typed = pipeline(&here, part.trim(), depth);
        all.stdout.push_str(&typed.stdout);
        all.stderr.push_str(&typed.stderr);
        all.acts.extend(typed.acts);
        all.exit_code = typed.exit_code;
        all.unfinished |= typed.unfinished;
        all.edits |= typed.edits;
        all.forwards.extend(typed.forwards);
        all.shell = typed.shell;
    }
    all
}

fn is_ours(part: &str) -> bool {
    let first = part.split_whitespace().next().unwrap_or("");
    OURS.contains(&first) || part.contains("$(kubectl ") || part.contains("$(k ")
}

/// One command of a sequence, with what it is piped into.
fn pipeline(desk: &Desk, text: &str, depth: usize) -> Typed {
    let (first, rest) = line::first_stage(text);
    let mut typed = command(desk, first, rest.is_some(), depth);
    if let Some(rest) = rest {
        pipe(desk, rest, &mut typed);
    }
    typed
}

/// Sends what was printed through the stages after a pipe.
pub fn pipe(desk: &Desk, rest: &str, typed: &mut Typed) {
    let piped = laptop::run(desk, rest, Some(&typed.stdout));
    typed.stdout = piped.stdout;
    typed.stderr.push_str(&piped.stderr);
    typed.exit_code = piped.exit_code;
}

fn command(desk: &Desk, text: &str, is_piped: bool, depth: usize) -> Typed {
    let text = match depth {
        DEPTH_MAX => text.to_owned(),
        depth => line::substituted(text, |inner| answer(desk, inner, depth + 1).stdout),
    };
    let (words, sends) = line::redirected(line::words(&text));
    let name = words.first().map_or("", String::as_str);
    let mut typed = match name {
        "" | "clear" => Typed::default(),
        "help" => Typed {
            stdout: HELP.into(),
            ..Typed::default()
        },
        "kubectl" | "k" => kubectl(desk, &words[1..]),
        "curl" => curl::run(desk, &words[1..]),
        "fault" => fault::run(&words[1..]),
        "watch" => watch(desk, &words[1..], depth),
        _ => return laptop::run(desk, &text, None),
    };
    redirect(sends, is_piped, &mut typed);
    if name == "curl" {
        // Another program's words: no redirection of this one's takes them along.
        let handled = curl::handled(desk, &words[1..]);
        typed.stderr.insert_str(0, &handled);
    }
    typed
}

/// Sends what was printed where the line says.
pub fn redirect(sends: line::Sends, is_piped: bool, typed: &mut Typed) {
    if sends.errors_to_output {
        let errors = std::mem::take(&mut typed.stderr);
        typed.stdout.push_str(&errors);
    }
    if sends.drops_output && !is_piped {
        typed.stdout.clear();
    }
    if sends.drops_errors {
        typed.stderr.clear();
    }
}

/// Seconds after `-n`, as they are written, and the words of the command that is watched.
fn watched(words: &[String]) -> (&str, &[String]) {
    let mut seconds = "2.0";
    let mut rest = words;
    while let Some(first) = rest.first().filter(|word| word.starts_with('-')) {
        let is_interval = matches!(first.as_str(), "-n" | "--interval");
        if let Some(given) = rest.get(1).filter(|_| is_interval) {
            seconds = given;
            rest = &rest[1..];
        } else if let Some(given) = first.strip_prefix("-n").filter(|given| !given.is_empty()) {
            seconds = given;
        }
        rest = &rest[1..];
    }
    (seconds, rest)
}

/// How often `watch …` looks.
pub fn interval(words: &[String]) -> Duration {
    let (seconds, _) = watched(words.get(1..).unwrap_or_default());
    let text = [seconds, "s"].concat();
    parse_duration(&text).unwrap_or(Duration::from_secs(2))
}

/// `watch [-n SECONDS] COMMAND`: one look, and it goes on.
fn watch(desk: &Desk, words: &[String], depth: usize) -> Typed {
    let (seconds, rest) = watched(words);
    let line = rest.join(" ");
    if line.is_empty() || depth == DEPTH_MAX {
        return Typed {
            stderr: "watch: no command\n".into(),
            exit_code: 1,
            ..Typed::default()
        };
    }
    let mut typed = answer(desk, &line, depth + 1);
    let point = if seconds.contains('.') { "" } else { ".0" };
    typed.stdout = format!("Every {seconds}{point}s: {line}\n\n{}", typed.stdout);
    typed.unfinished = true;
    typed
}
