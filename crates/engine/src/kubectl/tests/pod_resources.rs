//! `spec.resources`: requests and limits of a whole Pod (SCH-02, CTR-08).

use super::Visitor;
use crate::manifest;

fn pod(whole: &str, one: &str, other: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  resources: {whole}\n  \
         containers:\n  - {{name: a, image: 'probe-lab:v1', resources: {one}}}\n  - {{name: b, \
         image: 'probe-lab:v1', resources: {other}}}\n---\napiVersion: \
         readyz.dev/v1alpha1\nkind: Scenario\nspec: {{duration: 1m, nodes: [{{name: n1, cpu: '2', \
         memory: 4Gi}}]}}\n"
    )
}

/// The whole Pod's request counts, whatever its containers ask for; without one it is theirs.
#[test]
fn the_whole_pods_request_is_scheduled() {
    let asks = |whole: &str, one: &str| {
        let mut visitor = Visitor::of(&pod(whole, one, "{}"));
        visitor.reads(20_000, "get pod web -o jsonpath='{.status.phase}'")
    };
    assert_eq!(asks("{requests: {cpu: '3'}}", "{}"), "Pending");
    assert_eq!(asks("{limits: {cpu: '3'}}", "{}"), "Pending");
    let one = "{requests: {cpu: '1'}}";
    assert_eq!(asks("{limits: {cpu: '3'}}", one), "Running");
    assert_eq!(asks("{requests: {cpu: '2'}}", one), "Running");
}

/// Requests by default, the class of the whole, and where kubectl shows it.
#[test]
fn objects_and_descriptions_have_it() {
    let whole = "{limits: {cpu: '2', memory: 1Gi}, requests: {memory: 1Gi}}";
    let mut visitor = Visitor::of(&pod(whole, "{requests: {cpu: 500m}}", "{}"));
    let json = "get pod web -o jsonpath='{.spec.resources}|{.status.qosClass}'";
    assert_eq!(
        visitor.reads(20_000, json),
        r#"{"limits":{"cpu":"2","memory":"1Gi"},"requests":{"cpu":"500m","memory":"1Gi"}}|Burstable"#
    );
    let text = visitor.reads(20_000, "describe pod web");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines
        .iter()
        .position(|line| *line == "Resources:")
        .unwrap_or(0);
    let squeezed: Vec<String> = lines[at + 1..at + 8]
        .iter()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        squeezed,
        [
            "Limits:",
            "cpu: 2",
            "memory: 1Gi",
            "Requests:",
            "cpu: 500m",
            "memory: 1Gi",
            "Containers:"
        ]
    );
    let node = visitor.reads(20_000, "describe node n1");
    let row = node.lines().find(|line| line.contains(" web "));
    let row: Vec<&str> = row.unwrap_or("").split_whitespace().collect();
    assert_eq!(
        row[2..10],
        ["500m", "(25%)", "2", "(100%)", "1Gi", "(25%)", "1Gi", "(25%)"]
    );
    let whole = "{limits: {cpu: '1', memory: 1Gi}}";
    let mut visitor = Visitor::of(&pod(whole, "{}", "{}"));
    let class = "get pod web -o jsonpath='{.status.qosClass}'";
    assert_eq!(visitor.reads(20_000, class), "Guaranteed");
}

#[test]
fn the_api_server_compares_it_with_the_containers() {
    let says = |whole: &str, one: &str| {
        let stream = manifest::parse(&pod(whole, one, "{requests: {cpu: 500m, memory: 64Mi}}"));
        let said = stream.diagnostics.iter();
        said.map(|diagnostic| diagnostic.message.clone())
            .collect::<Vec<_>>()
            .join("\n")
    };
    let said = says(
        "{requests: {cpu: '1', memory: 64Mi}}",
        "{requests: {cpu: '1', memory: 6Gi}}",
    );
    let cpu =
        "spec.resources.requests[cpu]: Invalid value: \"1\": must be greater than or equal to \
               aggregate container requests of 1500m";
    let memory =
        "spec.resources.requests[memory]: Invalid value: \"64Mi\": must be greater than or \
                  equal to aggregate container requests of 6208Mi";
    assert!(said.contains(cpu) && said.contains(memory), "{said}");
    let said = says("{limits: {cpu: '1'}}", "{limits: {cpu: '2'}}");
    let limit = "Invalid value: \"2\": must be less than or equal to pod limits of 1";
    assert!(said.contains(limit), "{said}");
    let said = says("{requests: {ephemeral-storage: 1Gi}}", "{}");
    let unknown = "Unsupported value: \"ephemeral-storage\": supported values: \"cpu\", \
                   \"hugepages-\", \"memory\"";
    assert!(said.contains(unknown), "{said}");
    assert_eq!(
        says("{requests: {cpu: '1'}}", "{requests: {cpu: 500m}}"),
        ""
    );
}

fn limited(whole: &str, one: &str, steps: &str) -> Visitor {
    let text = pod(whole, one, "{}");
    let text = text.replace("'probe-lab:v1'", "'busybox:1.36', command: [sleep, '3600']");
    let (cluster, _) = text.split_once("spec: {duration").expect("a Scenario");
    Visitor::of(&format!(
        "{cluster}spec:\n  duration: 2m\n  nodes: [{{name: n1, cpu: '2', memory: 4Gi}}]\n  steps:{steps}\n"
    ))
}

fn last_of(visitor: &mut Visitor, container: &str) -> String {
    let line = format!(
        "get pod web -o jsonpath='{{.status.containerStatuses[?(@.name==\"{container}\")]\
         .lastState.terminated.reason}}'"
    );
    visitor.reads(60_000, &line)
}

/// RES-02: the containers share the whole Pod's memory; who has most of it ends when it is used up,
/// though none has a limit of its own that it passes.
#[test]
fn the_whole_pods_memory_is_limited() {
    let grow = |container: &str, size: &str| {
        format!(
            "\n  - {{at: 20s, memory: {{pod: web, container: {container}, to: {size}, over: 5s}}}}"
        )
    };
    let whole = "{limits: {memory: 256Mi}}";
    let both = grow("a", "150Mi") + &grow("b", "170Mi");
    let mut visitor = limited(whole, "{}", &both);
    assert_eq!(last_of(&mut visitor, "b"), "OOMKilled");
    assert_eq!(last_of(&mut visitor, "a"), "");
    // What a container asked for is spared.
    let mut visitor = limited(whole, "{requests: {memory: 10Mi}}", &both);
    assert_eq!(last_of(&mut visitor, "b"), "OOMKilled");
    let mut visitor = limited(whole, "{}", &grow("a", "100Mi"));
    assert_eq!(last_of(&mut visitor, "a"), "");
    // Alone it may have all of it, and no more.
    let mut visitor = limited(whole, "{}", &grow("a", "300Mi"));
    assert_eq!(last_of(&mut visitor, "a"), "OOMKilled");
}
