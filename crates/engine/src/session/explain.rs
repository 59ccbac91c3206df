//! What a session knows about causes, times and requests.

use super::{Reply, RequestsView, Session};
use crate::ids::{PodId, ServiceId};
use crate::record::{RequestOutcome, What};
use crate::time::Instant;
use crate::timing;
use crate::timing::tuner::Trial;
use crate::trace;
use crate::why::{self, Asked, Question};

impl Session {
    #[inline(never)]
    pub(super) fn why(&self, at: Instant, pod: &str, container: &str) -> Reply {
        let Some(branch) = self.branch() else {
            return Reply::Why(Vec::new());
        };
        let chain = |question| {
            let asked = Asked {
                pod,
                container,
                question,
            };
            why::chain(&branch.timeline, &branch.source.stream, at, &asked).ok()
        };
        Reply::Why(Question::ALL.into_iter().filter_map(chain).collect())
    }

    #[inline(never)]
    pub(super) fn timing(&self) -> Reply {
        let branch = self.branch();
        Reply::Timing(branch.map_or_else(Vec::new, |branch| {
            timing::table(&branch.source.stream.objects)
        }))
    }

    #[inline(never)]
    pub(super) fn trace(&self) -> Reply {
        match self.branch() {
            Some(branch) => Reply::Text(trace::lines(&branch.setup.trace())),
            None => Reply::Refused("there is no run to trace".into()),
        }
    }

    #[inline(never)]
    pub(super) fn tune(&self, trial: &Trial) -> Reply {
        let branch = self.branch();
        Reply::Tuned(branch.map_or_else(Vec::new, |branch| trial.run(&branch.source.stream)))
    }

    /// One row for each Service, outcome and Pod.
    #[inline(never)]
    pub(super) fn requests(&self, at: Instant) -> Reply {
        let Some(branch) = self.branch() else {
            return Reply::Requests(Vec::new());
        };
        let cluster = branch.timeline.latest();
        let mut groups: Vec<((ServiceId, RequestOutcome, PodId), RequestsView)> = Vec::new();
        for record in branch.timeline.records() {
            let What::Request {
                service,
                pod,
                outcome,
            } = record.what
            else {
                continue;
            };
            let key = (service, outcome, pod);
            let place = match groups.binary_search_by_key(&key, |(key, _)| *key) {
                Ok(place) => place,
                Err(place) => {
                    let view = RequestsView {
                        service: cluster.controllers.service(service).name.to_string(),
                        outcome,
                        pod: match pod {
                            PodId::NONE => String::new(),
                            pod => cluster.pods[pod.index()].name.to_string(),
                        },
                        count: 0,
                        last: None,
                        next: None,
                    };
                    groups.insert(place, (key, view));
                    place
                }
            };
            let group = &mut groups[place].1;
            if record.at <= at {
                group.count += 1;
                group.last = Some(record.at);
            } else if group.next.is_none() {
                group.next = Some(record.at);
            }
        }
        Reply::Requests(groups.into_iter().map(|(_, group)| group).collect())
    }
}
