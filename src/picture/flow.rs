//! Requests on their way, while time passes: each ends in its outcome. One that ended between two
//! views is not seen; the ledger has it.

use super::links::Link;
use super::service::total;
use crate::platform::{dom, frame, motion};
use readyz_engine::record::RequestOutcome;
use readyz_engine::view::ServiceView;
use std::sync::Arc;
use web_sys::Element;
use yew::prelude::*;

/// Wall time that one is on its way.
const WAY_MS: i32 = 450;
/// How long one that was lost stays to be seen.
const LOST_MS: i32 = 700;
/// So many at once.
const DOTS_MAX: u32 = 40;

/// Shows the requests that have ended since the view before.
#[hook]
pub fn use_flow(
    layer: &NodeRef,
    dots: &NodeRef,
    links: &UseStateHandle<Vec<Link>>,
    services: &[Arc<ServiceView>],
    flows: bool,
) {
    let former = use_mut_ref(Vec::<u32>::new);
    let now: Vec<u32> = services.iter().map(|one| total(&one.ledger)).collect();
    let (layer, dots, links) = (layer.clone(), dots.clone(), links.clone());
    let services = services.to_vec();
    use_effect_with((now, flows), move |(now, flows)| {
        let before = former.replace(now.clone());
        if !flows || before.len() != now.len() || dom::media("(prefers-reduced-motion: reduce)") {
            return;
        }
        let (Some(layer), Some(dots)) = (layer.cast::<Element>(), dots.cast::<Element>()) else {
            return;
        };
        let counts = before.iter().zip(now);
        for (service, _) in services.iter().zip(counts).filter(|(_, (a, b))| a < b) {
            if let Some((pod, outcome)) = &service.last_request {
                let link = links.iter().find(|link| link.is(&service.name, pod));
                let places = match link {
                    Some(link) => link.places().to_vec(),
                    None if pod.is_empty() => nowhere(&layer, &service.name).unwrap_or_default(),
                    None => continue,
                };
                send(&dots, &places, *outcome);
            }
        }
    });
}

/// From the clients to a slice that has nobody ready.
fn nowhere(layer: &Element, service: &str) -> Option<Vec<(f64, f64)>> {
    let origin = layer.get_bounding_client_rect();
    let boxes = dom::all(&format!(
        "[data-service=\"{service}\"] > :is(.clients, .box)"
    ));
    let place = |element: &Element| {
        let rect = element.get_bounding_client_rect();
        let x = rect.left() + rect.width() / 2.0 - origin.left();
        (x, rect.bottom() - origin.top() + 8.0)
    };
    Some(vec![place(boxes.first()?), place(boxes.get(1)?)])
}

fn send(dots: &Element, places: &[(f64, f64)], outcome: RequestOutcome) {
    let Some((x, y)) = places
        .last()
        .filter(|_| dots.child_element_count() < DOTS_MAX)
    else {
        return;
    };
    let (class, shape, stays) = match outcome {
        RequestOutcome::Served => ("dot", "●", 0),
        RequestOutcome::ServerError => ("dot lost", "▲", LOST_MS),
        RequestOutcome::NoEndpoint => ("dot nowhere", "∅", LOST_MS),
        RequestOutcome::Refused | RequestOutcome::Reset | RequestOutcome::TimedOut => {
            ("dot lost", "✕", LOST_MS)
        }
    };
    let namespace = Some("http://www.w3.org/2000/svg");
    let made = dom::document().map(|page| page.create_element_ns(namespace, "text"));
    let Some(Ok(dot)) = made else { return };
    let _ = dot.set_attribute("class", class);
    let _ = dot.set_attribute("transform", &format!("translate({x:.1} {y:.1})"));
    dot.set_text_content(Some(shape));
    if dots.append_child(&dot).is_ok() {
        motion::send_through(&dot, places, f64::from(WAY_MS));
        frame::after(WAY_MS + stays, move || dot.remove());
    }
}
