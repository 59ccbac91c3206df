//! A Scenario document as text: what [`super::read`] reads back as the same scenario.

mod act;
mod expect;
mod flow;
mod image;

use super::{Scenario, Step, API_VERSION, DEFAULT_DURATION, DEFAULT_START_UNIX_SECONDS};
use crate::api::{Node, Taint};
use crate::container::wall_clock::WallClock;
use crate::time::{Duration, Instant};
use flow::{list, span, Flow};

/// The document, one line an entry. Defaults are left out.
pub fn write(scenario: &Scenario) -> String {
    let mut out = ["apiVersion: ", API_VERSION, "\nkind: Scenario\n"].concat();
    if !scenario.name.is_empty() {
        let name = Flow::new().text("name", &scenario.name).done();
        out.push_str(&["metadata: ", &name, "\n"].concat());
    }
    out.push_str("spec:\n");
    if scenario.seed != 0 {
        out.push_str(&["  seed: ", &scenario.seed.to_string(), "\n"].concat());
    }
    if scenario.start_unix_seconds != DEFAULT_START_UNIX_SECONDS {
        let clock = WallClock {
            unix_start_secs: scenario.start_unix_seconds,
        };
        out.push_str(&["  start: ", &clock.rfc3339_secs(Instant::ZERO), "\n"].concat());
    }
    if scenario.duration != DEFAULT_DURATION {
        out.push_str(&["  duration: ", &span(scenario.duration), "\n"].concat());
    }
    section(&mut out, "nodes", scenario.nodes.iter().map(node));
    section(&mut out, "images", scenario.images.iter().map(image::image));
    let dependencies = scenario.dependencies.iter().map(|dependency| {
        Flow::new()
            .text("name", &dependency.name)
            .word("state", if dependency.up { "up" } else { "down" })
            .done()
    });
    section(&mut out, "dependencies", dependencies);
    let traffic = scenario.traffic.iter().map(|traffic| {
        Flow::new()
            .text("service", &traffic.service)
            .word("rate", &flow::thousandths(traffic.rate_milli))
            .done()
    });
    section(&mut out, "traffic", traffic);
    section(&mut out, "steps", scenario.steps.iter().map(write_step));
    section(
        &mut out,
        "expect",
        scenario.expect.iter().map(expect::expectation),
    );
    if out.ends_with("spec:\n") {
        out.truncate(out.len() - 1);
        out.push_str(" {}\n");
    }
    out
}

fn section(out: &mut String, name: &str, entries: impl Iterator<Item = String>) {
    for (number, entry) in entries.enumerate() {
        if number == 0 {
            out.push_str(&["  ", name, ":\n"].concat());
        }
        out.push_str(&["  - ", &entry, "\n"].concat());
    }
}

/// One step in YAML's flow style, as [`super::step_from_text`] reads it.
pub fn write_step(step: &Step) -> String {
    let (name, value) = act::act(&step.act);
    Flow::new()
        .span("at", Duration(step.at.0))
        .word(name, &value)
        .maybe("for", &step.hold_for, |held| span(*held))
        .done()
}

fn node(node: &Node) -> String {
    let plain = crate::manifest::default_node();
    let own = |number: u64, usual: u64, unit: &str| {
        Some([&number.to_string(), unit].concat()).filter(|_| number != usual)
    };
    let labels = node.metadata.labels.iter();
    let extended = node.others.iter();
    let extended = extended.map(|(name, amount)| (&**name, amount.to_string()));
    let extended: Vec<(&str, String)> = extended.collect();
    Flow::new()
        .text("name", &node.metadata.name)
        .maybe(
            "cpu",
            &own(node.cpu_milli, plain.cpu_milli, "m"),
            String::clone,
        )
        .maybe(
            "memory",
            &own(node.memory_bytes, plain.memory_bytes, ""),
            String::clone,
        )
        .maybe(
            "ephemeral-storage",
            &own(node.ephemeral_bytes, plain.ephemeral_bytes, ""),
            String::clone,
        )
        .maybe(
            "pods",
            &own(u64::from(node.pods), u64::from(plain.pods), ""),
            String::clone,
        )
        .map(
            "extended",
            extended
                .iter()
                .map(|(name, amount)| (*name, Some(&**amount))),
        )
        .flag("unschedulable", node.unschedulable)
        .map(
            "labels",
            labels.map(|(key, value)| (key.as_str(), Some(value.as_str()))),
        )
        .list("taints", node.taints.iter().map(taint))
        .done()
}

fn taint(taint: &Taint) -> String {
    Flow::new()
        .text("key", &taint.key)
        .some_text("value", &taint.value)
        .word("effect", act::effect(taint.effect))
        .done()
}

/// A list of texts.
fn texts(all: &[String]) -> String {
    list(all.iter().map(|text| flow::quoted(text)))
}
