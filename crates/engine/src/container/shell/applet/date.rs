//! `date`.

use super::{Ctx, Outcome};
use crate::container::wall_clock::{days_of, short, Calendar, MONTHS, WEEKDAYS};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut secs = ctx.world.clock.unix_secs(ctx.now);
    let mut format = "%a %b %e %H:%M:%S %Z %Y".to_string();
    let gnu = ctx.is_gnu();
    let mut nanos = u32::try_from(ctx.now.0 % 1_000_000_000).unwrap_or(0);
    let mut args = ctx.args().iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-u" | "--utc" => {}
            "-R" => format = "%a, %d %b %Y %H:%M:%S %z".to_string(),
            "-I" => format = "%Y-%m-%d".to_string(),
            "-Iseconds" => format = "%Y-%m-%dT%H:%M:%S+00:00".to_string(),
            "-d" => {
                let text = args.next().cloned().unwrap_or_default();
                match parse(&text) {
                    Some(at) => {
                        secs = at;
                        nanos = 0;
                    }
                    None => return ctx.fail(&format!("invalid date '{text}'"), 1),
                }
            }
            text => match text.strip_prefix('+') {
                Some(text) => format = text.to_string(),
                None => return ctx.fail(&format!("invalid date '{text}'"), 1),
            },
        }
    }
    let calendar = Calendar::from_unix(secs, nanos);
    let line = format!("{}\n", render(&format, calendar, secs, gnu));
    ctx.print(&line);
    Outcome::Exit(0)
}

/// `@SECONDS` or `YYYY-MM-DD[ HH:MM[:SS]]`.
fn parse(text: &str) -> Option<i64> {
    if let Some(secs) = text.strip_prefix('@') {
        return secs.parse().ok();
    }
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, "0:0"));
    let mut day = day.splitn(3, '-');
    let year = day.next()?.parse().ok()?;
    let month = day.next()?.parse().ok().filter(|m| (1..=12).contains(m))?;
    let of_month = day.next()?.parse().ok().filter(|d| (1..=31).contains(d))?;
    let mut time = time.trim_end_matches('Z').splitn(3, ':');
    let hour: i64 = time.next()?.parse().ok()?;
    let minute: i64 = time.next().unwrap_or("0").parse().ok()?;
    let second: i64 = time.next().unwrap_or("0").parse().ok()?;
    Some(days_of(year, month, of_month) * 86_400 + hour * 3_600 + minute * 60 + second)
}

fn render(format: &str, c: Calendar, secs: i64, gnu: bool) -> String {
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(ch) = chars.next() {
        if ch != '%' {
            out.push(ch);
            continue;
        }
        let Some(code) = chars.next() else {
            out.push('%');
            break;
        };
        let text = match code {
            'Y' => format!("{:04}", c.year),
            'C' => format!("{:02}", c.year / 100),
            'y' => format!("{:02}", c.year % 100),
            'm' => format!("{:02}", c.month),
            'd' => format!("{:02}", c.day),
            'e' => format!("{:>2}", c.day),
            'H' => format!("{:02}", c.hour),
            'k' => format!("{:>2}", c.hour),
            'I' => format!("{:02}", (c.hour + 11) % 12 + 1),
            'M' => format!("{:02}", c.minute),
            'S' => format!("{:02}", c.second),
            'p' => if c.hour < 12 { "AM" } else { "PM" }.to_string(),
            'j' => format!("{:03}", c.day_of_year),
            'a' => short(&WEEKDAYS, c.weekday).to_string(),
            'A' => WEEKDAYS[c.weekday as usize % 7].to_string(),
            'b' | 'h' => short(&MONTHS, c.month - 1).to_string(),
            'B' => MONTHS[(c.month - 1) as usize % 12].to_string(),
            'u' => (if c.weekday == 0 { 7 } else { c.weekday }).to_string(),
            'w' => c.weekday.to_string(),
            's' => secs.to_string(),
            'Z' => "UTC".to_string(),
            'z' => "+0000".to_string(),
            'F' => render("%Y-%m-%d", c, secs, gnu),
            'T' => render("%H:%M:%S", c, secs, gnu),
            'R' => render("%H:%M", c, secs, gnu),
            'D' => render("%m/%d/%y", c, secs, gnu),
            'c' => render("%a %b %e %H:%M:%S %Y", c, secs, gnu),
            'x' => render("%m/%d/%y", c, secs, gnu),
            'X' => render("%H:%M:%S", c, secs, gnu),
            'n' => "\n".to_string(),
            't' => "\t".to_string(),
            '%' => "%".to_string(),
            // BusyBox does not know nanoseconds.
            'N' if gnu => format!("{:09}", c.nanos),
            other => format!("%{other}"),
        };
        out.push_str(&text);
    }
    out
}
