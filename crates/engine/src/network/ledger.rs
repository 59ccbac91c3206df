//! Requests of a Service's clients, each counted once by how it ended.

use crate::record::RequestOutcome;

/// Counts since 0:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Ledger {
    pub served: u32,
    /// Answers with a 5xx status.
    pub errors_5xx: u32,
    pub refused: u32,
    pub reset: u32,
    pub timed_out: u32,
    pub no_endpoint: u32,
}

impl Ledger {
    /// One more request has ended.
    pub fn count(&mut self, outcome: RequestOutcome) {
        let counter = match outcome {
            RequestOutcome::Served => &mut self.served,
            RequestOutcome::ServerError => &mut self.errors_5xx,
            RequestOutcome::Refused => &mut self.refused,
            RequestOutcome::Reset => &mut self.reset,
            RequestOutcome::TimedOut => &mut self.timed_out,
            RequestOutcome::NoEndpoint => &mut self.no_endpoint,
        };
        *counter = counter.saturating_add(1);
    }

    /// All requests that have ended.
    pub const fn total(&self) -> u64 {
        self.served as u64
            + self.errors_5xx as u64
            + self.refused as u64
            + self.reset as u64
            + self.timed_out as u64
            + self.no_endpoint as u64
    }
}
