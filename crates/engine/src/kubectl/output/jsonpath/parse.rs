//! Reads a template.

use super::super::Value;
use super::tree::{Filter, Node, Part, Slice};

/// The parts of a template, or why it is none.
pub fn parse(template: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        if open > 0 {
            parts.push(Part::Text(rest[..open].into()));
        }
        let mut reader = Reader {
            rest: &rest[open + 1..],
        };
        parts.push(Part::Action(reader.action()?));
        rest = reader.rest;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.into()));
    }
    Ok(parts)
}

/// The steps of one action that nothing else stands beside.
fn steps(text: &str) -> Result<Vec<Node>, String> {
    let parts = parse(&["{", text, "}"].concat())?;
    Ok(match parts.into_iter().next() {
        Some(Part::Action(steps)) => steps,
        _ => Vec::new(),
    })
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// What ends a name.
fn is_terminator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}'
    )
}

/// `U+002C ','`
fn code_point(c: char) -> String {
    let shown = if c.is_control() {
        String::new()
    } else {
        format!(" '{c}'")
    };
    format!("U+{:04X}{shown}", u32::from(c))
}

struct Reader<'t> {
    /// Behind what was read.
    rest: &'t str,
}

impl<'t> Reader<'t> {
    /// Takes the first `length` bytes.
    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Takes what is before the first character that `ends` accepts, or all.
    fn until(&mut self, ends: impl FnMut(char) -> bool) -> &'t str {
        self.take(self.rest.find(ends).unwrap_or(self.rest.len()))
    }

    /// The steps up to the closing brace.
    fn action(&mut self) -> Result<Vec<Node>, String> {
        let mut steps = Vec::new();
        loop {
            if self.rest.starts_with("[?(") {
                steps.push(self.filter()?);
                continue;
            }
            if self.rest.starts_with("..") {
                self.take(2);
                steps.push(Node::Recursive);
                if self.rest.starts_with(is_word) {
                    steps.push(self.field());
                }
                continue;
            }
            let Some(next) = self.rest.chars().next() else {
                return Err("unclosed action".into());
            };
            match next {
                '\n' | '\r' => return Err("unclosed action".into()),
                '}' => {
                    self.take(1);
                    return Ok(steps);
                }
                // The current object, which is where a path starts anyway.
                ' ' | '@' | '$' => {
                    self.take(1);
                }
                '[' => self.array(&mut steps)?,
                '"' | '\'' => steps.push(self.quoted(next)?),
                '.' => {
                    self.take(1);
                    steps.push(self.field());
                }
                '+' | '-' | '0'..='9' => steps.push(self.number()?),
                c if is_word(c) => steps.push(match self.until(is_terminator) {
                    "true" => Node::Literal(true.into()),
                    "false" => Node::Literal(false.into()),
                    word => Node::Word(word.into()),
                }),
                c => {
                    let shown = code_point(c);
                    return Err(format!("unrecognized character in action: {shown}"));
                }
            }
        }
    }

    /// A field's name; a backslash makes the next character part of it.
    fn field(&mut self) -> Node {
        let mut is_escaped = false;
        let name = self.until(|c| {
            let ends = !is_escaped && is_terminator(c);
            is_escaped = !is_escaped && c == '\\';
            ends
        });
        match name {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        }
    }

    fn number(&mut self) -> Result<Node, String> {
        let sign = usize::from(self.rest.starts_with(['+', '-']));
        let digits = self.rest[sign..].find(|c: char| c != '.' && !c.is_ascii_digit());
        let length = digits.map_or(self.rest.len(), |digits| sign + digits);
        let text = self.take(length);
        if let Ok(whole) = text.parse::<i64>() {
            return Ok(Node::Literal(Value::Int(whole)));
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "x"));
        let is_fraction = fraction.bytes().all(|byte| byte.is_ascii_digit());
        if !is_fraction
            || [whole.trim_start_matches(['+', '-']), fraction]
                .concat()
                .is_empty()
        {
            return Err(format!("cannot parse number {text}"));
        }
        let plain = text.trim_end_matches('0').trim_end_matches('.');
        Ok(Node::Literal(plain.trim_start_matches('+').into()))
    }

    fn quoted(&mut self, quote: char) -> Result<Node, String> {
        let unterminated = || "unterminated quoted string".to_owned();
        let mut last = quote;
        let inner = self.rest[1..].find(|c| {
            let ends = c == '\n' || (c == quote && last != '\\');
            last = c;
            ends
        });
        let end = inner.ok_or_else(unterminated)? + 1;
        if self.rest[end..].starts_with('\n') {
            return Err(unterminated());
        }
        let text = self.take(end + 1);
        let read = unescaped(&text[1..end], quote);
        let read = read.ok_or_else(|| format!("unquote string {text} error invalid syntax"))?;
        Ok(Node::Quoted(read.into()))
    }

    /// `[…]` without a filter.
    fn array(&mut self, into: &mut Vec<Node>) -> Result<(), String> {
        let end = self.rest.find([']', '\n']);
        let end = end.filter(|end| self.rest[*end..].starts_with(']'));
        let end = end.ok_or("unterminated array")?;
        let text = &self.take(end + 1)[1..end];
        let text = if text == "*" { ":" } else { text };
        if text.contains(',') {
            let of = |text: &str| steps(&["[", text.trim_matches(' '), "]"].concat());
            into.push(Node::Union(
                text.split(',').map(of).collect::<Result<_, _>>()?,
            ));
            return Ok(());
        }
        let key = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\''));
        if let Some(key) = key.filter(|key| !key.contains('\'')) {
            into.extend(steps(&[".", key].concat())?);
            return Ok(());
        }
        into.push(Node::Array(slice(text)?));
        Ok(())
    }

    fn filter(&mut self) -> Result<Node, String> {
        self.take("[?(".len());
        // One pair of quotes is known: a parenthesis in it does not end the filter.
        let (mut quote, mut is_closed, mut last) = (None, false, '(');
        let end = self.rest.find(|c| {
            let ends = match c {
                '\n' => true,
                '"' | '\'' if quote.is_none() => {
                    quote = Some(c);
                    false
                }
                '"' | '\'' => {
                    is_closed |= last != '\\' && quote == Some(c);
                    false
                }
                ')' => quote.is_some() == is_closed,
                _ => false,
            };
            last = c;
            ends
        });
        let end = end.filter(|end| self.rest[*end..].starts_with(')'));
        let text = self.take(end.ok_or("unterminated filter")?);
        if !self.rest.starts_with(")]") {
            return Err("unclosed array expect ]".into());
        }
        self.take(")]".len());
        let is_operator = |c| matches!(c, '!' | '<' | '>' | '=');
        let at = text.find(is_operator).filter(|at| *at > 0);
        let sides = at.and_then(|at| {
            let right = text[at..].find(|c| !is_operator(c)).map(|right| at + right);
            // Something is left for the right side.
            let right = right.unwrap_or(text.len() - 1);
            (right > at).then(|| (&text[..at], &text[at..right], &text[right..]))
        });
        Ok(Node::Filter(Box::new(match sides {
            None => Filter {
                left: steps(text)?,
                test: None,
            },
            Some((left, operator, right)) => Filter {
                left: steps(left)?,
                test: Some((operator.into(), steps(right)?)),
            },
        })))
    }
}

