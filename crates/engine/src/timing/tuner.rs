//! The tuner: how a liveness probe with other numbers would do, for an app that behaves as its
//! users say. Each seed is a life of one Pod in the simulator itself: it starts, pauses now and
//! then for ten minutes, and then fails for good until it is restarted.

use crate::api::{Handler, Metadata, Object, Pod};
use crate::cluster::Cluster;
use crate::experiment::{default_nodes_of, Setup};
use crate::manifest::{object_name, Stream};
use crate::rng::{Draws, Purpose};
use crate::scenario::{Act, ContainerRef, HttpAnswer, HttpFault, ImageSpec, PodRef, Step};
use crate::time::{Duration, Instant};
use serde::{Deserialize, Serialize};

/// How long the app lives well before it fails.
pub const WELL: Duration = Duration::from_secs(600);
/// The failure comes within so long after that, so that it meets any phase of the probe.
pub const FAILS_WITHIN: Duration = Duration::from_secs(60);
/// An app that does not answer for so long after its failure counts as lost: nobody noticed, or no
/// start was given the time that it takes.
pub const LOST: Duration = Duration::from_secs(600);

/// What a failure looks like from outside. Only a restart ends it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// It accepts connections and never answers.
    #[default]
    Hang,
    /// It answers every HTTP request with 500.
    Errors,
}

/// How an app really behaves, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behaviour {
    /// From the start of its process to listening: anything between these two.
    pub start: (u32, u32),
    /// It does not answer for up to so long…
    pub pause: u32,
    /// …once in so long. 0: it never pauses.
    pub every: u32,
    pub failure: Failure,
}

/// `periodSeconds` and `failureThreshold` of a liveness probe.
pub type Numbers = (u32, u32);

/// Numbers to be tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// `deployment/web`.
    pub workload: String,
    pub container: String,
    pub behaviour: Behaviour,
    pub numbers: Vec<Numbers>,
    /// The first, and how many.
    pub seeds: (u64, u32),
}

impl Trial {
    /// What came of each pair of numbers; nothing where no liveness probe asks a server.
    pub fn run(&self, stream: &Stream) -> Vec<Tuned> {
        let Some(subject) = Subject::new(stream, &self.workload, &self.container) else {
            return Vec::new();
        };
        let lives = |numbers: &Numbers| {
            let mut all = Tuned::default();
            let (first, count) = self.seeds;
            for seed in first..first + u64::from(count) {
                all.add(&subject.live(&self.behaviour, *numbers, seed));
            }
            all
        };
        self.numbers.iter().map(lives).collect()
    }
}

/// What came of some seeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tuned {
    pub lives: u32,
    /// From failure to the first answer afterwards, all lives together.
    pub down: Duration,
    /// Lives in which that never came.
    pub lost: u32,
    /// Restarts of an app that had not failed.
    pub needless: u32,
}

impl Tuned {
    /// Both together.
    pub fn add(&mut self, other: &Tuned) {
        self.lives += other.lives;
        self.down = Duration(self.down.0 + other.down.0);
        self.lost += other.lost;
        self.needless += other.needless;
    }
}

/// One container of a workload, as `deployment/web`.
pub struct Subject {
    setup: Setup,
    /// The container's, init containers first.
    number: u32,
}

impl Subject {
    /// The container with what it needs of the stream, alone. None: no liveness probe asks a server
    /// there.
    pub fn new(stream: &Stream, workload: &str, container: &str) -> Option<Subject> {
        let mut objects = Vec::new();
        let mut pod = None;
        for located in &stream.objects {
            let (kind, name) = object_name(&located.object);
            let is_it = workload.split_once('/') == Some((kind, name));
            match lone(&located.object) {
                Some(lone) if is_it => pod = Some(lone),
                Some(_) => {}
                None if matches!(located.object, Object::Service(_)) => {}
                None => objects.push(located.object.clone()),
            }
        }
        let pod = pod?;
        let spec = &pod.spec;
        let found = (0..spec.container_count()).find_map(|number| {
            let found = spec.container(number)?;
            (found.name == container).then_some((number as u32, found))
        });
        let (number, declared) = found?;
        match declared.liveness_probe.as_ref()?.handler {
            Handler::HttpGet(_) | Handler::TcpSocket { .. } | Handler::Grpc { .. } => {}
            _ => return None,
        }
        objects.push(Object::Pod(pod));
        let mut scenario = stream.scenario.clone().unwrap_or_default();
        scenario.steps.clear();
        scenario.expect.clear();
        scenario.traffic.clear();
        if scenario.nodes.is_empty() {
            scenario.nodes = default_nodes_of(1);
        }
        let setup = Setup::new(objects, Some(scenario));
        Some(Subject { setup, number })
    }

    /// One life with these numbers. Same seed, same start, pauses and failure, whatever they are.
    pub fn live(&self, behaviour: &Behaviour, (period, failures): Numbers, seed: u64) -> Tuned {
        let mut setup = self.setup.clone();
        let Some(Object::Pod(pod)) = setup.objects.last_mut() else {
            return Tuned::default();
        };
        let name = pod.metadata.name.clone();
        let inits = pod.spec.init_containers.len();
        let declared = match (self.number as usize).checked_sub(inits) {
            None => &mut pod.spec.init_containers[self.number as usize],
            Some(regular) => &mut pod.spec.containers[regular],
        };
        if let Some(probe) = &mut declared.liveness_probe {
            probe.period_seconds = period;
            probe.failure_threshold = failures;
        }
        let target = ContainerRef {
            pod: PodRef::Name(name),
            container: declared.name.clone(),
        };
        let image = declared.image.clone();
        // Other draws than those of the cluster.
        let mut draws = Draws::seeded(!seed);
        setup.scenario.seed = seed;
        start_in(&mut setup, image, millis(&mut draws, behaviour.start));
        let fails_at = Instant::ZERO + WELL + draws.part_of(Purpose::Phase, FAILS_WITHIN);
        pauses(&mut setup, &mut draws, behaviour, &target, fails_at);
        self.fail(setup, behaviour.failure, target, fails_at)
    }

