//! Shell patterns: `*`, `?`, `[a-z]`, `[!a]`, `[[:digit:]]`; quoted characters stand for
//! themselves.

/// A character and whether it was quoted.
pub type Marked = (char, bool);

/// Marks all characters of a text as unquoted.
pub fn unquoted(text: &str) -> Vec<Marked> {
    text.chars().map(|c| (c, false)).collect()
}

/// Whether a word holds an unquoted pattern character.
pub fn is_pattern(word: &[Marked]) -> bool {
    word.iter().any(|(c, quoted)| !quoted && "*?[".contains(*c))
}

/// Whether the whole text matches the pattern.
pub fn matches(pattern: &[Marked], text: &[char]) -> bool {
    // Two positions to come back to suffice: the last star and what it has taken so far.
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        let step = match pattern.get(p) {
            Some(('*', false)) => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some(('?', false)) => Some(1),
            Some(('[', false)) => match bracket(&pattern[p..], text[t]) {
                Some((true, length)) => Some(length),
                Some((false, _)) => None,
                None if text[t] == '[' => Some(1),
                None => None,
            },
            Some((c, _)) if *c == text[t] => Some(1),
            _ => None,
        };
        match (step, star) {
            (Some(length), _) => {
                p += length;
                t += 1;
            }
            (None, Some((at, taken))) => {
                star = Some((at, taken + 1));
                p = at + 1;
                t = taken + 1;
            }
            (None, None) => return false,
        }
    }
    pattern[p..].iter().all(|m| *m == ('*', false))
}

/// Matches one character against `[…]`: whether it does, and the length of the expression. None:
/// the bracket is never closed.
fn bracket(pattern: &[Marked], c: char) -> Option<(bool, usize)> {
    let mut at = 1;
    let negated = matches!(pattern.get(at), Some(('!' | '^', false)));
    if negated {
        at += 1;
    }
    let first = at;
    let mut found = false;
    loop {
        let (low, quoted) = *pattern.get(at)?;
        if low == ']' && !quoted && at > first {
            return Some((found != negated, at + 1));
        }
        if low == '[' && !quoted && pattern.get(at + 1) == Some(&(':', false)) {
            let rest = &pattern[at + 2..];
            let end = rest.iter().position(|m| m.0 == ':')?;
            let name: String = rest[..end].iter().map(|m| m.0).collect();
            found |= in_class(&name, c);
            at += end + 4;
            continue;
        }
        let range = matches!(pattern.get(at + 1), Some(('-', false)))
            && pattern.get(at + 2).is_some_and(|m| m.0 != ']' || m.1);
        if range {
            let high = pattern[at + 2].0;
            found |= low <= c && c <= high;
            at += 3;
        } else {
            found |= low == c;
            at += 1;
        }
    }
}

/// POSIX character classes, in ASCII.
pub fn in_class(name: &str, c: char) -> bool {
    match name {
        "alnum" => c.is_ascii_alphanumeric(),
        "alpha" => c.is_ascii_alphabetic(),
        "blank" => c == ' ' || c == '\t',
        "cntrl" => c.is_ascii_control(),
        "digit" => c.is_ascii_digit(),
        "graph" => c.is_ascii_graphic(),
        "lower" => c.is_ascii_lowercase(),
        "print" => c.is_ascii_graphic() || c == ' ',
        "punct" => c.is_ascii_punctuation(),
        "space" => c.is_ascii_whitespace() || c == '\x0b',
        "upper" => c.is_ascii_uppercase(),
        "xdigit" => c.is_ascii_hexdigit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str) -> bool {
        matches(&unquoted(pattern), &text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn patterns_match_as_in_a_shell() {
        assert!(check("*.txt", "a.txt"));
        assert!(check("a*b*c", "aXbYbZc"));
        assert!(!check("a*b", "ac"));
        assert!(check("[a-c]?", "b1"));
        assert!(check("[!a-c]", "z"));
        assert!(check("[[:digit:]]*", "7x"));
        assert!(check("[]]", "]"));
        assert!(check("", ""));
        assert!(!matches(&[('*', true)], &['x']));
    }
}
