//! The one reader of options, in getopt's way. What readyz does not simulate is said, never
//! passed over; what the program itself does not know gets the program's own words.

use super::{Ctx, Outcome};
use std::str::FromStr;

/// The options of a command.
#[derive(Debug)]
pub struct Takes {
    /// Letters that are simulated; `:` after one that takes a value, `::` after one whose value
    /// must be attached.
    pub ours: &'static str,
    /// Letters that BusyBox has besides, in the same way.
    pub others: &'static str,
    /// Long options, one space between them: `all=a` means the letter, `spider` and `header:`
    /// (with a value) stand for themselves, `!NAME` is BusyBox's and not simulated.
    pub long: &'static str,
    /// What stands after the options in `Usage:`.
    pub operands: &'static str,
    /// Exit code of a wrong usage.
    pub usage_code: i32,
    /// The first operand ends the options.
    pub first_operand_ends: bool,
}

impl Takes {
    /// Letters without long names, exit code 1.
    pub const fn letters(
        ours: &'static str,
        others: &'static str,
        operands: &'static str,
    ) -> Takes {
        Takes {
            ours,
            others,
            long: "",
            operands,
            usage_code: 1,
            first_operand_ends: false,
        }
    }

    /// The same with long names.
    pub const fn long(mut self, long: &'static str) -> Takes {
        self.long = long;
        self
    }

    /// The same where options end at the first operand.
    pub const fn leading(mut self) -> Takes {
        self.first_operand_ends = true;
        self
    }

    /// The same with another exit code.
    pub const fn code(mut self, usage_code: i32) -> Takes {
        self.usage_code = usage_code;
        self
    }
}

/// What a command line gives.
#[derive(Debug, Default)]
pub struct Given {
    /// Options in their order: letter or long name, and value.
    pub list: Vec<(&'static str, String)>,
    pub operands: Vec<String>,
}

impl Given {
    /// Whether an option stands there.
    pub fn has(&self, name: &str) -> bool {
        self.list.iter().any(|(n, _)| *n == name)
    }

    /// The last value of an option.
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.list.iter().rev().find(|(n, _)| *n == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The number that an option has. Err: what is said of a value that is none.
    pub fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, String> {
        let Some(text) = self.value(name) else {
            return Ok(None);
        };
        match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(format!("invalid number '{text}'")),
        }
    }

    /// All values of an option.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a String> {
        let found = self.list.iter().filter(move |(n, _)| *n == name);
        found.map(|(_, value)| value)
    }
}

/// What is wrong with an option.
enum Wrong {
    Unknown(String),
    NotSimulated(String),
    NoValue(String),
}

/// How an option takes its value.
#[derive(Clone, Copy, PartialEq)]
enum Wants {
    Nothing,
    Value,
    /// Only what is attached.
    Attached,
}

/// The place of a letter in a list and how it takes its value.
fn letter_in(list: &'static str, letter: char) -> Option<(&'static str, Wants)> {
    let at = list.find(letter).filter(|_| letter != ':')?;
    let (name, rest) = list[at..].split_at(letter.len_utf8());
    let colons = rest.len() - rest.trim_start_matches(':').len();
    Some((
        name,
        match colons {
            0 => Wants::Nothing,
            1 => Wants::Value,
            _ => Wants::Attached,
        },
    ))
}

