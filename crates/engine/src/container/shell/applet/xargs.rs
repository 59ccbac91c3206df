//! `xargs`: builds one command, or one for each line with `-I`, and lets the shell run it.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let (mut most, mut replace, mut skip_empty) = (usize::MAX, None, false);
    let args = ctx.args();
    let mut at = 0;
    while let Some(option) = args.get(at).and_then(|a| a.strip_prefix('-')) {
        at += 1;
        match option {
            "n" | "L" | "P" | "s" => {
                let value = args.get(at).and_then(|a| a.parse().ok());
                if option == "n" || option == "L" {
                    most = value.unwrap_or(usize::MAX).max(1);
                }
                at += 1;
            }
            "I" => {
                replace = args.get(at).cloned();
                at += 1;
            }
            "r" => skip_empty = true,
            o if o.starts_with('n') => most = o[1..].parse().unwrap_or(usize::MAX).max(1),
            o if o.starts_with('I') => replace = Some(o[1..].to_string()),
            _ => {}
        }
    }
    let command: Vec<String> = match args.get(at..) {
        Some(rest) if !rest.is_empty() => rest.to_vec(),
        _ => vec!["echo".to_string()],
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
                    .map(|w| w.replace(&mark, line.trim()))
                    .collect(),
            );
        }
    } else {
        let words: Vec<String> = text.split_whitespace().map(str::to_string).collect();
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
