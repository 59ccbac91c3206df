//! What a document's text needs before libyaml-safer reads it: the last line is ended, and no tag
//! is followed at once by a comma. The library stops the whole program at both; kubectl ends every
//! line itself, and refuses such a tag. A byte order mark within the text is a letter like others:
//! kubectl's reader, unlike the library, does not skip it at the beginning of a line.

use std::borrow::Cow;

/// Stands for a comma behind a tag. A private character that nobody writes, which no tag allows.
const COMMA: char = '\u{f8ee}';

/// Stands for a byte order mark, and is as long.
const MARK: char = '\u{f8ed}';

/// How many bytes longer than the comma it is.
const LONGER: u32 = COMMA.len_utf8() as u32 - 1;

/// A text that is safe to read.
pub struct Guarded<'t> {
    pub text: Cow<'t, str>,
    /// Where commas were replaced, in bytes of the original.
    commas: Vec<u32>,
    has_marks: bool,
}

impl<'t> Guarded<'t> {
    /// Makes a text safe. `harmless` are offsets of commas known to end a plain scalar: before
    /// them no tag can stand.
    pub fn new(text: &'t str, harmless: &[u32]) -> Self {
        let mut commas = commas_behind_tags(text);
        commas.retain(|at| !harmless.contains(at));
        let mut safe = Cow::Borrowed(text);
        if !commas.is_empty() {
            let mut replaced = String::with_capacity(text.len() + 16);
            let mut from = 0;
            for at in &commas {
                replaced.push_str(&text[from..*at as usize]);
                replaced.push(COMMA);
                from = *at as usize + 1;
            }
            replaced.push_str(&text[from..]);
            safe = Cow::Owned(replaced);
        }
        // One at the very beginning is the encoding's.
        let has_marks = text.rfind('\u{feff}').is_some_and(|at| at > 0);
        if has_marks {
            let within = safe.trim_start_matches('\u{feff}');
            let before = &safe[..safe.len() - within.len()];
            let replaced = within.replace('\u{feff}', MARK.encode_utf8(&mut [0; 3]));
            safe = Cow::Owned([before, &replaced].concat());
        }
        if !safe.ends_with('\n') {
            safe.to_mut().push('\n');
        }
        Guarded {
            text: safe,
            commas,
            has_marks,
        }
    }

    /// The original's offset of the first replaced comma in a scalar that begins at `start` of
    /// the safe text; None if its value has none.
    pub fn comma_in(&self, value: &str, start: u64) -> Option<u32> {
        if self.commas.is_empty() || !value.contains(COMMA) {
            return None;
        }
        let start = self.original(start);
        self.commas.iter().find(|at| **at >= start).copied()
    }

    /// The offset in the original of an offset in the safe text.
    pub fn original(&self, offset: u64) -> u32 {
        let mut offset = offset as u32;
        // Each comma before it made the text longer.
        for at in &self.commas {
            if *at < offset {
                offset = offset.saturating_sub(LONGER).max(*at);
            }
        }
        offset
    }

    /// A scalar as it was written.
    pub fn restore(&self, value: String) -> String {
        let value = match self.has_marks {
            true => value.replace(MARK, "\u{feff}"),
            false => value,
        };
        match self.commas.is_empty() {
            true => value,
            false => value.replace(COMMA, ","),
        }
    }
}

/// What is said where a directive asks for a YAML that kubectl's library does not read: 1.2.
pub fn foreign_version(text: &str) -> Option<&'static str> {
    let mut lines = text.lines();
    let first = lines.find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let version = first.and_then(|line| line.strip_prefix("%YAML "));
    let is_foreign = version.is_some_and(|version| version.trim() == "1.2");
    is_foreign.then_some("yaml: found incompatible YAML document")
}

/// Offsets of commas that directly follow what may be a tag.
fn commas_behind_tags(text: &str) -> Vec<u32> {
    let mut commas = Vec::new();
    // Most documents have none.
    let Some(mut at) = text.find('!') else {
        return commas;
    };
    let bytes = text.as_bytes();
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'!') {
        let tag = at + found;
        let mut end = tag + 1;
        let verbatim = bytes.get(end) == Some(&b'<');
        if verbatim {
            end += 1;
        }
        while bytes
            .get(end)
            .is_some_and(|byte| is_tag_byte(*byte, verbatim))
        {
            end += 1;
        }
        if verbatim && bytes.get(end) == Some(&b'>') {
            end += 1;
        }
        // Behind a letter it is part of a word.
        let in_word = tag > 0 && bytes[tag - 1].is_ascii_alphanumeric();
        if bytes.get(end) == Some(&b',') && !in_word {
            commas.push(end as u32);
        }
        at = end;
    }
    commas
}

/// Whether libyaml reads a byte as part of a tag.
fn is_tag_byte(byte: u8, verbatim: bool) -> bool {
    byte.is_ascii_alphanumeric()
        || b"_-;/?:@&=+$.%!~*'()".contains(&byte)
        || (verbatim && b",[]".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_library_reads_otherwise_is_replaced() {
        assert_eq!(commas_behind_tags("a: [!!str, b]"), [9]);
        assert_eq!(commas_behind_tags("a: [&x !t, b]"), [9]);
        assert_eq!(commas_behind_tags("a: [!<t,u>, b]"), [10]);
        assert_eq!(commas_behind_tags("a: [[!t], b]\nc: hello!, d"), [0; 0]);
        let guarded = Guarded::new("[!a, !b, c]", &[]);
        assert_eq!(guarded.text, "[!a\u{f8ee} !b\u{f8ee} c]\n");
        assert_eq!(guarded.original(3), 3);
        assert_eq!(guarded.original(7), 5);
        assert_eq!(guarded.original(13), 9);
        assert_eq!(guarded.restore("!a\u{f8ee}".into()), "!a,");
        let marked = Guarded::new("\u{feff}a: b\n\u{feff}c: d", &[]);
        assert_eq!(marked.text, "\u{feff}a: b\n\u{f8ed}c: d\n");
        assert_eq!(marked.restore("\u{f8ed}c".into()), "\u{feff}c");
        assert_eq!(Guarded::new("[a !, b]", &[4]).text, "[a !, b]\n");
    }
}
