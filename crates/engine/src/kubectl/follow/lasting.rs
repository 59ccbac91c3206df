//! What a command that lasts waits for, and until when at most.

use crate::cluster::Cluster;
use crate::go_format::parse_duration;
use crate::ids::{EventId, PodId};
use crate::kubectl::args::Args;
use crate::kubectl::attempt::all_targets;
use crate::kubectl::failure::Failure;
use crate::kubectl::item::Thing;
use crate::kubectl::view::View;
use crate::kubectl::{events, find, get, kind_of, logs, parse, pod_choice, verb};
use crate::record::What;
use crate::time::{Duration, Instant};

/// How long `wait` waits unless it is told (WAI-01).
const WAIT: Duration = Duration::from_secs(30);

/// What has a command print more.
pub enum Lasting {
    Nothing,
    /// Writes of these workloads.
    Rollout(Vec<Thing>),
    /// Anything; the moment of the last look.
    Wait(Instant),
    /// Writes of objects of a kind.
    Rows(&'static str),
    /// The same, each printed alone with a line before it; the last text of each by its name.
    Objects(&'static str, &'static str, Vec<(String, String)>),
    /// Events, each as a table of its own.
    Events(fn(&View, &Args, EventId) -> Result<String, Failure>),
    /// Lines of these containers' logs; those up to a moment are printed.
    Log(Vec<(PodId, usize)>, Instant),
    /// The end of this Pod.
    Forward(PodId),
}

/// The cluster of a moment.
pub fn view<'c>(cluster: &'c Cluster, now: Instant, namespace: &str) -> View<'c> {
    View {
        cluster,
        now,
        namespace: namespace.to_owned(),
        stdin: None,
    }
}

/// Does something with the arguments after the verb's words.
pub fn parsed<T>(
    mut view: View,
    args: &[String],
    act: impl FnOnce(&View, &Args) -> T,
) -> Option<T> {
    let (found, rest) = find(args).ok()?;
    let parsed = parse(found, &rest).ok()?;
    if let Some(namespace) = parsed.get("namespace") {
        view.namespace = namespace.to_owned();
    }
    Some(act(&view, &parsed))
}

/// What a command waits for that is typed now and does not end at once; the moment at which it
/// gives up.
pub fn lasting(
    cluster: &Cluster,
    now: Instant,
    namespace: &str,
    args: &[String],
) -> (Lasting, Instant) {
    let verb = verb(args);
    let found = parsed(view(cluster, now, namespace), args, |view, args| {
        let first = args.names.first().map_or("", String::as_str);
        let what = match verb {
            "rollout" => {
                let items = all_targets(view, args, &args.names).unwrap_or_default().0;
                Lasting::Rollout(items.into_iter().map(|item| item.thing).collect())
            }
            "wait" => Lasting::Wait(now),
            "get" => match kind_of(first.split('/').next().unwrap_or("")) {
                Some("Event") => Lasting::Events(get::event),
                Some(kind) => match get::growth(args) {
                    get::Growth::Rows => Lasting::Rows(kind),
                    get::Growth::Objects(between) => {
                        let gone = get::told(args, "DELETED");
                        let known = get::each(view, args, gone).unwrap_or_default();
                        Lasting::Objects(kind, between, known)
                    }
                },
                None => Lasting::Nothing,
            },
            "events" => Lasting::Events(events::event),
            "logs" => match logs::sources(view, args) {
                Ok((sources, _)) => Lasting::Log(logs::running(view, sources), now),
                Err(_) => Lasting::Nothing,
            },
            "port-forward" => match pod_choice::pod(view, first, "attach to") {
                Ok((pod, _)) => Lasting::Forward(pod),
                Err(_) => Lasting::Nothing,
            },
            _ => Lasting::Nothing,
        };
        (what, deadline(verb, args, now))
    });
    found.unwrap_or((Lasting::Nothing, Instant::NEVER))
}

fn deadline(verb: &str, args: &Args, now: Instant) -> Instant {
    let given = args.get("timeout").and_then(parse_duration);
    match (verb, given) {
        ("wait", None) if args.get("timeout").is_none() => now + WAIT,
        ("wait" | "rollout", Some(span)) if span > Duration::ZERO => now + span,
        // `rollout status` waits for ever without one, and `wait` with a negative one.
        _ => Instant::NEVER,
    }
}

/// Whether a record says that a workload was written.
pub fn is_write(thing: &Thing, what: &What) -> bool {
    match (thing, what) {
        (Thing::Deployment(id), What::DeploymentChanged { deployment }) => id == deployment,
        (Thing::Workload(id), What::WorkloadChanged { workload }) => id == workload,
        _ => false,
    }
}
