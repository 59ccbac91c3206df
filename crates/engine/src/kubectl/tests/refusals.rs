//! What kubectl and the API server refuse, in their words. The texts are those of kubectl and
//! kube-apiserver 1.36.3, asked with the same lines.

use super::Visitor;

pub const OBJECTS: &str = "apiVersion: v1
kind: Pod
metadata: {name: p, labels: {app: p}, annotations: {note: hi}}
spec: {containers: [{name: a, image: 'busybox:1.36', command: [sleep, '3600']}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {tier: front}}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
";

/// Each line prints nothing but its refusal.
pub fn refuse(lines: &[(&str, &str)]) {
    let mut visitor = Visitor::of(OBJECTS);
    for (line, refusal) in lines {
        let (stdout, stderr) = visitor.types(20_000, line);
        assert_eq!(
            (stdout.as_str(), stderr.trim_end()),
            ("", *refusal),
            "{line}"
        );
    }
}

/// What the server says of a selector, after what it looked for.
fn bad_selector(labels: &str, fields: &str, why: &str) -> String {
    format!(
        "Error from server (BadRequest): Unable to find \"/v1, Resource=pods\" that match label \
         selector \"{labels}\", field selector \"{fields}\": {why}"
    )
}

const NAME: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must \
                    start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  \
                    or '123-abc', regex used for validation is \
                    '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/// GET-06, ERR-05.
#[test]
fn selectors_are_refused_by_the_server() {
    let mut visitor = Visitor::of(OBJECTS);
    let in_list = "unable to parse requirement: found";
    let operators = "expected: in, notin, =, ==, !=, gt, lt";
    for (labels, why) in [
        (
            "a=b=c",
            "found '=', expected: ',' or 'end of string'".to_owned(),
        ),
        (
            "=b",
            "found '=', expected: !, identifier, or 'end of string'".to_owned(),
        ),
        (
            "a,,b",
            "found ',', expected: identifier after ','".to_owned(),
        ),
        ("a b", format!("{in_list} 'b', {operators}")),
        ("a!", format!("{in_list} '!', {operators}")),
        ("a in b", format!("{in_list} 'b' expected: '('")),
        ("a in (b", format!("{in_list} '', expected: ',' or ')'")),
        (
            "a in (=",
            format!("{in_list} '=', expected: ',', ')' or identifier"),
        ),
        (
            "a in (b,=)",
            format!("{in_list} '=', expected: ',', or identifier"),
        ),
        ("a===b", format!("{in_list} '=', expected: identifier")),
        ("!!a", format!("{in_list} '!', expected: identifier")),
        (
            "a>b",
            "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' \
             operators, the value must be an integer"
                .to_owned(),
        ),
        (
            "a;b",
            format!("unable to parse requirement: <nil>: Invalid value: \"a;b\": {NAME}"),
        ),
    ] {
        let line = format!("get pods -l '{labels}'");
        let said = visitor.types(20_000, &line).1;
        assert_eq!(said.trim_end(), bad_selector(labels, "", &why), "{line}");
    }
    for (fields, why) in [
        ("x,y", "invalid selector: 'x,y'; can't understand 'x'"),
        (
            "a=b=c",
            "invalid field selector: unescaped character in value: 61",
        ),
        ("metadata.name=p,x=y", "field label not supported: x"),
    ] {
        let line = format!("get pods --field-selector {fields}");
        let said = visitor.types(20_000, &line).1;
        assert_eq!(said.trim_end(), bad_selector("", fields, why), "{line}");
    }
    let both = visitor.types(20_000, "describe pods,svc -l a=b=c").1;
    assert_eq!(
        both.lines().count(),
        2,
        "each resource is asked for: {both}"
    );
    let deploy = visitor.types(20_000, "get deploy --field-selector x=y").1;
    let known =
        "\"x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";
    assert!(deploy.trim_end().ends_with(known), "{deploy}");
    let service = "get svc --field-selector spec.type=ClusterIP,metadata.name!=kubernetes -o name";
    assert_eq!(visitor.reads(20_000, service), "service/web\n");
}

/// GET-03, ERR-02, ERR-08: what words cannot mean is refused before anything is asked for.
#[test]
fn words_that_mean_no_objects_are_refused() {
    refuse(&[
        (
            "get pods p -l app=p",
            "error: name cannot be provided when a selector is specified",
        ),
        (
            "get pods/p -l app=p",
            "error: selectors and the all flag cannot be used when passing resource/name arguments",
        ),
        ("get all p", "error: you must specify only one resource"),
        (
            "get pods/p/q",
            "error: arguments in resource/name form may not have more than one slash",
        ),
        (
            "get pods/",
            "error: arguments in resource/name form must have a single resource and name",
        ),
        ("get pods ''", "error: resource name may not be empty"),
        (
            "get pods,",
            "error: the server doesn't have a resource type \"\"",
        ),
        (
            "get pods.foo",
            "error: the server doesn't have a resource type \"pods\"",
        ),
        (
            "get pods,svc --sort-by=.metadata.name",
            "error: couldn't find any field with path \"{.metadata.name}\" in the list of objects",
        ),
        (
            "label pods a=b",
            "error: resource(s) were provided, but no name was specified",
        ),
        (
            "scale deploy --replicas=1",
            "error: resource(s) were provided, but no name was specified",
        ),
        (
            "delete pods --all -l app=p",
            "error: setting 'all' parameter but found a non empty selector.",
        ),
        (
            "delete pods p --all",
            "error: name cannot be provided when a selector is specified",
        ),
        (
            "describe pods p -l app=p",
            "error: name cannot be provided when a selector is specified",
        ),
    ]);
    let mut visitor = Visitor::of(OBJECTS);
    let alone =
        "NAME   READY   STATUS    RESTARTS   AGE\np      1/1     Running   0          20s\n";
    assert_eq!(visitor.reads(20_000, "get po,pods"), alone);
    let (found, _) = visitor.types(20_000, "get pods,svc p");
    assert_eq!(found, alone, "one kind was found");
}

/// ERR-06, ERR-07.
#[test]
fn labels_and_annotations_are_refused_as_they_are_read() {
    let invalid = |field: &str, key: &str, why: &str| {
        format!("The Pod \"p\" is invalid: metadata.{field}: Invalid value: \"{key}\": {why}")
    };
    let slashes =
        "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and \
                   must start and end with an alphanumeric character (e.g. 'MyName',  or \
                   'my.name',  or '123-abc', regex used for validation is \
                   '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain \
                   prefix and '/' (e.g. 'example.com/MyName')";
    refuse(&[
        ("label pod p a!=b", &invalid("labels", "a!", NAME)),
        ("label pod p x/y/z=1", &invalid("labels", "x/y/z", slashes)),
        ("label pod p -- -x=y", &invalid("labels", "-x", NAME)),
        ("annotate pod p a!=b", &invalid("annotations", "a!", NAME)),
        (
            "label pod p a=b c",
            "error: all resources must be specified before label changes: c",
        ),
        (
            "annotate pod p a=b c",
            "error: all resources must be specified before annotation changes: c",
        ),
        (
            "label pod p =b",
            "error: at least one label update is required",
        ),
        (
            "label pod p a=b a-",
            "error: can not both modify and remove a label in the same command",
        ),
        (
            "annotate pod p a=b a-",
            "error: can not both modify and remove the following annotation(s) in the same \
             command: a",
        ),
        (
            "annotate pod p note=x",
            "error: --overwrite is false but found the following declared annotation(s): 'note' \
             already has a value (hi)",
        ),
        (
            "label pods -l app=p --all a=b",
            "error: cannot set --all and --selector at the same time",
        ),
    ]);
}

/// NOD-09, ERR-07.
#[test]
fn taints_are_refused_as_they_are_read() {
    let spec = |word: &str, why: &str| {
        format!(
            "error: invalid taint spec: {word}{why}\nSee 'kubectl taint -h' for help and examples"
        )
    };
    let name = format!(", {NAME}");
    refuse(&[
        ("taint node x k=v", &spec("k=v", &name)),
        (
            "taint node x k=v:NoSchedule:x",
            &spec("k=v:NoSchedule:x", ""),
        ),
        (
            "taint node x k=v=w:NoSchedule",
            &spec("k=v=w:NoSchedule", ""),
        ),
        (
            "taint node x a!=v:NoSchedule",
            &spec("a!=v:NoSchedule", &name),
        ),
        ("taint node x a!-", &spec("a!", &name)),
        (
            "taint node x k=v:NoSchedule k=w:NoSchedule",
            "error: duplicated taints with the same key and effect: {k w NoSchedule <nil>}\nSee \
             'kubectl taint -h' for help and examples",
        ),
        (
            "taint node x k=v:NoSchedule k:NoSchedule-",
            "error: can not both modify and remove the following taint(s) in the same command: \
             k=NoSchedule",
        ),
        (
            "taint node k=v:NoSchedule",
            "error: at least one resource name must be specified since 'all' parameter is not set",
        ),
        (
            "taint foo x k=v:NoSchedule",
            "the server doesn't have a resource type \"foo\"",
        ),
    ]);
}

/// GET-04: the object as it is after the change, though nothing is changed yet.
#[test]
fn what_is_changed_is_printed_with_output() {
    let mut visitor = Visitor::of(OBJECTS);
    for (line, expected) in [
        ("label pod p a=b -o name", "pod/p\n"),
        (
            "label pod p a=b -o jsonpath={.metadata.labels}",
            "{\"a\":\"b\",\"app\":\"p\"}",
        ),
        (
            "label pod p nosuch-",
            "label \"nosuch\" not found.\npod/p not labeled\n",
        ),
        (
            "annotate pod p a=b -o jsonpath={.metadata.annotations.a}",
            "b",
        ),
        (
            "taint node node-1 k=v:NoSchedule --dry-run=server -o jsonpath={.spec.taints[0].key}",
            "k",
        ),
        (
            "label pod p c=d --dry-run=server",
            "pod/p labeled (server dry run)\n",
        ),
    ] {
        assert_eq!(visitor.reads(20_000, line), expected, "{line}");
    }
    let (_, stderr) = visitor.types(20_000, "label pod p a=b -o foo");
    assert!(stderr.starts_with("error: unable to match a printer suitable for the output format"));
}
