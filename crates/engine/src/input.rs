//! What is put into a run from outside: the stream's objects, steps of the scenario, clicks.

use crate::act;
use crate::api::Object;
use crate::cluster::{Cx, Refusal};
use crate::controllers;
use crate::fault;
use crate::network;
use crate::record::What;
use crate::scenario::{Act, ContainerRef, DiskPlace, Step, TrafficSpec};
use crate::time::Instant;
use std::sync::Arc;

/// An input at its moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedInput {
    pub at: Instant,
    /// Names the input for as long as the run's history is only added to: 0 is the stream, then
    /// the text's steps in order, then the user's acts in order.
    pub id: u32,
    pub input: Input,
    /// Part of the text rather than of the user's history.
    pub from_text: bool,
    /// When the fault is undone by itself (`for:`).
    pub until: Option<Instant>,
}

/// What is put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The objects of the stream, in its order.
    Apply(Arc<Vec<Object>>),
    /// Clients of Services, from the beginning.
    Clients(Arc<Vec<TrafficSpec>>),
    /// A fault or act.
    Act(Arc<Act>),
    /// The fault of the input with this id ends.
    Undo { of: u32 },
}

/// [`TimedInput::id`] of what a text applies; steps and acts count on from 1.
pub const STREAM: u32 = 0;

impl TimedInput {
    /// The stream.
    pub fn stream(objects: Vec<Object>, at: Instant) -> Self {
        TimedInput {
            at,
            id: STREAM,
            input: Input::Apply(Arc::new(objects)),
            from_text: true,
            until: None,
        }
    }

    /// The clients that send from the beginning.
    pub fn clients(clients: Vec<TrafficSpec>) -> Self {
        TimedInput {
            at: Instant::ZERO,
            id: STREAM,
            input: Input::Clients(Arc::new(clients)),
            from_text: true,
            until: None,
        }
    }

    /// A step, and the end of its fault if it has one.
    pub fn step(step: &Step, id: u32, from_text: bool) -> Vec<TimedInput> {
        let until = step.hold_for.map(|span| step.at + span);
        let mut inputs = vec![TimedInput {
            at: step.at,
            id,
            input: Input::Act(Arc::new(step.act.clone())),
            from_text,
            until,
        }];
        if let Some(until) = until {
            inputs.push(TimedInput {
                at: until,
                id,
                input: Input::Undo { of: id },
                from_text,
                until: None,
            });
        }
        inputs
    }

    /// Whether it has a pin of its own on the timeline.
    pub const fn is_act(&self) -> bool {
        matches!(self.input, Input::Act(_))
    }

    /// The container it acts on, as the step names it.
    pub fn target(&self) -> Option<&ContainerRef> {
        match &self.input {
            Input::Act(act) => act_target(act),
            _ => None,
        }
    }

    /// What it is about: a Pod, else a node, an image, a Service. Empty: its label says all.
    pub fn subject(&self) -> String {
        match &self.input {
            Input::Act(act) => act_subject(act),
            _ => String::new(),
        }
    }

    /// A word or two for its pin.
    pub fn label(&self) -> String {
        match &self.input {
            Input::Apply(_) | Input::Clients(_) => "apply".into(),
            Input::Act(act) => act_label(act),
            Input::Undo { .. } => "heal".into(),
        }
    }
}

/// Gives an input to the cluster. What cannot be done is noted, not failed.
pub fn give(cx: &mut Cx, timed: &TimedInput) {
    match &timed.input {
        Input::Apply(objects) => {
            for (number, object) in (0..).zip(objects.iter()) {
                if let Err(error) = controllers::apply(cx, object) {
                    refuse(cx, (timed.id, number), &error.text);
                }
            }
        }
        Input::Clients(clients) => {
            for spec in clients.iter() {
                network::set_traffic(cx, &spec.service, spec.rate_milli);
            }
        }
        Input::Act(wanted) => {
            if let Act::Kubectl { args, stdin } = &**wanted {
                give_command(cx, timed.id, args, stdin.as_deref());
            } else {
                give_act(cx, timed.id, wanted);
            }
        }
        Input::Undo { of } => {
            cx.record_as_cause(What::Undone { input: *of });
            fault::undo(cx, *of);
        }
    }
}

