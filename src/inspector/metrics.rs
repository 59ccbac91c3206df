//! Small charts over the whole run, with the playhead.

use crate::store::Target;
use crate::ui::use_ui;
use readyz_engine::time::Instant;
use readyz_engine::view::{BandKind, ClusterView, RunView, TickOutcome};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct MetricsProps {
    pub view: Option<Rc<ClusterView>>,
    pub run: Option<Rc<RunView>>,
    pub target: Option<Target>,
}

/// A step function: from each moment on this value.
type Series = Vec<(Instant, u32)>;

/// The charts of the selected container and of all Services.
#[component]
pub fn Metrics(props: &MetricsProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let words = &texts.look;
    let Some(run) = &props.run else {
        return Html::default();
    };
    let mut charts: Vec<(String, Series)> = Vec::new();
    let lane = props.target.as_ref().and_then(|target| {
        let mut lanes = run.lanes.iter();
        lanes.find(|lane| lane.pod == target.pod && lane.container == target.container)
    });
    if let Some(lane) = lane {
        let starts = lane.bands.iter().enumerate().filter(|(place, band)| {
            let begins = matches!(band.kind, BandKind::Booting | BandKind::Running);
            let before = place.checked_sub(1).map(|before| lane.bands[before].kind);
            begins && !matches!(before, Some(BandKind::Booting | BandKind::Running))
        });
        let restarts = starts.skip(1).enumerate();
        charts.push((
            words.restarts.into(),
            restarts
                .map(|(count, (_, band))| (band.from, count as u32 + 1))
                .collect(),
        ));
        for strip in &lane.probes {
            let ticks = strip.ticks.iter().map(|tick| match tick.outcome {
                TickOutcome::Failure => (tick.at, u32::from(tick.run)),
                _ => (tick.at, 0),
            });
            charts.push((
                (words.probe_failures)(texts.probe(strip.kind)),
                ticks.collect(),
            ));
        }
    }
    for service in &run.services {
        let name = |what: &str| format!("{}: {what}", service.name);
        charts.push((name(words.ready_endpoints), service.ready_endpoints.clone()));
        if service.rate > 0 {
            let seconds = |pick: fn(&(u16, u16, u16)) -> u32| -> Series {
                let all = service.per_second.iter().enumerate();
                all.map(|(second, counts)| (Instant::from_secs(second as u64), pick(counts)))
                    .collect()
            };
            let sum = |c: &(u16, u16, u16)| u32::from(c.0) + u32::from(c.1) + u32::from(c.2);
            charts.push((name(words.request_rate), seconds(sum)));
            let lost = |c: &(u16, u16, u16)| u32::from(c.1) + u32::from(c.2);
            charts.push((name(words.lost_rate), seconds(lost)));
        }
    }
    let now = props.view.as_ref().map_or(Instant::ZERO, |view| view.at);
    html! {
        <ul class="charts">
            { for charts.iter().map(|(name, series)| {
                let value = series.iter().rev().find(|(at, _)| *at <= now).map_or(0, |(_, v)| *v);
                let most = series.iter().map(|(_, value)| *value).max().unwrap_or(0);
                html! {
                    <li>
                        <span>{ name }</span><b class="mono">{ value }</b>
                        { chart((words.chart)(name, value, most), series, most, now, run.end) }
                    </li>
                }
            }) }
        </ul>
    }
}

/// Steps on 300 × 30.
fn chart(spoken: String, series: &Series, most: u32, now: Instant, end: Instant) -> Html {
    let x = |at: Instant| format!("{:.1}", at.0 as f64 / end.0.max(1) as f64 * 300.0);
    let y = |value: u32| {
        format!(
            "{:.1}",
            28.0 - f64::from(value) / f64::from(most.max(1)) * 26.0
        )
    };
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
