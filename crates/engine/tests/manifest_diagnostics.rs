//! What a writer of manifests is told, and where.

use readyz_engine::api::Object;
use readyz_engine::manifest::{parse, Severity};

/// Every diagnostic as `LINE:COLUMN-LINE:COLUMN severity message (way out) [rule]`.
fn diagnostics(text: &str) -> Vec<String> {
    let one = |d: &readyz_engine::manifest::Diagnostic| {
        let severity = match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let way_out = match &d.suggestion {
            Some(suggestion) => format!(" ({suggestion})"),
            None => String::new(),
        };
        format!(
            "{}:{}-{}:{} {severity} {}{way_out}",
            d.line, d.column, d.end_line, d.end_column, d.message
        )
    };
    parse(text).diagnostics.iter().map(one).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(diagnostics(text), expected);
}

#[test]
fn a_mistyped_field_is_named_with_the_nearest_one() {
    check(
        "\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: nginx
    livenessprobe:
      httpGet: {path: /, prot: 80}
  readinessProbe:
    tcpSocket: {port: 80}
",
        &[
            "8:5-8:18 error strict decoding error: unknown field \
             \"spec.containers[0].livenessprobe\" (did you mean livenessProbe?)",
            "10:3-10:17 error strict decoding error: unknown field \"spec.readinessProbe\" \
             (readinessProbe belongs to the container)",
        ],
    );
}

#[test]
fn columns_count_utf16_units_and_lines_count_in_the_whole_stream() {
    check(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: \"é😀\", y: 1}\n---\n\
         apiVersion: v1\nkind: Pd\n",
        &[
            "4:18-4:22 error json: cannot unmarshal number into Go struct field ConfigMap.data of \
             type string (expected a text; put it in quotes)",
            "7:1-7:9 error no matches for kind \"Pd\" in version \"v1\" (did you mean Pod?)",
        ],
    );
}

#[test]
fn one_broken_document_does_not_hide_the_others() {
    let text = "\
apiVersion: v1
kind: Namespace
metadata: {name: a}
---
apiVersion: v1
kind: Pod
metadata
  name: bad
---
apiVersion: v1
kind: Namespace
metadata: {name: b}
";
    check(
        text,
        &[
            "7:1-7:2 error error converting YAML to JSON: yaml: line 4: could not find expected \
           ':' (a colon is missing: write key: value)",
        ],
    );
    let names: Vec<_> = parse(text)
        .objects
        .into_iter()
        .map(|located| (located.first_line, located.last_line))
        .collect();
    assert_eq!(names, [(1, 3), (10, 12)]);
}

#[test]
fn yaml_mistakes_come_with_a_way_out() {
    for (text, expected) in [
        (
            "a: 1\nb:\n\tc: 1\n",
            "3:1-3:2 error error converting YAML to JSON: yaml: line 3: found character that \
             cannot start any token (indent with spaces, not with tabs)",
        ),
        (
            "a: \"x\nb: 1\n",
            "1:4-1:5 error error converting YAML to JSON: yaml: line 3: found unexpected end of \
             stream (close the quote or bracket that is opened in line 1)",
        ),
        (
            "a: *x\n",
            "1:4-1:5 error error converting YAML to JSON: yaml: unknown anchor 'x' referenced \
             (define it before its use, as in: key: &name value)",
        ),
        (
            "--- foo\na: 1\n",
            "1:1-1:4 error invalid Yaml document separator: foo (leave nothing but --- on the \
             line)",
        ),
    ] {
        assert_eq!(diagnostics(text)[0], expected);
    }
}

#[test]
fn what_is_no_manifest_is_recognised() {
    let pod = |name: &str| format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n");
    for (text, expected) in [
        (pod("{{ .Values.name }}"), "{{ }} is a template: render it first, with helm template or whatever fills it in"),
        (format!("```yaml\n{}```\n", pod("a")), "leave out the lines of ``` around the YAML"),
        ("services:\n  web: {image: nginx}\n".into(), "this looks like a Compose file; Kubernetes takes a Deployment and a Service for each of its services"),
        (pod("a").replace("apiVersion", "apiversion"), "write apiVersion, not apiversion"),
        (pod("a").replace("kind", "Kind"), "write kind, not Kind"),
        ("metadata: {name: a}\n".into(), "every object begins with apiVersion: and kind:"),
    ] {
        let first = &parse(&text).diagnostics[0];
        assert_eq!(first.suggestion.as_deref(), Some(expected), "{text}");
        assert_eq!(first.severity, Severity::Error);
    }
    let mistyped = parse("apiversion: v1\nkind: Pod\n");
    let fix = mistyped.diagnostics[0].fix.as_ref().unwrap();
    assert_eq!((fix.line, fix.column, fix.end_column), (1, 1, 11));
    assert_eq!(fix.replacement, "apiVersion");
}

