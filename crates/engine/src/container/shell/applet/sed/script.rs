//! From a script's text to commands.

use super::{Address, Command, Kind};
use crate::container::shell::applet::echo::unescape;
use crate::container::shell::regex::Regex;

pub(super) struct Reader<'a> {
    pub(super) text: &'a [char],
    pub(super) at: usize,
    pub(super) extended: bool,
}

/// Why a script cannot be run.
#[derive(Debug)]
pub(super) enum Fault {
    Wrong(String),
    /// BusyBox would run it.
    NotSimulated(String),
}

impl From<&str> for Fault {
    fn from(text: &str) -> Fault {
        Fault::Wrong(text.to_string())
    }
}

pub(super) type Parsed<T> = Result<T, Fault>;

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn skip(&mut self, set: &str) {
        while self.peek().is_some_and(|c| set.contains(c)) {
            self.at += 1;
        }
    }

    pub(super) fn commands(&mut self, out: &mut Vec<Command>, depth: u32) -> Parsed<()> {
        if depth > 20 {
            return Err("too many nested blocks".into());
        }
        loop {
            self.skip(" \t\n;");
            match self.peek() {
                None if depth == 0 => return Ok(()),
                None => return Err("unterminated {".into()),
                Some('}') if depth > 0 => {
                    self.at += 1;
                    return Ok(());
                }
                Some('#') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                Some(_) => self.command(out, depth)?,
            }
        }
    }

    fn command(&mut self, out: &mut Vec<Command>, depth: u32) -> Parsed<()> {
        let from = self.address()?;
        let mut to = None;
        if self.peek() == Some(',') {
            self.at += 1;
            to = self.address()?;
        }
        self.skip(" \t");
        let negated = self.peek() == Some('!');
        if negated {
            self.at += 1;
            self.skip(" \t");
        }
        let letter = self.peek().ok_or("missing command")?;
        self.at += 1;
        let place = out.len();
        out.push(Command {
            from,
            to,
            negated,
            kind: Kind::Print,
            inside: false,
        });
        out[place].kind = match letter {
            '{' => {
                self.commands(out, depth + 1)?;
                Kind::Block(out.len())
            }
            'p' => Kind::Print,
            'd' => Kind::Delete,
            'q' => Kind::Quit,
            '=' => Kind::Number,
            'n' => Kind::Next,
            'N' => Kind::NextAppend,
            'h' => Kind::Hold,
            'H' => Kind::HoldAppend,
            'g' => Kind::Get,
            'G' => Kind::GetAppend,
            'x' => Kind::Exchange,
            'a' => Kind::Append(self.line_text()),
            'i' => Kind::Insert(self.line_text()),
            'c' => Kind::Change(self.line_text()),
            'y' => {
                let delimiter = self.peek().ok_or("bad y command")?;
                self.at += 1;
                let from: Vec<char> = self.until(delimiter)?.chars().collect();
                let to: Vec<char> = self.until(delimiter)?.chars().collect();
                if from.len() != to.len() {
                    return Err("y command strings have different lengths".into());
                }
                Kind::Translate(from, to)
            }
            's' => self.substitution()?,
            ':' | 'b' | 't' | 'T' | 'l' | 'r' | 'w' | 'P' | 'D' => {
                return Err(Fault::NotSimulated(format!("the command {letter}")))
            }
            _ => return Err(Fault::Wrong(format!("unsupported command {letter}"))),
        };
        Ok(())
    }

    fn substitution(&mut self) -> Parsed<Kind> {
        let delimiter = self.peek().ok_or("bad substitution")?;
        self.at += 1;
        let old = self.until(delimiter)?;
        let new = self.until(delimiter)?;
        let (mut all, mut nth, mut print, mut fold) = (false, 1, false, false);
        while let Some(c) = self.peek() {
            match c {
                'g' => all = true,
                'p' => print = true,
                'I' | 'i' => fold = true,
                '1'..='9' => nth = c.to_digit(10).unwrap_or(1) as usize,
                ' ' | '\t' | ';' | '\n' | '}' | '#' => break,
                'w' | 'm' | 'M' | 'e' => {
                    return Err(Fault::NotSimulated(format!("the flag {c} of s")))
                }
                _ => return Err("bad option in substitution expression".into()),
            }
            self.at += 1;
        }
        let regex = Regex::new(&old, self.extended, fold).ok_or("bad regex")?;
        Ok(Kind::Substitute {
            regex,
            new,
            all,
            nth,
            print,
        })
    }

    fn address(&mut self) -> Parsed<Option<Address>> {
        match self.peek() {
            Some('$') => {
                self.at += 1;
                Ok(Some(Address::Last))
            }
            Some('/') => {
                self.at += 1;
                let text = self.until('/')?;
                let regex = Regex::new(&text, self.extended, false).ok_or("bad regex")?;
                Ok(Some(Address::Match(regex)))
            }
            Some(c) if c.is_ascii_digit() => {
                let start = self.at;
                self.skip("0123456789");
                let digits: String = self.text[start..self.at].iter().collect();
                if self.peek() == Some('~') {
                    return Err(Fault::NotSimulated("FIRST~STEP".to_string()));
                }
                match digits.parse() {
                    Ok(number) => Ok(Some(Address::Line(number))),
                    Err(_) => Err("bad address".into()),
                }
            }
            Some(c @ ('+' | '~' | '\\')) => Err(Fault::NotSimulated(format!("addresses with {c}"))),
            _ => Ok(None),
        }
    }

    /// Text up to a delimiter, which is passed; a backslash before it makes it literal.
    fn until(&mut self, delimiter: char) -> Parsed<String> {
        let mut text = String::new();
        loop {
            let c = self.peek().ok_or("unmatched delimiter")?;
            self.at += 1;
            if c == delimiter {
                return Ok(text);
            }
            if c == '\\' {
                let next = self.peek().ok_or("unmatched delimiter")?;
                self.at += 1;
                if next != delimiter {
                    text.push('\\');
                }
                text.push(next);
            } else {
                text.push(c);
            }
        }
    }

    /// Text of `a`, `i`, `c`: the rest of the line, or the next one after a backslash.
    fn line_text(&mut self) -> String {
        self.skip(" \t");
        if self.peek() == Some('\\') {
            self.at += 1;
            self.skip(" \t");
            if self.peek() == Some('\n') {
                self.at += 1;
            }
        }
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|c| *c != '\n') {
            text.push(c);
            self.at += 1;
        }
        let mut bytes = Vec::new();
        unescape(&text, &mut bytes, false);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
