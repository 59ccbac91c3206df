//! What a step does.

use super::flow::{quoted, span, thousandths, Flow};
use super::{taint, texts};
use crate::api::TaintEffect;
use crate::scenario::{
    Act, Cascade, ContainerRef, DeleteTarget, DiskPlace, GrpcStatus, HttpAnswer, HttpFault,
    KubeletAction, NodeState, PatchType, PortState, ProcessRef, RolloutAction, TaintRemoval,
    WorkloadRef,
};
use crate::time::Duration;

/// The key of the step and its value.
pub fn act(act: &Act) -> (&'static str, String) {
    let (name, flow) = match act {
        Act::Apply { text } => return ("apply", quoted(text)),
        Act::Create { text } => return ("create", quoted(text)),
        Act::Exec { target, command } => ("exec", on(target).word("command", &texts(command))),
        Act::Kill {
            target,
            process,
            signal,
        } => ("kill", of(on(target), process).text("signal", signal)),
        Act::Exit {
            target,
            process,
            code,
        } => ("exit", of(on(target), process).number("code", code)),
        Act::File {
            target,
            path,
            present,
            content,
        } => {
            let state = if *present { "present" } else { "absent" };
            let flow = on(target).text("path", path).word("state", state);
            ("file", flow.some_text("content", content))
        }
        Act::Http(fault) => ("http", http(fault)),
        Act::Grpc {
            target,
            port,
            service,
            status,
        } => {
            let flow = on(target).maybe("port", port, u16::to_string);
            let flow = flow.maybe_text("service", service);
            ("grpc", flow.word("status", grpc_status(*status)))
        }
        Act::Port {
            target,
            port,
            state,
        } => {
            let state = match state {
                PortState::Closed => "closed",
                PortState::Drop => "drop",
                PortState::Open => "open",
            };
            let flow = on(target).maybe("port", port, u16::to_string);
            ("port", flow.word("state", state))
        }
        Act::Hang { target } => ("hang", on(target)),
        Act::Memory {
            target,
            to_bytes,
            over,
        } => {
            let flow = on(target).number("to", to_bytes);
            ("memory", flow.span("over", *over))
        }
        Act::Cpu {
            target,
            share_milli,
        } => {
            let share = thousandths(*share_milli);
            ("cpu", on(target).word("throttle", &share))
        }
        other => cluster_act(other),
    };
    (name, flow.done())
}

/// What happens outside of containers.
fn cluster_act(act: &Act) -> (&'static str, Flow) {
    match act {
        Act::Disk { place, full } => {
            let flow = match place {
                DiskPlace::Node(node) => Flow::new().text("node", node),
                DiskPlace::Pod(pod) => Flow::new().text("pod", &pod.to_string()),
            };
            ("disk", flow.number("full", full))
        }
        Act::Image { image, pull } => {
            let pull = super::image::pull(*pull);
            (
                "image",
                Flow::new().text("image", image).word("pull", &pull),
            )
        }
        Act::Node { name, state } => {
            let state = match state {
                NodeState::Ready => "ready",
                NodeState::Unreachable => "unreachable",
                NodeState::Down => "down",
                NodeState::MemoryPressure => "memoryPressure",
                NodeState::DiskPressure => "diskPressure",
            };
            ("node", Flow::new().text("name", name).word("state", state))
        }
        Act::Kubelet { node, action } => {
            let action = match action {
                KubeletAction::Stop => "stop",
                KubeletAction::Start => "start",
                KubeletAction::Restart => "restart",
            };
            (
                "kubelet",
                Flow::new().text("node", node).word("action", action),
            )
        }
        Act::Network { between, cut } => {
            let state = if *cut { "cut" } else { "ok" };
            let flow = Flow::new().word("between", &texts(between));
            ("network", flow.word("state", state))
        }
        Act::Dependency { name, up } => {
            let state = if *up { "up" } else { "down" };
            (
                "dependency",
                Flow::new().text("name", name).word("state", state),
            )
        }
        Act::Traffic {
            service,
            rate_milli,
        } => {
            let rate = thousandths(*rate_milli);
            (
                "traffic",
                Flow::new().text("service", service).word("rate", &rate),
            )
        }
        other => verb(other),
    }
}

/// Acts that a user could type after `kubectl`.
fn verb(act: &Act) -> (&'static str, Flow) {
    match act {
        Act::Delete {
            target,
            grace,
            force,
            cascade,
        } => {
            let flow = match target {
                DeleteTarget::Pod(pod) => Flow::new().text("pod", &pod.to_string()),
                DeleteTarget::Object { kind, name } => {
                    Flow::new().text("kind", kind).text("name", name)
                }
            };
            let flow = flow.maybe("grace", grace, |grace| span(*grace));
            let way = match cascade {
                Cascade::Background => "",
                other => Cascade::WORDS[*other as usize],
            };
            let flow = flow.flag("force", *force);
            ("delete", flow.some_text("cascade", way))
        }
        Act::Patch {
            kind,
            name,
            subresource,
            patch,
            way,
        } => {
            let flow = Flow::new().text("kind", kind).text("name", name);
            let way = match way {
                PatchType::Strategic => "",
                other => PatchType::WORDS[*other as usize],
            };
            let flow = flow.some_text("type", way);
            let flow = flow.some_text("subresource", subresource);
            ("patch", flow.word("patch", patch))
        }
        Act::Scale { workload, replicas } => ("scale", the(workload).number("replicas", replicas)),
        Act::SetImage {
            workload,
            container,
            image,
        } => {
            let flow = the(workload).some_text("container", container);
            ("setImage", flow.text("image", image))
        }
        Act::SetEnv { workload, env } => ("setEnv", the(workload).map("env", changes(env))),
        other => metadata_verb(other),
    }
}

