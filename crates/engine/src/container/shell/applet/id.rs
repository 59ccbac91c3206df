//! `id`.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("ugGnr", "", "[USER]");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let chosen = given
        .list
        .iter()
        .find(|(n, _)| matches!(*n, "u" | "g" | "G"));
    if given.operands.len() > 1 || chosen.is_none() && !given.list.is_empty() {
        return ctx.usage(&TAKES);
    }
    let (uid, gid) = match given.operands.first() {
        None => (ctx.caller.uid, own_group(ctx)),
        Some(name) => match user_id(name) {
            Some(uid) => (uid, uid),
            None => return ctx.fail(&format!("unknown user {name}"), 1),
        },
    };
    let bare = |id: u32, name: Option<&'static str>| match name {
        Some(name) if given.has("n") => name.to_string(),
        _ => id.to_string(),
    };
    let text = match chosen.map(|(name, _)| *name) {
        Some("u") => bare(uid, user_name(uid)),
        // Nobody is in further groups: `-G` lists what `-g` says.
        Some(_) => bare(gid, group_name(gid)),
        None => {
            let named = |id: u32, name: Option<&str>| match name {
                Some(name) => format!("{id}({name})"),
                None => id.to_string(),
            };
            let (user, group) = (named(uid, user_name(uid)), named(gid, group_name(gid)));
            format!("uid={user} gid={group} groups={group}")
        }
    };
    ctx.print(&format!("{text}\n"));
    Outcome::Exit(0)
}

/// `runAsGroup`, else the group of the user in `/etc/passwd`, else root's.
fn own_group(ctx: &Ctx<'_>) -> u32 {
    let machine = ctx.world.machine(ctx.caller.container);
    let asked = machine.and_then(|m| m.setup.group);
    let named = user_name(ctx.caller.uid).map(|_| ctx.caller.uid);
    asked.or(named).unwrap_or(0)
}

/// Name of an account of `/etc/passwd`.
pub fn user_name(uid: u32) -> Option<&'static str> {
    match uid {
        0 => Some("root"),
        65_534 => Some("nobody"),
        _ => None,
    }
}

/// Name of a group of `/etc/group`.
pub fn group_name(gid: u32) -> Option<&'static str> {
    match gid {
        0 => Some("root"),
        65_534 => Some("nogroup"),
        _ => None,
    }
}

/// Number of an account of `/etc/passwd`.
pub fn user_id(name: &str) -> Option<u32> {
    match name {
        "root" => Some(0),
        "nobody" => Some(65_534),
        _ => None,
    }
}
