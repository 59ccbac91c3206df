//! Generated names in recorded commands, and whom the replay knows under which name.
//!
//! A ReplicaSet is matched by its turn among its Deployment's, a Pod by its ReplicaSet, when it was
//! created and removed, and its node.

use crate::conformance::traces::pack::Run;
use readyz_engine::cluster::{Cluster, Owner};
use readyz_engine::time::{Duration, Instant};
use readyz_engine::trace::{Change, Verb};

/// A Pod of either side.
struct Pod {
    name: String,
    set: String,
    created: i64,
    removed: i64,
    node: String,
}

/// Recorded names with the replay's, and what a case calls them.
#[derive(Default)]
pub struct Names {
    pairs: Vec<(String, String, String)>,
}

/// Later than any run, in milliseconds.
const NEVER: i64 = i64::MAX / 4;
/// Another node weighs as much as half a second.
const OTHER_NODE: i64 = 500;
/// Removals weigh less than creations: they may come late.
const REMOVAL_MAX: i64 = 5_000;

impl Names {
    /// Matches the names of a run with those of its replay.
    pub fn of(run: &Run, cluster: &Cluster, offset: Duration) -> Names {
        let mut names = Names::default();
        names.match_sets(run, cluster);
        let mut mine = replayed(cluster, offset);
        for pod in recorded(run) {
            let Some(set) = names.replayed(&pod.set) else {
                continue;
            };
            let cost = |other: &Pod| {
                (pod.created - other.created).abs()
                    + (pod.removed - other.removed).abs().min(REMOVAL_MAX)
                    + if pod.node == other.node {
                        0
                    } else {
                        OTHER_NODE
                    }
            };
            let candidates = mine
                .iter()
                .enumerate()
                .filter(|(_, other)| other.set == set);
            let best = candidates.min_by_key(|(_, other)| cost(other));
            let Some((index, _)) = best else { continue };
            let found = mine.remove(index);
            let turn = names.pairs.len();
            names
                .pairs
                .push((pod.name, found.name, format!("pod#{turn}")));
        }
        // Names that begin with other names are looked for first.
        names
            .pairs
            .sort_by_key(|(recorded, ..)| std::cmp::Reverse(recorded.len()));
        names
    }

    fn match_sets(&mut self, run: &Run, cluster: &Cluster) {
        let sets = &cluster.controllers.replica_sets;
        let mut left: Vec<(&str, &str)> = sets
            .iter()
            .filter_map(|set| {
                let deployment = &cluster.controllers.deployments[set.deployment?.index()];
                Some((&*deployment.name, &*set.name))
            })
            .collect();
        for row in &run.transitions {
            let Change::ReplicaSet(set) = &row.change else {
                continue;
            };
            if set.verb != Some(Verb::Added) {
                continue;
            }
            let Some((deployment, _)) = set.name.rsplit_once('-') else {
                continue;
            };
            let Some(index) = left.iter().position(|(of, _)| *of == deployment) else {
                continue;
            };
            let (_, name) = left.remove(index);
            let turn = self.pairs.len();
            self.pairs
                .push((set.name.clone(), name.to_owned(), format!("set#{turn}")));
        }
    }

    fn replayed(&self, recorded: &str) -> Option<String> {
        let pair = self.pairs.iter().find(|(name, ..)| name == recorded)?;
        Some(pair.1.clone())
    }

    /// Whether any name was generated.
    pub fn any(&self) -> bool {
        !self.pairs.is_empty()
    }

    /// Recorded and replayed names.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.pairs.iter();
        pairs.map(|(recorded, replayed, _)| (recorded.as_str(), replayed.as_str()))
    }

    /// A command's words with the replay's names.
    pub fn translate(&self, text: &str) -> String {
        self.replace(text, |(recorded, replayed, _)| (recorded, replayed))
    }

    /// A command's words without generated names: equal in every run.
    pub fn anonymous(&self, text: &str) -> String {
        self.replace(text, |(recorded, _, alias)| (recorded, alias))
    }

    fn replace(
        &self,
        text: &str,
        pick: impl Fn(&(String, String, String)) -> (&String, &String),
    ) -> String {
        let mut text = text.to_owned();
        for pair in &self.pairs {
            let (from, to) = pick(pair);
            if text.contains(from.as_str()) {
                text = text.replace(from.as_str(), to);
            }
        }
        text
    }
}

fn recorded(run: &Run) -> Vec<Pod> {
    let mut pods: Vec<Pod> = Vec::new();
    for row in &run.transitions {
        match &row.change {
            Change::PodCreated { pod } => {
                let set = pod.rsplit_once('-').map_or("", |(set, _)| set);
                pods.push(Pod {
                    name: pod.clone(),
                    set: set.to_owned(),
                    created: row.t.millis,
                    removed: NEVER,
                    node: String::new(),
                });
            }
            Change::PodBound { pod, node } => {
                if let Some(known) = pods.iter_mut().find(|known| known.name == *pod) {
                    known.node.clone_from(node);
                }
            }
            Change::PodDeleted { pod } => {
                if let Some(known) = pods.iter_mut().find(|known| known.name == *pod) {
                    known.removed = row.t.millis;
                }
            }
            _ => {}
        }
    }
    pods
}

fn replayed(cluster: &Cluster, offset: Duration) -> Vec<Pod> {
    let apply = (Instant::ZERO + offset).as_millis() as i64;
    let pods = cluster.pods.iter().filter_map(|pod| {
        let Owner::ReplicaSet(set) = pod.owner else {
            return None;
        };
        let node = pod.node.map(|node| &cluster.nodes[node.index()].name);
        Some(Pod {
            name: pod.name.to_string(),
            set: cluster.controllers.replica_sets[set.index()]
                .name
                .to_string(),
            created: pod.created_at.as_millis() as i64 - apply,
            removed: pod
                .removed_at
                .map_or(NEVER, |at| at.as_millis() as i64 - apply),
            node: node.map_or_else(String::new, ToString::to_string),
        })
    });
    pods.collect()
}
