//! The texts of a kubelet's metrics endpoints (Kubernetes 1.36: "Metrics For Kubernetes System
//! Components" and the metrics reference). Names, types, labels and stability are Kubernetes';
//! the words after `# HELP` are ours. Families that nothing here stands for are left out.

use super::exposition::{moment, seconds, whole, Family, Labels, Samples};
use super::{figures, sum, Figures};
use crate::api::ProbeKind;
use crate::cluster::{Cluster, PodState};
use crate::ids::{NodeId, PodId};
use crate::kubelet::{RunState, BUCKETS_MILLIS};
use crate::time::{Instant, NANOS_PER_SEC};
use std::borrow::Cow;

/// Where a kubelet tells its metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `/metrics`
    Kubelet,
    /// `/metrics/probes`
    Probes,
    /// `/metrics/resource`
    Resource,
}

impl Endpoint {
    /// All of them, by path.
    pub const ALL: [(&'static str, Endpoint); 3] = [
        ("metrics", Endpoint::Kubelet),
        ("metrics/probes", Endpoint::Probes),
        ("metrics/resource", Endpoint::Resource),
    ];
}

macro_rules! families {
    ($($id:ident: $stability:literal $kind:literal $name:literal $help:literal;)*) => {
        $(static $id: Family = Family {
            name: $name,
            stability: $stability,
            kind: $kind,
            help: $help,
        };)*
    };
}

families! {
    PROBES: "BETA" "counter" "prober_probe_total"
        "Probe runs of a container so far, by kind of probe and result.";
    DURATION: "ALPHA" "histogram" "prober_probe_duration_seconds"
        "How long the successful probe runs of a container took.";
    NODE_NAME: "ALPHA" "gauge" "kubelet_node_name"
        "The name of the node; always 1.";
    RUNNING_CONTAINERS: "ALPHA" "gauge" "kubelet_running_containers"
        "Containers in the runtime, by state.";
    RUNNING_PODS: "ALPHA" "gauge" "kubelet_running_pods"
        "Pods whose sandbox runs.";
    STARTED_CONTAINERS: "ALPHA" "counter" "kubelet_started_containers_total"
        "Starts of containers tried since the kubelet started.";
    STARTED_PODS: "ALPHA" "counter" "kubelet_started_pods_total"
        "Sandboxes of Pods started since the kubelet started.";
    PROCESS_START: "ALPHA" "gauge" "process_start_time_seconds"
        "When the kubelet started, in seconds since 1970.";
    CONTAINER_CPU: "STABLE" "counter" "container_cpu_usage_seconds_total"
        "CPU time of the container, in seconds of one core.";
    CONTAINER_MEMORY: "STABLE" "gauge" "container_memory_working_set_bytes"
        "The container's working set, in bytes.";
    CONTAINER_START: "STABLE" "gauge" "container_start_time_seconds"
        "When the container started, in seconds since 1970.";
    NODE_CPU: "STABLE" "counter" "node_cpu_usage_seconds_total"
        "CPU time of the node, in seconds of one core.";
    NODE_MEMORY: "STABLE" "gauge" "node_memory_working_set_bytes"
        "The node's working set, in bytes.";
    POD_CPU: "STABLE" "counter" "pod_cpu_usage_seconds_total"
        "CPU time of the Pod, in seconds of one core.";
    POD_MEMORY: "STABLE" "gauge" "pod_memory_working_set_bytes"
        "The Pod's working set, in bytes.";
    SCRAPE_ERROR: "STABLE" "gauge" "resource_scrape_error"
        "Whether the numbers could not be had: 1, else 0.";
}

/// The text of a node's endpoint at a moment.
pub fn text(cluster: &Cluster, node: NodeId, endpoint: Endpoint, at: Instant) -> String {
    let pods: Vec<Cow<PodState>> = cluster.nodes[node.index()]
        .pods
        .iter()
        .map(|pod| cluster.pod_up_to_date(*pod))
        .collect();
    let look = Look {
        cluster,
        node,
        pods,
        at,
    };
    let families = match endpoint {
        Endpoint::Kubelet => look.kubelet(),
        Endpoint::Probes => look.probes(),
        Endpoint::Resource => look.resource(),
    };
    let mut out = String::new();
    for samples in families {
        samples.print(&mut out);
    }
    out
}

/// A node at a moment, with the Pods that its kubelet knows.
struct Look<'a> {
    cluster: &'a Cluster,
    node: NodeId,
    pods: Vec<Cow<'a, PodState>>,
    at: Instant,
}

