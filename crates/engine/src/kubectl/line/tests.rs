use super::*;
use crate::experiment::Setup;
use crate::manifest;

const TEXT: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: \
                    app, image: nginx}]\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: db}\nspec:\
                    \n  containers: [{name: app, image: redis}]\n";

fn cluster() -> (Cluster, Instant) {
    let stream = manifest::parse(TEXT);
    let objects = stream.objects.iter().map(|o| o.object.clone()).collect();
    let mut timeline = Setup::new(objects, None).timeline();
    timeline.run();
    let at = Instant::from_secs(30);
    (timeline.seek(at), at)
}

fn typed(text: &str) -> Output {
    let (cluster, at) = cluster();
    line(&cluster, at, "default", text, None)
}

#[test]
fn pipes_filter_the_output() {
    let output = typed("kubectl get pods | grep web");
    assert_eq!(output.stdout, "web    1/1     Running   0          30s\n");
    assert_eq!(typed("k get pods --no-headers | wc -l").stdout, "2\n");
    assert!(typed("get pods | head -1").stdout.starts_with("NAME"));
    assert_eq!(
        typed("get pods -o name | sort -r | tail -n 1").stdout,
        "pod/db\n"
    );
    assert_eq!(typed("get pods | grep -c 'Runn[i]ng'").stdout, "2\n");
    assert_eq!(
        typed("get pods | grep -v -E '^(db|NAME)' | wc -l").stdout,
        "1\n"
    );
}

#[test]
fn exit_codes_are_those_of_the_last_command() {
    assert_eq!(typed("get pods | grep nothing").exit_code, 1);
    let missing = typed("get pods | awk x");
    assert_eq!(
        (missing.exit_code, missing.stderr.as_str()),
        (127, "sh: awk: not found\n")
    );
    assert_eq!(typed("get pod 'web").exit_code, 2);
    assert_eq!(typed("get pods |").exit_code, 2);
    assert_eq!(typed("  "), Output::default());
    let failed = typed("kubectl get pod nosuch | head");
    assert_eq!(
        failed.stderr,
        "Error from server (NotFound): pods \"nosuch\" not found\n"
    );
}

#[test]
fn tab_proposes_verbs_types_names_and_flags() {
    let (cluster, _) = cluster();
    let tab = |text: &str| complete(&cluster, "default", text);
    assert_eq!(tab("kubectl desc"), ["describe"]);
    assert_eq!(tab("get no"), ["nodes"]);
    assert_eq!(tab("k get pods "), ["db", "web"]);
    assert_eq!(tab("logs w"), ["web"]);
    assert_eq!(tab("delete pod/d"), ["pod/db"]);
    assert_eq!(tab("rollout st"), ["status"]);
    assert!(tab("get pods --show").contains(&"--show-labels".to_string()));
    assert_eq!(tab("nosuchverb x"), Vec::<String>::new());
}

#[test]
fn arrows_walk_through_the_history() {
    let mut history = History::default();
    for line in ["a", "b", "b", " ", "c"] {
        history.add(line);
    }
    assert_eq!(history.up("draft"), Some("c"));
    assert_eq!(history.up("c"), Some("b"));
    assert_eq!(history.up("b"), Some("a"));
    assert_eq!(history.up("a"), None);
    assert_eq!(history.down(), Some("b"));
    assert_eq!(history.down(), Some("c"));
    assert_eq!(history.down(), Some("draft"));
    assert_eq!(history.down(), None);
}
