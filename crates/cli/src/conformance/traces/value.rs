//! Normalised states, and how long they lasted.

use super::difference::show;
use std::fmt;

/// What a stream other than that of container states can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Flag(bool),
    Text(String),
    Fields(Vec<Option<String>>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Flag(flag) => write!(f, "{flag}"),
            Value::Text(text) => f.write_str(text),
            Value::Fields(fields) => f.write_str(&show(fields.iter().flatten())),
        }
    }
}

/// What a container status says, without stamps.
#[derive(Clone, Debug, PartialEq)]
pub struct ContainerValue {
    /// `waiting`, `running` or `terminated`.
    pub state: &'static str,
    pub reason: Option<String>,
    pub exit_code: Option<i32>,
    pub message: Option<String>,
    pub restarts: u32,
    pub last_reason: Option<String>,
    pub last_exit_code: Option<i32>,
    pub last_message: Option<String>,
}

impl fmt::Display for ContainerValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = |code: Option<i32>| code.map(|code| code.to_string());
        let fields = [
            Some(self.state.to_owned()),
            self.reason.clone(),
            code(self.exit_code),
            self.message.clone(),
            Some(self.restarts.to_string()),
            self.last_reason.clone(),
            code(self.last_exit_code),
            self.last_message.clone(),
        ];
        f.write_str(&show(fields.iter().flatten()))
    }
}

/// A state and how long it lasted, in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample<V> {
    pub t: f64,
    pub end: f64,
    pub value: V,
}

/// Changes as states with a duration; writes that change nothing are dropped.
pub fn samples<V: Clone + PartialEq>(changes: &[(f64, V)], end: f64) -> Vec<Sample<V>> {
    let mut kept: Vec<Sample<V>> = Vec::new();
    for (t, value) in changes {
        if let Some(last) = kept.last_mut() {
            if last.value == *value {
                continue;
            }
            last.end = t.max(last.t);
        }
        kept.push(Sample {
            t: *t,
            end: end.max(*t),
            value: value.clone(),
        });
    }
    kept
}
