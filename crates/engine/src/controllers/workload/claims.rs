//! Claims of StatefulSets (KST-01, API-03): made with Pods, kept or deleted as the set says.

use super::report;
use crate::api::{Claim, ClaimRetention, Metadata, Volume, VolumeSource};
use crate::cluster::Cx;
use crate::controllers::scheduler::{self, Change};
use crate::controllers::state::{ClaimState, Objects};
use crate::events::EventType;
use crate::ids::WorkloadId;
use std::ops::Range;
use std::sync::Arc;

/// Stores a claim, if there is none of its name.
pub fn claim(cx: &mut Cx, namespace: String, object: Claim) -> bool {
    let key = (namespace, object.metadata.name.clone());
    let created_at = cx.now;
    let claims = &mut Arc::make_mut(&mut cx.cluster.controllers.store).claims;
    if claims.contains_key(&key) {
        return false;
    }
    claims.insert(key, ClaimState { object, created_at });
    scheduler::cluster_changed(cx, Change::Claim);
    true
}

/// The claims of a Pod, made if there are none of their names: they outlive Pods and, by default,
/// the set.
#[inline(never)]
pub fn of_pod(cx: &mut Cx, id: WorkloadId, pod: &str) -> Vec<Volume> {
    let state = cx.workload(id);
    let (set, namespace) = (Arc::clone(&state.name), Arc::clone(&state.namespace));
    let object = Arc::clone(&state.object);
    let mut volumes = Vec::new();
    for template in &object.claim_templates {
        let volume = template.metadata.name.clone();
        let name = [&volume, "-", pod].concat();
        let metadata = Metadata {
            name: name.clone(),
            labels: object.selector.match_labels.clone(),
            ..template.metadata.clone()
        };
        let made = Claim {
            metadata,
            ..template.clone()
        };
        if claim(cx, namespace.to_string(), made) {
            let text = format!("Create Claim {name} Pod {pod} in StatefulSet {set} success");
            report(cx, id, EventType::Normal, "SuccessfulCreate", &text);
        }
        let source = VolumeSource::Claim { name };
        volumes.push(Volume {
            name: volume,
            source,
        });
    }
    volumes
}

/// A Pod of a set is gone, or the set: claims go whose time has come and that no Pod of the set
/// uses any more.
#[inline(never)]
pub fn release(cx: &mut Cx, id: WorkloadId, numbers: &Range<u32>) {
    let state = cx.workload(id);
    let ClaimRetention {
        ends_with_set,
        ends_when_scaled,
    } = state.object.claim_retention;
    let is_gone = state.removed_at.is_some();
    if !(is_gone && ends_with_set || !is_gone && ends_when_scaled) {
        return;
    }
    let names = state.pods.iter().map(|pod| Arc::clone(&cx.pod(*pod).name));
    let in_use: Vec<Arc<str>> = names.collect();
    let (set, namespace) = (Arc::clone(&state.name), Arc::clone(&state.namespace));
    let object = Arc::clone(&state.object);
    let is_over = |claim: &str| {
        object.claim_templates.iter().any(|template| {
            let rest = claim.strip_prefix(&*template.metadata.name);
            let pod = rest.and_then(|rest| rest.strip_prefix('-'));
            let number = pod.and_then(|pod| pod.strip_prefix(&*set)?.strip_prefix('-'));
            let number = number.and_then(|number| number.parse::<u32>().ok());
            number.is_some_and(|number| is_gone || !numbers.contains(&number))
                && !in_use.iter().any(|name| Some(&**name) == pod)
        })
    };
    let claims = &mut Arc::make_mut(&mut cx.cluster.controllers.store).claims;
    claims.retain(|(of, name), _| **of != *namespace || !is_over(name));
}
