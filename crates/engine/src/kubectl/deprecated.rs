//! What the API server says of every request about Endpoints (GET-01), once a command.

use super::args::Args;
use super::builder::named_in;
use super::resource;
use super::view::View;
use super::Output;
use crate::manifest::{DryRun, ENDPOINTS_DEPRECATED};

/// Verbs that ask the server for objects which their words or files name.
const ASKING: &[&str] = &[
    "annotate", "apply", "create", "delete", "describe", "diff", "edit", "get", "label", "patch",
    "replace", "wait",
];

/// The short name of two kinds of Events, as both groups serve them.
const TWO_MEANINGS: &str =
    "Warning: short name \"ev\" could also match lower priority resource events.events.k8s.io\n";

/// What kubectl says of a flag that it takes no longer gladly.
const CPU_PERCENT: &str = "Flag --cpu-percent has been deprecated, Use --cpu with percentage or \
                           resource quantity format (e.g., '70%' for utilization or '500m' for \
                           milliCPU).\n";

/// Puts the warning before what a command prints, if it is about Endpoints.
pub fn warn(view: &View, verb: &str, args: &Args, output: &mut Output) {
    let warning = ["Warning: ", ENDPOINTS_DEPRECATED, "\n"].concat();
    let asks = ASKING.contains(&verb) && is_about_endpoints(view, verb, args);
    if asks && !output.stderr.contains(&warning) {
        output.stderr.insert_str(0, &warning);
    }
    if args.get("cpu-percent").is_some() {
        output.stderr.insert_str(0, CPU_PERCENT);
    }
    let types = args.names.first().map_or("", String::as_str);
    let is_short = |word: &str| word.split('/').next() == Some("ev");
    if ASKING.contains(&verb) && types.split(',').any(is_short) {
        output.stderr.insert_str(0, TWO_MEANINGS);
    }
}

fn is_about_endpoints(view: &View, verb: &str, args: &Args) -> bool {
    let is_meant = |kind: &str| resource::find(kind).is_ok_and(|found| found.kind == "Endpoints");
    // Nothing is sent.
    if verb == "create" && super::apply::dry_run(args) == DryRun::Client {
        return false;
    }
    if let Some(file) = args.get("filename") {
        let named = named_in(view, file).unwrap_or_default();
        return named.iter().any(|(found, _)| found.kind == "Endpoints");
    }
    let kinds = args.names.iter().filter_map(|word| word.split_once('/'));
    let types = args.names.first().map_or("", String::as_str);
    let has_slash = types.contains('/');
    kinds.map(|(kind, _)| kind).any(is_meant) || (!has_slash && types.split(',').any(is_meant))
}
