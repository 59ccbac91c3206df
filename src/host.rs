//! What an embedded page and the page around it tell each other (design §9): the host seeks, plays,
//! pauses, changes theme and language and asks for the state; the embed says when it is ready, how
//! high it would like to be, which moment it shows, and its state.

use crate::i18n::Language;
use crate::platform::frame::wall_ms;
use crate::platform::{host, link};
use crate::share::{self, ENGINE};
use crate::store::{Action, Store, Theme};
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::time::{Instant, NANOS_PER_MILLI};
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// What the host is told of, when it changes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen {
    /// There is a picture.
    ready: bool,
    moment: Instant,
    playing: bool,
    /// What the height depends on.
    pods: usize,
    services: usize,
    lanes: usize,
}

impl Seen {
    /// What there is to tell of a state.
    pub fn of(store: &Store) -> Self {
        let view = store.view.as_deref();
        // While playing, the picture's moments are the ones that matter.
        let moment = match (store.playback.playing, view) {
            (true, Some(view)) => view.at,
            _ => store.playback.anchor,
        };
        Seen {
            ready: view.is_some(),
            moment,
            playing: store.playback.playing,
            pods: view.map_or(0, |view| view.pods.len()),
            services: view.map_or(0, |view| view.services.len()),
            lanes: store.run.as_ref().map_or(0, |run| run.lanes.len()),
        }
    }
}

/// Tells the host which moment is shown, and the link to that very moment.
#[inline(never)]
pub fn tell_state(store: &Store, at: Instant) {
    let playing = store.playback.playing;
    link::encode(&share::entries(store, at), false, move |address| {
        let values = [
            ("link", address.into()),
            ("t", seconds(at)),
            ("playing", playing.into()),
        ];
        host::post("state", &values);
    });
}

fn seconds(at: Instant) -> JsValue {
    (at.as_millis() as f64 / 1e3).into()
}

#[derive(Properties, PartialEq)]
pub struct HostProps {
    pub seen: Seen,
}

/// Speaks with the host; shows nothing.
#[component]
pub fn Host(props: &HostProps) -> Html {
    let ui = use_ui();
    use_effect_with((), move |()| {
        host::listen(move |wish, value| obey(&ui, &wish, &value));
    });
    let Seen {
        ready,
        moment,
        playing,
        ..
    } = props.seen;
    use_effect_with(ready, |ready| {
        if *ready {
            host::post("ready", &[("version", ENGINE.into())]);
        }
    });
    use_effect_with((ready, moment, playing), |(ready, moment, playing)| {
        if *ready {
            let values = [("t", seconds(*moment)), ("playing", (*playing).into())];
            host::post("moment", &values);
        }
    });
    let sizes = (
        ready,
        props.seen.pods,
        props.seen.services,
        props.seen.lanes,
    );
    use_effect_with(sizes, |(ready, ..)| {
        if *ready {
            host::post("height", &[]); // the script measures
        }
    });
    Html::default()
}

/// Does what the host wants; what it may not mean is ignored. Nothing is kept in the storage.
fn obey(ui: &Ui, wish: &str, value: &JsValue) {
    let wall_ms = wall_ms();
    let word = value.as_string().unwrap_or_default();
    match wish {
        "seek" => {
            let secs = value.as_f64().filter(|secs| secs.is_finite());
            if let Some(secs) = secs {
                let millis = (secs.max(0.0) * 1e3) as u64;
                ui.order
                    .emit(Order::Seek(Instant(millis.saturating_mul(NANOS_PER_MILLI))));
            }
        }
        "getState" => ui.order.emit(Order::State),
        "play" => ui.tell.emit(Action::Played { wall_ms }),
        "pause" => ui.tell.emit(Action::Paused { wall_ms }),
        "theme" => {
            if let Some(theme) = Theme::from_name(&word) {
                ui.tell.emit(Action::ThemeChanged(theme));
            }
        }
        "lang" => {
            if let Some(language) = Language::from_tag(&word) {
                ui.tell.emit(Action::LanguageChanged(language));
            }
        }
        _ => {}
    }
}
