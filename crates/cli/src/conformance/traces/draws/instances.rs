//! What rows and logs show of each instance of a container.

use super::{instant, SeenPod, SECOND, STATUS};
use crate::conformance::traces::pack::Capture;
use crate::conformance::traces::replay::wall_clock;
use readyz_engine::latency;
use readyz_engine::recorded::Retry;
use readyz_engine::scenario::parse_wall_clock;
use readyz_engine::time::{Duration, Instant};
use readyz_engine::trace::{ContainerChange, ContainerStateRow};
use std::collections::BTreeMap;

/// What the programs of the recordings write first.
const FIRST_LINE: &str = " start pid=1";
/// A process writes it, at most, so long after its start was told, milliseconds.
const SOON: i64 = 200;
/// What an event takes to be seen may look like a process that ran before, milliseconds.
const HEAD_LEAST: i64 = 100;
/// From a try to start a container to the row that shows it, milliseconds.
const START: i64 = 125;
/// Containers that end at once are stopped, and the status is written, within this, milliseconds.
const STOP: i64 = 20;
/// A stop takes a host at most so much longer than its containers need, milliseconds.
const STOP_MOST: i64 = 400;
/// SIGKILL's exit code.
const KILLED: i32 = 137;

/// By container and attempt.
#[derive(Default)]
pub struct Instances {
    exit_codes: BTreeMap<(String, u32), i32>,
    /// Stamped starts, seconds since 1970.
    stamps: BTreeMap<(String, u32), i64>,
    alone: Vec<(String, u32)>,
    /// By container, when processes began as they wrote themselves, milliseconds.
    processes: Vec<(String, i64)>,
    /// Seconds since 1970 at 0:00 of the replay.
    epoch: i64,
}

impl Instances {
    pub fn note(&mut self, row: &ContainerChange) {
        let key = |attempt: u32| (row.container.clone(), attempt);
        let count = row.restart_count;
        let code = |state: &ContainerStateRow| match state {
            ContainerStateRow::Terminated { exit_code, .. } => Some(*exit_code),
            _ => None,
        };
        if let Some(code) = code(&row.state) {
            self.exit_codes.insert(key(count), code);
        }
        if let ContainerStateRow::Running { started_at } = &row.state {
            if let Some(seconds) = started_at.as_deref().and_then(parse_wall_clock) {
                self.stamps.insert(key(count), seconds);
            }
            match (row.last.as_ref(), count.checked_sub(1)) {
                (None, Some(_)) => self.alone.push(key(count)),
                (Some(last), Some(before)) => {
                    if let Some(code) = code(last) {
                        self.exit_codes.insert(key(before), code);
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes the processes' starts out of the logs that were printed.
    pub fn note_logs(&mut self, pod: &str, printed: &[Capture], epoch: i64) {
        self.epoch = epoch;
        for one in printed {
            let Some((of, rest)) = one
                .command
                .strip_prefix("kubectl logs ")
                .and_then(|rest| rest.split_once(" -c "))
            else {
                continue;
            };
            let container = rest.split(' ').next().unwrap_or_default();
            let lines = one.stdout.lines().filter(|line| line.contains(FIRST_LINE));
            for line in lines.filter(|_| of == pod) {
                let time = line.split(' ').next().unwrap_or_default();
                if let Ok((seconds, fraction)) = wall_clock(time) {
                    let millis = (seconds - epoch) * 1_000 + fraction.as_millis() as i64;
                    self.processes.push((container.to_owned(), millis));
                }
            }
        }
    }

    /// How long a process had run when its start was told, `took` after the container was created:
    /// as its log says; else some guesses take it that a busy host was late to tell.
    pub fn head(&self, container: &str, took: i64, started: i64, guess: usize) -> Duration {
        let own = self.processes.iter().filter(|(of, _)| of == container);
        let mut heads = own.map(|(_, began)| started - began);
        let usual = latency::START.as_millis() as i64;
        let known = heads.find(|head| (-SOON..took).contains(head));
        let head = known.unwrap_or(match guess % 2 {
            1 if took > 2 * usual => (took - usual) / 2,
            _ => 0,
        });
        match head >= HEAD_LEAST {
            true => Duration::from_millis(head as u64),
            false => Duration::ZERO,
        }
    }

    /// The second that was stamped on a start.
    pub fn stamp(&self, container: &str, attempt: u32) -> Option<Instant> {
        let seconds = self.stamps.get(&(container.to_owned(), attempt))?;
        Some(instant((seconds - self.epoch) * 1_000))
    }

    /// Whether it is known to have ended otherwise than by SIGKILL.
    pub fn ends_itself(&self, container: &str, attempt: u32) -> bool {
        let code = self.exit_codes.get(&(container.to_owned(), attempt));
        code.is_some_and(|code| *code != KILLED)
    }

    /// Whether nothing was told of the instance before.
    pub fn is_alone(&self, container: &str, attempt: u32) -> bool {
        self.alone.contains(&(container.to_owned(), attempt))
    }
}

impl SeenPod {
    /// Keeps a start of which no event tells (EVT-07).
    pub(super) fn note_untold_start(&mut self, row: &ContainerChange, t: i64) {
        let is_start = matches!(row.state, ContainerStateRow::Running { .. });
        let is_told = self.newest.get(&row.container) >= Some(&row.restart_count);
        let is_new = self.running.get(&row.container) != Some(&row.restart_count);
        if is_start && is_new && !is_told {
            self.untold.push(t);
        }
    }

    /// How long a start takes this Pod's host until it is seen: as the median of those that are told
    /// of, as the shortest, and longer than all of them.
    pub(super) fn start_takes(&self, guess: usize) -> i64 {
        let spans = self.starts.values().filter_map(|start| match *start {
            [Some(pulled), _, Some(started)] => Some(started - pulled + STATUS),
            _ => None,
        });
        let mut spans: Vec<i64> = spans.collect();
        spans.sort_unstable();
        match (guess % 3, spans.last()) {
            (_, None) => START,
            (0, _) => spans[spans.len() / 2],
            (1, _) => spans[0],
            (_, Some(longest)) => longest + START / 2,
        }
    }

    /// The tries to start something, those of which no event tells among them.
    pub(super) fn all_retries(&self, guess: usize, fine: bool) -> Vec<Retry> {
        let untold = self.untold.iter().filter(|_| fine);
        let untold = untold.map(|t| (t - self.start_takes(guess), true));
        let mut all: Vec<(i64, bool)> = self.retries.iter().copied().chain(untold).collect();
        all.sort_unstable();
        let retry = |(t, started): (i64, bool)| Retry {
            at: instant(t),
            started,
        };
        all.into_iter().map(retry).collect()
    }

    /// How long the signal took and the sandbox's stop. Their sum shows where containers end at
    /// once, and where the rest is whole seconds, as graces and slow endings are.
    pub(super) fn stop(&self, guess: usize, fine: bool) -> (Option<Duration>, Option<Duration>) {
        let millis = |millis: i64| Duration::from_millis(millis.max(1) as u64);
        let Some(took) = self.ended.filter(|took| *took >= STOP) else {
            return (None, None);
        };
        let rest = took % SECOND - STOP;
        if took < SECOND {
            return (None, Some(millis(rest)));
        }
        match guess % 4 {
            _ if !fine => (None, None),
            2 if (0..STOP_MOST).contains(&rest) => {
                (Some(millis(rest / 2)), Some(millis(rest - rest / 2)))
            }
            3 if (0..STOP_MOST).contains(&rest) => (None, Some(millis(rest))),
            _ => (None, None),
        }
    }
}
