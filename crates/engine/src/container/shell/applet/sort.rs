//! `sort`.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let (mut numeric, mut reverse, mut unique, mut fold) = (false, false, false, false);
    let (mut key, mut separator, mut output) = (None, None, None);
    let mut names = Vec::new();
    let mut args = ctx.args().iter();
    while let Some(arg) = args.next() {
        let Some(letters) = arg.strip_prefix('-').filter(|l| !l.is_empty()) else {
            names.push(arg.clone());
            continue;
        };
        let mut rest = letters.chars();
        while let Some(letter) = rest.next() {
            match letter {
                'n' => numeric = true,
                'r' => reverse = true,
                'u' => unique = true,
                'f' => fold = true,
                'k' | 't' | 'o' => {
                    let attached: String = rest.by_ref().collect();
                    let value = match attached.is_empty() {
                        true => args.next().cloned().unwrap_or_default(),
                        false => attached,
                    };
                    match letter {
                        'k' => {
                            let digits: String =
                                value.chars().take_while(char::is_ascii_digit).collect();
                            key = digits.parse::<usize>().ok();
                            numeric |= value.contains('n');
                            reverse |= value.contains('r');
                        }
                        't' => separator = value.chars().next(),
                        _ => output = Some(value),
                    }
                }
                _ => {}
            }
        }
    }
    let inputs = match ctx.inputs(&names) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let mut lines = inputs.lines();
    let keyed = |line: &str| -> String {
        let text = match (key, separator) {
            (None, _) => line.to_string(),
            (Some(k), Some(c)) => {
                let fields: Vec<&str> = line.split(c).skip(k.saturating_sub(1)).collect();
                fields.join(&c.to_string())
            }
            (Some(k), None) => {
                let fields: Vec<&str> = line.split_whitespace().skip(k.saturating_sub(1)).collect();
                fields.join(" ")
            }
        };
        if fold {
            text.to_ascii_uppercase()
        } else {
            text
        }
    };
    let number = |text: &str| -> i128 {
        let text = text.trim_start();
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let whole: String = whole.chars().take_while(char::is_ascii_digit).collect();
        let fraction: String = fraction
            .chars()
            .take_while(char::is_ascii_digit)
            .take(9)
            .collect();
        let text = format!("{whole}{fraction:0<9}");
        sign * text.parse::<i128>().unwrap_or(0)
    };
    lines.sort_by(|a, b| {
        let (ka, kb) = (keyed(a), keyed(b));
        let mut order = if numeric {
            number(&ka).cmp(&number(&kb))
        } else {
            ka.cmp(&kb)
        };
        if order.is_eq() && !unique {
            order = a.cmp(b);
        }
        if reverse {
            order.reverse()
        } else {
            order
        }
    });
    if unique {
        lines.dedup_by(|a, b| {
            let (ka, kb) = (keyed(a), keyed(b));
            if numeric {
                number(&ka) == number(&kb)
            } else {
                ka == kb
            }
        });
    }
    let mut text = lines.join("\n");
    if !lines.is_empty() {
        text.push('\n');
    }
    let cwd = ctx.cwd();
    match output {
        Some(path) => {
            if let Some(mut files) = ctx.files() {
                let _ = files.write(&cwd, &path, text.as_bytes());
            }
        }
        None => ctx.print(&text),
    }
    Outcome::Exit(inputs.exit_code())
}
