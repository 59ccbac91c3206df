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
    let (uid, gid, groups) = match given.operands.first() {
        None => {
            let machine = ctx.world.machine(ctx.caller.container);
            let groups = machine.map_or_else(Vec::new, |machine| machine.all_groups());
            (ctx.caller.uid, machine.map_or(0, |m| m.gid), groups)
        }
        Some(name) => match user_id(name) {
            Some(uid) => (uid, uid, vec![uid]),
            None => return ctx.fail(&format!("unknown user {name}"), 1),
        },
    };
    let mut groups = groups;
    if !ctx.is_gnu() {
        // In the kernel's order; GNU's puts the first group first.
        groups.sort_unstable();
    }
    let bare = |id: u32, name: Option<&'static str>| match name {
        Some(name) if given.has("n") => name.to_string(),
        _ => id.to_string(),
    };
    let text = match chosen.map(|(name, _)| *name) {
        Some("u") => bare(uid, user_name(uid)),
        Some("G") => list(&groups, " ", &|gid| bare(gid, group_name(gid))),
        Some(_) => bare(gid, group_name(gid)),
        None => {
            let named = |id: u32, name: Option<&str>| match name {
                Some(name) => format!("{id}({name})"),
                None => id.to_string(),
            };
            let (user, group) = (named(uid, user_name(uid)), named(gid, group_name(gid)));
            let all = list(&groups, ",", &|gid| named(gid, group_name(gid)));
            format!("uid={user} gid={group} groups={all}")
        }
    };
    ctx.print(&format!("{text}\n"));
    Outcome::Exit(0)
}

fn list(groups: &[u32], between: &str, text: &dyn Fn(u32) -> String) -> String {
    let texts: Vec<String> = groups.iter().map(|gid| text(*gid)).collect();
    texts.join(between)
}

/// A user's group in `/etc/passwd`; root's for a user who is not there.
pub fn group_of_user(uid: u32) -> u32 {
    user_name(uid).map_or(0, |_| uid)
}

/// Number of a group of `/etc/group`.
pub fn group_id(name: &str) -> Option<u32> {
    match name {
        "root" => Some(0),
        "nogroup" => Some(65_534),
        _ => None,
    }
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
