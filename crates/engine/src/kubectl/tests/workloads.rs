//! GET-01, DSC-06, DSC-07, DSC-09: workloads, traffic policies and zones as kubectl prints them.

use super::Visitor;

const STREAM: &str = "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, labels: {tier: data}}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: main, image: 'probe-lab:v1'}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      nodeSelector: {kubernetes.io/os: linux}
      containers: [{name: main, image: 'probe-lab:v1'}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec:
  completions: 3
  parallelism: 3
  completionMode: Indexed
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: 'probe-lab:v1', args: [--exit-after=5s]}]
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: high}
value: 1000
";

#[test]
fn tables_have_the_columns_of_their_kinds() {
    let mut visitor = Visitor::of(STREAM);
    assert_eq!(
        visitor.reads(20_000, "get sts -o wide"),
        "NAME   READY   AGE   CONTAINERS   IMAGES\ndb     2/2     20s   main         probe-lab:v1\n"
    );
    let nodes = visitor
        .reads(20_000, "get nodes --no-headers")
        .lines()
        .count();
    assert_eq!(
        visitor.reads(20_000, "get ds"),
        format!(
            "NAME    DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR            AGE\n\
             agent   {nodes}         {nodes}         {nodes}       {nodes}            {nodes}           kubernetes.io/os=linux   20s\n"
        )
    );
    assert_eq!(
        visitor.reads(3_000, "get jobs"),
        "NAME   STATUS    COMPLETIONS   DURATION   AGE\nonce   Running   0/3           3s         3s\n"
    );
    let done = visitor.reads(20_000, "get job once --no-headers");
    let cells: Vec<&str> = done.split_whitespace().collect();
    assert_eq!(
        (cells[0], cells[1], cells[2], cells[4]),
        ("once", "Complete", "3/3", "20s")
    );
    assert_eq!(
        visitor.reads(20_000, "get pc"),
        "NAME                      VALUE        GLOBAL-DEFAULT   AGE   PREEMPTIONPOLICY\n\
         high                      1000         false            10m   PreemptLowerPriority\n\
         system-cluster-critical   2000000000   false            10m   PreemptLowerPriority\n\
         system-node-critical      2000001000   false            10m   PreemptLowerPriority\n"
    );
}

/// The lines of a description down to the Pod template, without the dates and identities.
fn head(text: &str) -> Vec<&str> {
    let lines = text.lines().take_while(|line| *line != "Pod Template:");
    let masked = [
        "CreationTimestamp",
        "Selector",
        "Start Time",
        "Completed At",
        "Duration",
    ];
    lines
        .filter(|line| !masked.iter().any(|mask| line.starts_with(mask)))
        .collect()
}

#[test]
fn descriptions_have_the_parts_of_their_kinds() {
    let mut visitor = Visitor::of(STREAM);
    let text = visitor.reads(20_000, "describe sts db");
    assert_eq!(
        head(&text),
        [
            "Name:               db",
            "Namespace:          default",
            "Labels:             tier=data",
            "Annotations:        <none>",
            "Replicas:           2 desired | 2 total",
            "Update Strategy:    RollingUpdate",
            "  Partition:        0",
            "Pods Status:        2 Running / 0 Waiting / 0 Succeeded / 0 Failed",
        ]
    );
    let claims: Vec<&str> = text
        .lines()
        .skip_while(|line| *line != "Volume Claims:")
        .skip(1)
        .take(6)
        .collect();
    assert_eq!(
        claims,
        [
            "  Name:          data",
            "  StorageClass:  ",
            "  Labels:        <none>",
            "  Annotations:   <none>",
            "  Capacity:      1Gi",
            "  Access Modes:  [ReadWriteOnce]",
        ]
    );
    assert!(text.contains("SuccessfulCreate") && text.contains("statefulset-controller"));
    let text = visitor.reads(20_000, "describe ds agent");
    let nodes = visitor
        .reads(20_000, "get nodes --no-headers")
        .lines()
        .count();
    let lines = head(&text);
    let scheduled = [
        format!("Desired Number of Nodes Scheduled: {nodes}"),
        format!("Current Number of Nodes Scheduled: {nodes}"),
        format!("Number of Nodes Scheduled with Up-to-date Pods: {nodes}"),
        format!("Number of Nodes Scheduled with Available Pods: {nodes}"),
        "Number of Nodes Misscheduled: 0".to_owned(),
    ];
    assert_eq!(&lines[lines.len() - 6..lines.len() - 1], scheduled);
    assert!(text.contains("Annotations:    deprecated.daemonset.template.generation: 1\n"));
    let text = visitor.reads(20_000, "describe job once");
    let lines = head(&text);
    assert_eq!(
        &lines[lines.len() - 7..],
        [
            "Parallelism:        3",
            "Completions:        3",
            "Completion Mode:    Indexed",
            "Suspend:            false",
            "Backoff Limit:      6",
            "Pods Statuses:      0 Active (0 Ready) / 3 Succeeded / 0 Failed",
            "Completed Indexes:  0-2",
        ]
    );
    let owner = visitor.reads(20_000, "describe pod db-0");
    assert!(owner.contains("Controlled By:  StatefulSet/db\n"));
}

/// The parts that other programs read.
#[test]
fn objects_can_be_asked_for_their_fields() {
    let mut visitor = Visitor::of(STREAM);
    let mut field = |of: &str, path: &str| {
        visitor.reads(20_000, &format!("get {of} -o jsonpath='{{.{path}}}'"))
    };
    assert_eq!(field("sts db", "status.readyReplicas"), "2");
    assert_eq!(
        field("ds agent", "spec.updateStrategy.type"),
        "RollingUpdate"
    );
    assert_eq!(field("job once", "status.succeeded"), "3");
    assert_eq!(
        field("job once", "status.conditions[*].type"),
        "SuccessCriteriaMet Complete"
    );
    assert_eq!(
        field("pod db-0", "metadata.ownerReferences[0].kind"),
        "StatefulSet"
    );
}

