//! The page's root component.

use yew::prelude::*;

/// Everything inside `#app`.
#[component]
pub fn App() -> Html {
    html! {
        <main id="cluster">
            <h1>{ "readyz" }</h1>
            <p>{ "Paste your Pod YAML, break things, and see what Kubernetes does, second by second." }</p>
        </main>
    }
}
