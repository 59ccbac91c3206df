//! Why something is as it is: the engine's chain of causes.

use crate::format;
use crate::i18n::{Language, WhyWords};
use crate::numbers::with_number;
use crate::store::Target;
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::api::ProbeKind;
use readyz_engine::session::Request;
use readyz_engine::time::Instant;
use readyz_engine::timing::Field;
use readyz_engine::view::{ClusterView, LaneView, RunView, TickOutcome};
use readyz_engine::why::{Chain, Key, Link, Question, Scores, Sentence};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct WhyProps {
    pub view: Option<Rc<ClusterView>>,
    pub run: Option<Rc<RunView>>,
    pub target: Option<Target>,
    pub chains: Rc<Vec<Chain>>,
    /// What was asked from elsewhere.
    pub asked: Option<Question>,
    /// What the cluster runs.
    pub text: AttrValue,
}

/// The why tab.
#[component]
pub fn Why(props: &WhyProps) -> Html {
    let ui = use_ui();
    let words = &ui.texts().why;
    let chosen = use_state(|| None::<Question>);
    let at = props.view.as_ref().map(|view| view.at);
    let hash = props.run.as_ref().map(|run| run.trace_hash);
    {
        let order = ui.order.clone();
        use_effect_with((at, hash, props.target.clone()), move |(at, _, target)| {
            if let (Some(at), Some(target)) = (*at, target.clone()) {
                order.emit(Order::Ask(Request::Why {
                    at,
                    pod: target.pod,
                    container: target.container,
                }));
            }
        });
    }
    let chains = &props.chains;
    let question = chosen.or(props.asked).unwrap_or_else(|| pressing(chains));
    let chain = chains.iter().find(|chain| chain.question == question);
    let Some(chain) = chain.or(chains.first()) else {
        return html! { <p class="empty">{ words.nothing }</p> };
    };
    let pick = {
        let (chosen, chains) = (chosen.clone(), chains.clone());
        Callback::from(move |event: Event| {
            let index = event
                .target_unchecked_into::<HtmlSelectElement>()
                .selected_index();
            chosen.set(chains.get(index as usize).map(|chain| chain.question));
        })
    };
    let deed = ui.texts().fault.deed;
    let say = |sentence: &Sentence| {
        let mut sentence = sentence.clone();
        if let (Key::Acted | Key::Healed, Some(label)) = (sentence.key, sentence.args.first_mut()) {
            *label = deed(label);
        }
        // Where a probe comes first, it has the page's name.
        let mut kinds = ProbeKind::ALL.into_iter();
        if let Some(kind) =
            kinds.find(|kind| sentence.args.first().is_some_and(|arg| arg == kind.name()))
        {
            if is_of_probe(sentence.key) {
                sentence.args[0] = ui.texts().probe(kind).into();
            }
        }
        sentence.fill((words.sentence)(sentence.key))
    };
    html! {
        <div class="why">
            <label class="why-question"><span class="unseen">{ words.question }</span>
                <select id="why-question" onchange={pick}>
                    { for chains.iter().map(|one| html! {
                        <option selected={one.question == chain.question}>
                            { (words.asks)(one.question, &one.container) }
                        </option>
                    }) }
                </select>
            </label>
            <p class="answer" id="why-answer">{ say(&chain.answer) }</p>
            <ol class="causes" aria-label={words.causes}>
                { for chain.links.iter().map(|link| cause(&ui, words, &say(&link.text), link)) }
            </ol>
            if let Some(scores) = &chain.scores {
                { score_table(words, scores) }
            }
            { not_the_cause(words, props, chain) }
            { what_if(&ui, words, &props.text, chain) }
        </div>
    }
}

/// Whether a sentence begins with a kind of probe.
const fn is_of_probe(key: Key) -> bool {
    matches!(
        key,
        Key::ProbeFailed | Key::ProbePassed | Key::Verdict | Key::Recovered | Key::Stored
    )
}

