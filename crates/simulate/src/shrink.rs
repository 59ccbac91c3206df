//! The least case that still breaks the same invariant.

use crate::case::{ContainerCase, PodCase};
use crate::run::{run, Broken};
use crate::Case;

/// Leaves out parts as long as the invariant stays broken.
pub fn shrink(case: &Case, broken: &Broken) -> Case {
    let mut least = case.clone();
    loop {
        let smaller = candidates(&least)
            .into_iter()
            .find(|candidate| still_broken(candidate, broken));
        match smaller {
            Some(smaller) => least = smaller,
            None => return least,
        }
    }
}

fn still_broken(case: &Case, broken: &Broken) -> bool {
    run(case)
        .broken
        .is_some_and(|found| found.rule == broken.rule)
}

/// The case with one part less, large parts first.
fn candidates(case: &Case) -> Vec<Case> {
    let mut out = Vec::new();
    let mut push = |change: &dyn Fn(&mut Case)| {
        let mut smaller = case.clone();
        change(&mut smaller);
        out.push(smaller);
    };
    if case.pods.len() > 1 {
        let half = case.pods.len() / 2;
        push(&|c| drop_pods(c, 0, half));
        push(&|c| drop_pods(c, half, c.pods.len()));
    }
    push_halves(&mut push, case);
    for index in 0..case.steps.len() {
        push(&|c| drop(c.steps.remove(index)));
    }
    for index in 0..case.services.len() {
        push(&|c| drop(c.services.remove(index)));
    }
    for index in 0..case.pods.len() {
        if case.pods.len() > 1 {
            push(&|c| drop_pods(c, index, index + 1));
        }
        for smaller in smaller_pods(&case.pods[index]) {
            push(&|c| c.pods[index] = smaller.clone());
        }
    }
    out
}

fn push_halves(push: &mut impl FnMut(&dyn Fn(&mut Case)), case: &Case) {
    if case.steps.len() > 1 {
        let half = case.steps.len() / 2;
        push(&|c| c.steps.truncate(half));
        push(&|c| drop(c.steps.drain(..half)));
    }
    if case.seconds > 20 {
        push(&|c| {
            c.seconds /= 2;
            let end = c.seconds * 1_000;
            c.steps.retain(|step| moment(step) <= end);
        });
    }
    if case.nodes > 1 {
        push(&|c| c.nodes = 1);
    }
}

/// The moment of a step, in milliseconds.
fn moment(step: &str) -> u64 {
    let digits = step.trim_start_matches("{at: ");
    let end = digits.find("ms").unwrap_or(0);
    digits[..end].parse().unwrap_or(0)
}

/// Without some Pods, and without the steps that name them.
fn drop_pods(case: &mut Case, from: usize, to: usize) {
    for gone in case.pods.drain(from..to).collect::<Vec<_>>() {
        let ends = [format!("{},", gone.name), format!("{}}}", gone.name)];
        let hash = format!("{}#", gone.name);
        case.steps.retain(|step| {
            !ends.iter().any(|end| step.contains(end.as_str())) && !step.contains(&hash)
        });
    }
}

fn smaller_pods(pod: &PodCase) -> Vec<PodCase> {
    let mut out = Vec::new();
    if pod.replicas.is_some_and(|replicas| replicas > 1) {
        out.push(PodCase {
            replicas: Some(1),
            ..pod.clone()
        });
    }
    for index in 0..pod.inits.len() {
        let mut smaller = pod.clone();
        smaller.inits.remove(index);
        out.push(smaller);
    }
    let smaller_containers = |containers: &[ContainerCase]| {
        let mut out = Vec::new();
        for (index, container) in containers.iter().enumerate() {
            for probe in 0..container.probes.len() {
                let mut smaller = containers.to_vec();
                smaller[index].probes.remove(probe);
                out.push(smaller);
            }
        }
        out
    };
    for containers in smaller_containers(&pod.containers) {
        out.push(PodCase {
            containers,
            ..pod.clone()
        });
    }
    out
}
