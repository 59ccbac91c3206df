//! Command lines as a shell splits them.

/// The words of a command line; quotes of both kinds hold words together.
pub fn split(line: &str) -> Vec<String> {
    // Patches were recorded without the quotes that had been typed.
    if let Some((before, patch)) = line.split_once(" -p {") {
        let mut words = split(before);
        words.extend(["-p".to_owned(), format!("{{{patch}")]);
        return words;
    }
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(
            split("exec web -- sh -c \"exit 3\""),
            ["exec", "web", "--", "sh", "-c", "exit 3"]
        );
        assert_eq!(split("a ''"), ["a", ""]);
        assert_eq!(
            split("patch x -p {\"a\": 1}"),
            ["patch", "x", "-p", "{\"a\": 1}"]
        );
    }
}
