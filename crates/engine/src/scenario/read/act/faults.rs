//! Faults: they change the world.

use super::{pod, process, target};
use crate::scenario::read::form::Form;
use crate::scenario::read::image::{grpc_status, pull};
use crate::scenario::read::{decimal_times, rate, Wrong};
use crate::scenario::{Act, DiskPlace, HttpAnswer, HttpFault, KubeletAction, PortState};
use crate::time::Duration;

/// Runs a command.
pub fn exec(form: &mut Form) -> Option<Act> {
    if !form.has("command") {
        form.missing("command");
    }
    let command = form.texts("command");
    Some(Act::Exec {
        target: target(form)?,
        command: command?,
    })
}

/// A signal from the host.
pub fn kill(form: &mut Form) -> Option<Act> {
    let signal = form.scalar("signal").unwrap_or_else(|| "KILL".into());
    let upper = signal.to_ascii_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let name = match name {
        "1" => "HUP",
        "2" => "INT",
        "3" => "QUIT",
        "9" => "KILL",
        "15" => "TERM",
        name => name,
    };
    let known = [
        "HUP", "INT", "QUIT", "KILL", "TERM", "USR1", "USR2", "STOP", "CONT", "ABRT", "SEGV",
        "ALRM", "PIPE",
    ];
    if !known.contains(&name) {
        form.wrong("signal", Wrong::NoSignal);
        return None;
    }
    Some(Act::Kill {
        process: process(form),
        signal: name.into(),
        target: target(form)?,
    })
}

/// The process exits by itself.
pub fn exit(form: &mut Form) -> Option<Act> {
    Some(Act::Exit {
        process: process(form),
        code: form.small("code").unwrap_or(1),
        target: target(form)?,
    })
}

/// A file appears or disappears.
pub fn file(form: &mut Form) -> Option<Act> {
    let path = form.required_text("path").map(String::from);
    let state = form.choice("state", &["present", "absent"]);
    Some(Act::File {
        present: state.unwrap_or(0) == 0,
        content: form.text("content").unwrap_or_default().into(),
        target: target(form)?,
        path: path?,
    })
}

/// `answer` of a server.
pub fn answer(form: &mut Form) -> HttpAnswer {
    let answers = [
        HttpAnswer::Refuse,
        HttpAnswer::Reset,
        HttpAnswer::Hang,
        HttpAnswer::Empty,
    ];
    let answer = form.choice("answer", &["refuse", "reset", "hang", "empty"]);
    answer.map_or(HttpAnswer::Normal, |i| answers[i])
}

/// Another behaviour of a server.
pub fn http(form: &mut Form) -> Option<Act> {
    Some(Act::Http(HttpFault {
        port: form.small("port"),
        path: form.text("path").map(String::from),
        status: form.small("status"),
        latency: form.duration("latency"),
        body: form.text("body").map(String::from),
        answer: answer(form),
        target: target(form)?,
    }))
}

/// Another answer of the health service.
pub fn grpc(form: &mut Form) -> Option<Act> {
    if !form.has("status") {
        form.missing("status");
    }
    let status = grpc_status(form);
    Some(Act::Grpc {
        port: form.small("port"),
        service: form.text("service").map(String::from),
        target: target(form)?,
        status: status?,
    })
}

/// A socket is closed, deaf or open.
pub fn port(form: &mut Form) -> Option<Act> {
    let states = [PortState::Closed, PortState::Drop, PortState::Open];
    let state = form.choice("state", &["closed", "drop", "open"]);
    Some(Act::Port {
        port: form.small("port"),
        state: states[state.unwrap_or(0)],
        target: target(form)?,
    })
}

/// Memory use grows.
pub fn memory(form: &mut Form) -> Option<Act> {
    if !form.has("to") {
        form.missing("to");
    }
    let to = form.quantity("to");
    Some(Act::Memory {
        over: form.duration("over").unwrap_or(Duration::ZERO),
        target: target(form)?,
        to_bytes: to?.units(),
    })
}

/// A share of the CPU.
pub fn cpu(form: &mut Form) -> Option<Act> {
    let text = form.scalar("throttle").unwrap_or_else(|| "0.1".into());
    let share = match text.strip_suffix('%') {
        Some(percent) => decimal_times(percent, 10),
        None => decimal_times(&text, 1_000),
    };
    match share.filter(|share| *share <= 1_000) {
        Some(share) => Some(Act::Cpu {
            target: target(form)?,
            share_milli: share as u32,
        }),
        None => {
            form.wrong("throttle", Wrong::NoShare);
            None
        }
    }
}

/// A disk is full, or not.
pub fn disk(form: &mut Form) -> Option<Act> {
    let full = form.bool("full").unwrap_or(true);
    let place = match form.text("node") {
        Some(node) => DiskPlace::Node(node.into()),
        None => DiskPlace::Pod(pod(form)?),
    };
    Some(Act::Disk { place, full })
}

/// What the registry answers.
pub fn image(form: &mut Form) -> Option<Act> {
    let image = form.required_text("image").map(String::from);
    if !form.has("pull") {
        form.missing("pull");
    }
    let pull = pull(form, "pull");
    Some(Act::Image {
        image: image?,
        pull: pull?,
    })
}

/// Packets are dropped.
pub fn network(form: &mut Form) -> Option<Act> {
    if !form.has("between") {
        form.missing("between");
    }
    let between = form.texts("between");
    let state = form.choice("state", &["cut", "ok"]);
    Some(Act::Network {
        between: between?,
        cut: state.unwrap_or(0) == 0,
    })
}

/// Something that applications ask goes or comes.
pub fn dependency(form: &mut Form) -> Option<Act> {
    let name = form.required_text("name").map(String::from);
    let state = form.choice("state", &["down", "up"]);
    Some(Act::Dependency {
        name: name?,
        up: state == Some(1),
    })
}

/// Another rate of requests.
pub fn traffic(form: &mut Form) -> Option<Act> {
    let service = form.required_text("service").map(String::from);
    if !form.has("rate") {
        form.missing("rate");
    }
    let rate_milli = rate(form);
    Some(Act::Traffic {
        service: service?,
        rate_milli: rate_milli?,
    })
}

/// The kubelet of a node stops or starts.
pub fn kubelet(form: &mut Form) -> Option<Act> {
    let node = form.required_text("node").map(String::from);
    if !form.has("action") {
        form.missing("action");
    }
    let actions = [
        KubeletAction::Stop,
        KubeletAction::Start,
        KubeletAction::Restart,
    ];
    let action = form.choice("action", &["stop", "start", "restart"])?;
    Some(Act::Kubelet {
        node: node?,
        action: actions[action],
    })
}
