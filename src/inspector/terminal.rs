//! The terminal: a log and a line.

use crate::i18n::TerminalWords;
use crate::platform::clipboard;
use crate::store::Action;
use crate::terminal::{completed, Entry, Terminal, Tty};
use crate::ui::{use_ui, Order, Ui};
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

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
    // Which former line is shown: counted from the newest, 0 is the line being typed.
    let back = use_state(|| 0_usize);
    let leaving = use_state(|| false);
    use_console(terminal, &line, &log);
    let send = {
        let (order, line, back) = (ui.order.clone(), line.clone(), back.clone());
        move || {
            order.emit(Order::Type((*line).clone()));
            line.set(String::new());
            back.set(0);
        }
    };
    let submit = {
        let send = send.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send();
        })
    };
    let typed = {
        let (line, leaving, pause) = (line.clone(), leaving.clone(), ui.orders(Order::Pause));
        Callback::from(move |event: InputEvent| {
            line.set(event.target_unchecked_into::<HtmlInputElement>().value());
            leaving.set(false);
            pause.emit(());
        })
    };
    let pressed = {
        let (ui, entries) = (ui.clone(), terminal.entries.clone());
        let (line, back, leaving) = (line.clone(), back.clone(), leaving.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowUp" => back.set(recall(&entries, &line, *back, true)),
                "ArrowDown" => back.set(recall(&entries, &line, *back, false)),
                "Tab" if !event.shift_key() && !*leaving && !line.is_empty() => {
                    ui.order.emit(Order::Complete((*line).clone()));
                }
                "l" if event.ctrl_key() => ui.tell.emit(Action::Terminal(Tty::Cleared)),
                "c" if event.ctrl_key() => line.set(String::new()),
                "Escape" => {
                    leaving.set(true);
                    return;
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let offered = offers(terminal, &line);
    html! {
        <div class="console">
            <div class="console-log mono" id="console" ref={log} role="log" tabindex="0"
                aria-label={words.output}>
                { for terminal.entries.iter().enumerate().map(|(key, entry)| row(key, entry, words.unfinished)) }
            </div>
            if let Some(offered) = offered { <p class="offered mono">{ offered }</p> }
            <form class="console-line" onsubmit={submit}>
                <label class="mono" for="command">{ terminal.prompt() }</label>
                <input id="command" class="mono" value={(*line).clone()} oninput={typed}
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
fn use_console(terminal: &Terminal, line: &UseStateHandle<String>, log: &NodeRef) {
    {
        let log = log.clone();
        use_effect_with(terminal.entries.clone(), move |_| {
            if let Some(log) = log.cast::<HtmlElement>() {
                log.set_scroll_top(log.scroll_height());
            }
        });
    }
    {
        let line = line.clone();
        use_effect_with(terminal.completion.clone(), move |completion| {
            if let Some(pair) = completion {
                if *line == pair.0 {
                    if let Some(whole) = completed(&pair.0, &pair.1) {
                        line.set(whole);
                    }
                }
            }
        });
    }
}

/// Puts a former line into the input; how far back it is.
fn recall(entries: &[Entry], line: &UseStateHandle<String>, back: usize, older: bool) -> usize {
    let back = if older {
        (back + 1).min(entries.len())
    } else {
        back.saturating_sub(1)
    };
    let text = match back {
        0 => String::new(),
        back => entries[entries.len() - back].line.clone(),
    };
    line.set(text);
    back
}

/// The words that Tab found, while there are several for this line.
fn offers(terminal: &Terminal, line: &str) -> Option<String> {
    let pair = terminal.completion.as_ref()?;
    let shown = pair.1.len() > 1 && completed(&pair.0, &pair.1).as_deref() == Some(line);
    shown.then(|| pair.1.join("  "))
}

fn row(key: usize, entry: &Entry, unfinished: &'static str) -> Html {
    html! {
        <div key={key.to_string()} class="console-entry">
            <p><span class="prompt">{ &entry.prompt }</span>{ " " }<b>{ &entry.line }</b></p>
            if let Some(answer) = &entry.answer {
                if !answer.stdout.is_empty() { <pre>{ &answer.stdout }</pre> }
                if !answer.stderr.is_empty() { <pre class="stderr">{ &answer.stderr }</pre> }
                if answer.unfinished { <p class="dim">{ unfinished }</p> }
            } else {
                <p class="dim" aria-hidden="true">{ "…" }</p>
            }
        </div>
    }
}
