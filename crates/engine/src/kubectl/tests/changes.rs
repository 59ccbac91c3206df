//! What `set`, `scale`, `rollout` and `patch` refuse and do. The texts are those of kubectl and
//! kube-apiserver 1.36.3, asked with the same lines.

use super::refusals::{refuse, OBJECTS};
use super::Visitor;

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
    ]);
}

/// ERR-06, ERR-07.
#[test]
fn what_set_selector_and_others_cannot_do_is_refused() {
    let no_template = "error: services/web the object is not a pod or does not have a pod \
                       template: *v1.Service";
    let no_name = "error: resource(s) were provided, but no name was specified";
    refuse(&[
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
        ("set sa svc web x", no_template),
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

/// VAL-10, ERR-05: what is no patch.
#[test]
fn patches_are_refused_as_they_are_read() {
    let server = |text: &str| format!("Error from server (BadRequest): {text}");
    let map = "Go value of type map[string]interface {}";
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
        (
            "patch pod p -p []",
            &server(&format!("json: cannot unmarshal array into {map}")),
        ),
        (
            "patch deploy web --type=json -p {}",
            &server(
                "error decoding patch: json: cannot unmarshal object into Go value of type \
                 []handlers.jsonPatchOp",
            ),
        ),
        (
            "patch deploy web --type=merge -p []",
            &server(&format!(
                "error decoding patch: json: cannot unmarshal array into {map}"
            )),
        ),
    ]);
}

/// VAL-02, VAL-23: what a patch makes that is no object.
#[test]
fn patches_that_make_no_object_are_refused() {
    let server = |text: &str| format!("Error from server (BadRequest): {text}");
    let invalid = |text: &str| format!("The Deployment \"web\" is invalid: {text}");
    let request = |value: &str, why: &str| {
        format!("The request is invalid: patch: Invalid value: \"{value}\": {why}")
    };
    let container = "spec.template.spec.containers[0]";
    let of_container = |fields: &str| {
        format!(
            "patch deploy web -p \
             '{{\"spec\":{{\"template\":{{\"spec\":{{\"containers\":[{{\"name\":\"web\",{fields}}}]}}}}}}}}'"
        )
    };
    refuse(&[
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
