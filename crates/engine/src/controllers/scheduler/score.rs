//! Which of the nodes that fit is the best: the default profile's scores (SCH-07).

use super::filter::{is_tolerated, Attempt};
use super::fraction::Double;
use super::request::{self, Amounts};
use crate::api::{Node, TaintEffect};
use crate::cluster::Cluster;
use crate::container::image::{is_same_name, resolve_with, split_tag};
use crate::ids::NodeId;
use crate::time::Instant;

/// Scores of one plugin, node by node.
pub type Scores = Vec<i64>;

/// A plugin that scores, in the order of the default profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scorer {
    TaintToleration,
    NodeAffinity,
    NodeResourcesFit,
    PodTopologySpread,
    InterPodAffinity,
    NodeResourcesBalancedAllocation,
    ImageLocality,
}

impl Scorer {
    /// Its weight in the default profile (apis/config/v1/default_plugins.go).
    pub const fn weight(self) -> i64 {
        match self {
            Scorer::TaintToleration => 3,
            Scorer::NodeAffinity | Scorer::PodTopologySpread | Scorer::InterPodAffinity => 2,
            _ => 1,
        }
    }
}

/// The nodes with the highest score, in order. `usage`: what each node's Pods take.
pub fn best(
    attempt: &Attempt,
    fitting: &[NodeId],
    usage: &[(Amounts, u32)],
    now: Instant,
) -> Vec<NodeId> {
    if fitting.len() <= 1 {
        return fitting.to_vec();
    }
    let scores = sums(attempt, fitting, usage, now);
    let most = scores.iter().max();
    let nodes = fitting.iter().zip(&scores);
    let nodes = nodes.filter(|(_, score)| Some(*score) == most);
    nodes.map(|(node, _)| *node).collect()
}

/// The weighted sum of all plugins. A plugin that tells no nodes apart for this Pod is left out: it
/// adds the same everywhere.
pub fn sums(
    attempt: &Attempt,
    fitting: &[NodeId],
    usage: &[(Amounts, u32)],
    now: Instant,
) -> Scores {
    let mut sums = vec![0; fitting.len()];
    each(attempt, fitting, usage, now, &mut |plugin, scores| {
        for (sum, score) in sums.iter_mut().zip(scores) {
            *sum += plugin.weight() * score;
        }
    });
    sums
}

/// Plugin by plugin, those that tell nodes apart.
pub fn each(
    attempt: &Attempt,
    fitting: &[NodeId],
    usage: &[(Amounts, u32)],
    now: Instant,
    add: &mut dyn FnMut(Scorer, Scores),
) {
    let cluster = attempt.cluster;
    let spec = &attempt.state().spec;
    let wanted = request::of_pod(spec);
    let room = |node: &NodeId| {
        let object = &cluster.nodes[node.index()].object;
        least_allocated(object, usage[node.index()].0.plus(wanted))
    };
    add(Scorer::NodeResourcesFit, fitting.iter().map(room).collect());
    let is_disliked = |node: &NodeId| !cluster.nodes[node.index()].object.taints.is_empty();
    if fitting.iter().any(is_disliked) {
        add(Scorer::TaintToleration, dislikes(attempt, fitting));
    }
    if attempt.is_placed {
        add(Scorer::NodeAffinity, wishes(attempt, fitting));
        let neighbours = from_least(attempt.neighbours(fitting));
        add(Scorer::InterPodAffinity, neighbours);
    }
    if let Some(scores) = attempt.spread_scores(fitting) {
        add(Scorer::PodTopologySpread, scores);
    }
    if (wanted.cpu_milli, wanted.memory_bytes) != (0, 0) {
        let scores = balanced(cluster, wanted, fitting, usage);
        add(Scorer::NodeResourcesBalancedAllocation, scores);
    }
    if cluster.nodes.iter().any(|node| !node.images.is_empty()) {
        let scores = image_locality(attempt, fitting, now);
        add(Scorer::ImageLocality, scores);
    }
}

/// NodeResourcesFit, LeastAllocated: the free shares of processor and memory, in the mean.
fn least_allocated(node: &Node, taken: Amounts) -> i64 {
    let mut sum = 0;
    let mut count = 0;
    for (taken, all) in [
        (taken.scored_cpu_milli, node.cpu_milli),
        (taken.scored_memory_bytes, node.memory_bytes),
    ] {
        if let Some(share) = (all.saturating_sub(taken) * 100).checked_div(all) {
            sum += share;
            count += 1;
        }
    }
    sum.checked_div(count).unwrap_or(0) as i64
}

