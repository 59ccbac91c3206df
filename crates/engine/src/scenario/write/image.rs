//! `images`.

use super::act::{answer, grpc_status};
use super::flow::{span, Flow};
use crate::scenario::{GrpcRule, HttpRule, ImageSpec, OnStop, PullBehaviour};
use crate::time::Duration;

pub fn image(image: &ImageSpec) -> String {
    let listen = image.listen.iter().flatten().map(u16::to_string);
    let mut flow = Flow::new().text("image", &image.image);
    if image.pull != PullBehaviour::Present {
        flow = flow.word("pull", &pull(image.pull));
    }
    flow = flow
        .maybe("startup", &image.startup, |startup| span(*startup))
        .list("listen", listen);
    if image.loopback_only {
        flow = flow.word("bind", "127.0.0.1");
    }
    flow = flow
        .maybe("backlog", &image.backlog, u32::to_string)
        .list("http", image.http.iter().map(http))
        .list("grpc", image.grpc.iter().map(grpc));
    flow = match image.on_stop {
        None => flow,
        Some(OnStop::Ignore) => flow.word("onStop", "ignore"),
        Some(OnStop::Exit {
            after,
            code,
            keeps_listening,
        }) => {
            let stop = Flow::new().span("after", after).number("exitCode", code);
            let stop = match keeps_listening {
                true => stop.word("listener", "open"),
                false => stop,
            };
            flow.word("onStop", &stop.done())
        }
    };
    if let Some(exit) = &image.exit {
        let rule = Flow::new()
            .span("after", exit.after)
            .number("code", exit.code)
            .maybe_text("needs", &exit.needs);
        flow = flow.word("exit", &rule.done());
    }
    flow = flow
        .maybe("memory", &image.memory_bytes, u64::to_string)
        .maybe("leak", &image.leak_bytes, u64::to_string);
    if let Some(cpu) = &image.cpu {
        let rule = Flow::new()
            .word("idle", &[&cpu.idle_milli.to_string(), "m"].concat())
            .span("request", cpu.request);
        flow = flow.word("cpu", &rule.done());
    }
    flow.done()
}

pub fn pull(pull: PullBehaviour) -> String {
    match pull {
        PullBehaviour::Present => "present".into(),
        PullBehaviour::Missing => "missing".into(),
        PullBehaviour::Denied => "denied".into(),
        PullBehaviour::Refused => "refused".into(),
        PullBehaviour::Takes(time) => span(time),
    }
}

fn http(rule: &HttpRule) -> String {
    let flow = Flow::new()
        .maybe("port", &rule.port, u16::to_string)
        .maybe_text("path", &rule.path)
        .number("status", rule.status);
    let flow = match rule.latency {
        Duration::ZERO => flow,
        latency => flow.span("latency", latency),
    };
    let mut headers = Flow::new();
    for (name, value) in rule.headers.iter() {
        headers = headers.text(name, value);
    }
    let flow = flow.maybe_text("body", &rule.body);
    let flow = match rule.headers.is_empty() {
        true => flow,
        false => flow.word("headers", &headers.done()),
    };
    let flow = flow.maybe_text("location", &rule.location);
    let flow = answer(flow, rule.answer);
    let flow = match rule.from {
        Duration::ZERO => flow,
        from => flow.span("from", from),
    };
    flow.maybe("until", &rule.until, |until| span(*until))
        .maybe_text("needs", &rule.needs)
        .done()
}

fn grpc(rule: &GrpcRule) -> String {
    Flow::new()
        .maybe("port", &rule.port, u16::to_string)
        .some_text("service", &rule.service)
        .word("status", grpc_status(rule.status))
        .done()
}
