//! What to do about YAML that cannot be read.

use super::pasted;
use super::position::{Lines, Span};
use super::yaml::SyntaxError;
use super::{Diagnostic, Severity};

/// The diagnostic of a syntax error in the document that begins at byte `start` of `text`.
pub fn diagnostic(
    text: &str,
    lines: &Lines,
    (start, document): (u32, &str),
    error: &SyntaxError,
) -> Diagnostic {
    let mut at = start + error.at;
    let context = error.context_at.map(|context| start + context);
    let opened = context.map(|context| lines.line(context));
    let has = |words: &str| error.message.contains(words);
    let next = text.get(at as usize..).and_then(|rest| rest.chars().next());
    let line = lines.text_around(at);
    let mut use_context = false;
    let suggestion = if line.contains("{{") {
        "{{ }} is a template: render it first, with helm template or whatever fills it in".into()
    } else if line.trim_start().starts_with("```") {
        "leave out the lines of ``` around the YAML".into()
    } else if let Some(words) = pasted::remedy(document) {
        words.into()
    } else if has("could not find expected ':'") {
        use_context = true;
        "a colon is missing: write key: value".into()
    } else if has("unexpected end of stream") || has("did not find expected ','") {
        use_context = true;
        match opened {
            Some(line) => format!("close the quote or bracket that is opened in line {line}"),
            None => "close the quote or bracket".into(),
        }
    } else if has("did not find expected key") || has("did not find expected '-'") {
        "check the indentation: keys (and dashes) of one level begin in the same column".into()
    } else if has("mapping values are not allowed") {
        "quote a value that holds a colon, or indent the line like its siblings".into()
    } else if has("cannot start any token") && next == Some('\t') {
        "indent with spaces, not with tabs".into()
    } else if has("cannot start any token") {
        "put the value in quotes".into()
    } else if has("excessive aliasing") || has("exceeded max depth") {
        "write it out flatter, with fewer anchors".into()
    } else if has("unknown anchor") {
        "define it before its use, as in: key: &name value".into()
    } else if has("control characters") {
        "remove the invisible characters".into()
    } else {
        "check the lines around".into()
    };
    if let (true, Some(context)) = (use_context, context) {
        at = context;
    }
    let end = (at as usize + 1).min(text.len()) as u32;
    let span = Span {
        start: at.min(text.len() as u32),
        end,
    };
    let message = ["error converting YAML to JSON: ", &error.message].concat();
    let mut diagnostic = lines.diagnostic(Severity::Error, span, message);
    diagnostic.rule = "VAL-11".into();
    diagnostic.suggestion = Some(suggestion);
    diagnostic
}
