//! `kubectl drain` (DRN-01, NOD-09), as far as one moment tells.

use super::apply::dry_run;
use super::args::{Args, Flags};
use super::attempt::attempt;
use super::cordon::{is_cordoned, nodes};
use super::failure::Failure;
use super::flags::{duration, switch, value, whole, DRY_RUN, NONE};
use super::item::{self, Item, Thing};
use super::resource::of_kind;
use super::view::View;
use super::{Output, Verb};
use crate::api::VolumeSource;
use crate::cluster::PodState;
use crate::controllers::{self, Drained, Kept};
use crate::go_format::parse_duration;
use crate::ids::{NodeId, PodId};
use crate::manifest::DryRun;
use crate::scenario::Act;
use crate::time::Duration;

const FLAGS: Flags = &[&[
    DRY_RUN,
    whole("chunk-size", NONE),
    switch("delete-emptydir-data", NONE),
    switch("disable-eviction", NONE),
    switch("force", NONE),
    whole("grace-period", NONE),
    switch("ignore-daemonsets", NONE),
    value("pod-selector", NONE),
    value("selector", 'l'),
    whole("skip-wait-for-delete-timeout", NONE).absent(),
    duration("timeout"),
]];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "drain",
    summary: "Drain node in preparation for maintenance",
    flags: FLAGS,
    run,
}];

/// A kind of Pods that a drain leaves alone unless a flag says otherwise.
struct Filter {
    is_meant: fn(&View, &PodState) -> bool,
    /// Ends `cannot delete `.
    refusal: &'static str,
    flag: &'static str,
    warning: &'static str,
}

/// In the order in which kubectl lists them.
const FILTERS: &[Filter] = &[
    Filter {
        is_meant: is_daemon,
        refusal: "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)",
        flag: "ignore-daemonsets",
        warning: "ignoring DaemonSet-managed Pods",
    },
    Filter {
        is_meant: has_local_storage,
        refusal: "Pods with local storage (use --delete-emptydir-data to override)",
        flag: "delete-emptydir-data",
        warning: "deleting Pods with local storage",
    },
    Filter {
        is_meant: is_bare,
        refusal: "Pods that declare no controller (use --force to override)",
        flag: "force",
        warning: "deleting Pods that declare no controller",
    },
];

fn is_daemon(view: &View, pod: &PodState) -> bool {
    controllers::is_daemon(view.cluster, pod)
}

fn has_local_storage(view: &View, pod: &PodState) -> bool {
    let is_local = |source: &VolumeSource| matches!(source, VolumeSource::EmptyDir { .. });
    let mut volumes = pod.spec.volumes.iter();
    !pod.status.phase.is_terminal()
        && !is_daemon(view, pod)
        && volumes.any(|volume| is_local(&volume.source))
}

fn is_bare(_view: &View, pod: &PodState) -> bool {
    controllers::is_bare(pod)
}

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let mut output = Output::default();
    let grace = args
        .number("grace-period")
        .and_then(|grace| u64::try_from(grace).ok());
    let grace = grace.map(Duration::from_secs);
    for node in nodes(view, args, "drain")? {
        if let Thing::Node(id) = node.thing {
            drain(view, args, &node, id, grace, &mut output)?;
        }
    }
    Ok(output)
}

