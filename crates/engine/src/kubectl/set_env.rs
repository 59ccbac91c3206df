//! `kubectl set env`.
//! https://kubernetes.io/docs/reference/kubectl/generated/kubectl_set/kubectl_set_env/

use super::args::{Args, Flags};
use super::attempt::{attempt, parse_changes, split_changes, targets, workload_ref};
use super::failure::Failure;
use super::flags::{switch, value, NONE, NO_FILES, PICK, PRINT, WRITE};
use super::get::named;
use super::item::{self, Item, Thing};
use super::output::{compact_json, list, map, Map, Value};
use super::patched::patch as patched;
use super::view::View;
use super::{Output, Verb};
use crate::api::{Container, EnvValue, EnvVar};
use crate::controllers;
use crate::scenario::{Act, PatchType};

const FLAGS: Flags = &[
    PRINT,
    NO_FILES,
    PICK,
    WRITE,
    &[
        value("containers", 'c'),
        value("env", 'e'),
        value("from", NONE),
        value("keys", NONE),
        switch("list", NONE),
        switch("local", NONE).absent(),
        switch("overwrite", NONE),
        value("prefix", NONE),
        switch("resolve", NONE),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "set env",
    summary: "Update environment variables on a pod template",
    flags: FLAGS,
    run,
}];

/// A variable and what becomes of it.
enum Change {
    Set(String),
    /// From a key of a ConfigMap (`configMapKeyRef`) or Secret, by its name.
    Refer {
        field: &'static str,
        of: String,
        key: String,
    },
    Remove,
}

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let (words, mut given) = split_changes(&args.names);
    given.extend(args.all("env").map(str::to_owned));
    check(args, &words, &given)?;
    let plain = parse_changes(&given)?;
    let referred = match args.get("from") {
        Some(from) => referred(view, args, from)?,
        None => Vec::new(),
    };
    let (items, failures) = targets(view, args, &words)?;
    let mut output = Output::default();
    for item in items {
        let containers = chosen(view, args, &item);
        if containers.is_empty() {
            let wanted = args.get("containers").unwrap_or("*");
            output.stderr.push_str(&format!(
                "warning: {}/{} does not have any containers matching {}\n",
                item.resource.kind,
                item.name,
                crate::manifest::yaml::quote(wanted)
            ));
        } else if args.is_on("list") {
            show(view, args, &item, &containers, &mut output);
        } else {
            match change(view, args, &item, &containers, (&plain, &referred)) {
                Ok(None) => {}
                Ok(Some(act)) => output.done(&format!("{} env updated", item.path()), act),
                Err(failure) => output.fail(&failure),
            }
        }
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output.unless_dry(args))
}

/// What cannot be meant.
fn check(args: &Args, words: &[String], given: &[String]) -> Result<(), Failure> {
    let is_list = args.is_on("list");
    let refused = if words.is_empty() {
        "one or more resources must be specified as <resource> <name> or <resource>/<name>"
    } else if args.get("keys").is_some() && args.get("from").is_none() {
        "when specifying --keys, a configmap or secret must be provided with --from"
    } else if !is_list && given.is_empty() && args.get("from").is_none() {
        "at least one environment variable must be provided"
    } else if is_list && args.get("output").is_some() {
        "--list and --output may not be specified together"
    } else {
        return Ok(());
    };
    Err(Failure::client(refused))
}

type Plain = (String, Option<String>);

