//! A StatefulSet keeps numbered Pods, one after the other (KST-01 to KST-03).

use super::claims;
use super::{
    create_pod, delete_pod, hash, is_available, is_healthy, report, revision, store,
    wait_until_available, WorkloadStatus, REVISION,
};
use crate::api::{PodTemplate, WorkloadKind};
use crate::cluster::Cx;
use crate::controllers::state::Objects;
use crate::events::EventType;
use crate::ids::{PodId, WorkloadId};
use std::ops::Range;
use std::sync::Arc;

/// What the spec says.
#[derive(Clone, Copy)]
struct Wanted {
    replicas: u32,
    /// The number of the first Pod.
    start: u32,
    is_parallel: bool,
    partition: u32,
    is_rolling: bool,
    min_ready_seconds: u32,
}

impl Wanted {
    /// The numbers of its Pods.
    fn numbers(self) -> Range<u32> {
        self.start..self.start + self.replicas
    }
}

fn wanted(cx: &Cx, id: WorkloadId) -> Option<Wanted> {
    match cx.workload(id).object.kind {
        WorkloadKind::StatefulSet {
            replicas,
            start,
            is_parallel,
            partition,
            is_rolling,
            min_ready_seconds,
        } => Some(Wanted {
            replicas,
            start,
            is_parallel,
            partition,
            is_rolling,
            min_ready_seconds,
        }),
        _ => None,
    }
}

/// One look at the Pods; each of them that is waited for ends it.
pub fn sync(cx: &mut Cx, id: WorkloadId) {
    let Some(wanted) = wanted(cx, id) else { return };
    // A status write does not disturb what is counted next.
    if fill(cx, id, wanted) && shrink(cx, id, wanted) && wanted.is_rolling {
        roll(cx, id, wanted);
    }
    let mut status = counted(cx, id, wanted);
    let all = [status.updated, status.ready, status.current];
    if wanted.is_rolling && all == [wanted.replicas; 3] {
        let template = cx.workload(id).object.template.clone();
        cx.workload_mut(id).current = Arc::new(template);
        status.of_current = status.updated;
    }
    store(cx, id, status);
}

/// What the status says (KST-02): Pods that go count neither for the old template nor for the new.
fn counted(cx: &Cx, id: WorkloadId, wanted: Wanted) -> WorkloadStatus {
    let state = cx.workload(id);
    let (current, newest) = (hash(&state.current), hash(&state.object.template));
    let mut status = WorkloadStatus {
        desired: wanted.replicas,
        ..WorkloadStatus::default()
    };
    for pod in &state.pods {
        let pod = cx.pod(*pod);
        status.current += 1;
        status.ready += u32::from(pod.status.is_ready());
        status.available += u32::from(is_available(cx, pod, wanted.min_ready_seconds));
        if pod.deletion.is_none() {
            status.of_current += u32::from(revision(pod) == current);
            status.updated += u32::from(revision(pod) == newest);
        }
    }
    status
}

fn ordinal(cx: &Cx, pod: PodId) -> u32 {
    let name = &cx.pod(pod).name;
    let number = name.rsplit('-').next().and_then(|n| n.parse().ok());
    number.unwrap_or(u32::MAX)
}

fn numbered(cx: &Cx, id: WorkloadId, number: u32) -> Option<PodId> {
    let pods = cx.workload(id).pods.iter().copied();
    pods.into_iter().find(|pod| ordinal(cx, *pod) == number)
}

/// Lowest number first: missing Pods are created, ended ones make room. Whether all are there.
fn fill(cx: &mut Cx, id: WorkloadId, wanted: Wanted) -> bool {
    let mut is_full = true;
    for number in wanted.numbers() {
        let is_up = match numbered(cx, id, number) {
            None => {
                create(cx, id, number, wanted);
                false
            }
            Some(pod) if cx.pod(pod).status.phase.is_terminal() => {
                if cx.pod(pod).deletion.is_none() {
                    delete(cx, id, pod);
                }
                false
            }
            Some(pod) => {
                wait_until_available(cx, id, pod, wanted.min_ready_seconds);
                is_available(cx, cx.pod(pod), wanted.min_ready_seconds)
            }
        };
        is_full &= is_up;
        if !is_up && !wanted.is_parallel {
            return false;
        }
    }
    is_full || wanted.is_parallel
}

