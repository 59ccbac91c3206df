//! The window, the document and its elements.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, Window};

/// Pixels below what is revealed.
const REVEAL_MARGIN: f64 = 12.0;

/// The window; None in a worker, and natively.
pub fn window() -> Option<Window> {
    if cfg!(target_arch = "wasm32") {
        web_sys::window()
    } else {
        None
    }
}

/// The document.
pub fn document() -> Option<Document> {
    window()?.document()
}

/// An element by its id.
pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// All elements that a selector matches.
pub fn all(selector: &str) -> Vec<Element> {
    let Some(list) = document().and_then(|document| document.query_selector_all(selector).ok())
    else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|index| list.get(index)?.dyn_into().ok())
        .collect()
}

/// Moves the focus.
pub fn focus(id: &str) {
    if let Some(element) = element(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Scrolls one element as far as another in it is cut off; nothing around them moves, as it would
/// with the browser's own way, which scrolls the page that embeds this one too.
pub fn reveal(inner: &str, outer: &str) {
    let first = |selector| all(selector).into_iter().next();
    let (Some(inner), Some(outer)) = (first(inner), first(outer)) else {
        return;
    };
    let (part, whole) = (
        inner.get_bounding_client_rect(),
        outer.get_bounding_client_rect(),
    );
    let room = part.top() - whole.top();
    let hidden = (part.bottom() - whole.bottom() + REVEAL_MARGIN).min(room);
    let by = if room < 0.0 { room } else { hidden.max(0.0) };
    if by != 0.0 {
        outer.set_scroll_top(outer.scroll_top() + by as i32);
    }
}

/// Presses a button or follows a link.
pub fn click(id: &str) {
    if let Some(element) = element(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.click();
    }
}

/// Sets or removes an attribute of `<html>`.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else {
        return;
    };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Sets a custom property of `<html>`; an empty value takes it away.
pub fn set_root_style(name: &str, value: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        set_style(&root, name, value);
    }
}

/// Whether a media query holds now.
pub fn media(query: &str) -> bool {
    window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|list| list.matches())
}

/// Custom properties' values by name, as the document's root has them now.
pub fn tokens() -> impl Fn(&str) -> String {
    let style = || {
        let window = window()?;
        let root = window.document()?.document_element()?;
        window.get_computed_style(&root).ok()?
    };
    let style = style();
    move |name| {
        let value = style.as_ref().and_then(|s| s.get_property_value(name).ok());
        value.unwrap_or_default().trim().to_owned()
    }
}

/// Sets a style property through the object model, which the Content-Security-Policy allows.
pub fn set_style(element: &Element, name: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.style().set_property(name, value);
    }
}
