//! `expr`.

use super::{Ctx, Outcome};
use crate::container::shell::regex::Regex;

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    if ctx.args().is_empty() {
        return ctx.fail("too few arguments", 2);
    }
    let mut reader = Reader {
        args: ctx.args(),
        at: 0,
    };
    let value = reader.or();
    match value {
        Ok(value) if reader.at == reader.args.len() => {
            ctx.print(&format!("{value}\n"));
            Outcome::Exit(i32::from(value.is_empty() || value == "0"))
        }
        Ok(_) => ctx.fail("syntax error", 2),
        Err(text) => ctx.fail(text, 2),
    }
}

struct Reader<'a> {
    args: &'a [String],
    at: usize,
}

type Value = Result<String, &'static str>;

impl Reader<'_> {
    fn take(&mut self, ops: &[&'static str]) -> Option<&'static str> {
        let arg = self.args.get(self.at)?;
        let op = ops.iter().find(|op| *op == arg)?;
        self.at += 1;
        Some(op)
    }

    fn or(&mut self) -> Value {
        let mut left = self.and()?;
        while self.take(&["|"]).is_some() {
            let right = self.and()?;
            if left.is_empty() || left == "0" {
                left = right;
            }
        }
        Ok(left)
    }

    fn and(&mut self) -> Value {
        let mut left = self.compare()?;
        while self.take(&["&"]).is_some() {
            let right = self.compare()?;
            let zero = |v: &str| v.is_empty() || v == "0";
            if zero(&left) || zero(&right) {
                left = "0".to_string();
            }
        }
        Ok(left)
    }

    fn compare(&mut self) -> Value {
        let mut left = self.sum()?;
        while let Some(op) = self.take(&["=", "==", "!=", "<", "<=", ">", ">="]) {
            let right = self.sum()?;
            let order = match (left.parse::<i64>(), right.parse::<i64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                _ => left.cmp(&right),
            };
            let holds = match op {
                "=" | "==" => order.is_eq(),
                "!=" => order.is_ne(),
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                _ => order.is_ge(),
            };
            left = u8::from(holds).to_string();
        }
        Ok(left)
    }

    fn sum(&mut self) -> Value {
        let mut left = self.product()?;
        while let Some(op) = self.take(&["+", "-"]) {
            let right = self.product()?;
            left = arithmetic(&left, op, &right)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Value {
        let mut left = self.matching()?;
        while let Some(op) = self.take(&["*", "/", "%"]) {
            let right = self.matching()?;
            left = arithmetic(&left, op, &right)?;
        }
        Ok(left)
    }

    fn matching(&mut self) -> Value {
        let mut left = self.primary()?;
        while self.take(&[":"]).is_some() {
            let pattern = self.primary()?;
            left = match_text(&left, &pattern)?;
        }
        Ok(left)
    }

    fn primary(&mut self) -> Value {
        let Some(arg) = self.args.get(self.at).cloned() else {
            return Err("syntax error");
        };
        self.at += 1;
        match arg.as_str() {
            "(" => {
                let value = self.or()?;
                self.take(&[")"]).ok_or("syntax error")?;
                Ok(value)
            }
            "quote" if self.at < self.args.len() => {
                self.at += 1;
                Ok(self.args[self.at - 1].clone())
            }
            "length" if self.at < self.args.len() => {
                Ok(self.primary()?.chars().count().to_string())
            }
            "match" if self.at + 1 < self.args.len() => {
                let text = self.primary()?;
                let pattern = self.primary()?;
                match_text(&text, &pattern)
            }
            "substr" if self.at + 2 < self.args.len() => {
                let text = self.primary()?;
                let from: usize = self.primary()?.parse().unwrap_or(0);
                let length: usize = self.primary()?.parse().unwrap_or(0);
                Ok(match from {
                    0 => String::new(),
                    from => text.chars().skip(from - 1).take(length).collect(),
                })
            }
            "index" if self.at + 1 < self.args.len() => {
                let text = self.primary()?;
                let set = self.primary()?;
                let at = text.chars().position(|c| set.contains(c));
                Ok(at.map_or(0, |at| at + 1).to_string())
            }
            _ => Ok(arg),
        }
    }
}

fn arithmetic(left: &str, op: &str, right: &str) -> Value {
    let (Ok(a), Ok(b)) = (left.parse::<i64>(), right.parse::<i64>()) else {
        return Err("non-numeric argument");
    };
    let value = match op {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        _ if b == 0 => return Err("division by zero"),
        "/" => a.checked_div(b),
        _ => a.checked_rem(b),
    };
    value.map(|v| v.to_string()).ok_or("integer overflow")
}

/// `TEXT : PATTERN`: the first group, or the length of the match; anchored.
fn match_text(text: &str, pattern: &str) -> Value {
    let regex = Regex::new(pattern, false, false).ok_or("bad regex")?;
    let chars: Vec<char> = text.chars().collect();
    let found = regex.match_at(&chars, 0);
    if regex.groups() > 0 {
        let span = found.and_then(|spans| spans.get(1).copied().flatten());
        return Ok(span.map_or_else(String::new, |(s, e)| chars[s..e].iter().collect()));
    }
    let end = found.and_then(|spans| spans[0]).map_or(0, |(_, end)| end);
    Ok(end.to_string())
}
