//! Whether a run shows what its scenario expects: `expect` of the Scenario document.

mod fact;
mod words;

pub(crate) use words::count as count_words;

use crate::cluster::Cluster;
use crate::experiment::Setup;
use crate::scenario::{Expectation, When};
use crate::time::Instant;

/// What became of one entry of `expect`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Line of the entry in its text (1-based).
    pub line: u32,
    pub holds: bool,
    /// What was expected, and for what does not hold: what was there instead.
    pub sentence: String,
}

/// What a run has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// One for each entry of `expect`, in their order.
    pub verdicts: Vec<Verdict>,
    /// Steps that had no effect: their line (1-based), and why.
    pub refused: Vec<(u32, String)>,
    /// The limit that ended the run early, in words.
    pub limit: Option<String>,
}

/// An expectation on its way through the run.
struct Watched<'a> {
    expectation: &'a Expectation,
    /// What has been found out; None: not decided yet.
    decided: Option<(bool, String)>,
    /// For `by`: what was seen last before the end of its time.
    last: Option<Seen>,
}

/// What was there instead, at a moment.
struct Seen {
    at: Instant,
    words: String,
}

/// Runs a setup and judges each entry of its `expect`, in their order. Facts are looked at
/// whenever something has happened: within one instant only its end counts.
pub fn judge(setup: &Setup) -> Report {
    let offset = setup.offset;
    let mut watched: Vec<Watched> = setup.scenario.expect.iter().map(Watched::new).collect();
    let mut timeline = setup.timeline();
    let end = timeline.end() - (Instant::ZERO + offset);
    timeline.run_stretches(|cluster, from, to| {
        let from = Instant(from.0.saturating_sub(offset.0));
        if to.0 <= offset.0 {
            return;
        }
        let to = Instant(to.0.saturating_sub(offset.0));
        for entry in watched.iter_mut().filter(|entry| entry.decided.is_none()) {
            entry.look(cluster, from, to);
        }
    });
    Report {
        refused: refusals(setup, timeline.latest()),
        limit: timeline.limit_reached().map(|stop| stop.to_string()),
        verdicts: watched
            .into_iter()
            .map(|entry| entry.verdict(Instant(end.0)))
            .collect(),
    }
}

/// What had no effect, with the line of its step, and why; line 0: an object of the text.
pub fn refusals(setup: &Setup, cluster: &Cluster) -> Vec<(u32, String)> {
    let step_line = |id: u32| {
        let number = (id as usize).checked_sub(1 + setup.before.len());
        let step = number.and_then(|number| setup.scenario.steps.get(number));
        step.map_or(0, |step| step.line)
    };
    let refused = cluster.refused.iter();
    let refused = refused.map(|one| (step_line(one.input), cluster.texts.get(one.why).into()));
    refused.collect()
}

impl<'a> Watched<'a> {
    fn new(expectation: &'a Expectation) -> Self {
        Watched {
            expectation,
            decided: None,
            last: None,
        }
    }

    /// The cluster is as it is from `from` until just before `to`.
    fn look(&mut self, cluster: &Cluster, from: Instant, to: Instant) {
        let fact = &self.expectation.fact;
        let overlaps = |first: Instant, last: Instant| from <= last && first < to;
        match self.expectation.when {
            When::At(at) if overlaps(at, at) => {
                let holds = fact::holds(cluster, fact);
                self.decided = Some((holds, instead(cluster, fact, at)));
            }
            When::By(by) if from <= by => {
                if fact::holds(cluster, fact) {
                    self.decided = Some((true, String::new()));
                } else if to > by {
                    let words = fact::seen(cluster, fact);
                    self.last = Some(Seen { at: by, words });
                }
            }
            When::Always {
                from: first,
                to: last,
            } if overlaps(first, last) && !fact::holds(cluster, fact) => {
                let words = instead(cluster, fact, from.max(first));
                self.decided = Some((false, words));
            }
            When::Never {
                from: first,
                to: last,
            } if overlaps(first, last) && fact::holds(cluster, fact) => {
                let words = instead(cluster, fact, from.max(first));
                self.decided = Some((false, words));
            }
            _ => {}
        }
    }

    fn verdict(self, end: Instant) -> Verdict {
        let wanted = words::expectation(self.expectation);
        let past = |at: Instant| at > end && at != Instant::NEVER;
        let too_short = || {
            let end = words::moment(end);
            (
                false,
                ["the run ends at ", &end, "; set spec.duration"].concat(),
            )
        };
        let (holds, instead) = match (self.decided, self.expectation.when) {
            (Some(decided), _) => decided,
            (None, When::At(_)) => too_short(),
            (None, When::By(by)) => match self.last {
                Some(seen) => (false, words::at(seen.at, &seen.words)),
                None if past(by) => too_short(),
                None => (false, String::new()),
            },
            (None, When::Always { to, .. } | When::Never { to, .. }) if past(to) => too_short(),
            (None, When::Always { .. } | When::Never { .. }) => (true, String::new()),
        };
        let sentence = match holds || instead.is_empty() {
            true => wanted,
            false => [&wanted, ", but ", &instead].concat(),
        };
        Verdict {
            line: self.expectation.line,
            holds,
            sentence,
        }
    }
}

fn instead(cluster: &Cluster, fact: &crate::scenario::Fact, at: Instant) -> String {
    words::at(at, &fact::seen(cluster, fact))
}
