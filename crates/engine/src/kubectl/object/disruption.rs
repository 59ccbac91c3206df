//! PodDisruptionBudgets.

use super::metadata;
use super::workload::{amount, selector};
use crate::controllers::BudgetState;
use crate::kubectl::item::Item;
use crate::kubectl::output::{list, map, Map};
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;

pub fn budget(view: &View, item: &Item, budget: &BudgetState) -> Map {
    let object = &budget.object;
    let annotations = view.annotations(item, &object.metadata.annotations);
    let meta = metadata(view, item, "")
        .some("annotations", &annotations)
        .set("generation", budget.generation);
    let policy = object.spares_only_ready.then_some("AlwaysAllow");
    let spec = map()
        .maybe(
            "maxUnavailable",
            object.max_unavailable.as_ref().map(amount),
        )
        .maybe("minAvailable", object.min_available.as_ref().map(amount))
        .maybe("selector", object.selector.as_ref().map(selector))
        .maybe("unhealthyPodEvictionPolicy", policy);
    let conditions = budget.condition.iter().map(|condition| {
        map()
            .set(
                "lastTransitionTime",
                view.date(Stamp::of(condition.last_transition)),
            )
            .set("message", view.cluster.texts.get(condition.message))
            .some("observedGeneration", condition.observed_generation)
            .set("reason", condition.reason)
            .set("status", if condition.is_true { "True" } else { "False" })
            .set("type", "DisruptionAllowed")
    });
    let told = budget.status;
    let status = map()
        .some("conditions", list(conditions))
        .set("currentHealthy", told.healthy)
        .set("desiredHealthy", told.desired)
        .set("disruptionsAllowed", told.allowed)
        .set("expectedPods", told.expected)
        .some("observedGeneration", budget.observed_generation);
    map()
        .set("metadata", meta)
        .set("spec", spec)
        .set("status", status)
}
