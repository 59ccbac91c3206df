//! A container runtime that follows a recording's script (oracle `virtual`, section B), and the
//! journal of what the kubelet asked of it.

use super::{Exit, Latencies, PullOutcome};
use crate::api::ProbeKind;
use crate::cluster::Cx;
use crate::ids::{PodId, TextId};
use crate::kubelet::handlers::{ProbeOutput, ProbeRun, ProbeStart};
use crate::kubelet::hooks::{HookKind, HookRun};
use crate::kubelet::image::Pull;
use crate::kubelet::kill;
use crate::kubelet::pod_worker::{RunState, StartProblem};
use crate::kubelet::prober::ResultChange;
use crate::kubelet::probes::SlotId;
use crate::kubelet::PodTimer;
use crate::record::{ProbeOutcome, SyncKind};
use crate::status::PodStatus;
use crate::time::{Duration, Instant};
use crate::timer::Timer;

/// SIGKILL takes effect this long after the grace.
const KILL_TAKES: Duration = Duration::from_millis(7);

/// What a scripted probe does from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeScript {
    Ok,
    Fail,
    Error,
    /// Succeeds after that time, or times out.
    Slow(Duration),
}

/// A scripted probe.
#[derive(Clone, Debug)]
pub struct ScriptedProbe {
    pub takes: Duration,
    /// An execution against a dead container is an error, not a failure.
    pub dead_is_error: bool,
    /// The script's times count from the start of the current attempt.
    pub relative_to_start: bool,
    pub script: Vec<(Instant, ProbeScript)>,
    /// `command timed out: "probe <kind>" timed out after <n>s`.
    pub timeout_text: TextId,
}

/// A scripted container.
#[derive(Clone, Debug)]
pub struct ScriptedContainer {
    /// Own exit of attempt n: after that time, with that code. None: runs on.
    pub exits: Vec<(Option<Duration>, i32)>,
    /// Attempt n uses entry n modulo the length, else none beyond the end.
    pub exits_repeat: bool,
    pub stop_takes: Duration,
    pub stop_exit_code: i32,
    pub pre_stop_takes: Option<Duration>,
    /// By [`ProbeKind`].
    pub probes: [Option<ScriptedProbe>; 3],
    pub image_present: bool,
    pub pull_takes: Duration,
    /// Whether a pull that begins from that moment on succeeds.
    pub pulls: Vec<(Instant, bool)>,
    /// The own exit that is planned.
    pub exit_at: Option<(Instant, i32)>,
    /// The end of the stop under way, and what it comes to unless the own exit is earlier.
    pub stopped_at: Option<(Instant, i32)>,
}

/// What a case fixes.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    pub latencies: Latencies,
    /// `ok`, `not ok`, `exec failed`, `pull failed`.
    pub texts: [TextId; 4],
}

/// A call to the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    pub at: Instant,
    pub what: &'static str,
    pub container: Option<u16>,
    pub attempt: u32,
    /// Exit code or timeout in seconds.
    pub extra: Option<i64>,
}

/// A pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullEntry {
    pub began_at: Instant,
    pub ended_at: Instant,
    pub container: u16,
    pub ok: bool,
}

/// A probe's execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunEntry {
    pub began_at: Instant,
    pub ended_at: Instant,
    pub slot: SlotId,
    /// −1: none yet.
    pub attempt: i64,
    pub name: &'static str,
}

/// A sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncEntry {
    pub began_at: Instant,
    pub ended_at: Instant,
    pub kind: SyncKind,
    pub failures: Vec<(u16, StartProblem)>,
}

/// Everything that a recording lists.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    pub calls: Vec<Call>,
    pub pulls: Vec<PullEntry>,
    pub runs: Vec<RunEntry>,
    pub steps: Vec<(Instant, SlotId)>,
    pub results: Vec<(Instant, SlotId, ResultChange)>,
    pub syncs: Vec<SyncEntry>,
    pub requeues: Vec<(Instant, Duration)>,
    pub statuses: Vec<(Instant, StatusEntry)>,
}

/// What the API server was told about the Pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatusEntry {
    Written(Box<PodStatus>),
    /// The object is to go.
    Deleted,
}

/// A runtime that follows a script.
#[derive(Clone, Debug)]
pub struct Scripted {
    pub config: Config,
    pub containers: Vec<ScriptedContainer>,
    pub journal: Journal,
    /// Runs under way: attempt and name, by slot.
    pub running: Vec<(SlotId, i64, &'static str)>,
}

impl Scripted {
    /// A runtime that has done nothing yet.
    pub fn new(config: Config, containers: Vec<ScriptedContainer>) -> Self {
        Scripted {
            config,
            containers,
            journal: Journal::default(),
            running: Vec::new(),
        }
    }

    /// Notes a call.
    pub fn note_call(
        &mut self,
        at: Instant,
        what: &'static str,
        container: Option<u16>,
        attempt: u32,
    ) {
        self.note(at, what, container, attempt, None);
    }

    fn note(
        &mut self,
        at: Instant,
        what: &'static str,
        container: Option<u16>,
        attempt: u32,
        extra: Option<i64>,
    ) {
        self.journal.calls.push(Call {
            at,
            what,
            container,
            attempt,
            extra,
        });
    }

