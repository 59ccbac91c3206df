//! What kubectl and the API server refuse, in their words. The texts are those of kubectl and
//! kube-apiserver 1.36.3, asked with the same lines.

use super::Visitor;

const OBJECTS: &str = "apiVersion: v1
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
fn refuse(lines: &[(&str, &str)]) {
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

/// KIM-01, ERR-06, ERR-07.
#[test]
fn what_set_cannot_do_is_refused() {
    let no_template = "services/web the object is not a pod or does not have a pod template: \
                       *v1.Service";
    let no_template = format!("error: {no_template}");
    let env_name = "a valid environment variable name must consist of alphabetic characters, \
                    digits, '_', '-', or '.', and must not start with a digit (e.g. \
                    'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation \
                    is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
    let env_name = format!("error: \"1A\" is not a valid key name: {env_name}");
    let no_name = "error: resource(s) were provided, but no name was specified";
    refuse(&[
        (
            "set image deploy/web web-",
            "error: invalid image format: web-",
        ),
        (
            "set image deploy/web web=",
            "error: failed to patch image update to pod template: Deployment.apps \"web\" is \
             invalid: spec.template.spec.containers[0].image: Required value",
        ),
        ("set image svc/web a=nginx", &no_template),
        ("set image deploy web=nginx", no_name),
        (
            "set image deploy/web web=nginx x",
            "error: all resources must be specified before image changes: x",
        ),
        ("set resources svc/web --limits=cpu=1", &no_template),
        (
            "set resources deploy/web --limits=cpu",
            "error: Invalid argument syntax cpu, expected <resource>=<value>",
        ),
        (
            "set resources deploy/web --limits=cpu=1 --requests=cpu=2",
            "error: failed to patch resources update to pod template Deployment.apps \"web\" is \
             invalid: spec.template.spec.containers[0].resources.requests: Invalid value: \"2\": \
             must be less than or equal to cpu limit of 1",
        ),
        ("set env svc/web A=b", &no_template),
        ("set env deploy/web 1A=b", &env_name),
        (
            "set env deploy/web A=b A-",
            "error: can not both modify and remove the same environment variable in the same \
             command",
        ),
        (
            "set env deploy/web A=b X",
            "error: all resources must be specified before environment changes: deploy/web A=b X",
        ),
        ("set selector", "error: one selector is required"),
        ("set selector svc web", no_name),
        (
            "set selector svc web 'app in (a)'",
            "error: match expression [{app In [a]}] not supported on this object",
        ),
        (
            "set selector svc web 'a!=b'",
            "error: \"!=\" is not a valid label selector operator",
        ),
        (
            "set selector deploy web app=q",
            "error: setting a selector is only supported for Services",
        ),
        ("set serviceaccount", "error: serviceaccount is required"),
        ("set sa svc web x", &no_template),
        (
            "scale deploy web --replicas=1 --current-replicas=-2",
            "error: The --current-replicas must specify an integer of -1 or greater",
        ),
        (
            "scale deploy -l app=nosuch --replicas=1",
            "error: no objects passed to scale",
        ),
        (
            "rollout restart pod/p",
            "error: pods \"p\" restarting is not supported",
        ),
        (
            "rollout status deploy/web --revision=-1",
            "error: revision must be a positive integer: -1",
        ),
        (
            "rollout restart deploy -l app=nosuch",
            "No resources found in default namespace.",
        ),
    ]);
}

/// `set`, `scale` and `rollout` show what they changed, and a dry run changes nothing.
#[test]
fn what_is_set_is_shown_and_done() {
    let mut visitor = Visitor::of(OBJECTS);
    let image = "jsonpath={.spec.template.spec.containers[0].image}";
    for (line, expected) in [
        (
            format!("set image deploy/web web=nginx:9 --dry-run=server -o {image}"),
            "nginx:9",
        ),
        (format!("get deploy web -o {image}"), "nginx"),
        (
            "set image deploy/web web=nginx:9 --dry-run=client".into(),
            "deployment.apps/web image updated (dry run)\n",
        ),
        (
            "set selector svc web a=b,c=d".into(),
            "service/web selector updated\n",
        ),
        (
            "get svc web -o jsonpath={.spec.selector}".into(),
            "{\"a\":\"b\",\"c\":\"d\"}",
        ),
        (
            "set sa deploy web builder".into(),
            "deployment.apps/web serviceaccount updated\n",
        ),
        (
            "get deploy web -o jsonpath={.spec.template.spec.serviceAccountName}".into(),
            "builder",
        ),
        (
            "scale deploy web --replicas=3 -o jsonpath={.spec.replicas}".into(),
            "3",
        ),
        (
            "rollout pause deploy/web -o jsonpath={.spec.paused}".into(),
            "true",
        ),
        (
            "set env deploy/web A=c --list".into(),
            "# Deployment web, container web\nA=c\n",
        ),
    ] {
        assert_eq!(visitor.reads(20_000, &line), expected, "{line}");
    }
}

/// VAL-02, VAL-23, API-08: what is no patch, and what a patch makes that is no object.
#[test]
fn patches_are_refused_as_they_are_read() {
    let server = |text: &str| format!("Error from server (BadRequest): {text}");
    let invalid = |text: &str| format!("The Deployment \"web\" is invalid: {text}");
    let request = |value: &str, why: &str| {
        format!("The request is invalid: patch: Invalid value: \"{value}\": {why}")
    };
    let map = "Go value of type map[string]interface {}";
    let container = "spec.template.spec.containers[0]";
    let of_container = |fields: &str| {
        format!(
            "patch deploy web -p \
             '{{\"spec\":{{\"template\":{{\"spec\":{{\"containers\":[{{\"name\":\"web\",{fields}}}]}}}}}}}}'"
        )
    };
    refuse(&[
        (
            "patch pod p -p ''",
            "error: must specify --patch or --patch-file containing the contents of the patch",
        ),
        (
            "patch pod p -p {} --patch-file=x",
            "error: cannot specify --patch and --patch-file together",
        ),
        ("patch pod p -p {", &server("unexpected end of JSON input")),
        (
            "patch pod p -p '{a: b'",
            &server("invalid character 'a' looking for beginning of object key string"),
        ),
        (
            "patch pod p -p '{\"a\":1}}'",
            &server("invalid character '}' after top-level value"),
        ),
        (
            "patch pod p -p 'spec: [a'",
            "error: unable to parse \"spec: [a\": yaml: line 1: did not find expected ',' or ']'",
        ),
        ("patch pod p -p []", &server(&format!("json: cannot unmarshal array into {map}"))),
        (
            "patch deploy web --type=json -p {}",
            &server(
                "error decoding patch: json: cannot unmarshal object into Go value of type \
                 []handlers.jsonPatchOp",
            ),
        ),
        (
            "patch deploy web --type=merge -p []",
            &server(&format!("error decoding patch: json: cannot unmarshal array into {map}")),
        ),
        (
            "patch pod p -p 'metadata: {name: q}'",
            &server("the name of the object (q) does not match the name on the URL (p)"),
        ),
        (
            "patch deploy web -p 'spec: {replicas: x}'",
            &request("map[spec:map[replicas:x]]", "unrecognized type: int32"),
        ),
        (
            "patch pod p -p 'metadata: {labels: [a]}'",
            &request("map[metadata:map[labels:[a]]]", "cannot restore map from slice"),
        ),
        (
            "patch pod p -p 'spec: {containers: x}'",
            &request("map[spec:map[containers:x]]", "cannot restore slice from string"),
        ),
        (
            "patch deploy web -p 'spec: {replicas: -1}'",
            &invalid("spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
        ),
        (
            &of_container("\"image\":\"\""),
            &invalid(&format!("{container}.image: Required value")),
        ),
        (
            &of_container("\"livenessProbe\":{\"periodSeconds\":5}"),
            &invalid(&format!(
                "{container}.livenessProbe: Required value: must specify a handler type"
            )),
        ),
        (
            "patch deploy web --type=merge -p 'spec: {template: null}'",
            &invalid(
                "\n* spec.template.metadata.labels: Invalid value: null: `selector` does not match \
                 template `labels`\n* spec.template.spec.containers: Required value",
            ),
        ),
        (
            "patch pod p --subresource=foo -p {}",
            "Error from server (NotFound): the server could not find the requested resource",
        ),
    ]);
}

/// VAL-25: a Pod's deadline may change; unknown fields are warned of, and nothing changes.
#[test]
fn what_a_patch_may_change_is_changed() {
    let mut visitor = Visitor::of(OBJECTS);
    let types = |visitor: &mut Visitor, line: &str| visitor.types(20_000, line);
    for (line, stdout, stderr) in [
        (
            "patch pod p -p 'spec: {activeDeadlineSeconds: 500}'",
            "pod/p patched\n",
            "",
        ),
        ("get pod p -o jsonpath={.spec.activeDeadlineSeconds}", "500", ""),
        ("patch pod p -p null", "pod/p patched (no change)\n", ""),
        (
            "patch pod p -p 'spec: {foo: 1}'",
            "pod/p patched (no change)\n",
            "Warning: unknown field \"spec.foo\"\n",
        ),
        (
            "patch deploy web --type=merge -p 'spec: {foo: 1}'",
            "deployment.apps/web patched (no change)\n",
            "Warning: unknown field \"spec.foo\"\n",
        ),
        (
            "patch deploy web --type=json -p []",
            "deployment.apps/web patched (no change)\n",
            "",
        ),
        (
            "patch deploy web -p 'spec: {replicas: 2}' --dry-run=server",
            "deployment.apps/web patched\n",
            "",
        ),
        (
            "patch deploy web -p 'spec: {replicas: 2}' --dry-run=client -o jsonpath={.spec.replicas}",
            "2",
            "",
        ),
        ("get deploy web -o jsonpath={.spec.replicas}", "0", ""),
        (
            "patch deploy web -p 'spec: {strategy: {$retainKeys: [type], type: Recreate}}' -o name",
            "deployment.apps/web\n",
            "",
        ),
    ] {
        let said = types(&mut visitor, line);
        assert_eq!(said, (stdout.to_owned(), stderr.to_owned()), "{line}");
    }
}
