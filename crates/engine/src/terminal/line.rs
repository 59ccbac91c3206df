//! Words and stages of a line.

/// When a command of a sequence runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// It is the first, or follows `;`.
    Any,
    /// `&&`.
    Success,
    /// `||`.
    Failure,
}

/// Calls `seen` with the place of every character that stands outside quotes and parentheses, until
/// it says that this is enough.
fn outside_quotes(line: &str, mut seen: impl FnMut(usize, char) -> bool) {
    let mut quote = None;
    let mut escaped = false;
    let mut depth = 0_u32;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, c) if depth == 0 && seen(at, c) => return,
            _ => {}
        }
    }
}

/// The commands of a sequence, and when each runs.
pub fn sequence(line: &str) -> Vec<(After, &str)> {
    let mut parts = Vec::new();
    let (mut after, mut from) = (After::Any, 0);
    outside_quotes(line, |at, c| {
        let rest = &line[at..];
        let (next, length) = match c {
            _ if at < from => return false,
            ';' => (After::Any, 1),
            '&' if rest.starts_with("&&") => (After::Success, 2),
            // In the background: whether it ends makes no difference here.
            '&' if !rest.starts_with("&>") && !line[..at].ends_with(['>', '<']) => (After::Any, 1),
            '|' if rest.starts_with("||") => (After::Failure, 2),
            _ => return false,
        };
        parts.push((after, &line[from..at]));
        (after, from) = (next, at + length);
        false
    });
    if parts.is_empty() || !line[from..].trim().is_empty() {
        parts.push((after, &line[from..]));
    }
    parts
}

/// What comes before the first `|`, and what comes after it.
pub fn first_stage(line: &str) -> (&str, Option<&str>) {
    let mut found = None;
    outside_quotes(line, |at, c| {
        found = (c == '|').then_some(at);
        found.is_some()
    });
    match found {
        Some(at) => (&line[..at], Some(&line[at + 1..])),
        None => (line, None),
    }
}

/// The text with `$(…)` replaced by what it prints, outside single quotes: quoted, so that nothing of
/// it is read as shell; outside double quotes each word of its own.
pub fn substituted(line: &str, mut run: impl FnMut(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = line;
    let mut quote = None;
    while let Some(c) = rest.chars().next() {
        let inner = rest.strip_prefix("$(").filter(|_| quote != Some('\''));
        if let Some((inner, end)) = inner.and_then(|inner| Some((inner, closing(inner)?))) {
            let printed = run(&inner[..end]);
            put_printed(printed.trim_end_matches('\n'), quote.is_some(), &mut out);
            rest = &inner[end + 1..];
            continue;
        }
        let mut length = c.len_utf8();
        match (quote, c) {
            (None | Some('"'), '\\') => {
                length += rest[length..].chars().next().map_or(0, char::len_utf8);
            }
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

fn put_printed(printed: &str, is_quoted: bool, out: &mut String) {
    if is_quoted {
        for c in printed.chars() {
            if matches!(c, '\\' | '"' | '$' | '`') {
                out.push('\\');
            }
            out.push(c);
        }
        return;
    }
    for (number, word) in printed.split_whitespace().enumerate() {
        if number > 0 {
            out.push(' ');
        }
        shell_quote(word, out);
    }
}

/// Where the parenthesis closes that was opened before.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Where a command's output goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sends {
    pub errors_to_output: bool,
    pub drops_output: bool,
    pub drops_errors: bool,
}

/// The words without redirections. Files are not kept: what goes into one is not seen.
pub fn redirected(words: Vec<String>) -> (Vec<String>, Sends) {
    let mut sends = Sends::default();
    let mut left = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        if word == "--" {
            left.push(word);
            left.extend(words);
            break;
        }
        let target = match word.as_str() {
            "2>&1" => {
                sends.errors_to_output = true;
                continue;
            }
            word if word.starts_with("&>") => {
                (sends.drops_output, sends.drops_errors) = (true, true);
                word[2..].trim_start_matches('>')
            }
            word if word.starts_with("2>") => {
                sends.drops_errors = true;
                word[2..].trim_start_matches('>')
            }
            word if word.starts_with('>') || word.starts_with("1>") => {
                sends.drops_output = true;
                word.trim_start_matches(['1', '>'])
            }
            _ => {
                left.push(word);
                continue;
            }
        };
        if target.is_empty() {
            words.next();
        }
    }
    (left, sends)
}

/// Words as a shell splits them: quotes and backslashes, nothing else.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, ' ' | '\t' | '\n') => words.extend(word.take()),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (Some(open), c) if open == c => quote = None,
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(chars.next()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Whether a line of shell does nothing but set variables.
pub fn is_assignment(line: &str) -> bool {
    let words = words(line.strip_prefix("export ").unwrap_or(line));
    let sets = |word: &String| {
        let name = word.split_once('=').map_or("", |(name, _)| name);
        let first = name
            .bytes()
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == b'_');
        first && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
    };
    // What a command prints may be another thing later.
    !words.is_empty() && words.iter().all(sets) && !line.contains(['`', ';', '|', '&', '('])
}

/// A string as YAML and JSON take it.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A list of strings in flow style.
pub fn quote_list(words: &[String], out: &mut String) {
    out.push('[');
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        quote(word, out);
    }
    out.push(']');
}

/// A word as a shell takes it.
pub fn shell_quote(word: &str, out: &mut String) {
    out.push('\'');
    out.push_str(&word.replace('\'', "'\\''"));
    out.push('\'');
}