/// A command as typed.
fn give_command(cx: &mut Cx, id: u32, args: &[String], stdin: Option<&str>) {
    let namespace = cx.cluster.namespace.clone();
    let output = crate::kubectl::run_with_input(cx.cluster, cx.now, &namespace, args, stdin);
    for (place, act) in output.inputs.iter().enumerate() {
        cx.cluster.namespace = output.place(place).into();
        give_act(cx, id, act);
    }
    cx.cluster.namespace = namespace;
    if output.exit_code != 0 {
        refuse(cx, (id, 0), output.stderr.trim_end());
    }
}

fn give_act(cx: &mut Cx, id: u32, wanted: &Act) {
    let done = match fault::apply(cx, id, wanted) {
        Some(done) => done,
        None => act::apply(cx, wanted),
    };
    if let Err(text) = done {
        refuse(cx, (id, 0), &text);
    }
}

/// Notes why an input, or one of its objects, had no effect.
fn refuse(cx: &mut Cx, (input, object): (u32, u32), why: &str) {
    let why = cx.intern(why);
    cx.cluster.refused.push(Refusal { input, object, why });
}

fn act_target(act: &Act) -> Option<&ContainerRef> {
    match act {
        Act::Exec { target, .. }
        | Act::Kill { target, .. }
        | Act::Exit { target, .. }
        | Act::File { target, .. }
        | Act::Grpc { target, .. }
        | Act::Port { target, .. }
        | Act::Hang { target }
        | Act::Memory { target, .. }
        | Act::Cpu { target, .. } => Some(target),
        Act::Http(fault) => Some(&fault.target),
        _ => None,
    }
}

#[inline(never)]
fn act_subject(act: &Act) -> String {
    if let Some(target) = act_target(act) {
        return target.pod.to_string();
    }
    match act {
        Act::Disk { place, .. } => match place {
            DiskPlace::Pod(pod) => pod.to_string(),
            DiskPlace::Node(node) => node.clone(),
        },
        Act::Image { image, .. } | Act::SetImage { image, .. } => image.clone(),
        Act::Kubelet { node, .. }
        | Act::Drain { node, .. }
        | Act::Cordon { node, .. }
        | Act::Taint { node, .. } => node.clone(),
        Act::Network { between, .. } => between.join(", "),
        Act::Traffic { service, .. } => service.clone(),
        _ => String::new(),
    }
}

fn act_label(act: &Act) -> String {
    match act {
        Act::Exec { command, .. } => command.join(" "),
        Act::Kill { signal, .. } => format!("kill {signal}"),
        Act::Exit { code, .. } => format!("exit {code}"),
        Act::File { path, present, .. } => {
            format!("{} {path}", if *present { "create" } else { "rm" })
        }
        Act::Http(fault) => match fault.status {
            Some(status) => status.to_string(),
            None => "http".into(),
        },
        Act::Grpc { .. } => "grpc".into(),
        Act::Port { .. } => "port".into(),
        Act::Hang { .. } => "hang".into(),
        Act::Memory { .. } => "memory".into(),
        Act::Cpu { .. } => "cpu".into(),
        Act::Disk { .. } => "disk".into(),
        Act::Image { .. } => "image".into(),
        Act::Node { name, .. } => format!("node {name}"),
        Act::Kubelet { .. } => "kubelet".into(),
        Act::Network { .. } => "network".into(),
        Act::Dependency { name, up } => format!("{name} {}", if *up { "up" } else { "down" }),
        Act::Traffic { .. } => "traffic".into(),
        Act::Apply { .. } => "apply".into(),
        Act::Create { .. } => "create".into(),
        Act::Delete { .. } => "delete".into(),
        Act::Curl { .. } => "curl".into(),
        Act::Patch { .. } => "patch".into(),
        Act::Scale { replicas, .. } => format!("scale {replicas}"),
        Act::SetImage { .. } => "set image".into(),
        Act::SetEnv { .. } => "set env".into(),
        Act::Label { .. } => "label".into(),
        Act::Annotate { .. } => "annotate".into(),
        Act::Taint { .. } => "taint".into(),
        Act::Cordon { cordoned, .. } => if *cordoned { "cordon" } else { "uncordon" }.into(),
        Act::Drain { .. } => "drain".into(),
        Act::Rollout { .. } => "rollout".into(),
        Act::Kubectl { args, .. } => args.first().cloned().unwrap_or_default(),
    }
}
