//! A Pod's card.

use super::container::container_row;
use super::short_name;
use crate::icons::{icon, Icon};
use crate::store::{Action, Target};
use crate::ui::{use_ui, Ui};
use readyz_engine::time::Instant;
use readyz_engine::view::{ConditionView, PodView};
use std::sync::Arc;
use yew::prelude::*;

#[derive(Clone, Properties)]
pub struct PodCardProps {
    pub pod: Arc<PodView>,
    /// The moment of the view.
    pub now: Instant,
    pub chosen: bool,
    /// Whether it is ready in a Service's slice; None if in none.
    pub endpoint: Option<bool>,
    /// Only the head is shown.
    pub tile: bool,
}

/// A card is drawn anew only when something of its own Pod has changed.
impl PartialEq for PodCardProps {
    fn eq(&self, other: &Self) -> bool {
        self.chosen == other.chosen
            && self.endpoint == other.endpoint
            && self.tile == other.tile
            && (self.pod == other.pod || (self.tile && head(&self.pod) == head(&other.pod)))
    }
}

/// What a tile shows of a Pod.
fn head(pod: &PodView) -> (&str, &str, [u32; 3]) {
    let numbers = [pod.ready_containers, pod.total_containers, pod.restarts];
    (&pod.name, &pod.status, numbers)
}

/// Selects a Pod.
pub fn select(ui: &Ui, pod: &PodView) -> Option<Callback<MouseEvent>> {
    Some(ui.tells(Action::TargetSelected(Target::of(pod)?)))
}

/// The card. A click anywhere selects it; the name is the button for keys.
#[component]
pub fn PodCard(props: &PodCardProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let (pod, chosen) = (&props.pod, props.chosen);
    let all_ready = pod.ready_containers == pod.total_containers && pod.total_containers > 0;
    let name = (texts.pod_name)(
        &pod.name,
        pod.ready_containers,
        pod.total_containers,
        pod.restarts,
    );
    let select = select(&ui, pod);
    let (stem, suffix) = short_name(pod);
    let socket = props.endpoint.map(|ready| if ready { "on" } else { "off" });
    html! {
        <article class={classes!("pod", chosen.then_some("chosen"), (pod.containers.len() == 1).then_some("single"))}
            aria-label={name} onclick={select} data-pod={pod.name.clone()}>
            if let Some(class) = socket {
                <span class={classes!("socket", class)} data-socket={pod.name.clone()} />
            }
            <header>
                <button type="button" class="pod-name mono" aria-pressed={chosen.to_string()}>
                    if !stem.is_empty() { <i>{ stem }</i> }<b>{ suffix }</b>
                </button>
                <span class="pod-ip mono">{ &pod.ip }</span>
                <span class="space" />
                <span class="pod-status" data-status={pod.status.clone()}>{ &pod.status }</span>
                <span class={classes!("restarts", (pod.restarts > 0).then_some("hot"))}>
                    { icon(Icon::Restart) }<b class="mono">{ pod.restarts }</b>
                    <span class="restarts-word">{ (texts.restarts)(pod.restarts) }</span>
                </span>
                <span class={classes!("badge", if all_ready { "ok" } else { "bad" })}>
                    { icon(if all_ready { Icon::Plug } else { Icon::Unplug }) }
                    <span class="mono">
                        { format!("{}/{}", pod.ready_containers, pod.total_containers) }
                    </span>
                </span>
            </header>
            if !props.tile {
                { unscheduled(pod) }
                { for pod.containers.iter().map(|one| container_row(&ui, props.now, pod, one)) }
            }
        </article>
    }
}

/// Why no node was found, as the scheduler says it (SCH-04).
fn unscheduled(pod: &PodView) -> Html {
    let refused = |one: &&ConditionView| one.kind == "PodScheduled" && one.status == "False";
    match pod.conditions.iter().find(refused) {
        Some(condition) => html! { <p class="waits-for">{ &condition.message }</p> },
        None => Html::default(),
    }
}

#[derive(PartialEq, Properties)]
pub struct PodCardsProps {
    pub cards: Vec<PodCardProps>,
}

/// Some cards in a row, looked at again only when one of them has changed.
#[component]
pub fn PodCards(props: &PodCardsProps) -> Html {
    let cards = props.cards.iter();
    html! { <>{ for cards.map(|card| html! { <PodCard key={card.pod.id} ..card.clone() /> }) }</> }
}
