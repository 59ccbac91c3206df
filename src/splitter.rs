//! Borders between panes that can be moved, and stay where they were put.

use crate::i18n::Texts;
use crate::platform::{dom, storage};
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

/// A step of the arrows.
const STEP: i32 = 16;

/// Which pane is made larger or smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
    Timeline,
}

impl Side {
    /// The custom property of the frame's grid, and with `readyz.` the key in the storage.
    const fn name(self) -> &'static str {
        match self {
            Side::Left => "left-w",
            Side::Right => "right-w",
            Side::Timeline => "tl-h",
        }
    }

    /// Least, usual and most pixels. The frame keeps room for the picture besides.
    const fn sizes(self) -> (i32, i32, i32) {
        match self {
            Side::Left => (240, 384, 800),
            Side::Right => (260, 344, 800),
            Side::Timeline => (140, 320, 800),
        }
    }

    /// The pane's size, were its border under the pointer.
    fn under(self, event: &PointerEvent) -> i32 {
        let root = dom::document().and_then(|document| document.document_element());
        let (width, height) = root.map_or((0, 0), |r| (r.client_width(), r.client_height()));
        match self {
            Side::Left => event.client_x(),
            Side::Right => width - event.client_x(),
            Side::Timeline => height - event.client_y(),
        }
    }
}

/// The border of a pane: dragged, or moved by arrows; Enter and a double click put it back. No
/// component: it has no state but the page's own style.
pub fn splitter(texts: &Texts, side: Side) -> Html {
    let (least, usual, most) = side.sizes();
    let vertical = side != Side::Timeline;
    html! {
        <div class={classes!("splitter", side.name())} role="separator" tabindex="0"
            aria-orientation={if vertical { "vertical" } else { "horizontal" }}
            aria-label={(texts.look.splitter)(side)}
            aria-valuemin={least.to_string()} aria-valuemax={most.to_string()}
            aria-valuenow={usual.to_string()}
            onfocus={Callback::from(move |event: FocusEvent| tell(&event, side))}
            onpointerdown={Callback::from(|event: PointerEvent| hold(&event))}
            onpointermove={Callback::from(move |event: PointerEvent| drag(&event, side))}
            ondblclick={Callback::from(move |event: MouseEvent| put(&event, side, None))}
            onkeydown={Callback::from(move |event: KeyboardEvent| press(&event, side))} />
    }
}

/// The pane's size now.
fn size(side: Side) -> i32 {
    let now = dom::tokens()(&["--", side.name()].concat());
    now.trim_end_matches("px").parse().unwrap_or(side.sizes().1)
}

/// Says the size to whoever cannot see it.
fn tell(event: &Event, side: Side) {
    if let Some(border) = event.target_dyn_into::<Element>() {
        let _ = border.set_attribute("aria-valuenow", &size(side).to_string());
    }
}

/// Gives the pane a size; None: the usual one.
fn put(event: &Event, side: Side, to: Option<i32>) {
    let (least, _, most) = side.sizes();
    let key = ["readyz.", side.name()].concat();
    let to = to.map(|to| to.clamp(least, most).to_string());
    let style = to.as_ref().map_or(String::new(), |to| [to, "px"].concat());
    dom::set_root_style(&["--", side.name()].concat(), &style);
    match to {
        Some(to) => storage::write(&key, &to),
        None => storage::remove(&key),
    }
    tell(event, side);
}

fn hold(event: &PointerEvent) {
    if let Some(border) = event.target_dyn_into::<Element>() {
        let _ = border.set_pointer_capture(event.pointer_id());
    }
}

fn drag(event: &PointerEvent, side: Side) {
    if event.buttons() == 1 {
        put(event, side, Some(side.under(event)));
    }
}

fn press(event: &KeyboardEvent, side: Side) {
    let (least, _, most) = side.sizes();
    let now = || size(side);
    let to = match (event.key().as_str(), side) {
        ("ArrowRight", Side::Left) | ("ArrowLeft", Side::Right) | ("ArrowUp", Side::Timeline) => {
            Some(now() + STEP)
        }
        ("ArrowLeft", Side::Left) | ("ArrowRight", Side::Right) | ("ArrowDown", Side::Timeline) => {
            Some(now() - STEP)
        }
        ("Home", _) => Some(least),
        ("End", _) => Some(most),
        ("Enter", _) => None,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    put(event, side, to);
}
