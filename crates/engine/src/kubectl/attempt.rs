//! Acts tried on a copy of the cluster: what the server would answer.

use super::args::Args;
use super::builder::{find, meant, Meant};
use super::failure::Failure;
use super::item::Item;
use super::selector::Query;
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
    tried(view, act).map_err(|error| Failure::plain(error.to_string()))
}

/// The same, with the server's own refusal.
pub fn tried<T>(
    view: &View,
    act: impl FnOnce(&mut Cx) -> Result<T, ApiError>,
) -> Result<(T, Cluster), ApiError> {
    let mut cluster = view.cluster.clone();
    let mut log = Log::default();
    let mut cx = Cx {
        now: view.now,
        cause: RecordId::NONE,
        cluster: &mut cluster,
        log: &mut log,
    };
    act(&mut cx).map(|given| (given, cluster))
}

/// The objects that a changing verb names, or picks with `-l` and `--all`. Failures are those of
/// names that do not exist.
pub fn targets(
    view: &View,
    args: &Args,
    words: &[String],
) -> Result<(Vec<Item>, Vec<Failure>), Failure> {
    chosen(view, meant(view, args, words, args.is_on("all"))?, args)
}

/// The same; a type alone stands for all of its objects.
pub fn all_targets(
    view: &View,
    args: &Args,
    words: &[String],
) -> Result<(Vec<Item>, Vec<Failure>), Failure> {
    chosen(view, meant(view, args, words, true)?, args)
}

/// The objects that are meant, and the names that do not exist.
pub fn chosen(
    view: &View,
    meant: Meant,
    args: &Args,
) -> Result<(Vec<Item>, Vec<Failure>), Failure> {
    let mut items = Vec::new();
    let mut failures = Vec::new();
    match meant {
        Meant::Types(resources) => {
            let is_wide = args.is_on("all-namespaces");
            let namespace = (!is_wide).then_some(view.namespace.as_str());
            let found = Query::of(args).list_all(view, &resources, namespace);
            // A namespace that is named is one that everything has to be in.
            let mut placed = found.0.iter().filter(|item| !item.namespace.is_empty());
            let refused = placed
                .next()
                .filter(|_| is_wide && args.get("namespace").is_some());
            return match refused {
                None => Ok(found),
                Some(item) => Err(Failure::client(format!(
                    "the namespace from the provided object \"{0}\" does not match the namespace \
                     \"\". You must pass '--namespace={0}' to perform this operation.",
                    item.namespace
                ))),
            };
        }
        Meant::Objects(objects) => {
            for (resource, name) in objects {
                match find(view, resource, &name) {
                    Ok(item) => items.push(item),
                    Err(failure) => failures.push(failure),
                }
            }
        }
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

/// The words for objects, and those after them: `key=value`, or `key-`. `what` names these.
pub fn split_changes(words: &[String], what: &str) -> Result<(Vec<String>, Vec<String>), Failure> {
    let is_change = |word: &String| {
        let sets = word.find('=').is_some_and(|at| at > 0);
        sets || (word.ends_with('-') && word != "-")
    };
    let first = words.iter().position(is_change).unwrap_or(words.len());
    let (objects, changes) = words.split_at(first);
    match changes.iter().find(|word| !is_change(word)) {
        None => Ok((objects.to_vec(), changes.to_vec())),
        Some(word) => Err(Failure::client(format!(
            "all resources must be specified before {what} changes: {word}"
        ))),
    }
}

/// `key=value` sets, `key-` removes.
pub fn parse_changes(words: &[String]) -> Vec<(String, Option<String>)> {
    let parse = |word: &String| match word.split_once('=') {
        Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
        None => (word.strip_suffix('-').unwrap_or(word).to_owned(), None),
    };
    words.iter().map(parse).collect()
}

/// The keys that are both set and removed.
pub fn in_conflict(changes: &[(String, Option<String>)]) -> Vec<&str> {
    let removed = changes.iter().filter(|(_, value)| value.is_none());
    let both = removed.filter(|(key, _)| {
        let mut others = changes.iter();
        others.any(|(other, value)| other == key && value.is_some())
    });
    both.map(|(key, _)| key.as_str()).collect()
}
