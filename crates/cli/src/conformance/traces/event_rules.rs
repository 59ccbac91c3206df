//! Rules for the events of a Pod.

use super::difference::{show, At, Kind};
use super::pod_rules::PodRules;
use super::pod_streams::{EventKey, Pod};
use super::stream_rules::{Ignore, Never, Side, RACE, TOLERANCE};
use std::collections::{BTreeMap, BTreeSet};

/// Event writes of one type that a Pod gets before the recorder thins them out.
const EVENT_BUDGET: usize = 25;
/// After the budget is spent, the numbers of writes may differ by this.
const BUDGET_TOLERANCE: usize = 4;
/// Relative tolerance of the spacing of probe failures.
const CADENCE: f64 = 0.1;
/// Seconds after a death in which probe failures are chance.
const AFTER_DEATH: f64 = 2.0;

/// Emitted at every retry, whose number is chance.
const RETRY_EVENTS: [&str; 9] = [
    "BackOff",
    "Failed",
    "FailedMount",
    "FailedScheduling",
    "FailedToRetrieveImagePullSecret",
    "InspectFailed",
    "ErrImageNeverPull",
    "FailedCreatePodSandBox",
    "FailedSync",
];
/// In messages of probe failures that a dying process causes.
const DYING: [&str; 6] = [
    "connection re",
    "EOF",
    "context deadline",
    "broken pipe",
    "no such",
    "exec",
];

/// Whether the number of such events is chance.
pub fn is_retry(reason: &str) -> bool {
    RETRY_EVENTS.contains(&reason)
}

/// The moments up to `end`.
pub fn until(times: Option<&Vec<f64>>, end: f64) -> Vec<f64> {
    times
        .into_iter()
        .flatten()
        .copied()
        .filter(|t| *t <= end)
        .collect()
}

/// Probe failures that chance decides: readiness around start and end, connections of a dying
/// process.
struct Chance {
    deaths: Vec<f64>,
    /// Start-up races and actions.
    boundaries: Vec<f64>,
    /// How many more are free, by side.
    spare: [i64; 2],
}

impl Ignore for Chance {
    fn ignores(&mut self, t: f64, side: Side) -> bool {
        let dying = |death: &f64| (-TOLERANCE..=AFTER_DEATH).contains(&(t - death));
        let races = |boundary: &f64| (t - boundary).abs() <= RACE;
        if self.deaths.iter().any(dying) || self.boundaries.iter().any(races) {
            return true;
        }
        let spare = &mut self.spare[usize::from(side == Side::Got)];
        *spare -= 1;
        *spare > 0
    }
}

