//! Two runs side by side: what differs, drawn as one run whose lanes come in pairs.

use crate::format::{clock, seconds};
use crate::i18n::{LookWords, Texts};
use readyz_engine::session::BranchView;
use readyz_engine::time::{Duration, Instant};
use readyz_engine::view::{BandKind, EventMark, LaneView, PinView, RunView};
use std::rc::Rc;

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
pub fn restarts(lane: &LaneView) -> Vec<Instant> {
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

/// Two branches as the page shows them. A is the older one.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Both as one run: lanes that differ in pairs named A and B, what differs as events.
    pub run: Rc<RunView>,
    /// How many lanes are alike.
    pub alike: u32,
    pub names: [String; 2],
    pub facts: [Facts; 2],
    /// Numbers of the branches.
    pub branches: [u32; 2],
    /// Whether the picture shows B.
    pub b_in_front: bool,
}

impl Compared {
    /// Compares the branch that is shown with another one.
    pub fn new(texts: &Texts, all: &[BranchView], shown: Side, other: Side) -> Self {
        let b_in_front = shown.0 > other.0;
        let (a, b) = match b_in_front {
            true => (other, shown),
            false => (shown, other),
        };
        let name = |side: &Side| {
            let branch = all.get(side.0 as usize);
            branch.map_or_else(String::new, |one| {
                (texts.look.branch)(&one.name).into_owned()
            })
        };
        let (run, alike) = paired(texts, &a.1, &b.1);
        Compared {
            run: Rc::new(run),
            alike: alike as u32,
            names: [name(&a), name(&b)],
            facts: [facts(&a.1), facts(&b.1)],
            branches: [a.0, b.0],
            b_in_front,
        }
    }

    /// What differs, in a sentence.
    pub fn sentence(&self, texts: &Texts) -> String {
        summary(&texts.look, &self.names[1], &self.facts[0], &self.facts[1])
    }
}

/// A branch's number and its run.
pub type Side = (u32, Rc<RunView>);

/// Both runs as one, and how many lanes are alike.
fn paired(texts: &Texts, a: &RunView, b: &RunView) -> (RunView, usize) {
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
    for (one, other) in pairs(&a.lanes, &b.lanes) {
        if one == other {
            alike += 1;
            continue;
        }
        let key = one.or(other).map_or_else(String::new, lane_key);
        for (name, lane, against) in [("A", one, other), ("B", other, one)] {
            let Some(lane) = lane else { continue };
            both.lanes.push(LaneView {
                pod: format!("{name} {}", lane.pod),
                pod_id: lane.pod_id * 2 + u32::from(name == "B"),
                ..lane.clone()
            });
            differences(texts, name, &key, lane, against, &mut both.events);
        }
    }
    both.events.sort_by_key(|event| event.at);
    (both, alike)
}

/// What the differences of a pair are known by.
pub fn lane_key(lane: &LaneView) -> String {
    let pod = lane.pod.trim_start_matches("A ").trim_start_matches("B ");
    format!("{pod}/{}", lane.container)
}

/// Lanes of the same name; those left over in their order, since Pods of another template are named
/// otherwise.
fn pairs<'a>(
    a: &'a [LaneView],
    b: &'a [LaneView],
) -> Vec<(Option<&'a LaneView>, Option<&'a LaneView>)> {
    // By name: there may be a thousand on each side.
    let sorted = |all: &'a [LaneView]| {
        let mut all: Vec<&LaneView> = all.iter().collect();
        all.sort_by_key(|lane| (&lane.pod, &lane.container));
        all
    };
    let named = |lane: &LaneView, all: &[&'a LaneView]| {
        let name = (&lane.pod, &lane.container);
        let place = all.partition_point(|one| (&one.pod, &one.container) < name);
        let found = all.get(place).copied();
        found.filter(|one| (&one.pod, &one.container) == name)
    };
    let (in_a, in_b) = (sorted(a), sorted(b));
    let mut left = b.iter().filter(|lane| named(lane, &in_a).is_none());
    let mut pairs: Vec<_> = a
        .iter()
        .map(|lane| (Some(lane), named(lane, &in_b).or_else(|| left.next())))
        .collect();
    pairs.extend(left.map(|lane| (None, Some(lane))));
    pairs
}

fn of_b(pin: &PinView) -> PinView {
    PinView {
        input: pin.input | 1 << 24,
        ..pin.clone()
    }
}

/// Bands of a lane, and its turns in and out of Services, that the other one does not have.
fn differences(
    texts: &Texts,
    name: &str,
    key: &str,
    lane: &LaneView,
    other: Option<&LaneView>,
    marks: &mut Vec<EventMark>,
) {
    let mut mark = |at, what: &str| {
        marks.push(EventMark {
            at,
            warning: false,
            reason: (texts.look.differs)(name, what),
            pod: key.to_owned(),
        });
    };
    for band in &lane.bands {
        let known = other.is_some_and(|other| {
            let mut bands = other.bands.iter();
            bands.any(|one| one.from == band.from && one.kind == band.kind)
        });
        if !known {
            mark(band.from, &(texts.look.state)(&band.label));
        }
    }
    let turns = |lane: &LaneView| -> Vec<(Instant, bool)> {
        let stretches = lane.in_service.iter();
        stretches
            .flat_map(|(from, to)| [(*from, true), (*to, false)])
            .collect()
    };
    let known = other.map(turns).unwrap_or_default();
    for (at, ready) in turns(lane) {
        if at < lane.to && !known.contains(&(at, ready)) {
            let words = &texts.time;
            mark(
                at,
                if ready {
                    words.side_ready
                } else {
                    words.side_not_ready
                },
            );
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
            sight: Instant::NEVER,
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
        let texts = Language::English.texts();
        let (both, alike) = paired(texts, &a, &b);
        assert_eq!((both.lanes.len(), alike), (2, 0));
        assert!(!both.events.is_empty());
        let (same, alike) = paired(texts, &a, &a);
        assert_eq!((same.lanes.len(), alike), (0, 1));
        assert_eq!(
            summary(words, "B", &facts(&a), &facts(&a)),
            "B: no difference."
        );
    }
}
