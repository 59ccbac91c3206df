//! What a run must show, checked by `readyz check` and by lessons.

use super::{ContainerRef, PodRef};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// An entry of `expect`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    pub when: When,
    pub fact: Fact,
    /// Line in the text (1-based).
    pub line: u32,
}

/// When the fact has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum When {
    /// At that instant.
    At(Instant),
    /// At some instant until then.
    By(Instant),
    /// At every instant of the span, ends included.
    Always { from: Instant, to: Instant },
    /// At no instant of the span, ends included.
    Never { from: Instant, to: Instant },
}

/// A statement about the cluster. Every `Some` has to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    Pod {
        pod: PodRef,
        /// As kubectl sums them up.
        restarts: Option<Count>,
        phase: Option<String>,
        /// The STATUS column.
        status: Option<String>,
        /// Condition Ready.
        ready: Option<bool>,
        exists: Option<bool>,
    },
    Container {
        target: ContainerRef,
        restarts: Option<Count>,
        /// `waiting`, `running`, `terminated`.
        state: Option<String>,
        reason: Option<String>,
        exit_code: Option<i32>,
        ready: Option<bool>,
        started: Option<bool>,
    },
    Deployment {
        name: String,
        replicas: Option<Count>,
        ready: Option<Count>,
        updated: Option<Count>,
        available: Option<Count>,
    },
    Service {
        name: String,
        /// Ready endpoints.
        endpoints: Option<Count>,
    },
    Event {
        reason: String,
        /// Name of the object; empty: any.
        object: String,
        /// Part of the message; empty: any.
        message: String,
        count: Count,
    },
    Requests {
        /// Empty: all Services.
        service: String,
        served: Option<Count>,
        /// Failed, refused or without endpoint.
        dropped: Option<Count>,
    },
}

/// A number, or a bound: `1`, `">= 1"`, `"<5"`, `"!= 0"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Count {
    Exactly(u64),
    AtLeast(u64),
    AtMost(u64),
    Not(u64),
}

impl Count {
    /// Whether `number` meets it.
    pub const fn holds(self, number: u64) -> bool {
        match self {
            Count::Exactly(wanted) => number == wanted,
            Count::AtLeast(least) => number >= least,
            Count::AtMost(most) => number <= most,
            Count::Not(other) => number != other,
        }
    }

    /// Reads `1`, `>=1`, `>1`, `<=1`, `<1`, `!=1`, blanks allowed. None if it is none of these.
    pub fn parse(text: &str) -> Option<Count> {
        let text = text.trim();
        let digits = text.trim_start_matches(['>', '<', '=', '!', ' ']);
        let operator = text[..text.len() - digits.len()].trim_end();
        let number: u64 = digits.parse().ok()?;
        Some(match operator {
            "" | "=" | "==" => Count::Exactly(number),
            ">=" => Count::AtLeast(number),
            ">" => Count::AtLeast(number.checked_add(1)?),
            "<=" => Count::AtMost(number),
            "<" => Count::AtMost(number.checked_sub(1)?),
            "!=" => Count::Not(number),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_numbers_or_bounds() {
        assert_eq!(Count::parse("2"), Some(Count::Exactly(2)));
        assert_eq!(Count::parse("> 2"), Some(Count::AtLeast(3)));
        assert_eq!(Count::parse("<=2"), Some(Count::AtMost(2)));
        assert_eq!(Count::parse("<0"), None);
        assert_eq!(Count::parse("=>2"), None);
        assert!(Count::Not(0).holds(1) && !Count::Not(0).holds(0));
    }
}
