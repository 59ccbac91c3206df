//! `sh`: reads its options and its script; also BusyBox itself.

use super::{Ctx, Outcome};
use crate::container::shell::{Options, Shell};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let args = ctx.args();
    let mut options = Options::default();
    let (mut command, mut stdin) = (false, false);
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        let (sign, letters) = match arg.split_at_checked(1) {
            Some((sign @ ("-" | "+"), letters)) => (sign == "-", letters),
            _ => break,
        };
        at += 1;
        if letters.is_empty() || letters == "-" {
            break;
        }
        for letter in letters.chars() {
            match letter {
                'c' => command = true,
                's' => stdin = true,
                'o' => {
                    let name = args.get(at).cloned().unwrap_or_default();
                    at += 1;
                    if !options.set_by_name(&name, sign) {
                        return ctx.fail(&format!("illegal option -o {name}"), 2);
                    }
                }
                letter => {
                    if !options.set_by_letter(letter, sign) {
                        return ctx.fail(&format!("illegal option -{letter}"), 2);
                    }
                }
            }
        }
    }
    let rest = args.get(at..).unwrap_or_default();
    let env = ctx.caller.env.clone();
    let seed = ctx
        .world
        .machine_mut(ctx.caller.container)
        .map_or(0, |m| m.draw());
    let pid = ctx.caller.pid;
    let own = ctx.argv[0].clone();
    let shell = if command {
        let Some(text) = rest.first() else {
            return ctx.fail("-c requires an argument", 2);
        };
        options.from_command = true;
        let name = rest.get(1).cloned().unwrap_or(own);
        let positional = rest.get(2..).unwrap_or_default().to_vec();
        Shell::new(text, &name, positional, &env, pid, seed)
    } else if let (Some(path), false) = (rest.first(), stdin) {
        match ctx.read_file(path) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let mut shell = Shell::new(&text, path, rest[1..].to_vec(), &env, pid, seed);
                shell.set_from_file();
                shell
            }
            Err(errno) => {
                ctx.complain_raw(&format!("{own}: can't open '{path}': {}\n", errno.text()));
                return Outcome::Exit(2);
            }
        }
    } else {
        let Some(bytes) = ctx.stdin() else {
            return Outcome::Input(ctx.input.bytes.take().unwrap_or_default());
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Shell::new(&text, &own, rest.to_vec(), &env, pid, seed)
    };
    let mut shell = shell;
    shell.set_options(options);
    Outcome::Shell(Box::new(shell))
}

/// `busybox` without an applet.
pub fn busybox(ctx: &mut Ctx<'_>) -> Outcome {
    ctx.print(&format!("{}\n", super::BANNER));
    Outcome::Exit(0)
}
