//! `stat`, with `-c`.

use super::id::{group_name, user_name};
use super::ls::mode_text;
use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::{Content, Errno, Node};
use crate::container::wall_clock::WallClock;

static TAKES: Takes = Takes::letters("c:L", "tf", "FILE...");

/// Without `-c`. What no simulated disk has, device and inode numbers, is a dash.
const USUAL: &str = "  File: %N\n  Size: %s\tBlocks: %b\tIO Block: %o\t%F\nDevice: -\tInode: -\t\
                     Links: %h\nAccess: (0%a/%A)  Uid: (%u/%U)   Gid: (%g/%G)\nAccess: %x\nModify: %y\n\
                     Change: %z";

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    if given.operands.is_empty() {
        return ctx.usage(&TAKES);
    }
    let format = given.value("c").unwrap_or(USUAL);
    let cwd = ctx.cwd();
    let clock = ctx.world.clock;
    let mut code = 0;
    for name in &given.operands {
        let Some(files) = ctx.files() else {
            break;
        };
        let path = files.resolve(&cwd, name, given.has("L"));
        let node = match path.and_then(|path| files.node(&path).cloned().ok_or(Errno::NoEntry)) {
            Ok(node) => node,
            Err(errno) => {
                ctx.complain(&format!("can't stat '{name}': {}", errno.text()));
                code = 1;
                continue;
            }
        };
        let mut out = String::new();
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            let Some(letter) = chars.next() else {
                out.push('%');
                break;
            };
            match field(letter, name, &node, clock) {
                Some(text) => out.push_str(&text),
                None if "dDfitT".contains(letter) => {
                    return ctx.not_simulated(&format!("%{letter}"));
                }
                None => out.push(letter),
            }
        }
        ctx.print(&format!("{out}\n"));
    }
    Outcome::Exit(code)
}

/// One letter of a format.
fn field(letter: char, name: &str, node: &Node, clock: WallClock) -> Option<String> {
    let named = |name: Option<&str>| name.unwrap_or("UNKNOWN").to_string();
    let kind = || match &node.content {
        Content::Directory => "directory",
        Content::Symlink(_) => "symbolic link",
        Content::Device(_) => "character special file",
        _ if node.size() == 0 => "regular empty file",
        _ => "regular file",
    };
    Some(match letter {
        'n' => name.to_string(),
        'N' => match &node.content {
            Content::Symlink(target) => format!("'{name}' -> '{target}'"),
            _ => name.to_string(),
        },
        's' => node.size().to_string(),
        'a' => format!("{:o}", node.mode),
        'A' => mode_text(node),
        'u' => node.uid.to_string(),
        'g' => node.gid.to_string(),
        'U' => named(user_name(node.uid)),
        'G' => named(group_name(node.gid)),
        'X' | 'Y' | 'Z' => clock.unix_secs(node.modified).to_string(),
        'x' | 'y' | 'z' => {
            let c = clock.calendar(node.modified);
            format!(
                "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:09} +0000",
                c.year, c.month, c.day, c.hour, c.minute, c.second, c.nanos
            )
        }
        'F' => kind().to_string(),
        'h' => if node.is_directory() { "2" } else { "1" }.to_string(),
        'b' => (node.size().div_ceil(4_096) * 8).to_string(),
        'B' => "512".to_string(),
        'o' => "4096".to_string(),
        _ => return None,
    })
}
