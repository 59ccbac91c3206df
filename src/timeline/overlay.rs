//! The ruler's labels and the pins of inputs.

use crate::format;
use crate::i18n::Texts;
use crate::range::Range;
use crate::ui::{Order, Ui};
use readyz_engine::session::Request;
use readyz_engine::time::{Duration, Instant};
use readyz_engine::view::{PinView, RunView};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// Steps between labels, in milliseconds.
const STEPS: [u64; 14] = [
    100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
    3_600_000,
];
/// Room for a label.
const LABEL_PX: f64 = 56.0;

/// The labelled moments of a range on so many pixels.
pub fn marks(range: Range, width: f64) -> Vec<Instant> {
    let span_ms = (range.span().0 / 1_000_000).max(1);
    let fits = (width / LABEL_PX).max(1.0) as u64;
    let step = STEPS
        .into_iter()
        .find(|step| span_ms / step <= fits)
        .unwrap_or(span_ms);
    let step = Duration::from_millis(step).0;
    let first = range.from.0.div_ceil(step);
    let last = range.to.0 / step;
    (first..=last)
        .map(|number| Instant(number * step))
        .collect()
}

/// Where a moment lies.
pub fn x_of(range: Range, width: f64, at: Instant) -> f64 {
    (at.0 as f64 - range.from.0 as f64) / range.span().0.max(1) as f64 * width
}

/// The ruler's labels.
pub fn ruler(range: Range, width: f64) -> Html {
    let marks = marks(range, width);
    let fine = marks
        .windows(2)
        .any(|pair| (pair[1] - pair[0]).as_millis() < 1_000);
    html! {
        <svg class="ruler-marks mono" aria-hidden="true">
            { for marks.iter().map(|at| {
                let x = x_of(range, width, *at);
                html! {
                    <>
                        <path d={format!("M{x:.1} 0V18")} />
                        <text x={format!("{:.1}", x + 4.0)} y="13">
                            { format::ruler_label(*at, fine) }
                        </text>
                    </>
                }
            }) }
        </svg>
    }
}

/// Where a pin was taken hold of, and whether it has been dragged since.
pub type Drag = Rc<Cell<(f64, bool)>>;

/// Less than this is a click.
const DRAG_PX: f64 = 4.0;

/// The pins; each is a button that moves the playhead to its input, and can itself be moved.
pub fn pins(ui: &Ui, run: Option<&RunView>, range: Range, width: f64, drag: &Drag) -> Html {
    let Some(run) = run else {
        return Html::default();
    };
    let shown = run
        .pins
        .iter()
        .filter(|pin| pin.at >= range.from && pin.at <= range.to);
    let mut last = (f64::MIN, f64::MIN);
    let drawn = shown.map(|pin| {
        let label = (ui.texts().fault.deed)(&pin.label);
        let wide = label_width(&label);
        let x = x_of(range, width, pin.at) - 1.0;
        let left = beside(x, wide, &mut last);
        draw(ui, range, width, pin, drag, (label, left, wide))
    });
    html! { <svg class="pins">{ for drawn }</svg> }
}

/// So much of a label must be seen for a hand to find it.
const GRIP_PX: f64 = 14.0;

/// Where a label begins: at its moment, or, where it would cover the `last` one (its begin and end),
/// behind that.
fn beside(x: f64, wide: f64, last: &mut (f64, f64)) -> f64 {
    let left = if x - last.0 < GRIP_PX { last.1 } else { x };
    *last = (left, left + wide);
    left
}

fn label_width(label: &str) -> f64 {
    let letter = |letter: char| if letter.is_ascii() { 6.9 } else { 11.0 };
    label.chars().map(letter).sum::<f64>() + 12.0
}

/// An order that puts a pin's act, or a copy of it, elsewhere in time.
fn revise(input: u32, to: Option<Instant>, copy: bool) -> Order {
    Order::Ask(Request::Revise { input, to, copy })
}

