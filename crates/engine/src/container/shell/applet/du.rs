//! `du`: bytes of a tree in KiB.

use super::human::human;
use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::{absolute, FsView};

static TAKES: Takes = Takes::letters("askchd:", "bLHlxm", "[FILE]...");

/// What is printed of a tree.
struct Shown {
    files: bool,
    human: bool,
    deepest: u32,
    out: String,
}

impl Shown {
    fn line(&mut self, kib: u64, name: &str) {
        let size = if self.human {
            human(kib << 10)
        } else {
            kib.to_string()
        };
        self.out.push_str(&format!("{size}\t{name}\n"));
    }
}

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let deepest = match given.value("d").map(str::parse) {
        Some(Ok(deepest)) => deepest,
        Some(Err(_)) => return ctx.usage(&TAKES),
        None if given.has("s") => 0,
        None => u32::MAX,
    };
    let mut names = given.operands.clone();
    if names.is_empty() {
        names.push(".".to_string());
    }
    let mut shown = Shown {
        files: given.has("a"),
        human: given.has("h"),
        deepest,
        out: String::new(),
    };
    let cwd = ctx.cwd();
    let (mut code, mut sum) = (0, 0);
    for name in names {
        let Some(files) = ctx.files() else {
            break;
        };
        match files.resolve(&cwd, &name, false) {
            Ok(path) if files.node(&path).is_some() => {
                sum += kibibytes(&files, &path, &name, 0, &mut shown);
            }
            _ => {
                ctx.complain(&format!("{name}: No such file or directory"));
                code = 1;
            }
        }
    }
    if given.has("c") {
        shown.line(sum, "total");
    }
    ctx.print(&shown.out);
    Outcome::Exit(code)
}

fn kibibytes(files: &FsView<'_>, path: &str, name: &str, depth: u32, shown: &mut Shown) -> u64 {
    let Some(node) = files.node(path) else {
        return 0;
    };
    let directory = node.is_directory();
    let mut sum = match directory || super::ls::kind(node) == '-' {
        true => node.size().div_ceil(4_096) * 4,
        false => 0,
    };
    if directory && depth < 64 {
        for child in files.list(path) {
            let below = format!("{}/{child}", name.trim_end_matches('/'));
            sum += kibibytes(files, &absolute(path, &child), &below, depth + 1, shown);
        }
    }
    if depth == 0 || depth <= shown.deepest && (directory || shown.files) {
        shown.line(sum, name);
    }
    sum
}
