//! Documents whose object an earlier one made.

use super::{Command, Verb};
use crate::manifest::document::{Document, Source};
use crate::manifest::update::{stored, Existing};
use crate::manifest::validate::refused_changes;

impl Command<'_> {
    /// What the server says of a document that its decoder refuses for a fault, if an earlier one
    /// made its object (VAL-23).
    pub(super) fn refused_update(&self, document: &Document, fault: &str) -> Option<String> {
        if self.verb != Verb::Apply {
            return None;
        }
        let former = (*self.existing.get(&self.key(document, &document.name))?)?;
        self.as_existing(former, document, |existing| {
            existing.refusal(document, fault)
        })
    }

    /// Adds what may not change in an object that an earlier document made (VAL-25). A cluster that
    /// answers for itself knows.
    pub(super) fn add_refused_changes(&self, document: &Document, texts: &mut Vec<String>) {
        let key = self.key(document, &document.name);
        let asks = self.verb == Verb::Apply && self.patched.is_none();
        let former = self.existing.get(&key).filter(|_| asks);
        let (Some(Some(former)), Some(source)) = (former, &document.source) else {
            return;
        };
        let kept = |source: &Source| match document.kind.as_str() {
            // Its plain texts count as data.
            "Secret" => source.root().clone(),
            _ => stored(source.root()),
        };
        let refused = refused_changes(&document.kind, &kept(former), &kept(source));
        match refused.comes_first {
            true => texts.splice(..0, refused.texts).for_each(drop),
            false => texts.extend(refused.texts),
        }
    }

    /// Whether a document says anything else than an earlier one, which made its object.
    pub(super) fn is_changed(&self, former: Option<&Source>, document: &Document) -> bool {
        let (Some(former), Some(source)) = (former, document.source.as_ref()) else {
            return former.is_some() != document.source.is_some();
        };
        self.as_existing(former, document, |existing| existing.is_changed(source))
    }

    fn as_existing<T>(
        &self,
        former: &Source,
        document: &Document,
        ask: impl FnOnce(&Existing) -> T,
    ) -> T {
        let live = stored(former.root());
        ask(&Existing {
            original: Some(former.root()),
            live: &live,
            namespace: self.namespace_of(document),
        })
    }
}
