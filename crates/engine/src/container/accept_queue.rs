//! The queue of a listening socket: the kernel completes connections until the server stands still
//! for so long that the queue is full; then it answers no more (listen(2), somaxconn).

use super::network::{Peer, TcpReply};
use super::process::Program;
use super::world::{Listener, PodWorld};
use crate::time::Instant;

/// Connections that wait for a server which takes none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptQueue {
    pub container: u32,
    pub pid: u32,
    pub port: u16,
    pub waiting: u32,
}

/// `net.core.somaxconn` since Linux 5.4: what a server gets that asks for no less, as Go's do.
pub const BACKLOG: u32 = 4_096;

impl PodWorld {
    /// Ports that other Pods on the same network have.
    pub fn taken_ports(&self) -> &[u16] {
        &self.taken_ports
    }

    /// What other Pods on the same network have, from now on.
    pub fn set_taken_ports(&mut self, ports: Vec<u16>) {
        self.taken_ports = ports;
    }

    /// Whether a connection to the port would wait for a server that stands still.
    pub fn is_waited_at(&self, port: u16) -> bool {
        self.listener(port, Peer::Network)
            .is_some_and(|listener| self.is_hung(listener))
    }

    /// Connects to a port of the Pod's address, and takes a place in the queue if nobody accepts.
    pub fn connect(&mut self, now: Instant, port: u16) -> TcpReply {
        let reply = self.tcp_connect(now, port);
        match self.listener(port, Peer::Network) {
            Some(listener) if reply == TcpReply::Accepted && self.is_hung(listener) => {
                self.wait_at(listener)
            }
            _ => reply,
        }
    }

    /// A connection to a server that stands still. A place is not given back when the client goes:
    /// only accepting does that.
    #[inline(never)]
    pub(crate) fn wait_at(&mut self, listener: Listener) -> TcpReply {
        let (container, pid, port) = (listener.container, listener.pid, listener.port);
        let process = self.machine(container).and_then(|m| m.process(pid));
        let backlog = match process.map(|p| &p.program) {
            Some(Program::Server(server)) => server.behaviour_ref().backlog(),
            _ => BACKLOG,
        };
        let known = |q: &&mut AcceptQueue| (q.container, q.pid, q.port) == (container, pid, port);
        match self.accept_queues.iter_mut().find(known) {
            // Linux takes one more than asked for.
            Some(queue) if queue.waiting > backlog => TcpReply::Dropped,
            Some(queue) => {
                queue.waiting += 1;
                TcpReply::Accepted
            }
            None => {
                let waiting = 1;
                self.accept_queues.push(AcceptQueue {
                    container,
                    pid,
                    port,
                    waiting,
                });
                TcpReply::Accepted
            }
        }
    }

    /// A container's servers accept again, or are gone.
    pub(crate) fn empty_queues(&mut self, container: u32) {
        self.accept_queues.retain(|q| q.container != container);
    }
}
