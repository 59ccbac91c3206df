//! Claims that a Pod mounts and that do not exist: seen here only if `nodeName` went past the
//! scheduler, which waits for them otherwise (FailedMount).

use crate::api::VolumeSource;
use crate::cluster::Cx;
use crate::ids::PodId;

/// What the event says of volumes that cannot be processed; None: all claims are there.
pub fn problem(cx: &Cx, pod: PodId) -> Option<String> {
    let state = cx.pod(pod);
    let claims = &cx.cluster.controllers.store.claims;
    let (mut volumes, mut errors) = (Vec::new(), Vec::new());
    for volume in &state.spec.volumes {
        let VolumeSource::Claim { name } = &volume.source else {
            continue;
        };
        let namespace = &state.namespace;
        if !claims.contains_key(&(namespace.to_string(), name.clone())) {
            volumes.push(volume.name.as_str());
            errors.push(format!(
                "error processing PVC {namespace}/{name}: failed to fetch PVC from API server: \
                 persistentvolumeclaims \"{name}\" not found"
            ));
        }
    }
    let (volumes, errors) = (volumes.join(" "), errors.join("; "));
    (!volumes.is_empty()).then(|| {
        format!(
            "Unable to attach or mount volumes: unmounted volumes=[{volumes}], unattached \
             volumes=[], failed to process volumes=[{volumes}]: {errors}"
        )
    })
}
