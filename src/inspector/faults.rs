//! What the user may break. A fault changes the world; the probes find out by themselves.

use super::deeds::{deeds, history, Deed};
use super::fault_list::{groups, rows, Field, Row, Scene};
use super::targets::targets;
use crate::format;
use crate::i18n::FaultWords;
use crate::icons::{icon, Icon};
use crate::store::Target;
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::time::Instant;
use readyz_engine::view::{
    BandKind, ClusterView, ContainerView, LaneView, PinView, PodView, RunView,
};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// How long a fault may last, in seconds; besides "until healed".
const LASTS: [u32; 4] = [5, 10, 30, 60];

/// The values that acts take, as typed.
#[derive(Clone, PartialEq)]
pub struct Fields {
    pub path: String,
    pub code: String,
    pub status: String,
    pub latency: String,
    pub memory: String,
    pub share: String,
    pub rate: String,
    pub command: String,
    /// 0: until healed.
    lasts: u32,
}

impl Fields {
    /// What is proposed for a container.
    pub fn of(container: &ContainerView) -> Fields {
        Fields {
            path: probe_path(container),
            code: "1".into(),
            status: "500".into(),
            latency: "3".into(),
            memory: "4Gi".into(),
            share: "0.1".into(),
            rate: "20".into(),
            command: container
                .probe_files
                .first()
                .map_or_else(|| "kill 1".into(), |file| ["rm -f ", &file.path].concat()),
            lasts: 0,
        }
    }

    fn value(&mut self, field: Field) -> &mut String {
        match field {
            Field::Path => &mut self.path,
            Field::Code => &mut self.code,
            Field::Status => &mut self.status,
            Field::Latency => &mut self.latency,
            Field::Memory => &mut self.memory,
            Field::Share => &mut self.share,
            Field::Rate => &mut self.rate,
            Field::Command => &mut self.command,
        }
    }
}

/// The path that a probe asks for, else the root.
fn probe_path(container: &ContainerView) -> String {
    let path = container.probes.iter().find_map(|probe| {
        let rest = probe.target.strip_prefix("GET ")?;
        rest.find('/').map(|at| rest[at..].to_owned())
    });
    path.unwrap_or_else(|| "/".into())
}

#[derive(Properties, PartialEq)]
pub struct FaultsProps {
    pub view: Option<Rc<ClusterView>>,
    pub run: Option<Rc<RunView>>,
    pub acts: Rc<Vec<String>>,
    pub target: Option<Target>,
}

/// The faults tab.
#[component]
pub fn Faults(props: &FaultsProps) -> Html {
    let ui = use_ui();
    let words = &ui.texts().fault;
    let Some((view, pod, container)) = aim(props.view.as_deref(), props.target.as_ref()) else {
        return html! { <p class="empty">{ words.no_target }</p> };
    };
    html! {
        <>
            { targets(&ui, view, pod, container) }
            { assumed(&ui, container) }
            { idle(&ui, props.run.as_deref(), view.at, pod, container) }
            <List key={format!("{}/{}", pod.name, container.name)} view={props.view.clone()}
                run={props.run.clone()} acts={props.acts.clone()} target={props.target.clone()} />
        </>
    }
}

/// What is taken for granted of an image that nobody has described, and the way to say otherwise.
fn assumed(ui: &Ui, container: &ContainerView) -> Html {
    if !container.is_assumed {
        return html! {};
    }
    let words = &ui.texts().fault;
    let order = Order::DescribeImage(container.image.clone(), container.listening.clone());
    html! {
        <p class="caption" id="assumed">
            { words.assumed }{ " " }
            <button type="button" id="describe-image" onclick={ui.orders::<MouseEvent>(order)}>
                { words.describe_image }
            </button>
        </p>
    }
}

