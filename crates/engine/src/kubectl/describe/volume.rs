//! Volumes of a Pod or of a template.

use super::Text;
use crate::api::{EnvValue, Projection, Volume, VolumeSource};
use crate::kubectl::pod_volume;

const PROJECTED: &str = "Projected (a volume that contains injected data from multiple sources)";

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
        text.field(2, "Type", PROJECTED);
        text.field(2, "TokenExpirationSeconds", 3607);
        text.field(2, "ConfigMapName", pod_volume::ROOT_CERTIFICATE);
        text.field(2, "Optional", false);
        text.field(2, "DownwardAPI", true);
    }
}

fn downward_files(source: &Projection, text: &mut Text) {
    let Projection::Downward(files) = source else {
        return;
    };
    for file in files {
        let from = match &file.value {
            EnvValue::Resource { resource, .. } => resource,
            EnvValue::Field(path) => path,
            _ => continue,
        };
        text.line(3, format!("{from} -> {}", file.path));
    }
}

fn projection(source: &Projection, text: &mut Text) {
    match source {
        Projection::Keys {
            secret,
            name,
            optional,
            ..
        } => {
            let kind = if *secret {
                "SecretName"
            } else {
                "ConfigMapName"
            };
            text.field(2, kind, name);
            text.field(2, "Optional", optional);
        }
        Projection::Downward(_) => text.field(2, "DownwardAPI", true),
        Projection::Token { seconds, .. } => text.field(2, "TokenExpirationSeconds", seconds),
        Projection::Other => {}
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
        VolumeSource::Projected(projected) if projected.is_downward => {
            let kind = "DownwardAPI (a volume populated by information about the pod)";
            text.field(2, "Type", kind);
            text.line(2, "Items:");
            for source in &projected.sources {
                downward_files(source, text);
            }
        }
        VolumeSource::Projected(projected) => {
            text.field(2, "Type", PROJECTED);
            for source in &projected.sources {
                projection(source, text);
            }
        }
        VolumeSource::Claim { name } => {
            let kind = "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same \
                        namespace)";
            text.field(2, "Type", kind);
            text.field(2, "ClaimName", name);
            text.field(2, "ReadOnly", false);
        }
        VolumeSource::HostPath { path, kind } => {
            text.field(2, "Type", "HostPath (bare host directory volume)");
            text.field(2, "Path", path);
            text.field(2, "HostPathType", kind);
        }
        VolumeSource::Other => text.line(1, "<unknown>"),
    }
}
