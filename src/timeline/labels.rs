//! The names at the left of the lanes. A lane's name opens it.

use super::rows::{Row, Rows};
use super::Size;
use crate::icons::{icon, icon_as, probe_icon, Icon};
use crate::store::{Action, Target};
use crate::ui::Ui;
use yew::prelude::*;

/// More rows than this are not all there: only those in sight have labels.
const ALL_MAX: usize = 60;
/// What counts as in sight above and below, in pixels.
const BEYOND: f64 = 240.0;

/// The labels, in the rows' order.
pub fn labels(ui: &Ui, rows: &Rows, size: Size) -> Html {
    let (first, last) = in_sight(rows, size);
    let edge = |row: usize| rows.rows.get(row).map_or(rows.height, |(_, y)| *y);
    let space = |from: f64, to: f64| {
        html! { <svg height={format!("{}", to - from)} aria-hidden="true" /> }
    };
    html! {
        <>
            if first > 0 { { space(0.0, edge(first)) } }
            { for rows.rows[first..last].iter().map(|(row, _)| label(ui, rows, *row)) }
            if last < rows.rows.len() { { space(edge(last), rows.height) } }
        </>
    }
}

/// The rows that have labels.
fn in_sight(rows: &Rows, size: Size) -> (usize, usize) {
    if rows.rows.len() <= ALL_MAX {
        return (0, rows.rows.len());
    }
    let top = size.scrolled - BEYOND;
    let bottom = size.scrolled + size.height + BEYOND;
    let first = rows.rows.partition_point(|(_, y)| *y < top);
    let last = rows.rows.partition_point(|(_, y)| *y < bottom);
    (first, last)
}

/// How many lanes of a comparison are alike, below the others.
pub fn folded(ui: &Ui, count: u32) -> Option<Html> {
    let words = ui.texts().look.equal_lanes;
    (count > 0).then(|| {
        html! { <div class="label row-inputs dim">{ words(count as usize) }</div> }
    })
}

fn label(ui: &Ui, rows: &Rows, row: Row) -> Html {
    let texts = ui.texts();
    match row {
        Row::Inputs => html! { <div class="label row-inputs">{ texts.inputs }</div> },
        Row::Traffic(number) => {
            let (name, rate) = &rows.services[number];
            html! {
                <div class="label row-traffic">
                    <span>{ texts.traffic }{ " " }<span class="mono">{ name }</span></span>
                    <span class="label-fact">{ (texts.rate)(*rate) }</span>
                </div>
            }
        }
        Row::Events => html! { <div class="label row-events">{ texts.events_row }</div> },
        Row::Lane(number) => lane(ui, rows, number, false),
        Row::OpenLane(number) => lane(ui, rows, number, true),
        Row::Strip(lane, strip) => {
            let mut strips = rows.strips.iter().filter(|(of, ..)| *of == lane);
            let Some((_, kind, threshold)) = strips.nth(strip).copied() else {
                return Html::default();
            };
            html! {
                <div class={classes!("label", "open", format!("row-{}", kind.name()))}>
                    <span class="label-probe">{ icon(probe_icon(kind)) }{ texts.probe(kind) }</span>
                    <span class="label-fact mono">{ threshold }</span>
                </div>
            }
        }
        Row::InService(_) => html! {
            <div class="label open row-service">
                <span class="label-probe ok-ink">{ icon(Icon::Plug) }{ texts.in_service }</span>
            </div>
        },
        Row::Differs(_) => html! {
            <div class="label open row-differs">
                <span class="label-probe you-ink">{ icon(Icon::Diamond) }{ "A ≠ B" }</span>
            </div>
        },
    }
}

fn lane(ui: &Ui, rows: &Rows, number: usize, open: bool) -> Html {
    let (pod, container) = &rows.names[number];
    let (side, plain) = match pod.split_once(' ') {
        Some((side, plain)) => (Some(side.to_owned()), plain),
        None => (None, pod.as_str()),
    };
    let select = ui.tells::<MouseEvent>(Action::TargetSelected(Target {
        pod: plain.into(),
        container: container.clone(),
    }));
    // Further containers of a Pod stand under its name, where names would be cut alike.
    let further = number > 0 && rows.names[number - 1].0 == *pod;
    let name = (ui.texts().lane)(pod, container);
    let class = if open { "row-open" } else { "row-lane" };
    html! {
        <div class={classes!("label", "lane", class, open.then_some("open"))}>
            <button type="button" aria-expanded={open.to_string()} onclick={select}
                aria-label={further.then(|| name.clone())} title={name}>
                { icon_as(if open { Icon::CaretDown } else { Icon::Caret }, "icon caret") }
                { for side.map(|side| html! { <b class="side mono">{ side }</b> }) }
                if !further { <b class="mono">{ short(plain) }</b> }
                <span class={classes!("mono", further.then_some("further"))}>{ "/" }{ container }</span>
            </button>
        </div>
    }
}

/// The telling end of a long Pod name.
fn short(pod: &str) -> &str {
    match pod.rsplit_once('-') {
        Some((stem, suffix)) if suffix.len() == 5 && stem.contains('-') => suffix,
        _ => pod,
    }
}
