//! What a node's kubelet counts, as its metrics endpoints print it: probes (`/metrics/probes`,
//! PRB-16), containers started (`/metrics`), CPU and memory (`/metrics/resource`), and the restarts
//! that kube-state-metrics takes from the Pods' status.

use crate::api::ProbeKind;
use crate::cluster::{Cluster, PodState};
use crate::ids::{NodeId, PodId};
use crate::kubelet::{ProbeCounts, BUCKETS_MILLIS};
use crate::latency;
use crate::record::{ProbeOutcome, Record, What};
use crate::time::{Duration, Instant, NANOS_PER_SEC};

/// CPU and memory in use by one container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Thousandths of a core.
    pub cpu_milli: u32,
    pub memory_bytes: u64,
}

/// What a running container uses; None: it does not run.
pub fn usage(cluster: &Cluster, pod: PodId, container: usize, at: Instant) -> Option<Usage> {
    let world = &cluster.pods[pod.index()].world;
    let number = container as u32;
    world.is_running(number).then(|| Usage {
        cpu_milli: world.cpu_used_milli(at, number),
        memory_bytes: world.memory_used(at, number),
    })
}

/// What all of a Pod's containers use.
pub fn pod_usage(cluster: &Cluster, pod: PodId, at: Instant) -> Usage {
    let count = cluster.pods[pod.index()].spec.container_count();
    let used = (0..count).filter_map(|container| usage(cluster, pod, container, at));
    used.fold(Usage::default(), |sum, used| Usage {
        cpu_milli: sum.cpu_milli + used.cpu_milli,
        memory_bytes: sum.memory_bytes + used.memory_bytes,
    })
}

/// The text of a node's metrics at a moment; `records`: what has happened until then.
pub fn text(cluster: &Cluster, records: &[Record], node: NodeId, at: Instant) -> String {
    let pods: Vec<PodId> = cluster
        .live_pods()
        .filter(|pod| cluster.pods[pod.index()].node == Some(node))
        .collect();
    let mut out = String::new();
    family(&mut out, "prober_probe_total", "counter");
    for_each_probe(cluster, records, &pods, |pod, container, kind, counts| {
        for (result, count) in [("successful", counts.successful), ("failed", counts.failed)] {
            if count > 0 {
                let labels = [
                    ("container", container),
                    ("namespace", &pod.namespace),
                    ("pod", &pod.name),
                    ("pod_uid", &pod.uid),
                    ("probe_type", probe_type(kind)),
                    ("result", result),
                ];
                sample(&mut out, "prober_probe_total", &labels, &count.to_string());
            }
        }
    });
    family(&mut out, "prober_probe_duration_seconds", "histogram");
    for_each_probe(cluster, records, &pods, |pod, container, kind, counts| {
        if counts.successful > 0 {
            let labels = [
                ("container", container),
                ("namespace", &*pod.namespace),
                ("pod", &*pod.name),
                ("probe_type", probe_type(kind)),
            ];
            histogram(&mut out, &labels, counts);
        }
    });
    containers(cluster, &pods, at, &mut out);
    out
}

fn for_each_probe(
    cluster: &Cluster,
    records: &[Record],
    pods: &[PodId],
    mut visit: impl FnMut(&PodState, &str, ProbeKind, &ProbeCounts),
) {
    for pod in pods {
        let state = &cluster.pods[pod.index()];
        let entries = state.worker.iter().flat_map(|worker| &worker.containers);
        for (number, entry) in entries.enumerate() {
            let Some(declared) = state.spec.container(number) else {
                continue;
            };
            for kind in ProbeKind::ALL {
                // The counters go with the worker.
                let lives = entry.probes.worker(kind).is_some();
                if let Some(slot) = entry.slots[kind as usize].as_ref().filter(|_| lives) {
                    let slot_of = (*pod, number as u16, kind);
                    let counts = with_quiet_runs(slot.counts, records, slot_of);
                    visit(state, &declared.name, kind, &counts);
                }
            }
        }
    }
}

