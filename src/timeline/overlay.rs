//! The ruler's labels and the pins of inputs.

use crate::format;
use crate::range::Range;
use crate::ui::{Order, Ui};
use readyz_engine::time::{Duration, Instant};
use readyz_engine::view::{PinView, RunView};
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

/// The pins; each is a button that moves the playhead to its input.
pub fn pins(ui: &Ui, run: Option<&RunView>, range: Range, width: f64) -> Html {
    let Some(run) = run else {
        return Html::default();
    };
    let shown = run
        .pins
        .iter()
        .filter(|pin| pin.at >= range.from && pin.at <= range.to);
    html! {
        <svg class="pins">{ for shown.map(|pin| draw(ui, range, width, pin)) }</svg>
    }
}

fn draw(ui: &Ui, range: Range, width: f64, pin: &PinView) -> Html {
    let x = x_of(range, width, pin.at);
    let name = (ui.texts().pin_name)(&format::clock(pin.at), &pin.label, &pin.pod);
    let seek = ui.orders::<MouseEvent>(Order::Seek(pin.at));
    let on_key = {
        let order = ui.order.clone();
        let at = pin.at;
        Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                event.stop_propagation();
                order.emit(Order::Seek(at));
            }
        })
    };
    let keep = Callback::from(|event: PointerEvent| event.stop_propagation());
    let label_width = pin.label.chars().count() as f64 * 6.4 + 12.0;
    let until = pin.until.map(|until| x_of(range, width, until));
    html! {
        <g key={pin.input} class={classes!("pin", (!pin.refused.is_empty()).then_some("refused"))}
            role="button" tabindex="0" aria-label={name} onclick={seek} onkeydown={on_key}
            onpointerdown={keep} data-pin={pin.label.clone()}>
            if let Some(until) = until {
                <path class="pin-span" d={format!("M{x:.1} 12H{until:.1}")} />
            }
            <path class="pin-line" d={format!("M{x:.1} 20V4000")} />
            <rect x={format!("{:.1}", x - 1.0)} y="4" width={format!("{label_width:.0}")}
                height="16" rx="3" />
            <text x={format!("{:.1}", x + 5.0)} y="15.500">{ &pin.label }</text>
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
