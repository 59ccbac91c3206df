//! `grep`, `egrep`, `fgrep`.

use super::{lines_of, Ctx, Outcome};
use crate::container::shell::regex::Regex;

#[derive(Clone, Default)]
struct Options {
    quiet: bool,
    invert: bool,
    count: bool,
    number: bool,
    names: bool,
    only: bool,
    word: bool,
    line: bool,
    ignore_case: bool,
    silent: bool,
    with_name: Option<bool>,
    extended: bool,
    fixed: bool,
    most: Option<u64>,
}

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    search(ctx, Options::default())
}

pub fn extended(ctx: &mut Ctx<'_>) -> Outcome {
    search(
        ctx,
        Options {
            extended: true,
            ..Options::default()
        },
    )
}

pub fn fixed(ctx: &mut Ctx<'_>) -> Outcome {
    search(
        ctx,
        Options {
            fixed: true,
            ..Options::default()
        },
    )
}

fn search(ctx: &mut Ctx<'_>, options: Options) -> Outcome {
    let asked = match read(ctx, options) {
        Ok(asked) => asked,
        Err(outcome) => return outcome,
    };
    let options = &asked.options;
    let inputs = match ctx.inputs(&asked.names) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let with_name = options.with_name.unwrap_or(asked.names.len() > 1);
    let mut found = false;
    for (name, bytes) in &inputs.files {
        let label = if name == "-" {
            "(standard input)"
        } else {
            name
        };
        let prefix = if with_name {
            format!("{label}:")
        } else {
            String::new()
        };
        let count = search_file(ctx, &asked, bytes, &prefix);
        found |= count > 0;
        if options.names && count > 0 && !options.quiet {
            ctx.print(&format!("{label}\n"));
        } else if options.count && !options.quiet {
            ctx.print(&format!("{prefix}{count}\n"));
        }
    }
    Outcome::Exit(match (found, inputs.failed) {
        (true, _) if options.quiet => 0,
        (_, true) => 2,
        (true, _) => 0,
        (false, _) => 1,
    })
}

/// What the arguments say.
struct Asked {
    options: Options,
    patterns: Vec<Regex>,
    names: Vec<String>,
}

fn read(ctx: &mut Ctx<'_>, mut options: Options) -> Result<Asked, Outcome> {
    let mut patterns: Vec<String> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut args = ctx.args().iter();
    while let Some(arg) = args.next() {
        let Some(letters) = arg.strip_prefix('-').filter(|l| !l.is_empty()) else {
            names.push(arg.clone());
            continue;
        };
        let mut rest = letters.chars();
        while let Some(letter) = rest.next() {
            if options.switch(letter) {
                continue;
            }
            if !matches!(letter, 'e' | 'm') {
                return Err(ctx.fail(&format!("unrecognized option: {letter}"), 2));
            }
            let attached: String = rest.by_ref().collect();
            let value = if attached.is_empty() {
                args.next().cloned().unwrap_or_default()
            } else {
                attached
            };
            if letter == 'e' {
                patterns.push(value);
            } else {
                options.most = value.parse().ok();
            }
        }
    }
    if patterns.is_empty() {
        if names.is_empty() {
            ctx.complain_raw(
                "BusyBox v1.35.0 multi-call binary.\n\nUsage: grep PATTERN [FILE]...\n",
            );
            return Err(Outcome::Exit(1));
        }
        patterns = names.remove(0).split('\n').map(str::to_string).collect();
    }
    let mut compiled = Vec::new();
    for pattern in &patterns {
        let regex = if options.fixed {
            Some(Regex::literal(pattern, options.ignore_case))
        } else {
            Regex::new(pattern, options.extended, options.ignore_case)
        };
        match regex {
            Some(regex) => compiled.push(regex),
            None => return Err(ctx.fail(&format!("bad regex '{pattern}'"), 2)),
        }
    }
    Ok(Asked {
        options,
        patterns: compiled,
        names,
    })
}

impl Options {
    /// Turns an option without a value on; false: it is none.
    fn switch(&mut self, letter: char) -> bool {
        match letter {
            'q' => self.quiet = true,
            'v' => self.invert = true,
            'c' => self.count = true,
            'n' => self.number = true,
            'l' => self.names = true,
            'o' => self.only = true,
            'w' => self.word = true,
            'x' => self.line = true,
            'i' => self.ignore_case = true,
            's' => self.silent = true,
            'h' => self.with_name = Some(false),
            'H' => self.with_name = Some(true),
            'E' => self.extended = true,
            'F' => self.fixed = true,
            'r' | 'R' | 'a' | 'z' | '-' => {}
            _ => return false,
        }
        true
    }
}

/// Prints the lines of a file that match; how many did.
fn search_file(ctx: &mut Ctx<'_>, asked: &Asked, bytes: &[u8], prefix: &str) -> u64 {
    let options = &asked.options;
    let mut count = 0;
    for (at, line) in lines_of(bytes).iter().enumerate() {
        if options.most.is_some_and(|most| count >= most) {
            break;
        }
        let chars: Vec<char> = line.chars().collect();
        let spans = spans(&asked.patterns, &chars, options);
        if spans.is_empty() != options.invert {
            continue;
        }
        count += 1;
        if options.quiet || options.count || options.names {
            continue;
        }
        let number = if options.number {
            format!("{}:", at + 1)
        } else {
            String::new()
        };
        if options.only && !options.invert {
            for (start, end) in spans.iter().filter(|(s, e)| e > s) {
                let text: String = chars[*start..*end].iter().collect();
                ctx.print(&format!("{prefix}{number}{text}\n"));
            }
        } else {
            ctx.print(&format!("{prefix}{number}{line}\n"));
        }
    }
    count
}

/// Matches in a line, one after another.
fn spans(compiled: &[Regex], line: &[char], options: &Options) -> Vec<(usize, usize)> {
    let word = |at: Option<&char>| at.is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_');
    let mut out = Vec::new();
    for regex in compiled {
        let mut from = 0;
        while let Some(Some((start, end))) = regex.find(line, from).map(|s| s[0]) {
            let whole = !options.line || start == 0 && end == line.len();
            let before = start.checked_sub(1).and_then(|i| line.get(i));
            let edges = !options.word || !word(before) && !word(line.get(end));
            if whole && edges {
                out.push((start, end));
                if !options.only {
                    return out;
                }
            }
            from = if end > start { end } else { end + 1 };
            if from > line.len() {
                break;
            }
        }
    }
    out.sort_unstable();
    out
}