/// The act that changes an object; None: nothing would change.
fn change(
    view: &View,
    args: &Args,
    item: &Item,
    containers: &[(&'static str, &Container)],
    (plain, referred): (&[Plain], &[Referred]),
) -> Result<Option<Act>, Failure> {
    if args.get("overwrite") == Some("false") {
        let taken = containers.iter().flat_map(|(_, container)| &container.env);
        let mut taken = taken.filter_map(|variable| match &variable.value {
            EnvValue::Literal(value) if !value.is_empty() => Some((&variable.name, value)),
            _ => None,
        });
        let is_set = |name: &str| plain.iter().any(|(n, v)| n == name && v.is_some());
        if let Some((name, value)) = taken.find(|(name, _)| is_set(name)) {
            return Err(Failure::client(format!(
                "'{name}' already has a value ({value}), and --overwrite is false"
            )));
        }
    }
    let is_plain = args.get("containers").is_none()
        && referred.is_empty()
        && containers.iter().all(|(list, _)| *list == "containers")
        && !matches!(item.thing, Thing::Pod(_));
    if is_plain {
        return whole(view, item, plain);
    }
    let mut changes: Vec<(String, Change)> = Vec::new();
    for (name, field, of, key) in referred {
        let (of, key) = (of.clone(), key.clone());
        changes.push((name.clone(), Change::Refer { field, of, key }));
    }
    for (name, value) in plain {
        let change = value.clone().map_or(Change::Remove, Change::Set);
        changes.push((name.clone(), change));
    }
    patch(view, item, containers, &changes)
}

/// The containers that `-c` names, or all, each with the field that lists it: init containers last.
fn chosen<'v>(view: &'v View, args: &Args, item: &Item) -> Vec<(&'static str, &'v Container)> {
    let wanted = args.get("containers").unwrap_or("*");
    let Some(spec) = view.pod_spec(&item.thing) else {
        return Vec::new();
    };
    let containers = spec.containers.iter().map(|c| ("containers", c));
    let inits = spec.init_containers.iter().map(|c| ("initContainers", c));
    let all = containers.chain(inits);
    all.filter(|(_, container)| matches(wanted, &container.name))
        .collect()
}

/// A name with `*` for any part of it.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            ends.any(|at| matches(after, &rest[at..]))
        }),
    }
}

