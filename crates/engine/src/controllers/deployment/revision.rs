//! The newest ReplicaSet, revisions and history (DEP-03, DEP-09, DEP-10).

use super::{annotate, limits, old_sets, report_scaling, rollout_status, total};
use crate::api::{Metadata, PodTemplate, ReplicaSet, LAST_APPLIED};
use crate::cluster::Cx;
use crate::controllers::state::Objects;
use crate::controllers::{collect, names, replica_set, DeploymentReason};
use crate::ids::{DeploymentId, ReplicaSetId};
use crate::kubelet;
use crate::latency;
use crate::record::What;

/// The label that tells the ReplicaSets of a Deployment apart.
pub const HASH_LABEL: &str = "pod-template-hash";
/// Annotations with these prefixes are not copied (DEP-03).
const OWN_ANNOTATIONS: [&str; 2] = [LAST_APPLIED, "deployment.kubernetes.io/"];

/// The ReplicaSet of the current template, created if there is none yet. None: it was created, but
/// what the Deployment says about it was not stored; the sync ends and is repeated (DEP-12).
pub fn sync_new(cx: &mut Cx, id: DeploymentId) -> Option<ReplicaSetId> {
    if let Some(set) = sync_existing(cx, id) {
        return Some(set);
    }
    let set = create_new(cx, id);
    if kubelet::loses_status(cx, set.index()) {
        super::enqueue(cx, id, latency::WATCH);
        return None;
    }
    let revision = cx.replica_set(set).revision;
    set_revision(cx, id, revision);
    rollout_status::note_progress(cx, id, set, DeploymentReason::NewReplicaSetCreated);
    Some(set)
}

/// ReplicaSets without an owner that a new Deployment selects become its own (API-07).
pub fn adopt_orphans(cx: &mut Cx, id: DeploymentId) {
    let state = cx.deployment(id);
    let orphans: Vec<ReplicaSetId> = cx
        .cluster
        .controllers
        .live_replica_sets()
        .filter(|(_, set)| {
            set.deployment.is_none()
                && set.namespace == state.namespace
                && state.object.selector.matches(&set.object.metadata.labels)
        })
        .map(|(set, _)| set)
        .collect();
    for set in orphans {
        cx.replica_set_mut(set).deployment = Some(id);
        cx.deployment_mut(id).replica_sets.push(set);
        cx.record(What::ReplicaSetChanged { replica_set: set });
    }
}

/// The oldest ReplicaSet with the current template, its revision brought up to date.
pub fn sync_existing(cx: &mut Cx, id: DeploymentId) -> Option<ReplicaSetId> {
    let state = cx.deployment(id);
    let set = *state
        .replica_sets
        .iter()
        .find(|set| same_template(cx, **set, &state.object.template))?;
    let wanted = next_revision(cx, id, Some(set));
    let min_ready_seconds = state.object.min_ready_seconds;
    let known = cx.replica_set(set);
    let (revision, known_min_ready) = (known.revision, known.object.min_ready_seconds);
    if revision < wanted {
        let known = cx.replica_set_mut(set);
        if revision > 0 {
            known.revision_history.push(revision);
        }
        known.revision = wanted;
        cx.record(What::ReplicaSetChanged { replica_set: set });
    }
    if known_min_ready != min_ready_seconds {
        let known = cx.replica_set_mut(set);
        std::sync::Arc::make_mut(&mut known.object).min_ready_seconds = min_ready_seconds;
        known.generation += 1;
        replica_set::enqueue(cx, set, crate::latency::WATCH);
    }
    set_revision(cx, id, revision.max(wanted));
    if cx.deployment(id).status.progress.is_none() {
        rollout_status::note_progress(cx, id, set, DeploymentReason::FoundNewReplicaSet);
    }
    Some(set)
}

fn set_revision(cx: &mut Cx, id: DeploymentId, revision: u32) {
    if cx.deployment(id).revision != revision {
        cx.deployment_mut(id).revision = revision;
        cx.record(What::DeploymentChanged { deployment: id });
    }
}

