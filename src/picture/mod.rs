//! The cluster at the playhead: Services and their endpoints on the left, nodes that hold Pods on
//! the right, links between.

mod container;
mod flow;
mod gauge;
mod heap;
mod links;
mod pod;
mod service;
mod table;

use crate::hint::Hint;
use crate::i18n::Texts;
use crate::icons::{icon, Icon};
use crate::platform::dom;
use crate::store::{Action, Target};
use crate::ui::{use_ui, Order, Ui};
use links::Links;
use pod::PodCardProps;
use readyz_engine::session::Request;
use readyz_engine::time::Instant;
use readyz_engine::timeline::Stop;
use readyz_engine::view::{ClusterView, NodeView, PodView, CROWD};
use service::ServiceBox;
use std::rc::Rc;
use std::sync::Arc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct PictureProps {
    pub view: Option<Rc<ClusterView>>,
    pub as_table: bool,
    pub selected: Option<Target>,
    /// While nothing runs: line and words of the text's first error.
    pub refused: Option<(u32, AttrValue)>,
    /// When the run's first container runs; None: it has no Pods.
    pub first_pod: Option<Instant>,
    /// While two branches are compared: their numbers, and whether B is shown.
    pub sides: Option<([u32; 2], bool)>,
    /// The limit that the run met.
    pub limit: Option<Stop>,
    /// Requests are seen on their way.
    pub flows: bool,
}

/// The middle pane.
#[component]
pub fn Picture(props: &PictureProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let mode = |as_table: bool, label: &'static str| {
        let checked = props.as_table == as_table;
        html! {
            <button type="button" role="radio" aria-checked={checked.to_string()}
                tabindex={if checked { "0" } else { "-1" }}
                onclick={ui.tells::<MouseEvent>(Action::ModeChanged { as_table })}>{ label }</button>
        }
    };
    // Chosen elsewhere, or on the last of the nodes: it is brought in sight.
    let chosen = props.selected.as_ref().map(|target| target.pod.clone());
    let is_drawn = props.view.is_some() && !props.as_table;
    use_effect_with((chosen, is_drawn), |_| {
        dom::reveal(".pod.chosen", ".picture");
    });
    let counts = props
        .view
        .as_ref()
        .map(|view| (texts.pods_and_nodes)(view.pods.len(), view.nodes.len()));
    html! {
        <section class="cluster" id="cluster" tabindex="-1" aria-label={texts.cluster}
            data-from={props.view.as_ref().map(|view| view.at.0.to_string())}
            data-until={props.view.as_ref().map(|view| view.valid_until.0.to_string())}>
            <div class="cluster-head">
                <h2><span class="mono">{ namespaces(props.view.as_deref()) }</span>
                    <span class="dim">{ counts }</span></h2>
                { for props.sides.map(|(branches, b)| sides(&ui, branches, b)) }
                <span class="space" />
                <div class="switch" role="radiogroup" aria-label={texts.view}
                    onkeydown={crate::ui_keys::rove_radios()}>
                    { mode(false, texts.picture) }
                    { mode(true, texts.table) }
                </div>
            </div>
            { for props.limit.map(|limit| limit_words(texts, limit)) }
            { for props.view.as_deref().filter(|view| has_loose(view)).map(|view| loose_faults(&ui, view)) }
            { match &props.view {
                None => nothing(&ui, props.refused.as_ref()),
                Some(view) if props.as_table => table::table(&ui, view, props.selected.as_ref()),
                Some(view) => picture(&ui, view, props),
            } }
            if props.view.is_some() { <Hint /> }
        </section>
    }
}

/// What stands there while there is no view: where to mend the text, if that is why.
#[inline(never)]
fn nothing(ui: &Ui, refused: Option<&(u32, AttrValue)>) -> Html {
    let texts = ui.texts();
    let Some((line, message)) = refused else {
        return html! { <p class="empty">{ texts.loading }</p> };
    };
    html! {
        <div class="empty">
            <p>{ texts.time.nothing_runs }</p>
            <p class="refused"><button type="button" class="line-chip mono" title={(texts.go_to_line)(*line)}
                onclick={ui.orders::<MouseEvent>(Order::SelectLine(*line))}>
                { (texts.why.line)(*line) }
            </button>{ " " }{ (texts.told)(message) }</p>
        </div>
    }
}

