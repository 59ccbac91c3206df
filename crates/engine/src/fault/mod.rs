//! Faults: what a user breaks. Each changes the world (process, file, socket); a probe finds out
//! by itself. One file a fault, one line in [`apply`].

mod exec;
mod file;
mod http;
mod port;
mod process;
mod resource;

use crate::cluster::Cx;
use crate::ids::{PodId, ServiceId};
use crate::scenario::{Act, ContainerRef};
use crate::time::Instant;

/// A fault in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveFault {
    /// The input that brought it.
    pub input: u32,
    pub pod: PodId,
    /// None: the whole Pod.
    pub container: Option<u32>,
    pub since: Instant,
    pub undo: Undo,
}

/// How a fault is undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undo {
    /// Take the HTTP override of this input away.
    Http {
        status: Option<u16>,
        path: String,
    },
    /// Put the file back as it was; None: remove it.
    File {
        path: String,
        before: Option<Vec<u8>>,
    },
    Port {
        port: u16,
    },
    Hang,
    Memory,
    Disk,
    Traffic {
        service: ServiceId,
        rate_milli: u32,
    },
}

impl Undo {
    /// What the fault is called where it is shown.
    pub fn label(&self) -> String {
        match self {
            Undo::Http { status, path } => {
                let status = status.map_or_else(|| "broken".to_string(), |s| s.to_string());
                let path = if path.is_empty() { "every path" } else { path };
                format!("{status} {path}")
            }
            Undo::File { path, before } => match before {
                Some(_) => format!("{path} deleted"),
                None => format!("{path} created"),
            },
            Undo::Port { port } => format!("port {port}"),
            Undo::Hang => "hangs".into(),
            Undo::Memory => "memory leak".into(),
            Undo::Disk => "disk full".into(),
            Undo::Traffic { .. } => "traffic".into(),
        }
    }
}

/// Carries out an act that is a fault. None: it is not one. Err: why it could not be done.
pub fn apply(cx: &mut Cx, input: u32, act: &Act) -> Option<Result<(), String>> {
    Some(match act {
        Act::Exec { target, command } => exec::apply(cx, target, command),
        Act::Kill {
            target,
            process,
            signal,
        } => process::kill(cx, target, process, signal),
        Act::Exit {
            target,
            process,
            code,
        } => process::exit(cx, target, process, *code),
        Act::File {
            target,
            path,
            present,
            content,
        } => file::apply(cx, input, target, path, *present, content),
        Act::Http(fault) => http::apply(cx, input, fault),
        Act::Port {
            target,
            port,
            state,
        } => port::apply(cx, input, target, *port, *state),
        Act::Hang { target } => resource::hang(cx, input, target),
        Act::Memory {
            target,
            to_bytes,
            over,
        } => resource::memory(cx, input, target, *to_bytes, *over),
        Act::Disk { place, full } => resource::disk(cx, input, place, *full),
        _ => return None,
    })
}

/// Undoes whatever an input brought that is still in force.
pub fn undo(cx: &mut Cx, input: u32) {
    let (over, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut cx.cluster.faults)
        .into_iter()
        .partition(|fault| fault.input == input);
    cx.cluster.faults = rest;
    for fault in over {
        let container = fault.container.unwrap_or(0);
        match fault.undo {
            Undo::Http { .. } => http::undo(cx, fault.pod, input),
            Undo::File { path, before } => file::undo(cx, fault.pod, container, &path, before),
            Undo::Port { port } => port::undo(cx, fault.pod, port),
            Undo::Hang => resource::undo_hang(cx, fault.pod, container),
            Undo::Memory => resource::undo_memory(cx, fault.pod, container),
            Undo::Disk => resource::undo_disk(cx, fault.pod),
            Undo::Traffic {
                service,
                rate_milli,
            } => crate::network::set_rate(cx, service, rate_milli),
        }
    }
}

/// The containers that a step names. Err: none matches, with what there is.
fn targets(cx: &Cx, target: &ContainerRef) -> Result<Vec<(PodId, u32)>, String> {
    let pods = crate::controllers::resolve(cx.cluster, &target.pod);
    if pods.is_empty() {
        return Err(format!("no Pod matches {}", target.pod));
    }
    let mut found = Vec::new();
    for pod in pods {
        let spec = &cx.pod(pod).spec;
        let number = if target.container.is_empty() {
            Some(spec.init_containers.len())
        } else {
            spec.container_number(&target.container)
        };
        match number {
            Some(number) => found.push((pod, number as u32)),
            None => {
                return Err(format!(
                    "Pod {} has no container {}",
                    cx.pod(pod).name,
                    target.container
                ))
            }
        }
    }
    Ok(found)
}

/// Notes a fault as being in force.
fn hold(cx: &mut Cx, input: u32, pod: PodId, container: Option<u32>, undo: Undo) {
    let since = cx.now;
    crate::network::note_trouble(cx, pod);
    cx.cluster.faults.push(ActiveFault {
        input,
        pod,
        container,
        since,
        undo,
    });
}
