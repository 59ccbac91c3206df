//! The façade for a front end: one text, one history of acts, one request at a time.
//!
//! A page sends [`Request`]s to wherever a [`Session`] lives (a worker, or the page itself) and
//! draws the [`Reply`]s. Both are plain data; how they travel is the front end's business.

use crate::experiment::Setup;
use crate::input::TimedInput;
use crate::manifest::{self, Diagnostic};
use crate::scenario;
use crate::time::{Duration, Instant};
use crate::timeline::Timeline;
use crate::timing;
use crate::trace;
use crate::view::{self, ClusterView, RunView};
use crate::why;
use serde::{Deserialize, Serialize};

/// What a front end asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Run a text from 0:00, with the acts of a history on top (each as in [`Request::Act`]).
    /// Answered by [`Reply::Loaded`]. If the text has errors the former run stays.
    Load {
        text: String,
        acts: Vec<String>,
        seed: Option<u64>,
    },
    /// Say what is wrong with a text; the run stays. Answered by [`Reply::Checked`].
    Check { text: String },
    /// Act upon the cluster: one step of the Scenario document in YAML's flow style, for example
    /// `{at: 12.5s, kill: {pod: web, container: app, signal: KILL}}`. Acts of the history that
    /// come later are dropped: the former run is kept as a branch. Answered by [`Reply::Loaded`].
    Act { step: String },
    /// Undo the fault of an input at a moment. Answered by [`Reply::Loaded`].
    Heal { input: u32, at: Instant },
    /// Go to another branch. Answered by [`Reply::Loaded`].
    Branch { branch: u32 },
    /// Show a moment of the current branch. Answered by [`Reply::View`].
    Seek { at: Instant },
    /// The transitions of the whole run as JSON lines. Answered by [`Reply::Text`].
    Trace,
    /// Which questions about a container have an answer at a moment. Answered by
    /// [`Reply::Questions`].
    Questions {
        pod: String,
        container: String,
        at: Instant,
    },
    /// The chain of causes. Answered by [`Reply::Why`].
    Why {
        pod: String,
        container: String,
        question: why::Question,
        at: Instant,
    },
    /// The calculator's rows of the run's text. Answered by [`Reply::Timing`].
    Timing,
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    Loaded(Box<Loaded>),
    View(Box<ClusterView>),
    /// Problems of a text, as in [`Loaded::diagnostics`].
    Checked(Vec<Diagnostic>),
    Text(String),
    Questions(Vec<(why::Question, why::Sentence)>),
    Why(Box<why::Chain>),
    Timing(Vec<timing::Row>),
    /// The request could not be carried out; the sentence says why and what to do.
    Refused(String),
}

/// A run, computed to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// None: the text has errors and the former run stays.
    pub run: Option<RunView>,
    /// Problems of the text, worst first, then by position.
    pub diagnostics: Vec<Diagnostic>,
    /// What the stream holds: `pod/web`, `service/web`, with first and last line (1-based).
    pub documents: Vec<DocumentView>,
    /// The acts of the current branch's history, as [`Request::Act`] takes them.
    pub acts: Vec<String>,
    pub branches: Vec<BranchView>,
    pub branch: u32,
}

/// A document of the stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentView {
    pub name: String,
    pub first_line: u32,
    pub last_line: u32,
}

/// A branch of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchView {
    pub name: String,
    /// Where it left its parent; 0:00 for the first.
    pub forked_at: Instant,
    pub acts: u32,
}

/// A text, its history, and the runs that follow from them.
#[derive(Default)]
pub struct Session {
    branches: Vec<Branch>,
    current: u32,
    documents: Vec<DocumentView>,
    diagnostics: Vec<Diagnostic>,
    /// The text that runs.
    stream: manifest::Stream,
}

/// One history.
struct Branch {
    name: String,
    forked_at: Instant,
    setup: Setup,
    /// The acts as they were given, for links.
    acts: Vec<String>,
    timeline: Timeline,
    run: RunView,
}

impl Branch {
    fn new(name: String, forked_at: Instant, setup: Setup, acts: Vec<String>) -> Self {
        let timeline = setup.timeline();
        Branch::run(name, forked_at, setup, acts, timeline)
    }

