//! What Tab offers for the last word of a line.

use super::{find, in_world, line, text, Desk};
use crate::kubectl::{verb_words, RESOURCE_NAMES};
use crate::scenario::{ContainerRef, PodRef};

/// The last word's possible ends, sorted; whole words.
pub fn complete(desk: &Desk, typed: &str) -> Vec<String> {
    let words = line::words(typed);
    let fresh = typed.is_empty() || typed.ends_with([' ', '\t']);
    let last = if fresh {
        ""
    } else {
        words.last().map_or("", String::as_str)
    };
    let before: Vec<&str> = words[..words.len() - usize::from(!fresh)]
        .iter()
        .map(String::as_str)
        .collect();
    let mut found = match desk.shell {
        Some(shell) => files(desk, shell, last),
        None => at_home(desk, &before),
    };
    found.retain(|word| word.starts_with(last));
    found.sort_unstable();
    found.dedup();
    found
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn at_home(desk: &Desk, before: &[&str]) -> Vec<String> {
    let Some((first, rest)) = before.split_first() else {
        let ours = super::home::OURS.iter().filter(|name| **name != "k");
        return ours
            .chain(&["clear"])
            .map(|name| (*name).to_owned())
            .collect();
    };
    match *first {
        "kubectl" | "k" => after_kubectl(desk, rest),
        "curl" => services(desk, "http://"),
        "fault" => super::fault::complete(rest),
        _ => Vec::new(),
    }
}

fn after_kubectl(desk: &Desk, words: &[&str]) -> Vec<String> {
    let flag = words.last().copied().unwrap_or("");
    match flag {
        "-n" | "--namespace" => return owned(&["default", "kube-system"]),
        "-o" | "--output" => return owned(&["wide", "yaml", "json", "name"]),
        "-c" | "--container" => return containers(desk, words),
        _ => {}
    }
    let plain: Vec<&str> = words
        .iter()
        .copied()
        .filter(|w| !w.starts_with('-'))
        .collect();
    match plain.as_slice() {
        [] => verb_words(""),
        [verb @ ("auth" | "config" | "create" | "rollout" | "set" | "top")] => verb_words(verb),
        ["exec" | "logs"] => pods(desk),
        ["cordon" | "uncordon" | "drain"] => nodes(desk),
        ["rollout", _] => deployments(desk, "deployment/"),
        ["scale"] => deployments(desk, "deployment/"),
        ["get" | "describe" | "delete" | "label" | "annotate" | "patch" | "wait"] => {
            owned(RESOURCE_NAMES)
        }
        [_, kind, ..] => match *kind {
            "pods" | "pod" | "po" => pods(desk),
            "nodes" | "node" | "no" => nodes(desk),
            "services" | "service" | "svc" => services(desk, ""),
            "deployments" | "deployment" | "deploy" => deployments(desk, ""),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn pods(desk: &Desk) -> Vec<String> {
    let cluster = desk.cluster;
    let live = cluster.live_pods();
    live.map(|pod| cluster.pods[pod.index()].name.to_string())
        .collect()
}

fn nodes(desk: &Desk) -> Vec<String> {
    let nodes = desk.cluster.nodes.iter();
    nodes.map(|node| node.name.to_string()).collect()
}

fn services(desk: &Desk, before: &str) -> Vec<String> {
    let live = desk.cluster.controllers.live_services();
    live.map(|(_, state)| [before, &state.name].concat())
        .collect()
}

fn deployments(desk: &Desk, before: &str) -> Vec<String> {
    let live = desk.cluster.controllers.live_deployments();
    live.map(|(_, state)| [before, &state.name].concat())
        .collect()
}

fn containers(desk: &Desk, words: &[&str]) -> Vec<String> {
    let cluster = desk.cluster;
    let named = cluster
        .live_pods()
        .find(|pod| words.contains(&&*cluster.pods[pod.index()].name));
    let Some(pod) = named else { return Vec::new() };
    let spec = &cluster.pods[pod.index()].spec;
    let all = (0..spec.container_count()).filter_map(|number| spec.container(number));
    all.map(|container| container.name.clone()).collect()
}

/// Files in the container.
fn files(desk: &Desk, shell: &super::Shell, last: &str) -> Vec<String> {
    let target = ContainerRef {
        pod: PodRef::Name(shell.pod.clone()),
        container: shell.container.clone(),
    };
    let Some((pod, container)) = find(desk.cluster, &target) else {
        return Vec::new();
    };
    let folder = last.rfind('/').map_or("", |at| &last[..=at]);
    let mut script = String::from("cd ");
    line::shell_quote(&shell.cwd, &mut script);
    script.push_str(" && ls -p ");
    line::shell_quote(if folder.is_empty() { "." } else { folder }, &mut script);
    let command = [shell.program.clone(), "-c".into(), script];
    let listed = in_world(desk, pod, container, &command);
    let listed = listed.map_or_else(String::new, |(result, _)| text(&result.stdout));
    listed.lines().map(|name| [folder, name].concat()).collect()
}
