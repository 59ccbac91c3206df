//! What the API server refused of a text when it was applied, each at its place in the text. The
//! front door cannot know it: the rest of the text, and what was there before, decide (API-05).

use super::source::Source;
use crate::cluster::Cluster;
use crate::controllers::ApiError;
use crate::input::STREAM;
use crate::manifest::{Diagnostic, Lines, Severity, Span};

/// More of them help nobody.
const TOLD_MAX: usize = 200;

/// One diagnostic for each object of the text that was refused.
pub(super) fn diagnostics(source: &Source, cluster: &Cluster) -> Vec<Diagnostic> {
    let of_text = cluster.refused.iter().filter(|one| one.input == STREAM);
    let mut of_text = of_text.peekable();
    if of_text.peek().is_none() {
        return Vec::new();
    }
    let lines = Lines::new(&source.text);
    let told = of_text.filter_map(|refusal| {
        let located = source.stream.objects.get(refusal.object as usize)?;
        Some(diagnostic(
            &lines,
            located.source.root(),
            cluster.texts.get(refusal.why),
        ))
    });
    told.take(TOLD_MAX).collect()
}

fn diagnostic(lines: &Lines, root: &crate::manifest::yaml::Node, why: &str) -> Diagnostic {
    let namespace = root.at("metadata.namespace").and_then(|node| node.text());
    let missing = namespace.filter(|name| ApiError::not_found("namespaces", name).text == why);
    let path = match missing {
        Some(_) => "metadata.namespace",
        None => "kind",
    };
    let mut told = lines.diagnostic(Severity::Error, root.find(path).0, why.into());
    told.path = path.into();
    told.rule = "API-05".into();
    if let Some(name) = missing {
        told.suggestion = Some("create it before, by a document of kind Namespace".into());
        let document = format!("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n---\n");
        told.fix = Some(lines.edit(Span::at(0), document));
    }
    told
}
