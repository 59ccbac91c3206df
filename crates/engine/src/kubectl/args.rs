//! Command lines as kubectl reads them: flags anywhere, `--` ends them.

use super::failure::Failure;
use super::flags::{Flag, Standing, GLOBAL, HELP, NONE};

/// The flags of a verb, in groups.
pub type Flags = &'static [&'static [Flag]];

/// A command line, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Args {
    /// Words that are no flags, up to `--`.
    pub names: Vec<String>,
    /// Words after `--`, if it was there.
    pub command: Option<Vec<String>>,
    flags: Vec<(&'static Flag, String)>,
}

impl Args {
    /// Takes the arguments of a verb apart.
    pub fn parse(verb: &str, flags: Flags, args: &[String]) -> Result<Args, Failure> {
        let mut parsed = Args::default();
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            if arg == "--" {
                parsed.command = Some(rest.cloned().collect());
                break;
            }
            if let Some(long) = arg.strip_prefix("--") {
                parsed.long(verb, flags, long, &mut rest)?;
                continue;
            }
            match arg.strip_prefix('-').filter(|short| !short.is_empty()) {
                None => parsed.names.push(arg.clone()),
                Some(shorts) => parsed.shorts(verb, flags, shorts, &mut rest)?,
            }
        }
        Ok(parsed)
    }

    /// `--flag`, without its dashes.
    fn long<'a>(
        &mut self,
        verb: &str,
        flags: Flags,
        long: &str,
        rest: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), Failure> {
        if long.starts_with(['-', '=']) {
            return Err(Failure::flag(verb, format!("bad flag syntax: --{long}")));
        }
        let (name, given) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (long, None),
        };
        let flag = find(flags, name, NONE)
            .ok_or_else(|| Failure::flag(verb, format!("unknown flag: --{name}")))?;
        let value = given
            .or_else(|| flag.alone())
            .or_else(|| rest.next().cloned())
            .ok_or_else(|| Failure::flag(verb, format!("flag needs an argument: --{name}")))?;
        self.flags.push((flag, flag.read(verb, &value)?));
        Ok(())
    }

    /// `-abc`, without its dash.
    fn shorts<'a>(
        &mut self,
        verb: &str,
        flags: Flags,
        shorts: &str,
        rest: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), Failure> {
        let mut left = shorts;
        while let Some(short) = left.chars().next() {
            let complaint =
                |what: &str| Failure::flag(verb, format!("{what} '{short}' in -{left}"));
            let flag =
                find(flags, "", short).ok_or_else(|| complaint("unknown shorthand flag:"))?;
            let after = &left[short.len_utf8()..];
            // A lone `=` is a value, or one more letter.
            let given = after.strip_prefix('=').filter(|value| !value.is_empty());
            let value = match given {
                Some(value) => Some(value.to_owned()),
                None if flag.stands_alone() => flag.alone(),
                None if !after.is_empty() => Some(after.to_owned()),
                None => rest.next().cloned(),
            };
            let value = value.ok_or_else(|| complaint("flag needs an argument:"))?;
            self.flags.push((flag, flag.read(verb, &value)?));
            let goes_on = given.is_none() && flag.stands_alone();
            left = if goes_on { after } else { "" };
        }
        Ok(())
    }

    /// What the command line lacks, or asks for and is not simulated.
    pub fn check(&self, flags: Flags) -> Result<(), Failure> {
        let all = flags.iter().flat_map(|group| group.iter());
        let required = all.filter(|flag| flag.standing == Standing::Required);
        let lacks = required.filter(|flag| self.get(flag.long).is_none());
        let lacking: Vec<&str> = lacks.map(|flag| flag.long).collect();
        if !lacking.is_empty() {
            return Err(Failure::client(format!(
                "required flag(s) \"{}\" not set",
                lacking.join("\", \"")
            )));
        }
        let absent = self.flags.iter().find(|(flag, value)| {
            flag.standing == Standing::Absent && !matches!(value.as_str(), "" | "false" | "0")
        });
        match absent {
            Some((flag, _)) => Err(Failure::client(format!(
                "readyz does not simulate --{}",
                flag.long
            ))),
            None => Ok(()),
        }
    }

    /// The last value of a flag.
    pub fn get(&self, long: &str) -> Option<&str> {
        let mut given = self
            .flags
            .iter()
            .rev()
            .filter(|(flag, _)| flag.long == long);
        given.next().map(|(_, value)| value.as_str())
    }

    /// Every value of a flag.
    pub fn all<'a>(&'a self, long: &'a str) -> impl Iterator<Item = &'a str> {
        let given = self.flags.iter().filter(move |(flag, _)| flag.long == long);
        given.map(|(_, value)| value.as_str())
    }

    /// The same, if it is not empty.
    pub fn given(&self, long: &str) -> Option<&str> {
        self.get(long).filter(|value| !value.is_empty())
    }

    /// Whether a switch is on.
    pub fn is_on(&self, long: &str) -> bool {
        self.get(long) == Some("true")
    }

    /// The whole number that a flag gives.
    pub fn number(&self, long: &str) -> Option<i64> {
        self.get(long).and_then(|number| number.parse().ok())
    }
}

/// The flag of this name or this letter. Words may be joined by `_`, too.
pub fn find(flags: Flags, long: &str, short: char) -> Option<&'static Flag> {
    let long = long.replace('_', "-");
    let own = flags.iter().flat_map(|group| group.iter());
    let mut all = own.chain(GLOBAL).chain(std::iter::once(&HELP));
    match short {
        NONE => all.find(|flag| flag.long == long),
        short => all.find(|flag| flag.short == short),
    }
}

/// The words of a command line that are neither flags nor flags' values, with their places.
pub fn words(flags: Flags, args: &[String]) -> Vec<usize> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < args.len() {
        let arg = args[at].as_str();
        at += 1;
        let Some(name) = arg.strip_prefix('-') else {
            if !arg.is_empty() {
                words.push(at - 1);
            }
            continue;
        };
        let found = match name.strip_prefix('-') {
            Some("") => break,
            Some(long) => find(flags, long, NONE),
            None if name.chars().count() != 1 => continue,
            None => find(flags, "", name.chars().next().unwrap_or(NONE)),
        };
        let is_help = found.is_some_and(|flag| flag.long == HELP.long);
        let stands_alone = found.is_some_and(|flag| flag.stands_alone()) && !is_help;
        if stands_alone || arg.contains('=') {
            continue;
        }
        // Its value; the last word of all is none.
        if args.len() - at <= 1 {
            break;
        }
        at += 1;
    }
    words
}
