//! Runs of probes as bytes: there may be hundreds of thousands, and a front end reads them in one go.
//!
//! A run is a byte that says what is as one would guess from the run before, and then, as varints,
//! what is not: most runs come a period after the one before, and are one more in a row.

use super::{TickOutcome, TickView};
use crate::time::Instant;
use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;

const TRIGGERED: u8 = 4;
const DECISIVE: u8 = 8;
/// One more in a row than before.
const NEXT_RUN: u8 = 16;
/// As long after the one before as that was after its own.
const SAME_STEP: u8 = 32;
/// It took as long as the one before.
const SAME_TIME: u8 = 64;

/// What the next run is guessed from.
#[derive(Default)]
struct Guess {
    at: u64,
    step: u64,
    run: u16,
    took: u32,
}

impl Guess {
    fn follow(&mut self, tick: &TickView) {
        self.step = tick.at.0.wrapping_sub(self.at);
        self.at = tick.at.0;
        self.run = tick.run;
        self.took = tick.took_millis;
    }
}

/// Writes runs.
pub fn serialize<S: Serializer>(ticks: &[TickView], to: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(ticks.len() * 2);
    let mut guess = Guess::default();
    for tick in ticks {
        let step = tick.at.0.wrapping_sub(guess.at);
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        let same_step = step == guess.step;
        let same_time = tick.took_millis == guess.took;
        let next_run = tick.run == guess.run.wrapping_add(1);
        bytes.push(
            tick.outcome as u8
                | flag(tick.triggered, TRIGGERED)
                | flag(tick.decisive, DECISIVE)
                | flag(next_run, NEXT_RUN)
                | flag(same_step, SAME_STEP)
                | flag(same_time, SAME_TIME),
        );
        if !same_step {
            put(&mut bytes, step);
        }
        if !next_run {
            put(&mut bytes, u64::from(tick.run));
        }
        if !same_time {
            put(&mut bytes, u64::from(tick.took_millis));
        }
        guess.follow(tick);
    }
    to.serialize_bytes(&bytes)
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads runs.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<TickView>, D::Error> {
    from.deserialize_bytes(Packed)
}

struct Packed;

impl Visitor<'_> for Packed {
    type Value = Vec<TickView>;

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("packed runs")
    }

    fn visit_bytes<E: Error>(self, mut bytes: &[u8]) -> Result<Self::Value, E> {
        let mut ticks = Vec::with_capacity(bytes.len());
        let mut guess = Guess::default();
        while !bytes.is_empty() {
            let tick = take(&mut bytes, &guess).ok_or_else(|| E::custom("not packed runs"))?;
            guess.follow(&tick);
            ticks.push(tick);
        }
        Ok(ticks)
    }
}

fn take(bytes: &mut &[u8], guess: &Guess) -> Option<TickView> {
    let flags = byte(bytes)?;
    let step = match flags & SAME_STEP {
        0 => number(bytes)?,
        _ => guess.step,
    };
    let run = match flags & NEXT_RUN {
        0 => u16::try_from(number(bytes)?).ok()?,
        _ => guess.run.wrapping_add(1),
    };
    let took_millis = match flags & SAME_TIME {
        0 => u32::try_from(number(bytes)?).ok()?,
        _ => guess.took,
    };
    Some(TickView {
        at: Instant(guess.at.wrapping_add(step)),
        run,
        outcome: match flags & 3 {
            0 => TickOutcome::Success,
            1 => TickOutcome::Failure,
            _ => TickOutcome::Error,
        },
        triggered: flags & TRIGGERED != 0,
        decisive: flags & DECISIVE != 0,
        took_millis,
    })
}

fn byte(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

fn number(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let next = byte(bytes)?;
        value |= u64::from(next & 0x7f) << shift;
        if next < 0x80 {
            return Some(value);
        }
    }
    None
}
