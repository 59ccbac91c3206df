//! Which engine answers.

#[cfg(feature = "fixture")]
pub use crate::fixture::Session;
#[cfg(not(feature = "fixture"))]
pub use readyz_engine::session::Session;

/// A session without a run.
pub fn new() -> Session {
    Session::new()
}
