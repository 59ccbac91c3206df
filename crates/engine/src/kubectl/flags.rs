//! Flags as kubectl knows them: what each takes, and those that many verbs have.

use super::args::Args;
use super::failure::Failure;
use crate::go_format::{duration_fault, parse_duration, quote};
use crate::scenario::Cascade;

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing, or `=true`, `=false`.
    Switch,
    Text,
    /// A value only after `=`; else this one.
    Optional(&'static str),
    /// A whole number of so many bits.
    Whole(u32),
    Duration,
}

/// What comes of a flag here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Read by the verb, or without effect on anything that is simulated.
    Known,
    /// Its verb does not run without it.
    Required,
    /// Not simulated: refused, so that nobody waits for its effect.
    Absent,
}

/// A flag of a verb.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    pub long: &'static str,
    /// NUL: none.
    pub short: char,
    pub takes: Takes,
    pub standing: Standing,
}

/// No short form.
pub const NONE: char = '\0';

const fn flag(long: &'static str, short: char, takes: Takes) -> Flag {
    Flag {
        long,
        short,
        takes,
        standing: Standing::Known,
    }
}

/// A flag that is on or off.
pub const fn switch(long: &'static str, short: char) -> Flag {
    flag(long, short, Takes::Switch)
}

/// A flag with a text.
pub const fn value(long: &'static str, short: char) -> Flag {
    flag(long, short, Takes::Text)
}

/// A flag with a text, which stands for `default` where it is given alone.
pub const fn optional(long: &'static str, default: &'static str) -> Flag {
    flag(long, NONE, Takes::Optional(default))
}

/// A flag with a whole number.
pub const fn whole(long: &'static str, short: char) -> Flag {
    flag(long, short, Takes::Whole(64))
}

/// A flag with a whole number of 32 bits.
pub const fn whole_32(long: &'static str, short: char) -> Flag {
    flag(long, short, Takes::Whole(32))
}

/// A flag with a duration such as `30s`.
pub const fn duration(long: &'static str) -> Flag {
    flag(long, NONE, Takes::Duration)
}

impl Flag {
    /// The same where the verb needs it.
    pub const fn required(self) -> Flag {
        Flag {
            standing: Standing::Required,
            ..self
        }
    }

    /// The same where it is not simulated.
    pub const fn absent(self) -> Flag {
        Flag {
            standing: Standing::Absent,
            ..self
        }
    }

    /// Its value where it stands without one, whatever follows.
    pub fn alone(&self) -> Option<String> {
        match self.takes {
            Takes::Switch => Some("true".to_owned()),
            Takes::Optional(default) => Some(default.to_owned()),
            _ => None,
        }
    }

    /// Whether it can.
    pub fn stands_alone(&self) -> bool {
        matches!(self.takes, Takes::Switch | Takes::Optional(_))
    }

    /// As complaints name it.
    fn shown(&self) -> String {
        match self.short {
            NONE => format!("--{}", self.long),
            short => format!("-{short}, --{}", self.long),
        }
    }

    /// The value as verbs read it: `true` or `false`, a decimal number, or the text itself.
    pub fn read(&self, verb: &str, text: &str) -> Result<String, Failure> {
        let fault = match self.takes {
            Takes::Text | Takes::Optional(_) => return Ok(text.to_owned()),
            Takes::Switch => match truth(text) {
                Some(is_on) => return Ok(is_on.to_string()),
                None => ["strconv.ParseBool: parsing ", &quote(text), INVALID].concat(),
            },
            Takes::Whole(bits) => match go_whole(text, bits) {
                Ok(number) => return Ok(number.to_string()),
                Err(fault) => ["strconv.ParseInt: parsing ", &quote(text), fault].concat(),
            },
            Takes::Duration => {
                let span = text.strip_prefix(['+', '-']).unwrap_or(text);
                if parse_duration(span).is_some() {
                    return Ok(text.trim_start_matches('+').to_owned());
                }
                duration_fault(text)
            }
        };
        let text = format!(
            "invalid argument {} for {} flag: {fault}",
            quote(text),
            quote(&self.shown())
        );
        Err(Failure::flag(verb, text))
    }
}

const INVALID: &str = ": invalid syntax";

/// What Go's `strconv.ParseBool` takes.
pub fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// What Go's `strconv.ParseInt` takes with base 0, or what it says.
fn go_whole(text: &str, bits: u32) -> Result<i64, &'static str> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { "-" } else { "" };
    let lower = digits.to_ascii_lowercase();
    let prefixed = |prefix: &str, base| Some((lower.strip_prefix(prefix)?, base));
    let (digits, base) = prefixed("0x", 16)
        .or_else(|| prefixed("0b", 2))
        .or_else(|| prefixed("0o", 8))
        .or_else(|| prefixed("0", 8).filter(|(rest, _)| !rest.is_empty()))
        .unwrap_or((&lower, 10));
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return Err(INVALID);
    }
    let number = i64::from_str_radix(&[sign, digits].concat(), base).ok();
    let range = i64::MAX >> (64 - bits);
    let number = number.filter(|number| (-range - 1..=range).contains(number));
    number.ok_or(": value out of range")
}

