//! A container is a small machine: processes, files, sockets (product.md §3).
//!
//! `PodWorld` is what the kubelet and the network see. Everything below it is plain data that
//! moves only when a method is called with `now`; `poll_at` says when to come back.
//!
//! Absent on purpose: user namespaces, UDP, hard links, job control, terminals.

pub mod accept_queue;
mod ask;
mod binary;
pub mod cpu;
mod daemon;
mod disk;
mod exec;
pub mod faults;
pub mod filesystem;
pub mod image;
mod io;
mod lifecycle;
pub mod log;
pub mod machine;
pub mod memory;
pub mod network;
pub mod overlay;
mod pod_memory;
mod proc_files;
pub mod process;
pub mod registry;
mod schedule;
pub mod server;
pub mod setup;
pub mod shell;
pub mod signal;
mod spawn;
mod traffic;
mod usage;
pub mod wall_clock;
pub mod world;

pub use ask::{Ask, AskAnswer, Asking, Want};
pub use faults::{GrpcOverride, HttpOverride, PortState};
pub use image::{ImageBehaviour, ImageSpec};
pub use log::{LOG_LINES_MAX, LOG_PIECE};
pub use network::{
    GrpcAnswer, GrpcReply, HttpAnswer, HttpReply, HttpRequest, Page, Peer, TcpReply,
};
pub use registry::{PullResult, Registry};
pub use server::{Place, PodLimits};
pub use setup::{
    ContainerSetup, ExecId, ExecResult, ExecStart, Mount, StartError, Volume, WorldEvent,
};
pub use signal::Signal;
pub use traffic::NETWORK_LATENCY;
pub use world::PodWorld;
