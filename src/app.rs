//! The page's root component: state, context, frame.

use crate::commands::Commands;
use crate::compare::Compared;
use crate::desk::Desk;
use crate::dialog::Dialog;
use crate::director::Director;
use crate::early;
use crate::editor::Editor;
use crate::embed::{EmbedBar, EmbedFaults};
use crate::examples;
use crate::help::Help;
use crate::host::{Host, Seen};
use crate::i18n::Texts;
use crate::inspector::Inspector;
use crate::keyboard::{self, Effect};
use crate::narration::Narration;
use crate::opening::opening;
use crate::picture::Picture;
use crate::platform::{dom, host, observe};
use crate::print::{use_printing, Print};
use crate::share::{self, Origin, Share};
use crate::splitter::{splitter, Side};
use crate::store::{Action, EngineState, Pane, Store, Target, Theme};
use crate::timeline::Timeline;
use crate::top_bar::TopBar;
use crate::transport::Transport;
use crate::ui::{Order, Ui};
use readyz_engine::time::Instant;
use readyz_engine::view::{BandKind, ClusterView, CROWD};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// Everything inside `#app`.
#[component]
pub fn App() -> Html {
    let opened = use_memo((), |()| opening());
    let store = use_state(|| Rc::new(Store::open((*opened).clone())));
    let desk = use_memo((), |()| Desk::new((*store).clone(), store.setter()));
    let director = use_mut_ref(|| None::<Rc<Director>>);

    let order = {
        let director = director.clone();
        use_callback((), move |order: Order, ()| {
            let director = director.borrow().clone();
            if let Some(director) = director {
                director.order(order);
            }
        })
    };
    let tell = {
        let desk = desk.clone();
        use_callback((), move |action: Action, ()| desk.tell(action))
    };
    {
        let (opened, desk) = (opened.clone(), desk.clone());
        let director = director.clone();
        use_effect(move || {
            let running = director
                .borrow_mut()
                .get_or_insert_with(|| Director::start(desk, opened.compared))
                .clone();
            running.observe();
        });
    }
    {
        let director = director.clone();
        use_effect_with((), move |()| {
            let query = "(prefers-reduced-motion: reduce)";
            let subscription = observe::on_media(query, move || {
                if let Some(director) = &*director.borrow() {
                    director.set_still(dom::media(query));
                }
            });
            move || drop(subscription)
        });
    }
    use_shortcuts(desk.clone(), tell.clone(), order.clone());
    let (printing, theme) = use_look(&store);

    let ui = Ui {
        language: store.language,
        tell,
        order,
    };
    let texts = ui.texts();
    let compared = use_compared(&store);
    let embed = store.embed.as_deref();
    let front = if store.picture_in_front {
        "picture"
    } else {
        store.pane.name()
    };
    html! {
        <ContextProvider<Ui> context={ui.clone()}>
            <a class="skip" href="#cluster">{ texts.skip_to_cluster }</a>
            <div class={classes!("page", embed.map(|_| "embed"))} data-front={front}
                data-pane={store.pane.name()} data-projector={store.projector.then_some("")}
                data-view={embed.map(|e| e.view.clone())} data-controls={embed.map(|e| e.controls.clone())}>
                { head(&store) }
                <main class="panes">
                <Editor
                    text={store.text.clone()} diagnostics={store.diagnostics.clone()}
                    documents={store.documents.clone()}
                    edited={store.is_edited()} errors={store.has_errors()}
                    revision={store.revision} line={store.line}
                    acts={store.acts.len()} branches={store.branches.len()}
                    applied={store.applied.clone()}
                    fixed={embed.map(|embed| (embed.readonly, embed.lines))}
                />
                { picture(&store, compared.as_ref()) }
                { side(&store, compared.as_ref()) }
                </main>
                <section class="timeline" aria-label={texts.timeline}>
                    { timeline(&store, compared.as_ref(), theme) }
                </section>
            </div>
            { around(&store, &ui, printing) }
            <Narration
                view={store.view.clone()} playing={store.playback.playing}
                speed={store.playback.speed}
            />
        </ContextProvider<Ui>>
    }
}

