//! The bar at the top: which text, which engine, which look.

use crate::dialog::Dialog;
use crate::examples::{self, EXAMPLES};
use crate::icons::{icon, Icon};
use crate::store::{Action, Theme};
use crate::ui::{use_ui, Order, Ui};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The simulated release.
const KUBELET: &str = "v1.36";

#[derive(Properties, PartialEq)]
pub struct TopBarProps {
    pub text: AttrValue,
    pub theme: Theme,
    /// The seed that the run used.
    pub seed: Option<u64>,
    pub has_history: bool,
    pub can_undo: bool,
    pub can_redo: bool,
}

/// The top bar.
#[component]
pub fn TopBar(props: &TopBarProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let chosen = examples::by_text(&props.text).map(|example| example.slug);
    let pick = {
        let (order, language) = (ui.order.clone(), ui.language);
        Callback::from(move |event: Event| {
            let slug = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(example) = examples::by_slug(&slug) {
                order.emit(Order::Open(example.text_in(language)));
            }
        })
    };
    let options = EXAMPLES.iter().map(|example| {
        html! {
            <option value={example.slug} selected={chosen == Some(example.slug)}>
                { example.title(ui.language) }
            </option>
        }
    });
    let theme_name = match props.theme {
        Theme::Auto => texts.theme_auto,
        Theme::Light => texts.theme_light,
        Theme::Dark => texts.theme_dark,
    };
    let other = ui.language.other();
    html! {
        <header class="bar">
            <h1 class="logo">
                <svg viewBox="0 0 20 20" aria-hidden="true">
                    <path class="ring" d="M10 2.500a7.500 7.500 0 1 1-6.900 4.600" />
                    <path class="tick" d="M6.500 10.300l2.500 2.500 5-6" />
                </svg>
                { "readyz" }
            </h1>
            <div class="picker">
                <span class="picker-name" aria-hidden="true">{ texts.example }</span>
                <select id="example" aria-label={texts.example} onchange={pick}>
                    if chosen.is_none() {
                        <option value="" selected={true}>{ texts.own_text }</option>
                    }
                    { for options }
                </select>
            </div>
            <span class="space" />
            <span class="fact wide-only">
                { "kubelet " }<b class="mono">{ KUBELET }</b>
            </span>
            { seed(&ui, props.seed) }
            <button type="button" id="share" class="tool" aria-label={texts.share}
                onclick={ui.orders::<MouseEvent>(Order::Share)}>
                { icon(Icon::Share) }<span class="tool-name">{ texts.share }</span>
            </button>
            { take_back(&ui, false, props.can_undo) }
            { take_back(&ui, true, props.can_redo) }
            <button type="button" id="reset" class="tool" title={texts.reset_hint}
                disabled={!props.has_history} onclick={ui.orders::<MouseEvent>(Order::Reset)}>
                { icon(Icon::Restart) }<span class="tool-name">{ texts.reset }</span>
            </button>
            <span class="rule wide-only" />
            <button type="button" id="language" class="tool" lang={other.tag()}
                onclick={ui.orders::<MouseEvent>(Order::Language(other))}>
                { other.own_name() }
            </button>
            <button type="button" id="theme" class="tool square" aria-label={theme_name}
                title={theme_name}
                onclick={ui.orders::<MouseEvent>(Order::Theme(props.theme.next()))}>
                { icon(Icon::Theme) }
            </button>
            { help(&ui) }
        </header>
    }
}

/// Help; in a narrow window the list of commands, which has it too and all else that has no room
/// there, on a phone without keys.
fn help(ui: &Ui) -> Html {
    let texts = ui.texts();
    let opens = |id, class: &'static str, name, which, dialog| {
        html! {
            <button type="button" {id} class={classes!("tool", "square", class)} aria-label={name}
                title={name} onclick={ui.tells::<MouseEvent>(Action::DialogOpened(dialog))}>
                { icon(which) }
            </button>
        }
    };
    html! {
        <>
            { opens("help", "wide-only", texts.help, Icon::Help, Dialog::Help) }
            { opens("commands-open", "narrow-only", texts.commands, Icon::More, Dialog::Commands) }
        </>
    }
}

/// Undo or redo; shown while there is something to it.
fn take_back(ui: &Ui, redo: bool, can: bool) -> Html {
    if !can {
        return Html::default();
    }
    let words = &ui.texts().time;
    let (id, name) = match redo {
        true => ("redo", words.redo),
        false => ("undo", words.undo),
    };
    html! {
        <button type="button" {id} class="tool square" aria-label={name} title={name}
            onclick={ui.orders::<MouseEvent>(Order::TakeBack { redo })}>{ icon(Icon::Undo) }</button>
    }
}

/// The seed's field.
fn seed(ui: &Ui, seed: Option<u64>) -> Html {
    let texts = ui.texts();
    let reseed = {
        let order = ui.order.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value();
            order.emit(Order::Seed(value.trim().parse().ok()));
        })
    };
    html! {
            <label class="fact wide-only" title={texts.seed_hint}>
                { texts.seed }
                <input id="seed" class="mono" inputmode="numeric" size="4" autocomplete="off"
                    value={seed.map_or(String::new(), |seed| seed.to_string())}
                    onchange={reseed} />
            </label>
    }
}
