//! `kubectl top`: the cluster has no metrics server.

use super::args::{switch, value, Args, Flag, NONE};
use super::failure::Failure;
use super::view::View;
use super::{Output, Verb};

const FLAGS: &[Flag] = &[
    switch("all-namespaces", 'A'),
    switch("containers", NONE),
    switch("no-headers", NONE),
    value("selector", 'l'),
    value("sort-by", NONE),
];

const fn verb(name: &'static str, summary: &'static str) -> Verb {
    Verb {
        name,
        summary,
        flags: FLAGS,
        run,
    }
}

/// Registry lines.
pub const VERBS: &[Verb] = &[
    verb("top pod", "Display resource (CPU/memory) usage of pods"),
    verb("top pods", "Display resource (CPU/memory) usage of pods"),
    verb("top node", "Display resource (CPU/memory) usage of nodes"),
    verb("top nodes", "Display resource (CPU/memory) usage of nodes"),
];

fn run(_view: &View, _args: &Args) -> Result<Output, Failure> {
    Err(Failure::client("Metrics API not available"))
}
