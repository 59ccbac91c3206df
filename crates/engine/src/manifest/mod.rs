//! YAML → objects. The front door never fails: what is wrong with a text is a value.

mod diagnostic;

pub use diagnostic::{Diagnostic, Severity, TextEdit};
