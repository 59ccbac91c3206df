//! Holds a manifest to what a Scenario expects of it.

use readyz_engine::experiment::Setup;
use readyz_engine::manifest::{self, Severity};
use readyz_engine::verdict;

/// Runs a manifest with the body of a Scenario's `spec` and lists what does not hold.
#[track_caller]
pub fn shows(manifest: &str, spec: &str) {
    let text = format!(
        "{manifest}\n---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n{spec}\n"
    );
    let stream = manifest::parse(&text);
    let errors: Vec<_> = stream
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let objects = stream.objects.into_iter().map(|o| o.object).collect();
    let report = verdict::judge(&Setup::new(objects, stream.scenario));
    assert_eq!(report.refused, []);
    assert!(!report.verdicts.is_empty());
    let wrong: Vec<_> = report.verdicts.iter().filter(|v| !v.holds).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
