//! Images that the catalogue does not know, or overrides of those it knows.

use super::GrpcStatus;
use crate::time::Duration;
use serde::{Deserialize, Serialize};

/// An entry of `images`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageSpec {
    pub image: String,
    pub pull: PullBehaviour,
    /// From process start to listening. None: the catalogue's.
    pub startup: Option<Duration>,
    /// Ports it listens on. None: those of the manifest.
    pub listen: Option<Vec<u16>>,
    /// First match wins; 200 on every path where nothing matches.
    pub http: Vec<HttpRule>,
    pub grpc: Vec<GrpcRule>,
    /// What SIGTERM does. None: the process exits at once with 0.
    pub on_stop: Option<OnStop>,
    pub memory_bytes: Option<u64>,
}

/// What a pull does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PullBehaviour {
    /// On the node already.
    #[default]
    Present,
    /// Pulled in this time.
    Takes(Duration),
    /// The registry does not know it.
    Missing,
    /// The registry wants other credentials.
    Denied,
    /// Nothing answers at the registry's address.
    Refused,
}

/// What a server answers on a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpRule {
    /// None: every port.
    pub port: Option<u16>,
    /// None: every path.
    pub path: Option<String>,
    pub status: u16,
    pub latency: Duration,
    pub body: Option<String>,
}

/// What a health service answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrpcRule {
    /// None: every port.
    pub port: Option<u16>,
    pub service: String,
    pub status: GrpcStatus,
}

/// How the process takes SIGTERM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnStop {
    Ignore,
    Exit { after: Duration, code: i32 },
}