    fn fail(&self, mut setup: Setup, how: Failure, target: ContainerRef, at: Instant) -> Tuned {
        let end = at + LOST;
        setup.scenario.duration = end - Instant::ZERO;
        setup.acts.push(Step {
            at,
            act: failure(how, target),
            hold_for: None,
            line: 0,
        });
        let mut timeline = setup.timeline();
        timeline.run_until(at);
        let before = self.restarts(timeline.latest());
        // A needless restart that is under way is one, too.
        let needless = before + u32::from(!self.runs(timeline.latest()));
        if how == Failure::Errors {
            // Such an override outlives a restart; this app does not fail again.
            let restarted = |cluster: &Cluster| self.restarts(cluster) > before;
            if let Some(again) = timeline.run_until_holds(end, restarted) {
                if let Some(step) = setup.acts.last_mut() {
                    step.hold_for = Some(again - at);
                }
                timeline = setup.timeline();
                timeline.run_until(at);
            }
        }
        let answered = timeline.run_until_holds(end, |cluster| self.answers(cluster));
        Tuned {
            lives: 1,
            down: answered.unwrap_or(end) - at,
            lost: u32::from(answered.is_none()),
            needless,
        }
    }

    fn restarts(&self, cluster: &Cluster) -> u32 {
        let pod = cluster.pods.first();
        let status = pod.and_then(|pod| pod.status.containers.get(self.number as usize));
        status.map_or(0, |status| status.restart_count)
    }

    fn runs(&self, cluster: &Cluster) -> bool {
        let pod = cluster.pods.first();
        pod.is_some_and(|pod| pod.world.is_running(self.number))
    }

    fn listens(&self, cluster: &Cluster) -> bool {
        let number = self.number;
        cluster.pods.first().is_some_and(|pod| {
            let mut listeners = pod.world.listeners().iter();
            listeners.any(|listener| listener.container == number)
        })
    }

    fn answers(&self, cluster: &Cluster) -> bool {
        let number = self.number;
        let well = |world: &crate::container::PodWorld| {
            !world.hung.contains(&number) && !world.is_overridden()
        };
        self.listens(cluster) && cluster.pods.first().is_some_and(|pod| well(&pod.world))
    }
}

/// One Pod of those that an object brings, without its owner; None: it brings none.
fn lone(object: &Object) -> Option<Pod> {
    let (owner, template, spec) = match object {
        Object::Pod(of) => (&of.metadata, &of.metadata, &of.spec),
        Object::Deployment(of) => (&of.metadata, &of.template.metadata, &of.template.spec),
        Object::ReplicaSet(of) => (&of.metadata, &of.template.metadata, &of.template.spec),
        Object::Workload(of) => (&of.metadata, &of.template.metadata, &of.template.spec),
        _ => return None,
    };
    Some(Pod {
        metadata: Metadata {
            name: owner.name.clone(),
            namespace: owner.namespace.clone(),
            ..template.clone()
        },
        spec: spec.clone(),
    })
}

/// The image listens that long after its process has started.
fn start_in(setup: &mut Setup, image: String, startup: Duration) {
    let images = &mut setup.scenario.images;
    match images.iter_mut().find(|known| known.image == image) {
        Some(known) => known.startup = Some(startup),
        None => images.push(ImageSpec {
            image,
            startup: Some(startup),
            ..ImageSpec::default()
        }),
    }
}

/// Any span between two numbers of seconds.
fn millis(draws: &mut Draws, (from, to): (u32, u32)) -> Duration {
    let (from, to) = (
        u64::from(from.min(to)) * 1_000,
        u64::from(from.max(to)) * 1_000,
    );
    Duration::from_millis(from + draws.below(Purpose::Latency, to - from + 1))
}

/// One pause in each stretch of `every` seconds that is over before the failure.
fn pauses(
    setup: &mut Setup,
    draws: &mut Draws,
    behaviour: &Behaviour,
    target: &ContainerRef,
    until: Instant,
) {
    let every = Duration::from_secs(behaviour.every.into());
    if every == Duration::ZERO || behaviour.pause == 0 {
        return;
    }
    let mut from = Instant::ZERO;
    while from + every <= until {
        let span = millis(draws, (0, behaviour.pause)).min(every);
        let room = Duration(every.0 - span.0);
        let at = from + draws.part_of(Purpose::Latency, room);
        if span > Duration::ZERO && at + span < until {
            setup.acts.push(Step {
                at,
                act: Act::Hang {
                    target: target.clone(),
                },
                hold_for: Some(span),
                line: 0,
            });
        }
        from += every;
    }
}

fn failure(how: Failure, target: ContainerRef) -> Act {
    match how {
        Failure::Hang => Act::Hang { target },
        Failure::Errors => Act::Http(HttpFault {
            target,
            port: None,
            path: None,
            status: Some(500),
            latency: None,
            body: None,
            answer: HttpAnswer::Normal,
        }),
    }
}

#[cfg(test)]
#[path = "tuner_tests.rs"]
mod tests;
