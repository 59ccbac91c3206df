//! The calculator: what the manifest's numbers mean, best and worst, and what this run took.

use super::tuner::Tuner;
use crate::format::{seconds, short_seconds};
use crate::i18n::{Texts, TimingWords};
use crate::icons::{icon, probe_icon};
use crate::panels::Sweep;
use crate::store::Target;
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::api::ProbeKind;
use readyz_engine::session::Request;
use readyz_engine::time::{Duration, Instant};
use readyz_engine::timing::{Case, Field, PartKind, Question, Row};
use readyz_engine::view::{BandKind, ClusterView, LaneView, RunView, TickOutcome};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct TimingProps {
    pub view: Option<Rc<ClusterView>>,
    pub run: Option<Rc<RunView>>,
    pub target: Option<Target>,
    pub rows: Rc<Vec<Row>>,
    /// What the cluster runs.
    pub applied: AttrValue,
    pub sweep: Option<Rc<Sweep>>,
}

/// The timing tab.
#[component]
pub fn Timing(props: &TimingProps) -> Html {
    let ui = use_ui();
    let words = &ui.texts().timing;
    let hash = props.run.as_ref().map(|run| run.trace_hash);
    {
        let order = ui.order.clone();
        use_effect_with(hash, move |_| order.emit(Order::Ask(Request::Timing)));
    }
    let rows: Vec<&Row> = props.rows.iter().filter(|row| is_of(props, row)).collect();
    if rows.is_empty() {
        return html! { <p class="empty">{ words.nothing }</p> };
    }
    html! {
        <>
            <p class="caption">{ words.hint }</p>
            { for rows.iter().map(|row| question(&ui, words, props, row)) }
            { tuner(props, &rows) }
        </>
    }
}

/// For a liveness probe: which numbers would do better.
fn tuner(props: &TimingProps, rows: &[&Row]) -> Html {
    let is_it =
        |row: &&&Row| row.question == Question::Detection && row.probe == Some(ProbeKind::Liveness);
    let Some(row) = rows.iter().find(is_it) else {
        return Html::default();
    };
    let pods = props.view.iter().flat_map(|view| &view.pods);
    let containers = pods.flat_map(|pod| &pod.containers);
    let mut probes = containers
        .filter(|one| one.name == row.container)
        .flat_map(|one| &one.probes);
    let is_command =
        probes.any(|probe| probe.kind == ProbeKind::Liveness && probe.target.starts_with("exec"));
    html! {
        <Tuner key={format!("{}/{}", row.workload, row.container)} row={(**row).clone()} {is_command}
            applied={props.applied.clone()} sweep={props.sweep.clone()} />
    }
}

/// Whether a row is about the selected container.
fn is_of(props: &TimingProps, row: &Row) -> bool {
    let (Some(view), Some(target)) = (&props.view, &props.target) else {
        return true;
    };
    let pod = view.pods.iter().find(|pod| pod.name == target.pod);
    let Some(pod) = pod else { return true };
    let owner = if pod.owner.is_empty() {
        row.workload.strip_prefix("pod/") == Some(&pod.name)
    } else {
        row.workload == pod.owner
    };
    owner && row.container == target.container
}

fn question(ui: &Ui, words: &TimingWords, props: &TimingProps, row: &Row) -> Html {
    let lane = props.target.as_ref().and_then(|target| {
        let lanes = &props.run.as_ref()?.lanes;
        lanes
            .iter()
            .find(|lane| lane.pod == target.pod && lane.container == target.container)
    });
    let now = props.view.as_ref().map_or(Instant::ZERO, |view| view.at);
    let pins = props.run.as_deref().map_or(&[][..], |run| &run.pins);
    let faults: Vec<Instant> = pins.iter().map(|pin| pin.at).collect();
    let this = lane.and_then(|lane| this_run(lane, row, &faults, now));
    let range = match (&row.best, &row.worst) {
        (Some(best), Some(worst)) => {
            (words.range)(&short_seconds(best.total), &short_seconds(worst.total))
        }
        _ => words.never.into(),
    };
    html! {
        <section class="timing-row" data-question={slug(row.question)}
            aria-label={(words.question)(row.question)}>
            <h2>
                if let Some(kind) = row.probe { { icon(probe_icon(kind)) } }
                <span>{ name(ui.texts(), row) }</span><b class="mono">{ range }</b>
            </h2>
            if let (Some(best), Some(worst)) = (&row.best, &row.worst) {
                { bar(words, best, worst, this) }
                <p class="formula mono">{ worst.formula() }</p>
            }
            <div class="timing-fields">
                { for row.fields.iter().map(|field| html! { <Number field={field.clone()} /> }) }
                <span class="rule-id mono" title={ui.texts().why.rule}>{ &row.rules }</span>
            </div>
        </section>
    }
}

/// Its name for tests.
const fn slug(question: Question) -> &'static str {
    match question {
        Question::FirstProbe => "first-probe",
        Question::StartupBudget => "startup",
        Question::Detection => "detection",
        Question::Restart => "restart",
        Question::OutOfService => "out",
        Question::BackInService => "back",
        Question::Shutdown => "shutdown",
    }
}

