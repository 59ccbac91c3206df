//! The view of the moment shown: when it is asked for, and what waits for it.

use super::Director;
use crate::store::Store;
use readyz_engine::session::Request;
use readyz_engine::time::Instant;
use readyz_engine::view::ClusterView;

impl Director {
    pub(super) fn ask_for_view(&self, store: &Store, now: Instant) {
        if store.run.is_none()
            || self.awaited.get() == Some(now)
            || self.view_at(store, now).is_some()
        {
            return;
        }
        self.awaited.set(Some(now));
        self.ask(Request::Seek {
            at: now,
            look: store.look(),
        });
    }

    /// The view, if it is true of a moment and tells what is looked at.
    fn view_at<'a>(&self, store: &'a Store, now: Instant) -> Option<&'a ClusterView> {
        let view = store.view.as_deref()?;
        let holds = view.at <= now && now < view.valid_until && !self.stale.get();
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
