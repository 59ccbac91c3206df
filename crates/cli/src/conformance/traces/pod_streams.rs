//! What one Pod does: its state streams, its events, and what they say about kills and deaths.

use super::text::pulled_image;
use super::value::{ContainerValue, Value};
use std::collections::BTreeMap;

/// A first pull that takes less (seconds) equals an image that is there.
const INSTANT_PULL: f64 = 1.0;
/// An effect may be written this much (seconds) before its cause.
pub const WRITE_SKEW: f64 = 0.1;
/// A start this shortly (seconds) before a change is the change's own.
const OWN_START: f64 = 0.5;

/// Values of one stream with their moments.
pub type Changes<V> = Vec<(f64, V)>;

/// Which event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventKey {
    /// Of a Pod's event the fieldPath, else kind and name of the object.
    pub path: String,
    pub kind: String,
    pub reason: String,
    pub message: String,
}

/// One incarnation of a Pod: its state streams and its events.
#[derive(Default)]
pub struct Pod {
    pub name: String,
    /// Canonical name of what it is an exchangeable part of.
    pub group: String,
    /// Container name to its states.
    pub containers: BTreeMap<String, Changes<ContainerValue>>,
    /// (stream, item) to values.
    pub changes: BTreeMap<(&'static str, String), Changes<Value>>,
    /// Every occurrence.
    pub events: BTreeMap<EventKey, Vec<f64>>,
    /// Event type to all writes.
    pub sent: BTreeMap<String, Vec<f64>>,
    /// Writes that count several occurrences.
    pub jumps: Vec<(f64, EventKey)>,
    /// Lifecycle events with their running number.
    pub order: Vec<(EventKey, usize)>,
}

impl Pod {
    /// When it was first seen.
    pub fn created(&self) -> f64 {
        let states = self.containers.values().filter_map(|c| Some(c.first()?.0));
        let others = self.changes.values().filter_map(|c| Some(c.first()?.0));
        states.chain(others).reduce(f64::min).unwrap_or(0.0)
    }

    /// All occurrences of events with a reason, of one container (by path) or of all.
    pub fn times(&self, reason: &str, path: Option<&str>) -> Vec<f64> {
        let wanted =
            |key: &EventKey| key.reason == reason && path.is_none_or(|path| path == key.path);
        let events = self.events.iter().filter(|(key, _)| wanted(key));
        let mut times: Vec<f64> = events.flat_map(|(_, times)| times).copied().collect();
        times.sort_by(f64::total_cmp);
        times
    }

    /// When the kubelet decided the kill that explains a container change at t, if one does.
    pub fn killed(&self, t: f64, container: &str) -> Option<f64> {
        let suffix = format!("{{{container}}}");
        let last = |reason: &str, until: &dyn Fn(f64) -> bool| {
            let of_it = |key: &EventKey| key.reason == reason && key.path.ends_with(&suffix);
            let events = self.events.iter().filter(|(key, _)| of_it(key));
            let times = events.flat_map(|(_, times)| times).copied();
            times.filter(|time| until(*time)).reduce(f64::max)
        };
        let kill = last("Killing", &|kill| kill <= t + WRITE_SKEW)?;
        let start = last("Started", &|start| start < t - OWN_START).unwrap_or(0.0);
        (kill > start).then_some(kill)
    }

    /// When containers died or were told to, and when they died without being told to.
    pub fn moments(&self) -> (Vec<f64>, Vec<f64>) {
        let (mut deaths, mut exits) = (Vec::new(), Vec::new());
        for (name, changes) in &self.containers {
            for pair in changes.windows(2) {
                let ((_, old), (t, new)) = (&pair[0], &pair[1]);
                if new.state == "terminated" || new.restarts > old.restarts {
                    deaths.push(*t);
                    if self.killed(*t, name).is_none() {
                        exits.push(*t);
                    }
                }
            }
        }
        deaths.extend(self.times("Killing", None));
        let own = self.changes.get(&("pod", String::new()));
        for (t, value) in own.into_iter().flatten() {
            if matches!(value, Value::Text(text) if text.contains("terminating")) {
                deaths.push(*t);
            }
        }
        (deaths, exits)
    }

    /// Appends a value.
    pub fn change(&mut self, stream: &'static str, item: &str, t: f64, value: Value) {
        let changes = self.changes.entry((stream, item.to_owned())).or_default();
        changes.push((t, value));
    }

    /// Whether an image is on the node at first is chance: an instant first pull equals no pull.
    pub fn pulled(&mut self, key: EventKey, t: f64) -> EventKey {
        let of_container = |k: &EventKey, reason: &str| k.path == key.path && k.reason == reason;
        let Some((image, fetched)) = pulled_image(&key.message) else {
            return key;
        };
        if self.events.keys().any(|k| of_container(k, "Pulled")) {
            return key;
        }
        if fetched {
            let pulls = self.events.iter();
            let mut pulls = pulls.filter(|(k, _)| of_container(k, "Pulling"));
            let (Some((pull, times)), None) = (pulls.next(), pulls.next()) else {
                return key;
            };
            if times.last().is_none_or(|begun| t - begun > INSTANT_PULL) {
                return key;
            }
            let pull = pull.clone();
            self.events.remove(&pull);
            self.order.retain(|(k, _)| *k != pull);
        }
        EventKey {
            message: format!("image {image} is there"),
            ..key
        }
    }
}
