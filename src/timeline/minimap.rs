//! The whole run in one line, and the stretch of it that is shown. For the pointer only: A and D
//! move the stretch by keyboard.

use super::brush::{Brush, Palette};
use crate::platform::frame::after_frame;
use crate::range::Range;
use crate::store::Theme;
use crate::ui::{use_ui, Order};
use readyz_engine::time::Instant;
use readyz_engine::view::{BandKind, RunView};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement};
use yew::prelude::*;

/// Drawn so wide, and shown as wide as there is room.
const WIDTH: u32 = 1_000;
const HEIGHT: u32 = 12;
/// Width of a column, in which the worst state shows.
const COLUMN: usize = 2;

#[derive(Properties, PartialEq)]
pub struct MinimapProps {
    pub run: Option<Rc<RunView>>,
    pub range: Range,
    pub end: Instant,
    pub theme: Theme,
}

/// The map; the window in it moves the range.
#[component]
pub fn Minimap(props: &MinimapProps) -> Html {
    let ui = use_ui();
    let canvas = use_node_ref();
    use_drawn(&canvas, props);
    let end = props.end;
    let show = {
        let order = ui.order.clone();
        let canvas = canvas.clone();
        Callback::from(move |event: PointerEvent| {
            let Some(map) = canvas
                .cast::<Element>()
                .filter(|_| event.buttons() & 1 == 1)
            else {
                return;
            };
            if let Some(target) = event.target_dyn_into::<Element>() {
                let _ = target.set_pointer_capture(event.pointer_id());
            }
            let rect = map.get_bounding_client_rect();
            let share = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
            let at = share.clamp(0.0, 1.0) * end.0 as f64;
            order.emit(Order::ShowAround(Instant(at as u64)));
        })
    };
    let share = |at: Instant| at.0 as f64 / end.0.max(1) as f64 * f64::from(WIDTH);
    let (from, to) = (share(props.range.from), share(props.range.to));
    html! {
        <div class="ruler-row map-row">
            <div class="corner" />
            <div id="minimap" class="minimap" aria-hidden="true" title={ui.texts().time.overview}
                data-from={props.range.from.as_secs().to_string()}
                onpointerdown={show.clone()} onpointermove={show}>
                <canvas ref={canvas} width={WIDTH.to_string()} height={HEIGHT.to_string()} />
                <svg viewBox={format!("0 0 {WIDTH} {HEIGHT}")} preserveAspectRatio="none">
                    <rect x={format!("{from:.1}")} y="0" height={HEIGHT.to_string()}
                        width={format!("{:.1}", (to - from).max(2.0))} />
                </svg>
            </div>
        </div>
    }
}

#[hook]
fn use_drawn(canvas: &NodeRef, props: &MinimapProps) {
    let canvas = canvas.clone();
    use_effect_with(
        (props.run.clone(), props.end, props.theme),
        move |(run, end, _)| {
            let (run, end) = (run.clone(), *end);
            // The theme's tokens hold only after the effect that sets it, and the lanes come first.
            after_frame(move || {
                if let (Some(canvas), Some(run)) = (canvas.cast::<HtmlCanvasElement>(), &run) {
                    draw(&canvas, run, end);
                }
            });
        },
    );
}

/// How much a state asks to be seen.
const fn weight(kind: BandKind) -> u8 {
    match kind {
        BandKind::Running => 1,
        BandKind::Waiting => 2,
        BandKind::Booting => 3,
        BandKind::Terminated => 4,
        BandKind::BackOff => 5,
        BandKind::Stopping => 6,
    }
}

/// The worst state in each column.
fn worst(run: &RunView, end: Instant) -> Vec<u8> {
    let columns = WIDTH as usize / COLUMN;
    let mut worst = vec![0; columns];
    let column = |at: Instant| {
        let place = u128::from(at.0.min(end.0)) * columns as u128 / u128::from(end.0.max(1));
        (place as usize).min(columns - 1)
    };
    for band in run.lanes.iter().flat_map(|lane| &lane.bands) {
        for cell in &mut worst[column(band.from)..=column(band.to)] {
            *cell = weight(band.kind).max(*cell);
        }
    }
    worst
}

fn draw(canvas: &HtmlCanvasElement, run: &RunView, end: Instant) {
    let context = canvas.get_context("2d").ok().flatten();
    let Some(context) = context.and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok()) else {
        return;
    };
    let palette = Palette::read();
    let brush = Brush { canvas: &context };
    let colors = [
        &palette.panel,
        &palette.ok_bg,
        &palette.gone_bg,
        &palette.boot_bg,
        &palette.gone,
        &palette.wait_bg_2,
        &palette.bad_bg,
    ];
    for (column, weight) in worst(run, end).into_iter().enumerate() {
        let x = (column * COLUMN) as f64;
        brush.rect(
            colors[usize::from(weight)],
            x,
            0.0,
            COLUMN as f64,
            f64::from(HEIGHT),
        );
    }
    let you = &palette.you;
    for pin in &run.pins {
        let x = pin.at.0 as f64 / end.0.max(1) as f64 * f64::from(WIDTH);
        brush.rect(you, x, 0.0, 2.0, f64::from(HEIGHT));
    }
}
