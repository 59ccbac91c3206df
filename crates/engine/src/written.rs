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

impl Manifest {
    fn of(located: &Located<Object>, is_applied: bool) -> Manifest {
        let (kind, name) = object_name(&located.object);
        let place = located.source.root().at("metadata.namespace");
        let namespace = place.and_then(|node| node.text()).unwrap_or_default();
        Manifest {
            kind: kind.to_ascii_lowercase(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            source: located.source.clone(),
            is_applied,
        }
    }

    /// What tells objects apart.
    fn names(&self) -> [&str; 3] {
        [&self.kind, &self.namespace, &self.name]
    }
}

/// The newest manifest of every object.
#[derive(Clone, Debug, Default)]
pub struct Written(Arc<Vec<Manifest>>);

impl Written {
    /// What a stream writes.
    pub fn of(objects: &[Located<Object>]) -> Written {
        let all: Vec<Manifest> = objects.iter().map(|o| Manifest::of(o, true)).collect();
        // Sorted: a long text names each object against all others otherwise.
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by(|a, b| all[*a].names().cmp(&all[*b].names()));
        let mut is_newest = vec![true; all.len()];
        for pair in order.windows(2) {
            is_newest[pair[0]] = all[pair[0]].names() != all[pair[1]].names();
        }
        let newest = all.into_iter().zip(is_newest).filter(|(_, newest)| *newest);
        Written(Arc::new(newest.map(|(manifest, _)| manifest).collect()))
    }

    /// An object was applied, or created.
    pub fn note(&mut self, located: &Located<Object>, is_applied: bool) {
        let manifest = Manifest::of(located, is_applied);
        let known = Arc::make_mut(&mut self.0);
        known.retain(|other| other.names() != manifest.names());
        known.push(manifest);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::parse;

    /// APP-02: what is shown of an object is what was written of it last.
    #[test]
    fn the_newest_manifest_of_an_object_is_kept() {
        let map = |name: &str, value: &str| {
            format!(
                "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}, data: {{k: {value}}}}}\n---\n"
            )
        };
        let text = [map("b", "old"), map("a", "x"), map("b", "new")].concat();
        let written = Written::of(&parse(&text).objects);
        let value = |name: &str| {
            let found = written.find("configmap", "default", name, "default")?;
            let node = found.source.root().at("data.k")?;
            node.text().map(str::to_owned)
        };
        assert_eq!(value("b").as_deref(), Some("new"));
        assert_eq!(value("a").as_deref(), Some("x"));
        assert_eq!(written.0.len(), 2);
    }
}
