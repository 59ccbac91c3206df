//! Lines and columns of a text. Both are 1-based; columns count UTF-16 units.

use readyz_engine::manifest::TextEdit;

/// Where a line begins, in bytes; the text's end if it has fewer lines.
fn line_start(text: &str, line: u32) -> usize {
    let mut start = 0;
    for _ in 1..line {
        match text[start..].find('\n') {
            Some(end) => start += end + 1,
            None => return text.len(),
        }
    }
    start
}

/// The byte at a line and column, at most the line's end.
pub fn byte_at(text: &str, line: u32, column: u32) -> usize {
    let start = line_start(text, line);
    let mut units = 1;
    for (offset, letter) in text[start..].char_indices() {
        if units >= column || letter == '\n' {
            return start + offset;
        }
        units += letter.len_utf16() as u32;
    }
    text.len()
}

/// The UTF-16 offset at a line and column, as text areas count.
pub fn unit_at(text: &str, line: u32, column: u32) -> u32 {
    let byte = byte_at(text, line, column);
    text[..byte].encode_utf16().count() as u32
}

/// Line and column of a UTF-16 offset.
pub fn line_column(text: &str, unit: u32) -> (u32, u32) {
    let (mut line, mut column, mut units) = (1, 1, 0);
    for letter in text.chars() {
        if units >= unit {
            break;
        }
        let size = letter.len_utf16() as u32;
        units += size;
        if letter == '\n' {
            line += 1;
            column = 1;
        } else {
            column += size;
        }
    }
    (line, column)
}

/// The text with a stretch replaced.
pub fn edited(text: &str, edit: &TextEdit) -> String {
    let from = byte_at(text, edit.line, edit.column);
    let to = byte_at(text, edit.end_line, edit.end_column).max(from);
    [&text[..from], &edit.replacement, &text[to..]].concat()
}

/// How many lines a text has; a last empty one counts, as editors show it.
pub fn line_count(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(line: u32, column: u32, end_column: u32, replacement: &str) -> TextEdit {
        TextEdit {
            line,
            column,
            end_line: line,
            end_column,
            replacement: replacement.into(),
        }
    }

    #[test]
    fn a_fix_replaces_exactly_its_stretch() {
        let text = "spec:\n  livenesProbe:\n    x: 1\n";
        assert_eq!(
            edited(text, &edit(2, 3, 15, "livenessProbe")),
            "spec:\n  livenessProbe:\n    x: 1\n"
        );
    }

    #[test]
    fn columns_count_utf16_units() {
        let text = "a: 🙂中b\nz";
        assert_eq!(&text[byte_at(text, 1, 4)..], "🙂中b\nz");
        assert_eq!(&text[byte_at(text, 1, 6)..], "中b\nz");
        assert_eq!(unit_at(text, 1, 7), 6);
        assert_eq!(line_column(text, 6), (1, 7));
        assert_eq!(line_column(text, 8), (2, 1));
    }

    #[test]
    fn places_outside_of_the_text_are_its_ends() {
        assert_eq!(byte_at("ab\ncd", 9, 1), 5);
        assert_eq!(byte_at("ab\ncd", 1, 99), 2);
        assert_eq!(edited("ab", &edit(7, 1, 9, "!")), "ab!");
        assert_eq!(line_count("a\nb\n"), 3);
    }
}