/// A moment without Pods, and the way to the first of them if they are yet to come.
#[inline(never)]
fn no_pods_now(ui: &Ui, now: Instant, first: Instant) -> Html {
    let texts = ui.texts();
    html! {
        <div class="empty">
            <p>{ texts.no_pods_now }</p>
            if now < first {
                <p><button type="button" id="first-pod" class="button"
                    onclick={ui.orders::<MouseEvent>(Order::Seek(first))}>{ texts.time.first_pod }</button></p>
            }
        </div>
    }
}

#[inline(never)]
fn limit_words(texts: &Texts, limit: Stop) -> Html {
    html! {
        <p id="limit" class="limit" role="status">
            { icon(Icon::Warning) }<span>{ (texts.look.limit)(limit) }</span>
        </p>
    }
}

fn has_loose(view: &ClusterView) -> bool {
    !view.faults.is_empty() || !view.dependencies.is_empty()
}

/// Faults that no Pod has of its own, above all Pods.
#[inline(never)]
fn loose_faults(ui: &Ui, view: &ClusterView) -> Html {
    let words = &ui.texts().fault;
    let look = &ui.texts().look;
    html! {
        <ul class="loose-faults" aria-label={look.in_force}>
            { for view.dependencies.iter().map(|one| html! {
                <li class={classes!("fact", (!one.up).then_some("bad"))} data-dependency={one.name.clone()}>
                    { icon(if one.up { Icon::Plug } else { Icon::Unplug }) }
                    { if one.up { (look.is_up)(&one.name) } else { (look.is_down)(&one.name) } }
                </li>
            }) }
            { for view.faults.iter().map(|fault| html! {
                <li class="fault">
                    { icon(Icon::You) }{ (ui.texts().fault.label)(&fault.label) }
                    <span class="unseen">
                        { (words.active_since)(&crate::format::clock(fault.since)) }
                    </span>
                </li>
            }) }
        </ul>
    }
}

/// Which of two branches the picture shows.
fn sides(ui: &Ui, branches: [u32; 2], b_in_front: bool) -> Html {
    let words = &ui.texts().time;
    let radio = |letter: &'static str, branch: u32, checked: bool| {
        html! {
            <button type="button" role="radio" class="mono" aria-checked={checked.to_string()}
                tabindex={if checked { "0" } else { "-1" }}
                onclick={ui.orders::<MouseEvent>(Order::Ask(Request::Branch { branch }))}>
                { letter }
            </button>
        }
    };
    html! {
        <>
            <span class="dim">{ words.showing }</span>
            <div class="switch" role="radiogroup" aria-label={words.showing}
                onkeydown={crate::ui_keys::rove_radios()}>
                { radio("A", branches[0], !b_in_front) }{ radio("B", branches[1], b_in_front) }
            </div>
        </>
    }
}

fn namespaces(view: Option<&ClusterView>) -> String {
    let mut names: Vec<&str> = view
        .iter()
        .flat_map(|view| view.pods.iter().map(|pod| pod.namespace.as_str()))
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        "default".into()
    } else {
        names.join(", ")
    }
}

fn holds_pods(view: &ClusterView, node: &NodeView) -> bool {
    view.pods.iter().any(|pod| pod.node == node.name)
}

/// A name's dim beginning and its telling end: a Pod of a workload is known by its suffix.
pub fn short_name(pod: &PodView) -> (String, String) {
    match pod.name.rsplit_once('-') {
        Some((stem, suffix)) if !pod.owner.is_empty() => {
            let owner = pod.owner.rsplit('/').next().unwrap_or(stem);
            let owner = if stem.starts_with(owner) { owner } else { stem };
            (format!("{owner}-…-"), suffix.to_owned())
        }
        _ => (String::new(), pod.name.clone()),
    }
}

/// What the cards of one picture have in common.
struct Cards<'a> {
    view: &'a ClusterView,
    selected: Option<&'a Target>,
    /// Name and readiness of every endpoint, by name; a ready one first.
    endpoints: Vec<(&'a str, bool)>,
}

