//! The editor as a text area: the first paint, and where the code editor cannot load.

use super::position::{line_column, line_count};
use super::severity_class;
use crate::platform::dom;
use crate::platform::editor::CodeEditor;
use crate::ui::{use_ui, Order};
use readyz_engine::manifest::Diagnostic;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// Height of a line; equal to the style sheet's.
pub const LINE: u32 = 18;
/// Space above the first line; equal to the style sheet's.
const TOP: u32 = 6;

#[derive(Properties, PartialEq)]
pub struct PlainProps {
    pub area: NodeRef,
    pub text: AttrValue,
    pub diagnostics: Rc<Vec<Diagnostic>>,
    pub errors: bool,
    pub readonly: bool,
    /// Hears of the cursor's line and column.
    pub set_cursor: Callback<(u32, u32)>,
}

/// Line numbers and text.
#[component]
pub fn Plain(props: &PlainProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    // Who only comes by on the way with Tab is not writing.
    let writing = use_mut_ref(|| false);
    let on_input = {
        let order = ui.order.clone();
        Callback::from(move |event: InputEvent| {
            let area = event.target_unchecked_into::<HtmlTextAreaElement>();
            order.emit(Order::Edit(area.value()));
        })
    };
    let on_key = {
        let order = ui.order.clone();
        let writing = writing.clone();
        Callback::from(move |event: KeyboardEvent| {
            let indents = *writing.borrow() && !event.shift_key();
            match event.key().as_str() {
                "Escape" => *writing.borrow_mut() = false,
                "Tab" if indents => {
                    event.prevent_default();
                    let area = event.target_unchecked_into::<HtmlTextAreaElement>();
                    if area.set_range_text("  ").is_ok() {
                        let at = area.selection_start().ok().flatten().unwrap_or(0) + 2;
                        let _ = area.set_selection_range(at, at);
                        order.emit(Order::Edit(area.value()));
                    }
                }
                "Tab" | "Shift" => {}
                _ => *writing.borrow_mut() = true,
            }
        })
    };
    let on_blur = {
        let writing = writing.clone();
        Callback::from(move |_: FocusEvent| *writing.borrow_mut() = false)
    };
    let on_select = {
        let area = props.area.clone();
        let set_cursor = props.set_cursor.clone();
        move || {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                set_cursor.emit(caret(&area));
            }
        }
    };
    let on_caret = {
        let select = on_select.clone();
        Callback::from(move |_: KeyboardEvent| select())
    };
    let on_click = Callback::from(move |_: MouseEvent| {
        *writing.borrow_mut() = true;
        on_select();
    });
    html! {
        <>
            { gutter(&props.text, &props.diagnostics) }
            <textarea ref={props.area.clone()} id="yaml" class="mono" spellcheck="false"
                autocomplete="off" autocapitalize="off" wrap="off" readonly={props.readonly}
                aria-label={texts.manifest} aria-description={texts.manifest_hint}
                aria-invalid={props.errors.to_string()}
                value={props.text.clone()} oninput={on_input} onkeydown={on_key}
                onkeyup={on_caret} onclick={on_click} onblur={on_blur} onscroll={follow_scroll()} />
        </>
    }
}

fn caret(area: &HtmlTextAreaElement) -> (u32, u32) {
    let unit = area.selection_start().ok().flatten().unwrap_or(0);
    line_column(&area.value(), unit)
}

/// Whoever was writing goes on where they were.
pub fn hand_over(editor: &CodeEditor) {
    let focused = dom::document().and_then(|document| document.active_element());
    let area = focused.and_then(|element| element.dyn_into::<HtmlTextAreaElement>().ok());
    if let Some(area) = area.filter(|area| area.id() == "yaml") {
        let (line, column) = caret(&area);
        editor.go(line, column);
    }
}

/// Line numbers and marks. They are moved as the text scrolls.
fn gutter(text: &str, diagnostics: &[Diagnostic]) -> Html {
    let lines = line_count(text);
    let mut numbers = String::with_capacity(lines * 4);
    for line in 1..=lines {
        numbers.push_str(&line.to_string());
        numbers.push('\n');
    }
    let height = TOP + lines as u32 * LINE;
    let mark = |diagnostic: &Diagnostic| {
        let top = TOP + diagnostic.line.saturating_sub(1) * LINE;
        let class = severity_class(diagnostic.severity);
        html! {
            <>
                <rect class={classes!("mark-line", class)} x="0" y={top.to_string()}
                    width="100%" height={LINE.to_string()} />
                <path class={classes!("mark-sign", class)}
                    d={format!("M5 {}l4 4m0-4l-4 4", top + 7)} />
            </>
        }
    };
    html! {
        <div class="gutter" id="gutter" aria-hidden="true">
            <svg class="marks" height={height.to_string()}>{ for diagnostics.iter().map(mark) }</svg>
            <pre class="mono">{ numbers }</pre>
        </div>
    }
}

fn follow_scroll() -> Callback<Event> {
    Callback::from(|event: Event| {
        let area = event.target_unchecked_into::<HtmlTextAreaElement>();
        if let Some(gutter) = dom::element("gutter") {
            let shift = format!("translateY({}px)", -area.scroll_top());
            dom::set_style(&gutter, "transform", &shift);
        }
    })
}
