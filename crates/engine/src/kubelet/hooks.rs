//! Lifecycle hooks (HKS-*).

use super::runtime;
use crate::cluster::Cx;
use crate::ids::{PodId, TextId};
use crate::time::Instant;

/// Which hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookKind {
    PostStart,
    PreStop,
}

/// A hook under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookRun {
    /// NEVER while an exec'd command runs.
    pub ends_at: Instant,
    /// The exec session that ends it.
    pub exec: Option<u32>,
    /// The text of the failure, once known.
    pub failure: Option<TextId>,
}

/// Starts a container's hook.
pub fn start(cx: &mut Cx, pod: PodId, container: u16, kind: HookKind) -> HookRun {
    runtime::start_hook(cx, pod, container, kind)
}