/// Where no process runs there is little to break: the way to the moment when one does.
fn idle(
    ui: &Ui,
    run: Option<&RunView>,
    now: Instant,
    pod: &PodView,
    container: &ContainerView,
) -> Html {
    if container.process_running {
        return html! {};
    }
    let lanes = run.map_or(&[][..], |run| &run.lanes);
    let its = |lane: &&LaneView| lane.pod_id == pod.id && lane.container == container.name;
    let bands = lanes.iter().filter(its).flat_map(|lane| &lane.bands);
    let starts = bands
        .filter(|band| matches!(band.kind, BandKind::Booting | BandKind::Running))
        .map(|band| band.from);
    let Some(at) = starts.clone().find(|at| *at > now).or_else(|| starts.max()) else {
        return html! {};
    };
    html! {
        <p class="caption" id="idle">
            <button type="button" class="button you" onclick={ui.orders::<MouseEvent>(Order::Seek(at))}>
                { (ui.texts().fault.go_to_start)(&format::clock(at)) }
            </button>
        </p>
    }
}

fn aim<'a>(
    view: Option<&'a ClusterView>,
    target: Option<&Target>,
) -> Option<(&'a ClusterView, &'a PodView, &'a ContainerView)> {
    let (view, target) = (view?, target?);
    let pod = view.pods.iter().find(|pod| pod.name == target.pod)?;
    let container = pod.containers.iter().find(|c| c.name == target.container)?;
    Some((view, pod, container))
}

#[derive(Properties)]
struct ListProps {
    view: Option<Rc<ClusterView>>,
    run: Option<Rc<RunView>>,
    acts: Rc<Vec<String>>,
    target: Option<Target>,
}

/// What the rows say of a view: its moment matters only for which acts are in force.
impl PartialEq for ListProps {
    fn eq(&self, other: &Self) -> bool {
        if (&self.target, &self.acts) != (&other.target, &other.acts) {
            return false;
        }
        let (Some(one), Some(two)) = (&self.view, &other.view) else {
            return self.view == other.view;
        };
        let (Some(run), Some(other_run)) = (&self.run, &other.run) else {
            return false;
        };
        /// What the rows say of a Pod; what its probes have found is not among it.
        fn facts<'a>(
            view: &'a ClusterView,
            target: Option<&Target>,
        ) -> Option<impl PartialEq + 'a> {
            let (_, pod, container) = aim(Some(view), target)?;
            let asked = container.probes.iter().map(|probe| &probe.target);
            Some((
                (&pod.owner, &pod.services, pod.id, pod.deleting),
                (&container.image, container.process_running),
                (
                    &container.listening,
                    &container.probe_files,
                    &container.faults,
                ),
                asked.collect::<Vec<_>>(),
            ))
        }
        fn peers(view: &ClusterView) -> impl Iterator<Item = (u32, bool)> + '_ {
            view.pods.iter().map(|pod| (pod.id, pod.deleting))
        }
        let same_pins = || {
            let mut pins = run.pins.iter();
            pins.all(|pin| is_in_force(pin, one.at) == is_in_force(pin, two.at))
        };
        Rc::ptr_eq(run, other_run)
            && peers(one).eq(peers(two))
            && (&one.faults, &one.dependencies) == (&two.faults, &two.dependencies)
            && facts(one, self.target.as_ref()) == facts(two, self.target.as_ref())
            && same_pins()
    }
}

fn is_in_force(pin: &PinView, at: Instant) -> bool {
    pin.at <= at && pin.until.is_none_or(|until| at < until) && pin.refused.is_empty()
}

/// The rows of one container; what is typed belongs to it.
#[component]
fn List(props: &ListProps) -> Html {
    let ui = use_ui();
    let words = &ui.texts().fault;
    let aimed = aim(props.view.as_deref(), props.target.as_ref());
    let typed = use_mut_ref(|| aimed.map(|(_, _, container)| Fields::of(container)));
    let render = use_force_update();
    let values = typed.borrow().clone();
    let (Some((view, pod, container)), Some(values)) = (aimed, values) else {
        return Html::default();
    };
    let act = acting(&ui, props, &typed);
    let scene = Scene {
        words,
        view,
        pod,
        container,
        fields: &values,
    };
    let deeds = props
        .run
        .as_deref()
        .map_or_else(Vec::new, |run| deeds(run, &props.acts));
    let in_force = |deed: &&Deed| is_in_force(deed.pin, view.at);
    let panel = Panel {
        ui: &ui,
        words,
        typed: &typed,
        render: &render,
        values: &values,
        act,
    };
    let mut shown: Vec<u32> = Vec::new();
    let mut place = 0;
    let groups: Vec<Html> = groups(&scene)
        .into_iter()
        .map(|(title, rows)| {
            let rows: Vec<Html> = rows
                .into_iter()
                .map(|row| {
                    let of_row = |deed: &&Deed| {
                        !row.held.is_empty() && deed.body.starts_with(row.held.as_str())
                    };
                    let active = deeds.iter().filter(in_force).rev().find(of_row);
                    shown.extend(active.map(|deed| deed.pin.input));
                    place += 1;
                    panel.row(row, place - 1, active)
                })
                .collect();
            html! { <><h2>{ title }</h2><ul class="faults">{ for rows }</ul></> }
        })
        .collect();
    html! {
        <>
            <p class="caption">{ words.acts_at }</p>
            { panel.shared() }
            { for groups }
            { others(&ui, words, (view, container), &shown) }
            { history(&ui, words, &deeds, &props.acts) }
        </>
    }
}

