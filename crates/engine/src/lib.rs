//! Deterministic simulator of the part of Kubernetes that decides whether a container lives and
//! whether it gets traffic.
//!
//! No wasm, no DOM, no clock, no I/O: text and inputs go in, records and views come out.

pub mod api;
pub mod time;
