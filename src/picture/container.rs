//! A container's row on its Pod's card: state, lamps, countdowns, probes.

use super::gauge::gauge;
use crate::format;
use crate::i18n::Texts;
use crate::icons::{icon, Icon};
use crate::store::{Action, Target};
use crate::ui::Ui;
use readyz_engine::api::ProbeKind;
use readyz_engine::time::Instant;
use readyz_engine::view::{
    BackOffView, ContainerRole, ContainerView, PodView, StateView, StoppingView,
};
use yew::prelude::*;

/// The row. A click selects the container.
pub fn container_row(ui: &Ui, now: Instant, pod: &PodView, container: &ContainerView) -> Html {
    let texts = ui.texts();
    let role = match container.role {
        ContainerRole::Init => Some(texts.init),
        ContainerRole::Sidecar => Some(texts.sidecar),
        ContainerRole::Regular => None,
    };
    let gauges = ProbeKind::ALL.into_iter().filter_map(|kind| {
        let probe = container.probes.iter().find(|probe| probe.kind == kind)?;
        Some(gauge(texts, now, probe))
    });
    // The card around it would select the Pod's first container.
    let select = {
        let (tell, target) = (
            ui.tell.clone(),
            Target {
                pod: pod.name.clone(),
                container: container.name.clone(),
            },
        );
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            tell.emit(Action::TargetSelected(target.clone()));
        })
    };
    html! {
        <div key={container.name.clone()} class="container" role="group" onclick={select}
            aria-label={(texts.container_name)(&container.name)}
            data-container={container.name.clone()}>
            <div class="container-state">
                <div class="container-name">
                    <b class="mono">{ &container.name }</b>
                    if let Some(role) = role { <span class="role">{ role }</span> }
                    { for container.faults.iter().map(|fault| html! {
                        <span class="fault">{ icon(Icon::You) }{ (texts.fault.label)(&fault.label) }</span>
                    }) }
                </div>
                { state(texts, now, container) }
                { world(texts, pod, container) }
            </div>
            <div class={classes!("gauges", format!("gauges-{}", container.probes.len()))}>
                { for gauges }
            </div>
            { waits_for(container) }
        </div>
    }
}

/// What the kubelet says of a container that cannot start; a back-off's words are those of its ring.
fn waits_for(container: &ContainerView) -> Html {
    let told = container.state == StateView::Waiting && container.reason != "CrashLoopBackOff";
    match container.message.as_str() {
        message if told && !message.is_empty() => html! { <p class="waits-for">{ message }</p> },
        _ => Html::default(),
    }
}

/// The files and ports that matter to whoever asks this container.
fn world(texts: &Texts, pod: &PodView, container: &ContainerView) -> Html {
    if !container.process_running {
        return Html::default();
    }
    let words = &texts.look;
    let mut probes = container.probes.iter();
    let asked = !pod.services.is_empty() || probes.any(|one| !one.target.starts_with("exec "));
    let ports: Vec<String> = container.listening.iter().map(u16::to_string).collect();
    let fact = |bad: bool, which: Icon, words: String| {
        html! { <span class={classes!("fact", bad.then_some("bad"))}>{ icon(which) }{ words }</span> }
    };
    html! {
        <p class="facts">
            if !ports.is_empty() {
                { fact(false, Icon::Plug, (words.listens)(&ports.join(", "))) }
            } else if asked && container.role != ContainerRole::Init {
                { fact(true, Icon::Unplug, texts.not_listening.into()) }
            }
            { for container.probe_files.iter().map(|file| match file.exists {
                true => fact(false, Icon::File, (words.file_exists)(&file.path)),
                false => fact(true, Icon::FileGone, (words.file_is_gone)(&file.path)),
            }) }
        </p>
    }
}

fn state(texts: &Texts, now: Instant, container: &ContainerView) -> Html {
    if let Some(wait) = container.back_off {
        if container.state != StateView::Running && wait.retry_at > now {
            return back_off(texts, now, container, wait);
        }
    }
    html! {
        <div class="state">
            { chip(texts, container) }
            <span class="state-line">{ line(texts, now, container) }</span>
            <span class="lamps">
                { lamp(texts, container.started, texts.started) }
                { lamp(texts, container.ready, texts.ready) }
            </span>
        </div>
    }
}

