//! What is wrong with a text, where, and what to do about it.

use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// The API server would refuse it.
    Error,
    /// Accepted, but probably not meant.
    Warning,
    /// Worth knowing: not simulated, default applied.
    Info,
}

/// One remark about a text. Lines and columns are 1-based; columns count UTF-16 units, as editors
/// do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub severity: Severity,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    /// The field, as the API server writes paths: `spec.containers[0].livenessProbe`.
    pub path: String,
    /// A rule of semantics/ (`VAL-07`), or of the advice (`RZ012`); empty if neither.
    pub rule: String,
    /// The API server's words first.
    pub message: String,
    /// A way out: "did you mean livenessProbe?".
    pub suggestion: Option<String>,
    pub fix: Option<TextEdit>,
}

/// A replacement of a stretch of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextEdit {
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    pub replacement: String,
}
