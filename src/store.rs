//! The page's state and the one reducer. It is pure: no clock, no storage, no randomness; wall
//! times come with the actions.

use crate::dialog::Dialog;
use crate::embed::Embed;
use crate::i18n::Language;
use crate::panels::{Answer, Panels};
use crate::playback::{Playback, SpeedMilli};
use crate::range::Range;
use crate::share::Origin;
use crate::terminal::{Terminal, Tty};
use crate::time_tools::{TimeTools, Tool};
use crate::undo::Undo;
use readyz_engine::manifest::{Diagnostic, Severity};
use readyz_engine::session::{BranchView, DocumentView, Loaded};
use readyz_engine::time::Instant;
use readyz_engine::view::{ClusterView, ContainerRole, Look, PodView, RunView};
use std::rc::Rc;
use yew::AttrValue;

pub use crate::opening::Opening;
pub use crate::pane::Pane;

/// Colours of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// As links and storage write it.
    pub const fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Reads a name.
    pub fn from_name(name: &str) -> Option<Theme> {
        [Theme::Auto, Theme::Light, Theme::Dark]
            .into_iter()
            .find(|theme| theme.name() == name)
    }

    /// The one that the switch goes to.
    pub const fn next(self) -> Theme {
        match self {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        }
    }
}

/// A container of a Pod: what faults act upon and which lane is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub pod: String,
    pub container: String,
}

impl Target {
    /// A Pod's container as kubectl takes it: the first one that is no init container.
    pub fn of(pod: &PodView) -> Option<Target> {
        let mut regular = pod.containers.iter();
        let found = regular.find(|one| one.role == ContainerRole::Regular);
        Some(Target {
            pod: pod.name.clone(),
            container: found.or(pod.containers.first())?.name.clone(),
        })
    }
}

/// How the engine is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineState {
    Starting,
    Ready {
        in_worker: bool,
    },
    /// It failed and is being started again.
    Restarted(String),
    /// It failed for good, until the user does something.
    Stopped(String),
}

/// Everything that the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    pub language: Language,
    pub theme: Theme,
    /// What stands in the editor.
    pub text: AttrValue,
    /// What the cluster runs.
    pub applied: AttrValue,
    /// How many texts have been applied.
    pub revision: u32,
    /// None: as the text says.
    pub seed: Option<u64>,
    pub run: Option<Rc<RunView>>,
    pub view: Option<Rc<ClusterView>>,
    /// Problems of [`Store::text`].
    pub diagnostics: Rc<Vec<Diagnostic>>,
    pub documents: Rc<Vec<DocumentView>>,
    /// What the user did, as steps.
    pub acts: Rc<Vec<String>>,
    pub branches: Rc<Vec<BranchView>>,
    pub branch: u32,
    pub playback: Playback,
    /// How far the run has been played: beyond it all is prediction.
    pub live_edge: Instant,
    pub range: Range,
    /// None: the first.
    pub target: Option<Target>,
    pub pane: Pane,
    /// In a narrow window: the picture rather than [`Store::pane`].
    pub picture_in_front: bool,
    /// Picture or table.
    pub as_table: bool,
    pub dialog: Option<Dialog>,
    /// For a room: only picture and timeline, large.
    pub projector: bool,
    /// Inside of another page.
    pub embed: Option<Rc<Embed>>,
    /// The link that the page was opened with, until its sentence is dismissed.
    pub origin: Option<Origin>,
    pub engine: EngineState,
    /// A sentence of the engine about the user's last act.
    pub refusal: Option<String>,
    pub terminal: Terminal,
    /// A line of the text that was asked for, and how many were.
    pub line: Option<(u32, u32)>,
    pub panels: Panels,
    pub tools: TimeTools,
    pub undo: Undo,
}

impl Store {
    /// The state at the beginning.
    pub fn open(opening: Opening) -> Self {
        Store {
            language: opening.language,
            theme: opening.theme,
            applied: match opening.branches.get(opening.branch as usize) {
                Some(branch) => branch.text.clone().into(),
                None => opening.text.clone(),
            },
            text: opening.text,
            revision: 0,
            seed: opening.seed,
            run: None,
            view: None,
            diagnostics: Rc::default(),
            documents: Rc::default(),
            acts: Rc::new(opening.acts),
            branches: Rc::new(opening.branches),
            branch: opening.branch,
            playback: Playback::resting(opening.at, opening.speed),
            live_edge: opening.at,
            range: Range::first(Instant::from_secs(120)),
            target: None,
            pane: opening.pane.unwrap_or(Pane::Faults),
            picture_in_front: opening.pane.is_none(),
            as_table: opening.as_table,
            dialog: None,
            projector: opening.projector,
            embed: opening.embed,
            origin: opening.origin,
            engine: EngineState::Starting,
            refusal: None,
            terminal: Terminal::default(),
            line: None,
            panels: Panels::default(),
            tools: opening.tools,
            undo: Undo::default(),
        }
    }

