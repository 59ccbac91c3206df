//! The functions that a template can call: those of Go's `text/template` that print and compare, and
//! kubectl's own two.

use super::datum::Datum;
use super::escape::escape;
use super::print::{print, printf};
use crate::manifest::decode_base64;

/// Name, and how many arguments it takes at least and at most.
const FUNCTIONS: &[(&str, usize, usize)] = &[
    ("and", 1, usize::MAX),
    ("base64decode", 1, 1),
    ("call", 1, usize::MAX),
    ("eq", 1, usize::MAX),
    ("exists", 1, usize::MAX),
    ("ge", 2, 2),
    ("gt", 2, 2),
    ("html", 0, usize::MAX),
    ("index", 1, usize::MAX),
    ("js", 0, usize::MAX),
    ("le", 2, 2),
    ("len", 1, 1),
    ("lt", 2, 2),
    ("ne", 2, 2),
    ("not", 1, 1),
    ("or", 1, usize::MAX),
    ("print", 0, usize::MAX),
    ("printf", 1, usize::MAX),
    ("println", 0, usize::MAX),
    ("slice", 1, 4),
    ("urlquery", 0, usize::MAX),
];

/// How many arguments a function takes; None: there is no such function.
pub fn arity(name: &str) -> Option<(usize, usize)> {
    let known = FUNCTIONS.iter().find(|(known, ..)| *known == name);
    known.map(|(_, least, most)| (*least, *most))
}

/// The value of a call; `and` and `or` are not among them, because they stop early.
pub fn call<'v>(name: &str, given: &[Datum<'v>]) -> Result<Datum<'v>, String> {
    let (first, rest) = match given.split_first() {
        Some((first, rest)) => (first.clone(), rest),
        None => (Datum::Nothing, given),
    };
    let truth = |truth: Result<bool, String>| truth.map(Datum::Bool);
    let second = || rest.first().cloned().unwrap_or(Datum::Nothing);
    match name {
        "not" => Ok(Datum::Bool(!first.truth())),
        "eq" => truth(equals(&first, rest)),
        "ne" => truth(first.equals(&second()).map(|same| !same)),
        "lt" => truth(first.order(&second()).map(|order| order.is_lt())),
        "le" => truth(first.order(&second()).map(|order| order.is_le())),
        "gt" => truth(first.order(&second()).map(|order| order.is_gt())),
        "ge" => truth(first.order(&second()).map(|order| order.is_ge())),
        "len" => length(&first),
        "index" => index(first, rest),
        "slice" => slice(first, rest),
        "exists" => Ok(Datum::Bool(exists(first, rest))),
        "print" => Ok(Datum::Text(print(given, false).into())),
        "println" => Ok(Datum::Text(print(given, true).into())),
        "printf" => match &first {
            Datum::Text(format) => Ok(Datum::Text(printf(format, rest).into())),
            other => Err(wrong_type(other, "string")),
        },
        "base64decode" => base64decode(&first),
        _ => match escape(name, given) {
            Some(text) => Ok(Datum::Text(text.into())),
            None => Err(["no function ", name].concat()),
        },
    }
}

fn wrong_type(given: &Datum, wanted: &str) -> String {
    format!(
        "wrong type for value; expected {wanted}; got {}",
        given.type_name()
    )
}

fn equals(first: &Datum, others: &[Datum]) -> Result<bool, String> {
    if others.is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for other in others {
        if first.equals(other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn length(of: &Datum<'_>) -> Result<Datum<'static>, String> {
    let length = match of {
        Datum::Text(text) => text.len(),
        Datum::List(items) => items.len(),
        Datum::Map(entries) => entries.len(),
        Datum::Nothing => {
            return Err("reflect: call of reflect.Value.Type on zero Value".to_owned());
        }
        other => return Err(["len of type ", other.type_name()].concat()),
    };
    Ok(Datum::Int(length as i64))
}

/// A place in a list; `most` is one that is still allowed.
fn place(at: &Datum, most: usize) -> Result<usize, String> {
    match at {
        Datum::Int(number) => match usize::try_from(*number) {
            Ok(at) if at <= most => Ok(at),
            _ => Err(format!("index out of range: {number}")),
        },
        Datum::Nothing => Err("cannot index slice/array with nil".to_owned()),
        other => {
            let name = other.type_name();
            Err(["cannot index slice/array with type ", name].concat())
        }
    }
}

fn index<'v>(of: Datum<'v>, at: &[Datum]) -> Result<Datum<'v>, String> {
    let mut value = of;
    if value == Datum::Nothing {
        return Err("index of untyped nil".to_owned());
    }
    for at in at {
        value = match (&value, at) {
            (Datum::List(items), at) => {
                let found = place(at, items.len().wrapping_sub(1)).map(|at| items.get(at));
                match found? {
                    Some(item) => Datum::of(item),
                    None => return Err(format!("index out of range: {}", at.print())),
                }
            }
            (Datum::Map(entries), Datum::Text(key)) => {
                entries.get(&**key).map_or(Datum::Nothing, Datum::of)
            }
            (Datum::Map(_), Datum::Nothing) => {
                return Err("value is nil; should be of type string".to_owned());
            }
            (Datum::Map(_), other) => {
                let name = other.type_name();
                return Err(format!("value has type {name}; should be string"));
            }
            (Datum::Text(text), at) => {
                let at = place(at, text.len().saturating_sub(1))?;
                match text.as_bytes().get(at) {
                    Some(byte) => Datum::Int(i64::from(*byte)),
                    None => return Err(format!("index out of range: {at}")),
                }
            }
            (Datum::Nothing, _) => return Err("index of nil pointer".to_owned()),
            (other, _) => return Err(["can't index item of type ", other.type_name()].concat()),
        };
    }
    Ok(value)
}

fn slice<'v>(of: Datum<'v>, at: &[Datum]) -> Result<Datum<'v>, String> {
    let length = match &of {
        Datum::Text(text) => text.len(),
        Datum::List(items) => items.len(),
        Datum::Nothing => return Err("slice of untyped nil".to_owned()),
        other => return Err(["can't slice item of type ", other.type_name()].concat()),
    };
    if at.len() > 2 {
        return Err("readyz slices by two places at the most".to_owned());
    }
    let from = at.first().map_or(Ok(0), |at| place(at, length))?;
    let to = at.get(1).map_or(Ok(length), |at| place(at, length))?;
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}"));
    }
    Ok(match of {
        Datum::Text(text) => Datum::Text(text.get(from..to).unwrap_or("").to_owned().into()),
        Datum::List(items) => Datum::List(&items[from..to]),
        other => other,
    })
}

/// kubectl's: whether every one of these places is there.
fn exists(of: Datum, at: &[Datum]) -> bool {
    of != Datum::Nothing && index(of, at).is_ok_and(|found| found != Datum::Nothing)
}

fn base64decode(text: &Datum) -> Result<Datum<'static>, String> {
    let Datum::Text(text) = text else {
        return Err(wrong_type(text, "string"));
    };
    let bytes = decode_base64(text);
    let bytes = bytes.map_err(|at| format!("illegal base64 data at input byte {at}"))?;
    Ok(Datum::Text(
        String::from_utf8_lossy(&bytes).into_owned().into(),
    ))
}
