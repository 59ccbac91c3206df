//! The histories: listed, named, shown, compared.

use crate::compare::{facts, paired, summary};
use crate::format::{clock, seconds};
use crate::ui::{use_ui, Order};
use readyz_engine::session::{BranchView, Request};
use readyz_engine::view::RunView;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct BranchesProps {
    pub branches: Rc<Vec<BranchView>>,
    pub branch: u32,
    pub run: Option<Rc<RunView>>,
    pub other: Option<(u32, Rc<RunView>)>,
    /// The editor's text.
    pub text: AttrValue,
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
        let compared = props.other.as_ref().is_some_and(|(other, _)| *other == number);
        let rename = {
            let order = ui.order.clone();
            Callback::from(move |event: Event| {
                let name = event.target_unchecked_into::<HtmlInputElement>().value();
                order.emit(Order::Ask(Request::Rename { branch: number, name }));
            })
        };
        html! {
            <li class="branch-row" key={number}>
                <input class="mono" aria-label={words.rename} value={branch.name.clone()}
                    onchange={rename} />
                <span class="dim">
                    { (words.from)(&clock(branch.forked_at)) }{ " · " }
                    { (words.acts)(branch.acts.len()) }
                </span>
                <button type="button" class="button" disabled={shown}
                    aria-label={format!("{}: {}", if shown { words.shown } else { words.show }, branch.name)}
                    onclick={ui.orders::<MouseEvent>(Order::Ask(Request::Branch { branch: number }))}>
                    { if shown { words.shown } else { words.show } }
                </button>
                <button type="button" class={classes!("button", compared.then_some("you"))}
                    disabled={shown} aria-pressed={compared.to_string()}
                    aria-label={format!("{}: {}", words.compare, branch.name)}
                    onclick={ui.orders::<MouseEvent>(Order::Compare((!compared).then_some(number)))}>
                    { words.compare }
                </button>
            </li>
        }
    });
    let variant = Order::Ask(Request::Variant {
        text: props.text.to_string(),
        name: (words.another_name)(props.branches.len() + 1),
    });
    html! {
        <>
            <ul class="branch-list">{ for rows }</ul>
            <button type="button" class="button" id="run-beside" disabled={!props.edited}
                onclick={ui.orders::<MouseEvent>(variant)}>{ words.another }</button>
            { comparison(&ui, props) }
        </>
    }
}

/// A and B in numbers, and a sentence.
fn comparison(ui: &crate::ui::Ui, props: &BranchesProps) -> Html {
    let words = &ui.texts().look;
    let (Some(a), Some((number, b))) = (&props.run, &props.other) else {
        return Html::default();
    };
    let name = |branch: u32| {
        let branch = props.branches.get(branch as usize);
        branch.map_or_else(String::new, |branch| branch.name.clone())
    };
    let (one, other) = (facts(a), facts(b));
    let row = |letter: &'static str, name: String, facts: &crate::compare::Facts| {
        html! {
            <div><dt><b class="side mono">{ letter }</b>{ name }</dt>
                <dd>{ (words.facts)(facts.restarts, &seconds(facts.unready), facts.lost) }</dd></div>
        }
    };
    let (_, alike) = paired(words, a, b);
    html! {
        <section class="comparison" id="comparison" aria-label={words.compare}>
            <p class="answer" id="summary-sentence">{ summary(words, &name(*number), &one, &other) }</p>
            <dl>{ row("A", name(props.branch), &one) }{ row("B", name(*number), &other) }</dl>
            if alike > 0 { <p class="caption">{ (words.equal_lanes)(alike) }</p> }
        </section>
    }
}
