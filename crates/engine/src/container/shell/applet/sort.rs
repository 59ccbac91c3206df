//! `sort`.

use super::{Ctx, Outcome};
use std::cmp::Ordering;

#[derive(Default)]
struct Options {
    numeric: bool,
    reverse: bool,
    unique: bool,
    fold: bool,
    /// First field that counts, from 1.
    key: Option<usize>,
    separator: Option<char>,
    output: Option<String>,
    names: Vec<String>,
}

fn options(ctx: &Ctx<'_>) -> Options {
    let mut options = Options::default();
    let mut args = ctx.args().iter();
    while let Some(arg) = args.next() {
        let Some(letters) = arg.strip_prefix('-').filter(|l| !l.is_empty()) else {
            options.names.push(arg.clone());
            continue;
        };
        let mut rest = letters.chars();
        while let Some(letter) = rest.next() {
            match letter {
                'n' => options.numeric = true,
                'r' => options.reverse = true,
                'u' => options.unique = true,
                'f' => options.fold = true,
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
                            options.key = digits.parse::<usize>().ok();
                            options.numeric |= value.contains('n');
                            options.reverse |= value.contains('r');
                        }
                        't' => options.separator = value.chars().next(),
                        _ => options.output = Some(value),
                    }
                }
                _ => {}
            }
        }
    }
    options
}

impl Options {
    /// The part of a line that counts.
    fn key(&self, line: &str) -> String {
        let text = match (self.key, self.separator) {
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
        match self.fold {
            true => text.to_ascii_uppercase(),
            false => text,
        }
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        let (a, b) = (self.key(a), self.key(b));
        match self.numeric {
            true => number(&a).cmp(&number(&b)),
            false => a.cmp(&b),
        }
    }
}

/// A decimal number in billionths; 0 for what is none.
fn number(text: &str) -> i128 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = |text: &str| -> String { text.chars().take_while(char::is_ascii_digit).collect() };
    let (whole, mut fraction) = (digits(whole), digits(fraction));
    fraction.truncate(9);
    sign * format!("{whole}{fraction:0<9}")
        .parse::<i128>()
        .unwrap_or(0)
}

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let options = options(ctx);
    let inputs = match ctx.inputs(&options.names) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let mut lines = inputs.lines();
    lines.sort_by(|a, b| {
        let mut order = options.compare(a, b);
        if order.is_eq() && !options.unique {
            order = a.cmp(b);
        }
        match options.reverse {
            true => order.reverse(),
            false => order,
        }
    });
    if options.unique {
        lines.dedup_by(|a, b| options.compare(a, b).is_eq());
    }
    let mut text = lines.join("\n");
    if !lines.is_empty() {
        text.push('\n');
    }
    let cwd = ctx.cwd();
    match options.output {
        Some(path) => {
            if let Some(mut files) = ctx.files() {
                let _ = files.write(&cwd, &path, text.as_bytes());
            }
        }
        None => ctx.print(&text),
    }
    Outcome::Exit(inputs.exit_code())
}
