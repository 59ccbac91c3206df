//! Keys that are pressed after a dialog has been asked for and before it is there: a slow page takes
//! a while to show it. They are the dialog's, not the page's.

use crate::dialog::Dialog;
use crate::platform::dom;
use crate::store::Action;
use std::cell::RefCell;
use web_sys::KeyboardEvent;
use yew::Callback;

thread_local! {
    static TYPED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Hears of every key while a dialog is wanted. Keeps those that come before it is there: what is
/// typed for the palette, with a line's end for Enter and arrows for themselves. Other dialogs take
/// no text; and what was typed for one that is closed again is not for the next.
#[inline(never)]
pub fn press(dialog: Dialog, event: &KeyboardEvent, tell: &Callback<Action>) {
    let is_there = !dom::all("dialog[open]").is_empty();
    if is_there || event.ctrl_key() || event.meta_key() {
        return;
    }
    event.prevent_default();
    event.stop_propagation();
    let key = event.key();
    if key == "Escape" {
        take();
        tell.emit(Action::DialogClosed);
    } else if dialog == Dialog::Commands {
        TYPED.with_borrow_mut(|typed| match key.as_str() {
            "Enter" => typed.push('\n'),
            "ArrowDown" => typed.push('↓'),
            "ArrowUp" => typed.push('↑'),
            "Backspace" => {
                typed.pop();
            }
            _ if key.chars().count() == 1 => typed.push_str(&key),
            _ => {}
        });
    }
}

/// What has been typed so far, once.
pub fn take() -> String {
    TYPED.take()
}
