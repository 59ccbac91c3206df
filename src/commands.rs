//! Every command by its name (Ctrl or ⌘ K).

use crate::dialog::{self, Dialog, Modal};
use crate::early;
use crate::keyboard::Effect;
use crate::platform::dom;
use crate::playback::{SPEEDS, SPEED_MAX};
use crate::store::{Action, Pane};
use crate::time_tools::Step;
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::time::Instant;
use std::cell::RefCell;
use std::rc::Rc;
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

/// The commands whose names have some words in them.
fn found(ui: &Ui, words: &str) -> Vec<Command> {
    let wanted = words.to_lowercase();
    let mut found = commands(ui);
    found.retain(|(name, ..)| name.to_lowercase().contains(&wanted));
    found
}

/// What the keys that came before the field make of it: its words, how far down the list, and whether
/// Enter came.
fn pressed(keys: &str) -> (String, i32, bool) {
    let (mut words, mut place) = (String::new(), 0);
    for key in keys.chars() {
        match key {
            '\n' => return (words, place, true),
            '↓' => place += 1,
            '↑' => place -= 1,
            key => {
                words.push(key);
                place = 0;
            }
        }
    }
    (words, place, false)
}

fn run(ui: &Ui, effect: &Effect) {
    dialog::close(&ui.tell);
    match effect {
        Effect::Order(order) => ui.order.emit(order.clone()),
        Effect::Tell(action) => ui.tell.emit(action.clone()),
        Effect::Focus(id) => dom::focus(id),
    }
}

/// What is typed, and the place that is chosen, as they are now.
type Chosen = Rc<RefCell<(String, usize)>>;

/// Arrows choose, Enter runs.
fn on_key(ui: &Ui, chosen: &Chosen, render: &UseForceUpdateHandle) -> Callback<KeyboardEvent> {
    let (ui, chosen, render) = (ui.clone(), chosen.clone(), render.clone());
    Callback::from(move |event: KeyboardEvent| {
        let words = event.target_unchecked_into::<HtmlInputElement>().value();
        let found = found(&ui, &words);
        let count = found.len().max(1);
        let at = match &*chosen.borrow() {
            (typed, place) if *typed == words => (*place).min(count - 1),
            _ => 0,
        };
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => count - 1,
            "Enter" if !event.is_composing() => {
                event.prevent_default();
                if let Some((.., effect)) = found.get(at) {
                    run(&ui, effect);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        chosen.replace((words, (at + step) % count));
        render.force_update();
    })
}

/// The list, filtered by what is typed. Keys go by what stands in the field now: what is shown of it
/// may be behind.
#[component]
pub fn Commands() -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let input = use_node_ref();
    let chosen: Chosen = use_mut_ref(Default::default);
    let render = use_force_update();
    let opened = {
        let (ui, input) = (ui.clone(), input.clone());
        let (chosen, render) = (chosen.clone(), render.clone());
        Callback::from(move |()| {
            let (words, place, enter) = pressed(&early::take());
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.set_value(&words);
                let _ = input.focus();
            }
            let found = found(&ui, &words);
            let place = place.rem_euclid(found.len().max(1) as i32) as usize;
            match found.get(place) {
                Some((.., effect)) if enter => run(&ui, effect),
                _ => {
                    chosen.replace((words, place));
                    render.force_update();
                }
            }
        })
    };
    let on_key = on_key(&ui, &chosen, &render);
    let on_input = {
        let chosen = chosen.clone();
        Callback::from(move |event: InputEvent| {
            let words = event.target_unchecked_into::<HtmlInputElement>().value();
            chosen.replace((words, 0));
            render.force_update();
        })
    };
    let (words, place) = chosen.borrow().clone();
    let found = found(&ui, &words);
    let at = place.min(found.len().saturating_sub(1));
    html! {
        <Modal name={texts.commands} class="commands" {opened}>
            <input ref={input} id="palette" type="text" role="combobox" autocomplete="off"
                aria-label={texts.commands} aria-expanded="true" aria-controls="command-list"
                aria-activedescendant={(!found.is_empty()).then(|| format!("command-{at}"))}
                oninput={on_input} onkeydown={on_key} />
            if found.is_empty() { <p class="empty" role="status">{ texts.look.no_command }</p> }
            <ul id="command-list" role="listbox" aria-label={texts.commands}>
                { for found.iter().enumerate().map(|(index, (name, key, effect))| {
                    let (ui, effect) = (ui.clone(), effect.clone());
                    html! {
                        <li id={format!("command-{index}")} role="option"
                            aria-selected={(index == at).to_string()}
                            onclick={Callback::from(move |_: MouseEvent| run(&ui, &effect))}>
                            <span>{ name }</span>
                            if !key.is_empty() { <kbd>{ *key }</kbd> }
                        </li>
                    }
                }) }
            </ul>
        </Modal>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn early_keys_do_what_they_would_have_done() {
        assert_eq!(pressed(""), (String::new(), 0, false));
        assert_eq!(pressed("for↓\nk"), ("for".into(), 1, true));
        assert_eq!(pressed("↓fo↑"), ("fo".into(), -1, false));
    }
}
