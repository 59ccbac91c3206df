//! `chmod`: octal and symbolic modes.

use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::{absolute, Errno, FsView};

static TAKES: Takes = Takes::letters("Rf", "cv", "MODE FILE...");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    // A mode may begin with a dash.
    let is_mode = |a: &&String| {
        let mut letters = a.chars();
        letters.next() == Some('-') && letters.next().is_some_and(|c| "rwxXst".contains(c))
    };
    let mut args = ctx.args().to_vec();
    let dashed = args.iter().position(|a| is_mode(&a));
    let dashed = dashed.map(|at| args.remove(at));
    let given = match ctx.options_of(&TAKES, &args) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let mut names = given.operands.clone();
    names.splice(0..0, dashed);
    if names.len() < 2 {
        return ctx.usage(&TAKES);
    }
    let mode = names.remove(0);
    if apply(&mode, 0, false).is_none() {
        return ctx.fail(&format!("invalid mode '{mode}'"), 1);
    }
    let mut code = 0;
    let cwd = ctx.cwd();
    for name in names {
        let Some(mut files) = ctx.files() else {
            break;
        };
        let path = absolute(&cwd, &name);
        if let Err(errno) = change(&mut files, &path, &mode, given.has("R"), 0) {
            if !given.has("f") || errno == Errno::NoEntry {
                ctx.complain(&format!("{name}: {}", errno.text()));
            }
            code = 1;
        }
    }
    Outcome::Exit(code)
}

fn change(
    files: &mut FsView<'_>,
    path: &str,
    mode: &str,
    recursive: bool,
    depth: u32,
) -> Result<(), Errno> {
    let (path, node) = files.find("/", path)?;
    let (old, directory) = (node.mode, node.is_directory());
    let new = apply(mode, old, directory).ok_or(Errno::Invalid)?;
    files.chmod(&path, new)?;
    if recursive && directory && depth < 64 {
        for name in files.list(&path) {
            change(files, &absolute(&path, &name), mode, true, depth + 1)?;
        }
    }
    Ok(())
}

/// The mode after `755`, `+x`, `u=rw,go-w`.
pub fn apply(text: &str, old: u16, directory: bool) -> Option<u16> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let mode = u16::from_str_radix(text, 8).ok();
        return mode.filter(|mode| *mode <= 0o7777);
    }
    let mut mode = old;
    for clause in text.split(',') {
        let at = clause.find(['+', '-', '='])?;
        let (who, rest) = clause.split_at(at);
        if !who.chars().all(|c| "ugoa".contains(c)) {
            return None;
        }
        let op = rest.chars().next()?;
        let (mut bits, mut set_id, mut sticky) = (0, false, false);
        for c in rest[1..].chars() {
            match c {
                'r' => bits |= 4,
                'w' => bits |= 2,
                'x' => bits |= 1,
                'X' => bits |= u16::from(directory || mode & 0o111 != 0),
                's' => set_id = true,
                't' => sticky = true,
                _ => return None,
            }
        }
        // What is not named is masked as new files are.
        let masked = if who.is_empty() { 0o022 } else { 0 };
        let named = |letter: char| who.is_empty() || who.contains([letter, 'a']);
        let (mut change, mut whole) = (0, 0);
        for (letter, shift, id) in [('u', 6, 0o4000), ('g', 3, 0o2000), ('o', 0, 0)] {
            if named(letter) {
                change |= bits << shift | if set_id { id } else { 0 };
                whole |= 7 << shift | id;
            }
        }
        change |= if sticky { 0o1000 } else { 0 };
        change &= !masked;
        match op {
            '+' => mode |= change,
            '-' => mode &= !change,
            _ => mode = mode & !whole | change,
        }
    }
    Some(mode)
}
