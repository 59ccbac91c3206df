//! What the engine answered to the inspector's panels: part of the store.

use readyz_engine::session::{MetricsView, RequestsView, Typed};
use readyz_engine::timing::tuner::{Trial, Tuned};
use readyz_engine::timing::Row;
use readyz_engine::view::RunView;
use readyz_engine::why::{Chain, Question};
use std::rc::Rc;
use yew::AttrValue;

/// Lives that each pair of numbers is given.
pub const LIVES: u32 = 200;

/// What the describe tab shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    #[default]
    Describe,
    Logs,
    Metrics,
    Requests,
    Records,
}

/// The latest answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panels {
    pub why: Rc<Vec<Chain>>,
    /// What was asked elsewhere, of an event or a request.
    pub question: Option<Question>,
    pub part: Part,
    pub timing: Rc<Vec<Row>>,
    pub requests: Rc<Vec<RequestsView>>,
    pub metrics: Option<Rc<MetricsView>>,
    /// A command that only reads, and what it printed.
    pub read: Option<Rc<(String, Typed)>>,
    /// What the tuner found.
    pub sweep: Option<Rc<Sweep>>,
    /// The branch that the current one is compared with.
    pub other: Option<(u32, Rc<RunView>)>,
}

/// Numbers of a probe, each tried on the same lives.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// What is to be tried next.
    pub trial: Trial,
    /// What the cluster ran when it began.
    pub text: AttrValue,
    /// One for each pair of numbers.
    pub points: Vec<Tuned>,
}

impl Sweep {
    /// How many lives have been lived.
    pub fn lives(&self) -> u32 {
        self.trial.seeds.0 as u32
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub enum Answer {
    Why(Vec<Chain>),
    /// What is to be asked.
    Question(Question),
    Part(Part),
    Timing(Vec<Row>),
    Requests(Vec<RequestsView>),
    Metrics(Box<MetricsView>),
    Sweep(Rc<Sweep>),
    Tuned(Vec<Tuned>),
    Read(String, Box<Typed>),
    /// None: nothing is compared any more.
    Other(Option<(u32, Box<RunView>)>),
}

impl Panels {
    /// Another run is shown. Where it is the one that was compared with, the former one now is.
    pub fn follow(&mut self, (branch, now): (u32, u32), former: Option<Rc<RunView>>, count: usize) {
        let Some((other, _)) = &self.other else {
            return;
        };
        if *other as usize >= count {
            self.other = None;
        } else if *other == now {
            self.other = former.map(|run| (branch, run));
        }
    }

    #[inline(never)]
    fn tuned(&mut self, points: Vec<Tuned>) {
        let Some(sweep) = &mut self.sweep else { return };
        let sweep = Rc::make_mut(sweep);
        sweep.trial.seeds.0 += u64::from(sweep.trial.seeds.1);
        sweep.points.resize(points.len(), Tuned::default());
        for (all, more) in sweep.points.iter_mut().zip(&points) {
            all.add(more);
        }
    }

    /// The reducer's part.
    pub fn apply(&mut self, answer: Answer) {
        match answer {
            Answer::Why(chains) => self.why = Rc::new(chains),
            Answer::Question(question) => self.question = Some(question),
            Answer::Part(part) => self.part = part,
            Answer::Timing(rows) => self.timing = Rc::new(rows),
            Answer::Requests(rows) => self.requests = Rc::new(rows),
            Answer::Metrics(metrics) => self.metrics = Some(Rc::new(*metrics)),
            Answer::Sweep(sweep) => self.sweep = Some(sweep),
            Answer::Tuned(points) => self.tuned(points),
            Answer::Read(line, typed) => self.read = Some(Rc::new((line, *typed))),
            Answer::Other(other) => {
                self.other = other.map(|(branch, run)| (branch, Rc::new(*run)));
            }
        }
    }
}
