//! Documents of a stream, as kubectl splits them before it parses anything (VAL-10).

/// The text of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk<'t> {
    pub text: &'t str,
    /// Where it begins, in bytes.
    pub start: u32,
    /// What stands after the `---` that ends it and must not; and where, in bytes.
    pub bad_separator: Option<(&'t str, u32)>,
}

/// Splits what stands from `from` on at lines that begin with `---`. A wrong separator ends the
/// reading: what stands before it is lost with it.
pub fn split(text: &str, from: usize) -> Vec<Chunk<'_>> {
    let mut chunks = Vec::new();
    // The mark at the beginning of a file belongs to its encoding, not to the text.
    let mut start = match from {
        0 if text.starts_with('\u{feff}') => 3,
        from => from,
    };
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix("---") {
            let rest = rest.trim();
            let bad = !rest.is_empty() && !rest.starts_with('#');
            if at > start || bad {
                chunks.push(Chunk {
                    text: &text[start..at],
                    start: start as u32,
                    bad_separator: bad.then_some((rest, at as u32)),
                });
            }
            if bad {
                return chunks;
            }
            start = at + line.len();
        }
        at += line.len();
    }
    if at > start {
        chunks.push(Chunk {
            text: &text[start..at],
            start: start as u32,
            bad_separator: None,
        });
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(stream: &str) -> Vec<&str> {
        split(stream, 0).iter().map(|chunk| chunk.text).collect()
    }

    #[test]
    fn documents_end_at_three_dashes() {
        assert_eq!(texts("a: 1\n--- # next\r\nb: 2"), ["a: 1\n", "b: 2"]);
        assert_eq!(texts("\u{feff}---\na: 1\n---\n---\n"), ["a: 1\n"]);
        assert_eq!(texts("a: |\n  ---\n  b\n"), ["a: |\n  ---\n  b\n"]);
        assert_eq!(texts(""), [""; 0]);
    }

    #[test]
    fn words_after_the_dashes_are_wrong() {
        let chunks = split("a: 1\n--- foo\nb: 2\n", 0);
        assert_eq!(chunks[0].bad_separator, Some(("foo", 5)));
        assert_eq!(split("----\n", 0)[0].bad_separator, Some(("-", 0)));
    }
}
