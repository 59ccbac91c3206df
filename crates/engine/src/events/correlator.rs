//! One source's event pipeline: aggregate, count, spam filter (EVT-03).

use super::{Emission, EventType, Message, Object};
use crate::ids::EventId;
use crate::rng::{Draws, Purpose};
use crate::sorted::{Map, Set};
use crate::time::{Duration, Instant};

/// Entries that each cache keeps; the one unused for longest goes (EVT-04).
const CACHE_ENTRIES: usize = 4096;
/// At this many distinct messages of one kind they are combined (EVT-06).
const COMBINE_AT: usize = 10;
/// Silence after which the distinct messages of a kind are forgotten (EVT-06).
const COMBINE_WINDOW: Duration = Duration::from_secs(600);
/// Events that one object may have at once (EVT-07).
const BURST: u64 = 25;
/// Time in which one more becomes allowed (EVT-07).
const REFILL: Duration = Duration::from_secs(300);

/// Events of one type and reason about one object: the key of aggregation (EVT-06).
type SimilarKey = (Object, EventType, &'static str);
/// What makes an event a repeat of another (EVT-04). Combined events of a kind share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct RepeatKey {
    similar: SimilarKey,
    /// Container and message; None for the combined event.
    single: Option<(Option<u16>, Message)>,
}

/// The distinct messages of a kind (EVT-06).
#[derive(Clone, Debug, Default)]
struct Similar {
    messages: Set<Message>,
    last: Instant,
}

/// How often an event was seen, whether stored or not (EVT-08).
#[derive(Clone, Copy, Debug)]
struct Repeats {
    count: u32,
    first: Instant,
    /// The stored object; NONE until a report got past the spam filter.
    stored: EventId,
    used: Instant,
}

/// A token bucket; the level is the time in which it would fill so far.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    level: Duration,
    at: Instant,
}

/// What becomes of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correlation {
    /// The object to patch; NONE: to be created.
    pub stored: EventId,
    pub count: u32,
    pub first: Instant,
    /// The message gets the prefix of combined events.
    pub combined: bool,
}

/// The state of a source's recorder. Lost when the component restarts (RES-10).
#[derive(Clone, Debug, Default)]
pub struct Correlator {
    similar: Map<SimilarKey, Similar>,
    repeats: Map<RepeatKey, Repeats>,
    buckets: Map<(Object, EventType), Bucket>,
    /// The entry that the report under way counts in.
    current: Option<RepeatKey>,
}

impl Correlator {
    /// Takes in a report. None: dropped by the spam filter, though counted.
    pub fn report(
        &mut self,
        draws: &mut Draws,
        now: Instant,
        emission: &Emission,
    ) -> Option<Correlation> {
        let similar = (emission.object, emission.event_type, emission.reason);
        let combined = self.aggregate(draws, now, similar, emission.message);
        let key = RepeatKey {
            similar,
            single: (!combined).then_some((emission.container, emission.message)),
        };
        let repeats = self.count(now, key);
        self.current = Some(key);
        if !self.take_token(now, (emission.object, emission.event_type)) {
            return None;
        }
        Some(Correlation {
            stored: repeats.stored,
            count: repeats.count,
            first: repeats.first,
            combined,
        })
    }

    /// Remembers the object in which the last report was stored.
    pub fn stored(&mut self, event: EventId) {
        if let Some(entry) = self.current.and_then(|key| self.repeats.get_mut(&key)) {
            entry.stored = event;
        }
    }

    /// Whether this report is to be combined with its like (EVT-06).
    fn aggregate(
        &mut self,
        draws: &mut Draws,
        now: Instant,
        key: SimilarKey,
        message: Message,
    ) -> bool {
        make_room(&mut self.similar, &key, |similar| similar.last);
        let similar = self.similar.entry(key).or_default();
        if now.since(similar.last) > COMBINE_WINDOW {
            similar.messages.clear();
        }
        similar.last = now;
        similar.messages.insert(message);
        if similar.messages.len() < COMBINE_AT {
            return false;
        }
        let leaver = draws.below(Purpose::EventAggregate, similar.messages.len() as u64) as usize;
        if let Some(leaver) = similar.messages.iter().nth(leaver).copied() {
            similar.messages.remove(&leaver);
        }
        true
    }

