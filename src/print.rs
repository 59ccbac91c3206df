//! What a printed page has besides picture and timeline: the events, the text and the link. It
//! exists only while the page is printed.

use crate::inspector::events::Events;
use crate::platform::{dom, link, observe};
use crate::share::Entry;
use crate::ui::use_ui;
use readyz_engine::view::ClusterView;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct PrintProps {
    pub view: Option<Rc<ClusterView>>,
    /// Whether the view tells its Events.
    pub events: bool,
    pub text: AttrValue,
    /// The link to the moment shown.
    pub entries: Vec<Entry>,
}

/// Whether the page is being printed. Paper is light: the theme is set before anything is drawn.
#[hook]
pub fn use_printing() -> bool {
    let printing = use_state_eq(|| false);
    let set = printing.clone();
    use_effect_with((), move |()| {
        let subscription = observe::on_media("print", move || {
            let prints = dom::media("print");
            if prints {
                dom::set_root_attribute("data-theme", Some("light"));
            }
            set.set(prints);
        });
        move || drop(subscription)
    });
    *printing
}

/// The sheet after the pictures.
#[component]
pub fn Print(props: &PrintProps) -> Html {
    let texts = use_ui().texts();
    let address = use_state_eq(String::new);
    {
        let (address, entries) = (address.clone(), props.entries.clone());
        use_effect_with((), move |()| {
            link::encode(&entries, false, move |link| address.set(link));
        });
    }
    html! {
        <section class="print-sheet">
            if props.events {
                <h2>{ texts.events }</h2>
                <Events view={props.view.clone()} printed={true} />
            }
            <h2>{ texts.yaml }</h2>
            <pre class="print-text mono">{ &props.text }</pre>
            <p class="print-link mono">{ (*address).clone() }</p>
        </section>
    }
}
