//! Where a container's fields stand in the text.

use crate::api::{Object, ProbeKind};
use crate::cluster::{Cluster, Owner};
use crate::ids::PodId;
use crate::manifest::{object_name, Source, Stream};
use crate::timing::container_path;

/// The place of one container of a Pod.
pub(super) struct Place<'a> {
    stream: &'a Stream,
    source: Option<&'a Source>,
    /// `spec`, `spec.template.spec`.
    pod_path: &'static str,
    /// `spec.containers[0]`.
    path: String,
}

impl<'a> Place<'a> {
    pub(super) fn new(cluster: &Cluster, stream: &'a Stream, pod: PodId, container: usize) -> Self {
        let state = &cluster.pods[pod.index()];
        let mut wanted = ("pod", &*state.name);
        if let Owner::ReplicaSet(set) = state.owner {
            let set = &cluster.controllers.replica_sets[set.index()];
            wanted = match set.deployment {
                Some(deployment) => {
                    let deployment = &cluster.controllers.deployments[deployment.index()];
                    ("deployment", &*deployment.name)
                }
                None => ("replicaset", &*set.name),
            };
        }
        let is_wanted = |object: &Object| object_name(object) == wanted;
        let mut objects = stream.objects.iter();
        let located = objects.find(|located| is_wanted(&located.object));
        let pod_path = if wanted.0 == "pod" {
            "spec"
        } else {
            "spec.template.spec"
        };
        Place {
            stream,
            source: located.map(|located| &located.source),
            pod_path,
            path: container_path(&state.spec, pod_path, container),
        }
    }

    /// A field of the container, and its line.
    pub(super) fn of_container(&self, field: &str) -> (String, Option<u32>) {
        let mut path = self.path.clone();
        if !field.is_empty() {
            path = [&path, ".", field].concat();
        }
        self.located(path)
    }

    /// A field of one of its probes, and its line.
    pub(super) fn of_probe(&self, kind: ProbeKind, field: &str) -> (String, Option<u32>) {
        self.of_container(&[kind.field(), ".", field].concat())
    }

    /// A field of the Pod's spec, and its line.
    pub(super) fn of_pod(&self, field: &str) -> (String, Option<u32>) {
        self.located([self.pod_path, ".", field].concat())
    }

    /// A field of the Pod's spec, if the text has it.
    pub(super) fn if_written(&self, field: &str) -> (String, Option<u32>) {
        self.written([self.pod_path, ".", field].concat())
    }

    /// A field of the container, if the text has it.
    pub(super) fn of_container_if_written(&self, field: &str) -> (String, Option<u32>) {
        self.written([&self.path, ".", field].concat())
    }

    fn written(&self, path: String) -> (String, Option<u32>) {
        match self.source.and_then(|source| source.written_at(&path)) {
            Some(line) => (path, Some(line)),
            None => (String::new(), None),
        }
    }

    /// The line of a step of the text.
    pub(super) fn of_step(&self, input: u32) -> Option<u32> {
        let steps = &self.stream.scenario.as_ref()?.steps;
        steps
            .get(input.checked_sub(1)? as usize)
            .map(|step| step.line)
    }

    fn located(&self, path: String) -> (String, Option<u32>) {
        let line = self.source.map(|source| source.line_of(&path));
        (path, line)
    }
}
