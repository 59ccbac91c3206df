//! Command lines as kubectl reads them: flags anywhere, `--` ends them.

use super::failure::Failure;

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing, or `=true`, `=false`.
    Nothing,
    /// A value.
    Value,
    /// A value only after `=`; else this one.
    Default(&'static str),
}

/// A flag of a verb.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    pub long: &'static str,
    /// NUL: none.
    pub short: char,
    pub takes: Takes,
}

/// A flag that is on or off.
pub const fn switch(long: &'static str, short: char) -> Flag {
    Flag {
        long,
        short,
        takes: Takes::Nothing,
    }
}

/// A flag with a value.
pub const fn value(long: &'static str, short: char) -> Flag {
    Flag {
        long,
        short,
        takes: Takes::Value,
    }
}

/// No short form.
pub const NONE: char = '\0';

/// `--dry-run`, alone as much as `--dry-run=client`.
pub const DRY_RUN: Flag = Flag {
    long: "dry-run",
    short: NONE,
    takes: Takes::Default("client"),
};

/// Flags of every verb.
const GLOBAL: &[Flag] = &[
    value("namespace", 'n'),
    value("context", NONE),
    value("cluster", NONE),
    value("user", NONE),
    value("kubeconfig", NONE),
    value("request-timeout", NONE),
    value("server", 's'),
    value("token", NONE),
    value("v", 'v'),
    value("as", NONE),
    switch("insecure-skip-tls-verify", NONE),
    switch("warnings-as-errors", NONE),
];

/// A command line, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Args {
    /// Words that are no flags, up to `--`.
    pub names: Vec<String>,
    /// Words after `--`, if it was there.
    pub command: Option<Vec<String>>,
    flags: Vec<(&'static str, String)>,
}

impl Args {
    /// Takes the arguments of a verb apart.
    pub fn parse(verb: &str, flags: &'static [Flag], args: &[String]) -> Result<Args, Failure> {
        let mut parsed = Args::default();
        let mut rest = args.iter();
        let find =
            |matches: &dyn Fn(&Flag) -> bool| flags.iter().chain(GLOBAL).find(|flag| matches(flag));
        while let Some(arg) = rest.next() {
            if arg == "--" {
                parsed.command = Some(rest.cloned().collect());
                break;
            }
            if let Some(long) = arg.strip_prefix("--") {
                let (name, given) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value.to_owned())),
                    None => (long, None),
                };
                let flag = find(&|flag| flag.long == name)
                    .ok_or_else(|| Failure::flag(verb, format!("unknown flag: --{name}")))?;
                let value = match (flag.takes, given) {
                    (_, Some(value)) => value,
                    (Takes::Nothing, None) => "true".to_owned(),
                    (Takes::Default(value), None) => value.to_owned(),
                    (Takes::Value, None) => rest.next().cloned().ok_or_else(|| {
                        Failure::flag(verb, format!("flag needs an argument: --{name}"))
                    })?,
                };
                parsed.flags.push((flag.long, value));
                continue;
            }
            match arg.strip_prefix('-').filter(|short| !short.is_empty()) {
                None => parsed.names.push(arg.clone()),
                Some(shorts) => {
                    let mut left = shorts;
                    while let Some(short) = left.chars().next() {
                        let unknown = || {
                            let text = format!("unknown shorthand flag: '{short}' in -{left}");
                            Failure::flag(verb, text)
                        };
                        let flag = find(&|flag| flag.short == short).ok_or_else(unknown)?;
                        let after = &left[short.len_utf8()..];
                        let value = match (flag.takes, after.strip_prefix('=')) {
                            (_, Some(value)) => value.to_owned(),
                            (Takes::Nothing, None) => "true".to_owned(),
                            (Takes::Default(value), None) => value.to_owned(),
                            (Takes::Value, None) if !after.is_empty() => after.to_owned(),
                            (Takes::Value, None) => rest.next().cloned().ok_or_else(|| {
                                let text = format!("flag needs an argument: '{short}' in -{left}");
                                Failure::flag(verb, text)
                            })?,
                        };
                        parsed.flags.push((flag.long, value));
                        let goes_on = flag.takes != Takes::Value && !after.starts_with('=');
                        left = if goes_on { after } else { "" };
                    }
                }
            }
        }
        Ok(parsed)
    }

    /// The last value of a flag.
    pub fn get(&self, long: &str) -> Option<&str> {
        let mut given = self.flags.iter().rev().filter(|(name, _)| *name == long);
        given.next().map(|(_, value)| value.as_str())
    }

    /// Every value of a flag.
    pub fn all<'a>(&'a self, long: &'a str) -> impl Iterator<Item = &'a str> {
        let given = self.flags.iter().filter(move |(name, _)| *name == long);
        given.map(|(_, value)| value.as_str())
    }

    /// Whether a switch is on.
    pub fn is_on(&self, long: &str) -> bool {
        self.get(long).is_some_and(|value| value != "false")
    }

    /// The whole number that a flag gives.
    pub fn number(&self, verb: &str, long: &str) -> Result<Option<i64>, Failure> {
        let Some(text) = self.get(long) else {
            return Ok(None);
        };
        let parsed = text.parse().map_err(|_| {
            let text = format!(
                "invalid argument \"{text}\" for \"--{long}\" flag: strconv.ParseInt: parsing \
                 \"{text}\": invalid syntax"
            );
            Failure::flag(verb, text)
        })?;
        Ok(Some(parsed))
    }
}

/// The first three words that are neither flags nor values of global flags.
pub fn verb_words(args: &[String]) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg == "--" || words.len() == 3 {
            break;
        }
        match arg.strip_prefix('-') {
            None => words.push(arg.clone()),
            Some(name) => {
                let name = name.trim_start_matches('-');
                let takes_value = |flag: &Flag| {
                    flag.takes == Takes::Value
                        && (flag.long == name || name.chars().eq(std::iter::once(flag.short)))
                };
                if GLOBAL.iter().any(takes_value) {
                    rest.next();
                }
            }
        }
    }
    words
}

/// The arguments without the verb's words.
pub fn without_words(args: &[String], words: &[String]) -> Vec<String> {
    let mut left = words.iter().peekable();
    let is_verb = |arg: &&String| {
        let matches = left.peek() == Some(arg);
        if matches {
            left.next();
        }
        !matches
    };
    let mut is_verb = is_verb;
    args.iter().filter(|arg| is_verb(arg)).cloned().collect()
}
