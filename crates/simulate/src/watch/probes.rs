//! Probes: thresholds, and the hold after a verdict.

use super::{broken, Held, Watch};
use readyz_engine::api::{Container, ProbeKind};
use readyz_engine::cluster::Cluster;
use readyz_engine::ids::PodId;
use readyz_engine::kubelet::prober::ProbeResult;
use readyz_engine::kubelet::steady::worker_of;
use readyz_engine::record::{ProbeOutcome, ProbeValue, Record, What};
use readyz_engine::time::Instant;

/// What is known of a probe.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProbeWatch {
    last: Option<ProbeValue>,
    run: u32,
    /// The instance that its verdict was about (PRB-13).
    pub verdict_on: Option<u32>,
}

impl Watch {
    pub(super) fn probed(
        &mut self,
        cluster: &Cluster,
        batch: &[Record],
        record: &Record,
        id: u32,
    ) -> Held {
        let What::Probed {
            pod,
            container,
            kind,
            outcome,
            ..
        } = record.what
        else {
            return Ok(());
        };
        let value = match outcome {
            ProbeOutcome::Success | ProbeOutcome::Warning => ProbeValue::Success,
            ProbeOutcome::Failure => ProbeValue::Failure,
            ProbeOutcome::Error => return Ok(()),
        };
        let at = record.at;
        let threshold = threshold(cluster, pod, container, kind, value);
        let Some(own) = self.pod(pod) else {
            return Ok(());
        };
        let name = format!("{} container {container} {}", own.name, kind.name());
        let instance = own.containers[usize::from(container)].instance;
        let watch = &mut own.probes[usize::from(container) * 3 + kind as usize];
        if watch.verdict_on.is_some() && watch.verdict_on == instance {
            return broken("a probe is on hold after its verdict", at, name);
        }
        watch.run = if watch.last == Some(value) {
            watch.run + 1
        } else {
            1
        };
        watch.last = Some(value);
        let run = watch.run;
        let changes = batch.iter().any(|other| {
            other.cause.0 == id
                && matches!(other.what, What::ProbeResult { value: new, .. } if new == value)
        });
        if changes && run < threshold {
            let text = format!("{name}: after {run} of {threshold}");
            return broken("a result needs its threshold", at, text);
        }
        if run >= threshold {
            let is_verdict = match kind {
                ProbeKind::Startup => true,
                ProbeKind::Liveness => value == ProbeValue::Failure,
                ProbeKind::Readiness => false,
            };
            if is_verdict {
                watch.verdict_on = instance;
                watch.run = 0;
            }
            check_stored(cluster, pod, container, kind, value, at, &name)?;
        }
        Ok(())
    }

    /// A worker that ends takes its counts with it.
    pub(super) fn probe_result(&mut self, batch: &[Record], record: &Record) {
        let What::ProbeResult {
            pod,
            container,
            kind,
            value: ProbeValue::Removed,
        } = record.what
        else {
            return;
        };
        let goes_on = batch.iter().any(|other| match other.what {
            What::ProbeResult {
                pod: p,
                container: c,
                kind: k,
                value,
            } => (p, c, k) == (pod, container, kind) && value != ProbeValue::Removed,
            _ => false,
        });
        if goes_on {
            return;
        }
        if let Some(own) = self.pod(pod) {
            own.probes[usize::from(container) * 3 + kind as usize] = ProbeWatch::default();
        }
    }
}

fn threshold(
    cluster: &Cluster,
    pod: PodId,
    container: u16,
    kind: ProbeKind,
    value: ProbeValue,
) -> u32 {
    let spec = &cluster.pods[pod.index()].spec;
    let own: Option<&Container> = spec.container(usize::from(container));
    let probe = own.and_then(|own| own.probe(kind));
    probe.map_or(0, |probe| match value {
        ProbeValue::Success => probe.success_threshold,
        _ => probe.failure_threshold,
    })
}

/// With its threshold reached, the result is the stored one.
fn check_stored(
    cluster: &Cluster,
    pod: PodId,
    container: u16,
    kind: ProbeKind,
    value: ProbeValue,
    at: Instant,
    name: &str,
) -> Held {
    let Some(worker) = worker_of(cluster, pod, container, kind) else {
        return Ok(());
    };
    let stored = worker
        .instance()
        .and_then(|instance| worker.result_of(instance));
    let wanted = match value {
        ProbeValue::Success => ProbeResult::Success,
        _ => ProbeResult::Failure,
    };
    if stored != Some(wanted) {
        return broken("a threshold makes the result", at, name.to_owned());
    }
    Ok(())
}
