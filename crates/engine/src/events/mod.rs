//! Event objects: recorder, correlator, store (EVT-*).

/// The Event objects that the API server has.
#[derive(Clone, Debug, Default)]
pub struct EventStore {}
