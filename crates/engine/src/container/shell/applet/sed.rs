//! `sed`: addresses, `s`, `p`, `d`, `q`, `=`, `y`, `a`, `i`, `c`, `n`, `h`, `g`, `x` and groups.

mod script;

use super::{Ctx, Inputs, Outcome, Takes};
use crate::container::shell::regex::Regex;
use script::{Fault, Reader};

#[derive(Clone, Debug)]
enum Address {
    Line(usize),
    Last,
    Match(Regex),
}

#[derive(Clone, Debug)]
struct Command {
    from: Option<Address>,
    to: Option<Address>,
    negated: bool,
    kind: Kind,
    /// A range that has begun.
    inside: bool,
}

#[derive(Clone, Debug)]
enum Kind {
    Substitute {
        regex: Regex,
        new: String,
        all: bool,
        nth: usize,
        print: bool,
    },
    Print,
    Delete,
    Quit,
    Number,
    Translate(Vec<char>, Vec<char>),
    Append(String),
    Insert(String),
    Change(String),
    Next,
    NextAppend,
    Hold,
    HoldAppend,
    Get,
    GetAppend,
    Exchange,
    Block(usize),
}

static TAKES: Takes = Takes::letters("nrEe:f:i::", "", "CMD [FILE]...")
    .long("expression=e file=f in-place:: quiet=n silent=n regexp-extended=r !version");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let quiet = given.has("n");
    let extended = given.has("E") || given.has("r");
    let in_place = given.value("i").or(given.value("in-place"));
    let mut scripts: Vec<String> = Vec::new();
    for (name, value) in &given.list {
        match *name {
            "e" => scripts.push(value.clone()),
            "f" => match ctx.read_file(value) {
                Ok(bytes) => scripts.push(String::from_utf8_lossy(&bytes).into_owned()),
                Err(errno) => {
                    return ctx.fail(&format!("{value}: {}", errno.text()), 1);
                }
            },
            _ => {}
        }
    }
    let mut names = given.operands.clone();
    if scripts.is_empty() {
        if names.is_empty() {
            return ctx.usage(&TAKES);
        }
        scripts.push(names.remove(0));
    }
    let chars: Vec<char> = scripts.join("\n").chars().collect();
    let mut reader = Reader {
        text: &chars,
        at: 0,
        extended,
    };
    let mut commands = Vec::new();
    match reader.commands(&mut commands, 0) {
        Ok(()) => {}
        Err(Fault::Wrong(text)) => return ctx.fail(&text, 1),
        Err(Fault::NotSimulated(what)) => return ctx.not_simulated(&what),
    }
    let inputs = match ctx.inputs(&names) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    if let Some(suffix) = in_place {
        return in_files(ctx, &inputs, &commands, quiet, suffix);
    }
    let mut text = edit(&inputs.lines(), &mut commands, quiet);
    let ends = inputs
        .files
        .last()
        .is_none_or(|(_, b)| b.is_empty() || b.ends_with(b"\n"));
    if !ends && text.ends_with('\n') {
        text.pop();
    }
    ctx.print(&text);
    Outcome::Exit(inputs.exit_code())
}

/// `-i`: every file becomes what the commands make of it, and with a suffix a copy stays.
fn in_files(
    ctx: &mut Ctx<'_>,
    inputs: &Inputs,
    commands: &[Command],
    quiet: bool,
    suffix: &str,
) -> Outcome {
    let cwd = ctx.cwd();
    let mut code = inputs.exit_code();
    for (name, bytes) in &inputs.files {
        let text = edit(&super::lines_of(bytes), &mut commands.to_vec(), quiet);
        let Some(mut files) = ctx.files() else {
            break;
        };
        let mut written = Ok(());
        if !suffix.is_empty() {
            written = files.write(&cwd, &format!("{name}{suffix}"), bytes);
        }
        if let Err(errno) = written.and_then(|()| files.write(&cwd, name, text.as_bytes())) {
            ctx.complain(&format!("can't create '{name}': {}", errno.text()));
            code = 1;
        }
    }
    Outcome::Exit(code)
}

/// The lines and what the commands make of them.
struct Editing<'a> {
    lines: &'a [String],
    quiet: bool,
    at: usize,
    space: String,
    hold: String,
    /// What follows the line.
    after: String,
    out: String,
}

/// What comes after a command.
enum Next {
    Command,
    /// The next line; this one is printed unless it is deleted.
    Line {
        deleted: bool,
    },
    /// The end, after this line.
    Quit,
    /// The end, at once.
    End,
}

/// Runs the commands over the lines.
fn edit(lines: &[String], commands: &mut [Command], quiet: bool) -> String {
    let mut editing = Editing {
        lines,
        quiet,
        at: 0,
        space: String::new(),
        hold: String::new(),
        after: String::new(),
        out: String::new(),
    };
    while let Some(line) = lines.get(editing.at) {
        editing.space.clone_from(line);
        editing.after.clear();
        let ends = match editing.run(commands) {
            Next::End => break,
            Next::Quit => true,
            Next::Line { deleted: true } => {
                editing.out.push_str(&editing.after);
                editing.at += 1;
                continue;
            }
            _ => false,
        };
        if !quiet {
            editing.print();
        }
        editing.out.push_str(&editing.after);
        if ends {
            break;
        }
        editing.at += 1;
    }
    editing.out
}

