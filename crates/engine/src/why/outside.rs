//! What happens to a container without a record of its own: a dependency outside of the cluster.

use super::walk::Walk;
use super::words::{Key, Sentence};
use super::Link;
use crate::api::{Container, Handler, ProbeKind};
use crate::container::registry::described;
use crate::scenario::Act;
use crate::time::Instant;

impl Walk<'_> {
    /// Whether an act switches a dependency that this container asks.
    pub(super) fn switches_what_i_ask(&self, act: &Act) -> bool {
        matches!(act, Act::Dependency { name, .. } if self.asks(name))
    }

    fn entry(&self) -> Option<&crate::scenario::ImageSpec> {
        described(&self.cluster.images, &self.declared?.image)
    }

    /// By what its image is described to need, or by a command that names it.
    fn asks(&self, name: &str) -> bool {
        let needs = |needs: &Option<String>| needs.as_deref() == Some(name);
        let described = self.entry().is_some_and(|entry| {
            let ends = entry.exit.as_ref().is_some_and(|exit| needs(&exit.needs));
            ends || entry.http.iter().any(|rule| needs(&rule.needs))
        });
        described || self.declared.is_some_and(|declared| names(declared, name))
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
}

/// Whether a command of the container names it.
fn names(declared: &Container, name: &str) -> bool {
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
