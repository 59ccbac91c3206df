//! Borders between panes that can be moved, and stay where they were put.

use crate::platform::{dom, storage};
use crate::ui::use_ui;
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

#[derive(Properties, PartialEq)]
pub struct SplitterProps {
    pub side: Side,
}

/// The border of a pane: dragged, or moved by arrows; Enter and a double click put it back.
#[component]
pub fn Splitter(props: &SplitterProps) -> Html {
    let side = props.side;
    let (least, usual, most) = side.sizes();
    let size = use_state_eq(|| usual);
    let property = ["--", side.name()].concat();
    {
        let (size, property) = (size.clone(), property.clone());
        use_effect_with((), move |()| {
            let now = dom::tokens()(&property);
            if let Ok(now) = now.trim_end_matches("px").parse() {
                size.set(now);
            }
        });
    }
    let put = {
        let size = size.clone();
        move |to: Option<i32>| {
            let key = ["readyz.", side.name()].concat();
            let to = to.map(|to| to.clamp(least, most));
            dom::set_root_style(&property, &to.map_or(String::new(), |to| format!("{to}px")));
            match to {
                Some(to) => storage::write(&key, &to.to_string()),
                None => storage::remove(&key),
            }
            let back = || dom::tokens()(&property).trim_end_matches("px").parse().ok();
            size.set(to.or_else(back).unwrap_or(usual));
        }
    };
    let onpointerdown = Callback::from(|event: PointerEvent| {
        if let Some(border) = event.target_dyn_into::<Element>() {
            let _ = border.set_pointer_capture(event.pointer_id());
        }
    });
    let onpointermove = {
        let put = put.clone();
        Callback::from(move |event: PointerEvent| {
            if event.buttons() == 1 {
                put(Some(side.under(&event)));
            }
        })
    };
    let ondblclick = {
        let put = put.clone();
        Callback::from(move |_: MouseEvent| put(None))
    };
    let onkeydown = {
        let now = *size;
        Callback::from(move |event: KeyboardEvent| {
            let step = if side == Side::Left { STEP } else { -STEP };
            let to = match (event.key().as_str(), side) {
                ("ArrowLeft", Side::Left | Side::Right) => Some(now - step),
                ("ArrowRight", Side::Left | Side::Right) => Some(now + step),
                ("ArrowUp", Side::Timeline) => Some(now + STEP),
                ("ArrowDown", Side::Timeline) => Some(now - STEP),
                ("Home", _) => Some(least),
                ("End", _) => Some(most),
                ("Enter", _) => None,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            put(to);
        })
    };
    let ui = use_ui();
    let vertical = side != Side::Timeline;
    html! {
        <div class={classes!("splitter", side.name())} role="separator" tabindex="0"
            aria-orientation={if vertical { "vertical" } else { "horizontal" }}
            aria-label={(ui.texts().look.splitter)(side)}
            aria-valuemin={least.to_string()} aria-valuemax={most.to_string()}
            aria-valuenow={size.to_string()}
            {onpointerdown} {onpointermove} {ondblclick} {onkeydown} />
    }
}
