//! Orders about time, branches and undo.

use super::Director;
use crate::host;
use crate::image_entry::with_image;
use crate::numbers::{with_number, with_numbers};
use crate::panels::{Answer, LIVES};
use crate::platform::frame::wall_ms;
use crate::playback::{next_moment, previous_moment};
use crate::store::{Action, Pane, Store};
use crate::terminal::Tty;
use crate::time_tools::{Step, Tool};
use crate::ui::Order;
use readyz_engine::session::{Following, Loaded, Request, Typed};
use readyz_engine::time::Instant;
use readyz_engine::timing::tuner::Tuned;

impl Director {
    /// Orders of the tools; false: it is none of them.
    pub(super) fn tool_order(&self, store: &Store, order: &Order) -> bool {
        match *order {
            Order::Previous(step) => self.step(store, step, false),
            Order::Next(step) => self.step(store, step, true),
            Order::Mark => self.tell(Action::Tool(Tool::Marker(self.now()))),
            Order::Loop => self.tell(Action::Tool(Tool::Loop(self.now()))),
            Order::ShowAround(at) => {
                let range = store.range.around(at, store.end());
                self.tell(Action::RangeChanged(range));
            }
            Order::Fork => {
                let at = self.anchor();
                self.ask(Request::Fork { at });
            }
            Order::CompareAny => self.compare_any(store),
            Order::State => host::tell_state(store, self.now()),
            Order::Number(ref field, value) => {
                self.edit(store, with_number(&store.text, field, value));
            }
            Order::Numbers(ref changes) => self.edit(store, with_numbers(&store.text, changes)),
            Order::Sweep(ref sweep) => {
                self.tell(Action::Panel(Answer::Sweep(sweep.clone())));
                self.bridge.send(Request::Tune(sweep.trial.clone()));
            }
            Order::DescribeImage(ref image, ref ports) => {
                self.edit(store, with_image(&store.text, image, ports));
            }
            Order::Beside => self.ask(beside(store)),
            Order::TakeBack { redo } => {
                let Some(past) = store.undone(redo) else {
                    return true;
                };
                let request = Request::Restore {
                    seed: past.seed,
                    branches: past.branches.to_vec(),
                    branch: past.branch,
                };
                self.tell(Action::TakenBack(redo));
                self.ask(request);
            }
            _ => return false,
        }
        true
    }

    fn step(&self, store: &Store, step: Option<Step>, forward: bool) {
        let Some(run) = &store.run else { return };
        let step = step.unwrap_or(store.tools.step);
        if step == Step::Moment {
            // There may be hundreds of thousands: the view tells the nearest.
            return self.step_moment(if forward { 1 } else { -1 });
        }
        let moments = step.moments(run, store.selected().as_ref());
        self.seek(match forward {
            true => next_moment(&moments, self.now(), store.end()),
            false => previous_moment(&moments, self.now()),
        });
    }

    /// Compares with the branch before, or no longer; with a single branch shows where to begin.
    fn compare_any(&self, store: &Store) {
        if store.panels.other.is_some() {
            self.tell(Action::Panel(Answer::Other(None)));
        } else if store.branches.len() < 2 {
            self.tell(Action::PaneOpened(Pane::Branches));
        } else {
            let branch = if store.branch == 0 {
                store.branches.len() as u32 - 1
            } else {
                0
            };
            self.ask(Request::Run { branch });
        }
    }

    /// At the loop's end goes back to its beginning; whether it did.
    pub(super) fn loops(&self, store: &Store, playhead: Instant) -> bool {
        let Some((from, to)) = store.tools.whole_loop() else {
            return false;
        };
        // Whoever starts behind the loop is not drawn into it.
        let inside = store.playback.anchor < to && playhead >= to;
        if inside {
            self.tell(Action::Sought {
                at: from,
                wall_ms: wall_ms(),
            });
        }
        inside
    }

    /// A life of each pair of numbers; another one follows, unless something else runs by now.
    #[inline(never)]
    pub(super) fn tuned(&self, request: &Request, points: Vec<Tuned>) {
        let asked_for = |store: &Store| {
            let sweep = store.panels.sweep.clone()?;
            (sweep.text == store.applied).then_some(sweep)
        };
        let Request::Tune(trial) = request else {
            return;
        };
        if asked_for(&self.store()).is_some_and(|sweep| sweep.trial == *trial) {
            let none = points.is_empty();
            self.tell(Action::Panel(Answer::Tuned(points)));
            let next = asked_for(&self.store()).filter(|sweep| sweep.lives() < LIVES && !none);
            if let Some(sweep) = next {
                self.bridge.send(Request::Tune(sweep.trial.clone()));
            }
        }
    }

    /// Asks what a line that goes on has printed until now.
    #[inline(never)]
    pub(super) fn follow(&self, store: &Store) {
        let now = self.now().min(store.end());
        if let Some(entry) = store.terminal.stale(now) {
            let command = Following {
                line: entry.line.clone(),
                from: entry.from,
                manifest: entry.manifest.to_string(),
            };
            let at = now.max(entry.from);
            self.ask(Request::Follow { command, at });
        }
    }

    /// The terminal's answer, and what it changed.
    pub(super) fn typed(&self, mut typed: Box<Typed>, loaded: Option<Box<Loaded>>) {
        let edits = typed.edits;
        if edits {
            // There is an editor here, unlike where kubectl cancels at once.
            typed.stderr.clear();
        }
        self.tell(Action::Terminal(Tty::Answered(typed)));
        if edits {
            self.tell(Action::PaneOpened(Pane::Yaml));
        }
        if let Some(loaded) = loaded {
            self.stale.set(true);
            self.awaited.set(None);
            self.tell(Action::Loaded { text: None, loaded });
        }
    }
}

/// The editor's text as a branch of its own.
fn beside(store: &Store) -> Request {
    Request::Variant {
        text: store.text.to_string(),
        name: (store.language.texts().look.another_name)(store.branches.len() + 1),
    }
}
