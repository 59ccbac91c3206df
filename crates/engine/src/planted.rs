//! Bugs on purpose, for the simulation to find (CONTRIBUTING.md). Without the feature `planted` the
//! question is a constant and costs nothing.

/// A bug on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Bug {
    /// A probe's verdict comes one result early.
    Threshold = 1,
    /// A probe goes on after its verdict (PRB-13).
    OnHold,
    /// A Pod that is gone stays in its slices (EPS-02).
    EndpointRemoval,
}

#[cfg(feature = "planted")]
mod switch {
    use super::Bug;
    use std::sync::atomic::{AtomicU8, Ordering};

    static PLANTED: AtomicU8 = AtomicU8::new(0);

    /// Plants a bug, or none, in the whole process.
    pub fn plant(bug: Option<Bug>) {
        PLANTED.store(bug.map_or(0, |bug| bug as u8), Ordering::Relaxed);
    }

    /// Whether a bug is planted.
    pub fn is(bug: Bug) -> bool {
        PLANTED.load(Ordering::Relaxed) == bug as u8
    }
}

#[cfg(feature = "planted")]
pub use switch::{is, plant};

/// Whether a bug is planted.
#[cfg(not(feature = "planted"))]
pub const fn is(_bug: Bug) -> bool {
    false
}
