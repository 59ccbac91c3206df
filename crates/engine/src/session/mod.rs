//! The façade for a front end: one text, one history of acts, one request at a time.
//!
//! A page sends [`Request`]s to wherever a [`Session`] lives (a worker, or the page itself) and
//! draws the [`Reply`]s. Both are plain data; how they travel is the front end's business.

mod charts;
mod explain;
mod message;
mod refused;
mod source;
mod step_text;
mod typing;

use source::Source;

pub use crate::kubectl::Forward;
pub use crate::terminal::{Following, Shell, Typed};
pub use message::{
    BranchView, DocumentView, Loaded, MetricsView, ProbeSample, Reply, Request, RequestsView,
    Sample,
};

use crate::experiment::Setup;
use crate::input::TimedInput;
use crate::scenario;
use crate::terminal::Kept;
use crate::time::Instant;
use crate::timeline::{Runner, Timeline};
use crate::view::{self, Look, RunView};
use std::sync::Arc;
use step_text::{with_duration, with_time};

/// Timers in a part of a run: some milliseconds in a browser.
const PART: u64 = 30_000;
/// The same for the first part, which somebody waits for.
const FIRST_PART: u64 = 4_000;

/// A text, its histories, and the runs that follow from them.
#[derive(Default)]
pub struct Session {
    branches: Vec<Branch>,
    current: u32,
    /// None: as the text says.
    seed: Option<u64>,
    /// What has been replaced: taking a run apart takes a while, and can wait.
    replaced: Vec<Branch>,
}

/// One history of one text.
struct Branch {
    name: String,
    forked_at: Instant,
    source: Arc<Source>,
    setup: Setup,
    /// The acts as they were given, for links.
    acts: Vec<String>,
    timeline: Timeline,
    run: RunView,
    /// The moment shown last, from which the next one is near while playing.
    shown: Option<Runner>,
    /// Commands of the terminal that go on.
    followed: Kept,
    /// The container whose metrics were asked for last.
    charted: Option<charts::Charted>,
}

impl Branch {
    /// A text with acts, from 0:00.
    fn of(source: Arc<Source>, acts: &[String], seed: Option<u64>, sight: Instant) -> Self {
        let stream = &source.stream;
        let objects = stream.objects.iter().map(|o| o.object.clone()).collect();
        let mut setup = Setup::new(objects, stream.scenario.clone());
        setup.written = crate::written::Written::of(&stream.objects);
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
        let mut timeline = setup.timeline();
        timeline.run_part(sight, FIRST_PART);
        Branch::new("main".into(), Instant::ZERO, source, setup, kept, timeline)
    }

    fn new(
        name: String,
        forked_at: Instant,
        source: Arc<Source>,
        setup: Setup,
        acts: Vec<String>,
        timeline: Timeline,
    ) -> Self {
        let run = view::run_view(&timeline, setup.scenario.seed);
        Branch {
            name,
            forked_at,
            source,
            setup,
            acts,
            timeline,
            run,
            shown: None,
            followed: Kept::default(),
            charted: None,
        }
    }

    /// Computes so many timers more; the rest of the run is described once it is complete.
    fn go_on(&mut self, timers: u64) {
        if !self.timeline.is_complete() {
            self.timeline.run_part(Instant::ZERO, timers);
            if self.timeline.is_complete() {
                self.describe();
            }
        }
    }

    /// Computes so far that a moment and the stop after it are known.
    fn know(&mut self, at: Instant) {
        let known = |branch: &Branch| branch.run.moments.last().is_some_and(|last| *last > at);
        if !self.timeline.is_complete() && !known(self) {
            self.timeline.run_part(at, PART);
            self.describe();
            if !known(self) {
                self.go_on(u64::MAX);
            }
        }
    }

    fn describe(&mut self) {
        self.run = view::run_view(&self.timeline, self.setup.scenario.seed);
    }
}

impl Session {
    /// A session without a text.
    pub fn new() -> Self {
        Session::default()
    }

