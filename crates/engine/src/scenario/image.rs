//! Images that the catalogue does not know, or overrides of those it knows.

use super::{GrpcStatus, HttpAnswer};
use crate::api::StringMap;
use crate::time::Duration;
use serde::{Deserialize, Serialize};

/// An entry of `images`.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImageSpec {
    pub image: String,
    pub pull: PullBehaviour,
    /// From process start to listening. None: the catalogue's.
    pub startup: Option<Duration>,
    /// Ports it listens on. None: those of the manifest.
    pub listen: Option<Vec<u16>>,
    /// `bind: 127.0.0.1`: only processes of the Pod reach it.
    pub loopback_only: bool,
    /// Connections that wait while the server takes none. None: the catalogue's.
    pub backlog: Option<u32>,
    /// First match wins; 200 on every path where nothing matches.
    pub http: Vec<HttpRule>,
    pub grpc: Vec<GrpcRule>,
    /// What SIGTERM does. None: the process exits at once with 0.
    pub on_stop: Option<OnStop>,
    /// The process ends by itself.
    pub exit: Option<ExitRule>,
    pub memory_bytes: Option<u64>,
    /// Bytes a second that memory grows by from the process start.
    pub leak_bytes: Option<u64>,
    pub cpu: Option<CpuRule>,
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
    /// Headers of the answer besides those that every answer has.
    pub headers: StringMap,
    /// Where a 3xx points.
    pub location: Option<String>,
    pub answer: HttpAnswer,
    /// The rule holds from this age of the process on…
    pub from: Duration,
    /// …until this one, the moment itself excluded. None: for ever.
    pub until: Option<Duration>,
    /// A dependency that the answer asks: 503 while it is down.
    pub needs: Option<String>,
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
    /// Requests under way are answered until the end. No connection is taken any more, unless it
    /// keeps listening.
    Exit {
        after: Duration,
        code: i32,
        keeps_listening: bool,
    },
}

/// A process that ends by itself at an age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExitRule {
    pub after: Duration,
    pub code: i32,
    /// Only if this dependency is down then.
    pub needs: Option<String>,
}

/// What a server's work costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CpuRule {
    /// Use while nobody asks, in thousandths of a core.
    pub idle_milli: u32,
    /// CPU time that an answer costs.
    pub request: Duration,
}

/// Something outside the cluster that applications ask, such as a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DependencySpec {
    pub name: String,
    pub up: bool,
}
