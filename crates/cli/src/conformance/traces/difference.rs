//! A disagreement between a recording and a candidate, and where it is.

use std::fmt;

/// Where in a trace something is: a position in a stream of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// `container`, `ready`, `condition`, `endpoints`, `event`, …
    pub stream: &'static str,
    /// The Pod, Deployment, node, …
    pub object: String,
    /// The container, condition, Service or event.
    pub item: String,
    pub at: At,
}

/// Position in a stream.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// Of the recording.
    Expected(usize),
    /// Of the candidate, what the recording has not.
    Got(usize),
    /// The stream as a whole, seen in some way.
    Whole(&'static str),
}

/// In what way the candidate differs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Missing,
    Extra,
    Wrong,
    /// Too many or too few.
    Number,
    /// The spacing of probe failures.
    Period,
    Order,
    /// Right, but so many seconds too late (negative: too early).
    Late(f64),
}

/// A disagreement.
#[derive(Clone, Debug)]
pub struct Difference {
    pub place: Place,
    pub kind: Kind,
    /// What the recording has.
    pub expected: String,
    /// What the candidate has.
    pub got: String,
    /// When, in seconds.
    pub t: f64,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Missing => f.write_str("missing"),
            Kind::Extra => f.write_str("extra"),
            Kind::Wrong => f.write_str("wrong"),
            Kind::Number => f.write_str("number"),
            Kind::Period => f.write_str("period"),
            Kind::Order => f.write_str("order"),
            Kind::Late(seconds) => write!(f, "{seconds:+.1} s"),
        }
    }
}

impl fmt::Display for Difference {
    /// One line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.place;
        let line = format!(
            "t={:?} {} {} {}: expected {} | got {}",
            self.t, place.stream, place.object, self.kind, self.expected, self.got
        );
        f.write_str(&line.replace('\n', "\\n"))?;
        match place.stream {
            "event" | "order" => Ok(()),
            _ => write!(f, " [{}]", place.item),
        }
    }
}

/// What stands for nothing.
pub const NOTHING: &str = "-";

/// Fields in one word.
pub fn show<'a>(fields: impl Iterator<Item = &'a String>) -> String {
    let words: Vec<_> = fields
        .map(String::as_str)
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        NOTHING.to_owned()
    } else {
        words.join("/")
    }
}
