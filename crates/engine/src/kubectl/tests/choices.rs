//! What flags choose: of logs, of resources, of the variables of containers.

use super::Visitor;
use crate::experiment::Setup;
use crate::scenario::Act;
use crate::time::Instant;
use crate::{kubectl, manifest};

const SHOP: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {log.level: debug, mode: fast}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      initContainers:
      - {name: first, image: 'busybox:1.36', command: ['true'], env: [{name: STEP, value: one}]}
      containers:
      - name: main
        image: busybox:1.36
        command: [sh, -c, 'while true; do echo tick; sleep 5; done']
        env:
        - {name: MODE, value: prod}
        - {name: LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: log.level}}}
        - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
      - {name: side, image: 'busybox:1.36', command: [sleep, '3600']}
---
";

/// Source: kubectl's set_env.go, env_resolve.go.
#[test]
fn variables_are_listed_by_container() {
    let mut visitor = Visitor::of(SHOP);
    assert_eq!(
        visitor.reads(20_000, "set env deploy/shop --list"),
        "# Deployment shop, container main
MODE=prod
# LEVEL from configmap settings, key log.level
# IP from field path status.podIP
# Deployment shop, container side
# Deployment shop, container first
STEP=one
"
    );
    assert_eq!(
        visitor.reads(20_000, "set env deploy shop --list --resolve -c 'm*'"),
        "# Deployment shop, container main\nMODE=prod\nLEVEL=debug\n# IP from field path status.podIP\n"
    );
    let (_, stderr) = visitor.types(20_000, "set env deploy shop --list -c none");
    let said = "Warning: Deployment/shop does not have any containers matching \"none\"\n";
    assert_eq!(stderr, said);
}

#[test]
fn variables_are_set_where_they_are_meant() {
    let stream = manifest::parse(SHOP);
    let objects = stream.objects.into_iter().map(|located| located.object);
    let mut timeline = Setup::new(objects.collect(), stream.scenario).timeline();
    let at = Instant::from_secs(20);
    timeline.run_until(at);
    let cluster = timeline.seek(at);
    let answers = |line: &str| {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        kubectl::run(&cluster, at, "default", &words)
    };
    let patch = |line: &str| {
        let output = answers(line);
        assert_eq!(
            output.stdout, "deployment.apps/shop env updated\n",
            "{line}"
        );
        match output.inputs.as_slice() {
            [Act::Patch { patch, .. }] => patch.clone(),
            acts => panic!("{line}: {acts:?}"),
        }
    };
    assert_eq!(
        patch("set env deploy/shop -c main MODE=test IP-"),
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"env\":[{\"name\":\"MODE\",\"value\":\
         \"test\"},{\"$patch\":\"delete\",\"name\":\"IP\"}],\"name\":\"main\"}]}}}}"
    );
    let from = patch("set env deploy/shop -c side --from=configmap/settings --prefix=SHOP_");
    for (name, key) in [("SHOP_LOG_LEVEL", "log.level"), ("SHOP_MODE", "mode")] {
        let entry = format!(
            "{{\"name\":\"{name}\",\"valueFrom\":{{\"configMapKeyRef\":{{\"key\":\"{key}\",\
             \"name\":\"settings\"}}}}}}"
        );
        assert!(from.contains(&entry), "{from}");
    }
    let unchanged = answers("set env deploy/shop -c main MODE=prod");
    assert_eq!((unchanged.stdout.as_str(), unchanged.inputs.len()), ("", 0));
    for (line, said) in [
        ("set env deploy/shop", ""),
        (
            "set env deploy/shop MODE=x --overwrite=false",
            "error: deployments/shop 'MODE' already has a value (prod), and --overwrite is false\n",
        ),
        (
            "set env deploy/shop --keys=mode A=b",
            "error: when specifying --keys, a configmap or secret must be provided with --from\n",
        ),
        (
            "set env deploy/shop --from=deploy/shop",
            "error: unsupported resource specified in --from\n",
        ),
    ] {
        assert_eq!(answers(line).stderr, said, "{line}");
    }
}

