//! `-l`: requirements on labels, and what the API server says of texts that are none.
//! https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors

use super::output::{list, map, Map};
use crate::api::{SelectorOperator, SelectorRequirement, StringMap};
use crate::manifest::{label_value, qualified_name};

/// Requirements on labels, joined by and.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    /// Each with the sign or word that says it; empty without one.
    requirements: Vec<(SelectorRequirement, &'static str)>,
}

impl Selector {
    /// Reads `a=b,c!=d,e,!f,g in (x,y),h notin (z),i>1`.
    pub fn parse(text: &str) -> Result<Selector, String> {
        let mut parser = Parser {
            tokens: tokens(text)?,
            at: 0,
        };
        let mut requirements = Vec::new();
        loop {
            match parser.next_value() {
                "" => return Ok(Selector { requirements }),
                other if !is_word(other) && other != "!" => {
                    return Err(format!(
                        "found '{other}', expected: !, identifier, or 'end of string'"
                    ))
                }
                _ => {}
            }
            let requirement = parser.requirement();
            requirements
                .push(requirement.map_err(|why| format!("unable to parse requirement: {why}"))?);
            match parser.take() {
                "" => return Ok(Selector { requirements }),
                "," => {
                    let next = parser.next_value();
                    if !is_word(next) && next != "!" {
                        return Err(format!("found '{next}', expected: identifier after ','"));
                    }
                }
                other => return Err(format!("found '{other}', expected: ',' or 'end of string'")),
            }
        }
    }

    /// The labels that it asks for by `=` alone; else why an object cannot select by it.
    pub fn pairs(&self) -> Result<Vec<(&str, &str)>, String> {
        let mut others = Vec::new();
        let mut pairs = Vec::new();
        for (requirement, sign) in &self.requirements {
            let SelectorRequirement {
                key,
                operator,
                values,
            } = requirement;
            match (*sign, values.as_slice()) {
                ("=" | "==", [value]) => pairs.push((key.as_str(), value.as_str())),
                ("!=", _) => {
                    return Err(format!("{sign:?} is not a valid label selector operator"))
                }
                ("<" | ">", _) => {
                    let word = if *sign == ">" { "gt" } else { "lt" };
                    return Err(format!("{word:?} isn't supported in label selectors"));
                }
                _ => others.push(format!("{{{key} {operator:?} [{}]}}", values.join(" "))),
            }
        }
        match others.is_empty() {
            true => Ok(pairs),
            false => Err(format!(
                "match expression [{}] not supported on this object",
                others.join(" ")
            )),
        }
    }

    /// As objects hold it.
    pub fn object(&self) -> Map {
        let (mut pairs, mut others) = (map(), Vec::new());
        for (requirement, sign) in &self.requirements {
            match (*sign, requirement.values.as_slice()) {
                ("=" | "==", [value]) => pairs = pairs.set(&requirement.key, value),
                _ => others.push(
                    map()
                        .set("key", &requirement.key)
                        .set("operator", format!("{:?}", requirement.operator))
                        .some("values", list(&requirement.values)),
                ),
            }
        }
        map()
            .some("matchExpressions", list(others))
            .some("matchLabels", pairs)
    }

    /// Whether labels meet every requirement.
    pub fn matches(&self, labels: &StringMap) -> bool {
        let mut requirements = self.requirements.iter();
        requirements.all(|(requirement, _)| requirement.matches(labels))
    }
}

/// Characters that are no part of a word.
const SPECIAL: [char; 7] = ['=', '!', '(', ')', ',', '>', '<'];

fn is_word(token: &str) -> bool {
    !token.is_empty() && !token.starts_with(SPECIAL)
}

/// The words and signs of a text; an operator is the longest that its signs make.
fn tokens(text: &str) -> Result<Vec<&str>, String> {
    const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(SPACE);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '!' | '=' if rest[1..].starts_with('=') => 2,
            first if SPECIAL.contains(&first) => 1,
            _ => {
                let end = |c: char| SPECIAL.contains(&c) || SPACE.contains(&c);
                rest.find(end).unwrap_or(rest.len())
            }
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start_matches(SPACE);
    }
    Ok(tokens)
}

