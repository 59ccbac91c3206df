//! `printf`.

use super::echo::unescape;
use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    ctx.write_direct();
    let Some((format, args)) = ctx.args().split_first() else {
        ctx.complain_raw("printf: usage: printf FORMAT [ARG]...\n");
        return Outcome::Exit(1);
    };
    let mut printer = Printer {
        out: Vec::new(),
        args,
        at: 0,
        errors: Vec::new(),
    };
    loop {
        let before = printer.at;
        let goes_on = printer.pass(format);
        if !goes_on || printer.at >= args.len() || printer.at == before {
            break;
        }
    }
    ctx.print_bytes(&printer.out);
    let failed = !printer.errors.is_empty();
    for error in printer.errors {
        ctx.complain(&error);
    }
    Outcome::Exit(i32::from(failed))
}

struct Printer<'a> {
    out: Vec<u8>,
    args: &'a [String],
    at: usize,
    errors: Vec<String>,
}

/// Flags, width and precision of a conversion.
#[derive(Default)]
struct Spec {
    left: bool,
    zero: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
}

impl Printer<'_> {
    fn next(&mut self) -> Option<String> {
        let arg = self.args.get(self.at).cloned();
        self.at += 1;
        arg
    }

    /// One pass over the format. False: `\c` ended the output.
    fn pass(&mut self, format: &str) -> bool {
        let chars: Vec<char> = format.chars().collect();
        let mut at = 0;
        let mut literal = String::new();
        while at < chars.len() {
            if chars[at] != '%' {
                literal.push(chars[at]);
                if chars[at] == '\\' && at + 1 < chars.len() {
                    at += 1;
                    literal.push(chars[at]);
                }
                at += 1;
                continue;
            }
            if !unescape(&literal, &mut self.out, false) {
                return false;
            }
            literal.clear();
            at += 1;
            let mut spec = Spec::default();
            while let Some(c) = chars.get(at) {
                match c {
                    '-' => spec.left = true,
                    '0' => spec.zero = true,
                    '+' => spec.plus = true,
                    ' ' => spec.space = true,
                    '#' => spec.alternate = true,
                    _ => break,
                }
                at += 1;
            }
            spec.width = self.number(&chars, &mut at).unwrap_or(0);
            if chars.get(at) == Some(&'.') {
                at += 1;
                spec.precision = Some(self.number(&chars, &mut at).unwrap_or(0));
            }
            while matches!(chars.get(at), Some('l' | 'h' | 'z' | 'j')) {
                at += 1;
            }
            let Some(conversion) = chars.get(at) else {
                self.errors.push("%: invalid format".to_string());
                return false;
            };
            at += 1;
            if !self.convert(*conversion, &spec) {
                return false;
            }
        }
        unescape(&literal, &mut self.out, false)
    }

    fn number(&mut self, chars: &[char], at: &mut usize) -> Option<usize> {
        if chars.get(*at) == Some(&'*') {
            *at += 1;
            return self.next().and_then(|a| a.parse().ok());
        }
        let start = *at;
        while chars.get(*at).is_some_and(char::is_ascii_digit) {
            *at += 1;
        }
        let digits: String = chars[start..*at].iter().collect();
        digits.parse().ok().map(|width: usize| width.min(10_000))
    }

    fn convert(&mut self, conversion: char, spec: &Spec) -> bool {
        match conversion {
            '%' => self.out.push(b'%'),
            's' => {
                let text = self.next().unwrap_or_default();
                let cut: String = match spec.precision {
                    Some(most) => text.chars().take(most).collect(),
                    None => text,
                };
                self.pad(cut.as_bytes(), spec, false);
            }
            'b' => {
                let text = self.next().unwrap_or_default();
                let mut bytes = Vec::new();
                let whole = unescape(&text, &mut bytes, true);
                self.pad(&bytes, spec, false);
                return whole;
            }
            'c' => {
                let text = self.next().unwrap_or_default();
                let first: String = text.chars().take(1).collect();
                self.pad(first.as_bytes(), spec, false);
            }
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
                let arg = self.next().unwrap_or_default();
                let value = self.integer(&arg);
                let magnitude = value.unsigned_abs();
                let wraps = u64::from_ne_bytes(value.to_ne_bytes());
                let mut digits = match conversion {
                    'd' | 'i' => magnitude.to_string(),
                    'u' => wraps.to_string(),
                    'o' => format!("{wraps:o}"),
                    'x' => format!("{wraps:x}"),
                    _ => format!("{wraps:X}"),
                };
                if let Some(least) = spec.precision {
                    digits = format!("{digits:0>least$}");
                }
                let sign = match conversion {
                    'd' | 'i' if value < 0 => "-",
                    'd' | 'i' if spec.plus => "+",
                    'd' | 'i' if spec.space => " ",
                    'x' if spec.alternate => "0x",
                    'X' if spec.alternate => "0X",
                    'o' if spec.alternate => "0",
                    _ => "",
                };
                if spec.zero && !spec.left && spec.precision.is_none() {
                    let width = spec.width.saturating_sub(sign.len());
                    digits = format!("{digits:0>width$}");
                }
                self.pad(format!("{sign}{digits}").as_bytes(), spec, true);
            }
            'f' | 'F' | 'e' | 'g' => {
                let arg = self.next().unwrap_or_default();
                let text = decimal(&arg, spec.precision.unwrap_or(6));
                match text {
                    Some(text) => self.pad(text.as_bytes(), spec, true),
                    None => {
                        self.errors.push(format!("invalid number '{arg}'"));
                        self.pad(b"0.000000", spec, true);
                    }
                }
            }
            other => {
                self.errors.push(format!("%{other}: invalid format"));
                return false;
            }
        }
        true
    }

    fn pad(&mut self, text: &[u8], spec: &Spec, _number: bool) {
        let length = String::from_utf8_lossy(text).chars().count();
        let fill = spec.width.saturating_sub(length);
        if !spec.left {
            self.out.extend(std::iter::repeat_n(b' ', fill));
        }
        self.out.extend_from_slice(text);
        if spec.left {
            self.out.extend(std::iter::repeat_n(b' ', fill));
        }
    }

    fn integer(&mut self, text: &str) -> i64 {
        let trimmed = text.trim();
        if let Some(quoted) = trimmed.strip_prefix(['\'', '"']) {
            return quoted.chars().next().map_or(0, |c| i64::from(u32::from(c)));
        }
        let (negative, digits) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let parsed = if let Some(hex) = digits.strip_prefix("0x") {
            i64::from_str_radix(hex, 16)
        } else if digits.len() > 1 && digits.starts_with('0') {
            i64::from_str_radix(&digits[1..], 8)
        } else if digits.is_empty() {
            Ok(0)
        } else {
            digits.parse()
        };
        match parsed {
            Ok(value) if negative => -value,
            Ok(value) => value,
            Err(_) => {
                self.errors.push(format!("invalid number '{text}'"));
                0
            }
        }
    }
}

/// A decimal number with so many places, rounded half away from zero.
fn decimal(text: &str, places: usize) -> Option<String> {
    let places = places.min(18);
    let (negative, digits) = match text.trim().strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.trim()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if !(whole.chars().chain(fraction.chars())).all(|c| c.is_ascii_digit()) {
        return None;
    }
    let kept: String = format!("{fraction:0<width$}", width = places + 1);
    let mut value: u128 = format!("{whole}{}", &kept[..places]).parse().unwrap_or(0);
    value += u128::from(kept.as_bytes()[places] >= b'5');
    let text = format!("{value:0>width$}", width = places + 1);
    let (whole, fraction) = text.split_at(text.len() - places);
    let sign = if negative { "-" } else { "" };
    Some(if places == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}
