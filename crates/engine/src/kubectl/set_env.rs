//! `kubectl set env`.
//! https://kubernetes.io/docs/reference/kubectl/generated/kubectl_set/kubectl_set_env/

use super::args::{Args, Flags};
use super::attempt::{
    attempt_kept, in_conflict, parse_changes, split_changes, targets, workload_ref,
};
use super::builder::named;
use super::failure::Failure;
use super::flags::{switch, value, FILES, NONE, PICK, PRINT, WRITE};
use super::item::{self, Item, Thing};
use super::output::{list, map, Map, Value};
use super::shown::Shown;
use super::template_change::{change_template, matches, no_template, single_refusal};
use super::view::View;
use super::{Output, Verb};
use crate::api::{Container, EnvValue, EnvVar};
use crate::cluster::Cluster;
use crate::controllers;
use crate::scenario::Act;

const FLAGS: Flags = &[
    PRINT,
    FILES,
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
    let (words, mut given) = split_changes(&args.names, "").map_err(|_| {
        let words = args.names.join(" ");
        Failure::client(format!(
            "all resources must be specified before environment changes: {words}"
        ))
    })?;
    given.extend(args.all("env").map(str::to_owned));
    check(args, &words, &given)?;
    let plain = parse_changes(&given);
    let shown = Shown::of(args)?;
    let mut output = Output::default();
    let referred = match args.get("from") {
        Some(from) => referred(view, args, from, &mut output)?,
        None => Vec::new(),
    };
    let (items, failures) = targets(view, args, &words)?;
    for item in items {
        if view.pod_spec(&item.thing).is_none() {
            output.fail(&no_template(&item));
            continue;
        }
        let containers = chosen(view, args, &item);
        if containers.is_empty() {
            let wanted = args.get("containers").unwrap_or("*");
            output.stderr.push_str(&format!(
                "Warning: {}/{} does not have any containers matching {}\n",
                item.resource.kind,
                item.name,
                crate::manifest::yaml::quote(wanted)
            ));
            continue;
        }
        let changed = change(view, args, &item, &containers, (&plain, &referred));
        match changed {
            Err(failure) => output.fail(&failure),
            Ok(changed) if args.is_on("list") => {
                let after = changed.map(|(_, after)| after);
                let inner = view.of(after.as_ref().unwrap_or(view.cluster));
                show(&inner, args, &item, &mut output);
            }
            Ok(None) => {}
            Ok(Some((act, after))) => {
                shown.done(view, &item, "env updated", &after, [act], &mut output);
            }
        }
    }
    failures.iter().for_each(|failure| output.fail(failure));
    single_refusal(&mut output);
    Ok(output)
}

const ENV_NAME: &str = "a valid environment variable name must consist of alphabetic characters, \
                        digits, '_', '-', or '.', and must not start with a digit (e.g. \
                        'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for \
                        validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";

/// What cannot be meant.
fn check(args: &Args, words: &[String], given: &[String]) -> Result<(), Failure> {
    let refused = if words.is_empty() && args.get("filename").is_none() {
        "one or more resources must be specified as <resource> <name> or <resource>/<name>"
    } else if args.get("keys").is_some() && args.get("from").is_none() {
        "when specifying --keys, a configmap or secret must be provided with --from"
    } else if args.is_on("list") && args.get("output").is_some() {
        "--list and --output may not be specified together"
    } else {
        ""
    };
    if !refused.is_empty() {
        return Err(Failure::client(refused));
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    for word in given {
        let Some((name, _)) = word.split_once('=') else {
            match word.ends_with('-') {
                true => continue,
                false => {
                    let text = format!("unknown environment variable: {word}");
                    return Err(Failure::client(text));
                }
            }
        };
        let is_name = name.chars().all(is_part) && !name.starts_with(|c: char| c.is_ascii_digit());
        if name.is_empty() || !is_name {
            let text = format!("\"{name}\" is not a valid key name: {ENV_NAME}");
            return Err(Failure::client(text));
        }
    }
    if !in_conflict(&parse_changes(given)).is_empty() {
        let text =
            "can not both modify and remove the same environment variable in the same command";
        return Err(Failure::client(text));
    }
    Ok(())
}

type Plain = (String, Option<String>);

/// The act that changes an object; None: nothing would change.
fn change(
    view: &View,
    args: &Args,
    item: &Item,
    containers: &[(&'static str, &Container)],
    (plain, referred): (&[Plain], &[Referred]),
) -> Result<Option<(Act, Cluster)>, Failure> {
    if args.get("overwrite") == Some("false") {
        let taken = containers.iter().flat_map(|(_, container)| &container.env);
        let mut taken = taken.filter_map(|variable| match &variable.value {
            EnvValue::Literal(value) if !value.is_empty() => Some((&variable.name, value)),
            _ => None,
        });
        let is_set = |name: &str| plain.iter().any(|(n, v)| n == name && v.is_some());
        if let Some((name, value)) = taken.find(|(name, _)| is_set(name)) {
            return Err(Failure::client(format!(
                "{}/{} '{name}' already has a value ({value}), and --overwrite is false",
                item.resource.plural, item.name
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

/// `--list`.
fn show(view: &View, args: &Args, item: &Item, output: &mut Output) {
    for (_, container) in chosen(view, args, item) {
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
fn referred(
    view: &View,
    args: &Args,
    from: &str,
    output: &mut Output,
) -> Result<Vec<Referred>, Failure> {
    let Some(pairs) = named(&[from.to_owned()])? else {
        let text = "resource(s) were provided, but no name was specified";
        return Err(Failure::client(text));
    };
    let prefix = args.get("prefix").unwrap_or("");
    let keys: Vec<&str> = args.all("keys").flat_map(|keys| keys.split(',')).collect();
    let mut found = Vec::new();
    for (resource, name) in pairs {
        let item = item::find(view, resource, &name)?;
        let (field, data) = match (&item.thing, resource.kind) {
            (Thing::Config(data), "ConfigMap") => ("configMapKeyRef", data),
            (Thing::Config(data), "Secret") => ("secretKeyRef", data),
            _ => {
                return Err(Failure::client("unsupported resource specified in --from"));
            }
        };
        let wanted = |key: &&String| keys.is_empty() || keys.contains(&key.as_str());
        for key in data.data.keys().filter(wanted) {
            let is_kept = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let letters = key.chars().map(|c| if is_kept(c) { c } else { '_' });
            let name: String = letters.map(|c| c.to_ascii_uppercase()).collect();
            if name != *key {
                let warning = format!("Warning: key {key} transferred to {name}\n");
                output.stderr.push_str(&warning);
            }
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
) -> Result<Option<(Act, Cluster)>, Failure> {
    let workload = workload_ref(item);
    let (is_changed, after) = attempt_kept(view, |cx| {
        controllers::set_env(cx, &view.namespace, &workload, changes)
    })?;
    let env = changes.to_vec();
    Ok(is_changed.then_some((Act::SetEnv { workload, env }, after)))
}

/// A strategic merge patch of these containers.
fn patch(
    view: &View,
    item: &Item,
    containers: &[(&'static str, &Container)],
    changes: &[(String, Change)],
) -> Result<Option<(Act, Cluster)>, Failure> {
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
    change_template(
        view,
        item,
        spec,
        "failed to patch env update to pod template: ",
    )
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
