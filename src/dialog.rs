//! What stands above the page: a native modal dialog, which keeps the focus and gives it back.

use crate::icons::{icon, Icon};
use crate::platform::dom;
use crate::store::Action;
use crate::ui::use_ui;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Which dialog is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    Help,
    Share,
    Commands,
}

/// Closes what is open before that is rendered: the next key goes to where the focus was.
pub fn close(tell: &Callback<Action>) {
    for dialog in dom::all("dialog[open]") {
        dialog.unchecked_into::<HtmlDialogElement>().close();
    }
    tell.emit(Action::DialogClosed);
}

#[derive(Properties, PartialEq)]
pub struct ModalProps {
    pub name: AttrValue,
    #[prop_or_default]
    pub class: &'static str,
    /// Hears in the same task that it is there.
    #[prop_or_default]
    pub opened: Callback<()>,
    pub children: Html,
}

/// A dialog with a title and a button to close it; Escape does the same.
#[component]
pub fn Modal(props: &ModalProps) -> Html {
    let ui = use_ui();
    let node = use_node_ref();
    {
        let (node, opened) = (node.clone(), props.opened.clone());
        use_effect_with((), move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                let _ = dialog.show_modal();
            }
            opened.emit(());
            // Closing it by script gives the focus back to where it was.
            move || {
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        });
    }
    let cancel = {
        let tell = ui.tell.clone();
        // The browser closes it at once: the next key goes to where the focus was.
        Callback::from(move |_: Event| tell.emit(Action::DialogClosed))
    };
    html! {
        <dialog ref={node} class={classes!("dialog", props.class)} aria-label={props.name.clone()}
            oncancel={cancel}>
            <div class="dialog-head">
                <h2>{ &props.name }</h2>
                <button type="button" id="dialog-close" class="tool square"
                    aria-label={ui.texts().close}
                    onclick={ui.tells::<MouseEvent>(Action::DialogClosed)}>
                    { icon(Icon::Cross) }
                </button>
            </div>
            { props.children.clone() }
        </dialog>
    }
}
