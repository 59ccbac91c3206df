//! Which container the faults are for.

use crate::icons::{icon, Icon};
use crate::picture::short_name;
use crate::store::{Action, Target};
use crate::ui::{use_ui, Ui};
use readyz_engine::view::{ClusterView, ContainerView, PodView, CROWD};
use std::sync::Arc;
use yew::prelude::*;

/// In a crowd only the chosen container's neighbours are offered; all others stand in the picture.
fn offered(view: &ClusterView, pod: &PodView) -> std::ops::Range<usize> {
    let count = view.pods.len();
    let place = view.pods.iter().position(|one| one.id == pod.id);
    let last = (place.unwrap_or(0) + CROWD / 2).clamp(CROWD.min(count), count);
    last.saturating_sub(CROWD)..last
}

/// Chooses a container.
pub fn targets(ui: &Ui, view: &ClusterView, pod: &PodView, container: &ContainerView) -> Html {
    let offered = offered(view, pod);
    let more = view.pods.len() - offered.len();
    let pods = view.pods[offered].iter();
    let all = pods.flat_map(|pod| {
        let containers = pod.containers.iter();
        containers.map(|one| (pod.clone(), one.name.clone(), one.ready))
    });
    html! {
        <>
            <Targets all={all.collect::<Vec<_>>()} pod={pod.id} container={container.name.clone()} />
            if more > 0 { <p class="caption">{ (ui.texts().more_rows)(more) }</p> }
        </>
    }
}

#[derive(Properties)]
struct TargetsProps {
    /// Pod, name of the container, whether it is ready.
    all: Vec<(Arc<PodView>, String, bool)>,
    pod: u32,
    container: String,
}

/// Nothing else of a Pod is shown.
impl PartialEq for TargetsProps {
    fn eq(&self, other: &Self) -> bool {
        /// The Pod's name as well: in another text others have the same identities.
        fn key(one: &(Arc<PodView>, String, bool)) -> (&str, usize, &str, bool) {
            let (pod, name, ready) = one;
            (&pod.name, pod.containers.len(), name, *ready)
        }
        (self.pod, &self.container) == (other.pod, &other.container)
            && self.all.iter().map(key).eq(other.all.iter().map(key))
    }
}

#[component]
fn Targets(props: &TargetsProps) -> Html {
    let ui = use_ui();
    let radio = |(one, of, ready): &(Arc<PodView>, String, bool)| {
        let checked = one.id == props.pod && *of == props.container;
        let name = if one.containers.len() > 1 {
            format!("{} / {of}", short_name(one).1)
        } else {
            short_name(one).1
        };
        let select = ui.tells::<MouseEvent>(Action::TargetSelected(Target {
            pod: one.name.clone(),
            container: of.clone(),
        }));
        html! {
            <button type="button" role="radio" aria-checked={checked.to_string()} class="mono"
                tabindex={if checked { "0" } else { "-1" }} onclick={select}>
                { icon(if *ready { Icon::Plug } else { Icon::Unplug }) }{ name }
            </button>
        }
    };
    html! {
        <div class="targets" role="radiogroup" aria-label={ui.texts().fault.target}
            onkeydown={crate::ui_keys::rove_radios()}>
            { for props.all.iter().map(radio) }
        </div>
    }
}
