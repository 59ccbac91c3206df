//! The container runtime over the Pod's simulated machines.

use super::{config, machine_hooks, volumes, Exit, Runtime};
use super::{host_network, host_path};
use crate::api::{Container, Handler, PodSpec, VolumeSource};
use crate::cluster::{Cx, PodState};
use crate::container::image;
use crate::container::{
    ContainerSetup, ExecId, ExecResult, Mount, Place, PodLimits, Signal, WorldEvent,
};
use crate::fault;
use crate::go_format;
use crate::ids::{PodId, TextId};
use crate::kubelet::handlers;
use crate::kubelet::hooks::HookKind;
use crate::kubelet::pod_worker::container_spec;
use crate::kubelet::probes::{self, SlotId};
use crate::kubelet::{kill as stops, played, start as starts};
use crate::latency;
use crate::network;
use crate::time::Instant;
use crate::timer::Timer;
use std::sync::Arc;

/// What an exec session is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecUse {
    Probe(SlotId),
    Hook { container: u16, kind: HookKind },
}

/// The kubelet's side of a Pod's machines.
#[derive(Clone, Debug, Default)]
pub struct Machines {
    /// By container; made at each start.
    setups: Vec<Option<Arc<ContainerSetup>>>,
    /// Sessions under way.
    execs: Vec<(u32, ExecUse)>,
    /// The moment for which a timer waits.
    timer_at: Option<Instant>,
    /// Index in the world by volume of the spec.
    volumes: Vec<u32>,
    /// Ends of first processes that the runtime has not told yet, in order.
    exits: Vec<Exit>,
}

fn machines(state: &mut PodState) -> Option<&mut Machines> {
    match &mut state.worker.as_mut()?.runtime {
        Runtime::Machines(machines) => Some(machines),
        Runtime::Scripted(..) => None,
    }
}

/// Sets a timer for what happens next inside, unless one is set for then or earlier.
pub fn set_timer(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let (set, told_at) = match cx.pod(pod).worker.as_ref().map(|worker| &worker.runtime) {
        Some(Runtime::Machines(machines)) => {
            let exit = machines.exits.first();
            (machines.timer_at, exit.map(|exit| exit.told_at()))
        }
        _ => return,
    };
    let next = match (cx.pod(pod).world.poll_at(), told_at) {
        (Some(inside), Some(told_at)) => inside.min(told_at),
        (inside, told_at) => match inside.or(told_at) {
            Some(next) => next,
            None => return,
        },
    };
    let at = next.max(now);
    if set.is_some_and(|set| set <= at && set >= now) {
        return;
    }
    let Some(machines) = machines(cx.pod_mut(pod)) else {
        return;
    };
    machines.timer_at = Some(at);
    cx.at(at, Timer::World { pod });
}

/// Does what is due inside, and hands over what happened.
pub fn poll(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let state = cx.pod_mut(pod);
    if let Some(machines) = machines(state) {
        if machines.timer_at.is_some_and(|at| at <= now) {
            machines.timer_at = None;
        }
    }
    tell_exits(cx, pod);
    let mut happened = Vec::new();
    cx.pod_mut(pod).world.poll(now, &mut happened);
    if cx.pod(pod).world.asks() {
        network::answer_asks(cx, pod);
        cx.pod_mut(pod).world.poll(now, &mut happened);
    }
    let cause = cx.cause;
    for event in happened {
        cx.cause = cause;
        match event {
            WorldEvent::Exited {
                container,
                exit_code,
                oom,
                ..
            } => {
                let container = container as u16;
                let message = termination_message(cx, pod, container, exit_code);
                super::process_ended(cx, pod, container, exit_code);
                let exit = Exit {
                    container,
                    exit_code,
                    oom,
                    message,
                    at: now,
                    cause: cx.cause,
                };
                if let Some(machines) = machines(cx.pod_mut(pod)) {
                    machines.exits.push(exit);
                }
            }
            WorldEvent::ExecFinished { exec, result, .. } => {
                exec_finished(cx, pod, exec.0, &result)
            }
            WorldEvent::Listening { .. } => {
                let state = cx.pod(pod);
                if let Some(node) = state.node.filter(|_| state.spec.host_network) {
                    host_network::share_ports(cx, node);
                }
            }
        }
    }
    set_timer(cx, pod);
}

/// Tells the ends of first processes that are due.
fn tell_exits(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let cause = cx.cause;
    while let Some(machines) = machines(cx.pod_mut(pod)) {
        if machines
            .exits
            .first()
            .is_none_or(|exit| exit.told_at() > now)
        {
            break;
        }
        let exit = machines.exits.remove(0);
        cx.cause = exit.cause;
        super::exited(cx, pod, exit);
    }
    cx.cause = cause;
}

/// Content of the termination message file, or the end of the log (STS-20).
fn termination_message(cx: &mut Cx, pod: PodId, container: u16, exit_code: i32) -> TextId {
    let now = cx.now;
    let state = cx.pod_mut(pod);
    let from_logs = container_spec(&state.spec, container).termination_message_from_logs;
    let index = u32::from(container);
    let mut text = state.world.termination_message(now, index);
    if text.is_empty() && from_logs && exit_code != 0 {
        text = state.world.log_tail(index);
    }
    cx.intern(&text)
}

