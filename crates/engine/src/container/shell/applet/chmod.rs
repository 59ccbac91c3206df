//! `chmod`: octal and symbolic modes.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let args: Vec<String> = ctx
        .args()
        .iter()
        .filter(|a| !matches!(a.as_str(), "-R" | "-v" | "-f"))
        .cloned()
        .collect();
    let Some((mode, names)) = args.split_first() else {
        return ctx.fail("needs a mode and files", 1);
    };
    let mut code = 0;
    let cwd = ctx.cwd();
    for name in names {
        let Some(mut files) = ctx.files() else {
            break;
        };
        let result = files
            .find(&cwd, name)
            .map(|(path, node)| (path, node.mode))
            .and_then(|(path, old)| match apply(mode, old) {
                Some(mode) => files.chmod(&path, mode),
                None => Err(crate::container::filesystem::Errno::Invalid),
            });
        if let Err(errno) = result {
            ctx.complain(&format!("{name}: {}", errno.text()));
            code = 1;
        }
    }
    Outcome::Exit(code)
}

/// The mode after `755`, `+x`, `u=rw,go-w`.
fn apply(text: &str, old: u16) -> Option<u16> {
    if let Ok(mode) = u16::from_str_radix(text, 8) {
        return (mode <= 0o7777).then_some(mode);
    }
    let mut mode = old;
    for clause in text.split(',') {
        let at = clause.find(['+', '-', '='])?;
        let (who, rest) = clause.split_at(at);
        let op = rest.chars().next()?;
        let mut bits = 0;
        for c in rest[1..].chars() {
            bits |= match c {
                'r' => 4,
                'w' => 2,
                'x' | 'X' => 1,
                's' | 't' => 0,
                _ => return None,
            };
        }
        for (letter, shift) in [('u', 6), ('g', 3), ('o', 0)] {
            if !who.is_empty() && !who.contains([letter, 'a']) {
                continue;
            }
            match op {
                '+' => mode |= bits << shift,
                '-' => mode &= !(bits << shift),
                _ => mode = mode & !(7 << shift) | bits << shift,
            }
        }
    }
    Some(mode)
}
