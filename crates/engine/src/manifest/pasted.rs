//! What a manifest loses on its way through a web page: indentation, line breaks, its own colons; and
//! what it gains: line numbers.

/// What to do about a document that was damaged so, in words; None: it is wrong otherwise.
#[inline(never)]
pub fn remedy(document: &str) -> Option<&'static str> {
    let mut lines = document
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .peekable();
    if is_numbered(lines.clone()) {
        return Some("leave out the line numbers");
    }
    while let Some(line) = lines.next() {
        if line.contains("apiVersion：") || line.contains("kind：") {
            return Some("write : and a space, not ：");
        }
        let is_flow = line.contains('{');
        if !is_flow && line.contains("apiVersion: ") && line.contains(" kind: ") {
            return Some("the line breaks are lost: copy the text from where it has them");
        }
        let next_is_flat = lines.peek().is_some_and(|next| {
            ["name:", "labels:", "namespace:"]
                .iter()
                .any(|key| next.starts_with(key))
        });
        if line.trim_end() == "metadata:" && next_is_flat {
            return Some("the indentation is lost: copy the text from where it has it");
        }
    }
    None
}

/// Whether the first two lines are, or begin with, a number and the one after it.
fn is_numbered<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let numbers: Vec<Option<u32>> = lines
        .take(2)
        .map(|line| line.split_whitespace().next()?.parse().ok())
        .collect();
    matches!(numbers[..], [Some(one), Some(two)] if two == one + 1)
}

#[cfg(test)]
mod tests {
    use crate::manifest::parse;

    /// The way out of the first problem.
    fn way_out(text: &str) -> String {
        let problems = parse(text).diagnostics;
        problems
            .first()
            .and_then(|problem| problem.suggestion.clone())
            .unwrap_or_default()
    }

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  \
                       - name: a\n    image: b\n";

    #[test]
    fn a_text_that_is_whole_is_left_alone() {
        assert_eq!(way_out(POD), "");
        let mistyped = POD.replace("image", "imag");
        assert_eq!(way_out(&mistyped), "did you mean image?");
        let flow = "{apiVersion: v1, kind: Pod, metadata: {name: a}, sepc: {}}";
        assert_eq!(way_out(flow), "did you mean spec?");
    }

    #[test]
    fn what_a_paste_lost_is_named_first() {
        let flat: String = POD
            .lines()
            .map(|line| [line.trim(), "\n"].concat())
            .collect();
        assert!(way_out(&flat).starts_with("the indentation is lost"));
        let one_line = ["1 2 3 4 5 ", &POD.replace('\n', " ")].concat();
        assert!(way_out(&one_line).starts_with("the line breaks are lost"));
        let wide = POD.replace(": ", "： ");
        assert_eq!(way_out(&wide), "write : and a space, not ：");
        let second = [POD, "---\n", &flat].concat();
        assert!(way_out(&second).starts_with("the indentation is lost"));
    }

    #[test]
    fn line_numbers_are_named_before_all_else() {
        let numbered = |separator: &str| -> String {
            let lines = POD.lines().zip(1..);
            lines
                .map(|(line, number)| format!("{number}{separator}{line}\n"))
                .collect()
        };
        assert_eq!(way_out(&numbered(" ")), "leave out the line numbers");
        let column = ["1\n2\n3\n|\n", POD].concat();
        assert_eq!(way_out(&column), "leave out the line numbers");
    }
}
