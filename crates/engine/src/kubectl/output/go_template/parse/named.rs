//! Templates with a name: `define`, `template` and `block`.

use super::{unquoted, Ending, Parser};
use crate::kubectl::output::go_template::lex::Kind;
use crate::kubectl::output::go_template::tree::Node;
use crate::manifest::yaml::quote;

impl Parser<'_> {
    /// What follows `define`.
    pub(super) fn define(&mut self) -> Result<(), String> {
        let context = "define clause";
        let (_, name) = self.template_name(context)?;
        self.close(context)?;
        self.definition(name, context)
    }

    /// What follows `template`, or `block`, which defines it, too.
    pub(super) fn template(&mut self, context: &str) -> Result<Node, String> {
        let (at, name) = self.template_name(context)?;
        self.skip_space();
        let is_block = context == "block clause";
        let pipeline = match self.peek().kind {
            Kind::Right if !is_block => {
                self.next();
                None
            }
            _ => Some(self.pipeline(context, Kind::Right)?),
        };
        let quoted = quote(&name);
        let text = match &pipeline {
            Some(pipeline) => ["{{template ", &quoted, " ", &pipeline.place.text, "}}"].concat(),
            None => ["{{template ", &quoted, "}}"].concat(),
        };
        if is_block {
            self.definition(name.clone(), context)?;
        }
        Ok(Node::Template {
            place: self.place(at, text),
            name,
            pipeline,
        })
    }

    fn template_name(&mut self, context: &str) -> Result<(u32, String), String> {
        let word = self.next_word();
        let inner = || &word.text[1..word.text.len() - 1];
        match word.kind {
            Kind::Quoted => Ok((word.at, unquoted(inner()))),
            Kind::Raw => Ok((word.at, inner().to_owned())),
            _ => Err(self.unexpected(word, context)),
        }
    }

    /// The body of a template, up to its `{{end}}`. It knows no variables but `$`.
    fn definition(&mut self, name: String, context: &str) -> Result<(), String> {
        let variables = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let loops = std::mem::take(&mut self.loops);
        let (body, ending) = self.nodes()?;
        match ending {
            Ending::End => {}
            Ending::Text => return Err(self.error("unexpected EOF")),
            Ending::Else => {
                return Err(self.error(&format!("unexpected {{{{else}}}} in {context}")));
            }
        }
        (self.variables, self.loops) = (variables, loops);
        let known = self.defined.iter_mut().find(|(known, _)| *known == name);
        match known {
            None => self.defined.push((name, body)),
            Some((_, known)) if is_empty(known) => *known = body,
            Some(_) if is_empty(&body) => {}
            Some(_) => {
                let words = format!("template: multiple definition of template {}", quote(&name));
                return Err(self.error(&words));
            }
        }
        Ok(())
    }
}

/// Whether nothing but blanks is in it: such a template may be defined anew.
fn is_empty(body: &[Node]) -> bool {
    let is_blank = |node: &Node| matches!(node, Node::Text(text) if text.trim().is_empty());
    body.iter().all(is_blank)
}
