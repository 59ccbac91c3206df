//! What a template consists of.

use super::datum::Datum;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Text(String),
    Action(Pipeline),
    If(Branch),
    With(Branch),
    Range(Branch),
    /// Another template, by name, with what it gets as its dot.
    Template {
        place: Place,
        name: String,
        pipeline: Option<Pipeline>,
    },
    Break,
    Continue,
}

/// A template with those that are defined in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    pub body: Vec<Node>,
    /// By name, of `define` and `block`.
    pub defined: Vec<(String, Vec<Node>)>,
}

/// A pipeline that decides what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    pub pipeline: Pipeline,
    pub body: Vec<Node>,
    /// After `else`.
    pub other: Vec<Node>,
}

/// Where something stands, and how errors cite it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// In bytes from the template's beginning.
    pub at: u32,
    pub text: String,
}

/// Commands, each of which is the last argument of the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    pub place: Place,
    /// Variables that take the value, with their `$`.
    pub variables: Vec<String>,
    /// They exist already.
    pub assigns: bool,
    pub commands: Vec<Command>,
}

/// A value, or a function and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub place: Place,
    /// At least one.
    pub operands: Vec<Operand>,
}

/// One word of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operand {
    pub place: Place,
    pub what: What,
    /// Fields taken of its value one after another.
    pub fields: Vec<String>,
}

/// What an operand stands for, before its fields are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Dot,
    Nil,
    Variable(String),
    Function(String),
    Constant(Datum<'static>),
    Pipeline(Pipeline),
}
