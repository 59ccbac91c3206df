//! Markers and the loop, over the ruler.

use super::overlay::x_of;
use crate::format::clock;
use crate::range::Range;
use crate::store::Action;
use crate::time_tools::{TimeTools, Tool};
use crate::ui::{Order, Ui};
use readyz_engine::time::Instant;
use yew::prelude::*;

/// What is drawn over the ruler; beside it in the tree, since a slider holds nothing to press.
pub fn marks(ui: &Ui, tools: &TimeTools, range: Range, width: f64) -> Html {
    let words = &ui.texts().time;
    let x = |at| x_of(range, width, at);
    let looped = tools.looped.map(|(from, to)| {
        let (left, right) = (x(from), x(to.unwrap_or(from)));
        html! {
            <g class="loop">
                <rect x={format!("{left:.1}")} y="14" height="6"
                    width={format!("{:.1}", (right - left).max(2.0))} />
            </g>
        }
    });
    let name = tools
        .whole_loop()
        .map(|(from, to)| (words.loop_name)(&clock(from), &clock(to)));
    let seen = |at: &&Instant| **at >= range.from && **at <= range.to;
    let markers = tools.markers.iter().filter(seen);
    html! {
        <svg class="marks-row" role="group" aria-label={name}>
            { for looped }
            { for markers.map(|at| marker(ui, *at, x(*at))) }
        </svg>
    }
}

fn marker(ui: &Ui, at: Instant, x: f64) -> Html {
    let words = &ui.texts().time;
    let keys = {
        let (order, tell) = (ui.order.clone(), ui.tell.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Enter" | " " => order.emit(Order::Seek(at)),
                "Delete" | "Backspace" => tell.emit(Action::Tool(Tool::Marker(at))),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let hold = Callback::from(|event: PointerEvent| event.stop_propagation());
    html! {
        <g key={at.0.to_string()} class="marker" role="button" tabindex="0"
            aria-label={(words.marker)(&clock(at))} aria-description={words.marker_keys}
            onclick={ui.orders::<MouseEvent>(Order::Seek(at))} onkeydown={keys}
            onpointerdown={hold}>
            <rect x={format!("{x:.1}")} width="12" height="20" fill="none" pointer-events="all" />
            <path d={format!("M{x:.1} 0v20M{x:.1} 1h10l-3 4 3 4h-10z")} />
        </g>
    }
}
