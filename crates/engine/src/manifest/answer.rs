//! What kubectl prints for a file, and its exit code (validation.md §1–§3).

mod admission;
mod names;
mod updates;

pub use admission::{missing_account, missing_class};
pub use names::plural;

use super::document::{Document, Source, Verdict};
use super::stream::Stream;
use super::validate::path_segment;
use super::yaml::quote;
use super::ENDPOINTS_DEPRECATED;
use crate::sorted::Map;
use names::{group, is_cluster_kind, name_of, plural_resource, resource};

/// Which command is imitated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Apply,
    Create,
    Replace,
}

impl Verb {
    /// Its name, and what it is doing when the server refuses an object. `apply` creates what is not
    /// there.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Verb::Apply => ("apply", "creating"),
            Verb::Create => ("create", "creating"),
            Verb::Replace => ("replace", "replacing"),
        }
    }
}

/// Whether anything is done (VAL-24).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DryRun {
    #[default]
    No,
    /// Nothing is sent: only what kubectl itself reads is checked.
    Client,
    /// The server checks, and does nothing.
    Server,
}

impl DryRun {
    /// What stands after a success line.
    pub const fn suffix(self) -> &'static str {
        match self {
            DryRun::No => "",
            DryRun::Client => " (dry run)",
            DryRun::Server => " (server dry run)",
        }
    }
}

/// The output of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub stdout: String,
    pub stderr: String,
    pub exit: u8,
}

/// A failure in its two forms: alone, or as one of several (VAL-03, VAL-16).
struct Failure {
    alone: String,
    among_others: String,
    /// Whether kubectl finds it before it sends anything.
    is_own: bool,
}

/// Answers for files in their order, as one command on an empty cluster would: each with the name
/// that kubectl shows. `namespace` is `-n`; None: not given.
pub fn answer(files: &[(&str, &Stream)], verb: Verb, namespace: Option<&str>) -> Answer {
    answer_as(files, verb, DryRun::No, namespace, None)
}

/// What the server says of a document that its decoder refuses for a fault, if the object exists and
/// is patched (VAL-23).
pub type Patched<'p> = &'p dyn Fn(&Document, &str) -> Option<String>;

/// The same with `--dry-run`. `patched`: where a cluster stands behind, in which objects may exist.
pub fn answer_as(
    files: &[(&str, &Stream)],
    verb: Verb,
    dry_run: DryRun,
    namespace: Option<&str>,
    patched: Option<Patched>,
) -> Answer {
    let mut command = Command {
        verb,
        dry_run,
        namespace,
        patched,
        out: Answer::default(),
        failures: Vec::new(),
        existing: Map::new(),
        objects: 0,
    };
    for (file, stream) in files {
        for document in &stream.documents {
            if command.document(file, document).is_break() {
                break;
            }
        }
    }
    command.finish()
}

struct Command<'a> {
    verb: Verb,
    dry_run: DryRun,
    namespace: Option<&'a str>,
    patched: Option<Patched<'a>>,
    out: Answer,
    failures: Vec<Failure>,
    /// Objects made so far. Boxed: thousands of names are moved about less.
    existing: Map<Box<[String; 3]>, Option<&'a Source>>,
    objects: u32,
}

impl<'a> Command<'a> {
    /// Handles one document; breaks where kubectl stops reading the file.
    fn document(&mut self, file: &str, document: &'a Document) -> std::ops::ControlFlow<()> {
        use std::ops::ControlFlow::{Break, Continue};
        if matches!(document.verdict, Verdict::Scenario) {
            return Continue(());
        }
        self.objects += 1;
        match &document.verdict {
            Verdict::Unparsable(text) => {
                self.fail_here(format!("error parsing {file}: {text}"));
                return Break(());
            }
            Verdict::Headless(text) => {
                self.fail_here(format!(
                    "error validating \"{file}\": error validating data: {text}; if you choose \
                     to ignore these errors, turn validation off with --validate=false"
                ));
                return Break(());
            }
            Verdict::Undecodable(text) => {
                self.fail_here(format!("unable to decode \"{file}\": {text}"));
            }
            Verdict::NoMatch => self.fail_here(format!(
                "resource mapping not found for name: {} namespace: {} from \"{file}\": no \
                 matches for kind {} in version {}\nensure CRDs are installed first",
                quote(&document.name),
                quote(&document.namespace),
                quote(&document.kind),
                quote(&document.api_version)
            )),
            Verdict::Unrecognized(text) => self.push(text.clone(), text.clone(), true),
            Verdict::NestedList => self.fail_here(
                "*unstructured.Unstructured is not a list: no Items field in this object".into(),
            ),
            _ => self.send(file, document),
        }
        Continue(())
    }

