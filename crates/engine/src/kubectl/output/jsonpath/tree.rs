//! What a template consists of.

use super::super::Value;

/// One part of a template: a text, or what stands between a pair of braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Text(Value),
    Action(Vec<Node>),
}

/// One step from values to values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Field(String),
    /// Every element or value.
    Wildcard,
    /// Everything at any depth that holds something, the value itself included.
    Recursive,
    Array(Slice),
    Union(Vec<Vec<Node>>),
    Filter(Box<Filter>),
    /// A quoted text, which stands for itself wherever it is.
    Quoted(Value),
    /// A number or a truth value. One with a fraction, which no object has, is a text.
    Literal(Value),
    /// `range`, `end`, or a word that means nothing.
    Word(String),
}

/// `[from:to:step]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    pub from: Option<i64>,
    pub to: Option<i64>,
    pub step: Option<i64>,
    /// One index only: `to` follows from it.
    pub is_index: bool,
}

/// `[?(left operator right)]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub left: Vec<Node>,
    /// None: whether the left side is there.
    pub test: Option<(String, Vec<Node>)>,
}
