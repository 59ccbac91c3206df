//! Starts that fail, crash loops, deadlines.

use super::*;
use crate::api::{EnvValue, EnvVar, Volume, VolumeSource};
use crate::kubelet::NodeTimer;
use crate::status::{ContainerState, Phase, WaitingReason};
use crate::timer::Timer;

fn waiting(play: &Play, pod: PodId) -> Option<(WaitingReason, String)> {
    match play.worker(pod).status.containers[0].state {
        ContainerState::Waiting { reason, message } => {
            Some((reason, play.cluster.texts.get(message).to_owned()))
        }
        _ => None,
    }
}

/// BKO-05, BKO-08: the first crash restarts at once, the second waits 10 s and shows Error
/// meanwhile, not CrashLoopBackOff.
#[test]
fn the_second_crash_waits_and_shows_error() {
    let mut play = Play::new();
    let pod = play.add(8, pod_of(vec![shell("main", "exit 1")]));
    play.until(2_500);
    let status = &play.worker(pod).status;
    assert_eq!(status.containers[0].restart_count, 1);
    assert_eq!(status.phase, Phase::Running);
    let starts = |play: &Play| {
        let events = play.events();
        events.iter().filter(|e| e.contains(" Started ")).count()
    };
    play.until(9_000);
    assert_eq!(starts(&play), 2);
    play.until(19_000);
    assert_eq!(starts(&play), 3);
    assert!(play
        .events()
        .iter()
        .any(|e| e.contains("Back-off restarting failed container main in pod p_default(u1)")));
}

/// A ConfigMap that does not exist: no instance, no restart counting, retried every 10–15 s.
#[test]
fn a_missing_config_map_is_a_config_error() {
    let mut play = Play::new();
    let mut main = shell("main", "sleep 1000");
    main.env.push(EnvVar {
        name: "A".to_owned(),
        value: EnvValue::ConfigMapKey {
            name: "c".to_owned(),
            key: "k".to_owned(),
            optional: false,
        },
    });
    let pod = play.add(8, pod_of(vec![main]));
    play.until(30_000);
    assert_eq!(
        waiting(&play, pod),
        Some((
            WaitingReason::CreateContainerConfigError,
            "configmap \"c\" not found".to_owned()
        ))
    );
    let status = &play.worker(pod).status;
    assert_eq!(status.phase, Phase::Pending);
    assert_eq!(status.containers[0].restart_count, 0);
}

/// BKO-20: a command that does not exist leaves an instance with exit code 128 and crash-loops.
#[test]
fn a_missing_command_is_a_start_error() {
    let mut play = Play::new();
    let mut main = shell("main", "");
    main.command = Some(vec!["nosuchcmd".to_owned()]);
    let pod = play.add(8, pod_of(vec![main]));
    play.until(1_150);
    let (reason, message) = waiting(&play, pod).expect("waits");
    assert_eq!(reason, WaitingReason::RunContainerError);
    assert!(message.ends_with("exec: \"nosuchcmd\": executable file not found in $PATH"));
    let last = play.worker(pod).status.containers[0].last;
    assert_eq!(
        last.map(|end| (end.exit_code, end.started_at)),
        Some((128, None))
    );
}

/// RES-04: the deadline counts from the start time and fails the Pod.
#[test]
fn a_deadline_fails_the_pod() {
    let mut play = Play::new();
    let mut spec = pod_of(vec![shell("main", "sleep 1000")]);
    spec.active_deadline_seconds = Some(15);
    spec.termination_grace_period_seconds = 2;
    let pod = play.add(8, spec);
    play.until(15_000);
    assert_eq!(play.worker(pod).status.phase, Phase::Running);
    play.until(25_000);
    let status = &play.worker(pod).status;
    assert_eq!(
        (status.phase, status.reason),
        (Phase::Failed, "DeadlineExceeded")
    );
    assert!(play.events().iter().any(|e| e.contains("DeadlineExceeded")));
}

/// RES-05: one look every 10 s serves all Pods that have a limit, whenever they came.
#[test]
fn a_node_looks_once_at_local_storage_for_all_its_pods() {
    let mut play = Play::new();
    for second in 0..3 {
        let mut spec = pod_of(vec![shell("main", "sleep 1000")]);
        let limit = Some(1 << 20);
        spec.volumes.push(Volume {
            name: "v".to_owned(),
            source: VolumeSource::EmptyDir { limit },
        });
        play.until(second * 12_000);
        play.add(second * 12_000, spec);
    }
    let is_look = |timer: &Timer| {
        let timer = match timer {
            Timer::Node { timer, .. } => timer,
            _ => return false,
        };
        matches!(timer, NodeTimer::LocalStorage)
    };
    let mut looks = 0;
    let end = Instant::from_millis(84_000);
    while let Some(queued) = play.cluster.queue.pop_until(end) {
        looks += u32::from(is_look(&queued.timer));
        step(&mut play.cluster, &mut play.log, queued);
    }
    assert_eq!(looks, 6);
}
