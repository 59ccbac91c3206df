//! A template's words.

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Outside of all actions.
    Text,
    /// `{{`.
    Left,
    /// `}}`.
    Right,
    Space,
    /// A function's name.
    Name,
    /// `if`, `end` and others.
    Keyword,
    Bool,
    Nil,
    Dot,
    /// `.name`.
    Field,
    /// `$` or `$name`.
    Variable,
    Number,
    /// In double quotes.
    Quoted,
    /// In backquotes.
    Raw,
    /// `:=`.
    Declare,
    /// `=`, `|`, `,`, `(` and `)`.
    Sign,
    /// The word is what is wrong.
    Error,
    End,
}

/// A word and where it begins, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Word<'t> {
    pub kind: Kind,
    pub at: u32,
    pub text: &'t str,
}

const KEYWORDS: &[&str] = &[
    "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with",
];

/// Blanks as Go's templates have them.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// All words of a template; the last one is `End` or `Error`.
pub fn words(template: &str) -> Vec<Word<'_>> {
    let mut lexer = Lexer {
        template,
        at: 0,
        depth: 0,
        words: Vec::new(),
    };
    lexer.outside();
    lexer.words
}

struct Lexer<'t> {
    template: &'t str,
    at: usize,
    /// Open parentheses.
    depth: u32,
    words: Vec<Word<'t>>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.template[self.at..]
    }

    /// Takes so many bytes as a word.
    fn take(&mut self, kind: Kind, length: usize) {
        let text = &self.rest()[..length];
        self.words.push(Word {
            kind,
            at: self.at as u32,
            text,
        });
        self.at += length;
    }

    fn wrong(&mut self, text: &'static str) -> bool {
        self.words.push(Word {
            kind: Kind::Error,
            at: self.at as u32,
            text,
        });
        false
    }

    fn outside(&mut self) {
        let mut trims = false;
        loop {
            if trims {
                self.at += self.rest().len() - self.rest().trim_start_matches(BLANKS).len();
            }
            let open = self.rest().find("{{");
            let end = open.unwrap_or(self.rest().len());
            let after = self.rest().get(end + 2..).unwrap_or("");
            let trims_before = after.starts_with('-') && after[1..].starts_with(BLANKS);
            let text = &self.rest()[..end];
            let kept = match trims_before {
                true => text.trim_end_matches(BLANKS).len(),
                false => end,
            };
            if kept > 0 {
                self.take(Kind::Text, kept);
            }
            self.at += end - kept;
            if open.is_none() {
                self.take(Kind::End, 0);
                return;
            }
            let marker = if trims_before { 2 } else { 0 };
            if after[marker..].starts_with("/*") {
                match self.comment(2 + marker) {
                    Some(trim) => trims = trim,
                    None => return,
                }
                continue;
            }
            self.take(Kind::Left, 2);
            self.at += marker;
            self.depth = 0;
            match self.inside() {
                Some(trim) => trims = trim,
                None => return,
            }
        }
    }

    /// Leaves a comment out. Whether blanks behind it go, too; None: it is wrong.
    fn comment(&mut self, opening: usize) -> Option<bool> {
        self.at += opening;
        let Some(end) = self.rest().find("*/") else {
            self.wrong("unclosed comment");
            return None;
        };
        self.at += end + 2;
        for (closing, trim) in [("}}", false), (" -}}", true)] {
            if self.rest().starts_with(closing) {
                self.at += closing.len();
                return Some(trim);
            }
        }
        self.wrong("comment ends before closing delimiter");
        None
    }

    /// The words up to `}}`. Whether blanks behind it go; None: something is wrong.
    fn inside(&mut self) -> Option<bool> {
        loop {
            let rest = self.rest();
            let blanks = rest.len() - rest.trim_start_matches(BLANKS).len();
            let trims = blanks > 0 && rest[blanks..].starts_with("-}}");
            if trims || rest.starts_with("}}") {
                if self.depth > 0 {
                    self.wrong("unclosed left paren");
                    return None;
                }
                self.at += if trims { blanks + 1 } else { 0 };
                self.take(Kind::Right, 2);
                return Some(trims);
            }
            let is_right = match blanks {
                0 => self.word(),
                _ => {
                    self.take(Kind::Space, blanks);
                    true
                }
            };
            if !is_right {
                return None;
            }
        }
    }

    /// One word of an action; false if it is wrong.
    fn word(&mut self) -> bool {
        let rest = self.rest();
        let length = |of: &str| {
            let is_part = |c: char| c == '_' || c.is_alphanumeric();
            of.find(|c| !is_part(c)).unwrap_or(of.len())
        };
        let mut chars = rest.chars();
        let (Some(first), second) = (chars.next(), chars.next()) else {
            return self.wrong("unclosed action");
        };
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        match first {
            '=' | '|' | ',' => self.take(Kind::Sign, 1),
            '(' => {
                self.depth += 1;
                self.take(Kind::Sign, 1);
            }
            ')' if self.depth == 0 => return self.wrong("unexpected right paren"),
            ')' => {
                self.depth -= 1;
                self.take(Kind::Sign, 1);
            }
            ':' if second == Some('=') => self.take(Kind::Declare, 2),
            ':' => return self.wrong("expected :="),
            '"' => return self.quoted(),
            '`' => match rest[1..].find('`') {
                Some(end) => self.take(Kind::Raw, end + 2),
                None => return self.wrong("unterminated raw quoted string"),
            },
            '$' => self.take(Kind::Variable, 1 + length(&rest[1..])),
            '.' if !digit(second) => match length(&rest[1..]) {
                0 => self.take(Kind::Dot, 1),
                name => self.take(Kind::Field, 1 + name),
            },
            '+' | '-' | '.' | '0'..='9' => {
                let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
                let end = rest[1..].find(|c| !is_part(c)).unwrap_or(rest.len() - 1);
                self.take(Kind::Number, 1 + end);
            }
            c if c == '_' || c.is_alphabetic() => {
                let length = length(rest);
                let kind = match &rest[..length] {
                    "true" | "false" => Kind::Bool,
                    "nil" => Kind::Nil,
                    word if KEYWORDS.contains(&word) => Kind::Keyword,
                    _ => Kind::Name,
                };
                self.take(kind, length);
            }
            _ => return self.wrong("unrecognized character in action"),
        }
        true
    }

    fn quoted(&mut self) -> bool {
        let mut escaped = false;
        for (at, c) in self.rest().char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    self.take(Kind::Quoted, at + 1);
                    return true;
                }
                '\n' => break,
                _ => {}
            }
        }
        self.wrong("unterminated quoted string")
    }
}
