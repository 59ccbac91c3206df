//! The Event objects that the API server has, and the recorders that fill it.

use super::{Correlator, Emission, Source};
use crate::ids::EventId;
use crate::rng::Draws;
use crate::sorted::Map;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// How long the API server keeps an Event after its last write (EVT-01).
const TIME_TO_LIVE: Duration = Duration::from_secs(3600);
/// A series ends after this long without a repeat.
const SERIES_ENDS: Duration = Duration::from_secs(360);
/// A series that goes on is written this often (SCH-04).
const SERIES_WRITTEN: Duration = Duration::from_secs(1800);

/// One Event object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// What was reported; of a combined event the newest.
    pub emission: Emission,
    /// The message has the prefix of combined events (EVT-06).
    pub combined: bool,
    /// `count`, or `series.count` where `is_series`; 1 at first.
    pub count: u32,
    /// `firstTimestamp`, or `eventTime` where `is_series`.
    pub first: Instant,
    /// `lastTimestamp`, or `series.lastObservedTime` where `is_series`.
    pub last: Instant,
    /// When it was last stored anew; its age in a watch begins here.
    pub created: Instant,
    /// Of the newer kind: `count`, `firstTimestamp` and `lastTimestamp` are null in the API.
    pub is_series: bool,
    /// Which version of the object a series is about (SCH-04).
    pub object_version: u32,
    /// Repeats of a series that its source has only counted, and when it saw the last (SCH-04).
    unsaved: u32,
    observed: Instant,
}

impl StoredEvent {
    /// Whether the API server still has it at `now`.
    pub fn is_live(&self, now: Instant) -> bool {
        now < self.last + TIME_TO_LIVE
    }
}

/// The Event objects that the API server has, in order of first creation, and the state of each
/// component's recorder.
#[derive(Clone, Debug, Default)]
pub struct EventStore {
    events: Arc<Vec<StoredEvent>>,
    recorders: Map<Source, Arc<Correlator>>,
    /// Versions of combined events that another one replaced at the moment they were written.
    replaced: Arc<Vec<(EventId, StoredEvent)>>,
    /// Every report as it came, for the comparison with recordings; None: not kept.
    journal: Option<Vec<(Instant, Emission)>>,
}

impl EventStore {
    /// Every object there ever was, by id; [`StoredEvent::is_live`] tells which are left.
    pub fn all(&self) -> &[StoredEvent] {
        &self.events
    }

    /// The object of an id.
    pub fn get(&self, id: EventId) -> Option<&StoredEvent> {
        self.events.get(id.index())
    }

    /// The object as it was when it had been told `count` times. Of the versions before the last only
    /// those are kept that say something else than it, at its moment: combined events (EVT-06).
    pub fn version(&self, id: EventId, count: u32) -> Option<&StoredEvent> {
        let mut replaced = self.replaced.iter();
        let old = replaced.find(|(of, event)| *of == id && event.count == count);
        old.map(|(_, event)| event).or_else(|| self.get(id))
    }

    /// The objects that the API server has at `now`, with their ids.
    pub fn live(&self, now: Instant) -> impl Iterator<Item = (EventId, &StoredEvent)> {
        self.events
            .iter()
            .enumerate()
            .filter(move |(_, event)| event.is_live(now))
            .map(|(index, event)| (EventId::at(index), event))
    }

    /// Forgets what a component's recorder knew: it restarted (RES-10).
    pub fn restart_source(&mut self, source: Source) {
        self.recorders.remove(&source);
    }

    /// From now on keeps every report as it comes.
    pub fn keep_journal(&mut self) {
        self.journal = Some(Vec::new());
    }

    /// The reports kept so far, before correlation.
    pub fn journal(&self) -> &[(Instant, Emission)] {
        self.journal.as_deref().unwrap_or_default()
    }

    /// Takes in a report through its source's correlator; object and count if it was stored.
    pub fn report(
        &mut self,
        draws: &mut Draws,
        now: Instant,
        emission: Emission,
    ) -> Option<(EventId, u32)> {
        if let Some(journal) = &mut self.journal {
            journal.push((now, emission));
        }
        let recorder = Arc::make_mut(self.recorders.entry(emission.source).or_default());
        let correlation = recorder.report(draws, now, &emission)?;
        let known = self
            .events
            .get(correlation.stored.index())
            .is_some_and(|event| event.is_live(now));
        let events = Arc::make_mut(&mut self.events);
        let mut event = StoredEvent {
            emission,
            combined: correlation.combined,
            count: correlation.count,
            first: correlation.first,
            last: now,
            created: now,
            is_series: false,
            object_version: 0,
            unsaved: 0,
            observed: now,
        };
        // An expired object is created again under its old name, with its count (EVT-05).
        let id = match events.get_mut(correlation.stored.index()) {
            Some(old) => {
                if old.combined && old.last == now {
                    let replaced = Arc::make_mut(&mut self.replaced);
                    replaced.push((correlation.stored, *old));
                }
                if known {
                    event.created = old.created;
                    event.emission.container = old.emission.container;
                }
                *old = event;
                correlation.stored
            }
            None => {
                events.push(event);
                EventId::at(events.len() - 1)
            }
        };
        recorder.stored(id);
        Some((id, correlation.count))
    }

    /// Takes in a report of the newer kind; object and `series.count`, unless it was only counted.
    pub fn report_series(
        &mut self,
        now: Instant,
        emission: Emission,
        version: u32,
    ) -> Option<(EventId, u32)> {
        if let Some(journal) = &mut self.journal {
            journal.push((now, emission));
        }
        let events = Arc::make_mut(&mut self.events);
        // The note is not part of the identity; the first one stays.
        let repeat = events.iter_mut().enumerate().rev().find(|(_, event)| {
            let other = &event.emission;
            event.is_series
                && event.object_version == version
                && (other.source, other.object, other.event_type, other.reason)
                    == (
                        emission.source,
                        emission.object,
                        emission.event_type,
                        emission.reason,
                    )
                && now.since(event.observed) <= SERIES_ENDS
        });
        if let Some((index, event)) = repeat {
            event.observed = now;
            event.unsaved += 1;
            // The second report turns the Event into a series; after that it is written anew
            // every half hour only.
            if event.count > 1 && now.since(event.last) < SERIES_WRITTEN {
                return None;
            }
            event.count += std::mem::take(&mut event.unsaved);
            event.last = now;
            return Some((EventId::at(index), event.count));
        }
        events.push(StoredEvent {
            emission,
            combined: false,
            count: 1,
            first: now,
            last: now,
            created: now,
            is_series: true,
            object_version: version,
            unsaved: 0,
            observed: now,
        });
        Some((EventId::at(events.len() - 1), 1))
    }
}
