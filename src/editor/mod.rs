//! The manifest: text, line numbers, problems at their lines, and what the cluster runs.

mod diff;
mod plain;
mod position;
mod problems;

use crate::examples::EXAMPLES;
use crate::i18n::Texts;
use crate::icons::{icon, Icon};
use crate::platform::editor::{self, CodeEditor, Told};
use crate::platform::frame;
use crate::ui::{use_ui, Order, Ui};
use position::unit_at;
use problems::Problems;
use readyz_engine::manifest::{Diagnostic, Severity};
use readyz_engine::session::DocumentView;
use std::rc::Rc;
use web_sys::{Element, HtmlTextAreaElement};
use yew::prelude::*;

/// Examples offered where there is no text.
const OFFERED: usize = 3;

#[derive(Properties, PartialEq)]
pub struct EditorProps {
    pub text: AttrValue,
    /// What the cluster runs.
    pub applied: AttrValue,
    pub diagnostics: Rc<Vec<Diagnostic>>,
    pub documents: Rc<Vec<DocumentView>>,
    /// The text is not what the cluster runs.
    pub edited: bool,
    pub errors: bool,
    pub revision: u32,
    /// How many acts a restart would replay.
    pub acts: usize,
    /// How many histories there are: with several, or with acts, an edit waits.
    pub branches: usize,
    /// The line to go to; the second number makes each wish a new one.
    pub line: Option<(u32, u32)>,
    /// In an embedded page: whether the text is read only, first and last line to set off (0: none).
    pub fixed: Option<(bool, (u32, u32))>,
}

/// The editor pane.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let area = use_node_ref();
    let host = use_node_ref();
    let cursor = use_state_eq(|| (1, 1));
    let code = use_code_editor(&host, props, &ui, cursor.clone());
    let set_cursor = {
        let cursor = cursor.clone();
        Callback::from(move |place| cursor.set(place))
    };
    // The same one as long as it goes the same way: what only follows it is not rendered again.
    let go = use_callback(
        (code.clone(), area.clone()),
        |(line, column): (u32, u32), (code, area)| {
            if let Some(code) = code {
                code.go(line, column);
            } else if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                let at = unit_at(&area.value(), line, column);
                let _ = area.focus();
                let _ = area.set_selection_range(at, at);
                area.set_scroll_top((line.saturating_sub(4) * plain::LINE) as i32);
            }
        },
    );
    use_effect_with(props.line, {
        let go = go.clone();
        move |line| line.iter().for_each(|(line, _)| go.emit((*line, 1)))
    });
    let rich = code.is_some();
    // Otherwise an edit runs at once, and there is nothing to compare for longer than that takes.
    let waits = props.acts > 0 || props.branches > 1;
    html! {
        <section class="editor" id="editor" aria-label={texts.manifest} data-rich={rich.then_some("")}>
            <div class="editor-head">
                <div class="documents">
                    { for props.documents.iter().map(|document| document_button(document, &go)) }
                </div>
                { state_chip(texts, props) }
            </div>
            <div class="code">
                <div ref={host} class="rich" hidden={!rich} />
                if !rich {
                    <plain::Plain {area} text={props.text.clone()} errors={props.errors}
                        readonly={props.fixed.is_some_and(|(readonly, _)| readonly)}
                        diagnostics={props.diagnostics.clone()} {set_cursor} />
                }
                if props.text.trim().is_empty() { { offers(&ui) } }
            </div>
            <Problems diagnostics={props.diagnostics.clone()} text={props.text.clone()}
                not_applied={props.edited && props.errors} revision={props.revision}
                cursor={*cursor} go={go.clone()} {rich} />
            if props.edited && props.revision > 0 && (waits || props.errors) {
                <diff::Diff from={props.applied.clone()} to={props.text.clone()} go={go.clone()} />
            }
            if waits && props.edited && !props.errors {
                <div class="apply">
                    <p>{ (texts.restart_hint)(props.acts) }</p>
                    <button type="button" class="button"
                        onclick={ui.orders::<MouseEvent>(Order::Discard)}>{ texts.discard }</button>
                    <button type="button" id="beside" class="button"
                        onclick={ui.orders::<MouseEvent>(Order::Beside)}>
                        { texts.time.run_beside }
                    </button>
                    <button type="button" id="restart" class="button you"
                        onclick={ui.orders::<MouseEvent>(Order::Restart)}>
                        { texts.restart_with_this }
                    </button>
                </div>
            }
        </section>
    }
}

