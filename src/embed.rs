//! The page inside of another one: `?embed=1` and what it may ask for (design §9). Unknown
//! parameters are ignored.

use crate::i18n::FaultWords;
use crate::icons::{icon, Icon};
use crate::inspector::fault_list::rows;
use crate::inspector::faults::Fields;
use crate::platform::location;
use crate::platform::{dom, link};
use crate::share::{Entry, ENGINE};
use crate::store::Target;
use crate::ui::{use_ui, Order};
use readyz_engine::time::Instant;
use readyz_engine::view::{ClusterView, ContainerView, PodView};
use std::rc::Rc;
use yew::prelude::*;

/// What the address of an embedded page asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Embed {
    /// `split`, `pod` or `timeline`.
    pub view: String,
    /// `full`, `min` or `none`.
    pub controls: String,
    pub readonly: bool,
    /// First and last line to set off; 0: none.
    pub lines: (u32, u32),
    /// Faults that get a button: `rm`, `kill`, `term`, `500`, or a row of the faults panel (`hang`).
    pub faults: Vec<String>,
    pub container: Option<String>,
    /// Where the timeline ends.
    pub end: Option<Instant>,
    pub play: bool,
}

impl Embed {
    /// Reads the address; None: not embedded.
    pub fn read() -> Option<Self> {
        let word = |name| location::parameter(name).unwrap_or_default();
        if !location::embedded() {
            return None;
        }
        let one_of = |name, known: [&str; 3]| {
            let asked = word(name);
            let found = known.into_iter().find(|one| *one == asked);
            found.unwrap_or(known[0]).to_owned()
        };
        let lines = word("lines");
        let (first, last) = lines.split_once('-').unwrap_or((&lines, &lines));
        Some(Embed {
            view: one_of("view", ["split", "pod", "timeline"]),
            controls: one_of("controls", ["full", "min", "none"]),
            readonly: word("readonly") == "1",
            lines: (
                first.parse().unwrap_or_default(),
                last.parse().unwrap_or_default(),
            ),
            faults: named(&word("faults")),
            container: location::parameter("container"),
            end: location::number("end").map(|secs| Instant::from_secs(secs.max(2.0) as u64)),
            play: word("play") == "1",
        })
    }
}

