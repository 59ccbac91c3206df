//! Services.

use super::{Metadata, PortRef, Protocol, StringMap};
use serde::{Deserialize, Serialize};

/// `v1.Service`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub metadata: Metadata,
    pub service_type: ServiceType,
    pub selector: StringMap,
    pub ports: Vec<ServicePort>,
    /// `clusterIP: None`.
    pub headless: bool,
    /// As written; empty: to be allocated.
    pub cluster_ip: String,
    pub publish_not_ready_addresses: bool,
    /// `sessionAffinity: ClientIP`, with its `timeoutSeconds`.
    pub affinity_seconds: Option<u32>,
    /// `internalTrafficPolicy: Local`.
    pub is_internal_local: bool,
    /// `externalTrafficPolicy: Local`.
    pub is_external_local: bool,
    pub external_name: String,
}

impl Service {
    /// `sessionAffinityConfig.clientIP.timeoutSeconds` by default (SVC-04).
    pub const AFFINITY_SECONDS: u32 = 10_800;

    /// `spec.internalTrafficPolicy`.
    pub const fn internal_policy(&self) -> &'static str {
        policy(self.is_internal_local)
    }

    /// `spec.externalTrafficPolicy`, where there is one.
    pub const fn external_policy(&self) -> &'static str {
        policy(self.is_external_local)
    }
}

const fn policy(is_local: bool) -> &'static str {
    if is_local {
        "Local"
    } else {
        "Cluster"
    }
}

/// `spec.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ServiceType {
    #[default]
    ClusterIp,
    NodePort,
    LoadBalancer,
    ExternalName,
}

/// `v1.ServicePort`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePort {
    pub name: String,
    pub protocol: Protocol,
    pub port: u16,
    pub target_port: PortRef,
    /// 0: to be allocated when the type asks for one.
    pub node_port: u16,
}
