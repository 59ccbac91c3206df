//! Faults: what a user breaks. Each changes the world (process, file, socket, node, registry); a
//! probe finds out by itself. One file a fault, one line in [`KINDS`] and one in [`apply`].

mod cpu;
mod dependency;
mod disk;
mod drain;
mod exec;
mod exit;
mod file;
mod grpc;
mod hang;
mod http;
mod image;
mod kill;
mod kubelet;
mod memory;
mod network;
mod node;
mod port;
mod traffic;

pub use disk::is_full;
pub use image::pull_of;
pub use node::{is_short, Pressure};

use crate::cluster::Cx;
use crate::ids::{NodeId, PodId, ServiceId};
use crate::scenario::{Act, ContainerRef, PullBehaviour};
use crate::time::Instant;

/// What a fault acts upon: the fields of its step that say where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// `pod`, `container`.
    Container,
    /// `pod` or `node`.
    PodOrNode,
    /// `name` of a node.
    Node,
    /// `node`.
    AtNode,
    /// `image`.
    Image,
    /// `service`.
    Service,
    /// `name` of a dependency.
    Dependency,
    /// `between: [service/NAME, pod/NAME or a node]`.
    Between,
}

/// A field of the step besides its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub name: &'static str,
    /// What it may be; the first is usual. One value only: an example of any text.
    pub values: &'static [&'static str],
    /// Any text besides `values`.
    pub is_free: bool,
}