/// The API's state word, with the shape and colour of what really goes on.
fn chip(texts: &Texts, container: &ContainerView) -> Html {
    let reason = if container.reason.is_empty() {
        None
    } else {
        Some(container.reason.clone())
    };
    let (class, which, words) = match container.state {
        StateView::Running if container.stopping.is_some_and(|stop| stop.in_hook) => (
            "wait",
            Icon::Stopping,
            (texts.look.state)("Running, preStop").into_owned(),
        ),
        StateView::Running if container.stopping.is_some() => (
            "bad",
            Icon::Stopping,
            (texts.look.state)("Running, stopping").into_owned(),
        ),
        StateView::Running if !container.started => ("boot", Icon::Booting, "Running".into()),
        StateView::Running => ("run", Icon::Run, "Running".into()),
        StateView::Waiting => (
            "wait",
            Icon::Waiting,
            reason.unwrap_or_else(|| "Waiting".into()),
        ),
        StateView::Terminated => (
            "gone",
            Icon::Gone,
            reason.unwrap_or_else(|| "Terminated".into()),
        ),
    };
    html! { <span class={classes!("chip", class)}>{ icon(which) }{ words }</span> }
}

fn line(texts: &Texts, now: Instant, container: &ContainerView) -> Html {
    match container.state {
        StateView::Running => match container.stopping {
            Some(stopping) => sigkill(texts, now, stopping),
            // The API learns of it when the kubelet has looked (SYN-04).
            None if !container.process_running => html! {
                <b class="unnoticed">{ texts.look.ended_unseen }</b>
            },
            None => html! {
                <>
                    { texts.running_for }{ " " }
                    <b class="mono" data-live={format!("since {}", container.since.0)}>
                        { format::seconds(now - container.since) }
                    </b>{ " s" }
                </>
            },
        },
        StateView::Terminated => match &container.last_exit {
            Some(exit) => html! { { (texts.exit_code)(exit.exit_code) } },
            None => Html::default(),
        },
        StateView::Waiting => Html::default(),
    }
}

fn sigkill(texts: &Texts, now: Instant, stopping: StoppingView) -> Html {
    html! {
        <span class="sigkill">
            { if stopping.in_hook { texts.look.grace_left } else { texts.sigkill_in } }{ " " }
            <b class="mono" data-live={format!("left {}", stopping.kill_at.0)}>
                { format::seconds(stopping.kill_at - now) }
            </b>{ " s" }
            <svg class="fuse" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">
                <path class="fuse-track" d="M0 1.500H100" />
                <path class="fuse-burnt" pathLength="1" d="M0 1.500H100"
                    stroke-dasharray="0 2"
                    data-live={format!("sweep {} {}", stopping.since.0, stopping.kill_at.0)} />
            </svg>
        </span>
    }
}

fn lamp(texts: &Texts, on: bool, name: &'static str) -> Html {
    html! {
        <span class={classes!("lamp", on.then_some("on"))} data-on={on.to_string()}>
            { icon(if on { Icon::LampOn } else { Icon::LampOff }) }{ name }
            if !on { <span class="unseen">{ texts.look.is_off }</span> }
        </span>
    }
}

/// The ring that counts down to the next start, which follows the end of the back-off (BKO-09).
fn back_off(texts: &Texts, now: Instant, container: &ContainerView, wait: BackOffView) -> Html {
    let total = ((wait.retry_at - wait.from).as_millis() + 500) / 1_000;
    let total = total.to_string();
    let own = format!("back-off {} s", format::short_seconds(wait.total));
    let own = (texts.look.state)(&own).into_owned();
    let reason = match container.state {
        StateView::Terminated => container
            .last_exit
            .as_ref()
            .map_or_else(|| "Terminated".into(), |exit| exit.reason.clone()),
        _ if container.reason.is_empty() => "Waiting".into(),
        _ => container.reason.clone(),
    };
    html! {
        <>
            <span class="chip wait">{ icon(Icon::Waiting) }{ &reason }</span>
            <div class="back-off">
                <svg class="ring" viewBox="0 0 52 52" role="img"
                    aria-label={(texts.back_off_name)(&reason, &total)}>
                    <circle class="track" cx="26" cy="26" r="22" />
                    <circle class="sweep" cx="26" cy="26" r="22" pathLength="1"
                        transform="rotate(-90 26 26)" stroke-dasharray="0 2"
                        data-live={format!("sweep {} {}", wait.from.0, wait.retry_at.0)} />
                    <text class="ring-left" x="26" y="29"
                        data-live={format!("left {}", wait.retry_at.0)}>
                        { format::seconds(wait.retry_at - now) }
                    </text>
                    <text class="ring-total" x="26" y="39">{ (texts.of_total)(&total) }</text>
                </svg>
                <span class="back-off-words">
                    <span>{ texts.to_restart }</span>
                    <span class="back-off-own">{ own }</span>
                    if let Some(exit) = &container.last_exit {
                        <span>{ texts.exit }{ " " }<b class="mono">{ exit.exit_code }</b></span>
                    }
                </span>
            </div>
        </>
    }
}
