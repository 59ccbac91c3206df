//! Who came first where controllers race within milliseconds.

use super::{Seen, SeenSet, SECOND};

impl Seen {
    /// A Deployment's status counted none of its new Pods.
    pub(super) fn count_late(&mut self, deployment: &str, t: i64) {
        for set in &mut self.sets {
            let owner = set.name.rsplit_once('-').map(|(of, _)| of);
            set.is_counted_late |= owner == Some(deployment) && t - set.created < SECOND;
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
            });
            self.sets.len() - 1
        });
        &mut self.sets[place]
    }
}
