//! A probe's gauge: the dial is the time to the worker's next step, the pips are the count
//! against the threshold.

use crate::format;
use crate::i18n::Texts;
use crate::icons::{icon_as, icon_paths, probe_icon, Icon};
use readyz_engine::time::Instant;
use readyz_engine::view::{GaugeState, ProbeView};
use yew::prelude::*;

/// More pips than this are written as a number.
const PIPS_MAX: u32 = 6;

/// The gauge. It is a button, so that keys can select its container: the row hears the click.
pub fn gauge(texts: &Texts, now: Instant, probe: &ProbeView) -> Html {
    let kind = texts.probe(probe.kind);
    html! {
        <button key={probe.kind.name()} type="button" class={classes!("gauge", look(probe))}
            title={probe.target.clone()} data-probe={probe.kind.name()}>
            <span class="unseen">{ name(texts, probe) }</span>
            { dial(probe) }
            <span class="gauge-words" aria-hidden="true">
                <span class="gauge-kind">{ kind }</span>
                <span class="pips">{ pips(probe) }</span>
                <span class="gauge-next">{ below(texts, now, probe) }</span>
            </span>
        </button>
    }
}

fn look(probe: &ProbeView) -> &'static str {
    match probe.gauge {
        GaugeState::Passing => "ok",
        GaugeState::Failing | GaugeState::ThresholdReached => "bad",
        GaugeState::OnHold => "bad held",
        GaugeState::NoneYet => "none",
        GaugeState::Held | GaugeState::Passed | GaugeState::Stopped => "off",
    }
}

fn name(texts: &Texts, probe: &ProbeView) -> String {
    let kind = texts.probe(probe.kind);
    match probe.gauge {
        GaugeState::Failing | GaugeState::ThresholdReached => {
            (texts.gauge_failing)(kind, probe.failures, probe.failure_threshold)
        }
        GaugeState::OnHold => {
            (texts.gauge_failing)(kind, probe.failure_threshold, probe.failure_threshold)
        }
        GaugeState::Passing => (texts.gauge_passing)(kind, probe.successes),
        _ => (texts.gauge_other)(kind, word(texts, probe.gauge)),
    }
}

fn word(texts: &Texts, gauge: GaugeState) -> &'static str {
    match gauge {
        GaugeState::NoneYet => texts.none_yet,
        GaugeState::Held => texts.held,
        GaugeState::OnHold => texts.on_hold,
        GaugeState::Passed => texts.passed,
        GaugeState::Stopped => texts.stopped,
        GaugeState::Passing | GaugeState::Failing | GaugeState::ThresholdReached => "",
    }
}

/// Whether the worker goes on stepping towards a run.
fn ticks(probe: &ProbeView) -> Option<(Instant, Instant)> {
    let stepping = matches!(
        probe.gauge,
        GaugeState::NoneYet
            | GaugeState::Passing
            | GaugeState::Failing
            | GaugeState::ThresholdReached
    );
    let next = probe.next_tick.filter(|_| stepping)?;
    let last = probe
        .last_tick
        .unwrap_or_else(|| next.saturating_sub(probe.period));
    Some((last, next))
}

fn dial(probe: &ProbeView) -> Html {
    html! {
        <svg class="dial" viewBox="0 0 36 36" aria-hidden="true">
            <circle class="track" cx="18" cy="18" r="15.5" />
            if let Some((last, next)) = ticks(probe) {
                <circle class="sweep" cx="18" cy="18" r="15.5" pathLength="1"
                    transform="rotate(-90 18 18)" stroke-dasharray="0 2"
                    data-live={format!("sweep {} {}", last.0, next.0)} />
            }
            <g transform="translate(10 10)">{ icon_paths(probe_icon(probe.kind)) }</g>
        </svg>
    }
}

fn pips(probe: &ProbeView) -> Html {
    let (failing, run) = match probe.gauge {
        GaugeState::Failing | GaugeState::ThresholdReached => (true, probe.failures),
        // The verdict has set the worker's count back; what it stands for is the threshold.
        GaugeState::OnHold => (true, probe.failure_threshold),
        GaugeState::Passing => (false, probe.successes),
        GaugeState::Passed => return icon_as(Icon::Check, "icon passed"),
        GaugeState::NoneYet | GaugeState::Held | GaugeState::Stopped => {
            return html! { <span class="pip-number">{ "–" }</span> };
        }
    };
    let threshold = if failing {
        probe.failure_threshold
    } else {
        probe.success_threshold
    };
    let sign = if failing { Icon::Cross } else { Icon::Check };
    let class = if failing { "bad" } else { "ok" };
    if threshold > PIPS_MAX {
        return html! {
            <span class={classes!("pip-number", class)}>
                { icon_as(sign, "icon") }<b>{ run }</b>{ format!("/{threshold}") }
            </span>
        };
    }
    let pip = |number: u32| {
        if number < run {
            html! { <i class={classes!("pip", class)}>{ icon_as(sign, "icon") }</i> }
        } else {
            html! { <i class="pip" /> }
        }
    };
    let number = if run > threshold {
        format!("×{run}")
    } else {
        format!("{run}/{threshold}")
    };
    html! {
        <>
            { for (0..threshold).map(pip) }
            <span class={classes!("pip-number", class)}>{ number }</span>
        </>
    }
}

fn below(texts: &Texts, now: Instant, probe: &ProbeView) -> Html {
    match ticks(probe) {
        Some((_, next)) => html! {
            <>
                { texts.next_in }{ " " }
                <b class="mono" data-live={format!("left {}", next.0)}>
                    { format::seconds(next - now) }
                </b>{ " s" }
            </>
        },
        None => html! { { word(texts, probe.gauge) } },
    }
}
