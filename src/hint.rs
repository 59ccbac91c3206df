//! Three lines for whoever is here for the first time.

use crate::icons::{icon, Icon};
use crate::platform::storage;
use crate::ui::use_ui;
use yew::prelude::*;

/// Whether it was dismissed once.
const KEY: &str = "readyz.hint";

/// The hint, until it is dismissed.
#[component]
pub fn Hint() -> Html {
    let ui = use_ui();
    let words = &ui.texts().time;
    let shown = use_state_eq(|| storage::read(KEY).is_none());
    if !*shown {
        return Html::default();
    }
    let dismiss = Callback::from(move |_: MouseEvent| {
        storage::write(KEY, "1");
        shown.set(false);
    });
    html! {
        <aside id="hint" class="hint" aria-label={words.hint}>
            <ol>{ for words.hint_lines.iter().map(|line| html! { <li>{ *line }</li> }) }</ol>
            <button type="button" class="tool square" aria-label={ui.texts().close}
                title={ui.texts().close} onclick={dismiss}>{ icon(Icon::Cross) }</button>
        </aside>
    }
}
