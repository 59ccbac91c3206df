//! What is wrong with the text, in words, with a way out.

use super::position::edited;
use super::severity_class;
use crate::i18n::Texts;
use crate::icons::{icon, icon_as, Icon};
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::manifest::{Diagnostic, Severity, TextEdit};
use std::rc::Rc;
use yew::prelude::*;

/// More problems than this are only counted.
pub const SHOWN_MAX: usize = 50;

#[derive(Properties, PartialEq)]
pub struct ProblemsProps {
    pub diagnostics: Rc<Vec<Diagnostic>>,
    pub text: AttrValue,
    /// The cluster runs an earlier text because of them.
    pub not_applied: bool,
    pub revision: u32,
    pub cursor: (u32, u32),
    /// Goes to a line and column.
    pub go: Callback<(u32, u32)>,
    /// The code editor shows problems at their lines: the list opens on demand.
    pub rich: bool,
}

/// The summary line and the list.
#[component]
pub fn Problems(props: &ProblemsProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let count = |severity| {
        let of_kind = |d: &&Diagnostic| d.severity == severity;
        props.diagnostics.iter().filter(of_kind).count()
    };
    let errors = count(Severity::Error);
    let remarks = props.diagnostics.len() - errors;
    let summary = if errors + remarks == 0 {
        html! { <span class="ok-ink">{ icon(Icon::Check) }{ texts.no_problems }</span> }
    } else if errors == 0 {
        html! { <span>{ icon(Icon::Info) }{ (texts.problems)(0, remarks) }</span> }
    } else {
        html! { <span class="bad-ink">{ icon(Icon::Error) }{ (texts.problems)(errors, remarks) }</span> }
    };
    let shown = props.diagnostics.iter().take(SHOWN_MAX);
    let (line, column) = props.cursor;
    let chosen = use_state_eq(|| None::<bool>);
    let open = chosen.unwrap_or(!props.rich);
    let toggle = Callback::from(move |_: MouseEvent| chosen.set(Some(!open)));
    html! {
        <>
            if open && !props.diagnostics.is_empty() {
                <ol id="problems" class="problem-list" aria-label={texts.problem_list}>
                    { for shown.map(|diagnostic| problem(&ui, props, diagnostic)) }
                </ol>
            }
            <div class="summary">
                <span id="summary" class="summary-words" role="status">
                    { summary }
                    { for first_error(&ui, props) }
                    if props.not_applied {
                        <span class="not-applied">{ (texts.not_applied)(props.revision) }</span>
                    }
                </span>
                if !props.diagnostics.is_empty() {
                    <button type="button" id="problem-list" class="tool" onclick={toggle}
                        aria-expanded={open.to_string()} title={texts.problem_list}
                        aria-label={texts.problem_list}>
                        { icon_as(if open { Icon::CaretDown } else { Icon::Caret }, "icon caret") }
                    </button>
                }
                <span class="space" />
                <span class="dim wide-only">{ (texts.line_column)(line, column) }</span>
            </div>
        </>
    }
}

/// The line of the first error, which may be out of sight: a paste leaves one at its end.
fn first_error(ui: &Ui, props: &ProblemsProps) -> Option<Html> {
    let texts = ui.texts();
    let mut errors = props.diagnostics.iter();
    let error = errors.find(|one| one.severity == Severity::Error)?;
    let (line, place) = (error.line, (error.line, error.column));
    let go = props.go.clone();
    Some(html! {
        <button type="button" id="first-error" class="line-chip mono" title={(texts.go_to_line)(line)}
            onclick={Callback::from(move |_: MouseEvent| go.emit(place))}>
            { (texts.why.line)(line) }
        </button>
    })
}

fn problem(ui: &Ui, props: &ProblemsProps, diagnostic: &Diagnostic) -> Html {
    let texts = ui.texts();
    let place = (diagnostic.line, diagnostic.column);
    let go = props.go.clone();
    let fix = diagnostic.fix.as_ref().map(|fix| {
        let text = edited(&props.text, fix);
        let name = fix_name(texts, fix);
        html! {
            <button type="button" class="button you"
                onclick={ui.orders::<MouseEvent>(Order::Edit(text))}>{ name }</button>
        }
    });
    html! {
        <li class={classes!("problem", severity_class(diagnostic.severity))}>
            <button type="button" class="place mono" title={(texts.go_to_line)(diagnostic.line)}
                onclick={Callback::from(move |_: MouseEvent| go.emit(place))}>
                { format!("{}:{}", diagnostic.line, diagnostic.column) }
            </button>
            <div>
                <p class="message">{ (texts.told)(&diagnostic.message) }</p>
                if let Some(way) = &diagnostic.suggestion { <p>{ (texts.told)(way) }</p> }
                { for fix }
            </div>
        </li>
    }
}

/// What the fix's button says.
pub fn fix_name(texts: &Texts, fix: &TextEdit) -> String {
    match fix.replacement.trim() {
        "" => texts.fix_remove.to_owned(),
        document if fix.replacement.ends_with("\n---\n") => {
            let kind = document.lines().find(|line| line.starts_with("kind:"));
            (texts.fix_add)(kind.unwrap_or_default())
        }
        replacement => (texts.fix)(first_words(replacement)),
    }
}

/// A replacement may be long; a button is not.
fn first_words(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(32) {
        Some((end, _)) => &line[..end],
        None => line,
    }
}
