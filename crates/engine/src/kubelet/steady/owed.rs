//! Requests that were counted and not sent: their servers get them when somebody looks.

use super::table::Beat;
use crate::cluster::PodState;
use crate::container::{LOG_LINES_MAX, LOG_PIECE};
use crate::kubelet::handlers::{self, TargetHandler};
use crate::kubelet::SlotId;
use crate::time::Instant;

/// Sends all containers what they are owed.
pub fn send_owed(state: &mut PodState, beats: &[Beat]) {
    for container in 0..beats.len() as u16 / 3 {
        send_owed_to(state, beats, container);
    }
}

/// Sends a container the requests that it is owed, in order of time. Those whose lines its log
/// would have dropped again are only counted, in whole pieces of the log.
fn send_owed_to(state: &mut PodState, beats: &[Beat], container: u16) {
    let mut owed: Vec<(Instant, u32, SlotId)> = Vec::new();
    let mut left = 0;
    for (index, beat) in beats.iter().enumerate() {
        if beat.owed > 0 && beat.container == container {
            owed.push((beat.owed_from, beat.owed, SlotId(index as u16)));
            left += beat.owed;
        }
    }
    let mut unseen = left.saturating_sub(LOG_LINES_MAX + LOG_PIECE) / LOG_PIECE * LOG_PIECE;
    while let Some(next) = owed.iter_mut().min_by_key(|(at, ..)| *at) {
        let (at, count, slot) = *next;
        let port = port_of(state, slot);
        if unseen > 0 {
            unseen -= 1;
            state.world.count_request(at, port);
        } else {
            handlers::ask(state, at, slot, port);
        }
        *next = (at + beats[usize::from(slot.0)].period, count - 1, slot);
        owed.retain(|(_, count, _)| *count > 0);
    }
}

/// The port that an httpGet probe asks.
fn port_of(state: &PodState, slot: SlotId) -> u16 {
    let target = state.worker.as_ref().and_then(|own| {
        let entry = own.containers.get(usize::from(slot.container()))?;
        Some(entry.slots[slot.kind() as usize].as_ref()?.target.handler)
    });
    match target {
        Some(TargetHandler::Http { port, .. }) => port,
        _ => 0,
    }
}
