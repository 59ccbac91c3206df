//! The files of a Pod's volumes, with their permissions, and what keeps a volume from being set up.

use super::{config, host_path};
use crate::api::{DownwardFile, EnvValue, Keys, Projection, VolumeSource, FILE_MODE};
use crate::cluster::Cx;
use crate::container::filesystem::Node;
use crate::container::Volume;
use crate::controllers::names;
use crate::ids::PodId;

/// Names of files and what they are.
type Files = Vec<(String, Node)>;

/// The Pod's volumes with their content, in spec order; name and text of the first that cannot be
/// set up otherwise.
pub fn volumes(cx: &Cx, pod: PodId) -> Result<Vec<Volume>, (String, String)> {
    let spec = &cx.pod(pod).spec;
    spec.volumes
        .iter()
        .map(|volume| content(cx, pod, &volume.source).map_err(|text| (volume.name.clone(), text)))
        .collect()
}

/// `fsGroup`, if the Pod has one: what the kubelet manages is given to it.
fn fs_group(cx: &Cx, pod: PodId) -> Option<u32> {
    let group = cx.pod(pod).spec.groups.as_ref()?.fs_group?;
    u32::try_from(group).ok()
}

fn content(cx: &Cx, pod: PodId, source: &VolumeSource) -> Result<Volume, String> {
    if let VolumeSource::HostPath { path, kind } = source {
        return host_path::volume(cx, pod, path, kind);
    }
    let is_managed = !matches!(source, VolumeSource::Claim { .. });
    let is_empty = matches!(source, VolumeSource::EmptyDir { .. } | VolumeSource::Other);
    let mut volume = match is_managed && !is_empty {
        true => written(cx, pod, source)?,
        false => Volume::empty(),
    };
    if let Some(group) = fs_group(cx, pod).filter(|_| is_managed) {
        volume.tree.give_to_group(group, !is_empty);
    }
    Ok(volume)
}

/// A volume whose files come from objects.
#[inline(never)]
fn written(cx: &Cx, pod: PodId, source: &VolumeSource) -> Result<Volume, String> {
    let stamp = stamp(cx, pod);
    if let Some(of) = source.keys() {
        return Ok(Volume::written(keys(cx, pod, &of)?, &stamp, of.secret));
    }
    let files = match source {
        VolumeSource::Projected(projected) => {
            let mode = projected.mode.unwrap_or(FILE_MODE);
            projections(cx, pod, &projected.sources, mode)?
        }
        _ => Files::new(),
    };
    Ok(Volume::written(files, &stamp, true))
}

/// The name of the directory that the files of this moment lie in, without its dots: the time, and
/// a number that is chance in a real cluster.
fn stamp(cx: &Cx, pod: PodId) -> String {
    let clock = cx.pod(pod).world.clock;
    let c = clock.calendar(cx.now);
    let chance = names::spread(&cx.pod(pod).uid) % 10_000_000_000;
    format!(
        "{:04}_{:02}_{:02}_{:02}_{:02}_{:02}.{chance:010}",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    )
}

/// All sources of a projected volume, later files over earlier ones; what is missing in any of
/// them is told together.
fn projections(cx: &Cx, pod: PodId, sources: &[Projection], mode: u16) -> Result<Files, String> {
    let mut files = Files::new();
    let mut missing: Vec<String> = Vec::new();
    for source in sources {
        let found = match source {
            Projection::Keys {
                secret,
                name,
                optional,
                items,
            } => {
                let of = Keys {
                    secret: *secret,
                    name,
                    optional: *optional,
                    items,
                    mode,
                };
                keys(cx, pod, &of)
            }
            Projection::Downward(items) => Ok(downward(cx, pod, items, mode)),
            Projection::Token { path, .. } => {
                // A group that it is given to may read it; else only its owner may.
                let mode = if fs_group(cx, pod).is_some() {
                    0o600
                } else {
                    mode
                };
                Ok(vec![(path.clone(), Node::file(TOKEN, mode))])
            }
            Projection::Other => Ok(Files::new()),
        };
        match found {
            Ok(found) => files.extend(found),
            Err(text) if missing.contains(&text) => {}
            Err(text) => missing.push(text),
        }
    }
    match missing.len() {
        0 => Ok(files),
        1 => Err(missing.remove(0)),
        _ => Err(["[", &missing.join(", "), "]"].concat()),
    }
}

/// What stands for a token, which nobody here could check.
const TOKEN: &[u8] = b"eyJhbGciOiJSUzI1NiJ9.e30.";

/// The files of a ConfigMap or Secret: those of `items`, or all keys.
fn keys(cx: &Cx, pod: PodId, of: &Keys) -> Result<Files, String> {
    let (optional, items, mode) = (of.optional, of.items, of.mode);
    let found = match config::data(cx, pod, of.secret, of.name) {
        Ok(found) => found,
        Err(_) if optional => return Ok(Files::new()),
        Err(text) => return Err(text),
    };
    let file = |value: &String, mode: u16| Node::file(value.as_bytes(), mode);
    if items.is_empty() {
        let all = found.data.iter();
        return Ok(all
            .map(|(key, value)| (key.clone(), file(value, mode)))
            .collect());
    }
    let mut files = Files::new();
    for item in items {
        match found.data.get(&item.key) {
            Some(value) => {
                let node = file(value, item.mode.unwrap_or(mode));
                files.push((item.path.clone(), node));
            }
            None if optional => {}
            None => {
                let text = match of.secret {
                    true => "references non-existent secret key: ",
                    false => "configmap references non-existent config key: ",
                };
                return Err([text, &item.key].concat());
            }
        }
    }
    Ok(files)
}

/// Fields of the Pod as files.
fn downward(cx: &Cx, pod: PodId, items: &[DownwardFile], mode: u16) -> Files {
    let text = |value: &EnvValue| match value {
        EnvValue::Field(path) => config::field(cx, pod, path),
        EnvValue::Resource {
            container,
            resource,
            divisor,
        } => config::amount(cx, pod, None, container, resource, divisor),
        _ => String::new(),
    };
    let file = |item: &DownwardFile| {
        let node = Node::file(text(&item.value).as_bytes(), item.mode.unwrap_or(mode));
        (item.path.clone(), node)
    };
    items.iter().map(file).collect()
}
