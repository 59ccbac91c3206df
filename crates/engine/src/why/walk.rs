//! From an effect to its cause, record by record.
//!
//! A record names the record that set it off, but a timer's trigger is not always its reason: a
//! start is set off by a sync and happens because the instance before has ended. [`Walk::before`]
//! knows the reasons; where it knows none it follows the triggers, past what only passes on.

use super::place::Place;
use super::words::{Key, Sentence};
use super::{Link, Question, Scores};
use crate::api::{Container, Probe, ProbeKind};
use crate::cluster::{Cluster, PodState};
use crate::ids::{PodId, RecordId, ServiceId};
use crate::input::{Input, TimedInput};
use crate::record::{KillReason, ProbeOutcome, ProbeValue, Record, What};
use crate::status::{ConditionType, ContainerState};
use crate::time::Instant;
use crate::timeline::Timeline;

/// A chain never grows longer; the causes that are left out are the oldest.
const LINKS_MAX: usize = 40;
/// Of longer streaks of failures the first and the last ones are shown.
const STREAK_SHOWN: u16 = 5;

/// One container of a run until a moment.
pub(super) struct Walk<'a> {
    pub(super) timeline: &'a Timeline,
    /// Those until the moment.
    pub(super) records: &'a [Record],
    pub(super) cluster: &'a Cluster,
    pub(super) pod_id: PodId,
    pub(super) pod: &'a PodState,
    pub(super) container: u16,
    pub(super) declared: Option<&'a Container>,
}

