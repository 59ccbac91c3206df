//! Suite `events`: recorder, correlator and store of Event objects (recordings `events-*`).

use super::rows::first_difference;
use super::{lines, Suite};
use readyz_engine::events::{Emission, EventStore, EventType, Message, Object, Source};
use readyz_engine::ids::{NodeId, PodId, TextId};
use readyz_engine::rng::Draws;
use readyz_engine::time::Instant;
use serde::Deserialize;
use std::collections::BTreeSet;

/// One registry line.
pub const SUITE: Suite = Suite {
    name: "events",
    file_prefixes: &["events-"],
    run: lines::play::<Case>,
};

/// One line of a recording.
#[derive(Deserialize)]
struct Case {
    id: String,
    messages: Vec<String>,
    r#in: Vec<Report>,
    out: Vec<Outcome>,
}

/// `[t, pod, fieldPath, type, reason, messageIndex]`; times in milliseconds.
#[derive(Deserialize)]
struct Report(u64, String, String, Type, String, usize);

/// `type` of an Event.
#[derive(Clone, Copy, Deserialize)]
enum Type {
    Normal,
    Warning,
}

/// What became of a report.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Outcome {
    /// `[inIndex, "create"|"patch", eventIndex, count, combined, messageIndex, firstTimestamp,
    /// lastTimestamp]`
    Stored(usize, String, usize, u32, bool, usize, u64, u64),
    /// `[inIndex, "drop"]`
    Dropped(usize, String),
}

impl lines::Case for Case {
    fn id(&self) -> &str {
        &self.id
    }

    fn play(&self) -> Vec<String> {
        let mut player = Player {
            messages: &self.messages,
            names: Vec::new(),
            reasons: BTreeSet::new(),
            draws: Draws::seeded(0),
            store: EventStore::default(),
            labels: Vec::new(),
        };
        let reports = self.r#in.iter().enumerate();
        let got: Vec<Outcome> = reports.map(|(i, r)| player.report(i, r)).collect();
        first_difference("out", &self.out, &got)
            .into_iter()
            .collect()
    }
}

/// One source's recorder, and what the recording calls things.
struct Player<'a> {
    messages: &'a [String],
    /// Names of Pods and field paths; their position is their id.
    names: Vec<&'a str>,
    reasons: BTreeSet<&'static str>,
    draws: Draws,
    store: EventStore,
    /// For each stored object the report that first stored it, and when that was last.
    labels: Vec<(usize, Instant)>,
}

impl<'a> Player<'a> {
    fn report(&mut self, index: usize, report: &'a Report) -> Outcome {
        let Report(t, pod, path, event_type, reason, message) = report;
        let emission = Emission {
            source: Source::Kubelet(NodeId(0)),
            object: Object::Pod(PodId::at(self.number(pod))),
            container: (!path.is_empty()).then(|| self.number(path) as u16),
            event_type: match event_type {
                Type::Normal => EventType::Normal,
                Type::Warning => EventType::Warning,
            },
            reason: self.reason(reason),
            message: Message::Text(self.text(*message)),
        };
        let now = Instant::from_millis(*t);
        let stored = self.store.report(&mut self.draws, now, emission);
        let Some(event) = stored.and_then(|(id, _)| self.store.get(id).copied()) else {
            return Outcome::Dropped(index, "drop".to_owned());
        };
        let id = stored.map_or(0, |(id, _)| id.index());
        let is_new = id == self.labels.len();
        if is_new {
            self.labels.push((index, event.created));
        }
        let (label, created) = &mut self.labels[id];
        let is_created = is_new || *created != event.created;
        *created = event.created;
        let Message::Text(text) = event.emission.message else {
            unreachable!("only texts are reported");
        };
        Outcome::Stored(
            index,
            if is_created { "create" } else { "patch" }.to_owned(),
            *label,
            event.count,
            event.combined,
            text.index(),
            event.first.as_millis(),
            event.last.as_millis(),
        )
    }

    /// The number that stands for a name.
    fn number(&mut self, name: &'a str) -> usize {
        let known = self.names.iter().position(|n| *n == name);
        known.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        })
    }

    /// The id of a message: its first place in the table.
    fn text(&self, message: usize) -> TextId {
        let text = self.messages.get(message);
        TextId::at(
            self.messages
                .iter()
                .position(|m| Some(m) == text)
                .unwrap_or(message),
        )
    }

    /// The reason as a text that lives on; there are few.
    fn reason(&mut self, reason: &str) -> &'static str {
        if let Some(known) = self.reasons.get(reason) {
            return known;
        }
        let kept: &'static str = reason.to_owned().leak();
        self.reasons.insert(kept);
        kept
    }
}
