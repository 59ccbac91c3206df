//! What probes do: one file a handler.

mod output;

pub use output::{host_or, port_number, url, HttpFailure, ProbeOutput, SocketError};