    /// Carries out one request.
    pub fn handle(&mut self, request: Request) -> Reply {
        let in_parts = matches!(
            request,
            Request::Load { .. }
                | Request::Check { .. }
                | Request::Rest
                | Request::Seek { .. }
                | Request::Follow { .. }
                | Request::Tune(_)
        );
        if let Some(branch) = self.branch_mut().filter(|_| !in_parts) {
            branch.go_on(u64::MAX);
        }
        match request {
            Request::Load {
                text,
                acts,
                seed,
                sight,
            } => self.load(&text, &acts, seed, sight),
            Request::Rest => self.rest(),
            Request::Check { text } => source::check(&text),
            Request::Act { step } => self.act(&step),
            Request::Heal { input, at } => self.heal(input, at),
            Request::History { acts, fork } => self.history(&acts, fork),
            Request::Revise { input, to, copy } => self.revise(input, to, copy),
            Request::Fork { at } => self.fork(at),
            Request::Branch { branch } => {
                if (branch as usize) < self.branches.len() {
                    self.current = branch;
                    return self.loaded();
                }
                Reply::Refused("there is no such branch".into())
            }
            Request::Rename { branch, name } => {
                if let Some(branch) = self.branches.get_mut(branch as usize) {
                    branch.name = name;
                }
                self.loaded()
            }
            Request::Variant { text, name } => self.variant(&text, name),
            Request::Restore {
                seed,
                branches,
                branch,
            } => self.restore(seed, branches, branch),
            Request::Type {
                line,
                at,
                shell,
                status,
                manifest,
                forwards,
            } => {
                let (before, with) = ((shell.as_ref(), status), (&*manifest, &*forwards));
                self.type_line(&line, at, before, with)
            }
            Request::Follow { command, at } => self.follow(&command, at),
            Request::Read { line, at } => self.read(&line, at),
            Request::Complete { line, at, shell } => self.complete(&line, at, shell.as_ref()),
            Request::Seek { at, look } => self.seek(at, &look),
            Request::Why { at, pod, container } => self.why(at, &pod, &container),
            Request::Timing => self.timing(),
            Request::Tune(trial) => self.tune(&trial),
            Request::Requests { at } => self.requests(at),
            Request::Metrics {
                at,
                pod,
                container,
                path,
            } => self.metrics(at, &pod, &container, &path),
            Request::Run { branch } => match self.branches.get(branch as usize) {
                Some(branch) => Reply::Run(Box::new(branch.run.clone())),
                None => Reply::Refused("there is no such branch".into()),
            },
            Request::Trace => self.trace(),
        }
    }

    /// Takes apart what the last request replaced. To be called when its reply is on its way.
    pub fn tidy(&mut self) {
        self.replaced.clear();
    }

    fn branch(&self) -> Option<&Branch> {
        self.branches.get(self.current as usize)
    }

    fn branch_mut(&mut self) -> Option<&mut Branch> {
        self.branches.get_mut(self.current as usize)
    }

    fn rest(&mut self) -> Reply {
        if let Some(branch) = self.branch_mut() {
            branch.go_on(PART);
            if !branch.timeline.is_complete() {
                return Reply::Working;
            }
        }
        self.loaded()
    }

    fn load(&mut self, text: &str, acts: &[String], seed: Option<u64>, sight: Instant) -> Reply {
        let source = Source::read(text);
        if source.stream.has_errors() {
            return self.reply(None, &source);
        }
        self.seed = seed;
        let branches = vec![Branch::of(source, acts, seed, sight)];
        self.replaced = std::mem::replace(&mut self.branches, branches);
        self.current = 0;
        self.loaded()
    }

    /// Each branch is run from 0:00; one whose text has errors is left out.
    #[inline(never)]
    fn restore(&mut self, seed: Option<u64>, branches: Vec<BranchView>, branch: u32) -> Reply {
        self.seed = seed;
        self.branches.clear();
        for view in branches {
            let source = Source::read(&view.text);
            if !source.stream.has_errors() {
                self.branches.push(Branch {
                    name: view.name,
                    forked_at: view.forked_at,
                    ..Branch::of(source, &view.acts, seed, Instant::NEVER)
                });
            }
        }
        self.current = branch.min(self.branches.len().saturating_sub(1) as u32);
        self.loaded()
    }

    /// Another text under the same acts, as a branch.
    #[inline(never)]
    fn variant(&mut self, text: &str, name: String) -> Reply {
        let Some(branch) = self.branch() else {
            return Reply::Refused("there is no run to compare with".into());
        };
        let source = Source::read(text);
        if let Some(problem) = source.stream.diagnostics.first() {
            if source.stream.has_errors() {
                return Reply::Refused(problem.message.clone());
            }
        }
        let branch = Branch {
            name,
            ..Branch::of(source, &branch.acts, self.seed, Instant::NEVER)
        };
        self.branches.push(branch);
        self.current = (self.branches.len() - 1) as u32;
        self.loaded()
    }

    /// An act at a moment: what was done later than it is left behind on the former branch.
    #[inline(never)]
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
    #[inline(never)]
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