/// API-07, DEL-01: what becomes of dependents, with the words that kubectl took long ago.
#[test]
fn cascade_takes_three_words_and_two_old_ones() {
    let types = |flag: &str| Visitor::of(STREAM).types(20_000, &format!("delete sts db {flag}"));
    let deleted = "statefulset.apps \"db\" deleted from default namespace\n".to_owned();
    for flag in ["", "--cascade", "--cascade=foreground", "--cascade=orphan"] {
        assert_eq!(types(flag), (deleted.clone(), String::new()), "{flag}");
    }
    let old = "warning: --cascade=false is deprecated (boolean value) and can be replaced with \
               --cascade=orphan.\n";
    assert_eq!(types("--cascade=false"), (deleted, old.to_owned()));
    let wrong = "error: invalid cascade value (all). Must be \"background\", \"foreground\", or \
                 \"orphan\"\n";
    assert_eq!(types("--cascade=all"), (String::new(), wrong.to_owned()));
}

/// SVC-02, EPS-04: policies and zones are what the objects say.
#[test]
fn policies_and_zones_are_told() {
    let text = "apiVersion: v1
kind: Node
metadata: {name: far, labels: {topology.kubernetes.io/zone: z1}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {nodeName: far, containers: [{name: main, image: 'probe-lab:v1'}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  externalTrafficPolicy: Local
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
";
    let mut visitor = Visitor::of(text);
    let service = visitor.reads(10_000, "describe svc web");
    assert!(
        service.contains("External Traffic Policy:  Local\n"),
        "{service}"
    );
    assert!(
        service.contains("Internal Traffic Policy:  Cluster\n"),
        "{service}"
    );
    let slices = visitor.reads(10_000, "describe endpointslices");
    assert!(slices.contains("    Zone:       z1\n"), "{slices}");
    let field = "get endpointslices -o jsonpath='{.items[1].endpoints[0].zone}'";
    assert_eq!(visitor.reads(10_000, field), "z1");
}

/// EPS-06: an Endpoints object has its ports in the order of a hash, as two-containers-one-not-ready
/// was recorded; the slice has them in the Service's.
#[test]
fn endpoints_have_their_ports_in_an_order_of_their_own() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: duo, labels: {app: duo}}\nspec:\n  \
                containers:\n  - {name: a, image: 'probe-lab:v1', args: [--port=8080]}\n  - \
                {name: b, image: 'probe-lab:v1', args: [--port=8081]}\n---\napiVersion: \
                v1\nkind: Service\nmetadata: {name: ab}\nspec:\n  selector: {app: duo}\n  ports:\n  \
                - {name: p0, port: 80, targetPort: 8080}\n  - {name: p1, port: 81, targetPort: \
                8081}\n";
    let mut visitor = Visitor::of(text);
    let (listed, _) = visitor.types(10_000, "get endpoints ab --no-headers");
    let (first, second) = (listed.find(":8081,"), listed.find(":8080 "));
    assert!(first.is_some() && first < second, "{listed}");
    let slice = visitor.reads(
        10_000,
        "get endpointslices -l kubernetes.io/service-name=ab --no-headers",
    );
    assert!(slice.contains(" 8080,8081 "), "{slice}");
}

/// The columns of the documentation; each claim has a volume of the default class.
#[test]
fn claims_and_their_volumes_are_listed() {
    let text = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec:\n  \
                accessModes: [ReadWriteOnce, ReadOnlyMany]\n  resources: {requests: {storage: \
                1Gi}}\n";
    let mut visitor = Visitor::of(text);
    let rows = |listed: &str| -> Vec<Vec<String>> {
        let cells = |line: &str| {
            let cells = line.split("  ").map(str::trim);
            cells
                .filter(|cell| !cell.is_empty())
                .map(str::to_owned)
                .collect()
        };
        listed.lines().map(cells).collect()
    };
    let claims = rows(&visitor.reads(5_000, "get pvc"));
    let volumes = rows(&visitor.reads(5_000, "get pv"));
    assert_eq!(
        claims[0].join("|"),
        "NAME|STATUS|VOLUME|CAPACITY|ACCESS MODES|STORAGECLASS|VOLUMEATTRIBUTESCLASS|AGE"
    );
    let volume = &claims[1][2];
    assert!(volume.starts_with("pvc-") && volume.len() == 40, "{volume}");
    assert_eq!(
        claims[1].join("|"),
        format!("data|Bound|{volume}|1Gi|RWO,ROX|standard|<unset>|5s")
    );
    assert_eq!(
        volumes[0].join("|"),
        "NAME|CAPACITY|ACCESS MODES|RECLAIM POLICY|STATUS|CLAIM|STORAGECLASS|\
         VOLUMEATTRIBUTESCLASS|REASON|AGE"
    );
    assert_eq!(
        volumes[1].join("|"),
        format!("{volume}|1Gi|RWO,ROX|Delete|Bound|default/data|standard|<unset>|5s")
    );
    let classes = visitor.reads(5_000, "get sc");
    assert!(classes.contains("\nstandard (default)   "), "{classes}");
    let path = "get pvc data -o jsonpath='{.spec.volumeName} {.status.phase}'";
    assert_eq!(visitor.reads(5_000, path), format!("{volume} Bound"));
}
