//! The view of the moment shown: when it is asked for, and what waits for it.

use super::Director;
use crate::platform::frame::{wall_ms, Frame};
use crate::store::{Action, Store};
use readyz_engine::session::Request;
use readyz_engine::time::Instant;
use readyz_engine::view::{ClusterView, Look};
use std::rc::Rc;

/// At rest a moment and its view are shown together, if the view comes in so many milliseconds.
const TOGETHER_MS: i32 = 12;

impl Director {
    /// Takes note of a state that has been rendered.
    pub fn observe(&self) {
        let store = self.store();
        if self.view_cost_ms.get() == f64::MAX {
            self.view_cost_ms.set(wall_ms() - self.view_ms.get());
        }
        self.look_for_nodes();
        let rests = !store.playback.playing;
        if rests && self.ask_for_view(&store, store.playback.anchor) {
            // A frame that is begun now would hold up the one that shows the view.
            Frame::ask_within(&self.frame, TOGETHER_MS);
        } else {
            self.frame.ask();
        }
        if self.steps.get() != 0 {
            self.step_on();
        }
    }

    /// Looks for what moves, and paints it.
    pub(super) fn repaint(&self) {
        self.look_for_nodes();
        self.frame.ask();
    }

    fn look_for_nodes(&self) {
        self.nodes.borrow_mut().collect();
        self.texts_painted_ms.set(0.0);
    }

    /// Whether there is one to wait for.
    pub(super) fn ask_for_view(&self, store: &Store, now: Instant) -> bool {
        if store.run.is_none() || self.view_at(store, now).is_some() {
            return false;
        }
        let is_asked = self.awaited.replace(Some(now)) == Some(now);
        if !is_asked && !self.foresight.awaits(now, &store.look()) {
            self.ask(Request::Seek {
                at: now,
                look: store.look(),
            });
        }
        true
    }

    /// A view has come: of the moment shown, or of one that may be shown next.
    pub(super) fn view_arrived(&self, at: Instant, look: Look, view: Rc<ClusterView>) {
        let was_foreseen = self.foresight.arrived(at, &look);
        if !was_foreseen || self.awaited.get() == Some(at) {
            return self.show(view, look);
        }
        self.foresight.keep(look, view);
        if let Some(next) = self.foresight.wanted(at) {
            self.foresee(next);
        }
    }

    pub(super) fn show(&self, view: Rc<ClusterView>, look: Look) {
        self.stale.set(false);
        self.awaited.set(None);
        self.view_ms.set(wall_ms());
        self.view_cost_ms.set(f64::MAX);
        *self.looked.borrow_mut() = look;
        self.tell(Action::ViewArrived(view));
    }

    /// Fetches the view of a moment that somebody points at, while nothing else is to be done.
    pub(super) fn foresee(&self, at: Instant) {
        let store = self.store();
        let look = store.look();
        self.foresight.point(at);
        let is_idle = !store.playback.playing && !self.stale.get() && !self.bridge.is_busy();
        let is_known =
            || self.view_at(&store, at).is_some() || self.foresight.view_at(at, &look).is_some();
        if is_idle && store.run.is_some() && at <= store.end() && !is_known() {
            self.foresight.ask(at, &look);
            self.ask(Request::Seek { at, look });
        }
    }

    /// The view, if it is true of a moment and tells what is looked at.
    fn view_at<'a>(&self, store: &'a Store, now: Instant) -> Option<&'a ClusterView> {
        let view = store.view.as_deref()?;
        let holds = view.holds_at(now) && !self.stale.get();
        (holds && *self.looked.borrow() == store.look()).then_some(view)
    }

    /// Goes to the stop before or after, as soon as the view tells where it is.
    pub(super) fn step_moment(&self, by: i32) {
        self.steps.set(self.steps.get() + by);
        self.step_on();
    }

    pub(super) fn step_on(&self) {
        let (store, steps) = (self.store(), self.steps.get());
        let now = self.now();
        let view = match store.playback.playing {
            // The moment goes on: the latest view must do.
            true => store.view.as_deref(),
            false => self.view_at(&store, now),
        };
        let Some(view) = view.filter(|_| steps != 0) else {
            self.frame.ask();
            return;
        };
        self.steps.set(steps - steps.signum());
        let stops = view.stops;
        self.seek(match steps {
            1.. => stops.next.map_or(store.end(), |next| next.max(now)),
            _ if stops.here < now => stops.here,
            _ => stops.before,
        });
    }
}
