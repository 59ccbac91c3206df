//! Volumes of a Pod.

use super::container::from_pod;
use crate::api::{KeyPath, Projected, Projection, Volume, VolumeSource, FILE_MODE};
use crate::kubectl::output::{list, map, Map, Value};
use crate::kubectl::pod_volume;

/// Seconds for which the kubelet's token is valid.
const TOKEN_SECONDS: u32 = 3607;

/// A volume as its object.
pub fn volume(volume: &Volume) -> Value {
    let source = match &volume.source {
        VolumeSource::EmptyDir { limit } => {
            let limit = limit.map(super::bytes_text);
            map().set("emptyDir", map().maybe("sizeLimit", limit))
        }
        VolumeSource::Other => map().set("emptyDir", map()),
        VolumeSource::ConfigMap { .. } => filled(volume, "configMap", "name"),
        VolumeSource::Secret { .. } => filled(volume, "secret", "secretName"),
        VolumeSource::Projected(projected) => projected_source(projected),
        VolumeSource::Claim { name } => {
            map().set("persistentVolumeClaim", map().set("claimName", name))
        }
        VolumeSource::HostPath { path, kind } => {
            map().set("hostPath", map().set("path", path).set("type", kind))
        }
    };
    source.set("name", &volume.name).into()
}

/// A volume of a ConfigMap or Secret, which is named differently.
fn filled(volume: &Volume, kind: &'static str, name: &'static str) -> Map {
    let Some(of) = volume.source.keys() else {
        return map();
    };
    let source = keys(of.items, of.optional).set("defaultMode", of.mode);
    map().set(kind, source.set(name, of.name))
}

fn keys(items: &[KeyPath], optional: bool) -> Map {
    let item = |item: &KeyPath| {
        map()
            .set("key", &item.key)
            .maybe("mode", item.mode)
            .set("path", &item.path)
    };
    map()
        .some("items", list(items.iter().map(item)))
        .some("optional", optional)
}

fn projected_source(projected: &Projected) -> Map {
    let mode = projected.mode.unwrap_or(FILE_MODE);
    let sources = projected.sources.iter().map(projection);
    if !projected.is_downward {
        let source = map().set("defaultMode", mode).set("sources", list(sources));
        return map().set("projected", source);
    }
    let files = projected.sources.iter().flat_map(|source| match source {
        Projection::Downward(files) => files.as_slice(),
        _ => &[],
    });
    let source = map()
        .set("defaultMode", mode)
        .some("items", list(files.map(downward_file)));
    map().set("downwardAPI", source)
}

fn projection(source: &Projection) -> Map {
    match source {
        Projection::Keys {
            secret,
            name,
            optional,
            items,
        } => {
            let kind = if *secret { "secret" } else { "configMap" };
            map().set(kind, keys(items, *optional).set("name", name))
        }
        Projection::Downward(files) => {
            let items = list(files.iter().map(downward_file));
            map().set("downwardAPI", map().set("items", items))
        }
        Projection::Token {
            path,
            audience,
            seconds,
        } => {
            let token = map()
                .some("audience", audience)
                .set("expirationSeconds", *seconds)
                .set("path", path);
            map().set("serviceAccountToken", token)
        }
        Projection::Other => map(),
    }
}

fn downward_file(file: &crate::api::DownwardFile) -> Map {
    let from = from_pod(&file.value).unwrap_or_default();
    from.maybe("mode", file.mode).set("path", &file.path)
}

/// The volume that the API server adds (API-04).
pub fn token(name: &str) -> Value {
    let token = map()
        .set("expirationSeconds", TOKEN_SECONDS)
        .set("path", "token");
    let certificate = map()
        .set(
            "items",
            list([map().set("key", "ca.crt").set("path", "ca.crt")]),
        )
        .set("name", pod_volume::ROOT_CERTIFICATE);
    let field = map()
        .set("apiVersion", "v1")
        .set("fieldPath", "metadata.namespace");
    let namespace = map().set("fieldRef", field).set("path", "namespace");
    let sources = list([
        map().set("serviceAccountToken", token),
        map().set("configMap", certificate),
        map().set("downwardAPI", map().set("items", list([namespace]))),
    ]);
    let projected = map().set("defaultMode", 420_u32).set("sources", sources);
    map().set("name", name).set("projected", projected).into()
}