    /// Notes the end of a pull.
    pub fn note_pull(&mut self, now: Instant, container: u16, pull: &Pull) {
        self.journal.pulls.push(PullEntry {
            began_at: pull.began_at,
            ended_at: now,
            container,
            ok: pull.error.is_none(),
        });
    }

    /// Notes the end of a probe's run.
    pub fn note_run(&mut self, now: Instant, slot: SlotId, run: &ProbeRun) {
        let Some(index) = self.running.iter().position(|(s, _, _)| *s == slot) else {
            return;
        };
        let (_, attempt, name) = self.running.remove(index);
        self.journal.runs.push(RunEntry {
            began_at: run.began_at,
            ended_at: now,
            slot,
            attempt,
            name,
        });
    }

    /// Whether a call to stop a container has not returned yet. It takes its time even if the
    /// container ends by itself meanwhile.
    pub fn is_stopping(&self, container: u16) -> bool {
        let own = &self.containers[usize::from(container)];
        own.stopped_at.is_some()
    }

    /// Whether a container's image is there.
    pub fn image_present(&self, container: u16) -> bool {
        self.containers[usize::from(container)].image_present
    }

    /// A container's image has arrived.
    pub fn image_arrived(&mut self, container: u16) {
        self.containers[usize::from(container)].image_present = true;
    }
}

fn worker_script<'a>(cx: &'a mut Cx, pod: PodId) -> Option<&'a mut Scripted> {
    match &mut cx.pod_mut(pod).worker.as_mut()?.runtime {
        super::Runtime::Scripted(_, script) => Some(script),
        super::Runtime::Machines(_) => None,
    }
}

/// An instance begins: its own exit is planned.
pub fn start(cx: &mut Cx, pod: PodId, container: u16, attempt: u32) {
    let now = cx.now;
    let Some(script) = worker_script(cx, pod) else {
        return;
    };
    script.note(now, "started", Some(container), attempt, None);
    let own = &mut script.containers[usize::from(container)];
    let index = attempt as usize;
    let entry = if own.exits_repeat && !own.exits.is_empty() {
        own.exits.get(index % own.exits.len())
    } else {
        own.exits.get(index)
    };
    own.exit_at = entry.and_then(|(after, code)| Some((now + (*after)?, *code)));
    if let Some((at, _)) = own.exit_at {
        let timer = PodTimer::Runtime;
        cx.at(at, Timer::Pod { pod, timer });
    }
}

/// A stop with a timeout: the reaction is planned, unless the own exit comes first.
pub fn stop(cx: &mut Cx, pod: PodId, container: u16, grace_seconds: u32) {
    let now = cx.now;
    let attempt = attempt_of(cx, pod, container).max(0) as u32;
    let Some(script) = worker_script(cx, pod) else {
        return;
    };
    let grace = Duration::from_secs(u64::from(grace_seconds));
    let extra = Some(i64::from(grace_seconds));
    script.note(now, "stop", Some(container), attempt, extra);
    let own = &mut script.containers[usize::from(container)];
    let reaction = if own.stop_takes < grace {
        (now + own.stop_takes, own.stop_exit_code)
    } else {
        (now + grace + KILL_TAKES, 137)
    };
    own.stopped_at = Some(reaction);
    let timer = PodTimer::Runtime;
    cx.at(reaction.0, Timer::Pod { pod, timer });
}

fn attempt_of(cx: &Cx, pod: PodId, container: u16) -> i64 {
    cx.pod(pod)
        .worker
        .as_ref()
        .and_then(|w| w.truth.newest(container))
        .map_or(-1, |i| i64::from(i.attempt))
}

/// Exits and stops that are due happen.
pub fn poll(cx: &mut Cx, pod: PodId) {
    let count = worker_script(cx, pod).map_or(0, |s| s.containers.len());
    for container in 0..count as u16 {
        let now = cx.now;
        let is_due = |planned: &mut Option<(Instant, i32)>| {
            planned.take_if(|(at, _)| *at <= now).map(|(_, code)| code)
        };
        let Some(script) = worker_script(cx, pod) else {
            return;
        };
        let own = &mut script.containers[usize::from(container)];
        if let Some(exit_code) = is_due(&mut own.exit_at) {
            ends(cx, pod, container, "exited", exit_code);
        }
        let Some(script) = worker_script(cx, pod) else {
            return;
        };
        let own = &mut script.containers[usize::from(container)];
        if let Some(exit_code) = is_due(&mut own.stopped_at) {
            own.exit_at = None;
            if runs(cx, pod, container) {
                ends(cx, pod, container, "stopped", exit_code);
            } else {
                kill::container_exited(cx, pod, container);
            }
        }
    }
}

fn runs(cx: &Cx, pod: PodId, container: u16) -> bool {
    let worker = cx.pod(pod).worker.as_ref();
    worker
        .and_then(|w| w.truth.newest(container))
        .is_some_and(|i| i.state == RunState::Running)
}

