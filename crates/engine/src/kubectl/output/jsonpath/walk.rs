//! Follows a template through an object.

use super::super::{go_text, Value};
use super::tree::{Filter, Node, Part, Slice};
use std::cmp::Ordering;

/// Values of which more are not looked at: ranges in ranges would go on for ever.
const VALUES_MAX: u32 = 2_000_000;

/// Ranges in ranges deeper than this are refused.
const DEPTH_MAX: u32 = 32;

/// What one part of a template finds.
pub type Found<'v> = Vec<&'v Value>;

/// A template on its way through an object.
pub struct Walk<'v> {
    parts: &'v [Part],
    values: u32,
    /// Ranges that are open.
    depth: u32,
    /// A `range` or an `end` was met.
    begins: bool,
    ends: u32,
    /// Where the last `end` is.
    last_end: Option<usize>,
}

impl<'v> Walk<'v> {
    pub fn new(parts: &'v [Part]) -> Self {
        Walk {
            parts,
            values: 0,
            depth: 0,
            begins: false,
            ends: 0,
            last_end: None,
        }
    }

    /// What the parts from one on find, in order, up to the `end` of the range that they are in.
    pub fn from(&mut self, first: usize, root: &'v Value) -> Result<Vec<Found<'v>>, String> {
        let mut all = Vec::new();
        let mut at = first;
        while let Some(part) = self.parts.get(at) {
            let found = match part {
                Part::Text(text) => vec![text],
                Part::Action(steps) => self.steps(steps, vec![root])?,
            };
            if self.ends > 0 && self.ends <= self.depth {
                self.ends -= 1;
                self.last_end = Some(at);
                break;
            }
            if std::mem::take(&mut self.begins) {
                if self.depth == DEPTH_MAX {
                    return Err("ranges are nested too deeply for readyz".into());
                }
                self.depth += 1;
                for value in &found {
                    all.extend(self.from(at + 1, value)?);
                }
                // To find the end of a range without anything in it.
                if found.is_empty() {
                    self.from(at + 1, &Value::Null)?;
                }
                self.depth -= 1;
                // A range that nothing ends is followed by what is in it, once more.
                at = self.last_end.filter(|end| *end > at).unwrap_or(at);
            } else {
                all.push(found);
            }
            at += 1;
        }
        Ok(all)
    }

    fn steps(&mut self, steps: &'v [Node], start: Found<'v>) -> Result<Found<'v>, String> {
        let mut values = start;
        for step in steps {
            values = self.step(step, values)?;
            self.values += 1 + u32::try_from(values.len()).unwrap_or(u32::MAX / 2);
            if self.values > VALUES_MAX {
                return Err("the template finds more than readyz looks at".into());
            }
        }
        Ok(values)
    }

    fn step(&mut self, step: &'v Node, values: Found<'v>) -> Result<Found<'v>, String> {
        let mut found = Vec::new();
        match step {
            Node::Quoted(text) => found.push(text),
            Node::Literal(value) => found.resize(values.len(), value),
            Node::Word(word) => match word.as_str() {
                "range" => {
                    self.begins = true;
                    found = values;
                }
                "end" if self.depth > 0 => self.ends += 1,
                "end" => return Err("not in range, nothing to end".into()),
                word => return Err(format!("unrecognized identifier {word}")),
            },
            Node::Field(name) => found.extend(values.iter().filter_map(|value| value.get(name))),
            Node::Wildcard => values.into_iter().for_each(|value| match value {
                Value::List(items) => found.extend(items),
                Value::Map(entries) => found.extend(entries.values()),
                _ => {}
            }),
            Node::Recursive => values.into_iter().for_each(|value| {
                self.values += below(value, &mut found);
            }),
            Node::Array(slice) => {
                for value in values.into_iter().filter(|value| **value != Value::Null) {
                    let Value::List(items) = value else {
                        return Err(format!("{} is not array or slice", type_of(value)));
                    };
                    // One that picks nothing is the last to be asked.
                    if !pick(*slice, items, &mut found)? {
                        break;
                    }
                }
            }
            Node::Union(of) => {
                for steps in of {
                    found.extend(self.steps(steps, values.clone())?);
                }
            }
            Node::Filter(filter) => {
                for value in values {
                    let Value::List(items) = value else {
                        let shown = go_text(value);
                        return Err(format!(
                            "{shown} is not array or slice and cannot be filtered"
                        ));
                    };
                    for item in items {
                        if self.holds(filter, item)? {
                            found.push(item);
                        }
                    }
                }
            }
        }
        Ok(found)
    }

    /// Whether a filter lets an element through.
    fn holds(&mut self, filter: &'v Filter, item: &'v Value) -> Result<bool, String> {
        let left = self.steps(&filter.left, vec![item]);
        let is_odd = left.is_err();
        let Some((operator, right)) = &filter.test else {
            // What cannot be followed counts as there.
            return Ok(left.is_ok_and(|left| !left.is_empty()) || is_odd);
        };
        let Some(left) = single(left?)? else {
            return Ok(false);
        };
        let Some(right) = single(self.steps(right, vec![item])?)? else {
            return Ok(false);
        };
        let is_order = |wanted: Ordering| Ok(order(left, right)? == wanted);
        match operator.as_str() {
            "==" => equals(left, right),
            "!=" => Ok(!equals(left, right)?),
            "<" => is_order(Ordering::Less),
            ">" => Ok(!is_order(Ordering::Less)? && !equals(left, right)?),
            "<=" => Ok(is_order(Ordering::Less)? || equals(left, right)?),
            ">=" => Ok(!is_order(Ordering::Less)?),
            operator => Err(format!("unrecognized filter operator {operator}")),
        }
    }
}

