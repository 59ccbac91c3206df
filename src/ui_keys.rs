//! Arrows inside groups of radios and tabs.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Arrows move to the next radio and choose it.
pub fn rove_radios() -> Callback<KeyboardEvent> {
    rove("[role=radiogroup]", "[role=radio]", true)
}

/// Arrows move to the next tab; Enter and Space open it (they are buttons).
pub fn rove_tabs() -> Callback<KeyboardEvent> {
    rove("[role=tablist]", "[role=tab]", false)
}

/// The group is looked for from the target: Yew listens at the root, so the current target is that.
fn rove(group: &'static str, selector: &'static str, choose: bool) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => 1,
            "ArrowLeft" | "ArrowUp" => -1,
            _ => return,
        };
        let focused = event.target_dyn_into::<HtmlElement>();
        let Some(group) = focused
            .as_ref()
            .and_then(|element| element.closest(group).ok().flatten())
        else {
            return;
        };
        let Ok(list) = group.query_selector_all(selector) else {
            return;
        };
        let items: Vec<HtmlElement> = (0..list.length())
            .filter_map(|index| list.get(index)?.dyn_into::<HtmlElement>().ok())
            .filter(|item| item.offset_parent().is_some())
            .collect();
        let Some(place) = items.iter().position(|item| Some(item) == focused.as_ref()) else {
            return;
        };
        event.prevent_default();
        event.stop_propagation();
        let count = items.len() as isize;
        let next = &items[(place as isize + step).rem_euclid(count) as usize];
        let _ = next.focus();
        if choose {
            next.click();
        }
    })
}
