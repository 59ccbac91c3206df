//! Pods that are alike, as one line: of a thousand, one sees at once what differs.

use super::pod::{PodCardProps, PodCards};
use crate::icons::{icon, icon_as, Icon};
use crate::ui::use_ui;
use readyz_engine::view::PodView;
use yew::prelude::*;

/// Where there are more Pods than this, those that are alike are heaped up.
pub const MANY: usize = 200;
/// So many alike are shown one by one.
const FEW: usize = 6;
/// So many cards are looked at together.
const TOGETHER: usize = 32;

/// What Pods of one heap have in common: what their tiles show, but for how often they restarted.
type Kind<'a> = (bool, &'a str, u32, u32, bool, Option<bool>);

fn kind(card: &PodCardProps) -> Kind<'_> {
    let pod: &PodView = &card.pod;
    let (ready, total) = (pod.ready_containers, pod.total_containers);
    // First in order, so that what is not in order comes before what is.
    let in_order = ready == total && card.endpoint != Some(false);
    let hot = pod.restarts > 0;
    (in_order, &pod.status, ready, total, hot, card.endpoint)
}

/// Cards one by one, or those that are alike in heaps; the chosen one is in none.
pub fn cards(cards: Vec<PodCardProps>, many: bool) -> Html {
    if !many {
        return groups(&cards);
    }
    let (single, heaps) = sorted(cards);
    html! {
        <>
            { groups(&single) }
            { for heaps.into_iter().map(|cards| {
                let key = format!("{:?}", kind(&cards[0]));
                html! { <Heap {key} {cards} /> }
            }) }
        </>
    }
}

/// The cards that are shown one by one, and the heaps.
fn sorted(cards: Vec<PodCardProps>) -> (Vec<PodCardProps>, Vec<Vec<PodCardProps>>) {
    let (mut single, mut rest): (Vec<_>, Vec<_>) = cards.into_iter().partition(|card| card.chosen);
    // Stable: within a heap the order of creation stays.
    rest.sort_by(|one, other| kind(one).cmp(&kind(other)));
    let mut heaps: Vec<Vec<PodCardProps>> = Vec::new();
    for alike in rest.chunk_by(|one, other| kind(one) == kind(other)) {
        match alike.len() {
            0..=FEW => single.extend_from_slice(alike),
            _ => heaps.push(alike.to_vec()),
        }
    }
    (single, heaps)
}

fn groups(cards: &[PodCardProps]) -> Html {
    let groups = cards.chunks(TOGETHER).enumerate();
    html! { <>{ for groups.map(|(number, cards)| {
        html! { <PodCards key={number} cards={cards.to_vec()} /> }
    }) }</> }
}

#[derive(PartialEq, Properties)]
struct HeapProps {
    cards: Vec<PodCardProps>,
}

/// A heap: how many, and what they are; its button shows them one by one.
#[component]
fn Heap(props: &HeapProps) -> Html {
    let open = use_state_eq(|| false);
    let Some(first) = props.cards.first() else {
        return Html::default();
    };
    let texts = use_ui().texts();
    let (in_order, status, ready, total, hot, endpoint) = kind(first);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <>
            <button type="button" class="heap" aria-expanded={open.to_string()} onclick={toggle}>
                { icon_as(if *open { Icon::CaretDown } else { Icon::Caret }, "icon caret") }
                <b class="mono">{ props.cards.len() }</b>{ " × " }<span>{ status.to_owned() }</span>
                if hot {
                    <span class="restarts hot">
                        { icon(Icon::Restart) }<span class="unseen">{ texts.look.restarts }</span>
                    </span>
                }
                <span class="space" />
                <span class={classes!("badge", if in_order { "ok" } else { "bad" })}>
                    { icon(if in_order { Icon::Plug } else { Icon::Unplug }) }
                    <span class="mono">{ format!("{ready}/{total}") }</span>
                    if endpoint == Some(false) {
                        <span class="unseen">{ " " }{ texts.out_of_rotation }</span>
                    }
                </span>
            </button>
            if *open { { groups(&props.cards) } }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use readyz_engine::session::{Reply, Request, Session};
    use readyz_engine::time::Instant;

    #[test]
    fn what_is_not_in_order_comes_first_and_heaps_hold_what_is_alike() {
        let mut session = Session::new();
        session.handle(Request::Load {
            text: "kind: Deployment\napiVersion: apps/v1\nmetadata: {name: web}\nspec:\n  replicas: 9\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: web, image: nginx}]}\n".into(),
            acts: Vec::new(),
            seed: None,
            sight: Instant::NEVER,
        });
        let seek = Request::Seek {
            at: Instant::from_secs(60),
            look: Default::default(),
        };
        let Reply::View(view) = session.handle(seek) else {
            panic!("no view");
        };
        let card = |(number, pod): (usize, &std::sync::Arc<PodView>)| PodCardProps {
            pod: pod.clone(),
            now: view.at,
            chosen: number == 0,
            endpoint: Some(number != 1),
            tile: true,
        };
        let cards: Vec<PodCardProps> = view.pods.iter().enumerate().map(card).collect();
        let (single, heaps) = sorted(cards);
        assert!(single[0].chosen && single[1].endpoint == Some(false));
        assert_eq!((single.len(), heaps.len(), heaps[0].len()), (2, 1, 7));
    }
}
