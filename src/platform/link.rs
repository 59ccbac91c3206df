//! Links in the address bar and on the clipboard.

use super::dom::window;
use js_sys::{Array, Function};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = readyz, js_name = link, catch)]
    fn opened_link() -> Result<Array, JsValue>;
    #[wasm_bindgen(js_namespace = readyz, js_name = share, catch)]
    fn share(flat: &Array, embed: bool, told: &Function) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = readyz, js_name = copy, catch)]
    fn copy_text(text: &str, told: &Function) -> Result<(), JsValue>;
}

/// The link that the page was opened with: its problem, and its entries.
pub fn opened() -> Option<(String, Vec<(String, String)>)> {
    window()?;
    let flat = opened_link().ok()?;
    let mut words = flat.iter().map(|word| word.as_string().unwrap_or_default());
    let problem = words.next()?;
    let mut entries = Vec::new();
    while let (Some(key), Some(value)) = (words.next(), words.next()) {
        entries.push((key, value));
    }
    Some((problem, entries))
}

/// Packs entries into a link; tells the whole address.
pub fn encode(entries: &[(&'static str, String)], embed: bool, told: impl Fn(String) + 'static) {
    if window().is_none() {
        return;
    }
    let flat = Array::new();
    for (key, value) in entries {
        flat.push(&(*key).into());
        flat.push(&value.as_str().into());
    }
    let told = Closure::<dyn Fn(String)>::new(told).into_js_value();
    let _ = share(&flat, embed, told.unchecked_ref());
}

/// Copies a text; tells whether that was allowed.
pub fn copy(text: &str, told: impl Fn(bool) + 'static) {
    let told = Closure::<dyn Fn(bool)>::new(told).into_js_value();
    let _ = copy_text(text, told.unchecked_ref());
}

/// The state has changed: the link in the address bar no longer says it.
pub fn forget() {
    let forget = || {
        let window = window()?;
        let location = window.location();
        let hash = location.hash().ok()?;
        if !hash
            .trim_start_matches("#")
            .starts_with(|letter: char| letter.is_ascii_digit())
        {
            return None;
        }
        let address = format!("{}{}", location.pathname().ok()?, location.search().ok()?);
        let history = window.history().ok()?;
        history
            .replace_state_with_url(&JsValue::NULL, "", Some(&address))
            .ok()
    };
    forget();
}