/// Remembers what an exec session is for.
pub fn remember_exec(cx: &mut Cx, pod: PodId, exec: u32, used_for: ExecUse) {
    if let Some(machines) = machines(cx.pod_mut(pod)) {
        machines.execs.push((exec, used_for));
    }
}

fn forget_exec(cx: &mut Cx, pod: PodId, exec: u32) -> Option<ExecUse> {
    let machines = machines(cx.pod_mut(pod))?;
    let index = machines.execs.iter().position(|(id, _)| *id == exec)?;
    Some(machines.execs.swap_remove(index).1)
}

fn exec_finished(cx: &mut Cx, pod: PodId, exec: u32, result: &ExecResult) {
    match forget_exec(cx, pod, exec) {
        Some(ExecUse::Probe(slot)) => {
            let (outcome, output) = handlers::command_outcome(cx, result);
            let after = latency::EXEC_PROBE;
            probes::exec_finished(cx, pod, slot, exec, after, outcome, output);
        }
        Some(ExecUse::Hook { container, kind }) => {
            let failure = (result.exit_code != 0)
                .then(|| machine_hooks::exec_failure(cx, pod, container, kind, result));
            stops::hook_finished(cx, pod, exec, failure);
            starts::hook_finished(cx, pod, exec, failure);
        }
        None => {}
    }
}

/// Ends an exec session's command.
pub fn kill_exec(cx: &mut Cx, pod: PodId, exec: u32) {
    let now = cx.now;
    forget_exec(cx, pod, exec);
    cx.pod_mut(pod).world.kill_exec(now, ExecId(exec));
    set_timer(cx, pod);
}

/// The sandbox is up: the Pod has a place on the network.
pub fn sandbox_created(cx: &mut Cx, pod: PodId, address: u32) {
    if cx.pod(pod).spec.host_network {
        return on_host_network(cx, pod, address);
    }
    let gateway = cx
        .pod(pod)
        .node
        .map_or(0, |node| cx.node(node).pod_network + 1);
    let state = cx.pod_mut(pod);
    let hostname = match state.spec.hostname.as_str() {
        "" => state.name.clone(),
        name => name.into(),
    };
    state.world.set_place(Place {
        hostname,
        ip: go_format::ipv4(address).into(),
        gateway: go_format::ipv4(gateway).into(),
        limits: limits(&state.spec),
    });
}

/// The Pod has its node's place on the network: address, host name and ports.
#[inline(never)]
fn on_host_network(cx: &mut Cx, pod: PodId, address: u32) {
    let Some(node) = cx.pod(pod).node else { return };
    let hostname = cx.node(node).name.to_string().into();
    let ip: Arc<str> = go_format::ipv4(address).into();
    let limits = limits(&cx.pod(pod).spec);
    cx.pod_mut(pod).world.set_place(Place {
        hostname,
        gateway: Arc::clone(&ip),
        ip,
        limits,
    });
    host_network::share_ports(cx, node);
}

/// The limits of the whole Pod.
fn limits(spec: &PodSpec) -> PodLimits {
    let Some(whole) = &spec.resources else {
        return PodLimits::default();
    };
    let milli = whole.limit_cpu_milli;
    PodLimits {
        memory: whole.limit_memory_bytes,
        cpu_milli: milli.and_then(|milli| u32::try_from(milli).ok()),
    }
}

/// Memory that the kernel lets a container have before it looks for who has too much: what it asks
/// for, unless all of the Pod is guaranteed (RES-01).
fn spared(spec: &PodSpec, own: &Container) -> u64 {
    let is_guaranteed = spec.resources.as_ref().is_some_and(|whole| {
        whole.request_memory_bytes == whole.limit_memory_bytes
            && whole.request_cpu_milli == whole.limit_cpu_milli
            && whole.limit_cpu_milli.is_some()
    });
    match is_guaranteed {
        true => 0,
        false => own.resources.request_memory_bytes.unwrap_or(0),
    }
}

/// The Pod's volumes are there.
pub fn volumes_mounted(cx: &mut Cx, pod: PodId) {
    if machines(cx.pod_mut(pod)).is_some_and(|machines| !machines.volumes.is_empty()) {
        // Still mounted: the kubelet was started again.
        return;
    }
    let Ok(contents) = volumes::volumes(cx, pod) else {
        return;
    };
    host_path::made(cx, pod);
    let state = cx.pod_mut(pod);
    let volumes: Vec<u32> = contents
        .into_iter()
        .map(|volume| state.world.add_volume(volume))
        .collect();
    if let Some(machines) = machines(state) {
        machines.volumes = volumes;
    }
}

