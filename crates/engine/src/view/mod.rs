//! What a front end sees: plain data, made when somebody looks. Nothing here decides anything.
//!
//! A front end gets two things: a [`RunView`] once for each run (everything that the timeline
//! draws, past and predicted) and a [`ClusterView`] for the moment it shows. A view stays true
//! until [`ClusterView::valid_until`]; between, pixels interpolate its facts.

mod cluster_view;
mod run_view;

pub use cluster_view::*;
pub use run_view::*;
