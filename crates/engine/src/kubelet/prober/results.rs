//! Results as the result caches hold them.
//!
//! A cache maps container IDs to results. A worker stores for one ID only, and removes that entry
//! when it moves on or ends, so the entry lives in the worker itself.

use crate::record::ProbeValue;
use serde::{Deserialize, Serialize};

/// A stored result. `Unknown` is stored only as the initial value of a startup probe (PRB-07).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProbeResult {
    Unknown,
    Success,
    Failure,
}

/// One change of a result cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultChange {
    /// The container instance that the result belongs to.
    pub instance: u32,
    /// None: removed. Only a stored value makes an update (PRB-14, PRB-15); a removal is silent.
    pub value: Option<ProbeResult>,
}

impl ResultChange {
    /// The value as the log records it.
    pub const fn recorded(&self) -> ProbeValue {
        match self.value {
            None => ProbeValue::Removed,
            Some(ProbeResult::Unknown) => ProbeValue::Unknown,
            Some(ProbeResult::Success) => ProbeValue::Success,
            Some(ProbeResult::Failure) => ProbeValue::Failure,
        }
    }
}

/// A step changes its cache at most five times: old ID removed, carried-over Success of a sidecar,
/// initial value, Failure of a container that does not run, removal at the worker's end.
const MOST: usize = 5;

/// The changes of one call, in order.
#[derive(Clone, Copy, Debug)]
pub struct Changes {
    len: u8,
    items: [ResultChange; MOST],
}

impl Changes {
    /// No change.
    pub const NONE: Changes = Changes {
        len: 0,
        items: [ResultChange {
            instance: 0,
            value: None,
        }; MOST],
    };

    /// The changes in the order in which they happened.
    pub fn as_slice(&self) -> &[ResultChange] {
        &self.items[..usize::from(self.len)]
    }

    /// Whether nothing changed.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn push(&mut self, change: ResultChange) {
        if let Some(slot) = self.items.get_mut(usize::from(self.len)) {
            *slot = change;
            self.len += 1;
        }
    }
}

impl PartialEq for Changes {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Changes {}

impl<'a> IntoIterator for &'a Changes {
    type Item = &'a ResultChange;
    type IntoIter = std::slice::Iter<'a, ResultChange>;

    fn into_iter(self) -> Self::IntoIter {
        self.as_slice().iter()
    }
}
