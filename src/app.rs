//! The page's root component: state, context, frame.

use crate::director::Director;
use crate::editor::Editor;
use crate::examples;
use crate::help::Help;
use crate::i18n::Language;
use crate::inspector::Inspector;
use crate::keyboard::{self, Effect};
use crate::narration::Narration;
use crate::picture::Picture;
use crate::platform::{dom, location, observe, storage};
use crate::store::{Action, EngineState, Opening, Pane, Store, Theme};
use crate::timeline::Timeline;
use crate::top_bar::TopBar;
use crate::transport::Transport;
use crate::ui::{Order, Ui};
use readyz_engine::time::{Instant, NANOS_PER_MILLI};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// Everything inside `#app`.
#[component]
pub fn App() -> Html {
    let store = use_reducer(|| Store::open(opening()));
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
        let dispatch = store.dispatcher();
        use_callback((), move |action: Action, ()| dispatch.dispatch(action))
    };
    {
        let store = store.clone();
        let director = director.clone();
        use_effect(move || {
            let state = Rc::new((*store).clone());
            let running = director
                .borrow_mut()
                .get_or_insert_with(|| Director::start(state.clone(), store.dispatcher()))
                .clone();
            running.observe(state);
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
    use_shortcuts(tell.clone(), order.clone());
    use_effect_with((store.language, store.theme), |(language, theme)| {
        dom::set_root_attribute("lang", Some(language.tag()));
        let theme = (*theme != Theme::Auto).then(|| theme.name());
        dom::set_root_attribute("data-theme", theme);
    });

    let ui = Ui {
        language: store.language,
        tell,
        order,
    };
    let texts = ui.texts();
    let front = if store.picture_in_front {
        "picture"
    } else {
        store.pane.name()
    };
    html! {
        <ContextProvider<Ui> context={ui.clone()}>
            <a class="skip" href="#cluster">{ texts.skip_to_cluster }</a>
            <div class="page" data-front={front} data-pane={store.pane.name()}>
                <TopBar
                    text={store.text.clone()} theme={store.theme}
                    seed={store.run.as_ref().map(|run| run.seed)} has_history={store.has_history()}
                />
                <PaneSwitch front={(!store.picture_in_front).then_some(store.pane)} />
                <main class="panes">
                <Editor
                    text={store.text.clone()} diagnostics={store.diagnostics.clone()}
                    documents={store.documents.clone()}
                    edited={store.is_edited()} errors={store.has_errors()}
                    revision={store.revision} acts={store.acts.len()}
                />
                <Picture
                    view={store.view.clone()} as_table={store.as_table}
                    selected={store.selected()}
                />
                <Inspector
                    pane={store.pane} view={store.view.clone()} target={store.selected()}
                />
                </main>
                <section class="timeline" aria-label={texts.timeline}>
                    <Transport
                        playing={store.playback.playing} speed={store.playback.speed}
                        range={store.range} view={store.view.clone()}
                        branches={store.branches.clone()} branch={store.branch}
                    />
                    <Timeline
                        run={store.run.clone()} range={store.range} end={store.end()}
                        selected={store.selected()} theme={store.theme}
                    />
                </section>
            </div>
            { notices(&store, &ui) }
            if store.help { <Help /> }
            <Narration
                view={store.view.clone()} playing={store.playback.playing}
                speed={store.playback.speed}
            />
        </ContextProvider<Ui>>
    }
}

/// What the address and the storage ask for; the address wins.
fn opening() -> Opening {
    let fallback = Opening::default();
    let language = location::parameter("lang")
        .or_else(|| storage::read(storage::LANGUAGE))
        .into_iter()
        .chain(location::preferred_languages())
        .find_map(|tag| Language::from_tag(&tag))
        .unwrap_or(fallback.language);
    let theme = location::parameter("theme")
        .or_else(|| storage::read(storage::THEME))
        .and_then(|name| Theme::from_name(&name))
        .unwrap_or(fallback.theme);
    let text = match location::parameter("example") {
        Some(slug) => examples::by_slug(&slug).map(|example| AttrValue::from(example.text)),
        None => storage::read(storage::TEXT).map(AttrValue::from),
    };
    let seconds = location::number("t");
    let speed = location::number("speed");
    Opening {
        language,
        theme,
        text: text.unwrap_or(fallback.text),
        seed: location::parameter("seed").and_then(|text| text.parse().ok()),
        at: seconds.map_or(fallback.at, |secs| {
            Instant((secs.max(0.0) * 1e3) as u64 * NANOS_PER_MILLI)
        }),
        speed: speed.map_or(fallback.speed, |speed| {
            ((speed * 1e3) as u32).clamp(100, crate::playback::SPEED_MAX)
        }),
        pane: location::parameter("tab").and_then(|name| Pane::from_name(&name)),
        as_table: location::parameter("view").as_deref() == Some("table"),
    }
}

/// Listens to the keyboard map.
#[hook]
fn use_shortcuts(tell: Callback<Action>, order: Callback<Order>) {
    use_effect_with((), move |()| {
        let after_g = Cell::new(false);
        let subscription = observe::on_window("keydown", move |event: KeyboardEvent| {
            if event.default_prevented() {
                return;
            }
            let g = after_g.replace(false);
            let effect = keyboard::with_press(&event, g, |press| {
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
        move || drop(subscription)
    });
}

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
        </nav>
    }
}

/// What went wrong, above everything until it is dismissed.
fn notices(store: &Store, ui: &Ui) -> Html {
    let texts = ui.texts();
    let refusal = store.refusal.clone().map(|sentence| {
        let dismiss = ui.tells::<MouseEvent>(Action::RefusalDismissed);
        notice(&sentence, texts.dismiss, dismiss)
    });
    let engine = match &store.engine {
        EngineState::Restarted(message) => {
            let sentence = (texts.worker_restarted)(message);
            let dismiss = ui.tells::<MouseEvent>(Action::EngineNoticeDismissed);
            Some(notice(&sentence, texts.dismiss, dismiss))
        }
        EngineState::Stopped(message) => {
            let at = crate::format::clock(store.playback.anchor);
            let sentence = (texts.simulation_stopped)(&at, message);
            let retry = ui.orders::<MouseEvent>(Order::Restart);
            Some(notice(&sentence, texts.retry, retry))
        }
        _ => None,
    };
    html! {
        <div class="notices" role="alert">{ for engine }{ for refusal }</div>
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
