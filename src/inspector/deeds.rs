//! What the user did.

use crate::format;
use crate::i18n::FaultWords;
use crate::ui::{Order, Ui};
use readyz_engine::view::{PinView, RunView};
use yew::prelude::*;

/// An act of the user with its pin.
pub struct Deed<'a> {
    index: usize,
    pub pin: &'a PinView,
    /// The step without its moment and duration.
    pub body: &'a str,
}

/// The user's acts: those pins that are not of the text, in their order.
pub fn deeds<'a>(run: &'a RunView, acts: &'a [String]) -> Vec<Deed<'a>> {
    let mut pins: Vec<&PinView> = run.pins.iter().filter(|pin| !pin.from_text).collect();
    pins.sort_by_key(|pin| pin.input);
    let pairs = pins.into_iter().zip(acts).enumerate();
    pairs
        .map(|(index, (pin, act))| Deed {
            index,
            pin,
            body: act.split_once(", ").map_or("", |(_, body)| body),
        })
        .collect()
}

/// What it was done to; where the same may have been done otherwise, the step itself.
fn detail<'a>(deed: &'a Deed) -> &'a str {
    let states = ["node:", "kubelet:", "image:"];
    let one_of_several = states.iter().any(|state| deed.body.starts_with(state));
    if one_of_several {
        deed.body
    } else {
        &deed.pin.pod
    }
}

/// Everything the user did, each with its way back.
pub fn history(ui: &Ui, words: &FaultWords, deeds: &[Deed], acts: &[String]) -> Html {
    if deeds.is_empty() {
        return Html::default();
    }
    let told = ui.texts().told;
    let rows = deeds.iter().map(|deed| {
        let mut rest = acts.to_vec();
        rest.remove(deed.index);
        let at = format::clock(deed.pin.at);
        let label = (words.deed)(&deed.pin.label);
        html! {
            <li class="fault-row" data-deed={deed.pin.label.clone()}>
                <button type="button" class="moment mono"
                    onclick={ui.orders::<MouseEvent>(Order::Seek(deed.pin.at))}>{ &at }</button>
                <div class="fault-words">
                    <b>{ &label }</b>
                    <span class="command mono">{ detail(deed) }</span>
                    if !deed.pin.refused.is_empty() {
                        <small>{ (words.no_effect)(&told(&deed.pin.refused)) }</small>
                    }
                </div>
                <button type="button" class="button"
                    aria-label={format!("{}: {label} {at}", words.undo)}
                    onclick={ui.orders::<MouseEvent>(Order::History(rest))}>{ words.undo }</button>
            </li>
        }
    });
    html! { <><h2>{ words.acts }</h2><ul class="faults deeds">{ for rows }</ul></> }
}
