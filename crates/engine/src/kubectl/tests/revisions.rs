//! ROL-08, ROL-09: ControllerRevisions of StatefulSets and DaemonSets.

use super::Visitor;

fn text(kind: &str, more: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: web\n  annotations: \
         {{kubernetes.io/change-cause: first}}\nspec:\n  {more}\n  selector: {{matchLabels: {{app: \
         web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec:\n      \
         terminationGracePeriodSeconds: 1\n      containers: [{{name: main, image: \
         'probe-lab:v1'}}]\n---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  \
         duration: 5m\n  steps:\n  - {{at: 30s, setImage: {{kind: {kind}, name: web, container: \
         main, image: 'probe-lab:v2'}}}}\n"
    )
}

const SKIPPED: &str = "skipped rollback (current template already matches revision 2)\n";

#[test]
fn sets_have_a_history_and_go_back_in_it() {
    for (kind, path) in [
        ("StatefulSet", "statefulset.apps/web"),
        ("DaemonSet", "daemonset.apps/web"),
    ] {
        let mut visitor = Visitor::of(&text(kind, ""));
        let of = kind.to_lowercase();
        let history = format!("rollout history {of} web");
        assert_eq!(
            visitor.reads(10_000, &history),
            format!("{path} \nREVISION  CHANGE-CAUSE\n1         first\n\n")
        );
        let undo = format!("rollout undo {of}/web");
        let (_, refused) = visitor.types(10_000, &undo);
        assert!(
            refused.ends_with("error: no last revision to roll back to\n"),
            "{refused}"
        );
        let both = format!("{path} \nREVISION  CHANGE-CAUSE\n1         first\n2         first\n\n");
        assert_eq!(visitor.reads(60_000, &history), both);
        let old = visitor.reads(60_000, &format!("{history} --revision=1"));
        assert!(
            old.starts_with(&format!("{path} with revision #1\nPod Template:\n")),
            "{old}"
        );
        assert!(
            old.contains("Image:\tprobe-lab:v1") || old.contains("probe-lab:v1"),
            "{old}"
        );
        let (out, _) = visitor.types(60_000, &format!("{undo} --to-revision=2"));
        assert_eq!(out, format!("{path} {SKIPPED}"));
        let (_, missing) = visitor.types(60_000, &format!("{undo} --to-revision=7"));
        let said = "error: unable to find specified revision 7 in history\n";
        assert!(missing.ends_with(said), "{missing}");
        let (out, warning) = visitor.types(60_000, &undo);
        assert_eq!(out, format!("{path} rolled back\n"));
        let begins = format!("Warning: resource {of}s/web was previously managed");
        assert!(warning.starts_with(&begins), "{warning}");
        // The first revision again: it is the newest now, and counts on.
        let step = format!("  - {{at: 70s, rollout: {{kind: {kind}, name: web, action: undo}}}}\n");
        let mut visitor = Visitor::of(&(text(kind, "") + &step));
        let again =
            format!("{path} \nREVISION  CHANGE-CAUSE\n2         first\n3         first\n\n");
        assert_eq!(visitor.reads(120_000, &history), again);
        let images = "get pods -o jsonpath='{.items[*].spec.containers[0].image}'";
        let images = visitor.reads(120_000, images);
        assert!(images.contains("v1") && !images.contains("v2"), "{images}");
    }
}

/// Beyond `revisionHistoryLimit` the oldest revisions that no Pod has are gone.
#[test]
fn old_revisions_are_dropped() {
    let mut visitor = Visitor::of(&text("StatefulSet", "revisionHistoryLimit: 0"));
    let history = "rollout history sts web";
    let newest = "statefulset.apps/web \nREVISION  CHANGE-CAUSE\n2         first\n\n";
    assert_eq!(visitor.reads(90_000, history), newest);
    let limit = "get sts web -o jsonpath='{.spec.revisionHistoryLimit}'";
    assert_eq!(visitor.reads(90_000, limit), "0");
}
