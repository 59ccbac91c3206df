//! Verbs that change what they pick in all namespaces, and objects made of words.

use super::Visitor;

const TWO: &str = "apiVersion: v1
kind: Pod
metadata: {name: a, labels: {app: x}}
spec: {containers: [{name: c, image: 'busybox:1.36', command: [sleep, '3600']}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: other, labels: {team: none}}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: other, labels: {app: x}}
spec: {containers: [{name: c, image: 'busybox:1.36', command: [sleep, '3600']}]}
---
apiVersion: v1
kind: Pod
metadata: {name: kept, namespace: other, labels: {app: z}}
spec: {containers: [{name: c, image: 'busybox:1.36', command: [sleep, '3600']}]}
---
";

/// The objects, and commands at 5 s, 6 s and so on.
fn after(lines: &[&str]) -> Visitor {
    let mut text = [
        TWO,
        "apiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  steps:\n",
    ]
    .concat();
    for (second, line) in (5..).zip(lines) {
        let words: Vec<String> = line.split(' ').map(|word| format!("{word:?}")).collect();
        text.push_str(&format!(
            "  - {{at: {second}s, kubectl: {{args: [{}]}}}}\n",
            words.join(", ")
        ));
    }
    Visitor::of(&text)
}

/// GET-06, DEL-01: what is picked everywhere is changed where it is.
#[test]
fn changes_reach_every_namespace() {
    let mut visitor = after(&[
        "label pods -A -l app=x seen=yes",
        "annotate pods -A --field-selector metadata.name=b note=hi",
        "delete pods -A -l seen=yes --now",
    ]);
    let seen = "get pods -A -l seen=yes --no-headers -o custom-columns=N:.metadata.namespace,P:.metadata.name";
    let rows = |text: &str| -> Vec<String> {
        let rows = text
            .lines()
            .map(|row| row.split_whitespace().collect::<Vec<_>>());
        rows.map(|row| row.join("/")).collect()
    };
    assert_eq!(rows(&visitor.reads(5_500, seen)), ["default/a", "other/b"]);
    let note = "get pod b -n other -o jsonpath={.metadata.annotations.note}";
    assert_eq!(visitor.reads(6_500, note), "hi");
    assert_eq!(
        visitor.reads(7_500, "delete pods -A -l app=x --dry-run=client"),
        "pod \"a\" deleted from default namespace (dry run)\npod \"b\" deleted from other namespace \
         (dry run)\n"
    );
    let left = visitor.reads(12_000, "get pods -A --no-headers -o name");
    assert_eq!(left, "pod/kept\n");
}

/// KRN-01: `run --expose` makes both; `--overrides` changes the Pod alone.
#[test]
fn run_makes_a_service_too() {
    let mut visitor = after(&[
        "run web --image=nginx:1.27 --port=80 --expose --overrides={\"spec\":{\"terminationGracePeriodSeconds\":7}}",
    ]);
    let grace = "get pod web -o jsonpath={.spec.terminationGracePeriodSeconds}";
    assert_eq!(visitor.reads(15_000, grace), "7");
    let endpoints = "get endpointslices -l kubernetes.io/service-name=web \
                     -o jsonpath={.items[0].endpoints[*].targetRef.name}";
    assert_eq!(visitor.reads(15_000, endpoints), "web");
}

/// KRN-01: objects that `create` and `autoscale` make of words are there.
#[test]
fn made_of_words_they_are_there() {
    let mut visitor = after(&[
        "create poddisruptionbudget p --selector=app=x --min-available=1",
        "create priorityclass high --value=7 --preemption-policy=Never",
        "create serviceaccount builder",
        "create deployment d --image=nginx:1.27",
        "autoscale deployment d --max=3",
    ]);
    let budget = "get pdb p -o jsonpath={.spec.minAvailable}{.status.currentHealthy}";
    assert_eq!(visitor.reads(20_000, budget), "11");
    let class = "get pc high -o jsonpath={.value}{.preemptionPolicy}";
    assert_eq!(visitor.reads(20_000, class), "7Never");
    assert_eq!(
        visitor.reads(20_000, "get sa builder -o name"),
        "serviceaccount/builder\n"
    );
    let scaler = visitor.reads(20_000, "get hpa -o name");
    assert_eq!(scaler, "horizontalpodautoscaler.autoscaling/d\n");
}

/// ROL-08, ROL-09: the ReplicaSets behind a history; what a client would roll back to.
#[test]
fn histories_are_objects_too() {
    let mut visitor = after(&[
        "create deployment d --image=nginx:1.27",
        "set image deployment/d nginx=nginx:1.28",
    ]);
    let images = "rollout history deploy/d -o jsonpath={.spec.template.spec.containers[0].image}";
    assert_eq!(visitor.reads(20_000, images), "nginx:1.27nginx:1.28");
    let second = "rollout history deploy/d --revision=2 -o \
                  jsonpath={.spec.template.spec.containers[0].image}";
    assert_eq!(visitor.reads(20_000, second), "nginx:1.28");
    let (_, missing) = visitor.types(20_000, "rollout history deploy/d --revision=9 -o yaml");
    assert_eq!(missing, "error: unable to find the specified revision\n");
    let told = visitor.reads(20_000, "rollout undo deploy/d --dry-run=client");
    assert!(
        told.starts_with("deployment.apps/d Pod Template:\n  Labels:\tapp=d\n"),
        "{told}"
    );
    assert!(
        told.contains("    Image:\tnginx:1.27\n") && told.ends_with("\n (dry run)\n"),
        "{told}"
    );
    assert_eq!(
        visitor.reads(20_000, images),
        "nginx:1.27nginx:1.28",
        "nothing was undone"
    );
}

/// API-08: objects that only wait to be looked up have labels and annotations, too.
#[test]
fn everything_can_be_labelled() {
    let mut visitor = after(&[
        "create configmap c --from-literal=k=v",
        "create secret generic s --from-literal=k=v",
        "label ns/other cm/c secret/s team=blue --overwrite",
        "annotate ns other note=hi",
        "label ns other team=red --overwrite",
    ]);
    let team = |kind: &str| format!("get {kind} -o jsonpath={{.metadata.labels.team}}");
    assert_eq!(visitor.reads(7_500, &team("ns other")), "blue");
    assert_eq!(visitor.reads(12_000, &team("ns other")), "red");
    assert_eq!(
        visitor.reads(12_000, &team("cm c")) + &visitor.reads(12_000, &team("secret s")),
        "blueblue"
    );
    let described = visitor.reads(12_000, "describe ns other");
    let labels = "Labels:       kubernetes.io/metadata.name=other\n              team=red\nAnnotations:  note: hi\n";
    assert!(described.contains(labels), "{described}");
    let (picked, _) = visitor.types(12_000, "get ns -l team -o name");
    assert_eq!(picked, "namespace/other\n");
}
