//! YAML → objects. The front door never fails: what is wrong with a text is a value.
//!
//! [`parse`] reads a stream in these layers, each a module: `yaml` (events of libyaml → tree with
//! positions), `schema` (types and unknown fields), `validate` (the API server's rules), `decode`
//! (objects with defaults). [`answer`] says what kubectl would print.
//!
//! The Scenario document goes through the same tree instead of serde: positions in every error,
//! and one YAML parser in the Wasm module.

pub mod advice;
mod answer;
mod base64;
mod decode;
mod diagnostic;
mod document;
mod encoding;
mod field;
mod field_path;
mod head;
mod pasted;
mod patch;
mod position;
mod quantity;
pub(crate) mod schema;
mod stream;
mod suggest;
mod syntax;
mod update;
mod validate;
mod versions;
pub mod yaml;

pub use answer::{
    answer, answer_as, missing_account, missing_class, plural, Answer, DryRun, Patched, Verb,
};
pub use base64::decode as decode_base64;
pub use decode::{admit, default_node};
pub use diagnostic::{Diagnostic, Severity, TextEdit};
pub use document::{object_name, Document, Located, Source, Verdict};
pub use encoding::text_of_bytes;
pub use head::Validation;
pub use patch::patched_conditions;
pub use position::{Lines, Span};
pub use quantity::Quantity;
pub use schema::fields;
pub use stream::{parse, parse_to_answer, parse_to_run, parse_with, Stream, PODS_MAX};
pub use suggest::{distance, nearest};
pub use update::{of_patch, printed, stored, Existing};
pub use validate::{
    config_key, label_value, port_name, qualified_name, refused_changes, subdomain, RefusedChanges,
    ENDPOINTS_DEPRECATED,
};
