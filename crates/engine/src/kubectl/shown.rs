//! `-o` of verbs that make or change objects: a line that says what was done, or the object as it
//! is then.

use super::apply::dry_run;
use super::args::Args;
use super::failure::Failure;
use super::get::{is_unsimulated, unsimulated};
use super::item::{self, Item};
use super::object::object;
use super::output::{json, yaml, GoTemplate, JsonPath, Value};
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
    Path(JsonPath),
    Template(GoTemplate),
}

impl Shown {
    /// `-o`, `--template` and `--dry-run`.
    pub fn of(args: &Args) -> Result<Shown, Failure> {
        let template = args.get("template").unwrap_or("");
        let output = match args.get("output") {
            None | Some("") if !template.is_empty() => "go-template",
            output => output.unwrap_or(""),
        };
        let (name, argument) = output.split_once('=').unwrap_or((output, template));
        let form = match name {
            "" => Form::Line,
            "jsonpath" | "go-template" | "template" if argument.is_empty() => {
                let text = "template format specified but no template given";
                return Err(Failure::client(text));
            }
            "jsonpath" => Form::Path(JsonPath::parse(argument)?),
            "go-template" | "template" => Form::Template(GoTemplate::parse(argument)?),
            name if is_unsimulated(name) => return Err(unsimulated(name)),
            _ => match output {
                "name" => Form::Name,
                "yaml" => Form::Data(yaml),
                "json" => Form::Data(json),
                other => {
                    return Err(Failure::client(format!(
                        "unable to match a printer suitable for the output format \"{other}\", \
                         allowed formats are: go-template,go-template-file,json,jsonpath,\
                         jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml"
                    )));
                }
            },
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
            Form::Path(path) => path.print(&object()),
            Form::Template(template) => template.print(&object(), false).0,
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
