//! Expansion of words: parameters, substitutions, arithmetic, splitting, patterns of file names.
//!
//! Expansion cannot be suspended half way, so it is done again from the start when a command
//! substitution has brought its text; what it sets waits in `sets` until it is complete.

use super::arith::{self, Variables};
use super::ast::{List, Param, ParamOp, Part, Word};
use super::param_text::{replace, slice, trim};
use super::pattern::{self, Marked};
use super::Shell;
use crate::container::filesystem::{absolute, FsView};
use std::sync::Arc;

/// Why an expansion did not come to its end.
#[derive(Clone, Debug)]
pub enum Stop {
    /// The next command substitution has to run first.
    Substitute(Arc<List>),
    /// The shell gives up with this text.
    Fail(String),
}

/// Literal text of a word, as here-document delimiters are read.
pub fn literal(word: &[Part]) -> String {
    let mut text = String::new();
    for part in word {
        match part {
            Part::Text(t) | Part::Quoted(t) => text.push_str(t),
            Part::Double(inner) => text.push_str(&literal(inner)),
            Part::Param(_) | Part::Command(_) | Part::Arith(_) => {}
        }
    }
    text
}

/// One expansion in progress.
pub struct Expander<'a> {
    pub shell: &'a Shell,
    pub files: Option<&'a FsView<'a>>,
    pub cwd: &'a str,
    pub parent: u32,
    /// Texts of the substitutions that have run, in order.
    pub results: &'a [Arc<str>],
    pub used: usize,
    /// Variables set on the way, to be kept when the expansion is complete.
    pub sets: Vec<(String, String)>,
    /// Draws of `$RANDOM` on the way.
    pub draws: u32,
}

/// Fields under construction.
#[derive(Default)]
struct Fields {
    done: Vec<Vec<Marked>>,
    current: Option<Vec<Marked>>,
}

impl Fields {
    fn add(&mut self, text: &str, quoted: bool) {
        let current = self.current.get_or_insert_with(Vec::new);
        current.extend(text.chars().map(|c| (c, quoted)));
    }

    fn cut(&mut self) {
        self.done.extend(self.current.take());
    }
}

/// Within `[[ … ]]` names of files stay out, and what is quoted in a pattern stands for itself.
#[inline(never)]
fn bracketed(fields: Vec<Vec<Marked>>, out: &mut Vec<String>) {
    for field in fields {
        let pattern = matches!(out.last().map(String::as_str), Some("=" | "==" | "!="));
        let mut text = String::new();
        for (c, quoted) in field {
            if pattern && (quoted && "*?[".contains(c) || c == '\\') {
                text.push('\\');
            }
            text.push(c);
        }
        out.push(text);
    }
}

