//! A container's metrics over the whole run: what [`crate::metrics`] counts, moment after moment.

use super::{MetricsView, ProbeSample, Reply, Sample, Session};
use crate::cluster::Cluster;
use crate::controllers;
use crate::kubectl;
use crate::metrics;
use crate::scenario::PodRef;
use crate::time::Instant;
use crate::timeline::Timeline;

/// Moments in a chart.
const SAMPLES: u64 = 120;

/// The samples of one container, kept until the run or the container is another.
pub struct Charted {
    pod: String,
    container: String,
    samples: Vec<Sample>,
}

impl Session {
    #[inline(never)]
    pub(super) fn metrics(&mut self, at: Instant, pod: &str, container: &str, path: &str) -> Reply {
        let Some(branch) = self.branch_mut() else {
            return Reply::Refused("there is no cluster yet".into());
        };
        let is_same = |known: &&Charted| known.pod == pod && known.container == container;
        if branch.charted.as_ref().filter(is_same).is_none() {
            branch.charted = Some(Charted {
                pod: pod.into(),
                container: container.into(),
                samples: samples(&branch.timeline, pod, container),
            });
        }
        let samples = match &branch.charted {
            Some(charted) => charted.samples.clone(),
            None => Vec::new(),
        };
        let cluster = branch.timeline.show(at, &mut branch.shown);
        let now = sample(cluster, at, pod, container).unwrap_or_default();
        let args = ["get", "--raw", path].map(String::from);
        let told = kubectl::run(cluster, at, &cluster.namespace, &args);
        Reply::Metrics(Box::new(MetricsView {
            pod: pod.into(),
            container: container.into(),
            samples,
            now,
            path: path.into(),
            text: told.stdout + &told.stderr,
        }))
    }
}

/// Evenly over the run; none where there is no such Pod.
fn samples(timeline: &Timeline, pod: &str, container: &str) -> Vec<Sample> {
    let end = timeline.end();
    let mut shown = None;
    let at =
        |part: u64| Instant((u128::from(end.0) * u128::from(part) / u128::from(SAMPLES)) as u64);
    (0..=SAMPLES)
        .map(at)
        .filter_map(|at| sample(timeline.show(at, &mut shown), at, pod, container))
        .collect()
}

fn sample(cluster: &Cluster, at: Instant, pod: &str, container: &str) -> Option<Sample> {
    let target = PodRef::Name(pod.to_owned());
    let pod = *controllers::resolve(cluster, &target).first()?;
    let state = cluster.pod_up_to_date(pod);
    let number = state.spec.container_number(container)?;
    let figures = metrics::figures(&state, number, at);
    let used = figures.usage.unwrap_or_default();
    Some(Sample {
        at,
        restarts: figures.restarts,
        cpu_milli: used.cpu_milli,
        memory_bytes: used.memory_bytes,
        probes: figures.probes.map(|counts| {
            counts.map(|counts| ProbeSample {
                successful: counts.successful,
                failed: counts.failed,
                took: counts.took,
            })
        }),
    })
}
