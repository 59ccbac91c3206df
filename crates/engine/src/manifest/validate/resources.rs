//! Requests and limits (CTR-08).

use super::names;
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::quantity::Quantity;
use crate::manifest::yaml::quote;
use std::cmp::Ordering;

/// Whose resources are checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A container of a Pod: what has a limit and no request requests its limit.
    PodContainer,
    /// A container of a template, which stays as it is.
    TemplateContainer,
    /// A whole Pod.
    Whole,
}

/// Requests and limits of a container, or of a whole Pod.
pub fn validate_resources(resources: &Field, of: Of, errors: &mut Errors) {
    let limits = resources.key("limits");
    let requests = resources.key("requests");
    let mut named = (false, false);
    let mut look = |name: &str| {
        named.0 |= matches!(name, "cpu" | "memory");
        named.1 |= name.starts_with("hugepages-");
    };
    let limited = limits.sorted_entries();
    for (name, value) in &limited {
        look(name);
        validate_resource(name, value, value, of, errors);
    }
    let mut requested = requests.sorted_entries();
    if of == Of::PodContainer {
        let given = requested.len();
        for (name, value) in &limited {
            if !requested[..given].iter().any(|(other, _)| other == name) {
                requested.push((name, *value));
            }
        }
        requested.sort_by(|a, b| a.0.cmp(b.0));
    }
    for (name, value) in requested {
        look(name);
        let at = requests.map_key(name).shown_at(value.span);
        let amount = validate_resource(name, &value, &at, of, errors);
        let limit = limits.map_key(name);
        let limit = limit.node.and_then(|node| Quantity::of(node).ok());
        let overcommits = may_overcommit(name);
        let (Some(amount), Some(limit)) = (amount, limit) else {
            if amount.is_some() && !overcommits {
                let detail = "Limit must be set for non overcommitable resources";
                errors.required("CTR-08", &limits.shown_at(value.span), detail);
            }
            continue;
        };
        let must = match amount.compare(limit) {
            Ordering::Equal => continue,
            _ if !overcommits => "equal",
            Ordering::Greater => "less than or equal",
            Ordering::Less => continue,
        };
        let at = requests.shown_at(value.span);
        let limit = limit.canonical();
        let detail = format!("must be {must} to {name} limit of {limit}");
        errors.invalid_text("CTR-08", &at, &amount.canonical(), &detail);
    }
    if named == (false, true) {
        errors.forbidden("CTR-08", resources, "HugePages require cpu or memory");
    }
}

/// Whether more of a resource may be promised than there is: of Kubernetes' own but huge pages.
fn may_overcommit(name: &str) -> bool {
    !is_extended(name) && !name.starts_with("hugepages-")
}

fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/")
}

/// Checks a name and its `value`, complaining `at` a field.
fn validate_resource(
    name: &str,
    value: &Field,
    at: &Field,
    of: Of,
    errors: &mut Errors,
) -> Option<Quantity> {
    let wrong = names::qualified_name(name);
    errors.each("CTR-08", at, name, &wrong);
    if of == Of::Whole && !wrong.is_empty() {
        return None;
    }
    let standard =
        matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-");
    if !standard && !name.contains('/') {
        if wrong.is_empty()
            && !matches!(
                name,
                "storage" | "pods" | "services" | "secrets" | "configmaps"
            )
        {
            let detail = "must be a standard resource type or fully qualified";
            errors.invalid_text("CTR-08", at, name, detail);
            if of == Of::Whole {
                return None;
            }
        }
        if of != Of::Whole {
            let detail = "must be a standard resource for containers";
            errors.invalid_text("CTR-08", at, name, detail);
        }
    }
    let of_pods = matches!(name, "cpu" | "memory") || name.starts_with("hugepages-");
    if of == Of::Whole && !of_pods {
        let known = ["cpu", "hugepages-", "memory"];
        errors.unsupported("CTR-08", at, name, &known);
    }
    let amount = value.node.and_then(|node| Quantity::of(node).ok())?;
    if amount.is_negative() {
        let detail = "must be greater than or equal to 0";
        errors.invalid_text("CTR-08", at, &amount.canonical(), detail);
    } else if is_extended(name) && !amount.is_whole() {
        let detail = "must be an integer";
        errors.invalid_text("CTR-08", at, &amount.canonical(), detail);
    } else if matches!(name, "memory" | "ephemeral-storage") && !amount.is_whole() {
        let text = format!(
            "fractional byte value {} is invalid, must be an integer",
            quote(&amount.canonical())
        );
        errors.warn("CTR-08", at, &text);
    }
    Some(amount)
}
