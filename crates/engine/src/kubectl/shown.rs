//! `-o` of verbs that make or change objects: a line that says what was done, or the object as it
//! is then.

use super::apply::dry_run;
use super::args::Args;
use super::failure::Failure;
use super::get::{named, Pattern};
use super::item::{self, Item};
use super::object::object;
use super::output::{json, json_of_struct, yaml, Value};
use super::view::View;
use super::Output;
use crate::cluster::Cluster;
use crate::manifest::DryRun;
use crate::scenario::Act;

/// How what was done is shown, and whether it is done.
pub struct Shown {
    form: Form,
    is_json: bool,
    /// Changed objects are told as a client changes what it had read.
    is_unsent: bool,
    dry_run: DryRun,
    suffix: &'static str,
}

enum Form {
    Line,
    Name,
    Data(fn(&Value) -> String),
    Pattern(Pattern),
}

impl Shown {
    /// `-o`, `--template` and `--dry-run`.
    pub fn of(args: &Args) -> Result<Shown, Failure> {
        let (name, argument, output) = named(args);
        let form = match (Pattern::of(name, argument, false)?, output) {
            (Some(pattern), _) => Form::Pattern(pattern),
            // What stands behind nothing is passed over.
            _ if name.is_empty() => Form::Line,
            (_, "name") => Form::Name,
            (_, "yaml") => Form::Data(yaml),
            (_, "json") => Form::Data(json_of_struct),
            (_, other) => {
                return Err(Failure::client(format!(
                    "unable to match a printer suitable for the output format \"{other}\", allowed \
                     formats are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,\
                     jsonpath-file,kyaml,name,template,templatefile,yaml"
                )));
            }
        };
        let dry_run = dry_run(args);
        Ok(Shown {
            form,
            is_json: output == "json",
            is_unsent: dry_run == DryRun::Client,
            dry_run,
            suffix: dry_run.suffix(),
        })
    }

    /// The same for a verb that prints objects as the server sent them.
    pub fn sorted(mut self) -> Shown {
        if let Form::Data(print) = &mut self.form {
            *print = match self.is_json {
                true => json,
                false => yaml,
            };
        }
        self
    }

    /// The same for a verb that never reads an object again.
    pub fn unread(mut self) -> Shown {
        self.is_unsent = true;
        self
    }

    /// Whether it is told in a line.
    pub fn is_line(&self) -> bool {
        matches!(self.form, Form::Line)
    }

    /// The same for a verb that tells a dry run like any other.
    pub fn without_suffix(mut self) -> Shown {
        self.suffix = "";
        self
    }

    /// Adds `PATH WORD`, or the object, to what is printed.
    pub fn print(&self, path: &str, word: &str, object: &dyn Fn() -> Value, output: &mut Output) {
        let text = match &self.form {
            Form::Line => [path, " ", word, self.suffix, "\n"].concat(),
            // A list has no name.
            Form::Name if path.is_empty() => String::new(),
            Form::Name => [path, "\n"].concat(),
            Form::Data(print) => print(&object()),
            Form::Pattern(pattern) => {
                let (text, stopped) = pattern.print(&object());
                stopped.iter().for_each(|failure| output.fail(failure));
                text
            }
        };
        output.stdout.push_str(&text);
    }

    /// Adds what was done to an object, which the cluster is `after`, and the acts behind it.
    pub fn done(
        &self,
        view: &View,
        item: &Item,
        word: &str,
        after: &Cluster,
        acts: impl IntoIterator<Item = Act>,
        output: &mut Output,
    ) {
        let of = |cluster| {
            let mut inner = view.of(cluster);
            inner.namespace.clone_from(&item.namespace);
            match item::find(&inner, item.resource, &item.name) {
                Ok(item) => object(&inner, &item),
                Err(_) => Value::Null,
            }
        };
        let whole = || match self.is_unsent {
            true => unsent(of(after), &of(view.cluster)),
            false => of(after),
        };
        self.print(&item.path(), word, &whole, output);
        if self.dry_run == DryRun::No {
            acts.into_iter().for_each(|act| output.act(item, act));
        }
    }
}

/// A changed object as a client has it: what the server counts stays as it was.
fn unsent(mut changed: Value, former: &Value) -> Value {
    let was = |field: &str| former.get("metadata").and_then(|meta| meta.get(field));
    if let Value::Map(fields) = &mut changed {
        if let Some(Value::Map(meta)) = fields.get_mut("metadata") {
            for field in ["generation", "resourceVersion"] {
                if let Some(value) = was(field) {
                    meta.insert(field.into(), value.clone());
                }
            }
        }
    }
    changed
}
