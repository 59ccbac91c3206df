//! Why something is as it is: the chain of causes behind a state of a container, each link with
//! its moment, its rule and its line in the text. Read from the run's [`crate::record::Record`]s,
//! never guessed.
//!
//! ```
//! # use readyz_engine::{experiment::Setup, manifest, time::Instant, why};
//! # let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n\
//! #     spec: {containers: [{name: app, image: nginx}]}\n";
//! let stream = manifest::parse(text);
//! let objects = stream.objects.iter().map(|located| located.object.clone()).collect();
//! let mut timeline = Setup::new(objects, stream.scenario.clone()).timeline();
//! timeline.run();
//! let at = Instant::from_secs(30);
//! let asked = why::Asked { pod: "web", container: "app", question: why::Question::State };
//! let chain = why::chain(&timeline, &stream, at, &asked).unwrap();
//! let answer = chain.answer.english();
//! assert!(answer.starts_with("app has been running since 0:0") && answer.ends_with("its first start"));
//! ```

mod node;
mod outside;
mod place;
mod told;
mod walk;
mod words;

pub use words::{Key, Sentence};

use crate::ids::{PodId, RecordId};
use crate::manifest::Stream;
use crate::time::Instant;
use crate::timeline::Timeline;
use serde::{Deserialize, Serialize};

/// What can be asked about a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Question {
    /// Why is it waiting, running, stopping, ended, in back-off?
    State,
    /// Why was it restarted last?
    Restart,
    /// Why is it ready, or not?
    Ready,
    /// Why does its Pod get traffic, or none?
    Service,
    /// Why is its Pod on this node, or on none?
    Node,
}

impl Question {
    /// All questions.
    pub const ALL: [Question; 5] = [
        Question::State,
        Question::Restart,
        Question::Ready,
        Question::Service,
        Question::Node,
    ];
}

/// A question about a container.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// A Pod's name, or `deployment/web#2`, `app=web` as a step names Pods (the first counts).
    pub pod: &'a str,
    /// Empty: the Pod's first container.
    pub container: &'a str,
    pub question: Question,
}

/// An answer: the causes in order of time; the last link is what was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    pub question: Question,
    pub at: Instant,
    pub pod: String,
    pub container: String,
    pub answer: Sentence,
    pub links: Vec<Link>,
    /// The scores that decided, if nodes were compared.
    pub scores: Option<Scores>,
}

/// How the scheduler compared the nodes that fitted (SCH-07).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scores {
    /// Plugins that score this Pod, with their weights.
    pub plugins: Vec<(String, i64)>,
    /// The highest sum first, the chosen node before its equals.
    pub nodes: Vec<NodeScore>,
    /// How many nodes with lower places are not listed.
    pub left_out: u32,
}

/// One node's scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeScore {
    pub node: String,
    /// 0 to 100 of each plugin, in the order of [`Scores::plugins`].
    pub scores: Vec<i64>,
    /// Weight × score, summed.
    pub sum: i64,
    pub is_chosen: bool,
}

/// One cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub at: Instant,
    /// Index of the record, for marks on the timeline; None: a state rather than an event.
    pub record: Option<u32>,
    /// A rule of semantics/, such as `PRB-11`; empty for what comes from outside.
    pub rule: String,
    pub text: Sentence,
    /// The field that decides, from its document's root; empty if none does.
    pub path: String,
    /// Line of that field, or of the step that acted (1-based).
    pub line: Option<u32>,
}

/// Why a question cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    NoSuchPod,
    NoSuchContainer,
    /// It was never restarted; no Service selects its Pod.
    NotTheCase,
}

impl Unanswered {
    /// In words.
    pub const fn english(self) -> &'static str {
        match self {
            Unanswered::NoSuchPod => "there is no such Pod at that moment",
            Unanswered::NoSuchContainer => "the Pod has no such container",
            Unanswered::NotTheCase => "that was not the case until that moment",
        }
    }
}

/// The chain of causes. The timeline has been run at least to `at`; `stream` is the text it was
/// made from, for the lines.
pub fn chain(
    timeline: &Timeline,
    stream: &Stream,
    at: Instant,
    asked: &Asked,
) -> Result<Chain, Unanswered> {
    let cluster = timeline.seek(at);
    let pod = find_pod(&cluster, asked.pod).ok_or(Unanswered::NoSuchPod)?;
    let spec = cluster.pods[pod.index()].spec.clone();
    let container = if asked.container.is_empty() {
        spec.init_containers.len()
    } else {
        let number = spec.container_number(asked.container);
        number.ok_or(Unanswered::NoSuchContainer)?
    };
    let place = place::Place::new(&cluster, stream, pod, container);
    let walk = walk::Walk::new(timeline, &cluster, at, pod, container as u16);
    let answer = walk.answer(asked.question, &place);
    let found = answer.ok_or(Unanswered::NotTheCase)?;
    let link = |record: &RecordId| walk.link(record.index(), &place);
    let mut links: Vec<Link> = found.path[1..].iter().rev().filter_map(link).collect();
    links.extend(found.between);
    links.extend(found.path.first().and_then(link));
    links.extend(found.state);
    Ok(Chain {
        question: asked.question,
        at,
        pod: cluster.pods[pod.index()].name.to_string(),
        container: walk.name().into(),
        answer: found.answer,
        links,
        scores: found.scores,
    })
}

/// The questions that have an answer about a container at a moment, each with its one sentence.
pub fn questions(
    timeline: &Timeline,
    at: Instant,
    pod: &str,
    container: &str,
) -> Vec<(Question, Sentence)> {
    let stream = Stream::default();
    let answers = Question::ALL.into_iter().filter_map(|question| {
        let asked = Asked {
            pod,
            container,
            question,
        };
        let chain = chain(timeline, &stream, at, &asked).ok()?;
        Some((question, chain.answer))
    });
    answers.collect()
}

/// A Pod by name, gone ones included if no live one has it; else as a step names it.
fn find_pod(cluster: &crate::cluster::Cluster, text: &str) -> Option<PodId> {
    let text = text.strip_prefix("pod/").unwrap_or(text);
    let named = |alive: bool| {
        let mut pods = cluster.pods.iter();
        pods.rposition(|pod| *pod.name == *text && pod.removed_at.is_none() == alive)
    };
    if let Some(index) = named(true).or_else(|| named(false)) {
        return Some(PodId::at(index));
    }
    let wanted = crate::scenario::PodRef::parse(text)?;
    let pods = crate::controllers::resolve(cluster, &wanted);
    pods.first().copied()
}

#[cfg(test)]
mod tests;
