//! A template at work.

use super::datum::Datum;
use super::functions;
use super::tree::{Branch, Command, Node, Operand, Pipeline, Place, Tree, What};
use crate::manifest::yaml::quote;
use std::borrow::Cow;

/// kubectl's name for the whole.
pub const MAIN: &str = "output";
/// Nodes and operands that one template may go through.
const STEPS_MAX: u32 = 500_000;
/// How much it may print, in bytes.
const OUTPUT_MAX: usize = 4 << 20;

/// Templates that may be at work within each other.
const TEMPLATES_MAX: u32 = 16;

/// Why a list of nodes is left before its end.
pub enum Stop {
    Error(String),
    Break,
    Continue,
}

/// The state of a run.
pub struct Run<'t, 'v> {
    pub template: &'t str,
    pub tree: &'t Tree,
    /// The template at work.
    pub name: &'t str,
    /// How many are at work around it.
    pub depth: u32,
    /// `--allow-missing-template-keys=false`.
    pub needs_keys: bool,
    pub out: String,
    pub steps: u32,
    /// The variables that are known, `$` first.
    pub variables: Vec<(&'t str, Datum<'v>)>,
    /// What is cited if something goes wrong.
    pub place: &'t Place,
}

impl<'t, 'v> Run<'t, 'v> {
    /// All nodes of a list.
    pub fn nodes(&mut self, nodes: &'t [Node], dot: &Datum<'v>) -> Result<(), Stop> {
        let known = self.variables.len();
        for node in nodes {
            self.step()?;
            match node {
                Node::Text(text) => self.out.push_str(text),
                Node::Action(pipeline) => {
                    let value = self.pipeline(pipeline, dot)?;
                    if pipeline.variables.is_empty() {
                        match value {
                            Datum::Nothing => self.out.push_str("<no value>"),
                            value => self.out.push_str(&value.print()),
                        }
                    }
                }
                Node::If(branch) => self.branch(branch, dot, false)?,
                Node::With(branch) => self.branch(branch, dot, true)?,
                Node::Range(branch) => self.range(branch, dot)?,
                Node::Template {
                    place,
                    name,
                    pipeline,
                } => self.other(place, name, pipeline.as_ref(), dot)?,
                Node::Break => return Err(Stop::Break),
                Node::Continue => return Err(Stop::Continue),
            }
        }
        self.variables.truncate(known);
        Ok(())
    }

    /// Another template. It sees no variables but `$`, which is its own dot.
    fn other(
        &mut self,
        place: &'t Place,
        name: &'t str,
        pipeline: Option<&'t Pipeline>,
        dot: &Datum<'v>,
    ) -> Result<(), Stop> {
        self.place = place;
        let tree = self.tree;
        let defined = tree.defined.iter().find(|(known, _)| known == name);
        let body = match defined {
            Some((_, body)) => body,
            None if name == MAIN => &tree.body,
            None => {
                let words = format!("template {} not defined", quote(name));
                return Err(self.error(&words));
            }
        };
        if self.depth == TEMPLATES_MAX {
            return Err(self.error("readyz ends templates that call each other so often"));
        }
        let value = match pipeline {
            Some(pipeline) => self.pipeline(pipeline, dot)?,
            None => Datum::Nothing,
        };
        let own = vec![("$", value.clone())];
        let variables = std::mem::replace(&mut self.variables, own);
        let around = std::mem::replace(&mut self.name, name);
        self.depth += 1;
        self.nodes(body, &value)?;
        self.depth -= 1;
        self.name = around;
        self.variables = variables;
        Ok(())
    }

    fn step(&mut self) -> Result<(), Stop> {
        self.steps += 1;
        match self.steps > STEPS_MAX || self.out.len() > OUTPUT_MAX {
            true => Err(self.error("readyz ends a template that goes on for so long")),
            false => Ok(()),
        }
    }

    /// What is wrong at the last place that was looked at.
    fn error(&self, words: &str) -> Stop {
        let Place { at, text } = self.place;
        let before = &self.template[..*at as usize];
        let line = 1 + before.matches('\n').count();
        let column = before
            .rfind('\n')
            .map_or(before.len(), |end| before.len() - end - 1);
        Stop::Error(format!(
            "template: output:{line}:{column}: executing {} at <{text}>: {words}",
            quote(self.name)
        ))
    }

