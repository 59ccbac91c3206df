//! `grep`, `egrep`, `fgrep`.

use super::{lines_of, Ctx, Inputs, Outcome, Takes};
use crate::container::shell::regex::Regex;

static TAKES: Takes = Takes::letters("HhnlLcoqvsriwFExaIe:f:m:A:B:C:R", "z", "PATTERN [FILE]...")
    .long("color::")
    .code(2);

#[derive(Clone, Default)]
struct Options {
    quiet: bool,
    invert: bool,
    count: bool,
    number: bool,
    /// Names of files that match, or of those that do not.
    names: Option<bool>,
    only: bool,
    word: bool,
    line: bool,
    silent: bool,
    with_name: Option<bool>,
    most: Option<u64>,
    /// Lines shown before and after one that matches.
    before: usize,
    after: usize,
}

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    search(ctx, false, false)
}

pub fn extended(ctx: &mut Ctx<'_>) -> Outcome {
    search(ctx, true, false)
}

pub fn fixed(ctx: &mut Ctx<'_>) -> Outcome {
    search(ctx, false, true)
}

fn search(ctx: &mut Ctx<'_>, extended: bool, fixed: bool) -> Outcome {
    let mut asked = match read(ctx, extended, fixed) {
        Ok(asked) => asked,
        Err(outcome) => return outcome,
    };
    if asked.recursive {
        asked.names = below(ctx, &asked.names);
        asked.options.with_name.get_or_insert(true);
    }
    let options = &asked.options;
    let inputs = match inputs(ctx, &asked) {
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
        let prefix = if with_name { label } else { "" };
        let count = search_file(ctx, &asked, bytes, prefix);
        found |= count > 0;
        if options.quiet {
            continue;
        }
        match options.names {
            Some(matching) if matching == (count > 0) => ctx.print(&format!("{label}\n")),
            None if options.count => {
                let colon = if with_name { ":" } else { "" };
                ctx.print(&format!("{prefix}{colon}{count}\n"));
            }
            _ => {}
        }
    }
    Outcome::Exit(match (found, inputs.failed) {
        (true, _) if options.quiet => 0,
        (_, true) => 2,
        (true, _) => 0,
        (false, _) => 1,
    })
}

/// The files to be searched; `-s` leaves out why one could not be read.
fn inputs(ctx: &mut Ctx<'_>, asked: &Asked) -> Result<Inputs, Outcome> {
    if !asked.options.silent {
        return ctx.inputs(&asked.names);
    }
    let (there, missing): (Vec<_>, Vec<_>) = {
        let names = asked.names.iter().cloned();
        names.partition(|name| name == "-" || ctx.read_file(name).is_ok())
    };
    if there.is_empty() && !missing.is_empty() {
        return Ok(Inputs {
            failed: true,
            ..Inputs::default()
        });
    }
    let inputs = ctx.inputs(&there)?;
    Ok(Inputs {
        failed: inputs.failed || !missing.is_empty(),
        ..inputs
    })
}

/// `-r`: the files below directories, in their order.
fn below(ctx: &mut Ctx<'_>, names: &[String]) -> Vec<String> {
    let dot = [".".to_string()];
    let mut todo: Vec<String> = if names.is_empty() { &dot } else { names }.to_vec();
    todo.reverse();
    let cwd = ctx.cwd();
    let mut found = Vec::new();
    while let Some(name) = todo.pop() {
        let Some(files) = ctx.files() else {
            break;
        };
        match files.find(&cwd, &name) {
            Ok((path, node)) if node.is_directory() && todo.len() < 10_000 => {
                let inner = files.list(&path);
                let names = inner.iter().rev();
                todo.extend(names.map(|n| format!("{}/{n}", name.trim_end_matches('/'))));
            }
            _ => found.push(name),
        }
    }
    found
}

/// What the arguments say.
struct Asked {
    options: Options,
    patterns: Vec<Regex>,
    names: Vec<String>,
    recursive: bool,
}

