//! The replay of a run with the draws that its recording shows.
//!
//! They are read off for the suite `traces`; here the scheduler's choices come in addition, and
//! what is known about a Pod of a generated name goes to the Pod that stands for it.

use super::names::Names;
use super::printed::Printed;
use crate::conformance::traces::draws;
use crate::conformance::traces::pack::{Pack, Run};
use readyz_engine::experiment::Setup;
use readyz_engine::timeline::Timeline;
use readyz_engine::trace::Change;
use std::sync::Arc;

/// Guesses about the draws that are tried; the one that agrees with the most commands counts.
pub const GUESSES: usize = FINE + 4;
/// So many of them take all that the recording shows to the millisecond.
const FINE: usize = 8;

/// Runs a setup with a guess's draws.
pub fn play(
    mut setup: Setup,
    pack: &Pack,
    run: &Run,
    printed: &Printed,
    guess: usize,
) -> (Setup, Timeline, Names) {
    let guess = match guess.checked_sub(FINE) {
        Some(coarse) => draws::COARSE + coarse,
        None => guess,
    };
    draws::play(&mut setup, pack, run, guess);
    let before = setup.offset.as_secs() as i64;
    let recorded = Arc::make_mut(&mut setup.recorded);
    for (node, age) in &printed.node_ages {
        recorded.nodes.entry(node.clone()).or_default().age_secs = Some(age - before);
    }
    recorded.node_ports.clone_from(&printed.node_ports);
    for row in &run.transitions {
        if let Change::PodBound { pod, node } = &row.change {
            let draws = recorded.pods.entry(pod.clone()).or_default();
            draws.node = Some(node.clone());
        }
    }
    let (mut timeline, mut names) = replay(&setup, run);
    if names.any() {
        let recorded = Arc::make_mut(&mut setup.recorded);
        for (name, replayed) in names.pairs() {
            if let Some(draws) = recorded.pods.remove(name) {
                recorded.pods.insert(replayed.to_owned(), draws);
            }
        }
        (timeline, names) = replay(&setup, run);
    }
    (setup, timeline, names)
}

fn replay(setup: &Setup, run: &Run) -> (Timeline, Names) {
    let mut timeline = setup.timeline();
    timeline.run();
    let names = Names::of(run, timeline.latest(), setup.offset);
    (timeline, names)
}
