//! The view of a moment that somebody points at, fetched before they press: then it is shown within
//! the frame of the press.

use readyz_engine::time::Instant;
use readyz_engine::view::{ClusterView, Look};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

#[derive(Default)]
pub struct Foresight {
    /// Where the pointer is.
    pointed: Cell<Option<Instant>>,
    /// What has been asked for.
    asked: RefCell<Option<(Instant, Look)>>,
    /// What came last.
    view: RefCell<Option<(Look, Rc<ClusterView>)>>,
}

impl Foresight {
    /// The pointer is over a moment.
    pub fn point(&self, at: Instant) {
        self.pointed.set(Some(at));
    }

    /// Takes note of what is asked for.
    pub fn ask(&self, at: Instant, look: &Look) {
        *self.asked.borrow_mut() = Some((at, look.clone()));
    }

    /// Whether this is on its way.
    pub fn awaits(&self, at: Instant, look: &Look) -> bool {
        let asked = self.asked.borrow();
        asked
            .as_ref()
            .is_some_and(|(of, for_)| (*of, for_) == (at, look))
    }

    /// The answer has come: whether it was asked for here.
    pub fn arrived(&self, at: Instant, look: &Look) -> bool {
        let is_its = self.awaits(at, look);
        if is_its {
            *self.asked.borrow_mut() = None;
        }
        is_its
    }

    /// Keeps what came.
    pub fn keep(&self, look: Look, view: Rc<ClusterView>) {
        *self.view.borrow_mut() = Some((look, view));
    }

    /// Where the pointer went while the view of `at` was on its way.
    pub fn wanted(&self, at: Instant) -> Option<Instant> {
        self.pointed.get().filter(|pointed| *pointed != at)
    }

    /// The view, if it is true of a moment and tells what is looked at.
    pub fn view_at(&self, at: Instant, look: &Look) -> Option<Rc<ClusterView>> {
        let kept = self.view.borrow();
        let (for_, view) = kept.as_ref()?;
        (view.holds_at(at) && for_ == look).then(|| view.clone())
    }

    /// The run is another one, or what was asked for will not come.
    pub fn forget(&self) {
        *self.asked.borrow_mut() = None;
        *self.view.borrow_mut() = None;
    }
}
