//! The revisions of a StatefulSet or DaemonSet, ControllerRevisions in the API (ROL-08, ROL-09).
//! Sources: pkg/controller/statefulset/stateful_set_control.go, pkg/controller/daemon/update.go.

use super::{hash, WorkloadState};
use crate::api::{PodTemplate, StringMap, WorkloadKind};
use crate::cluster::Cx;
use crate::controllers::state::Objects;
use crate::ids::WorkloadId;
use std::sync::Arc;

/// One ControllerRevision.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Counts on; one that is taken up again gets the next number.
    pub number: u32,
    pub template: Arc<PodTemplate>,
    /// Those that the set had when this revision was new.
    pub annotations: Arc<StringMap>,
}

/// The controller sees the set's template: it is the newest revision from now on.
pub(super) fn note(cx: &mut Cx, id: WorkloadId) {
    let state = cx.workload(id);
    let newest = state.history.last();
    if matches!(state.object.kind, WorkloadKind::Job(_))
        || newest.is_some_and(|newest| *newest.template == state.object.template)
    {
        return;
    }
    let number = newest.map_or(0, |newest| newest.number) + 1;
    let template = &state.object.template;
    let known = state
        .history
        .iter()
        .position(|of| *of.template == *template);
    let fresh = Revision {
        number,
        template: Arc::new(template.clone()),
        annotations: Arc::new(state.object.metadata.annotations.clone()),
    };
    let history = &mut cx.workload_mut(id).history;
    match known {
        // The same revision again: it moves to the end.
        Some(at) => {
            let again = history.remove(at);
            history.push(Revision { number, ..again });
        }
        None => history.push(fresh),
    }
}

/// Drops the oldest revisions that no Pod has, beyond `revisionHistoryLimit`.
pub(super) fn clean(cx: &mut Cx, id: WorkloadId) {
    let state = cx.workload(id);
    let limit = state.object.revision_history_limit as usize;
    if state.history.len() <= limit.saturating_add(1) {
        return;
    }
    let pods: Vec<&str> = state
        .pods
        .iter()
        .map(|pod| super::revision(cx.pod(*pod)))
        .collect();
    let is_live = |of: &Revision| {
        let its = hash(&of.template);
        *of.template == state.object.template
            || *of.template == *state.current
            || pods.iter().any(|pod| *pod == its)
    };
    let idle: Vec<u32> = state
        .history
        .iter()
        .filter(|of| !is_live(of))
        .map(|of| of.number)
        .collect();
    let drop = &idle[..idle.len().saturating_sub(limit)];
    if !drop.is_empty() {
        let drop = drop.to_vec();
        let history = &mut cx.workload_mut(id).history;
        history.retain(|of| !drop.contains(&of.number));
    }
}

impl WorkloadState {
    /// The revision that an undo goes back to: of this number, or the one before the newest.
    pub fn undone_to(&self, to_revision: u32) -> Option<&Revision> {
        match to_revision {
            0 => self.history.iter().rev().nth(1),
            wanted => self.history.iter().find(|of| of.number == wanted),
        }
    }
}
