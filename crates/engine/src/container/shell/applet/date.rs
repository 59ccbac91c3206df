//! `date`.

use super::{Ctx, Outcome, Takes};
use crate::container::wall_clock::{days_of, short, Calendar, MONTHS, WEEKDAYS};

static TAKES: Takes = Takes::letters("ud:RI::r:", "s:D:", "[+FMT] [[-s] TIME]")
    .long("date=d reference=r rfc-2822=R rfc-822=R set=s utc=u");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut secs = ctx.world.clock.unix_secs(ctx.now);
    let mut nanos = u32::try_from(ctx.now.0 % 1_000_000_000).unwrap_or(0);
    let mut format = "%a %b %e %H:%M:%S %Z %Y".to_string();
    let gnu = ctx.is_gnu();
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    for (name, value) in &given.list {
        match *name {
            "R" => format = "%a, %d %b %Y %H:%M:%S %z".to_string(),
            "I" => match iso(value) {
                Some(iso) => format = iso.to_string(),
                None => return ctx.usage(&TAKES),
            },
            "d" => match parse(ctx, value) {
                Ok(at) => (secs, nanos) = (at, 0),
                Err(outcome) => return outcome,
            },
            "r" => {
                let Some(at) = ctx.modified(value) else {
                    let text = format!("can't stat '{value}': No such file or directory");
                    return ctx.fail(&text, 1);
                };
                secs = ctx.world.clock.unix_secs(at);
            }
            _ => {}
        }
    }
    for text in &given.operands {
        match text.strip_prefix('+') {
            Some(text) => format = text.to_string(),
            None if text.starts_with(|c: char| c.is_ascii_digit() || c == '@') => {
                return ctx.not_simulated("setting the clock");
            }
            None => return ctx.fail(&format!("invalid date '{text}'"), 1),
        }
    }
    if let Some(letter) = unknown(&format, gnu) {
        return ctx.not_simulated(&format!("%{letter}"));
    }
    let calendar = Calendar::from_unix(secs, nanos);
    let line = format!("{}\n", render(&format, calendar, secs, gnu));
    ctx.print(&line);
    Outcome::Exit(0)
}

/// What `-I` with a word after it means.
fn iso(word: &str) -> Option<&'static str> {
    Some(match word {
        "" | "date" => "%Y-%m-%d",
        "hours" => "%Y-%m-%dT%H+00:00",
        "minutes" => "%Y-%m-%dT%H:%M+00:00",
        "seconds" => "%Y-%m-%dT%H:%M:%S+00:00",
        _ => return None,
    })
}

/// The first conversion that the real program would replace and this one does not.
fn unknown(format: &str, gnu: bool) -> Option<char> {
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            continue;
        }
        let letter = chars.next()?;
        let further = if gnu { "-_0^#:" } else { "-_" };
        if "UWVgGEO".contains(letter) || further.contains(letter) {
            return Some(letter);
        }
    }
    None
}

/// A moment as `-d` takes it. Err: it is none, or not one of the forms that are simulated.
pub fn parse(ctx: &mut Ctx<'_>, text: &str) -> Result<i64, Outcome> {
    if let Some(secs) = moment(text) {
        return Ok(secs);
    }
    // BusyBox has more forms of digits, GNU words besides.
    let digits = |c: char| c.is_ascii_digit() || ":.- ".contains(c);
    if ctx.is_gnu() || text.len() > 1 && text.chars().all(digits) {
        return Err(ctx.not_simulated(&format!("the date '{text}'")));
    }
    Err(ctx.fail(&format!("invalid date '{text}'"), 1))
}

/// `@SECONDS` or `YYYY-MM-DD[ HH:MM[:SS]]`.
fn moment(text: &str) -> Option<i64> {
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
            'r' => render("%I:%M:%S %p", c, secs, gnu),
            'l' => format!("{:>2}", (c.hour + 11) % 12 + 1),
            'P' => if c.hour < 12 { "am" } else { "pm" }.to_string(),
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
