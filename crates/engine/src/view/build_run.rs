//! Timeline → [`RunView`].

use super::build_services::name_and_rate;
use super::lanes::{Lanes, SAME_MOMENT};
use super::{EventMark, PinView, RunView, ServiceLaneView};
use crate::cluster::Cluster;
use crate::events::{EventType, Object};
use crate::record::{Record, RequestOutcome, What};
use crate::time::Instant;
use crate::timeline::Timeline;
use std::hash::{Hash, Hasher};

/// Everything that the timeline draws.
pub fn run_view(timeline: &Timeline, seed: u64) -> RunView {
    let cluster = timeline.latest();
    let records = timeline.records();
    let mut lanes = Lanes::new(cluster);
    let mut services = ServiceLanes::new(cluster);
    let mut events = Vec::new();
    let mut moments: Vec<Instant> = Vec::new();
    for record in records {
        lanes.add(record);
        services.add(record);
        if let What::Event { event, .. } = record.what {
            events.push(event_mark(cluster, event, record.at));
        }
        let worth_a_stop = is_moment(&record.what);
        if worth_a_stop
            && moments
                .last()
                .is_none_or(|last| record.at > *last + SAME_MOMENT)
        {
            moments.push(record.at);
        }
    }
    RunView {
        end: timeline.end(),
        complete: timeline.is_complete(),
        seed,
        pins: pins(timeline),
        lanes: lanes.finish(timeline.reached()),
        services: services.finish(),
        events,
        moments,
        record_count: records.len() as u32,
        trace_hash: trace_hash(records),
        limit: timeline.limit_reached(),
    }
}

fn event_mark(cluster: &Cluster, event: crate::ids::EventId, at: Instant) -> EventMark {
    let stored = cluster.events.get(event);
    EventMark {
        at,
        warning: stored.is_some_and(|s| s.emission.event_type == EventType::Warning),
        reason: stored.map_or_else(String::new, |s| s.emission.reason.into()),
        pod: match stored.map(|s| s.emission.object) {
            Some(Object::Pod(pod)) => cluster.pods[pod.index()].name.to_string(),
            _ => String::new(),
        },
    }
}

/// Requests come too often to stop at, and a passing probe says nothing new.
fn is_moment(what: &What) -> bool {
    !matches!(
        what,
        What::Request { .. } | What::Relisted { .. } | What::SyncEnded { .. }
    )
}

fn pins(timeline: &Timeline) -> Vec<PinView> {
    let cluster = timeline.latest();
    let refused = |id: u32| {
        let refusal = cluster.refused.iter().find(|refusal| refusal.input == id);
        refusal.map_or_else(String::new, |one| cluster.texts.get(one.why).into())
    };
    timeline
        .inputs()
        .iter()
        .filter(|input| input.is_act())
        .map(|input| PinView {
            input: input.id,
            at: input.at,
            until: input.until,
            label: input.label(),
            pod: input.subject(),
            container: input
                .target()
                .map_or_else(String::new, |target| target.container.clone()),
            from_text: input.from_text,
            refused: refused(input.id),
        })
        .collect()
}

/// Endpoints and requests of every Service.
struct ServiceLanes<'a> {
    cluster: &'a Cluster,
    lanes: Vec<ServiceLaneView>,
    ready: Vec<Vec<crate::ids::PodId>>,
}

impl<'a> ServiceLanes<'a> {
    fn new(cluster: &'a Cluster) -> Self {
        ServiceLanes {
            cluster,
            lanes: Vec::new(),
            ready: Vec::new(),
        }
    }

    fn lane(&mut self, index: usize) -> &mut ServiceLaneView {
        while self.lanes.len() <= index {
            let id = crate::ids::ServiceId::at(self.lanes.len());
            let (name, rate) = name_and_rate(self.cluster, id);
            self.lanes.push(ServiceLaneView {
                name,
                rate,
                per_second: Vec::new(),
                ready_endpoints: Vec::new(),
            });
            self.ready.push(Vec::new());
        }
        &mut self.lanes[index]
    }

    fn add(&mut self, record: &Record) {
        match record.what {
            What::ServiceChanged { service } => {
                self.lane(service.index());
            }
            What::Request {
                service, outcome, ..
            } => {
                let second = record.at.as_secs() as usize;
                let per_second = &mut self.lane(service.index()).per_second;
                if per_second.len() <= second {
                    per_second.resize(second + 1, (0, 0, 0));
                }
                let counts = &mut per_second[second];
                let count = match outcome {
                    RequestOutcome::Served => &mut counts.0,
                    RequestOutcome::ServerError => &mut counts.1,
                    _ => &mut counts.2,
                };
                *count = count.saturating_add(1);
            }
            What::Endpoint {
                service,
                pod,
                state,
            } => {
                self.lane(service.index());
                let ready = &mut self.ready[service.index()];
                let before = ready.len();
                ready.retain(|other| *other != pod);
                if state.present && state.ready {
                    ready.push(pod);
                }
                let now = ready.len();
                if now != before || self.lanes[service.index()].ready_endpoints.is_empty() {
                    self.lanes[service.index()]
                        .ready_endpoints
                        .push((record.at, now as u32));
                }
            }
            _ => {}
        }
    }

    fn finish(self) -> Vec<ServiceLaneView> {
        self.lanes
    }
}

/// A hash over the records: equal runs have equal hashes, natively and in every browser.
pub fn trace_hash(records: &[Record]) -> u64 {
    let mut hasher = Words(0);
    for record in records {
        record.hash(&mut hasher);
    }
    hasher.finish()
}

/// A word at a time, and the same words on every machine: the standard library feeds lengths and
/// discriminants of the machine's own width.
struct Words(u64);

impl Words {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Words {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.add(u64::from(*byte));
        }
    }

    fn write_u16(&mut self, word: u16) {
        self.add(u64::from(word));
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    fn write_i32(&mut self, word: i32) {
        self.add(i64::from(word) as u64);
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }

    fn write_isize(&mut self, word: isize) {
        self.add(word as u64);
    }
}