/// LOG-01, LOG-06.
#[test]
fn logs_of_many_pods_are_chosen() {
    let mut visitor = Visitor::of(SHOP);
    let all = visitor.reads(20_000, "logs deploy/shop --all-pods -c main --tail=1");
    let lines: Vec<&str> = all.lines().collect();
    assert_eq!(lines.len(), 2, "{all}");
    let is_prefixed = |line: &&str| line.starts_with("[pod/shop-") && line.ends_with("/main] tick");
    assert!(lines.iter().all(is_prefixed), "{all}");
    let cut = "logs deploy/shop --all-pods -c main --limit-bytes=20";
    let first = visitor.reads(20_000, cut);
    // The bytes of each log, without what kubectl puts before its lines.
    let logs = first.split_inclusive("] ").skip(1);
    let lengths: usize = logs.map(|log| log.find('[').unwrap_or(log.len())).sum();
    assert_eq!(lengths, 40, "{first}");
    assert_eq!(first.matches("[pod/shop-").count(), 8, "{first}");
    for (line, said) in [
        (
            "logs -f -l app=shop --all-containers",
            "error: you are attempting to follow 6 log streams, but maximum allowed concurrency is 5, \
             use --max-log-requests to increase the limit\n",
        ),
        (
            "logs deploy/shop --all-containers -c main",
            "error: --all-containers=true should not be specified with container name main\n",
        ),
        (
            "logs deploy/shop --tail=-2",
            "error: --tail must be greater than or equal to -1\n",
        ),
        (
            "logs a b c",
            "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a \
             required argument for the logs command\nSee 'kubectl logs -h' for help and examples\n",
        ),
        (
            "logs shop -l app=shop",
            "error: only a selector (-l) or a POD name is allowed\nSee 'kubectl logs -h' for help and \
             examples\n",
        ),
    ] {
        assert_eq!(visitor.types(20_000, line).1, said, "{line}");
    }
}

/// LOG-06. Source: kubectl's logs.go, Go's time package.
#[test]
fn logs_begin_where_they_are_told() {
    let mut visitor = Visitor::of(SHOP);
    // What one log lacks keeps no other from being printed.
    let previous = "logs deploy/shop --all-containers --previous --ignore-errors";
    let said: Vec<String> = visitor
        .types(20_000, previous)
        .0
        .lines()
        .map(|line| line.split(" in pod").next().unwrap_or_default().to_owned())
        .collect();
    let lacks = ["first", "main", "side"]
        .map(|name| format!("error: previous terminated container \"{name}\""));
    assert_eq!(said, lacks);
    // Spans are rounded to whole seconds; none means the whole log.
    let mut since = |span: &str| {
        let line = format!("logs deploy/shop -c main --since={span}");
        visitor.types(20_000, &line).0.lines().count()
    };
    for seconds in 1..20 {
        let exact = since(&format!("{seconds}s"));
        assert_eq!(since(&format!("{seconds}.4s")), exact, "{seconds}");
        assert_eq!(since(&format!("{}500ms", seconds - 1)), exact, "{seconds}");
    }
    assert_eq!(since("0"), since("1h"));
    assert!(since("0") > since("5s") && since("5s") > 0);
    for (line, said) in [
        (
            "logs deploy/shop -c main --since=1d",
            "error: invalid argument \"1d\" for \"--since\" flag: time: unknown unit \"d\" in duration \
             \"1d\"\nSee 'kubectl logs --help' for usage.\n",
        ),
        (
            "logs deploy/shop -c main --since=10",
            "error: invalid argument \"10\" for \"--since\" flag: time: missing unit in duration \
             \"10\"\nSee 'kubectl logs --help' for usage.\n",
        ),
        (
            "logs deploy/shop -c main --since=-1m",
            "error: --since must be greater than 0\n",
        ),
        (
            "logs deploy/shop -c main --since-time=now",
            "error: parsing time \"now\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"now\" as \
             \"2006\"\n",
        ),
    ] {
        assert_eq!(visitor.types(20_000, line).1, said, "{line}");
    }
}

