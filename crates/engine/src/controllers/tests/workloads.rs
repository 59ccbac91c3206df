//! KST-*, DMN-*, JOB-*: StatefulSets, DaemonSets and Jobs.

use super::{node, Play};
use crate::api::{EnvValue, Taint, TaintEffect, VolumeSource};
use crate::controllers::{self, WorkloadState};
use crate::ids::PodId;
use crate::record::What;
use crate::scenario::{Cascade, WorkloadRef};
use crate::status::Phase;

const TEMPLATE: &str = "
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 5
      containers:
      - name: main
        image: probe-lab:v1
        args: [--ready-after=3s]
        readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 1}
";

fn stateful(more: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: db}}\nspec:\n  serviceName: db\n{more}{TEMPLATE}"
    )
}

fn daemon(more: &str) -> String {
    format!("apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: db}}\nspec:\n{more}{TEMPLATE}")
}

/// A Job whose Pods end after 2 s.
fn job(more: &str, restart: &str, code: u32) -> String {
    format!(
        "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: once}}\nspec:\n{more}\n  template:\n    spec:\n      \
         restartPolicy: {restart}\n      containers:\n      - name: main\n        image: probe-lab:v1\n        \
         args: [--exit-after=2s, --exit-code={code}]\n"
    )
}

fn workload<'a>(play: &'a Play, kind: &str, name: &str) -> &'a WorkloadState {
    let id = controllers::find_workload(&play.cluster, kind, "", name).expect("a workload");
    &play.cluster.controllers.workloads[id.index()]
}

fn of(kind: &str, name: &str) -> WorkloadRef {
    WorkloadRef {
        kind: kind.into(),
        name: name.into(),
    }
}

/// Names of the live Pods, in order.
fn names(play: &Play) -> Vec<String> {
    let pods = play.cluster.live_pods();
    let mut names: Vec<String> = pods
        .map(|pod| play.cluster.pods[pod.index()].name.to_string())
        .collect();
    names.sort();
    names
}

/// What was created and deleted, without moments: `+db-0`, `-db-0`.
fn steps(play: &Play) -> Vec<String> {
    let events = play.events(&["SuccessfulCreate", "SuccessfulDelete"]);
    let step = |line: &String| {
        let sign = if line.contains("SuccessfulCreate") {
            '+'
        } else {
            '-'
        };
        let name = line.split(' ').find(|word| word.starts_with("db-"));
        format!("{sign}{}", name.expect("a Pod"))
    };
    events.iter().map(step).collect()
}

fn created_at(play: &Play, pod: usize) -> u64 {
    play.cluster.pods[pod].created_at.as_millis()
}

fn ready_at(play: &Play, pod: PodId) -> u64 {
    let mut records = play.log.records().iter();
    let like = |what: &What| matches!(what, What::ProbeResult { pod: of, value: crate::record::ProbeValue::Success, .. } if *of == pod);
    let record = records.find(|record| like(&record.what));
    record.expect("became ready").at.as_millis()
}

/// KST-01, KST-03: one after the other, each when the one before is ready; names, labels and
/// hostname carry the number; the highest goes first, and the next when it is gone.
#[test]
fn a_stateful_set_counts_up_and_down() {
    let mut play = Play::recorded();
    play.put_text(&stateful("  replicas: 3"));
    play.until(30_000);
    assert_eq!(names(&play), ["db-0", "db-1", "db-2"]);
    for number in 1..3 {
        let before = PodId(number - 1);
        assert!(created_at(&play, number as usize) > ready_at(&play, before));
    }
    let pod = &play.cluster.pods[1];
    let label = |key: &str| pod.labels.get(key).map(String::as_str);
    assert_eq!(label("apps.kubernetes.io/pod-index"), Some("1"));
    assert_eq!(label("statefulset.kubernetes.io/pod-name"), Some("db-1"));
    assert!(label("controller-revision-hash")
        .expect("set")
        .starts_with("db-"));
    assert_eq!(pod.spec.hostname, "db-1");
    assert!(play.events(&["SuccessfulCreate"])[0]
        .ends_with("Create Pod db-0 in StatefulSet db successful"));
    controllers::scale(&mut play.cx(), "", &of("statefulset", "db"), 1).expect("scales");
    play.until(60_000);
    assert_eq!(names(&play), ["db-0"]);
    assert_eq!(steps(&play), ["+db-0", "+db-1", "+db-2", "-db-2", "-db-1"]);
    let gone = |pod: usize| play.cluster.pods[pod].removed_at.expect("gone");
    let asked = play.cluster.pods[1].deletion.expect("deleted").asked_at;
    assert!(asked >= gone(2), "one at a time");
    let status = workload(&play, "statefulset", "db").status;
    assert_eq!((status.desired, status.current, status.ready), (1, 1, 1));
}

