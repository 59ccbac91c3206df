//! Objects as their manifests wrote them: the annotation of `kubectl apply` (APP-02), and fields
//! that nothing simulates but `describe` shows. Kept beside the cluster for kubectl's words alone.

use crate::api::Object;
use crate::manifest::{object_name, Located, Source};
use std::sync::Arc;

/// One object's manifest.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// In lower case.
    kind: String,
    /// Empty if the manifest names none.
    namespace: String,
    name: String,
    pub source: Source,
    /// By `apply` rather than `create`.
    pub is_applied: bool,
}

/// The newest manifest of every object.
#[derive(Clone, Debug, Default)]
pub struct Written(Arc<Vec<Manifest>>);

impl Written {
    /// What a stream writes.
    pub fn of(objects: &[Located<Object>]) -> Written {
        let mut written = Written::default();
        for located in objects {
            written.note(located, true);
        }
        written
    }

    /// An object was applied, or created.
    pub fn note(&mut self, located: &Located<Object>, is_applied: bool) {
        let (kind, name) = object_name(&located.object);
        let kind = kind.to_ascii_lowercase();
        let place = located.source.root().at("metadata.namespace");
        let namespace = place.and_then(|node| node.text()).unwrap_or_default();
        let known = Arc::make_mut(&mut self.0);
        known.retain(|other| {
            (&*other.kind, &*other.namespace, &*other.name) != (&*kind, namespace, name)
        });
        known.push(Manifest {
            kind,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            source: located.source.clone(),
            is_applied,
        });
    }

    /// The manifest of an object; `default` is the namespace of those that name none.
    pub fn find(
        &self,
        kind: &str,
        namespace: &str,
        name: &str,
        default: &str,
    ) -> Option<&Manifest> {
        self.0.iter().find(|manifest| {
            let own = match manifest.namespace.as_str() {
                "" if namespace.is_empty() => "",
                "" => default,
                own => own,
            };
            manifest.kind == kind && own == namespace && manifest.name == name
        })
    }
}
