//! What happens to a container without a record of its own: a dependency outside of the cluster, and
//! the preStop hook, which only the Event of the kill tells of.

use super::walk::{moment, Walk};
use super::words::{Key, Sentence};
use super::Link;
use crate::api::{Handler, ProbeKind};
use crate::events::Object;
use crate::record::What;
use crate::scenario::Act;
use crate::time::Instant;

impl Walk<'_> {
    /// Whether an act switches a dependency that this container asks.
    pub(super) fn switches_what_i_ask(&self, act: &Act) -> bool {
        matches!(act, Act::Dependency { name, .. } if self.asks(name))
    }

    fn entry(&self) -> Option<&crate::scenario::ImageSpec> {
        let declared = self.declared?;
        let mut images = self.cluster.images.iter();
        images.find(|entry| entry.image == declared.image)
    }

    /// By what its image is described to need, or by a command that names it.
    fn asks(&self, name: &str) -> bool {
        let needs = |needs: &Option<String>| needs.as_deref() == Some(name);
        let described = self.entry().is_some_and(|entry| {
            let ends = entry.exit.as_ref().is_some_and(|exit| needs(&exit.needs));
            ends || entry.http.iter().any(|rule| needs(&rule.needs))
        });
        let Some(declared) = self.declared.filter(|_| !described) else {
            return described;
        };
        let probes =
            ProbeKind::ALL
                .into_iter()
                .filter_map(|kind| match &declared.probe(kind)?.handler {
                    Handler::Exec { command } => Some(command),
                    _ => None,
                });
        let words = probes.flatten().chain(declared.command.iter().flatten());
        let mut words = words.chain(declared.args.iter().flatten());
        words.any(|word| word.contains(name))
    }

    /// The dependency without which the process ends, while it is down.
    pub(super) fn missed(&self, since: Instant) -> Option<Link> {
        let needs = self.entry()?.exit.as_ref()?.needs.as_deref()?;
        let mut all = self.cluster.dependencies.iter();
        all.find(|one| one.name == needs && !one.up)?;
        Some(Link {
            at: since,
            record: None,
            rule: String::new(),
            text: Sentence::new(Key::Missed, [self.name(), needs]),
            path: String::new(),
            line: None,
        })
    }

    /// Whether it is the Event of a kill that begins with this container's preStop hook.
    pub(super) fn begins_hook(&self, what: &What) -> bool {
        let What::Event { event, .. } = *what else {
            return false;
        };
        let has_hook = self.declared.is_some_and(|own| own.pre_stop.is_some());
        let stored = self.cluster.events.get(event).filter(|_| has_hook);
        stored.is_some_and(|stored| {
            let emission = &stored.emission;
            emission.reason == "Killing"
                && emission.object == Object::Pod(self.pod_id)
                && emission.container == Some(self.container)
        })
    }

    /// The answer while the hook runs.
    pub(super) fn in_hook(&self, since: Instant) -> Sentence {
        Sentence::new(Key::IsInHook, [self.name(), &moment(since)])
    }
}
