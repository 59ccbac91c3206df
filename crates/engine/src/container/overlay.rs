//! A container of an image that the Scenario document changes: what is laid over its first process
//! and its servers.

use super::image::{OnStop, Overlay};
use super::memory::MemoryUse;
use super::server::{laid::Laid, Server};
use super::signal::Signal;
use super::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

/// The end of a container that the document foretells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    pub at: Instant,
    pub exit_code: i32,
    /// Only if this dependency is down then.
    needs: Option<Arc<str>>,
    /// It was told to stop: nothing changes that any more.
    told: bool,
}

/// Growth without end, as far as bytes can be counted.
const GROW_BYTES_MAX: u64 = u64::MAX / 4;

impl Overlay {
    /// Memory of the whole container, or what is added to it where only a leak is given.
    pub(crate) fn memory(&self, started: Instant) -> MemoryUse {
        MemoryUse {
            base_bytes: self.memory_bytes.unwrap_or(0),
            grow_bytes_per_sec: self.leak_bytes_per_sec.unwrap_or(0),
            grow_from: started,
            grow_bytes_max: GROW_BYTES_MAX,
        }
    }
}

impl PodWorld {
    fn overlay(&self, container: u32) -> Option<Arc<Overlay>> {
        self.machine(container)?.setup.image.overlay.clone()
    }

    /// A server that starts, as the document has it. `own`: how many of the listed ports belong to
    /// the image's programs.
    #[inline(never)]
    pub(crate) fn laid_over(
        &self,
        now: Instant,
        container: u32,
        own: usize,
        server: Box<Server>,
    ) -> Box<Server> {
        match self.overlay(container) {
            Some(over) if over.is_for_servers() && !matches!(*server, Server::Generic(_)) => {
                Box::new(Server::Laid(Laid::over(server, &over, own, now)))
            }
            _ => server,
        }
    }

    /// A container has started whose first process ends by itself.
    pub(crate) fn foretell_end(&mut self, now: Instant, container: u32) {
        let exit = self.overlay(container).and_then(|over| over.exit.clone());
        if let (Some(exit), Some(machine)) = (exit, self.machine_mut(container)) {
            machine.ending = Some(Ending {
                at: now + exit.after,
                exit_code: exit.code,
                needs: exit.needs,
                told: false,
            });
        }
    }

    /// A signal to the first process. Whether the document says what it does.
    #[inline(never)]
    pub(crate) fn stops_as_described(
        &mut self,
        now: Instant,
        container: u32,
        signal: Signal,
    ) -> bool {
        let Some(on_stop) = self.overlay(container).and_then(|over| over.on_stop) else {
            return false;
        };
        let stops = [Signal::TERM, Signal::INT, Signal::QUIT].contains(&signal);
        if !stops && self.stop_signal(container) != signal {
            return false;
        }
        let OnStop::Exit {
            after,
            code,
            keeps_listening,
        } = on_stop
        else {
            return true;
        };
        if after.0 == 0 {
            self.end_container(now, container, code & 0xff, None, false);
            return true;
        }
        if !keeps_listening {
            let listeners = self.listeners.iter();
            let own = listeners.filter(|listener| listener.container == container);
            let pids: Vec<u32> = own.map(|listener| listener.pid).collect();
            for pid in pids {
                self.close_sockets(now, container, pid);
            }
        }
        if let Some(machine) = self.machine_mut(container) {
            if !machine.ending.as_ref().is_some_and(|ending| ending.told) {
                machine.ending = Some(Ending {
                    at: now + after,
                    exit_code: code,
                    needs: None,
                    told: true,
                });
            }
        }
        true
    }

    /// Ends a container whose foretold end has come.
    #[inline(never)]
    pub(crate) fn end_as_foretold(&mut self, now: Instant, container: u32) {
        let due = self
            .machine_mut(container)
            .and_then(|machine| machine.ending.take_if(|ending| ending.at <= now));
        let Some(ending) = due else {
            return;
        };
        let is_down = |name: &Arc<str>| self.dependency(name) == Some(false);
        if ending.needs.as_ref().is_none_or(is_down) {
            self.end_container(now, container, ending.exit_code & 0xff, None, false);
        }
    }
}