    /// The same history until a moment, on a branch of its own.
    #[inline(never)]
    fn fork(&mut self, at: Instant) -> Reply {
        let Some(branch) = self.branch() else {
            return Reply::Refused("there is no run to fork".into());
        };
        let kept = branch.setup.acts.partition_point(|act| act.at <= at);
        let mut setup = branch.setup.clone();
        setup.acts.truncate(kept);
        let acts = branch.acts[..kept].to_vec();
        self.replace_or_add(true, at, setup, acts, None);
        self.loaded()
    }

    /// The same history with one act at another moment, without it, or with it twice.
    #[inline(never)]
    fn revise(&mut self, input: u32, to: Option<Instant>, copy: bool) -> Reply {
        let Some(branch) = self.branch() else {
            return Reply::Refused("there is no run to act upon".into());
        };
        let mut acts = branch.acts.clone();
        let first = branch.setup.next_id() - acts.len() as u32;
        let index = input.checked_sub(first).map(|index| index as usize);
        let Some(index) = index.filter(|index| *index < acts.len()) else {
            return Reply::Refused("this is a step of the text: edit it there".into());
        };
        let act = acts[index].clone();
        if !copy {
            acts.remove(index);
        }
        acts.extend(to.map(|to| with_time(&act, to)));
        self.history(&acts, true)
    }

    /// Another history. What was moved or taken away is the first moment that differs.
    #[inline(never)]
    fn history(&mut self, acts: &[String], forks: bool) -> Reply {
        let Some(branch) = self.branch() else {
            return Reply::Refused("there is no run to act upon".into());
        };
        let mut setup = branch.setup.clone();
        setup.acts.clear();
        for act in acts {
            match scenario::step_from_text(act) {
                Ok(step) => setup.acts.push(step),
                Err(problem) => return Reply::Refused(problem),
            }
        }
        let mut order: Vec<u32> = (0..acts.len() as u32).collect();
        order.sort_by_key(|index| setup.acts[*index as usize].at);
        let acts: Vec<String> = order.iter().map(|i| acts[*i as usize].clone()).collect();
        setup.acts.sort_by_key(|act| act.at);
        let same = acts
            .iter()
            .zip(&branch.acts)
            .take_while(|(new, old)| new == old);
        let same = same.count();
        let moments = setup
            .acts
            .get(same)
            .into_iter()
            .chain(branch.setup.acts.get(same));
        let at = moments.map(|act| act.at).min().unwrap_or(Instant::ZERO);
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
        let source = self.branches[current].source.clone();
        let mut timeline = timeline.unwrap_or_else(|| setup.timeline());
        timeline.run();
        let branch = Branch::new(name, forked_at, source, setup, acts, timeline);
        if forks {
            self.branches.push(branch);
            self.current = (self.branches.len() - 1) as u32;
        } else {
            self.replaced = vec![std::mem::replace(&mut self.branches[current], branch)];
        }
    }

    fn seek(&mut self, at: Instant, look: &Look) -> Reply {
        let Some(branch) = self.branch_mut() else {
            return Reply::Refused("there is no run to show".into());
        };
        branch.know(at);
        let next = branch.timeline.next_record_after(at);
        let end = branch.timeline.end();
        let cluster = branch.timeline.show(at, &mut branch.shown);
        Reply::View(Box::new(view::cluster_view(
            cluster,
            &branch.run,
            at.min(end),
            next.unwrap_or(Instant::NEVER),
            Some(look),
        )))
    }

    fn loaded(&self) -> Reply {
        match self.branch() {
            Some(branch) => self.reply(Some(branch.run.clone()), &branch.source),
            None => Reply::Refused("there is no run to show".into()),
        }
    }

    fn reply(&self, run: Option<RunView>, source: &Source) -> Reply {
        let branches = self.branches.iter().map(|branch| BranchView {
            name: branch.name.clone(),
            forked_at: branch.forked_at,
            acts: branch.acts.clone(),
            text: branch.source.text.clone(),
        });
        let mut diagnostics = source.stream.diagnostics.clone();
        if let Some(branch) = self.branch().filter(|_| run.is_some()) {
            diagnostics.extend(refused::diagnostics(source, branch.timeline.latest()));
            diagnostics.sort_by_key(|diagnostic| diagnostic.line);
        }
        Reply::Loaded(Box::new(Loaded {
            run,
            diagnostics,
            documents: source::documents(&source.stream),
            acts: self.branch().map_or_else(Vec::new, |b| b.acts.clone()),
            branches: branches.collect(),
            branch: self.current,
        }))
    }
}
