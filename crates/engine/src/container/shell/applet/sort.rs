//! `sort`.

use super::{Ctx, Outcome, Takes};
use std::cmp::Ordering;

static TAKES: Takes = Takes::letters("nrufcbsk:t:o:", "gMzdiV", "[-t CHAR] [FILE]...").code(2);

/// How two texts are compared.
#[derive(Clone, Copy, Default)]
struct Order {
    numeric: bool,
    reverse: bool,
    fold: bool,
    blanks: bool,
}

/// The fields that count, from 1; 0 as the last: to the end of the line.
struct Key {
    first: usize,
    last: usize,
    order: Order,
}

struct Options {
    order: Order,
    unique: bool,
    stable: bool,
    keys: Vec<Key>,
    separator: Option<char>,
}

/// `2`, `2,3`, `2nr,2`; Err: readyz does not simulate it.
fn key(text: &str, usual: Order) -> Result<Key, ()> {
    let (first, last) = text.split_once(',').unwrap_or((text, ""));
    let mut order = Order::default();
    let mut flags = false;
    let mut number = |part: &str| -> Result<usize, ()> {
        let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        for letter in part[digits.len()..].chars() {
            flags = true;
            match letter {
                'n' => order.numeric = true,
                'r' => order.reverse = true,
                'f' => order.fold = true,
                'b' => order.blanks = true,
                _ => return Err(()),
            }
        }
        if digits.is_empty() {
            return Ok(0);
        }
        digits.parse().map_err(|_| ())
    };
    let (first, last) = (number(first)?, number(last)?);
    let order = if flags { order } else { usual };
    match first {
        0 => Err(()),
        first => Ok(Key { first, last, order }),
    }
}

impl Options {
    /// The fields of a line that a key names.
    fn part(&self, key: &Key, line: &str) -> String {
        let skip = key.first - 1;
        let count = match key.last {
            0 => usize::MAX,
            last => last.saturating_sub(skip),
        };
        match self.separator {
            Some(c) => {
                let fields: Vec<&str> = line.split(c).skip(skip).take(count).collect();
                fields.join(&c.to_string())
            }
            None => {
                let fields: Vec<&str> = line.split_whitespace().skip(skip).take(count).collect();
                fields.join(" ")
            }
        }
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        if self.keys.is_empty() {
            return self.order.compare(a, b);
        }
        let orders = self.keys.iter().map(|key| {
            let (a, b) = (self.part(key, a), self.part(key, b));
            key.order.compare(&a, &b)
        });
        orders.fold(Ordering::Equal, Ordering::then)
    }

    /// The whole order: lines that the keys find equal go by all their bytes.
    fn whole(&self, a: &str, b: &str) -> Ordering {
        let order = self.compare(a, b);
        if order.is_ne() || self.stable {
            return order;
        }
        match self.order.reverse {
            true => b.cmp(a),
            false => a.cmp(b),
        }
    }
}

impl Order {
    fn compare(self, a: &str, b: &str) -> Ordering {
        let text = |t: &str| {
            let t = if self.blanks { t.trim_start() } else { t };
            match self.fold {
                true => t.to_ascii_uppercase(),
                false => t.to_string(),
            }
        };
        let order = match self.numeric {
            true => number(a).cmp(&number(b)),
            false => text(a).cmp(&text(b)),
        };
        match self.reverse {
            true => order.reverse(),
            false => order,
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
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let order = Order {
        numeric: given.has("n"),
        reverse: given.has("r"),
        fold: given.has("f"),
        blanks: given.has("b"),
    };
    let mut options = Options {
        order,
        unique: given.has("u"),
        stable: given.has("s"),
        keys: Vec::new(),
        separator: given.value("t").and_then(|t| t.chars().next()),
    };
    for text in given.values("k") {
        match key(text, order) {
            Ok(key) => options.keys.push(key),
            Err(()) => return ctx.not_simulated_with(&format!("-k {text}"), 2),
        }
    }
    let inputs = match ctx.inputs(&given.operands) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let mut lines = inputs.lines();
    if given.has("c") {
        return check(ctx, &options, &lines);
    }
    if options.stable && order.reverse {
        lines.reverse();
    }
    lines.sort_by(|a, b| options.whole(a, b));
    if options.unique {
        lines.dedup_by(|a, b| options.compare(a, b).is_eq());
    }
    let mut text = lines.join("\n");
    if !lines.is_empty() {
        text.push('\n');
    }
    let cwd = ctx.cwd();
    match given.value("o") {
        Some(path) => {
            let written = ctx
                .files()
                .map(|mut f| f.write(&cwd, path, text.as_bytes()));
            if let Some(Err(errno)) = written {
                return ctx.fail(&format!("{path}: {}", errno.text()), 2);
            }
        }
        None => ctx.print(&text),
    }
    Outcome::Exit(inputs.exit_code())
}

/// `-c`: the first line that is out of order.
fn check(ctx: &mut Ctx<'_>, options: &Options, lines: &[String]) -> Outcome {
    let pairs = lines.windows(2);
    let wrong = pairs
        .map(|w| options.whole(&w[0], &w[1]))
        .position(|order| order.is_gt() || options.unique && order.is_eq());
    match wrong {
        Some(at) => {
            ctx.complain_raw(&format!("Check line {}\n", at + 1));
            Outcome::Exit(1)
        }
        None => Outcome::Exit(0),
    }
}