    /// Counts a report (EVT-04).
    fn count(&mut self, now: Instant, key: RepeatKey) -> Repeats {
        make_room(&mut self.repeats, &key, |repeats| repeats.used);
        let entry = self.repeats.entry(key).or_insert(Repeats {
            count: 0,
            first: now,
            stored: EventId::NONE,
            used: now,
        });
        entry.count += 1;
        entry.used = now;
        *entry
    }

    /// Pays for one create or patch (EVT-07).
    fn take_token(&mut self, now: Instant, key: (Object, EventType)) -> bool {
        let full = REFILL.times(BURST);
        make_room(&mut self.buckets, &key, |bucket| bucket.at);
        let bucket = self.buckets.entry(key).or_insert(Bucket {
            level: full,
            at: now,
        });
        bucket.level = full.min(bucket.level + now.since(bucket.at));
        bucket.at = now;
        if bucket.level < REFILL {
            return false;
        }
        bucket.level = bucket.level.saturating_sub(REFILL);
        true
    }
}

/// Drops the entry that was used longest ago if a new key finds the cache full.
fn make_room<K: Ord + Copy, V>(cache: &mut Map<K, V>, key: &K, used: impl Fn(&V) -> Instant) {
    if cache.len() < CACHE_ENTRIES || cache.contains_key(key) {
        return;
    }
    let oldest = cache
        .iter()
        .min_by_key(|(_, value)| used(value))
        .map(|(key, _)| *key);
    if let Some(oldest) = oldest {
        cache.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::Source;
    use crate::ids::{NodeId, PodId, TextId};

    fn unhealthy(text: u32) -> Emission {
        Emission {
            source: Source::Kubelet(NodeId(0)),
            object: Object::Pod(PodId(0)),
            container: Some(0),
            event_type: EventType::Warning,
            reason: "Unhealthy",
            message: Message::Text(TextId(text)),
        }
    }

    /// EVT-08: x1…x25 at 0–240 s, then x31 at 300 s, x61 at 600 s, x91 at 900 s.
    #[test]
    fn a_probe_failing_every_ten_seconds_runs_out_of_budget() {
        let mut correlator = Correlator::default();
        let mut draws = Draws::seeded(1);
        let mut seen = Vec::new();
        for tick in 0..=90 {
            let now = Instant::from_secs(tick * 10);
            if let Some(correlation) = correlator.report(&mut draws, now, &unhealthy(1)) {
                seen.push((tick * 10, correlation.count));
                correlator.stored(EventId(0));
            }
        }
        let mut expected: Vec<(u64, u32)> = (0..25).map(|k| (k * 10, k as u32 + 1)).collect();
        expected.extend([(300, 31), (600, 61), (900, 91)]);
        assert_eq!(seen, expected);
    }

    /// EVT-06: the tenth distinct message begins the combined event.
    #[test]
    fn the_tenth_distinct_message_is_combined() {
        let mut correlator = Correlator::default();
        let mut draws = Draws::seeded(1);
        for text in 1..=12 {
            let now = Instant::from_secs(u64::from(text));
            let correlation = correlator
                .report(&mut draws, now, &unhealthy(text))
                .expect("within the budget");
            assert_eq!(correlation.combined, text >= 10, "message {text}");
            assert_eq!(correlation.count, if text < 10 { 1 } else { text - 9 });
            correlator.stored(EventId(text.min(10)));
        }
    }

    /// EVT-06: more than 600 s of silence clear the set.
    #[test]
    fn silence_forgets_similar_messages() {
        let mut correlator = Correlator::default();
        let mut draws = Draws::seeded(1);
        for text in 1..=9 {
            correlator.report(&mut draws, Instant::from_secs(1), &unhealthy(text));
        }
        let later = correlator
            .report(&mut draws, Instant::from_secs(602), &unhealthy(20))
            .expect("refilled");
        assert!(!later.combined);
    }

    /// EVT-07: Normal and Warning have budgets of their own.
    #[test]
    fn types_do_not_share_a_budget() {
        let mut correlator = Correlator::default();
        let mut draws = Draws::seeded(1);
        let now = Instant::ZERO;
        for _ in 0..30 {
            correlator.report(&mut draws, now, &unhealthy(1));
        }
        assert!(correlator.report(&mut draws, now, &unhealthy(1)).is_none());
        let mut killing = unhealthy(2);
        killing.event_type = EventType::Normal;
        killing.reason = "Killing";
        assert!(correlator.report(&mut draws, now, &killing).is_some());
    }
}
