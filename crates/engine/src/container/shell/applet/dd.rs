//! `dd`: copies blocks, enough to fill a file or a disk.

use super::{Ctx, Outcome, Takes};

/// Devices that give bytes without end; here all of them are zeros.
pub const ENDLESS: [&str; 3] = ["/dev/zero", "/dev/urandom", "/dev/random"];

/// Most that one call writes.
pub const BYTES_MAX: u64 = 64 << 20;

/// What the operands say.
struct Asked {
    input: Option<String>,
    output: Option<String>,
    quiet: bool,
    block: u64,
    count: Option<u64>,
    skip: u64,
}

fn read(ctx: &mut Ctx<'_>) -> Result<Asked, Outcome> {
    let mut asked = Asked {
        input: None,
        output: None,
        quiet: false,
        block: 512,
        count: None,
        skip: 0,
    };
    for arg in ctx.args() {
        let (name, value) = arg.split_once('=').unwrap_or((arg, ""));
        match (name, size(value)) {
            ("if", _) => asked.input = Some(value.to_string()),
            ("of", _) => asked.output = Some(value.to_string()),
            ("bs" | "count" | "skip", None) => {
                return Err(ctx.fail(&format!("invalid number '{value}'"), 1));
            }
            ("bs", Some(number)) => asked.block = number.max(1),
            ("count", Some(number)) => asked.count = Some(number),
            ("skip", Some(number)) => asked.skip = number,
            ("status", _) if value == "none" => asked.quiet = true,
            // Everything is on the disk at once.
            ("conv", _) if value == "fsync" => {}
            ("status" | "conv" | "ibs" | "obs" | "seek" | "iflag" | "oflag", _) => {
                return Err(ctx.not_simulated(arg));
            }
            _ => {
                let operands = "[if=FILE] [of=FILE] [bs=N] [count=N]";
                return Err(ctx.usage(&Takes::letters("", "", operands)));
            }
        }
    }
    Ok(asked)
}

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let asked = match read(ctx) {
        Ok(asked) => asked,
        Err(outcome) => return outcome,
    };
    let Asked {
        input,
        output,
        quiet,
        block,
        count,
        skip,
    } = asked;
    let wanted = count.map_or(u64::MAX, |n| n.saturating_mul(block));
    let endless = input.as_deref().is_some_and(|path| ENDLESS.contains(&path));
    if endless && wanted > BYTES_MAX {
        return ctx.not_simulated("copying more than 64 MiB");
    }
    let bytes = match input.as_deref() {
        Some(_) if endless => vec![0; usize::try_from(wanted).unwrap_or(0)],
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
    let skipped = match endless {
        true => 0,
        false => usize::try_from(skip.saturating_mul(block)).unwrap_or(usize::MAX),
    };
    let bytes = &bytes[skipped.min(bytes.len())..];
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
    if quiet {
        return Outcome::Exit(0);
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
        "w" => 2,
        "k" | "K" => 1 << 10,
        "kB" => 1_000,
        "M" => 1 << 20,
        "MB" => 1_000_000,
        "G" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}
