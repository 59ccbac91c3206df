//! The histories: listed, named, shown, compared.

use crate::compare::Compared;
use crate::format::{clock, seconds};
use crate::icons::{icon, Icon};
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::session::{BranchView, Request};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// More differences are seen in the timeline.
const DIFFERENCES_MAX: usize = 40;

#[derive(Properties, PartialEq)]
pub struct BranchesProps {
    pub branches: Rc<Vec<BranchView>>,
    pub branch: u32,
    /// The branch that it is compared with.
    pub other: Option<u32>,
    pub compared: Option<Rc<Compared>>,
    /// The editor's text is not what runs.
    pub edited: bool,
}

/// The branches tab.
#[component]
pub fn Branches(props: &BranchesProps) -> Html {
    let ui = use_ui();
    let words = &ui.texts().look;
    let rows = props.branches.iter().enumerate().map(|(number, branch)| {
        let number = number as u32;
        let shown = number == props.branch;
        let compared = props.other == Some(number);
        let name = (words.branch)(&branch.name);
        let rename = {
            let order = ui.order.clone();
            Callback::from(move |event: Event| {
                let name = event.target_unchecked_into::<HtmlInputElement>().value();
                order.emit(Order::Ask(Request::Rename { branch: number, name }));
            })
        };
        html! {
            <li class="branch-row" key={number}>
                <input class="mono" aria-label={words.rename} value={name.to_string()}
                    onchange={rename} />
                <span class="dim">
                    { (words.from)(&clock(branch.forked_at)) }{ " · " }
                    { (words.acts)(branch.acts.len()) }
                </span>
                <button type="button" class="button" disabled={shown}
                    aria-label={format!("{}: {}", if shown { words.shown } else { words.show }, name)}
                    onclick={ui.orders::<MouseEvent>(Order::Ask(Request::Branch { branch: number }))}>
                    { if shown { words.shown } else { words.show } }
                </button>
                <button type="button" class={classes!("button", compared.then_some("you"))}
                    disabled={shown} aria-pressed={compared.to_string()}
                    aria-label={format!("{}: {}", words.compare, name)}
                    onclick={ui.orders::<MouseEvent>(Order::Compare((!compared).then_some(number)))}>
                    { words.compare }
                </button>
            </li>
        }
    });
    html! {
        <>
            <ul class="branch-list">{ for rows }</ul>
            <button type="button" class="button" id="fork-here"
                onclick={ui.orders::<MouseEvent>(Order::Fork)}>
                { icon(Icon::Fork) }{ ui.texts().time.fork_here }
            </button>
            <button type="button" class="button" id="run-beside" disabled={!props.edited}
                onclick={ui.orders::<MouseEvent>(Order::Beside)}>{ words.another }</button>
            { for props.compared.as_ref().map(|compared| comparison(&ui, compared)) }
        </>
    }
}

/// A and B in numbers, a sentence, and where they differ.
fn comparison(ui: &Ui, compared: &Compared) -> Html {
    let words = &ui.texts().look;
    let row = |letter: &'static str, side: usize| {
        let facts = &compared.facts[side];
        html! {
            <div><dt><b class="side mono">{ letter }</b>{ &compared.names[side] }</dt>
                <dd>{ (words.facts)(facts.restarts, &seconds(facts.unready), facts.lost) }</dd></div>
        }
    };
    let events = compared.run.events.iter().take(DIFFERENCES_MAX);
    html! {
        <section class="comparison" id="comparison" aria-label={words.compare}>
            <p class="answer" id="summary-sentence">{ compared.sentence(ui.texts()) }</p>
            <dl>{ row("A", 0) }{ row("B", 1) }</dl>
            if compared.alike > 0 {
                <p class="caption">{ (words.equal_lanes)(compared.alike as usize) }</p>
            }
            if !compared.run.events.is_empty() { <h2>{ ui.texts().time.differences }</h2> }
            <ol id="differences">
                { for events.map(|event| html! {
                    <li>
                        <button type="button" class="moment mono"
                            onclick={ui.orders::<MouseEvent>(Order::Seek(event.at))}>
                            { clock(event.at) }
                        </button>
                        { " " }{ &event.reason }{ " " }<span class="mono dim">{ &event.pod }</span>
                    </li>
                }) }
            </ol>
        </section>
    }
}
