//! Probe workers and what follows from their results (PRB-*), as plain data.
//!
//! Nothing here knows handlers, timers, texts or Pods. A host, either the simulated kubelet or the
//! recorded zero-latency driver, asks [`ContainerProbes::poll`] when [`ContainerProbes::poll_at`]
//! is due, runs the handler when told [`Next::Execute`], answers with
//! [`ContainerProbes::execution_done`], and acts on the [`Changes`] of stored results (PRB-15).

mod cached;
mod counts;
mod manager;
mod results;
mod settings;
mod status;
mod worker;

pub use cached::{is_older, Cached, CachedContainer, CachedState};
pub use counts::{ProbeCounts, BUCKETS_MILLIS};
pub use manager::ContainerProbes;
pub use results::{Changes, ProbeResult, ResultChange};
pub use settings::ProbeSettings;
pub use status::{container_flags, kept_ready, plain_init_ready, ContainerFlags};
pub use worker::{Finished, Next, Settled, Step, Worker, MAX_TRIES};

#[cfg(test)]
mod worker_properties;
#[cfg(test)]
mod worker_tests;
