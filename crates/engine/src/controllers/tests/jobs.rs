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

/// JOB-02: restarts in place count while the Pod never becomes ready, and those of an init
/// container as well: each is looked at a second later at the most.
#[test]
fn restarts_count_whether_or_not_readiness_changes() {
    let not_ready = job("  backoffLimit: 2", 1).replace("Never", "OnFailure")
        + "        readinessProbe: {httpGet: {path: /nowhere, port: 8080}}\n";
    let in_init = job("  backoffLimit: 1", 1)
        .replace("Never", "OnFailure")
        .replace("containers", "initContainers")
        + "      containers:\n      - {name: app, image: \"probe-lab:v1\"}\n";
    for (text, limit) in [(not_ready, 2), (in_init, 1)] {
        let mut play = Play::recorded();
        play.put_text(&text);
        play.until(120_000);
        let job = &once(&play).job;
        assert_eq!(job.reason, "BackoffLimitExceeded");
        let status = &play.cluster.pods[0].status;
        assert_eq!((play.cluster.pods.len(), status.restarts()), (1, limit));
        let mut restarted = play.log.records().iter().filter(|record| {
            matches!(record.what, crate::record::What::StatusWritten { .. })
                && record.at < play.cluster.pods[0].deletion.expect("stopped").asked_at
        });
        let last = restarted.next_back().expect("written").at;
        let stopped = play.cluster.pods[0].deletion.expect("stopped").asked_at;
        assert!(stopped.since(last).as_millis() <= 1_000);
    }
}

/// JOB-02: a Pod under deletion is a failure at once, unless only failed Pods are replaced: the
/// limit and the wait count from the deletion.
#[test]
fn a_deleted_pod_has_failed() {
    let after = |more: &str| {
        let mut play = Play::recorded();
        play.put_text(&job(more, 0).replace("--exit-after=2s, --exit-code=0", "--on-term=ignore"));
        play.until(20_000);
        controllers::delete_pod(&mut play.cx(), crate::ids::PodId(0), None);
        play.until(21_200);
        let early = once(&play).job.clone();
        play.until(80_000);
        (play, early)
    };
    let (play, early) = after("  backoffLimit: 0");
    assert_eq!((early.condition, early.failed), ("FailureTarget", 1));
    assert_eq!(
        (once(&play).job.condition, once(&play).job.failed),
        ("Failed", 1)
    );
    assert_eq!(play.cluster.pods.len(), 1);
    let (play, early) = after("");
    assert_eq!((early.failed, early.active, early.terminating), (1, 0, 1));
    assert_eq!(once(&play).job.failed, 1);
    assert_eq!(play.cluster.pods[1].created_at.as_millis(), 30_000);
    let (play, early) = after("  podReplacementPolicy: Failed");
    assert_eq!((early.failed, early.active, early.terminating), (0, 0, 1));
    let gone = play.cluster.pods[0].removed_at.expect("gone");
    assert!(play.cluster.pods[1].created_at >= gone);
}

/// JOB-02: what still runs when a Job fails counts as failed, one Pod too many does not.
#[test]
fn only_a_failure_makes_others_fail() {
    let mut play = Play::recorded();
    play.put_text(&job("  parallelism: 3\n  completions: 3", 0).replace("2s", "500s"));
    play.until(10_000);
    controllers::scale(
        &mut play.cx(),
        "",
        &crate::scenario::WorkloadRef {
            kind: "job".into(),
            name: "once".into(),
        },
        2,
    )
    .expect("scales");
    play.until(60_000);
    assert_eq!((once(&play).job.failed, once(&play).job.active), (0, 2));
    let text = job(
        "  parallelism: 3\n  completions: 3\n  activeDeadlineSeconds: 20",
        0,
    );
    let mut play = Play::recorded();
    play.put_text(&text.replace("2s", "500s"));
    play.until(60_000);
    let job = &once(&play).job;
    assert_eq!((job.reason, job.failed), ("DeadlineExceeded", 3));
}

/// JOB-02: with a limit by index each index waits for itself, so the next one begins at once.
#[test]
fn an_index_waits_for_itself() {
    let indexed = "  completions: 3\n  parallelism: 1\n  completionMode: Indexed\n  \
                   backoffLimitPerIndex: 1\n";
    let mut play = Play::recorded();
    play.put_text(&job(indexed, 1));
    play.until(60_000);
    let pods = &play.cluster.pods;
    let index = |pod: usize| {
        pods[pod]
            .name
            .split('-')
            .nth(1)
            .expect("an index")
            .to_owned()
    };
    let gap = |pod: usize| {
        let since = pods[pod].created_at.since(pods[pod - 1].created_at);
        since.as_millis()
    };
    assert_eq!([index(0), index(1), index(2)], ["0", "0", "1"]);
    assert!((11_000..14_000).contains(&gap(1)), "{}", gap(1));
    assert!(gap(2) < 5_000, "{}", gap(2));
    // The failure comes into the status with the next try of its index.
    let mut play = Play::recorded();
    play.put_text(&job(indexed, 1));
    play.until(8_000);
    assert_eq!((once(&play).job.failed, once(&play).job.active), (0, 0));
    play.until(15_000);
    assert_eq!((once(&play).job.failed, once(&play).job.active), (1, 1));
}

