//! `kubectl rollout` (ROL-*).

use super::args::{Args, Flags};
use super::attempt::{all_targets, attempt_kept, workload_ref};
use super::describe::pod_template;
use super::failure::Failure;
use super::flags::{duration, switch, value, whole, Flag, DRY_RUN, FILES, NONE, PRINT};
use super::item::{Item, Thing};
use super::shown::Shown;
use super::table::{align, DESCRIPTION};
use super::view::View;
use super::{Output, Verb};
use crate::act::roll_out;
use crate::api::{PodTemplate, StringMap, WorkloadKind};
use crate::controllers::{DeploymentReason, DeploymentState};
use crate::ids::WorkloadId;
use crate::scenario::{Act, RolloutAction};

const SELECTOR: Flag = value("selector", 'l');
const CHANGE: Flags = &[PRINT, FILES, &[SELECTOR, value("field-manager", NONE)]];

/// Registry lines.
pub const VERBS: &[Verb] = &[
    Verb::new(
        "rollout status",
        "Show the status of the rollout",
        &[
            FILES,
            &[
                SELECTOR,
                whole("revision", NONE),
                duration("timeout"),
                switch("watch", 'w'),
            ],
        ],
        status,
    ),
    Verb::new(
        "rollout history",
        "View rollout history",
        &[PRINT, FILES, &[SELECTOR, whole("revision", NONE)]],
        history,
    ),
    Verb::new(
        "rollout undo",
        "Undo a previous rollout",
        &[
            PRINT,
            FILES,
            &[SELECTOR, DRY_RUN, whole("to-revision", NONE)],
        ],
        undo,
    ),
    Verb::new("rollout restart", "Restart a resource", CHANGE, restart),
    Verb::new(
        "rollout pause",
        "Mark the provided resource as paused",
        CHANGE,
        pause,
    ),
    Verb::new("rollout resume", "Resume a paused resource", CHANGE, resume),
];

/// The objects that are named or picked; that there are none is no failure.
fn named(view: &View, args: &Args, output: &mut Output) -> Result<Vec<Item>, Failure> {
    if args.names.is_empty() {
        return Err(Failure::client("required resource not specified"));
    }
    let (items, failures) = all_targets(view, args, &args.names)?;
    if let Some(failure) = failures.into_iter().next() {
        return Err(failure);
    }
    if items.is_empty() {
        let text = format!("No resources found in {} namespace.\n", view.namespace);
        output.stderr.push_str(&text);
    }
    Ok(items)
}

fn refused(item: &Item, what: &str) -> Failure {
    Failure::client(
        what.replace("KIND", item.resource.kind)
            .replace("NAME", &item.name),
    )
}

/// `--revision`, which is none if it is 0.
fn revision(args: &Args) -> Result<Option<i64>, Failure> {
    match args.number("revision") {
        Some(number) if number < 0 => {
            let text = format!("revision must be a positive integer: {number}");
            Err(Failure::client(text))
        }
        number => Ok(number.filter(|number| *number > 0)),
    }
}

fn status(view: &View, args: &Args) -> Result<Output, Failure> {
    revision(args)?;
    let mut output = Output::default();
    for item in named(view, args, &mut output)? {
        let (line, is_done) = match item.thing {
            Thing::Deployment(id) => {
                let state = view.cluster.controllers.deployment(id);
                has_revision(state, args)?;
                progress(state)?
            }
            Thing::Workload(id) if item.resource.kind != "Job" => set_progress(view, &item, id)?,
            _ => {
                let refusal = "no status viewer has been implemented for KIND";
                return Err(refused(&item, refusal));
            }
        };
        output.stdout.push_str(&line);
        output.stdout.push('\n');
        output.unfinished |= !is_done && args.get("watch") != Some("false");
    }
    Ok(output)
}

/// `--revision` names the one that runs.
fn has_revision(state: &DeploymentState, args: &Args) -> Result<(), Failure> {
    let wanted = revision(args)?;
    let have = i64::from(state.revision);
    match wanted.filter(|wanted| *wanted != have) {
        Some(wanted) => Err(Failure::client(format!(
            "desired revision ({wanted}) is different from the running revision ({have})"
        ))),
        None => Ok(()),
    }
}

/// The line for the state of a rollout, and whether it is done (ROL-01 to ROL-06).
fn progress(state: &DeploymentState) -> Result<(String, bool), Failure> {
    let (status, name) = (&state.status, &state.name);
    if status.observed_generation < state.generation {
        return Ok((
            "Waiting for deployment spec update to be observed...".to_owned(),
            false,
        ));
    }
    let reason = status.progress.map(|condition| condition.reason);
    if reason == Some(DeploymentReason::ProgressDeadlineExceeded) {
        let text = format!("deployment \"{name}\" exceeded its progress deadline");
        return Err(Failure::client(text));
    }
    let wanted = state.object.replicas;
    let waiting = if status.updated < wanted {
        format!(
            "{} out of {wanted} new replicas have been updated...",
            status.updated
        )
    } else if status.replicas > status.updated {
        let old = status.replicas - status.updated;
        format!("{old} old replicas are pending termination...")
    } else if status.available < status.updated {
        format!(
            "{} of {} updated replicas are available...",
            status.available, status.updated
        )
    } else {
        return Ok((
            format!("deployment \"{name}\" successfully rolled out"),
            true,
        ));
    };
    Ok((
        format!("Waiting for deployment \"{name}\" rollout to finish: {waiting}"),
        false,
    ))
}