/// KST-01: Parallel does not wait.
#[test]
fn a_parallel_stateful_set_does_not_wait() {
    let mut play = Play::recorded();
    play.put_text(&stateful("  replicas: 3\n  podManagementPolicy: Parallel"));
    play.until(100);
    assert_eq!(names(&play), ["db-0", "db-1", "db-2"]);
}

/// KST-02: an update goes from the highest number down to the partition, each waiting for the
/// successor; one that never becomes ready stops it.
#[test]
fn a_stateful_set_rolls_from_the_top_down() {
    let mut play = Play::recorded();
    let text = "  replicas: 3\n  updateStrategy: {rollingUpdate: {partition: 1}}";
    play.put_text(&stateful(text));
    play.until(30_000);
    controllers::set_image(
        &mut play.cx(),
        "",
        &of("statefulset", "db"),
        "main",
        "probe-lab:v2",
    )
    .expect("a set");
    play.until(60_000);
    assert_eq!(
        steps(&play)[3..],
        ["-db-2", "+db-2", "-db-1", "+db-1"],
        "db-0 is below the partition"
    );
    let status = workload(&play, "statefulset", "db").status;
    let counted = [status.current, status.ready, status.updated];
    assert_eq!((counted, status.of_current), ([3, 3, 2], 1));
    let [current, update] = workload(&play, "statefulset", "db").revisions();
    assert_ne!(current, update);
    play.put_text(&stateful(text).replace("ready-after=3s", "ready-after=5000s"));
    play.until(120_000);
    assert_eq!(
        steps(&play)[7..],
        ["-db-2", "+db-2"],
        "a broken Pod blocks the rest"
    );
}

/// KST-01: a Pod that is deleted comes back under its name, when the old one is gone.
#[test]
fn a_stateful_pod_keeps_its_name() {
    let mut play = Play::recorded();
    play.put_text(&stateful("  replicas: 2"));
    play.until(20_000);
    controllers::delete_pod(&mut play.cx(), PodId(0), None);
    play.until(40_000);
    assert_eq!(names(&play), ["db-0", "db-1"]);
    let gone = play.cluster.pods[0].removed_at.expect("gone");
    assert!(play.cluster.pods[2].created_at >= gone);
}

/// NOD-06, KST-02: on a lost node the old Pod stays, and nothing takes its place.
#[test]
fn a_stateful_pod_is_not_replaced_while_it_terminates() {
    let mut play = Play::recorded();
    let text = stateful("  replicas: 1").replace("[--ready-after=3s]", "[--on-term=ignore]");
    play.put_text(&text.replace("Seconds: 5\n", "Seconds: 600\n"));
    play.until(10_000);
    controllers::delete_pod(&mut play.cx(), PodId(0), None);
    play.until(300_000);
    assert_eq!(names(&play), ["db-0"]);
    controllers::delete_pod(&mut play.cx(), PodId(0), Some(0));
    play.until(301_000);
    assert_eq!(play.cluster.pods.len(), 2);
    assert_eq!(names(&play), ["db-0"]);
}

