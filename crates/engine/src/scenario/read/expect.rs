//! `expect` of a Scenario.

use super::form::Form;
use super::Wrong;
use crate::scenario::{ContainerRef, Count, Expectation, Fact, PodRef, When};
use crate::time::{Duration, Instant};

/// An entry of `expect`.
pub fn expectation(mut form: Form) -> Option<Expectation> {
    let line = form.line();
    let when = when(&mut form);
    let fact = fact(&mut form);
    form.finish();
    Some(Expectation {
        when: when?,
        fact: fact?,
        line,
    })
}

fn when(form: &mut Form) -> Option<When> {
    let instant = |duration: Duration| Instant(duration.0);
    let at = form.duration("at").map(|at| When::At(instant(at)));
    let by = form.duration("by").map(|by| When::By(instant(by)));
    let always = span(form, "always").map(|(from, to)| When::Always { from, to });
    let never = span(form, "never").map(|(from, to)| When::Never { from, to });
    let given: Vec<When> = [at, by, always, never].into_iter().flatten().collect();
    match given.as_slice() {
        [when] => Some(*when),
        [] => {
            form.wrong("at", Wrong::NoWhen);
            None
        }
        _ => {
            form.wrong("at", Wrong::SeveralWhens);
            None
        }
    }
}

/// `{from, to}`; `true` stands for the whole run.
fn span(form: &mut Form, name: &'static str) -> Option<(Instant, Instant)> {
    let node = form.node(name)?;
    if node.bool() == Some(true) {
        return Some((Instant::ZERO, Instant::NEVER));
    }
    let mut span = form.structure(name)?;
    let from = span
        .duration("from")
        .map_or(Instant::ZERO, |d| Instant(d.0));
    let to = span.duration("to").map_or(Instant::NEVER, |d| Instant(d.0));
    span.finish();
    Some((from, to))
}

fn fact(form: &mut Form) -> Option<Fact> {
    if form.has("event") {
        return event(form);
    }
    if form.has("requests") {
        return requests(form);
    }
    if form.has("deployment") {
        return Some(Fact::Deployment {
            name: form.text("deployment")?.into(),
            replicas: count(form, "replicas"),
            ready: count(form, "ready"),
            updated: count(form, "updated"),
            available: count(form, "available"),
        });
    }
    if form.has("service") {
        return Some(Fact::Service {
            name: form.text("service")?.into(),
            endpoints: count(form, "endpoints"),
        });
    }
    if !form.has("pod") {
        form.wrong("pod", Wrong::NoSubject);
        return None;
    }
    let text = form.text("pod")?;
    let Some(pod) = PodRef::parse(text) else {
        form.wrong("pod", Wrong::NoPod);
        return None;
    };
    let text = |form: &mut Form, name: &'static str| form.text(name).map(String::from);
    if form.has("container") {
        return Some(Fact::Container {
            target: ContainerRef {
                pod,
                container: text(form, "container").unwrap_or_default(),
            },
            restarts: count(form, "restarts"),
            state: state(form),
            reason: text(form, "reason"),
            exit_code: form.small("exitCode"),
            ready: form.bool("ready"),
            started: form.bool("started"),
        });
    }
    Some(Fact::Pod {
        pod,
        restarts: count(form, "restarts"),
        phase: text(form, "phase"),
        status: text(form, "status"),
        ready: form.bool("ready"),
        exists: form.bool("exists"),
    })
}

fn state(form: &mut Form) -> Option<String> {
    let words = ["waiting", "running", "terminated"];
    Some(words[form.choice("state", &words)?].into())
}

fn event(form: &mut Form) -> Option<Fact> {
    let mut event = form.structure("event")?;
    let fact = Fact::Event {
        reason: event.required_text("reason").unwrap_or_default().into(),
        object: event.text("object").unwrap_or_default().into(),
        message: event.text("message").unwrap_or_default().into(),
        count: count(&mut event, "count").unwrap_or(Count::AtLeast(1)),
    };
    event.finish();
    Some(fact)
}

fn requests(form: &mut Form) -> Option<Fact> {
    let mut requests = form.structure("requests")?;
    let fact = Fact::Requests {
        service: requests.text("service").unwrap_or_default().into(),
        served: count(&mut requests, "served"),
        dropped: count(&mut requests, "dropped"),
    };
    requests.finish();
    Some(fact)
}

fn count(form: &mut Form, name: &'static str) -> Option<Count> {
    let text = form.scalar(name)?;
    let count = Count::parse(&text);
    if count.is_none() {
        form.wrong(name, Wrong::NoCount);
    }
    count
}