#[test]
fn a_removed_version_comes_with_its_fix() {
    let text = "apiVersion: apps/v1beta2\nkind: Deployment\nmetadata: {name: x}\n";
    check(
        text,
        &[
            "1:1-1:25 error no matches for kind \"Deployment\" in version \"apps/v1beta2\" (use \
           apiVersion: apps/v1; apps/v1beta2 was removed in Kubernetes 1.16)",
        ],
    );
    let fix = parse(text).diagnostics[0].fix.clone().expect("a fix");
    assert_eq!(
        (
            fix.line,
            fix.column,
            fix.end_column,
            fix.replacement.as_str()
        ),
        (1, 13, 25, "apps/v1")
    );
}

#[test]
fn validation_points_at_the_field_or_at_what_lacks_it() {
    check(
        "\
apiVersion: v1
kind: Pod
metadata: {name: Web}
spec:
  containers:
  - name: app
    image: nginx
    livenessProbe:
      httpGet:
        path: /healthz
      successThreshold: 2
    ports:
    - containerPort: 70000
  restartPolicy: always
",
        &[
            "3:12-3:21 error metadata.name: Invalid value: \"Web\": a lowercase RFC 1123 subdomain \
             must consist of lower case alphanumeric characters, '-' or '.', and must start and \
             end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
             '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*') (use web)",
            "9:7-9:14 error spec.containers[0].livenessProbe.httpGet.port: Invalid value: 0: must \
             be between 1 and 65535, inclusive",
            "11:7-11:26 error spec.containers[0].livenessProbe.successThreshold: Invalid value: \
             2: must be 1",
            "13:7-13:27 error spec.containers[0].ports[0].containerPort: Invalid value: 70000: \
             must be between 1 and 65535, inclusive",
            "14:3-14:24 error spec.restartPolicy: Unsupported value: \"always\": supported \
             values: \"Always\", \"OnFailure\", \"Never\" (did you mean Always?)",
        ],
    );
}

#[test]
fn what_is_not_simulated_is_marked_at_its_line() {
    let text = "\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  dnsPolicy: Default
  containers:
  - name: app
    image: nginx
    securityContext: {privileged: true}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec: {containers: [{name: c, image: d}]}
";
    check(
        text,
        &[
            "5:3-5:21 info accepted, not simulated: spec.dnsPolicy",
            "9:23-9:39 info accepted, not simulated: spec.containers[0].securityContext.privileged",
            "12:1-12:14 info accepted, not simulated: Ingress",
        ],
    );
    let stream = parse(text);
    assert!(!stream.has_errors());
    assert_eq!(stream.objects.len(), 3);
    assert!(matches!(&stream.objects[1].object, Object::Other { kind, .. } if kind == "Ingress"));
}

#[test]
fn a_repeated_key_is_advised_against() {
    check(
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  name: b\n",
        &["4:3-4:7 warning this key appears again in line 5, and the last one wins (remove one of \
           them)"],
    );
}

#[test]
fn lists_are_taken_item_by_item() {
    let text = "\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Namespace
  metadata: {name: a}
- apiVersion: v1
  kind: Pod
  metadata: {name: b}
";
    check(text, &["7:3-7:13 error spec.containers: Required value"]);
    assert_eq!(parse(text).objects.len(), 1);
}

/// VAL-16: kubectl itself holds a List against the published description, required fields too.
#[test]
fn a_fault_in_a_list_is_shown_at_its_line() {
    check(
        "\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: a}
- apiVersion: v1
  kind: Service
  metadata: {name: b}
  spec:
    port: [{port: 80}]
    ports: [{targetPort: 80}]
",
        &[
            "11:5-11:9 error ValidationError(Service.spec): unknown field \"port\" in \
             io.k8s.api.core.v1.ServiceSpec (port belongs to the Service's port)",
            "12:14-12:24 error ValidationError(Service.spec.ports[0]): missing required field \
             \"port\" in io.k8s.api.core.v1.ServicePort",
        ],
    );
}

#[test]
fn objects_know_the_lines_of_their_fields() {
    let text = "\
# a comment
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: nginx
    livenessProbe:
      tcpSocket: {port: 80}
";
    let source = &parse(text).objects[0].source;
    assert_eq!(source.line_of("spec.containers[0].livenessProbe"), 9);
    assert_eq!(
        source.line_of("spec.containers[0].livenessProbe.periodSeconds"),
        9
    );
    assert_eq!(
        source.written_at("spec.containers[0].livenessProbe.periodSeconds"),
        None
    );
    assert_eq!(source.written_at("metadata.name"), Some(4));
}