/// DMN-01: one Pod on every node that takes it, cordoned ones included; placed by the scheduler;
/// a node that stops taking it loses it, a new one gets it.
#[test]
fn a_daemon_set_follows_the_nodes() {
    let mut play = Play::recorded();
    controllers::cordon(&mut play.cx(), "node2", true).expect("a node");
    play.until(100);
    play.put_text(&daemon(""));
    play.until(10_000);
    let mut nodes: Vec<String> = play.active().into_iter().map(|p| play.node_of(p)).collect();
    nodes.sort();
    assert_eq!(nodes, ["node1", "node2"]);
    assert_eq!(play.events(&["Scheduled"]).len(), 2);
    play.put(crate::api::Object::Node(node("node3")));
    play.until(20_000);
    assert_eq!(play.active().len(), 3);
    let taint = Taint {
        key: "dedicated".to_owned(),
        value: String::new(),
        effect: TaintEffect::NoExecute,
    };
    controllers::taint(&mut play.cx(), "node1", &[taint], &[]).expect("a node");
    play.until(30_000);
    let mut nodes: Vec<String> = play.active().into_iter().map(|p| play.node_of(p)).collect();
    nodes.sort();
    assert_eq!(nodes, ["node2", "node3"]);
    let status = workload(&play, "daemonset", "db").status;
    assert_eq!((status.desired, status.ready), (2, 2));
}

/// DMN-01, NOD-05, NOD-09: its Pods tolerate a lost node without a limit, and a drain leaves them.
#[test]
fn daemon_pods_stay_where_others_leave() {
    let mut play = Play::recorded();
    play.put_text(&daemon(""));
    play.until(10_000);
    controllers::drain(&mut play.cx(), "node1", false, None, None).expect("nothing to evict");
    controllers::node_silent(&mut play.cx(), crate::ids::NodeId(1));
    play.until(600_000);
    assert_eq!(play.active().len(), 2);
    assert!(play.events(&["TaintManagerEviction"]).is_empty());
}

/// DMN-01: an update takes one at a time.
#[test]
fn a_daemon_set_rolls_one_node_at_a_time() {
    let mut play = Play::recorded();
    play.put_text(&daemon(""));
    play.until(10_000);
    let workload = of("daemonset", "db");
    controllers::set_image(&mut play.cx(), "", &workload, "main", "probe-lab:v2").expect("a set");
    play.until(40_000);
    let signs: String = steps(&play).iter().map(|s| &s[..1]).collect();
    assert_eq!(signs, "++-+-+");
    let second = play.cluster.pods[3].created_at.as_millis();
    assert!(second > ready_at(&play, PodId(2)));
}

/// JOB-01: as many at once as may run, until enough have succeeded.
#[test]
fn a_job_runs_until_enough_have_succeeded() {
    let mut play = Play::recorded();
    play.put_text(&job("  completions: 3\n  parallelism: 2", "Never", 0));
    play.until(1_500);
    assert_eq!(play.active().len(), 2);
    play.until(30_000);
    assert_eq!(play.cluster.pods.len(), 3);
    let status = &workload(&play, "job", "once").job;
    assert_eq!((status.condition, status.succeeded), ("Complete", 3));
    let done = play.events(&["Completed"]);
    assert!(done[0].ends_with("Job completed"));
    let phases = play.cluster.pods.iter().map(|pod| pod.status.phase);
    assert!(phases.into_iter().all(|phase| phase == Phase::Succeeded));
    let labels = &play.cluster.pods[0].labels;
    assert_eq!(labels.get("job-name").map(String::as_str), Some("once"));
    assert_eq!(
        labels
            .get("batch.kubernetes.io/job-name")
            .map(String::as_str),
        Some("once")
    );
}

/// JOB-01: indexed Pods carry their number.
#[test]
fn an_indexed_job_numbers_its_pods() {
    let mut play = Play::recorded();
    let text = "  completions: 2\n  parallelism: 2\n  completionMode: Indexed";
    play.put_text(&job(text, "Never", 0));
    play.until(30_000);
    // Recorded in workloads/job-indexed: the variable comes from the label.
    let path = "metadata.labels['batch.kubernetes.io/job-completion-index']";
    for (pod, name) in ["once-0", "once-1"].into_iter().enumerate() {
        let pod = &play.cluster.pods[pod];
        let env = &pod.spec.containers[0].env[0];
        assert_eq!((&pod.name[..6], pod.spec.hostname.as_str()), (name, name));
        assert_eq!(env.name, "JOB_COMPLETION_INDEX");
        assert_eq!(env.value, EnvValue::Field(path.to_owned()));
    }
    assert_eq!(workload(&play, "job", "once").job.condition, "Complete");
}