fn read(ctx: &mut Ctx<'_>, extended: bool, fixed: bool) -> Result<Asked, Outcome> {
    let given = ctx.options(&TAKES)?;
    let mut patterns: Vec<String> = Vec::new();
    for (name, value) in &given.list {
        match *name {
            "e" => patterns.extend(value.split('\n').map(str::to_string)),
            "f" => match ctx.read_file(value) {
                Ok(bytes) => patterns.extend(lines_of(&bytes)),
                Err(errno) => {
                    return Err(ctx.fail(&format!("{value}: {}", errno.text()), 2));
                }
            },
            _ => {}
        }
    }
    let mut names = given.operands.clone();
    if !given.has("e") && !given.has("f") {
        if names.is_empty() {
            return Err(ctx.usage(&TAKES));
        }
        patterns = names.remove(0).split('\n').map(str::to_string).collect();
    }
    let mut number = |name: &str| match given.number::<u32>(name) {
        Ok(number) => Ok(number),
        Err(text) => Err(ctx.fail(&text, 2)),
    };
    let lines = |number: Option<u32>| usize::try_from(number.unwrap_or(0)).unwrap_or(usize::MAX);
    let around = number("C")?;
    let options = Options {
        quiet: given.has("q"),
        invert: given.has("v"),
        count: given.has("c"),
        number: given.has("n"),
        names: match given.has("l") {
            true => Some(true),
            false => given.has("L").then_some(false),
        },
        only: given.has("o"),
        word: given.has("w"),
        line: given.has("x"),
        silent: given.has("s"),
        with_name: given.list.iter().rev().find_map(|(name, _)| match *name {
            "h" => Some(false),
            "H" => Some(true),
            _ => None,
        }),
        most: number("m")?.map(u64::from),
        before: lines(number("B")?.or(around)),
        after: lines(number("A")?.or(around)),
    };
    let fixed = fixed || given.has("F");
    let mut compiled = Vec::new();
    for pattern in &patterns {
        let regex = if fixed {
            Some(Regex::literal(pattern, given.has("i")))
        } else {
            Regex::new(pattern, extended || given.has("E"), given.has("i"))
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
        recursive: given.has("r") || given.has("R"),
    })
}

/// Prints the lines of a file that match, with those around them; how many did.
fn search_file(ctx: &mut Ctx<'_>, asked: &Asked, bytes: &[u8], prefix: &str) -> u64 {
    let options = &asked.options;
    let lines = lines_of(bytes);
    let context = options.before > 0 || options.after > 0;
    let show = |ctx: &mut Ctx<'_>, at: usize, mark: char, text: &str| {
        let mut line = String::new();
        if !prefix.is_empty() {
            line.push_str(prefix);
            line.push(mark);
        }
        if options.number {
            line.push_str(&format!("{}{mark}", at + 1));
        }
        line.push_str(text);
        line.push('\n');
        ctx.print(&line);
    };
    let mut count = 0;
    // Lines from here on have not been shown; lines before `due` will be.
    let (mut fresh, mut due) = (0, 0);
    for (at, line) in lines.iter().enumerate() {
        // Once there are enough, only what stands after the last is shown.
        let enough = options.most.is_some_and(|most| count >= most);
        if enough && at >= due {
            break;
        }
        let chars: Vec<char> = line.chars().collect();
        let spans = match enough {
            true => Vec::new(),
            false => spans(&asked.patterns, &chars, options),
        };
        if enough || spans.is_empty() != options.invert {
            if at < due {
                show(ctx, at, '-', line);
                fresh = at + 1;
            }
            continue;
        }
        count += 1;
        if options.quiet || options.count || options.names.is_some() {
            continue;
        }
        if options.only && !options.invert {
            for (start, end) in spans.iter().filter(|(s, e)| e > s) {
                let text: String = chars[*start..*end].iter().collect();
                show(ctx, at, ':', &text);
            }
            continue;
        }
        let first = at.saturating_sub(options.before).max(fresh);
        if context && first > fresh && fresh > 0 {
            ctx.print("--\n");
        }
        for (before, text) in lines.iter().enumerate().take(at).skip(first) {
            show(ctx, before, '-', text);
        }
        show(ctx, at, ':', line);
        fresh = at + 1;
        due = fresh.saturating_add(options.after);
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
