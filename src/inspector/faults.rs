//! What the user may break in a container. A fault changes the world; the probes find out by
//! themselves.

use crate::format;
use crate::i18n::Texts;
use crate::icons::{icon, Icon};
use crate::picture::short_name;
use crate::store::{Action, Target};
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::view::{ClusterView, ContainerView, FaultView, PodView};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// How long a fault may last, in seconds; besides "until healed".
const LASTS: [u32; 4] = [5, 10, 30, 60];

#[derive(Properties, PartialEq)]
pub struct FaultsProps {
    pub view: Option<Rc<ClusterView>>,
    pub target: Option<Target>,
}

/// The faults tab.
#[component]
pub fn Faults(props: &FaultsProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let Some((view, pod, container)) = aim(props) else {
        return html! { <p class="empty">{ texts.no_target }</p> };
    };
    html! {
        <>
            { targets(&ui, view, pod, container) }
            <p class="caption">{ texts.acts_at }</p>
            <h2>{ texts.process }</h2>
            <ul class="faults">{ process_rows(&ui, view, pod, container) }</ul>
            <h2>{ texts.http_server }</h2>
            <ul class="faults">
                <Http key={format!("{}/{}", pod.name, container.name)}
                    subject={subject(view, pod, container)} container={Rc::new(container.clone())} />
            </ul>
            <h2>{ texts.files }</h2>
            <ul class="faults">{ file_rows(&ui, view, pod, container) }</ul>
            { other_rows(&ui, container) }
        </>
    }
}

fn aim(props: &FaultsProps) -> Option<(&ClusterView, &PodView, &ContainerView)> {
    let view = props.view.as_deref()?;
    let target = props.target.as_ref()?;
    let pod = view.pods.iter().find(|pod| pod.name == target.pod)?;
    let container = pod.containers.iter().find(|c| c.name == target.container)?;
    Some((view, pod, container))
}

/// How a step names the container. A workload's Pod is named by its place, so that the act still
/// finds it when the text is edited and Pods get other names.
fn subject(view: &ClusterView, pod: &PodView, container: &ContainerView) -> String {
    let owner = |one: &&PodView| one.owner == pod.owner && !one.deleting;
    let name = if pod.owner.starts_with("deployment/") && !pod.deleting {
        let mut peers: Vec<&PodView> = view.pods.iter().filter(owner).collect();
        peers.sort_by_key(|peer| (peer.created_at, peer.name.clone()));
        let place = peers.iter().position(|peer| peer.id == pod.id).unwrap_or(0);
        format!("\"{}#{}\"", pod.owner, place + 1)
    } else {
        pod.name.clone()
    };
    format!("pod: {name}, container: {}", container.name)
}

fn targets(ui: &Ui, view: &ClusterView, pod: &PodView, container: &ContainerView) -> Html {
    let radio = |one: &PodView, of: &ContainerView| {
        let checked = one.id == pod.id && of.name == container.name;
        let name = if one.containers.len() > 1 {
            format!("{} / {}", short_name(one).1, of.name)
        } else {
            short_name(one).1
        };
        let select = ui.tells::<MouseEvent>(Action::TargetSelected(Target {
            pod: one.name.clone(),
            container: of.name.clone(),
        }));
        html! {
            <button type="button" role="radio" aria-checked={checked.to_string()} class="mono"
                tabindex={if checked { "0" } else { "-1" }} onclick={select}>
                { icon(if of.ready { Icon::Plug } else { Icon::Unplug }) }{ name }
            </button>
        }
    };
    html! {
        <div class="targets" role="radiogroup" aria-label={ui.texts().target}
            onkeydown={crate::ui_keys::rove_radios()}>
            { for view.pods.iter().flat_map(|one| one.containers.iter().map(move |of| radio(one, of))) }
        </div>
    }
}

/// A row of the list.
struct Row<'a> {
    id: &'static str,
    which: Icon,
    name: String,
    command: String,
    button: &'a str,
    /// Why it cannot be done.
    impossible: Option<&'static str>,
    active: Option<&'a FaultView>,
    order: Order,
    extra: Html,
}

fn row(ui: &Ui, row: Row) -> Html {
    let texts = ui.texts();
    let class = match (&row.active, row.impossible) {
        (Some(_), _) => "active",
        (None, Some(_)) => "impossible",
        (None, None) => "",
    };
    let button = match row.active {
        Some(fault) => html! {
            <button type="button" id={row.id} class="button you"
                onclick={ui.orders::<MouseEvent>(Order::Heal(fault.input))}>{ texts.heal }</button>
        },
        None => html! {
            <button type="button" id={row.id} class="button" disabled={row.impossible.is_some()}
                onclick={ui.orders::<MouseEvent>(row.order)}>{ row.button }</button>
        },
    };
    html! {
        <li class={classes!("fault-row", class)}>
            <span class="fault-icon">{ icon(row.which) }</span>
            <div class="fault-words">
                <b>{ row.name }</b>
                if let Some(reason) = row.impossible {
                    <span class="command">{ reason }</span>
                } else {
                    <code class="command">{ row.command }</code>
                }
                if let Some(fault) = row.active { { since(texts, fault) } } else { { row.extra } }
            </div>
            { button }
        </li>
    }
}

fn since(texts: &Texts, fault: &FaultView) -> Html {
    let from = format::clock(fault.since);
    let words = match fault.until {
        Some(until) => (texts.active_until)(&from, &format::clock(until)),
        None => (texts.active_since)(&from),
    };
    html! { <small>{ words }</small> }
}

