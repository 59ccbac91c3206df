//! Requests that leave the Pod: a program waits while whoever holds the cluster finds out who
//! answers, and is then run again with the answer.

use super::network::{HttpReply, Page};
use super::process::Program;
use super::shell::applet::{self, Input};
use super::spawn::Ran;
use super::world::PodWorld;
use crate::time::Instant;

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Want {
    /// A GET.
    #[default]
    Page,
    /// A connection.
    Connection,
    /// The addresses of a name.
    Addresses,
}

/// A question for somewhere else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    pub want: Want,
    pub host: String,
    pub port: u16,
    pub path: String,
    pub agent: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskAnswer {
    /// The cluster's DNS does not know the name (SVC-05).
    NoHost,
    /// No machine has that address.
    NoRoute,
    /// The name in full, its addresses, and the name that was asked for if that stands for it.
    Addresses(String, Vec<String>, Option<String>),
    /// A connection to that address stands.
    Connected(String),
    /// The address that was asked, the answer and what came with it.
    Reply {
        address: String,
        reply: HttpReply,
        page: Page,
    },
}

/// A process that waits for an answer: container, number, what it asks.
pub type Asking = (u32, u32, Ask);

impl PodWorld {
    /// A process waits until it is answered.
    pub(crate) fn ask_outside(&mut self, container: u32, pid: u32, ask: Ask) -> Program {
        self.asks.push((container, pid, ask));
        Program::Forever
    }

    /// Whether a process asks for something.
    pub fn asks(&self) -> bool {
        !self.asks.is_empty()
    }

    /// Takes what processes ask for; each has to be answered.
    pub fn take_asks(&mut self) -> Vec<Asking> {
        std::mem::take(&mut self.asks)
    }

    /// Runs a process again that has asked.
    pub fn answer(&mut self, now: Instant, (container, pid, _): &Asking, answer: AskAnswer) {
        let (container, pid) = (*container, *pid);
        let Some(process) = self.machine(container).and_then(|m| m.process(pid)) else {
            return;
        };
        if !matches!(process.program, Program::Forever) {
            return;
        }
        let argv = process.argv.clone();
        let name = super::filesystem::file_name(argv.first().map_or("", |a| a));
        let found = match name {
            "busybox" => applet::find(argv.get(1).map_or("", |a| a)),
            name => applet::find(name),
        };
        let (Some(applet), Some(caller)) = (found, self.caller(container, pid)) else {
            return self.end_process(now, container, pid, 127, None);
        };
        self.answered = Some(answer);
        let (outcome, chunks) = self.run_applet(now, &caller, applet, &argv, Input::default());
        self.answered = None;
        let _ = self.write_chunks(now, container, pid, &chunks);
        if let Ran::Ended(code) = self.settle_outcome(now, container, pid, outcome) {
            self.end_process(now, container, pid, code, None);
        }
        self.run_due(now);
    }
}