/// Verbs on metadata and nodes, and what is typed.
fn metadata_verb(act: &Act) -> (&'static str, Flow) {
    match act {
        Act::Label {
            kind,
            name,
            changes: labels,
            overwrite,
        } => {
            let flow = Flow::new().text("kind", kind).text("name", name);
            let flow = flow.map("labels", changes(labels));
            ("label", flow.flag("overwrite", *overwrite))
        }
        Act::Annotate {
            kind,
            name,
            changes: annotations,
            overwrite,
        } => {
            let flow = Flow::new().text("kind", kind).text("name", name);
            let flow = flow.map("annotations", changes(annotations));
            ("annotate", flow.flag("overwrite", *overwrite))
        }
        Act::Taint { node, add, remove } => {
            let flow = Flow::new()
                .text("node", node)
                .list("add", add.iter().map(taint));
            ("taint", flow.list("remove", remove.iter().map(removal)))
        }
        Act::Cordon { node, cordoned } => {
            let name = if *cordoned { "cordon" } else { "uncordon" };
            (name, Flow::new().text("node", node))
        }
        Act::Drain {
            node,
            force,
            ignore_daemon_sets,
            timeout,
            grace,
        } => {
            let flow = Flow::new()
                .text("node", node)
                .flag("force", *force)
                .flag("ignoreDaemonSets", *ignore_daemon_sets)
                .maybe("timeout", timeout, |timeout| span(*timeout));
            ("drain", flow.maybe("grace", grace, |grace| span(*grace)))
        }
        Act::Rollout { workload, action } => {
            let flow = the(workload);
            let flow = match action {
                RolloutAction::Undo { to_revision } => flow
                    .word("action", "undo")
                    .number("toRevision", to_revision),
                RolloutAction::Restart => flow.word("action", "restart"),
                RolloutAction::Pause => flow.word("action", "pause"),
                RolloutAction::Resume => flow.word("action", "resume"),
            };
            ("rollout", flow)
        }
        Act::Curl { url } => ("curl", Flow::new().text("url", url)),
        Act::Kubectl { args, stdin } => {
            let flow = Flow::new().word("args", &texts(args));
            ("kubectl", flow.maybe_text("stdin", stdin))
        }
        // The others are faults.
        _ => ("", Flow::new()),
    }
}

fn on(target: &ContainerRef) -> Flow {
    Flow::new()
        .text("pod", &target.pod.to_string())
        .some_text("container", &target.container)
}

fn the(workload: &WorkloadRef) -> Flow {
    Flow::new().text(&workload.kind, &workload.name)
}

fn of(flow: Flow, process: &ProcessRef) -> Flow {
    match process {
        ProcessRef::Main => flow,
        ProcessRef::Pid(pid) => flow.number("process", pid),
        ProcessRef::Named(name) => flow.text("process", name),
    }
}

fn http(fault: &HttpFault) -> Flow {
    let flow = on(&fault.target)
        .maybe("port", &fault.port, u16::to_string)
        .maybe_text("path", &fault.path)
        .maybe("status", &fault.status, u16::to_string)
        .maybe("latency", &fault.latency, |latency: &Duration| {
            span(*latency)
        })
        .maybe_text("body", &fault.body);
    answer(flow, fault.answer)
}

/// `answer` of a server, where it is not the usual one.
pub fn answer(flow: Flow, answer: HttpAnswer) -> Flow {
    match answer {
        HttpAnswer::Normal => flow,
        HttpAnswer::Refuse => flow.word("answer", "refuse"),
        HttpAnswer::Reset => flow.word("answer", "reset"),
        HttpAnswer::Hang => flow.word("answer", "hang"),
        HttpAnswer::Empty => flow.word("answer", "empty"),
    }
}

/// `status` of a gRPC health service.
pub fn grpc_status(status: GrpcStatus) -> &'static str {
    match status {
        GrpcStatus::Unknown => "UNKNOWN",
        GrpcStatus::Serving => "SERVING",
        GrpcStatus::NotServing => "NOT_SERVING",
        GrpcStatus::ServiceUnknown => "SERVICE_UNKNOWN",
    }
}

/// `effect` of a taint.
pub fn effect(effect: TaintEffect) -> &'static str {
    match effect {
        TaintEffect::NoSchedule => "NoSchedule",
        TaintEffect::PreferNoSchedule => "PreferNoSchedule",
        TaintEffect::NoExecute => "NoExecute",
    }
}

fn removal(removal: &TaintRemoval) -> String {
    let flow = Flow::new().text("key", &removal.key);
    match removal.effect {
        Some(of) => flow.word("effect", effect(of)).done(),
        None => flow.done(),
    }
}

fn changes(changes: &[(String, Option<String>)]) -> impl Iterator<Item = (&str, Option<&str>)> {
    changes
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_deref()))
}
