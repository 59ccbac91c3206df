//! `kubectl create` of what rules over Pods: accounts, budgets, priorities, quotas.

use super::{made, name, Made};
use crate::kubectl::args::Args;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::{switch, value, whole_32, GENERATE, NONE};
use crate::kubectl::label_selector::Selector;
use crate::kubectl::output::{map, Value};
use crate::kubectl::view::View;
use crate::kubectl::{Output, Verb};
use crate::manifest::Quantity;

pub const SERVICE_ACCOUNT: Verb = Verb::new(
    "create serviceaccount",
    "Create a service account with the specified name",
    &[GENERATE],
    account,
);

pub const BUDGET: Verb = Verb::new(
    "create poddisruptionbudget",
    "Create a pod disruption budget with the specified name",
    &[
        GENERATE,
        &[
            value("max-unavailable", NONE),
            value("min-available", NONE),
            value("selector", NONE),
        ],
    ],
    budget,
);

pub const PRIORITY_CLASS: Verb = Verb::new(
    "create priorityclass",
    "Create a priority class with the specified name",
    &[
        GENERATE,
        &[
            value("description", NONE),
            switch("global-default", NONE),
            value("preemption-policy", NONE),
            whole_32("value", NONE),
        ],
    ],
    priority_class,
);

pub const QUOTA: Verb = Verb::new(
    "create quota",
    "Create a quota with the specified name",
    &[GENERATE, &[value("hard", NONE), value("scopes", NONE)]],
    quota,
);

fn account(view: &View, args: &Args) -> Result<Output, Failure> {
    let name = name("create serviceaccount", args)?;
    let object = Made {
        kind: "ServiceAccount",
        name,
        word: "created",
        dry_word: "created",
        before: "failed to create serviceaccount: ".into(),
        object: map().set("metadata", map().set("name", name)),
    };
    made(view, args, object)
}

fn budget(view: &View, args: &Args) -> Result<Output, Failure> {
    let name = name("create poddisruptionbudget", args)?;
    let Some(selector) = args.given("selector") else {
        return Err(Failure::client("a selector must be specified"));
    };
    let (flag, field, text) = match (args.given("min-available"), args.given("max-unavailable")) {
        (Some(least), None) => ("min-available", "minAvailable", least),
        (None, Some(most)) => ("max-unavailable", "maxUnavailable", most),
        (None, None) => {
            let text = "one of min-available or max-unavailable must be specified";
            return Err(Failure::client(text));
        }
        _ => {
            let text = "min-available and max-unavailable cannot be both specified";
            return Err(Failure::client(text));
        }
    };
    let number = text.strip_suffix('%').unwrap_or(text);
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        let text = format!("invalid format specified for {flag}");
        return Err(Failure::client(text));
    }
    let amount = text
        .parse::<i64>()
        .map_or_else(|_| Value::from(text), Value::from);
    let selector = Selector::parse(selector).map_err(Failure::client)?;
    let spec = map().set(field, amount).set("selector", selector.object());
    let status = [
        "currentHealthy",
        "desiredHealthy",
        "disruptionsAllowed",
        "expectedPods",
    ]
    .into_iter()
    .fold(map(), |status, field| status.set(field, 0_i64));
    let object = Made {
        kind: "PodDisruptionBudget",
        name,
        word: "created",
        dry_word: "created",
        before: "failed to create poddisruptionbudgets: ".into(),
        object: map()
            .set("metadata", map().set("name", name))
            .set("spec", spec)
            .set("status", status),
    };
    made(view, args, object)
}

fn priority_class(view: &View, args: &Args) -> Result<Output, Failure> {
    let name = name("create priorityclass", args)?;
    let policy = args
        .given("preemption-policy")
        .unwrap_or("PreemptLowerPriority");
    let object = Made {
        kind: "PriorityClass",
        name,
        word: "created",
        dry_word: "created",
        before: "failed to create priorityclass: ".into(),
        object: map()
            .maybe("description", args.given("description"))
            .some("globalDefault", args.is_on("global-default"))
            .set("metadata", map().set("name", name))
            .set("preemptionPolicy", policy)
            .set("value", args.number("value").unwrap_or(0)),
    };
    made(view, args, object)
}

fn quota(view: &View, args: &Args) -> Result<Output, Failure> {
    let name = name("create quota", args)?;
    let mut hard = map();
    for pair in args
        .given("hard")
        .into_iter()
        .flat_map(|text| text.split(','))
    {
        let Some((resource, amount)) = pair.split_once('=') else {
            return Err(Failure::client(format!(
                "Invalid argument syntax {pair}, expected <resource>=<value>"
            )));
        };
        Quantity::parse(amount).map_err(Failure::client)?;
        hard = hard.set(resource, amount);
    }
    let scopes = args
        .given("scopes")
        .into_iter()
        .flat_map(|text| text.split(','));
    let scopes = crate::kubectl::output::list(scopes);
    let object = Made {
        kind: "ResourceQuota",
        name,
        word: "created",
        dry_word: "created",
        before: "failed to create quota: ".into(),
        object: map()
            .set("metadata", map().set("name", name))
            .set("spec", map().some("hard", hard).some("scopes", scopes))
            .set("status", map()),
    };
    made(view, args, object)
}
