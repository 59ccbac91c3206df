//! The keyboard map (design §6), as far as there is something to steer.

use crate::dialog::Dialog;
use crate::playback::{SPEEDS, SPEED_MAX};
use crate::store::{Action, Pane};
use crate::time_tools::Step;
use crate::ui::Order;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// What a key does.
#[derive(Clone, Debug)]
pub enum Effect {
    Order(Order),
    Tell(Action),
    /// Moves the focus to an element.
    Focus(&'static str),
}

/// A key, and where it was pressed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Press<'a> {
    pub key: &'a str,
    pub shift: bool,
    pub alt: bool,
    /// Ctrl or ⌘.
    pub command: bool,
    /// In a field that takes text.
    pub in_text: bool,
    /// On something that Space or the arrows operate.
    pub on_control: bool,
    /// The key before was `g`.
    pub after_g: bool,
    /// A dialog is open or about to open: what stands behind it has no keys.
    pub in_dialog: bool,
}

/// What a press does; None: nothing of ours.
pub fn effect(press: Press) -> Option<Effect> {
    if press.command && press.key == "k" {
        return Some(Effect::Tell(Action::DialogOpened(Dialog::Commands)));
    }
    if press.in_dialog {
        return None;
    }
    if press.in_text {
        return (press.command && press.key == "Enter").then_some(Effect::Order(Order::Restart));
    }
    if press.command {
        let undo = |redo| Some(Effect::Order(Order::TakeBack { redo }));
        return match press.key {
            "z" => undo(false),
            "Z" | "y" => undo(true),
            _ => None,
        };
    }
    if press.after_g {
        return go(press.key);
    }
    let order = |order| Some(Effect::Order(order));
    let step = if press.shift {
        10_000
    } else if press.alt {
        100
    } else {
        1_000
    };
    match press.key {
        " " if !press.on_control => order(Order::PlayOrPause),
        "," | "PageUp" => order(Order::Previous(None)),
        "." | "PageDown" => order(Order::Next(None)),
        "[" => order(Order::PreviousInput),
        "]" => order(Order::NextInput),
        "ArrowLeft" if !press.on_control => order(Order::SeekBy(-step)),
        "ArrowRight" if !press.on_control => order(Order::SeekBy(step)),
        "ArrowUp" if !press.on_control => order(Order::PreviousLane),
        "ArrowDown" if !press.on_control => order(Order::NextLane),
        "Home" if !press.on_control => order(Order::Seek(readyz_engine::time::Instant::ZERO)),
        "End" if !press.on_control => order(Order::LiveEdge),
        "+" | "=" => order(Order::Zoom { closer: true }),
        "-" => order(Order::Zoom { closer: false }),
        "0" => order(Order::Fit),
        "1" => order(Order::Speed(SPEEDS[0])),
        "2" => order(Order::Speed(SPEEDS[1])),
        "3" => order(Order::Speed(SPEEDS[2])),
        "4" => order(Order::Speed(SPEED_MAX)),
        "c" => order(Order::CompareAny),
        "f" => order(Order::Fork),
        "a" => order(Order::Pan(-250)),
        "d" => order(Order::Pan(250)),
        "m" => order(Order::Mark),
        "l" => order(Order::Loop),
        "r" => order(Order::Next(Some(Step::Restart))),
        "R" => order(Order::Previous(Some(Step::Restart))),
        "p" => Some(Effect::Tell(Action::ProjectorToggled)),
        "?" => Some(Effect::Tell(Action::DialogOpened(Dialog::Help))),
        _ => None,
    }
}

fn go(key: &str) -> Option<Effect> {
    let pane = |pane| Some(Effect::Tell(Action::PaneOpened(pane)));
    match key {
        "f" => pane(Pane::Faults),
        "e" => pane(Pane::Events),
        "w" => pane(Pane::Why),
        "t" => pane(Pane::Terminal),
        "d" => pane(Pane::Describe),
        "i" => pane(Pane::Timing),
        "b" => pane(Pane::Branches),
        "y" => pane(Pane::Yaml),
        "c" => Some(Effect::Focus("cluster")),
        _ => None,
    }
}

/// Reads a press from the browser's event.
pub fn with_press<R>(
    event: &KeyboardEvent,
    (after_g, in_dialog): (bool, bool),
    then: impl FnOnce(Press) -> R,
) -> R {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let matches = |selector| {
        target
            .as_ref()
            .and_then(|element| element.closest(selector).ok())
            .flatten()
            .is_some()
    };
    let key = event.key();
    then(Press {
        key: &key,
        shift: event.shift_key(),
        alt: event.alt_key(),
        command: event.ctrl_key() || event.meta_key(),
        in_text: matches("textarea, input, .rich"),
        on_control: matches(
            "button, a, select, summary, [role=tab], [role=radio], [role=slider], dialog",
        ),
        after_g,
        in_dialog,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Press<'_> {
        Press {
            key,
            ..Press::default()
        }
    }

    #[test]
    fn single_keys_are_left_to_text_fields() {
        let in_text = Press {
            in_text: true,
            ..press("1")
        };
        assert!(effect(in_text).is_none());
        assert!(matches!(
            effect(press("1")),
            Some(Effect::Order(Order::Speed(1_000)))
        ));
        let enter = Press {
            in_text: true,
            command: true,
            ..press("Enter")
        };
        assert!(matches!(effect(enter), Some(Effect::Order(Order::Restart))));
    }

    #[test]
    fn space_on_a_button_presses_the_button() {
        let on_control = Press {
            on_control: true,
            ..press(" ")
        };
        assert!(effect(on_control).is_none());
        assert!(effect(press(" ")).is_some());
    }

    #[test]
    fn g_goes_to_a_pane() {
        let after_g = Press {
            after_g: true,
            ..press("e")
        };
        assert!(matches!(
            effect(after_g),
            Some(Effect::Tell(Action::PaneOpened(Pane::Events)))
        ));
        assert!(effect(press("e")).is_none());
    }

    #[test]
    fn a_dialog_keeps_the_pages_keys_from_what_is_behind_it() {
        let in_dialog = |press| Press {
            in_dialog: true,
            ..press
        };
        assert!(effect(in_dialog(press("f"))).is_none());
        let palette = Press {
            command: true,
            ..press("k")
        };
        assert!(effect(in_dialog(palette)).is_some());
    }

    #[test]
    fn the_browsers_own_keys_stay_its_own() {
        let reload = Press {
            command: true,
            ..press("0")
        };
        assert!(effect(reload).is_none());
    }
}
