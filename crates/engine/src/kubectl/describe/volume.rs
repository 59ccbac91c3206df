//! Volumes of a Pod or of a template.

use super::Text;
use crate::api::{Volume, VolumeSource};
use crate::kubectl::pod_volume;

/// `uid`: of the Pod that has a token volume, too. `space`: what stands before each heading.
pub fn volumes(volumes: &[Volume], uid: Option<&str>, space: &str, text: &mut Text) {
    if volumes.is_empty() && uid.is_none() {
        return text.line(0, format!("{space}Volumes:\t<none>"));
    }
    text.line(0, format!("{space}Volumes:"));
    let indent = if space.is_empty() { "" } else { " " };
    for volume in volumes {
        text.line(1, format!("{indent}{}:", volume.name));
        source(&volume.source, text);
    }
    if let Some(uid) = uid {
        text.line(1, format!("{}:", pod_volume::name(uid)));
        let kind = "Projected (a volume that contains injected data from multiple sources)";
        text.field(2, "Type", kind);
        text.field(2, "TokenExpirationSeconds", 3607);
        text.field(2, "ConfigMapName", pod_volume::ROOT_CERTIFICATE);
        text.field(2, "Optional", false);
        text.field(2, "DownwardAPI", true);
    }
}

fn source(source: &VolumeSource, text: &mut Text) {
    match source {
        VolumeSource::EmptyDir { limit } => {
            text.field(
                2,
                "Type",
                "EmptyDir (a temporary directory that shares a pod's lifetime)",
            );
            text.field(2, "Medium", "");
            let limit = limit.map(crate::kubectl::object::bytes_text);
            text.field(2, "SizeLimit", limit.as_deref().unwrap_or("<unset>"));
        }
        VolumeSource::ConfigMap { name, optional, .. } => {
            text.field(2, "Type", "ConfigMap (a volume populated by a ConfigMap)");
            text.field(2, "Name", name);
            text.field(2, "Optional", optional);
        }
        VolumeSource::Secret { name, optional, .. } => {
            text.field(2, "Type", "Secret (a volume populated by a Secret)");
            text.field(2, "SecretName", name);
            text.field(2, "Optional", optional);
        }
        VolumeSource::Claim { name } => {
            let kind = "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same \
                        namespace)";
            text.field(2, "Type", kind);
            text.field(2, "ClaimName", name);
            text.field(2, "ReadOnly", false);
        }
        VolumeSource::HostPath { path } => {
            text.field(2, "Type", "HostPath (bare host directory volume)");
            text.field(2, "Path", path);
            text.field(2, "HostPathType", "");
        }
        VolumeSource::Other => text.line(1, "<unknown>"),
    }
}
