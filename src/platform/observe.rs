//! Being told of what happens to elements and to the window.

use super::dom::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, ResizeObserver};

/// A subscription; ends when it is dropped.
pub struct Subscription(Option<Box<dyn FnOnce()>>);

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(end) = self.0.take() {
            end();
        }
    }
}

/// Calls a function whenever an element's size changes, and once at first.
pub fn size(element: &Element, call: impl FnMut() + 'static) -> Subscription {
    let function = Closure::<dyn FnMut()>::new(call);
    let Ok(observer) = ResizeObserver::new(function.as_ref().unchecked_ref()) else {
        return Subscription(None);
    };
    observer.observe(element);
    Subscription(Some(Box::new(move || {
        observer.disconnect();
        drop(function);
    })))
}

/// Listens to an event of the window.
pub fn on_window<E: FromWasmAbi + 'static>(
    event: &'static str,
    call: impl FnMut(E) + 'static,
) -> Subscription {
    let Some(window) = window() else {
        return Subscription(None);
    };
    on(window.unchecked_into(), event, false, call)
}

/// The same before anything else hears of the event.
pub fn before_all<E: FromWasmAbi + 'static>(
    event: &'static str,
    call: impl FnMut(E) + 'static,
) -> Subscription {
    let Some(window) = window() else {
        return Subscription(None);
    };
    on(window.unchecked_into(), event, true, call)
}

/// Calls a function whenever a media query begins or ceases to hold.
pub fn on_media(query: &str, mut call: impl FnMut() + 'static) -> Subscription {
    let list = window().and_then(|window| window.match_media(query).ok().flatten());
    match list {
        Some(list) => on(
            list.unchecked_into(),
            "change",
            false,
            move |_: web_sys::Event| call(),
        ),
        None => Subscription(None),
    }
}

fn on<E: FromWasmAbi + 'static>(
    target: EventTarget,
    event: &'static str,
    first: bool,
    call: impl FnMut(E) + 'static,
) -> Subscription {
    let function = Closure::<dyn FnMut(E)>::new(call);
    let listener = function.as_ref().unchecked_ref();
    if target
        .add_event_listener_with_callback_and_bool(event, listener, first)
        .is_err()
    {
        return Subscription(None);
    }
    Subscription(Some(Box::new(move || {
        let listener = function.as_ref().unchecked_ref();
        let _ = target.remove_event_listener_with_callback_and_bool(event, listener, first);
    })))
}
