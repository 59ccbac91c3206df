//! `env` and `printenv`.

use super::{Ctx, Outcome, Takes};
use std::sync::Arc;

static TAKES: Takes = Takes::letters("iu:0", "", "[NAME=VALUE]... [PROG ARGS]")
    .long("ignore-environment=i null=0 unset=u")
    .leading();

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let mut args = given.operands.as_slice();
    let mut env = (*ctx.caller.env).clone();
    let lone = args.first().is_some_and(|a| a == "-");
    if lone {
        args = &args[1..];
    }
    if lone || given.has("i") {
        env.clear();
    }
    for name in given.values("u") {
        env.remove(name);
    }
    while let Some((name, value)) = args.first().and_then(|a| a.split_once('=')) {
        env.insert(name.to_string(), value.to_string());
        args = &args[1..];
    }
    if args.is_empty() {
        let end = if given.has("0") { '\0' } else { '\n' };
        for (name, value) in &env {
            ctx.print(&format!("{name}={value}{end}"));
        }
        return Outcome::Exit(0);
    }
    Outcome::Exec {
        argv: args.to_vec(),
        env: Arc::new(env),
    }
}

pub fn printenv(ctx: &mut Ctx<'_>) -> Outcome {
    let env = ctx.caller.env.clone();
    let names = ctx.args();
    if ctx.is_gnu() && names.iter().any(|n| n.starts_with('-')) {
        return ctx.not_simulated("its options");
    }
    if names.is_empty() {
        for (name, value) in env.iter() {
            ctx.print(&format!("{name}={value}\n"));
        }
    }
    let mut code = 0;
    for name in names {
        match env.get(name) {
            Some(value) => ctx.print(&format!("{value}\n")),
            None => code = 1,
        }
    }
    Outcome::Exit(code)
}
