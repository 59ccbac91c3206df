//! What the address asks for: `?example=…&t=64.2&speed=60&tab=events&theme=dark&lang=zh-Hans`.

use super::dom::window;
use web_sys::UrlSearchParams;

/// A parameter of the page's address.
pub fn parameter(name: &str) -> Option<String> {
    let search = window()?.location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// Whether the page is inside of another one.
pub fn embedded() -> bool {
    parameter("embed").as_deref() == Some("1")
}

/// A parameter as a number; parsed by the browser, which has what that needs already.
pub fn number(name: &str) -> Option<f64> {
    let number = js_sys::Number::parse_float(&parameter(name)?);
    number.is_finite().then_some(number)
}

/// The languages that the browser prefers, best first.
pub fn preferred_languages() -> Vec<String> {
    let Some(window) = window() else {
        return Vec::new();
    };
    let languages = window.navigator().languages();
    languages.iter().filter_map(|tag| tag.as_string()).collect()
}
