//! The whole state of the simulated world, as plain data.
//!
//! A clone is a snapshot: everything large sits behind an [`Arc`] that is copied when it is next
//! written, so that a snapshot costs one count for each Pod.

mod pod;
mod versions;

pub use pod::{Deletion, Owner, PodState};
use versions::Write;
pub use versions::{Versioned, Versions};

use crate::container::Registry;
use crate::controllers::Controllers;
use crate::events::EventStore;
use crate::fault::ActiveFault;
use crate::ids::{NodeId, PodId, RecordId, TextId};
use crate::kubelet::{self, Beats, Kubelet};
use crate::network::Network;
use crate::queue::Queue;
use crate::record::{Log, Record, What};
use crate::rng::Draws;
use crate::scenario::{DependencySpec, ImageSpec, PullBehaviour};
use crate::text::Texts;
use crate::time::{Duration, Instant};
use crate::timer::Timer;
use std::borrow::Cow;
use std::sync::Arc;

/// What had no effect, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// [`crate::input::TimedInput::id`].
    pub input: u32,
    /// Which of the input's objects, if it applies some.
    pub object: u32,
    pub why: TextId,
}

/// Everything that a step reads and writes.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub queue: Queue,
    pub draws: Draws,
    pub texts: Arc<Texts>,
    /// Wall clock at 0:00, in seconds since 1970 (`spec.start`).
    pub start_unix_secs: i64,
    /// Namespace of objects that name none.
    pub namespace: Arc<str>,
    /// Images that the scenario describes.
    pub images: Arc<Vec<ImageSpec>>,
    /// What nodes and registries say about images.
    pub registry: Registry,
    /// What steps have said about pulls since, by image.
    pub pulls: Vec<(String, PullBehaviour)>,
    /// What lies outside the cluster and is asked by name.
    pub dependencies: Arc<Vec<DependencySpec>>,
    /// Indexed by [`NodeId`].
    pub nodes: Vec<Arc<Kubelet>>,
    /// Indexed by [`PodId`]; Pods that are gone stay, emptied.
    pub pods: Vec<Arc<PodState>>,
    /// What goes on by itself in Pods where nothing changes.
    pub beats: Beats,
    pub controllers: Controllers,
    pub network: Network,
    pub events: EventStore,
    /// Faults in force, in order of beginning.
    pub faults: Vec<ActiveFault>,
    /// What had no effect.
    pub refused: Vec<Refusal>,
    /// `metadata.resourceVersion` of every object.
    pub versions: Arc<Versions>,
    /// What the manifests wrote.
    pub written: crate::written::Written,
    /// Draws to be played instead of drawn.
    #[cfg(feature = "scripted")]
    pub recorded: Arc<crate::recorded::Recorded>,
}

/// A step's hands: the cluster, the moment, and what caused it.
pub struct Cx<'a> {
    pub now: Instant,
    /// Named as the cause of every record and timer that follows.
    pub cause: RecordId,
    pub cluster: &'a mut Cluster,
    pub log: &'a mut Log,
}

impl Cx<'_> {
    /// Notes what happened, caused by [`Cx::cause`].
    pub fn record(&mut self, what: What) -> RecordId {
        if let Some(write) = Write::of(&what) {
            self.versions().note(write);
        }
        self.log.push(Record {
            at: self.now,
            cause: self.cause,
            what,
        })
    }

    /// Notes what happened and makes it the cause of what follows in this step.
    pub fn record_as_cause(&mut self, what: What) -> RecordId {
        self.cause = self.record(what);
        self.cause
    }

    /// Where writes are counted.
    pub fn versions(&mut self) -> &mut Versions {
        Arc::make_mut(&mut self.cluster.versions)
    }

    /// Sets a timer.
    pub fn at(&mut self, at: Instant, timer: Timer) {
        #[cfg(feature = "planted")]
        assert!(at >= self.now, "{timer:?} is set for the past");
        self.cluster.queue.push(at, self.cause, timer);
    }

    /// Sets a timer `delay` from now.
    pub fn after(&mut self, delay: Duration, timer: Timer) {
        self.at(self.now + delay, timer);
    }

    /// A Pod.
    pub fn pod(&self, pod: PodId) -> &PodState {
        &self.cluster.pods[pod.index()]
    }

    /// A Pod, to be changed. Nothing of it goes on by itself afterwards.
    pub fn pod_mut(&mut self, pod: PodId) -> &mut PodState {
        self.cluster.pod_mut(pod)
    }

    /// A Pod, to be changed in what concerns one probe that does not go on by itself: its worker,
    /// its slot, and requests that are answered alike: `PodWorld::answers_alike`.
    pub fn pod_for_probe(&mut self, pod: PodId) -> &mut PodState {
        Arc::make_mut(&mut self.cluster.pods[pod.index()])
    }

    /// A node's kubelet.
    pub fn node(&self, node: NodeId) -> &Kubelet {
        &self.cluster.nodes[node.index()]
    }

    /// A node's kubelet, to be changed.
    pub fn node_mut(&mut self, node: NodeId) -> &mut Kubelet {
        Arc::make_mut(&mut self.cluster.nodes[node.index()])
    }

    /// The id of a text.
    pub fn intern(&mut self, text: &str) -> TextId {
        Arc::make_mut(&mut self.cluster.texts).intern(text)
    }
}

impl Cluster {
    /// A cluster without nodes and objects. `start_unix_secs`: wall clock at 0:00.
    pub fn new(seed: u64, start_unix_secs: i64) -> Self {
        Cluster {
            queue: Queue::default(),
            draws: Draws::seeded(seed),
            texts: Arc::new(Texts::default()),
            start_unix_secs,
            namespace: "default".into(),
            images: Arc::default(),
            registry: Registry::default(),
            pulls: Vec::new(),
            dependencies: Arc::default(),
            nodes: Vec::new(),
            pods: Vec::new(),
            beats: Beats::default(),
            controllers: Controllers::default(),
            network: Network::default(),
            events: EventStore::default(),
            faults: Vec::new(),
            refused: Vec::new(),
            versions: Arc::default(),
            written: crate::written::Written::default(),
            #[cfg(feature = "scripted")]
            recorded: Arc::default(),
        }
    }

    /// A Pod, to be changed. Nothing of it goes on by itself afterwards.
    pub fn pod_mut(&mut self, pod: PodId) -> &mut PodState {
        if self.beats.any(pod) {
            kubelet::steady::settle(self, pod);
        }
        Arc::make_mut(&mut self.pods[pod.index()])
    }

    /// A Pod with everything that has gone on by itself: its logs and counts are the newest.
    pub fn pod_up_to_date(&self, pod: PodId) -> Cow<'_, PodState> {
        kubelet::steady::up_to_date(self, pod)
    }

    /// The ids of all Pods that the API server still has.
    pub fn live_pods(&self) -> impl Iterator<Item = PodId> + '_ {
        self.pods
            .iter()
            .enumerate()
            .filter(|(_, pod)| pod.removed_at.is_none())
            .map(|(index, _)| PodId::at(index))
    }

    /// The ids of all nodes that the API server has.
    pub fn live_nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        let nodes = (0..self.nodes.len()).map(NodeId::at);
        nodes.filter(|node| self.nodes[node.index()].has_object)
    }
}
