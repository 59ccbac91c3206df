//! Taking back what was done to the run. Typing is the editor's to undo.

use crate::store::Store;
use readyz_engine::session::BranchView;
use readyz_engine::time::Instant;
use std::rc::Rc;

/// So many acts can be taken back.
const KEPT: usize = 50;

/// The histories as they were.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    pub branches: Rc<Vec<BranchView>>,
    pub branch: u32,
    pub seed: Option<u64>,
    pub at: Instant,
}

/// What can be taken back, and done again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Undo {
    pub past: Vec<Past>,
    pub future: Vec<Past>,
}

impl Store {
    fn present(&self) -> Past {
        Past {
            branches: self.branches.clone(),
            branch: self.branch,
            seed: self.seed,
            at: self.playback.anchor,
        }
    }

    /// Other histories have come: keeps the former ones. A text under no act is left to the editor.
    pub(crate) fn remember(&mut self, branches: &[BranchView]) {
        fn acts(all: &[BranchView]) -> impl Iterator<Item = (&[String], Instant)> {
            all.iter().map(|one| (one.acts.as_slice(), one.forked_at))
        }
        if self.branches.is_empty() || acts(&self.branches).eq(acts(branches)) {
            return;
        }
        let past = self.present();
        self.undo.past.push(past);
        let extra = self.undo.past.len().saturating_sub(KEPT);
        self.undo.past.drain(..extra);
        self.undo.future.clear();
    }

    /// Where undo (or redo) leads.
    pub fn undone(&self, redo: bool) -> Option<&Past> {
        let Undo { past, future } = &self.undo;
        if redo { future } else { past }.last()
    }

    /// Goes there; the engine is asked for the runs.
    pub(crate) fn take_back(&mut self, redo: bool) {
        let present = self.present();
        let (from, to) = match redo {
            true => (&mut self.undo.future, &mut self.undo.past),
            false => (&mut self.undo.past, &mut self.undo.future),
        };
        let Some(past) = from.pop() else { return };
        to.push(present);
        if let Some(branch) = past.branches.get(past.branch as usize) {
            self.text = branch.text.clone().into();
            self.applied = self.text.clone();
            self.acts = Rc::new(branch.acts.clone());
        }
        self.branches = past.branches;
        self.branch = past.branch;
        self.seed = past.seed;
        self.panels.other = None;
        self.playback.playing = false;
        self.playback.anchor = past.at;
    }
}
