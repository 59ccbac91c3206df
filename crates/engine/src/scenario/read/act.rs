//! What a step does: one key of the step tables, each with a reader of its own.

use super::form::Form;
use super::image::{grpc_status, pull};
use crate::api::{Taint, TaintEffect};
use crate::manifest::yaml::{write_json, Node};
use crate::scenario::subject::workload_kind;
use crate::scenario::{
    Act, ContainerRef, DeleteTarget, DiskPlace, HttpAnswer, HttpFault, KubeletAction, NodeState,
    PodRef, PortState, ProcessRef, RolloutAction, TaintRemoval, WorkloadRef,
};
use crate::time::Duration;

/// How Pods are named, for people.
pub const POD_FORMS: &str = "write a Pod's name, deployment/web#2, or labels such as app=web";

/// Reads the fields of an act.
type Reader = fn(&mut Form) -> Option<Act>;

/// Acts whose value is a map.
const ACTS: &[(&str, Reader)] = &[
    ("annotate", annotate),
    ("cordon", |form| cordon(form, true)),
    ("cpu", cpu),
    ("delete", delete),
    ("disk", disk),
    ("drain", drain),
    ("exec", exec),
    ("exit", exit),
    ("file", file),
    ("grpc", grpc),
    ("hang", |form| {
        Some(Act::Hang {
            target: target(form)?,
        })
    }),
    ("hostSignal", kill),
    ("http", http),
    ("image", image),
    ("kill", kill),
    ("kubectl", kubectl),
    ("kubelet", kubelet),
    ("label", label),
    ("memory", memory),
    ("network", network),
    ("node", node),
    ("patch", patch),
    ("port", port),
    ("rollout", rollout),
    ("scale", scale),
    ("setEnv", set_env),
    ("setImage", set_image),
    ("taint", taints),
    ("traffic", traffic),
    ("uncordon", |form| cordon(form, false)),
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
        let message = match found {
            0 => "a step needs something to do",
            _ => "a step does one thing",
        };
        form.wrong(
            "at",
            message,
            "add one of exec, kill, file, http, delete, scale, …",
        );
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
        form.wrong("pod", "this names no Pod", POD_FORMS);
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

fn exec(form: &mut Form) -> Option<Act> {
    if !form.has("command") {
        form.missing("command");
    }
    let command = form.texts("command");
    Some(Act::Exec {
        target: target(form)?,
        command: command?,
    })
}

fn kill(form: &mut Form) -> Option<Act> {
    let signal = form.scalar("signal").unwrap_or_else(|| "KILL".into());
    let upper = signal.to_ascii_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let name = match name {
        "1" => "HUP",
        "2" => "INT",
        "3" => "QUIT",
        "9" => "KILL",
        "15" => "TERM",
        name => name,
    };
    let known = [
        "HUP", "INT", "QUIT", "KILL", "TERM", "USR1", "USR2", "STOP", "CONT", "ABRT", "SEGV",
        "ALRM", "PIPE",
    ];
    if !known.contains(&name) {
        form.wrong(
            "signal",
            "this is no signal",
            "write KILL, TERM, INT, HUP, …",
        );
        return None;
    }
    Some(Act::Kill {
        process: process(form),
        signal: name.into(),
        target: target(form)?,
    })
}

fn exit(form: &mut Form) -> Option<Act> {
    Some(Act::Exit {
        process: process(form),
        code: form.small("code").unwrap_or(1),
        target: target(form)?,
    })
}

fn file(form: &mut Form) -> Option<Act> {
    let path = form.required_text("path").map(String::from);
    let state = form.choice("state", &["present", "absent"]);
    Some(Act::File {
        present: state.unwrap_or(0) == 0,
        content: form.text("content").unwrap_or_default().into(),
        target: target(form)?,
        path: path?,
    })
}

fn http(form: &mut Form) -> Option<Act> {
    let answers = [
        ("refuse", HttpAnswer::Refuse),
        ("reset", HttpAnswer::Reset),
        ("hang", HttpAnswer::Hang),
        ("empty", HttpAnswer::Empty),
    ];
    let words = answers.map(|(word, _)| word);
    let answer = form.choice("answer", &words).map(|i| answers[i].1);
    Some(Act::Http(HttpFault {
        port: form.small("port"),
        path: form.text("path").map(String::from),
        status: form.small("status"),
        latency: form.duration("latency"),
        body: form.text("body").map(String::from),
        answer: answer.unwrap_or_default(),
        target: target(form)?,
    }))
}

fn grpc(form: &mut Form) -> Option<Act> {
    if !form.has("status") {
        form.missing("status");
    }
    let status = grpc_status(form);
    Some(Act::Grpc {
        port: form.small("port"),
        service: form.text("service").map(String::from),
        target: target(form)?,
        status: status?,
    })
}

fn port(form: &mut Form) -> Option<Act> {
    let states = [PortState::Closed, PortState::Drop, PortState::Open];
    let state = form.choice("state", &["closed", "drop", "open"]);
    Some(Act::Port {
        port: form.small("port"),
        state: states[state.unwrap_or(0)],
        target: target(form)?,
    })
}

fn memory(form: &mut Form) -> Option<Act> {
    if !form.has("to") {
        form.missing("to");
    }
    let to = form.quantity("to");
    Some(Act::Memory {
        over: form.duration("over").unwrap_or(Duration::ZERO),
        target: target(form)?,
        to_bytes: to?.units(),
    })
}

fn cpu(form: &mut Form) -> Option<Act> {
    let text = form.scalar("throttle").unwrap_or_else(|| "0.1".into());
    let share = match text.strip_suffix('%') {
        Some(percent) => super::decimal_times(percent, 10),
        None => super::decimal_times(&text, 1_000),
    };
    match share.filter(|share| *share <= 1_000) {
        Some(share) => Some(Act::Cpu {
            target: target(form)?,
            share_milli: share as u32,
        }),
        None => {
            form.wrong("throttle", "this is no share", "write it as in 0.2 or 20%");
            None
        }
    }
}

fn disk(form: &mut Form) -> Option<Act> {
    let full = form.bool("full").unwrap_or(true);
    let place = match form.text("node") {
        Some(node) => DiskPlace::Node(node.into()),
        None => DiskPlace::Pod(pod(form)?),
    };
    Some(Act::Disk { place, full })
}

fn image(form: &mut Form) -> Option<Act> {
    let image = form.required_text("image").map(String::from);
    if !form.has("pull") {
        form.missing("pull");
    }
    let pull = pull(form, "pull");
    Some(Act::Image {
        image: image?,
        pull: pull?,
    })
}

fn node(form: &mut Form) -> Option<Act> {
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

fn drain(form: &mut Form) -> Option<Act> {
    let node = form.required_text("node").map(String::from);
    drain_fields(form, node.unwrap_or_default())
}

fn cordon(form: &mut Form, cordoned: bool) -> Option<Act> {
    let node = form.required_text("node")?.into();
    Some(Act::Cordon { node, cordoned })
}

fn kubelet(form: &mut Form) -> Option<Act> {
    let node = form.required_text("node").map(String::from);
    if !form.has("action") {
        form.missing("action");
    }
    let actions = [
        KubeletAction::Stop,
        KubeletAction::Start,
        KubeletAction::Restart,
    ];
    let action = form.choice("action", &["stop", "start", "restart"])?;
    Some(Act::Kubelet {
        node: node?,
        action: actions[action],
    })
}

fn network(form: &mut Form) -> Option<Act> {
    if !form.has("between") {
        form.missing("between");
    }
    let between = form.texts("between");
    let state = form.choice("state", &["cut", "ok"]);
    Some(Act::Network {
        between: between?,
        cut: state.unwrap_or(0) == 0,
    })
}

fn traffic(form: &mut Form) -> Option<Act> {
    let service = form.required_text("service").map(String::from);
    if !form.has("rate") {
        form.missing("rate");
    }
    let rate_milli = super::rate(form);
    Some(Act::Traffic {
        service: service?,
        rate_milli: rate_milli?,
    })
}

fn delete(form: &mut Form) -> Option<Act> {
    let grace = form.duration("grace");
    let force = form.bool("force").unwrap_or(false);
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
    })
}