/// Enter goes there; on the user's own pins Shift and arrows move, D duplicates, Delete takes out.
fn keys(ui: &Ui, pin: &PinView) -> Callback<KeyboardEvent> {
    let order = ui.order.clone();
    let (input, at, own) = (pin.input, pin.at, !pin.from_text);
    Callback::from(move |event: KeyboardEvent| {
        let second = Duration::from_secs(1);
        let wish = match event.key().as_str() {
            "Enter" | " " => Order::Seek(at),
            "Delete" | "Backspace" if own => revise(input, None, false),
            "d" if own => revise(input, Some(at + second), true),
            "ArrowLeft" if own && event.shift_key() => {
                revise(input, Some(at.saturating_sub(second)), false)
            }
            "ArrowRight" if own && event.shift_key() => revise(input, Some(at + second), false),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        order.emit(wish);
    })
}

fn pin_of(event: &PointerEvent) -> Option<Element> {
    let target = event.target_dyn_into::<Element>()?;
    target.closest(".pin").ok().flatten()
}

/// The pin under the pointer goes with it; where it is let go the act is given.
fn dragging(
    ui: &Ui,
    range: Range,
    width: f64,
    pin: &PinView,
    drag: &Drag,
) -> [Callback<PointerEvent>; 3] {
    let own = !pin.from_text;
    let taken = drag.clone();
    let down = Callback::from(move |event: PointerEvent| {
        event.stop_propagation();
        taken.set((f64::from(event.client_x()), false));
        if let Some(pin) = pin_of(&event).filter(|_| own) {
            let _ = pin.set_pointer_capture(event.pointer_id());
        }
    });
    let held = drag.clone();
    let moved = Callback::from(move |event: PointerEvent| {
        let by = f64::from(event.client_x()) - held.get().0;
        if !own || event.buttons() == 0 || (by.abs() < DRAG_PX && !held.get().1) {
            return;
        }
        event.stop_propagation();
        held.set((held.get().0, true));
        if let Some(pin) = pin_of(&event) {
            let _ = pin.set_attribute("transform", &format!("translate({by:.0} 0)"));
        }
    });
    let let_go = drag.clone();
    let (order, input, at) = (ui.order.clone(), pin.input, pin.at);
    let up = Callback::from(move |event: PointerEvent| {
        let (from, dragged) = let_go.get();
        if let Some(pin) = pin_of(&event).filter(|_| dragged) {
            let _ = pin.remove_attribute("transform");
            let share = (f64::from(event.client_x()) - from) / width.max(1.0);
            let by = Duration((share.abs() * range.span().0 as f64) as u64);
            let to = if share < 0.0 {
                at.saturating_sub(by)
            } else {
                at + by
            };
            order.emit(revise(input, Some(to), event.alt_key()));
        }
    });
    [down, moved, up]
}

fn draw(
    ui: &Ui,
    range: Range,
    width: f64,
    pin: &PinView,
    drag: &Drag,
    (label, left, wide): (String, f64, f64),
) -> Html {
    let x = x_of(range, width, pin.at);
    let texts = ui.texts();
    let name = (texts.pin_name)(&format::clock(pin.at), &label, &pin.pod);
    let seek = {
        let (order, at, drag) = (ui.order.clone(), pin.at, drag.clone());
        Callback::from(move |_: MouseEvent| {
            if !drag.replace((0.0, false)).1 {
                order.emit(Order::Seek(at));
            }
        })
    };
    let [down, moved, up] = dragging(ui, range, width, pin, drag);
    let until = pin.until.map(|until| x_of(range, width, until));
    html! {
        <g key={pin.input} class={classes!("pin", (!pin.refused.is_empty()).then_some("refused"))}
            role="button" tabindex="0" aria-label={name} onclick={seek} onkeydown={keys(ui, pin)}
            aria-description={(!pin.from_text).then_some(texts.pin_keys)}
            onpointerdown={down} onpointermove={moved} onpointerup={up}
            data-pin={pin.label.clone()}>
            if let Some(until) = until {
                <path class="pin-span" d={format!("M{x:.1} 12H{until:.1}")} />
            }
            <path class="pin-line" d={format!("M{x:.1} 20V4000")} />
            <rect x={format!("{left:.1}")} y="4" width={format!("{wide:.0}")} height="16" rx="3" />
            <text x={format!("{:.1}", left + 6.0)} y="15.500">{ &label }</text>
        </g>
    }
}

/// What the shaded part is.
pub fn predicted(texts: &Texts) -> Html {
    html! { <p class="predicted-words">{ texts.predicted }</p> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_of_one_moment_stand_side_by_side() {
        let mut last = (f64::MIN, f64::MIN);
        let mut place = |x| beside(x, 50.0, &mut last);
        assert_eq!([place(10.0), place(10.0), place(12.0)], [10.0, 60.0, 110.0]);
        assert_eq!(place(130.0), 130.0, "part of the former is seen");
    }

    #[test]
    fn labels_have_room() {
        let range = Range {
            from: Instant::from_secs(3),
            to: Instant::from_secs(103),
        };
        let marks = marks(range, 1_200.0);
        assert_eq!(marks.first(), Some(&Instant::from_secs(5)));
        assert_eq!(marks.last(), Some(&Instant::from_secs(100)));
        assert!(marks.len() <= 21);
        let narrow = super::marks(range, 300.0);
        assert!(narrow.len() <= 6, "{narrow:?}");
    }
}