    fn run(
        name: String,
        forked_at: Instant,
        setup: Setup,
        acts: Vec<String>,
        mut timeline: Timeline,
    ) -> Self {
        timeline.run();
        let run = view::run_view(&timeline, setup.scenario.seed);
        Branch {
            name,
            forked_at,
            setup,
            acts,
            timeline,
            run,
        }
    }
}

impl Session {
    /// A session without a text.
    pub fn new() -> Self {
        Session::default()
    }

    /// Carries out one request.
    pub fn handle(&mut self, request: Request) -> Reply {
        match request {
            Request::Load { text, acts, seed } => self.load(&text, &acts, seed),
            Request::Check { text } => Reply::Checked(manifest::parse(&text).diagnostics),
            Request::Act { step } => self.act(&step),
            Request::Heal { input, at } => self.heal(input, at),
            Request::Branch { branch } => {
                if (branch as usize) < self.branches.len() {
                    self.current = branch;
                    return self.loaded();
                }
                Reply::Refused("there is no such branch".into())
            }
            Request::Seek { at } => self.seek(at),
            Request::Trace => self.trace(),
            Request::Questions { pod, container, at } => match self.branch() {
                Some(branch) => {
                    Reply::Questions(why::questions(&branch.timeline, at, &pod, &container))
                }
                None => Reply::Questions(Vec::new()),
            },
            Request::Why {
                pod,
                container,
                question,
                at,
            } => {
                let asked = why::Asked {
                    pod: &pod,
                    container: &container,
                    question,
                };
                self.why(at, &asked)
            }
            Request::Timing => Reply::Timing(timing::table(&self.stream.objects)),
        }
    }

    fn branch(&self) -> Option<&Branch> {
        self.branches.get(self.current as usize)
    }

    fn load(&mut self, text: &str, acts: &[String], seed: Option<u64>) -> Reply {
        let stream = manifest::parse(text);
        self.documents = documents(&stream);
        self.diagnostics.clone_from(&stream.diagnostics);
        if stream.has_errors() {
            return self.reply(None);
        }
        let objects = stream.objects.iter().map(|o| o.object.clone()).collect();
        let mut setup = Setup::new(objects, stream.scenario.clone());
        self.stream = stream;
        if let Some(seed) = seed {
            setup.scenario.seed = seed;
        }
        let mut kept = Vec::new();
        for act in acts {
            // An act that no longer means anything (a link of another version) is left out.
            if let Ok(step) = scenario::step_from_text(act) {
                setup.acts.push(step);
                kept.push(act.clone());
            }
        }
        self.branches = vec![Branch::new("main".into(), Instant::ZERO, setup, kept)];
        self.current = 0;
        self.loaded()
    }

    /// An act at a moment: what was done later than it is left behind on the former branch.
    fn act(&mut self, text: &str) -> Reply {
        let step = match scenario::step_from_text(text) {
            Ok(step) => step,
            Err(problem) => return Reply::Refused(problem),
        };
        let Some(branch) = self.branch() else {
            return Reply::Refused("there is no run to act upon".into());
        };
        let kept = branch.setup.acts.partition_point(|act| act.at <= step.at);
        let forks = kept < branch.setup.acts.len();
        let mut setup = branch.setup.clone();
        setup.acts.truncate(kept);
        let inputs = TimedInput::step(&step, setup.next_id(), false);
        let timeline = branch.timeline.fork(step.at, inputs);
        let mut acts = branch.acts[..kept].to_vec();
        acts.push(text.into());
        let at = step.at;
        setup.acts.push(step);
        self.replace_or_add(forks, at, setup, acts, Some(timeline));
        self.loaded()
    }

