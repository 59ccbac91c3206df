//! A line's commands and their words, as a shell splits them.

/// Splits at `|` and blanks. Quotes of both kinds hold words together; a backslash outside single
/// quotes takes the next character as it is.
pub(super) fn split(line: &str) -> Result<Vec<Vec<String>>, &'static str> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => {
                let next = chars.next().ok_or("unexpected end of line after \\")?;
                word.get_or_insert_default().push(next);
            }
            (None, '|') => {
                push(&mut commands, &mut word);
                commands.push(Vec::new());
            }
            (None, c) if c.is_whitespace() => push(&mut commands, &mut word),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return Err("unexpected end of line: a quote is open");
    }
    push(&mut commands, &mut word);
    Ok(commands)
}

fn push(commands: &mut [Vec<String>], word: &mut Option<String>) {
    if let (Some(command), Some(word)) = (commands.last_mut(), word.take()) {
        command.push(word);
    }
}
