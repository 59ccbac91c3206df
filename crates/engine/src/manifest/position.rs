//! From byte offsets to lines and columns.

use super::{Diagnostic, Severity, TextEdit};
use std::cell::Cell;

/// A stretch of the text, in bytes from its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The empty stretch at `offset`.
    pub const fn at(offset: u32) -> Span {
        Span {
            start: offset,
            end: offset,
        }
    }

    /// From the beginning of this one to the end of `other`.
    pub const fn to(self, other: Span) -> Span {
        Span {
            start: self.start,
            end: other.end,
        }
    }
}

/// A text with the beginnings of its lines. Lines end at `\n` or a lone `\r`, as in editors.
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<u32>,
    /// A byte offset and its column, counted last: most questions come in the order of the text,
    /// and a line may be a megabyte long.
    counted: Cell<(u32, u32)>,
}

impl<'t> Lines<'t> {
    /// Finds the lines of `text`.
    pub fn new(text: &'t str) -> Self {
        Lines {
            text,
            starts: line_starts(text),
            counted: Cell::new((0, 1)),
        }
    }

    /// The 1-based line of a byte offset.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset) as u32
    }

    /// The line around a byte offset.
    pub fn text_around(&self, offset: u32) -> &'t str {
        let line = self.line(offset) as usize;
        let (start, end) = (self.starts[line - 1] as usize, self.starts.get(line));
        let end = end.map_or(self.text.len(), |end| *end as usize);
        &self.text[start..end]
    }

    /// The 1-based line and column (in UTF-16 units) of a byte offset.
    pub fn position(&self, offset: u32) -> (u32, u32) {
        let line = self.line(offset);
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let start = self.starts[line as usize - 1];
        let (from, column) = match self.counted.get() {
            (at, column) if start <= at && at as usize <= end => (at, column),
            _ => (start, 1),
        };
        let units = self.text[from as usize..end].encode_utf16().count() as u32;
        self.counted.set((end as u32, column + units));
        (line, column + units)
    }

    /// `span` without what follows its first line, so that a long value does not colour the page.
    pub fn first_line_of(&self, span: Span) -> Span {
        let rest = self.text.get(span.start as usize..span.end as usize);
        let length = rest.map_or(0, |rest| rest.find(['\n', '\r']).unwrap_or(rest.len()));
        Span {
            start: span.start,
            end: span.start + length as u32,
        }
    }

    /// A remark about `span`.
    pub fn diagnostic(&self, severity: Severity, span: Span, message: String) -> Diagnostic {
        let span = self.first_line_of(span);
        let (line, column) = self.position(span.start);
        let (end_line, end_column) = self.position(span.end);
        Diagnostic {
            severity,
            line,
            column,
            end_line,
            end_column,
            path: String::new(),
            rule: String::new(),
            message,
            suggestion: None,
            fix: None,
        }
    }

    /// The edit that puts `replacement` in the place of `span`.
    pub fn edit(&self, span: Span, replacement: String) -> TextEdit {
        let (line, column) = self.position(span.start);
        let (end_line, end_column) = self.position(span.end);
        TextEdit {
            line,
            column,
            end_line,
            end_column,
            replacement,
        }
    }

    /// Byte offsets at which lines begin.
    pub fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// How many lines there are.
    pub fn count(&self) -> u32 {
        self.starts.len() as u32
    }
}

/// Byte offsets at which lines begin; the first is 0.
fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (i, byte) in bytes.iter().enumerate() {
        // Nearly all are beyond both.
        if *byte > b'\r' {
            continue;
        }
        if *byte == b'\n' || (*byte == b'\r' && bytes.get(i + 1) != Some(&b'\n')) {
            starts.push(i as u32 + 1);
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf16_units() {
        let lines = Lines::new("a\r\né😀x\n\n");
        assert_eq!(lines.position(0), (1, 1));
        assert_eq!(lines.position(3), (2, 1));
        assert_eq!(lines.position(5), (2, 2));
        assert_eq!(lines.position(9), (2, 4));
        assert_eq!(lines.position(12), (4, 1));
        assert_eq!(lines.count(), 4);
        assert_eq!(lines.position(1000), (4, 1));
    }
}
