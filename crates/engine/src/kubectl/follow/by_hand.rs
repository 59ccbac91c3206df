//! Endpoints and EndpointSlices that somebody wrote (EPS-06). No record names them, so that they are
//! compared by their versions whenever somebody or the mirroring controller may have written.

use crate::cluster::Cluster;
use crate::record::What;

/// Those of one kind: namespace, name, version.
#[derive(Default)]
pub struct ByHand(Vec<(String, String, u64)>);

/// Whether a record may tell of a write of one.
pub fn may_change(kind: &str, what: &What) -> bool {
    let is_told = matches!(
        what,
        What::Input { .. } | What::Undone { .. } | What::ServiceChanged { .. }
    );
    is_told && matches!(kind, "Endpoints" | "EndpointSlice")
}

impl ByHand {
    /// Those of a moment.
    pub fn of(cluster: &Cluster, kind: &str) -> ByHand {
        let store = &cluster.controllers.store;
        let keys: Vec<&(String, String)> = match kind {
            "Endpoints" => store.endpoints.iter().map(|(key, _)| key).collect(),
            "EndpointSlice" => store.slices.iter().map(|(key, _)| key).collect(),
            _ => Vec::new(),
        };
        let all = keys.into_iter().map(|(namespace, name)| {
            let version = cluster.versions.of_named(kind, namespace, name);
            (namespace.clone(), name.clone(), version)
        });
        ByHand(all.collect())
    }

    /// The names of those that were written or deleted since.
    pub fn written_since(&self, before: &ByHand) -> Vec<String> {
        let is_there = |of: &(String, String, u64)| {
            let mut own = self.0.iter();
            own.any(|own| (&own.0, &own.1) == (&of.0, &of.1))
        };
        let gone = before.0.iter().filter(|of| !is_there(of));
        let written = self.0.iter().filter(|of| !before.0.contains(of));
        gone.chain(written).map(|of| of.1.clone()).collect()
    }
}
