//! The cables from endpoints to Pods. They are measured when what they join has changed place,
//! never while something only moves.

use super::flow::use_flow;
use crate::platform::{dom, observe};
use readyz_engine::view::ServiceView;
use std::sync::Arc;
use web_sys::Element;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct LinksProps {
    pub services: Vec<Arc<ServiceView>>,
    /// Identity of every Pod, and whether it is not on a node yet.
    pub pods: Vec<(u32, bool)>,
    /// Requests are seen on their way.
    pub flows: bool,
    /// The Pod that is selected.
    pub selected: Option<AttrValue>,
}

/// More cables than these hide what they join: then only those of the selected Pod are drawn.
const LINKS_MAX: usize = 24;

/// One cable.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    /// Service and Pod, with a slash.
    ends: String,
    ready: bool,
    from: (f64, f64),
    to: (f64, f64),
}

/// The layer of cables.
#[component]
pub fn Links(props: &LinksProps) -> Html {
    let layer = use_node_ref();
    let links = use_state_eq(Vec::<Link>::new);
    {
        let layer = layer.clone();
        let links = links.clone();
        // Cards grow and shrink with their containers' states; the layer's size tells of that.
        let ends = (
            membership(&props.services),
            props.pods.clone(),
            props.selected.clone(),
        );
        use_effect_with(ends, move |(.., selected)| {
            if let Some(layer) = layer.cast::<Element>() {
                links.set(measure(&layer, selected.as_deref()));
            }
        });
    }
    {
        let layer = layer.clone();
        let links = links.clone();
        use_effect_with(props.selected.clone(), move |selected| {
            let selected = selected.clone();
            let subscription = layer.cast::<Element>().map(|element| {
                let measured = element.clone();
                observe::size(&element, move || {
                    links.set(measure(&measured, selected.as_deref()))
                })
            });
            move || drop(subscription)
        });
    }
    let dots = use_node_ref();
    use_flow(&layer, &dots, &links, &props.services, props.flows);
    html! {
        <svg ref={layer} class="links" aria-hidden="true">
            { for links.iter().map(draw) }
            <g ref={dots} />
        </svg>
    }
}

/// Whose cables there are.
fn membership(services: &[Arc<ServiceView>]) -> Vec<(String, bool)> {
    let slices = services.iter().flat_map(|service| &service.endpoints);
    slices.map(|one| (one.pod.clone(), one.ready)).collect()
}

fn measure(layer: &Element, selected: Option<&str>) -> Vec<Link> {
    let origin = layer.get_bounding_client_rect();
    if origin.width() < 1.0 {
        return Vec::new();
    }
    let sockets = dom::all("[data-socket]");
    let rows = dom::all("[data-endpoint]");
    let crowd = rows.len() > LINKS_MAX;
    let link = |row: Element| {
        let endpoint = row.get_attribute("data-endpoint")?;
        let pod = endpoint.split_once('/')?.1;
        if crowd && selected != Some(pod) {
            return None;
        }
        let socket = sockets
            .iter()
            .find(|socket| socket.get_attribute("data-socket").as_deref() == Some(pod))?;
        let from = row.get_bounding_client_rect();
        let to = socket.get_bounding_client_rect();
        if from.width() < 1.0 || to.width() < 1.0 {
            return None;
        }
        Some(Link {
            ends: endpoint.clone(),
            ready: row.get_attribute("data-ready").as_deref() == Some("true"),
            from: (
                from.right() - origin.left() + 8.0,
                from.top() - origin.top() + from.height() / 2.0,
            ),
            to: (
                to.left() - origin.left() + 1.0,
                to.top() - origin.top() + to.height() / 2.0,
            ),
        })
    };
    rows.into_iter().filter_map(link).collect()
}

impl Link {
    /// Whether it leads from this Service to this Pod.
    pub(super) fn is(&self, service: &str, pod: &str) -> bool {
        self.ends.split_once('/') == Some((service, pod))
    }

    /// Five places on it, from end to end.
    pub(super) fn places(&self) -> [(f64, f64); 5] {
        let ((x0, y0), (x1, y1)) = (self.from, self.to);
        [0.0, 0.25, 0.5, 0.75, 1.0].map(|t: f64| {
            // The curve that is drawn: its two middle points lie half-way.
            let (s, middle) = (1.0 - t, (x0 + x1) / 2.0);
            let x = s * s * s * x0 + 3.0 * s * t * middle + t * t * t * x1;
            let y = s * s * (s + 3.0 * t) * y0 + t * t * (t + 3.0 * s) * y1;
            (x, y)
        })
    }
}

fn draw(link: &Link) -> Html {
    let ((x0, y0), (x1, y1)) = (link.from, link.to);
    let middle = (x0 + x1) / 2.0;
    let whole = format!("M{x0:.1} {y0:.1}C{middle:.1} {y0:.1} {middle:.1} {y1:.1} {x1:.1} {y1:.1}");
    if link.ready {
        return html! { <path class="link" d={whole} /> };
    }
    // The cable hangs down, its plug in the air; a faint trace shows where it belongs.
    let (x, y) = (x0 + 16.0, y0 + 13.0);
    html! {
        <>
            <path class="link trace" d={whole} />
            <path class="link cut" d={format!("M{x0:.1} {y0:.1}c9 0 16 2 16 9")} />
            <path class="plug" d={format!(
                "M{:.1} {:.1}h8v4a4 4 0 0 1-8 0zM{:.1} {:.1}v4M{:.1} {:.1}v4",
                x - 4.0, y - 4.0, x - 2.0, y + 4.0, x + 2.0, y + 4.0
            )} />
        </>
    }
}