    /// Ends a fault: the act gets a duration, so that the history stays a list of steps.
    fn heal(&mut self, input: u32, at: Instant) -> Reply {
        let Some(branch) = self.branch() else {
            return Reply::Refused("there is no run to act upon".into());
        };
        let first = branch.setup.next_id() - branch.setup.acts.len() as u32;
        let index = input.checked_sub(first).map(|index| index as usize);
        let Some((index, act)) = index.and_then(|i| Some((i, branch.setup.acts.get(i)?))) else {
            return Reply::Refused(
                "this fault is a step of the text: edit its `for:` there".into(),
            );
        };
        if at <= act.at || act.hold_for.is_some_and(|span| act.at + span <= at) {
            return Reply::Refused("the fault is not in force at that moment".into());
        }
        let forks = branch.setup.acts.last().is_some_and(|last| last.at > at);
        let mut setup = branch.setup.clone();
        let mut acts = branch.acts.clone();
        let kept = setup.acts.partition_point(|act| act.at <= at);
        setup.acts.truncate(kept);
        acts.truncate(kept);
        let span = at - setup.acts[index].at;
        setup.acts[index].hold_for = Some(span);
        acts[index] = with_duration(&acts[index], span);
        self.replace_or_add(forks, at, setup, acts, None);
        self.loaded()
    }

    fn replace_or_add(
        &mut self,
        forks: bool,
        at: Instant,
        setup: Setup,
        acts: Vec<String>,
        timeline: Option<Timeline>,
    ) {
        let current = self.current as usize;
        let (name, forked_at) = if forks {
            (format!("branch {}", self.branches.len() + 1), at)
        } else {
            let branch = &self.branches[current];
            (branch.name.clone(), branch.forked_at)
        };
        let branch = match timeline {
            Some(timeline) => Branch::run(name, forked_at, setup, acts, timeline),
            None => Branch::new(name, forked_at, setup, acts),
        };
        if forks {
            self.branches.push(branch);
            self.current = (self.branches.len() - 1) as u32;
        } else {
            self.branches[current] = branch;
        }
    }

    fn seek(&mut self, at: Instant) -> Reply {
        let Some(branch) = self.branch() else {
            return Reply::Refused("there is no run to show".into());
        };
        let cluster = branch.timeline.seek(at);
        let next = branch.timeline.next_record_after(at);
        Reply::View(Box::new(view::cluster_view(
            &cluster,
            &branch.run,
            at.min(branch.timeline.end()),
            next.unwrap_or(Instant::NEVER),
        )))
    }

    fn why(&self, at: Instant, asked: &why::Asked) -> Reply {
        let Some(branch) = self.branch() else {
            return Reply::Refused("there is no run to explain".into());
        };
        match why::chain(&branch.timeline, &self.stream, at, asked) {
            Ok(chain) => Reply::Why(Box::new(chain)),
            Err(unanswered) => Reply::Refused(unanswered.english().into()),
        }
    }

    fn trace(&self) -> Reply {
        match self.branch() {
            Some(branch) => Reply::Text(trace::lines(&branch.setup.trace())),
            None => Reply::Refused("there is no run to trace".into()),
        }
    }

    fn loaded(&self) -> Reply {
        self.reply(self.branch().map(|branch| branch.run.clone()))
    }

    fn reply(&self, run: Option<RunView>) -> Reply {
        Reply::Loaded(Box::new(Loaded {
            run,
            diagnostics: self.diagnostics.clone(),
            documents: self.documents.clone(),
            acts: self.branch().map_or_else(Vec::new, |b| b.acts.clone()),
            branches: self
                .branches
                .iter()
                .map(|branch| BranchView {
                    name: branch.name.clone(),
                    forked_at: branch.forked_at,
                    acts: branch.acts.len() as u32,
                })
                .collect(),
            branch: self.current,
        }))
    }
}

/// The step with another `for:`; steps are YAML in flow style.
fn with_duration(step: &str, span: Duration) -> String {
    let step = step.trim();
    let body = step.strip_suffix('}').unwrap_or(step).trim_end();
    let body = match body.rfind("for:") {
        Some(at) if !body[at..].contains(['{', '}']) => body[..at].trim_end().trim_end_matches(','),
        _ => body,
    };
    format!("{body}, for: {}ns}}", span.0)
}

fn documents(stream: &manifest::Stream) -> Vec<DocumentView> {
    stream
        .documents
        .iter()
        .map(|document| DocumentView {
            name: format!("{}/{}", document.kind.to_ascii_lowercase(), document.name),
            first_line: document.first_line,
            last_line: document.last_line,
        })
        .collect()
}
