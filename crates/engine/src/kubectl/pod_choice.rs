//! Which Pod and container `logs` and `exec` mean (LOG-01, LOG-02, LOG-06).

use super::builder;
use super::failure::Failure;
use super::item::{self, Item, Thing};
use super::resource;
use super::view::View;
use crate::cluster::{Owner, PodState};
use crate::ids::PodId;
use crate::status::Phase;

const DEFAULT_CONTAINER: &str = "kubectl.kubernetes.io/default-container";

/// The Pod that `NAME`, `pod/NAME` or `deploy/NAME` means, and how many there were to choose from.
/// `doing` is what cannot be done with objects that have no Pods.
pub fn pod(view: &View, word: &str, doing: &str) -> Result<(PodId, usize), Failure> {
    pods(view, word, doing).map(|pods| (pods[0], pods.len()))
}

/// All Pods that such a word means, the best one first; there is at least one.
pub fn pods(view: &View, word: &str, doing: &str) -> Result<Vec<PodId>, Failure> {
    let (kind, name) = match word.contains('/') {
        true => builder::tuple(word)?,
        false => ("pod", word),
    };
    let item = item::find(view, resource::find(kind)?, name)?;
    match item.thing {
        Thing::Pod(id) => return Ok(vec![id]),
        Thing::Deployment(_) | Thing::ReplicaSet(_) | Thing::Workload(_) => {}
        Thing::Service(_) | Thing::ApiServer => {
            let service = view.service(&item.thing);
            if service.is_none_or(|service| service.object.selector.is_empty()) {
                return Err(Failure::client(format!(
                    "cannot {doing} *v1.Service: invalid service '{}': Service is defined without \
                     a selector",
                    item.name
                )));
            }
        }
        _ => {
            let version = item.resource.api_version.rsplit('/').next().unwrap_or("");
            let of = format!("*{version}.{}", item.resource.kind);
            return Err(Failure::client(format!(
                "cannot {doing} {of}: selector for {of} not implemented"
            )));
        }
    }
    let mut pods = pods_of(view, &item);
    pods.sort_by_key(|id| rank(view, *id));
    if pods.is_empty() {
        let text = "timed out waiting for the condition";
        return Err(Failure::client(text));
    }
    Ok(pods)
}

/// The Pods of a workload, or of a Service that has a selector.
fn pods_of(view: &View, item: &Item) -> Vec<PodId> {
    let all = item::list(view, resource::of_kind("Pod"), Some(&item.namespace));
    let ids = all.iter().filter_map(|pod| match pod.thing {
        Thing::Pod(id) => Some(id),
        _ => None,
    });
    let controllers = &view.cluster.controllers;
    ids.filter(|id| {
        let pod = view.pod(*id);
        match item.thing {
            Thing::Deployment(id) => matches!(pod.owner, Owner::ReplicaSet(set)
                if controllers.replica_set(set).deployment == Some(id)),
            Thing::ReplicaSet(id) => pod.owner == Owner::ReplicaSet(id),
            Thing::Workload(id) => pod.owner == Owner::Workload(id),
            Thing::Service(id) => {
                let selector = &controllers.service(id).object.selector;
                crate::api::labels_contain(&pod.labels, selector)
            }
            _ => false,
        }
    })
    .collect()
}

/// The Pod that is likeliest to have something to say comes first: bound, running, ready, longest
/// ready, fewest restarts, oldest.
fn rank(view: &View, id: PodId) -> impl Ord {
    let pod = view.pod(id);
    let phase = match pod.status.phase {
        Phase::Running => 0,
        Phase::Unknown => 1,
        Phase::Pending => 2,
        _ => 3,
    };
    let restarts = pod.status.containers.iter().map(|c| c.restart_count).max();
    (
        pod.node.is_none(),
        phase,
        !pod.status.is_ready(),
        pod.status
            .condition(crate::status::ConditionType::Ready)
            .last_transition,
        restarts,
        pod.created_at,
        pod.name.clone(),
    )
}

/// `app, side, init (init)`.
fn container_names(pod: &PodState) -> String {
    let regular = pod.spec.containers.iter().map(|c| c.name.clone());
    let inits = pod
        .spec
        .init_containers
        .iter()
        .map(|c| format!("{} (init)", c.name));
    regular.chain(inits).collect::<Vec<_>>().join(", ")
}

/// The container's number, and the line that says which was taken.
pub fn container(pod: &PodState, wanted: Option<&str>) -> Result<(usize, String), Failure> {
    let annotated = pod.annotations.get(DEFAULT_CONTAINER).map(String::as_str);
    if let Some(name) = wanted {
        return pod
            .spec
            .container_number(name)
            .map(|number| (number, String::new()))
            .ok_or_else(|| {
                Failure::client(format!(
                    "container {name} is not valid for pod {} out of: {}",
                    pod.name,
                    container_names(pod)
                ))
            });
    }
    if let Some(number) = annotated.and_then(|name| pod.spec.container_number(name)) {
        return Ok((number, String::new()));
    }
    let first = pod.spec.init_containers.len();
    let name = pod.spec.container(first).map_or("", |c| c.name.as_str());
    let line = if pod.spec.container_count() > 1 {
        format!(
            "Defaulted container \"{name}\" out of: {}\n",
            container_names(pod)
        )
    } else {
        String::new()
    };
    Ok((first, line))
}