impl Parameter {
    const fn words(name: &'static str, values: &'static [&'static str]) -> Self {
        Parameter {
            name,
            values,
            is_free: false,
        }
    }

    const fn free(name: &'static str, values: &'static [&'static str]) -> Self {
        Parameter {
            name,
            values,
            is_free: true,
        }
    }
}

/// A fault as a front end lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultKind {
    /// The step's key.
    pub id: &'static str,
    pub subject: Subject,
    pub parameters: &'static [Parameter],
    /// Goes on until it is undone (`for:`, *Heal*); otherwise it is over at once.
    pub lasts: bool,
    /// What it does to the world.
    pub does: &'static str,
    /// What cannot see it.
    pub unseen: &'static str,
}

/// All faults, in the order of product.md §4.
pub const KINDS: &[FaultKind] = &[
    kill::KIND,
    exit::KIND,
    file::KIND,
    exec::KIND,
    http::KIND,
    grpc::KIND,
    port::KIND,
    hang::KIND,
    memory::KIND,
    cpu::KIND,
    disk::KIND,
    image::KIND,
    network::KIND,
    node::KIND,
    drain::KIND,
    kubelet::KIND,
    dependency::KIND,
    traffic::KIND,
];

/// A fault in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveFault {
    /// The input that brought it.
    pub input: u32,
    /// [`PodId::NONE`]: no Pod in particular.
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
    Grpc,
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
    Cpu,
    Disk,
    NodeDisk {
        node: NodeId,
    },
    /// Let the registry answer as before.
    Image {
        image: String,
        before: Option<PullBehaviour>,
    },
    Network,
    Unreachable {
        node: NodeId,
    },
    Down {
        node: NodeId,
    },
    Pressure {
        node: NodeId,
        pressure: Pressure,
    },
    Kubelet {
        node: NodeId,
    },
    Dependency {
        name: String,
        up: bool,
    },
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
            Undo::Image { image, .. } => format!("image {image}"),
            Undo::Dependency { name, up } => {
                format!("{name} {}", if *up { "down" } else { "up" })
            }
            Undo::Grpc => "grpc".into(),
            Undo::Hang => "hangs".into(),
            Undo::Memory => "memory leak".into(),
            Undo::Cpu => "cpu throttled".into(),
            Undo::Disk | Undo::NodeDisk { .. } => "disk full".into(),
            Undo::Network => "network cut".into(),
            Undo::Unreachable { .. } => "node unreachable".into(),
            Undo::Down { .. } => "node down".into(),
            Undo::Pressure { pressure, .. } => match pressure {
                Pressure::Memory => "memory pressure".into(),
                Pressure::Disk => "disk pressure".into(),
            },
            Undo::Kubelet { .. } => "kubelet stopped".into(),
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
        } => kill::apply(cx, target, process, signal),
        Act::Exit {
            target,
            process,
            code,
        } => exit::apply(cx, target, process, *code),
        Act::File {
            target,
            path,
            present,
            content,
        } => file::apply(cx, input, target, path, *present, content),
        Act::Http(fault) => http::apply(cx, input, fault),
        Act::Grpc {
            target,
            port,
            service,
            status,
        } => grpc::apply(cx, input, target, *port, service.as_deref(), *status),
        Act::Port {
            target,
            port,
            state,
        } => port::apply(cx, input, target, *port, *state),
        Act::Hang { target } => hang::apply(cx, input, target),
        Act::Memory {
            target,
            to_bytes,
            over,
        } => memory::apply(cx, input, target, *to_bytes, *over),
        Act::Cpu {
            target,
            share_milli,
        } => cpu::apply(cx, input, target, *share_milli),
        Act::Disk { place, full } => disk::apply(cx, input, place, *full),
        Act::Image { image, pull } => image::apply(cx, input, image, *pull),
        Act::Network { between, cut } => network::apply(cx, input, between, *cut),
        Act::Node { name, state } => node::apply(cx, input, name, *state),
        Act::Drain {
            node,
            force,
            grace,
            timeout,
            ..
        } => drain::apply(cx, node, *force, *grace, *timeout),
        Act::Kubelet { node, action } => kubelet::apply(cx, input, node, *action),
        Act::Dependency { name, up } => dependency::apply(cx, input, name, *up),
        Act::Traffic {
            service,
            rate_milli,
        } => traffic::apply(cx, input, service, *rate_milli),
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
        let (pod, container) = (fault.pod, fault.container.unwrap_or(0));
        match fault.undo {
            Undo::Http { .. } => http::undo(cx, pod, input),
            Undo::Grpc => grpc::undo(cx, pod, input),
            Undo::File { path, before } => file::undo(cx, pod, container, &path, before),
            Undo::Port { port } => port::undo(cx, pod, port),
            Undo::Hang => hang::undo(cx, pod, container),
            Undo::Memory => memory::undo(cx, pod, container),
            Undo::Cpu => cpu::undo(cx, pod, container),
            Undo::Disk => disk::settle(cx, pod),
            Undo::NodeDisk { node } => disk::settle_node(cx, node),
            Undo::Image { image, before } => image::undo(cx, &image, before),
            Undo::Network => network::undo(cx, input),
            Undo::Unreachable { node } => node::undo_unreachable(cx, node),
            Undo::Down { node } => node::undo_down(cx, node),
            Undo::Pressure { node, .. } => node::undo_pressure(cx, node),
            Undo::Kubelet { node } => kubelet::undo(cx, node),
            Undo::Dependency { name, up } => dependency::set(cx, &name, up),
            Undo::Traffic {
                service,
                rate_milli,
            } => traffic::undo(cx, service, rate_milli),
        }
    }
}

/// A new instance of a container begins: what was wrong with the old one's processes and files is
/// over.
pub fn instance_started(cx: &mut Cx, pod: PodId, container: u32) {
    if cx.cluster.faults.is_empty() {
        return;
    }
    let world = &cx.cluster.pods[pod.index()].world;
    let is_over = |fault: &ActiveFault| {
        fault.pod == pod
            && fault.container == Some(container)
            && match &fault.undo {
                Undo::Hang | Undo::Memory => true,
                Undo::File { path, .. } => !world.is_on_volume(container, path),
                _ => false,
            }
    };
    cx.cluster.faults.retain(|fault| !is_over(fault));
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

fn node_named(cx: &Cx, name: &str) -> Result<NodeId, String> {
    crate::controllers::find_node(cx.cluster, name)
        .ok_or_else(|| format!("there is no node {name}"))
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