/// Runs that say nothing new do not touch their Pod: they are in the records only, and took as long
/// as an answer over the node's bridge.
fn with_quiet_runs(
    mut counts: ProbeCounts,
    records: &[Record],
    slot: (PodId, u16, ProbeKind),
) -> ProbeCounts {
    let is_success = |record: &&Record| match record.what {
        What::Probed {
            pod,
            container,
            kind,
            outcome,
            ..
        } => {
            (pod, container, kind) == slot
                && matches!(outcome, ProbeOutcome::Success | ProbeOutcome::Warning)
        }
        _ => false,
    };
    let all = records.iter().filter(is_success).count() as u32;
    for _ in counts.successful..all {
        counts.count(ProbeOutcome::Success, latency::NETWORK_PROBE);
    }
    counts
}

fn containers(cluster: &Cluster, pods: &[PodId], at: Instant, out: &mut String) {
    let mut started = 0;
    let (mut cpu, mut memory, mut restarts) = (String::new(), String::new(), String::new());
    for pod in pods {
        let state = &cluster.pods[pod.index()];
        for (number, status) in state.status.containers.iter().enumerate() {
            started += status.instance.map_or(0, |instance| instance + 1);
            let Some(declared) = state.spec.container(number) else {
                continue;
            };
            let labels = [
                ("container", declared.name.as_str()),
                ("namespace", &state.namespace),
                ("pod", &state.name),
            ];
            let name = "kube_pod_container_status_restarts_total";
            sample(
                &mut restarts,
                name,
                &labels,
                &status.restart_count.to_string(),
            );
            if let Some(used) = usage(cluster, *pod, number, at) {
                let cores = decimal(u64::from(used.cpu_milli), 1_000);
                sample(&mut cpu, "container_cpu_usage_cores", &labels, &cores);
                let name = "container_memory_working_set_bytes";
                sample(&mut memory, name, &labels, &used.memory_bytes.to_string());
            }
        }
    }
    family(out, "kubelet_started_containers_total", "counter");
    let labels = [("container_type", "container")];
    sample(
        out,
        "kubelet_started_containers_total",
        &labels,
        &started.to_string(),
    );
    family(out, "container_cpu_usage_cores", "gauge");
    out.push_str(&cpu);
    family(out, "container_memory_working_set_bytes", "gauge");
    out.push_str(&memory);
    family(out, "kube_pod_container_status_restarts_total", "counter");
    out.push_str(&restarts);
}

fn probe_type(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Startup => "Startup",
        ProbeKind::Readiness => "Readiness",
        ProbeKind::Liveness => "Liveness",
    }
}

fn family(out: &mut String, name: &str, kind: &str) {
    for part in ["# TYPE ", name, " ", kind, "\n"] {
        out.push_str(part);
    }
}

fn sample(out: &mut String, name: &str, labels: &[(&str, &str)], value: &str) {
    out.push_str(name);
    for (number, (label, text)) in labels.iter().enumerate() {
        out.push_str(if number == 0 { "{" } else { "," });
        for part in [label, "=\"", text, "\""] {
            out.push_str(part);
        }
    }
    for part in ["} ", value, "\n"] {
        out.push_str(part);
    }
}

fn histogram(out: &mut String, labels: &[(&str, &str); 4], counts: &ProbeCounts) {
    let name = "prober_probe_duration_seconds_bucket";
    let with = |le: &str, value: u32, out: &mut String| {
        let [a, b, c, d] = *labels;
        sample(out, name, &[a, b, c, d, ("le", le)], &value.to_string());
    };
    let mut below = 0;
    for (millis, count) in BUCKETS_MILLIS.iter().zip(counts.buckets) {
        below += count;
        with(&decimal(*millis, 1_000), below, out);
    }
    with("+Inf", counts.successful, out);
    let Duration(took) = counts.took;
    let sum = decimal(took, NANOS_PER_SEC);
    sample(out, "prober_probe_duration_seconds_sum", labels, &sum);
    let count = counts.successful.to_string();
    sample(out, "prober_probe_duration_seconds_count", labels, &count);
}

/// `value / unit` in decimals; `unit` is a power of ten.
fn decimal(value: u64, unit: u64) -> String {
    let mut text = (value / unit).to_string();
    let mut rest = value % unit;
    if rest > 0 {
        text.push('.');
    }
    let mut place = unit;
    while rest > 0 {
        place /= 10;
        text.push_str(&(rest / place).to_string());
        rest %= place;
    }
    text
}