impl PodRules<'_> {
    /// Compares everything about events.
    pub fn all_events(&mut self) {
        let cuts = (self.streams.cut_expected, self.streams.cut_got);
        let end = self.streams.context.end;
        let limits: BTreeMap<_, _> = ["Normal", "Warning"]
            .map(|kind| (kind, self.budget(kind)))
            .into();
        let limit = |key: &EventKey| limits.get(key.kind.as_str()).copied().unwrap_or(end);
        let (expected, got) = (self.expected, self.got);
        let keys: BTreeSet<_> = expected.events.keys().chain(got.events.keys()).collect();
        for key in keys {
            self.streams.cut_expected = cuts.0.min(limit(key));
            self.streams.cut_got = cuts.1.min(limit(key));
            let a = expected.events.get(key).map_or(&[][..], Vec::as_slice);
            let b = got.events.get(key).map_or(&[][..], Vec::as_slice);
            self.series(key, a, b);
        }
        for (t, key) in &got.jumps {
            if *t < limit(key) && expected.jumps.is_empty() {
                let place = self.key("event", &shown(key)).place(At::Whole("jump"));
                let (one, several) = ("one occurrence a write".to_owned(), "several".to_owned());
                self.streams.differ(place, Kind::Number, one, several, *t);
            }
        }
        self.event_order();
    }

    /// Compares the occurrences of one event.
    fn series(&mut self, key: &EventKey, a: &[f64], b: &[f64]) {
        let item = shown(key);
        let end = self.streams.context.end;
        let place = self.key("event", &item);
        let known =
            |times: &[f64]| -> Vec<f64> { times.iter().copied().filter(|t| *t <= end).collect() };
        let (known_a, known_b) = (known(a), known(b));
        let both = (known_a.as_slice(), known_b.as_slice());
        let path = Some(key.path.as_str());
        let fails =
            |pod: &Pod| pod.times(&key.reason, path).len() > pod.times("Created", path).len();
        let pull = matches!(key.reason.as_str(), "Pulled" | "Pulling");
        if is_retry(&key.reason) || pull && (fails(self.expected) || fails(self.got)) {
            return self.streams.retries(&place, both);
        }
        let probe = matches!(key.reason.as_str(), "Unhealthy" | "Killing");
        if key.reason != "Unhealthy" {
            return self.streams.occurrences(&place, both, probe, &mut Never);
        }
        let mut chance = self.chance(&key.message);
        self.streams.occurrences(&place, both, probe, &mut chance);
        self.cadence(&item, a, b);
    }

    fn chance(&self, message: &str) -> Chance {
        let waits = i64::from(self.streams.waits);
        if message.starts_with("Readiness") {
            let starts = self.expected.times("Started", None).len() as i64;
            return Chance {
                deaths: self.deaths.clone(),
                boundaries: self.streams.boundaries.clone(),
                spare: [waits + 1 + starts; 2],
            };
        }
        let dying = DYING.iter().any(|word| message.contains(word));
        Chance {
            deaths: if dying {
                self.exits.clone()
            } else {
                Vec::new()
            },
            boundaries: Vec::new(),
            spare: [waits + 1; 2],
        }
    }

    /// When the recorder's budget for one type of events is spent; later ones get through by
    /// chance.
    fn budget(&mut self, kind: &str) -> f64 {
        let end = self.streams.context.end;
        let [a, b] = [self.expected, self.got].map(|pod| until(pod.sent.get(kind), end));
        let spent = [&a, &b]
            .into_iter()
            .filter_map(|times| times.get(EVENT_BUDGET - 1));
        let spent = spent.map(|t| t - TOLERANCE).reduce(f64::min);
        if let Some(t) = spent {
            if !self.streams.branched && a.len().abs_diff(b.len()) > BUDGET_TOLERANCE {
                let place = self.key("event", kind).place(At::Whole("budget"));
                let expected = format!("{} {kind} event writes", a.len());
                self.streams
                    .differ(place, Kind::Number, expected, b.len().to_string(), t);
            }
        }
        spent.unwrap_or(end)
    }

    /// The usual distance of consecutive probe failures, much finer than single times.
    fn cadence(&mut self, item: &str, a: &[f64], b: &[f64]) {
        let periods = &self.streams.context.scenario.periods;
        let shortest = periods.first().copied().unwrap_or(1.0);
        let longest = periods.last().copied().unwrap_or(1.0);
        let spacing = |times: &[f64]| {
            let early = times
                .windows(2)
                .filter(|pair| pair[0] < self.streams.cut_expected);
            let gaps = early.map(|pair| pair[1] - pair[0]);
            let usual = |gap: &f64| 0.7 * shortest < *gap && *gap < 1.4 * longest;
            let mut gaps: Vec<_> = gaps.filter(usual).collect();
            gaps.sort_by(f64::total_cmp);
            (gaps.len() >= 2).then(|| gaps[gaps.len() / 2])
        };
        if let (Some(x), Some(y)) = (spacing(a), spacing(b)) {
            if (x - y).abs() > CADENCE * x + 0.05 {
                let place = self.key("event", item).place(At::Whole("cadence"));
                let (expected, got) = (format!("{x:.2} s {item}"), format!("{y:.2} s"));
                self.streams
                    .differ(place, Kind::Period, expected, got, a[0]);
            }
        }
    }

    /// The sequence of pull, create, start and kill events of one container.
    fn event_order(&mut self) {
        let (expected, got) = (self.expected, self.got);
        let paths: BTreeSet<_> = expected.order.iter().map(|(key, _)| &key.path).collect();
        for path in paths {
            let of = |pod: &Pod| -> Vec<(String, usize)> {
                let order = pod.order.iter().filter(|(key, _)| key.path == *path);
                order
                    .map(|(key, number)| (key.reason.clone(), *number))
                    .collect()
            };
            let (a, b) = (of(expected), of(got));
            let both_have = |item: &&(String, usize)| a.contains(item) && b.contains(item);
            let pairs = a.iter().filter(both_have).zip(b.iter().filter(both_have));
            let wrong = pairs.into_iter().find(|(x, y)| x != y);
            if let Some((x, y)) = wrong {
                let place = self.key("order", path).place(At::Whole("order"));
                let show = |item: &(String, usize)| format!("{}/{}", item.0, item.1);
                let t = expected.created();
                self.streams.differ(place, Kind::Order, show(x), show(y), t);
            }
        }
    }
}

/// An event in one word.
fn shown(key: &EventKey) -> String {
    show([&key.path, &key.kind, &key.reason, &key.message].into_iter())
}
