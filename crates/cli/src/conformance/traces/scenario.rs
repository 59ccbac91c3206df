//! What a manifest says about moments that race with probe ticks.

use regex_lite::Regex;
use std::collections::BTreeSet;

/// Times a probe result may hinge on.
pub struct Scenario {
    /// Both a startup and a liveness probe.
    pub startup_and_liveness: bool,
    /// Probe periods in seconds, ascending.
    pub periods: Vec<f64>,
    /// Seconds after a container's start at which something is due.
    pub moments: Vec<f64>,
}

impl Scenario {
    /// Reads the text of a manifest; nothing but the probes' timing and written-out delays is
    /// looked for.
    pub fn of(manifest: &str) -> Self {
        let probes: Vec<&str> = match Regex::new("(?:liveness|readiness|startup)Probe:") {
            Ok(pattern) => pattern.split(manifest).skip(1).collect(),
            Err(_) => Vec::new(),
        };
        let first = |pattern: &str, text: &str| numbers(pattern, text).into_iter().next();
        let period = |text: &&str| first(r"periodSeconds: *(\d+)", text).unwrap_or(10);
        let delay = |text: &&str| first(r"initialDelaySeconds: *(\d+)", text);
        let periods: BTreeSet<u32> = probes.iter().map(period).filter(|p| *p > 0).collect();
        let mut moments: BTreeSet<u32> = probes.iter().filter_map(delay).collect();
        moments.insert(0);
        for pattern in [r"@(\d+)", r"@\d+-(\d+)", r"after=(\d+)s", r"sleep (\d+)"] {
            moments.extend(numbers(pattern, manifest));
        }
        let in_order = |set: BTreeSet<u32>| set.into_iter().map(f64::from).collect();
        Scenario {
            startup_and_liveness: manifest.contains("startupProbe:")
                && manifest.contains("livenessProbe:"),
            periods: in_order(periods),
            moments: in_order(moments),
        }
    }
}

/// The numbers that the pattern's group finds.
fn numbers(pattern: &str, text: &str) -> Vec<u32> {
    let Ok(pattern) = Regex::new(pattern) else {
        return Vec::new();
    };
    pattern
        .captures_iter(text)
        .filter_map(|found| found[1].parse().ok())
        .collect()
}
