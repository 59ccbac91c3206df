//! Acts that a user could type after `kubectl`, and states of nodes.

use super::pod;
use crate::api::{Taint, TaintEffect};
use crate::manifest::yaml::json;
use crate::scenario::read::form::Form;
use crate::scenario::read::Wrong;
use crate::scenario::subject::workload_kind;
use crate::scenario::{
    Act, Cascade, DeleteTarget, NodeState, PatchType, RolloutAction, TaintRemoval, WorkloadRef,
};

/// A node changes its state.
pub fn node(form: &mut Form) -> Option<Act> {
    let name = form.required_text("name").map(String::from);
    let states = [
        ("ready", NodeState::Ready),
        ("unreachable", NodeState::Unreachable),
        ("down", NodeState::Down),
        ("memoryPressure", NodeState::MemoryPressure),
        ("diskPressure", NodeState::DiskPressure),
    ];
    if !form.has("state") {
        form.missing("state");
    }
    // The recordings write the verbs on nodes as states.
    let mut words = states.map(|(word, _)| word).to_vec();
    words.extend(["cordoned", "schedulable", "drained"]);
    let state = form.choice("state", &words)?;
    match words[state] {
        "drained" => drain_fields(form, name?),
        "cordoned" | "schedulable" => Some(Act::Cordon {
            node: name?,
            cordoned: words[state] == "cordoned",
        }),
        _ => Some(Act::Node {
            name: name?,
            state: states[state].1,
        }),
    }
}

fn drain_fields(form: &mut Form, node: String) -> Option<Act> {
    Some(Act::Drain {
        node,
        force: form.bool("force").unwrap_or(false),
        ignore_daemon_sets: form.bool("ignoreDaemonSets").unwrap_or(false),
        timeout: form.duration("timeout"),
        grace: form.duration("grace"),
    })
}

/// `kubectl drain`.
pub fn drain(form: &mut Form) -> Option<Act> {
    let node = form.required_text("node").map(String::from);
    drain_fields(form, node.unwrap_or_default())
}

/// `kubectl cordon` and `uncordon`.
pub fn cordon(form: &mut Form, cordoned: bool) -> Option<Act> {
    let node = form.required_text("node")?.into();
    Some(Act::Cordon { node, cordoned })
}

/// `kubectl delete`.
pub fn delete(form: &mut Form) -> Option<Act> {
    let grace = form.duration("grace");
    let force = form.bool("force").unwrap_or(false);
    let cascade = form.choice("cascade", &Cascade::WORDS);
    let target = match form.text("kind") {
        Some(kind) => DeleteTarget::Object {
            kind: kind.into(),
            name: form.required_text("name")?.into(),
        },
        None => DeleteTarget::Pod(pod(form)?),
    };
    Some(Act::Delete {
        target,
        grace,
        force,
        cascade: cascade.map_or(Cascade::Background, Cascade::at),
    })
}

/// `kubectl patch`.
pub fn patch(form: &mut Form) -> Option<Act> {
    let kind = form.required_text("kind").map(String::from);
    let name = form.required_text("name").map(String::from);
    let subresource = form.text("subresource").unwrap_or_default().into();
    let way = form.choice("type", &PatchType::WORDS);
    let patch = form.node("patch").map(json);
    if patch.is_none() {
        form.missing("patch");
    }
    Some(Act::Patch {
        kind: kind?,
        name: name?,
        subresource,
        patch: patch?,
        way: way.map_or(PatchType::Strategic, PatchType::at),
    })
}

/// `deployment: web`, `pod: p` and so on.
fn workload(form: &mut Form) -> Option<WorkloadRef> {
    let kinds = [
        "deployment",
        "pod",
        "replicaset",
        "statefulset",
        "daemonset",
        "job",
    ];
    for kind in kinds {
        if let Some(name) = form.text(kind) {
            return Some(WorkloadRef {
                kind: kind.into(),
                name: name.into(),
            });
        }
    }
    if let (Some(kind), Some(name)) = (form.text("kind"), form.text("name")) {
        match workload_kind(kind) {
            Some(kind) => {
                return Some(WorkloadRef {
                    kind: kind.into(),
                    name: name.into(),
                })
            }
            None => form.wrong("kind", Wrong::NoWorkload),
        }
        return None;
    }
    form.missing("deployment");
    None
}

