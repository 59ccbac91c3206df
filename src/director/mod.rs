//! Effects: turns orders into actions and requests, and runs the one frame loop.
mod foresight;
mod tools;
mod views;
use crate::bridge::{Bridge, News};
use crate::desk::Desk;
use crate::dialog::Dialog;
use crate::format;
use crate::paint::{LiveNodes, Moment};
use crate::panels::Answer;
use crate::platform::frame::{wall_ms, Frame};
use crate::platform::{dom, editor, link, storage};
use crate::playback::{next_moment, previous_moment};
use crate::range::Range;
use crate::store::{Action, Pane, Store, Target};
use crate::terminal::Tty;
use crate::ui::Order;
use foresight::Foresight;
use readyz_engine::session::{Reply, Request};
use readyz_engine::time::{Duration, Instant, NANOS_PER_MILLI};
use readyz_engine::view::Look;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use yew::Callback;

/// Above these speeds texts are repainted only so often: nobody reads faster.
const CALM: [(u32, f64); 2] = [(10_000, 250.0), (1_000, 100.0)];
/// After a view so many times its cost passes until the next is asked for.
const SHARE: f64 = 3.0;

/// Owner of the engine's bridge and of the frame loop.
pub struct Director {
    desk: Rc<Desk>,
    bridge: Bridge,
    frame: Rc<Frame>,
    nodes: RefCell<LiveNodes>,
    /// The view is of another run than the one shown.
    stale: Cell<bool>,
    /// The moment whose view is awaited.
    awaited: Cell<Option<Instant>>,
    /// What the view was asked to tell.
    looked: RefCell<Look>,
    foresight: Foresight,
    /// Steps to stops, back below zero, that wait for the view.
    steps: Cell<i32>,
    texts_painted_ms: Cell<f64>,
    /// When the latest view came, and how long the page took to show it.
    view_ms: Cell<f64>,
    view_cost_ms: Cell<f64>,
    still: Cell<bool>,
}

impl Director {
    /// Starts the engine and runs the first text.
    pub fn start(desk: Rc<Desk>, compared: Option<u32>) -> Rc<Self> {
        let director = Rc::new_cyclic(|weak: &Weak<Director>| {
            let heard = weak.clone();
            let painted = weak.clone();
            Director {
                desk,
                bridge: Bridge::start(Callback::from(move |news| {
                    if let Some(director) = heard.upgrade() {
                        director.heard(news);
                    }
                })),
                frame: Rc::new(Frame::new(move |wall_ms| {
                    if let Some(director) = painted.upgrade() {
                        director.paint(wall_ms);
                    }
                })),
                nodes: RefCell::default(),
                stale: Cell::new(true),
                awaited: Cell::new(None),
                looked: RefCell::default(),
                foresight: Foresight::default(),
                steps: Cell::new(0),
                texts_painted_ms: Cell::new(0.0),
                view_ms: Cell::new(0.0),
                view_cost_ms: Cell::new(f64::MAX),
                still: Cell::new(dom::media("(prefers-reduced-motion: reduce)")),
            }
        });
        let store = director.store();
        director.bridge.send(if store.branches.is_empty() {
            Request::Load {
                text: store.text.to_string(),
                acts: store.acts.to_vec(),
                seed: store.seed,
                sight: store.range.to,
            }
        } else {
            Request::Restore {
                seed: store.seed,
                branches: store.branches.to_vec(),
                branch: store.branch,
            }
        });
        if store.is_edited() {
            let text = store.text.to_string();
            director.bridge.send(Request::Check { text });
        }
        if let Some(branch) = compared {
            director.bridge.send(Request::Run { branch });
        }
        director
    }

    /// The user asked for less motion, or no longer.
    pub fn set_still(&self, still: bool) {
        self.still.set(still);
    }

    fn store(&self) -> Rc<Store> {
        self.desk.store()
    }

    fn now(&self) -> Instant {
        self.store().playhead(wall_ms())
    }

    fn tell(&self, action: Action) {
        self.desk.tell(action);
    }

