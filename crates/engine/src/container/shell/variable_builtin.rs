//! Builtins about variables and options: `export`, `readonly`, `local`, `unset`, `set`,
//! `getopts`, `let`.

use super::arith::{self, Variables};
use super::{Frame, Options, Shell};
use crate::container::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

impl Variables for Shell {
    fn get(&self, name: &str) -> Option<String> {
        self.variable(name).map(str::to_string)
    }

    fn set(&mut self, name: &str, value: i64) {
        let _ = self.set_variable(name, &value.to_string());
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\"'\"'"))
}

impl PodWorld {
    /// Err: the shell ends with this text.
    pub(super) fn variable_builtin(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        argv: &[String],
    ) -> Result<i32, String> {
        let args = &argv[1..];
        shell.environment = None;
        match argv[0].as_str() {
            "export" | "readonly" => {
                if args.is_empty() || args[0] == "-p" {
                    let text = listed(shell, &argv[0]);
                    let _ = self.write_fd(now, container, pid, 1, text.as_bytes());
                    return Ok(0);
                }
                mark(shell, &argv[0], args)
            }
            "local" => local(shell, args),
            "unset" => unset(shell, args),
            "let" => {
                let mut value = 0;
                for arg in args {
                    value = arith::evaluate(arg, shell).map_err(|e| e.text().to_string())?;
                }
                Ok(i32::from(value == 0))
            }
            _ => self.getopts(now, container, pid, shell, args),
        }
    }

    /// `set`: options, positional parameters, or the list of variables.
    pub(super) fn set_builtin(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        args: &[String],
    ) -> Result<i32, String> {
        if args.is_empty() {
            let mut text = String::new();
            for (name, variable) in shell.variables.iter() {
                if let Some(value) = &variable.value {
                    text.push_str(&format!("{name}={}\n", single_quoted(value)));
                }
            }
            let _ = self.write_fd(now, container, pid, 1, text.as_bytes());
            return Ok(0);
        }
        let mut at = 0;
        while let Some(arg) = args.get(at) {
            let on = arg.starts_with('-');
            if arg == "--" || arg == "-" {
                at += 1;
                shell.positional = Arc::new(args[at..].to_vec());
                return Ok(0);
            }
            if !on && !arg.starts_with('+') || arg.len() < 2 {
                shell.positional = Arc::new(args[at..].to_vec());
                return Ok(0);
            }
            for letter in arg[1..].chars() {
                if letter == 'o' {
                    at += 1;
                    let Some(name) = args.get(at) else {
                        let text = shell.options.listed(on);
                        let _ = self.write_fd(now, container, pid, 1, text.as_bytes());
                        return Ok(0);
                    };
                    if !shell.options.set_by_name(name, on) {
                        let text = format!("set: illegal option -o {name}");
                        self.shell_error(now, container, pid, shell, &text);
                        return Ok(1);
                    }
                } else if !shell.options.set_by_letter(letter, on) {
                    let sign = if on { '-' } else { '+' };
                    return Err(format!("set: illegal option {sign}{letter}"));
                }
            }
            at += 1;
        }
        Ok(0)
    }

    fn getopts(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        args: &[String],
    ) -> Result<i32, String> {
        let [spec, name, rest @ ..] = args else {
            return Err("getopts: Usage: getopts optstring var [arg...]".to_string());
        };
        let words = if rest.is_empty() {
            shell.positional.to_vec()
        } else {
            rest.to_vec()
        };
        let index: usize = shell
            .variable("OPTIND")
            .and_then(|v| v.parse().ok())
            .unwrap_or(1);
        let quiet = spec.starts_with(':');
        let word = words
            .get(index.saturating_sub(1))
            .cloned()
            .unwrap_or_default();
        let inner = shell.getopts_at.max(1) as usize;
        let letters: Vec<char> = word.chars().collect();
        if word == "--" || !word.starts_with('-') || letters.len() < 2 {
            let past = index + usize::from(word == "--");
            shell.set_variable("OPTIND", &past.to_string())?;
            shell.set_variable(name, "?")?;
            return Ok(1);
        }
        let letter = letters.get(inner).copied().unwrap_or('?');
        let wants = spec
            .find(letter)
            .filter(|_| letter != ':')
            .map(|at| spec[at + letter.len_utf8()..].starts_with(':'));
        let mut next = (index, inner + 1);
        if inner + 1 >= letters.len() {
            next = (index + 1, 1);
        }
        let mut value = letter.to_string();
        match wants {
            None => {
                value = "?".to_string();
                if quiet {
                    shell.set_variable("OPTARG", &letter.to_string())?;
                } else {
                    let text = format!("Illegal option -{letter}\n");
                    let _ = self.write_fd(now, container, pid, 2, text.as_bytes());
                }
            }
            Some(true) => {
                let rest = letters.get(inner + 1..).unwrap_or_default();
                let attached: String = rest.iter().collect();
                let argument = if attached.is_empty() {
                    next = (index + 2, 1);
                    words.get(index).cloned()
                } else {
                    next = (index + 1, 1);
                    Some(attached)
                };
                let missing = argument.is_none();
                if missing && !quiet {
                    let text = format!("No arg for -{letter} option\n");
                    let _ = self.write_fd(now, container, pid, 2, text.as_bytes());
                }
                value = option_value(shell, letter, argument, quiet)?;
            }
            Some(false) => {
                Arc::make_mut(&mut shell.variables).remove("OPTARG");
            }
        }
        shell.set_variable("OPTIND", &next.0.to_string())?;
        shell.getopts_at = u32::try_from(next.1).unwrap_or(1);
        shell.set_variable(name, &value)?;
        Ok(0)
    }
}