/// The fields' values now: those that are shown may be behind, and each key changes one of several.
type Typed = Rc<RefCell<Option<Fields>>>;

/// Does what a row says, by its place in the list.
fn acting(ui: &Ui, props: &ListProps, typed: &Typed) -> Callback<usize> {
    let (order, typed) = (ui.order.clone(), typed.clone());
    let (words, view, target) = (&ui.texts().fault, props.view.clone(), props.target.clone());
    Callback::from(move |place| {
        let aimed = aim(view.as_deref(), target.as_ref());
        if let (Some(aimed), Some(fields)) = (aimed, &*typed.borrow()) {
            if let Some(act) = act_of(words, aimed, fields, place) {
                order.emit(Order::Act(act));
            }
        }
    })
}

/// The step of a row, with the values as they are.
#[inline(never)]
fn act_of(
    words: &FaultWords,
    aimed: (&ClusterView, &PodView, &ContainerView),
    fields: &Fields,
    place: usize,
) -> Option<String> {
    let Row { mut act, held, .. } = rows(words, aimed, fields).nth(place)?;
    if fields.lasts > 0 && !held.is_empty() {
        act.push_str(&format!(", for: {}s", fields.lasts));
    }
    Some(act)
}

struct Panel<'a> {
    ui: &'a Ui,
    words: &'static FaultWords,
    typed: &'a Typed,
    render: &'a UseForceUpdateHandle,
    /// What is shown of it.
    values: &'a Fields,
    act: Callback<usize>,
}

