//! What one run of a probe was: shown beside the pointer, never over its own lane.

use super::overlay::x_of;
use super::rows::{Row, Rows};
use super::Size;
use crate::format;
use crate::i18n::Texts;
use crate::icons::{icon, probe_icon};
use crate::platform::dom;
use crate::range::Range;
use crate::ui::use_ui;
use readyz_engine::api::ProbeKind;
use readyz_engine::time::Instant;
use readyz_engine::view::{RunView, StripView, TickOutcome, TickView};
use web_sys::Element;
use yew::prelude::*;

/// How near the pointer must be.
const NEAR_PX: f64 = 7.0;
/// The card's size, for its place; equal to the style sheet's.
const WIDTH: f64 = 236.0;
const HEIGHT: f64 = 96.0;

/// A run under the pointer, with all that the card says.
#[derive(Clone, Debug, PartialEq)]
pub struct Pointed {
    kind: ProbeKind,
    /// Of failures.
    threshold: u32,
    tick: TickView,
    next: Option<Instant>,
    x: f64,
    /// Edges of the row.
    top: f64,
    bottom: f64,
}

/// The run that is nearest to a place of the plot.
pub fn pointed(
    run: &RunView,
    rows: &Rows,
    range: Range,
    size: Size,
    (x, y): (f64, f64),
) -> Option<Pointed> {
    let (row, top) = rows.rows.iter().rev().find(|(_, top)| *top <= y).copied()?;
    let bottom = top + row.height(run);
    if y > bottom {
        return None;
    }
    let strips: &[StripView] = match row {
        Row::Strip(lane, strip) => std::slice::from_ref(&run.lanes[lane].probes[strip]),
        Row::Lane(lane) => &run.lanes[lane].probes,
        _ => return None,
    };
    let near = strips
        .iter()
        .filter_map(|strip| nearest(strip, range, size.width, x));
    let (strip, index, distance) = near.min_by(|a, b| a.2.total_cmp(&b.2))?;
    let tick = strip.ticks[index];
    (distance <= NEAR_PX).then(|| Pointed {
        kind: strip.kind,
        threshold: strip.failure_threshold,
        tick,
        next: strip.ticks.get(index + 1).map(|next| next.at),
        x: x_of(range, size.width, tick.at),
        top,
        bottom,
    })
}

fn nearest(
    strip: &StripView,
    range: Range,
    width: f64,
    x: f64,
) -> Option<(&StripView, usize, f64)> {
    let after = strip
        .ticks
        .partition_point(|tick| x_of(range, width, tick.at) < x);
    let candidates = [after.checked_sub(1), Some(after)];
    candidates
        .into_iter()
        .flatten()
        .filter_map(|index| {
            let tick = strip.ticks.get(index)?;
            Some((strip, index, (x_of(range, width, tick.at) - x).abs()))
        })
        .min_by(|a, b| a.2.total_cmp(&b.2))
}

/// What a run had for an effect.
fn effect(texts: &Texts, pointed: &Pointed) -> &'static str {
    match (pointed.tick.outcome, pointed.tick.decisive, pointed.kind) {
        (TickOutcome::Error, ..) => texts.effect_discarded,
        (TickOutcome::Success, true, ProbeKind::Readiness) => texts.effect_ready,
        (TickOutcome::Success, true, ProbeKind::Startup) => texts.effect_started,
        (TickOutcome::Success, ..) => texts.effect_none,
        (TickOutcome::Failure, true, ProbeKind::Readiness) => texts.effect_not_ready,
        (TickOutcome::Failure, true, _) => texts.effect_kill,
        (TickOutcome::Failure, false, ProbeKind::Readiness) => texts.readiness_never_restarts,
        (TickOutcome::Failure, false, _) => texts.effect_below,
    }
}

#[derive(Properties, PartialEq)]
pub struct CardProps {
    pub pointed: Pointed,
    pub size: Size,
}

/// The card.
#[component]
pub fn Card(props: &CardProps) -> Html {
    let texts = use_ui().texts();
    let place = use_node_ref();
    {
        let place = place.clone();
        use_effect_with(
            (props.pointed.clone(), props.size),
            move |(pointed, size)| {
                let Some(element) = place.cast::<Element>() else {
                    return;
                };
                let x = (pointed.x + 12.0).min(size.width - WIDTH - 8.0).max(4.0);
                let below = pointed.bottom + 6.0;
                let y = if below + HEIGHT <= size.scrolled + size.height {
                    below
                } else {
                    (pointed.top - HEIGHT - 6.0).max(size.scrolled)
                };
                dom::set_style(
                    &element,
                    "transform",
                    &format!("translate({x:.0}px,{y:.0}px)"),
                );
            },
        );
    }
    let pointed = &props.pointed;
    let title = texts.tick(pointed.kind, &pointed.tick, pointed.threshold);
    html! {
        <div ref={place} class="card" aria-hidden="true">
            <p class="card-title">
                { icon(probe_icon(pointed.kind)) }<b>{ title }</b><span class="space" />
                <span class="mono">{ format::clock(pointed.tick.at) }</span>
            </p>
            <p>
                { effect(texts, pointed) }{ " " }
                <span class="mono">{ format::took(pointed.tick.took_millis) }</span>
            </p>
            if pointed.tick.triggered { <p>{ texts.legend_triggered }</p> }
            if let Some(next) = pointed.next {
                <p class="dim">{ texts.next }{ " " }<span class="mono">{ format::clock(next) }</span></p>
            }
        </div>
    }
}