#[test]
fn what_is_not_simulated_says_so() {
    let mut visitor = Visitor::of(SHOP);
    for (line, said) in [
        (
            "version -o xml",
            "error: --output must be 'yaml' or 'json'\n",
        ),
        (
            "version -o json",
            "error: readyz does not simulate version -o json\n",
        ),
        (
            "get deploy/shop --subresource=scale",
            "error: readyz does not simulate --subresource=scale\n",
        ),
        ("version x y", "error: extra arguments: [x y]\n"),
    ] {
        assert_eq!(visitor.types(20_000, line).1, said, "{line}");
    }
}

/// GET-03: names, verbs and categories of the discovery documents.
#[test]
fn resources_are_listed_in_other_ways() {
    let mut visitor = Visitor::of(SHOP);
    let mut reads = |line: &str| visitor.reads(1_000, line);
    assert_eq!(
        reads("api-resources --api-group=batch -o name"),
        "cronjobs.batch\njobs.batch\n"
    );
    let wide = reads("api-resources --api-group=batch -o wide");
    assert_eq!(
        wide.lines().nth(1),
        Some(
            "cronjobs   cj           batch/v1     true         CronJob   \
             create,delete,deletecollection,get,list,patch,update,watch   all"
        )
    );
    let all = reads("api-resources --categories=all -o name");
    assert_eq!(all.lines().count(), 10, "{all}");
    let few = reads("api-resources --verbs=get,list --api-group=authentication.k8s.io -o name");
    assert_eq!(few, "");
    let kinds = reads("api-resources --namespaced --api-group=apps --sort-by=kind --no-headers");
    assert!(kinds.starts_with("controllerrevisions "), "{kinds}");
}

/// What a file names is shown as it is in the cluster.
#[test]
fn objects_of_a_file_are_shown() {
    let mut visitor = Visitor::of(SHOP);
    let typed = visitor.answers("get -f shop.yaml -o name", SHOP);
    assert_eq!(typed.stdout, "configmap/settings\ndeployment.apps/shop\n");
    let gone = SHOP.replace("name: shop}", "name: lost}");
    let typed = visitor.answers("get -f shop.yaml -o name", &gone);
    assert_eq!(
        (typed.stdout.as_str(), typed.stderr.as_str()),
        (
            "configmap/settings\n",
            "Error from server (NotFound): deployments.apps \"lost\" not found\n"
        )
    );
}

/// Source: kubectl's label.go, scale.go and drain.go.
#[test]
fn changes_are_listed_expected_and_tried() {
    let mut visitor = Visitor::of(SHOP);
    let mut reads = |line: &str| visitor.reads(20_000, line);
    let listed = reads("label deploy shop a=b --list --dry-run=client");
    assert_eq!(listed, "a=b\n");
    let both = reads("annotate deploy,cm shop settings --list 2>/dev/null | grep -c last-applied");
    assert_eq!(both, "2\n");
    let scaled = "scale deploy shop --replicas=3 --current-replicas=2 --dry-run=client";
    assert_eq!(reads(scaled), "deployment.apps/shop scaled (dry run)\n");
    let few = "cordon -l kubernetes.io/hostname=node-1 --dry-run=server";
    assert_eq!(reads(few), "node/node-1 cordoned (server dry run)\n");
    assert_eq!(reads("get nodes | grep -c SchedulingDisabled"), "0\n");
    let (_, stderr) = visitor.types(
        20_000,
        "scale deploy shop --replicas=3 --current-replicas=1",
    );
    assert_eq!(stderr, "error: Expected replicas to be 1, was 2\n");
    let (_, stderr) = visitor.types(20_000, "cordon node-1 -l a=b");
    let said = "error: cannot specify both a node name and a --selector option\nSee 'kubectl \
                cordon -h' for help and examples\n";
    assert_eq!(stderr, said);
}
