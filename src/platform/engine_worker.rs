//! The worker's side: one session, requests in, replies out.

use super::worker::{FAILED, READY};
use crate::bridge::changes::Speaker;
use crate::bridge::wire;
use js_sys::{Array, Uint8Array};
use readyz_engine::session::Session;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Serves the engine for ever if this is a worker; false in a window.
pub fn start_if_worker() -> bool {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return false;
    };
    let last_words = scope.clone();
    std::panic::set_hook(Box::new(move |panic| {
        let _ = last_words.post_message(&format!("{FAILED}{panic}").into());
    }));
    let mut session = Session::new();
    let mut speaker = Speaker::default();
    let answer = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some(bytes) = event.data().dyn_ref::<Uint8Array>().map(Uint8Array::to_vec) else {
            return;
        };
        let Some(request) = wire::decode(&bytes) else {
            return;
        };
        let reply = wire::encode(&speaker.say(session.handle(request)));
        let array = Uint8Array::from(reply.as_slice());
        let buffers = Array::of1(&array.buffer());
        let _ = answer.post_message_with_transfer(&array, &buffers);
        // The page has what it waits for.
        session.tidy();
        speaker.tidy();
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget(); // lives as long as the worker
    let _ = scope.post_message(&JsValue::from_str(READY));
    true
}
