//! `xargs`: builds one command, or one for each line with `-I`, and lets the shell run it.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("0rtn:I:P:s:x", "a:pE:e::", "[PROG ARGS]")
    .long("no-run-if-empty=r")
    .leading();

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let number = |name: &str| match given.number::<u32>(name)? {
        Some(0) => Err("invalid number '0'".to_string()),
        number => Ok(number),
    };
    let most = match (number("n"), number("s"), number("P")) {
        (Ok(most), Ok(_), Ok(_)) => most.unwrap_or(u32::MAX),
        (Err(text), ..) | (_, Err(text), _) | (.., Err(text)) => return ctx.fail(&text, 1),
    };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let (replace, skip_empty) = (given.value("I"), given.has("r"));
    let command: Vec<String> = match given.operands.as_slice() {
        [] => vec!["echo".to_string()],
        command => command.to_vec(),
    };
    let Some(bytes) = ctx.stdin() else {
        return Outcome::Input(ctx.input.bytes.take().unwrap_or_default());
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut commands: Vec<Vec<String>> = Vec::new();
    if let Some(mark) = replace {
        for line in text.lines().filter(|l| !l.trim().is_empty()) {
            commands.push(
                command
                    .iter()
                    .map(|w| w.replace(mark, line.trim()))
                    .collect(),
            );
        }
    } else {
        let words: Vec<String> = match given.has("0") {
            true => text.split_terminator('\0').map(str::to_string).collect(),
            false if text.contains(['\'', '"', '\\']) => {
                return ctx.not_simulated("quotes in its input");
            }
            false => text.split_whitespace().map(str::to_string).collect(),
        };
        if words.is_empty() && !skip_empty {
            commands.push(command.clone());
        }
        for part in words.chunks(most.min(words.len().max(1))) {
            let mut argv = command.clone();
            argv.extend_from_slice(part);
            commands.push(argv);
        }
    }
    let line = |argv: &Vec<String>| {
        let words: Vec<String> = argv
            .iter()
            .map(|w| format!("'{}'", w.replace('\'', "'\\''")))
            .collect();
        format!("{} || s=123", words.join(" "))
    };
    if given.has("t") {
        for argv in &commands {
            ctx.complain_raw(&format!("{}\n", argv.join(" ")));
        }
    }
    match commands.len() {
        0 => Outcome::Exit(0),
        1 => Outcome::Exec {
            argv: commands.remove(0),
            env: ctx.caller.env.clone(),
        },
        _ => {
            let lines: Vec<String> = commands.iter().map(line).collect();
            let script = format!("s=0; {}; exit $s", lines.join("; "));
            Outcome::Exec {
                argv: vec!["sh".to_string(), "-c".to_string(), script],
                env: ctx.caller.env.clone(),
            }
        }
    }
}
