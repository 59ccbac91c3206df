//! Play, step, speed, zoom, and the clock.

use crate::compare::Compared;
use crate::format;
use crate::i18n::Texts;
use crate::icons::{icon, Icon};
use crate::playback::{MENU_SPEEDS, SPEEDS, SPEED_MAX};
use crate::range::Range;
use crate::store::Action;
use crate::time_tools::{Step, TimeTools, Tool};
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::session::{BranchView, Request};
use readyz_engine::time::Instant;
use readyz_engine::view::ClusterView;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct TransportProps {
    pub playing: bool,
    pub speed: u32,
    pub range: Range,
    pub view: Option<Rc<ClusterView>>,
    pub branches: Rc<Vec<BranchView>>,
    pub branch: u32,
    pub tools: TimeTools,
    pub compared: Option<Rc<Compared>>,
}

/// The toolbar above the timeline.
#[component]
pub fn Transport(props: &TransportProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let button = |id: &'static str, name: &'static str, which: Icon, order: Order| {
        html! {
            <button type="button" id={id} class="tool square" aria-label={name} title={name}
                onclick={ui.orders::<MouseEvent>(order)}>{ icon(which) }</button>
        }
    };
    let (play_name, play_icon) = if props.playing {
        (texts.pause, Icon::Pause)
    } else {
        (texts.play, Icon::Play)
    };
    html! {
        <>
        <div class="transport">
            <div class="steps" role="toolbar" aria-label={texts.playback}>
                { button("to-start", texts.to_start, Icon::Start, Order::Seek(Instant::ZERO)) }
                { button("previous", texts.previous_moment, Icon::Previous, Order::Previous(None)) }
                <button type="button" id="play" class="tool square play" aria-label={play_name}
                    title={play_name} onclick={ui.orders::<MouseEvent>(Order::PlayOrPause)}>
                    { icon(play_icon) }
                </button>
                { button("next", texts.next_moment, Icon::Next, Order::Next(None)) }
                { button("live-edge", texts.live_edge, Icon::End, Order::LiveEdge) }
            </div>
            { step_menu(&ui, props.tools.step) }
            <output id="clock" class="clock mono" aria-label={texts.clock} aria-live="off"
                data-live="clock">{ "0:00.0" }</output>
            { speeds(&ui, props.speed) }
            { next_probe(texts, props.view.as_deref()) }
            <span class="space" />
            { tools(&ui, props) }
            { branches(&ui, props) }
            <div class="zoom wide-only">
                { button("zoom-out", texts.zoom_out, Icon::Minus, Order::Zoom { closer: false }) }
                <span class="mono zoom-range">
                    { format::ruler_label(props.range.from, false) }{ "–" }
                    { format::ruler_label(props.range.to, false) }
                </span>
                { button("zoom-in", texts.zoom_in, Icon::Plus, Order::Zoom { closer: true }) }
                <button type="button" id="fit" class="tool"
                    onclick={ui.orders::<MouseEvent>(Order::Fit)}>{ texts.fit }</button>
            </div>
        </div>
        { for props.compared.as_ref().map(|compared| totals(texts, compared)) }
        </>
    }
}

fn speeds(ui: &Ui, current: u32) -> Html {
    let texts = ui.texts();
    let radio = |speed: u32, label: String| {
        let checked = current == speed;
        html! {
            <button type="button" role="radio" aria-checked={checked.to_string()}
                tabindex={if checked || (speed == SPEEDS[1] && !is_switch(current)) { "0" } else { "-1" }}
                data-speed={speed.to_string()}
                onclick={ui.orders::<MouseEvent>(Order::Speed(speed))}>{ label }</button>
        }
    };
    let pick = {
        let order = ui.order.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Ok(speed) = value.parse() {
                order.emit(Order::Speed(speed));
            }
        })
    };
    html! {
        <>
            <div class="switch" role="radiogroup" aria-label={texts.speed}
                onkeydown={crate::ui_keys::rove_radios()}>
                { for SPEEDS.iter().map(|speed| radio(*speed, format::speed(*speed))) }
                { radio(SPEED_MAX, texts.max.into()) }
            </div>
            <select id="speed" class="speed-menu mono wide-only" aria-label={texts.more_speeds}
                onchange={pick}>
                { for MENU_SPEEDS.iter().map(|speed| html! {
                    <option value={speed.to_string()} selected={*speed == current}>
                        { format::speed(*speed) }
                    </option>
                }) }
            </select>
        </>
    }
}

