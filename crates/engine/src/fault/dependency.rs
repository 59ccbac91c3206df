//! Something outside the cluster that applications ask goes away, or comes back.

use super::{hold, FaultKind, Parameter, Subject, Undo};
use crate::cluster::Cx;
use crate::ids::PodId;
use crate::kubelet::with_world;
use crate::scenario::DependencySpec;
use std::sync::Arc;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "dependency",
    subject: Subject::Dependency,
    parameters: &[Parameter::words("state", &["down", "up"])],
    lasts: true,
    does: "A database or another service outside the cluster is down: paths that need it answer \
           503, commands that ask it by name are refused.",
    unseen: "A probe sees it only if what it asks needs the dependency; one that asks the process \
             alone does not.",
};

pub(super) fn apply(cx: &mut Cx, input: u32, name: &str, up: bool) -> Result<(), String> {
    let before = cx
        .cluster
        .dependencies
        .iter()
        .find(|dependency| dependency.name == name)
        .map(|dependency| dependency.up);
    set(cx, name, up);
    let name = name.to_string();
    let undo = Undo::Dependency {
        name,
        up: before.unwrap_or(true),
    };
    hold(cx, input, PodId::NONE, None, undo);
    Ok(())
}

/// Switches it for every Pod.
pub(super) fn set(cx: &mut Cx, name: &str, up: bool) {
    let mut all = (*cx.cluster.dependencies).clone();
    all.retain(|dependency| dependency.name != name);
    all.push(DependencySpec {
        name: name.to_string(),
        up,
    });
    let all = Arc::new(all);
    cx.cluster.dependencies = Arc::clone(&all);
    let pods: Vec<PodId> = cx.cluster.live_pods().collect();
    for pod in pods {
        with_world(cx, pod, |world| world.set_dependencies(&all));
    }
}
