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

fn search(ctx: &mut Ctx<'_>, mut options: Options) -> Outcome {
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
            match letter {
                'q' => options.quiet = true,
                'v' => options.invert = true,
                'c' => options.count = true,
                'n' => options.number = true,
                'l' => options.names = true,
                'o' => options.only = true,
                'w' => options.word = true,
                'x' => options.line = true,
                'i' => options.ignore_case = true,
                's' => options.silent = true,
                'h' => options.with_name = Some(false),
                'H' => options.with_name = Some(true),
                'E' => options.extended = true,
                'F' => options.fixed = true,
                'e' | 'm' => {
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
                'r' | 'R' | 'a' | 'z' | '-' => {}
                other => return ctx.fail(&format!("unrecognized option: {other}"), 2),
            }
        }
    }
    if patterns.is_empty() {
        if names.is_empty() {
            ctx.complain_raw(
                "BusyBox v1.35.0 multi-call binary.\n\nUsage: grep PATTERN [FILE]...\n",
            );
            return Outcome::Exit(1);
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
            None => return ctx.fail(&format!("bad regex '{pattern}'"), 2),
        }
    }
    let inputs = match ctx.inputs(&names) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let with_name = options.with_name.unwrap_or(names.len() > 1);
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
        let mut count = 0;
        for (at, line) in lines_of(bytes).iter().enumerate() {
            if options.most.is_some_and(|most| count >= most) {
                break;
            }
            let chars: Vec<char> = line.chars().collect();
            let spans = spans(&compiled, &chars, &options);
            if spans.is_empty() == options.invert {
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
        }
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
