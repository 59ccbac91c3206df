//! Numbers of a manifest, changed in its text.

use readyz_engine::timing::Field;

/// The text with another number in a field: in its line, or, where it has none yet, added to what
/// lacks it.
pub fn with_number(text: &str, field: &Field, value: u32) -> String {
    let number = (field.line as usize).saturating_sub(1);
    let lines: Vec<&str> = text.split('\n').collect();
    let Some(line) = lines.get(number) else {
        return text.to_owned();
    };
    let key = [&field.name, ":"].concat();
    let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    if let Some(at) = line.find(&key) {
        let start = at + key.len();
        let digits = line[start..].find(|c: char| c.is_ascii_digit());
        let Some(from) = digits.map(|offset| start + offset) else {
            return text.to_owned();
        };
        let rest = line[from..].trim_start_matches(|c: char| c.is_ascii_digit());
        changed[number] = [&line[..from], &value.to_string(), rest].concat();
    } else if let Some(brace) = line.find('{') {
        let (before, after) = line.split_at(brace + 1);
        let comma = if after.trim_start().starts_with('}') {
            ""
        } else {
            ", "
        };
        changed[number] = format!("{before}{key} {value}{comma}{after}");
    } else {
        // As deep as what follows.
        let next = lines.get(number + 1).copied().unwrap_or("");
        let indent = next.len() - next.trim_start().len();
        changed.insert(number + 1, format!("{}{key} {value}", " ".repeat(indent)));
    }
    changed.join("\n")
}

/// Several of them, from the last line to the first: a line that is added moves what follows.
pub fn with_numbers(text: &str, changes: &[(Field, u32)]) -> String {
    let mut order: Vec<&(Field, u32)> = changes.iter().collect();
    order.sort_by_key(|(field, _)| std::cmp::Reverse(field.line));
    let mut text = text.to_owned();
    for (field, value) in order {
        text = with_number(&text, field, *value);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, line: u32) -> Field {
        Field {
            name: name.into(),
            path: String::new(),
            line,
            written: true,
            value: 3,
        }
    }

    #[test]
    fn a_number_is_replaced_in_block_and_flow() {
        let text = "a:\n  periodSeconds: 10 # often\n";
        let changed = with_number(text, &field("periodSeconds", 2), 5);
        assert_eq!(changed, "a:\n  periodSeconds: 5 # often\n");
        let flow = "p: {periodSeconds: 10, failureThreshold: 3}\n";
        let changed = with_number(flow, &field("failureThreshold", 1), 6);
        assert_eq!(changed, "p: {periodSeconds: 10, failureThreshold: 6}\n");
    }

    #[test]
    fn several_numbers_do_not_get_into_each_others_way() {
        let text = "probe:\n    tcpSocket: {port: 1}\n    failureThreshold: 3\n";
        let changes = [
            (field("periodSeconds", 1), 5),
            (field("failureThreshold", 3), 2),
        ];
        let changed = with_numbers(text, &changes);
        assert_eq!(
            changed,
            "probe:\n    periodSeconds: 5\n    tcpSocket: {port: 1}\n    failureThreshold: 2\n"
        );
    }

    #[test]
    fn a_default_is_written_where_it_belongs() {
        let text = "probe:\n    tcpSocket: {port: 1}\n";
        let changed = with_number(text, &field("periodSeconds", 1), 5);
        assert_eq!(
            changed,
            "probe:\n    periodSeconds: 5\n    tcpSocket: {port: 1}\n"
        );
        let changed = with_number("probe: {tcp: 1}", &field("periodSeconds", 1), 5);
        assert_eq!(changed, "probe: {periodSeconds: 5, tcp: 1}");
    }
}