impl Look<'_> {
    fn for_each(&self, mut visit: impl FnMut(&PodState, &str, Figures)) {
        for pod in &self.pods {
            for number in 0..pod.spec.container_count() {
                if let Some(declared) = pod.spec.container(number) {
                    visit(pod, &declared.name, figures(pod, number, self.at));
                }
            }
        }
    }

    /// Nanoseconds since 1970.
    fn since_1970(&self, at: Instant) -> u64 {
        let start = u64::try_from(self.cluster.start_unix_secs).unwrap_or(0);
        start * NANOS_PER_SEC + at.0
    }

    fn probes(&self) -> Vec<Samples> {
        let mut duration = Samples::of(&DURATION);
        let mut total = Samples::of(&PROBES);
        self.for_each(|pod, container, figures| {
            for kind in ProbeKind::ALL {
                let Some(counts) = figures.probes[kind as usize] else {
                    continue;
                };
                for (result, count) in
                    [("successful", counts.successful), ("failed", counts.failed)]
                {
                    if count > 0 {
                        let mut labels = of_container(pod, container);
                        labels.push(("pod_uid", &pod.uid));
                        labels.push(("probe_type", probe_type(kind)));
                        labels.push(("result", result));
                        total.add(&labels, &whole(u64::from(count)));
                    }
                }
                if counts.successful > 0 {
                    let mut labels = of_container(pod, container);
                    labels.push(("probe_type", probe_type(kind)));
                    let buckets = BUCKETS_MILLIS.into_iter().zip(counts.buckets);
                    let all = (counts.successful, counts.took.0);
                    duration.add_histogram(&labels, buckets, all);
                }
            }
        });
        vec![duration, total]
    }

    fn kubelet(&self) -> Vec<Samples> {
        let kubelet = &self.cluster.nodes[self.node.index()];
        let mut name = Samples::of(&NODE_NAME);
        name.add(&vec![("node", &*kubelet.name)], "1");
        let mut containers = Samples::of(&RUNNING_CONTAINERS);
        for (state, word) in [
            (RunState::Created, "created"),
            (RunState::Exited, "exited"),
            (RunState::Running, "running"),
        ] {
            let workers = self.pods.iter().filter_map(|pod| pod.worker.as_ref());
            let instances = workers.flat_map(|worker| &worker.truth.instances);
            let count = instances.filter(|one| one.state == state).count() as u64;
            if count > 0 {
                containers.add(&vec![("container_state", word)], &whole(count));
            }
        }
        let runs = |pod: &&Cow<PodState>| {
            let worker = pod.worker.as_ref();
            worker.is_some_and(|worker| worker.truth.sandbox_ready())
        };
        let mut pods = Samples::of(&RUNNING_PODS);
        let count = self.pods.iter().filter(runs).count() as u64;
        pods.add(&Vec::new(), &whole(count));
        let mut started = Samples::of(&STARTED_CONTAINERS);
        let starts = kubelet.starts;
        for (kind, count) in [
            ("container", starts.containers),
            ("init_container", starts.init_containers),
        ] {
            if count > 0 {
                let labels = vec![("container_type", kind)];
                started.add(&labels, &whole(u64::from(count)));
            }
        }
        let mut sandboxes = Samples::of(&STARTED_PODS);
        sandboxes.add(&Vec::new(), &whole(u64::from(starts.pods)));
        let mut process = Samples::of(&PROCESS_START);
        let began = self.since_1970(self.at) - kubelet.age(self.at).0;
        process.add(&Vec::new(), &moment(began));
        vec![name, containers, pods, started, sandboxes, process]
    }

    fn resource(&self) -> Vec<Samples> {
        let millis = (self.since_1970(self.at) / 1_000_000) as i64;
        let mut all = [
            &CONTAINER_CPU,
            &CONTAINER_MEMORY,
            &CONTAINER_START,
            &NODE_CPU,
            &NODE_MEMORY,
            &POD_CPU,
            &POD_MEMORY,
            &SCRAPE_ERROR,
        ]
        .map(Samples::of);
        let [cpu, memory, start, node_cpu, node_memory, pod_cpu, pod_memory, error] = &mut all;
        self.for_each(|pod, container, figures| {
            if let Some(used) = figures.usage {
                let labels = of_container(pod, container);
                cpu.add_at(&labels, &seconds(figures.cpu_nanos), millis);
                memory.add_at(&labels, &whole(used.memory_bytes), millis);
                start.add(&labels, &moment(self.since_1970(figures.started)));
            }
        });
        let mut node_bytes = 0;
        for pod in &self.pods {
            let count = pod.spec.container_count();
            let used = (0..count).filter_map(|number| figures(pod, number, self.at).usage);
            let used = sum(used);
            node_bytes += used.memory_bytes;
            if pod.worker.as_ref().is_some_and(|w| w.truth.sandbox_ready()) {
                let labels = vec![("namespace", &*pod.namespace), ("pod", &*pod.name)];
                pod_cpu.add_at(&labels, &seconds(cpu_nanos(pod, self.at)), millis);
                pod_memory.add_at(&labels, &whole(used.memory_bytes), millis);
            }
        }
        // Pods that are gone have used their part, too.
        let ever = (0..self.cluster.pods.len())
            .map(PodId::at)
            .filter(|pod| self.cluster.pods[pod.index()].node == Some(self.node))
            .map(|pod| cpu_nanos(&self.cluster.pod_up_to_date(pod), self.at));
        node_cpu.add_at(&Vec::new(), &seconds(ever.sum()), millis);
        node_memory.add_at(&Vec::new(), &whole(node_bytes), millis);
        error.add(&Vec::new(), "0");
        all.into_iter().collect()
    }
}

/// CPU time of all instances of a Pod's containers.
fn cpu_nanos(pod: &PodState, at: Instant) -> u64 {
    let numbers = 0..pod.spec.container_count() as u32;
    numbers
        .map(|number| pod.world.cpu_total(at, number))
        .map(|(now, before)| now + before)
        .sum()
}

fn of_container<'a>(pod: &'a PodState, container: &'a str) -> Labels<'a> {
    vec![
        ("container", container),
        ("namespace", &pod.namespace),
        ("pod", &pod.name),
    ]
}

fn probe_type(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Startup => "Startup",
        ProbeKind::Readiness => "Readiness",
        ProbeKind::Liveness => "Liveness",
    }
}
