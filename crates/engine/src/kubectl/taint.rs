//! `kubectl taint nodes`.

use super::args::{Args, Flags};
use super::attempt::{split_changes, targets};
use super::failure::Failure;
use super::flags::{switch, NONE, PICK, PRINT, VALIDATE, WRITE};
use super::item::Thing;
use super::resource;
use super::view::View;
use super::{Output, Verb};
use crate::api::{Taint, TaintEffect};
use crate::scenario::{Act, TaintRemoval};

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "taint",
    summary: "Update the taints on one or more nodes",
    flags: FLAGS,
    run,
}];

const FLAGS: Flags = &[PRINT, PICK, WRITE, &[VALIDATE, switch("overwrite", NONE)]];

fn effect(text: &str) -> Result<TaintEffect, Failure> {
    match text {
        "NoSchedule" => Ok(TaintEffect::NoSchedule),
        "PreferNoSchedule" => Ok(TaintEffect::PreferNoSchedule),
        "NoExecute" => Ok(TaintEffect::NoExecute),
        _ => Err(Failure::usage(
            "taint",
            format!("invalid taint effect: {text}, unsupported taint effect"),
        )),
    }
}

fn parse(words: &[String]) -> Result<(Vec<Taint>, Vec<TaintRemoval>), Failure> {
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for word in words {
        if let Some(word) = word.strip_suffix('-') {
            let (key, of) = word.split_once(':').unwrap_or((word, ""));
            let key = key.split('=').next().unwrap_or(key).to_owned();
            let effect = if of.is_empty() {
                None
            } else {
                Some(effect(of)?)
            };
            remove.push(TaintRemoval { key, effect });
            continue;
        }
        let Some((name, of)) = word.split_once(':') else {
            return Err(Failure::client(format!("unknown taint spec: {word}")));
        };
        let (key, value) = name.split_once('=').unwrap_or((name, ""));
        add.push(Taint {
            key: key.to_owned(),
            value: value.to_owned(),
            effect: effect(of)?,
        });
    }
    Ok((add, remove))
}

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let (words, changes) = split_changes(&args.names);
    if words.is_empty() && changes.is_empty() {
        return Err(Failure::client(
            "one or more resources must be specified as <resource> <name>",
        ));
    }
    // Refused before anything is asked for.
    let kind = words.first().map_or("", String::as_str);
    if resource::find(kind).is_ok_and(|resource| resource.kind != "Node") {
        return Err(Failure::client(format!(
            "invalid resource type {kind}, only node types are supported"
        )));
    }
    if changes.is_empty() {
        return Err(Failure::client("at least one taint update is required"));
    }
    let (add, remove) = parse(&changes)?;
    let (items, failures) = targets(view, args, &words)?;
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
        output.done(&format!("{} {word}", item.path()), act);
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output.unless_dry(args))
}
