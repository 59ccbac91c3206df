//! Endpoints: nobody is sent to a Pod that is not ready, for longer than the news takes.

use super::{broken, Held, Look, Watch, ENDPOINT_LAG};
use readyz_engine::cluster::Cluster;
use readyz_engine::ids::{PodId, ServiceId};
use readyz_engine::record::EndpointState;
use readyz_engine::time::Instant;

impl Watch {
    /// A slice was written.
    pub(super) fn endpoint(
        &mut self,
        cluster: &Cluster,
        service: ServiceId,
        pod: PodId,
        state: EndpointState,
        at: Instant,
    ) -> Held {
        let publishes = cluster
            .controllers
            .service(service)
            .object
            .publish_not_ready_addresses;
        let Some(own) = self.pod(pod) else {
            return Ok(());
        };
        let has_been_unready = own
            .unready_since
            .is_some_and(|since| at > since + ENDPOINT_LAG);
        if state.ready && !publishes && has_been_unready {
            let text = own.name.clone();
            return broken("no ready endpoint without a ready Pod", at, text);
        }
        Ok(())
    }

    pub(super) fn look(&mut self, cluster: &Cluster, at: Instant, look: Look) -> Held {
        match look {
            Look::Healthy { pod, started } => self.check_healthy(cluster, PodId(pod), started, at),
            Look::Unready { pod, since } => {
                let id = PodId(pod);
                let is_still = self
                    .pod(id)
                    .is_some_and(|own| own.unready_since == Some(since));
                let listed = |state: EndpointState, publishes: bool| state.ready && !publishes;
                if is_still && is_listed(cluster, id, listed) {
                    let text = cluster.pods[id.index()].name.to_string();
                    return broken("no ready endpoint without a ready Pod", at, text);
                }
                Ok(())
            }
            Look::Gone { pod } => {
                if is_listed(cluster, PodId(pod), |state, _| state.present) {
                    let text = cluster.pods[pod as usize].name.to_string();
                    return broken("no endpoint of a Pod that is gone", at, text);
                }
                Ok(())
            }
        }
    }
}

fn is_listed(cluster: &Cluster, pod: PodId, counts: impl Fn(EndpointState, bool) -> bool) -> bool {
    cluster.controllers.live_services().any(|(_, service)| {
        let publishes = service.object.publish_not_ready_addresses;
        let mut endpoints = service.slice.endpoints.iter();
        endpoints.any(|endpoint| endpoint.pod == pod && counts(endpoint.state, publishes))
    })
}
