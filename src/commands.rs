//! Every command by its name (Ctrl or ⌘ K).

use crate::dialog::{Dialog, Modal};
use crate::keyboard::Effect;
use crate::platform::dom;
use crate::playback::{SPEEDS, SPEED_MAX};
use crate::store::{Action, Pane};
use crate::time_tools::Step;
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::time::Instant;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// A command: its name, its key, what it does.
type Command = (String, &'static str, Effect);

fn commands(ui: &Ui) -> Vec<Command> {
    let texts = ui.texts();
    let mut all: Vec<Command> = Vec::new();
    let mut order = |name: &str, key, order| all.push((name.into(), key, Effect::Order(order)));
    order(texts.play, "Space", Order::PlayOrPause);
    order(texts.previous_moment, ",", Order::Previous(None));
    order(texts.next_moment, ".", Order::Next(None));
    let restart = Some(Step::Restart);
    order(texts.time.next_restart, "R", Order::Next(restart));
    order(
        texts.time.previous_restart,
        "Shift R",
        Order::Previous(restart),
    );
    order(texts.time.mark, "M", Order::Mark);
    order(texts.time.looped, "L", Order::Loop);
    order(texts.time.fork, "F", Order::Fork);
    order(texts.look.compare, "C", Order::CompareAny);
    order(texts.time.undo, "Ctrl Z", Order::TakeBack { redo: false });
    order(
        texts.time.redo,
        "Ctrl Shift Z",
        Order::TakeBack { redo: true },
    );
    order(texts.previous_input, "[", Order::PreviousInput);
    order(texts.next_input, "]", Order::NextInput);
    order(texts.to_start, "Home", Order::Seek(Instant::ZERO));
    order(texts.live_edge, "End", Order::LiveEdge);
    order(texts.zoom_in, "+", Order::Zoom { closer: true });
    order(texts.zoom_out, "-", Order::Zoom { closer: false });
    order(texts.fit, "0", Order::Fit);
    let keys = ["1", "2", "3", "4"];
    for (speed, key) in SPEEDS.into_iter().chain([SPEED_MAX]).zip(keys) {
        let name = format!("{} {}", texts.speed, crate::format::speed(speed));
        order(&name, key, Order::Speed(speed));
    }
    order(texts.restart_with_this, "Ctrl Enter", Order::Restart);
    order(texts.look.format, "Shift Alt F", Order::Format);
    order(texts.share, "", Order::Share);
    order(texts.reset, "", Order::Reset);
    order(
        ui.language.other().own_name(),
        "",
        Order::Language(ui.language.other()),
    );
    let mut tell = |name: &str, key, action| all.push((name.into(), key, Effect::Tell(action)));
    tell(texts.yaml, "G Y", Action::PaneOpened(Pane::Yaml));
    tell(texts.faults, "G F", Action::PaneOpened(Pane::Faults));
    tell(texts.events, "G E", Action::PaneOpened(Pane::Events));
    tell(texts.why.name, "G W", Action::PaneOpened(Pane::Why));
    tell(
        texts.terminal.name,
        "G T",
        Action::PaneOpened(Pane::Terminal),
    );
    tell(
        texts.look.describe,
        "G D",
        Action::PaneOpened(Pane::Describe),
    );
    tell(texts.timing.name, "G I", Action::PaneOpened(Pane::Timing));
    tell(
        texts.look.branches,
        "G B",
        Action::PaneOpened(Pane::Branches),
    );
    tell(texts.picture, "", Action::ModeChanged { as_table: false });
    tell(texts.table, "", Action::ModeChanged { as_table: true });
    tell(texts.projector, "P", Action::ProjectorToggled);
    tell(texts.help, "?", Action::DialogOpened(Dialog::Help));
    all
}

/// The list, filtered by what is typed.
#[component]
pub fn Commands() -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let words = use_state(String::new);
    let place = use_state_eq(|| 0_usize);
    let wanted = words.to_lowercase();
    let mut found = commands(&ui);
    found.retain(|(name, ..)| name.to_lowercase().contains(&wanted));
    use_effect_with((), |()| dom::focus("command"));
    let run = {
        let ui = ui.clone();
        move |effect: &Effect| {
            ui.tell.emit(Action::DialogClosed);
            match effect {
                Effect::Order(order) => ui.order.emit(order.clone()),
                Effect::Tell(action) => ui.tell.emit(action.clone()),
                Effect::Focus(id) => dom::focus(id),
            }
        }
    };
    let at = (*place).min(found.len().saturating_sub(1));
    let on_key = {
        let (place, run, count) = (place.clone(), run.clone(), found.len());
        let chosen = found.get(at).map(|(.., effect)| effect.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowDown" => 1,
                "ArrowUp" => count.saturating_sub(1),
                "Enter" => {
                    event.prevent_default();
                    if let Some(effect) = &chosen {
                        run(effect);
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            place.set((at + step) % count.max(1));
        })
    };
    let on_input = Callback::from(move |event: InputEvent| {
        place.set(0);
        words.set(event.target_unchecked_into::<HtmlInputElement>().value());
    });
    html! {
        <Modal name={texts.commands} class="commands">
            <input id="command" type="text" role="combobox" autocomplete="off"
                aria-label={texts.commands} aria-expanded="true" aria-controls="command-list"
                aria-activedescendant={(!found.is_empty()).then(|| format!("command-{at}"))}
                oninput={on_input} onkeydown={on_key} />
            <ul id="command-list" role="listbox" aria-label={texts.commands}>
                { for found.iter().enumerate().map(|(index, (name, key, effect))| {
                    let (run, effect) = (run.clone(), effect.clone());
                    html! {
                        <li id={format!("command-{index}")} role="option"
                            aria-selected={(index == at).to_string()}
                            onclick={Callback::from(move |_: MouseEvent| run(&effect))}>
                            <span>{ name }</span>
                            if !key.is_empty() { <kbd>{ *key }</kbd> }
                        </li>
                    }
                }) }
            </ul>
        </Modal>
    }
}
