//! How long functions are.

use crate::scan::{blank, closing, line_of, words};

/// One function of a Rust source.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    /// From the line of `fn` to the line of its closing brace.
    pub lines: usize,
}

/// The functions of a Rust source that have a body, in order.
pub fn functions(source: &str) -> Vec<Function> {
    let code = blank(source);
    let mut found = Vec::new();
    for start in words(&code, "fn") {
        let name: String = code[start + 2..]
            .trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        if name.is_empty() {
            continue; // a function pointer type
        }
        if let Some(open) = body(&code, start) {
            let lines = line_of(&code, closing(&code, open)) - line_of(&code, start) + 1;
            found.push(Function { name, lines });
        }
    }
    found
}

/// Where the body of the function at `start` opens; none for a declaration.
fn body(code: &str, start: usize) -> Option<usize> {
    let mut depth = 0;
    for (i, c) in code[start..].char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth == 0 => return Some(start + i),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}