struct Parser<'t> {
    tokens: Vec<&'t str>,
    at: usize,
}

impl<'t> Parser<'t> {
    /// The next token; empty at the end.
    fn next_value(&self) -> &'t str {
        self.tokens.get(self.at).copied().unwrap_or("")
    }

    fn take(&mut self) -> &'t str {
        let token = self.next_value();
        self.at += 1;
        token
    }

    fn requirement(&mut self) -> Result<(SelectorRequirement, &'static str), String> {
        let is_absent = self.next_value() == "!";
        if is_absent {
            self.take();
        }
        let key = self.take();
        if !is_word(key) {
            return Err(format!("found '{key}', expected: identifier"));
        }
        let wrong = qualified_name(key);
        if !wrong.is_empty() {
            return Err(format!(
                "<nil>: Invalid value: \"{key}\": {}",
                wrong.join("; ")
            ));
        }
        let of = |operator, values: Vec<String>| SelectorRequirement {
            key: key.to_owned(),
            operator,
            values,
        };
        if is_absent {
            return Ok((of(SelectorOperator::DoesNotExist, Vec::new()), ""));
        }
        if matches!(self.next_value(), "" | ",") {
            return Ok((of(SelectorOperator::Exists, Vec::new()), ""));
        }
        let (sign, operator) = match self.take() {
            "=" => ("=", SelectorOperator::In),
            "==" => ("==", SelectorOperator::In),
            "in" => ("in", SelectorOperator::In),
            "!=" => ("!=", SelectorOperator::NotIn),
            "notin" => ("notin", SelectorOperator::NotIn),
            ">" => (">", SelectorOperator::Gt),
            "<" => ("<", SelectorOperator::Lt),
            other => {
                return Err(format!(
                    "found '{other}', expected: in, notin, =, ==, !=, gt, lt"
                ))
            }
        };
        let values = match sign {
            "in" | "notin" => self.list()?,
            _ => vec![self.value()?],
        };
        valid(key, operator, &values)?;
        Ok((of(operator, values), sign))
    }

    fn value(&mut self) -> Result<String, String> {
        match self.next_value() {
            "" | "," => Ok(String::new()),
            value if is_word(value) => Ok(self.take().to_owned()),
            other => Err(format!("found '{other}', expected: identifier")),
        }
    }

    /// `(a,b)`; what is missing between commas is the empty value.
    fn list(&mut self) -> Result<Vec<String>, String> {
        match self.take() {
            "(" => {}
            other => return Err(format!("found '{other}' expected: '('")),
        }
        let mut values = Vec::new();
        loop {
            let value = match self.next_value() {
                "," | ")" => "",
                word if is_word(word) => self.take(),
                other if values.is_empty() => {
                    return Err(format!("found '{other}', expected: ',', ')' or identifier"))
                }
                other => return Err(format!("found '{other}', expected: ',', or identifier")),
            };
            values.push(value.to_owned());
            match self.take() {
                ")" => break,
                "," => {}
                other => return Err(format!("found '{other}', expected: ',' or ')'")),
            }
        }
        values.sort();
        values.dedup();
        Ok(values)
    }
}

/// Values that a label can have; numbers to compare with.
fn valid(key: &str, operator: SelectorOperator, values: &[String]) -> Result<(), String> {
    let mut refusals = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let is_compared = matches!(operator, SelectorOperator::Gt | SelectorOperator::Lt);
        if is_compared && value.parse::<i64>().is_err() {
            refusals.push(format!(
                "values[{index}]: Invalid value: \"{value}\": for 'Gt', 'Lt' operators, the value \
                 must be an integer"
            ));
        }
        let wrong = label_value(value);
        if !wrong.is_empty() {
            let wrong = wrong.join("; ");
            refusals.push(format!(
                "values[{index}][{key}]: Invalid value: \"{value}\": {wrong}"
            ));
        }
    }
    match refusals.as_slice() {
        [] => Ok(()),
        [one] => Err(one.clone()),
        all => Err(format!("[{}]", all.join(", "))),
    }
}
