//! The repository's rules, as functions over source text. The tests apply them to every file.
//!
//! There is no parser: sources are scanned after comments and literals are blanked
//! ([`scan::blank`]), which is enough for rules about words, fields and lengths.

pub mod files;
pub mod length;
pub mod ratchet;
pub mod rules;
pub mod scan;
pub mod words;
