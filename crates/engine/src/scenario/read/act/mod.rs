//! What a step does: one key of the step tables, each with a reader of its own.

mod faults;
mod verbs;

pub use faults::answer;
pub use verbs::taint;

use super::form::Form;
use super::Wrong;
use crate::scenario::{Act, ContainerRef, PodRef, ProcessRef};

/// Reads the fields of an act.
type Reader = fn(&mut Form) -> Option<Act>;

/// Acts whose value is a map.
const ACTS: &[(&str, Reader)] = &[
    ("annotate", verbs::annotate),
    ("cordon", |form| verbs::cordon(form, true)),
    ("cpu", faults::cpu),
    ("curl", verbs::curl),
    ("delete", verbs::delete),
    ("dependency", faults::dependency),
    ("disk", faults::disk),
    ("drain", verbs::drain),
    ("exec", faults::exec),
    ("exit", faults::exit),
    ("file", faults::file),
    ("grpc", faults::grpc),
    ("hang", |form| {
        Some(Act::Hang {
            target: target(form)?,
        })
    }),
    ("hostSignal", faults::kill),
    ("http", faults::http),
    ("image", faults::image),
    ("kill", faults::kill),
    ("kubectl", verbs::kubectl),
    ("kubelet", faults::kubelet),
    ("label", verbs::label),
    ("memory", faults::memory),
    ("network", faults::network),
    ("node", verbs::node),
    ("patch", verbs::patch),
    ("port", faults::port),
    ("rollout", verbs::rollout),
    ("scale", verbs::scale),
    ("setEnv", verbs::set_env),
    ("setImage", verbs::set_image),
    ("taint", verbs::taints),
    ("traffic", faults::traffic),
    ("uncordon", |form| verbs::cordon(form, false)),
];

/// The one act of a step.
pub fn act(form: &mut Form) -> Option<Act> {
    let mut acts = Vec::new();
    let mut found = 0;
    for name in ["apply", "create"] {
        if form.has(name) {
            found += 1;
            let text = form.text(name)?.to_string();
            acts.push(match name {
                "apply" => Act::Apply { text },
                _ => Act::Create { text },
            });
        }
    }
    for (name, read) in ACTS {
        if !form.has(name) {
            continue;
        }
        found += 1;
        let is_name = form.node(name).is_some_and(|node| node.text().is_some());
        if is_name && matches!(*name, "cordon" | "uncordon" | "drain") {
            acts.extend(act_on_node(name, form.text(name)?));
        } else if let Some(mut fields) = form.structure(name) {
            acts.extend(read(&mut fields));
            fields.finish();
        }
    }
    if found != 1 {
        let wrong = match found {
            0 => Wrong::NoAct,
            _ => Wrong::SeveralActs,
        };
        form.wrong("at", wrong);
        return None;
    }
    acts.pop()
}

/// `cordon: node-1` and the like.
fn act_on_node(verb: &str, node: &str) -> Option<Act> {
    let node = node.to_string();
    Some(match verb {
        "drain" => Act::Drain {
            node,
            force: false,
            ignore_daemon_sets: false,
            timeout: None,
            grace: None,
        },
        verb => Act::Cordon {
            node,
            cordoned: verb == "cordon",
        },
    })
}

fn pod(form: &mut Form) -> Option<PodRef> {
    let pod = PodRef::parse(form.required_text("pod")?);
    if pod.is_none() {
        form.wrong("pod", Wrong::NoPod);
    }
    pod
}

fn target(form: &mut Form) -> Option<ContainerRef> {
    let container = form.text("container").unwrap_or_default().into();
    let pod = pod(form)?;
    Some(ContainerRef { pod, container })
}

fn process(form: &mut Form) -> ProcessRef {
    match form.scalar("process") {
        None => ProcessRef::Main,
        Some(text) => match text.parse() {
            Ok(pid) => ProcessRef::Pid(pid),
            Err(_) => ProcessRef::Named(text),
        },
    }
}
