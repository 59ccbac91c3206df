//! Connections and requests to the Pod's sockets. The hot path of every probe: no allocation
//! unless a request is odd.

use super::faults::PortState;
use super::filesystem::FsView;
use super::network::{
    GrpcAnswer, GrpcReply, HttpAnswer, HttpReply, HttpRequest, Page, Peer, TcpReply,
};
use super::process::Program;
use super::server::{Repeats, ServerIo};
use super::world::{Listener, PodWorld};
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// Time of an answer over the node's bridge: the median of the recordings.
pub const NETWORK_LATENCY: Duration = Duration::from_millis(1);

impl PodWorld {
    /// Tries to connect to a port of the Pod's address.
    pub fn tcp_connect(&self, _now: Instant, port: u16) -> TcpReply {
        if let Some(fault) = self.port_faults.iter().find(|f| f.port == port) {
            return match fault.state {
                PortState::Closed => TcpReply::Refused,
                PortState::Drop => TcpReply::Dropped,
                PortState::Open => TcpReply::Accepted,
            };
        }
        match self.listener(port, Peer::Network) {
            Some(_) => TcpReply::Accepted,
            None => TcpReply::Refused,
        }
    }

    /// Sends an HTTP request to a port. The answer is decided now, with its effects; the client
    /// sees it after `after`.
    pub fn http(&mut self, now: Instant, port: u16, request: &HttpRequest<'_>) -> HttpReply {
        if !self.port_faults.is_empty() && request.from != Peer::Loopback {
            if let Some(fault) = self.port_faults.iter().find(|f| f.port == port) {
                return HttpReply::of(match fault.state {
                    PortState::Closed => HttpAnswer::Refused,
                    PortState::Drop => HttpAnswer::Dropped,
                    PortState::Open => HttpAnswer::NoAnswer,
                });
            }
        }
        let Some(listener) = self.listener(port, request.from) else {
            return HttpReply::of(HttpAnswer::Refused);
        };
        let mut reply = self.ask(now, listener, request);
        if !self.http_overrides.is_empty() {
            self.override_reply(listener, request, &mut reply);
        }
        if reply.after == Duration::ZERO {
            reply.after = NETWORK_LATENCY;
        } else if reply.code().is_some() {
            self.keep_busy(listener, now + reply.after);
        }
        reply.container = Some(listener.container);
        reply
    }

    /// Whether a request that was just answered would always be answered alike, as long as nobody
    /// does anything else to the Pod: by which container, and whether its log would show it.
    pub fn answers_alike(&self, port: u16, path: &str) -> Option<(u32, bool)> {
        if !self.port_faults.is_empty() || !self.http_overrides.is_empty() {
            return None;
        }
        let listener = self.listener(port, Peer::Kubelet)?;
        let machine = self.machine(listener.container)?;
        if machine.cpu.is_scarce() || self.place.limits.cpu_milli.is_some() {
            return None;
        }
        let Program::Server(server) = &machine.process(listener.pid)?.program else {
            return None;
        };
        match server.behaviour_ref().repeats(&HttpRequest::probe(path)) {
            Repeats::No => None,
            Repeats::Silently => Some((listener.container, false)),
            Repeats::Logged => Some((listener.container, true)),
        }
    }

    /// Counts a request that is answered alike and whose line in the log nobody will see.
    pub fn count_request(&mut self, now: Instant, port: u16) {
        let Some(listener) = self.listener(port, Peer::Kubelet) else {
            return;
        };
        let Some(machine) = self.machine_mut(listener.container) else {
            return;
        };
        machine.log.count_line();
        let mut cost = Duration::ZERO;
        if let Some(Program::Server(server)) =
            machine.process_mut(listener.pid).map(|p| &mut p.program)
        {
            server.behaviour().count_request();
            cost = server.behaviour_ref().cpu().request;
        }
        machine.cpu.spend(now, cost);
    }

    /// The CPU time of so many requests that are answered alike and not logged, the last one at a
    /// moment.
    pub fn spend_requests(&mut self, last: Instant, period: Duration, count: u32, port: u16) {
        let listener = self.listener(port, Peer::Kubelet);
        let Some(listener) = listener.filter(|_| count > 0) else {
            return;
        };
        let Some(machine) = self.machine_mut(listener.container) else {
            return;
        };
        let cost = match machine.process(listener.pid).map(|p| &p.program) {
            Some(Program::Server(server)) => server.behaviour_ref().cpu().request,
            _ => return,
        };
        for before in (0..u64::from(count)).rev() {
            let at = last.saturating_sub(Duration(before * period.0));
            machine.cpu.spend(at, cost);
        }
    }

    /// A process works on an answer until a moment.
    #[inline(never)]
    fn keep_busy(&mut self, listener: Listener, until: Instant) {
        let machine = self.machine_mut(listener.container);
        if let Some(process) = machine.and_then(|m| m.process_mut(listener.pid)) {
            process.busy_until = process.busy_until.max(until);
        }
    }