/// Language and theme, told to the browser. Returns whether the page is being printed, which is done
/// in light colours, and the theme.
#[hook]
fn use_look(store: &Store) -> (bool, Theme) {
    let printing = use_printing();
    let theme = if printing { Theme::Light } else { store.theme };
    use_effect_with((store.language, theme), |(language, theme)| {
        dom::set_root_attribute("lang", Some(language.tag()));
        let theme = (*theme != Theme::Auto).then(|| theme.name());
        dom::set_root_attribute("data-theme", theme);
    });
    // A press is what a browser asks for before it gives the screen: a link alone does not get it.
    use_effect_with(store.projector, |on| host::full_screen(*on));
    (printing, theme)
}

/// Two branches side by side, while they are compared.
#[hook]
fn use_compared(store: &Store) -> Option<Rc<Compared>> {
    let compared = use_memo(
        (
            store.run.clone(),
            store.panels.other.clone(),
            (store.language, store.branch, store.branches.clone()),
        ),
        |(run, other, (language, branch, branches))| {
            let (run, other) = (run.clone()?, other.clone()?);
            let texts = language.texts();
            Some(Rc::new(Compared::new(
                texts,
                branches,
                (*branch, run),
                other,
            )))
        },
    );
    (*compared).clone()
}

/// The lanes: of the run, or of both while two are compared.
fn timeline(store: &Store, compared: Option<&Rc<Compared>>, theme: Theme) -> Html {
    let selected = store.selected().map(|target| match compared {
        Some(_) => Target {
            pod: format!("A {}", target.pod),
            ..target
        },
        None => target,
    });
    let run = compared.map_or(store.run.clone(), |compared| Some(compared.run.clone()));
    html! {
        <>
            if store.embed.is_none() { { splitter(store.language.texts(), Side::Timeline) } }
            <Transport
                playing={store.playback.playing} speed={store.playback.speed}
                range={store.range} view={store.view.clone()}
                branches={store.branches.clone()} branch={store.branch}
                tools={store.tools.clone()} compared={compared.cloned()}
            />
            <Timeline
                {run} range={store.range} end={store.end()} {selected} {theme}
                tools={store.tools.clone()} folded={compared.map(|compared| compared.alike)}
            />
        </>
    }
}

fn inspector(store: &Store, compared: Option<&Rc<Compared>>) -> Html {
    html! {
        <Inspector
            pane={store.pane} view={store.view.clone()} run={store.run.clone()}
            acts={store.acts.clone()} target={store.selected()}
            terminal={store.terminal.clone()} panels={store.panels.clone()}
            branches={store.branches.clone()} branch={store.branch}
            text={store.text.clone()} applied={store.applied.clone()}
            compared={compared.cloned()} range={store.range}
        />
    }
}

/// Listens to the keyboard map.
#[hook]
fn use_shortcuts(desk: Rc<Desk>, tell: Callback<Action>, order: Callback<Order>) {
    use_effect_with((), move |()| {
        let after_g = Cell::new(false);
        let early = {
            let (desk, tell) = (desk.clone(), tell.clone());
            observe::before_all("keydown", move |event: KeyboardEvent| {
                if let Some(dialog) = desk.store().dialog {
                    early::press(dialog, &event, &tell);
                }
            })
        };
        let subscription = observe::on_window("keydown", move |event: KeyboardEvent| {
            if event.default_prevented() {
                return;
            }
            let g = after_g.replace(false);
            let held = (g, desk.store().dialog.is_some());
            let effect = keyboard::with_press(&event, held, |press| {
                after_g.set(press.key == "g" && !press.in_text && !press.command && !g);
                keyboard::effect(press)
            });
            match effect {
                Some(Effect::Order(wish)) => order.emit(wish),
                Some(Effect::Tell(action)) => tell.emit(action),
                Some(Effect::Focus(id)) => dom::focus(id),
                None => return,
            }
            event.prevent_default();
        });
        move || drop((early, subscription))
    });
}

