//! `env` and `printenv`.

use super::{Ctx, Outcome};
use std::sync::Arc;

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut env = (*ctx.caller.env).clone();
    let args = ctx.args();
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        if arg == "-i" || arg == "-" {
            env.clear();
        } else if arg == "-u" {
            at += 1;
            env.remove(args.get(at).map_or("", String::as_str));
        } else if let Some((name, value)) = arg.split_once('=') {
            env.insert(name.to_string(), value.to_string());
        } else {
            break;
        }
        at += 1;
    }
    let argv = args.get(at..).unwrap_or_default();
    if argv.is_empty() {
        for (name, value) in &env {
            ctx.print(&format!("{name}={value}\n"));
        }
        return Outcome::Exit(0);
    }
    Outcome::Exec {
        argv: argv.to_vec(),
        env: Arc::new(env),
    }
}

pub fn printenv(ctx: &mut Ctx<'_>) -> Outcome {
    let env = ctx.caller.env.clone();
    let names = ctx.args();
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
