//! `ls`.

use super::id::user_name;
use super::{Ctx, Outcome};
use crate::container::filesystem::{absolute, Content, Node};
use crate::container::wall_clock::{short, Calendar, WallClock, MONTHS};
use crate::time::Instant;

#[derive(Clone, Copy, Default)]
struct Options {
    long: bool,
    all: bool,
    almost: bool,
    directory: bool,
    recursive: bool,
    reverse: bool,
    by_time: bool,
    by_size: bool,
    classify: bool,
}

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let (options, names) = read(ctx);
    let Found {
        files,
        mut directories,
        code,
    } = look_up(ctx, names, options);
    let titles = files.len() + directories.len() > 1 || options.recursive;
    let mut first = files.is_empty();
    show(ctx, files, options);
    directories.sort();
    let mut at = 0;
    while let Some((name, path)) = directories.get(at).cloned() {
        at += 1;
        if titles {
            let gap = if first { "" } else { "\n" };
            ctx.print(&format!("{gap}{name}:\n"));
        }
        first = false;
        let entries = entries(ctx, &path, options);
        if options.recursive && at < 1_000 {
            let below: Vec<(String, String)> = entries
                .iter()
                .filter(|(n, node)| node.is_directory() && n != "." && n != "..")
                .map(|(n, _)| {
                    (
                        format!("{}/{n}", name.trim_end_matches('/')),
                        absolute(&path, n),
                    )
                })
                .collect();
            directories.splice(at..at, below);
        }
        if options.long {
            ctx.print("total 0\n");
        }
        show(ctx, entries, options);
    }
    Outcome::Exit(code)
}

fn read(ctx: &Ctx<'_>) -> (Options, Vec<String>) {
    let mut options = Options::default();
    let mut names: Vec<String> = Vec::new();
    for arg in ctx.args() {
        let Some(letters) = arg.strip_prefix('-').filter(|l| !l.is_empty()) else {
            names.push(arg.clone());
            continue;
        };
        for letter in letters.chars() {
            match letter {
                'l' => options.long = true,
                'a' => options.all = true,
                'A' => options.almost = true,
                'd' => options.directory = true,
                'R' => options.recursive = true,
                'r' => options.reverse = true,
                't' => options.by_time = true,
                'S' => options.by_size = true,
                'F' | 'p' => options.classify = true,
                _ => {}
            }
        }
    }
    if names.is_empty() {
        names.push(".".to_string());
    }
    (options, names)
}

/// What the arguments name.
struct Found {
    files: Vec<(String, Node)>,
    /// As named, and their paths.
    directories: Vec<(String, String)>,
    code: i32,
}

fn look_up(ctx: &mut Ctx<'_>, names: Vec<String>, options: Options) -> Found {
    let cwd = ctx.cwd();
    let gnu = ctx.is_gnu();
    let mut found = Found {
        files: Vec::new(),
        directories: Vec::new(),
        code: 0,
    };
    for name in names {
        let Some(view) = ctx.files() else {
            break;
        };
        let path =
            view.resolve(&cwd, &name, !options.long)
                .and_then(|path| match view.node(&path) {
                    Some(node) => Ok((path, node.clone())),
                    None => Err(crate::container::filesystem::Errno::NoEntry),
                });
        match path {
            Ok((path, node)) if node.is_directory() && !options.directory => {
                found.directories.push((name, path));
            }
            Ok((_, node)) => found.files.push((name, node)),
            Err(errno) => {
                let text = if gnu {
                    format!("cannot access '{name}': {}", errno.text())
                } else {
                    format!("{name}: {}", errno.text())
                };
                ctx.complain(&text);
                found.code = if gnu { 2 } else { 1 };
            }
        }
    }
    found
}

fn entries(ctx: &mut Ctx<'_>, path: &str, options: Options) -> Vec<(String, Node)> {
    let Some(view) = ctx.files() else {
        return Vec::new();
    };
    let mut out = Vec::new();
    if options.all {
        for name in [".", ".."] {
            if let Ok((_, node)) = view.find(path, name) {
                out.push((name.to_string(), node.clone()));
            }
        }
    }
    for name in view.list(path) {
        if name.starts_with('.') && !options.all && !options.almost {
            continue;
        }
        if let Some(node) = view.node(&absolute(path, &name)) {
            out.push((name, node.clone()));
        }
    }
    out
}

fn show(ctx: &mut Ctx<'_>, mut entries: Vec<(String, Node)>, options: Options) {
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    if options.by_time {
        entries.sort_by_key(|(_, node)| std::cmp::Reverse(node.modified));
    }
    if options.by_size {
        entries.sort_by_key(|(_, node)| std::cmp::Reverse(node.size()));
    }
    if options.reverse {
        entries.reverse();
    }
    let (clock, now) = (ctx.world.clock, ctx.now);
    for (name, node) in entries {
        let mark = match &node.content {
            Content::Directory if options.classify => "/",
            _ => "",
        };
        if !options.long {
            ctx.print(&format!("{name}{mark}\n"));
            continue;
        }
        let target = match &node.content {
            Content::Symlink(target) => format!(" -> {target}"),
            _ => String::new(),
        };
        let owner = user_name(node.uid).map_or_else(|| node.uid.to_string(), str::to_string);
        let line = format!(
            "{} {:>4} {owner:<8} {owner:<8} {:>9} {} {name}{mark}{target}\n",
            mode_text(&node),
            if node.is_directory() { 2 } else { 1 },
            node.size(),
            time_text(clock, now, node.modified)
        );
        ctx.print(&line);
    }
}

/// `drwxr-xr-x`.
pub fn mode_text(node: &Node) -> String {
    let kind = match node.content {
        Content::Directory => 'd',
        Content::Symlink(_) => 'l',
        Content::Device(_) => 'c',
        Content::File(_) | Content::Binary(_) => '-',
    };
    let mut text = String::from(kind);
    for shift in [6, 3, 0] {
        let bits = node.mode >> shift & 7;
        for (bit, letter) in [(4, 'r'), (2, 'w'), (1, 'x')] {
            text.push(if bits & bit != 0 { letter } else { '-' });
        }
    }
    if node.mode & 0o1000 != 0 {
        text.pop();
        text.push('t');
    }
    text
}

/// `Nov 21 07:50`.
fn time_text(clock: WallClock, _now: Instant, at: Instant) -> String {
    let c: Calendar = clock.calendar(at);
    format!(
        "{} {:>2} {:02}:{:02}",
        short(&MONTHS, c.month.saturating_sub(1)),
        c.day,
        c.hour,
        c.minute
    )
}