impl Panel<'_> {
    /// What several rows take: the path and how long.
    fn shared(&self) -> Html {
        let (words, values) = (self.words, self.values);
        let (fields, render) = (self.typed.clone(), self.render.clone());
        let set_lasts = Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(fields) = &mut *fields.borrow_mut() {
                fields.lasts = value.parse().unwrap_or(0);
            }
            render.force_update();
        });
        html! {
            <span class="fault-fields">
                <span aria-hidden="true">{ words.path }</span>
                <span aria-hidden="true">{ words.how_long }</span>
                { self.input(Field::Path, "fault-path") }
                <select id="fault-lasts" aria-label={words.how_long} onchange={set_lasts}>
                    <option value="0" selected={values.lasts == 0}>{ words.until_healed }</option>
                    { for LASTS.iter().map(|secs| html! {
                        <option value={secs.to_string()} selected={values.lasts == *secs}>
                            { (words.for_seconds)(*secs) }
                        </option>
                    }) }
                </select>
            </span>
        }
    }

    fn input(&self, field: Field, id: &str) -> Html {
        let words = self.words;
        let (label, number) = match field {
            Field::Path => (words.path, false),
            Field::Memory => (words.memory_to, false),
            Field::Share => (words.cpu_share, false),
            Field::Command => (words.command_line, false),
            Field::Code => (words.exit_code, true),
            Field::Status => (words.status_code, true),
            Field::Latency => (words.latency, true),
            Field::Rate => (words.rate, true),
        };
        let (fields, render) = (self.typed.clone(), self.render.clone());
        let typed = Callback::from(move |event: InputEvent| {
            if let Some(fields) = &mut *fields.borrow_mut() {
                *fields.value(field) = event.target_unchecked_into::<HtmlInputElement>().value();
            }
            render.force_update();
        });
        let value = self.values.clone().value(field).clone();
        html! {
            <input id={id.to_owned()} class="mono" aria-label={label} {value} oninput={typed}
                type={if number { "number" } else { "text" }} min={number.then_some("0")}
                autocomplete="off" spellcheck="false" />
        }
    }

    fn row(&self, row: Row, place: usize, active: Option<&Deed>) -> Html {
        let (ui, words) = (self.ui, self.words);
        let class = match (active, row.impossible) {
            (Some(_), _) => "active",
            (None, Some(_)) => "impossible",
            (None, None) => "",
        };
        let (button, click) = match active {
            Some(deed) => (words.heal, ui.orders(Order::Heal(deed.pin.input))),
            None => {
                let button = if row.button.is_empty() {
                    words.inject
                } else {
                    row.button
                };
                (button, self.act.reform(move |_: MouseEvent| place))
            }
        };
        html! {
            <li class={classes!("fault-row", class)} data-kind={row.kind.clone()}>
                <span class="fault-icon">{ icon(row.icon) }</span>
                <div class="fault-words">
                    <b>{ row.name.clone() }</b>
                    if let (None, Some(reason)) = (active, row.impossible) {
                        <span class="command">{ reason }</span>
                    } else {
                        <code class="command">{ row.command }</code>
                    }
                    if let Some(deed) = active { { since(words, deed.pin) } }
                    if !row.kind.is_empty() {
                        <Told kind={row.kind} name={row.name.clone()} />
                    }
                </div>
                if let (None, Some(field)) = (active, row.field) {
                    { self.input(field, &format!("{}-value", row.id)) }
                }
                <button type="button" id={row.id} aria-label={format!("{button}: {}", row.name)}
                    class={classes!("button", active.map(|_| "you"))}
                    disabled={active.is_none() && row.impossible.is_some()}
                    onclick={click}>{ button }</button>
            </li>
        }
    }
}

#[derive(Properties, PartialEq)]
struct ToldProps {
    kind: String,
    name: String,
}

/// What a fault does and what cannot see it, for whoever asks; nobody else needs the sentences.
#[component]
fn Told(props: &ToldProps) -> Html {
    let words = &use_ui().texts().fault;
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
    html! {
        <details class="told">
            <summary aria-label={(words.told_name)(&props.name)} onclick={toggle}>
                { icon(Icon::Help) }
            </summary>
            if *open { { explained(words, &props.kind) } }
        </details>
    }
}

#[inline(never)]
fn explained(words: &FaultWords, kind: &str) -> Html {
    let Some((does, unseen)) = (words.told)(kind) else {
        return Html::default();
    };
    html! { <><p>{ does }</p><p>{ unseen }</p></> }
}

fn since(words: &FaultWords, pin: &PinView) -> Html {
    let from = format::clock(pin.at);
    let words = match pin.until {
        Some(until) => (words.active_until)(&from, &format::clock(until)),
        None => (words.active_since)(&from),
    };
    html! { <small>{ words }</small> }
}

/// Faults in force that have no row of their own, such as those of the text's steps.
fn others(
    ui: &Ui,
    words: &FaultWords,
    (view, container): (&ClusterView, &ContainerView),
    shown: &[u32],
) -> Html {
    let all = container.faults.iter().chain(&view.faults);
    let mut faults = all.filter(|fault| !shown.contains(&fault.input)).peekable();
    if faults.peek().is_none() {
        return Html::default();
    }
    html! {
        <>
            <h2>{ words.other }</h2>
            <ul class="faults">{ for faults.map(|fault| html! {
                <li class="fault-row active">
                    <span class="fault-icon">{ icon(Icon::You) }</span>
                    <div class="fault-words">
                        <b>{ (words.label)(&fault.label) }</b>
                        <small>{ (words.active_since)(&format::clock(fault.since)) }</small>
                    </div>
                    <button type="button" class="button you"
                        aria-label={format!("{}: {}", words.heal, (words.label)(&fault.label))}
                        onclick={ui.orders::<MouseEvent>(Order::Heal(fault.input))}>
                        { words.heal }
                    </button>
                </li>
            }) }</ul>
        </>
    }
}
