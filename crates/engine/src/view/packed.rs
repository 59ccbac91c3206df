//! Runs of probes as bytes: there may be hundreds of thousands, and a front end reads them in one go.

use super::{TickOutcome, TickView};
use crate::time::Instant;
use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;

/// Moment, run, outcome with two flags.
const BYTES: usize = 11;
const TRIGGERED: u8 = 4;
const DECISIVE: u8 = 8;

/// Writes runs.
pub fn serialize<S: Serializer>(ticks: &[TickView], to: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(ticks.len() * BYTES);
    for tick in ticks {
        bytes.extend_from_slice(&tick.at.0.to_le_bytes());
        bytes.extend_from_slice(&tick.run.to_le_bytes());
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        let flags = flag(tick.triggered, TRIGGERED) | flag(tick.decisive, DECISIVE);
        bytes.push(tick.outcome as u8 | flags);
    }
    to.serialize_bytes(&bytes)
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

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        let ticks = bytes.chunks_exact(BYTES).map(tick).collect::<Option<_>>();
        ticks.ok_or_else(|| E::custom("not packed runs"))
    }
}

fn tick(bytes: &[u8]) -> Option<TickView> {
    let flags = *bytes.last()?;
    Some(TickView {
        at: Instant(u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?)),
        run: u16::from_le_bytes(bytes.get(8..10)?.try_into().ok()?),
        outcome: match flags & 3 {
            0 => TickOutcome::Success,
            1 => TickOutcome::Failure,
            _ => TickOutcome::Error,
        },
        triggered: flags & TRIGGERED != 0,
        decisive: flags & DECISIVE != 0,
    })
}