impl Expander<'_> {
    /// Expands words to arguments.
    pub fn words(&mut self, words: &[Word]) -> Result<Vec<String>, Stop> {
        let mut out = Vec::new();
        for word in words {
            if let [Part::Text(text)] = word.as_slice() {
                // The common case: nothing to expand.
                if !text.contains(['*', '?', '[', '~']) {
                    out.push(text.clone());
                    continue;
                }
            }
            let mut fields = Fields::default();
            let word = tilde(word, self);
            self.parts(&word, false, true, &mut fields)?;
            fields.cut();
            if out.first().is_some_and(|first| first == "[[") {
                bracketed(fields.done, &mut out);
                continue;
            }
            for field in fields.done {
                self.glob(field, &mut out);
            }
        }
        Ok(out)
    }

    /// Expands a word to one text: assignments, redirections, `case`.
    pub fn single(&mut self, word: &Word) -> Result<String, Stop> {
        let marked = self.pattern(word)?;
        Ok(marked.into_iter().map(|(c, _)| c).collect())
    }

    /// Expands a word to a pattern: unquoted special characters keep their meaning.
    pub fn pattern(&mut self, word: &Word) -> Result<Vec<Marked>, Stop> {
        let mut fields = Fields::default();
        let word = tilde(word, self);
        self.parts(&word, false, false, &mut fields)?;
        fields.cut();
        let mut out: Vec<Marked> = Vec::new();
        for (at, field) in fields.done.into_iter().enumerate() {
            if at > 0 {
                out.push((' ', true));
            }
            out.extend(field);
        }
        Ok(out)
    }

    fn parts(
        &mut self,
        parts: &[Part],
        quoted: bool,
        split: bool,
        fields: &mut Fields,
    ) -> Result<(), Stop> {
        for part in parts {
            match part {
                Part::Text(text) => fields.add(text, quoted),
                Part::Quoted(text) => fields.add(text, true),
                Part::Double(inner) => {
                    // "" is a field, "$@" without parameters is none.
                    if !matches!(inner.as_slice(), [Part::Param(p)] if p.name == "@") {
                        fields.add("", true);
                    }
                    self.parts(inner, true, split, fields)?;
                }
                Part::Param(param) => self.param(param, quoted, split, fields)?,
                Part::Command(list) => {
                    let text = self.substitution(list)?;
                    self.value(&text, quoted, split, fields);
                }
                Part::Arith(inner) => {
                    let value = self.arithmetic(inner)?;
                    self.value(&value.to_string(), quoted, split, fields);
                }
            }
        }
        Ok(())
    }

    fn substitution(&mut self, list: &Arc<List>) -> Result<Arc<str>, Stop> {
        match self.results.get(self.used) {
            Some(text) => {
                self.used += 1;
                Ok(text.clone())
            }
            None => Err(Stop::Substitute(list.clone())),
        }
    }

    fn arithmetic(&mut self, parts: &[Part]) -> Result<i64, Stop> {
        let text = self.single(&parts.to_vec())?;
        arith::evaluate(&text, self).map_err(|error| Stop::Fail(error.text().to_string()))
    }

    /// Adds an expanded value, split at IFS where that applies.
    fn value(&mut self, text: &str, quoted: bool, split: bool, fields: &mut Fields) {
        if quoted || !split {
            if quoted || !text.is_empty() {
                fields.add(text, quoted);
            }
            return;
        }
        let ifs = self.lookup("IFS").unwrap_or_else(|| " \t\n".to_string());
        let is_space = |c: char| ifs.contains(c) && c.is_whitespace();
        let mut after_separator = false;
        for c in text.chars() {
            if is_space(c) {
                fields.cut();
                continue;
            }
            if ifs.contains(c) {
                if fields.current.is_none() && (after_separator || fields.done.is_empty()) {
                    fields.current = Some(Vec::new());
                }
                fields.cut();
                after_separator = true;
                continue;
            }
            after_separator = false;
            let mut buffer = [0; 4];
            fields.add(c.encode_utf8(&mut buffer), false);
        }
    }

    fn param(
        &mut self,
        param: &Param,
        quoted: bool,
        split: bool,
        fields: &mut Fields,
    ) -> Result<(), Stop> {
        if matches!(param.name.as_str(), "@" | "*") && !param.length {
            let all = self.shell.positional.clone();
            match &param.op {
                ParamOp::Test { .. } if all.is_empty() => {}
                ParamOp::Test { op: '+', .. } => {}
                _ => {
                    self.all_parameters(&all, param.name == "@", quoted, split, fields);
                    return Ok(());
                }
            }
        }
        let value = self.lookup(&param.name);
        if param.length {
            let length = match param.name.as_str() {
                "@" | "*" => self.shell.positional.len(),
                _ => value.unwrap_or_default().chars().count(),
            };
            self.value(&length.to_string(), quoted, split, fields);
            return Ok(());
        }
        let text = match &param.op {
            ParamOp::None => match value {
                Some(value) => value,
                None if self.shell.options.nounset => {
                    return Err(Stop::Fail(format!("{}: parameter not set", param.name)))
                }
                None => String::new(),
            },
            ParamOp::Test { op, colon, word } => {
                let set = value.as_ref().is_some_and(|v| !colon || !v.is_empty());
                if matches!((op, set), ('+', true) | ('-', false)) {
                    // Literal text of the word is split like a value.
                    for part in word {
                        match part {
                            Part::Text(text) => self.value(text, quoted, split, fields),
                            part => {
                                self.parts(std::slice::from_ref(part), quoted, split, fields)?;
                            }
                        }
                    }
                    return Ok(());
                }
                self.tested(&param.name, (*op, *colon, set), word, value)?
            }
            ParamOp::Trim {
                suffix,
                longest,
                pattern,
            } => {
                let pattern = self.pattern(pattern)?;
                trim(&value.unwrap_or_default(), &pattern, *suffix, *longest)
            }
            ParamOp::Replace { all, old, new } => {
                let old = self.pattern(old)?;
                let new = self.single(new)?;
                replace(&value.unwrap_or_default(), &old, &new, *all)
            }
            ParamOp::Slice { offset, length } => {
                let offset = self.arithmetic(offset)?;
                let length = match length {
                    Some(length) => Some(self.arithmetic(length)?),
                    None => None,
                };
                slice(&value.unwrap_or_default(), offset, length)
            }
        };
        self.value(&text, quoted, split, fields);
        Ok(())
    }

    /// The text of `${x:=word}`, `${x:?word}` and the like.
    fn tested(
        &mut self,
        name: &str,
        (op, colon, set): (char, bool, bool),
        word: &Word,
        value: Option<String>,
    ) -> Result<String, Stop> {
        match (op, set) {
            ('=', false) => {
                let text = self.single(word)?;
                self.sets.push((name.to_owned(), text.clone()));
                Ok(text)
            }
            ('?', false) => {
                let text = self.single(word)?;
                let text = match text.as_str() {
                    "" if colon => "parameter not set or null",
                    "" => "parameter not set",
                    text => text,
                };
                Err(Stop::Fail(format!("{name}: {text}")))
            }
            ('+', false) => Ok(String::new()),
            _ => Ok(value.unwrap_or_default()),
        }
    }

    fn all_parameters(
        &mut self,
        all: &[String],
        each: bool,
        quoted: bool,
        split: bool,
        fields: &mut Fields,
    ) {
        if quoted && !(each && split) {
            let separator = match self.lookup("IFS") {
                None => " ".to_string(),
                Some(ifs) => ifs.chars().take(1).collect(),
            };
            let separator = if each { " ".to_string() } else { separator };
            fields.add(&all.join(&separator), true);
            return;
        }
        for (at, text) in all.iter().enumerate() {
            if at > 0 {
                if split {
                    fields.cut();
                } else {
                    fields.add(" ", true);
                }
            }
            if quoted {
                fields.add(text, true);
            } else {
                self.value(text, false, split, fields);
            }
        }
    }

    /// Value of a variable or special parameter; None: unset.
    pub fn lookup(&mut self, name: &str) -> Option<String> {
        let shell = self.shell;
        match name {
            "?" => return Some(shell.status.to_string()),
            "$" => return Some(shell.shell_pid.to_string()),
            "#" => return Some(shell.positional.len().to_string()),
            "!" => return shell.last_background.map(|pid| pid.to_string()),
            "-" => return Some(shell.options.letters()),
            "0" => return Some(shell.name.to_string()),
            "@" | "*" => return (!shell.positional.is_empty()).then(|| shell.positional.join(" ")),
            "PPID" => return Some(self.parent.to_string()),
            _ => {}
        }
        if let Ok(number) = name.parse::<usize>() {
            return shell.positional.get(number.wrapping_sub(1)).cloned();
        }
        if let Some((_, value)) = self.sets.iter().rev().find(|(n, _)| n == name) {
            return Some(value.clone());
        }
        if name == "RANDOM" {
            self.draws += 1;
            return Some(shell.random(self.draws).to_string());
        }
        shell.variable(name).map(str::to_string)
    }

    /// Replaces a pattern by the names it matches, if it matches any.
    fn glob(&self, field: Vec<Marked>, out: &mut Vec<String>) {
        let text = |field: &[Marked]| field.iter().map(|(c, _)| *c).collect::<String>();
        let files = match self.files {
            Some(files) if pattern::is_pattern(&field) && !self.shell.options.noglob => files,
            _ => return out.push(text(&field)),
        };
        let rooted = field.first().is_some_and(|m| m.0 == '/');
        let mut found: Vec<String> = vec![if rooted { "/" } else { "" }.to_string()];
        let parts: Vec<&[Marked]> = field
            .split(|m| m.0 == '/')
            .filter(|part| !part.is_empty())
            .collect();
        let directories_only = field.last().is_some_and(|m| m.0 == '/');
        for (at, part) in parts.iter().enumerate() {
            let last = at + 1 == parts.len();
            let mut next: Vec<String> = Vec::new();
            for base in &found {
                let directory = absolute(self.cwd, base);
                if !pattern::is_pattern(part) {
                    let path = format!("{base}{}", text(part));
                    if files.exists(self.cwd, &path) {
                        next.push(path);
                    }
                    continue;
                }
                let Ok(canonical) = files.resolve("/", &directory, true) else {
                    continue;
                };
                let hidden = part.first().is_some_and(|m| m.0 == '.');
                for name in files.list(&canonical) {
                    let chars: Vec<char> = name.chars().collect();
                    if (hidden || !name.starts_with('.')) && pattern::matches(part, &chars) {
                        next.push(format!("{base}{name}"));
                    }
                }
            }
            if !last || directories_only {
                next.retain(|path| {
                    files
                        .find(self.cwd, path)
                        .is_ok_and(|(_, node)| node.is_directory())
                });
                for path in &mut next {
                    path.push('/');
                }
            }
            found = next;
        }
        if found.is_empty() || parts.is_empty() {
            return out.push(text(&field));
        }
        found.sort();
        out.extend(found);
    }
}

impl Variables for Expander<'_> {
    fn get(&self, name: &str) -> Option<String> {
        if let Some((_, value)) = self.sets.iter().rev().find(|(n, _)| n == name) {
            return Some(value.clone());
        }
        self.shell.variable(name).map(str::to_string)
    }

    fn set(&mut self, name: &str, value: i64) {
        self.sets.push((name.to_string(), value.to_string()));
    }
}

/// `~` at the front of a word is the home directory.
fn tilde(word: &Word, expander: &mut Expander<'_>) -> Word {
    if let Some(Part::Text(text)) = word.first() {
        let rest = text.strip_prefix('~');
        if let Some(rest) = rest.filter(|r| r.is_empty() && word.len() == 1 || r.starts_with('/')) {
            let home = expander.lookup("HOME").unwrap_or_else(|| "~".to_string());
            let mut out = vec![Part::Quoted(home), Part::Text(rest.to_string())];
            out.extend(word[1..].iter().cloned());
            return out;
        }
    }
    word.clone()
}
