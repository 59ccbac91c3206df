//! The tuner: other numbers for a liveness probe, tried on an app that behaves as one says.

use crate::format::short_seconds;
use crate::i18n::TimingWords;
use crate::panels::{Sweep, LIVES};
use crate::ui::{use_ui, Order};
use readyz_engine::time::Duration;
use readyz_engine::timing::tuner::{Behaviour, Failure, Numbers, Trial, Tuned, FAILS_WITHIN, WELL};
use readyz_engine::timing::{Field, Row};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement, MouseEvent};
use yew::prelude::*;

const PERIODS: [u32; 6] = [1, 2, 5, 10, 15, 30];
const FAILURES: [u32; 4] = [1, 2, 3, 5];
/// Lives of each pair in one request: some tens of milliseconds, which a seek may have to wait.
const TOGETHER: u32 = 4;
/// The plot, in its own units: as wide as the panel, so that letters keep their size.
const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 150.0;
const LEFT: f64 = 30.0;
const FOOT: f64 = 16.0;

#[derive(Properties, PartialEq)]
pub struct TunerProps {
    /// What the calculator says of the liveness probe.
    pub row: Row,
    /// Its command decides: there is nothing to be swept.
    pub is_command: bool,
    pub applied: AttrValue,
    pub sweep: Option<Rc<Sweep>>,
}

/// The form, and what came of it.
#[component]
pub fn Tuner(props: &TunerProps) -> Html {
    let ui = use_ui();
    let words = &ui.texts().timing;
    let behaviour = use_state(|| Behaviour {
        start: (2, 8),
        pause: 4,
        every: 60,
        failure: Failure::Hang,
    });
    let picked = use_state(|| None::<usize>);
    let (Some(now), false) = (current(&props.row), props.is_command) else {
        return html! {
            <section class="timing-row tuner" aria-label={words.tuner}>
                <h2>{ words.tuner }</h2><p class="caption">{ words.command }</p>
            </section>
        };
    };
    let start = {
        let (order, row) = (ui.order.clone(), props.row.clone());
        let (behaviour, picked, text) = (*behaviour, picked.clone(), props.applied.clone());
        Callback::from(move |_: MouseEvent| {
            picked.set(None);
            order.emit(Order::Sweep(Rc::new(Sweep {
                trial: Trial {
                    workload: row.workload.clone(),
                    container: row.container.clone(),
                    behaviour,
                    numbers: pairs(now),
                    seeds: (0, TOGETHER),
                },
                text: text.clone(),
                points: Vec::new(),
            })));
        })
    };
    let of_row = |sweep: &&Rc<Sweep>| {
        let (trial, row) = (&sweep.trial, &props.row);
        trial.workload == row.workload && trial.container == row.container
    };
    let sweep = props.sweep.as_ref().filter(of_row);
    html! {
        <section class="timing-row tuner" aria-label={words.tuner}>
            <h2>{ words.tuner }</h2>
            <p class="caption">{ words.tuner_hint }</p>
            <div class="timing-fields">
                { form(words, &behaviour) }
                <button type="button" class="button" id="sweep" onclick={start}>{ words.sweep }</button>
            </div>
            if let Some(sweep) = sweep {
                { outcome(words, &ui.order, &props.row, sweep, now, &picked) }
            }
        </section>
    }
}

/// How the app behaves.
fn form(words: &TimingWords, behaviour: &UseStateHandle<Behaviour>) -> Html {
    let number = |label: &'static str, value: u32, with: fn(&mut Behaviour, u32)| {
        let behaviour = behaviour.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            let mut changed = *behaviour;
            with(&mut changed, text.parse().unwrap_or(0).min(600));
            behaviour.set(changed);
        });
        html! {
            <label class="timing-field">
                <span>{ label }</span>
                <input type="number" class="mono" min="0" max="600" value={value.to_string()} {oninput} />
            </label>
        }
    };
    let fails = {
        let behaviour = behaviour.clone();
        Callback::from(move |event: Event| {
            let select = event.target_unchecked_into::<HtmlSelectElement>();
            behaviour.set(Behaviour {
                failure: match select.selected_index() {
                    1 => Failure::Errors,
                    _ => Failure::Hang,
                },
                ..*behaviour
            });
        })
    };
    html! {
        <>
            { number(words.starts, behaviour.start.0, |b, value| b.start.0 = value) }
            { number(words.to, behaviour.start.1, |b, value| b.start.1 = value) }
            { number(words.pauses, behaviour.pause, |b, value| b.pause = value) }
            { number(words.every, behaviour.every, |b, value| b.every = value) }
            <label class="timing-field"><span>{ words.then }</span>
                <select onchange={fails}>
                    <option selected={behaviour.failure == Failure::Hang}>{ words.hangs }</option>
                    <option selected={behaviour.failure == Failure::Errors}>{ words.errs }</option>
                </select>
            </label>
        </>
    }
}

