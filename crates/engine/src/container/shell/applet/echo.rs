//! `echo`, with `-n`, `-e` and `-E` as BusyBox reads them.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    ctx.write_direct();
    let args = ctx.args();
    let (mut newline, mut escapes, mut at) = (true, false, 0);
    while let Some(options) = args.get(at).and_then(|a| a.strip_prefix('-')) {
        if options.is_empty() || !options.chars().all(|c| "neE".contains(c)) {
            break;
        }
        for c in options.chars() {
            match c {
                'n' => newline = false,
                'e' => escapes = true,
                _ => escapes = false,
            }
        }
        at += 1;
    }
    let text = args[at..].join(" ");
    let mut bytes = Vec::new();
    if escapes {
        let whole = unescape(&text, &mut bytes, true);
        newline &= whole;
    } else {
        bytes.extend_from_slice(text.as_bytes());
    }
    if newline {
        bytes.push(b'\n');
    }
    ctx.print_bytes(&bytes);
    Outcome::Exit(0)
}

/// Appends a text with its backslash escapes replaced. False: `\c` ended the output.
pub fn unescape(text: &str, out: &mut Vec<u8>, zero_octal: bool) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' || at + 1 >= bytes.len() {
            out.push(bytes[at]);
            at += 1;
            continue;
        }
        let c = bytes[at + 1];
        at += 2;
        match c {
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'c' => return false,
            b'e' => out.push(27),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(11),
            b'\\' => out.push(b'\\'),
            b'x' => {
                let end = (at..(at + 2).min(bytes.len()))
                    .take_while(|i| bytes[*i].is_ascii_hexdigit())
                    .count();
                if end == 0 {
                    out.extend_from_slice(b"\\x");
                } else {
                    let digits = text.get(at..at + end).unwrap_or("0");
                    out.push(u8::from_str_radix(digits, 16).unwrap_or(0));
                    at += end;
                }
            }
            b'0'..=b'7' => {
                let start = if c == b'0' && zero_octal { at } else { at - 1 };
                let end = (start..(start + 3).min(bytes.len()))
                    .take_while(|i| (b'0'..=b'7').contains(&bytes[*i]))
                    .count();
                let digits = text.get(start..start + end).unwrap_or("0");
                let value = u32::from_str_radix(digits, 8).unwrap_or(0);
                out.push(u8::try_from(value & 0xff).unwrap_or(0));
                at = start + end;
            }
            c => out.extend_from_slice(&[b'\\', c]),
        }
    }
    true
}