fn patch(form: &mut Form) -> Option<Act> {
    let kind = form.required_text("kind").map(String::from);
    let name = form.required_text("name").map(String::from);
    let subresource = form.text("subresource").unwrap_or_default().into();
    let json = |node: &Node| {
        let mut out = String::new();
        write_json(node, &mut out);
        out
    };
    let patch = form.node("patch").map(json);
    if patch.is_none() {
        form.missing("patch");
    }
    Some(Act::Patch {
        kind: kind?,
        name: name?,
        subresource,
        patch: patch?,
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
            None => form.wrong("kind", "this is no workload", "write deployment, pod, …"),
        }
        return None;
    }
    form.missing("deployment");
    None
}

fn scale(form: &mut Form) -> Option<Act> {
    if !form.has("replicas") {
        form.missing("replicas");
    }
    let replicas = form.small("replicas");
    Some(Act::Scale {
        workload: workload(form)?,
        replicas: replicas?,
    })
}

fn set_image(form: &mut Form) -> Option<Act> {
    let container = form.text("container").unwrap_or_default().into();
    let image = form.required_text("image").map(String::from);
    Some(Act::SetImage {
        workload: workload(form)?,
        container,
        image: image?,
    })
}

fn set_env(form: &mut Form) -> Option<Act> {
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

fn label(form: &mut Form) -> Option<Act> {
    let (kind, name, changes, overwrite) = marks(form, "labels")?;
    Some(Act::Label {
        kind,
        name,
        changes,
        overwrite,
    })
}

fn annotate(form: &mut Form) -> Option<Act> {
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

fn taints(form: &mut Form) -> Option<Act> {
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

fn rollout(form: &mut Form) -> Option<Act> {
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

fn kubectl(form: &mut Form) -> Option<Act> {
    if !form.has("args") {
        form.missing("args");
    }
    let stdin = form.text("stdin").map(String::from);
    Some(Act::Kubectl {
        args: form.texts("args")?,
        stdin,
    })
}