/// Up to this speed, in thousandths, requests are seen on their way.
const FLOWS_MAX: u32 = 60_000;

#[derive(Properties, PartialEq)]
struct PaneSwitchProps {
    /// None: the picture.
    front: Option<Pane>,
}

/// In a narrow window: which pane is shown.
#[component]
fn PaneSwitch(props: &PaneSwitchProps) -> Html {
    let ui = crate::ui::use_ui();
    let texts = ui.texts();
    let entry = |label: &'static str, pane: Option<Pane>| {
        let action = pane.map_or(Action::PictureOpened, Action::PaneOpened);
        html! {
            <button type="button" aria-pressed={(props.front == pane).to_string()}
                onclick={ui.tells::<MouseEvent>(action)}>{ label }</button>
        }
    };
    html! {
        <nav class="pane-switch" aria-label={texts.panes}>
            { entry(texts.picture, None) }
            { entry(texts.yaml, Some(Pane::Yaml)) }
            { entry(texts.faults, Some(Pane::Faults)) }
            { entry(texts.events, Some(Pane::Events)) }
            { entry(texts.why.name, Some(Pane::Why)) }
            { entry(texts.terminal.name, Some(Pane::Terminal)) }
            { entry(texts.look.describe, Some(Pane::Describe)) }
            { entry(texts.timing.name, Some(Pane::Timing)) }
            { entry(texts.look.branches, Some(Pane::Branches)) }
        </nav>
    }
}

/// The bar at the top.
fn head(store: &Store) -> Html {
    html! {
        <>
                if store.embed.is_some() {
                    <EmbedBar title={title(store)} has_history={store.has_history()}
                        playing={store.playback.playing}
                        entries={share::entries(store, store.playback.anchor)} />
                    <Host seen={Seen::of(store)} />
                } else {
                <TopBar
                    text={store.text.clone()} theme={store.theme}
                    seed={store.run.as_ref().map(|run| run.seed)} has_history={store.has_history()}
                        can_undo={store.undone(false).is_some()} can_redo={store.undone(true).is_some()}
                />
                <PaneSwitch front={(!store.picture_in_front).then_some(store.pane)} />
                }
        </>
    }
}

/// The cluster at the playhead.
fn picture(store: &Store, compared: Option<&Rc<Compared>>) -> Html {
    html! {
        <Picture
            view={store.view.clone()} as_table={store.as_table}
            selected={store.selected()}
            refused={refused(store)}
            first_pod={first_pod(store)}
            sides={compared.map(|c| (c.branches, c.b_in_front))}
            limit={store.run.as_ref().and_then(|run| run.limit)}
            flows={store.playback.playing && store.playback.speed <= FLOWS_MAX}
        />
    }
}

/// When the first container runs; if none ever does, when the first Pod comes.
fn first_pod(store: &Store) -> Option<Instant> {
    let lanes = &store.run.as_ref()?.lanes;
    let bands = lanes.iter().flat_map(|lane| &lane.bands);
    let begun = bands.filter(|band| band.kind != BandKind::Waiting);
    let first = begun.map(|band| band.from).min();
    first.or(lanes.iter().map(|lane| lane.from).min())
}

/// Why nothing runs: the text's first error.
fn refused(store: &Store) -> Option<(u32, AttrValue)> {
    let error = store.first_error().filter(|_| first_pod(store).is_none())?;
    Some((error.line, error.message.clone().into()))
}

/// What stands beside the picture.
fn side(store: &Store, compared: Option<&Rc<Compared>>) -> Html {
    html! {
        <>
                if let Some(embed) = &store.embed {
                    <EmbedFaults faults={embed.faults.clone()} view={store.view.clone()}
                        target={store.selected()} />
                } else {
                    { splitter(store.language.texts(), Side::Left) }{ splitter(store.language.texts(), Side::Right) }
                    { inspector(store, compared) }
                }
        </>
    }
}

