//! `images` of a Scenario.

use super::form::Form;
use super::Wrong;
use crate::api::StringMap;
use crate::container::image::{lookup, Runs};
use crate::scenario::duration::parse_duration;
use crate::scenario::{
    CpuRule, DependencySpec, ExitRule, GrpcRule, GrpcStatus, HttpRule, ImageSpec, OnStop,
    PullBehaviour,
};
use crate::time::Duration;

/// An entry of `images`.
pub fn image(mut form: Form) -> Option<ImageSpec> {
    let image = form.required_text("image").map(String::from);
    let pull = pull(&mut form, "pull").unwrap_or_default();
    let startup = form.duration("startup");
    let listen = ports(&mut form);
    let mut http = Vec::new();
    form.each("http", |form| http.extend(http_rule(form)));
    let mut grpc = Vec::new();
    form.each("grpc", |form| grpc.extend(grpc_rule(form)));
    let on_stop = on_stop(&mut form);
    let exit = exit(&mut form);
    let memory_bytes = form.quantity("memory").map(|memory| memory.units());
    let leak_bytes = form.quantity("leak").map(|leak| leak.units());
    let cpu = cpu(&mut form);
    let backlog = form.small("backlog");
    let loopback_only = form.choice("bind", &["0.0.0.0", "127.0.0.1"]) == Some(1);
    if let Some(image) = &image {
        remark_on_idle_fields(&mut form, image);
    }
    form.finish();
    Some(ImageSpec {
        image: image?,
        pull,
        startup,
        listen,
        loopback_only,
        backlog,
        http,
        grpc,
        on_stop,
        exit,
        memory_bytes,
        leak_bytes,
        cpu,
    })
}

/// Fields about a server, for an image that runs none by itself.
#[inline(never)]
fn remark_on_idle_fields(form: &mut Form, image: &str) {
    let wrong = match lookup(image).map(|known| known.runs) {
        Some(Runs::Shell) => Wrong::NoServer,
        Some(Runs::Waiter) => Wrong::NeverListens,
        Some(Runs::Server) | None => return,
    };
    for name in ["startup", "listen", "bind", "backlog", "http", "grpc"] {
        if form.has(name) {
            form.remark(name, wrong);
        }
    }
}

/// An entry of `dependencies`.
pub fn dependency(mut form: Form) -> Option<DependencySpec> {
    let name = form.required_text("name").map(String::from);
    let up = form.choice("state", &["up", "down"]) != Some(1);
    form.finish();
    Some(DependencySpec { name: name?, up })
}

/// `pull`: a word or a duration.
pub fn pull(form: &mut Form, name: &'static str) -> Option<PullBehaviour> {
    let text = form.scalar(name)?;
    let behaviour = match text.as_str() {
        "present" | "ok" => Some(PullBehaviour::Present),
        "missing" => Some(PullBehaviour::Missing),
        "denied" => Some(PullBehaviour::Denied),
        "refused" => Some(PullBehaviour::Refused),
        text => parse_duration(text).map(PullBehaviour::Takes),
    };
    if behaviour.is_none() {
        form.wrong(name, Wrong::NoPull);
    }
    behaviour
}

fn ports(form: &mut Form) -> Option<Vec<u16>> {
    let texts = form.texts("listen")?;
    let mut ports = Vec::new();
    for text in texts {
        match text.parse::<u16>() {
            Ok(port) if port > 0 => ports.push(port),
            _ => form.wrong("listen", Wrong::NoPort),
        }
    }
    Some(ports)
}

fn http_rule(mut form: Form) -> Option<HttpRule> {
    let rule = HttpRule {
        port: form.small("port"),
        path: form.text("path").map(String::from),
        status: form.small("status").unwrap_or(200),
        latency: form.duration("latency").unwrap_or(Duration::ZERO),
        body: form.text("body").map(String::from),
        headers: headers(&mut form),
        location: form.text("location").map(String::from),
        answer: super::act::answer(&mut form),
        from: form.duration("from").unwrap_or(Duration::ZERO),
        until: form.duration("until"),
        needs: form.text("needs").map(String::from),
    };
    form.finish();
    Some(rule)
}

/// `headers` of an answer: what HTTP can carry.
#[inline(never)]
fn headers(form: &mut Form) -> StringMap {
    let headers = form.string_map("headers");
    let is_token = |name: &str| {
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        !name.is_empty() && name.bytes().all(is_part)
    };
    let is_line = |value: &str| !value.contains(['\r', '\n']);
    if !headers
        .iter()
        .all(|(name, value)| is_token(name) && is_line(value))
    {
        form.wrong("headers", Wrong::NoHeader);
    }
    headers
}

/// `exit`: the process ends by itself.
fn exit(form: &mut Form) -> Option<ExitRule> {
    if !form.has("exit") {
        return None;
    }
    let mut exit = form.structure("exit")?;
    let rule = ExitRule {
        after: exit.duration("after").unwrap_or(Duration::ZERO),
        code: exit.small("code").unwrap_or(1),
        needs: exit.text("needs").map(String::from),
    };
    exit.finish();
    Some(rule)
}

/// `cpu`: what the server's work costs.
fn cpu(form: &mut Form) -> Option<CpuRule> {
    if !form.has("cpu") {
        return None;
    }
    let mut cpu = form.structure("cpu")?;
    let idle = cpu.quantity("idle").map_or(0, |idle| idle.milli());
    let rule = CpuRule {
        idle_milli: u32::try_from(idle).unwrap_or(u32::MAX),
        request: cpu.duration("request").unwrap_or(Duration::ZERO),
    };
    cpu.finish();
    Some(rule)
}

fn grpc_rule(mut form: Form) -> Option<GrpcRule> {
    let rule = GrpcRule {
        port: form.small("port"),
        service: form.text("service").unwrap_or_default().into(),
        status: grpc_status(&mut form).unwrap_or(GrpcStatus::Serving),
    };
    form.finish();
    Some(rule)
}

/// `status` of a gRPC health service.
pub fn grpc_status(form: &mut Form) -> Option<GrpcStatus> {
    let words = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];
    let statuses = [
        GrpcStatus::Unknown,
        GrpcStatus::Serving,
        GrpcStatus::NotServing,
        GrpcStatus::ServiceUnknown,
    ];
    Some(statuses[form.choice("status", &words)?])
}

fn on_stop(form: &mut Form) -> Option<OnStop> {
    let node = form.node("onStop")?;
    if node.text() == Some("ignore") {
        return Some(OnStop::Ignore);
    }
    if !node.is_map() {
        form.wrong("onStop", Wrong::NoStop);
        return None;
    }
    let mut stop = form.structure("onStop")?;
    let after = stop.duration("after").unwrap_or(Duration::ZERO);
    let code = stop.small("exitCode").unwrap_or(0);
    let keeps_listening = stop.choice("listener", &["closed", "open"]) == Some(1);
    stop.finish();
    Some(OnStop::Exit {
        after,
        code,
        keeps_listening,
    })
}
