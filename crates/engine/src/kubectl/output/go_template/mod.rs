//! `-o go-template=…`: Go's templates as far as people print objects with them. Fractions are refused.
//! Source: the text/template package of Go 1.25, kubectl's printers/template.go.

mod datum;
mod escape;
mod functions;
mod lex;
mod parse;
mod print;
mod run;
mod tree;

#[cfg(test)]
mod tests;

use super::{compact_json, Value};
use crate::kubectl::failure::Failure;
use crate::manifest::yaml::quote;
use datum::Datum;
use run::{Run, Stop};
use tree::{Place, Tree};

/// A value as Go's `%v`.
pub fn go_text(value: &Value) -> String {
    Datum::of(value).print()
}

/// A template.
pub struct GoTemplate {
    template: String,
    tree: Tree,
}

impl GoTemplate {
    /// Reads a template.
    pub fn parse(template: &str) -> Result<GoTemplate, Failure> {
        let tree = parse::parse(template, &lex::words(template));
        let template = template.to_owned();
        match tree {
            Ok(tree) => Ok(GoTemplate { template, tree }),
            Err(words) => {
                let text = format!("error parsing template {template}, {words}");
                Err(Failure::client(text))
            }
        }
    }

    /// What the template prints of an object, and why it was not all. `needs_keys`: a field that is
    /// missing is an error.
    pub fn print(&self, object: &Value, needs_keys: bool) -> (String, Option<Failure>) {
        let nowhere = Place::default();
        let root = Datum::of(object);
        let mut run = Run {
            template: &self.template,
            tree: &self.tree,
            name: run::MAIN,
            depth: 0,
            needs_keys,
            out: String::new(),
            steps: 0,
            variables: vec![("$", root.clone())],
            place: &nowhere,
        };
        let stopped = run.nodes(&self.tree.body, &root);
        let mut out = run.out;
        let Err(Stop::Error(words)) = stopped else {
            return (out, None);
        };
        // What helps to mend it goes to standard output, too.
        out.push_str(&format!(
            "Error executing template: {words}. Printing more information for debugging the \
             template:\n\ttemplate was:\n\t\t{}\n\traw data was:\n\t\t{}\n\tobject given to \
             template engine was:\n\t\t{}\n\n",
            self.template,
            compact_json(object),
            root.print(),
        ));
        let template = quote(&self.template);
        let text = format!("error executing template {template}: {words}");
        (out, Some(Failure::client(text)))
    }
}