impl Takes {
    /// The options and operands of an argument list.
    fn read(&'static self, args: &[String]) -> Result<Given, Wrong> {
        let mut given = Given::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let Some(letters) = arg.strip_prefix('-').filter(|l| !l.is_empty()) else {
                given.operands.push(arg.clone());
                if self.first_operand_ends {
                    break;
                }
                continue;
            };
            match letters.strip_prefix('-') {
                Some("") => break,
                Some(long) => given.list.push(self.long_option(long, &mut args)?),
                None => self.cluster(letters, &mut args, &mut given)?,
            }
        }
        given.operands.extend(args.cloned());
        Ok(given)
    }

    /// `-abcVALUE`.
    fn cluster(
        &'static self,
        letters: &str,
        args: &mut std::slice::Iter<'_, String>,
        given: &mut Given,
    ) -> Result<(), Wrong> {
        for (at, letter) in letters.char_indices() {
            let Some((name, wants)) = letter_in(self.ours, letter) else {
                return Err(self.stranger(letter));
            };
            if wants == Wants::Nothing {
                given.list.push((name, String::new()));
                continue;
            }
            let attached = &letters[at + letter.len_utf8()..];
            let value = match attached {
                "" if wants == Wants::Value => match args.next() {
                    Some(value) => value.clone(),
                    None => return Err(Wrong::NoValue(format!("-- '{letter}'"))),
                },
                attached => attached.to_string(),
            };
            given.list.push((name, value));
            break;
        }
        Ok(())
    }

    #[inline(never)]
    fn stranger(&self, letter: char) -> Wrong {
        match letter_in(self.others, letter) {
            Some(_) => Wrong::NotSimulated(format!("-{letter}")),
            None => Wrong::Unknown(format!("invalid option -- '{letter}'")),
        }
    }

    /// `NAME`, `NAME=VALUE`, and names that are cut short as far as they remain clear.
    #[inline(never)]
    fn long_option(
        &'static self,
        text: &str,
        args: &mut std::slice::Iter<'_, String>,
    ) -> Result<(&'static str, String), Wrong> {
        let (typed, attached) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let mut found: Option<&'static str> = None;
        for entry in self.long.split(' ').filter(|e| !e.is_empty()) {
            let name = entry.trim_start_matches('!');
            let name = name.split(['=', ':']).next().unwrap_or(name);
            if name == typed {
                found = Some(entry);
                break;
            }
            if name.starts_with(typed) && found.is_none() {
                found = Some(entry);
            }
        }
        let Some(entry) = found else {
            return Err(Wrong::Unknown(format!("unrecognized option '--{text}'")));
        };
        let not_simulated = || Err(Wrong::NotSimulated(format!("--{typed}")));
        let (name, wants) = match entry.split_once('=') {
            _ if entry.starts_with('!') => return not_simulated(),
            Some((_, letter)) => {
                let letter = letter.chars().next().unwrap_or(':');
                match letter_in(self.ours, letter) {
                    Some(found) => found,
                    None => return not_simulated(),
                }
            }
            None => match entry.split_once(':') {
                Some((name, ":")) => (name, Wants::Attached),
                Some((name, _)) => (name, Wants::Value),
                None => (entry, Wants::Nothing),
            },
        };
        let value = match (wants, attached) {
            (Wants::Nothing, Some(_)) => {
                return Err(Wrong::Unknown(format!(
                    "option '--{typed}' doesn't allow an argument"
                )))
            }
            (Wants::Value, None) => match args.next() {
                Some(value) => value.clone(),
                None => return Err(Wrong::NoValue(format!("'--{typed}'"))),
            },
            (_, attached) => attached.unwrap_or("").to_string(),
        };
        Ok((name, value))
    }
}

impl Ctx<'_> {
    /// The command's options and operands; Err: leave with this outcome, everything is said.
    pub fn options(&mut self, takes: &'static Takes) -> Result<Given, Outcome> {
        self.options_of(takes, self.args())
    }

    /// The same of other arguments, for commands with a form of their own before getopt's.
    pub fn options_of(&mut self, takes: &'static Takes, args: &[String]) -> Result<Given, Outcome> {
        match takes.read(args) {
            Ok(given) => Ok(given),
            Err(wrong) => Err(self.wrong(takes, args, wrong)),
        }
    }

    #[inline(never)]
    fn wrong(&mut self, takes: &Takes, args: &[String], wrong: Wrong) -> Outcome {
        match wrong {
            // BusyBox answers `--help` before anything else, GNU's programs wherever it stands.
            _ if args.iter().any(|a| a == "--help") => self.not_simulated("--help"),
            Wrong::NotSimulated(option) => self.not_simulated_with(&option, takes.usage_code),
            // What GNU's program has besides is not written down here.
            Wrong::Unknown(text) if self.is_gnu() => {
                let option = text.rsplit(' ').next().unwrap_or("").replace('\'', "");
                let dash = if option.starts_with('-') { "" } else { "-" };
                self.not_simulated_with(&format!("{dash}{option}"), takes.usage_code)
            }
            Wrong::Unknown(text) => {
                self.complain(&text);
                self.usage(takes)
            }
            Wrong::NoValue(option) => {
                self.complain(&format!("option requires an argument {option}"));
                self.usage(takes)
            }
        }
    }

    /// Says that readyz does not simulate a part of the command, and ends it with 1.
    #[inline(never)]
    pub fn not_simulated(&mut self, what: &str) -> Outcome {
        self.not_simulated_with(what, 1)
    }

    /// The same with another exit code.
    pub fn not_simulated_with(&mut self, what: &str, exit_code: i32) -> Outcome {
        self.complain(&format!("readyz does not simulate {what}"));
        Outcome::Exit(exit_code)
    }

    /// The program's words on how it is used.
    #[inline(never)]
    pub fn usage(&mut self, takes: &Takes) -> Outcome {
        let name = self.name;
        if self.is_gnu() {
            self.complain_raw(&format!("Try '{name} --help' for more information.\n"));
            return Outcome::Exit(takes.usage_code);
        }
        let mut letters = format!("{}{}", takes.ours, takes.others);
        letters.retain(|c| c != ':');
        let letters = match letters.is_empty() {
            true => letters,
            false => format!(" [-{letters}]"),
        };
        self.complain_raw(&format!(
            "{BANNER}\n\nUsage: {name}{letters} {}\n",
            takes.operands
        ));
        Outcome::Exit(takes.usage_code)
    }
}

/// First line of BusyBox's help.
pub const BANNER: &str = "BusyBox v1.35.0 multi-call binary.";
