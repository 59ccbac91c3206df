//! The terminal: a log and a line.

use crate::i18n::TerminalWords;
use crate::platform::frame::every;
use crate::platform::{clipboard, dom};
use crate::store::Action;
use crate::terminal::{completed, Entry, Terminal, Tty};
use crate::ui::{use_ui, Order, Ui};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// How often what goes on is looked at.
const FOLLOW_MS: i32 = 200;

#[derive(Properties, PartialEq)]
pub struct ConsoleProps {
    pub terminal: Terminal,
}

/// The terminal tab.
#[component]
pub fn Console(props: &ConsoleProps) -> Html {
    let ui = use_ui();
    let words = &ui.texts().terminal;
    let terminal = &props.terminal;
    let line = use_state(String::new);
    let log = use_node_ref();
    let input = use_node_ref();
    let put = {
        let (input, line) = (input.clone(), line.clone());
        Rc::new(move |text: String| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.set_value(&text);
            }
            line.set(text);
        })
    };
    // Those sent that have not been rendered yet are among them.
    let former = use_mut_ref(Former::default);
    former.borrow_mut().lines = terminal.entries.iter().map(|e| e.line.clone()).collect();
    let leaving = use_mut_ref(|| false);
    use_console(terminal, &input, put.clone(), &log);
    use_following(terminal.goes_on(), &ui);
    let submit = {
        let (order, input, put) = (ui.order.clone(), input.clone(), put.clone());
        let former = former.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let line = value(&input);
            let mut all = former.borrow_mut();
            all.lines.push(line.clone());
            all.back = 0;
            drop(all);
            put(String::new());
            order.emit(Order::Type(line));
        })
    };
    let typed = {
        let (line, leaving, pause) = (line.clone(), leaving.clone(), ui.orders(Order::Pause));
        Callback::from(move |event: InputEvent| {
            line.set(event.target_unchecked_into::<HtmlInputElement>().value());
            *leaving.borrow_mut() = false;
            pause.emit(());
        })
    };
    let pressed = keys(&ui, &input, former, leaving, put);
    let offered = offers(terminal, &line);
    html! {
        <div class="console">
            <div class="console-log mono" id="console" ref={log} role="log" tabindex="0"
                aria-label={words.output}>
                { for terminal.entries.iter().enumerate().map(|(key, entry)| row(key, entry, &ui)) }
            </div>
            if terminal.entries.is_empty() { { beginnings(&ui, words) } }
            if let Some(offered) = offered { <p class="offered mono">{ offered }</p> }
            <form class="console-line" onsubmit={submit}>
                <label class="mono" for="command">{ terminal.prompt() }</label>
                <input ref={input} id="command" class="mono" value={(*line).clone()} oninput={typed}
                    onkeydown={pressed} onfocus={ui.orders::<FocusEvent>(Order::Pause)}
                    aria-label={words.input} aria-describedby="command-keys"
                    placeholder={terminal.entries.is_empty().then_some(words.first)}
                    autocomplete="off" autocapitalize="off" spellcheck="false" />
                <button type="submit" class="button">{ words.run }</button>
            </form>
            <p class="caption" id="command-keys">{ words.clock_stops }{ " " }{ words.keys }</p>
            { tools(&ui, words, terminal.text()) }
        </div>
    }
}

/// What an empty terminal offers: a press types it.
fn beginnings(ui: &Ui, words: &TerminalWords) -> Html {
    let lines = [
        words.first,
        "kubectl get events",
        "kubectl describe pods",
        "kubectl get endpointslices",
    ];
    let line = |line: &'static str| {
        let order = ui.order.clone();
        let act = Callback::from(move |_: MouseEvent| {
            order.emit(Order::Type(line.into()));
            dom::focus("command");
        });
        html! { <button type="button" class="line-chip mono" onclick={act}>{ line }</button> }
    };
    html! {
        <div class="beginnings"><p class="caption">{ words.hint }</p>{ for lines.map(line) }</div>
    }
}

fn tools(ui: &Ui, words: &TerminalWords, text: String) -> Html {
    let copy = Callback::from(move |_: MouseEvent| clipboard::write(&text));
    html! {
            <div class="console-tools">
                <button type="button" class="button" id="console-copy" onclick={copy}>{ words.copy }</button>
                <button type="button" class="button" id="console-clear"
                    onclick={ui.tells::<MouseEvent>(Action::Terminal(Tty::Cleared))}>{ words.clear }</button>
            </div>
    }
}