    /// The end of the run; of what is asked for while there is none.
    pub fn end(&self) -> Instant {
        self.run
            .as_ref()
            .map_or(self.playback.anchor, |run| run.end)
    }

    /// The playhead at a wall time.
    pub fn playhead(&self, wall_ms: f64) -> Instant {
        self.playback.at(wall_ms, self.end())
    }

    /// How far the run has been played at a wall time.
    pub fn edge(&self, wall_ms: f64) -> Instant {
        if self.playback.playing {
            self.live_edge.max(self.playhead(wall_ms))
        } else {
            self.live_edge
        }
    }

    /// Whether the user has acted: then an edit waits.
    pub fn has_history(&self) -> bool {
        !self.acts.is_empty() || self.branches.len() > 1
    }

    /// Whether the editor's text differs from what runs.
    pub fn is_edited(&self) -> bool {
        self.text != self.applied
    }

    /// Whether the API server would refuse the editor's text.
    pub fn has_errors(&self) -> bool {
        self.first_error().is_some()
    }

    /// What the API server would refuse the editor's text for.
    pub fn first_error(&self) -> Option<&Diagnostic> {
        let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
        self.diagnostics.iter().find(is_error)
    }

    /// What is looked at of a moment.
    pub fn look(&self) -> Look {
        Look {
            pod: self
                .selected()
                .map_or_else(String::new, |target| target.pod),
            events: self.pane == Pane::Events,
        }
    }

    /// The container that is selected: the user's choice while it exists, else the first.
    pub fn selected(&self) -> Option<Target> {
        let view = self.view.as_ref()?;
        if let Some(target) = &self.target {
            let exists = view.pods.iter().any(|pod| {
                pod.name == target.pod && pod.containers.iter().any(|c| c.name == target.container)
            });
            if exists {
                return Some(target.clone());
            }
        }
        let wanted = self.embed.as_ref().and_then(|e| e.container.as_deref());
        let named = wanted.and_then(|name| {
            let mut all = view.pods.iter().flat_map(|pod| {
                let containers = pod.containers.iter();
                containers.map(move |container| (pod, container))
            });
            all.find(|(_, container)| container.name == name)
        });
        match named {
            Some((pod, container)) => Some(Target {
                pod: pod.name.clone(),
                container: container.name.clone(),
            }),
            None => Target::of(view.pods.first()?),
        }
    }
}

/// What has happened in the page.
#[derive(Clone, Debug)]
pub enum Action {
    Edited(AttrValue),
    /// A text replaced the editor's, from 0:00.
    Opened(AttrValue),
    /// The answer to a load of `text`, or to an act.
    Loaded {
        text: Option<AttrValue>,
        loaded: Box<Loaded>,
    },
    Checked(Vec<Diagnostic>, Vec<DocumentView>),
    ViewArrived(Rc<ClusterView>),
    Refused(String),
    RefusalDismissed,
    Terminal(Tty),
    Panel(Answer),
    LineSelected(u32),
    Tool(Tool),
    /// The last act was taken back, or (true) done again.
    TakenBack(bool),
    Played {
        wall_ms: f64,
    },
    Paused {
        wall_ms: f64,
    },
    Sought {
        at: Instant,
        wall_ms: f64,
    },
    SpeedChanged {
        speed: SpeedMilli,
        wall_ms: f64,
    },
    /// All acts were dropped.
    Reset,
    RangeChanged(Range),
    TargetSelected(Target),
    PaneOpened(Pane),
    PictureOpened,
    ModeChanged {
        as_table: bool,
    },
    ThemeChanged(Theme),
    LanguageChanged(Language),
    SeedChanged(Option<u64>),
    DialogOpened(Dialog),
    DialogClosed,
    OriginDismissed,
    ProjectorToggled,
    EngineReady {
        in_worker: bool,
    },
    EngineLost {
        message: String,
        resting: bool,
    },
    EngineNoticeDismissed,
}

