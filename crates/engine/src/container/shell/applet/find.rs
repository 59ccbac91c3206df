//! `find`: by name, type, age and emptiness.

use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::{absolute, file_name, FsView, Node};
use crate::container::shell::matches_pattern;
use crate::time::{Duration, Instant};

#[derive(Clone)]
enum Test {
    Name(String),
    AnyCase(String),
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
    shallowest: u32,
    deepest: u32,
    delete: bool,
}

static TAKES: Takes = Takes::letters("", "", "[PATH]... [OPTIONS] [ACTIONS]");

/// What takes a value.
const VALUED: &str = " -maxdepth -mindepth -name -iname -path -type -mmin -mtime -newer ";

/// What BusyBox has besides.
const OTHERS: &str = " -L -H -follow -xdev -depth ( ) -o -or -and -ipath -regex -executable -perm \
                      -atime -ctime -amin -cmin -inum -samefile -user -group -size -links -prune \
                      -print0 -exec -ok -quit -mount ";

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
            Ok(path) => walk(&files, (&root, &path), (0, &asked), now, &mut found),
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
        shallowest: 0,
        deepest: u32::MAX,
        delete: false,
    };
    let mut negate = false;
    let mut rest = expression.iter();
    while let Some(arg) = rest.next() {
        let name = arg.as_str();
        if OTHERS.contains(&format!(" {name} ")) {
            return Err(ctx.not_simulated(name));
        }
        let mut value = String::new();
        if VALUED.contains(&format!(" {name} ")) {
            match rest.next() {
                Some(next) => value.clone_from(next),
                None => return Err(ctx.fail(&format!("{name} requires an argument"), 1)),
            }
        }
        match name {
            "!" | "-not" => negate = !negate,
            "-maxdepth" | "-mindepth" => {
                let Ok(depth) = value.parse() else {
                    return Err(ctx.fail(&format!("invalid number '{value}'"), 1));
                };
                match name {
                    "-maxdepth" => asked.deepest = depth,
                    _ => asked.shallowest = depth,
                }
            }
            "-print" | "-a" => {}
            "-delete" => asked.delete = true,
            name => {
                let test = match test(ctx, name, value) {
                    Ok(test) => test,
                    Err(text) => {
                        ctx.complain(&text);
                        return Err(match text.starts_with("unrecognized") {
                            true => ctx.usage(&TAKES),
                            false => Outcome::Exit(1),
                        });
                    }
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

/// One test. Err: BusyBox's words.
fn test(ctx: &mut Ctx<'_>, name: &str, value: String) -> Result<Test, String> {
    let signed = || -> Result<(i32, u64), String> {
        let sign = match value.chars().next() {
            Some('+') => 1,
            Some('-') => -1,
            _ => 0,
        };
        match value.trim_start_matches(['+', '-']).parse() {
            Ok(number) => Ok((sign, number)),
            Err(_) => Err(format!("invalid number '{value}'")),
        }
    };
    Ok(match name {
        "-name" => Test::Name(value),
        "-iname" => Test::AnyCase(value),
        "-path" => Test::Path(value),
        "-type" => match value.as_str() {
            "f" | "d" | "l" | "b" | "c" | "s" | "p" => {
                Test::Kind(value.chars().next().unwrap_or('f'))
            }
            _ => return Err(format!("invalid argument '{value}' to '-type'")),
        },
        "-mmin" => signed().map(|(sign, number)| Test::Minutes(sign, number))?,
        "-mtime" => signed().map(|(sign, number)| Test::Days(sign, number))?,
        "-newer" => {
            let missing = || format!("{value}: No such file or directory");
            Test::Newer(ctx.modified(&value).ok_or_else(missing)?)
        }
        "-empty" => Test::Empty,
        _ => return Err(format!("unrecognized: {name}")),
    })
}

fn walk(
    files: &FsView<'_>,
    place: (&str, &str),
    (depth, asked): (u32, &Asked),
    now: Instant,
    found: &mut Vec<(String, String)>,
) {
    let (shown, path) = place;
    let Some(node) = files.node(path) else {
        return;
    };
    let mut tests = asked.tests.iter();
    if depth >= asked.shallowest && tests.all(|test| holds(files, test, shown, path, node, now)) {
        found.push((shown.to_string(), path.to_string()));
    }
    if !node.is_directory() || depth >= asked.deepest || depth > 64 {
        return;
    }
    for name in files.list(path) {
        let below = format!("{}/{name}", shown.trim_end_matches('/'));
        let inner = absolute(path, &name);
        walk(files, (&below, &inner), (depth + 1, asked), now, found);
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
        Test::AnyCase(pattern) => {
            matches_pattern(&pattern.to_lowercase(), &file_name(shown).to_lowercase())
        }
        Test::Name(pattern) => matches_pattern(pattern, file_name(shown)),
        Test::Path(pattern) => matches_pattern(pattern, shown),
        Test::Kind('f') => super::ls::kind(node) == '-',
        Test::Kind(kind) => super::ls::kind(node) == *kind,
        Test::Minutes(sign, number) => aged(*sign, *number, 60),
        Test::Days(sign, number) => aged(*sign, *number, 86_400),
        Test::Newer(at) => node.modified > *at,
        Test::Empty if node.is_directory() => files.list(path).is_empty(),
        Test::Empty => node.size() == 0,
        Test::Not(inner) => !holds(files, inner, shown, path, node, now),
    }
}
