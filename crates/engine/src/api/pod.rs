//! Pods.

use super::{
    Container, Metadata, NodeTerm, Placement, Resources, RestartPolicy, StringMap, Volume,
    DEFAULT_SCHEDULER,
};
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
    /// The Service that the Pod has a name of its own within (SVC-05).
    pub subdomain: String,
    pub service_account_name: String,
    pub image_pull_secrets: Vec<String>,
    pub readiness_gates: Vec<String>,
    /// While there is one the scheduler does not look at the Pod (SCH-08).
    pub scheduling_gates: Vec<String>,
    pub volumes: Vec<Volume>,
    pub share_process_namespace: bool,
    /// Requests and limits of the whole Pod.
    pub resources: Option<Box<Resources>>,
    pub run_as_user: Option<i64>,
    pub run_as_group: Option<i64>,
    pub run_as_non_root: bool,
    /// Most Pods say nothing of it.
    pub groups: Option<Box<Groups>>,
    /// `enableServiceLinks`, where it is set: whether containers get the variables of Services.
    pub service_links: Option<bool>,
}

/// What a Pod's `securityContext` says of groups besides `runAsGroup`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    /// The group that volumes belong to which the kubelet manages.
    pub fs_group: Option<i64>,
    /// `fsGroupChangePolicy`, empty if it is not set. `OnRootMismatch` saves work on volumes that
    /// are kept, and changes nothing of those that are made anew for each Pod.
    pub change_policy: String,
    pub supplemental: Vec<i64>,
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

    /// The groups of its processes besides the first, as the kubelet hands them to the runtime.
    pub fn further_groups(&self) -> Vec<u32> {
        let Some(groups) = &self.groups else {
            return Vec::new();
        };
        let all = groups.fs_group.iter().chain(&groups.supplemental);
        all.filter_map(|group| u32::try_from(*group).ok()).collect()
    }

    /// The scheduler that is to place it.
    pub fn scheduler_name(&self) -> &str {
        match &self.placement {
            Some(placement) if !placement.scheduler_name.is_empty() => &placement.scheduler_name,
            _ => DEFAULT_SCHEDULER,
        }
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
