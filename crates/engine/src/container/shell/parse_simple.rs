//! Simple commands, their redirections and here-documents.

use super::ast::{Command, Kind, Part, Redirect, RedirectKind, Word};
use super::parse::{Parsed, Parser};
use std::sync::Arc;

impl Parser<'_> {
    pub(super) fn simple(&mut self) -> Parsed<Arc<Command>> {
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
                if self.joins(&mut words) {
                    continue;
                }
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

    /// Within `[[ … ]]`, `&&` and `||` are operators of the test.
    fn joins(&mut self, words: &mut Vec<Word>) -> bool {
        let is = |word: Option<&Word>, text: &str| matches!(word.map(Vec::as_slice), Some([Part::Text(t)]) if t == text);
        if !is(words.first(), "[[") || is(words.last(), "]]") {
            return false;
        }
        let operator = match (self.peek(), self.text.get(self.at + 1)) {
            (Some('&'), Some('&')) => "-a",
            (Some('|'), Some('|')) => "-o",
            _ => return false,
        };
        self.at += 2;
        words.push(vec![Part::Text(operator.to_string())]);
        true
    }

    pub(super) fn function(&mut self, name: String) -> Parsed<Arc<Command>> {
        self.skip_lines();
        let body = self.command()?;
        Ok(Arc::new(Command {
            kind: Kind::Function { name, body },
            redirects: Vec::new(),
        }))
    }

    pub(super) fn parentheses(&mut self) -> Parsed<()> {
        self.at += 1;
        self.blanks();
        if self.peek() != Some(')') {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn redirects(&mut self) -> Parsed<Vec<Redirect>> {
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
    pub(super) fn redirect(&mut self) -> Parsed<Option<Redirect>> {
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
    pub(super) fn here_document(&mut self, fd: u8) -> Parsed<Redirect> {
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
