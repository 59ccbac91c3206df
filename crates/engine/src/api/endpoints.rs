//! Endpoints and EndpointSlices that somebody writes (EPS-06).

use super::{Metadata, Protocol, StringMap};
use serde::{Deserialize, Serialize};

/// Label of a slice: the Service that it belongs to.
pub const SERVICE_NAME: &str = "kubernetes.io/service-name";

/// `v1.Endpoints`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    pub metadata: Metadata,
    pub subsets: Vec<Subset>,
}

/// `v1.EndpointSubset`: every address has every port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subset {
    /// One address each; those of `notReadyAddresses` are not ready.
    pub endpoints: Vec<WrittenEndpoint>,
    pub ports: Vec<EndpointPort>,
}

/// `discovery.k8s.io/v1` EndpointSlice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenSlice {
    pub metadata: Metadata,
    /// `IPv4`, `IPv6` or `FQDN`.
    pub address_type: String,
    pub endpoints: Vec<WrittenEndpoint>,
    pub ports: Vec<EndpointPort>,
}

/// `discovery.k8s.io/v1` Endpoint. What is not written is empty, or None.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenEndpoint {
    pub addresses: Vec<String>,
    pub ready: Option<bool>,
    pub serving: Option<bool>,
    pub terminating: Option<bool>,
    pub hostname: String,
    pub node_name: String,
    pub zone: String,
    /// `targetRef`, field by field.
    pub target: StringMap,
}

/// A port of endpoints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointPort {
    pub name: String,
    pub protocol: Protocol,
    /// 0: none is written.
    pub port: u16,
    pub app_protocol: String,
}

impl WrittenSlice {
    /// The Service that the slice belongs to; empty: none.
    pub fn service(&self) -> &str {
        let labels = &self.metadata.labels;
        labels.get(SERVICE_NAME).map_or("", String::as_str)
    }
}

impl WrittenEndpoint {
    /// What nobody wrote counts as ready.
    pub fn is_ready(&self) -> bool {
        self.ready != Some(false)
    }
}
