//! `kubectl port-forward` (PFW-01).

use super::args::{Args, Flags};
use super::failure::Failure;
use super::flags::{duration, value, NONE};
use super::item::{self, Thing};
use super::pod_choice;
use super::view::View;
use super::{resource, Output, Verb};
use crate::api::PortRef;
use crate::go_format::number_fault;
use crate::ids::{PodId, ServiceId};
use crate::status::Phase;
use serde::{Deserialize, Serialize};

/// A local port that `kubectl port-forward` listens on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    pub local: u16,
    pub namespace: String,
    pub pod: String,
    /// The Pod's port.
    pub port: u16,
}

const FLAGS: Flags = &[&[value("address", NONE), duration("pod-running-timeout")]];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "port-forward",
    summary: "Forward one or more local ports to a pod",
    flags: FLAGS,
    run,
}];

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let Some((word, ports)) = args
        .names
        .split_first()
        .filter(|(_, ports)| !ports.is_empty())
    else {
        let text = "TYPE/NAME and list of ports are required for port-forward";
        return Err(Failure::usage("port-forward", text));
    };
    let (kind, name) = word.split_once('/').unwrap_or(("pod", word));
    let item = item::find(view, resource::find(kind)?, name)?;
    // A Service or a workload stands for one Pod, chosen now, ready or not.
    let (id, _) = pod_choice::pod(view, word, "attach to")?;
    let service = match item.thing {
        Thing::Service(service) => Some(service),
        _ => None,
    };
    let pairs = ports.iter().map(|port| pair(view, port, id, service));
    let pairs: Vec<(u16, u16)> = pairs.collect::<Result<_, _>>()?;
    let phase = view.pod(id).status.phase;
    if phase != Phase::Running {
        return Err(Failure::client(format!(
            "unable to forward port because pod is not running. Current status={}",
            phase.name()
        )));
    }
    let addresses = match args.get("address") {
        None | Some("localhost") => vec!["127.0.0.1", "[::1]"],
        Some(given) => given.split(',').collect(),
    };
    let mut output = Output::default();
    for (local, remote) in pairs {
        for address in &addresses {
            let line = format!("Forwarding from {address}:{local} -> {remote}\n");
            output.stdout.push_str(&line);
        }
        let pod = view.pod(id);
        output.forwards.push(Forward {
            local,
            namespace: pod.namespace.to_string(),
            pod: pod.name.to_string(),
            port: remote,
        });
    }
    output.unfinished = true;
    Ok(output)
}

/// Local port and the Pod's: `8080:80`, `80`, `:80`.
fn pair(
    view: &View,
    text: &str,
    pod: PodId,
    service: Option<ServiceId>,
) -> Result<(u16, u16), Failure> {
    let (local, remote) = text.split_once(':').unwrap_or((text, text));
    if remote.contains(':') {
        let text = format!("invalid port format '{text}'");
        return Err(Failure::client(text));
    }
    let number = |side: &str, text: &str| {
        text.parse::<u16>().map_err(|_| {
            let fault = number_fault(text);
            Failure::client(format!(
                "error parsing {side} port '{text}': strconv.ParseUint: parsing \"{text}\": {fault}"
            ))
        })
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_named = service.is_none() && !is_number(remote);
    let given = match local {
        local if local.is_empty() || is_named || service.is_some() => None,
        local => Some(number("local", local)?),
    };
    let target = match service {
        Some(service) => of_service(view, service, pod, remote)?,
        None => match named(view, pod, remote) {
            Some(port) => port,
            None if is_number(remote) => number("remote", remote)?,
            None => {
                let pod = &view.pod(pod).name;
                let text = format!("Pod '{pod}' does not have a named port '{remote}'");
                return Err(Failure::client(text));
            }
        },
    };
    if target == 0 {
        return Err(Failure::client("remote port must be > 0"));
    }
    let local = match local {
        // Any free port: always the same here.
        "" => 40_000 + target % 10_000,
        local if local == remote => local.parse().unwrap_or(target),
        local => given.map_or_else(|| number("local", local), Ok)?,
    };
    Ok((local, target))
}

/// A port of the Pod by its name.
fn named(view: &View, pod: PodId, name: &str) -> Option<u16> {
    let spec = &view.pod(pod).spec;
    let mut ports = spec
        .containers
        .iter()
        .flat_map(|container| &container.ports);
    let found = ports.find(|port| !name.is_empty() && port.name == name);
    found.map(|port| port.container_port)
}

/// The Pod's port behind a Service's.
fn of_service(view: &View, id: ServiceId, pod: PodId, wanted: &str) -> Result<u16, Failure> {
    let service = view.cluster.controllers.service(id);
    let mut ports = service.object.ports.iter();
    let port = ports.find(|port| port.port.to_string() == wanted || port.name == wanted);
    let Some(port) = port else {
        let text = format!(
            "Service {} does not have a service port {wanted}",
            service.name
        );
        return Err(Failure::client(text));
    };
    match &port.target_port {
        PortRef::Number(number) => Ok(u16::try_from(*number).unwrap_or(0)),
        PortRef::Name(name) => named(view, pod, name).ok_or_else(|| {
            Failure::client(format!(
                "Pod '{}' does not have a named port '{name}'",
                view.pod(pod).name
            ))
        }),
    }
}