impl<'a> Cards<'a> {
    fn new(view: &'a ClusterView, selected: Option<&'a Target>) -> Self {
        let slices = view.services.iter().flat_map(|service| &service.endpoints);
        let mut endpoints: Vec<(&str, bool)> =
            slices.map(|one| (one.pod.as_str(), one.ready)).collect();
        endpoints.sort_unstable_by_key(|(pod, ready)| (*pod, !ready));
        Cards {
            view,
            selected,
            endpoints,
        }
    }

    /// The cards of a node's Pods.
    fn of_node(&self, node: &str) -> Html {
        let pods = self.view.pods.iter().filter(|pod| pod.node == node);
        let cards = pods.map(|pod| self.card(pod)).collect();
        heap::cards(cards, self.view.pods.len() > heap::MANY)
    }

    fn card(&self, pod: &Arc<PodView>) -> PodCardProps {
        let chosen = self.selected.is_some_and(|target| target.pod == pod.name);
        let ends = &self.endpoints;
        let found = ends.partition_point(|(name, _)| *name < pod.name.as_str());
        let endpoint = ends.get(found).filter(|(name, _)| *name == pod.name);
        PodCardProps {
            pod: pod.clone(),
            now: self.view.at,
            chosen,
            endpoint: endpoint.map(|(_, ready)| *ready),
            tile: !chosen && self.view.pods.len() > CROWD,
        }
    }
}

fn picture(ui: &Ui, view: &ClusterView, props: &PictureProps) -> Html {
    let texts = ui.texts();
    let dense = match view.pods.len() {
        0..=6 => "full",
        7..=CROWD => "dense",
        _ => "tiles",
    };
    let with_services = !view.services.is_empty();
    let alone = view.services.len() == 1;
    let nodes = view.nodes.iter().filter(|node| holds_pods(view, node));
    let loose = view.pods.iter().any(|pod| pod.node.is_empty());
    let cards = Cards::new(view, props.selected.as_ref());
    let no_pods = || match (props.first_pod, &props.refused) {
        (Some(first), _) => no_pods_now(ui, view.at, first),
        (None, Some(refused)) => nothing(ui, Some(refused)),
        (None, None) => {
            let wants_none = view.deployments.iter().any(|one| one.replicas == 0);
            let words = if wants_none {
                texts.time.no_replicas
            } else {
                texts.no_pods
            };
            html! { <p class="empty">{ words }</p> }
        }
    };
    html! {
        <div class={classes!("picture", dense, with_services.then_some("with-services"),
            (view.services.len() > 1).then_some("many-services"))}>
            <div class="stage">
                if with_services {
                    <Links services={view.services.clone()}
                        pods={view.pods.iter().map(|pod| (pod.id, pod.node.is_empty())).collect::<Vec<_>>()}
                        flows={props.flows}
                        selected={props.selected.as_ref().map(|target| AttrValue::from(target.pod.clone()))} />
                    <div class="services">
                        { for view.services.iter().map(|one| html! {
                            <ServiceBox key={one.name.clone()} service={one.clone()} {alone} />
                        }) }
                    </div>
                }
                <div class="nodes">
                    if view.pods.is_empty() { { no_pods() } }
                    if loose {
                        <section class="node loose" aria-label={texts.unscheduled}>
                            <h2>{ texts.unscheduled }</h2>
                            <div class="pods">{ cards.of_node("") }</div>
                        </section>
                    }
                    { for nodes.map(|node| node_box(node, &cards)) }
                    if !with_services && !view.pods.is_empty() {
                        <p class="remark">{ texts.no_service }</p>
                    }
                </div>
            </div>
        </div>
    }
}

fn node_box(node: &NodeView, cards: &Cards) -> Html {
    let state = match (node.ready, node.schedulable) {
        (true, true) => "Ready",
        (true, false) => "Ready,SchedulingDisabled",
        (false, true) => "NotReady",
        (false, false) => "NotReady,SchedulingDisabled",
    };
    html! {
        <section key={node.name.clone()} class={classes!("node", (!node.ready).then_some("bad"))}
            aria-label={node.name.clone()}>
            <h2>
                { icon(if node.ready { Icon::LampOn } else { Icon::LampOff }) }
                <b class="mono">{ &node.name }</b><span>{ state }</span>
            </h2>
            <div class="pods">{ cards.of_node(&node.name) }</div>
        </section>
    }
}
