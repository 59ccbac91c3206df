//! `kubectl taint nodes`.

use super::args::{Args, Flags};
use super::attempt::{attempt_kept, targets};
use super::failure::Failure;
use super::flags::{switch, NONE, PICK, PRINT, VALIDATE, WRITE};
use super::item::Thing;
use super::resource;
use super::selector::Query;
use super::shown::Shown;
use super::view::View;
use super::{Output, Verb};
use crate::api::{Taint, TaintEffect};
use crate::controllers;
use crate::manifest::{label_value, qualified_name};
use crate::scenario::{Act, TaintRemoval};

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "taint",
    summary: "Update the taints on one or more nodes",
    flags: FLAGS,
    run,
}];

const FLAGS: Flags = &[PRINT, PICK, WRITE, &[VALIDATE, switch("overwrite", NONE)]];

/// A taint as a command line has it; the effect may be left out where one is taken away.
struct Spec<'w> {
    key: &'w str,
    value: &'w str,
    effect: Option<TaintEffect>,
}

/// `KEY[=VALUE][:EFFECT]`.
fn spec(word: &str) -> Result<Spec<'_>, Failure> {
    let invalid = |why: &str| {
        let text = format!("invalid taint spec: {word}{why}");
        Err(Failure::usage("taint", text))
    };
    let wrong = |messages: Vec<String>| invalid(&[", ", &messages.join("; ")].concat());
    let mut parts = word.split(':');
    let (name, of, rest) = (parts.next().unwrap_or(""), parts.next(), parts.next());
    let (mut key, mut value, mut effect) = (name, "", None);
    if rest.is_some() {
        return invalid("");
    }
    if let Some(of) = of {
        effect = Some(match of {
            "NoSchedule" => TaintEffect::NoSchedule,
            "PreferNoSchedule" => TaintEffect::PreferNoSchedule,
            "NoExecute" => TaintEffect::NoExecute,
            _ => {
                let text = format!("invalid taint effect: {of}, unsupported taint effect");
                return Err(Failure::usage("taint", text));
            }
        });
        (key, value) = name.split_once('=').unwrap_or((name, ""));
        if value.contains('=') {
            return invalid("");
        }
        let messages = label_value(value);
        if !messages.is_empty() {
            return wrong(messages);
        }
    }
    let messages = qualified_name(key);
    if !messages.is_empty() {
        return wrong(messages);
    }
    Ok(Spec { key, value, effect })
}

fn parse(words: &[String]) -> Result<(Vec<Taint>, Vec<TaintRemoval>), Failure> {
    let mut add: Vec<Taint> = Vec::new();
    let mut remove = Vec::new();
    for word in words {
        if let Some(word) = word.strip_suffix('-') {
            let Spec { key, effect, .. } = spec(word)?;
            let key = key.to_owned();
            remove.push(TaintRemoval { key, effect });
            continue;
        }
        let Spec { key, value, effect } = spec(word)?;
        let Some(effect) = effect else {
            let text = format!("invalid taint spec: {word}");
            return Err(Failure::usage("taint", text));
        };
        if add
            .iter()
            .any(|taint| taint.key == key && taint.effect == effect)
        {
            return Err(Failure::usage(
                "taint",
                format!(
                    "duplicated taints with the same key and effect: {{{key} {value} {effect:?} \
                     <nil>}}"
                ),
            ));
        }
        add.push(Taint {
            key: key.to_owned(),
            value: value.to_owned(),
            effect,
        });
    }
    Ok((add, remove))
}

/// The words for nodes, and the taints after them.
fn split(words: &[String]) -> Result<(&[String], &[String]), Failure> {
    let is_taint = |word: &String| word.contains(['=', ':']) || word.ends_with('-');
    let first = words.iter().position(is_taint).unwrap_or(words.len());
    let (nodes, taints) = words.split_at(first);
    match taints.iter().find(|word| !is_taint(word)) {
        None => Ok((nodes, taints)),
        Some(word) => Err(Failure::client(format!(
            "all resources must be specified before taint changes: {word}"
        ))),
    }
}

/// What is refused before any node is asked for.
fn check(
    args: &Args,
    words: &[String],
    (add, remove): (&[Taint], &[TaintRemoval]),
) -> Result<(), Failure> {
    let kind = words.first().map_or("", String::as_str);
    if resource::find(kind).map_err(|unknown| unknown.bare())?.kind != "Node" {
        return Err(Failure::client(format!(
            "invalid resource type {kind}, only node types are supported"
        )));
    }
    if words.len() < 2 && !args.is_on("all") && !Query::of(args).is_given() {
        let text = "at least one resource name must be specified since 'all' parameter is not set";
        return Err(Failure::client(text));
    }
    let both = remove.iter().filter_map(|gone| {
        let effect = gone.effect?;
        let mut add = add.iter();
        add.any(|taint| taint.key == gone.key && taint.effect == effect)
            .then(|| format!("{}={effect:?}", gone.key))
    });
    let both: Vec<String> = both.collect();
    match both.is_empty() {
        true => Ok(()),
        false => Err(Failure::client(format!(
            "can not both modify and remove the following taint(s) in the same command: {}",
            both.join(", ")
        ))),
    }
}

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let (words, changes) = split(&args.names)?;
    if words.is_empty() {
        return Err(Failure::client(
            "one or more resources must be specified as <resource> <name>",
        ));
    }
    if changes.is_empty() {
        return Err(Failure::client("at least one taint update is required"));
    }
    let (add, remove) = parse(changes)?;
    check(args, words, (&add, &remove))?;
    let shown = Shown::of(args)?;
    let (items, failures) = targets(view, args, words)?;
    let mut output = Output::default();
    for item in items {
        let Thing::Node(id) = item.thing else {
            continue;
        };
        let name = &item.name;
        let have = &view.cluster.nodes[id.index()].object.taints;
        let known = |taint: &Taint| {
            have.iter()
                .any(|t| (&t.key, t.effect) == (&taint.key, taint.effect))
        };
        if let Some(taint) = add.iter().find(|taint| known(taint)) {
            if !args.is_on("overwrite") {
                output.fail(&Failure::client(format!(
                    "node {name} already has {} taint(s) with same effect(s) and --overwrite is false",
                    taint.key
                )));
                continue;
            }
        }
        let is_there = |gone: &TaintRemoval| {
            have.iter()
                .any(|t| t.key == gone.key && gone.effect.is_none_or(|e| e == t.effect))
        };
        if let Some(gone) = remove.iter().find(|gone| !is_there(gone)) {
            let effect = gone
                .effect
                .map_or_else(String::new, |effect| format!(":{effect:?}"));
            output.fail(&Failure::client(format!(
                "taint \"{}{effect}\" not found",
                gone.key
            )));
            continue;
        }
        let word = match (add.is_empty(), remove.is_empty()) {
            (true, _) => "untainted",
            (false, true) => "tainted",
            (false, false) => "modified",
        };
        let act = Act::Taint {
            node: name.clone(),
            add: add.clone(),
            remove: remove.clone(),
        };
        let after = attempt_kept(view, |cx| controllers::taint(cx, name, &add, &remove));
        match after {
            Ok((_, after)) => shown.done(view, &item, word, &after, [act], &mut output),
            Err(failure) => output.fail(&failure),
        }
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}
