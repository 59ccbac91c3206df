//! A case → what became of it.

use crate::watch::Watch;
use crate::Case;
use readyz_engine::experiment::Setup;
use readyz_engine::manifest;
use readyz_engine::timeline::Runner;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// How a run went.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Lifetimes of all Pods together.
    pub pod_seconds: u64,
    pub timers: u64,
    /// The invariant that broke, with moment and subject.
    pub broken: Option<Broken>,
}

/// A broken invariant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which: the same text for every case that breaks it.
    pub rule: &'static str,
    pub details: String,
}

/// Runs a case and checks the invariants after every step. A panic is one more.
pub fn run(case: &Case) -> Outcome {
    let text = case.text();
    let ran = catch_unwind(AssertUnwindSafe(|| run_text(&text)));
    ran.unwrap_or_else(|panic| Outcome {
        broken: Some(Broken {
            rule: "the engine does not panic",
            details: panic_text(panic.as_ref()),
        }),
        ..Outcome::default()
    })
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or_default().to_owned()
}

fn run_text(text: &str) -> Outcome {
    let stream = manifest::parse(text);
    assert!(
        !stream.has_errors(),
        "invalid text: {:?}",
        stream.diagnostics
    );
    let objects = stream.objects.into_iter().map(|o| o.object).collect();
    let timeline = Setup::new(objects, stream.scenario).timeline();
    let mut runner = Runner::new(timeline.latest().clone());
    let mut watch = Watch::default();
    let mut records = Vec::new();
    let mut broken = None;
    while runner.run_one(timeline.inputs(), timeline.end()) {
        runner.swap_records(&mut records);
        if records.is_empty() {
            continue;
        }
        if let Err(found) = watch.see(runner.cluster(), &records) {
            broken = Some(found);
            break;
        }
    }
    Outcome {
        pod_seconds: watch.pod_seconds(timeline.end()),
        timers: runner.timers(),
        broken,
    }
}
