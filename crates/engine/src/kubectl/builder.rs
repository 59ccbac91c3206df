//! Which objects a command line means: `TYPE`, `TYPE NAME…`, `TYPE/NAME…`, `-f`, with `-l`,
//! `--field-selector` or `--all`, and what kubectl refuses before it asks for any of them.
//! https://kubernetes.io/docs/reference/kubectl/#syntax

use super::args::Args;
use super::failure::Failure;
use super::item::{self, Item};
use super::resource::{self, Resource};
use super::selector::Query;
use super::view::View;
use crate::manifest;

/// What is meant.
pub enum Meant {
    /// These objects.
    Objects(Vec<(&'static Resource, String)>),
    /// Objects of these types: those that are picked, or all.
    Types(Vec<&'static Resource>),
}

/// What words mean, and `-f`. `every`: a type alone stands for all of its objects; without,
/// `--all` picks them.
pub fn meant(view: &View, args: &Args, words: &[String], every: bool) -> Result<Meant, Failure> {
    let picks = Query::of(args).is_given() || (args.is_on("all") && !every);
    meant_by(view, args, words, (every, picks))
}

/// The same where nothing picks objects.
pub fn meant_by_name(view: &View, args: &Args, words: &[String]) -> Result<Meant, Failure> {
    meant_by(view, args, words, (false, false))
}

fn meant_by(
    view: &View,
    args: &Args,
    words: &[String],
    (every, picks): (bool, bool),
) -> Result<Meant, Failure> {
    if let Some(file) = args.get("filename") {
        let named = named_in(view, file)?;
        if !words.is_empty() {
            return Err(Failure::client(
                "when paths, URLs, or stdin is provided as input, you may not specify resource \
                 arguments as well",
            ));
        }
        return Ok(Meant::Objects(named));
    }
    let is_tuples = words.iter().any(|word| word.contains('/'));
    let Some(pairs) = pairs(words)? else {
        let Some(types) = words.first() else {
            return Err(match picks {
                true => {
                    Failure::client("at least one resource must be specified to use a selector")
                }
                false => Failure::no_resources(),
            });
        };
        let types = resource::find_all(types)?;
        if !every && !picks {
            let text = "resource(s) were provided, but no name was specified";
            return Err(Failure::client(text));
        }
        return Ok(Meant::Types(types));
    };
    if picks {
        return Err(Failure::client(match is_tuples {
            true => {
                "selectors and the all flag cannot be used when passing resource/name arguments"
            }
            false => "name cannot be provided when a selector is specified",
        }));
    }
    let objects = found(pairs)?;
    if args.is_on("all-namespaces") && objects.iter().any(|(resource, _)| resource.namespaced) {
        let text = "a resource cannot be retrieved by name across all namespaces";
        return Err(Failure::client(text));
    }
    Ok(Meant::Objects(objects))
}

/// The objects of a manifest, by their names; those of our own Scenario document are none.
pub fn named_in(view: &View, file: &str) -> Result<Vec<(&'static Resource, String)>, Failure> {
    let Some(text) = view.file(file) else {
        let text = format!("the path \"{file}\" does not exist");
        return Err(Failure::client(text));
    };
    let documents = manifest::parse(text).documents.into_iter();
    let named = documents.filter_map(|document| {
        let resource = resource::find(&document.kind).ok()?;
        Some((resource, document.name))
    });
    Ok(named.collect())
}

/// Objects named one by one; None: whole types are meant.
pub fn named(words: &[String]) -> Result<Option<Vec<(&'static Resource, String)>>, Failure> {
    pairs(words)?.map(found).transpose()
}

/// An object by its name, which kubectl does not ask for when it is empty.
pub fn find(view: &View, resource: &'static Resource, name: &str) -> Result<Item, Failure> {
    match name {
        "" => Err(Failure::client("resource name may not be empty")),
        name => item::find(view, resource, name),
    }
}

fn found(pairs: Vec<(&str, &str)>) -> Result<Vec<(&'static Resource, String)>, Failure> {
    let find = |(kind, name): (&str, &str)| Ok((resource::find(kind)?, name.to_owned()));
    pairs.into_iter().map(find).collect()
}

/// The types and names of words that name objects.
fn pairs(words: &[String]) -> Result<Option<Vec<(&str, &str)>>, Failure> {
    if words.iter().any(|word| word.contains('/')) {
        return words
            .iter()
            .map(|word| tuple(word))
            .collect::<Result<_, _>>()
            .map(Some);
    }
    let Some((types, names)) = words.split_first().filter(|(_, names)| !names.is_empty()) else {
        return Ok(None);
    };
    if types == "all" {
        return Err(Failure::client("you must specify only one resource"));
    }
    let types = resource::distinct(types).into_iter();
    let pairs = types.flat_map(|kind| names.iter().map(move |name| (kind, name.as_str())));
    Ok(Some(pairs.collect()))
}

/// `TYPE/NAME`.
pub fn tuple(word: &str) -> Result<(&str, &str), Failure> {
    let refused = match word.split_once('/') {
        None => {
            "there is no need to specify a resource type as a separate argument when passing \
             arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead \
             of 'kubectl get resource resource/<resource_name>'"
        }
        Some((_, rest)) if rest.contains('/') => {
            "arguments in resource/name form may not have more than one slash"
        }
        Some((kind, name)) if !kind.is_empty() && !name.is_empty() && !kind.contains(',') => {
            return Ok((kind, name))
        }
        Some(_) => "arguments in resource/name form must have a single resource and name",
    };
    Err(Failure::client(refused))
}
