//! PodDisruptionBudgets.

use super::metadata;
use super::workload::{amount, selector};
use crate::controllers::{budget_status, BudgetState};
use crate::kubectl::item::Item;
use crate::kubectl::output::{map, Map};
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
    let told = budget_status(view.cluster, &item.namespace, object);
    let status = map()
        .set("currentHealthy", told.healthy)
        .set("desiredHealthy", told.desired)
        .set("disruptionsAllowed", told.allowed)
        .set("expectedPods", told.expected)
        .set("observedGeneration", budget.generation);
    map()
        .set("metadata", meta)
        .set("spec", spec)
        .set("status", status)
}