fn drain(
    view: &View,
    args: &Args,
    node: &Item,
    id: NodeId,
    grace: Option<Duration>,
    output: &mut Output,
) -> Result<(), Failure> {
    let already = if is_cordoned(view, node) {
        "already "
    } else {
        ""
    };
    let dry_run = dry_run(args);
    let suffix = dry_run.suffix();
    let line = format!("{} {already}cordoned{suffix}\n", node.path());
    output.stdout.push_str(&line);
    let pods = item::list(view, of_kind("Pod"), None).into_iter();
    let here: Vec<PodId> = pods
        .filter_map(|pod| match pod.thing {
            Thing::Pod(pod) if view.pod(pod).node == Some(id) => Some(pod),
            _ => None,
        })
        .collect();
    let (refusals, warnings) = filtered(view, args, &here);
    if !refusals.is_empty() {
        output.fail(&unable(&node.name, &refusals));
        if dry_run == DryRun::No {
            output.inputs.push(Act::Cordon {
                node: node.name.clone(),
                cordoned: true,
            });
        }
        return Ok(());
    }
    if !warnings.is_empty() {
        output
            .stderr
            .push_str(&format!("Warning: {}\n", warnings.join("; ")));
    }
    evict(view, args, node, &here, grace, output)?;
    if dry_run != DryRun::No {
        return Ok(());
    }
    let timeout = args.get("timeout").and_then(parse_duration);
    output.inputs.push(Act::Drain {
        node: node.name.clone(),
        force: args.is_on("force"),
        ignore_daemon_sets: args.is_on("ignore-daemonsets"),
        timeout: timeout.filter(|timeout| *timeout > Duration::ZERO),
        grace,
    });
    Ok(())
}

/// `shop/web`.
fn path(view: &View, pod: PodId) -> String {
    let pod = view.pod(pod);
    format!("{}/{}", pod.namespace, pod.name)
}

/// What is refused, and what is warned about.
fn filtered(view: &View, args: &Args, here: &[PodId]) -> (Vec<String>, Vec<String>) {
    let (mut refusals, mut warnings) = (Vec::new(), Vec::new());
    for filter in FILTERS {
        let meant = here
            .iter()
            .filter(|pod| (filter.is_meant)(view, view.pod(**pod)));
        let paths: Vec<String> = meant.map(|pod| path(view, *pod)).collect();
        let paths = paths.join(", ");
        match args.is_on(filter.flag) {
            _ if paths.is_empty() => {}
            true => warnings.push(format!("{}: {paths}", filter.warning)),
            false => refusals.push(format!("cannot delete {}: {paths}", filter.refusal)),
        }
    }
    (refusals, warnings)
}

/// What becomes of the Pods.
fn evict(
    view: &View,
    args: &Args,
    node: &Item,
    here: &[PodId],
    grace: Option<Duration>,
    output: &mut Output,
) -> Result<(), Failure> {
    let force = args.is_on("force");
    let seconds = grace.map(|grace| grace.as_secs() as u32);
    let Drained { kept, .. } = attempt(view, |cx| {
        controllers::drain(cx, &node.name, force, seconds, None)
    })?;
    let kept = |pod: PodId| {
        kept.iter()
            .find(|(known, _)| *known == pod)
            .map(|(_, why)| *why)
    };
    let leaving = here.iter().filter(|pod| !is_daemon(view, view.pod(**pod)));
    let dry_run = dry_run(args);
    let suffix = dry_run.suffix();
    let mut failures = Vec::new();
    let mut gone = String::new();
    for pod in leaving {
        output
            .stdout
            .push_str(&format!("evicting pod {}{suffix}\n", path(view, *pod)));
        if dry_run == DryRun::Client {
            // Nobody is asked.
            continue;
        }
        let state = view.pod(*pod);
        let what = format!(
            "error when evicting pods/{:?} -n {:?}",
            &*state.name, &*state.namespace
        );
        match kept(*pod) {
            None if dry_run == DryRun::Server => {}
            None => gone.push_str(&format!("pod/{} evicted\n", state.name)),
            Some(why @ Kept::Budget) => {
                let line = format!("{what} (will retry after 5s): {}\n", why.text());
                output.stderr.push_str(&line);
                output.unfinished = true;
            }
            Some(why) => failures.push(format!("{what}: {}", why.text())),
        }
    }
    output.stdout.push_str(&gone);
    if !failures.is_empty() {
        output.fail(&unable(&node.name, &failures));
    } else if !output.unfinished {
        output
            .stdout
            .push_str(&format!("{} drained{suffix}\n", node.path()));
    }
    Ok(())
}

fn unable(node: &str, why: &[String]) -> Failure {
    let why = match why {
        [only] => only.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    Failure::client(format!(
        "unable to drain node \"{node}\" due to error: {why}, continuing command...\nThere are \
         pending nodes to be drained:\n {node}\n{why}"
    ))
}
