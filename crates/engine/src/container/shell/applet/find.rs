//! `find`: by name, type, age and emptiness.

use super::{Ctx, Outcome};
use crate::container::filesystem::{absolute, file_name, FsView, Node};
use crate::container::shell::matches_pattern;
use crate::time::{Duration, Instant};

#[derive(Clone)]
enum Test {
    Name(String),
    Path(String),
    Kind(char),
    /// Age in minutes: sign and number.
    Minutes(i32, u64),
    Days(i32, u64),
    Newer(Instant),
    Empty,
    Not(Box<Test>),
}

/// What the arguments say.
struct Asked {
    tests: Vec<Test>,
    deepest: u32,
    delete: bool,
}

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let args = ctx.args();
    let split = args
        .iter()
        .position(|a| a.starts_with(['-', '!']))
        .unwrap_or(args.len());
    let (roots, expression) = args.split_at(split);
    let mut roots = roots.to_vec();
    if roots.is_empty() {
        roots.push(".".to_string());
    }
    let asked = match read(ctx, expression) {
        Ok(asked) => asked,
        Err(outcome) => return outcome,
    };
    let cwd = ctx.cwd();
    let mut code = 0;
    let now = ctx.now;
    for root in roots {
        let mut found = Vec::new();
        let Some(mut files) = ctx.files() else {
            break;
        };
        match files.find(&cwd, &root).map(|(path, _)| path) {
            Ok(path) => walk(
                &files,
                (&root, &path),
                (0, asked.deepest),
                (&asked.tests, now),
                &mut found,
            ),
            Err(errno) => {
                ctx.complain(&format!("{root}: {}", errno.text()));
                code = 1;
                continue;
            }
        }
        if asked.delete {
            for (_, path) in found.iter().rev() {
                let _ = super::rm::remove(&mut files, path, true, 0);
            }
            continue;
        }
        for (shown, _) in found {
            ctx.print(&format!("{shown}\n"));
        }
    }
    Outcome::Exit(code)
}

fn read(ctx: &mut Ctx<'_>, expression: &[String]) -> Result<Asked, Outcome> {
    let mut asked = Asked {
        tests: Vec::new(),
        deepest: u32::MAX,
        delete: false,
    };
    let mut negate = false;
    let mut rest = expression.iter();
    while let Some(arg) = rest.next() {
        let mut value = || rest.next().cloned().unwrap_or_default();
        match arg.as_str() {
            "!" | "-not" => negate = !negate,
            "-maxdepth" => asked.deepest = value().parse().unwrap_or(u32::MAX),
            "-mindepth" => drop(value()),
            "-print" | "-a" => {}
            "-delete" => asked.delete = true,
            name => {
                let Some(test) = test(ctx, name, &mut value) else {
                    return Err(ctx.fail(&format!("unrecognized: {name}"), 1));
                };
                asked.tests.push(if negate {
                    Test::Not(Box::new(test))
                } else {
                    test
                });
                negate = false;
            }
        }
    }
    Ok(asked)
}

fn test(ctx: &mut Ctx<'_>, name: &str, value: &mut dyn FnMut() -> String) -> Option<Test> {
    let signed = |text: &str| {
        let sign = match text.chars().next() {
            Some('+') => 1,
            Some('-') => -1,
            _ => 0,
        };
        (
            sign,
            text.trim_start_matches(['+', '-']).parse().unwrap_or(0),
        )
    };
    Some(match name {
        "-name" | "-iname" => Test::Name(value()),
        "-path" => Test::Path(value()),
        "-type" => Test::Kind(value().chars().next().unwrap_or('f')),
        "-mmin" | "-cmin" | "-amin" => {
            let (sign, number) = signed(&value());
            Test::Minutes(sign, number)
        }
        "-mtime" | "-ctime" | "-atime" => {
            let (sign, number) = signed(&value());
            Test::Days(sign, number)
        }
        "-newer" => {
            let (name, cwd) = (value(), ctx.cwd());
            let at = ctx
                .files()
                .and_then(|f| f.find(&cwd, &name).ok().map(|(_, n)| n.modified));
            Test::Newer(at.unwrap_or(Instant::NEVER))
        }
        "-empty" => Test::Empty,
        _ => return None,
    })
}

fn walk(
    files: &FsView<'_>,
    place: (&str, &str),
    depth: (u32, u32),
    what: (&[Test], Instant),
    found: &mut Vec<(String, String)>,
) {
    let (shown, path) = place;
    let Some(node) = files.node(path) else {
        return;
    };
    if what
        .0
        .iter()
        .all(|test| holds(files, test, shown, path, node, what.1))
    {
        found.push((shown.to_string(), path.to_string()));
    }
    if !node.is_directory() || depth.0 >= depth.1 || depth.0 > 64 {
        return;
    }
    for name in files.list(path) {
        let below = format!("{}/{name}", shown.trim_end_matches('/'));
        let inner = absolute(path, &name);
        walk(files, (&below, &inner), (depth.0 + 1, depth.1), what, found);
    }
}

fn holds(
    files: &FsView<'_>,
    test: &Test,
    shown: &str,
    path: &str,
    node: &Node,
    now: Instant,
) -> bool {
    let aged = |sign: i32, number: u64, unit: u64| {
        let age = now.since(node.modified);
        let whole = age.as_secs() / unit;
        match sign {
            1 => whole > number,
            -1 => age < Duration::from_secs(number * unit),
            _ => whole == number,
        }
    };
    match test {
        Test::Name(pattern) => matches_pattern(pattern, file_name(shown)),
        Test::Path(pattern) => matches_pattern(pattern, shown),
        Test::Kind('d') => node.is_directory(),
        Test::Kind('l') => super::ls::mode_text(node).starts_with('l'),
        Test::Kind(_) => super::ls::mode_text(node).starts_with('-'),
        Test::Minutes(sign, number) => aged(*sign, *number, 60),
        Test::Days(sign, number) => aged(*sign, *number, 86_400),
        Test::Newer(at) => node.modified > *at,
        Test::Empty if node.is_directory() => files.list(path).is_empty(),
        Test::Empty => node.size() == 0,
        Test::Not(inner) => !holds(files, inner, shown, path, node, now),
    }
}