    /// Head and body that go with an answer that `http` just gave.
    pub fn http_page(
        &mut self,
        now: Instant,
        port: u16,
        request: &HttpRequest<'_>,
        reply: &HttpReply,
    ) -> Page {
        let Some(status) = reply.code() else {
            return Page::default();
        };
        let Some(listener) = self.listener(port, request.from) else {
            return Page::default();
        };
        for fault in &self.http_overrides {
            if self.matches(fault, listener, request) && fault.answer.is_some() {
                return Page {
                    body: fault.body.as_deref().unwrap_or_default().to_string(),
                    ..Page::default()
                };
            }
        }
        let (container, pid) = (listener.container, listener.pid);
        let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) else {
            return Page::default();
        };
        match std::mem::replace(&mut process.program, Program::Active) {
            Program::Server(server) => {
                let page = self.with_server(now, container, pid, |io| {
                    let server = server.behaviour_ref();
                    Page {
                        headers: server.headers(io, port, request, status),
                        body: server.body(io, port, request, status),
                    }
                });
                self.put_program(container, pid, Program::Server(server));
                page.unwrap_or_default()
            }
            program => {
                self.put_program(container, pid, program);
                Page::default()
            }
        }
    }

    /// Asks the gRPC health service on a port.
    pub fn grpc_health(&mut self, _now: Instant, port: u16, service: &str) -> GrpcReply {
        let answer = |what, container| GrpcReply {
            after: NETWORK_LATENCY,
            what,
            container,
        };
        if let Some(fault) = self.port_faults.iter().find(|f| f.port == port) {
            return answer(
                match fault.state {
                    PortState::Closed => GrpcAnswer::Refused,
                    PortState::Drop | PortState::Open => GrpcAnswer::NoAnswer,
                },
                None,
            );
        }
        let Some(listener) = self.listener(port, Peer::Network) else {
            return answer(GrpcAnswer::Refused, None);
        };
        let container = Some(listener.container);
        if self.is_hung(listener) {
            // Connected or not, the client hears nothing.
            self.wait_at(listener);
            return answer(GrpcAnswer::NoAnswer, container);
        }
        let process = self
            .machine_mut(listener.container)
            .and_then(|m| m.process_mut(listener.pid));
        let what = match process.map(|p| &mut p.program) {
            Some(Program::Server(server)) => server.behaviour().grpc(port, service),
            _ => GrpcAnswer::Refused,
        };
        match self.grpc_override(port, service) {
            Some(forced) => answer(forced, container),
            None => answer(what, container),
        }
    }

    pub(crate) fn listener(&self, port: u16, from: Peer) -> Option<Listener> {
        self.listeners
            .iter()
            .find(|l| l.port == port && (!l.loopback || from == Peer::Loopback))
            .copied()
    }

    pub(crate) fn is_hung(&self, listener: Listener) -> bool {
        self.hung.contains(&listener.container)
            || self
                .machine(listener.container)
                .and_then(|m| m.process(listener.pid))
                .is_some_and(|p| p.stopped)
    }

    /// The server's own answer.
    fn ask(&mut self, now: Instant, listener: Listener, request: &HttpRequest<'_>) -> HttpReply {
        if !self.hung.is_empty() && self.hung.contains(&listener.container) {
            return self.wait_for_answer(listener);
        }
        let (container, pid) = (listener.container, listener.pid);
        self.check_first(now, container, pid, request.route());
        let slot = self.machines.get_mut(container as usize);
        let Some(machine) = slot.and_then(Option::as_mut).map(Arc::make_mut) else {
            return HttpReply::of(HttpAnswer::Refused);
        };
        let Some(process) = machine.processes.iter_mut().find(|p| p.pid == pid) else {
            return HttpReply::of(HttpAnswer::Refused);
        };
        // A stopped process, or one without a protocol: the kernel accepts, nobody answers.
        let Program::Server(server) = &mut process.program else {
            return HttpReply::of(HttpAnswer::NoAnswer);
        };
        if process.stopped {
            return self.wait_for_answer(listener);
        }
        let mut io = ServerIo {
            now,
            started: process.started,
            busy_until: process.busy_until,
            pid,
            clock: self.clock,
            place: &self.place,
            files: FsView {
                root: &mut machine.root,
                mounts: &machine.mounts,
                volumes: &mut self.volumes,
                generation: &mut self.generation,
                disk_full: self.disk_full,
                read_only_root: machine.setup.writable_only(),
                now,
                uid: process.uid,
                gid: machine.gid,
                groups: &machine.setup.groups,
            },
            dependencies: &self.dependencies,
            log: &mut machine.log,
            acts: &mut self.acts,
        };
        let behaviour = server.behaviour();
        let mut reply = behaviour.http(&mut io, listener.port, request);
        let work = behaviour.cpu().request;
        let waits = match self.place.limits.cpu_milli {
            None => machine.cpu.work(now, work),
            Some(limit) => {
                let slices = &mut self.slices;
                machine.cpu.work_within(now, work, slices, limit)
            }
        };
        if waits > Duration::ZERO {
            reply.after = reply.after.max(NETWORK_LATENCY) + waits;
        }
        let woke = behaviour.wake_at();
        if !self.acts.is_empty() {
            self.apply_acts(now, container, pid);
            self.refresh();
        } else if woke.is_some_and(|at| self.next.is_none_or(|next| at < next)) {
            self.next = woke;
        }
        reply
    }

    /// A server that stands still never answers; once its queue is full, nobody connects.
    fn wait_for_answer(&mut self, listener: Listener) -> HttpReply {
        HttpReply::of(match self.wait_at(listener) {
            TcpReply::Accepted => HttpAnswer::NoAnswer,
            TcpReply::Refused | TcpReply::Dropped => HttpAnswer::Dropped,
        })
    }

    fn matches(
        &self,
        fault: &super::faults::HttpOverride,
        listener: Listener,
        request: &HttpRequest<'_>,
    ) -> bool {
        fault.container.is_none_or(|c| c == listener.container)
            && fault.port.is_none_or(|p| p == listener.port)
            && fault
                .path
                .as_ref()
                .is_none_or(|path| **path == *request.route())
    }

    fn override_reply(&self, listener: Listener, request: &HttpRequest<'_>, reply: &mut HttpReply) {
        let found = self
            .http_overrides
            .iter()
            .find(|fault| self.matches(fault, listener, request));
        if let Some(fault) = found {
            if let Some(answer) = &fault.answer {
                reply.what = answer.clone();
            }
            reply.after = reply.after + fault.latency;
        }
    }
}