/// Has the code editor loaded, and keeps it in step with the state. None until it is there.
#[hook]
fn use_code_editor(
    host: &NodeRef,
    props: &EditorProps,
    ui: &Ui,
    cursor: UseStateHandle<(u32, u32)>,
) -> Option<CodeEditor> {
    let code = use_state_eq(|| None::<CodeEditor>);
    // The text that the editor holds: what it told last, or what it was given.
    let held = use_mut_ref(AttrValue::default);
    // How often it has told one. What was rendered before the last time is not put into it any more:
    // a slow page would take back what has been typed since.
    let told = use_mut_ref(|| 0_u32);
    let rendered = *told.borrow();
    let latest = use_mut_ref(AttrValue::default);
    *latest.borrow_mut() = props.text.clone();
    {
        let (host, code, held) = (host.clone(), code.clone(), held.clone());
        let count = told.clone();
        let (order, language) = (ui.order.clone(), ui.language);
        use_effect_with((), move |()| {
            let Some(host) = host.cast::<Element>() else {
                return;
            };
            let text = move || latest.borrow().to_string();
            editor::start(&host, language.tag(), text, move |told| match told {
                Told::Mounted(editor) => {
                    plain::hand_over(&editor);
                    code.set(Some(editor));
                }
                Told::Text(text) => {
                    *count.borrow_mut() += 1;
                    *held.borrow_mut() = text.clone().into();
                    order.emit(Order::Edit(text));
                }
                Told::Cursor(line, column) => cursor.set((line, column)),
                Told::Apply => order.emit(Order::Restart),
            });
        });
    }
    use_effect_with(
        ((*code).clone(), props.text.clone()),
        move |(code, text)| {
            let latest = *told.borrow() == rendered && *held.borrow() != *text;
            if let Some(code) = code.as_ref().filter(|_| latest) {
                code.set_text(text);
                *held.borrow_mut() = text.clone();
            }
        },
    );
    use_effect_with(
        ((*code).clone(), props.diagnostics.clone(), ui.language),
        |(code, diagnostics, language)| {
            let Some(code) = code.clone() else { return };
            let (diagnostics, texts) = (diagnostics.clone(), language.texts());
            // The code editor measures itself for it: the run is to be seen first.
            frame::after_frame(move || code.set_problems(flat(&diagnostics, texts)));
        },
    );
    use_effect_with(((*code).clone(), props.fixed), |(code, fixed)| {
        if let (Some(code), Some((readonly, (first, last)))) = (code, fixed) {
            code.set_readonly(*readonly);
            code.set_lines(*first, *last);
        }
    });
    use_effect_with(((*code).clone(), ui.language), |(code, language)| {
        if let Some(code) = code {
            code.set_language(language.tag());
        }
    });
    (*code).clone()
}

/// Diagnostics as the editor takes them: thirteen values each.
fn flat(diagnostics: &[Diagnostic], texts: &Texts) -> js_sys::Array {
    let list = js_sys::Array::new();
    let place = |place: [u32; 4]| {
        for number in place {
            list.push(&number.into());
        }
    };
    for d in diagnostics.iter().take(problems::SHOWN_MAX) {
        list.push(&(d.severity as u32).into());
        place([d.line, d.column, d.end_line, d.end_column]);
        list.push(&(texts.told)(&d.message).into());
        list.push(
            &d.suggestion
                .as_deref()
                .map(texts.told)
                .unwrap_or_default()
                .into(),
        );
        let name = d.fix.as_ref().map(|fix| problems::fix_name(texts, fix));
        list.push(&name.as_deref().unwrap_or_default().into());
        let fix = d.fix.as_ref();
        place(fix.map_or([0; 4], |f| [f.line, f.column, f.end_line, f.end_column]));
        list.push(&fix.map_or("", |fix| fix.replacement.as_str()).into());
    }
    list
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

fn state_chip(texts: &Texts, props: &EditorProps) -> Html {
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

/// How a diagnostic looks.
fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "wait",
        Severity::Info => "gone",
    }
}

/// What an empty editor offers.
fn offers(ui: &Ui) -> Html {
    html! {
        <div class="offers">
            <p>{ ui.texts().empty_editor }</p>
            { for EXAMPLES.iter().take(OFFERED).map(|example| html! {
                <button type="button" class="button"
                    onclick={ui.orders::<MouseEvent>(Order::Open(example.text_in(ui.language)))}>
                    { example.title(ui.language) }
                </button>
            }) }
        </div>
    }
}
