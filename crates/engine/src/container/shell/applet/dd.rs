//! `dd`: copies blocks, enough to fill a file or a disk.

use super::{Ctx, Outcome};

/// Most that one call writes.
const BYTES_MAX: u64 = 64 << 20;

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let (mut input, mut output, mut block, mut count) = (None, None, 512_u64, None);
    for arg in ctx.args() {
        match arg.split_once('=') {
            Some(("if", value)) => input = Some(value.to_string()),
            Some(("of", value)) => output = Some(value.to_string()),
            Some(("bs", value)) => block = size(value).unwrap_or(512),
            Some(("count", value)) => count = size(value),
            Some(_) => {}
            None => return ctx.fail(&format!("unrecognized operand '{arg}'"), 1),
        }
    }
    let wanted = count.map_or(u64::MAX, |n| n.saturating_mul(block));
    let bytes = match input.as_deref() {
        Some("/dev/zero" | "/dev/urandom" | "/dev/random") => {
            let length = usize::try_from(wanted.min(BYTES_MAX)).unwrap_or(0);
            vec![0; length]
        }
        Some(path) => match ctx.read_file(path) {
            Ok(bytes) => bytes,
            Err(errno) => {
                let text = format!("can't open '{path}': {}", errno.text());
                return ctx.fail(&text, 1);
            }
        },
        None => match ctx.stdin() {
            Some(bytes) => bytes,
            None => return Outcome::Input(ctx.input.bytes.take().unwrap_or_default()),
        },
    };
    let kept = bytes
        .len()
        .min(usize::try_from(wanted).unwrap_or(usize::MAX));
    let bytes = &bytes[..kept];
    let cwd = ctx.cwd();
    match output {
        Some(path) => {
            let written = ctx.files().map(|mut files| files.write(&cwd, &path, bytes));
            if let Some(Err(errno)) = written {
                return ctx.fail(&format!("can't open '{path}': {}", errno.text()), 1);
            }
        }
        None => ctx.print_bytes(bytes),
    }
    let records = kept as u64 / block.max(1);
    let partial = u64::from(!(kept as u64).is_multiple_of(block.max(1)));
    ctx.complain_raw(&format!(
        "{records}+{partial} records in\n{records}+{partial} records out\n"
    ));
    Outcome::Exit(0)
}

/// `4k`, `1M`, `512`.
fn size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" | "c" => 1,
        "b" => 512,
        "k" | "K" | "kB" => 1 << 10,
        "m" | "M" | "MB" => 1 << 20,
        "g" | "G" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}
