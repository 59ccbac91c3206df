//! Pods.

use super::{Container, Metadata, NodeTerm, Placement, RestartPolicy, StringMap};
use serde::{Deserialize, Serialize};

/// A Pod as a manifest or a controller creates it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pod {
    pub metadata: Metadata,
    pub spec: PodSpec,
}

/// `v1.PodSpec`, as far as it is simulated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodSpec {
    /// Init containers in spec order; those with restartPolicy Always are sidecars (INI-04).
    pub init_containers: Vec<Container>,
    pub containers: Vec<Container>,
    pub restart_policy: RestartPolicy,
    /// Seconds (default 30; negative becomes 1).
    pub termination_grace_period_seconds: u32,
    pub active_deadline_seconds: Option<u64>,
    pub node_name: String,
    pub node_selector: StringMap,
    /// `requiredDuringScheduling…`: alternatives, each a list of requirements on labels.
    pub node_affinity_required: Vec<NodeTerm>,
    /// Most Pods say nothing of it.
    pub placement: Option<Box<Placement>>,
    pub tolerations: Vec<Toleration>,
    pub host_network: bool,
    pub hostname: String,
    pub service_account_name: String,
    pub image_pull_secrets: Vec<String>,
    pub readiness_gates: Vec<String>,
    /// While there is one the scheduler does not look at the Pod (SCH-08).
    pub scheduling_gates: Vec<String>,
    pub volumes: Vec<Volume>,
    pub share_process_namespace: bool,
    pub run_as_user: Option<i64>,
    pub run_as_group: Option<i64>,
    pub run_as_non_root: bool,
}

/// `v1.Toleration`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toleration {
    /// Empty with `exists`: every key.
    pub key: String,
    /// Operator `Exists` instead of `Equal`.
    pub exists: bool,
    pub value: String,
    /// None: every effect.
    pub effect: Option<TaintEffect>,
    pub toleration_seconds: Option<i64>,
}

/// What a taint does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TaintEffect {
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
}

/// A taint on a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taint {
    pub key: String,
    pub value: String,
    pub effect: TaintEffect,
}

/// `v1.Volume`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    pub name: String,
    pub source: VolumeSource,
}

/// Where a volume's content comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VolumeSource {
    EmptyDir {
        /// Bytes (RES-05).
        limit: Option<u64>,
    },
    ConfigMap {
        name: String,
        optional: bool,
        items: Vec<(String, String)>,
    },
    Secret {
        name: String,
        optional: bool,
        items: Vec<(String, String)>,
    },
    Claim {
        name: String,
    },
    HostPath {
        path: String,
    },
    /// Accepted, not simulated: behaves as an empty directory.
    Other,
}

/// A Pod template of a workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodTemplate {
    pub metadata: Metadata,
    pub spec: PodSpec,
}

impl PodSpec {
    /// The user that a container's manifest names: its own, else the Pod's.
    pub fn user_of(&self, container: &Container) -> Option<i64> {
        container.security.run_as_user.or(self.run_as_user)
    }

    /// The same of the group.
    pub fn group_of(&self, container: &Container) -> Option<i64> {
        container.security.run_as_group.or(self.run_as_group)
    }

    /// How many containers there are, init containers included.
    pub fn container_count(&self) -> usize {
        self.init_containers.len() + self.containers.len()
    }

    /// A container by its number: init containers first, then regular ones, in spec order.
    pub fn container(&self, number: usize) -> Option<&Container> {
        match number.checked_sub(self.init_containers.len()) {
            None => self.init_containers.get(number),
            Some(regular) => self.containers.get(regular),
        }
    }

    /// The number of the container called `name`.
    pub fn container_number(&self, name: &str) -> Option<usize> {
        self.init_containers
            .iter()
            .chain(&self.containers)
            .position(|container| container.name == name)
    }

    /// Whether container `number` is an init container that keeps running (INI-04).
    pub fn is_sidecar(&self, number: usize) -> bool {
        self.init_containers
            .get(number)
            .is_some_and(|c| c.restart_policy == Some(RestartPolicy::Always))
    }
}
