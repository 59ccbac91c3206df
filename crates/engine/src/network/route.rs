//! One Service's forwarding rules and clients.

use super::Ledger;
use crate::controllers::Endpoint;
use crate::ids::{NodeId, PodId, RecordId};
use crate::record::{EndpointState, RequestOutcome};
use crate::time::{Duration, Instant};

/// Nanoseconds in a thousand seconds.
const THOUSAND_SECONDS: u128 = 1_000_000_000_000;

/// Where a request may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backend {
    /// NONE: whoever has the address then.
    pub pod: PodId,
    /// Host order.
    pub address: u32,
    pub port: u16,
    pub node: Option<NodeId>,
    /// The record that made it an endpoint.
    pub cause: RecordId,
}

/// A request under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InFlight {
    pub pod: PodId,
    /// The container that accepted the connection.
    pub container: Option<u32>,
    pub ends_at: Instant,
    pub outcome: RequestOutcome,
    /// The record that explains the outcome.
    pub cause: RecordId,
}

/// Forwarding rules as the nodes have them, and the clients.
#[derive(Clone, Debug)]
pub struct Route {
    ready: Vec<Backend>,
    /// Still serving while terminating.
    draining: Vec<Backend>,
    /// When the rules follow the slice; NEVER: they agree.
    pub rules_at: Instant,
    /// The record that made the rules what they are.
    pub rules_cause: RecordId,
    /// All requests come from one address, which keeps its endpoint until it has not asked for this
    /// long (SVC-04).
    pub sticky: Option<Duration>,
    /// Address and port of the endpoint asked last, and when.
    pub last: Option<(u32, u16, Instant)>,
    /// Requests in a thousand seconds; 0: no clients.
    pub rate_milli: u32,
    /// When the rate was set.
    rate_since: Instant,
    /// Requests since then.
    pub sent: u64,
    pub ledger: Ledger,
    /// The request that ended last.
    pub ended: Option<(PodId, RequestOutcome)>,
    slots: Vec<Option<InFlight>>,
    free: Vec<u32>,
}

impl Default for Route {
    fn default() -> Self {
        Route {
            ready: Vec::new(),
            draining: Vec::new(),
            rules_at: Instant::NEVER,
            rules_cause: RecordId::NONE,
            sticky: None,
            last: None,
            rate_milli: 0,
            rate_since: Instant::ZERO,
            sent: 0,
            ledger: Ledger::default(),
            ended: None,
            slots: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl Route {
    /// Another rate from `now` on.
    pub fn set_rate(&mut self, now: Instant, rate_milli: u32) {
        self.rate_milli = rate_milli;
        self.rate_since = now;
        self.sent = 0;
    }

    /// When the next request is sent: exact, so that nothing adds up over a long run.
    pub fn next_at(&self) -> Instant {
        if self.rate_milli == 0 {
            return Instant::NEVER;
        }
        let past = u128::from(self.sent + 1) * THOUSAND_SECONDS / u128::from(self.rate_milli);
        let past = u64::try_from(past).unwrap_or(u64::MAX);
        Instant(self.rate_since.0.saturating_add(past))
    }

    /// The rules become those of the slice.
    pub fn follow(
        &mut self,
        endpoints: &[Endpoint],
        written: &[(Backend, EndpointState)],
        affinity_seconds: Option<u32>,
    ) {
        self.sticky = affinity_seconds.map(|secs| Duration::from_secs(secs.into()));
        let backend = |endpoint: &Endpoint| Backend {
            pod: endpoint.pod,
            address: endpoint.address,
            port: endpoint.ports.first().copied().unwrap_or(0),
            node: endpoint.node,
            cause: endpoint.record,
        };
        let usable = |endpoint: &&Endpoint| endpoint.ports.first().is_some_and(|port| *port != 0);
        let own = endpoints.iter().filter(usable);
        let own = own.map(|endpoint| (backend(endpoint), endpoint.state));
        self.ready.clear();
        self.draining.clear();
        for (backend, state) in own.chain(written.iter().copied()) {
            if state.ready {
                self.ready.push(backend);
            }
            if state.serving && state.terminating {
                self.draining.push(backend);
            }
        }
    }

    /// The ready endpoints, or what takes their place (SVC-01).
    pub fn candidates(&self) -> &[Backend] {
        if self.ready.is_empty() {
            &self.draining
        } else {
            &self.ready
        }
    }

    /// The endpoints of one node: the ready ones, or what takes their place (SVC-02).
    #[inline(never)]
    pub fn candidates_on(&self, node: NodeId) -> Vec<Backend> {
        let here = |backends: &[Backend]| -> Vec<Backend> {
            let here = backends.iter().copied().filter(|b| b.node == Some(node));
            here.collect()
        };
        let ready = here(&self.ready);
        match ready.is_empty() {
            true => here(&self.draining),
            false => ready,
        }
    }

    /// Whether a node has an endpoint.
    pub fn has_on(&self, node: NodeId) -> bool {
        let mut all = self.ready.iter().chain(&self.draining);
        all.any(|backend| backend.node == Some(node))
    }

    /// Whether there is no endpoint at all, of any node.
    pub fn is_empty(&self) -> bool {
        self.candidates().is_empty()
    }

    /// The endpoint that a client with affinity had before.
    pub fn kept(&self, now: Instant) -> Option<Backend> {
        let (address, port, asked_at) = self.last?;
        if now.since(asked_at) > self.sticky? {
            return None;
        }
        let mut candidates = self.candidates().iter().copied();
        candidates.find(|b| (b.address, b.port) == (address, port))
    }

    /// A request is under way; its slot.
    pub fn begin(&mut self, request: InFlight) -> u32 {
        let request = Some(request);
        match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = request;
                slot
            }
            None => {
                self.slots.push(request);
                (self.slots.len() - 1) as u32
            }
        }
    }

    /// The request of a slot, if it ends `now`.
    pub fn take(&mut self, slot: u32, now: Instant) -> Option<InFlight> {
        let entry = self.slots.get_mut(slot as usize)?;
        let request = (*entry).filter(|request| request.ends_at == now)?;
        *entry = None;
        self.free.push(slot);
        Some(request)
    }

    /// Whether a request is under way at a container.
    pub fn has_request_at(&self, pod: PodId, container: u32) -> bool {
        self.slots
            .iter()
            .flatten()
            .any(|r| r.pod == pod && r.container == Some(container))
    }

    /// Takes one request that is under way at a container.
    pub fn cut(&mut self, pod: PodId, container: u32) -> bool {
        let found = self
            .slots
            .iter()
            .position(|slot| slot.is_some_and(|r| r.pod == pod && r.container == Some(container)));
        let Some(slot) = found else { return false };
        self.slots[slot] = None;
        self.free.push(slot as u32);
        true
    }

    /// How many requests are under way.
    pub fn in_flight(&self) -> u32 {
        self.slots.iter().flatten().count() as u32
    }
}
