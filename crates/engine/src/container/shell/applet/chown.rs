//! `chown` and `chgrp`: who a file belongs to.

use super::id::{group_id, group_of_user, user_id};
use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::{absolute, Errno, FsView};

static TAKES: Takes = Takes::letters("fR", "hLHPcv", "USER FILE...")
    .long("!changes !dereference !no-dereference quiet=f recursive=R silent=f !verbose");
static TAKES_GROUP: Takes = Takes::letters("fR", "hLHPcv", "GROUP FILE...")
    .long("!changes !dereference !no-dereference quiet=f recursive=R silent=f !verbose");

/// Whom files are given to; None: as it was.
#[derive(Clone, Copy)]
struct Owner {
    uid: Option<u32>,
    gid: Option<u32>,
}

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    change(ctx, &TAKES, owner)
}

/// `chgrp`.
pub fn group(ctx: &mut Ctx<'_>) -> Outcome {
    change(ctx, &TAKES_GROUP, |text| {
        let (uid, gid) = (None, Some(group_number(text)?));
        Ok(Owner { uid, gid })
    })
}

/// `USER`, `USER:GROUP`, `:GROUP`, or `USER:` with the user's own group.
fn owner(text: &str) -> Result<Owner, String> {
    let (user, group) = match text.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (text, None),
    };
    let number = || user_id(user).or_else(|| user.parse().ok());
    let uid = match user {
        "" => None,
        _ => Some(number().ok_or_else(|| format!("unknown user {user}"))?),
    };
    let gid = match group {
        None => None,
        Some("") => uid.map(group_of_user),
        Some(name) => Some(group_number(name)?),
    };
    Ok(Owner { uid, gid })
}

fn group_number(name: &str) -> Result<u32, String> {
    let found = group_id(name).or_else(|| name.parse().ok());
    found.ok_or_else(|| format!("unknown group {name}"))
}

fn change(
    ctx: &mut Ctx<'_>,
    takes: &'static Takes,
    read: fn(&str) -> Result<Owner, String>,
) -> Outcome {
    let given = match ctx.options(takes) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let Some((owner, names)) = given.operands.split_first().filter(|(_, n)| !n.is_empty()) else {
        return ctx.usage(takes);
    };
    let owner = match read(owner) {
        Ok(owner) => owner,
        Err(text) => return ctx.fail(&text, 1),
    };
    let mut code = 0;
    let cwd = ctx.cwd();
    for name in names {
        let mut failed = Vec::new();
        if let Some(mut files) = ctx.files() {
            let depth = if given.has("R") { DEPTH_MAX } else { 0 };
            let path = files.resolve(&cwd, name, depth == 0);
            match path {
                Ok(path) => give(&mut files, &path, name, owner, depth, &mut failed),
                Err(errno) => failed.push((name.clone(), errno)),
            }
        }
        for (name, errno) in failed {
            if !given.has("f") {
                ctx.complain(&format!("{name}: {}", errno.text()));
            }
            code = 1;
        }
    }
    Outcome::Exit(code)
}

/// Directories below each other that `-R` goes into.
const DEPTH_MAX: u32 = 64;

fn give(
    files: &mut FsView<'_>,
    path: &str,
    shown: &str,
    owner: Owner,
    depth: u32,
    failed: &mut Vec<(String, Errno)>,
) {
    let node = files.node(path);
    let is_directory = node.is_some_and(|node| node.is_directory());
    if let Err(errno) = files.chown(path, owner.uid, owner.gid) {
        failed.push((shown.to_string(), errno));
    }
    if depth == 0 || !is_directory {
        return;
    }
    for name in files.list(path) {
        let shown = absolute(shown, &name);
        give(
            files,
            &absolute(path, &name),
            &shown,
            owner,
            depth - 1,
            failed,
        );
    }
}
