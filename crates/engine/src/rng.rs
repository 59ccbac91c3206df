//! The one source of random draws: seeded, or played from a recording.

use crate::time::Duration;
use std::collections::VecDeque;

/// What a draw is for. Every purpose has a stream of its own, so that one more draw in one place
/// does not change the draws of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Factor 1.0–1.5 of a resync or of a retry after an error (SYN-08, SYN-12).
    Requeue,
    /// Start jitter of a probe worker (PRB-04).
    ProbeJitter,
    /// Generated names and UIDs.
    Name,
    /// Which Pod a request goes to.
    Choice,
    /// Latencies that vary.
    Latency,
    /// Phases of a node's periodic work.
    Phase,
    /// The member that leaves the set of similar events (EVT-06).
    EventAggregate,
    /// Which of the best nodes a Pod gets (SCH-07).
    Tie,
}

const PURPOSES: usize = 8;

/// The source of draws. Cloned with the cluster, so that a replay draws the same numbers.
#[derive(Clone, Debug)]
pub struct Draws {
    streams: [u64; PURPOSES],
    /// Delays to hand out for [`Purpose::Requeue`] instead of drawn ones (conformance).
    played_requeues: VecDeque<Duration>,
}

impl Draws {
    /// A source whose numbers all follow from `seed`.
    pub fn seeded(seed: u64) -> Self {
        let mut state = seed ^ 0x5eed_0000_0000_0000;
        let mut streams = [0; PURPOSES];
        for stream in &mut streams {
            *stream = split_mix(&mut state);
        }
        Draws {
            streams,
            played_requeues: VecDeque::new(),
        }
    }

    /// Makes the requeue delays come from a recording, in order; drawn again when it is used up.
    pub fn play_requeues(&mut self, delays: Vec<Duration>) {
        self.played_requeues = delays.into();
    }

    /// 64 uniform bits.
    pub fn bits(&mut self, purpose: Purpose) -> u64 {
        split_mix(&mut self.streams[purpose as usize])
    }

    /// A uniform number below `bound`; 0 if `bound` is 0.
    pub fn below(&mut self, purpose: Purpose, bound: u64) -> u64 {
        ((u128::from(self.bits(purpose)) * u128::from(bound)) >> 64) as u64
    }

    /// `base` × U[1, 1.5), as the kubelet's queues do it, or the recorded delay.
    pub fn requeue(&mut self, base: Duration) -> Duration {
        match self.played_requeues.pop_front() {
            Some(delay) => delay,
            None if base == Duration::ZERO => base,
            None => base + Duration(self.below(Purpose::Requeue, base.0 / 2)),
        }
    }

    /// A uniform part of `span`.
    pub fn part_of(&mut self, purpose: Purpose, span: Duration) -> Duration {
        Duration(self.below(purpose, span.0))
    }
}

/// One step of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_purpose_does_not_disturb_another() {
        let mut a = Draws::seeded(7);
        let mut b = Draws::seeded(7);
        a.bits(Purpose::Name);
        assert_eq!(a.bits(Purpose::Requeue), b.bits(Purpose::Requeue));
    }

    #[test]
    fn requeues_lie_between_one_and_one_and_a_half() {
        let mut draws = Draws::seeded(1);
        for _ in 0..1_000 {
            let delay = draws.requeue(Duration::from_secs(10));
            assert!(delay >= Duration::from_secs(10) && delay < Duration::from_secs(15));
        }
    }

    #[test]
    fn recorded_requeues_come_first() {
        let mut draws = Draws::seeded(1);
        draws.play_requeues(vec![Duration::from_millis(12_345)]);
        assert_eq!(
            draws.requeue(Duration::from_secs(60)),
            Duration::from_millis(12_345)
        );
    }
}
