//! Small charts over the whole run, with the playhead, and what the kubelet tells of them.

use crate::i18n::Texts;
use crate::platform::clipboard;
use crate::store::Target;
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::api::ProbeKind;
use readyz_engine::session::{MetricsView, ProbeSample, Request, Sample};
use readyz_engine::time::Instant;
use readyz_engine::view::{ClusterView, RunView, TickOutcome};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The kubelet's paths, as the API server passes them on.
const PATHS: [&str; 3] = ["metrics/probes", "metrics/resource", "metrics"];

#[derive(Properties, PartialEq)]
pub struct MetricsProps {
    pub view: Option<Rc<ClusterView>>,
    pub run: Option<Rc<RunView>>,
    pub target: Option<Target>,
    pub answer: Option<Rc<MetricsView>>,
}

/// What a value is counted in.
#[derive(Clone, Copy)]
enum Unit {
    Plain,
    MilliCores,
    Bytes,
    Micros,
}

impl Unit {
    fn write(self, value: u64) -> String {
        match self {
            Unit::Plain => value.to_string(),
            Unit::MilliCores => format!("{value}m"),
            Unit::Bytes => format!("{}Mi", value >> 20),
            Unit::Micros => format!("{}.{} ms", value / 1_000, value % 1_000 / 100),
        }
    }
}

/// A step function: from each moment on this value.
struct Chart {
    name: String,
    unit: Unit,
    series: Vec<(Instant, u64)>,
    now: u64,
}

impl Chart {
    /// The value of now is the last one until then.
    fn steps(name: String, series: Vec<(Instant, u64)>, now: Instant) -> Chart {
        let last = series.iter().rev().find(|(at, _)| *at <= now);
        Chart {
            now: last.map_or(0, |(_, value)| *value),
            name,
            unit: Unit::Plain,
            series,
        }
    }

    fn samples(
        name: String,
        unit: Unit,
        metrics: &MetricsView,
        pick: impl Fn(&Sample) -> u64,
    ) -> Chart {
        let series = metrics.samples.iter();
        Chart {
            name,
            unit,
            series: series.map(|sample| (sample.at, pick(sample))).collect(),
            now: pick(&metrics.now),
        }
    }
}

/// The charts of the selected container and of all Services.
#[component]
pub fn Metrics(props: &MetricsProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let words = &texts.look;
    let path = use_state(|| PATHS[0]);
    let at = props.view.as_ref().map(|view| view.at);
    let hash = props.run.as_ref().map(|run| run.trace_hash);
    {
        let order = ui.order.clone();
        let key = (at, hash, props.target.clone(), node_path(props, &path));
        use_effect_with(key, move |(at, _, target, path)| {
            if let (Some(at), Some(target), Some(path)) = (*at, target, path) {
                order.emit(Order::Ask(Request::Metrics {
                    at,
                    pod: target.pod.clone(),
                    container: target.container.clone(),
                    path: path.clone(),
                }));
            }
        });
    }
    let Some(run) = &props.run else {
        return Html::default();
    };
    let now = at.unwrap_or(Instant::ZERO);
    let of_target = |metrics: &&Rc<MetricsView>| {
        let target = props.target.as_ref();
        target.is_some_and(|t| t.pod == metrics.pod && t.container == metrics.container)
    };
    let metrics = props.answer.as_ref().filter(of_target);
    let mut charts = Vec::new();
    if let Some(metrics) = metrics {
        of_container(texts, metrics, &mut charts);
    }
    failures(texts, props, run, now, &mut charts);
    of_services(texts, run, now, &mut charts);
    let choose = {
        let path = path.clone();
        Callback::from(move |event: Event| {
            let select = event.target_unchecked_into::<HtmlSelectElement>();
            path.set(PATHS[(select.selected_index().max(0) as usize).min(PATHS.len() - 1)]);
        })
    };
    html! {
        <>
            <ul class="charts">
                { for charts.iter().map(|chart| {
                    let most = chart.series.iter().map(|(_, value)| *value).max().unwrap_or(0);
                    let most = most.max(chart.now);
                    let value = chart.unit.write(chart.now);
                    let spoken = (words.chart)(&chart.name, &value, &chart.unit.write(most));
                    html! {
                        <li>
                            <span>{ &chart.name }</span><b class="mono">{ value }</b>
                            { drawn(spoken, &chart.series, most, now, run.end) }
                        </li>
                    }
                }) }
            </ul>
            if let Some(metrics) = metrics {
                <select id="metrics-path" class="mono" aria-label={words.kubelet_text} onchange={choose}>
                    { for PATHS.iter().map(|one| html! {
                        <option selected={*one == *path}>{ "/" }{ *one }</option>
                    }) }
                </select>
                { told(&ui, metrics) }
            }
        </>
    }
}

/// The kubelet's text, to read and to take along.
fn told(ui: &Ui, metrics: &Rc<MetricsView>) -> Html {
    let text = metrics.clone();
    let copy = Callback::from(move |_: MouseEvent| clipboard::write(&text.text));
    html! {
        <>
            <pre class="printed mono" id="metrics-text" tabindex="0">{ &metrics.text }</pre>
            <button type="button" class="button" id="metrics-copy" onclick={copy}>
                { ui.texts().terminal.copy }
            </button>
        </>
    }
}

