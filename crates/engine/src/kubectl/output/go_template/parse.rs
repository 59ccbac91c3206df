//! Words → tree, with the errors of Go's `text/template`.

mod named;

use super::datum::Datum;
use super::functions;
use super::lex::{Kind, Word};
use super::tree::{Branch, Command, Node, Operand, Pipeline, Place, Tree, What};
use crate::manifest::yaml::quote;

/// Branches and parentheses that are nested deeper are refused.
const DEPTH_MAX: u32 = 32;

/// Reads a whole template.
pub fn parse(template: &str, words: &[Word]) -> Result<Tree, String> {
    let mut parser = Parser {
        template,
        words,
        at: 0,
        depth: 0,
        loops: 0,
        variables: vec!["$".to_owned()],
        defined: Vec::new(),
    };
    let (body, ending) = parser.nodes()?;
    match ending {
        Ending::Text => Ok(Tree {
            body,
            defined: parser.defined,
        }),
        Ending::End => Err(parser.error("unexpected {{end}}")),
        Ending::Else => Err(parser.error("unexpected {{else}}")),
    }
}

/// What ends a list of nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Text,
    End,
    Else,
}

struct Parser<'t> {
    template: &'t str,
    words: &'t [Word<'t>],
    at: usize,
    depth: u32,
    /// Ranges around this place.
    loops: u32,
    /// Names that are known here.
    variables: Vec<String>,
    /// Templates that are defined so far.
    defined: Vec<(String, Vec<Node>)>,
}

