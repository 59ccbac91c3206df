//! `kubectl rollout` (ROL-*).

mod history;

use crate::act::roll_out;
use crate::api::WorkloadKind;
use crate::controllers::{DeploymentReason, DeploymentState};
use crate::ids::WorkloadId;
use crate::kubectl::apply::dry_run;
use crate::kubectl::args::{Args, Flags};
use crate::kubectl::attempt::{all_targets, attempt_kept, workload_ref};
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::{duration, switch, value, whole, Flag, DRY_RUN, FILES, NONE, PRINT};
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::object::object;
use crate::kubectl::shown::Shown;
use crate::kubectl::view::View;
use crate::kubectl::{Output, Verb};
use crate::manifest::DryRun;
use crate::scenario::{Act, RolloutAction};
use history::{described, revisions};

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
        history::history,
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
    let dry_run = dry_run(args);
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
        if dry_run == DryRun::Client {
            match meant(view, &item, to_revision)? {
                Some(text) => {
                    shown.print(&item.path(), &text, &|| object(view, &item), &mut output)
                }
                None => output.fail(&Failure::client(match to_revision {
                    0 if matches!(item.thing, Thing::Deployment(_)) => {
                        format!("no rollout history found for deployment \"{}\"", item.name)
                    }
                    0 => "no last revision to roll back to".to_owned(),
                    to => format!("unable to find specified revision {to} in history"),
                })),
            }
            continue;
        }
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

/// What a client tells of the template that it would roll back to: that of a revision, or of the
/// one before the last.
fn meant(view: &View, item: &Item, to_revision: u32) -> Result<Option<String>, Failure> {
    let revisions = revisions(
        view,
        item,
        "no rollbacker has been implemented for \"KIND\"",
    )?;
    let found = match to_revision {
        0 => revisions.iter().rev().nth(1),
        to => revisions.iter().find(|revision| revision.number == to),
    };
    let begins = match item.thing {
        Thing::Deployment(_) => "",
        _ => "will roll back to ",
    };
    Ok(found.map(|found| {
        let text = described(view, item, found.template);
        [begins, &text].concat()
    }))
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