/// What is between commas; nothing of nothing.
fn named(words: &str) -> Vec<String> {
    let words = words.split(',').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

#[derive(Properties, PartialEq)]
pub struct EmbedBarProps {
    pub title: AttrValue,
    pub has_history: bool,
    pub playing: bool,
    /// The link to the moment shown.
    pub entries: Vec<Entry>,
}

/// The bar of an embedded page: what it is, back to the start, and the way to the whole page.
#[component]
pub fn EmbedBar(props: &EmbedBarProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let address = use_state_eq(String::new);
    {
        let address = address.clone();
        use_effect_with(props.entries.clone(), move |entries| {
            link::encode(entries, false, move |link| address.set(link));
        });
    }
    // While it plays the address is that of where playing began: it stops, and the link to that
    // moment is followed as soon as it is there.
    let follow = use_mut_ref(|| false);
    let opened = {
        let (playing, follow, pause) = (props.playing, follow.clone(), ui.orders(Order::Pause));
        Callback::from(move |event: MouseEvent| {
            if playing {
                event.prevent_default();
                *follow.borrow_mut() = true;
                pause.emit(());
            }
        })
    };
    use_effect_with((*address).clone(), move |_| {
        if std::mem::take(&mut *follow.borrow_mut()) {
            dom::click("open");
        }
    });
    let reset = if props.has_history {
        Order::Reset
    } else {
        Order::Seek(Instant::ZERO)
    };
    html! {
        <header class="bar">
            <h1 class="logo">{ "readyz" }</h1>
            <b class="embed-title">{ &props.title }</b>
            <span class="space" />
            <span id="version" class="dim mono">{ ENGINE }</span>
            <button type="button" id="reset" class="tool square" aria-label={texts.reset}
                title={texts.reset_hint} onclick={ui.orders::<MouseEvent>(reset)}>
                { icon(Icon::Restart) }
            </button>
            <a id="open" class="tool" href={(*address).clone()} target="_blank" rel="noopener"
                onclick={opened}
                aria-label={texts.open_in_readyz}>
                <span class="tool-name">{ texts.open_in_readyz }</span>{ icon(Icon::Share) }
            </a>
        </header>
    }
}

#[derive(Properties, PartialEq)]
pub struct EmbedFaultsProps {
    pub faults: Vec<String>,
    pub view: Option<Rc<ClusterView>>,
    pub target: Option<Target>,
}

/// The faults' buttons. Each is named by its command.
#[component]
pub fn EmbedFaults(props: &EmbedFaultsProps) -> Html {
    let ui = use_ui();
    let find = || {
        if props.faults.is_empty() {
            return None;
        }
        let target = props.target.as_ref()?;
        let pods = &props.view.as_ref()?.pods;
        let pod = pods.iter().find(|pod| pod.name == target.pod)?;
        let mut containers = pod.containers.iter();
        let container = containers.find(|one| one.name == target.container)?;
        Some((pod, container))
    };
    let (Some(target), Some(view), Some((pod, container))) = (&props.target, &props.view, find())
    else {
        return Html::default();
    };
    let words = &ui.texts().fault;
    let subject = format!("pod: {}, container: {}", target.pod, target.container);
    let acts = props.faults.iter().filter_map(|fault| {
        act(fault, &subject, container).or_else(|| panel_row(fault, words, (view, pod, container)))
    });
    html! {
        <div class="embed-faults">
            { for acts.map(|Act { which, name, step, off }| html! {
                <button type="button" class="button mono" disabled={off}
                    onclick={ui.orders::<MouseEvent>(Order::Act(step))}>
                    { icon(which) }{ name }
                </button>
            }) }
        </div>
    }
}

/// A fault's button.
struct Act {
    which: Icon,
    /// The command.
    name: String,
    step: String,
    /// Not just now: no process runs.
    off: bool,
}

/// A row of the faults panel, by what follows `fault-` in its id. Rows that lack something that the
/// manifest does not give stay out; those that lack a process wait for it.
#[inline(never)]
fn panel_row(
    fault: &str,
    words: &FaultWords,
    aimed: (&ClusterView, &PodView, &ContainerView),
) -> Option<Act> {
    let mut rows = rows(words, aimed, &Fields::of(aimed.2));
    let row = rows.find(|row| row.id.strip_prefix("fault-") == Some(fault))?;
    let off = row.impossible == Some(words.no_process);
    (off || row.impossible.is_none()).then_some(Act {
        which: row.icon,
        name: row.name,
        step: row.act,
        off,
    })
}

/// A fault that embedded pages have a word of their own for.
fn act(fault: &str, subject: &str, container: &ContainerView) -> Option<Act> {
    let (which, name, step) = match fault {
        "kill" | "term" => {
            let (signal, number) = if fault == "kill" {
                ("KILL", 9)
            } else {
                ("TERM", 15)
            };
            let step = format!("kill: {{{subject}, signal: {signal}}}");
            (Icon::Kill, format!("kill -{number} 1"), step)
        }
        "rm" => {
            let file = container.probe_files.first()?;
            let (which, verb) = if file.exists {
                (Icon::FileGone, "rm")
            } else {
                (Icon::File, "touch")
            };
            let step = format!("exec: {{{subject}, command: [{verb}, \"{}\"]}}", file.path);
            (which, format!("{verb} {}", file.path), step)
        }
        "500" => {
            let step = format!("http: {{{subject}, status: 500}}");
            (Icon::Warning, "HTTP 500".into(), step)
        }
        _ => return None,
    };
    Some(Act {
        which,
        name,
        step,
        off: !container.process_running,
    })
}
