//! What a Scenario document says of an image whose program is code: laid over the program, which
//! keeps its files, its entrypoint and everything that is not said.

use super::{CpuCost, ExitAfter, GrpcEntry, OnStop, Route};
use crate::time::Duration;
use std::sync::Arc;

/// The fields that are given; nothing else of the image changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlay {
    /// From the server's start to listening.
    pub startup: Option<Duration>,
    /// Ports in the order in which the image's programs open theirs; more are opened with the
    /// first. Empty: the image's own.
    pub listen: Vec<u16>,
    /// Bound to 127.0.0.1 only.
    pub loopback_only: bool,
    /// Looked at before the server is asked.
    pub routes: Vec<Route>,
    pub grpc: Vec<GrpcEntry>,
    /// What a stop signal does to the container's first process.
    pub on_stop: Option<OnStop>,
    /// The container's first process ends by itself.
    pub exit: Option<ExitAfter>,
    /// Of all that the container runs, but for commands from outside.
    pub memory_bytes: Option<u64>,
    /// Growth of memory from the container's start, without end.
    pub leak_bytes_per_sec: Option<u64>,
    pub cpu: Option<CpuCost>,
    pub backlog: Option<u32>,
}

impl Overlay {
    /// The port that a program of the image opens, if the document says another than the usual.
    pub fn port(overlay: &Option<Arc<Overlay>>, place: usize, usual: u16) -> u16 {
        let listen = overlay.as_ref().map(|over| &over.listen);
        let given = listen.and_then(|ports| ports.get(place));
        given.copied().unwrap_or(usual)
    }

    /// Whether it changes anything about a server, and not about the container alone.
    pub fn is_for_servers(&self) -> bool {
        self.startup.is_some()
            || self.loopback_only
            || self.cpu.is_some()
            || self.backlog.is_some()
            || !(self.listen.is_empty() && self.routes.is_empty() && self.grpc.is_empty())
    }
}
