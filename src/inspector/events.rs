//! The Event objects, as `kubectl describe` shows them, newest first.

use super::ask_why;
use crate::icons::{icon, Icon};
use crate::store::Target;
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::kubectl::human_duration;
use readyz_engine::time::Instant;
use readyz_engine::view::{ClusterView, EventView, PodView};
use readyz_engine::why::Question;
use std::rc::Rc;
use std::sync::Arc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct EventsProps {
    pub view: Option<Rc<ClusterView>>,
    /// On paper, where the tab may stand as well.
    #[prop_or_default]
    pub printed: bool,
}

/// The events tab.
#[component]
pub fn Events(props: &EventsProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let Some(view) = props.view.as_ref().filter(|view| !view.events.is_empty()) else {
        return html! { <p class="empty">{ texts.no_events }</p> };
    };
    let mut events: Vec<&EventView> = view.events.iter().collect();
    // Stable: of those at one instant the one that came later stands higher.
    events.reverse();
    events.sort_by_key(|event| std::cmp::Reverse(event.last));
    let count = events.iter().map(|event| event.count).sum();
    html! {
        <>
            <p class="caption">{ (texts.event_count)(count, events.len()) }</p>
            <table class="events" id={(!props.printed).then_some("events")}>
                <thead><tr>
                    <th scope="col">{ texts.age }</th>
                    <th scope="col">{ texts.reason_and_message }</th>
                </tr></thead>
                <tbody>{ for events.iter().map(|event| row(&ui, (view.at, &view.pods), event)) }</tbody>
            </table>
        </>
    }
}

/// The way to the causes, where the event is about a Pod that is there.
fn why(ui: &Ui, pods: &[Arc<PodView>], event: &EventView) -> Option<Html> {
    let name = event.object.strip_prefix("pod/")?;
    let pod = pods.iter().find(|pod| pod.name == name)?;
    let mut target = Target::of(pod)?;
    if !event.container.is_empty() {
        target.container = event.container.to_string();
    }
    let question = match &*event.reason {
        "Unhealthy" if event.message.starts_with("Readiness") => Question::Ready,
        "Scheduled" | "FailedScheduling" | "Preempted" => Question::Node,
        _ => Question::State,
    };
    let word = ui.texts().why.name;
    Some(html! {
        <button type="button" class="line-chip" aria-label={format!("{word}: {} {name}", event.reason)}
            onclick={ask_why(ui, target, event.last, question)}>{ word }</button>
    })
}

/// A row's reason is a button that moves the playhead to the last occurrence.
fn row(ui: &Ui, (now, pods): (Instant, &[Arc<PodView>]), event: &EventView) -> Html {
    let texts = ui.texts();
    let age = human_duration(now - event.last);
    html! {
        <tr class={classes!(event.warning.then_some("warning"))} data-reason={event.reason.clone()}>
            <td class="mono">
                { age }
                if event.count > 1 {
                    <small>
                        { (texts.repeated)(event.count, &human_duration(now - event.first)) }
                    </small>
                }
                { why(ui, pods, event) }
            </td>
            <td>
                <span class="reason">
                    { icon(if event.warning { Icon::Warning } else { Icon::Info }) }
                    if event.warning { <span class="unseen">{ texts.warning }{ " " }</span> }
                    <button type="button" onclick={ui.orders::<MouseEvent>(Order::Seek(event.last))}>
                        { &event.reason }
                    </button>
                    <span class="object mono">{ &event.object }</span>
                </span>
                <p class="message">{ &event.message }</p>
            </td>
        </tr>
    }
}