/// JOB-02: a suspended Job says so, its Pods go and are no failures; going on, it begins anew.
#[test]
fn a_job_is_suspended_and_resumed() {
    let mut play = Play::recorded();
    let text = |suspend: bool| {
        let spec = format!("  suspend: {suspend}\n  activeDeadlineSeconds: 60");
        job(&spec, 0).replace("2s", "500s")
    };
    play.put_text(&text(false));
    play.until(10_000);
    play.put_text(&text(true));
    play.until(50_000);
    let held = once(&play).job.clone();
    assert_eq!((held.condition, held.failed, held.active), ("", 0, 0));
    assert!(held.suspension.is_some_and(|(is_on, _)| is_on));
    play.put_text(&text(false));
    play.until(100_000);
    let job = &once(&play).job;
    assert!(job.started_at.is_some_and(|at| at.as_millis() >= 50_000));
    assert_eq!(
        (job.active, job.suspension.map(|of| of.0)),
        (1, Some(false))
    );
    let said = play.events(&["Suspended", "Resumed"]);
    assert!(said[0].ends_with("Suspended: Job suspended"));
    assert!(said[1].ends_with("Resumed: Job resumed"));
    play.until(180_000);
    assert_eq!(once(&play).job.reason, "DeadlineExceeded");
}

/// JOB-02: ttlSecondsAfterFinished deletes the Job with its Pods.
#[test]
fn a_finished_job_is_deleted_after_its_time() {
    let mut play = Play::recorded();
    play.put_text(&job("  ttlSecondsAfterFinished: 20", 0));
    play.until(20_000);
    let ended_at = once(&play)
        .job
        .ended_at
        .expect("complete")
        .floor_secs()
        .as_millis();
    play.until(ended_at + 19_900);
    assert!(controllers::find_workload(&play.cluster, "job", "", "once").is_some());
    play.until(ended_at + 22_000);
    assert!(controllers::find_workload(&play.cluster, "job", "", "once").is_none());
    assert_eq!(play.cluster.live_pods().count(), 0);
}

/// JOB-03: maxFailedIndexes and successPolicy end an indexed Job early.
#[test]
fn an_indexed_job_may_end_early() {
    let indexed = "  completions: 3\n  parallelism: 3\n  completionMode: Indexed\n";
    let mut play = Play::recorded();
    let limits = "  backoffLimitPerIndex: 0\n  maxFailedIndexes: 1\n";
    play.put_text(&job(&[indexed, limits].concat(), 1));
    play.until(60_000);
    assert_eq!(once(&play).job.reason, "MaxFailedIndexesExceeded");
    let mut play = Play::recorded();
    let policy = "  successPolicy: {rules: [{succeededIndexes: \"7\"}, {succeededIndexes: \
                  \"0-1,5\", succeededCount: 1}]}\n";
    let text = job(&[indexed, policy].concat(), 0).replace("parallelism: 3", "parallelism: 1");
    play.put_text(&text.replace("completions: 3", "completions: 8"));
    play.until(60_000);
    let job = &once(&play).job;
    assert_eq!((job.condition, job.reason), ("Complete", "SuccessPolicy"));
    assert_eq!(job.text(), "Matched rules at index 1");
    assert_eq!((job.succeeded, job.failed), (1, 0));
    let annotations = &play.cluster.pods[0].annotations;
    let index = annotations.get("batch.kubernetes.io/job-completion-index");
    assert_eq!(index.map(String::as_str), Some("0"));
}

/// JOB-03: however many indexes there are, only those that are done are looked at.
#[test]
fn a_success_policy_may_choose_among_many_indexes() {
    for rule in ["succeededIndexes: \"0-1\"", "succeededCount: 2"] {
        let spec = format!(
            "  completions: 2000000000\n  parallelism: 1\n  completionMode: Indexed\n  \
             successPolicy: {{rules: [{{{rule}}}]}}\n"
        );
        let mut play = Play::recorded();
        play.put_text(&job(&spec, 0));
        play.until(60_000);
        let job = &once(&play).job;
        assert_eq!(job.reason, "SuccessPolicy", "{rule}");
        assert_eq!(job.completed_indexes(), "0,1");
    }
}
