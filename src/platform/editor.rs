//! The code editor, a script of its own; and what it asks the engine's schema.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    /// What steers the editor once it is there.
    #[derive(Clone, PartialEq)]
    pub type CodeEditor;
    #[wasm_bindgen(method, js_name = setText)]
    pub fn set_text(this: &CodeEditor, text: &str);
    #[wasm_bindgen(method, js_name = setProblems)]
    pub fn set_problems(this: &CodeEditor, flat: js_sys::Array);
    #[wasm_bindgen(method, js_name = setLanguage)]
    pub fn set_language(this: &CodeEditor, tag: &str);
    #[wasm_bindgen(method, js_name = setReadonly)]
    pub fn set_readonly(this: &CodeEditor, on: bool);
    #[wasm_bindgen(method, js_name = setLines)]
    pub fn set_lines(this: &CodeEditor, first: u32, last: u32);
    #[wasm_bindgen(method)]
    pub fn go(this: &CodeEditor, line: u32, column: u32);

    #[wasm_bindgen(js_namespace = readyz, js_name = format, catch)]
    fn format_text() -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = readyz, js_name = editor, catch)]
    fn load(
        host: &Element,
        text: &js_sys::Function,
        language: &str,
        tell: &js_sys::Function,
    ) -> Result<(), JsValue>;
}

/// What the editor tells.
pub enum Told {
    Mounted(CodeEditor),
    Text(String),
    /// Line and column.
    Cursor(u32, u32),
    /// The user wants the text to run.
    Apply,
}

/// Has the editor loaded into `host` when the page is idle. `text` is asked for when it is there.
pub fn start(
    host: &Element,
    language: &str,
    text: impl Fn() -> String + 'static,
    tell: impl Fn(Told) + 'static,
) {
    if !cfg!(target_arch = "wasm32") {
        return;
    }
    let text = Closure::<dyn Fn() -> String>::new(text).into_js_value();
    let tell = Closure::<dyn Fn(String, JsValue)>::new(move |what: String, value: JsValue| {
        let words = || value.as_string().unwrap_or_default();
        tell(match what.as_str() {
            "mounted" => Told::Mounted(value.unchecked_into()),
            "text" => Told::Text(words()),
            "cursor" => {
                let words = words();
                let (line, column) = words.split_once(' ').unwrap_or(("1", "1"));
                Told::Cursor(line.parse().unwrap_or(1), column.parse().unwrap_or(1))
            }
            _ => Told::Apply,
        });
    })
    .into_js_value();
    // Without it the text area stays.
    let _ = load(host, text.unchecked_ref(), language, tell.unchecked_ref());
}

/// Has the editor format its text, if it is there.
pub fn format() {
    if cfg!(target_arch = "wasm32") {
        let _ = format_text();
    }
}

/// The fields that may stand at a place: see [`readyz_engine::manifest::fields`].
#[wasm_bindgen]
pub fn fields(api_version: &str, kind: &str, path: &str) -> String {
    readyz_engine::manifest::fields(api_version, kind, path)
}