fn ends(cx: &mut Cx, pod: PodId, container: u16, what: &'static str, exit_code: i32) {
    let now = cx.now;
    let attempt = attempt_of(cx, pod, container).max(0) as u32;
    if let Some(script) = worker_script(cx, pod) {
        let extra = Some(i64::from(exit_code));
        script.note(now, what, Some(container), attempt, extra);
    }
    super::process_ended(cx, pod, container, exit_code);
    let exit = Exit {
        container,
        exit_code,
        oom: false,
        message: TextId::EMPTY,
        at: now,
        cause: cx.cause,
    };
    super::exited(cx, pod, exit);
}

/// A probe's execution: its outcome is that of its begin.
pub fn probe(cx: &mut Cx, pod: PodId, slot: SlotId) -> ProbeStart {
    let now = cx.now;
    let container = slot.container();
    let instance = cx
        .pod(pod)
        .worker
        .as_ref()
        .and_then(|w| w.truth.newest(container))
        .copied();
    // A retry goes to the instance that the run began with.
    let seen = cx.pod(pod).worker.as_ref().and_then(|w| {
        let probes = &w.containers[usize::from(container)].probes;
        probes.worker(slot.kind())?.instance()
    });
    let timeout = cx.pod(pod).worker.as_ref().map_or(Duration::ZERO, |w| {
        w.containers[usize::from(container)].slots[slot.kind() as usize]
            .as_ref()
            .map_or(Duration::ZERO, |host| host.target.timeout)
    });
    let Some(script) = worker_script(cx, pod) else {
        return probed(Duration::ZERO, ProbeOutcome::Error, ProbeOutput::Empty);
    };
    let [ok, not_ok, cannot, _] = script.config.texts;
    let kind: ProbeKind = slot.kind();
    let Some(probe) = &script.containers[usize::from(container)].probes[kind as usize] else {
        return probed(Duration::ZERO, ProbeOutcome::Error, ProbeOutput::Empty);
    };
    let alive = instance
        .filter(|i| i.state == RunState::Running && Some(i.attempt) == seen)
        .and_then(|i| i.started_at);
    let takes = probe.takes;
    let (name, start) = match alive {
        None if probe.dead_is_error => (
            "dead-error",
            probed(takes, ProbeOutcome::Error, ProbeOutput::Text(cannot)),
        ),
        None => (
            "dead-failure",
            probed(takes, ProbeOutcome::Failure, ProbeOutput::Text(not_ok)),
        ),
        Some(started) => {
            let reference = if probe.relative_to_start {
                Instant(now.since(started).0)
            } else {
                now
            };
            let act = probe
                .script
                .iter()
                .rev()
                .find(|(from, _)| *from <= reference)
                .map_or(ProbeScript::Ok, |(_, act)| *act);
            let text = ProbeOutput::Text;
            match act {
                ProbeScript::Ok => ("ok", probed(takes, ProbeOutcome::Success, text(ok))),
                ProbeScript::Fail => ("fail", probed(takes, ProbeOutcome::Failure, text(not_ok))),
                ProbeScript::Error => ("error", probed(takes, ProbeOutcome::Error, text(cannot))),
                ProbeScript::Slow(time) if time < timeout => {
                    ("slow-ok", probed(time, ProbeOutcome::Success, text(ok)))
                }
                ProbeScript::Slow(_) => (
                    "timeout",
                    probed(
                        timeout + takes,
                        ProbeOutcome::Failure,
                        text(probe.timeout_text),
                    ),
                ),
            }
        }
    };
    let attempt = seen.map_or(-1, i64::from);
    script.running.push((slot, attempt, name));
    start
}

fn probed(after: Duration, outcome: ProbeOutcome, output: ProbeOutput) -> ProbeStart {
    ProbeStart::Ends {
        after,
        outcome,
        output,
        server: None,
    }
}

/// Only preStop hooks are scripted; they succeed.
pub fn start_hook(cx: &mut Cx, pod: PodId, container: u16, kind: HookKind) -> HookRun {
    let now = cx.now;
    let attempt = attempt_of(cx, pod, container).max(0) as u32;
    let mut takes = Duration::ZERO;
    if let Some(script) = worker_script(cx, pod) {
        if kind == HookKind::PreStop {
            script.note(now, "preStop", Some(container), attempt, None);
        }
        let own = &script.containers[usize::from(container)];
        takes = own.pre_stop_takes.unwrap_or(Duration::ZERO);
    }
    HookRun {
        ends_at: now + takes,
        exec: None,
        failure: None,
    }
}

/// A pull: its outcome is that of its begin.
pub fn pull(cx: &mut Cx, pod: PodId, container: u16, began_at: Instant) -> PullOutcome {
    let Some(script) = worker_script(cx, pod) else {
        return PullOutcome {
            takes: Duration::ZERO,
            error: None,
            size: 0,
        };
    };
    let failed = script.config.texts[3];
    let own = &script.containers[usize::from(container)];
    let ok = own
        .pulls
        .iter()
        .rev()
        .find(|(from, _)| *from <= began_at)
        .is_none_or(|(_, ok)| *ok);
    PullOutcome {
        takes: own.pull_takes,
        error: (!ok).then_some(failed),
        size: 100,
    }
}
