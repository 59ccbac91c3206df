//! `kubectl rollout history` (ROL-08).

use super::{named, refused, revision};
use crate::api::{PodTemplate, StringMap};
use crate::ids::ReplicaSetId;
use crate::kubectl::args::Args;
use crate::kubectl::describe::pod_template;
use crate::kubectl::failure::Failure;
use crate::kubectl::item::{self, Item, Thing};
use crate::kubectl::object::{object, template};
use crate::kubectl::output::Value;
use crate::kubectl::resource::of_kind;
use crate::kubectl::shown::Shown;
use crate::kubectl::table::{align, DESCRIPTION};
use crate::kubectl::view::View;
use crate::kubectl::Output;

/// A former template of an object, or the one that it has.
pub struct Revision<'a> {
    pub number: u32,
    pub template: &'a PodTemplate,
    annotations: &'a StringMap,
    /// Of a Deployment.
    replica_set: Option<ReplicaSetId>,
}

/// The revisions of an object, by number.
pub fn revisions<'a>(
    view: &'a View,
    item: &Item,
    refusal: &str,
) -> Result<Vec<Revision<'a>>, Failure> {
    let controllers = &view.cluster.controllers;
    let mut revisions: Vec<Revision> = match item.thing {
        Thing::Deployment(id) => {
            let sets = controllers.deployment(id).replica_sets.iter();
            let sets = sets.map(|id| (*id, controllers.replica_set(*id)));
            sets.filter(|(_, set)| set.revision > 0)
                .map(|(id, set)| Revision {
                    number: set.revision,
                    template: &set.object.template,
                    annotations: &set.object.metadata.annotations,
                    replica_set: Some(id),
                })
                .collect()
        }
        Thing::Workload(id) if item.resource.kind != "Job" => {
            let history = controllers.workloads[id.index()].history.iter();
            history
                .map(|of| Revision {
                    number: of.number,
                    template: &of.template,
                    annotations: &of.annotations,
                    replica_set: None,
                })
                .collect()
        }
        _ => return Err(refused(item, refusal)),
    };
    revisions.sort_by_key(|revision| revision.number);
    Ok(revisions)
}

/// ROL-08.
pub fn history(view: &View, args: &Args) -> Result<Output, Failure> {
    let mut output = Output::default();
    let refusal = "no history viewer has been implemented for \"KIND\"";
    let wanted = revision(args)?;
    let shown = Shown::of(args)?;
    for item in named(view, args, &mut output)? {
        let path = item.path();
        let revisions = revisions(view, &item, refusal)?;
        let missing = || Failure::client("unable to find the specified revision");
        let meant = |revision: &&Revision| Some(i64::from(revision.number)) == wanted;
        let found = revisions.iter().find(meant);
        if !shown.is_line() {
            let all = match wanted {
                None => revisions.iter().collect(),
                Some(_) => vec![found.ok_or_else(missing)?],
            };
            for (place, revision) in all.into_iter().enumerate() {
                if place > 0 && args.get("output") == Some("yaml") {
                    output.stdout.push_str("---\n");
                }
                let (path, object) = as_object(view, &item, revision);
                shown.print(&path, "", &|| object.clone(), &mut output);
            }
            continue;
        }
        if revisions.is_empty() {
            let line = format!("{path} \nNo rollout history found.\n");
            output.stdout.push_str(&line);
            continue;
        }
        if let Some(wanted) = wanted {
            let text = described(view, &item, found.ok_or_else(missing)?.template);
            let line = format!("{path} with revision #{wanted}\n{text}\n");
            output.stdout.push_str(&line);
            continue;
        }
        let mut rows = String::from("REVISION\tCHANGE-CAUSE\n");
        for revision in revisions {
            let cause = change_cause(revision.annotations);
            rows.push_str(&format!("{}\t{cause}\n", revision.number));
        }
        let rows = align(&rows, DESCRIPTION);
        output.stdout.push_str(&format!("{path} \n{rows}\n"));
    }
    Ok(output)
}

/// A template as `describe` has it.
pub fn described(view: &View, item: &Item, of: &PodTemplate) -> String {
    let kind = item.resource.singular();
    let written = view.template_as_written(&kind, &item.namespace, &item.name);
    pod_template(of, written)
}

/// The ReplicaSet of a revision, or the object as it was then.
fn as_object(view: &View, item: &Item, revision: &Revision) -> (String, Value) {
    if let Some(id) = revision.replica_set {
        let sets = item::list(view, of_kind("ReplicaSet"), Some(&item.namespace));
        let mut sets = sets.into_iter();
        let set = sets.find(|set| matches!(set.thing, Thing::ReplicaSet(of) if of == id));
        if let Some(set) = set {
            return (set.path(), object(view, &set));
        }
    }
    let mut whole = object(view, item);
    if let Value::Map(fields) = &mut whole {
        if let Some(Value::Map(spec)) = fields.get_mut("spec") {
            spec.insert("template".into(), template(revision.template).into());
        }
    }
    (item.path(), whole)
}

fn change_cause(annotations: &StringMap) -> &str {
    annotations
        .get("kubernetes.io/change-cause")
        .map_or("<none>", String::as_str)
}
