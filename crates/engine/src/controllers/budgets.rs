//! The disruption controller writes what budgets allow into their status, and tells what it cannot
//! count (NOD-09). Every change of a Pod has it look at the budget that selects the Pod, and so has
//! every change of a budget, its own writes among them.

use super::disruption::{reckon, BudgetCondition, BudgetState, BudgetStatus};
use super::ControllerTimer;
use crate::api::LabelSelector;
use crate::cluster::Cx;
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{PodId, TextId};
use crate::latency;
use crate::timer::Timer;
use std::sync::Arc;

type Key = (String, String);

/// A Pod came, changed or went.
pub(super) fn pod_changed(cx: &mut Cx, pod: PodId) {
    if !cx.cluster.controllers.store.budgets.is_empty() {
        look_up(cx, pod);
    }
}

/// Queues the budget of a Pod: one of several, with a warning.
#[inline(never)]
fn look_up(cx: &mut Cx, pod: PodId) {
    let state = cx.pod(pod);
    let budgets = cx.cluster.controllers.store.budgets.iter();
    let mut its = budgets.filter(|((namespace, _), budget)| {
        **namespace == *state.namespace && budget.object.selects(&state.labels)
    });
    let Some((key, _)) = its.next() else { return };
    let key = key.clone();
    if its.next().is_some() {
        let (namespace, name, chosen) = (&state.namespace, &state.name, &key.1);
        let text = format!(
            "Pod \"{namespace}\"/\"{name}\" matches multiple PodDisruptionBudgets.  Chose \
             \"{chosen}\" arbitrarily."
        );
        let reason = "MultiplePodDisruptionBudgets";
        tell(cx, Object::Pod(pod), EventType::Warning, reason, &text);
    }
    queue(cx, &key);
}

/// The controller looks at a budget a moment later.
pub(super) fn queue(cx: &mut Cx, key: &Key) {
    let Some(budget) = budget(cx, key).filter(|budget| !budget.is_queued) else {
        return;
    };
    budget.is_queued = true;
    let timer = Timer::Controller(ControllerTimer::Budget(budget.id));
    cx.after(latency::WATCH, timer);
}

fn budget<'a>(cx: &'a mut Cx, key: &Key) -> Option<&'a mut BudgetState> {
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    store.budgets.get_mut(key)
}

/// The controller looks.
#[inline(never)]
pub(super) fn due(cx: &mut Cx, id: TextId) {
    let text = cx.cluster.texts.get(id);
    let Some((namespace, name)) = text.split_once('/') else {
        return;
    };
    let key = (namespace.to_owned(), name.to_owned());
    let Some(state) = budget(cx, &key) else {
        return;
    };
    state.is_queued = false;
    let old = state.clone();
    let reckoned = reckon(cx.cluster, &key.0, &old.object);
    let about = Object::Budget(id);
    if !reckoned.has_pods {
        let text = "No matching pods found";
        tell(cx, about, EventType::Normal, "NoPods", text);
    }
    let mut new = old.clone();
    let mut message = String::new();
    let reason = if let Some(resource) = reckoned.unscaled {
        message = format!("{resource} does not implement the scale subresource");
        let text = format!("Failed to calculate the number of expected pods: {message}");
        let reason = "CalculateExpectedPodCountFailed";
        tell(cx, about, EventType::Warning, reason, &text);
        // Everything else stays as it was.
        new.status.allowed = 0;
        "SyncFailed"
    } else {
        if reckoned.has_unmanaged {
            let text = unmanaged(old.object.selector.as_ref());
            tell(cx, about, EventType::Warning, "UnmanagedPods", &text);
        }
        new.status = reckoned.status;
        new.observed_generation = old.generation;
        match new.status {
            BudgetStatus { allowed: 0, .. } => "InsufficientPods",
            _ => "SufficientPods",
        }
    };
    let is_true = new.status.allowed > 0;
    let before = old
        .condition
        .filter(|condition| condition.is_true == is_true);
    new.condition = Some(BudgetCondition {
        is_true,
        reason,
        message: cx.intern(&message),
        observed_generation: new.observed_generation,
        last_transition: before.map_or(cx.now.floor_secs(), |before| before.last_transition),
    });
    let is_changed = new.status != old.status
        || new.observed_generation != old.observed_generation
        || new.condition != old.condition;
    if is_changed {
        if let Some(state) = budget(cx, &key) {
            *state = new;
        }
        queue(cx, &key);
    }
}

/// What is said of Pods that nobody keeps, with the selector as Go prints it.
fn unmanaged(selector: Option<&LabelSelector>) -> String {
    let mut printed = String::from("nil");
    if let Some(selector) = selector {
        let labels = selector.match_labels.iter();
        let labels: String = labels
            .map(|(key, value)| format!("{key}: {value},"))
            .collect();
        let expressions = selector.match_expressions.iter().map(|requirement| {
            let (key, values) = (&requirement.key, requirement.values.join(" "));
            let operator = requirement.operator;
            format!(
                "LabelSelectorRequirement{{Key:{key},Operator:{operator:?},Values:[{values}],}},"
            )
        });
        let expressions: String = expressions.collect();
        printed = format!(
            "&LabelSelector{{MatchLabels:map[string]string{{{labels}}},\
             MatchExpressions:[]LabelSelectorRequirement{{{expressions}}},}}"
        );
    }
    format!(
        "Pods selected by this PodDisruptionBudget (selector: {printed}) were found to be unmanaged. \
         As a result, the status of the PDB cannot be calculated correctly, which may result in \
         undefined behavior. To account for these pods please set \".spec.minAvailable\" field of \
         the PDB to an integer value."
    )
}

fn tell(cx: &mut Cx, object: Object, event_type: EventType, reason: &'static str, text: &str) {
    let message = Message::Text(cx.intern(text));
    events::emit(
        cx,
        Emission {
            source: Source::DisruptionController,
            object,
            container: None,
            event_type,
            reason,
            message,
        },
    );
}