fn process_rows(ui: &Ui, view: &ClusterView, pod: &PodView, container: &ContainerView) -> Html {
    let texts = ui.texts();
    let subject = subject(view, pod, container);
    let impossible = (!container.process_running).then_some(texts.no_process);
    let kill = |id, which, name: &str, button, signal: &str| {
        row(
            ui,
            Row {
                id,
                which,
                name: name.into(),
                command: format!("kill -{signal} 1"),
                button,
                impossible,
                active: None,
                order: Order::Act(format!("kill: {{{subject}, signal: {signal}}}")),
                extra: Html::default(),
            },
        )
    };
    html! {
        <>
            { kill("fault-kill", Icon::Kill, texts.kill, texts.kill_button, "KILL") }
            { kill("fault-term", Icon::Terminate, texts.terminate, texts.terminate_button, "TERM") }
        </>
    }
}

fn file_rows(ui: &Ui, view: &ClusterView, pod: &PodView, container: &ContainerView) -> Html {
    let texts = ui.texts();
    let subject = subject(view, pod, container);
    let no_process = (!container.process_running).then_some(texts.no_process);
    if container.probe_files.is_empty() {
        return row(
            ui,
            Row {
                id: "fault-file",
                which: Icon::FileGone,
                name: (texts.delete_file)("/tmp/healthy"),
                command: String::new(),
                button: texts.delete,
                impossible: Some(texts.no_file_probe),
                active: None,
                order: Order::Act(String::new()),
                extra: Html::default(),
            },
        );
    }
    let rows = container.probe_files.iter().map(|file| {
        let (which, name, command, button, words) = if file.exists {
            let exec = format!("exec: {{{subject}, command: [rm, {}]}}", quoted(&file.path));
            (
                Icon::FileGone,
                (texts.delete_file)(&file.path),
                format!("rm {}", file.path),
                texts.delete,
                exec,
            )
        } else {
            let exec = format!(
                "exec: {{{subject}, command: [touch, {}]}}",
                quoted(&file.path)
            );
            (
                Icon::File,
                (texts.create_file)(&file.path),
                format!("touch {}", file.path),
                texts.create,
                exec,
            )
        };
        row(
            ui,
            Row {
                id: "fault-file",
                which,
                name,
                command,
                button,
                impossible: no_process,
                active: None,
                order: Order::Act(words),
                extra: Html::default(),
            },
        )
    });
    html! { <>{ for rows }</> }
}

/// A YAML string in double quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A fault of the HTTP row: its label begins with the status.
fn is_http(fault: &FaultView) -> bool {
    fault.label.starts_with("500")
}

#[derive(Properties, PartialEq)]
struct HttpProps {
    /// How a step names the container.
    subject: String,
    container: Rc<ContainerView>,
}

/// Answer 500: on a path, for a time or until healed.
#[component]
fn Http(props: &HttpProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let container = &props.container;
    let path = use_state(|| probe_path(container));
    let lasts = use_state(|| 0_u32);
    let impossible = if !container.process_running {
        Some(texts.no_process)
    } else if container.listening.is_empty() {
        Some(texts.nothing_listens)
    } else {
        None
    };
    let set_path = {
        let path = path.clone();
        Callback::from(move |event: InputEvent| {
            path.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let set_lasts = {
        let lasts = lasts.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            lasts.set(value.parse().unwrap_or(0));
        })
    };
    let mut act = format!(
        "http: {{{}, path: {}, status: 500}}",
        props.subject,
        quoted(&path)
    );
    if *lasts > 0 {
        act.push_str(&format!(", for: {}s", *lasts));
    }
    let extra = html! {
        if impossible.is_none() {
            <span class="fault-fields">
                <input id="fault-path" class="mono" aria-label={texts.path}
                    value={(*path).clone()} oninput={set_path} autocomplete="off"
                    spellcheck="false" />
                <select id="fault-lasts" aria-label={texts.how_long} onchange={set_lasts}>
                    <option value="0" selected={*lasts == 0}>{ texts.until_healed }</option>
                    { for LASTS.iter().map(|secs| html! {
                        <option value={secs.to_string()} selected={*lasts == *secs}>
                            { (texts.for_seconds)(*secs) }
                        </option>
                    }) }
                </select>
            </span>
        }
    };
    row(
        &ui,
        Row {
            id: "fault-http",
            which: Icon::Warning,
            name: texts.answer_500.into(),
            command: format!("GET {}", *path),
            button: texts.inject,
            impossible,
            active: container.faults.iter().find(|fault| is_http(fault)),
            order: Order::Act(act),
            extra,
        },
    )
}

/// The path that a probe asks for, else the root.
fn probe_path(container: &ContainerView) -> String {
    let path = container.probes.iter().find_map(|probe| {
        let rest = probe.target.strip_prefix("GET ")?;
        rest.find('/').map(|at| rest[at..].to_owned())
    });
    path.unwrap_or_else(|| "/".into())
}

/// Faults in force that have no row of their own.
fn other_rows(ui: &Ui, container: &ContainerView) -> Html {
    let texts = ui.texts();
    let mut http_shown = false;
    let others: Vec<&FaultView> = container
        .faults
        .iter()
        .filter(|fault| !is_http(fault) || std::mem::replace(&mut http_shown, true))
        .collect();
    if others.is_empty() {
        return Html::default();
    }
    let rows = others.into_iter().map(|fault| {
        row(
            ui,
            Row {
                id: "fault-other",
                which: Icon::You,
                name: fault.label.clone(),
                command: String::new(),
                button: texts.heal,
                impossible: None,
                active: Some(fault),
                order: Order::Heal(fault.input),
                extra: Html::default(),
            },
        )
    });
    html! {
        <>
            <h2>{ texts.other_faults }</h2>
            <ul class="faults">{ for rows }</ul>
        </>
    }
}