/// The log shows its end, and Tab's answer is taken.
#[hook]
fn use_console(
    terminal: &Terminal,
    input: &NodeRef,
    put: Rc<impl Fn(String) + 'static>,
    log: &NodeRef,
) {
    {
        let log = log.clone();
        use_effect_with(terminal.entries.clone(), move |_| {
            if let Some(log) = log.cast::<HtmlElement>() {
                log.set_scroll_top(log.scroll_height());
            }
        });
    }
    {
        let input = input.clone();
        use_effect_with(terminal.completion.clone(), move |completion| {
            let Some(pair) = completion else { return };
            // Whoever has gone on typing keeps what they typed.
            if value(&input) == pair.0 {
                if let Some(whole) = completed(&pair.0, &pair.1) {
                    put(whole);
                }
            }
        });
    }
}

/// What goes on prints more while the terminal is in sight.
#[hook]
fn use_following(goes_on: bool, ui: &Ui) {
    let order = ui.order.clone();
    use_effect_with(goes_on, move |goes_on| {
        let stop = goes_on.then(|| every(FOLLOW_MS, move || order.emit(Order::Follow)));
        move || drop(stop)
    });
}

/// The line's keys: former lines, completion, and the way out.
fn keys(
    ui: &Ui,
    input: &NodeRef,
    former: Rc<RefCell<Former>>,
    leaving: Rc<RefCell<bool>>,
    put: Rc<impl Fn(String) + 'static>,
) -> Callback<KeyboardEvent> {
    let (ui, input) = (ui.clone(), input.clone());
    Callback::from(move |event: KeyboardEvent| {
        match event.key().as_str() {
            "ArrowUp" => put(former.borrow_mut().recall(true)),
            "ArrowDown" => put(former.borrow_mut().recall(false)),
            "Tab" if !event.shift_key() && !*leaving.borrow() => {
                let line = value(&input);
                if line.is_empty() {
                    return;
                }
                ui.order.emit(Order::Complete(line));
            }
            "l" if event.ctrl_key() => ui.tell.emit(Action::Terminal(Tty::Cleared)),
            "c" if event.ctrl_key() => {
                ui.tell.emit(Action::Terminal(Tty::Interrupted));
                put(String::new());
            }
            "Escape" => {
                *leaving.borrow_mut() = true;
                return;
            }
            _ => return,
        }
        event.prevent_default();
    })
}

/// What stands in the input now; what was rendered may be behind.
fn value(input: &NodeRef) -> String {
    let input = input.cast::<HtmlInputElement>();
    input.map_or_else(String::new, |input| input.value())
}

/// The lines so far.
#[derive(Default)]
struct Former {
    lines: Vec<String>,
    /// Which of them is shown: counted from the newest, 0 is the line being typed.
    back: usize,
}

impl Former {
    /// The line before or after the one that is shown.
    fn recall(&mut self, older: bool) -> String {
        self.back = if older {
            (self.back + 1).min(self.lines.len())
        } else {
            self.back.saturating_sub(1).min(self.lines.len())
        };
        match self.back {
            0 => String::new(),
            back => self.lines[self.lines.len() - back].clone(),
        }
    }
}

/// The words that Tab found, while there are several for this line.
fn offers(terminal: &Terminal, line: &str) -> Option<String> {
    let pair = terminal.completion.as_ref()?;
    let shown = pair.1.len() > 1 && completed(&pair.0, &pair.1).as_deref() == Some(line);
    shown.then(|| pair.1.join("  "))
}

fn row(key: usize, entry: &Entry, ui: &Ui) -> Html {
    let words = &ui.texts().terminal;
    html! {
        <div key={key.to_string()} class="console-entry">
            <p><span class="prompt">{ &entry.prompt }</span>{ " " }<b>{ &entry.line }</b></p>
            if let Some(answer) = &entry.answer {
                if !answer.stdout.is_empty() { <pre>{ &answer.stdout }</pre> }
                if !answer.stderr.is_empty() { <pre class="stderr">{ &answer.stderr }</pre> }
                if answer.unfinished {
                    <p class="dim console-running">{ words.unfinished }{ " " }
                        <button type="button" class="button"
                            onclick={ui.tells::<MouseEvent>(Action::Terminal(Tty::Interrupted))}>{ words.stop }</button>
                    </p>
                }
            } else {
                <p class="dim" aria-hidden="true">{ "…" }</p>
            }
        </div>
    }
}