/// TaintToleration: the fewest taints that are disliked and not tolerated.
#[inline(never)]
fn dislikes(attempt: &Attempt, fitting: &[NodeId]) -> Scores {
    let spec = &attempt.state().spec;
    let counts: Scores = fitting
        .iter()
        .map(|node| {
            let taints = attempt.cluster.nodes[node.index()].object.taints.iter();
            let disliked = taints
                .filter(|taint| taint.effect == TaintEffect::PreferNoSchedule)
                .filter(|taint| !is_tolerated(spec, taint));
            disliked.count() as i64
        })
        .collect();
    let scores = of_most(counts);
    scores.into_iter().map(|score| 100 - score).collect()
}

/// NodeAffinity: the weights of the preferences that are met.
fn wishes(attempt: &Attempt, fitting: &[NodeId]) -> Scores {
    let placement = attempt.state().spec.placement.as_deref();
    let preferred = placement.map_or(&[][..], |placement| &placement.node_preferred);
    let sum = |node: &NodeId| {
        let node = &attempt.cluster.nodes[node.index()].object;
        let met = preferred.iter();
        let met = met.filter(|(_, wanted)| wanted.fits(node));
        met.map(|(weight, _)| i64::from(*weight)).sum()
    };
    of_most(fitting.iter().map(sum).collect())
}

/// Shares of the highest, up to 100.
fn of_most(scores: Scores) -> Scores {
    let most = scores.iter().copied().max().unwrap_or(0).max(1);
    scores.into_iter().map(|score| score * 100 / most).collect()
}

/// InterPodAffinity: 0 for the lowest, 100 for the highest.
fn from_least(scores: Scores) -> Scores {
    let least = scores.iter().copied().min().unwrap_or(0);
    let span = scores.iter().map(|score| score - least).max();
    let span = span.unwrap_or(0).unsigned_abs();
    let share = |score: i64| match span {
        0 => 0,
        span => Double::ratio((score - least).unsigned_abs(), span).times(100) as i64,
    };
    scores.into_iter().map(share).collect()
}

/// NodeResourcesBalancedAllocation: 100 where the Pod evens out what is asked of processor and of
/// memory, 50 where it makes it as uneven as can be, 75 where it changes nothing (since 1.36; a Pod
/// without requests is not scored).
#[inline(never)]
fn balanced(
    cluster: &Cluster,
    wanted: Amounts,
    fitting: &[NodeId],
    usage: &[(Amounts, u32)],
) -> Scores {
    let evenness = |node: &Node, taken: Amounts| {
        let (cpu, memory) = (node.cpu_milli, node.memory_bytes);
        if cpu == 0 || memory == 0 {
            return 100;
        }
        let cpu = Double::ratio(taken.cpu_milli.min(cpu), cpu);
        let memory = Double::ratio(taken.memory_bytes.min(memory), memory);
        cpu.evenness(memory).times(100) as i64
    };
    let score = |node: &NodeId| {
        let object = &cluster.nodes[node.index()].object;
        let used = usage[node.index()].0;
        50 + (50 + evenness(object, used.plus(wanted)) - evenness(object, used)) / 2
    };
    fitting.iter().map(score).collect()
}

/// ImageLocality: images that a node has, each by how many nodes have it.
#[inline(never)]
fn image_locality(attempt: &Attempt, fitting: &[NodeId], now: Instant) -> Scores {
    const MIB: u64 = 1 << 20;
    let (cluster, spec) = (attempt.cluster, &attempt.state().spec);
    let containers = spec.init_containers.iter().chain(&spec.containers);
    let (least, most) = (23 * MIB, 1_000 * MIB * containers.clone().count() as u64);
    let mut sums = vec![0; fitting.len()];
    for container in containers.filter(|container| is_full_name(&container.image)) {
        let has = |node: &NodeId| {
            let mut images = cluster.nodes[node.index()].listed_images(now);
            images.any(|image| is_same_name(cluster.texts.get(image), &container.image))
        };
        let all = (0..cluster.nodes.len()).map(NodeId::at);
        let all = all.filter(|node| cluster.nodes[node.index()].has_object);
        let with = all.clone().filter(has).count() as u64;
        if with > 0 {
            let size = resolve_with(&cluster.images, &container.image).0.size_bytes;
            let scaled = Double::ratio(with, all.count() as u64).times(size);
            for (sum, node) in sums.iter_mut().zip(fitting) {
                *sum += if has(node) { scaled } else { 0 };
            }
        }
    }
    let score = |sum: u64| (sum.clamp(least, most) - least) * 100 / (most - least);
    sums.into_iter().map(|sum| score(sum) as i64).collect()
}

/// Whether a node's status can list an image by the name that the Pod writes. It lists full names,
/// and the scheduler adds nothing but a tag: `nginx` is never found, `docker.io/library/nginx` is.
fn is_full_name(name: &str) -> bool {
    let (repository, _) = split_tag(name);
    let mut parts = repository.split('/');
    match (parts.next(), parts.count()) {
        (Some("docker.io"), others) => others > 1,
        (Some(host), others) => others > 0 && (host.contains(['.', ':']) || host == "localhost"),
        (None, _) => false,
    }
}
