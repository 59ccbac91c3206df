//! From text to commands: a recursive descent over characters, one complete command at a time,
//! as a shell reads its script.

use super::ast::{Command, Item, Kind, Link, List, Part, Pipeline, Redirect, RedirectKind, Word};
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
    here: Option<(usize, usize)>,
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

    fn command(&mut self) -> Parsed<Arc<Command>> {
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

    fn simple(&mut self) -> Parsed<Arc<Command>> {
        let mut assigns = Vec::new();
        let mut words: Vec<Word> = Vec::new();
        let mut redirects = Vec::new();
        loop {
            self.blanks();
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            if words.len() == 1 && assigns.is_empty() && self.peek() == Some('(') {
                if let [Part::Text(name)] = words[0].as_slice() {
                    let name = name.clone();
                    self.parentheses()?;
                    return self.function(name);
                }
            }
            let Some(word) = self.word()? else {
                break;
            };
            match split_assignment(&word) {
                Some(assign) if words.is_empty() => assigns.push(assign),
                _ => words.push(word),
            }
        }
        if assigns.is_empty() && words.is_empty() && redirects.is_empty() {
            return Err(self.unexpected());
        }
        Ok(Arc::new(Command {
            kind: Kind::Simple { assigns, words },
            redirects,
        }))
    }

    fn function(&mut self, name: String) -> Parsed<Arc<Command>> {
        self.skip_lines();
        let body = self.command()?;
        Ok(Arc::new(Command {
            kind: Kind::Function { name, body },
            redirects: Vec::new(),
        }))
    }

    fn parentheses(&mut self) -> Parsed<()> {
        self.at += 1;
        self.blanks();
        if self.peek() != Some(')') {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(())
    }

    fn redirects(&mut self) -> Parsed<Vec<Redirect>> {
        let mut all = Vec::new();
        loop {
            self.blanks();
            match self.redirect()? {
                Some(redirect) => all.push(redirect),
                None => return Ok(all),
            }
        }
    }

    /// A redirection, if one stands here.
    fn redirect(&mut self) -> Parsed<Option<Redirect>> {
        let mut at = self.at;
        while self.text.get(at).is_some_and(char::is_ascii_digit) {
            at += 1;
        }
        let number: String = self.text[self.at..at].iter().collect();
        let both = number.is_empty()
            && self.text.get(at) == Some(&'&')
            && self.text.get(at + 1) == Some(&'>');
        let (first, second) = (self.text.get(at), self.text.get(at + 1));
        let (kind, length, usual) = match (first, second) {
            _ if both => (RedirectKind::WriteBoth, 2, 1),
            (Some('<'), Some('<')) => {
                self.at = at + 2;
                return self.here_document(number.parse().unwrap_or(0)).map(Some);
            }
            (Some('<'), Some('&')) => (RedirectKind::Duplicate, 2, 0),
            (Some('<'), Some('>')) => (RedirectKind::ReadWrite, 2, 0),
            (Some('<'), _) => (RedirectKind::Read, 1, 0),
            (Some('>'), Some('>')) => (RedirectKind::Append, 2, 1),
            (Some('>'), Some('&')) => (RedirectKind::Duplicate, 2, 1),
            (Some('>'), Some('|')) => (RedirectKind::Write, 2, 1),
            (Some('>'), _) => (RedirectKind::Write, 1, 1),
            _ => return Ok(None),
        };
        self.at = at + length;
        self.blanks();
        let fd = number.parse().unwrap_or(usual);
        match self.word()? {
            Some(target) => Ok(Some(Redirect { fd, kind, target })),
            None => Err(self.unexpected()),
        }
    }

    /// `<<EOF`: the body stands after the line's end and is skipped there.
    fn here_document(&mut self, fd: u8) -> Parsed<Redirect> {
        let strip = self.peek() == Some('-');
        if strip {
            self.at += 1;
        }
        self.blanks();
        let Some(delimiter) = self.word()? else {
            return Err(self.unexpected());
        };
        let quoted = !matches!(delimiter.as_slice(), [Part::Text(_)]);
        let delimiter = super::expand::literal(&delimiter);
        let (line_end, mut at) = match self.here {
            Some(here) => here,
            None => {
                let mut end = self.at;
                while end < self.text.len() && self.text[end] != '\n' {
                    end += 1;
                }
                (end, end + 1)
            }
        };
        let mut body = String::new();
        while at < self.text.len() {
            let mut end = at;
            while end < self.text.len() && self.text[end] != '\n' {
                end += 1;
            }
            let mut line: String = self.text[at..end].iter().collect();
            at = end + 1;
            if strip {
                line = line.trim_start_matches('\t').to_string();
            }
            if line == delimiter {
                break;
            }
            body.push_str(&line);
            body.push('\n');
        }
        self.here = Some((line_end, at.min(self.text.len())));
        let target = if quoted {
            vec![Part::Quoted(body)]
        } else {
            let chars: Vec<char> = body.chars().collect();
            let mut inner = Parser::new(&chars, 0);
            inner.depth = self.depth + 1;
            vec![Part::Double(inner.here_text()?)]
        };
        Ok(Redirect {
            fd,
            kind: RedirectKind::Here,
            target,
        })
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
    fn newline(&mut self) {
        match self.here {
            Some((end, resume)) if end == self.at => {
                self.at = resume;
                self.here = None;
            }
            _ => self.at += 1,
        }
    }

    /// The unquoted word that stands here, not taken.
    fn peek_word(&self) -> Option<String> {
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

    fn require(&mut self, word: &str) -> Parsed<()> {
        self.skip_lines();
        if self.peek_word().as_deref() == Some(word) {
            self.at += word.len();
            return Ok(());
        }
        Err(self.unexpected_expecting(word))
    }

    fn name_here(&mut self) -> Parsed<String> {
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

    fn unexpected_expecting(&self, word: &str) -> SyntaxError {
        SyntaxError(format!(
            "unexpected {} (expecting \"{word}\")",
            self.here_token()
        ))
    }

    fn here_token(&self) -> String {
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

/// `NAME=value` at the front of a word.
fn split_assignment(word: &Word) -> Option<(String, Word)> {
    let Some(Part::Text(text)) = word.first() else {
        return None;
    };
    let (name, rest) = text.split_once('=')?;
    let valid = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !valid {
        return None;
    }
    let mut value: Word = Vec::with_capacity(word.len());
    if !rest.is_empty() {
        value.push(Part::Text(rest.to_string()));
    }
    value.extend(word[1..].iter().cloned());
    Some((name.to_string(), value))
}