    /// A document that reaches the server, or fails on the way.
    fn send(&mut self, file: &str, document: &'a Document) {
        if let Some(given) = self.namespace {
            let own = document.namespace.as_str();
            if !own.is_empty() && own != given && !is_cluster_kind(&document.kind) {
                return self.fail_here(format!(
                    "the namespace from the provided object \"{own}\" does not match the \
                     namespace \"{given}\". You must pass '--namespace={own}' to perform this \
                     operation."
                ));
            }
        }
        if self.verb == Verb::Apply {
            if let Some(text) = self.cannot_look_up(file, document) {
                return self.fail(["error: ", &text].concat(), text);
            }
        }
        let doing = self.verb.words().1;
        if let Some(text) = self.not_admitted(document) {
            let text = format!(
                "Error from server (Forbidden): error when {doing} \"{file}\": pods {} is \
                 forbidden: {text}",
                quote(&document.name)
            );
            return self.fail(text.clone(), text);
        }
        let applied = document.applied.as_ref();
        // A cluster that answers for itself has read the object with its nulls.
        let applied = applied.filter(|_| self.verb == Verb::Apply && self.patched.is_none());
        if let Some(applied) = applied.filter(|_| self.dry_run != DryRun::Client) {
            self.warn(&applied.warnings);
        }
        match applied.map_or(&document.verdict, |applied| &applied.verdict) {
            _ if self.dry_run == DryRun::Client => self.accept(file, document),
            Verdict::NotServed => {
                let text = format!(
                    "Error from server (NotFound): error when {doing} \"{file}\": the server could \
                     not find the requested resource"
                );
                self.fail(text.clone(), text);
            }
            Verdict::BadRequest { handled_as, text } => {
                self.warn(&document.warnings);
                let version = document.api_version.rsplit('/').next().unwrap_or("");
                let patched = match self.patched {
                    Some(patched) => patched(document, text),
                    None => self.refused_update(document, text),
                };
                let text = patched.unwrap_or_else(|| {
                    format!(
                        "Error from server (BadRequest): error when {doing} \"{file}\": {} in \
                         version \"{version}\" cannot be handled as a {handled_as}: {text}",
                        document.kind
                    )
                });
                self.fail(text.clone(), text);
            }
            verdict @ (Verdict::Invalid(_) | Verdict::Accepted) => {
                let mut texts = match verdict {
                    Verdict::Invalid(texts) => texts.clone(),
                    _ => Vec::new(),
                };
                self.add_refused_changes(document, &mut texts);
                match texts.is_empty() {
                    true => self.accept(file, document),
                    false => self.invalid(file, document, &texts),
                }
            }
            Verdict::Internal(text) => {
                let text = format!(
                    "Error from server (InternalError): error when {doing} \"{file}\": Internal \
                     error occurred: {text}"
                );
                self.fail(text.clone(), text);
            }
            _ => self.accept(file, document),
        }
    }

    /// The server's warnings; kubectl prints each once.
    fn warn(&mut self, warnings: &[String]) {
        for warning in warnings {
            let line = ["Warning: ", warning, "\n"].concat();
            if !self.out.stderr.contains(&line) {
                self.out.stderr.push_str(&line);
            }
        }
    }

    fn accept(&mut self, file: &str, document: &'a Document) {
        if self.dry_run != DryRun::Client {
            self.warn(&document.warnings);
        } else if self.verb == Verb::Apply {
            // Looking an object up is a request, too.
            let of_request = document.warnings.iter();
            let of_request = of_request.filter(|warning| *warning == ENDPOINTS_DEPRECATED);
            self.warn(&of_request.cloned().collect::<Vec<_>>());
        }
        let name = name_of(document);
        let key = Box::new(self.key(document, &name));
        // A generated name is new each time, and a dry run of kubectl's own makes nothing.
        let former = match document.name.is_empty() || self.dry_run == DryRun::Client {
            true => None,
            false => self.existing.insert(key, document.source.as_ref()),
        };
        let done = match (former, self.verb) {
            (None, _) => "created",
            (Some(_), Verb::Create) => {
                let text = format!(
                    "Error from server (AlreadyExists): error when creating \"{file}\": {} \
                     \"{name}\" already exists",
                    plural_resource(document)
                );
                return self.fail(text.clone(), text);
            }
            (Some(former), Verb::Apply) if !self.is_changed(former, document) => "unchanged",
            (Some(_), _) => "configured",
        };
        let suffix = self.dry_run.suffix();
        let line = format!("{}/{name} {done}{suffix}\n", resource(document));
        self.out.stdout.push_str(&line);
    }

