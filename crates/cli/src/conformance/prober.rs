//! Suite `prober`: probe workers, result caches and Pod status under the recorded zero-latency
//! driver (recordings `cases-*`).

mod case;
mod compare;
mod container;
mod driver;
mod probing;
mod script;
mod termination;
mod trace;

use super::{lines, Suite};

/// One registry line.
pub const SUITE: Suite = Suite {
    name: "prober",
    file_prefixes: &["cases-"],
    run: lines::play::<case::Case>,
};

impl lines::Case for case::Case {
    fn id(&self) -> &str {
        &self.id
    }

    fn play(&self) -> Vec<String> {
        match driver::play(self) {
            Ok(trace) => compare::differences(&self.expect, trace),
            Err(stuck) => vec![stuck],
        }
    }
}
