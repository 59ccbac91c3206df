//! How the shell's own commands read their options, and what they say of those they do not know.

use super::run::Flow;
use super::Shell;
use crate::container::world::PodWorld;
use crate::time::Instant;

/// Builtins at whose wrong use the shell itself ends.
const SPECIAL: [&str; 13] = [
    ".", "break", "continue", "eval", "exec", "exit", "export", "readonly", "return", "set",
    "shift", "trap", "unset",
];

/// Letters of the builtins that take options: simulated, and not.
const TAKES: [(&str, &str, &str); 19] = [
    (".", "", ""),
    ("cd", "LP", ""),
    ("chdir", "LP", ""),
    ("command", "pvV", ""),
    ("exec", "", "a"),
    ("export", "np", ""),
    ("hash", "r", ""),
    ("history", "", "cdw"),
    ("jobs", "", "lp"),
    ("pwd", "LP", ""),
    ("read", "rptsAp", "ndu"),
    ("readonly", "p", ""),
    ("source", "", ""),
    ("trap", "", ""),
    ("ulimit", "HSf", "acdeilmnpqrstuvwx"),
    ("umask", "S", ""),
    ("unalias", "a", ""),
    ("unset", "vf", ""),
    ("wait", "", ""),
];

/// What is wrong with a builtin's options.
pub(super) struct Misuse {
    pub text: String,
    /// The shell ends.
    pub ends: bool,
}

/// Looks at a builtin's arguments before it does. Some: what it says instead of its work.
#[inline(never)]
pub(super) fn misuse(argv: &[String]) -> Option<Misuse> {
    let name = argv[0].as_str();
    let args = &argv[1..];
    let says = |text: String| {
        Some(Misuse {
            text: format!("{name}: {text}"),
            ends: SPECIAL.contains(&name),
        })
    };
    let number = |arg: &String| arg.is_empty() || !arg.bytes().all(|b| b.is_ascii_digit());
    match (name, args) {
        ("break" | "continue" | "exit" | "return" | "shift", [first, ..]) if number(first) => {
            return says(format!("Illegal number: {first}"));
        }
        ("fg" | "bg", _) => return says("No current job".to_string()),
        ("getopts", [] | [_]) => return says("usage: getopts optstring var [arg]".to_string()),
        ("alias", [_, ..]) if args.iter().any(|a| a.contains('=')) => {
            return says("readyz does not simulate aliases".to_string());
        }
        ("read", [flag, zero, ..]) if flag == "-t" && zero == "0" => {
            return says("readyz does not simulate -t 0".to_string());
        }
        ("help", _) => return says("readyz does not simulate it".to_string()),
        _ => {}
    }
    let (_, ours, others) = TAKES.iter().find(|(known, ..)| *known == name)?;
    for arg in args {
        let Some(letters) = arg.strip_prefix('-').filter(|l| !l.is_empty() && *l != "-") else {
            break;
        };
        for letter in letters.chars() {
            if others.contains(letter) {
                return says(format!("readyz does not simulate -{letter}"));
            }
            if !ours.contains(letter) && name == "ulimit" {
                return says(format!("invalid option -- '{letter}'"));
            }
            if !ours.contains(letter) {
                return says(format!("illegal option -{letter}"));
            }
        }
        if name == "read" {
            // Its values are its own.
            break;
        }
    }
    None
}

impl PodWorld {
    /// Says it, and ends the shell if the builtin is a special one.
    #[inline(never)]
    pub(super) fn misused(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        misuse: &Misuse,
    ) -> Flow {
        match misuse.text.starts_with("ulimit: invalid") {
            true => {
                let line = format!("{}\n", misuse.text);
                let _ = self.write_fd(now, container, pid, 2, line.as_bytes());
            }
            false => self.shell_error(now, container, pid, shell, &misuse.text),
        }
        if misuse.ends {
            return Flow::Exit(2);
        }
        shell.status = match misuse.text.starts_with("ulimit") {
            true => 1,
            false => 2,
        };
        Flow::Go
    }
}
