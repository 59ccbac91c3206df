//! Which Pod of a candidate stands for which of a recording.

use super::clock::Clock;
use super::pod_rules::PodRules;
use super::pod_streams::Pod;
use super::stream_rules::{Context, Errors};
use super::streams::Trace;

/// A Pod of the recording and one of the candidate.
pub type Pair<'a> = (Option<&'a Pod>, Option<&'a Pod>);

/// Up to so many Pods of one owner all pairings are tried.
const EXHAUSTIVE: usize = 6;

/// Pairs Pods by name, generated ones within their owner by most similar behaviour; in order of
/// creation.
pub fn pair_pods<'a>(context: &Context<'_>, expected: &'a Trace, got: &'a Trace) -> Vec<Pair<'a>> {
    let mut groups: Vec<(&str, [Vec<&Pod>; 2])> = Vec::new();
    for (side, trace) in [expected, got].into_iter().enumerate() {
        for pod in &trace.pods {
            let known = groups.iter().position(|(name, _)| *name == pod.group);
            let index = known.unwrap_or_else(|| {
                groups.push((&pod.group, Default::default()));
                groups.len() - 1
            });
            groups[index].1[side].push(pod);
        }
    }
    let mut pairs = Vec::new();
    for (group, [left, right]) in groups {
        let size = left.len().max(right.len());
        let generated = left.iter().chain(&right).any(|pod| pod.name != group);
        let order = if size > 1 && generated {
            assign(context, &left, &right, size)
        } else {
            (0..size).collect()
        };
        let pair = |(i, j): (usize, usize)| (left.get(i).copied(), right.get(j).copied());
        pairs.extend(order.into_iter().enumerate().map(pair));
    }
    let created = |pair: &Pair<'_>| pair.0.or(pair.1).map_or(0.0, Pod::created);
    pairs.sort_by(|x, y| created(x).total_cmp(&created(y)));
    pairs
}

/// The one-to-one pairing with the fewest differences: for each left one the number of its right
/// one. Numbers past the end stand for none.
fn assign(context: &Context<'_>, left: &[&Pod], right: &[&Pod], size: usize) -> Vec<usize> {
    let mut cost = vec![vec![0.0; size]; size];
    for (i, x) in left.iter().enumerate() {
        for (j, y) in right.iter().enumerate() {
            let (mut world, mut errors) = (Clock::default(), Errors::new());
            let found = PodRules::new(context, (x, y), &mut world, &mut errors).run();
            cost[i][j] = found.len() as f64
                + i.abs_diff(j) as f64 / 100.0
                + (x.created() - y.created()).abs();
        }
    }
    if size <= EXHAUSTIVE {
        let mut search = Search {
            cost: &cost,
            order: Vec::new(),
            best: (f64::INFINITY, (0..size).collect()),
        };
        search.extend(0.0);
        return search.best.1;
    }
    let mut free: Vec<usize> = (0..size).collect();
    let nearest = |row: &Vec<f64>| {
        let cheapest = (0..free.len()).min_by(|x, y| row[free[*x]].total_cmp(&row[free[*y]]));
        free.remove(cheapest.unwrap_or(0))
    };
    cost.iter().map(nearest).collect()
}

/// Tries all orders, the first of the cheapest wins.
struct Search<'c> {
    cost: &'c [Vec<f64>],
    order: Vec<usize>,
    best: (f64, Vec<usize>),
}

impl Search<'_> {
    fn extend(&mut self, sum: f64) {
        let i = self.order.len();
        if i == self.cost.len() {
            if sum < self.best.0 {
                self.best = (sum, self.order.clone());
            }
            return;
        }
        for j in 0..self.cost.len() {
            if !self.order.contains(&j) {
                self.order.push(j);
                self.extend(sum + self.cost[i][j]);
                self.order.pop();
            }
        }
    }
}