/// What is to be compared.
fn single<'v>(found: Found<'v>) -> Result<Option<&'v Value>, String> {
    match found[..] {
        [] => Ok(None),
        [value] => Ok(Some(value)),
        _ => Err("can only compare one element at a time".into()),
    }
}

/// Takes the elements of a slice; false: it is one of none.
fn pick<'v>(slice: Slice, items: &'v [Value], found: &mut Found<'v>) -> Result<bool, String> {
    let length = items.len() as i64;
    let from = slice.from.unwrap_or(0);
    let from = if from < 0 { from + length } else { from };
    let to = slice.to.unwrap_or(length);
    let is_from_end = to < 0 || (to == 0 && slice.is_index);
    let to = if is_from_end { to + length } else { to };
    if from == to {
        return Ok(false);
    }
    let outside = |index: i64| {
        Err(format!(
            "array index out of bounds: index {index}, length {length}"
        ))
    };
    if from >= length || from < 0 {
        return outside(from);
    }
    if to > length || to < 0 {
        return outside(to - 1);
    }
    if from > to {
        return Err(format!(
            "starting index {from} is greater than ending index {to}"
        ));
    }
    let step = slice.step.unwrap_or(1);
    if step <= 0 {
        return Err("step must be > 0".into());
    }
    let step = usize::try_from(step).unwrap_or(usize::MAX);
    found.extend(items[from as usize..to as usize].iter().step_by(step));
    Ok(true)
}

/// A value and all that is in it, but for what holds nothing; how many were looked at.
fn below<'v>(value: &'v Value, found: &mut Found<'v>) -> u32 {
    match value {
        Value::List(items) if !items.is_empty() => {
            found.push(value);
            1 + items.iter().map(|item| below(item, found)).sum::<u32>()
        }
        Value::Map(entries) if !entries.is_empty() => {
            found.push(value);
            1 + entries.values().map(|item| below(item, found)).sum::<u32>()
        }
        Value::Text(text) if !text.is_empty() => {
            found.push(value);
            1
        }
        _ => 1,
    }
}

/// Go's name of a value's type.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int64",
        Value::Text(_) => "string",
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]interface {}",
    }
}

const WRONG_TYPE: &str = "invalid type for comparison";
const OTHER_TYPE: &str = "incompatible types for comparison";

fn is_simple(value: &Value) -> bool {
    matches!(value, Value::Bool(_) | Value::Int(_) | Value::Text(_))
}

fn equals(left: &Value, right: &Value) -> Result<bool, String> {
    if !is_simple(left) || !is_simple(right) {
        return Err(WRONG_TYPE.into());
    }
    match std::mem::discriminant(left) == std::mem::discriminant(right) {
        true => Ok(left == right),
        false => Err(OTHER_TYPE.into()),
    }
}

fn order(left: &Value, right: &Value) -> Result<Ordering, String> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => Ok(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Ok(a.cmp(b)),
        (Value::Bool(_), Value::Bool(_)) => Err(WRONG_TYPE.into()),
        (a, b) if is_simple(a) && is_simple(b) => Err(OTHER_TYPE.into()),
        _ => Err(WRONG_TYPE.into()),
    }
}