impl Editing<'_> {
    /// Prints the pattern space.
    fn print(&mut self) {
        self.out.push_str(&self.space);
        self.out.push('\n');
    }

    /// Runs all commands over a line.
    fn run(&mut self, commands: &mut [Command]) -> Next {
        let mut step = 0;
        while step < commands.len() {
            let last = self.at + 1 == self.lines.len();
            let chosen = commands[step].chooses(&self.space, self.at + 1, last);
            let kind = commands[step].kind.clone();
            step += 1;
            if let Kind::Block(end) = kind {
                if !chosen {
                    step = end;
                }
                continue;
            }
            if !chosen {
                continue;
            }
            match self.command(kind) {
                Next::Command => {}
                next => return next,
            }
        }
        Next::Line { deleted: false }
    }

    fn command(&mut self, kind: Kind) -> Next {
        match kind {
            Kind::Substitute {
                regex,
                new,
                all,
                nth,
                print,
            } => {
                if let Some(text) = substitute(&self.space, &regex, &new, all, nth) {
                    self.space = text;
                    if print {
                        self.print();
                    }
                }
            }
            Kind::Print => self.print(),
            Kind::Delete => return Next::Line { deleted: true },
            Kind::Quit => return Next::Quit,
            Kind::Number => self.out.push_str(&format!("{}\n", self.at + 1)),
            Kind::Translate(from, to) => {
                self.space = self
                    .space
                    .chars()
                    .map(|c| from.iter().position(|f| *f == c).map_or(c, |i| to[i]))
                    .collect();
            }
            Kind::Append(text) => self.after.push_str(&format!("{text}\n")),
            Kind::Insert(text) => self.out.push_str(&format!("{text}\n")),
            Kind::Change(text) => {
                self.out.push_str(&format!("{text}\n"));
                return Next::Line { deleted: true };
            }
            Kind::Next => {
                if !self.quiet {
                    self.print();
                }
                self.at += 1;
                match self.lines.get(self.at) {
                    Some(next) => self.space.clone_from(next),
                    None => return Next::End,
                }
            }
            Kind::NextAppend => match self.lines.get(self.at + 1) {
                Some(next) => {
                    self.at += 1;
                    self.space.push('\n');
                    self.space.push_str(next);
                }
                None => return Next::Line { deleted: false },
            },
            Kind::Hold => self.hold.clone_from(&self.space),
            Kind::HoldAppend => self.hold.push_str(&format!("\n{}", self.space)),
            Kind::Get => self.space.clone_from(&self.hold),
            Kind::GetAppend => self.space.push_str(&format!("\n{}", self.hold)),
            Kind::Exchange => std::mem::swap(&mut self.space, &mut self.hold),
            Kind::Block(_) => {}
        }
        Next::Command
    }
}

impl Command {
    fn chooses(&mut self, space: &str, line: usize, last: bool) -> bool {
        let hits = |address: &Address| match address {
            Address::Line(number) => *number == line,
            Address::Last => last,
            Address::Match(regex) => {
                let chars: Vec<char> = space.chars().collect();
                regex.find(&chars, 0).is_some()
            }
        };
        let chosen = match (&self.from, &self.to) {
            (None, _) => true,
            (Some(from), None) => hits(from),
            (Some(from), Some(to)) => {
                if self.inside {
                    self.inside = match to {
                        Address::Line(number) => *number > line,
                        to => !hits(to),
                    };
                    true
                } else if hits(from) {
                    self.inside = !matches!(to, Address::Line(number) if *number <= line);
                    true
                } else {
                    false
                }
            }
        };
        chosen != self.negated
    }
}

fn substitute(text: &str, regex: &Regex, new: &str, all: bool, nth: usize) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let (mut at, mut count, mut changed) = (0, 0, false);
    while at <= chars.len() {
        let Some(spans) = regex.find(&chars, at) else {
            break;
        };
        let Some((start, end)) = spans[0] else {
            break;
        };
        count += 1;
        out.extend(&chars[at..start]);
        if count == nth || all && count > nth {
            changed = true;
            let mut letters = new.chars();
            while let Some(c) = letters.next() {
                let group = match c {
                    '&' => Some(0),
                    '\\' => match letters.next() {
                        Some(d) if d.is_ascii_digit() => d.to_digit(10).map(|d| d as usize),
                        Some('n') => {
                            out.push('\n');
                            None
                        }
                        Some('t') => {
                            out.push('\t');
                            None
                        }
                        Some(other) => {
                            out.push(other);
                            None
                        }
                        None => None,
                    },
                    c => {
                        out.push(c);
                        None
                    }
                };
                if let Some(Some((s, e))) = group.and_then(|g| spans.get(g).copied()) {
                    out.extend(&chars[s..e]);
                }
            }
        } else {
            out.extend(&chars[start..end]);
        }
        if end == start {
            if let Some(c) = chars.get(end) {
                out.push(*c);
            }
            at = end + 1;
        } else {
            at = end;
        }
        if count >= nth && !all {
            break;
        }
    }
    if at < chars.len() {
        out.extend(&chars[at..]);
    }
    changed.then_some(out)
}