/// Where the API server has the metrics of the node that the Pod is on.
fn node_path(props: &MetricsProps, path: &str) -> Option<String> {
    let (view, target) = (props.view.as_ref()?, props.target.as_ref()?);
    let pod = view.pods.iter().find(|pod| pod.name == target.pod)?;
    Some(["/api/v1/nodes/", &pod.node, "/proxy/", path].concat())
}

fn of_container(texts: &Texts, metrics: &MetricsView, charts: &mut Vec<Chart>) {
    let words = &texts.look;
    for kind in ProbeKind::ALL {
        let of = |sample: &Sample| sample.probes[kind as usize].unwrap_or_default();
        let is_there = |sample: &Sample| sample.probes[kind as usize].is_some();
        if !metrics.samples.iter().any(is_there) && !is_there(&metrics.now) {
            continue;
        }
        let name = texts.probe(kind);
        for (result, pick) in [
            (
                words.successful,
                (|probe| probe.successful) as fn(ProbeSample) -> u32,
            ),
            (words.failed, |probe| probe.failed),
        ] {
            let name = (words.probe_total)(name, result);
            let pick = |sample: &Sample| u64::from(pick(of(sample)));
            charts.push(Chart::samples(name, Unit::Plain, metrics, pick));
        }
        let name = (words.probe_duration)(name);
        let average = |sample: &Sample| {
            let probe = of(sample);
            probe.took.0 / 1_000 / u64::from(probe.successful.max(1))
        };
        charts.push(Chart::samples(name, Unit::Micros, metrics, average));
    }
    let restarts = |sample: &Sample| u64::from(sample.restarts);
    let cpu = |sample: &Sample| u64::from(sample.cpu_milli);
    let name = words.restarts.into();
    charts.push(Chart::samples(name, Unit::Plain, metrics, restarts));
    let name = words.cpu.into();
    charts.push(Chart::samples(name, Unit::MilliCores, metrics, cpu));
    let memory = |sample: &Sample| sample.memory_bytes;
    let name = words.memory.into();
    charts.push(Chart::samples(name, Unit::Bytes, metrics, memory));
}

/// Failures in a row, run by run.
fn failures(
    texts: &Texts,
    props: &MetricsProps,
    run: &RunView,
    now: Instant,
    charts: &mut Vec<Chart>,
) {
    let lane = props.target.as_ref().and_then(|target| {
        let mut lanes = run.lanes.iter();
        lanes.find(|lane| lane.pod == target.pod && lane.container == target.container)
    });
    for strip in lane.iter().flat_map(|lane| &lane.probes) {
        let ticks = strip.ticks.iter().map(|tick| match tick.outcome {
            TickOutcome::Failure => (tick.at, u64::from(tick.run)),
            _ => (tick.at, 0),
        });
        let name = (texts.look.probe_failures)(texts.probe(strip.kind));
        charts.push(Chart::steps(name, ticks.collect(), now));
    }
}

fn of_services(texts: &Texts, run: &RunView, now: Instant, charts: &mut Vec<Chart>) {
    let words = &texts.look;
    for service in &run.services {
        let name = |what: &str| format!("{}: {what}", service.name);
        let ready = service.ready_endpoints.iter();
        let ready = ready.map(|(at, count)| (*at, u64::from(*count))).collect();
        charts.push(Chart::steps(name(words.ready_endpoints), ready, now));
        if service.rate > 0 {
            let seconds = |pick: fn(&(u16, u16, u16)) -> u64| -> Vec<(Instant, u64)> {
                let all = service.per_second.iter().enumerate();
                all.map(|(second, counts)| (Instant::from_secs(second as u64), pick(counts)))
                    .collect()
            };
            let sum = |c: &(u16, u16, u16)| u64::from(c.0) + u64::from(c.1) + u64::from(c.2);
            charts.push(Chart::steps(name(words.request_rate), seconds(sum), now));
            let lost = |c: &(u16, u16, u16)| u64::from(c.1) + u64::from(c.2);
            charts.push(Chart::steps(name(words.lost_rate), seconds(lost), now));
        }
    }
}

/// Steps on 300 × 30.
fn drawn(spoken: String, series: &[(Instant, u64)], most: u64, now: Instant, end: Instant) -> Html {
    let x = |at: Instant| format!("{:.1}", at.0 as f64 / end.0.max(1) as f64 * 300.0);
    let y = |value: u64| format!("{:.1}", 28.0 - value as f64 / most.max(1) as f64 * 26.0);
    let mut path = format!("M0 {}", y(0));
    for (at, value) in series {
        path.push_str(&format!("H{}V{}", x(*at), y(*value)));
    }
    path.push_str("H300");
    html! {
        <svg class="chart" viewBox="0 0 300 30" preserveAspectRatio="none" role="img"
            aria-label={spoken}>
            <path d={path} />
            <path class="this" d={format!("M{} 0V30", x(now))} />
        </svg>
    }
}