    /// Carries an order out.
    pub fn order(&self, order: Order) {
        let store = self.store();
        let end = store.end();
        match order {
            Order::Edit(text) => self.edit(&store, text),
            Order::Open(text) => {
                storage::write(storage::TEXT, &text);
                self.tell(Action::Opened(text.clone().into()));
                self.ask(Request::Load {
                    text,
                    acts: Vec::new(),
                    seed: None,
                    sight: Range::first(Instant::NEVER).to,
                });
            }
            Order::Share => self.share(),
            Order::Format => editor::format(),
            Order::Restart => self.load(&store, store.acts.to_vec()),
            Order::Discard => self.edit(&store, store.applied.to_string()),
            Order::Reset => {
                self.tell(Action::Reset);
                self.load(&store, Vec::new());
            }
            Order::Act(what) => {
                let at = self.anchor();
                let step = format!("{{at: {}, {what}}}", format::step_time(at));
                self.ask(Request::Act { step });
            }
            Order::Heal(input) => {
                let at = self.anchor();
                self.ask(Request::Heal { input, at });
            }
            Order::History(acts) => {
                self.anchor();
                self.ask(Request::History { acts, fork: false });
            }
            Order::Ask(request) => self.ask(request),
            Order::PlayOrPause => {
                let wall_ms = wall_ms();
                self.tell(if store.playback.playing {
                    Action::Paused { wall_ms }
                } else {
                    Action::Played { wall_ms }
                });
            }
            Order::Seek(at) => self.seek(at),
            Order::Foresee(at) => self.foresee(at),
            Order::SeekBy(millis) => {
                let by = Duration(millis.unsigned_abs() * NANOS_PER_MILLI);
                let now = self.now();
                self.seek(if millis < 0 {
                    now.saturating_sub(by)
                } else {
                    now + by
                });
            }
            Order::Speed(speed) => self.tell(Action::SpeedChanged {
                speed,
                wall_ms: wall_ms(),
            }),
            Order::PreviousInput => self.seek(previous_moment(&inputs(&store), self.now())),
            Order::NextInput => self.seek(next_moment(&inputs(&store), self.now(), end)),
            Order::LiveEdge => self.seek(store.edge(wall_ms())),
            Order::Zoom { closer } => {
                let range = store.range.zoomed(closer, self.now(), end);
                self.tell(Action::RangeChanged(range));
            }
            Order::Fit => self.tell(Action::RangeChanged(Range::fit(end))),
            Order::Pan(share) => self.tell(Action::RangeChanged(store.range.panned(share, end))),
            Order::Repaint => self.repaint(),
            Order::PreviousLane => self.step_lane(&store, false),
            Order::NextLane => self.step_lane(&store, true),
            Order::Seed(seed) => self.reseed(&store, seed),
            other if self.tool_order(&store, &other) => {}
            other => self.panel_order(&store, other),
        }
    }

    /// Orders of the inspector, and what is kept between visits.
    fn panel_order(&self, store: &Store, order: Order) {
        match order {
            Order::Type(line) => {
                let at = self.pause();
                let shell = store.terminal.shell.clone();
                let status = store.terminal.status();
                let forwards = store.terminal.forwards();
                self.tell(Action::Terminal(Tty::Sent(
                    line.clone(),
                    at,
                    store.text.clone(),
                )));
                self.ask(Request::Type {
                    line,
                    at,
                    shell,
                    status,
                    manifest: store.text.to_string(),
                    forwards,
                });
            }
            Order::Follow => self.follow(store),
            Order::Complete(line) => {
                let at = self.pause();
                let shell = store.terminal.shell.clone();
                self.ask(Request::Complete { line, at, shell });
            }
            Order::SelectLine(line) => {
                if !dom::media("(min-width: 1280px)") {
                    self.tell(Action::PaneOpened(Pane::Yaml));
                }
                self.tell(Action::LineSelected(line));
            }
            Order::Compare(Some(branch)) => self.ask(Request::Run { branch }),
            Order::Compare(None) => self.tell(Action::Panel(Answer::Other(None))),
            Order::Pause => {
                self.pause();
            }
            Order::Theme(theme) => {
                storage::write(storage::THEME, theme.name());
                self.tell(Action::ThemeChanged(theme));
            }
            Order::Language(language) => {
                storage::write(storage::LANGUAGE, language.tag());
                self.tell(Action::LanguageChanged(language));
            }
            _ => {}
        }
    }

