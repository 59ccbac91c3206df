//! The state as it is now. An action holds as soon as it is told; what is rendered follows, and
//! may be behind: Yew lets events in between a rendering and its effects, so whoever acts upon an
//! event must not go by what was rendered last.

use crate::store::{Action, Store};
use std::cell::RefCell;
use std::rc::Rc;
use yew::UseStateSetter;

/// Owner of the one store.
pub struct Desk {
    store: RefCell<Rc<Store>>,
    show: UseStateSetter<Rc<Store>>,
}

impl Desk {
    /// Begins with a store; `show` renders the later ones.
    pub fn new(store: Rc<Store>, show: UseStateSetter<Rc<Store>>) -> Self {
        Desk {
            store: RefCell::new(store),
            show,
        }
    }

    /// The state now.
    pub fn store(&self) -> Rc<Store> {
        self.store.borrow().clone()
    }

    /// Something has happened.
    pub fn tell(&self, action: Action) {
        let mut next = Store::clone(&self.store.borrow());
        next.apply(action);
        let next = Rc::new(next);
        self.store.replace(next.clone());
        self.show.set(next);
    }
}
