//! Whether a fact holds in a cluster, and what is there instead.

use crate::cluster::{Cluster, PodState};
use crate::controllers::resolve;
use crate::events;
use crate::ids::PodId;
use crate::kubectl::pod_row;
use crate::network::{written, Ledger};
use crate::scenario::{ContainerRef, Count, Fact, PodRef};
use crate::status::{ContainerState, ContainerStatus, Terminated};

/// One requirement of a fact and what is there.
enum Part<'a> {
    Count(&'static str, Count, u64),
    Text(&'static str, &'a str, &'a str),
    Flag(&'static str, bool, bool),
    Code(i32, Option<i32>),
    /// The subject is not there.
    Nothing(&'static str, String),
}

impl Part<'_> {
    fn holds(&self) -> bool {
        match self {
            Part::Count(_, wanted, seen) => wanted.holds(*seen),
            Part::Text(_, wanted, seen) => wanted == seen,
            Part::Flag(_, wanted, seen) => wanted == seen,
            Part::Code(wanted, seen) => Some(*wanted) == *seen,
            Part::Nothing(..) => false,
        }
    }

    fn words(&self) -> String {
        match self {
            Part::Count(name, _, seen) => [*name, " ", &seen.to_string()].concat(),
            Part::Text(name, _, "") => [*name, " was empty"].concat(),
            Part::Text(name, _, seen) => [*name, " ", *seen].concat(),
            Part::Flag(name, _, seen) => [*name, if *seen { " true" } else { " false" }].concat(),
            Part::Code(_, Some(seen)) => ["exitCode ", &seen.to_string()].concat(),
            Part::Code(_, None) => "no exit so far".into(),
            Part::Nothing(kind, name) => ["no ", *kind, " ", name].concat(),
        }
    }
}

/// Whether every requirement holds; for several Pods, in each of them.
pub fn holds(cluster: &Cluster, fact: &Fact) -> bool {
    let mut holds = true;
    each(cluster, fact, &mut |part| holds &= part.holds());
    holds
}

/// What is there: the requirements that do not hold, or all of them.
pub fn seen(cluster: &Cluster, fact: &Fact) -> String {
    let only_wrong = !holds(cluster, fact);
    let mut words: Vec<String> = Vec::new();
    each(cluster, fact, &mut |part| {
        if !(only_wrong && part.holds()) {
            words.push(part.words());
        }
    });
    words.dedup();
    words.join(", ")
}

fn each(cluster: &Cluster, fact: &Fact, visit: &mut dyn FnMut(Part)) {
    let count = |name, wanted: &Option<Count>, seen: u32, visit: &mut dyn FnMut(Part)| {
        if let Some(wanted) = wanted {
            visit(Part::Count(name, *wanted, u64::from(seen)));
        }
    };
    match fact {
        Fact::Pod {
            pod,
            exists: Some(wanted),
            ..
        } if !(*wanted && has_more(fact)) => {
            let is_there = !resolve(cluster, pod).is_empty();
            visit(Part::Flag("exists", *wanted, is_there));
        }
        Fact::Pod { pod, .. } => each_pod(cluster, pod, visit, |state, visit| {
            pod_parts(state, fact, visit);
        }),
        Fact::Container { target, .. } => {
            each_pod(cluster, &target.pod, visit, |state, visit| {
                container_parts(state, target, fact, visit);
            });
        }
        Fact::Deployment {
            name,
            replicas,
            ready,
            updated,
            available,
        } => {
            let mut all = cluster.controllers.live_deployments();
            let Some((_, state)) = all.find(|(_, state)| *state.name == **name) else {
                return visit(Part::Nothing("Deployment", name.clone()));
            };
            count("replicas", replicas, state.status.replicas, visit);
            count("ready", ready, state.status.ready, visit);
            count("updated", updated, state.status.updated, visit);
            count("available", available, state.status.available, visit);
        }
        Fact::Service { name, endpoints } => {
            let mut all = cluster.controllers.live_services();
            let Some((_, state)) = all.find(|(_, state)| *state.name == **name) else {
                return visit(Part::Nothing("Service", name.clone()));
            };
            let ready = state.slice.endpoints.iter().filter(|e| e.state.ready);
            let written = written::addresses(cluster, state).into_iter();
            let written = written.filter(|(_, state)| state.ready);
            let ready = ready.count() + written.count();
            count("endpoints", endpoints, ready as u32, visit);
        }
        Fact::Event { count, .. } => {
            visit(Part::Count("count", *count, event_count(cluster, fact)));
        }
        Fact::Requests {
            service,
            served,
            dropped,
        } => {
            let ledger = ledger(cluster, service);
            count("served", served, ledger.0, visit);
            count("dropped", dropped, ledger.1, visit);
        }
    }
}

/// Whether a fact about a Pod says more than that it exists.
fn has_more(fact: &Fact) -> bool {
    match fact {
        Fact::Pod {
            restarts,
            phase,
            status,
            ready,
            ..
        } => restarts.is_some() || phase.is_some() || status.is_some() || ready.is_some(),
        _ => false,
    }
}

fn each_pod(
    cluster: &Cluster,
    wanted: &PodRef,
    visit: &mut dyn FnMut(Part),
    mut parts: impl FnMut(&PodState, &mut dyn FnMut(Part)),
) {
    let pods: Vec<PodId> = resolve(cluster, wanted);
    if pods.is_empty() {
        visit(Part::Nothing("Pod", wanted.to_string()));
    }
    for pod in pods {
        parts(&cluster.pods[pod.index()], visit);
    }
}

fn pod_parts(state: &PodState, fact: &Fact, visit: &mut dyn FnMut(Part)) {
    let Fact::Pod {
        restarts,
        phase,
        status,
        ready,
        ..
    } = fact
    else {
        return;
    };
    if restarts.is_some() || status.is_some() {
        let row = pod_row(state);
        if let Some(wanted) = restarts {
            visit(Part::Count("restarts", *wanted, u64::from(row.restarts)));
        }
        if let Some(wanted) = status {
            visit(Part::Text("status", wanted, &row.status));
        }
    }
    if let Some(wanted) = phase {
        visit(Part::Text("phase", wanted, state.status.phase.name()));
    }
    if let Some(wanted) = ready {
        visit(Part::Flag("ready", *wanted, state.status.is_ready()));
    }
}

fn container_parts(
    state: &PodState,
    target: &ContainerRef,
    fact: &Fact,
    visit: &mut dyn FnMut(Part),
) {
    let Fact::Container {
        restarts,
        state: wanted_state,
        reason,
        exit_code,
        ready,
        started,
        ..
    } = fact
    else {
        return;
    };
    let Some(number) = state.spec.container_number(&target.container) else {
        return visit(Part::Nothing("container", target.container.clone()));
    };
    let status: ContainerStatus = state
        .status
        .containers
        .get(number)
        .copied()
        .unwrap_or_default();
    // A container that runs again has its end in lastState.
    let (name, why, end): (_, _, Option<Terminated>) = match status.state {
        ContainerState::Waiting { reason, .. } => ("waiting", reason.name(), status.last),
        ContainerState::Running { .. } => {
            let why = status.last.map_or("", |end| end.reason.name());
            ("running", why, status.last)
        }
        ContainerState::Terminated(end) => ("terminated", end.reason.name(), Some(end)),
    };
    if let Some(wanted) = restarts {
        let seen = u64::from(status.restart_count);
        visit(Part::Count("restarts", *wanted, seen));
    }
    if let Some(wanted) = wanted_state {
        visit(Part::Text("state", wanted, name));
    }
    if let Some(wanted) = reason {
        visit(Part::Text("reason", wanted, why));
    }
    if let Some(wanted) = exit_code {
        visit(Part::Code(*wanted, end.map(|end| end.exit_code)));
    }
    if let Some(wanted) = ready {
        visit(Part::Flag("ready", *wanted, status.ready));
    }
    if let Some(wanted) = started {
        visit(Part::Flag("started", *wanted, status.started == Some(true)));
    }
}

/// How often the matching events have been counted, all together.
fn event_count(cluster: &Cluster, fact: &Fact) -> u64 {
    let Fact::Event {
        reason,
        object,
        message,
        ..
    } = fact
    else {
        return 0;
    };
    let pods = PodRef::parse(object).map_or_else(Vec::new, |wanted| resolve(cluster, &wanted));
    let mut sum = 0;
    for event in cluster.events.all() {
        if event.emission.reason != reason {
            continue;
        }
        let name = || events::object_name(cluster, event.emission.object);
        let is_meant = object.is_empty()
            || pods
                .iter()
                .any(|pod| event.emission.object == events::Object::Pod(*pod))
            || name() == *object
            || name()
                .split_once('/')
                .is_some_and(|(_, bare)| bare == object);
        if is_meant && (message.is_empty() || events::render(cluster, event).contains(&**message)) {
            sum += u64::from(event.count);
        }
    }
    sum
}

/// Requests served and not, of one Service or all.
fn ledger(cluster: &Cluster, service: &str) -> (u32, u32) {
    let mut sum = (0, 0);
    for (id, state) in cluster.controllers.live_services() {
        if service.is_empty() || *state.name == *service {
            let routes = &cluster.network.routes;
            let ledger: Ledger = routes
                .get(id.index())
                .map_or_else(Ledger::default, |r| r.ledger);
            sum.0 += ledger.served;
            sum.1 += ledger.total() as u32 - ledger.served;
        }
    }
    sum
}
