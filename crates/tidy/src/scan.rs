//! Rust source with everything that is not code blanked out.

/// Replaces comments and the contents of literals by spaces; lines and columns stay.
pub fn blank(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out: Vec<char> = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skipped(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(
                chars[at..end]
                    .iter()
                    .map(|&c| if c == '\n' { c } else { ' ' }),
            );
            at = end;
        }
    }
    out.into_iter().collect()
}

/// Where the comment or literal that starts at `at` ends; `at` itself where none starts.
fn skipped(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => (at..chars.len())
            .find(|&i| chars[i] == '\n')
            .unwrap_or(chars.len()),
        '/' if next == Some('*') => block_comment(chars, at),
        '"' => string(chars, at + 1),
        'r' if !word_before(chars, at) => raw_string(chars, at),
        'b' if next == Some('r') && !word_before(chars, at) => match raw_string(chars, at + 1) {
            end if end == at + 1 => at,
            end => end,
        },
        '\'' => character(chars, at),
        _ => at,
    }
}

fn word_before(chars: &[char], at: usize) -> bool {
    at > 0 && is_word(chars[at - 1])
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn block_comment(chars: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => {
                depth += 1;
                at += 2;
            }
            ('*', '/') => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    chars.len()
}

fn string(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

fn raw_string(chars: &[char], start: usize) -> usize {
    let hashes = chars[start + 1..].iter().take_while(|&&c| c == '#').count();
    let open = start + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return start; // a raw identifier, or simply a word with r
    }
    (open + 1..chars.len())
        .find(|&i| {
            chars[i] == '"'
                && chars[i + 1..]
                    .iter()
                    .take(hashes)
                    .filter(|&&c| c == '#')
                    .count()
                    == hashes
        })
        .map_or(chars.len(), |i| i + 1 + hashes)
}

/// A character literal; a lifetime is left alone.
fn character(chars: &[char], start: usize) -> usize {
    match (chars.get(start + 1), chars.get(start + 2)) {
        (Some('\\'), _) => (start + 3..chars.len())
            .find(|&i| chars[i] == '\'')
            .map_or(chars.len(), |i| i + 1),
        (Some(_), Some('\'')) => start + 3,
        _ => start,
    }
}

/// Blanks `#[cfg(test)] mod … { … }` in already blanked source.
pub fn without_tests(blanked: &str) -> String {
    let mut text = blanked.to_string();
    let mut from = 0;
    while let Some(found) = text[from..].find("#[cfg(test)]") {
        let start = from + found;
        let body = text[start..].find(['{', ';']).map(|i| start + i);
        let end = match body {
            Some(open) if text.as_bytes()[open] == b'{' => closing(&text, open) + 1,
            Some(semicolon) => semicolon + 1,
            None => text.len(),
        };
        let hidden: String = text[start..end]
            .chars()
            .map(|c| if c == '\n' { c } else { ' ' })
            .collect();
        text.replace_range(start..end, &hidden);
        from = start + hidden.len();
    }
    text
}

/// The index of the brace that closes the one at `open`, or the end of the text.
pub fn closing(blanked: &str, open: usize) -> usize {
    let mut depth = 0;
    for (i, c) in blanked[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return open + i;
                }
            }
            _ => {}
        }
    }
    blanked.len().saturating_sub(1)
}

/// The line, counted from 1, of a byte offset.
pub fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// The offsets of `word` where it stands alone, not inside a longer identifier.
pub fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let starts = word.starts_with(is_word);
    let ends = word.ends_with(is_word);
    text.match_indices(word).map(|(i, _)| i).filter(move |&i| {
        let before = text[..i].chars().next_back().is_some_and(is_word);
        let after = text[i + word.len()..].chars().next().is_some_and(is_word);
        !(starts && before || ends && after)
    })
}
