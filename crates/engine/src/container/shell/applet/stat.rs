//! `stat`, with `-c`.

use super::id::user_name;
use super::ls::mode_text;
use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut format = None;
    let mut names = Vec::new();
    let mut args = ctx.args().iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-c" => format = args.next().cloned(),
            "-L" | "-t" | "-f" => {}
            name => names.push(name.to_string()),
        }
    }
    let cwd = ctx.cwd();
    let clock = ctx.world.clock;
    let mut code = 0;
    for name in names {
        let Some(files) = ctx.files() else {
            break;
        };
        let node = match files.find(&cwd, &name) {
            Ok((_, node)) => node.clone(),
            Err(errno) => {
                ctx.complain(&format!("can't stat '{name}': {}", errno.text()));
                code = 1;
                continue;
            }
        };
        let owner = user_name(node.uid).map_or_else(|| node.uid.to_string(), str::to_string);
        let default = "  File: %n\n  Size: %s\nAccess: (%a/%A)  Uid: (%u/%U)".to_string();
        let mut out = String::new();
        let wanted = format.clone().unwrap_or(default);
        let mut chars = wanted.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            let text = match chars.next() {
                Some('n') => name.clone(),
                Some('s') => node.size().to_string(),
                Some('a') => format!("{:o}", node.mode),
                Some('A') => mode_text(&node),
                Some('u' | 'g') => node.uid.to_string(),
                Some('U' | 'G') => owner.clone(),
                Some('X' | 'Y' | 'Z') => clock.unix_secs(node.modified).to_string(),
                Some('F') if node.is_directory() => "directory".to_string(),
                Some('F') => "regular file".to_string(),
                Some('h') => "1".to_string(),
                Some(other) => format!("%{other}"),
                None => "%".to_string(),
            };
            out.push_str(&text);
        }
        ctx.print(&format!("{out}\n"));
    }
    Outcome::Exit(code)
}
