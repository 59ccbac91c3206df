//! `-o jsonpath=…` as kubectl understands it: texts, paths, `range`, filters.

use super::Value;
use crate::kubectl::failure::Failure;
use std::cmp::Ordering;

/// Nested ranges and filters deeper than this are refused.
const DEPTH_MAX: u32 = 32;

/// A template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Path(Vec<Step>),
    Range(Vec<Step>, Vec<Part>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    /// Every element or value.
    All,
    /// Every value at any depth, this one included.
    Descend,
    Slice(Option<i64>, Option<i64>, i64),
    Union(Vec<Step>),
    Filter(Box<Filter>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Filter {
    left: Operand,
    /// Operator and right side; None: whether the left exists.
    test: Option<(String, Operand)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operand {
    Path(Vec<Step>),
    Literal(Value),
}

impl JsonPath {
    /// Reads a template.
    pub fn parse(template: &str) -> Result<JsonPath, Failure> {
        let mut reader = Reader {
            rest: template,
            depth: 0,
        };
        let (parts, ended) = reader.parts(false)?;
        if ended {
            return Err(refused("not in range, nothing to end"));
        }
        Ok(JsonPath { parts })
    }

    /// The values that the template's paths find, in order.
    pub fn find<'v>(&self, root: &'v Value) -> Vec<&'v Value> {
        let mut found = Vec::new();
        for part in &self.parts {
            if let Part::Path(steps) = part {
                found.extend(walk(steps, vec![root]));
            }
        }
        found
    }

    /// The text that the template makes of a value.
    pub fn print(&self, root: &Value) -> String {
        let mut out = String::new();
        print_parts(&self.parts, root, &mut out);
        out
    }
}

fn print_parts(parts: &[Part], current: &Value, out: &mut String) {
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Path(steps) => {
                let texts: Vec<String> = walk(steps, vec![current])
                    .iter()
                    .map(|value| value.plain())
                    .collect();
                out.push_str(&texts.join(" "));
            }
            Part::Range(steps, inner) => {
                for value in walk(steps, vec![current]) {
                    print_parts(inner, value, out);
                }
            }
        }
    }
}

fn walk<'v>(steps: &[Step], start: Vec<&'v Value>) -> Vec<&'v Value> {
    let mut values = start;
    for step in steps {
        let mut next = Vec::new();
        for value in values {
            take(step, value, &mut next);
        }
        values = next;
    }
    values
}

fn take<'v>(step: &Step, value: &'v Value, out: &mut Vec<&'v Value>) {
    match step {
        Step::Field(name) => out.extend(value.get(name)),
        Step::All => match value {
            Value::List(items) => out.extend(items),
            Value::Map(entries) => out.extend(entries.values()),
            _ => {}
        },
        Step::Descend => {
            out.push(value);
            match value {
                Value::List(items) => items.iter().for_each(|item| take(step, item, out)),
                Value::Map(entries) => entries.values().for_each(|item| take(step, item, out)),
                _ => {}
            }
        }
        Step::Slice(from, to, stride) => {
            let Value::List(items) = value else { return };
            let length = items.len() as i64;
            let place = |at: i64| if at < 0 { at + length } else { at }.clamp(0, length);
            let (from, to) = (place(from.unwrap_or(0)), place(to.unwrap_or(length)));
            let picked = (from..to).step_by(usize::try_from(*stride).unwrap_or(1).max(1));
            out.extend(picked.filter_map(|at| items.get(usize::try_from(at).ok()?)));
        }
        Step::Union(steps) => steps.iter().for_each(|step| take(step, value, out)),
        Step::Filter(filter) => {
            if let Value::List(items) = value {
                out.extend(items.iter().filter(|item| filter.holds(item)));
            }
        }
    }
}

impl Filter {
    fn holds(&self, item: &Value) -> bool {
        let value = |operand: &Operand| match operand {
            Operand::Literal(value) => Some(value.clone()),
            Operand::Path(steps) => walk(steps, vec![item])
                .first()
                .map(|value| (*value).clone()),
        };
        let left = value(&self.left);
        let Some((operator, right)) = &self.test else {
            return left.is_some();
        };
        let (Some(left), Some(right)) = (left, value(right)) else {
            return false;
        };
        let order = left.compare(&right);
        match operator.as_str() {
            "==" => order == Ordering::Equal,
            "!=" => order != Ordering::Equal,
            "<" => order == Ordering::Less,
            "<=" => order != Ordering::Greater,
            ">" => order == Ordering::Greater,
            _ => order != Ordering::Less,
        }
    }
}

