//! A text and what it says.

use super::{DocumentView, Reply};
use crate::manifest::{self, Lines, Severity, Span, Stream};
use std::sync::Arc;

/// Longer texts are not read (product.md §8), in bytes.
const TEXT_MAX: usize = 1_000_000;

/// A text and what it says.
pub(super) struct Source {
    pub text: String,
    pub stream: Stream,
}

impl Source {
    pub(super) fn read(text: &str) -> Arc<Source> {
        Arc::new(Source {
            text: text.into(),
            stream: parse(text),
        })
    }
}

/// What a text says; of one that is too long only that.
pub(super) fn parse(text: &str) -> Stream {
    if text.len() <= TEXT_MAX {
        return manifest::parse_to_run(text);
    }
    let megabytes = TEXT_MAX / 1_000_000;
    let message = format!("the text is longer than {megabytes} MB, which is the limit");
    let mut problem = Lines::new("").diagnostic(Severity::Error, Span::at(0), message);
    problem.suggestion = Some("leave out what the scenario does not need".into());
    Stream {
        diagnostics: vec![problem],
        ..Stream::default()
    }
}

/// What is wrong with a text, and what it holds.
pub(super) fn check(text: &str) -> Reply {
    let stream = parse(text);
    let documents = documents(&stream);
    Reply::Checked(stream.diagnostics, documents)
}

/// The stream's documents with their lines.
pub(super) fn documents(stream: &Stream) -> Vec<DocumentView> {
    stream
        .documents
        .iter()
        .map(|document| DocumentView {
            name: format!("{}/{}", document.kind.to_ascii_lowercase(), document.name),
            first_line: document.first_line,
            last_line: document.last_line,
        })
        .collect()
}