/// What an embedded page is about.
fn title(store: &Store) -> AttrValue {
    if let Some(example) = examples::by_text(&store.text) {
        return example.title(store.language).into();
    }
    let first = store.documents.first();
    first.map_or_else(AttrValue::default, |one| one.name.clone().into())
}

/// Whether the view tells the Events: in a crowd it does only while somebody looks at them.
fn has_events(store: &Store) -> bool {
    let few = |view: &ClusterView| view.pods.len() <= CROWD;
    store.look().events || store.view.as_deref().is_some_and(few)
}

/// What stands above the page, and after it on paper.
fn around(store: &Store, ui: &Ui, printing: bool) -> Html {
    html! {
        <>
            if printing {
                <Print view={store.view.clone()} events={has_events(store)} text={store.text.clone()}
                    entries={share::entries(store, store.playback.anchor)} />
            }
            { notices(store, ui) }
            { dialog(store) }
        </>
    }
}

/// The dialog, if one is open.
fn dialog(store: &Store) -> Html {
    match store.dialog {
        None => Html::default(),
        Some(Dialog::Help) => html! { <Help /> },
        Some(Dialog::Commands) => html! { <Commands /> },
        Some(Dialog::Share) => html! {
            <Share moment={share::entries(store, store.playback.anchor)}
                start={share::entries(store, Instant::ZERO)} />
        },
    }
}

/// What went wrong, above everything until it is dismissed.
fn notices(store: &Store, ui: &Ui) -> Html {
    let texts = ui.texts();
    let refusal = store.refusal.clone().map(|sentence| {
        let dismiss = ui.tells::<MouseEvent>(Action::RefusalDismissed);
        notice(&(texts.told)(&sentence), texts.dismiss, dismiss)
    });
    let origin = store.origin.as_ref().and_then(|origin| {
        let sentence = origin_sentence(texts, origin, store)?;
        let dismiss = ui.tells::<MouseEvent>(Action::OriginDismissed);
        Some(notice(&sentence, texts.dismiss, dismiss))
    });
    let engine = match &store.engine {
        EngineState::Restarted(message) => {
            let sentence = (texts.worker_restarted)(&(texts.told)(message));
            let dismiss = ui.tells::<MouseEvent>(Action::EngineNoticeDismissed);
            Some(notice(&sentence, texts.dismiss, dismiss))
        }
        EngineState::Stopped(message) => {
            let at = crate::format::clock(store.playback.anchor);
            let sentence = (texts.simulation_stopped)(&at, &(texts.told)(message));
            let retry = ui.orders::<MouseEvent>(Order::Restart);
            Some(notice(&sentence, texts.retry, retry))
        }
        _ => None,
    };
    html! {
        <div class="notices" role="alert">{ for engine }{ for refusal }{ for origin }</div>
    }
}

/// What is to be said about the link that the page was opened with.
fn origin_sentence(texts: &Texts, origin: &Origin, store: &Store) -> Option<String> {
    let untouched = store.revision <= 1 && !store.is_edited();
    let run = store.run.as_ref().filter(|run| untouched && run.complete);
    let trace = run.map(|run| format!("{:016x}", run.trace_hash));
    match origin.problem.as_str() {
        "newer" => Some(texts.link_newer.to_owned()),
        "broken" => Some((texts.link_broken)(&origin.read.join(", "))),
        _ if origin.trace.is_empty() || trace.is_none_or(|trace| trace == origin.trace) => None,
        _ => Some((texts.link_differs)(&origin.engine)),
    }
}

fn notice(sentence: &str, button: &'static str, act: Callback<MouseEvent>) -> Html {
    html! {
        <p class="notice">
            { crate::icons::icon(crate::icons::Icon::Warning) }
            <span>{ sentence }</span>
            <button type="button" class="button" onclick={act}>{ button }</button>
        </p>
    }
}
