//! What a script is, parsed. Shared by `Arc`, never changed.

use std::sync::Arc;

/// Commands one after another.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct List {
    pub items: Vec<Item>,
}

/// `a && b || c`, perhaps in the background.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub pipelines: Vec<(Link, Arc<Pipeline>)>,
    pub background: bool,
}

/// How a pipeline depends on what came before it in its item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    First,
    And,
    Or,
}

/// `! a | b | c`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    pub negated: bool,
    pub commands: Vec<Arc<Command>>,
}

/// A command with its redirections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub kind: Kind,
    pub redirects: Vec<Redirect>,
}

/// The kinds of commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Simple {
        assigns: Vec<(String, Word)>,
        words: Vec<Word>,
    },
    Brace(Arc<List>),
    Subshell(Arc<List>),
    If {
        arms: Vec<(Arc<List>, Arc<List>)>,
        otherwise: Option<Arc<List>>,
    },
    Loop {
        until: bool,
        condition: Arc<List>,
        body: Arc<List>,
    },
    For {
        name: String,
        /// None: the positional parameters.
        words: Option<Vec<Word>>,
        body: Arc<List>,
    },
    Case {
        word: Word,
        arms: Vec<(Vec<Word>, Arc<List>)>,
    },
    Function {
        name: String,
        body: Arc<Command>,
    },
}

/// `2>>file`, `>&2`, `<<EOF`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    pub fd: u8,
    pub kind: RedirectKind,
    pub target: Word,
}

/// The kinds of redirections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectKind {
    Read,
    Write,
    Append,
    ReadWrite,
    /// `>&` and `<&`: a descriptor's number, or `-`.
    Duplicate,
    /// `&>`: both outputs.
    WriteBoth,
    /// The target is the text itself.
    Here,
}

/// A word before expansion.
pub type Word = Vec<Part>;

/// Parts of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Unquoted literal text: may hold glob characters.
    Text(String),
    /// Literal text from quotes or after a backslash.
    Quoted(String),
    Double(Vec<Part>),
    Param(Param),
    Command(Arc<List>),
    Arith(Vec<Part>),
}

/// `$x`, `${x:-word}`, `${#x}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    pub name: String,
    pub length: bool,
    pub op: ParamOp,
}

/// What is done to a parameter's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamOp {
    None,
    /// `-`, `=`, `?`, `+`; `colon`: an empty value counts as unset.
    Test {
        op: char,
        colon: bool,
        word: Word,
    },
    /// `#`, `##`, `%`, `%%`.
    Trim {
        suffix: bool,
        longest: bool,
        pattern: Word,
    },
    /// `/old/new`, `//old/new`.
    Replace {
        all: bool,
        old: Word,
        new: Word,
    },
    /// `:offset` and `:offset:length`, arithmetic.
    Slice {
        offset: Vec<Part>,
        length: Option<Vec<Part>>,
    },
}
