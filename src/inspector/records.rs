//! What the selected lane shows, as a table: the timeline's canvas for those who cannot see it.

use crate::format::{clock, took};
use crate::i18n::Texts;
use crate::range::Range;
use crate::store::Target;
use crate::ui::{use_ui, Order};
use readyz_engine::time::Instant;
use readyz_engine::view::{BandKind, LaneView, RunView};
use std::rc::Rc;
use yew::prelude::*;

/// Rows that are shown; the rest is a matter of the zoom.
const ROWS_MAX: usize = 300;

#[derive(Properties, PartialEq)]
pub struct RecordsProps {
    pub at: Option<Instant>,
    pub run: Option<Rc<RunView>>,
    pub target: Option<Target>,
    pub range: Range,
}

/// The table. Each moment leads there.
#[component]
pub fn Records(props: &RecordsProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let words = &texts.look;
    let lane = props.run.as_ref().zip(props.target.as_ref());
    let lane = lane.and_then(|(run, target)| {
        let is_it = |lane: &&LaneView| lane.pod == target.pod && lane.container == target.container;
        run.lanes.iter().find(is_it).map(|lane| (run, lane))
    });
    let Some((run, lane)) = lane else {
        return html! { <p class="empty">{ texts.why.nothing }</p> };
    };
    let range = props.range;
    let mut records = records(texts, lane);
    let mine = run
        .pins
        .iter()
        .map(|pin| (pin.at, (texts.fault.deed)(&pin.label)));
    records.extend(mine);
    records.retain(|(at, _)| *at >= range.from && *at <= range.to);
    records.sort_by_key(|(at, _)| *at);
    let more = records.len().saturating_sub(ROWS_MAX);
    records.truncate(ROWS_MAX);
    let now = props.at.unwrap_or(Instant::ZERO);
    let here = records.partition_point(|(at, _)| *at <= now).checked_sub(1);
    let name = [&*lane.pod, "/", &*lane.container].concat();
    html! {
        <>
            <table class="events records" id="records">
                <caption class="caption">
                    { (words.records_of)(&name, &clock(range.from), &clock(range.to)) }
                </caption>
                <thead><tr>
                    <th scope="col">{ words.moment }</th><th scope="col">{ words.what }</th>
                </tr></thead>
                <tbody>{ for records.into_iter().enumerate().map(|(row, (at, what))| html! {
                    <tr aria-current={(here == Some(row)).then_some("true")}>
                        <td>
                            <button type="button" class="moment mono"
                                onclick={ui.orders::<MouseEvent>(Order::Seek(at))}>{ clock(at) }</button>
                        </td>
                        <td>{ what }</td>
                    </tr>
                }) }</tbody>
            </table>
            if more > 0 { <p class="caption">{ (words.records_more)(more) }</p> }
        </>
    }
}

/// States, runs of probes, and the way into and out of the Services.
fn records(texts: &Texts, lane: &LaneView) -> Vec<(Instant, String)> {
    let mut records: Vec<(Instant, String)> = Vec::new();
    for band in &lane.bands {
        let label = (texts.look.state)(&band.label).into_owned();
        records.push((band.from, label));
        if let (BandKind::Stopping, Some(at)) = (band.kind, band.planned_end) {
            if at <= band.to {
                records.push((at, "SIGKILL".into()));
            }
        }
    }
    for strip in &lane.probes {
        records.extend(strip.ticks.iter().map(|tick| {
            let what = texts.tick(strip.kind, tick, strip.failure_threshold);
            let mark = if tick.decisive { " ⊗" } else { "" };
            (tick.at, format!("{what}, {}{mark}", took(tick.took_millis)))
        }));
    }
    for (from, to) in &lane.in_service {
        records.push((*from, texts.in_service.into()));
        if *to < lane.to {
            records.push((*to, texts.out_of_rotation.into()));
        }
    }
    records
}