fn is_switch(speed: u32) -> bool {
    SPEEDS.contains(&speed) || speed == SPEED_MAX
}

/// The next probe that runs, and when.
fn next_probe(texts: &Texts, view: Option<&ClusterView>) -> Html {
    let next = view.and_then(|view| {
        let next = view.next_probe?;
        let pod = view.pods.get(next.pod as usize)?;
        Some((next.at, pod, next.kind, view.at))
    });
    let Some((at, pod, kind, now)) = next else {
        return html! { <span class="next wide-only" /> };
    };
    html! {
        <span class="next wide-only">
            <span class="dim">{ texts.next }</span>{ " " }{ texts.probe(kind) }{ " " }
            <span class="mono">{ crate::picture::short_name(pod).1 }</span>{ " +" }
            <b class="mono" data-live={format!("left {}", at.0)}>
                { format::seconds(at - now) }
            </b>{ " s" }
        </span>
    }
}

/// What previous and next go to.
fn step_menu(ui: &Ui, chosen: Step) -> Html {
    let words = &ui.texts().time;
    let pick = {
        let tell = ui.tell.clone();
        Callback::from(move |event: Event| {
            let place = event.target_unchecked_into::<HtmlSelectElement>();
            if let Some(step) = Step::ALL.get(place.selected_index() as usize) {
                tell.emit(Action::Tool(Tool::Step(*step)));
            }
        })
    };
    let name = |step| match step {
        Step::Moment => words.moments,
        Step::Event => words.event,
        Step::Probe => words.probe,
        Step::Restart => words.restart,
    };
    html! {
        <select id="step" class="wide-only" aria-label={words.step_by} title={words.step_by}
            onchange={pick}>
            { for Step::ALL.into_iter().map(|step| html! {
                <option selected={step == chosen}>{ name(step) }</option>
            }) }
        </select>
    }
}

/// Marker, loop, fork, compare.
fn tools(ui: &Ui, props: &TransportProps) -> Html {
    let texts = ui.texts();
    let words = &texts.time;
    let tool =
        |id: &'static str, title: &'static str, which, name: &'static str, on: bool, order| {
            html! {
                <button type="button" {id} class={classes!("tool", on.then_some("on"))} {title}
                    aria-label={title} aria-pressed={on.to_string()}
                    onclick={ui.orders::<MouseEvent>(order)}>
                    { icon(which) }
                    if !name.is_empty() { <span class="tool-name">{ name }</span> }
                </button>
            }
        };
    let (looped, compared) = (props.tools.looped.is_some(), props.compared.is_some());
    html! {
        <div class="time-tools wide-only">
            { tool("mark", words.mark, Icon::Flag, "", false, Order::Mark) }
            { tool("loop", words.looped, Icon::Restart, "", looped, Order::Loop) }
            { tool("fork", words.fork_here, Icon::Fork, words.fork, false, Order::Fork) }
            { tool("compare", texts.look.compare, Icon::Diamond, texts.look.compare, compared,
                Order::CompareAny) }
        </div>
    }
}

/// A and B in numbers.
fn totals(texts: &Texts, compared: &Compared) -> Html {
    let side = |letter: &'static str, side: usize| {
        let facts = &compared.facts[side];
        let unready = format::seconds(facts.unready);
        html! {
            <span><b class="side mono">{ letter }</b>{ &compared.names[side] }{ " " }
                <span class="dim">{ (texts.look.facts)(facts.restarts, &unready, facts.lost) }</span>
            </span>
        }
    };
    html! { <p class="totals">{ side("A", 0) }{ side("B", 1) }</p> }
}

/// The branches of the history, once there are several.
fn branches(ui: &Ui, props: &TransportProps) -> Html {
    if props.branches.len() < 2 {
        return Html::default();
    }
    let texts = ui.texts();
    let pick = {
        let order = ui.order.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Ok(branch) = value.parse() {
                order.emit(Order::Ask(Request::Branch { branch }));
            }
        })
    };
    html! {
        <label class="branches">
            { icon(Icon::Fork) }<span class="unseen">{ texts.branch }</span>
            <select id="branch" onchange={pick}>
                { for props.branches.iter().enumerate().map(|(number, branch)| html! {
                    <option value={number.to_string()} selected={number == props.branch as usize}>
                        { (texts.branch_name)(&(texts.look.branch)(&branch.name), &format::clock(branch.forked_at)) }
                    </option>
                }) }
            </select>
        </label>
    }
}