/// `1`, `1:2`, `1:2:3`, with anything left out.
fn slice(text: &str) -> Result<Slice, String> {
    let mut parts = [None; 3];
    let mut count = 0;
    for part in text.split(':') {
        let digits = part.strip_prefix('-').unwrap_or(part);
        if count == parts.len() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("invalid array index {text}"));
        }
        if !part.is_empty() {
            let number = part.parse::<i64>();
            let number = number.map_err(|_| format!("array index {part} is not a number"))?;
            parts[count] = Some(number);
        }
        count += 1;
    }
    let [from, to, step] = parts;
    Ok(match count {
        1 => Slice {
            from,
            to: Some(from.unwrap_or(0).saturating_add(1)),
            step,
            is_index: true,
        },
        _ => Slice {
            from,
            to,
            step,
            is_index: false,
        },
    })
}

/// The inside of a quoted text as Go reads it.
fn unescaped(text: &str, quote: char) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let escape = chars.next()?;
        let mut code = |first: u32, digits: usize, base: u32| {
            let mut code = first;
            for _ in 0..digits {
                let digit = chars.next()?.to_digit(base)?;
                code = code.checked_mul(base)?.checked_add(digit)?;
            }
            char::from_u32(code)
        };
        out.push(match escape {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'x' => code(0, 2, 16)?,
            'u' => code(0, 4, 16)?,
            'U' => code(0, 8, 16)?,
            '0'..='7' => code(escape.to_digit(8)?, 2, 8)?,
            '\\' => '\\',
            c if c == quote => quote,
            _ => return None,
        });
    }
    Some(out)
}
