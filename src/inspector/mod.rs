//! What can be done to the cluster, and what it says.

mod events;
mod faults;

use crate::store::{Action, Pane, Target};
use crate::ui::use_ui;
use events::Events;
use faults::Faults;
use readyz_engine::view::ClusterView;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct InspectorProps {
    pub pane: Pane,
    pub view: Option<Rc<ClusterView>>,
    pub target: Option<Target>,
}

/// The pane at the right; in a window of two columns it holds the editor's tab, too.
#[component]
pub fn Inspector(props: &InspectorProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let tab = |pane: Pane, label: &'static str| {
        let chosen = props.pane == pane;
        let panel = if pane == Pane::Yaml {
            "editor"
        } else {
            "panel"
        };
        html! {
            <button type="button" role="tab" id={format!("tab-{}", pane.name())}
                class={classes!((pane == Pane::Yaml).then_some("tab-yaml"))}
                aria-selected={chosen.to_string()} aria-controls={panel}
                tabindex={if chosen { "0" } else { "-1" }}
                onclick={ui.tells::<MouseEvent>(Action::PaneOpened(pane))}>{ label }</button>
        }
    };
    html! {
        <section class="inspector" aria-label={texts.inspector}>
            <div class="tabs" role="tablist" aria-label={texts.inspector}
                onkeydown={crate::ui_keys::rove_tabs()}>
                { tab(Pane::Yaml, texts.yaml) }
                { tab(Pane::Faults, texts.faults) }
                { tab(Pane::Events, texts.events) }
            </div>
            <div class="panel" id="panel" role="tabpanel" tabindex="0"
                aria-labelledby={format!("tab-{}", props.pane.name())}>
                { match props.pane {
                    Pane::Events => html! { <Events view={props.view.clone()} /> },
                    Pane::Yaml | Pane::Faults => html! {
                        <Faults view={props.view.clone()} target={props.target.clone()} />
                    },
                } }
            </div>
        </section>
    }
}
