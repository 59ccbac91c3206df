//! `id`.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let uid = ctx.caller.uid;
    let name = user_name(uid);
    let text = match ctx.args().first().map(String::as_str) {
        Some("-u" | "-g") => uid.to_string(),
        Some("-un" | "-gn") => name.map_or_else(|| uid.to_string(), str::to_string),
        _ => {
            let label = name.map(|n| format!("({n})")).unwrap_or_default();
            if uid == 0 {
                "uid=0(root) gid=0(root)".to_string()
            } else {
                format!("uid={uid}{label} gid=0(root)")
            }
        }
    };
    ctx.print(&format!("{text}\n"));
    Outcome::Exit(0)
}

/// Name of an account of `/etc/passwd`.
pub fn user_name(uid: u32) -> Option<&'static str> {
    match uid {
        0 => Some("root"),
        65_534 => Some("nobody"),
        _ => None,
    }
}
