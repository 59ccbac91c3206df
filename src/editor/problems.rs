//! What is wrong with the text, in words, with a way out.

use super::position::edited;
use super::severity_class;
use crate::icons::{icon, Icon};
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::manifest::{Diagnostic, Severity};
use std::rc::Rc;
use yew::prelude::*;

/// More problems than this are only counted.
const SHOWN_MAX: usize = 50;

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
    html! {
        <>
            if !props.diagnostics.is_empty() {
                <ol id="problems" class="problem-list" aria-label={texts.problem_list}>
                    { for shown.map(|diagnostic| problem(&ui, props, diagnostic)) }
                </ol>
            }
            <div class="summary">
                <span id="summary" class="summary-words" role="status">
                    { summary }
                    if props.not_applied {
                        <span class="not-applied">{ (texts.not_applied)(props.revision) }</span>
                    }
                </span>
                <span class="space" />
                <span class="dim wide-only">{ (texts.line_column)(line, column) }</span>
            </div>
        </>
    }
}

fn problem(ui: &Ui, props: &ProblemsProps, diagnostic: &Diagnostic) -> Html {
    let texts = ui.texts();
    let place = (diagnostic.line, diagnostic.column);
    let go = props.go.clone();
    let fix = diagnostic.fix.as_ref().map(|fix| {
        let text = edited(&props.text, fix);
        let name = match fix.replacement.trim() {
            "" => texts.fix_remove.to_owned(),
            replacement => (texts.fix)(first_words(replacement)),
        };
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
                <p class="message">{ &diagnostic.message }</p>
                if let Some(suggestion) = &diagnostic.suggestion { <p>{ suggestion }</p> }
                { for fix }
            </div>
        </li>
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
