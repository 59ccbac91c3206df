//! Suite `invalid`: wrong, odd and borderline manifests against what kubectl printed for them.

use super::{input, report::Report, Suite};
use crate::commands::Failure;
use readyz_engine::manifest::{
    answer_as, decode_base64, parse_with, text_of_bytes, Answer, DryRun, Validation, Verb,
};
use serde::Deserialize;
use std::path::Path;

/// One registry line.
pub const SUITE: Suite = Suite {
    name: "invalid",
    file_prefixes: &["invalid"],
    run,
};

/// The namespace of the recordings.
const NAMESPACE: &str = "invalid";

/// A recorded manifest.
#[derive(Deserialize)]
struct Case {
    slug: String,
    yaml: Option<String>,
    yaml_base64: Option<String>,
    create: Recorded,
    /// None: not asked, where it can only repeat what `create` says.
    apply: Option<Recorded>,
    /// With `--validate=false`.
    #[serde(rename = "applyNoValidate")]
    apply_no_validate: Option<Recorded>,
    /// With `--dry-run=client`.
    #[serde(rename = "dryRunClient")]
    dry_run_client: Option<Recorded>,
}

/// What kubectl did.
#[derive(Deserialize)]
struct Recorded {
    exit: u8,
    stdout: String,
    stderr: String,
}

fn run(path: &Path, report: &mut Report) -> Result<(), Failure> {
    let file = input::file_name(path);
    let text = input::text(path)?;
    let cases: Vec<Case> =
        serde_json::from_str(&text).map_err(|error| Failure::input(format!("{file}: {error}")))?;
    for case in cases {
        if !report.wants(&case.slug, "") {
            continue;
        }
        let mut differences = Vec::new();
        let text = manifest(&case);
        let name = format!("{}.yaml", case.slug);
        let attempts = [
            (
                "create",
                Verb::Create,
                DryRun::No,
                Validation::Strict,
                Some(&case.create),
            ),
            (
                "apply",
                Verb::Apply,
                DryRun::No,
                Validation::Strict,
                case.apply.as_ref(),
            ),
            (
                "apply --validate=false",
                Verb::Apply,
                DryRun::No,
                Validation::Off,
                case.apply_no_validate.as_ref(),
            ),
            (
                "apply --dry-run=client",
                Verb::Apply,
                DryRun::Client,
                Validation::Strict,
                case.dry_run_client.as_ref(),
            ),
        ];
        for (label, verb, dry_run, validation, recorded) in attempts {
            let Some(recorded) = recorded else { continue };
            let stream = parse_with(&text, validation);
            let got = answer_as(&[(&name, &stream)], verb, dry_run, Some(NAMESPACE), None);
            compare(label, &got, recorded, &mut differences);
        }
        report.add(&file, &case.slug, differences);
    }
    Ok(())
}

/// The text, read as the command line reads it.
fn manifest(case: &Case) -> String {
    match (&case.yaml, &case.yaml_base64) {
        (Some(yaml), _) => yaml.clone(),
        (None, Some(packed)) => {
            let bytes = decode_base64(packed).unwrap_or_default();
            text_of_bytes(&bytes)
        }
        (None, None) => String::new(),
    }
}

fn compare(label: &str, got: &Answer, recorded: &Recorded, differences: &mut Vec<String>) {
    let mut differ = |what: &str, expected: &str, got: &str| {
        if expected != got {
            let text = format!("{label} {what}: expected {expected:?}, got {got:?}");
            differences.push(text);
        }
    };
    differ("stdout", &recorded.stdout, &got.stdout);
    differ("stderr", &recorded.stderr, &got.stderr);
    differ("exit", &recorded.exit.to_string(), &got.exit.to_string());
}
