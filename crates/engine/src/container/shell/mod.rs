//! A POSIX shell as plain data: it can be stopped anywhere and cloned.

pub mod applet;

use super::process::Program;
use super::signal::Signal;
use super::world::PodWorld;
use crate::time::Instant;

/// A running shell.
#[derive(Clone, Debug, Default)]
pub struct Shell {}

impl Shell {
    /// Takes note of a signal; false: it has no trap for it.
    pub fn signal(&mut self, _signal: Signal) -> bool {
        false
    }

    /// Whether the shell waits for this child.
    pub fn knows(&self, _pid: u32) -> bool {
        false
    }

    /// When it wakes by itself.
    pub fn wake_at(&self) -> Option<Instant> {
        None
    }

    pub(crate) fn is_ready(&self, _w: &PodWorld, _now: Instant, _c: u32, _pid: u32) -> bool {
        false
    }
}

impl PodWorld {
    pub(crate) fn run_shell(&mut self, _now: Instant, c: u32, pid: u32, shell: Box<Shell>) {
        self.put_program(c, pid, Program::Shell(shell));
    }
}