fn name(texts: &Texts, row: &Row) -> String {
    let question = (texts.timing.question)(row.question);
    match row.probe {
        Some(kind) => format!("{question} · {}", texts.probe(kind)),
        None => question.into(),
    }
}

/// The worst case, part by part; below it the stretch from best to worst; this run as a line.
fn bar(words: &TimingWords, best: &Case, worst: &Case, this: Option<Duration>) -> Html {
    let whole = worst.total.max(this.unwrap_or(Duration::ZERO)).0.max(1) as f64;
    let x = |span: Duration| span.0 as f64 / whole * 300.0;
    let mut from = Duration::ZERO;
    let parts = worst.parts.iter().map(|part| {
        let at = from;
        from = Duration(from.0 + part.span.0);
        html! {
            <rect class={class(part.kind)} x={x(at).to_string()} y="0" height="14"
                width={(x(part.span) - 1.0).max(1.0).to_string()}>
                <title>{ format!("{} {} s", (words.part)(part.kind), short_seconds(part.span)) }</title>
            </rect>
        }
    });
    let parts: Vec<Html> = parts.collect();
    let spoken = format!(
        "{}: {} s, {}: {} s",
        words.best,
        short_seconds(best.total),
        words.worst,
        short_seconds(worst.total)
    );
    html! {
        <>
            <svg class="timing-bar" viewBox="0 0 300 20" preserveAspectRatio="none" role="img"
                aria-label={spoken}>
                { for parts }
                <path class="span" d={format!("M{} 15v4H{}v-4", x(best.total), x(worst.total))} />
                if let Some(this) = this {
                    <path class="this" d={format!("M{} 0v16", x(this))} />
                }
            </svg>
            if let Some(this) = this {
                <p class="this-run">{ (words.this_run)(&seconds(this)) }</p>
            }
        </>
    }
}

const fn class(kind: PartKind) -> &'static str {
    match kind {
        PartKind::InitialDelay | PartKind::NextTick => "part-wait",
        PartKind::FurtherRuns | PartKind::LastRun => "part-runs",
        PartKind::Grace | PartKind::PreStop => "part-grace",
        PartKind::Sync | PartKind::Proxy => "part-rest",
    }
}

#[derive(Properties, PartialEq)]
struct NumberProps {
    field: Field,
}

/// A number that writes to the YAML. A component: while it is being typed, moments pass, and what is
/// rendered again takes its value anew.
#[component]
fn Number(props: &NumberProps) -> Html {
    let ui = use_ui();
    let words = &ui.texts().timing;
    let field = &props.field;
    let write = {
        let (order, field) = (ui.order.clone(), field.clone());
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value();
            if let Ok(value) = value.parse() {
                order.emit(Order::Number(field.clone(), value));
            }
        })
    };
    html! {
        <label class="timing-field">
            <span class="mono">{ &field.name }</span>
            <input type="number" class="mono" min="0" value={field.value.to_string()}
                data-field={field.name.clone()}
                aria-label={(words.field)(&field.name, field.line)} onchange={write} />
            if !field.written { <small>{ words.default }</small> }
        </label>
    }
}

/// What the last such stretch before `now` took in this run; None if there was none.
fn this_run(lane: &LaneView, row: &Row, faults: &[Instant], now: Instant) -> Option<Duration> {
    let strip = |kind: ProbeKind| lane.probes.iter().find(|strip| strip.kind == kind);
    let fault_before = |at: Instant| faults.iter().copied().filter(|f| *f <= at).max();
    // When the failures that led to a verdict began.
    let verdict = |kind: ProbeKind| {
        let strip = strip(kind)?;
        let ticks = strip.ticks.iter().filter(|tick| tick.at <= now);
        let last = ticks
            .rev()
            .find(|tick| tick.decisive && tick.outcome == TickOutcome::Failure)?;
        Some((fault_before(last.at)?, last.at))
    };
    let starts = |kinds: &[BandKind]| {
        let bands = lane.bands.iter().filter(|band| band.from <= now);
        bands
            .rev()
            .find(|band| kinds.contains(&band.kind))
            .map(|band| band.from)
    };
    match row.question {
        Question::FirstProbe => {
            let start = starts(&[BandKind::Booting, BandKind::Running])?;
            let first = strip(row.probe?)?
                .ticks
                .iter()
                .find(|tick| tick.at >= start)?;
            Some(first.at - start)
        }
        Question::StartupBudget => {
            let start = starts(&[BandKind::Booting])?;
            let ticks = &strip(ProbeKind::Startup)?.ticks;
            let passed = ticks
                .iter()
                .find(|tick| tick.at >= start && tick.outcome == TickOutcome::Success)?;
            Some(passed.at - start)
        }
        Question::Detection => verdict(row.probe?).map(|(fault, at)| at - fault),
        Question::Restart => {
            let (fault, at) = verdict(row.probe?)?;
            let bands = lane.bands.iter();
            let mut after = bands.filter(|band| band.from > at && band.from <= now);
            let end = after.find(|band| !matches!(band.kind, BandKind::Stopping))?;
            Some(end.from - fault)
        }
        Question::OutOfService => {
            let ended = lane.in_service.iter().filter(|(_, to)| *to <= now);
            let end = ended.map(|(_, to)| *to).max()?;
            Some(end - fault_before(end)?)
        }
        Question::BackInService | Question::Shutdown => None,
    }
}
