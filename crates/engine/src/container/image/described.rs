//! Images that the Scenario document describes, or changes.

use super::{resolve, GrpcEntry, ImageBehaviour, ImageSpec, OnStop, Route, RouteAnswer};
use crate::container::network::GrpcAnswer;
use crate::scenario::{self, GrpcStatus};
use crate::time::Duration;
use std::sync::Arc;

/// The image of a name as the scenario has it, else the catalogue's. The second value says whether
/// anyone has described it.
pub fn resolve_with(described: &[scenario::ImageSpec], name: &str) -> (Arc<ImageSpec>, bool) {
    let (image, is_known) = resolve(name);
    let Some(entry) = described.iter().find(|entry| entry.image == name) else {
        return (image, is_known);
    };
    if !says_how_it_behaves(entry) {
        return (image, is_known);
    }
    (Arc::new(image.with_behaviour(behaviour(entry))), true)
}

/// An entry that only says how the pull goes leaves the program alone.
fn says_how_it_behaves(entry: &scenario::ImageSpec) -> bool {
    entry.startup.is_some()
        || entry.listen.is_some()
        || entry.on_stop.is_some()
        || entry.memory_bytes.is_some()
        || !entry.http.is_empty()
        || !entry.grpc.is_empty()
}

fn behaviour(entry: &scenario::ImageSpec) -> ImageBehaviour {
    let plain = ImageBehaviour::default();
    ImageBehaviour {
        startup: entry.startup.unwrap_or(plain.startup),
        listen: entry.listen.clone().unwrap_or_default(),
        routes: entry.http.iter().map(route).collect(),
        grpc: entry.grpc.iter().map(grpc_entry).collect(),
        on_stop: match entry.on_stop {
            Some(scenario::OnStop::Ignore) => OnStop::Ignore,
            Some(scenario::OnStop::Exit { after, code }) => OnStop::Exit { after, code },
            None => plain.on_stop,
        },
        memory_bytes: entry.memory_bytes.unwrap_or(plain.memory_bytes),
        ..plain
    }
}

fn route(rule: &scenario::HttpRule) -> Route {
    Route {
        port: rule.port,
        path: rule.path.as_deref().map(Into::into),
        answer: RouteAnswer::Status {
            status: rule.status,
            location: None,
        },
        latency: rule.latency,
        body: rule.body.as_deref().unwrap_or_default().into(),
        from_age: Duration::ZERO,
        to_age: None,
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