/// Makes a container's setup: image, command, environment, mounts.
pub fn prepare(cx: &mut Cx, pod: PodId, container: u16) -> Result<(), TextId> {
    let seed = cx.cluster.draws.bits(crate::rng::Purpose::Name);
    let spec = cx.pod(pod).spec.clone();
    let own = container_spec(&spec, container);
    let problem = config::user_error(cx, pod, container);
    let env = match (problem, config::environment(cx, pod, own)) {
        (None, Ok(env)) => env,
        (Some(text), _) | (None, Err(text)) => return Err(cx.intern(&text)),
    };
    let images = cx.cluster.images.clone();
    let state = cx.pod_mut(pod);
    let volumes = machines(state)
        .map(|m| m.volumes.clone())
        .unwrap_or_default();
    let expanded = |words: &Option<Vec<String>>| {
        words.as_ref().map(|words| {
            words
                .iter()
                .map(|word| config::expanded(&env, word))
                .collect()
        })
    };
    let whole = limits(&spec);
    let setup = ContainerSetup {
        command: expanded(&own.command),
        args: expanded(&own.args),
        working_dir: own.working_dir.clone(),
        mounts: mounts(&spec.volumes, own, &volumes),
        // Without a limit of its own a container has that of the whole Pod.
        memory_limit: own.resources.limit_memory_bytes.or(whole.memory),
        memory_spared: spared(&spec, own),
        cpu_limit_milli: own
            .resources
            .limit_cpu_milli
            .and_then(|milli| u32::try_from(milli).ok())
            .or(whole.cpu_milli),
        ports: ports(own),
        termination_message_path: own.termination_message_path.clone(),
        user: spec.user_of(own).and_then(|user| u32::try_from(user).ok()),
        group: spec
            .group_of(own)
            .and_then(|group| u32::try_from(group).ok()),
        groups: spec.further_groups(),
        read_only_root: own.security.read_only_root,
        env,
        seed,
        ..ContainerSetup::of(image::resolve_with(&images, &own.image).0)
    };
    if let Some(machines) = machines(state) {
        let slot = usize::from(container);
        if machines.setups.len() <= slot {
            machines.setups.resize(slot + 1, None);
        }
        machines.setups[slot] = Some(Arc::new(setup));
    }
    Ok(())
}

fn mounts(volumes: &[crate::api::Volume], own: &Container, known: &[u32]) -> Vec<Mount> {
    own.volume_mounts
        .iter()
        .filter_map(|mount| {
            let index = volumes.iter().position(|v| v.name == mount.name)?;
            let read_only = mount.read_only
                || matches!(
                    volumes[index].source,
                    VolumeSource::ConfigMap { .. }
                        | VolumeSource::Secret { .. }
                        | VolumeSource::Projected(..)
                );
            Some(Mount {
                volume: *known.get(index)?,
                path: mount.mount_path.clone(),
                sub_path: mount.sub_path.clone(),
                read_only,
            })
        })
        .collect()
}

/// Declared ports and those that probes name.
fn ports(own: &Container) -> Vec<u16> {
    let mut ports: Vec<u16> = own.ports.iter().map(|p| p.container_port).collect();
    for kind in crate::api::ProbeKind::ALL {
        let port = match own.probe(kind).map(|p| &p.handler) {
            Some(Handler::HttpGet(get)) => handlers::port_number(own, &get.port),
            Some(Handler::TcpSocket { port, .. }) => handlers::port_number(own, port),
            Some(Handler::Grpc { port, .. }) => Some(*port as i32),
            _ => None,
        };
        if let Some(port) = port.and_then(|port| u16::try_from(port).ok()) {
            if !ports.contains(&port) {
                ports.push(port);
            }
        }
    }
    ports
}

/// Starts the first process.
pub fn start(cx: &mut Cx, pod: PodId, container: u16) -> Result<(), TextId> {
    let began = played::process_began(cx, pod, container);
    let dependencies = Arc::clone(&cx.cluster.dependencies);
    let is_full = fault::is_full(cx.cluster, pod);
    let state = cx.pod_mut(pod);
    let setup = machines(state).and_then(|m| m.setups.get(usize::from(container))?.clone());
    let Some(setup) = setup else {
        return Ok(());
    };
    state.world.set_dependencies(&dependencies);
    state.world.set_disk_full(is_full);
    let started = state.world.start(began, u32::from(container), &setup);
    fault::instance_started(cx, pod, u32::from(container));
    match started {
        Ok(()) => Ok(()),
        Err(error) => Err(cx.intern(&error.message)),
    }
}

/// Sends the image's stop signal to the first process, once (TRM-05).
pub fn stop(cx: &mut Cx, pod: PodId, container: u16) {
    let signal = cx.pod(pod).world.stop_signal(u32::from(container));
    let at = cx.now + played::signal_takes(cx, pod);
    send(cx, pod, container, signal, at);
}

/// Sends SIGKILL.
pub fn kill(cx: &mut Cx, pod: PodId, container: u16) {
    let now = cx.now;
    send(cx, pod, container, Signal::KILL, now);
}

fn send(cx: &mut Cx, pod: PodId, container: u16, signal: Signal, at: Instant) {
    let world = &mut cx.pod_mut(pod).world;
    world.signal(at, u32::from(container), 1, signal, true);
    set_timer(cx, pod);
}
