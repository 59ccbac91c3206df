//! Containers as a Pod template declares them.

use super::{Handler, Probe, ProbeKind};
use serde::{Deserialize, Serialize};

/// `v1.Container`, for regular, init and sidecar containers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    pub name: String,
    pub image: String,
    pub image_pull_policy: PullPolicy,
    /// Replaces the image's entrypoint; None: not set.
    pub command: Option<Vec<String>>,
    /// Replaces the image's arguments; None: not set.
    pub args: Option<Vec<String>>,
    pub working_dir: String,
    pub env: Vec<EnvVar>,
    pub env_from: Vec<EnvFrom>,
    pub ports: Vec<ContainerPort>,
    pub resources: Resources,
    pub volume_mounts: Vec<VolumeMount>,
    pub startup_probe: Option<Probe>,
    pub readiness_probe: Option<Probe>,
    pub liveness_probe: Option<Probe>,
    pub post_start: Option<Handler>,
    pub pre_stop: Option<Handler>,
    pub stop_signal: Option<String>,
    /// Container-level policy; `Always` on an init container makes it a sidecar (INI-04).
    pub restart_policy: Option<RestartPolicy>,
    pub restart_policy_rules: Vec<RestartRule>,
    pub termination_message_path: String,
    /// `FallbackToLogsOnError` instead of `File`.
    pub termination_message_from_logs: bool,
    pub stdin: bool,
    pub tty: bool,
    pub security: Security,
}

/// `v1.SecurityContext` of a container, as far as it is simulated; its values stand over the
/// Pod's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Security {
    pub run_as_user: Option<i64>,
    pub run_as_group: Option<i64>,
    pub run_as_non_root: Option<bool>,
    pub read_only_root: bool,
}

impl Container {
    /// The probe of a kind, if the container has one.
    pub fn probe(&self, kind: ProbeKind) -> Option<&Probe> {
        match kind {
            ProbeKind::Startup => self.startup_probe.as_ref(),
            ProbeKind::Readiness => self.readiness_probe.as_ref(),
            ProbeKind::Liveness => self.liveness_probe.as_ref(),
        }
    }
}

/// `imagePullPolicy` (IMG-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PullPolicy {
    Always,
    IfNotPresent,
    Never,
}

/// `restartPolicy` of a Pod or container (RST-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum RestartPolicy {
    #[default]
    Always,
    OnFailure,
    Never,
}

/// One entry of `restartPolicyRules` (RST-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestartRule {
    /// `RestartAllContainers` instead of `Restart`.
    pub all_containers: bool,
    /// `NotIn` instead of `In`.
    pub negated: bool,
    pub exit_codes: Vec<i32>,
}

/// `v1.EnvVar`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvVar {
    pub name: String,
    pub value: EnvValue,
}

/// Where a variable's value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EnvValue {
    Literal(String),
    ConfigMapKey {
        name: String,
        key: String,
        optional: bool,
    },
    SecretKey {
        name: String,
        key: String,
        optional: bool,
    },
    Field(String),
    Resource {
        container: String,
        resource: String,
        /// What it is counted in; empty: 1.
        divisor: String,
    },
}

/// `v1.EnvFromSource`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvFrom {
    pub prefix: String,
    /// A Secret instead of a ConfigMap.
    pub secret: bool,
    pub name: String,
    pub optional: bool,
}

/// `v1.ContainerPort`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerPort {
    pub name: String,
    pub container_port: u16,
    /// 0: none.
    pub host_port: u16,
    pub host_ip: String,
    pub protocol: Protocol,
}

/// Transport protocol of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Protocol {
    #[default]
    Tcp,
    Udp,
    Sctp,
}

/// Requests and limits, cpu in millicores, memory in bytes. None: not set.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Resources {
    pub request_cpu_milli: Option<u64>,
    pub request_memory_bytes: Option<u64>,
    pub request_ephemeral_bytes: Option<u64>,
    pub limit_cpu_milli: Option<u64>,
    pub limit_memory_bytes: Option<u64>,
    pub limit_ephemeral_bytes: Option<u64>,
    /// All others, in order of their names.
    pub others: Vec<OtherResource>,
}

/// An amount of a resource that is none of Kubernetes' three: an extended one such as
/// `nvidia.com/gpu`, or huge pages in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherResource {
    pub name: String,
    pub request: Option<u64>,
    pub limit: Option<u64>,
}

impl Resources {
    /// The entry of a resource, made if it is not there.
    pub fn other_mut(&mut self, name: &str) -> &mut OtherResource {
        let found = self.others.binary_search_by(|have| (*have.name).cmp(name));
        let at = found.unwrap_or_else(|at| {
            let entry = OtherResource {
                name: name.to_owned(),
                request: None,
                limit: None,
            };
            self.others.insert(at, entry);
            at
        });
        &mut self.others[at]
    }
}

/// `v1.VolumeMount`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeMount {
    pub name: String,
    pub mount_path: String,
    pub sub_path: String,
    pub read_only: bool,
}
