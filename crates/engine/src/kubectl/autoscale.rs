//! `kubectl autoscale`: the HorizontalPodAutoscaler is made, and nothing acts on it (it is not
//! simulated).

use super::args::{Args, Flags};
use super::attempt::targets;
use super::failure::Failure;
use super::flags::{value, whole_32, NONE, NO_FILES, PRINT, SAVE_CONFIG, WRITE};
use super::view::View;
use super::{Output, Verb};

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
    let (items, failures) = targets(view, args, &args.names)?;
    let mut output = Output::default();
    for item in items {
        let name = args.get("name").unwrap_or(&item.name);
        let line = format!("horizontalpodautoscaler.autoscaling/{name} autoscaled\n");
        output.stdout.push_str(&line);
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output.unless_dry(args))
}