fn refused(why: &str) -> Failure {
    Failure::client(format!("error parsing jsonpath: {why}"))
}

struct Reader<'t> {
    rest: &'t str,
    depth: u32,
}

impl<'t> Reader<'t> {
    fn enter(&mut self) -> Result<(), Failure> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(refused("nested too deeply"));
        }
        Ok(())
    }

    /// Parts until the end of the text or an `{end}`, and which of both it was.
    fn parts(&mut self, in_range: bool) -> Result<(Vec<Part>, bool), Failure> {
        self.enter()?;
        let mut parts = Vec::new();
        while !self.rest.is_empty() {
            let Some(open) = self.rest.find('{') else {
                parts.push(Part::Text(std::mem::take(&mut self.rest).to_owned()));
                break;
            };
            if open > 0 {
                parts.push(Part::Text(self.rest[..open].to_owned()));
            }
            self.rest = self.rest[open + 1..].trim_start();
            if let Some(rest) = self.rest.strip_prefix("range") {
                self.rest = rest.trim_start();
                let steps = self.path()?;
                self.close()?;
                let (inner, ended) = self.parts(true)?;
                if !ended {
                    return Err(refused("unclosed range"));
                }
                parts.push(Part::Range(steps, inner));
            } else if let Some(rest) = self.rest.strip_prefix("end") {
                self.rest = rest.trim_start();
                self.close()?;
                self.depth -= 1;
                return if in_range {
                    Ok((parts, true))
                } else {
                    Err(refused("not in range, nothing to end"))
                };
            } else if self.rest.starts_with(['"', '\'']) {
                parts.push(Part::Text(self.quoted()?));
                self.close()?;
            } else {
                let steps = self.path()?;
                parts.push(Part::Path(steps));
                self.close()?;
            }
        }
        self.depth -= 1;
        Ok((parts, false))
    }

    fn close(&mut self) -> Result<(), Failure> {
        self.rest = self.rest.trim_start();
        self.rest = self
            .rest
            .strip_prefix('}')
            .ok_or_else(|| refused("unclosed action"))?;
        Ok(())
    }

    fn quoted(&mut self) -> Result<String, Failure> {
        let mut chars = self.rest.char_indices();
        let quote = chars.next().map(|(_, c)| c);
        let mut out = String::new();
        while let Some((at, c)) = chars.next() {
            if Some(c) == quote {
                self.rest = &self.rest[at + c.len_utf8()..];
                return Ok(out);
            }
            if c != '\\' {
                out.push(c);
                continue;
            }
            match chars.next().map(|(_, c)| c) {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => break,
            }
        }
        Err(refused("unterminated quoted string"))
    }

    fn path(&mut self) -> Result<Vec<Step>, Failure> {
        let mut steps = Vec::new();
        self.rest = self.rest.trim_start();
        self.rest = self.rest.strip_prefix(['$', '@']).unwrap_or(self.rest);
        // A leading dot may be left out.
        if self
            .rest
            .starts_with(|c: char| c.is_alphanumeric() || c == '_')
        {
            let name = self.name();
            steps.push(Step::Field(name));
        }
        loop {
            if let Some(rest) = self.rest.strip_prefix("..") {
                self.rest = rest;
                steps.push(Step::Descend);
                if let Some(after) = rest.strip_prefix('*') {
                    self.rest = after;
                    steps.push(Step::All);
                } else if !rest.starts_with('[') {
                    let name = self.name();
                    steps.push(Step::Field(name));
                }
            } else if let Some(rest) = self.rest.strip_prefix('.') {
                self.rest = rest;
                if let Some(rest) = rest.strip_prefix('*') {
                    self.rest = rest;
                    steps.push(Step::All);
                } else if !rest.starts_with('[') {
                    let name = self.name();
                    if !name.is_empty() {
                        steps.push(Step::Field(name));
                    }
                }
            } else if let Some(rest) = self.rest.strip_prefix('[') {
                self.rest = rest;
                let step = self.brackets()?;
                steps.push(step);
            } else {
                return Ok(steps);
            }
        }
    }

    /// A field's name; a backslash makes the next character part of it.
    fn name(&mut self) -> String {
        let mut name = String::new();
        let mut chars = self.rest.char_indices();
        let mut end = self.rest.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => name.extend(chars.next().map(|(_, c)| c)),
                '.' | '[' | ']' | '{' | '}' | '(' | ')' | ' ' | '=' | '!' | '<' | '>' | ','
                | '\t' => {
                    end = at;
                    break;
                }
                c => name.push(c),
            }
        }
        self.rest = &self.rest[end..];
        name
    }

    fn brackets(&mut self) -> Result<Step, Failure> {
        self.enter()?;
        let mut steps = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix("?(") {
                self.rest = rest;
                steps.push(Step::Filter(Box::new(self.filter()?)));
            } else if let Some(rest) = self.rest.strip_prefix('*') {
                self.rest = rest;
                steps.push(Step::All);
            } else if self.rest.starts_with(['"', '\'']) {
                steps.push(Step::Field(self.quoted()?));
            } else {
                steps.push(self.slice()?);
            }
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
                continue;
            }
            self.rest = self
                .rest
                .strip_prefix(']')
                .ok_or_else(|| refused("unterminated array"))?;
            break;
        }
        self.depth -= 1;
        Ok(match steps.len() {
            1 => steps.remove(0),
            _ => Step::Union(steps),
        })
    }

    fn slice(&mut self) -> Result<Step, Failure> {
        let end = self
            .rest
            .find([']', ','])
            .ok_or_else(|| refused("unterminated array"))?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        let invalid = || refused(&format!("invalid array index {text}"));
        let mut numbers = Vec::new();
        for part in text.split(':') {
            let part = part.trim();
            numbers.push(match part {
                "" => None,
                part => Some(part.parse::<i64>().map_err(|_| invalid())?),
            });
        }
        match numbers[..] {
            [Some(at)] => Ok(Step::Slice(
                Some(at),
                (at != -1).then(|| at.saturating_add(1)),
                1,
            )),
            [from, to] => Ok(Step::Slice(from, to, 1)),
            [from, to, stride] => Ok(Step::Slice(from, to, stride.unwrap_or(1))),
            _ => Err(invalid()),
        }
    }

    fn filter(&mut self) -> Result<Filter, Failure> {
        let left = self.operand()?;
        self.rest = self.rest.trim_start();
        let operators = ["==", "!=", "<=", ">=", "<", ">"];
        let operator = operators
            .into_iter()
            .find(|operator| self.rest.starts_with(operator));
        let test = match operator {
            None => None,
            Some(operator) => {
                self.rest = &self.rest[operator.len()..];
                Some((operator.to_owned(), self.operand()?))
            }
        };
        self.rest = self.rest.trim_start();
        self.rest = self
            .rest
            .strip_prefix(')')
            .ok_or_else(|| refused("unterminated filter"))?;
        Ok(Filter { left, test })
    }

    fn operand(&mut self) -> Result<Operand, Failure> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with(['"', '\'']) {
            return Ok(Operand::Literal(Value::Text(self.quoted()?)));
        }
        if self.rest.starts_with(['@', '$', '.']) {
            return Ok(Operand::Path(self.path()?));
        }
        let word = self.name();
        Ok(Operand::Literal(match word.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            word => word.parse().map_or_else(|_| Value::from(word), Value::Int),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{list, map};
    use super::*;

    fn print(template: &str) -> String {
        let conditions = list([
            map().set("type", "Ready").set("status", "False"),
            map().set("type", "Initialized").set("status", "True"),
        ]);
        let root = map()
            .set("kind", "Pod")
            .set("metadata", map().set("labels", map().set("a.b/c", "x")))
            .set("status", map().set("conditions", conditions));
        JsonPath::parse(template).map_or_else(|e| e.line(), |path| path.print(&root.into()))
    }

    #[test]
    fn paths_and_filters_find() {
        assert_eq!(print("{.kind}"), "Pod");
        assert_eq!(print("{.status.conditions[*].type}"), "Ready Initialized");
        assert_eq!(
            print("{.status.conditions[?(@.type==\"Ready\")].status}"),
            "False"
        );
        assert_eq!(print("{.status.conditions[-1].type}"), "Initialized");
        assert_eq!(print("{.metadata.labels.a\\.b/c}"), "x");
        assert_eq!(print("{..type}"), "Ready Initialized");
        assert_eq!(
            print("{range .status.conditions[*]}{.type}={.status}{\"\\n\"}{end}"),
            "Ready=False\nInitialized=True\n"
        );
        assert_eq!(print("{.nosuch.field}"), "");
    }

    #[test]
    fn broken_templates_are_refused() {
        for template in [
            "{",
            "{.a",
            "{range .a[*]}",
            "{end}",
            "{.a[}",
            "{.a[?(@.b}",
            "{\"x",
        ] {
            assert!(JsonPath::parse(template).is_err(), "{template}");
        }
        assert!(JsonPath::parse(&"{range .a}".repeat(1_000)).is_err());
    }
}
