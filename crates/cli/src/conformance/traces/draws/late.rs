//! Which probes ran out of time (HDL-05).

use super::{instant, SeenPod, TOLD};
use readyz_engine::api::ProbeKind;
use readyz_engine::recorded::LateProbe;

impl SeenPod {
    /// Those whose events are certainly told.
    pub(super) fn late_probes(&self) -> Vec<LateProbe> {
        let told = self.failures.iter().take(TOLD as usize);
        let late = told.filter(|(_, _, _, late)| *late);
        late.filter_map(|(container, kind, t, _)| {
            let mut kinds = ProbeKind::ALL.into_iter();
            Some(LateProbe {
                container: container.clone(),
                kind: kinds.find(|known| super::clocked::name(*known) == kind)?,
                at: instant(*t),
            })
        })
        .collect()
    }
}
