//! `kubectl autoscale`: the HorizontalPodAutoscaler is made, and nothing acts on it (it is not
//! simulated).

use super::args::{Args, Flags};
use super::attempt::targets;
use super::create::{made, Made};
use super::failure::Failure;
use super::flags::{value, whole_32, NONE, NO_FILES, PRINT, SAVE_CONFIG, WRITE};
use super::item::Item;
use super::output::{list, map, Map, Value};
use super::scale::has_scale;
use super::view::View;
use super::{Output, Verb};
use crate::manifest::Quantity;

const FLAGS: Flags = &[
    PRINT,
    NO_FILES,
    WRITE,
    &[
        whole_32("max", NONE).required(),
        whole_32("min", NONE),
        whole_32("cpu-percent", NONE),
        value("cpu", NONE),
        value("memory", NONE),
        value("name", NONE),
        SAVE_CONFIG,
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "autoscale",
    summary: "Auto-scale a deployment, replica set, stateful set, or replication controller",
    flags: FLAGS,
    run,
}];

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let max = args.number("max").unwrap_or(0);
    if max < 1 {
        let text = format!("--max=MAXPODS is required and must be at least 1, max: {max}");
        return Err(Failure::client(text));
    }
    let min = args.number("min").unwrap_or(-1);
    if max < min {
        let text = format!(
            "--max=MAXPODS must be larger or equal to --min=MINPODS, max: {max}, min: {min}"
        );
        return Err(Failure::client(text));
    }
    let metrics = metrics(args)?;
    let (items, failures) = targets(view, args, &args.names)?;
    let mut output = Output::default();
    for item in items {
        match autoscaled(view, args, &item, &metrics) {
            Ok(made) => output.join(made),
            Err(failure) => output.fail(&failure),
        }
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}

fn autoscaled(view: &View, args: &Args, item: &Item, metrics: &Value) -> Result<Output, Failure> {
    let resource = item.resource;
    if !has_scale(resource.kind) {
        let (version, plural) = (resource.group_version(), resource.plural);
        return Err(Failure::client(format!(
            "cannot autoscale a {}: could not find scale subresource for {version}, \
             Resource={plural} in discovery information",
            resource.kind
        )));
    }
    let target = map()
        .set("apiVersion", resource.api_version)
        .set("kind", resource.kind)
        .set("name", &item.name);
    let spec = map()
        .set("maxReplicas", args.number("max").unwrap_or(0))
        .some("metrics", metrics.clone())
        .maybe("minReplicas", args.number("min").filter(|min| *min > 0))
        .set("scaleTargetRef", target);
    let status = map()
        .set("currentMetrics", Value::Null)
        .set("desiredReplicas", 0_i64);
    let name = args.given("name");
    let name = name.unwrap_or(&item.name);
    let object = Made {
        kind: "HorizontalPodAutoscaler",
        name,
        word: "autoscaled",
        dry_word: "created",
        before: String::new(),
        object: map()
            .set("metadata", map().set("name", name))
            .set("spec", spec)
            .set("status", status),
    };
    // Whatever the server says, kubectl tries the older version, into which nothing was put.
    made(view, args, object).map_err(|_| {
        Failure::client(
            "failed to create autoscaling/v2 HPA and the configuration is incompatible with \
             autoscaling/v1: empty input",
        )
    })
}

/// `--cpu-percent`, `--cpu` and `--memory`: `70%` of what is requested, or an amount.
fn metrics(args: &Args) -> Result<Value, Failure> {
    let percent = args.number("cpu-percent").filter(|percent| *percent >= 0);
    if percent.is_some() && args.given("cpu").is_some() {
        let text = "--cpu-percent and --cpu are mutually exclusive";
        return Err(Failure::client(text));
    }
    let mut metrics = Vec::new();
    if let Some(percent) = percent.filter(|percent| *percent > 0) {
        metrics.push(metric("cpu", utilization(percent)));
    }
    for name in ["cpu", "memory"] {
        let Some(text) = args.given(name) else {
            continue;
        };
        let target = match text.strip_suffix('%') {
            Some(number) => utilization(
                number
                    .parse::<i32>()
                    .map(i64::from)
                    .map_err(|_| Failure::client(format!("invalid percentage value: {number}")))?,
            ),
            None if Quantity::parse(text).is_ok() => {
                map().set("averageValue", text).set("type", "AverageValue")
            }
            None => {
                let text = format!("invalid resource {name} value: {text}");
                return Err(Failure::client(text));
            }
        };
        metrics.push(metric(name, target));
    }
    Ok(list(metrics))
}

fn utilization(percent: i64) -> Map {
    map()
        .set("averageUtilization", percent)
        .set("type", "Utilization")
}

fn metric(name: &str, target: Map) -> Map {
    let resource = map().set("name", name).set("target", target);
    map().set("resource", resource).set("type", "Resource")
}
