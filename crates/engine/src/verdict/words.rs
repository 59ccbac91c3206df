//! An expectation as a sentence.

use crate::go_format::go_duration;
use crate::scenario::{Count, Expectation, Fact, When};
use crate::time::{Duration, Instant};

/// A moment as it is written in a scenario.
pub fn moment(at: Instant) -> String {
    go_duration(Duration(at.0))
}

/// `at 30s restarts 0`; empty if there is nothing to say.
pub fn at(at: Instant, seen: &str) -> String {
    match seen {
        "" => String::new(),
        seen => ["at ", &moment(at), " it was: ", seen].concat(),
    }
}

/// What was expected.
pub fn expectation(expectation: &Expectation) -> String {
    let span = |word: &str, from: Instant, to: Instant| {
        let to = match to {
            Instant::NEVER => "the end".to_string(),
            to => moment(to),
        };
        [word, " from ", &moment(from), " to ", &to].concat()
    };
    let when = match expectation.when {
        When::At(at) => ["at ", &moment(at)].concat(),
        When::By(by) => ["by ", &moment(by)].concat(),
        When::Always { from, to } => span("always", from, to),
        When::Never { from, to } => span("never", from, to),
    };
    [&fact(&expectation.fact), " ", &when].concat()
}

/// Pairs of a field and what it should be.
#[derive(Default)]
struct Fields(Vec<String>);

impl Fields {
    fn count(mut self, name: &str, wanted: &Option<Count>) -> Self {
        if let Some(wanted) = wanted {
            self.0.push([name, " ", &count(*wanted)].concat());
        }
        self
    }

    fn text(mut self, name: &str, wanted: &Option<String>) -> Self {
        if let Some(wanted) = wanted {
            self.0.push([name, " ", wanted].concat());
        }
        self
    }

    fn flag(self, name: &str, wanted: &Option<bool>) -> Self {
        self.text(name, &wanted.map(|wanted| wanted.to_string()))
    }

    fn after(self, subject: &str) -> String {
        [subject, " should have ", &self.0.join(", ")].concat()
    }
}

/// A count as it is written.
pub fn count(wanted: Count) -> String {
    let (operator, number) = match wanted {
        Count::Exactly(number) => ("", number),
        Count::AtLeast(number) => (">= ", number),
        Count::AtMost(number) => ("<= ", number),
        Count::Not(number) => ("!= ", number),
    };
    [operator, &number.to_string()].concat()
}

fn fact(fact: &Fact) -> String {
    let fields = Fields::default();
    match fact {
        Fact::Pod {
            pod,
            restarts,
            phase,
            status,
            ready,
            exists,
        } => fields
            .count("restarts", restarts)
            .text("phase", phase)
            .text("status", status)
            .flag("ready", ready)
            .flag("exists", exists)
            .after(&["pod ", &pod.to_string()].concat()),
        Fact::Container {
            target,
            restarts,
            state,
            reason,
            exit_code,
            ready,
            started,
        } => fields
            .count("restarts", restarts)
            .text("state", state)
            .text("reason", reason)
            .text("exitCode", &exit_code.map(|code| code.to_string()))
            .flag("ready", ready)
            .flag("started", started)
            .after(
                &[
                    "container ",
                    &target.pod.to_string(),
                    "/",
                    &target.container,
                ]
                .concat(),
            ),
        other => of_many(other),
    }
}

/// Facts that sum something up.
fn of_many(fact: &Fact) -> String {
    let fields = Fields::default();
    match fact {
        Fact::Deployment {
            name,
            replicas,
            ready,
            updated,
            available,
        } => fields
            .count("replicas", replicas)
            .count("ready", ready)
            .count("updated", updated)
            .count("available", available)
            .after(&["deployment ", name].concat()),
        Fact::Service { name, endpoints } => fields
            .count("endpoints", endpoints)
            .after(&["service ", name].concat()),
        Fact::Event {
            reason,
            object,
            message,
            count,
        } => {
            let subject = ["event ", reason].concat();
            let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
            fields
                .count("count", &Some(*count))
                .text("object", &some(object))
                .text("message", &some(message))
                .after(&subject)
        }
        Fact::Requests {
            service,
            served,
            dropped,
        } => {
            let subject = match service.as_str() {
                "" => "requests".to_string(),
                service => ["requests to ", service].concat(),
            };
            fields
                .count("served", served)
                .count("dropped", dropped)
                .after(&subject)
        }
        Fact::Pod { .. } | Fact::Container { .. } => String::new(),
    }
}