/// What a question leads to: records from effect to cause, and what is a state rather than a
/// record.
pub(super) struct Found {
    pub answer: Sentence,
    pub path: Vec<RecordId>,
    /// What comes just before the last record.
    pub between: Vec<Link>,
    pub state: Option<Link>,
    pub scores: Option<Scores>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        timeline: &'a Timeline,
        cluster: &'a Cluster,
        at: Instant,
        pod: PodId,
        container: u16,
    ) -> Self {
        let records = timeline.records();
        let count = records.partition_point(|record| record.at <= at);
        let state = &*cluster.pods[pod.index()];
        Walk {
            timeline,
            records: &records[..count],
            cluster,
            pod_id: pod,
            pod: state,
            container,
            declared: state.spec.container(usize::from(container)),
        }
    }

    /// The container's name.
    pub(super) fn name(&self) -> &'a str {
        self.declared.map_or("", |declared| &declared.name)
    }

    pub(super) fn answer(&self, question: Question, place: &Place) -> Option<Found> {
        let (last, answer, state) = match question {
            Question::State => self.state(),
            Question::Restart => self.restart(),
            Question::Ready => self.ready(),
            Question::Service => self.service(),
            Question::Node => return self.node(place),
        }?;
        Some(Found {
            answer,
            path: self.path(last),
            between: Vec::new(),
            state,
            scores: None,
        })
    }

    /// The newest record that decides the container's state.
    fn state(&self) -> Option<(usize, Sentence, Option<Link>)> {
        let last = self.newest(|what| self.is_state(what))?;
        let at = moment(self.records[last].at);
        let name = self.name();
        let answer = match self.records[last].what {
            What::ContainerStarted { instance: 0, .. } => {
                Sentence::new(Key::RunsFirst, [name, &at])
            }
            What::ContainerStarted { instance, .. } => {
                Sentence::new(Key::RunsAgain, [name, &at, &instance.to_string()])
            }
            What::HookBegan { .. } => Sentence::new(Key::IsInHook, [name, &at]),
            What::StopSignalled { .. } => Sentence::new(Key::IsStopping, [name, &at]),
            What::ContainerExited { exit_code, .. } => {
                Sentence::new(Key::HasEnded, [name, &at, &exit_code.to_string()])
            }
            What::BackOff { until_secs, .. } => {
                let until = moment(Instant::from_secs(u64::from(until_secs)));
                Sentence::new(Key::IsInBackOff, [name, &until])
            }
            What::PodRemoved { .. } => Sentence::new(Key::PodRemoved, [&self.pod.name]),
            _ => {
                let (reason, link) = self.waiting(self.records[last].at);
                let answer = Sentence::new(Key::IsWaiting, [name, &reason]);
                return Some((last, answer, link));
            }
        };
        let waits = matches!(
            self.records[last].what,
            What::ContainerExited { .. } | What::BackOff { .. }
        );
        let missed = || self.missed(self.records[last].at);
        Some((last, answer, waits.then(missed).flatten()))
    }

    /// The API's words about a container that has not started.
    fn waiting(&self, since: Instant) -> (String, Option<Link>) {
        let link = |rule: &str, text: Sentence| Link {
            at: since,
            record: None,
            rule: rule.into(),
            text,
            path: String::new(),
            line: None,
        };
        let scheduled = self.pod.status.condition(ConditionType::PodScheduled);
        let text = |id| self.cluster.texts.get(id);
        if self.pod.node.is_none() {
            let why = text(scheduled.message);
            let link = (!why.is_empty()).then(|| {
                let text = Sentence::new(Key::Unschedulable, [&self.pod.name, why]);
                link("SCH-03", text)
            });
            return ("Pending".into(), link);
        }
        let statuses = &self.pod.status.containers;
        match statuses.get(usize::from(self.container)).map(|s| s.state) {
            Some(ContainerState::Waiting { reason, message }) => {
                let reason = reason.name();
                let said = text(message);
                let link = (!said.is_empty()).then(|| {
                    let text = Sentence::new(Key::WaitsBecause, [self.name(), reason, said]);
                    link("STS-09", text)
                });
                (reason.into(), link)
            }
            _ => ("ContainerCreating".into(), None),
        }
    }

    fn restart(&self) -> Option<(usize, Sentence, Option<Link>)> {
        let last = self.newest(|what| match what {
            What::ContainerStarted { instance, .. } => self.is_mine(what) && *instance > 0,
            _ => false,
        })?;
        let at = moment(self.records[last].at);
        let answer = Sentence::new(Key::WasRestarted, [self.name(), &at]);
        Some((last, answer, None))
    }

    fn ready(&self) -> Option<(usize, Sentence, Option<Link>)> {
        let status = self
            .pod
            .status
            .containers
            .get(usize::from(self.container))?;
        let key = if status.ready {
            Key::IsReady
        } else {
            Key::IsNotReady
        };
        let answer = Sentence::new(key, [self.name()]);
        let last = self.newest(|what| self.is_state(what))?;
        let runs = matches!(self.records[last].what, What::ContainerStarted { .. });
        let stops = matches!(
            self.records[last].what,
            What::HookBegan { .. } | What::StopSignalled { .. }
        );
        if !runs && !stops {
            return Some((last, answer, None));
        }
        let link = |rule: &str, key| {
            Some(Link {
                at: self.records[last].at,
                record: None,
                rule: rule.into(),
                text: Sentence::new(key, [self.name()]),
                path: String::new(),
                line: None,
            })
        };
        if status.started != Some(true) && self.probe(ProbeKind::Startup).is_some() {
            return Some((last, answer, link("PRB-06", Key::HeldByStartup)));
        }
        if self.probe(ProbeKind::Readiness).is_none() {
            return Some((last, answer, link("PRB-18", Key::NoReadinessProbe)));
        }
        let result = self.newest(|what| match what {
            What::ProbeResult { kind, .. } => self.is_mine(what) && *kind == ProbeKind::Readiness,
            _ => false,
        });
        Some((result.unwrap_or(last), answer, None))
    }

    fn service(&self) -> Option<(usize, Sentence, Option<Link>)> {
        let last = self.newest(|what| match what {
            What::Endpoint { pod, .. } => *pod == self.pod_id,
            _ => false,
        })?;
        let What::Endpoint { service, state, .. } = self.records[last].what else {
            return None;
        };
        let key = if state.present && state.ready {
            Key::GetsTraffic
        } else {
            Key::GetsNoTraffic
        };
        let answer = Sentence::new(key, [&self.pod.name, self.service_name(service)]);
        Some((last, answer, None))
    }

    /// From the effect to its causes.
    pub(super) fn path(&self, last: usize) -> Vec<RecordId> {
        let mut path = vec![RecordId::at(last)];
        let mut at = last;
        while path.len() < LINKS_MAX {
            let Some(before) = self.before(at).filter(|before| *before < at) else {
                break;
            };
            at = before;
            if !self.is_middle_of_streak(at) {
                path.push(RecordId::at(at));
            }
            // What an instance began with explains what became of it; the instances before do not.
            if matches!(self.records[at].what, What::ContainerStarted { .. }) {
                break;
            }
        }
        path
    }

    /// Whether a failure is one of many between the first and the last ones.
    fn is_middle_of_streak(&self, index: usize) -> bool {
        match self.records[index].what {
            What::Probed { kind, run, .. } => {
                let probe = self.probe(kind);
                let threshold = probe.map_or(1, |p| p.failure_threshold.max(p.success_threshold));
                run > 2 && u32::from(run + STREAK_SHOWN) < threshold + 3
            }
            _ => false,
        }
    }

    /// The reason of a record.
    fn before(&self, index: usize) -> Option<usize> {
        let record = self.records[index];
        let earlier = |wanted: &dyn Fn(&What) -> bool| self.newest_before(index, wanted);
        let exited =
            |what: &What| matches!(what, What::ContainerExited { .. }) && self.is_mine(what);
        let started =
            |what: &What| matches!(what, What::ContainerStarted { .. }) && self.is_mine(what);
        match record.what {
            What::BackOff { .. } => earlier(&exited),
            What::ContainerStarted { instance, .. } if instance > 0 => earlier(&exited),
            What::ContainerStarted { .. } => earlier(&|what| match what {
                What::PullBegan { .. } => self.is_mine(what),
                What::PodBound { pod, .. } => *pod == self.pod_id,
                _ => false,
            }),
            What::ContainerExited { .. } => {
                let since = earlier(&started).unwrap_or(0);
                let stopped = earlier(&|what| {
                    matches!(what, What::StopSignalled { .. }) && self.is_mine(what)
                });
                let acted = self
                    .trigger(index)
                    .filter(|found| matches!(self.records[*found].what, What::Input { .. }));
                let within = |found: &usize| *found >= since;
                stopped
                    .filter(within)
                    .or(acted.filter(within))
                    .or(Some(since))
            }
            What::HookBegan { why, .. } => self.reason_of_stop(why, index),
            What::StopSignalled { why, .. } => {
                let hook = self.hook_before(index);
                hook.or_else(|| self.reason_of_stop(why, index))
            }
            What::ProbeResult { kind, value, .. } => {
                let last = earlier(&|what| self.is_run_of(what, kind))?;
                let since = earlier(&started).unwrap_or(0);
                let decided = matches!(value, ProbeValue::Success | ProbeValue::Failure);
                // The value that a new container begins with has no run behind it (PRB-07).
                let same_moment = self.records[last].at == record.at;
                Some(if decided && same_moment { last } else { since })
            }
            What::Probed { kind, run, .. } if run > 1 => {
                earlier(&|what| self.is_run_of(what, kind))
            }
            What::Probed { kind, .. } => {
                let other = earlier(&|what| self.is_run_of(what, kind));
                let start = earlier(&started);
                // What was done to the container since the last run of the other outcome; if
                // nothing was, since its start: some acts take effect late (a slow shutdown).
                let since = other.max(start).unwrap_or(0);
                let acted = self.act_between(since, index);
                let acted = acted.or_else(|| self.act_between(start?, index));
                // The counts survive a restart (PRB-12): then the start explains nothing.
                acted.or(start)
            }
            What::Endpoint { .. } => self.trigger(index),
            What::Input { .. } | What::Undone { .. } => None,
            _ => self.trigger(index),
        }
    }

    /// The preStop hook that a stop signal follows.
    fn hook_before(&self, signal: usize) -> Option<usize> {
        let is_hook = |what: &What| matches!(what, What::HookBegan { .. });
        let mine = |what: &What| {
            self.is_mine(what) && (is_hook(what) || matches!(what, What::ContainerStarted { .. }))
        };
        let found = self.newest_before(signal, &mine)?;
        is_hook(&self.records[found].what).then_some(found)
    }

    fn reason_of_stop(&self, why: KillReason, index: usize) -> Option<usize> {
        let earlier = |wanted: &dyn Fn(&What) -> bool| self.newest_before(index, wanted);
        match why {
            KillReason::Liveness => earlier(&|what| self.is_failure(what, ProbeKind::Liveness)),
            KillReason::Startup => earlier(&|what| self.is_failure(what, ProbeKind::Startup)),
            KillReason::PodDeleted => earlier(&|what| match what {
                What::PodDeleting { pod, .. } => *pod == self.pod_id,
                _ => false,
            }),
            _ => self.trigger(index),
        }
    }

    /// The trigger of a record, past what only passes on.
    fn trigger(&self, index: usize) -> Option<usize> {
        let mut at = index;
        loop {
            let cause = self.records[at].cause;
            if !cause.is_some() || cause.index() >= at {
                return None;
            }
            at = cause.index();
            let passes_on = matches!(
                self.records[at].what,
                What::SyncBegan { .. }
                    | What::SyncEnded { .. }
                    | What::Relisted { .. }
                    | What::StatusWritten { .. }
                    | What::Event { .. }
                    | What::SandboxReady { .. }
                    | What::Request { .. }
            );
            if !passes_on {
                return Some(at);
            }
        }
    }

    /// The newest act upon this container between two records.
    fn act_between(&self, since: usize, until: usize) -> Option<usize> {
        let range = since..until;
        range.rev().find(|index| match self.records[*index].what {
            What::Input { input } | What::Undone { input } => self.acts_on_me(input, *index),
            _ => false,
        })
    }

    fn acts_on_me(&self, input: u32, index: usize) -> bool {
        let mut inputs = self.timeline.inputs().iter();
        let of_it = |timed: &&TimedInput| timed.id == input && timed.is_act();
        let Some(timed) = inputs.find(of_it) else {
            return false;
        };
        if matches!(&timed.input, Input::Act(act) if self.switches_what_i_ask(act)) {
            return true;
        }
        let Some(target) = timed.target() else {
            return false;
        };
        let is_container = target.container == self.name()
            || (target.container.is_empty()
                && usize::from(self.container) == self.pod.spec.init_containers.len());
        let then = self.timeline.seek(self.records[index].at);
        is_container && crate::controllers::resolve(&then, &target.pod).contains(&self.pod_id)
    }

    pub(super) fn newest(&self, wanted: impl Fn(&What) -> bool) -> Option<usize> {
        self.newest_before(self.records.len(), &wanted)
    }

    pub(super) fn newest_before(
        &self,
        end: usize,
        wanted: &dyn Fn(&What) -> bool,
    ) -> Option<usize> {
        self.records[..end]
            .iter()
            .rposition(|record| wanted(&record.what))
    }

    /// Whether it is about this container.
    fn is_mine(&self, what: &What) -> bool {
        let (pod, container) = match *what {
            What::PullBegan { pod, container }
            | What::ContainerStarted { pod, container, .. }
            | What::HookBegan { pod, container, .. }
            | What::StopSignalled { pod, container, .. }
            | What::ContainerExited { pod, container, .. }
            | What::BackOff { pod, container, .. }
            | What::Probed { pod, container, .. }
            | What::ProbeResult { pod, container, .. } => (pod, container),
            _ => return false,
        };
        pod == self.pod_id && container == self.container
    }

    fn is_state(&self, what: &What) -> bool {
        match *what {
            What::PodCreated { pod } | What::PodBound { pod, .. } | What::PodRemoved { pod } => {
                pod == self.pod_id
            }
            What::Probed { .. } | What::ProbeResult { .. } => false,
            _ => self.is_mine(what),
        }
    }

    fn is_failure(&self, what: &What, of: ProbeKind) -> bool {
        match *what {
            What::ProbeResult { kind, value, .. } => {
                self.is_mine(what) && kind == of && value == ProbeValue::Failure
            }
            _ => false,
        }
    }

    pub(super) fn is_run_of(&self, what: &What, of: ProbeKind) -> bool {
        match *what {
            What::Probed { kind, outcome, .. } => {
                self.is_mine(what) && kind == of && outcome != ProbeOutcome::Error
            }
            _ => false,
        }
    }

    pub(super) fn probe(&self, kind: ProbeKind) -> Option<&'a Probe> {
        self.declared?.probe(kind)
    }

    pub(super) fn service_name(&self, service: ServiceId) -> &'a str {
        &self.cluster.controllers.services[service.index()].name
    }
}

/// `1:04.2`: minutes, seconds, tenths if any.
pub(super) fn moment(at: Instant) -> String {
    let tenths = at.as_millis() / 100;
    let (minutes, seconds, tenth) = (tenths / 600, tenths / 10 % 60, tenths % 10);
    let zero = if seconds < 10 { "0" } else { "" };
    let mut text = [&minutes.to_string(), ":", zero, &seconds.to_string()].concat();
    if tenth > 0 {
        text.push('.');
        text.push_str(&tenth.to_string());
    }
    text
}
