//! Records in words.

use super::place::Place;
use super::walk::{moment, Walk};
use super::words::{Key, Sentence};
use super::Link;
use crate::api::ProbeKind;
use crate::record::{EndpointState, KillReason, ProbeOutcome, ProbeValue, Record, What};
use crate::time::Instant;

impl Walk<'_> {
    /// A record in words, with its rule and its place in the text.
    pub(super) fn link(&self, index: usize, place: &Place) -> Option<Link> {
        let record = self.records[index];
        let (rule, text, (path, line)) = self.told(index, place)?;
        Some(Link {
            at: record.at,
            record: Some(index as u32),
            rule: rule.into(),
            text,
            path,
            line,
        })
    }

    fn told(&self, index: usize, place: &Place) -> Option<(&'static str, Sentence, Located)> {
        let name = self.name();
        let pod = &*self.pod.name;
        let what = self.records[index].what;
        Some(match what {
            What::Input { input } | What::Undone { input } => {
                return Some(self.act(what, input, place))
            }
            What::PodCreated { .. } => ("", Sentence::new(Key::PodCreated, [pod]), nowhere()),
            What::PodBound { node, .. } => {
                let node = &self.cluster.nodes[node.index()].name;
                (
                    "SCH-01",
                    Sentence::new(Key::PodBound, [pod, node]),
                    nowhere(),
                )
            }
            What::PodDeleting { grace_seconds, .. } => {
                let grace = grace_seconds.to_string();
                let text = Sentence::new(Key::PodDeleting, [pod, &grace]);
                (
                    "TRM-04",
                    text,
                    place.of_pod("terminationGracePeriodSeconds"),
                )
            }
            What::PodRemoved { .. } => ("TRM-06", Sentence::new(Key::PodRemoved, [pod]), nowhere()),
            What::DeploymentChanged { deployment } => {
                let deployment = &self.cluster.controllers.deployments[deployment.index()].name;
                let text = Sentence::new(Key::DeploymentChanged, [deployment]);
                ("DEP-01", text, nowhere())
            }
            What::ReplicaSetChanged { replica_set } => {
                let set = &self.cluster.controllers.replica_sets[replica_set.index()].name;
                (
                    "RSC-02",
                    Sentence::new(Key::ReplicaSetChanged, [set]),
                    nowhere(),
                )
            }
            What::NodeChanged { node } => {
                let node = &self.cluster.nodes[node.index()].name;
                ("NOD-03", Sentence::new(Key::NodeChanged, [node]), nowhere())
            }
            What::ServiceChanged { service } => {
                let text = Sentence::new(Key::ServiceChanged, [self.service_name(service)]);
                ("EPS-01", text, nowhere())
            }
            What::Endpoint { service, state, .. } => {
                let text = Sentence::new(endpoint_key(state), [self.service_name(service)]);
                ("EPS-02", text, nowhere())
            }
            What::PullBegan { .. } => {
                let image = self.declared.map_or("", |declared| &declared.image);
                (
                    "IMG-02",
                    Sentence::new(Key::PullBegan, [image]),
                    place.of_container("image"),
                )
            }
            What::Probed { .. } | What::ProbeResult { .. } => return self.probed(index, place),
            _ => return self.lived(what, name, place),
        })
    }

    /// What became of the process.
    fn lived(
        &self,
        what: What,
        name: &str,
        place: &Place,
    ) -> Option<(&'static str, Sentence, Located)> {
        Some(match what {
            What::ContainerStarted { instance: 0, .. } => {
                let text = Sentence::new(Key::FirstStart, [name]);
                ("RUN-06", text, place.of_container("name"))
            }
            What::ContainerStarted { instance, .. } => {
                let text = Sentence::new(Key::StartedAgain, [name, &instance.to_string()]);
                ("SYN-09", text, place.if_written("restartPolicy"))
            }
            What::StopSignalled {
                grace_seconds, why, ..
            } => {
                let of_probe = match why {
                    KillReason::Liveness => self.own_grace(ProbeKind::Liveness),
                    KillReason::Startup => self.own_grace(ProbeKind::Startup),
                    _ => None,
                };
                let field = "terminationGracePeriodSeconds";
                let located = match of_probe {
                    Some(kind) => place.of_probe(kind, field),
                    None => place.of_pod(field),
                };
                let grace = grace_seconds.to_string();
                let text = Sentence::new(Key::StopSignalled, [name, kill_words(why), &grace]);
                ("TRM-03", text, located)
            }
            What::HookBegan { .. } => {
                let text = Sentence::new(Key::HookBegan, [name]);
                ("HKS-04", text, place.of_container("lifecycle.preStop"))
            }
            What::ContainerExited { exit_code, .. } => {
                let code = exit_code.to_string();
                let text = Sentence::new(Key::Exited, [name, &code]);
                ("TRM-09", text, nowhere())
            }
            What::BackOff { until_secs, .. } => {
                let until = moment(Instant::from_secs(u64::from(until_secs)));
                let text = Sentence::new(Key::BackOff, [name, &until]);
                ("BKO-07", text, place.if_written("restartPolicy"))
            }
            _ => return None,
        })
    }

    fn own_grace(&self, kind: ProbeKind) -> Option<ProbeKind> {
        self.probe(kind)?.termination_grace_period_seconds?;
        Some(kind)
    }

    fn probed(&self, index: usize, place: &Place) -> Option<(&'static str, Sentence, Located)> {
        let Record { at, what, .. } = self.records[index];
        Some(match what {
            What::Probed {
                kind, outcome, run, ..
            } => {
                let probe = self.probe(kind)?;
                let failed = outcome == ProbeOutcome::Failure;
                let (key, threshold, field) = if failed {
                    (
                        Key::ProbeFailed,
                        probe.failure_threshold,
                        "failureThreshold",
                    )
                } else {
                    (
                        Key::ProbePassed,
                        probe.success_threshold,
                        "successThreshold",
                    )
                };
                let (run, threshold) = (run.to_string(), threshold.to_string());
                let text = Sentence::new(key, [kind.name(), &run, &threshold]);
                ("PRB-11", text, place.of_probe(kind, field))
            }
            What::ProbeResult { kind, value, .. } => {
                let probe = self.probe(kind)?;
                let run = self.newest_before(index, &|what| self.is_run_of(what, kind));
                if run.is_none_or(|run| self.records[run].at != at) {
                    // What a new container begins with (PRB-07), or what its end leaves (PRB-06).
                    let text = Sentence::new(Key::Stored, [kind.name(), stored(value)]);
                    return Some(("PRB-07", text, place.of_container(kind.field())));
                }
                let (key, argument, field) = match value {
                    ProbeValue::Failure => (
                        Key::Verdict,
                        probe.failure_threshold.to_string(),
                        "failureThreshold",
                    ),
                    ProbeValue::Success => (
                        Key::Recovered,
                        probe.success_threshold.to_string(),
                        "successThreshold",
                    ),
                    _ => (Key::Stored, stored(value).into(), "periodSeconds"),
                };
                let text = Sentence::new(key, [kind.name(), &argument]);
                ("PRB-15", text, place.of_probe(kind, field))
            }
            _ => return None,
        })
    }

    fn act(&self, what: What, input: u32, place: &Place) -> (&'static str, Sentence, Located) {
        let mut inputs = self.timeline.inputs().iter();
        let timed = inputs.find(|timed| timed.id == input && timed.is_act());
        let Some(timed) = timed else {
            return ("", Sentence::new(Key::Applied, []), (String::new(), None));
        };
        let key = match what {
            What::Undone { .. } => Key::Healed,
            _ => Key::Acted,
        };
        let label = match timed.target() {
            Some(target) => format!("{} ({}/{})", timed.label(), target.pod, self.name()),
            None => timed.label(),
        };
        let line = place.of_step(input).filter(|_| timed.from_text);
        ("", Sentence::new(key, [&label]), (String::new(), line))
    }
}

/// A path and its line.
type Located = (String, Option<u32>);

const fn nowhere() -> Located {
    (String::new(), None)
}

const fn endpoint_key(state: EndpointState) -> Key {
    match (state.present, state.ready) {
        (false, _) => Key::EndpointGone,
        (true, true) => Key::EndpointReady,
        (true, false) => Key::EndpointUnready,
    }
}

const fn stored(value: ProbeValue) -> &'static str {
    match value {
        ProbeValue::Unknown => "Unknown",
        ProbeValue::Success => "Success",
        ProbeValue::Failure => "Failure",
        ProbeValue::Removed => "none",
    }
}

const fn kill_words(why: KillReason) -> &'static str {
    match why {
        KillReason::Liveness => "liveness probe failed",
        KillReason::Startup => "startup probe failed",
        KillReason::DefinitionChanged => "definition changed",
        KillReason::PodDeleted => "Pod deleted",
        KillReason::PodEnded => "Pod ended",
        KillReason::PostStartHook => "postStart hook failed",
        KillReason::Evicted => "Pod evicted",
        KillReason::RestartAll => "all containers restart",
    }
}
