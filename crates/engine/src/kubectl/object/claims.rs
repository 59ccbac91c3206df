//! PersistentVolumeClaims and the volumes that stand behind them.

use super::metadata;
use crate::api::Claim;
use crate::controllers::ClaimState;
use crate::kubectl::get::claim_class;
use crate::kubectl::item::{volume_name, Item};
use crate::kubectl::output::{list, map, Map};
use crate::kubectl::view::View;

/// Keeps a claim while Pods use it.
pub const CLAIM_FINALIZER: &str = "kubernetes.io/pvc-protection";
/// Keeps a volume while it is bound.
pub const VOLUME_FINALIZER: &str = "kubernetes.io/pv-protection";

/// `spec` of a claim; `volume`: the one that it is bound to.
pub fn spec(claim: &Claim, volume: Option<&str>) -> Map {
    let requests = map().some("storage", claim.storage.as_str());
    map()
        .some("accessModes", list(&claim.access_modes))
        .some("resources", map().some("requests", requests))
        .maybe("storageClassName", claim.class.as_ref())
        .set("volumeMode", "Filesystem")
        .maybe("volumeName", volume)
}

pub fn claim(view: &View, item: &Item, state: &ClaimState) -> Map {
    let claim = &state.object;
    let annotations = view.annotations(item, &claim.metadata.annotations);
    let meta = metadata(view, item, "")
        .some("annotations", &annotations)
        .set("finalizers", list([CLAIM_FINALIZER]));
    let class = Some(claim_class(claim).to_owned());
    let bound = Claim {
        class,
        ..claim.clone()
    };
    let volume = volume_name(&item.namespace, &item.name);
    let status = map()
        .some("accessModes", list(&claim.access_modes))
        .set("capacity", map().some("storage", claim.storage.as_str()))
        .set("phase", "Bound");
    map()
        .set("metadata", meta)
        .set("spec", spec(&bound, Some(&volume)))
        .set("status", status)
}

pub fn volume(view: &View, item: &Item, state: &ClaimState) -> Map {
    let claim = &state.object;
    let reference = map()
        .set("apiVersion", "v1")
        .set("kind", "PersistentVolumeClaim")
        .set("name", &claim.metadata.name)
        .some("namespace", claim_namespace(view, state));
    let spec = map()
        .some("accessModes", list(&claim.access_modes))
        .set("capacity", map().some("storage", claim.storage.as_str()))
        .set("claimRef", reference)
        .set("persistentVolumeReclaimPolicy", "Delete")
        .set("storageClassName", claim_class(claim))
        .set("volumeMode", "Filesystem");
    let meta = metadata(view, item, "").set("finalizers", list([VOLUME_FINALIZER]));
    map()
        .set("metadata", meta)
        .set("spec", spec)
        .set("status", map().set("phase", "Bound"))
}

/// The namespace of a claim.
pub fn claim_namespace<'a>(view: &'a View, state: &'a ClaimState) -> &'a str {
    match state.object.metadata.namespace.as_str() {
        "" => &view.cluster.namespace,
        namespace => namespace,
    }
}