impl Store {
    /// The reducer.
    pub fn apply(&mut self, action: Action) {
        match action {
            Action::Edited(text) => self.text = text,
            Action::Opened(text) => self.opened(text),
            Action::Loaded { text, loaded } => self.loaded(text, *loaded),
            Action::Checked(diagnostics, documents) => self.told(diagnostics, documents),
            Action::ViewArrived(view) => self.view = Some(view),
            Action::Refused(sentence) => self.refusal = Some(sentence),
            Action::RefusalDismissed => self.refusal = None,
            Action::Terminal(tty) => self.terminal.apply(tty),
            Action::Panel(answer) => self.panels.apply(answer),
            Action::LineSelected(line) => {
                self.line = Some((line, self.line.map_or(0, |(_, count)| count + 1)));
            }
            Action::Tool(tool) => self.tools.apply(tool),
            Action::TakenBack(redo) => self.take_back(redo),
            Action::Played { wall_ms } => self.played(wall_ms),
            Action::Paused { wall_ms } => {
                self.settle(wall_ms);
                self.playback.playing = false;
            }
            Action::Sought { at, wall_ms } => {
                self.settle(wall_ms);
                self.playback.anchor = at.min(self.end());
                self.range = self.range.following(self.playback.anchor, self.end());
            }
            Action::SpeedChanged { speed, wall_ms } => {
                self.settle(wall_ms);
                self.playback.speed = speed;
            }
            Action::Reset => {
                self.acts = Rc::default();
                self.rewind();
            }
            Action::RangeChanged(range) => self.range = range,
            Action::TargetSelected(target) => self.target = Some(target),
            Action::PaneOpened(pane) => {
                self.pane = pane;
                self.picture_in_front = false;
            }
            Action::PictureOpened => self.picture_in_front = true,
            Action::ModeChanged { as_table } => self.as_table = as_table,
            Action::ThemeChanged(theme) => self.theme = theme,
            Action::LanguageChanged(language) => self.language = language,
            Action::SeedChanged(seed) => self.seed = seed,
            Action::DialogOpened(dialog) => self.dialog = Some(dialog),
            Action::DialogClosed => self.dialog = None,
            Action::OriginDismissed => self.origin = None,
            Action::ProjectorToggled => self.projector = !self.projector,
            Action::EngineReady { in_worker } => self.ready(in_worker),
            Action::EngineLost { message, resting } => self.lost(message, resting),
            Action::EngineNoticeDismissed => {
                self.engine = EngineState::Ready { in_worker: true };
            }
        }
    }

    /// Anchors the playhead at a wall time and keeps what has been played.
    fn settle(&mut self, wall_ms: f64) {
        self.live_edge = self.edge(wall_ms);
        self.playback = self.playback.anchored(wall_ms, self.end());
    }

    fn rewind(&mut self) {
        self.playback = Playback::resting(Instant::ZERO, self.playback.speed);
        self.live_edge = Instant::ZERO;
        self.range = Range::first(self.end());
    }

    fn opened(&mut self, text: AttrValue) {
        self.text = text;
        self.seed = None;
        self.target = None;
        self.acts = Rc::default();
        self.rewind();
    }

    fn played(&mut self, wall_ms: f64) {
        self.settle(wall_ms);
        if self.playback.anchor >= self.end() {
            self.playback.anchor = Instant::ZERO;
            self.range = Range::first(self.end());
        }
        self.playback.playing = true;
    }

    /// What the engine says of the editor's text.
    fn told(&mut self, diagnostics: Vec<Diagnostic>, documents: Vec<DocumentView>) {
        self.diagnostics = Rc::new(diagnostics);
        self.documents = Rc::new(documents);
    }

    fn loaded(&mut self, text: Option<AttrValue>, loaded: Loaded) {
        let whole_text = text.is_some();
        // An answer about a text that has been edited since says nothing about the new one.
        if text.as_ref().is_none_or(|text| *text == self.text)
            && !(text.is_none() && self.is_edited())
        {
            self.told(loaded.diagnostics, loaded.documents);
        }
        let Some(run) = loaded.run else {
            return;
        };
        // Branches may differ in their text: the editor follows, unless something else stands there.
        let shown = loaded.branches.get(loaded.branch as usize);
        if let Some(text) = text.or(shown.map(|branch| branch.text.clone().into())) {
            if text != self.applied || self.revision == 0 {
                self.revision += 1;
            }
            if !whole_text && !self.is_edited() {
                self.text = text.clone();
            }
            self.applied = text;
        }
        let first_end = self.run.as_ref().map(|former| former.end);
        let end = run.end;
        let former = self.run.replace(Rc::new(run));
        // The same acts again: a worker was replaced, and nothing has been done.
        let same = !whole_text && *self.acts == loaded.acts && self.branch == loaded.branch;
        self.remember(&loaded.branches);
        let branches = (self.branch, loaded.branch);
        self.panels.follow(branches, former, loaded.branches.len());
        self.acts = Rc::new(loaded.acts);
        self.branches = Rc::new(loaded.branches);
        self.branch = loaded.branch;
        if !self.playback.playing {
            self.playback.anchor = self.playback.anchor.min(end);
        }
        self.live_edge = if whole_text || same {
            self.live_edge.min(end)
        } else {
            // An act makes its moment the edge: what follows is a guess again.
            self.playback.anchor.min(end)
        };
        if first_end != Some(end) {
            self.range = Range::first(end).following(self.playback.anchor, end);
            if let Some(until) = self.embed.as_ref().and_then(|embed| embed.end) {
                self.range = Range::fit(until.min(end));
            }
        }
        if matches!(self.engine, EngineState::Stopped(_)) {
            self.engine = EngineState::Ready { in_worker: true };
        }
    }

    fn ready(&mut self, in_worker: bool) {
        // After a failure the sentence about it stays until it is dismissed.
        if matches!(self.engine, EngineState::Starting) {
            self.engine = EngineState::Ready { in_worker };
        }
    }

    fn lost(&mut self, message: String, resting: bool) {
        self.engine = if resting {
            EngineState::Stopped(message)
        } else {
            EngineState::Restarted(message)
        };
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
