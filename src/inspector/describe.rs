//! What can be looked up about the selected Pod: `kubectl describe`, logs, charts, requests.

use super::ledger::Ledger;
use super::metrics::Metrics;
use super::records::Records;
use crate::i18n::LookWords;
use crate::panels::{Answer, Panels, Part};
use crate::range::Range;
use crate::store::{Action, Target};
use crate::ui::{use_ui, Order};
use readyz_engine::session::Request;
use readyz_engine::view::{ClusterView, RunView};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct DescribeProps {
    pub view: Option<Rc<ClusterView>>,
    pub run: Option<Rc<RunView>>,
    pub target: Option<Target>,
    pub panels: Panels,
    pub range: Range,
}

const PARTS: [Part; 5] = [
    Part::Describe,
    Part::Logs,
    Part::Metrics,
    Part::Requests,
    Part::Records,
];

const fn name(part: Part, words: &LookWords) -> &'static str {
    match part {
        Part::Describe => words.describe,
        Part::Logs => words.logs,
        Part::Metrics => words.metrics,
        Part::Requests => words.requests,
        Part::Records => words.records,
    }
}

/// The describe tab.
#[component]
pub fn Describe(props: &DescribeProps) -> Html {
    let ui = use_ui();
    let words = &ui.texts().look;
    let part = props.panels.part;
    let radio = |one: Part| {
        let checked = part == one;
        let choose = ui.tells::<MouseEvent>(Action::Panel(Answer::Part(one)));
        html! {
            <button type="button" role="radio" aria-checked={checked.to_string()}
                tabindex={if checked { "0" } else { "-1" }} onclick={choose}>
                { name(one, words) }
            </button>
        }
    };
    let (view, run, target) = (&props.view, &props.run, &props.target);
    html! {
        <>
            <div class="switch look-switch" role="radiogroup" aria-label={words.describe}
                onkeydown={crate::ui_keys::rove_radios()}>
                { for PARTS.into_iter().map(radio) }
            </div>
            { match part {
                Part::Metrics => html! {
                    <Metrics view={view.clone()} run={run.clone()} target={target.clone()}
                        answer={props.panels.metrics.clone()} />
                },
                Part::Requests => html! {
                    <Ledger view={view.clone()} run={run.clone()} rows={props.panels.requests.clone()} />
                },
                Part::Records => html! {
                    <Records at={view.as_ref().map(|view| view.at)} run={run.clone()}
                        target={target.clone()} range={props.range} />
                },
                part => html! {
                    <Printed key={part as u8} logs={part == Part::Logs} view={view.clone()}
                        target={target.clone()} panels={props.panels.clone()} />
                },
            } }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct PrintedProps {
    logs: bool,
    view: Option<Rc<ClusterView>>,
    target: Option<Target>,
    panels: Panels,
}

/// What kubectl prints, exactly.
#[component]
fn Printed(props: &PrintedProps) -> Html {
    let ui = use_ui();
    let words = &ui.texts().look;
    let chosen = use_state(|| 0_usize);
    let choices = choices(words, props);
    let line = choices
        .get(*chosen)
        .or(choices.first())
        .map(|(_, line)| line.clone());
    let at = props.view.as_ref().map(|view| view.at);
    {
        let order = ui.order.clone();
        use_effect_with((line.clone(), at), move |(line, at)| {
            if let (Some(line), Some(at)) = (line.clone(), *at) {
                order.emit(Order::Ask(Request::Read { line, at }));
            }
        });
    }
    let pick = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| {
            let select = event.target_unchecked_into::<HtmlSelectElement>();
            chosen.set(select.selected_index().max(0) as usize);
        })
    };
    let read = props.panels.read.as_ref();
    let answer = read.filter(|read| Some(&read.0) == line.as_ref());
    html! {
        <>
            <select id="look-choice" class="mono" aria-label={words.instance} onchange={pick}>
                { for choices.iter().enumerate().map(|(place, (name, _))| html! {
                    <option selected={place == *chosen}>{ name }</option>
                }) }
            </select>
            if let Some(read) = answer {
                <pre class="printed mono" id="printed" tabindex="0">{ &read.1.stdout }{ &read.1.stderr }</pre>
            } else {
                <p class="empty">{ words.waiting }</p>
            }
        </>
    }
}

/// Names and commands to choose from.
fn choices(words: &LookWords, props: &PrintedProps) -> Vec<(String, String)> {
    let (Some(view), Some(target)) = (&props.view, &props.target) else {
        return Vec::new();
    };
    if props.logs {
        let line = format!("kubectl logs {} -c {}", target.pod, target.container);
        return vec![
            (
                format!("{}: {}", target.container, words.current),
                line.clone(),
            ),
            (
                format!("{}: {}", target.container, words.previous),
                format!("{line} --previous"),
            ),
        ];
    }
    let mut names = vec![format!("pod {}", target.pod)];
    names.extend(
        view.deployments
            .iter()
            .map(|one| format!("deployment {}", one.name)),
    );
    names.extend(
        view.services
            .iter()
            .map(|one| format!("service {}", one.name)),
    );
    names.extend(view.nodes.iter().map(|one| format!("node {}", one.name)));
    let command = |name: String| {
        let line = format!("kubectl describe {name}");
        (name, line)
    };
    names.into_iter().map(command).collect()
}