/// What people ask about: a restart, else what keeps the traffic away, else the state.
fn pressing(chains: &[Chain]) -> Question {
    let answer = |question| {
        let chain = chains.iter().find(|chain| chain.question == question);
        chain.map(|chain| chain.answer.key)
    };
    let runs = answer(Question::State) == Some(Key::RunsFirst);
    match answer(Question::Restart) {
        None if runs && answer(Question::Ready) == Some(Key::IsNotReady) => Question::Ready,
        _ => Question::Restart,
    }
}

/// Where Kubernetes explains what a rule is about; pages that both languages have.
fn page(language: Language, rule: &str) -> String {
    let page = match rule.get(..3).unwrap_or_default() {
        "PRB" => "tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
        "TRM" => "concepts/workloads/pods/pod-lifecycle/#pod-termination",
        "HKS" => "concepts/containers/container-lifecycle-hooks/",
        "IMG" => "concepts/containers/images/",
        "DEP" => "concepts/workloads/controllers/deployment/",
        "RSC" => "concepts/workloads/controllers/replicaset/",
        "SCH" => "concepts/scheduling-eviction/kube-scheduler/",
        "NOD" => "concepts/architecture/nodes/",
        "EPS" => "concepts/services-networking/endpoint-slices/",
        _ => "concepts/workloads/pods/pod-lifecycle/",
    };
    let tongue = match language {
        Language::English => "",
        Language::SimplifiedChinese => "zh-cn/",
    };
    ["https://kubernetes.io/", tongue, "docs/", page].concat()
}

fn cause(ui: &Ui, words: &WhyWords, text: &str, link: &Link) -> Html {
    html! {
        <li>
            <button type="button" class="moment mono"
                onclick={ui.orders::<MouseEvent>(Order::Seek(link.at))}>
                { format::clock(link.at) }
            </button>
            <div class="cause">
                <b>{ text }</b>
                <span class="origin mono">
                    if !link.rule.is_empty() {
                        <a class="rule-id" target="_blank" rel="noreferrer" title={words.page}
                            href={page(ui.language, &link.rule)}>{ &link.rule }</a>
                    }
                    if let Some(line) = link.line {
                        <button type="button" class="line-chip" title={(words.select_line)(line)}
                            onclick={ui.orders::<MouseEvent>(Order::SelectLine(line))}>
                            { (words.line)(line) }{ " " }{ field_name(&link.path) }
                        </button>
                    }
                </span>
            </div>
        </li>
    }
}

/// How the scheduler compared the nodes: one row a plugin, one column a node.
fn score_table(words: &WhyWords, scores: &Scores) -> Html {
    let chosen = |is_chosen: bool| is_chosen.then_some("chosen");
    html! {
        <div class="scores" tabindex="0" role="group" aria-label={words.scores}>
            <table class="mono">
                <caption>{ words.scores }{ " " }<span class="rule-id" title={words.rule}>{ "SCH-07" }</span></caption>
                <thead><tr>
                    <th scope="col">{ words.plugin }</th>
                    { for scores.nodes.iter().map(|node| html! {
                        <th scope="col" class={chosen(node.is_chosen)}>
                            { &node.node }
                            if node.is_chosen { <small>{ words.chosen }</small> }
                        </th>
                    }) }
                </tr></thead>
                <tbody>
                    { for scores.plugins.iter().enumerate().map(|(row, (plugin, weight))| html! {
                        <tr>
                            <th scope="row">{ plugin }{ " ×" }{ *weight }</th>
                            { for scores.nodes.iter().map(|node| html! {
                                <td class={chosen(node.is_chosen)}>{ node.scores[row] }</td>
                            }) }
                        </tr>
                    }) }
                </tbody>
                <tfoot><tr>
                    <th scope="row">{ words.sum }</th>
                    { for scores.nodes.iter().map(|node| html! {
                        <td class={chosen(node.is_chosen)}>{ node.sum }</td>
                    }) }
                </tr></tfoot>
            </table>
            if scores.left_out > 0 {
                <p class="caption">{ (words.more_nodes)(scores.left_out) }</p>
            }
        </div>
    }
}

