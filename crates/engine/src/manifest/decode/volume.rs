//! Volumes.

use super::container::from_pod;
use super::quantity;
use crate::api::{DownwardFile, KeyPath, Projected, Projection, Volume, VolumeSource};
use crate::manifest::field::Field;

/// A volume of a Pod.
pub fn volume(field: Field) -> Volume {
    Volume {
        name: text(&field, "name"),
        source: source(&field),
    }
}

fn text(of: &Field, name: &'static str) -> String {
    String::from(of.key(name).text())
}

fn source(field: &Field) -> VolumeSource {
    let config_map = field.key("configMap");
    let secret = field.key("secret");
    let projected = field.key("projected");
    let downward = field.key("downwardAPI");
    let claim = field.key("persistentVolumeClaim");
    let host = field.key("hostPath");
    if config_map.is_set() {
        return VolumeSource::ConfigMap {
            name: text(&config_map, "name"),
            optional: config_map.key("optional").bool(),
            items: key_paths(&config_map),
            mode: mode(&config_map, "defaultMode"),
        };
    }
    if secret.is_set() {
        return VolumeSource::Secret {
            name: text(&secret, "secretName"),
            optional: secret.key("optional").bool(),
            items: key_paths(&secret),
            mode: mode(&secret, "defaultMode"),
        };
    }
    if projected.is_set() || downward.is_set() {
        return VolumeSource::Projected(Box::new(match projected.is_set() {
            true => Projected {
                sources: projected.key("sources").items().map(projection).collect(),
                mode: mode(&projected, "defaultMode"),
                is_downward: false,
            },
            false => Projected {
                sources: vec![Projection::Downward(downward_files(&downward))],
                mode: mode(&downward, "defaultMode"),
                is_downward: true,
            },
        }));
    }
    if claim.is_set() {
        let name = text(&claim, "claimName");
        return VolumeSource::Claim { name };
    }
    if host.is_set() {
        let (path, kind) = (text(&host, "path"), text(&host, "type"));
        return VolumeSource::HostPath { path, kind };
    }
    let entries = field.node.map_or(&[][..], |node| node.entries());
    let is_empty_dir = |key: &str| matches!(key, "name" | "emptyDir");
    match entries.iter().all(|entry| is_empty_dir(&entry.key)) {
        true => VolumeSource::EmptyDir {
            limit: quantity(&field.key("emptyDir").key("sizeLimit")).map(|q| q.units()),
        },
        false => VolumeSource::Other,
    }
}

/// Permission bits, where they are set.
fn mode(of: &Field, name: &'static str) -> Option<u16> {
    let mode = of.key(name);
    mode.is_set()
        .then(|| u16::try_from(mode.int()).unwrap_or(0))
}

fn key_paths(source: &Field) -> Vec<KeyPath> {
    let pair = |item: Field| KeyPath {
        key: text(&item, "key"),
        path: text(&item, "path"),
        mode: mode(&item, "mode"),
    };
    source.key("items").items().map(pair).collect()
}

fn projection(field: Field) -> Projection {
    let secret = field.key("secret");
    let config_map = field.key("configMap");
    let downward = field.key("downwardAPI");
    let token = field.key("serviceAccountToken");
    if secret.is_set() || config_map.is_set() {
        let from = if secret.is_set() {
            &secret
        } else {
            &config_map
        };
        Projection::Keys {
            secret: secret.is_set(),
            name: text(from, "name"),
            optional: from.key("optional").bool(),
            items: key_paths(from),
        }
    } else if downward.is_set() {
        Projection::Downward(downward_files(&downward))
    } else if token.is_set() {
        Projection::Token {
            path: text(&token, "path"),
            audience: text(&token, "audience"),
            seconds: token.key("expirationSeconds").int_or(3_600),
        }
    } else {
        Projection::Other
    }
}

fn downward_files(source: &Field) -> Vec<DownwardFile> {
    let file = |item: Field| DownwardFile {
        path: text(&item, "path"),
        mode: mode(&item, "mode"),
        value: from_pod(&item),
    };
    source.key("items").items().map(file).collect()
}