/// ROL-07.
fn set_progress(view: &View, item: &Item, id: WorkloadId) -> Result<(String, bool), Failure> {
    let state = &view.cluster.controllers.workloads[id.index()];
    let (status, name) = (&state.status, &item.name);
    let only_rolling = "rollout status is only available for RollingUpdate strategy type";
    let (text, is_done) = match state.object.kind {
        WorkloadKind::StatefulSet {
            is_rolling: false, ..
        }
        | WorkloadKind::DaemonSet {
            is_rolling: false, ..
        } => {
            return Err(Failure::client(only_rolling));
        }
        kind if status.observed_generation < state.generation => {
            let what = match kind {
                WorkloadKind::StatefulSet { .. } => "statefulset",
                _ => "daemon set",
            };
            let text = format!("Waiting for {what} spec update to be observed...");
            (text, false)
        }
        WorkloadKind::StatefulSet { replicas, .. } if status.ready < replicas => {
            let missing = replicas - status.ready;
            (format!("Waiting for {missing} pods to be ready..."), false)
        }
        WorkloadKind::StatefulSet {
            replicas,
            partition,
            ..
        } => {
            let wanted = replicas.saturating_sub(partition);
            let updated = status.updated;
            match updated < wanted {
                true => (
                    format!(
                        "Waiting for partitioned roll out to finish: {updated} out of {wanted} new \
                         pods have been updated..."
                    ),
                    false,
                ),
                false => (
                    format!(
                        "partitioned roll out complete: {updated} new pods have been updated..."
                    ),
                    true,
                ),
            }
        }
        _ => {
            let (updated, available) = (status.updated, status.available);
            let wanted = status.desired;
            let begins = format!("Waiting for daemon set \"{name}\" rollout to finish:");
            if updated < wanted {
                let text = format!("{updated} out of {wanted} new pods have been updated...");
                (format!("{begins} {text}"), false)
            } else if available < wanted {
                let text = format!("{available} of {wanted} updated pods are available...");
                (format!("{begins} {text}"), false)
            } else {
                (
                    format!("daemon set \"{name}\" successfully rolled out"),
                    true,
                )
            }
        }
    };
    Ok((text, is_done))
}

/// A revision: number, template, annotations.
type Revision<'a> = (u32, &'a PodTemplate, &'a StringMap);

/// The revisions of an object, by number.
fn revisions<'a>(view: &'a View, item: &Item, refusal: &str) -> Result<Vec<Revision<'a>>, Failure> {
    let controllers = &view.cluster.controllers;
    let mut revisions: Vec<Revision> = match item.thing {
        Thing::Deployment(id) => {
            let sets = controllers.deployment(id).replica_sets.iter();
            let sets = sets.map(|set| controllers.replica_set(*set));
            sets.filter(|set| set.revision > 0)
                .map(|set| {
                    let object = &set.object;
                    (set.revision, &object.template, &object.metadata.annotations)
                })
                .collect()
        }
        Thing::Workload(id) if item.resource.kind != "Job" => {
            let history = controllers.workloads[id.index()].history.iter();
            history
                .map(|of| (of.number, &*of.template, &*of.annotations))
                .collect()
        }
        _ => return Err(refused(item, refusal)),
    };
    revisions.sort_by_key(|(number, ..)| *number);
    Ok(revisions)
}

/// ROL-08.
fn history(view: &View, args: &Args) -> Result<Output, Failure> {
    let mut output = Output::default();
    let refusal = "no history viewer has been implemented for \"KIND\"";
    let wanted = revision(args)?;
    for item in named(view, args, &mut output)? {
        let path = item.path();
        let revisions = revisions(view, &item, refusal)?;
        if revisions.is_empty() {
            let line = format!("{path} \nNo rollout history found.\n");
            output.stdout.push_str(&line);
            continue;
        }
        if let Some(wanted) = wanted {
            let mut found = revisions.iter();
            let found = found.find(|(number, ..)| i64::from(*number) == wanted);
            let (_, template, _) =
                found.ok_or_else(|| Failure::client("unable to find the specified revision"))?;
            let kind = item.resource.singular();
            let written = view.template_as_written(&kind, &item.namespace, &item.name);
            let text = pod_template(template, written);
            let line = format!("{path} with revision #{wanted}\n{text}\n");
            output.stdout.push_str(&line);
            continue;
        }
        let mut rows = String::from("REVISION\tCHANGE-CAUSE\n");
        for (number, _, annotations) in revisions {
            let cause = change_cause(annotations);
            rows.push_str(&format!("{number}\t{cause}\n"));
        }
        let rows = align(&rows, DESCRIPTION);
        output.stdout.push_str(&format!("{path} \n{rows}\n"));
    }
    Ok(output)
}

