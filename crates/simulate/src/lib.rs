//! Simulation: a seed decides a cluster, its Pods, their probes, and what befalls them; invariants
//! are checked after every step. What breaks one is shrunk to the least text that still does.

pub mod case;
pub mod generate;
pub mod run;
pub mod shrink;
mod watch;

pub use case::Case;
pub use run::{run, Outcome};
