//! A process that waits and ends with 0 on SIGTERM or SIGINT: `pause`, and agnhost's sub-command.

use super::{Act, Behaviour, ServerIo};
use crate::container::memory::MemoryUse;
use crate::container::signal::Signal;
use crate::time::Instant;

/// The waiting process.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pause {}

impl Behaviour for Pause {
    fn wake_at(&self) -> Option<Instant> {
        None
    }

    fn run(&mut self, _io: &mut ServerIo<'_>) {}

    fn signal(&mut self, io: &mut ServerIo<'_>, signal: Signal) -> bool {
        let handled = signal == Signal::TERM || signal == Signal::INT;
        if handled {
            io.acts.push(Act::Exit(0));
        }
        handled
    }

    fn memory(&self) -> MemoryUse {
        MemoryUse::steady(512 << 10)
    }
}