    fn branch(&mut self, branch: &'t Branch, dot: &Datum<'v>, moves: bool) -> Result<(), Stop> {
        let known = self.variables.len();
        let value = self.pipeline(&branch.pipeline, dot)?;
        match (value.truth(), moves) {
            (true, true) => self.nodes(&branch.body, &value)?,
            (true, false) => self.nodes(&branch.body, dot)?,
            (false, _) => self.nodes(&branch.other, dot)?,
        }
        self.variables.truncate(known);
        Ok(())
    }

    fn range(&mut self, branch: &'t Branch, dot: &Datum<'v>) -> Result<(), Stop> {
        let known = self.variables.len();
        let value = self.pipeline(&branch.pipeline, dot)?;
        let pairs: Vec<(Datum<'v>, Datum<'v>)> = match &value {
            Datum::Nothing => Vec::new(),
            Datum::List(items) => (0..)
                .map(Datum::Int)
                .zip(items.iter().map(Datum::of))
                .collect(),
            Datum::Map(entries) => {
                let key = |key: &'v String| Datum::Text(key.as_str().into());
                let pairs = entries.iter();
                pairs.map(|(k, value)| (key(k), Datum::of(value))).collect()
            }
            Datum::Int(count) => {
                let count = (*count).clamp(0, i64::from(STEPS_MAX));
                (0..count)
                    .map(|at| (Datum::Int(at), Datum::Int(at)))
                    .collect()
            }
            other => {
                let words = ["range can't iterate over ", &other.print()].concat();
                return Err(self.error(&words));
            }
        };
        if pairs.is_empty() {
            self.nodes(&branch.other, dot)?;
        }
        let names = &branch.pipeline.variables;
        for (key, value) in pairs {
            self.step()?;
            match names.as_slice() {
                [] => {}
                [one] => self.assign(one, value.clone()),
                [first, second, ..] => {
                    self.assign(first, key);
                    self.assign(second, value.clone());
                }
            }
            let inside = self.variables.len();
            match self.nodes(&branch.body, &value) {
                Err(Stop::Break) => break,
                Err(Stop::Continue) | Ok(()) => self.variables.truncate(inside),
                Err(error) => return Err(error),
            }
        }
        self.variables.truncate(known);
        Ok(())
    }

    fn assign(&mut self, name: &str, value: Datum<'v>) {
        let variable = self.variables.iter_mut().rev();
        if let Some(variable) = variable.into_iter().find(|(known, _)| *known == name) {
            variable.1 = value;
        }
    }

