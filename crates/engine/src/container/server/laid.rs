//! A server of the catalogue with what a Scenario document says of its image laid over it: its own
//! answers stay where the document has no rule.

use super::generic::{answer, health};
use super::{Act, Behaviour, Repeats, Server, ServerIo};
use crate::container::image::{CpuCost, Overlay};
use crate::container::memory::MemoryUse;
use crate::container::network::{GrpcAnswer, HttpReply, HttpRequest};
use crate::container::signal::Signal;
use crate::time::Instant;
use std::sync::Arc;

/// The running server.
#[derive(Clone, Debug, PartialEq)]
pub struct Laid {
    inner: Box<Server>,
    over: Arc<Overlay>,
    /// Ports beyond the server's own: opened and closed with them.
    more: Vec<u16>,
}

impl Laid {
    /// The document's words over a server that has just started. `own`: how many of the document's
    /// ports are for the programs of the image.
    pub fn over(mut inner: Box<Server>, over: &Arc<Overlay>, own: usize, started: Instant) -> Laid {
        let at = inner.behaviour().listens_at();
        if let (Some(startup), Some(at)) = (over.startup, at) {
            *at = started + startup;
        }
        let mut more: Vec<u16> = over.listen.iter().skip(own).copied().collect();
        for entry in &over.grpc {
            if entry.port != 0 && !over.listen.contains(&entry.port) && !more.contains(&entry.port)
            {
                more.push(entry.port);
            }
        }
        Laid {
            inner,
            over: over.clone(),
            more,
        }
    }

    /// The server below.
    pub fn inner(&self) -> &Server {
        &self.inner
    }

    /// The server below.
    pub fn inner_mut(&mut self) -> &mut Server {
        &mut self.inner
    }

    /// What the server wants done with its port happens to the others, too.
    fn extend(&self, acts: &mut Vec<Act>) {
        let (mut opens, mut closes) = (false, false);
        for act in acts.iter_mut() {
            match act {
                Act::Listen { loopback, .. } => {
                    opens = true;
                    *loopback |= self.over.loopback_only;
                }
                Act::Close { .. } => closes = true,
                Act::Exit(_) => {}
            }
        }
        for &port in &self.more {
            if opens {
                let loopback = self.over.loopback_only;
                acts.push(Act::Listen { port, loopback });
            }
            if closes {
                acts.push(Act::Close { port });
            }
        }
    }
}

impl Behaviour for Laid {
    fn wake_at(&self) -> Option<Instant> {
        self.inner.behaviour_ref().wake_at()
    }

    fn run(&mut self, io: &mut ServerIo<'_>) {
        self.inner.behaviour().run(io);
        self.extend(io.acts);
    }

    fn signal(&mut self, io: &mut ServerIo<'_>, signal: Signal) -> bool {
        let handled = self.inner.behaviour().signal(io, signal);
        self.extend(io.acts);
        handled
    }

    fn http(&mut self, io: &mut ServerIo<'_>, port: u16, request: &HttpRequest<'_>) -> HttpReply {
        match self.over.route(port, request.route(), io.age()) {
            None => self.inner.behaviour().http(io, port, request),
            Some(route) => {
                let log = self.inner.behaviour_ref().log_format();
                answer(route, io, request, log)
            }
        }
    }

    fn repeats(&self, request: &HttpRequest<'_>) -> Repeats {
        match self.over.routes.is_empty() {
            true => self.inner.behaviour_ref().repeats(request),
            false => Repeats::No,
        }
    }

    fn count_request(&mut self) {
        self.inner.behaviour().count_request();
    }

    fn body(&self, io: &ServerIo<'_>, port: u16, request: &HttpRequest<'_>, status: u16) -> String {
        match self.over.route(port, request.route(), io.age()) {
            Some(route) => route.body.to_string(),
            None => self.inner.behaviour_ref().body(io, port, request, status),
        }
    }

    fn headers(
        &self,
        io: &ServerIo<'_>,
        port: u16,
        request: &HttpRequest<'_>,
        status: u16,
    ) -> Vec<String> {
        let own = self.inner.behaviour_ref();
        match self.over.route(port, request.route(), io.age()) {
            Some(route) => route.headers.to_vec(),
            None => own.headers(io, port, request, status),
        }
    }

    fn grpc(&mut self, port: u16, service: &str) -> GrpcAnswer {
        health(&self.over.grpc, port, service)
            .unwrap_or_else(|| self.inner.behaviour().grpc(port, service))
    }

    fn port_taken(&mut self, io: &mut ServerIo<'_>, port: u16) {
        self.inner.behaviour().port_taken(io, port);
        self.extend(io.acts);
    }

    fn cpu(&self) -> CpuCost {
        self.over
            .cpu
            .unwrap_or_else(|| self.inner.behaviour_ref().cpu())
    }

    fn backlog(&self) -> u32 {
        let own = self.inner.behaviour_ref().backlog();
        self.over.backlog.unwrap_or(own)
    }

    fn memory(&self) -> MemoryUse {
        self.inner.behaviour_ref().memory()
    }
}
