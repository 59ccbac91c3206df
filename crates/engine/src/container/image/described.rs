//! Images that the Scenario document describes, or changes.

use super::{
    resolve, CpuCost, ExitAfter, GrpcEntry, ImageBehaviour, ImageSpec, OnStop, Route, RouteAnswer,
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
    (
        Arc::new(image.with_behaviour(behaviour(entry, &image))),
        true,
    )
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
        || !entry.http.is_empty()
        || !entry.grpc.is_empty()
}

/// What the entry does not say stays as the catalogue has it, where that is data.
fn behaviour(entry: &scenario::ImageSpec, image: &ImageSpec) -> ImageBehaviour {
    let plain = match &image.behaviour {
        Some(known) => (**known).clone(),
        None => ImageBehaviour {
            listen: image.exposed.clone(),
            ..ImageBehaviour::default()
        },
    };
    let mut routes: Vec<Route> = entry.http.iter().map(route).collect();
    routes.extend(plain.routes.iter().cloned());
    ImageBehaviour {
        startup: entry.startup.unwrap_or(plain.startup),
        listen: entry.listen.clone().unwrap_or_else(|| plain.listen.clone()),
        routes,
        grpc: entry.grpc.iter().map(grpc_entry).collect(),
        on_stop: match entry.on_stop {
            Some(scenario::OnStop::Ignore) => OnStop::Ignore,
            Some(scenario::OnStop::Exit { after, code }) => OnStop::Exit { after, code },
            None => plain.on_stop,
        },
        memory_bytes: entry.memory_bytes.unwrap_or(plain.memory_bytes),
        // A leak that is described never ends.
        grow_bytes_max: match entry.leak_bytes {
            Some(_) => ImageBehaviour::default().grow_bytes_max,
            None => plain.grow_bytes_max,
        },
        leak_bytes_per_sec: entry.leak_bytes.unwrap_or(plain.leak_bytes_per_sec),
        loopback_only: entry.loopback_only || plain.loopback_only,
        exit: entry.exit.as_ref().map(|exit| ExitAfter {
            after: exit.after,
            code: exit.code,
            needs: exit.needs.as_deref().map(Into::into),
        }),
        cpu: entry.cpu.map_or(plain.cpu, |cpu| CpuCost {
            idle_milli: cpu.idle_milli,
            request: cpu.request,
        }),
        stop_signal: plain.stop_signal,
        ..plain
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
