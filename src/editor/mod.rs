//! The manifest: text, line numbers, problems at their lines, and what the cluster runs.

mod position;
mod problems;

use crate::examples::EXAMPLES;
use crate::icons::{icon, Icon};
use crate::platform::dom;
use crate::ui::{use_ui, Order};
use position::{line_column, line_count, unit_at};
use problems::Problems;
use readyz_engine::manifest::{Diagnostic, Severity};
use readyz_engine::session::DocumentView;
use std::rc::Rc;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// Height of a line; equal to the style sheet's.
const LINE: u32 = 18;
/// Space above the first line; equal to the style sheet's.
const TOP: u32 = 6;
/// Examples offered where there is no text.
const OFFERED: usize = 3;

#[derive(Properties, PartialEq)]
pub struct EditorProps {
    pub text: AttrValue,
    pub diagnostics: Rc<Vec<Diagnostic>>,
    pub documents: Rc<Vec<DocumentView>>,
    /// The text is not what the cluster runs.
    pub edited: bool,
    pub errors: bool,
    pub revision: u32,
    /// How many acts a restart would replay.
    pub acts: usize,
}

/// The editor pane.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let area = use_node_ref();
    let cursor = use_state_eq(|| (1, 1));
    let leaving = use_mut_ref(|| false);

    let on_input = {
        let order = ui.order.clone();
        Callback::from(move |event: InputEvent| {
            let area = event.target_unchecked_into::<HtmlTextAreaElement>();
            order.emit(Order::Edit(area.value()));
        })
    };
    let on_key = {
        let order = ui.order.clone();
        Callback::from(move |event: KeyboardEvent| {
            let escaped = std::mem::take(&mut *leaving.borrow_mut());
            match event.key().as_str() {
                "Escape" => *leaving.borrow_mut() = true,
                "Tab" if !escaped && !event.shift_key() => {
                    event.prevent_default();
                    let area = event.target_unchecked_into::<HtmlTextAreaElement>();
                    if area.set_range_text("  ").is_ok() {
                        let at = area.selection_start().ok().flatten().unwrap_or(0) + 2;
                        let _ = area.set_selection_range(at, at);
                        order.emit(Order::Edit(area.value()));
                    }
                }
                _ => {}
            }
        })
    };
    let on_select = {
        let area = area.clone();
        let cursor = cursor.clone();
        move || {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                let unit = area.selection_start().ok().flatten().unwrap_or(0);
                cursor.set(line_column(&area.value(), unit));
            }
        }
    };
    let on_caret = {
        let select = on_select.clone();
        Callback::from(move |_: KeyboardEvent| select())
    };
    let on_click = Callback::from(move |_: MouseEvent| on_select());
    let go = {
        let area = area.clone();
        Callback::from(move |(line, column): (u32, u32)| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                let at = unit_at(&area.value(), line, column);
                let _ = area.focus();
                let _ = area.set_selection_range(at, at);
                area.set_scroll_top((line.saturating_sub(4) * LINE) as i32);
            }
        })
    };
    html! {
        <section class="editor" id="editor" aria-label={texts.manifest}>
            <div class="editor-head">
                <div class="documents">
                    { for props.documents.iter().map(|document| document_button(document, &go)) }
                </div>
                { state_chip(texts, props) }
            </div>
            <div class="code">
                { gutter(&props.text, &props.diagnostics) }
                <textarea ref={area.clone()} id="yaml" class="mono" spellcheck="false"
                    autocomplete="off" autocapitalize="off" wrap="off"
                    aria-label={texts.manifest} aria-description={texts.manifest_hint}
                    aria-invalid={props.errors.to_string()}
                    value={props.text.clone()} oninput={on_input} onkeydown={on_key}
                    onkeyup={on_caret} onclick={on_click} onscroll={follow_scroll()} />
                if props.text.trim().is_empty() { { offers(&ui) } }
            </div>
            <Problems diagnostics={props.diagnostics.clone()} text={props.text.clone()}
                not_applied={props.edited && props.errors} revision={props.revision}
                cursor={*cursor} go={go.clone()} />
            if props.acts > 0 && props.edited && !props.errors {
                <div class="apply">
                    <p>{ (texts.restart_hint)(props.acts) }</p>
                    <button type="button" class="button"
                        onclick={ui.orders::<MouseEvent>(Order::Discard)}>{ texts.discard }</button>
                    <button type="button" id="restart" class="button you"
                        onclick={ui.orders::<MouseEvent>(Order::Restart)}>
                        { texts.restart_with_this }
                    </button>
                </div>
            }
        </section>
    }
}

fn document_button(document: &DocumentView, go: &Callback<(u32, u32)>) -> Html {
    let (kind, name) = document
        .name
        .split_once('/')
        .unwrap_or(("", &document.name));
    let line = document.first_line;
    let go = go.clone();
    html! {
        <button type="button" class="document mono"
            onclick={Callback::from(move |_: MouseEvent| go.emit((line, 1)))}>
            <b>{ short_kind(kind) }</b>{ "/" }{ name }
        </button>
    }
}

/// As kubectl abbreviates kinds.
fn short_kind(kind: &str) -> &str {
    match kind {
        "deployment" => "deploy",
        "service" => "svc",
        "statefulset" => "sts",
        "daemonset" => "ds",
        "replicaset" => "rs",
        "configmap" => "cm",
        "namespace" => "ns",
        other => other,
    }
}

fn state_chip(texts: &crate::i18n::Texts, props: &EditorProps) -> Html {
    if props.edited {
        html! { <span class="chip wait">{ icon(Icon::Warning) }{ texts.edited }</span> }
    } else if props.revision > 0 {
        html! {
            <span id="applied" class="chip run">
                { icon(Icon::Check) }{ (texts.applied)(props.revision) }
            </span>
        }
    } else {
        Html::default()
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

/// How a diagnostic looks.
fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "wait",
        Severity::Info => "gone",
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

/// What an empty editor offers.
fn offers(ui: &crate::ui::Ui) -> Html {
    html! {
        <div class="offers">
            <p>{ ui.texts().empty_editor }</p>
            { for EXAMPLES.iter().take(OFFERED).map(|example| html! {
                <button type="button" class="button"
                    onclick={ui.orders::<MouseEvent>(Order::Open(example.text.into()))}>
                    { example.title(ui.language) }
                </button>
            }) }
        </div>
    }
}