impl<'t> Parser<'t> {
    /// The word that comes next; the last one stays.
    fn peek(&self) -> Word<'t> {
        let last = self.words.len().saturating_sub(1);
        self.words[self.at.min(last)]
    }

    fn next(&mut self) -> Word<'t> {
        let word = self.peek();
        self.at += 1;
        word
    }

    fn skip_space(&mut self) {
        while self.peek().kind == Kind::Space {
            self.at += 1;
        }
    }

    fn next_word(&mut self) -> Word<'t> {
        self.skip_space();
        self.next()
    }

    fn error(&self, words: &str) -> String {
        let last = self.words[..self.at.min(self.words.len())].last();
        let at = last.map_or(0, |word| word.at) as usize;
        let line = 1 + self.template[..at].matches('\n').count();
        format!("template: output:{line}: {words}")
    }

    fn unexpected(&self, word: Word, context: &str) -> String {
        let shown = match word.kind {
            Kind::Error => return self.error(word.text),
            Kind::End => "EOF".to_owned(),
            Kind::Keyword | Kind::Dot | Kind::Nil => format!("<{}>", word.text),
            _ if word.text.chars().count() > 10 => {
                let start: String = word.text.chars().take(10).collect();
                [&quote(&start), "..."].concat()
            }
            _ => quote(word.text),
        };
        self.error(&format!("unexpected {shown} in {context}"))
    }

    fn enter(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.error("nested too deeply for readyz"));
        }
        Ok(())
    }

    fn place(&self, start: u32, text: String) -> Place {
        Place { at: start, text }
    }

    /// Nodes up to `{{end}}`, `{{else` or the end of the text.
    fn nodes(&mut self) -> Result<(Vec<Node>, Ending), String> {
        self.enter()?;
        let known = self.variables.len();
        let mut nodes = Vec::new();
        let ending = loop {
            let word = self.next();
            match word.kind {
                Kind::End => break Ending::Text,
                Kind::Text => nodes.push(Node::Text(word.text.to_owned())),
                Kind::Left => {
                    self.skip_space();
                    let keyword = self.peek();
                    if keyword.kind != Kind::Keyword {
                        let pipeline = self.pipeline("command", Kind::Right)?;
                        nodes.push(Node::Action(pipeline));
                        continue;
                    }
                    self.next();
                    match keyword.text {
                        "end" => {
                            self.close("end")?;
                            break Ending::End;
                        }
                        "else" => break Ending::Else,
                        // No other place is at this depth.
                        "define" if self.depth == 1 => self.define()?,
                        _ => nodes.push(self.control(keyword)?),
                    }
                }
                _ => return Err(self.unexpected(word, "input")),
            }
        };
        self.variables.truncate(known);
        self.depth -= 1;
        Ok((nodes, ending))
    }

    fn close(&mut self, context: &str) -> Result<(), String> {
        let word = self.next_word();
        match word.kind {
            Kind::Right => Ok(()),
            _ => Err(self.unexpected(word, context)),
        }
    }

    fn control(&mut self, keyword: Word) -> Result<Node, String> {
        match keyword.text {
            "break" | "continue" if self.loops == 0 => {
                Err(self.error(&format!("{{{{{}}}}} outside {{{{range}}}}", keyword.text)))
            }
            "break" => self.close("{{break}}").map(|()| Node::Break),
            "continue" => self.close("{{continue}}").map(|()| Node::Continue),
            "if" | "with" | "range" => self.branch(keyword.text),
            "template" => self.template("template clause"),
            "block" => self.template("block clause"),
            _ => Err(self.unexpected(keyword, "command")),
        }
    }

    /// What follows `if`, `with` or `range`.
    fn branch(&mut self, word: &str) -> Result<Node, String> {
        let known = self.variables.len();
        let pipeline = self.pipeline(word, Kind::Right)?;
        let ranges = u32::from(word == "range");
        self.loops += ranges;
        let (body, ending) = self.nodes()?;
        self.loops -= ranges;
        let other = match ending {
            Ending::Text => return Err(self.error("unexpected EOF")),
            Ending::End => Vec::new(),
            Ending::Else => self.otherwise(word)?,
        };
        self.variables.truncate(known);
        let branch = Branch {
            pipeline,
            body,
            other,
        };
        Ok(match word {
            "if" => Node::If(branch),
            "with" => Node::With(branch),
            _ => Node::Range(branch),
        })
    }

    /// What follows the word `else`: a body, or another `if` or `with` of the same kind.
    fn otherwise(&mut self, word: &str) -> Result<Vec<Node>, String> {
        self.skip_space();
        let next = self.peek();
        if next.kind == Kind::Keyword && next.text == word && word != "range" {
            self.next();
            self.enter()?;
            let chained = self.branch(word)?;
            self.depth -= 1;
            return Ok(vec![chained]);
        }
        self.close("else")?;
        match self.nodes()? {
            (nodes, Ending::End) => Ok(nodes),
            (_, Ending::Else) => Err(self.error("expected end; found {{else}}")),
            (_, Ending::Text) => Err(self.error("unexpected EOF")),
        }
    }

    /// A pipeline up to and with `end`.
    fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipeline, String> {
        self.skip_space();
        let start = self.peek().at;
        let (variables, assigns) = self.declarations(context)?;
        let mut commands: Vec<Command> = Vec::new();
        loop {
            self.skip_space();
            let word = self.peek();
            let is_end = match end {
                Kind::Right => word.kind == Kind::Right,
                _ => word.text == ")",
            };
            if is_end {
                self.next();
                break;
            }
            commands.push(self.command(context)?);
        }
        if commands.is_empty() {
            return Err(self.error(&format!("missing value for {context}")));
        }
        for (stage, later) in commands.iter().enumerate().skip(1) {
            let head = &later.operands[0];
            let is_value = matches!(head.what, What::Nil | What::Dot | What::Constant(_));
            if is_value && head.fields.is_empty() {
                let words = format!("non executable command in pipeline stage {}", stage + 1);
                return Err(self.error(&words));
            }
        }
        let texts: Vec<&str> = commands.iter().map(|c| c.place.text.as_str()).collect();
        let mut text = texts.join(" | ");
        if !variables.is_empty() {
            let sign = if assigns { " = " } else { " := " };
            text = [&variables.join(", "), sign, &text].concat();
        }
        if !assigns {
            self.variables.extend(variables.iter().cloned());
        }
        Ok(Pipeline {
            place: self.place(start, text),
            variables,
            assigns,
            commands,
        })
    }

    /// `$x :=`, `$x =` or `$i, $x :=`, if they stand here.
    fn declarations(&mut self, context: &str) -> Result<(Vec<String>, bool), String> {
        let before = self.at;
        let mut names = Vec::new();
        loop {
            let variable = self.next_word();
            if variable.kind != Kind::Variable {
                break;
            }
            names.push(variable.text.to_owned());
            let sign = self.next_word();
            match (sign.kind, sign.text) {
                (Kind::Declare, _) => return Ok((names, false)),
                (Kind::Sign, "=") => {
                    names.iter().try_for_each(|name| self.known(name))?;
                    return Ok((names, true));
                }
                (Kind::Sign, ",") if context == "range" && names.len() < 2 => {}
                (Kind::Sign, ",") => {
                    return Err(self.error(&format!("too many declarations in {context}")))
                }
                _ => break,
            }
        }
        self.at = before;
        Ok((Vec::new(), false))
    }

    fn known(&self, name: &str) -> Result<(), String> {
        match self.variables.iter().any(|known| known == name) {
            true => Ok(()),
            false => Err(self.error(&format!("undefined variable {}", quote(name)))),
        }
    }

    /// Operands up to `|`, which is taken, or the end of the pipeline, which is not.
    fn command(&mut self, context: &str) -> Result<Command, String> {
        self.skip_space();
        let start = self.peek().at;
        let mut operands: Vec<Operand> = Vec::new();
        loop {
            self.skip_space();
            if let Some(operand) = self.operand()? {
                operands.push(operand);
                if self.peek().kind == Kind::Space {
                    continue;
                }
            }
            let word = self.peek();
            match (word.kind, word.text) {
                (Kind::Right, _) | (Kind::Sign, ")") => break,
                (Kind::Sign, "|") => {
                    self.next();
                    self.skip_space();
                    let after = self.peek();
                    if after.kind == Kind::Right || after.text == ")" {
                        self.next();
                        return Err(self.error(&format!("missing value for {context}")));
                    }
                    break;
                }
                _ => {
                    self.next();
                    return Err(self.unexpected(word, "operand"));
                }
            }
        }
        if operands.is_empty() {
            return Err(self.error("empty command"));
        }
        let texts: Vec<&str> = operands.iter().map(|o| o.place.text.as_str()).collect();
        let text = texts.join(" ");
        Ok(Command {
            place: self.place(start, text),
            operands,
        })
    }

    /// A word with the fields behind it; None if none stands here.
    fn operand(&mut self) -> Result<Option<Operand>, String> {
        let word = self.peek();
        let mut fields = Vec::new();
        let mut text = word.text.to_owned();
        let what = match (word.kind, word.text) {
            (Kind::Dot, _) => What::Dot,
            (Kind::Nil, _) => What::Nil,
            (Kind::Field, name) => {
                fields.push(name[1..].to_owned());
                What::Dot
            }
            (Kind::Variable, name) => {
                self.at += 1;
                self.known(name)?;
                self.at -= 1;
                What::Variable(name.to_owned())
            }
            (Kind::Name, name) => {
                if functions::arity(name).is_none() {
                    self.next();
                    return Err(self.error(&format!("function {} not defined", quote(name))));
                }
                What::Function(name.to_owned())
            }
            (Kind::Bool, truth) => What::Constant(Datum::Bool(truth == "true")),
            (Kind::Number, number) => {
                self.at += 1;
                let number = self.number(number);
                self.at -= 1;
                What::Constant(number?)
            }
            (Kind::Quoted, quoted) => {
                What::Constant(Datum::Text(unquoted(&quoted[1..quoted.len() - 1]).into()))
            }
            (Kind::Raw, raw) => {
                What::Constant(Datum::Text(raw[1..raw.len() - 1].to_owned().into()))
            }
            (Kind::Sign, "(") => {
                self.next();
                self.enter()?;
                let pipeline = self.pipeline("parenthesized pipeline", Kind::Sign)?;
                self.depth -= 1;
                self.at -= 1;
                text = ["(", &pipeline.place.text, ")"].concat();
                What::Pipeline(pipeline)
            }
            _ => return Ok(None),
        };
        self.next();
        let mut at = word.at;
        let mut is_chained = false;
        while self.peek().kind == Kind::Field {
            let field = self.next();
            // Go cites a chain by its second word.
            if !is_chained {
                at = field.at;
                is_chained = true;
            }
            text.push_str(field.text);
            fields.push(field.text[1..].to_owned());
        }
        if is_chained && matches!(what, What::Constant(_) | What::Nil) {
            let words = format!("unexpected . after term {}", quote(word.text));
            return Err(self.error(&words));
        }
        let place = self.place(at, text);
        Ok(Some(Operand {
            place,
            what,
            fields,
        }))
    }

    fn number(&self, text: &str) -> Result<Datum<'static>, String> {
        if let Ok(number) = text.parse::<i64>() {
            return Ok(Datum::Int(number));
        }
        let whole = text.split_once('.').filter(|(_, fraction)| {
            !fraction.is_empty() && fraction.bytes().all(|digit| digit == b'0')
        });
        match whole.map(|(whole, _)| whole.parse::<i64>()) {
            Some(Ok(number)) => Ok(Datum::Float(number)),
            _ if whole.is_none() && text.contains(['.', 'e', 'E']) => {
                Err(self.error(&format!("readyz reads whole numbers only, not {text}")))
            }
            _ => Err(self.error(&format!("bad number syntax: {}", quote(text)))),
        }
    }
}

/// A quoted text as Go reads it.
fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some(c) => out.push(c),
            None => {}
        }
    }
    out
}
