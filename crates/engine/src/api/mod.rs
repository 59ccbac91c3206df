//! The Kubernetes objects that are simulated, as plain data with defaults applied.
//!
//! Field names are the API's, in snake case. Strings are kept as written; the hot path never
//! touches them. `manifest` makes these from YAML; nothing else parses.

mod claim;
mod container;
mod disruption;
mod endpoints;
mod meta;
mod placement;
mod pod;
mod probe;
mod service;
mod volume;
mod workload;

pub use claim::*;
pub use container::*;
pub use disruption::*;
pub use endpoints::*;
pub use meta::*;
pub use placement::*;
pub use pod::*;
pub use probe::*;
pub use service::*;
pub use volume::*;
pub use workload::*;
