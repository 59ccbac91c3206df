//! `expect`.

use super::flow::{span, Flow};
use crate::scenario::{Count, Expectation, Fact, When};
use crate::time::{Duration, Instant};
use crate::verdict::count_words;

pub fn expectation(expectation: &Expectation) -> String {
    let flow = Flow::new();
    let stretch = |from: Instant, to: Instant| {
        let stretch = Flow::new().span("from", Duration(from.0));
        match to {
            Instant::NEVER => stretch.done(),
            to => stretch.span("to", Duration(to.0)).done(),
        }
    };
    let flow = match expectation.when {
        When::At(at) => flow.word("at", &span(Duration(at.0))),
        When::By(by) => flow.word("by", &span(Duration(by.0))),
        When::Always { from, to } => flow.word("always", &stretch(from, to)),
        When::Never { from, to } => flow.word("never", &stretch(from, to)),
    };
    fact(flow, &expectation.fact).done()
}

fn count(flow: Flow, name: &str, count: &Option<Count>) -> Flow {
    match count {
        None => flow,
        Some(Count::Exactly(number)) => flow.number(name, number),
        Some(bound) => flow.text(name, &count_words(*bound)),
    }
}

fn fact(flow: Flow, fact: &Fact) -> Flow {
    match fact {
        Fact::Pod {
            pod,
            restarts,
            phase,
            status,
            ready,
            exists,
        } => count(flow.text("pod", &pod.to_string()), "restarts", restarts)
            .maybe_text("phase", phase)
            .maybe_text("status", status)
            .maybe("ready", ready, bool::to_string)
            .maybe("exists", exists, bool::to_string),
        Fact::Container {
            target,
            restarts,
            state,
            reason,
            exit_code,
            ready,
            started,
        } => {
            let flow = flow
                .text("pod", &target.pod.to_string())
                .text("container", &target.container);
            count(flow, "restarts", restarts)
                .maybe_text("state", state)
                .maybe_text("reason", reason)
                .maybe("exitCode", exit_code, i32::to_string)
                .maybe("ready", ready, bool::to_string)
                .maybe("started", started, bool::to_string)
        }
        Fact::Deployment {
            name,
            replicas,
            ready,
            updated,
            available,
        } => {
            let flow = count(flow.text("deployment", name), "replicas", replicas);
            let flow = count(flow, "ready", ready);
            let flow = count(flow, "updated", updated);
            count(flow, "available", available)
        }
        Fact::Service { name, endpoints } => {
            count(flow.text("service", name), "endpoints", endpoints)
        }
        Fact::Event {
            reason,
            object,
            message,
            count: wanted,
        } => {
            let event = Flow::new()
                .text("reason", reason)
                .some_text("object", object)
                .some_text("message", message);
            flow.word("event", &count(event, "count", &Some(*wanted)).done())
        }
        Fact::Requests {
            service,
            served,
            dropped,
        } => {
            let requests = Flow::new().some_text("service", service);
            let requests = count(requests, "served", served);
            flow.word("requests", &count(requests, "dropped", dropped).done())
        }
    }
}
