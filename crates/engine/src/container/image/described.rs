//! Images that the Scenario document describes, or changes.

use super::{
    nginx, resolve, CpuCost, ExitAfter, GrpcEntry, ImageBehaviour, ImageSpec, OnStop, Overlay,
    Route, RouteAnswer,
};
use crate::container::network::GrpcAnswer;
use crate::container::registry;
use crate::scenario::{self, GrpcStatus, HttpAnswer};
use std::sync::Arc;

/// The image of a name as the scenario has it, else the catalogue's. The second value says whether
/// anyone has described it.
pub fn resolve_with(images: &[scenario::ImageSpec], name: &str) -> (Arc<ImageSpec>, bool) {
    let (image, is_known) = resolve(name);
    let Some(entry) = registry::described(images, name) else {
        return (image, is_known);
    };
    if !says_how_it_behaves(entry) {
        return (image, is_known);
    }
    let mut spec = (*image).clone();
    match &image.behaviour {
        // A program that is data is changed as data.
        Some(known) => {
            let behaviour = behaviour(entry, known);
            spec.names.clear();
            spec.exposed = behaviour.listen.clone();
            spec.behaviour = Some(Arc::new(behaviour));
        }
        None => lay_over(&mut spec, entry),
    }
    (Arc::new(spec), true)
}

/// A program that is code keeps what the entry does not say.
fn lay_over(spec: &mut ImageSpec, entry: &scenario::ImageSpec) {
    let overlay = Overlay {
        startup: entry.startup,
        listen: entry.listen.clone().unwrap_or_default(),
        loopback_only: entry.loopback_only,
        routes: entry.http.iter().map(route).collect(),
        grpc: entry.grpc.iter().map(grpc_entry).collect(),
        on_stop: entry.on_stop.map(on_stop),
        exit: entry.exit.as_ref().map(exit_after),
        memory_bytes: entry.memory_bytes,
        leak_bytes_per_sec: entry.leak_bytes,
        cpu: entry.cpu.map(cpu_cost),
        backlog: entry.backlog,
    };
    if spec.port != 0 && !overlay.listen.is_empty() {
        spec.port = overlay.listen[0];
        spec.root = nginx::configured(&spec.root, &overlay.listen);
    }
    spec.overlay = Some(Arc::new(overlay));
}

/// An entry that only says how the pull goes leaves the program alone.
fn says_how_it_behaves(entry: &scenario::ImageSpec) -> bool {
    entry.startup.is_some()
        || entry.listen.is_some()
        || entry.on_stop.is_some()
        || entry.memory_bytes.is_some()
        || entry.leak_bytes.is_some()
        || entry.exit.is_some()
        || entry.cpu.is_some()
        || entry.loopback_only
        || entry.backlog.is_some()
        || !entry.http.is_empty()
        || !entry.grpc.is_empty()
}

/// What the entry does not say stays as the catalogue has it.
fn behaviour(entry: &scenario::ImageSpec, known: &ImageBehaviour) -> ImageBehaviour {
    let plain = known.clone();
    let mut routes: Vec<Route> = entry.http.iter().map(route).collect();
    routes.extend(plain.routes.iter().cloned());
    ImageBehaviour {
        startup: entry.startup.unwrap_or(plain.startup),
        listen: entry.listen.clone().unwrap_or_else(|| plain.listen.clone()),
        routes,
        grpc: entry.grpc.iter().map(grpc_entry).collect(),
        on_stop: entry.on_stop.map_or(plain.on_stop, on_stop),
        memory_bytes: entry.memory_bytes.unwrap_or(plain.memory_bytes),
        // A leak that is described never ends.
        grow_bytes_max: match entry.leak_bytes {
            Some(_) => ImageBehaviour::default().grow_bytes_max,
            None => plain.grow_bytes_max,
        },
        leak_bytes_per_sec: entry.leak_bytes.unwrap_or(plain.leak_bytes_per_sec),
        loopback_only: entry.loopback_only || plain.loopback_only,
        backlog: entry.backlog.unwrap_or(plain.backlog),
        exit: entry.exit.as_ref().map(exit_after),
        cpu: entry.cpu.map_or(plain.cpu, cpu_cost),
        ..plain
    }
}

fn on_stop(rule: scenario::OnStop) -> OnStop {
    match rule {
        scenario::OnStop::Ignore => OnStop::Ignore,
        scenario::OnStop::Exit {
            after,
            code,
            keeps_listening,
        } => OnStop::Exit {
            after,
            code,
            keeps_listening,
        },
    }
}

fn exit_after(rule: &scenario::ExitRule) -> ExitAfter {
    ExitAfter {
        after: rule.after,
        code: rule.code,
        needs: rule.needs.as_deref().map(Into::into),
    }
}

fn cpu_cost(rule: scenario::CpuRule) -> CpuCost {
    CpuCost {
        idle_milli: rule.idle_milli,
        request: rule.request,
    }
}

fn route(rule: &scenario::HttpRule) -> Route {
    Route {
        port: rule.port,
        path: rule.path.as_deref().map(Into::into),
        answer: match rule.answer {
            HttpAnswer::Normal => RouteAnswer::Status {
                status: rule.status,
                location: rule.location.as_deref().map(Into::into),
            },
            HttpAnswer::Refuse => RouteAnswer::Refuse,
            HttpAnswer::Reset => RouteAnswer::Reset,
            HttpAnswer::Hang => RouteAnswer::Hang,
            HttpAnswer::Empty => RouteAnswer::Empty,
        },
        latency: rule.latency,
        body: rule.body.as_deref().unwrap_or_default().into(),
        headers: {
            let all = rule.headers.iter();
            all.map(|(name, value)| [name, ": ", value].concat())
                .collect()
        },
        from_age: rule.from,
        to_age: rule.until,
        needs: rule.needs.as_deref().map(Into::into),
    }
}

fn grpc_entry(rule: &scenario::GrpcRule) -> GrpcEntry {
    GrpcEntry {
        port: rule.port.unwrap_or(0),
        service: rule.service.as_str().into(),
        answer: match rule.status {
            GrpcStatus::Serving => GrpcAnswer::Serving,
            GrpcStatus::NotServing => GrpcAnswer::NotServing,
            GrpcStatus::Unknown => GrpcAnswer::Unknown,
            GrpcStatus::ServiceUnknown => GrpcAnswer::UnknownService,
        },
    }
}
