//! A Service: its address, its EndpointSlice, its ledger.

use crate::i18n::Texts;
use crate::icons::{icon, Icon};
use crate::ui::use_ui;
use readyz_engine::view::{EndpointView, LedgerView, ServiceView};
use std::sync::Arc;
use yew::prelude::*;

/// Beyond this many endpoints the ready ones are only counted.
const ROWS_MAX: usize = 6;

#[derive(PartialEq, Properties)]
pub struct ServiceBoxProps {
    pub service: Arc<ServiceView>,
    /// It is the only one.
    pub alone: bool,
}

/// The Service's boxes, one below the other.
#[component]
pub fn ServiceBox(props: &ServiceBoxProps) -> Html {
    let texts = use_ui().texts();
    let (service, alone) = (&*props.service, props.alone);
    html! {
        <section class="service"
            aria-label={format!("Service {}", service.name)} data-service={service.name.clone()}>
            <p class={classes!("clients", (service.rate == 0).then_some("idle"))}>
                if service.rate == 0 {
                    { texts.no_clients }
                } else {
                    { texts.clients }{ " " }<b class="mono">{ (texts.rate)(service.rate) }</b>
                }
            </p>
            <svg class="drop" viewBox="0 0 2 16" aria-hidden="true"><path d="M1 0V16" /></svg>
            <div class="box">
                <h2><span>{ "Service" }</span><b>{ &service.name }</b></h2>
                <p class="mono">{ &service.cluster_ip }</p>
                { for service.ports.iter().map(|port| html! { <p class="mono dim">{ port }</p> }) }
            </div>
            <svg class="drop" viewBox="0 0 2 16" aria-hidden="true"><path d="M1 0V16" /></svg>
            <div class="box">
                { endpoints(texts, service) }
            </div>
            if service.rate > 0 || total(&service.ledger) > 0 {
                { ledger(texts, &service.ledger, alone) }
            }
        </section>
    }
}

fn endpoints(texts: &Texts, service: &ServiceView) -> Html {
    if service.endpoints.is_empty() {
        let why = if service.mismatch.is_empty() {
            texts.no_endpoints
        } else {
            texts.service_without_pods
        };
        return html! {
            <>
                <h2 class="slice-head">{ "EndpointSlice" }</h2>
                <p class="mismatch">{ why }{ " " }<span class="mono">{ &service.mismatch }</span></p>
            </>
        };
    }
    let many = service.endpoints.len() > ROWS_MAX;
    let shown: Vec<&EndpointView> = service
        .endpoints
        .iter()
        .filter(|endpoint| !many || !endpoint.ready)
        .take(ROWS_MAX)
        .collect();
    let ready = |endpoint: &&EndpointView| many && endpoint.ready;
    let ready = service.endpoints.iter().filter(ready).count();
    let rest = service.endpoints.len() - shown.len() - ready;
    html! {
        <table class="slice">
            <caption class="unseen">{ "EndpointSlice " }{ &service.name }</caption>
            <thead><tr><th scope="col">{ "EndpointSlice" }</th><th scope="col">{ "ready" }</th></tr></thead>
            <tbody>
                { for shown.iter().map(|endpoint| row(service, endpoint)) }
                if ready > 0 {
                    <tr class="rest"><td colspan="2">{ ready }{ " × ready" }</td></tr>
                }
                if rest > 0 {
                    <tr class="rest"><td colspan="2">{ (texts.more_rows)(rest) }</td></tr>
                }
            </tbody>
        </table>
    }
}

fn row(service: &ServiceView, endpoint: &EndpointView) -> Html {
    let flags = if endpoint.terminating {
        Some(if endpoint.serving {
            "serving, terminating"
        } else {
            "terminating"
        })
    } else {
        None
    };
    html! {
        <tr key={endpoint.pod.clone()} class={if endpoint.ready { "on" } else { "off" }}
            data-endpoint={format!("{}/{}", service.name, endpoint.pod)}
            data-ready={endpoint.ready.to_string()}>
            <td class="mono" title={endpoint.pod.clone()}>{ &endpoint.address }</td>
            <td>
                { icon(if endpoint.ready { Icon::Plug } else { Icon::Unplug }) }
                <span class="mono">{ endpoint.ready.to_string() }</span>
                if let Some(flags) = flags { <small>{ flags }</small> }
            </td>
        </tr>
    }
}

/// Requests that have ended.
pub(super) fn total(ledger: &LedgerView) -> u32 {
    ledger.served
        + ledger.server_errors
        + ledger.refused
        + ledger.reset
        + ledger.timed_out
        + ledger.no_endpoint
}

/// Where there are several Services, rows without a request are left out.
fn ledger(texts: &Texts, ledger: &LedgerView, alone: bool) -> Html {
    let all = total(ledger);
    let rows = [
        (texts.served, ledger.served, "ok", Icon::LampOn, true),
        (
            texts.server_errors,
            ledger.server_errors,
            "bad",
            Icon::Triangle,
            true,
        ),
        (texts.refused, ledger.refused, "bad", Icon::Cross, true),
        (texts.reset_by_peer, ledger.reset, "bad", Icon::Cross, false),
        (
            texts.timed_out,
            ledger.timed_out,
            "wait",
            Icon::Waiting,
            false,
        ),
        (
            texts.no_endpoint,
            ledger.no_endpoint,
            "gone",
            Icon::NoEndpoint,
            true,
        ),
    ];
    let mut x = 0.0;
    let bars = rows
        .iter()
        .filter(|row| row.1 > 0)
        .map(|(_, count, class, ..)| {
            let width = f64::from(*count) / f64::from(all) * 100.0;
            let from = x;
            x += width;
            html! {
                <rect class={classes!("share", *class)} x={format!("{from:.2}")} y="0"
                    width={format!("{:.2}", (width - 0.6).max(0.4))} height="6" />
            }
        });
    let bars: Vec<Html> = bars.collect();
    let shown = rows
        .iter()
        .filter(|(_, count, .., always)| (*always && alone) || *count > 0);
    html! {
        <div class="box ledger" data-total={all.to_string()}>
            <h2><span>{ texts.requests }</span><b class="mono">{ all }</b></h2>
            <svg class="shares" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                { for bars }
            </svg>
            <dl>
                { for shown.map(|(name, count, class, which, _)| html! {
                    <div class={*class}>
                        <dt>{ icon(*which) }{ *name }</dt><dd class="mono">{ *count }</dd>
                    </div>
                }) }
            </dl>
        </div>
    }
}
