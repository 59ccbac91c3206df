//! What can be done to the cluster, and what it says.

mod branches;
mod deeds;
mod describe;
pub mod events;
pub mod fault_list;
pub mod faults;
mod ledger;
mod metrics;
mod records;
mod targets;
mod terminal;
mod timing;
mod tuner;
mod why;

use crate::compare::Compared;
use crate::panels::{Answer, Panels};
use crate::range::Range;
use crate::store::{Action, Pane, Target};
use crate::terminal::Terminal;
use crate::ui::{use_ui, Order, Ui};
use branches::Branches;
use describe::Describe;
use events::Events;
use faults::Faults;
use readyz_engine::session::BranchView;
use readyz_engine::time::Instant;
use readyz_engine::view::{ClusterView, RunView};
use readyz_engine::why::Question;
use std::rc::Rc;
use terminal::Console;
use timing::Timing;
use why::Why;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct InspectorProps {
    pub pane: Pane,
    pub view: Option<Rc<ClusterView>>,
    pub run: Option<Rc<RunView>>,
    pub acts: Rc<Vec<String>>,
    pub target: Option<Target>,
    pub terminal: Terminal,
    pub panels: Panels,
    pub branches: Rc<Vec<BranchView>>,
    pub branch: u32,
    /// The editor's text, and what the cluster runs.
    pub text: AttrValue,
    pub applied: AttrValue,
    pub compared: Option<Rc<Compared>>,
    /// What the timeline shows.
    pub range: Range,
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
                { tab(Pane::Why, texts.why.name) }
                { tab(Pane::Terminal, texts.terminal.name) }
                { tab(Pane::Describe, texts.look.describe) }
                { tab(Pane::Timing, texts.timing.name) }
                { tab(Pane::Branches, texts.look.branches) }
            </div>
            <div class="panel" id="panel" role="tabpanel" tabindex="0"
                aria-labelledby={format!("tab-{}", props.pane.name())}>
                { panel(props) }
            </div>
        </section>
    }
}

/// Goes to a moment and asks why something was as it was.
fn ask_why(ui: &Ui, target: Target, at: Instant, question: Question) -> Callback<MouseEvent> {
    let ui = ui.clone();
    Callback::from(move |_| {
        ui.order.emit(Order::Seek(at));
        ui.tell.emit(Action::TargetSelected(target.clone()));
        ui.tell.emit(Action::Panel(Answer::Question(question)));
        ui.tell.emit(Action::PaneOpened(Pane::Why));
    })
}

fn panel(props: &InspectorProps) -> Html {
    let (view, run, target) = (&props.view, &props.run, &props.target);
    let panels = &props.panels;
    match props.pane {
        Pane::Events => html! { <Events view={view.clone()} /> },
        Pane::Terminal => html! { <Console terminal={props.terminal.clone()} /> },
        Pane::Why => html! {
            <Why view={view.clone()} run={run.clone()} target={target.clone()}
                chains={panels.why.clone()} asked={panels.question} text={props.applied.clone()} />
        },
        Pane::Timing => html! {
            <Timing view={view.clone()} run={run.clone()} target={target.clone()}
                rows={panels.timing.clone()} applied={props.applied.clone()}
                sweep={panels.sweep.clone()} />
        },
        Pane::Describe => html! {
            <Describe view={view.clone()} run={run.clone()} target={target.clone()}
                panels={panels.clone()} range={props.range} />
        },
        Pane::Branches => html! {
            <Branches branches={props.branches.clone()} branch={props.branch}
                other={panels.other.as_ref().map(|(branch, _)| *branch)}
                compared={props.compared.clone()}
                edited={props.text != props.applied} />
        },
        Pane::Yaml | Pane::Faults => html! {
            <Faults view={view.clone()} run={run.clone()} acts={props.acts.clone()}
                target={target.clone()} />
        },
    }
}
