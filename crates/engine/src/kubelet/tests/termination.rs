//! Deletion: hooks, grace, order, final phase.

use super::*;
use crate::cluster::Deletion;
use crate::kubelet::pod_worker::RuntimeState;
use crate::kubelet::{pod_changed, status};
use crate::status::{ContainerState, Phase};

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

/// TRM-03, STS-13, RST-07: a preStop of 4 s is taken off the grace of 10; `sh` ignores SIGTERM and dies of
/// SIGKILL with 137, so the Pod ends Failed (TRM-08).
#[test]
fn a_hook_spends_the_grace() {
    let mut play = Play::new();
    let mut main = shell("main", "sleep 1000");
    main.pre_stop = Some(Handler::Sleep { seconds: 4 });
    let pod = play.add(8, pod_of(vec![main]));
    play.until(4_000);
    assert_eq!(play.worker(pod).status.observed_generation, 1);
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

/// What the kubelet would say of a Pod if the runtime showed this.
fn said(play: &mut Play, millis: u64, pod: PodId, truth: &RuntimeState) -> PodStatus {
    let mut cx = play.cx(Instant::from_millis(millis));
    status::generate(&mut cx, pod, truth, false)
}

/// TRM-11: the runtime no longer has a container that was last seen running.
#[test]
fn a_container_that_vanished_counts_as_restarted() {
    let mut play = Play::new();
    let pod = play.add(8, pod_of(vec![shell("main", "sleep 1000")]));
    play.until(5_000);
    let status = said(&mut play, 5_000, pod, &RuntimeState::default());
    let main = &status.containers[0];
    assert!(matches!(main.state, ContainerState::Waiting { .. }));
    assert_eq!(main.restart_count, 1);
    let last = main.last.expect("an end");
    assert_eq!(
        (last.exit_code, last.reason.name()),
        (137, "ContainerStatusUnknown")
    );
    let text = "The container could not be located when the pod was deleted.  The container used to be Running";
    assert_eq!(play.cluster.texts.get(last.message), text);
    // A Pod under deletion is not to be started again.
    delete(&mut play, 6_000, pod, 30);
    play.until(6_100);
    let status = said(&mut play, 6_100, pod, &RuntimeState::default());
    assert_eq!(status.containers[0].restart_count, 0);
}

/// STS-12: the address outlives the sandbox; the start stays the first sight.
#[test]
fn the_address_outlives_the_sandbox() {
    let mut play = Play::new();
    let pod = play.add(2_700, pod_of(vec![shell("main", "sleep 1000")]));
    play.until(9_000);
    let before = play.worker(pod).status.clone();
    assert!(before.pod_ip.is_some());
    assert_eq!(before.start_time, Some(Instant::from_secs(2)));
    let after = said(&mut play, 9_000, pod, &RuntimeState::default());
    assert_eq!(
        (after.pod_ip, after.start_time),
        (before.pod_ip, before.start_time)
    );
}

/// TRM-13: whatever runs, a Pod that has ended stays so.
#[test]
fn a_terminal_phase_stays() {
    let mut play = Play::new();
    let mut spec = pod_of(vec![shell("main", "sleep 3")]);
    spec.restart_policy = RestartPolicy::Never;
    let pod = play.add(8, spec);
    play.until(2_000);
    let running = play.worker(pod).truth.clone();
    assert_eq!(said(&mut play, 2_000, pod, &running).phase, Phase::Running);
    play.until(10_000);
    assert_eq!(play.worker(pod).status.phase, Phase::Succeeded);
    assert_eq!(
        said(&mut play, 10_000, pod, &running).phase,
        Phase::Succeeded
    );
}
