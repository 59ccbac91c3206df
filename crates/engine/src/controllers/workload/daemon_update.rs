//! How a DaemonSet replaces the Pods of an old template (DMN-01).

use super::daemon_set::{create, delete, pods_on, Wanted};
use super::{is_available, revision};
use crate::cluster::Cx;
use crate::ids::{NodeId, PodId, WorkloadId};

/// With surge a node may have two Pods: the one of the new template until it is available, and
/// the one of the old template while it is ready.
#[inline(never)]
pub fn keep_two(
    cx: &mut Cx,
    id: WorkloadId,
    node: NodeId,
    takes: bool,
    live: &[PodId],
    wanted: Wanted,
    newest: &str,
) {
    if live.is_empty() && takes {
        create(cx, id, node);
    }
    let mut kept = [None, None];
    for pod in live {
        let is_new = revision(cx.pod(*pod)) == newest;
        match &mut kept[usize::from(is_new)] {
            empty @ None => *empty = Some(*pod),
            Some(_) => delete(cx, id, *pod),
        }
    }
    if let [Some(old), Some(new)] = kept {
        let is_up = is_available(cx, cx.pod(new), wanted.min_ready_seconds);
        if is_up || !cx.pod(old).status.is_ready() {
            delete(cx, id, old);
        }
    }
}

/// What a node has that is not about to go.
enum Here {
    Nothing,
    /// More than one of a template: that is seen to first.
    TooMany,
    New(PodId),
    Old(PodId),
    Both,
}

fn look(cx: &Cx, pods: &[PodId], newest: &str) -> Here {
    let live = pods.iter().filter(|pod| cx.pod(**pod).deletion.is_none());
    let mut counts = [0, 0];
    let mut last = None;
    for pod in live {
        let is_new = revision(cx.pod(*pod)) == newest;
        counts[usize::from(is_new)] += 1;
        last = Some(*pod);
    }
    match (counts, last) {
        ([0, 1], Some(pod)) => Here::New(pod),
        ([1, 0], Some(pod)) => Here::Old(pod),
        ([1, 1], _) => Here::Both,
        ([0, 0], _) => Here::Nothing,
        _ => Here::TooMany,
    }
}

/// Without surge old Pods go, those that are not available at once, the others as far as may be
/// missing. With surge new ones come beside them, as many as may be too many; an old one that is
/// not available gets its successor at once.
#[inline(never)]
pub fn roll(cx: &mut Cx, id: WorkloadId, takers: &[NodeId], wanted: Wanted, newest: &str) {
    let desired = takers.len() as u32;
    let surges = wanted.surges();
    let most = match surges {
        true => wanted.surge.of(desired),
        false => wanted.most_missing.of(desired),
    };
    let mut out = 0;
    let mut up = 0;
    let mut now = Vec::new();
    let mut later = Vec::new();
    let mut strays = Vec::new();
    for node in cx.cluster.live_nodes() {
        let pods = pods_on(cx, id, node);
        if pods.is_empty() {
            continue;
        }
        let available = |pod| is_available(cx, cx.pod(pod), wanted.min_ready_seconds);
        match look(cx, &pods, newest) {
            Here::Old(pod) => {
                let is_up = available(pod);
                up += u32::from(is_up);
                out += u32::from(!surges && !is_up);
                // On a node that would take no new one it goes when enough others are there.
                match (is_up, surges && !takers.contains(&node)) {
                    (true, true) => strays.push(pod),
                    (true, false) => later.push((node, pod)),
                    (false, _) => now.push((node, pod)),
                }
            }
            Here::New(pod) => {
                up += u32::from(available(pod));
                out += u32::from(!surges && !available(pod));
            }
            Here::Nothing => out += u32::from(!surges),
            Here::Both => {
                // While its successor is not, the old one is available or soon deleted.
                up += 1;
                out += 1;
            }
            Here::TooMany => out += 1,
        }
    }
    let left = most.saturating_sub(out) as usize;
    for (node, pod) in now.into_iter().chain(later.into_iter().take(left)) {
        if surges && takers.contains(&node) {
            create(cx, id, node);
        } else {
            delete(cx, id, pod);
        }
    }
    let spare = u32::saturating_sub(up, desired) as usize;
    for pod in strays.into_iter().take(spare) {
        delete(cx, id, pod);
    }
}
