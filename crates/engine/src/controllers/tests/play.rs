//! A cluster to play with.

use crate::api::{Node, Object};
use crate::cluster::{Cluster, Cx};
use crate::controllers::{self, ApiError, ApplyOutcome, DeploymentState};
use crate::events;
use crate::ids::{DeploymentId, PodId, RecordId, ServiceId};
use crate::record::{Log, Record, What};
use crate::step::step;
use crate::time::Instant;

/// A cluster, its log, and the moment that has been reached.
pub struct Play {
    pub cluster: Cluster,
    pub log: Log,
    pub now: Instant,
}

impl Play {
    /// A cluster of these nodes.
    pub fn new(nodes: &[Node]) -> Self {
        let mut cluster = Cluster::new(1, 1_767_225_600);
        controllers::bootstrap(&mut cluster, nodes);
        Play {
            cluster,
            log: Log::default(),
            now: Instant::ZERO,
        }
    }

    /// The recorded cluster: two nodes with 4 CPUs.
    pub fn recorded() -> Self {
        Play::new(&[super::node("node1"), super::node("node2")])
    }

    pub fn cx(&mut self) -> Cx<'_> {
        Cx {
            now: self.now,
            cause: RecordId::NONE,
            cluster: &mut self.cluster,
            log: &mut self.log,
        }
    }

    pub fn apply(&mut self, object: Object) -> Result<ApplyOutcome, ApiError> {
        controllers::apply(&mut self.cx(), &object)
    }

    /// Applies what must be accepted.
    pub fn put(&mut self, object: Object) {
        self.apply(object).expect("accepted");
    }

    /// Applies every object of a manifest.
    pub fn put_text(&mut self, text: &str) {
        let stream = crate::manifest::parse(text);
        for located in stream.objects {
            self.put(located.object);
        }
    }

    /// The nearest of a record's causes that is like this.
    pub fn cause_of(&self, record: &Record, like: impl Fn(&What) -> bool) -> Option<&Record> {
        let records = self.log.records();
        let mut cause = record.cause;
        while let Some(record) = cause.is_some().then(|| &records[cause.index()]) {
            if like(&record.what) {
                return Some(record);
            }
            cause = record.cause;
        }
        None
    }

    /// Lets time pass until `millis`, inclusive.
    pub fn until(&mut self, millis: u64) {
        let limit = Instant::from_millis(millis);
        while let Some(queued) = self.cluster.queue.pop_until(limit) {
            step(&mut self.cluster, &mut self.log, queued);
        }
        self.now = limit;
    }

    pub fn pod(&self, name: &str) -> PodId {
        controllers::find_pod(&self.cluster, "", name).expect("a Pod of that name")
    }

    /// The node of a Pod; empty while it has none.
    pub fn node_of(&self, pod: PodId) -> String {
        let node = self.cluster.pods[pod.index()].node;
        node.map_or_else(String::new, |n| {
            self.cluster.nodes[n.index()].name.to_string()
        })
    }

    pub fn deployment(&self, name: &str) -> (DeploymentId, &DeploymentState) {
        let id = controllers::find_deployment(&self.cluster, "", name).expect("a Deployment");
        (id, self.cluster.controllers.deployment(id))
    }

    pub fn service(&self, name: &str) -> ServiceId {
        controllers::find_service(&self.cluster, "", name).expect("a Service")
    }

    /// `spec/ready` of the ReplicaSets of a Deployment, oldest first.
    pub fn sets(&self, name: &str) -> Vec<(u32, u32)> {
        let (_, state) = self.deployment(name);
        let sets = state.replica_sets.iter();
        sets.map(|set| {
            let set = self.cluster.controllers.replica_set(*set);
            (set.object.replicas, set.status.ready)
        })
        .collect()
    }

    /// Live Pods that are not terminating.
    pub fn active(&self) -> Vec<PodId> {
        self.cluster
            .live_pods()
            .filter(|pod| self.cluster.pods[pod.index()].deletion.is_none())
            .collect()
    }

    /// `seconds.millis reason: message` of every record of an Event with one of these reasons.
    pub fn events(&self, reasons: &[&str]) -> Vec<String> {
        let records = self.log.records().iter();
        records
            .filter_map(|record| match record.what {
                What::Event { event, .. } => {
                    let event = self.cluster.events.get(event)?;
                    let reason = event.emission.reason;
                    let text = events::render(&self.cluster, event);
                    let at = record.at.as_millis();
                    reasons
                        .contains(&reason)
                        .then(|| format!("{}.{:03} {reason}: {text}", at / 1000, at % 1000))
                }
                _ => None,
            })
            .collect()
    }
}
