//! Messages between an embedded page and the one around it. The script checks their shape and
//! where they come from.

use super::dom::window;
use js_sys::{Array, Function};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = readyz, js_name = listen, catch)]
    fn listen_to(tell: &Function) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = readyz, catch)]
    fn full(on: bool) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = readyz, js_name = post, catch)]
    fn post_to(kind: &str, flat: &Array) -> Result<(), JsValue>;
}

/// Fills the screen, or no longer.
pub fn full_screen(on: bool) {
    if window().is_some() {
        let _ = full(on);
    }
}

/// Hears what the host says: what it wants, and the one value that goes with it.
pub fn listen(tell: impl Fn(String, JsValue) + 'static) {
    if window().is_none() {
        return;
    }
    let tell = Closure::<dyn Fn(String, JsValue)>::new(tell).into_js_value();
    let _ = listen_to(tell.unchecked_ref());
}

/// Tells the host something, with named values.
pub fn post(kind: &str, values: &[(&str, JsValue)]) {
    if window().is_none() {
        return;
    }
    let flat = Array::new();
    for (name, value) in values {
        flat.push(&(*name).into());
        flat.push(value);
    }
    let _ = post_to(kind, &flat);
}