/// What the probe has now.
fn current(row: &Row) -> Option<Numbers> {
    Some((
        field(row, "periodSeconds")?.value,
        field(row, "failureThreshold")?.value,
    ))
}

fn field<'a>(row: &'a Row, name: &str) -> Option<&'a Field> {
    row.fields.iter().find(|field| field.name == name)
}

/// The pairs that are tried; what there is now is one of them.
fn pairs(now: Numbers) -> Vec<Numbers> {
    let all = PERIODS
        .into_iter()
        .flat_map(|period| FAILURES.map(|count| (period, count)));
    let mut all: Vec<Numbers> = all.collect();
    if !all.contains(&now) {
        all.push(now);
    }
    all
}

fn down(tuned: &Tuned) -> Duration {
    Duration(tuned.down.0 / u64::from(tuned.lives.max(1)))
}

/// An hour.
fn needless(tuned: &Tuned) -> f64 {
    let hours = (WELL.0 + FAILS_WITHIN.0 / 2) as f64 / 3.6e12;
    f64::from(tuned.needless) / f64::from(tuned.lives.max(1)) / hours
}

/// One point in words.
fn told(words: &TimingWords, numbers: Numbers, tuned: &Tuned) -> String {
    let pair = (words.pair)(numbers.0, numbers.1);
    let hourly = format!("{:.1}", needless(tuned));
    let tenths = Duration(down(tuned).0 / 100_000_000 * 100_000_000);
    (words.outcome)(&pair, &short_seconds(tenths), &hourly, tuned.lost > 0)
}

fn outcome(
    words: &TimingWords,
    order: &Callback<Order>,
    row: &Row,
    sweep: &Sweep,
    now: Numbers,
    picked: &UseStateHandle<Option<usize>>,
) -> Html {
    let progress = (words.lives)(sweep.lives(), LIVES);
    if sweep.points.is_empty() {
        return html! { <p class="caption" role="status">{ progress }</p> };
    }
    let here = sweep
        .trial
        .numbers
        .iter()
        .position(|numbers| *numbers == now);
    let chosen = picked.or(here);
    let pick = {
        let picked = picked.clone();
        Callback::from(move |event: Event| {
            let select = event.target_unchecked_into::<HtmlSelectElement>();
            picked.set(usize::try_from(select.selected_index()).ok());
        })
    };
    let write = chosen.filter(|at| Some(*at) != here).map(|at| {
        let (period, count) = sweep.trial.numbers[at];
        let wanted = [("periodSeconds", period), ("failureThreshold", count)];
        let fields = wanted.map(|(name, value)| Some((field(row, name)?.clone(), value)));
        let changes: Vec<(Field, u32)> = fields.into_iter().flatten().collect();
        let order = order.clone();
        Callback::from(move |_: MouseEvent| order.emit(Order::Numbers(changes.clone())))
    });
    html! {
        <>
            <p class="caption">{ progress }</p>
            { plot(words, sweep, here, picked) }
            <div class="timing-fields">
                <select class="mono" id="tuned" aria-label={words.pick} onchange={pick}>
                    { for sweep.trial.numbers.iter().zip(&sweep.points).enumerate().map(|(at, (numbers, tuned))| html! {
                        <option selected={chosen == Some(at)}>
                            { told(words, *numbers, tuned) }
                            if here == Some(at) { { words.as_now } }
                        </option>
                    }) }
                </select>
                <button type="button" class="button" id="write-tuned" disabled={write.is_none()}
                    onclick={write.unwrap_or_default()}>{ words.write }</button>
            </div>
            if let Some(at) = chosen {
                <p class="this-run" role="status">{ told(words, sweep.trial.numbers[at], &sweep.points[at]) }</p>
            }
        </>
    }
}