    /// With a history an edit waits; without, it runs at once.
    fn edit(&self, store: &Store, text: String) {
        // First of all: the engine's answer is what one waits for.
        self.ask(if store.has_history() {
            let text = text.clone();
            Request::Check { text }
        } else {
            Request::Load {
                text: text.clone(),
                acts: Vec::new(),
                seed: store.seed,
                sight: store.range.to,
            }
        });
        storage::write(storage::TEXT, &text);
        self.tell(Action::Edited(text.into()));
    }

    fn load(&self, store: &Store, acts: Vec<String>) {
        self.ask(Request::Load {
            text: store.text.to_string(),
            acts,
            seed: store.seed,
            sight: store.range.to,
        });
    }

    fn reseed(&self, store: &Store, seed: Option<u64>) {
        self.tell(Action::SeedChanged(seed));
        self.ask(Request::Load {
            text: store.text.to_string(),
            acts: store.acts.to_vec(),
            seed,
            sight: store.range.to,
        });
    }

    fn share(&self) {
        self.anchor();
        self.tell(Action::DialogOpened(Dialog::Share));
    }

    fn ask(&self, request: Request) {
        if !matches!(
            request,
            Request::Seek { .. } | Request::Check { .. } | Request::Follow { .. }
        ) {
            link::forget();
        }
        self.bridge.send(request);
    }

    fn seek(&self, at: Instant) {
        self.tell(Action::Sought {
            at,
            wall_ms: wall_ms(),
        });
        // Before anything is rendered: the view takes a while.
        let store = self.store();
        let (now, look) = (store.playback.anchor, store.look());
        match self.foresight.view_at(now, &look) {
            Some(view) => self.show(view, look),
            None => {
                self.ask_for_view(&store, now);
            }
        }
    }

    /// The playhead, told to the store so that both mean the same moment.
    fn anchor(&self) -> Instant {
        let (at, wall_ms) = (self.now(), wall_ms());
        self.tell(Action::Sought { at, wall_ms });
        at
    }

    /// Stops the clock, and says at which moment.
    fn pause(&self) -> Instant {
        if self.store().playback.playing {
            let wall_ms = wall_ms();
            self.tell(Action::Paused { wall_ms });
        }
        self.now()
    }

    fn step_lane(&self, store: &Store, down: bool) {
        let Some(run) = &store.run else { return };
        let chosen = store.selected();
        let place = run.lanes.iter().position(|lane| {
            chosen
                .as_ref()
                .is_some_and(|t| t.pod == lane.pod && t.container == lane.container)
        });
        let next = match (place, down) {
            (Some(place), true) => place + 1,
            (Some(place), false) => place.saturating_sub(1),
            (None, _) => 0,
        };
        if let Some(lane) = run.lanes.get(next) {
            self.tell(Action::TargetSelected(Target {
                pod: lane.pod.clone(),
                container: lane.container.clone(),
            }));
        }
    }

    fn heard(&self, news: News) {
        match news {
            News::Ready { in_worker } => self.tell(Action::EngineReady { in_worker }),
            News::Lost { message, resting } => {
                self.awaited.set(None);
                self.foresight.forget();
                self.tell(Action::EngineLost { message, resting });
            }
            News::Answered { request, reply } => self.answered(request, reply),
            News::Shown { request, view } => {
                if let Request::Seek { at, look } = request {
                    self.view_arrived(at, look, view);
                }
            }
            News::Passed => {
                self.foresight.forget();
                // Else the moment would count as asked for, and its view would never come.
                self.awaited.set(None);
                self.frame.ask();
            }
        }
    }