fn create(cx: &mut Cx, id: WorkloadId, number: u32, wanted: Wanted) {
    let state = cx.workload(id);
    let set = Arc::clone(&state.name);
    let template: PodTemplate = if number < wanted.start + wanted.partition {
        (*state.current).clone()
    } else {
        state.object.template.clone()
    };
    let name = format!("{set}-{number}");
    let revision = format!("{set}-{}", hash(&template));
    let labels = [
        ("apps.kubernetes.io/pod-index", &name[set.len() + 1..]),
        (REVISION, revision.as_str()),
        ("statefulset.kubernetes.io/pod-name", name.as_str()),
    ];
    let claims = claims::of_pod(cx, id, &name);
    let service = cx.workload(id).object.service_name.clone();
    let pod = create_pod(cx, id, &name, &template, &labels, |spec| {
        spec.hostname.clone_from(&name);
        spec.subdomain = service;
        for volume in claims {
            spec.volumes.retain(|other| other.name != volume.name);
            spec.volumes.push(volume);
        }
    });
    if pod.is_none() {
        return;
    }
    let text = format!("Create Pod {name} in StatefulSet {set} successful");
    report(cx, id, EventType::Normal, "SuccessfulCreate", &text);
}

fn delete(cx: &mut Cx, id: WorkloadId, pod: PodId) {
    let (set, name) = (&cx.workload(id).name, &cx.pod(pod).name);
    let text = format!("Delete Pod {name} in StatefulSet {set} successful");
    report(cx, id, EventType::Normal, "SuccessfulDelete", &text);
    delete_pod(cx, pod, None);
}

/// Highest number first, one at a time, each until it is gone; one that is not up waits for those
/// below it that are not, either (KST-01). Whether none is too many.
fn shrink(cx: &mut Cx, id: WorkloadId, wanted: Wanted) -> bool {
    let mut surplus: Vec<(u32, PodId)> = cx
        .workload(id)
        .pods
        .iter()
        .map(|pod| (ordinal(cx, *pod), *pod))
        .filter(|(number, _)| !wanted.numbers().contains(number))
        .collect();
    surplus.sort_by(|a, b| b.cmp(a));
    if wanted.is_parallel {
        for (_, pod) in &surplus {
            if cx.pod(*pod).deletion.is_none() {
                delete(cx, id, *pod);
            }
        }
        return surplus.is_empty();
    }
    let Some((_, highest)) = surplus.first() else {
        return true;
    };
    let lowest_down = surplus
        .iter()
        .rev()
        .find(|(_, pod)| !is_healthy(cx.pod(*pod)));
    let is_next = lowest_down.is_some_and(|(_, pod)| pod == highest);
    let seconds = wanted.min_ready_seconds;
    if cx.pod(*highest).deletion.is_none() {
        if is_next || is_available(cx, cx.pod(*highest), seconds) {
            delete(cx, id, *highest);
        } else {
            wait_until_available(cx, id, *highest, seconds);
        }
    }
    false
}

/// Highest number first down to the partition: a Pod of another template goes, and its successor
/// is waited for (KST-02).
fn roll(cx: &mut Cx, id: WorkloadId, wanted: Wanted) {
    let newest = hash(&cx.workload(id).object.template);
    let numbers = wanted.numbers();
    for number in (numbers.start + wanted.partition..numbers.end).rev() {
        let Some(pod) = numbered(cx, id, number) else {
            return;
        };
        if revision(cx.pod(pod)) != newest {
            if cx.pod(pod).deletion.is_none() {
                delete(cx, id, pod);
            }
            return;
        }
        if !is_available(cx, cx.pod(pod), wanted.min_ready_seconds) {
            return;
        }
    }
}
