//! A Pod's card.

use super::container::container_row;
use super::short_name;
use crate::icons::{icon, Icon};
use crate::store::{Action, Target};
use crate::ui::Ui;
use readyz_engine::view::{ClusterView, PodView};
use yew::prelude::*;

/// The card. A click anywhere selects its first container; the name is the button for keys.
pub fn card(ui: &Ui, view: &ClusterView, pod: &PodView, selected: Option<&Target>) -> Html {
    let texts = ui.texts();
    let chosen = selected.is_some_and(|target| target.pod == pod.name);
    let all_ready = pod.ready_containers == pod.total_containers && pod.total_containers > 0;
    let name = (texts.pod_name)(
        &pod.name,
        pod.ready_containers,
        pod.total_containers,
        pod.restarts,
    );
    let first = pod
        .containers
        .first()
        .map_or("", |container| &container.name);
    let select = ui.tells::<MouseEvent>(Action::TargetSelected(Target {
        pod: pod.name.clone(),
        container: first.to_owned(),
    }));
    let (stem, suffix) = short_name(pod);
    let endpoint = endpoint_class(view, pod);
    html! {
        <article key={pod.id} class={classes!("pod", chosen.then_some("chosen"), (pod.containers.len() == 1).then_some("single"))}
            aria-label={name} onclick={select} data-pod={pod.name.clone()}>
            if let Some(class) = endpoint {
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
            { for pod.containers.iter().map(|container| container_row(ui, view, pod, container)) }
        </article>
    }
}

/// Whether the Pod is in a Service's slice, and ready there; None if in none.
fn endpoint_class(view: &ClusterView, pod: &PodView) -> Option<&'static str> {
    let mut endpoints = view
        .services
        .iter()
        .flat_map(|service| &service.endpoints)
        .filter(|endpoint| endpoint.pod == pod.name)
        .peekable();
    endpoints.peek()?;
    Some(if endpoints.any(|endpoint| endpoint.ready) {
        "on"
    } else {
        "off"
    })
}
