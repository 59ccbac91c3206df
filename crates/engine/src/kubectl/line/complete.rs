//! What Tab proposes.

use super::super::resource;
use super::super::{verbs, Flag};
use crate::cluster::Cluster;

/// Words of the Pod verbs whose argument is a Pod's name.
const POD_VERBS: [&str; 3] = ["logs", "exec", "port-forward"];
/// Resource types worth proposing, in the plural.
const TYPES: [&str; 12] = [
    "pods",
    "deployments",
    "replicasets",
    "services",
    "endpoints",
    "endpointslices",
    "nodes",
    "events",
    "namespaces",
    "configmaps",
    "secrets",
    "all",
];

/// The words that may stand for the last one of `line`, in order; the caller replaces that word.
pub fn complete(cluster: &Cluster, namespace: &str, line: &str) -> Vec<String> {
    let line = line.rsplit('|').next().unwrap_or("").trim_start();
    let (before, last) = match line.rfind(char::is_whitespace) {
        Some(at) => line.split_at(at + 1),
        None => ("", line),
    };
    let mut words: Vec<&str> = before.split_whitespace().collect();
    if matches!(words.first(), Some(&("kubectl" | "k"))) {
        words.remove(0);
    }
    let mut found = candidates(cluster, namespace, &words, last);
    found.retain(|word| word.starts_with(last));
    found.sort();
    found.dedup();
    found
}

fn candidates(cluster: &Cluster, namespace: &str, words: &[&str], last: &str) -> Vec<String> {
    let named: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !word.starts_with('-'))
        .collect();
    let both = named.get(..2).map(|pair| pair.join(" "));
    let is = |name: &str| both.as_deref() == Some(name) || named.first() == Some(&name);
    let verb = verbs()
        .filter(|verb| is(verb.name))
        .max_by_key(|verb| verb.name.len());
    let Some(verb) = verb else {
        let inner = |verb: &str| match named.first() {
            // The second word of `rollout status`.
            Some(first) => verb
                .strip_prefix(first)?
                .strip_prefix(' ')
                .map(str::to_owned),
            None => verb.split(' ').next().map(str::to_owned),
        };
        return verbs().filter_map(|verb| inner(verb.name)).collect();
    };
    if last.starts_with('-') {
        let flags = verb.flags.iter();
        return flags
            .map(|flag: &Flag| ["--", flag.long].concat())
            .collect();
    }
    let arguments = named.len() - verb.name.split(' ').count();
    if POD_VERBS.contains(&verb.name) {
        let others = ["deployment/"].map(String::from);
        let mut names = names(cluster, namespace, "Pod");
        names.extend(others);
        return if arguments == 0 { names } else { Vec::new() };
    }
    if let Some((kind, _)) = last.split_once('/') {
        let of = resource::find(kind).map(|resource| resource.kind);
        let names = of.map_or_else(|_| Vec::new(), |of| names(cluster, namespace, of));
        return names
            .into_iter()
            .map(|name| [kind, "/", &name].concat())
            .collect();
    }
    match (arguments, named.last().map(|kind| resource::find(kind))) {
        (0, _) => TYPES.map(String::from).to_vec(),
        (1, Some(Ok(resource))) => names(cluster, namespace, resource.kind),
        _ => Vec::new(),
    }
}

/// Names of the objects of a kind.
fn names(cluster: &Cluster, namespace: &str, kind: &str) -> Vec<String> {
    let controllers = &cluster.controllers;
    match kind {
        "Pod" => {
            let pods = cluster.live_pods().map(|pod| &cluster.pods[pod.index()]);
            let here = pods.filter(|pod| *pod.namespace == *namespace);
            here.map(|pod| pod.name.to_string()).collect()
        }
        "Node" => cluster
            .nodes
            .iter()
            .map(|node| node.name.to_string())
            .collect(),
        "Deployment" => {
            let live = controllers
                .deployments
                .iter()
                .filter(|d| d.removed_at.is_none());
            let here = live.filter(|d| *d.namespace == *namespace);
            here.map(|d| d.name.to_string()).collect()
        }
        "ReplicaSet" => {
            let live = controllers
                .replica_sets
                .iter()
                .filter(|set| set.removed_at.is_none());
            let here = live.filter(|set| *set.namespace == *namespace);
            here.map(|set| set.name.to_string()).collect()
        }
        "Service" | "Endpoints" => {
            let live = controllers
                .services
                .iter()
                .filter(|s| s.removed_at.is_none());
            let here = live.filter(|s| *s.namespace == *namespace);
            here.map(|s| s.name.to_string()).collect()
        }
        _ => Vec::new(),
    }
}
