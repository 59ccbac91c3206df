//! `ls`.

use super::human::human;
use super::id::{group_name, user_name};
use super::{Ctx, Outcome, Takes};
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
    /// A mark after directories, and after other kinds.
    slash: bool,
    classify: bool,
    numeric: bool,
    human: bool,
}

static TAKES: Takes = Takes::letters("1AadRrtSFplnh", "CxLHisXvcuw:", "[FILE]...")
    .long("color:: !full-time !group-directories-first");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let (options, names) = match read(ctx) {
        Ok(read) => read,
        Err(outcome) => return outcome,
    };
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

fn read(ctx: &mut Ctx<'_>) -> Result<(Options, Vec<String>), Outcome> {
    let given = ctx.options(&TAKES)?;
    // Colours are for a terminal, unless they are wanted always.
    if let Some("" | "always" | "yes" | "force") = given.value("color") {
        return Err(ctx.not_simulated("--color=always"));
    }
    let options = Options {
        long: given.has("l") || given.has("n"),
        all: given.has("a"),
        almost: given.has("A"),
        directory: given.has("d"),
        recursive: given.has("R"),
        reverse: given.has("r"),
        by_time: given.has("t"),
        by_size: given.has("S"),
        slash: given.has("p") || given.has("F"),
        classify: given.has("F"),
        numeric: given.has("n"),
        human: given.has("h"),
    };
    let mut names = given.operands;
    if names.is_empty() {
        names.push(".".to_string());
    }
    Ok((options, names))
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
            Content::Directory if options.slash => "/",
            Content::Symlink(_) if options.classify && !options.long => "@",
            Content::File(_) | Content::Binary(_) if options.classify && node.mode & 0o111 != 0 => {
                "*"
            }
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
        let named = |name: Option<&str>, id: u32| match name {
            Some(name) if !options.numeric => name.to_string(),
            _ => id.to_string(),
        };
        let owner = named(user_name(node.uid), node.uid);
        let group = named(group_name(node.gid), node.gid);
        let size = match options.human {
            true => format!("{:>7}", human(node.size())),
            false => format!("{:>9}", node.size()),
        };
        let line = format!(
            "{} {:>4} {owner:<8} {group:<8} {size} {} {name}{mark}{target}\n",
            mode_text(&node),
            if node.is_directory() { 2 } else { 1 },
            time_text(clock, now, node.modified)
        );
        ctx.print(&line);
    }
}

/// `d`, `l`, `c`, or `-` for a file.
pub fn kind(node: &Node) -> char {
    match node.content {
        Content::Directory => 'd',
        Content::Symlink(_) => 'l',
        Content::Device(_) => 'c',
        Content::File(_) | Content::Binary(_) => '-',
    }
}

/// `drwxr-xr-x`.
pub fn mode_text(node: &Node) -> String {
    let mut text = String::from(kind(node));
    for shift in [6, 3, 0] {
        let bits = node.mode >> shift & 7;
        for (bit, letter) in [(4, 'r'), (2, 'w'), (1, 'x')] {
            text.push(if bits & bit != 0 { letter } else { '-' });
        }
    }
    // Set-id and sticky bits stand where the right to execute does, small if that is there too.
    let mut letters: Vec<char> = text.chars().collect();
    for (bit, at, letter) in [(0o4000, 3, 's'), (0o2000, 6, 's'), (0o1000, 9, 't')] {
        if node.mode & bit != 0 {
            letters[at] = match letters[at] {
                'x' => letter,
                _ => letter.to_ascii_uppercase(),
            };
        }
    }
    letters.into_iter().collect()
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
