//! Deletion: hooks, grace, order, final phase.

use super::*;
use crate::cluster::Deletion;
use crate::kubelet::pod_changed;
use crate::status::Phase;

/// Deletes a Pod at `millis` with a grace in seconds.
fn delete(play: &mut Play, millis: u64, pod: PodId, grace_seconds: u32) {
    play.until(millis);
    let now = Instant::from_millis(millis);
    let state = play.cluster.pod_mut(pod);
    state.deletion = Some(Deletion {
        asked_at: now,
        grace_seconds,
    });
    state.generation += 1;
    pod_changed(&mut play.cx(now), pod);
}

/// When stop signals went out: milliseconds, container, what was left of the grace.
fn stops(play: &Play) -> Vec<(u64, u16, u32)> {
    let records = play.log.records().iter();
    records
        .filter_map(|record| match record.what {
            What::StopSignalled {
                container,
                grace_seconds,
                ..
            } => Some((record.at.as_millis(), container, grace_seconds)),
            _ => None,
        })
        .collect()
}

/// TRM-03, RST-07: a preStop of 4 s is taken off the grace of 10; `sh` ignores SIGTERM and dies of
/// SIGKILL with 137, so the Pod ends Failed (TRM-08).
#[test]
fn a_hook_spends_the_grace() {
    let mut play = Play::new();
    let mut main = shell("main", "sleep 1000");
    main.pre_stop = Some(Handler::Sleep { seconds: 4 });
    let pod = play.add(8, pod_of(vec![main]));
    delete(&mut play, 5_000, pod, 10);
    play.until(15_500);
    assert_eq!(stops(&play), [(9_000, 0, 6)]);
    let status = &play.worker(pod).status;
    assert_eq!(status.phase, Phase::Failed);
    assert_eq!(status.observed_generation, 2);
    assert!(play
        .events()
        .contains(&"5.000 spec.containers{main} Killing x1: Stopping container main".to_owned()));
}

/// INI-09: the sidecar's signal waits for the regular container; its `Killing` does not.
#[test]
fn a_sidecar_stops_last() {
    let mut play = Play::new();
    let mut side = shell("side", "sleep 1000");
    side.restart_policy = Some(RestartPolicy::Always);
    let mut spec = pod_of(vec![shell("main", "sleep 1000")]);
    spec.init_containers = vec![side];
    let pod = play.add(8, spec);
    delete(&mut play, 5_000, pod, 5);
    play.until(20_000);
    // Five seconds for the regular container use up the grace: the least of 2 s is left.
    assert_eq!(stops(&play), [(5_000, 1, 5), (10_000, 0, 2)]);
    let killing: Vec<String> = play
        .events()
        .into_iter()
        .filter(|event| event.contains("Killing"))
        .collect();
    assert!(killing.iter().all(|event| event.starts_with("5.000 ")));
    assert_eq!(killing.len(), 2);
}
