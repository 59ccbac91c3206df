//! Refusals, in kubectl's words (ERR-*).

use super::item::Item;
use super::resource::Resource;
use crate::controllers::ApiError;

/// Why a command fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Lines for standard error, without the last line break.
    text: String,
    pub exit_code: u8,
}

impl Failure {
    /// A text of several parts, printed as it is.
    pub fn plain(text: impl Into<String>) -> Self {
        Failure {
            text: text.into(),
            exit_code: 1,
        }
    }

    /// `error: TEXT` (ERR-07).
    pub fn client(text: impl std::fmt::Display) -> Self {
        Failure::plain(format!("error: {text}"))
    }

    /// `error: TEXT` and where help is (ERR-07).
    pub fn usage(verb: &str, text: impl std::fmt::Display) -> Self {
        Failure::plain(format!(
            "error: {text}\nSee 'kubectl {verb} -h' for help and examples"
        ))
    }

    /// Nothing says which objects are meant.
    pub fn no_resources() -> Self {
        Failure::client(
            "You must provide one or more resources by argument or filename.\nExample resource \
             specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   \
             '<resource> <name>'\n   '<resource>'",
        )
    }

    /// A wrong flag (ERR-09). `diff` ends with 1 where there are differences, so with 2 here.
    pub fn flag(verb: &str, text: impl std::fmt::Display) -> Self {
        let space = if verb.is_empty() { "" } else { " " };
        match verb {
            "diff" => Failure {
                exit_code: 2,
                ..Failure::usage(verb, text)
            },
            "options" => Failure::client(format!("{text}\nRun 'kubectl options' without flags.")),
            verb => Failure::client(format!(
                "{text}\nSee 'kubectl {verb}{space}--help' for usage."
            )),
        }
    }

    /// `Error from server (REASON): TEXT` (ERR-05).
    pub fn server(reason: &str, text: impl std::fmt::Display) -> Self {
        Failure::plain(format!("Error from server ({reason}): {text}"))
    }

    /// `pods "x" not found` (ERR-01).
    pub fn not_found(resource: &Resource, name: &str) -> Self {
        let resource = resource.qualified();
        Failure::server("NotFound", format!("{resource} \"{name}\" not found"))
    }

    /// A refusal of kubectl's own that a verb prints without `error: ` before it.
    pub fn bare(&self) -> Failure {
        Failure::plain(self.text.strip_prefix("error: ").unwrap_or(&self.text))
    }

    /// The same where kubectl goes on: `error: TEXT`, of a server's answer without who gave it.
    pub fn cause(&self) -> String {
        let text = self.text.as_str();
        let of_client = text.strip_prefix("error: ").or(text.strip_prefix("The "));
        let of_server = || text.split_once("): ").map(|(_, own)| own);
        let own = of_client.or_else(of_server).unwrap_or(text);
        format!("error: {own}\n")
    }

    /// An object of another version than was named (ERR-04).
    pub fn conflict(item: &Item) -> Self {
        let error = ApiError::conflict(&item.resource.qualified(), &item.name);
        Failure::server("Conflict", error.text)
    }

    /// The lines that are printed.
    pub fn line(&self) -> String {
        format!("{}\n", self.text)
    }
}
