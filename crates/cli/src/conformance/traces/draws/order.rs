//! Who came first where controllers race within milliseconds.

use super::{Seen, SeenSet, SECOND};
use readyz_engine::trace::DeploymentRow;

impl Seen {
    /// A Deployment's status counted none of its new Pods.
    pub(super) fn count_late(&mut self, deployment: &str, t: i64) {
        for set in &mut self.sets {
            let owner = set.name.rsplit_once('-').map(|(of, _)| of);
            set.is_counted_late |= owner == Some(deployment) && t - set.created < SECOND;
        }
    }

    /// A Deployment's condition Progressing names the ReplicaSet that it is about.
    pub(super) fn note_created(&mut self, row: &DeploymentRow) {
        let mut conditions = row.conditions.iter();
        let Some((_, progress)) = conditions.find(|(of, _)| of == "Progressing") else {
            return;
        };
        let is_created = progress.starts_with("True/NewReplicaSetCreated");
        for set in &mut self.sets {
            set.progress_is_told = true;
            set.creation_is_told |= is_created && progress.contains(&format!("\"{}\"", set.name));
        }
    }

    /// Services whose first slice came after a status of a Pod that it has.
    pub(super) fn late_slices(&self) -> Vec<String> {
        let known = |pod: &String| self.pods.get(pod).and_then(|pod| pod.known);
        let slices = self.first_slices.iter();
        let late = slices.filter(|(_, (at, pods))| pods.iter().filter_map(known).any(|k| k < *at));
        late.map(|(service, _)| service.clone()).collect()
    }

    /// The ReplicaSet of a name; a Pod comes after its owner, but their rows may not.
    pub(super) fn set(&mut self, name: &str, t: i64) -> &mut SeenSet {
        let place = self.sets.iter().position(|set| set.name == name);
        let place = place.unwrap_or_else(|| {
            self.sets.push(SeenSet {
                name: name.to_owned(),
                created: t,
                pods: Vec::new(),
                is_seen: false,
                is_counted_late: false,
                progress_is_told: false,
                creation_is_told: false,
            });
            self.sets.len() - 1
        });
        &mut self.sets[place]
    }
}

impl SeenSet {
    /// Whether its creation was not told, though its Deployment tells of progress.
    pub(super) fn is_untold(&self) -> bool {
        self.progress_is_told && !self.creation_is_told
    }
}
