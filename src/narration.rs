//! What is said to those who listen (design §7): whom, what, when; changes only, one utterance at
//! a time.

use crate::format;
use crate::i18n::Texts;
use crate::platform::frame;
use crate::ui::use_ui;
use readyz_engine::api::ProbeKind;
use readyz_engine::view::{ClusterView, GaugeState, PodView};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// At rest one listens after this time.
const REST_MS: i32 = 400;
/// While playing there is one utterance in this time.
const PLAYING_MS: i32 = 2_000;
/// And at high speed.
const FAST_MS: i32 = 5_000;
/// What is high speed.
const FAST_ABOVE: u32 = 59_000;
/// More than this is not listened to.
const SENTENCES_MAX: usize = 4;

#[derive(Properties, PartialEq)]
pub struct NarrationProps {
    pub view: Option<Rc<ClusterView>>,
    pub playing: bool,
    pub speed: u32,
}

#[derive(Default)]
struct Memory {
    latest: Option<Rc<ClusterView>>,
    told: Option<Rc<ClusterView>>,
    waiting: bool,
}

/// The polite live region.
#[component]
pub fn Narration(props: &NarrationProps) -> Html {
    let ui = use_ui();
    let words = use_state(String::new);
    let memory = use_mut_ref(Memory::default);
    {
        let words = words.clone();
        let texts = ui.texts();
        let pause = match (props.playing, props.speed) {
            (false, _) => REST_MS,
            (true, speed) if speed > FAST_ABOVE => FAST_MS,
            (true, _) => PLAYING_MS,
        };
        use_effect_with(props.view.clone(), move |view| {
            let Some(view) = view.clone() else { return };
            let waiting = {
                let mut memory = memory.borrow_mut();
                memory.latest = Some(view);
                std::mem::replace(&mut memory.waiting, true)
            };
            if !waiting {
                frame::after(pause, move || words.set(speak(&memory, texts)));
            }
        });
    }
    html! { <p class="unseen" role="status">{ (*words).clone() }</p> }
}

fn speak(memory: &RefCell<Memory>, texts: &Texts) -> String {
    let mut memory = memory.borrow_mut();
    memory.waiting = false;
    let Some(now) = memory.latest.clone() else {
        return String::new();
    };
    let sentences = changes(memory.told.as_deref(), &now, texts);
    memory.told = Some(now);
    sentences.join(" ")
}

/// What has changed between two views, in sentences.
pub fn changes(before: Option<&ClusterView>, now: &ClusterView, texts: &Texts) -> Vec<String> {
    let Some(before) = before else {
        return Vec::new();
    };
    let mut sentences = Vec::new();
    for (place, pod) in now.pods.iter().enumerate() {
        // Mostly a Pod stands where it stood, and is what it was.
        let near = before.pods.get(place).filter(|former| former.id == pod.id);
        let former = near.or_else(|| before.pods.iter().find(|former| former.id == pod.id));
        if let Some(former) = former.filter(|former| *former != pod) {
            pod_changes(former, pod, now, texts, &mut sentences);
        }
    }
    if sentences.is_empty() {
        return sentences;
    }
    sentences.truncate(SENTENCES_MAX);
    let tenths = now.at.as_millis() / 100;
    let seconds = format!("{}.{}", tenths / 10 % 60, tenths % 10);
    let ready = now.pods.iter().filter(|pod| pod.ready).count();
    sentences.push((texts.pods_ready)(ready, now.pods.len()));
    sentences.push((texts.time_in_words)(tenths / 600, &seconds));
    sentences
}

fn pod_changes(
    before: &PodView,
    now: &PodView,
    view: &ClusterView,
    texts: &Texts,
    sentences: &mut Vec<String>,
) {
    if now.restarts > before.restarts {
        sentences.push((texts.says_restarted)(&now.name, now.restarts));
    }
    if now.ready != before.ready {
        let say = if now.ready {
            texts.says_ready
        } else {
            texts.says_not_ready
        };
        sentences.push(say(&now.name));
    }
    for container in &now.containers {
        let Some(former) = before.containers.iter().find(|c| c.name == container.name) else {
            continue;
        };
        if container.stopping.is_some() && former.stopping.is_none() {
            sentences.push((texts.says_stopping)(&now.name));
        }
        if let (Some(wait), None) = (container.back_off, former.back_off) {
            let left = format::seconds(wait.retry_at - view.at);
            sentences.push((texts.says_back_off)(&now.name, &left));
        }
        for probe in &container.probes {
            let newly = former.probes.iter().any(|old| {
                old.kind == probe.kind
                    && old.gauge != probe.gauge
                    && probe.kind != ProbeKind::Startup
            });
            let reached = matches!(
                probe.gauge,
                GaugeState::ThresholdReached | GaugeState::OnHold
            );
            if newly && reached {
                sentences.push((texts.says_threshold)(
                    &now.name,
                    texts.probe(probe.kind),
                    probe.failures.max(probe.failure_threshold),
                    probe.failure_threshold,
                ));
            }
        }
    }
}
