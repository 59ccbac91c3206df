//! Dialogues with the control plane and real kubelets: apply, let time pass, look.

mod build;
mod cascade;
mod daemon_sets;
mod deployments;
mod disruption;
mod endpoints;
mod jobs;
mod nodes;
mod ordinals;
mod patches;
mod placement;
mod play;
mod pods;
mod properties;
mod replica_sets;
mod scheduling;
mod seeds;
mod workloads;

pub use build::{container, deployment, node, pod, probe_http, replica_set, service, spec, zoned};
pub use play::Play;
