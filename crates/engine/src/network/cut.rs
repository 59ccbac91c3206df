//! Partitions between the clients of a Service and its endpoints.

use super::Network;
use crate::ids::{NodeId, PodId, ServiceId};

/// A partition between a Service's clients and some of its endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The input that brought it.
    pub input: u32,
    pub service: ServiceId,
    pub side: Side,
}

/// The other side of a [`Cut`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    Pods(Vec<PodId>),
    /// Every Pod on it.
    Node(NodeId),
}

impl Network {
    /// The rate of a Service's clients, in requests in a thousand seconds.
    pub fn rate_milli(&self, service: ServiceId) -> u32 {
        self.routes
            .get(service.index())
            .map_or(0, |route| route.rate_milli)
    }

    /// Whether packets between a Service's clients and a Pod are lost.
    pub(super) fn is_cut(&self, service: ServiceId, pod: PodId, node: Option<NodeId>) -> bool {
        self.cuts.iter().any(|cut| {
            cut.service == service
                && match &cut.side {
                    Side::Pods(pods) => pods.contains(&pod),
                    Side::Node(cut_off) => node == Some(*cut_off),
                }
        })
    }
}