    fn pipeline(&mut self, pipeline: &'t Pipeline, dot: &Datum<'v>) -> Result<Datum<'v>, Stop> {
        self.place = &pipeline.place;
        let mut value = None;
        for command in &pipeline.commands {
            value = Some(self.command(command, dot, value)?);
        }
        let value = value.unwrap_or(Datum::Nothing);
        for name in &pipeline.variables {
            match pipeline.assigns {
                true => self.assign(name, value.clone()),
                false => self.variables.push((name, value.clone())),
            }
        }
        Ok(value)
    }

    /// `last`: the value of the command before it in the pipeline.
    fn command(
        &mut self,
        command: &'t Command,
        dot: &Datum<'v>,
        last: Option<Datum<'v>>,
    ) -> Result<Datum<'v>, Stop> {
        self.step()?;
        let (head, arguments) = (&command.operands[0], &command.operands[1..]);
        if let What::Function(name) = &head.what {
            let value = self.call(name, command, arguments, dot, last)?;
            return self.fields(value, head);
        }
        let has_arguments = !arguments.is_empty() || last.is_some();
        self.place = &head.place;
        if has_arguments {
            let words = match head.fields.last() {
                Some(field) => [field, " is not a method but has arguments"].concat(),
                None => ["can't give argument to non-function ", &head.place.text].concat(),
            };
            return Err(self.error(&words));
        }
        if head.what == What::Nil {
            return Err(self.error("nil is not a command"));
        }
        self.operand(head, dot)
    }

    fn operand(&mut self, operand: &'t Operand, dot: &Datum<'v>) -> Result<Datum<'v>, Stop> {
        self.step()?;
        let value = match &operand.what {
            What::Dot => dot.clone(),
            What::Nil => Datum::Nothing,
            What::Variable(name) => {
                let mut variables = self.variables.iter().rev();
                let found = variables.find(|(known, _)| known == name);
                found.map_or(Datum::Nothing, |(_, value)| value.clone())
            }
            What::Constant(constant) => owned(constant),
            What::Pipeline(pipeline) => self.pipeline(pipeline, dot)?,
            What::Function(name) => {
                self.place = &operand.place;
                self.value_of(name, Vec::new())?
            }
        };
        self.place = &operand.place;
        self.fields(value, operand)
    }

    /// The fields of a value, one after another.
    fn fields(&self, value: Datum<'v>, operand: &Operand) -> Result<Datum<'v>, Stop> {
        let mut value = value;
        for (number, field) in operand.fields.iter().enumerate() {
            value = match &value {
                Datum::Map(entries) => match entries.get(field) {
                    Some(found) => Datum::of(found),
                    None if self.needs_keys => {
                        let words = ["map has no entry for key ", &quote(field)].concat();
                        return Err(self.error(&words));
                    }
                    None => Datum::Nothing,
                },
                Datum::Nothing if self.needs_keys => {
                    let words = ["nil data; no entry for key ", &quote(field)].concat();
                    return Err(self.error(&words));
                }
                Datum::Nothing => Datum::Nothing,
                other => {
                    // Of a variable's value Go knows the type, of what stands in a map it does not.
                    let name = match (&operand.what, number) {
                        (What::Variable(_) | What::Pipeline(_), 0) => other.type_name(),
                        _ => "interface {}",
                    };
                    let words = format!("can't evaluate field {field} in type {name}");
                    return Err(self.error(&words));
                }
            };
        }
        Ok(value)
    }

    fn call(
        &mut self,
        name: &str,
        command: &'t Command,
        arguments: &'t [Operand],
        dot: &Datum<'v>,
        last: Option<Datum<'v>>,
    ) -> Result<Datum<'v>, Stop> {
        self.place = &command.operands[0].place;
        let count = arguments.len() + usize::from(last.is_some());
        let (least, most) = functions::arity(name).unwrap_or((0, 0));
        if count < least || count > most {
            let at_least = if most == usize::MAX { "at least " } else { "" };
            let words =
                format!("wrong number of args for {name}: want {at_least}{least} got {count}");
            return Err(self.error(&words));
        }
        if name == "and" || name == "or" {
            let mut value = Datum::Nothing;
            for argument in arguments {
                value = self.operand(argument, dot)?;
                if value.truth() == (name == "or") {
                    return Ok(value);
                }
            }
            return Ok(last.unwrap_or(value));
        }
        let mut given = Vec::with_capacity(count);
        for argument in arguments {
            given.push(self.operand(argument, dot)?);
        }
        given.extend(last);
        self.place = &command.place;
        if name == "call" {
            return Err(self.error(&no_function(arguments, &given[0])));
        }
        self.value_of(name, given)
    }

    fn value_of(&self, name: &str, given: Vec<Datum<'v>>) -> Result<Datum<'v>, Stop> {
        functions::call(name, &given).map_err(|words| {
            let words = format!("error calling {name}: {words}");
            self.error(&words)
        })
    }
}

/// Why a value cannot be called: no data is a function.
fn no_function(arguments: &[Operand], value: &Datum) -> String {
    let kind = value.type_name();
    let shown = match (arguments, value) {
        (_, Datum::Nothing) => return "error calling call: call of nil".to_owned(),
        ([first, ..], _) => first.place.text.clone(),
        ([], Datum::Text(text)) => text.to_string(),
        ([], _) => ["<", kind, " Value>"].concat(),
    };
    format!("error calling call: non-function {shown} of type {kind}")
}

/// A constant of the template, which outlives no run.
fn owned<'v>(constant: &Datum<'static>) -> Datum<'v> {
    match constant {
        Datum::Text(text) => Datum::Text(Cow::Owned(text.to_string())),
        other => other.clone(),
    }
}
