//! What a front end sees: plain data, made when somebody looks. Nothing here decides anything.
//!
//! A front end gets two things: a [`RunView`] once for each run (everything that the timeline
//! draws, past and predicted) and a [`ClusterView`] for the moment it shows. A view stays true
//! until [`ClusterView::valid_until`]; between, pixels interpolate its facts.

mod build_cluster;
mod build_container;
mod build_run;
mod build_services;
mod cluster_view;
mod lanes;
mod packed;
mod run_view;

pub use build_cluster::cluster_view;
pub use build_container::target;
pub use build_run::{run_view, trace_hash};
pub use cluster_view::*;
pub use lanes::causes;
pub use run_view::*;
