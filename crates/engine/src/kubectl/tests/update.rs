//! Objects that exist, applied and replaced.

use super::verbs::{document, WEB};
use super::Visitor;

/// VAL-25, API-08: the server's difference, by apply, replace and patch.
#[test]
fn a_refused_update_of_a_pod_says_what_it_would_change() {
    let mut visitor = Visitor::of(WEB);
    let text = document(0).replace("periodSeconds: 3", "periodSeconds: 5");
    let applied = visitor.answers("apply -f x.yaml", &text);
    let hunk = "     \"InitialDelaySeconds\": 0,\n     \"TimeoutSeconds\": 1,\n-    \
                \"PeriodSeconds\": 3,\n+    \"PeriodSeconds\": 5,\n     \"SuccessThreshold\": 1,\n     \
                \"FailureThreshold\": 3,\n     \"TerminationGracePeriodSeconds\": null\n\n";
    let begins = "The Pod \"web\" is invalid: spec: Forbidden: pod updates may not change fields";
    assert!(applied.stderr.starts_with(begins), "{}", applied.stderr);
    assert!(applied.stderr.ends_with(hunk), "{}", applied.stderr);
    let replaced = visitor.answers("replace -f x.yaml", document(0)).stderr;
    assert!(
        replaced.contains("\n- ],\n+ \"Volumes\": null,\n"),
        "{replaced}"
    );
    assert!(replaced.contains("\n+ \"NodeName\": \"\",\n"), "{replaced}");
    let patch = "{\"spec\":{\"containers\":[{\"name\":\"main\",\"readinessProbe\":{\"periodSeconds\":5}}]}}";
    let patched = visitor
        .answers(&format!("patch pod web -p '{patch}'"), "")
        .stderr;
    assert_eq!(patched, applied.stderr);
}

#[test]
fn replace_takes_away_what_the_file_lacks() {
    let mut visitor = Visitor::of(WEB);
    visitor.answers("label svc web a=b", "");
    let typed = visitor.answers("replace -f x.yaml", document(1));
    assert_eq!(typed.stdout, "service/web replaced\n", "{typed:?}");
    let labels = visitor.reads(21_000, "get svc web --show-labels --no-headers");
    assert!(labels.ends_with("<none>\n"), "{labels}");
    let lost = visitor.answers(
        "replace -f x.yaml",
        &document(1).replace("{name: web}", "{name: x}"),
    );
    let expected =
        "Error from server (NotFound): error when replacing \"STDIN\": services \"x\" not \
                    found\n";
    assert_eq!(lost.stderr, expected);
}

/// APP-05.
#[test]
fn apply_warns_of_objects_that_it_did_not_make() {
    let mut visitor = Visitor::of(WEB);
    visitor.answers("create deployment d --image=nginx:1.27", "");
    let text =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, labels: {app: d}}\nspec: \
                {selector: {matchLabels: {app: d}}, template: {metadata: {labels: {app: d}}, spec: \
                {containers: [{name: nginx, image: 'nginx:1.27'}]}}}\n";
    let typed = visitor.answers("apply -f x.yaml", text);
    assert_eq!(typed.stdout, "deployment.apps/d configured\n");
    let begins = "Warning: resource deployments/d is missing the \
                  kubectl.kubernetes.io/last-applied-configuration annotation which is required by \
                  kubectl apply.";
    assert!(typed.stderr.starts_with(begins), "{}", typed.stderr);
    let again = visitor.answers("apply -f x.yaml", text);
    let expected = ("deployment.apps/d unchanged\n", "");
    assert_eq!((again.stdout.as_str(), again.stderr.as_str()), expected);
    visitor.answers("delete pod web --wait=false", "");
    let gone = visitor.answers(
        "apply -f x.yaml",
        &document(0).replace("tier: front", "tier: back"),
    );
    let expected = "Warning: Detected changes to resource web which is currently being deleted.\n";
    assert_eq!(gone.stderr, expected, "{gone:?}");
}

/// VAL-23: what the server says of a patch that it cannot decode.
#[test]
fn an_update_is_refused_in_words_of_its_own() {
    let mut visitor = Visitor::of(WEB);
    let text = document(4).replace("image: nginx:1.27}", "image: nginx:1.27, livenesProbe: {}}");
    let typed = visitor.answers("apply -f x.yaml", &text);
    let begins = "The request is invalid: patch: Invalid value: \"map[metadata:map[annotations:map[\
                  kubectl.kubernetes.io/last-applied-configuration:{\\\"apiVersion\\\":\\\"apps/v1\\\"";
    assert!(typed.stderr.starts_with(begins), "{}", typed.stderr);
    let ends =
        "}\\n]] spec:map[template:map[spec:map[]]]]\": strict decoding error: unknown field \
                \"spec.template.spec.containers[0].livenesProbe\"\n";
    assert!(typed.stderr.ends_with(ends), "{}", typed.stderr);
}

/// VAL-23: each document's refusal is about its own object.
#[test]
fn several_refused_updates_have_patches_of_their_own() {
    let mut visitor = Visitor::of(WEB);
    visitor.answers(
        "create deployment other --image=nginx:1.27 --replicas=2",
        "",
    );
    let wrong = document(4).replace("image: nginx:1.27}", "image: nginx:1.27, livenesProbe: {}}");
    let other = wrong.replace("{name: api}", "{name: other, labels: {team: a}}");
    let typed = visitor.answers("apply -f x.yaml", &[&wrong, "---\n", &*other].concat());
    let lines: Vec<&str> = typed.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{}", typed.stderr);
    for (line, name) in lines.iter().zip(["api", "other"]) {
        let own = format!("\\\"name\\\":\\\"{name}\\\"");
        assert!(line.contains(&own), "{line}");
    }
    assert!(lines[1].contains("labels:map[team:a]"), "{}", lines[1]);
}

#[test]
fn replace_speaks_of_replacing() {
    let mut visitor = Visitor::of(WEB);
    let empty = visitor.answers("replace -f x.yaml", "---\n");
    assert_eq!(empty.stderr, "error: no objects passed to replace\n");
    let wrong = document(1).replace("port: 81", "port: 81, prot: 1");
    let typed = visitor.answers("replace -f x.yaml", &wrong);
    let begins = "Error from server (BadRequest): error when replacing \"STDIN\": ";
    assert!(typed.stderr.starts_with(begins), "{}", typed.stderr);
}

/// Objects that nothing simulates are objects all the same.
#[test]
fn what_is_not_simulated_is_told_apart_by_kind() {
    let ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: \
                   {defaultBackend: {service: {name: web, port: {number: 80}}}}\n";
    let policy = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: \
                  web}\nspec: {podSelector: {}}\n";
    let both = [ingress, policy].concat();
    let mut visitor = Visitor::of(WEB);
    let first = visitor.answers("apply -f x.yaml", &both);
    assert_eq!(first.stderr, "");
    let again = visitor.answers("apply -f x.yaml", &both);
    assert_eq!(again.stderr, "", "both are known to be applied");
    let replaced = visitor.answers("replace -f x.yaml", ingress);
    assert!(
        !replaced.stderr.contains("resource type"),
        "{}",
        replaced.stderr
    );
}
