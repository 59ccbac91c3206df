//! Two runs side by side: what differs, drawn as one run whose lanes come in pairs.

use crate::format::{clock, seconds};
use crate::i18n::LookWords;
use readyz_engine::time::{Duration, Instant};
use readyz_engine::view::{BandKind, EventMark, LaneView, PinView, RunView};

/// The facts of a run that people compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    pub restarts: u32,
    pub first_restart: Option<Instant>,
    /// Not running and started, over all containers.
    pub unready: Duration,
    pub lost: u32,
}

/// Starts of a lane after its first.
fn restarts(lane: &LaneView) -> Vec<Instant> {
    let runs = |kind: BandKind| {
        matches!(
            kind,
            BandKind::Booting | BandKind::Running | BandKind::Stopping
        )
    };
    let mut before = false;
    let mut starts = Vec::new();
    for band in &lane.bands {
        if runs(band.kind) && !before {
            starts.push(band.from);
        }
        // A new process follows a stopping one without a gap.
        before = runs(band.kind) && band.kind != BandKind::Stopping;
    }
    starts.split_off(starts.len().min(1))
}

/// Adds a run up.
pub fn facts(run: &RunView) -> Facts {
    let mut facts = Facts {
        restarts: 0,
        first_restart: None,
        unready: Duration::ZERO,
        lost: 0,
    };
    for lane in &run.lanes {
        let starts = restarts(lane);
        facts.restarts += starts.len() as u32;
        let first = starts.first().copied();
        facts.first_restart = match (facts.first_restart, first) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if lane.has_service {
            let life = lane.to.min(run.end) - lane.from;
            let ready = lane
                .in_service
                .iter()
                .map(|(from, to)| ((*to).min(run.end) - *from).0);
            facts.unready.0 += life.0.saturating_sub(ready.sum());
        } else {
            let down = lane
                .bands
                .iter()
                .filter(|band| band.kind != BandKind::Running);
            facts.unready.0 += down
                .map(|band| (band.to.min(run.end) - band.from).0)
                .sum::<u64>();
        }
    }
    for service in &run.services {
        let lost = service.per_second.iter();
        facts.lost += lost
            .map(|(_, a, b)| u32::from(*a) + u32::from(*b))
            .sum::<u32>();
    }
    facts
}

/// One sentence about B, told from A.
pub fn summary(words: &LookWords, branch: &str, a: &Facts, b: &Facts) -> String {
    let mut parts: Vec<String> = Vec::new();
    match (a.first_restart, b.first_restart) {
        (Some(a), Some(b)) if b > a => parts.push((words.later)(&seconds(b - a))),
        (Some(a), Some(b)) if a > b => parts.push((words.earlier)(&seconds(a - b))),
        (Some(_), None) => parts.push(words.no_restart.into()),
        (None, Some(b)) => parts.push((words.only_restart)(&clock(b))),
        _ => {}
    }
    if b.lost < a.lost {
        parts.push((words.fewer)(a.lost - b.lost));
    } else if b.lost > a.lost {
        parts.push((words.more)(b.lost - a.lost));
    }
    if parts.is_empty() {
        parts.push(words.same.into());
    }
    (words.sum)(branch, &parts.join(words.comma))
}

/// Both runs as one: differing lanes in pairs named A and B, their differences as events. How many
/// lanes are alike.
pub fn paired(words: &LookWords, a: &RunView, b: &RunView) -> (RunView, usize) {
    let mut both = RunView {
        lanes: Vec::new(),
        events: Vec::new(),
        // Numbers of inputs must differ: those of B go on far above those of A.
        pins: a
            .pins
            .iter()
            .cloned()
            .chain(b.pins.iter().map(of_b))
            .collect(),
        end: a.end.max(b.end),
        ..a.clone()
    };
    both.pins.sort_by_key(|pin| pin.at);
    both.pins
        .dedup_by(|one, other| one.at == other.at && one.label == other.label);
    let mut alike = 0;
    let count = a.lanes.len().max(b.lanes.len());
    for place in 0..count {
        let (one, other) = (a.lanes.get(place), b.lanes.get(place));
        if one == other {
            alike += 1;
            continue;
        }
        for (name, lane, against) in [("A", one, other), ("B", other, one)] {
            let Some(lane) = lane else { continue };
            both.lanes.push(LaneView {
                pod: format!("{name} {}", lane.pod),
                pod_id: lane.pod_id * 2 + u32::from(name == "B"),
                ..lane.clone()
            });
            differences(words, name, lane, against, &mut both.events);
        }
    }
    both.events.sort_by_key(|event| event.at);
    (both, alike)
}

fn of_b(pin: &PinView) -> PinView {
    PinView {
        input: pin.input | 1 << 24,
        ..pin.clone()
    }
}

/// Bands of a lane that the other one does not have.
fn differences(
    words: &LookWords,
    name: &str,
    lane: &LaneView,
    other: Option<&LaneView>,
    marks: &mut Vec<EventMark>,
) {
    for band in &lane.bands {
        let known = other.is_some_and(|other| {
            let mut bands = other.bands.iter();
            bands.any(|one| one.from == band.from && one.kind == band.kind)
        });
        if !known {
            marks.push(EventMark {
                at: band.from,
                warning: true,
                reason: (words.differs)(name, &band.label),
                pod: lane.pod.clone(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use readyz_engine::session::{Reply, Request, Session};

    fn run(threshold: u32) -> RunView {
        let text = include_str!("../examples/liveness-exec.yaml").replace(
            "periodSeconds: 5",
            &format!("periodSeconds: 5\n      failureThreshold: {threshold}"),
        );
        let load = Request::Load {
            text,
            acts: Vec::new(),
            seed: None,
        };
        match Session::new().handle(load) {
            Reply::Loaded(loaded) => loaded.run.unwrap_or_else(|| panic!("no run")),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_higher_threshold_restarts_later_and_the_sentence_says_by_how_much() {
        let (a, b) = (run(3), run(5));
        let words = &Language::English.texts().look;
        let sentence = summary(words, "B", &facts(&a), &facts(&b));
        assert!(
            sentence.contains("first restart 10.") && sentence.ends_with("s later."),
            "{sentence}"
        );
        let (both, alike) = paired(words, &a, &b);
        assert_eq!((both.lanes.len(), alike), (2, 0));
        assert!(!both.events.is_empty());
        let (same, alike) = paired(words, &a, &a);
        assert_eq!((same.lanes.len(), alike), (0, 1));
        assert_eq!(
            summary(words, "B", &facts(&a), &facts(&a)),
            "B: no difference."
        );
    }
}
