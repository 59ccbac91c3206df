//! Every request accounted for: how it ended, where, why, and when the next such one comes.

use super::ask_why;
use crate::format::clock;
use crate::i18n::Texts;
use crate::store::Target;
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::record::RequestOutcome;
use readyz_engine::session::{Request, RequestsView};
use readyz_engine::view::{ClusterView, RunView};
use readyz_engine::why::Question;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct LedgerProps {
    pub view: Option<Rc<ClusterView>>,
    pub run: Option<Rc<RunView>>,
    pub rows: Rc<Vec<RequestsView>>,
}

/// The ledger.
#[component]
pub fn Ledger(props: &LedgerProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let words = &texts.look;
    let at = props.view.as_ref().map(|view| view.at);
    let hash = props.run.as_ref().map(|run| run.trace_hash);
    {
        let order = ui.order.clone();
        use_effect_with((at, hash), move |(at, _)| {
            if let Some(at) = *at {
                order.emit(Order::Ask(Request::Requests { at }));
            }
        });
    }
    if props.rows.is_empty() {
        return html! { <p class="empty">{ words.no_requests }</p> };
    }
    let rows = props.rows.iter().map(|row| {
        let cause = cause(texts, props, row);
        let next = row.next.map(|at| {
            html! {
                <button type="button" class="moment mono"
                    onclick={ui.orders::<MouseEvent>(Order::Seek(at))}>
                    { (words.next_one)(&clock(at)) }
                </button>
            }
        });
        html! {
            <li class="ledger-row" data-outcome={slug(row.outcome)}>
                <b class="mono">{ row.count }</b>
                <div class="fault-words">
                    <b>{ outcome(texts, row.outcome) }</b>
                    <span class="command mono">{ &row.service }{ " " }{ &row.pod }</span>
                    if let Some(cause) = cause { <small>{ cause }</small> }
                    { why(&ui, props, row) }
                    if let Some(last) = row.last {
                        <button type="button" class="moment mono"
                            onclick={ui.orders::<MouseEvent>(Order::Seek(last))}>
                            { (words.last_one)(&clock(last)) }
                        </button>
                    }
                </div>
                if let Some(next) = next { { next } } else { <span class="dim">{ words.no_next }</span> }
            </li>
        }
    });
    html! { <ul class="faults ledger-rows">{ for rows }</ul> }
}

/// The way to the causes of the last of them that did not end well, or of the first to come: of the
/// Pod that it met, else of one that should have been there.
fn why(ui: &Ui, props: &LedgerProps, row: &RequestsView) -> Option<Html> {
    let at = row.last.or(row.next)?;
    if row.outcome == RequestOutcome::Served {
        return None;
    }
    let mut pods = props.view.as_ref()?.pods.iter();
    let pod = pods.find(|pod| match &*row.pod {
        "" => pod.services.contains(&row.service),
        name => pod.name == name,
    })?;
    let target = Target::of(pod)?;
    let word = ui.texts().why.name;
    let name = format!("{word}: {}", outcome(ui.texts(), row.outcome));
    Some(html! {
        <button type="button" class="line-chip" aria-label={name}
            onclick={ask_why(ui, target, at, Question::Service)}>{ word }</button>
    })
}

/// Its name for styles and tests.
const fn slug(outcome: RequestOutcome) -> &'static str {
    match outcome {
        RequestOutcome::Served => "served",
        RequestOutcome::ServerError => "5xx",
        RequestOutcome::Refused => "refused",
        RequestOutcome::Reset => "reset",
        RequestOutcome::TimedOut => "timed-out",
        RequestOutcome::NoEndpoint => "no-endpoint",
    }
}

fn outcome(texts: &Texts, outcome: RequestOutcome) -> &'static str {
    match outcome {
        RequestOutcome::Served => texts.served,
        RequestOutcome::ServerError => texts.server_errors,
        RequestOutcome::Refused => texts.refused,
        RequestOutcome::Reset => texts.reset_by_peer,
        RequestOutcome::TimedOut => texts.timed_out,
        RequestOutcome::NoEndpoint => texts.no_endpoint,
    }
}

/// Why the last of them (or the first to come) ended so: what was done to the Pod, else its state.
fn cause(texts: &Texts, props: &LedgerProps, row: &RequestsView) -> Option<String> {
    let words = &texts.look;
    match row.outcome {
        RequestOutcome::Served => return None,
        RequestOutcome::NoEndpoint => return Some(words.cause_no_endpoint.into()),
        _ => {}
    }
    let (run, at) = (props.run.as_ref()?, row.last.or(row.next)?);
    let lane = run.lanes.iter().find(|lane| lane.pod == row.pod)?;
    let band = lane.bands.iter().rev().find(|band| band.from <= at);
    let runs = band.is_some_and(|band| band.kind == readyz_engine::view::BandKind::Running);
    let mut pins = run.pins.iter().rev();
    let pin = pins.find(|pin| pin.at <= at && pin.until.is_none_or(|until| at <= until));
    match (pin, band) {
        (Some(pin), _) if runs => Some((words.cause_act)(&(texts.fault.deed)(&pin.label))),
        (_, Some(band)) => Some((words.cause_state)(&(words.state)(&band.label))),
        _ => None,
    }
}
