//! `pidof`, `killall`, `pgrep`, `pkill`.

use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::file_name;
use crate::container::shell::regex::Regex;
use crate::container::signal::Signal;

static TAKES: Takes = Takes::letters("s", "o:", "[NAME]...");
static GREP: Takes = Takes::letters("fx", "lanovs:P:", "PATTERN");

/// How a process is looked for.
enum By<'a> {
    /// The name of its program.
    Name(&'a str),
    /// A pattern in the name, or in the whole command line.
    Pattern {
        regex: Regex,
        line: bool,
        whole: bool,
    },
}

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let names = &given.operands;
    let found = names.iter().flat_map(|n| find(ctx, &By::Name(n)));
    let mut pids: Vec<u32> = found.collect();
    pids.sort_unstable_by(|a, b| b.cmp(a));
    if given.has("s") {
        pids.truncate(1);
    }
    if pids.is_empty() {
        return Outcome::Exit(1);
    }
    let texts: Vec<String> = pids.iter().map(u32::to_string).collect();
    ctx.print(&format!("{}\n", texts.join(" ")));
    Outcome::Exit(0)
}

/// A signal before the names, `-9` or `-HUP`, and the rest.
fn signal_of(ctx: &mut Ctx<'_>) -> Result<(Signal, Vec<String>), Outcome> {
    let mut args = ctx.args().to_vec();
    let mut signal = Signal::TERM;
    if let Some(name) = args.first().and_then(|a| a.strip_prefix('-')) {
        let own = ctx.name == "pkill" && !name.starts_with(|c: char| c.is_ascii_digit());
        match Signal::parse(name) {
            Some(found) => {
                signal = found;
                args.remove(0);
            }
            None if own || name == "q" => {}
            None if name == "l" => return Err(ctx.not_simulated("-l")),
            None => return Err(ctx.fail(&format!("bad signal name '{name}'"), 1)),
        }
    }
    Ok((signal, args))
}

pub fn killall(ctx: &mut Ctx<'_>) -> Outcome {
    let (signal, args) = match signal_of(ctx) {
        Ok(read) => read,
        Err(outcome) => return outcome,
    };
    let quiet = args.first().is_some_and(|a| a == "-q");
    let names = &args[usize::from(quiet)..];
    if names.is_empty() {
        return ctx.fail("you need to specify whom to kill", 1);
    }
    let mut code = 0;
    for name in names {
        let pids = find(ctx, &By::Name(name));
        if pids.is_empty() {
            code = 1;
            if !quiet {
                ctx.complain(&format!("{name}: no process killed"));
            }
        }
        deliver(ctx, &pids, signal);
    }
    Outcome::Exit(code)
}

fn deliver(ctx: &mut Ctx<'_>, pids: &[u32], signal: Signal) {
    let container = ctx.caller.container;
    for pid in pids {
        let _ = ctx.world.deliver(ctx.now, container, *pid, signal, false);
    }
}

pub fn pkill(ctx: &mut Ctx<'_>) -> Outcome {
    let (signal, args) = match signal_of(ctx) {
        Ok(read) => read,
        Err(outcome) => return outcome,
    };
    match by_pattern(ctx, &args) {
        Ok(pids) => {
            deliver(ctx, &pids, signal);
            Outcome::Exit(i32::from(pids.is_empty()))
        }
        Err(outcome) => outcome,
    }
}

pub fn pgrep(ctx: &mut Ctx<'_>) -> Outcome {
    let args = ctx.args().to_vec();
    match by_pattern(ctx, &args) {
        Ok(pids) => {
            for pid in &pids {
                ctx.print(&format!("{pid}\n"));
            }
            Outcome::Exit(i32::from(pids.is_empty()))
        }
        Err(outcome) => outcome,
    }
}

fn by_pattern(ctx: &mut Ctx<'_>, args: &[String]) -> Result<Vec<u32>, Outcome> {
    let given = ctx.options_of(&GREP, args)?;
    let [pattern] = given.operands.as_slice() else {
        return Err(ctx.usage(&GREP));
    };
    let Some(regex) = Regex::new(pattern, true, false) else {
        return Err(ctx.fail(&format!("bad regex '{pattern}'"), 1));
    };
    let by = By::Pattern {
        regex,
        line: given.has("f"),
        whole: given.has("x"),
    };
    Ok(find(ctx, &by))
}

fn find(ctx: &Ctx<'_>, by: &By<'_>) -> Vec<u32> {
    let Some(machine) = ctx.world.machine(ctx.caller.container) else {
        return Vec::new();
    };
    machine
        .processes
        .iter()
        .filter(|p| !p.is_zombie() && p.pid != ctx.caller.pid && Some(p.pid) != ctx.caller.host)
        .filter(|p| {
            let first = p.argv.first().map_or("", |a| a);
            let program = file_name(first);
            match by {
                By::Name(name) => program == *name || first.starts_with(&format!("{name}:")),
                By::Pattern { regex, line, whole } => {
                    // A title such as `nginx: master process` begins with the program's name.
                    let name = first.split_once(": ").map_or(program, |(name, _)| name);
                    let text = match line {
                        true => p.command_line(),
                        false => name.to_string(),
                    };
                    let text: Vec<char> = text.chars().collect();
                    let span = regex.find(&text, 0).and_then(|spans| spans[0]);
                    span.is_some_and(|span| !whole || span == (0, text.len()))
                }
            }
        })
        .map(|p| p.pid)
        .collect()
}