/// Downtime upwards, needless restarts to the right; a press picks the nearest point.
fn plot(
    words: &TimingWords,
    sweep: &Sweep,
    here: Option<usize>,
    picked: &UseStateHandle<Option<usize>>,
) -> Html {
    let most_down = sweep.points.iter().map(down).max().unwrap_or_default();
    let most_down = (most_down.0 as f64 / 1e9).max(1.0);
    let most_needless = sweep.points.iter().map(needless).fold(1.0, f64::max);
    let place = |tuned: &Tuned| {
        // Roots: what is near nothing is what matters.
        let right = (needless(tuned) / most_needless).sqrt();
        let up = (down(tuned).0 as f64 / 1e9 / most_down).sqrt();
        let across = WIDTH - LEFT - 8.0;
        (
            LEFT + right * across,
            (HEIGHT - FOOT) - up * (HEIGHT - FOOT - 8.0),
        )
    };
    let places: Vec<(f64, f64)> = sweep.points.iter().map(place).collect();
    let press = {
        let (picked, places) = (picked.clone(), places.clone());
        Callback::from(move |event: MouseEvent| {
            let target = event.target_dyn_into::<web_sys::Element>();
            let plot = target.and_then(|element| element.closest("svg").ok().flatten());
            let Some(frame) = plot.map(|plot| plot.get_bounding_client_rect()) else {
                return;
            };
            let scale = WIDTH / frame.width().max(1.0);
            let x = (f64::from(event.client_x()) - frame.left()) * scale;
            let y = (f64::from(event.client_y()) - frame.top()) * scale;
            let far = |at: usize| (places[at].0 - x).hypot(places[at].1 - y);
            picked.set((0..places.len()).min_by(|a, b| far(*a).total_cmp(&far(*b))));
        })
    };
    let chosen = picked.or(here);
    let dot = |at: usize| {
        let (x, y) = places[at];
        let is_beaten = beaten(sweep, at);
        let class = classes!(
            is_beaten.then_some("beaten"),
            (here == Some(at)).then_some("now"),
            (chosen == Some(at)).then_some("chosen")
        );
        html! {
            <circle {class} cx={x.to_string()} cy={y.to_string()} r={if chosen == Some(at) { "6" } else { "4" }}>
                <title>{ told(words, sweep.trial.numbers[at], &sweep.points[at]) }</title>
            </circle>
        }
    };
    // What matters lies on top.
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|at| (chosen == Some(*at), here == Some(*at), !beaten(sweep, *at)));
    let base = HEIGHT - FOOT;
    html! {
        <svg class="tuner-plot" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="img"
            aria-label={words.plot} onclick={press}>
            <path d={format!("M{LEFT} 4V{base}H{WIDTH}")} />
            <text x={(LEFT - 4.0).to_string()} y="12" text-anchor="end">{ format!("{most_down:.0} s") }</text>
            <text x={(LEFT - 4.0).to_string()} y={base.to_string()} text-anchor="end">{ "0" }</text>
            <text x={(LEFT + 6.0).to_string()} y="12">{ words.axis_down }</text>
            <text x={WIDTH.to_string()} y={(HEIGHT - 4.0).to_string()} text-anchor="end">
                { (words.axis_needless)(&format!("{most_needless:.0}")) }
            </text>
            { for order.into_iter().map(dot) }
        </svg>
    }
}

/// Whether another pair is better in one way, and no worse in the other.
fn beaten(sweep: &Sweep, at: usize) -> bool {
    let own = &sweep.points[at];
    sweep.points.iter().any(|other| {
        other.down.0 <= own.down.0
            && other.needless <= own.needless
            && (other.down.0 < own.down.0 || other.needless < own.needless)
    })
}