/// JOB-02: after the n-th failure in a row 10 s · 2ⁿ⁻¹, then one too many.
#[test]
fn a_failing_job_backs_off_and_gives_up() {
    let mut play = Play::recorded();
    play.put_text(&job("  backoffLimit: 2", "Never", 1));
    play.until(120_000);
    assert_eq!(play.cluster.pods.len(), 3);
    for (number, wait) in [(1, 10_000), (2, 20_000)] {
        // The process ends 2 s after it started, half a second after the Pod was created.
        let gap = created_at(&play, number) - created_at(&play, number - 1) - 2_500;
        assert!((wait - 1_000..wait + 2_000).contains(&gap), "{gap}");
    }
    let status = &workload(&play, "job", "once").job;
    assert_eq!((status.condition, status.failed), ("Failed", 3));
    let failed = play.events(&["BackoffLimitExceeded"]);
    assert!(failed[0].ends_with("Job has reached the specified backoff limit"));
}

/// JOB-02: with OnFailure the kubelet restarts in place, and the restarts count.
#[test]
fn restarts_in_place_count_against_the_limit() {
    let mut play = Play::recorded();
    play.put_text(&job("  backoffLimit: 2", "OnFailure", 1));
    play.until(120_000);
    assert_eq!(play.cluster.pods.len(), 1);
    assert!(play.cluster.pods[0].deletion.is_some());
    let status = &workload(&play, "job", "once").job;
    assert_eq!(
        (status.condition, status.reason),
        ("Failed", "BackoffLimitExceeded")
    );
}

/// JOB-02: the deadline stops what runs.
#[test]
fn a_job_has_a_deadline() {
    let mut play = Play::recorded();
    let text = job("  activeDeadlineSeconds: 10", "Never", 0)
        .replace("--exit-after=2s", "--exit-after=500s");
    play.put_text(&text);
    play.until(60_000);
    let late = play.events(&["DeadlineExceeded"]);
    assert!(
        late[0].ends_with("Job was active longer than specified deadline"),
        "{late:?}"
    );
    assert!(
        late[0].starts_with("10.") || late[0].starts_with("11."),
        "{late:?}"
    );
}

/// API-07, VAL-25: deletion takes the Pods along; a Job's template is fixed.
#[test]
fn workloads_take_their_pods_along() {
    let mut play = Play::recorded();
    play.put_text(&stateful("  replicas: 2"));
    play.put_text(&job("", "Never", 0).replace("after=2s", "after=500s"));
    play.until(20_000);
    let changed = job("", "Never", 3);
    let object = crate::manifest::parse(&changed).objects.remove(0).object;
    let refused = play.apply(object).expect_err("fixed");
    assert!(refused.text.contains("spec.template"), "{}", refused.text);
    for (kind, name) in [("sts", "db"), ("jobs", "once")] {
        controllers::delete(&mut play.cx(), kind, "", name, None, Cascade::Background)
            .expect("deleted");
    }
    play.until(60_000);
    assert!(names(&play).is_empty());
}

/// Claims come before the Pod that mounts them, with an Event each, and outlive Pod and set.
#[test]
fn a_stateful_set_claims_its_volumes() {
    let mut play = Play::recorded();
    let claims = "  replicas: 2\n  volumeClaimTemplates:\n  - metadata: {name: data}\n    spec: \
                  {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
    let text = stateful(claims);
    let text = text.replace(
        "        readinessProbe",
        "        volumeMounts: [{name: data, mountPath: /data}]\n        readinessProbe",
    );
    play.put_text(&text);
    play.until(30_000);
    assert_eq!(names(&play), ["db-0", "db-1"]);
    let events = play.events(&["SuccessfulCreate"]);
    let said: Vec<&str> = events
        .iter()
        .filter_map(|line| Some(line.split_once(": ")?.1))
        .collect();
    assert_eq!(
        said,
        [
            "Create Claim data-db-0 Pod db-0 in StatefulSet db success",
            "Create Pod db-0 in StatefulSet db successful",
            "Create Claim data-db-1 Pod db-1 in StatefulSet db success",
            "Create Pod db-1 in StatefulSet db successful",
        ]
    );
    let volumes = &play.cluster.pods[1].spec.volumes;
    assert_eq!(volumes.len(), 1);
    let claimed = matches!(&volumes[0].source, VolumeSource::Claim { name } if name == "data-db-1");
    assert!(claimed && volumes[0].name == "data");
    let pod = play.pod("db-1");
    controllers::delete_pod(&mut play.cx(), pod, None);
    play.until(60_000);
    controllers::delete(
        &mut play.cx(),
        "statefulset",
        "",
        "db",
        None,
        Cascade::Background,
    )
    .expect("deleted");
    play.until(90_000);
    assert_eq!(play.cluster.live_pods().count(), 0);
    let claims = &play.cluster.controllers.store.claims;
    assert_eq!(claims.len(), 2);
}

