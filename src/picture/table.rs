//! The same facts as kubectl prints them.

use crate::store::Target;
use crate::ui::Ui;
use readyz_engine::kubectl::human_duration;
use readyz_engine::time::Instant;
use readyz_engine::view::{ClusterView, DeploymentView, PodView, ServiceView};
use yew::prelude::*;

/// `kubectl get pods,deployments,services -o wide`, one table each.
pub fn table(ui: &Ui, view: &ClusterView, selected: Option<&Target>) -> Html {
    let texts = ui.texts();
    html! {
        <div class="tables" tabindex="0" role="region" aria-label={texts.table}>
            <table class="kubectl mono" id="pods">
                <caption>{ "kubectl get pods -o wide" }</caption>
                { head(&["NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE"]) }
                <tbody>{ for view.pods.iter().map(|pod| {
                    let is_chosen = selected.is_some_and(|target| target.pod == pod.name);
                    pod_row(ui, view.at, pod, is_chosen)
                }) }</tbody>
            </table>
            if !view.deployments.is_empty() {
                <table class="kubectl mono">
                    <caption>{ "kubectl get deployments" }</caption>
                    { head(&["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"]) }
                    <tbody>{ for view.deployments.iter().map(|d| deployment_row(view.at, d)) }</tbody>
                </table>
            }
            if !view.services.is_empty() {
                <table class="kubectl mono">
                    <caption>{ "kubectl get services" }</caption>
                    { head(&["NAME", "TYPE", "CLUSTER-IP", "PORT(S)", "ENDPOINTS READY"]) }
                    <tbody>{ for view.services.iter().map(|one| service_row(one)) }</tbody>
                </table>
            }
        </div>
    }
}

fn head(titles: &[&'static str]) -> Html {
    html! {
        <thead><tr>{ for titles.iter().map(|title| html! { <th scope="col">{ *title }</th> }) }</tr></thead>
    }
}

/// Column RESTARTS: `1 (5s ago)`.
pub fn restarts(now: Instant, pod: &PodView) -> String {
    match pod.last_restart_at {
        Some(at) if pod.restarts > 0 => {
            format!("{} ({} ago)", pod.restarts, human_duration(now - at))
        }
        _ => pod.restarts.to_string(),
    }
}

/// A Pod's name selects it, as its card does.
fn pod_row(ui: &Ui, now: Instant, pod: &PodView, is_chosen: bool) -> Html {
    let or_none = |text: &str| {
        if text.is_empty() {
            "<none>".to_owned()
        } else {
            text.to_owned()
        }
    };
    html! {
        <tr key={pod.id} class={is_chosen.then_some("chosen")}>
            <th scope="row">
                <button type="button" aria-pressed={is_chosen.to_string()}
                    onclick={super::pod::select(ui, pod)}>{ &pod.name }</button>
            </th>
            <td>{ format!("{}/{}", pod.ready_containers, pod.total_containers) }</td>
            <td>{ &pod.status }</td>
            <td>{ restarts(now, pod) }</td>
            <td>{ human_duration(now - pod.created_at) }</td>
            <td>{ or_none(&pod.ip) }</td>
            <td>{ or_none(&pod.node) }</td>
        </tr>
    }
}

fn deployment_row(now: Instant, deployment: &DeploymentView) -> Html {
    html! {
        <tr key={deployment.name.clone()}>
            <th scope="row">{ &deployment.name }</th>
            <td>{ format!("{}/{}", deployment.ready, deployment.replicas) }</td>
            <td>{ deployment.up_to_date }</td>
            <td>{ deployment.available }</td>
            <td>{ human_duration(now - deployment.created_at) }</td>
        </tr>
    }
}

fn service_row(service: &ServiceView) -> Html {
    let ready = service
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.ready)
        .count();
    html! {
        <tr key={service.name.clone()}>
            <th scope="row">{ &service.name }</th>
            <td>{ &service.kind }</td>
            <td>{ &service.cluster_ip }</td>
            <td>{ service.ports.join(", ") }</td>
            <td>{ format!("{ready}/{}", service.endpoints.len()) }</td>
        </tr>
    }
}
