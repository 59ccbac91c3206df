//! Dialogues with the control plane and real kubelets: apply, let time pass, look.

mod build;
mod deployments;
mod endpoints;
mod nodes;
mod patches;
mod play;
mod pods;
mod properties;
mod replica_sets;
mod scheduling;
mod seeds;
mod workloads;

pub use build::{container, deployment, node, pod, probe_http, replica_set, service, spec};
pub use play::Play;