/// API-03, KST-01: claims stay by default; `persistentVolumeClaimRetentionPolicy` lets them go with
/// the Pods that scaling takes away, or with the set, each after the Pod that used it.
#[test]
fn claims_go_as_the_set_says() {
    let left = |policy: &str| {
        let mut play = Play::recorded();
        let claims = format!(
            "  replicas: 3\n  podManagementPolicy: Parallel\n  \
             persistentVolumeClaimRetentionPolicy: {policy}\n  volumeClaimTemplates:\n  - \
             metadata: {{name: data}}\n    spec: {{accessModes: [ReadWriteOnce], resources: \
             {{requests: {{storage: 1Gi}}}}}}\n"
        );
        play.put_text(&stateful(&claims));
        play.until(20_000);
        let count = |play: &Play| play.cluster.controllers.store.claims.len();
        assert_eq!(count(&play), 3);
        let workload = WorkloadRef {
            kind: "statefulset".to_owned(),
            name: "db".to_owned(),
        };
        controllers::scale(&mut play.cx(), "", &workload, 1).expect("scaled");
        // Not before the Pods are gone.
        assert_eq!(count(&play), 3);
        play.until(60_000);
        let scaled = count(&play);
        let way = Cascade::Background;
        controllers::delete(&mut play.cx(), "statefulset", "", "db", None, way).expect("deleted");
        play.until(100_000);
        assert_eq!(play.cluster.live_pods().count(), 0);
        (scaled, count(&play))
    };
    assert_eq!(left("{}"), (3, 3));
    assert_eq!(left("{whenScaled: Delete}"), (1, 1));
    assert_eq!(left("{whenDeleted: Delete}"), (3, 0));
    assert_eq!(left("{whenScaled: Delete, whenDeleted: Delete}"), (1, 0));
}

/// API-07: who is left alone keeps its claim, whatever the set would have had deleted.
#[test]
fn claims_of_orphans_stay() {
    let mut play = Play::recorded();
    play.put_text(&stateful(
        "  replicas: 2\n  podManagementPolicy: Parallel\n  persistentVolumeClaimRetentionPolicy: \
         {whenDeleted: Delete}\n  volumeClaimTemplates:\n  - metadata: {name: data}\n    spec: \
         {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n",
    ));
    play.until(20_000);
    let way = Cascade::Orphan;
    controllers::delete(&mut play.cx(), "statefulset", "", "db", None, way).expect("deleted");
    play.until(40_000);
    assert_eq!(play.cluster.live_pods().count(), 2);
    assert_eq!(play.cluster.controllers.store.claims.len(), 2);
}

/// API-01: labels of the object change neither its generation nor its Pods.
#[test]
fn labels_of_a_workload_change_nothing_else() {
    let mut play = Play::recorded();
    play.put_text(&stateful("  replicas: 1\n"));
    play.until(20_000);
    let pod = play.active()[0];
    let changes = [("tier".to_owned(), Some("data".to_owned()))];
    let label = |play: &mut Play| {
        controllers::label(&mut play.cx(), "sts", "", "db", &changes, false).expect("labelled")
    };
    assert!(label(&mut play) && !label(&mut play));
    play.until(40_000);
    let set = workload(&play, "statefulset", "db");
    assert_eq!(
        set.object.metadata.labels.get("tier").map(String::as_str),
        Some("data")
    );
    assert_eq!((set.generation, play.active()), (1, vec![pod]));
}