    /// What tells an object from others.
    fn key(&self, document: &Document, name: &str) -> [String; 3] {
        let namespace = self.namespace_of(document);
        [resource(document), namespace.to_owned(), name.to_owned()]
    }

    /// The namespace that an object goes to; empty for kinds without one.
    fn namespace_of<'d>(&self, document: &'d Document) -> &'d str
    where
        'a: 'd,
    {
        match document.namespace.as_str() {
            _ if is_cluster_kind(&document.kind) => "",
            "" => self.namespace.unwrap_or("default"),
            own => own,
        }
    }

    fn invalid(&mut self, file: &str, document: &Document, texts: &[String]) {
        self.warn(&document.warnings);
        let (kind, name) = (&document.kind, quote(&name_of(document)));
        let alone = match texts {
            [one] => format!("The {kind} {name} is invalid: {one}"),
            several => {
                let mut text = format!("The {kind} {name} is invalid: ");
                for one in several {
                    text.push_str("\n* ");
                    text.push_str(one);
                }
                text
            }
        };
        let causes = match texts {
            [one] => one.clone(),
            several => ["[", &several.join(", "), "]"].concat(),
        };
        let group = group(document);
        let kind = match group {
            "" => kind.clone(),
            group => format!("{kind}.{group}"),
        };
        let among_others = format!(
            "Error from server (Invalid): error when {} \"{file}\": {kind} {name} is invalid: \
             {causes}",
            self.verb.words().1
        );
        self.fail(alone, among_others);
    }

    /// Apply looks for the object first, which needs a name that can stand in a path (APP-06).
    fn cannot_look_up(&self, file: &str, document: &Document) -> Option<String> {
        let name = document.name.as_str();
        let generated = &document.generate_name;
        match name {
            "" if !generated.is_empty() => {
                return Some(format!(
                    "from {generated}: cannot use generate name with apply"
                ));
            }
            _ => {}
        }
        let faults = path_segment(name);
        let fault = match name {
            "" => "resource name may not be empty".into(),
            _ if faults.is_empty() => return None,
            _ => format!(
                "invalid resource name {}: [{}]",
                quote(name),
                faults.join(" ")
            ),
        };
        let version = &document.api_version;
        let slash = if version.contains('/') { "" } else { "/" };
        let namespace = match is_cluster_kind(&document.kind) {
            true => "",
            false => self.namespace.unwrap_or("default"),
        };
        Some(format!(
            "error when retrieving current configuration of:\nResource: \"{slash}{version}, \
             Resource={}\", GroupVersionKind: \"{slash}{version}, Kind={}\"\nName: {}, \
             Namespace: \"{namespace}\"\nfrom server for: \"{file}\": {fault}",
            plural(&document.kind),
            document.kind,
            quote(name)
        ))
    }

    /// A failure on kubectl's own side.
    fn fail_here(&mut self, text: String) {
        self.push(["error: ", &text].concat(), text, true);
    }

    fn fail(&mut self, alone: String, among_others: String) {
        self.push(alone, among_others, false);
    }

    fn push(&mut self, alone: String, among_others: String, is_own: bool) {
        self.failures.push(Failure {
            alone,
            among_others,
            is_own,
        });
    }

    fn finish(mut self) -> Answer {
        if self.objects == 0 {
            let verb = self.verb.words().0;
            self.fail_here(format!("no objects passed to {verb}"));
        }
        self.out.exit = u8::from(!self.failures.is_empty());
        let alone = self.failures.len() == 1;
        // Apply reads all before it sends any, the others meanwhile.
        let applies = self.verb == Verb::Apply;
        self.failures
            .sort_by_key(|failure| failure.is_own != applies);
        for failure in self.failures {
            self.out.stderr.push_str(match alone {
                true => &failure.alone,
                false => &failure.among_others,
            });
            self.out.stderr.push('\n');
        }
        self.out
    }
}
