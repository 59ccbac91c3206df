//! Acts tried on a copy of the cluster: what the server would answer.

use super::args::Args;
use super::failure::Failure;
use super::get::named;
use super::item::{self, Item};
use super::resource;
use super::selector::Selector;
use super::view::View;
use crate::cluster::{Cluster, Cx};
use crate::controllers::ApiError;
use crate::ids::RecordId;
use crate::record::Log;
use crate::scenario::WorkloadRef;

/// What an act would give. The cluster itself stays as it is.
pub fn attempt<T>(
    view: &View,
    act: impl FnOnce(&mut Cx) -> Result<T, ApiError>,
) -> Result<T, Failure> {
    attempt_kept(view, act).map(|(given, _)| given)
}

/// The same, and the cluster as it would be afterwards.
pub fn attempt_kept<T>(
    view: &View,
    act: impl FnOnce(&mut Cx) -> Result<T, ApiError>,
) -> Result<(T, Cluster), Failure> {
    let mut cluster = view.cluster.clone();
    let mut log = Log::default();
    let mut cx = Cx {
        now: view.now,
        cause: RecordId::NONE,
        cluster: &mut cluster,
        log: &mut log,
    };
    match act(&mut cx) {
        Ok(given) => Ok((given, cluster)),
        Err(error) => Err(Failure::plain(error.to_string())),
    }
}

/// The objects that a changing verb names, or picks with `-l` and `--all`. Failures are those of
/// names that do not exist.
pub fn targets(
    view: &View,
    args: &Args,
    words: &[String],
) -> Result<(Vec<Item>, Vec<Failure>), Failure> {
    let mut items = Vec::new();
    let mut failures = Vec::new();
    if let Some(pairs) = named(words)? {
        for (resource, name) in pairs {
            match item::find(view, resource, &name) {
                Ok(item) => items.push(item),
                Err(failure) => failures.push(failure),
            }
        }
        return Ok((items, failures));
    }
    let labels = Selector::parse(args.get("selector").unwrap_or(""))?;
    for resource in resource::find_all(words.first().map_or("", String::as_str))? {
        if args.get("selector").is_none() && !args.is_on("all") {
            break;
        }
        let all = item::list(view, resource, Some(&view.namespace)).into_iter();
        items.extend(all.filter(|item| labels.matches(&item.labels)));
    }
    Ok((items, failures))
}

/// How a step names an object.
pub fn workload_ref(item: &Item) -> WorkloadRef {
    WorkloadRef {
        kind: item.resource.singular(),
        name: item.name.clone(),
    }
}

/// Whether a word is `TYPE/NAME` or one of the objects' words rather than `key=value` or `key-`.
pub fn split_changes(names: &[String]) -> (Vec<String>, Vec<String>) {
    let is_change =
        |word: &&String| word.contains('=') || word.ends_with('-') || word.contains(':');
    let first = names
        .iter()
        .position(|word| is_change(&word))
        .unwrap_or(names.len());
    (names[..first].to_vec(), names[first..].to_vec())
}

/// `key=value` sets, `key-` removes.
pub fn parse_changes(words: &[String]) -> Result<Vec<(String, Option<String>)>, Failure> {
    let parse = |word: &String| match word.split_once('=') {
        Some((key, value)) => Ok((key.to_owned(), Some(value.to_owned()))),
        None => match word.strip_suffix('-') {
            Some(key) => Ok((key.to_owned(), None)),
            None => Err(Failure::client(format!("unknown parameter type: {word}"))),
        },
    };
    words.iter().map(parse).collect()
}
