//! From text to commands: a recursive descent over characters, one complete command at a time,
//! as a shell reads its script.

use super::ast::{Command, Item, Kind, Link, List, Pipeline};
use std::sync::Arc;

/// Why a script cannot be read, as `sh: syntax error: …` continues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError(pub String);

pub(super) type Parsed<T> = Result<T, SyntaxError>;

/// Commands nested deeper are refused, so that no script can exhaust the stack.
const DEPTH_MAX: u32 = 100;

/// A reader over a script.
pub struct Parser<'a> {
    pub(super) text: &'a [char],
    pub(super) at: usize,
    pub(super) depth: u32,
    /// Where the current line's here-documents begin and end: the line's end, and the place from
    /// which reading goes on after it.
    pub(super) here: Option<(usize, usize)>,
}

/// Words that end a list when they stand where a command may begin.
const CLOSERS: [&str; 8] = ["then", "else", "elif", "fi", "do", "done", "esac", "}"];

impl<'a> Parser<'a> {
    pub fn new(text: &'a [char], at: usize) -> Parser<'a> {
        Parser {
            text,
            at,
            depth: 0,
            here: None,
        }
    }

    /// Where reading goes on.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The next complete command line; None at the end of the script.
    pub fn next_line(&mut self) -> Parsed<Option<List>> {
        self.skip_lines();
        if self.peek().is_none() {
            return Ok(None);
        }
        let mut list = List::default();
        loop {
            self.blanks();
            match self.peek() {
                None => break,
                Some('\n') => {
                    self.newline();
                    break;
                }
                _ => {}
            }
            let before = self.at;
            let item = self.item()?;
            list.items.push(item);
            self.blanks();
            if self.at == before {
                return Err(self.unexpected());
            }
            match self.peek() {
                None | Some('\n') => {}
                Some(')') => return Err(self.unexpected()),
                Some(_) if self.ended_item(before) => {}
                Some(_) => return Err(self.unexpected()),
            }
        }
        Ok(Some(list))
    }

    /// Whether the character before is the `;` or `&` that ended an item.
    fn ended_item(&self, before: usize) -> bool {
        let mut at = self.at;
        while at > before && self.text[at - 1].is_whitespace() {
            at -= 1;
        }
        at > before && matches!(self.text[at - 1], ';' | '&')
    }

    /// A list inside a compound command, up to a closing word or `)`.
    pub(super) fn list(&mut self) -> Parsed<Arc<List>> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(SyntaxError("too deeply nested".to_string()));
        }
        let mut list = List::default();
        loop {
            self.skip_lines();
            match self.peek() {
                None | Some(')') => break,
                Some(';') if self.peek_at(1) == Some(';') => break,
                _ => {}
            }
            if let Some(word) = self.peek_word() {
                if CLOSERS.contains(&word.as_str()) {
                    break;
                }
            }
            let before = self.at;
            list.items.push(self.item()?);
            self.blanks();
            let separated = self.ended_item(before) || matches!(self.peek(), Some('\n'));
            if !separated {
                let closes = matches!(self.peek(), None | Some(')'))
                    || self.peek() == Some(';') && self.peek_at(1) == Some(';');
                let after_compound = self
                    .peek_word()
                    .is_some_and(|w| CLOSERS.contains(&w.as_str()));
                if !closes && !after_compound {
                    return Err(self.unexpected());
                }
            }
        }
        self.depth -= 1;
        Ok(Arc::new(list))
    }

    /// `a && b || c`, with the `;` or `&` after it.
    fn item(&mut self) -> Parsed<Item> {
        let mut pipelines = vec![(Link::First, self.pipeline()?)];
        let mut background = false;
        loop {
            self.blanks();
            match (self.peek(), self.peek_at(1)) {
                (Some('&'), Some('&')) => {
                    self.at += 2;
                    self.skip_lines();
                    pipelines.push((Link::And, self.pipeline()?));
                }
                (Some('|'), Some('|')) => {
                    self.at += 2;
                    self.skip_lines();
                    pipelines.push((Link::Or, self.pipeline()?));
                }
                (Some('&'), _) => {
                    self.at += 1;
                    background = true;
                    break;
                }
                (Some(';'), Some(';')) => break,
                (Some(';'), _) => {
                    self.at += 1;
                    break;
                }
                _ => break,
            }
        }
        Ok(Item {
            pipelines,
            background,
        })
    }

    fn pipeline(&mut self) -> Parsed<Arc<Pipeline>> {
        self.blanks();
        let mut negated = false;
        while self.peek_word().as_deref() == Some("!") {
            self.at += 1;
            negated = !negated;
            self.blanks();
        }
        let mut commands = vec![self.command()?];
        loop {
            self.blanks();
            if self.peek() != Some('|') || self.peek_at(1) == Some('|') {
                break;
            }
            self.at += 1;
            self.skip_lines();
            commands.push(self.command()?);
        }
        Ok(Arc::new(Pipeline { negated, commands }))
    }

    pub(super) fn command(&mut self) -> Parsed<Arc<Command>> {
        self.blanks();
        let word = self.peek_word();
        let kind = match word.as_deref() {
            Some("if") => self.if_command()?,
            Some("while") => self.loop_command(false)?,
            Some("until") => self.loop_command(true)?,
            Some("for") => self.for_command()?,
            Some("case") => self.case_command()?,
            Some("{") => {
                self.at += 1;
                let list = self.list()?;
                self.require("}")?;
                Kind::Brace(list)
            }
            Some("function") => {
                self.at += "function".len();
                self.blanks();
                let name = self.name_here()?;
                self.blanks();
                if self.peek() == Some('(') {
                    self.parentheses()?;
                }
                return self.function(name);
            }
            Some(word) if CLOSERS.contains(&word) => return Err(self.unexpected()),
            _ if self.peek() == Some('(') => {
                self.at += 1;
                let list = self.list()?;
                if self.peek() != Some(')') {
                    return Err(self.unexpected());
                }
                self.at += 1;
                Kind::Subshell(list)
            }
            _ => return self.simple(),
        };
        let redirects = self.redirects()?;
        Ok(Arc::new(Command { kind, redirects }))
    }

    fn if_command(&mut self) -> Parsed<Kind> {
        self.at += 2;
        let mut arms = Vec::new();
        let mut otherwise = None;
        loop {
            let condition = self.list()?;
            self.require("then")?;
            let body = self.list()?;
            arms.push((condition, body));
            match self.peek_word().as_deref() {
                Some("elif") => self.at += 4,
                Some("else") => {
                    self.at += 4;
                    otherwise = Some(self.list()?);
                    break;
                }
                _ => break,
            }
        }
        self.require("fi")?;
        Ok(Kind::If { arms, otherwise })
    }

    fn loop_command(&mut self, until: bool) -> Parsed<Kind> {
        self.at += 5;
        let condition = self.list()?;
        self.require("do")?;
        let body = self.list()?;
        self.require("done")?;
        Ok(Kind::Loop {
            until,
            condition,
            body,
        })
    }

    fn for_command(&mut self) -> Parsed<Kind> {
        self.at += 3;
        self.blanks();
        let name = self.name_here()?;
        self.skip_lines();
        let mut words = None;
        if self.peek_word().as_deref() == Some("in") {
            self.at += 2;
            let mut list = Vec::new();
            loop {
                self.blanks();
                match self.peek() {
                    None | Some('\n' | ';') => break,
                    _ => match self.word()? {
                        Some(word) => list.push(word),
                        None => return Err(self.unexpected()),
                    },
                }
            }
            words = Some(list);
        }
        self.blanks();
        if self.peek() == Some(';') {
            self.at += 1;
        }
        self.skip_lines();
        self.require("do")?;
        let body = self.list()?;
        self.require("done")?;
        Ok(Kind::For { name, words, body })
    }

    fn case_command(&mut self) -> Parsed<Kind> {
        self.at += 4;
        self.blanks();
        let Some(word) = self.word()? else {
            return Err(self.unexpected());
        };
        self.skip_lines();
        self.require("in")?;
        let mut arms = Vec::new();
        loop {
            self.skip_lines();
            if self.peek_word().as_deref() == Some("esac") {
                self.at += 4;
                break;
            }
            if self.peek() == Some('(') {
                self.at += 1;
            }
            let mut patterns = Vec::new();
            loop {
                self.blanks();
                match self.word()? {
                    Some(pattern) => patterns.push(pattern),
                    None => return Err(self.unexpected()),
                }
                self.blanks();
                match self.peek() {
                    Some('|') => self.at += 1,
                    Some(')') => {
                        self.at += 1;
                        break;
                    }
                    _ => return Err(self.unexpected()),
                }
            }
            let body = self.list()?;
            arms.push((patterns, body));
            self.skip_lines();
            if self.peek() == Some(';') && self.peek_at(1) == Some(';') {
                self.at += 2;
            } else if self.peek_word().as_deref() != Some("esac") {
                return Err(self.unexpected_expecting("esac"));
            }
        }
        Ok(Kind::Case { word, arms })
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    /// Skips spaces, tabs, joined lines and comments.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => self.at += 1,
                Some('\\') if self.peek_at(1) == Some('\n') => self.at += 2,
                Some('#') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    /// Skips blanks and line ends.
    pub(super) fn skip_lines(&mut self) {
        loop {
            self.blanks();
            if self.peek() != Some('\n') {
                return;
            }
            self.newline();
        }
    }

    /// Passes a line's end, and the here-documents that follow it.
    pub(super) fn newline(&mut self) {
        match self.here {
            Some((end, resume)) if end == self.at => {
                self.at = resume;
                self.here = None;
            }
            _ => self.at += 1,
        }
    }

    /// The unquoted word that stands here, not taken.
    pub(super) fn peek_word(&self) -> Option<String> {
        let mut end = self.at;
        while self
            .text
            .get(end)
            .is_some_and(|c| !c.is_whitespace() && !";&|<>()'\"\\$`".contains(*c))
        {
            end += 1;
        }
        let stops = self
            .text
            .get(end)
            .is_none_or(|c| c.is_whitespace() || ";&|<>()".contains(*c));
        (end > self.at && stops).then(|| self.text[self.at..end].iter().collect())
    }

    pub(super) fn require(&mut self, word: &str) -> Parsed<()> {
        self.skip_lines();
        if self.peek_word().as_deref() == Some(word) {
            self.at += word.len();
            return Ok(());
        }
        Err(self.unexpected_expecting(word))
    }

    pub(super) fn name_here(&mut self) -> Parsed<String> {
        match self.peek_word() {
            Some(word) => {
                self.at += word.chars().count();
                Ok(word)
            }
            None => Err(self.unexpected()),
        }
    }

    pub(super) fn unexpected(&self) -> SyntaxError {
        SyntaxError(format!("unexpected {}", self.here_token()))
    }

    pub(super) fn unexpected_expecting(&self, word: &str) -> SyntaxError {
        SyntaxError(format!(
            "unexpected {} (expecting \"{word}\")",
            self.here_token()
        ))
    }

    pub(super) fn here_token(&self) -> String {
        match self.peek() {
            None => "end of file".to_string(),
            Some('\n') => "newline".to_string(),
            Some(c) if ";&|".contains(c) && self.peek_at(1) == Some(c) => format!("\"{c}{c}\""),
            Some(c) => match self.peek_word() {
                Some(word) => format!("\"{word}\""),
                None => format!("\"{c}\""),
            },
        }
    }
}
