//! Deterministic simulator of the part of Kubernetes that decides whether a container lives and
//! whether it gets traffic.
//!
//! No wasm, no DOM, no clock, no I/O: text and inputs go in, records and views come out.

pub mod act;
pub mod api;
pub mod cluster;
pub mod container;
pub mod controllers;
pub mod events;
pub mod experiment;
pub mod fault;
pub mod go_format;
pub mod ids;
pub mod input;
pub mod kubectl;
pub mod kubelet;
pub mod latency;
pub mod manifest;
pub mod metrics;
pub mod network;
pub mod planted;
pub mod queue;
pub mod record;
#[cfg(feature = "scripted")]
pub mod recorded;
pub mod rng;
pub mod scenario;
pub mod session;
pub mod sorted;
pub mod status;
pub mod step;
pub mod terminal;
pub mod text;
pub mod time;
pub mod timeline;
pub mod timer;
pub mod timing;
pub mod trace;
pub mod verdict;
pub mod view;
pub mod why;
pub mod written;
