//! Reading words: quotes, parameters, substitutions.

use super::ast::{Param, ParamOp, Part, Word};
use super::parse::{Parsed, Parser, SyntaxError};

/// Where a run of parts ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// `}` of `${…}`; in double quotes outside or not.
    Brace { quoted: bool },
    /// `/` or `}` in `${x/old/new}`.
    SlashOrBrace,
    /// `:` or `}` in `${x:offset:length}`.
    ColonOrBrace,
}

impl Parser<'_> {
    /// The word that stands here; None if none does.
    pub(super) fn word(&mut self) -> Parsed<Option<Word>> {
        let mut parts: Word = Vec::new();
        loop {
            match self.peek() {
                None | Some(' ' | '\t' | '\n' | '\r' | ';' | '&' | '|' | '<' | '>' | '(' | ')') => {
                    break
                }
                Some(_) => self.part(&mut parts)?,
            }
        }
        Ok((!parts.is_empty()).then_some(parts))
    }

    /// One quoted or unquoted piece outside double quotes.
    fn part(&mut self, parts: &mut Word) -> Parsed<()> {
        match self.peek() {
            Some('\'') => {
                self.at += 1;
                let text = self.until_quote()?;
                parts.push(Part::Quoted(text));
            }
            Some('"') => {
                self.at += 1;
                let inner = self.double()?;
                parts.push(Part::Double(inner));
            }
            Some('\\') => {
                match self.peek_at(1) {
                    Some('\n') => {}
                    Some(c) => parts.push(Part::Quoted(c.to_string())),
                    None => parts.push(Part::Quoted("\\".to_string())),
                }
                self.escaped();
            }
            Some('$') if self.peek_at(1) == Some('\'') => {
                self.at += 2;
                let text = self.ansi_quote()?;
                parts.push(Part::Quoted(text));
            }
            Some('$' | '`') => self.dollar(parts, false)?,
            Some(c) => {
                self.at += 1;
                push_text(parts, c);
            }
            None => {}
        }
        Ok(())
    }

    /// Goes past a backslash and what it stands before, which the text's end may be.
    fn escaped(&mut self) {
        self.at = self.text.len().min(self.at + 2);
    }

    fn until_quote(&mut self) -> Parsed<String> {
        let mut text = String::new();
        loop {
            match self.peek() {
                None => return Err(unterminated()),
                Some('\'') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(c) => {
                    text.push(c);
                    self.at += 1;
                }
            }
        }
    }

    /// `$'…'`.
    fn ansi_quote(&mut self) -> Parsed<String> {
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else {
                return Err(unterminated());
            };
            self.at += 1;
            match c {
                '\'' => return Ok(text),
                '\\' => {
                    let Some(c) = self.peek() else {
                        return Err(unterminated());
                    };
                    self.at += 1;
                    text.push(match c {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        'a' => '\x07',
                        'b' => '\x08',
                        'f' => '\x0c',
                        'v' => '\x0b',
                        other => other,
                    });
                }
                c => text.push(c),
            }
        }
    }

    /// Inside double quotes, up to the closing one.
    fn double(&mut self) -> Parsed<Word> {
        let mut parts: Word = Vec::new();
        loop {
            match self.peek() {
                None => return Err(unterminated()),
                Some('"') => {
                    self.at += 1;
                    return Ok(parts);
                }
                Some(_) => self.part_in_double(&mut parts)?,
            }
        }
    }

    /// Text of an unquoted here-document.
    pub(super) fn here_text(&mut self) -> Parsed<Word> {
        let mut parts: Word = Vec::new();
        while let Some(c) = self.peek() {
            if c == '"' {
                self.at += 1;
                push_text(&mut parts, c);
            } else {
                self.part_in_double(&mut parts)?;
            }
        }
        Ok(parts)
    }

    fn part_in_double(&mut self, parts: &mut Word) -> Parsed<()> {
        match self.peek() {
            Some('\\') => {
                let next = self.peek_at(1);
                self.escaped();
                match next {
                    Some('\n') => {}
                    Some(c @ ('$' | '`' | '"' | '\\')) => push_text(parts, c),
                    Some(c) => {
                        push_text(parts, '\\');
                        push_text(parts, c);
                    }
                    None => push_text(parts, '\\'),
                }
            }
            Some('$' | '`') => self.dollar(parts, true)?,
            Some(c) => {
                self.at += 1;
                push_text(parts, c);
            }
            None => {}
        }
        Ok(())
    }

    /// `$…` or a backquote.
    fn dollar(&mut self, parts: &mut Word, quoted: bool) -> Parsed<()> {
        if self.peek() == Some('`') {
            parts.push(self.backquotes()?);
            return Ok(());
        }
        self.at += 1;
        match self.peek() {
            Some('(') if self.peek_at(1) == Some('(') => {
                let start = self.at;
                self.at += 2;
                match self.arithmetic() {
                    Some(inner) => parts.push(Part::Arith(inner)),
                    None => {
                        self.at = start;
                        parts.push(self.substitution()?);
                    }
                }
            }
            Some('(') => parts.push(self.substitution()?),
            Some('{') => {
                self.at += 1;
                parts.push(self.braced(quoted)?);
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let mut name = String::new();
                while let Some(c) = self.peek() {
                    if !c.is_ascii_alphanumeric() && c != '_' {
                        break;
                    }
                    name.push(c);
                    self.at += 1;
                }
                parts.push(plain(name));
            }
            Some(c) if c.is_ascii_digit() || "@*#?-$!".contains(c) => {
                self.at += 1;
                parts.push(plain(c.to_string()));
            }
            _ => push_text(parts, '$'),
        }
        Ok(())
    }

    fn substitution(&mut self) -> Parsed<Part> {
        self.at += 1;
        let list = self.list()?;
        if self.peek() != Some(')') {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(Part::Command(list))
    }

    fn backquotes(&mut self) -> Parsed<Part> {
        self.at += 1;
        let mut text: Vec<char> = Vec::new();
        loop {
            match self.peek() {
                None => return Err(SyntaxError("EOF in backquote substitution".to_string())),
                Some('`') => {
                    self.at += 1;
                    break;
                }
                Some('\\') => {
                    match self.peek_at(1) {
                        Some(c @ ('`' | '\\' | '$')) => text.push(c),
                        Some(c) => text.extend(['\\', c]),
                        None => text.push('\\'),
                    }
                    self.escaped();
                }
                Some(c) => {
                    text.push(c);
                    self.at += 1;
                }
            }
        }
        let mut inner = Parser::new(&text, 0);
        inner.depth = self.depth;
        let list = inner.list()?;
        if inner.peek().is_some() {
            return Err(inner.unexpected());
        }
        Ok(Part::Command(list))
    }

    /// Inside `$((…))`. None: it does not end as arithmetic does.
    fn arithmetic(&mut self) -> Option<Word> {
        let mut parts: Word = Vec::new();
        let mut open = 0;
        loop {
            match self.peek()? {
                '(' => {
                    open += 1;
                    self.at += 1;
                    push_text(&mut parts, '(');
                }
                ')' if open > 0 => {
                    open -= 1;
                    self.at += 1;
                    push_text(&mut parts, ')');
                }
                ')' => {
                    if self.peek_at(1) != Some(')') {
                        return None;
                    }
                    self.at += 2;
                    return Some(parts);
                }
                '"' => self.at += 1,
                _ => self.part_in_double(&mut parts).ok()?,
            }
        }
    }

    /// `${…}`, after its brace.
    fn braced(&mut self, quoted: bool) -> Parsed<Part> {
        let bad = || SyntaxError("bad substitution".to_string());
        let mut length = false;
        if self.peek() == Some('#') && self.peek_at(1) != Some('}') {
            length = true;
            self.at += 1;
        }
        let mut name = String::new();
        match self.peek() {
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                while let Some(c) = self.peek() {
                    if !c.is_ascii_alphanumeric() && c != '_' {
                        break;
                    }
                    name.push(c);
                    self.at += 1;
                }
            }
            Some(c) if c.is_ascii_digit() => {
                while let Some(c) = self.peek().filter(char::is_ascii_digit) {
                    name.push(c);
                    self.at += 1;
                }
            }
            Some(c) if "@*#?-$!".contains(c) => {
                name.push(c);
                self.at += 1;
            }
            _ => return Err(bad()),
        }
        let colon = self.peek() == Some(':');
        let op = self.peek_at(usize::from(colon));
        let op = match op {
            Some('}') if !colon => ParamOp::None,
            Some(op @ ('-' | '=' | '?' | '+')) => {
                self.at += 1 + usize::from(colon);
                ParamOp::Test {
                    op,
                    colon,
                    word: self.parts_until(Stop::Brace { quoted })?,
                }
            }
            Some(op @ ('#' | '%')) if !colon => {
                let longest = self.peek_at(1) == Some(op);
                self.at += 1 + usize::from(longest);
                ParamOp::Trim {
                    suffix: op == '%',
                    longest,
                    pattern: self.parts_until(Stop::Brace { quoted: false })?,
                }
            }
            Some('/') if !colon => {
                let all = self.peek_at(1) == Some('/');
                self.at += 1 + usize::from(all);
                let old = self.parts_until(Stop::SlashOrBrace)?;
                let mut new = Vec::new();
                if self.peek() == Some('/') {
                    self.at += 1;
                    new = self.parts_until(Stop::Brace { quoted })?;
                }
                ParamOp::Replace { all, old, new }
            }
            Some(_) if colon => {
                self.at += 1;
                let offset = self.parts_until(Stop::ColonOrBrace)?;
                let mut length = None;
                if self.peek() == Some(':') {
                    self.at += 1;
                    length = Some(self.parts_until(Stop::Brace { quoted: true })?);
                }
                ParamOp::Slice { offset, length }
            }
            _ => return Err(bad()),
        };
        if self.peek() != Some('}') {
            return Err(bad());
        }
        self.at += 1;
        Ok(Part::Param(Param { name, length, op }))
    }

    fn parts_until(&mut self, stop: Stop) -> Parsed<Word> {
        let mut parts: Word = Vec::new();
        loop {
            let Some(c) = self.peek() else {
                return Err(SyntaxError("missing '}'".to_string()));
            };
            let ends = c == '}'
                || stop == Stop::SlashOrBrace && c == '/'
                || stop == Stop::ColonOrBrace && c == ':';
            if ends {
                return Ok(parts);
            }
            match stop {
                Stop::Brace { quoted: true } if c == '"' => {
                    self.at += 1;
                    let inner = self.double()?;
                    parts.push(Part::Double(inner));
                }
                Stop::Brace { quoted: true } => self.part_in_double(&mut parts)?,
                _ => self.part(&mut parts)?,
            }
        }
    }
}

fn plain(name: String) -> Part {
    Part::Param(Param {
        name,
        length: false,
        op: ParamOp::None,
    })
}

fn push_text(parts: &mut Word, c: char) {
    match parts.last_mut() {
        Some(Part::Text(text)) => text.push(c),
        _ => parts.push(Part::Text(c.to_string())),
    }
}

fn unterminated() -> SyntaxError {
    SyntaxError("unterminated quoted string".to_string())
}