/// `kubectl scale`.
pub fn scale(form: &mut Form) -> Option<Act> {
    if !form.has("replicas") {
        form.missing("replicas");
    }
    let replicas = form.small("replicas");
    Some(Act::Scale {
        workload: workload(form)?,
        replicas: replicas?,
    })
}

/// `kubectl set image`.
pub fn set_image(form: &mut Form) -> Option<Act> {
    let container = form.text("container").unwrap_or_default().into();
    let image = form.required_text("image").map(String::from);
    Some(Act::SetImage {
        workload: workload(form)?,
        container,
        image: image?,
    })
}

/// `kubectl set env`.
pub fn set_env(form: &mut Form) -> Option<Act> {
    let env = form.changes("env").unwrap_or_default();
    Some(Act::SetEnv {
        workload: workload(form)?,
        env,
    })
}

/// Kind, name, changes, overwrite.
type Marks = (String, String, Vec<(String, Option<String>)>, bool);

fn marks(form: &mut Form, field: &'static str) -> Option<Marks> {
    let kind = form.required_text("kind").map(String::from);
    let name = form.required_text("name").map(String::from);
    if !form.has(field) {
        form.missing(field);
    }
    let changes = form.changes(field);
    let overwrite = form.bool("overwrite").unwrap_or(false);
    Some((kind?, name?, changes?, overwrite))
}

/// `kubectl label`.
pub fn label(form: &mut Form) -> Option<Act> {
    let (kind, name, changes, overwrite) = marks(form, "labels")?;
    Some(Act::Label {
        kind,
        name,
        changes,
        overwrite,
    })
}

/// `kubectl annotate`.
pub fn annotate(form: &mut Form) -> Option<Act> {
    let (kind, name, changes, overwrite) = marks(form, "annotations")?;
    Some(Act::Annotate {
        kind,
        name,
        changes,
        overwrite,
    })
}

fn effect(form: &mut Form) -> Option<TaintEffect> {
    let words = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    let effects = [
        TaintEffect::NoSchedule,
        TaintEffect::PreferNoSchedule,
        TaintEffect::NoExecute,
    ];
    Some(effects[form.choice("effect", &words)?])
}

/// A taint to add.
pub fn taint(mut form: Form) -> Option<Taint> {
    let key = form.required_text("key").map(String::from);
    if !form.has("effect") {
        form.missing("effect");
    }
    let effect = effect(&mut form);
    let value = form.scalar("value").unwrap_or_default();
    form.finish();
    Some(Taint {
        key: key?,
        value,
        effect: effect?,
    })
}

/// `kubectl taint`.
pub fn taints(form: &mut Form) -> Option<Act> {
    let node = form.required_text("node").map(String::from);
    let mut add = Vec::new();
    form.each("add", |form| add.extend(taint(form)));
    let mut remove = Vec::new();
    form.each("remove", |mut form| {
        let key = form.required_text("key").unwrap_or_default().into();
        let effect = effect(&mut form);
        form.ignore(&["value"]);
        form.finish();
        remove.push(TaintRemoval { key, effect });
    });
    Some(Act::Taint {
        node: node?,
        add,
        remove,
    })
}

/// `kubectl rollout`.
pub fn rollout(form: &mut Form) -> Option<Act> {
    let to_revision = form.small("toRevision").unwrap_or(0);
    if !form.has("action") {
        form.missing("action");
    }
    let actions = [
        RolloutAction::Undo { to_revision },
        RolloutAction::Restart,
        RolloutAction::Pause,
        RolloutAction::Resume,
    ];
    let action = form.choice("action", &["undo", "restart", "pause", "resume"]);
    Some(Act::Rollout {
        workload: workload(form)?,
        action: actions[action?],
    })
}

/// A GET from outside.
pub fn curl(form: &mut Form) -> Option<Act> {
    let url = form.required_text("url")?.into();
    Some(Act::Curl { url })
}

/// Any command line.
pub fn kubectl(form: &mut Form) -> Option<Act> {
    if !form.has("args") {
        form.missing("args");
    }
    let stdin = form.text("stdin").map(String::from);
    Some(Act::Kubectl {
        args: form.texts("args")?,
        stdin,
    })
}