/// The variables that `export` or `readonly` has marked.
fn listed(shell: &Shell, name: &str) -> String {
    let mut text = String::new();
    for (variable_name, variable) in shell.variables.iter() {
        let listed = match name {
            "export" => variable.exported,
            _ => variable.readonly,
        };
        if let (true, Some(value)) = (listed, &variable.value) {
            let value = single_quoted(value);
            text.push_str(&format!("{name} {variable_name}={value}\n"));
        }
    }
    text
}

/// `NAME` or `NAME=VALUE`.
fn assignment(arg: &str) -> (&str, Option<&str>) {
    match arg.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (arg, None),
    }
}

/// `export` and `readonly`.
fn mark(shell: &mut Shell, builtin: &str, args: &[String]) -> Result<i32, String> {
    let unexport = args[0] == "-n";
    for arg in args.iter().filter(|a| !a.starts_with('-')) {
        let (name, value) = assignment(arg);
        if !is_name(name) {
            return Err(format!("{builtin}: {name}: bad variable name"));
        }
        if let Some(value) = value {
            shell.set_variable(name, value)?;
        }
        let variables = Arc::make_mut(&mut shell.variables);
        let variable = variables.entry(name.to_string()).or_default();
        if builtin == "export" {
            variable.exported = !unexport;
        } else {
            variable.readonly = true;
        }
    }
    Ok(0)
}

fn local(shell: &mut Shell, args: &[String]) -> Result<i32, String> {
    let in_function = shell
        .frames
        .iter()
        .any(|frame| matches!(frame, Frame::Call { .. }));
    if !in_function {
        return Err("local: not in a function".to_string());
    }
    for arg in args {
        let (name, value) = assignment(arg);
        shell.make_local(name);
        match value {
            Some(value) => shell.set_variable(name, value)?,
            None => {
                let variables = Arc::make_mut(&mut shell.variables);
                variables.entry(name.to_string()).or_default().value = None;
            }
        }
    }
    Ok(0)
}

fn unset(shell: &mut Shell, args: &[String]) -> Result<i32, String> {
    let functions = args.first().is_some_and(|a| a == "-f");
    for name in args.iter().filter(|a| !a.starts_with('-')) {
        if functions {
            Arc::make_mut(&mut shell.functions).remove(name);
            continue;
        }
        if shell.variables.get(name).is_some_and(|v| v.readonly) {
            return Err(format!("unset: {name}: is read only"));
        }
        Arc::make_mut(&mut shell.variables).remove(name);
    }
    Ok(0)
}

/// What `getopts` puts into its variable for an option with an argument.
fn option_value(
    shell: &mut Shell,
    letter: char,
    argument: Option<String>,
    quiet: bool,
) -> Result<String, String> {
    match argument {
        Some(argument) => {
            shell.set_variable("OPTARG", &argument)?;
            Ok(letter.to_string())
        }
        None if quiet => {
            shell.set_variable("OPTARG", &letter.to_string())?;
            Ok(":".to_string())
        }
        None => Ok("?".to_string()),
    }
}

impl Shell {
    /// Remembers a variable for the end of the innermost function.
    fn make_local(&mut self, name: &str) {
        let old = self.variables.get(name).cloned();
        for frame in self.frames.iter_mut().rev() {
            if let Frame::Call { locals, .. } = frame {
                if !locals.iter().any(|(n, _)| n == name) {
                    locals.push((name.to_string(), old));
                }
                return;
            }
        }
    }
}

impl Options {
    /// What `set -o` and `set +o` print.
    #[inline(never)]
    fn listed(self, as_table: bool) -> String {
        let states = [
            ("errexit", self.errexit),
            ("noglob", self.noglob),
            ("ignoreeof", false),
            ("monitor", false),
            ("noexec", false),
            ("xtrace", self.xtrace),
            ("verbose", false),
            ("noclobber", self.noclobber),
            ("allexport", self.allexport),
            ("notify", false),
            ("nounset", self.nounset),
            ("errtrace", false),
            ("vi", false),
            ("pipefail", self.pipefail),
        ];
        let lines = states.iter().map(|(name, on)| match as_table {
            true => format!("{name:<15} {}\n", if *on { "on" } else { "off" }),
            false => format!("set {}o {name}\n", if *on { '-' } else { '+' }),
        });
        lines.collect()
    }

    /// Sets an option by its letter; false: there is none.
    pub fn set_by_letter(&mut self, letter: char, on: bool) -> bool {
        match letter {
            'e' => self.errexit = on,
            'u' => self.nounset = on,
            'x' => self.xtrace = on,
            'f' => self.noglob = on,
            'a' => self.allexport = on,
            'C' => self.noclobber = on,
            'b' | 'h' | 'i' | 'm' | 's' | 'l' => {}
            _ => return false,
        }
        true
    }

    /// Sets an option by its name; false: there is none.
    pub fn set_by_name(&mut self, name: &str, on: bool) -> bool {
        match name {
            "errexit" => self.errexit = on,
            "nounset" => self.nounset = on,
            "xtrace" => self.xtrace = on,
            "noglob" => self.noglob = on,
            "pipefail" => self.pipefail = on,
            "noclobber" => self.noclobber = on,
            "allexport" => self.allexport = on,
            "vi" | "emacs" | "monitor" | "ignoreeof" | "notify" => {}
            _ => return false,
        }
        true
    }
}