fn field_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The lane of the chain's container.
fn lane<'a>(props: &'a WhyProps, chain: &Chain) -> Option<&'a LaneView> {
    let lanes = &props.run.as_ref()?.lanes;
    lanes
        .iter()
        .find(|lane| lane.pod == chain.pod && lane.container == chain.container)
}

/// What failed as well, and did not do it.
fn not_the_cause(words: &WhyWords, props: &WhyProps, chain: &Chain) -> Html {
    let Some(lane) = lane(props, chain) else {
        return Html::default();
    };
    let from = chain.links.first().map_or(Instant::ZERO, |link| link.at);
    let last_failure = |kind: ProbeKind| {
        let strip = lane.probes.iter().find(|strip| strip.kind == kind)?;
        let ticks = strip.ticks.iter();
        let mut failed = ticks.filter(|tick| {
            tick.at >= from && tick.at <= chain.at && tick.outcome == TickOutcome::Failure
        });
        let first = failed.next()?;
        Some((first.at, failed.next_back().unwrap_or(first), strip))
    };
    let sentence = match chain.question {
        Question::State if chain.answer.key == Key::RunsFirst => None,
        Question::Restart | Question::State => last_failure(ProbeKind::Readiness)
            .map(|(at, ..)| (words.readiness_not)(&format::clock(at))),
        Question::Ready | Question::Service => {
            last_failure(ProbeKind::Liveness).and_then(|(_, tick, strip)| {
                let (run, threshold) = (u32::from(tick.run), strip.failure_threshold);
                (run < threshold).then(|| (words.liveness_not)(run, threshold))
            })
        }
        Question::Node => None,
    };
    match sentence {
        Some(sentence) => html! {
            <div class="aside"><h2>{ words.not_cause }</h2><p>{ sentence }</p></div>
        },
        None => Html::default(),
    }
}

/// The last fields that decided, with other numbers.
fn what_if(ui: &Ui, words: &WhyWords, text: &str, chain: &Chain) -> Html {
    let mut offers: Vec<Html> = Vec::new();
    let mut seen: Vec<(&str, u32)> = Vec::new();
    for link in chain.links.iter().rev() {
        let Some(line) = link.line else { continue };
        let name = field_name(&link.path);
        if !name.ends_with("Threshold") && !name.ends_with("Seconds") {
            continue;
        }
        // A default is not in the text: the sentence ends with it.
        let said = || link.text.args.iter().rev().find_map(|arg| arg.parse().ok());
        let Some(value) = number_in(text, line, name).or_else(said) else {
            continue;
        };
        if seen.contains(&(name, line)) || seen.len() == 3 {
            continue;
        }
        seen.push((name, line));
        let other = if value > 1 && name == "terminationGracePeriodSeconds" {
            value / 2
        } else {
            value * 2
        };
        let field = Field {
            name: name.into(),
            path: link.path.clone(),
            line,
            written: true,
            value,
        };
        let label = (ui.texts().look.what_if_name)(name, other, value);
        let order = Order::Ask(Request::Variant {
            text: with_number(text, &field, other),
            name: label.clone(),
        });
        offers.push(html! {
            <button type="button" class="button fork" onclick={ui.orders::<MouseEvent>(order)}>
                { crate::icons::icon(crate::icons::Icon::Fork) }{ label }
            </button>
        });
    }
    if offers.is_empty() {
        return Html::default();
    }
    html! { <div class="what-if"><h2>{ words.what_if }</h2>{ for offers }</div> }
}

/// The number of a field in its line.
fn number_in(text: &str, line: u32, name: &str) -> Option<u32> {
    let line = text.split('\n').nth((line as usize).checked_sub(1)?)?;
    let rest = line.split_once(&[name, ":"].concat())?.1.trim_start();
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    rest[..end].parse().ok()
}
