//! A text and a history of acts → a run.

use crate::api::{Metadata, Node, Object};
use crate::cluster::Cluster;
use crate::container::Registry;
use crate::controllers;
use crate::input::TimedInput;
#[cfg(feature = "scripted")]
use crate::kubelet;
use crate::scenario::{Scenario, Step};
use crate::time::{Duration, Instant};
use crate::timeline::Timeline;
use crate::trace::{Tracer, Transition};
use std::sync::Arc;

/// Everything that decides a run. Same setup, same bytes.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Objects of the stream, in its order.
    pub objects: Vec<Object>,
    pub scenario: Scenario,
    /// What nodes and registries say about images.
    pub registry: Registry,
    /// The user's acts after the text's own steps, in order of time.
    pub acts: Vec<Step>,
    /// Namespace of objects that name none.
    pub namespace: String,
    /// Steps carried out before the stream is applied, at their own moments.
    pub before: Vec<Step>,
    /// When the stream is applied. Steps, acts and the duration count from here.
    pub offset: Duration,
    /// What the stream wrote.
    pub written: crate::written::Written,
    /// Draws to be played instead of drawn.
    #[cfg(feature = "scripted")]
    pub recorded: Arc<crate::recorded::Recorded>,
}

impl Setup {
    /// The setup of a stream and its scenario.
    pub fn new(objects: Vec<Object>, scenario: Option<Scenario>) -> Self {
        Setup {
            objects,
            scenario: scenario.unwrap_or_default(),
            registry: Registry::default(),
            acts: Vec::new(),
            namespace: "default".into(),
            before: Vec::new(),
            offset: Duration::ZERO,
            written: crate::written::Written::default(),
            #[cfg(feature = "scripted")]
            recorded: Arc::default(),
        }
    }

    /// The run, nothing of it computed yet.
    pub fn timeline(&self) -> Timeline {
        let mut inputs = vec![TimedInput::clients(self.scenario.traffic.clone())];
        let mut id = 0;
        for step in &self.before {
            id += 1;
            inputs.extend(TimedInput::step(step, id, true));
        }
        inputs.push(TimedInput::stream(
            self.objects.clone(),
            Instant::ZERO + self.offset,
        ));
        let steps = self.scenario.steps.iter().map(|step| (step, true));
        for (step, from_text) in steps.chain(self.acts.iter().map(|act| (act, false))) {
            id += 1;
            let shifted = Step {
                at: step.at + self.offset,
                ..step.clone()
            };
            inputs.extend(TimedInput::step(&shifted, id, from_text));
        }
        let end = Instant::ZERO + self.offset + self.scenario.duration;
        Timeline::new(self.cluster(), inputs, end)
    }

    /// The id that the next act will have.
    pub fn next_id(&self) -> u32 {
        (self.before.len() + self.scenario.steps.len() + self.acts.len()) as u32 + 1
    }

    /// The cluster before the first input.
    fn cluster(&self) -> Cluster {
        let mut cluster = Cluster::new(self.scenario.seed, self.scenario.start_unix_seconds);
        cluster.namespace = self.namespace.as_str().into();
        cluster.registry = self.registry;
        cluster.dependencies = Arc::new(self.scenario.dependencies.clone());
        cluster.images = Arc::new(self.scenario.images.clone());
        let default_nodes;
        let nodes = if self.scenario.nodes.is_empty() {
            default_nodes = default_nodes_of(3);
            &default_nodes
        } else {
            &self.scenario.nodes
        };
        controllers::bootstrap(&mut cluster, nodes);
        cluster.written = self.written.clone();
        #[cfg(feature = "scripted")]
        {
            cluster.recorded = self.recorded.clone();
            kubelet::play_phases(&mut cluster);
            kubelet::play_events(&mut cluster);
        }
        cluster
    }

    /// Every transition of the run, as a watching client sees them.
    pub fn trace(&self) -> Vec<Transition> {
        let mut tracer = Tracer::default();
        let mut rows = Vec::new();
        self.timeline().run_watched(|cluster, records| {
            for record in records {
                tracer.observe(cluster, record, &mut rows);
            }
        });
        rows
    }
}

/// `count` Ready nodes called `node-1`, `node-2`, …, two cores and four GiB each.
pub fn default_nodes_of(count: u32) -> Vec<Node> {
    (1..=count)
        .map(|number| node(&format!("node-{number}"), 2_000, 4 << 30))
        .collect()
}

/// The nodes of the cluster behind the recordings (`world.json`).
pub fn recorded_nodes() -> Vec<Node> {
    ["node1", "node2"]
        .into_iter()
        .map(|name| Node {
            ephemeral_bytes: 267_847_642_337,
            ..node(name, 4_000, 24_581_260 << 10)
        })
        .collect()
}

fn node(name: &str, cpu_milli: u64, memory_bytes: u64) -> Node {
    Node {
        metadata: Metadata {
            name: name.into(),
            ..Metadata::default()
        },
        unschedulable: false,
        taints: Vec::new(),
        cpu_milli,
        memory_bytes,
        ephemeral_bytes: 100 << 30,
        pods: 110,
        others: Vec::new(),
    }
}

/// The longest run that a front end computes.
pub const DURATION_MAX: Duration = Duration::from_secs(24 * 3600);