    fn answered(&self, request: Request, reply: Reply) {
        match reply {
            Reply::Loaded(loaded) => {
                let text = match request {
                    Request::Load { text, .. } => Some(text.into()),
                    _ => None,
                };
                if loaded.run.is_some() {
                    self.foresight.forget();
                    self.stale.set(true);
                    self.awaited.set(None);
                }
                let store = self.store();
                let first = store.run.is_none();
                let plays = first && store.embed.as_ref().is_some_and(|embed| embed.play);
                self.tell(Action::Loaded { text, loaded });
                if plays {
                    let wall_ms = wall_ms();
                    self.tell(Action::Played { wall_ms });
                }
            }
            Reply::Checked(said, documents) => self.tell(Action::Checked(said, documents)),
            Reply::Typed(typed, _) if matches!(request, Request::Read { .. }) => {
                if let Request::Read { line, .. } = request {
                    self.tell(Action::Panel(Answer::Read(line, typed)));
                }
            }
            Reply::Typed(typed, loaded) => match request {
                Request::Follow { command, at } => {
                    self.tell(Action::Terminal(Tty::Followed(command, at, typed)));
                }
                _ => self.typed(typed, loaded),
            },
            Reply::Why(chains) => self.tell(Action::Panel(Answer::Why(chains))),
            Reply::Timing(rows) => self.tell(Action::Panel(Answer::Timing(rows))),
            Reply::Tuned(points) => self.tuned(&request, points),
            Reply::Requests(rows) => self.tell(Action::Panel(Answer::Requests(rows))),
            Reply::Metrics(metrics) => self.tell(Action::Panel(Answer::Metrics(metrics))),
            Reply::Run(run) => {
                if let Request::Run { branch } = request {
                    self.tell(Action::Panel(Answer::Other(Some((branch, run)))));
                }
            }
            Reply::Words(words) => {
                if let Request::Complete { line, .. } = request {
                    self.tell(Action::Terminal(Tty::Completed(line, words)));
                }
            }
            Reply::Refused(sentence) if matches!(request, Request::Type { .. }) => {
                self.tell(Action::Terminal(Tty::Refused(sentence)));
            }
            Reply::Refused(sentence) => {
                self.awaited.set(None);
                self.tell(Action::Refused(sentence));
            }
            Reply::View(_) | Reply::Text(_) | Reply::Working => {}
        }
    }

    /// One frame: paints the moment, asks for another view when this one has run out, and goes on
    /// while playing.
    fn paint(&self, wall_ms: f64) {
        let store = self.store();
        let playhead = store.playhead(wall_ms);
        let playing = store.playback.playing;
        // Without motion the moment shown goes from second to second.
        let now = if playing && self.still.get() {
            playhead.floor_secs().max(store.playback.anchor)
        } else {
            playhead
        };
        let speed = store.playback.speed;
        let calm_ms = CALM
            .into_iter()
            .find(|(above, _)| playing && speed > *above);
        let texts = wall_ms - self.texts_painted_ms.get() >= calm_ms.map_or(0.0, |(_, ms)| ms);
        if texts {
            self.texts_painted_ms.set(wall_ms);
        }
        self.nodes.borrow_mut().paint(&Moment {
            now,
            edge: store.edge(wall_ms),
            wall_ms,
            rate: match playing && !self.still.get() {
                true => f64::from(speed) * 1e3,
                false => 0.0,
            },
            texts,
            words: store.language.texts(),
        });
        // While playing, showing views takes at most a third of the time: the rest is for frames.
        let rested = wall_ms - self.view_ms.get() >= SHARE * self.view_cost_ms.get();
        if !playing || rested || self.stale.get() {
            self.ask_for_view(&store, now);
        }
        if !playing {
            return;
        }
        if self.loops(&store, playhead) {
            self.frame.ask();
            return;
        }
        if store.run.is_some() && playhead >= store.end() {
            self.tell(Action::Paused { wall_ms });
            return;
        }
        let range = store.range.following(playhead, store.end());
        if range != store.range {
            self.tell(Action::RangeChanged(range));
        }
        self.frame.ask();
    }
}

fn inputs(store: &Store) -> Vec<Instant> {
    let pins = store.run.iter().flat_map(|run| &run.pins);
    pins.map(|pin| pin.at).collect()
}