/// `--dry-run`, alone as much as `--dry-run=client`.
pub const DRY_RUN: Flag = optional("dry-run", "client");

/// Flags of every verb.
pub const GLOBAL: &[Flag] = &[
    value("as", NONE).absent(),
    value("as-group", NONE).absent(),
    value("as-uid", NONE).absent(),
    value("as-user-extra", NONE).absent(),
    value("cache-dir", NONE),
    value("certificate-authority", NONE).absent(),
    value("client-certificate", NONE).absent(),
    value("client-key", NONE).absent(),
    value("cluster", NONE),
    value("context", NONE),
    switch("disable-compression", NONE),
    switch("insecure-skip-tls-verify", NONE),
    value("kubeconfig", NONE),
    optional("kuberc", "").absent(),
    duration("log-flush-frequency"),
    switch("match-server-version", NONE),
    value("namespace", 'n'),
    value("password", NONE).absent(),
    value("profile", NONE).absent(),
    value("profile-output", NONE),
    value("request-timeout", NONE),
    value("server", 's').absent(),
    value("tls-server-name", NONE).absent(),
    value("token", NONE).absent(),
    value("user", NONE),
    value("username", NONE).absent(),
    whole_32("v", 'v'),
    value("vmodule", NONE),
    switch("warnings-as-errors", NONE).absent(),
];

/// Not one of those among which a verb's words are looked for.
pub const HELP: Flag = switch("help", 'h');

/// How an answer is printed.
pub const PRINT: &[Flag] = &[
    value("output", 'o'),
    value("template", NONE).absent(),
    switch("allow-missing-template-keys", NONE),
    switch("show-managed-fields", NONE).absent(),
];

/// Objects that files name. There are no folders here.
pub const FILES: &[Flag] = &[
    value("filename", 'f'),
    value("kustomize", 'k').absent(),
    switch("recursive", 'R'),
];

/// The same of verbs that take no file here.
pub const NO_FILES: &[Flag] = &[
    value("filename", 'f').absent(),
    value("kustomize", 'k').absent(),
    switch("recursive", 'R'),
];

/// Objects that are picked.
pub const PICK: &[Flag] = &[value("selector", 'l'), switch("all", NONE)];

/// Whether anything is written, and in whose name: nothing here tells writers apart.
pub const WRITE: &[Flag] = &[DRY_RUN, value("field-manager", NONE)];

/// Whether unknown fields are refused.
pub const VALIDATE: Flag = optional("validate", "strict");

/// Whether what is made can be told from what `apply` changes later.
pub const SAVE_CONFIG: Flag = switch("save-config", NONE).absent();

/// Of verbs that make an object from words.
pub const GENERATE: &[Flag] = &[
    PRINT[0],
    PRINT[1],
    PRINT[2],
    PRINT[3],
    WRITE[0],
    WRITE[1],
    VALIDATE,
    SAVE_CONFIG,
];

/// How objects are deleted that make room for others.
pub const DELETION: &[Flag] = &[
    optional("cascade", "background"),
    switch("force", NONE),
    whole("grace-period", NONE),
    duration("timeout"),
    switch("wait", NONE),
];

/// Refusals of values that verbs look at before anything else.
pub fn check(args: &Args) -> Result<(), Failure> {
    if let Some(word) = args.get("dry-run") {
        let is_known = matches!(word, "none" | "server" | "client") || truth(word).is_some();
        if !is_known {
            return Err(Failure::client(format!(
                "Invalid dry-run value ({word}). Must be \"none\", \"server\", or \"client\"."
            )));
        }
    }
    if let Some(word) = args.get("cascade") {
        let is_known = Cascade::WORDS.contains(&word) || truth(word).is_some();
        if !is_known {
            return Err(Failure::client(format!(
                "invalid cascade value ({word}). Must be \"background\", \"foreground\", or \
                 \"orphan\""
            )));
        }
    }
    if let Some(word) = args.get("validate") {
        let is_known = matches!(word, "strict" | "warn" | "ignore") || truth(word).is_some();
        if !is_known {
            return Err(Failure::client(format!(
                "invalid - validate option {}; must be one of: strict (or true), warn, ignore (or \
                 false)",
                quote(word)
            )));
        }
    }
    Ok(())
}
