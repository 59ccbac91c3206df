//! JOB-03: failure policies and limits by index.

use super::Play;
use crate::controllers::{self, WorkloadState};

/// A Job whose Pods end after 2 s.
fn job(more: &str, code: u32) -> String {
    format!(
        "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: once}}\nspec:\n{more}\n  template:\n    \
         spec:\n      restartPolicy: Never\n      containers:\n      - name: main\n        image: \
         probe-lab:v1\n        args: [--exit-after=2s, --exit-code={code}]\n"
    )
}

fn once(play: &Play) -> &WorkloadState {
    let id = controllers::find_workload(&play.cluster, "job", "", "once").expect("a Job");
    &play.cluster.controllers.workloads[id.index()]
}

/// JOB-03: FailJob ends the Job with the first Pod, and says by which rule.
#[test]
fn an_exit_code_fails_the_job_at_once() {
    let mut play = Play::recorded();
    let policy =
        "  podFailurePolicy:\n    rules:\n    - {action: Count, onExitCodes: {operator: In, \
                  values: [1]}}\n    - {action: FailJob, onExitCodes: {containerName: main, \
                  operator: NotIn, values: [1, 2]}}";
    play.put_text(&job(policy, 42));
    play.until(60_000);
    let job = &once(&play).job;
    assert_eq!((job.condition, job.reason), ("Failed", "PodFailurePolicy"));
    assert_eq!((job.failed, play.cluster.pods.len()), (1, 1));
    let pod = &play.cluster.pods[0].name;
    let events = play.events(&["PodFailurePolicy"]);
    assert_eq!(events.len(), 1);
    assert!(
        events[0].ends_with(&format!(
            "Container main for pod default/{pod} failed with exit code 42 matching FailJob rule \
             at index 1"
        )),
        "{events:?}"
    );
}

/// JOB-03: what is ignored does not count against the limit; the wait between tries stays.
#[test]
fn ignored_failures_do_not_count() {
    let mut play = Play::recorded();
    let policy = "  backoffLimit: 0\n  podFailurePolicy:\n    rules:\n    - {action: Ignore, \
                  onExitCodes: {operator: In, values: [3]}}";
    play.put_text(&job(policy, 3));
    play.until(60_000);
    let job = &once(&play).job;
    assert_eq!((job.condition, job.failed), ("", 0));
    assert!(play.cluster.pods.len() >= 3);
    // The same without the policy: one failure is one too many.
    let mut play = Play::recorded();
    play.put_text(&self::job("  backoffLimit: 0", 3));
    play.until(60_000);
    assert_eq!(once(&play).job.reason, "BackoffLimitExceeded");
}

/// JOB-03: a Pod that is drained away matches by its condition, though it is gone by then; its
/// successor waits until it has ended.
#[test]
fn a_disruption_is_known_by_its_condition() {
    let mut play = Play::recorded();
    let policy = "  backoffLimit: 0\n  podFailurePolicy:\n    rules:\n    - {action: Ignore, \
                  onPodConditions: [{type: DisruptionTarget}]}";
    play.put_text(&job(policy, 0).replace("--exit-after=2s, --exit-code=0", "--on-term=ignore"));
    play.until(5_000);
    let node = play.node_of(play.active()[0]);
    controllers::drain(&mut play.cx(), &node, true, None, None).expect("drained");
    play.until(60_000);
    let job = &once(&play).job;
    assert_eq!((job.condition, job.failed, job.active), ("", 0, 1));
    let (old, new) = (&play.cluster.pods[0], &play.cluster.pods[1]);
    assert!(old.removed_at.is_some_and(|at| new.created_at >= at));
    assert_eq!(play.cluster.pods.len(), 2);
}

/// JOB-03: FailIndex gives up an index at once, backoffLimitPerIndex after so many tries; the
/// others go on, and the Job fails in the end.
#[test]
fn an_index_fails_by_itself() {
    let indexed = "  completions: 2\n  parallelism: 2\n  completionMode: Indexed\n  \
                   backoffLimitPerIndex: 1\n";
    let mut play = Play::recorded();
    play.put_text(&job(indexed, 1));
    play.until(120_000);
    let tried = once(&play).job.clone();
    assert_eq!((tried.condition, tried.reason), ("Failed", "FailedIndexes"));
    assert_eq!(
        (tried.failed, tried.failed_indexes()),
        (4, "0,1".to_owned())
    );
    let policy = "  podFailurePolicy:\n    rules:\n    - {action: FailIndex, onExitCodes: \
                  {operator: In, values: [1]}}";
    let mut play = Play::recorded();
    play.put_text(&job(&[indexed, policy].concat(), 1));
    play.until(120_000);
    let given_up = &once(&play).job;
    assert_eq!((given_up.condition, given_up.failed), ("Failed", 2));
}

/// JOB-03: a condition that somebody else sets on a Pod can be meant as well as one of ours.
#[test]
fn a_foreign_condition_is_known_too() {
    let failed = |is_set: bool| {
        let mut play = Play::recorded();
        let policy = "  backoffLimit: 0\n  podFailurePolicy:\n    rules:\n    - {action: Ignore, \
                      onPodConditions: [{type: example.com/SpotReclaimed}]}";
        play.put_text(&job(policy, 1));
        play.until(1_500);
        let name = play.cluster.pods[0].name.to_string();
        let set = [("example.com/SpotReclaimed".to_owned(), is_set)];
        controllers::patch_status(&mut play.cx(), "", &name, &set).expect("a Pod");
        play.until(8_000);
        once(&play).job.failed
    };
    assert_eq!(failed(true), 0);
    assert_eq!(failed(false), 1);
}