fn change_cause(annotations: &StringMap) -> &str {
    annotations
        .get("kubernetes.io/change-cause")
        .map_or("<none>", String::as_str)
}

/// An applied object keeps what `apply` noted of it, which is no longer so.
fn warn_of_apply(view: &View, item: &Item, output: &mut Output) {
    let manifest = view.manifest(&item.resource.singular(), &item.namespace, &item.name);
    if !manifest.is_some_and(|manifest| manifest.is_applied) {
        return;
    }
    let (plural, name) = (item.resource.plural, &item.name);
    output.stderr.push_str(&format!(
        "Warning: resource {plural}/{name} was previously managed with 'kubectl apply'. \
         Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration \
         annotation, which may cause unexpected behavior on future 'kubectl apply' operations. \
         Consider using 'kubectl apply' with your previous configuration file instead.\n"
    ));
}

/// ROL-09.
fn undo(view: &View, args: &Args) -> Result<Output, Failure> {
    let mut output = Output::default();
    let to = args.number("to-revision").unwrap_or(0);
    let to_revision = u32::try_from(to).unwrap_or(0);
    let shown = Shown::of(args)?;
    for item in named(view, args, &mut output)? {
        warn_of_apply(view, &item, &mut output);
        let (running, is_paused) = match item.thing {
            Thing::Deployment(id) => {
                let state = view.cluster.controllers.deployment(id);
                (state.revision, state.object.paused)
            }
            Thing::Workload(_) if item.resource.kind != "Job" => (0, false),
            _ => {
                let refusal = "no rollbacker has been implemented for \"KIND\"";
                output.fail(&refused(&item, refusal));
                continue;
            }
        };
        if to < 0 {
            let text = format!("unable to find specified revision {to} in history");
            output.fail(&Failure::client(text));
            continue;
        }
        if is_paused {
            output.fail(&Failure::client(
                "you cannot rollback a paused deployment; resume it first with 'kubectl rollout \
                 resume' and try again",
            ));
            continue;
        }
        let workload = workload_ref(&item);
        let action = RolloutAction::Undo { to_revision };
        let done = attempt_kept(view, |cx| roll_out(cx, &item.namespace, &workload, action));
        match done {
            Ok((true, after)) => {
                let act = Act::Rollout { workload, action };
                shown.done(view, &item, "rolled back", &after, [act], &mut output);
            }
            Ok((false, _)) => output.stdout.push_str(&format!(
                "{} skipped rollback (current template already matches revision {})\n",
                item.path(),
                if to_revision == 0 {
                    running
                } else {
                    to_revision
                }
            )),
            Err(_) if to_revision > 0 => output.fail(&Failure::client(format!(
                "unable to find specified revision {to_revision} in history"
            ))),
            Err(failure) => output.fail(&match item.thing {
                Thing::Workload(_) => Failure::client("no last revision to roll back to"),
                _ => failure,
            }),
        }
    }
    Ok(output)
}

/// ROL-10.
fn act(
    view: &View,
    args: &Args,
    action: RolloutAction,
    word: &str,
    refusal: &str,
) -> Result<Output, Failure> {
    let restarts = action == RolloutAction::Restart;
    let shown = Shown::of(args)?;
    let mut output = Output::default();
    for item in named(view, args, &mut output)? {
        let is_paused = match item.thing {
            Thing::Deployment(id) => view.cluster.controllers.deployment(id).object.paused,
            Thing::Workload(_) if restarts && item.resource.kind != "Job" => false,
            _ => {
                let (resource, name) = (item.resource.qualified(), &item.name);
                let text = format!("{resource} \"{name}\" {refusal}");
                output.fail(&Failure::client(text));
                continue;
            }
        };
        let name = &item.name;
        let refused = match action {
            RolloutAction::Pause if is_paused => "is already paused",
            RolloutAction::Resume if !is_paused => "is not paused",
            RolloutAction::Restart if is_paused => {
                "can't restart paused deployment (run rollout resume first)"
            }
            _ => "",
        };
        if !refused.is_empty() {
            output.fail(&Failure::client(format!(
                "deployments.apps \"{name}\" {refused}"
            )));
            continue;
        }
        let workload = workload_ref(&item);
        let after = attempt_kept(view, |cx| roll_out(cx, &item.namespace, &workload, action));
        match after {
            Ok((_, after)) => {
                let act = Act::Rollout { workload, action };
                shown.done(view, &item, word, &after, [act], &mut output);
            }
            Err(failure) => output.fail(&failure),
        }
    }
    Ok(output)
}

fn restart(view: &View, args: &Args) -> Result<Output, Failure> {
    act(
        view,
        args,
        RolloutAction::Restart,
        "restarted",
        "restarting is not supported",
    )
}

fn pause(view: &View, args: &Args) -> Result<Output, Failure> {
    act(
        view,
        args,
        RolloutAction::Pause,
        "paused",
        "pausing is not supported",
    )
}

fn resume(view: &View, args: &Args) -> Result<Output, Failure> {
    act(
        view,
        args,
        RolloutAction::Resume,
        "resumed",
        "resuming is not supported",
    )
}
