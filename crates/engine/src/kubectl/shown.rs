//! `-o` of verbs that make or change objects: a line that says what was done, or the object as it
//! is then.

use super::apply::dry_run;
use super::args::Args;
use super::failure::Failure;
use super::get::{named, Pattern};
use super::item::{self, Item};
use super::object::object;
use super::output::{json, yaml, Value};
use super::view::View;
use super::Output;
use crate::cluster::Cluster;
use crate::manifest::DryRun;
use crate::scenario::Act;

/// How what was done is shown, and whether it is done.
pub struct Shown {
    form: Form,
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
            (_, "json") => Form::Data(json),
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
            dry_run,
            suffix: dry_run.suffix(),
        })
    }

    /// The same for a verb that tells a dry run like any other.
    pub fn without_suffix(mut self) -> Shown {
        self.suffix = "";
        self
    }

    /// `PATH WORD`, or the object.
    pub fn print(&self, path: &str, word: &str, object: &dyn Fn() -> Value) -> String {
        match &self.form {
            Form::Line => [path, " ", word, self.suffix, "\n"].concat(),
            Form::Name => [path, "\n"].concat(),
            Form::Data(print) => print(&object()),
            Form::Pattern(pattern) => pattern.print(&object()).0,
        }
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
        let whole = || {
            let mut after = view.of(after);
            after.namespace.clone_from(&item.namespace);
            match item::find(&after, item.resource, &item.name) {
                Ok(item) => object(&after, &item),
                Err(_) => Value::Null,
            }
        };
        output
            .stdout
            .push_str(&self.print(&item.path(), word, &whole));
        if self.dry_run == DryRun::No {
            output.inputs.extend(acts);
        }
    }
}
