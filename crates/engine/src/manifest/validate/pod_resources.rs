//! Requests and limits of a whole Pod (CTR-08; pkg/apis/core/validation/validation.go,
//! validatePodResources).

use super::resources::{validate_resources, Of};
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::quantity::Quantity;
use std::cmp::Ordering;

/// Checks `spec.resources`, which is set.
pub fn validate_pod_resources(spec: &Field, errors: &mut Errors) {
    let whole = spec.key("resources");
    validate_resources(&whole, Of::Whole, errors);
    let requests = whole.key("requests");
    for (name, value) in requests.sorted_entries() {
        let Some(own) = amount(&value) else { continue };
        let together = together(spec, name);
        // What no container asks for is not compared.
        if together.compare(Quantity::ZERO).is_eq() {
            continue;
        }
        if own.compare(together) == Ordering::Less {
            let detail = format!(
                "must be greater than or equal to aggregate container requests of {}",
                together.canonical()
            );
            errors.invalid_text("CTR-08", &value, &own.canonical(), &detail);
        }
    }
    let limits = whole.key("limits");
    let shown = whole.key("containers");
    for (index, container) in spec.key("containers").items().enumerate() {
        let (resources, at) = (container.key("resources"), shown.index(index));
        for (name, value) in resources.key("limits").sorted_entries() {
            let all = amount(&limits.map_key(name));
            let (Some(own), Some(all)) = (amount(&value), all) else {
                continue;
            };
            if own.compare(all) == Ordering::Greater {
                let (at, all) = (at.map_key(name), all.canonical());
                let at = at.key("limits").shown_at(value.span);
                let detail = format!("must be less than or equal to pod limits of {all}");
                errors.invalid_text("CTR-08", &at, &own.canonical(), &detail);
            }
        }
    }
}

fn amount(value: &Field) -> Option<Quantity> {
    Quantity::of(value.node?).ok()
}

/// What a container requests, or its limit.
fn asked(container: &Field, name: &str) -> Quantity {
    let resources = container.key("resources");
    let of = |list: &str| {
        let list = resources.key(list);
        let found = amount(&list.map_key(name));
        found
    };
    of("requests")
        .or_else(|| of("limits"))
        .unwrap_or(Quantity::ZERO)
}

/// The effective request of the containers.
fn together(spec: &Field, name: &str) -> Quantity {
    let more = |one: Quantity, other: Quantity| match one.compare(other) {
        Ordering::Less => other,
        _ => one,
    };
    let (mut sidecars, mut peak) = (Quantity::ZERO, Quantity::ZERO);
    for init in spec.key("initContainers").items() {
        let own = asked(&init, name);
        let with = sidecars.plus(own);
        if init.key("restartPolicy").text() == "Always" {
            sidecars = with;
        }
        peak = more(peak, with);
    }
    let containers = spec.key("containers");
    let containers = containers.items().map(|container| asked(&container, name));
    more(containers.fold(sidecars, Quantity::plus), peak)
}