/// One more than the highest revision of the other ReplicaSets.
fn next_revision(cx: &Cx, id: DeploymentId, new: Option<ReplicaSetId>) -> u32 {
    let old = old_sets(cx, id, new);
    1 + old
        .iter()
        .map(|set| cx.replica_set(*set).revision)
        .max()
        .unwrap_or(0)
}

/// Equal but for the hash label.
fn same_template(cx: &Cx, set: ReplicaSetId, wanted: &PodTemplate) -> bool {
    let have = &cx.replica_set(set).object.template;
    if have.spec != wanted.spec || have.metadata.annotations != wanted.metadata.annotations {
        return false;
    }
    let others = |template: &PodTemplate| {
        let labels = template.metadata.labels.clone();
        labels
            .into_iter()
            .filter(|(k, _)| k != HASH_LABEL)
            .collect()
    };
    let (have, wanted): (Vec<_>, Vec<_>) = (others(have), others(wanted));
    have == wanted
}

fn create_new(cx: &mut Cx, id: DeploymentId) -> ReplicaSetId {
    let state = cx.deployment(id);
    let object = &state.object;
    let hash = names::template_hash(&object.template);
    let name = format!("{}-{hash}", state.name);
    let mut template = object.template.clone();
    let mut selector = object.selector.clone();
    for labels in [&mut template.metadata.labels, &mut selector.match_labels] {
        labels.insert(HASH_LABEL.to_owned(), hash.clone());
    }
    let annotations = object.metadata.annotations.clone();
    let metadata = Metadata {
        name,
        generate_name: String::new(),
        namespace: state.namespace.to_string(),
        labels: template.metadata.labels.clone(),
        annotations: annotations
            .into_iter()
            .filter(|(key, _)| !OWN_ANNOTATIONS.iter().any(|own| key.starts_with(own)))
            .collect(),
    };
    let most = object.replicas + limits(object).0;
    let room = most.saturating_sub(total(cx, &state.replica_sets));
    let replicas = object.replicas.min(room);
    let revision = next_revision(cx, id, None);
    let min_ready_seconds = object.min_ready_seconds;
    let new = ReplicaSet {
        metadata,
        replicas,
        selector,
        template,
        min_ready_seconds,
    };
    let set = replica_set::create(cx, new, Some(id));
    cx.replica_set_mut(set).revision = revision;
    annotate(cx, id, set);
    cx.deployment_mut(id).replica_sets.push(set);
    if replicas > 0 {
        report_scaling(cx, id, set, 0, replicas);
    }
    set
}

/// Deletes old ReplicaSets without Pods beyond the history limit, lowest revision first (DEP-10).
pub fn clean_up(cx: &mut Cx, id: DeploymentId, new: ReplicaSetId) {
    let limit = cx.deployment(id).object.revision_history_limit as usize;
    let mut old = old_sets(cx, id, Some(new));
    if old.len() <= limit {
        return;
    }
    let surplus = old.len() - limit;
    old.sort_by_key(|set| (cx.replica_set(*set).revision, *set));
    for set in old.into_iter().take(surplus) {
        let state = cx.replica_set(set);
        let is_idle = state.object.replicas == 0
            && state.status.replicas == 0
            && state.status.observed_generation >= state.generation;
        if is_idle {
            collect::remove_set(cx, set);
        }
    }
}

/// The template of an earlier revision; 0: of the one before the current (`rollout undo`).
pub fn roll_back(cx: &Cx, id: DeploymentId, to: u32) -> Option<PodTemplate> {
    let state = cx.deployment(id);
    let revision = |set: &ReplicaSetId| cx.replica_set(*set).revision;
    let sets = &state.replica_sets;
    let found = if to == 0 {
        let others = sets.iter().filter(|set| revision(set) < state.revision);
        others.max_by_key(|set| revision(set))
    } else {
        sets.iter().find(|set| revision(set) == to)
    }?;
    let mut template = cx.replica_set(*found).object.template.clone();
    template.metadata.labels.remove(HASH_LABEL);
    Some(template)
}
