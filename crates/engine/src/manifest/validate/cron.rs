//! Schedules of CronJobs, and what is said of a text that is none (WKL-09).

use crate::go_format::number_fault;
use crate::manifest::yaml::quote;

/// A field of a schedule: its least and greatest number, and names for numbers from the least on.
struct Bounds(i64, i64, &'static [&'static str]);

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: [Bounds; 5] = [
    Bounds(0, 59, &[]),
    Bounds(0, 23, &[]),
    Bounds(1, 31, &[]),
    Bounds(1, 12, &MONTHS),
    Bounds(0, 6, &DAYS),
];

const NAMED: [&str; 7] = [
    "@yearly",
    "@annually",
    "@monthly",
    "@weekly",
    "@daily",
    "@midnight",
    "@hourly",
];

/// What is wrong with a schedule.
pub fn schedule_fault(schedule: &str) -> Option<String> {
    let mut rest = schedule;
    for zone in ["TZ=", "CRON_TZ="] {
        if let Some(text) = schedule.strip_prefix(zone) {
            let (zone, after) = text.split_once(' ').unwrap_or((text, ""));
            if let Some(fault) = zone_fault(zone) {
                return Some(["provided bad location ", zone, ": ", &fault].concat());
            }
            rest = after.trim();
        }
    }
    if rest.starts_with('@') {
        return named_fault(rest);
    }
    let words: Vec<&str> = rest.split_whitespace().collect();
    if words.len() != FIELDS.len() {
        let (count, all) = (words.len(), words.join(" "));
        return Some(format!("expected exactly 5 fields, found {count}: [{all}]"));
    }
    let fields = words.iter().zip(&FIELDS);
    fields.into_iter().find_map(|(word, bounds)| {
        let mut ranges = word.split(',').filter(|range| !range.is_empty());
        ranges.find_map(|range| range_fault(range, bounds).err())
    })
}

fn named_fault(name: &str) -> Option<String> {
    if NAMED.contains(&name) {
        return None;
    }
    let Some(every) = name.strip_prefix("@every ") else {
        return Some(["unrecognized descriptor: ", name].concat());
    };
    let fault = duration_fault(every)?;
    Some(["failed to parse duration ", name, ": ", &fault].concat())
}

/// What Go says of a text that is no duration.
fn duration_fault(text: &str) -> Option<String> {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let invalid = || Some(["time: invalid duration ", &quote(text)].concat());
    if rest == "0" {
        return None;
    }
    if rest.is_empty() {
        return invalid();
    }
    while !rest.is_empty() {
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        let number = &rest[..rest.find(|c| !is_number(c)).unwrap_or(rest.len())];
        if number.matches('.').count() > 1 || !number.contains(|c: char| c.is_ascii_digit()) {
            return invalid();
        }
        rest = &rest[number.len()..];
        let unit = &rest[..rest.find(is_number).unwrap_or(rest.len())];
        rest = &rest[unit.len()..];
        match unit {
            "" => return Some(["time: missing unit in duration ", &quote(text)].concat()),
            "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h" => {}
            _ => {
                let words = [
                    "time: unknown unit ",
                    &quote(unit),
                    " in duration ",
                    &quote(text),
                ];
                return Some(words.concat());
            }
        }
    }
    None
}

/// One range such as `1-5/2`, `*` or `MON`.
fn range_fault(text: &str, bounds: &Bounds) -> Result<(), String> {
    let Bounds(least, most, names) = bounds;
    let parts: Vec<&str> = text.split('/').collect();
    let ends: Vec<&str> = parts[0].split('-').collect();
    let (start, mut end) = match ends[..] {
        ["*" | "?", ..] => (*least, *most),
        _ => {
            let first = number_of(ends[0], names, *least)?;
            match ends[..] {
                [_] => (first, first),
                [_, last] => (first, number_of(last, names, *least)?),
                _ => return Err(["too many hyphens: ", text].concat()),
            }
        }
    };
    let step = match parts[..] {
        [_] => 1,
        [_, step] => number_of(step, &[], 0)?,
        _ => return Err(["too many slashes: ", text].concat()),
    };
    if parts.len() == 2 && ends.len() == 1 {
        end = *most;
    }
    if start < *least {
        return Err(format!(
            "beginning of range ({start}) below minimum ({least}): {text}"
        ));
    }
    if end > *most {
        return Err(format!(
            "end of range ({end}) above maximum ({most}): {text}"
        ));
    }
    if start > end {
        return Err(format!(
            "beginning of range ({start}) beyond end of range ({end}): {text}"
        ));
    }
    if step == 0 {
        return Err(["step of range should be a positive number: ", text].concat());
    }
    Ok(())
}

fn number_of(text: &str, names: &[&str], least: i64) -> Result<i64, String> {
    let lower = text.to_ascii_lowercase();
    if let Some(at) = names.iter().position(|name| *name == lower) {
        return Ok(least + at as i64);
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let number = text.parse::<i64>().map_err(|_| {
        let fault = number_fault(digits);
        format!(
            "failed to parse int from {text}: strconv.Atoi: parsing {}: {fault}",
            quote(text)
        )
    })?;
    match number < 0 {
        true => Err(format!("negative number ({number}) not allowed: {text}")),
        false => Ok(number),
    }
}

/// Time zones without a region, and regions: of the cities in them nothing is known here.
const ZONES: &str = "CET CST6CDT Cuba EET EST EST5EDT Egypt Eire Factory GB GB-Eire GMT GMT+0 GMT-0 GMT0 \
                     Greenwich HST Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya Local MET \
                     MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey \
                     UCT UTC Universal W-SU WET Zulu";
const REGIONS: &str =
    "Africa America Antarctica Arctic Asia Atlantic Australia Brazil Canada Chile Etc \
                       Europe Indian Mexico Pacific US";

/// What Go says of a time zone that it does not know.
pub fn zone_fault(zone: &str) -> Option<String> {
    let known = |list: &str, name: &str| list.split_whitespace().any(|known| known == name);
    let is_known = match zone.split_once('/') {
        Some((region, _)) => known(REGIONS, region),
        None if known(REGIONS, zone) => return Some("is a directory".into()),
        None => zone.is_empty() || known(ZONES, zone),
    };
    (!is_known).then(|| ["unknown time zone ", zone].concat())
}
