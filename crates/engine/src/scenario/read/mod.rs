//! The Scenario document and lists of steps, from the positioned tree.

mod act;
mod expect;
mod form;
mod image;
mod wrong;

use super::duration::{decimal_times, parse_wall_clock};
use super::{Scenario, Step, TrafficSpec, API_VERSION};
use crate::api::Node;
use crate::manifest::yaml::{compose, Node as Tree, Reading, Value};
use crate::manifest::{Diagnostic, Lines, Quantity, Severity, Span};
use crate::time::{Duration, Instant};
use form::{Form, Problems};
pub use wrong::Wrong;

/// Reads a Scenario document. What is wrong is left out of the scenario and named.
pub fn read(root: &Tree, lines: &Lines) -> (Scenario, Vec<Diagnostic>) {
    let mut problems = Problems::new(lines);
    let scenario = read_root(root, &mut problems);
    (scenario, problems.list)
}

/// The fields that are looked for when this text is read, each with the path of its map, in which
/// `[]` stands for any entry of a list.
pub fn fields_read(text: &str) -> Vec<(String, &'static str)> {
    let lines = Lines::new(text);
    let mut problems = Problems::new(&lines);
    problems.asked = Some(Vec::new());
    if let Ok(Some(root)) = compose(text, 0, &mut Reading::default()).map(|composed| composed.root)
    {
        read_root(&root, &mut problems);
    }
    let mut asked = problems.asked.unwrap_or_default();
    for (path, _) in &mut asked {
        // No name in a path has digits: they are positions in lists.
        path.retain(|c| !c.is_ascii_digit());
    }
    asked
}

fn read_root(root: &Tree, problems: &mut Problems) -> Scenario {
    let mut scenario = Scenario::default();
    let mut form = Form::new(root, "", problems);
    if form.text("apiVersion") != Some(API_VERSION) {
        form.wrong_word("apiVersion", Wrong::Version, "", API_VERSION);
    }
    if form.text("kind") != Some("Scenario") {
        form.wrong("kind", Wrong::Kind);
    }
    if let Some(mut metadata) = form.structure("metadata") {
        scenario.name = metadata.text("name").unwrap_or_default().into();
        metadata.ignore(&["labels", "annotations", "namespace"]);
        metadata.finish();
    }
    if let Some(spec) = form.structure("spec") {
        read_spec(spec, &mut scenario);
    }
    form.finish();
    scenario
}

fn read_spec(mut spec: Form, scenario: &mut Scenario) {
    if let Some(seed) = spec.natural("seed") {
        scenario.seed = seed;
    }
    if let Some(text) = spec.text("start") {
        match parse_wall_clock(text) {
            Some(seconds) => scenario.start_unix_seconds = seconds,
            None => spec.wrong("start", Wrong::NoMoment),
        }
    }
    if let Some(duration) = spec.duration("duration") {
        scenario.duration = duration;
    }
    spec.each("nodes", |form| scenario.nodes.extend(node(form)));
    spec.each("images", |form| scenario.images.extend(image::image(form)));
    spec.each("dependencies", |form| {
        scenario.dependencies.extend(image::dependency(form));
    });
    spec.each("traffic", |form| scenario.traffic.extend(traffic(form)));
    spec.each("steps", |form| scenario.steps.extend(step(form, true)));
    spec.each("expect", |form| {
        scenario.expect.extend(expect::expectation(form))
    });
    spec.finish();
}

/// Reads a list of steps as the recordings have them (JSON or YAML). A step without `at` happens
/// at 0:00, before the manifest.
pub fn steps_from_json(text: &str) -> (Vec<Step>, Vec<Diagnostic>) {
    let lines = Lines::new(text);
    let mut problems = Problems::new(&lines);
    let mut steps = Vec::new();
    match compose(text, 0, &mut Reading::default()) {
        Ok(composed) => {
            let root = composed.root.unwrap_or(Tree::null(Span::default()));
            match &root.value {
                Value::List(items) => {
                    for (i, item) in items.iter().enumerate() {
                        let path = ["[", &i.to_string(), "]"].concat();
                        steps.extend(step(Form::new(item, &path, &mut problems), false));
                    }
                }
                Value::Null => {}
                _ => {
                    problems.add(root.span, "", Wrong::NoSteps, "", "");
                }
            }
        }
        Err(error) => problems.tell(Span::at(error.at), "", error.message, String::new()),
    }
    (steps, problems.list)
}

/// Reads one step in YAML's flow style, as a front end sends it:
/// `{at: 12.5s, kill: {pod: web, signal: KILL}}`. `Err` is a sentence.
pub fn step_from_text(text: &str) -> Result<Step, String> {
    let lines = Lines::new(text);
    let mut problems = Problems::new(&lines);
    let composed = compose(text, 0, &mut Reading::default()).map_err(|error| error.message)?;
    let root = composed.root.ok_or("the step is empty")?;
    let step = step(Form::new(&root, "", &mut problems), true);
    let wrong = problems.list.into_iter();
    match (
        step,
        wrong.into_iter().find(|p| p.severity == Severity::Error),
    ) {
        (Some(step), None) => Ok(step),
        (_, Some(problem)) => Err(match problem.suggestion {
            Some(way_out) => [&problem.message, "; ", &way_out].concat(),
            None => problem.message,
        }),
        (None, None) => Err("the step says nothing to do".into()),
    }
}

fn step(mut form: Form, needs_moment: bool) -> Option<Step> {
    let at = match form.has("at") || needs_moment {
        true => form.required_duration("at"),
        false => Some(Duration::ZERO),
    };
    let hold_for = form.duration("for");
    let line = form.line();
    let act = act::act(&mut form);
    form.finish();
    Some(Step {
        at: Instant(at?.0),
        act: act?,
        hold_for,
        line,
    })
}

fn node(mut form: Form) -> Option<Node> {
    let mut node = crate::manifest::default_node();
    node.metadata.name = form.required_text("name")?.into();
    node.metadata.labels = form.string_map("labels");
    if let Some(cpu) = form.quantity("cpu") {
        node.cpu_milli = cpu.milli();
    }
    if let Some(memory) = form.quantity("memory") {
        node.memory_bytes = memory.units();
    }
    if let Some(disk) = form.quantity("ephemeral-storage") {
        node.ephemeral_bytes = disk.units();
    }
    if let Some(pods) = form.natural("pods") {
        node.pods = u32::try_from(pods).unwrap_or(u32::MAX);
    }
    for (name, text) in form.string_map("extended") {
        match Quantity::parse(&text) {
            Ok(amount) => node.others.push((name, amount.units())),
            Err(_) => form.wrong("extended", Wrong::NoQuantity),
        }
    }
    node.unschedulable = form.bool("unschedulable").unwrap_or(false);
    form.each("taints", |form| node.taints.extend(act::taint(form)));
    form.finish();
    Some(node)
}

fn traffic(mut form: Form) -> Option<TrafficSpec> {
    let service = form.required_text("service").map(String::from);
    let rate = rate(&mut form);
    form.finish();
    Some(TrafficSpec {
        service: service?,
        rate_milli: rate?,
    })
}

/// `rate`: requests a second, with a fraction if need be.
fn rate(form: &mut Form) -> Option<u32> {
    let literal = form.number("rate")?;
    let milli = decimal_times(&literal, 1_000).and_then(|milli| u32::try_from(milli).ok());
    if milli.is_none() {
        form.wrong("rate", Wrong::NoRate);
    }
    milli
}