/// `--list`.
fn show(
    view: &View,
    args: &Args,
    item: &Item,
    containers: &[(&'static str, &Container)],
    output: &mut Output,
) {
    for (_, container) in containers {
        let (kind, name) = (item.resource.kind, &item.name);
        let head = format!("# {kind} {name}, container {}\n", container.name);
        output.stdout.push_str(&head);
        for variable in &container.env {
            let (name, found) = (&variable.name, resolved(view, variable));
            let line = match (&variable.value, found) {
                (EnvValue::Literal(value), _) => format!("{name}={value}\n"),
                (_, Some(value)) if args.is_on("resolve") => format!("{name}={value}\n"),
                (source, _) => format!("# {name} from {}\n", source_text(source)),
            };
            output.stdout.push_str(&line);
        }
    }
}

/// Where a value comes from, in kubectl's words.
fn source_text(source: &EnvValue) -> String {
    match source {
        EnvValue::Literal(value) => value.clone(),
        EnvValue::ConfigMapKey { name, key, .. } => format!("configmap {name}, key {key}"),
        EnvValue::SecretKey { name, key, .. } => format!("secret {name}, key {key}"),
        EnvValue::Field(path) => format!("field path {path}"),
        EnvValue::Resource {
            container,
            resource,
            ..
        } if container.is_empty() => format!("resource field {resource}"),
        EnvValue::Resource {
            container,
            resource,
            ..
        } => format!("resource field {container}/{resource}"),
    }
}

/// The value of a key of a ConfigMap or Secret that is there.
fn resolved(view: &View, variable: &EnvVar) -> Option<String> {
    let (kind, name, key) = match &variable.value {
        EnvValue::ConfigMapKey { name, key, .. } => ("ConfigMap", name, key),
        EnvValue::SecretKey { name, key, .. } => ("Secret", name, key),
        _ => return None,
    };
    let item = item::find(view, super::resource::of_kind(kind), name).ok()?;
    match &item.thing {
        Thing::Config(data) => data.data.get(key).cloned(),
        _ => None,
    }
}

type Referred = (String, &'static str, String, String);

/// `--from`: a variable for each key, or each of `--keys`.
fn referred(view: &View, args: &Args, from: &str) -> Result<Vec<Referred>, Failure> {
    let pairs = named(&[from.to_owned()])?.unwrap_or_default();
    let prefix = args.get("prefix").unwrap_or("");
    let keys: Vec<&str> = args.all("keys").flat_map(|keys| keys.split(',')).collect();
    let mut found = Vec::new();
    for (resource, name) in pairs {
        let item = item::find(view, resource, &name)?;
        let (field, data) = match (&item.thing, resource.kind) {
            (Thing::Config(data), "ConfigMap") => ("configMapKeyRef", data),
            (Thing::Config(data), "Secret") => ("secretKeyRef", data),
            _ => {
                let text = format!("unsupported resource specified in --from: {from}");
                return Err(Failure::client(text));
            }
        };
        let wanted = |key: &&String| keys.is_empty() || keys.contains(&key.as_str());
        for key in data.data.keys().filter(wanted) {
            let is_kept = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let letters = key.chars().map(|c| if is_kept(c) { c } else { '_' });
            let name: String = letters.map(|c| c.to_ascii_uppercase()).collect();
            let name = [prefix, &name].concat();
            found.push((name, field, item.name.clone(), key.clone()));
        }
    }
    Ok(found)
}

/// The same for all containers of a workload.
fn whole(
    view: &View,
    item: &Item,
    changes: &[(String, Option<String>)],
) -> Result<Option<Act>, Failure> {
    let workload = workload_ref(item);
    let is_changed = attempt(view, |cx| {
        controllers::set_env(cx, &view.namespace, &workload, changes)
    })?;
    let env = changes.to_vec();
    Ok(is_changed.then_some(Act::SetEnv { workload, env }))
}

/// A strategic merge patch of these containers.
fn patch(
    view: &View,
    item: &Item,
    containers: &[(&'static str, &Container)],
    changes: &[(String, Change)],
) -> Result<Option<Act>, Failure> {
    let mut spec = map();
    let mut is_same = true;
    for field in ["containers", "initContainers"] {
        let of_field = containers.iter().filter(|(list, _)| *list == field);
        let entries: Vec<Map> = of_field
            .filter_map(|(_, container)| {
                let env: Vec<Map> = changes
                    .iter()
                    .filter_map(|(name, change)| entry(container, name, change))
                    .collect();
                let entry = map().set("name", &container.name);
                (!env.is_empty()).then(|| entry.set("env", list(env)))
            })
            .collect();
        if !entries.is_empty() {
            is_same = false;
            spec = spec.set(field, list(entries));
        }
    }
    if is_same {
        return Ok(None);
    }
    let whole = match item.thing {
        Thing::Pod(_) => map().set("spec", spec),
        _ => map().set("spec", map().set("template", map().set("spec", spec))),
    };
    let (kind, name) = (item.resource.singular(), item.name.clone());
    let patch = compact_json(&Value::from(whole));
    let way = PatchType::Strategic;
    let is_changed = attempt(view, |cx| {
        patched(cx, (&kind, &view.namespace, &name), &patch, way)
    })?;
    Ok(is_changed.then_some(Act::Patch {
        kind,
        name,
        subresource: String::new(),
        patch,
        way,
    }))
}

/// A variable in a patch; None: it stays as it is.
fn entry(container: &Container, name: &str, change: &Change) -> Option<Map> {
    let have = container.env.iter().find(|variable| variable.name == name);
    let entry = map().set("name", name);
    Some(match change {
        Change::Set(value) => {
            let entry = entry.set("value", value);
            match have.map(|variable| &variable.value) {
                Some(EnvValue::Literal(old)) if old == value => return None,
                None | Some(EnvValue::Literal(_)) => entry,
                Some(_) => entry.set("valueFrom", Value::Null),
            }
        }
        Change::Refer { field, of, key } => {
            let source = map().set(field, map().set("name", of).set("key", key));
            let entry = entry.set("valueFrom", source);
            match have.map(|variable| &variable.value) {
                Some(EnvValue::Literal(_)) => entry.set("value", Value::Null),
                _ => entry,
            }
        }
        Change::Remove => {
            have?;
            entry.set("$patch", "delete")
        }
    })
}
