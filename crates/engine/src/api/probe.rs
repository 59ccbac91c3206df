//! Probes and the handlers that they share with lifecycle hooks.

use serde::{Deserialize, Serialize};

/// The three kinds of probe (PRB-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ProbeKind {
    Startup,
    Readiness,
    Liveness,
}

impl ProbeKind {
    /// All kinds, in the order in which workers are created (PRB-01).
    pub const ALL: [ProbeKind; 3] = [
        ProbeKind::Startup,
        ProbeKind::Readiness,
        ProbeKind::Liveness,
    ];

    /// As events print it: `Liveness`.
    pub const fn title(self) -> &'static str {
        match self {
            ProbeKind::Startup => "Startup",
            ProbeKind::Readiness => "Readiness",
            ProbeKind::Liveness => "Liveness",
        }
    }

    /// As traces and metrics print it: `liveness`.
    pub const fn name(self) -> &'static str {
        match self {
            ProbeKind::Startup => "startup",
            ProbeKind::Readiness => "readiness",
            ProbeKind::Liveness => "liveness",
        }
    }

    /// The manifest's field: `livenessProbe`.
    pub const fn field(self) -> &'static str {
        match self {
            ProbeKind::Startup => "startupProbe",
            ProbeKind::Readiness => "readinessProbe",
            ProbeKind::Liveness => "livenessProbe",
        }
    }
}

/// `v1.Probe` with defaults applied (PRB-25): times in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    pub handler: Handler,
    pub initial_delay_seconds: u32,
    pub period_seconds: u32,
    pub timeout_seconds: u32,
    pub success_threshold: u32,
    pub failure_threshold: u32,
    /// Replaces the Pod's for kills by this probe (PRB-25).
    pub termination_grace_period_seconds: Option<u32>,
}

/// What a probe or hook does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Handler {
    Exec {
        command: Vec<String>,
    },
    HttpGet(HttpGet),
    TcpSocket {
        host: String,
        port: PortRef,
    },
    Grpc {
        port: u32,
        service: String,
    },
    /// Hooks only (HKS-02).
    Sleep {
        seconds: u64,
    },
}

/// `v1.HTTPGetAction`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpGet {
    pub path: String,
    pub port: PortRef,
    /// Empty: the Pod's IP.
    pub host: String,
    pub scheme: Scheme,
    pub headers: Vec<(String, String)>,
}

/// URL scheme of an HTTP probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Scheme {
    #[default]
    Http,
    Https,
}

/// `intstr.IntOrString` as a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PortRef {
    Number(i32),
    Name(String),
}
