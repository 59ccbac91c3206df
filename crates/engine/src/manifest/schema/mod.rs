//! Field names and types of every kind, from the release's OpenAPI description.
//!
//! `table.txt` is generated (crates/cli/tests/schema_table.rs says how). It is split into definitions
//! once, and each definition is read when it is first asked for: a manifest meets few of them.

mod check;
mod fields;
mod modelled;
mod published;

use modelled::modelled_fields;

pub use check::{check, check_metadata, Checked, TypeError, Unknown};
pub use fields::fields;
pub use published::{complaints, list_complaints, Complaint};

use std::sync::OnceLock;

/// The table as text; its format is described at its generator.
const TABLE: &str = include_str!("table.txt");

/// Kinds and definitions.
pub struct Schema {
    versions: Vec<(&'static str, Vec<Kind>)>,
    definitions: Vec<Definition>,
}

/// A kind of an API version.
#[derive(Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    /// Number of its definition; None: its fields are not in the table.
    pub definition: Option<u16>,
}

/// A structure and its fields.
pub struct Definition {
    /// With its package in front where the name alone would not be enough.
    name: &'static str,
    /// Its API group and version: `apps.v1`.
    package: &'static str,
    /// What the table says of its fields.
    words: &'static str,
    fields: OnceLock<Vec<Field>>,
}

/// A field of a structure.
#[derive(Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub wrap: Wrap,
    pub shape: Shape,
    /// Go's name of a string type; empty: `string`.
    go: &'static str,
    /// Key by which strategic merge patches find elements of the list; empty: none.
    pub merge_key: &'static str,
    /// The embedded Go structure that holds the field; empty: none.
    embedded: &'static str,
    /// Whether it has an effect here.
    is_modelled: bool,
    /// How many required fields are named before it, if it is required.
    required: Option<u8>,
}

/// Whether a field holds one value, a list or a map of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wrap {
    One,
    List,
    Map,
}

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Text,
    Bool,
    Int32,
    Int64,
    Quantity,
    IntOrString,
    Time,
    /// Base64.
    Bytes,
    Any,
    /// The definition of that number.
    Struct(u16),
}

/// The schema, read on first use.
pub fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::read(TABLE))
}

impl Schema {
    fn read(table: &'static str) -> Schema {
        let (versions, definitions) = table.split_once("\n\n").unwrap_or((table, ""));
        let split = |line: &'static str| line.split_once(' ').unwrap_or((line, ""));
        let mut schema = Schema {
            versions: Vec::new(),
            definitions: definitions
                .lines()
                .map(|line| {
                    let (name, words) = split(line);
                    let (name, package) = name.split_once('/').unwrap_or((name, "core.v1"));
                    Definition {
                        name,
                        package,
                        words,
                        fields: OnceLock::new(),
                    }
                })
                .collect(),
        };
        let kind = |word: &'static str| {
            let (name, definition) = word.split_once('=').unwrap_or((word, word));
            Kind {
                name: name.trim_end_matches('-'),
                definition: schema.find(definition),
            }
        };
        schema.versions = versions
            .lines()
            .map(|line| {
                let (version, kinds) = split(line);
                (version, kinds.split(' ').map(kind).collect())
            })
            .collect();
        schema
    }

    /// The kinds of an API version; None if the version is not served.
    pub fn kinds(&self, api_version: &str) -> Option<&[Kind]> {
        self.versions
            .iter()
            .find(|(version, _)| *version == api_version)
            .map(|(_, kinds)| kinds.as_slice())
    }

    /// Every API version that serves a kind, newest of each group last.
    pub fn versions_of<'k>(&'k self, kind: &'k str) -> impl Iterator<Item = &'static str> + 'k {
        self.versions
            .iter()
            .filter(move |(_, kinds)| kinds.iter().any(|known| known.name == kind))
            .map(|(version, _)| *version)
    }

    /// Every kind with its version.
    pub fn all_kinds(&self) -> impl Iterator<Item = (&'static str, Kind)> + '_ {
        self.versions
            .iter()
            .flat_map(|(version, kinds)| kinds.iter().map(|kind| (*version, *kind)))
    }

    /// A definition by its number.
    pub fn definition(&self, number: u16) -> &Definition {
        &self.definitions[number as usize]
    }

    /// The number of the definition called `name`.
    pub fn find(&self, name: &str) -> Option<u16> {
        self.definitions
            .binary_search_by(|definition| definition.name.cmp(name))
            .ok()
            .map(|found| found as u16)
    }
}

/// A definition's name without its package.
fn go_name(name: &'static str) -> &'static str {
    name.rsplit('.').next().unwrap_or(name)
}

impl Definition {
    /// The fields, sorted by name.
    pub fn fields(&self) -> &[Field] {
        self.fields.get_or_init(|| {
            let modelled = modelled_fields(self.go_name());
            let words = self.words.split(' ').filter(|word| !word.is_empty());
            words.map(|word| Field::read(word, modelled)).collect()
        })
    }

    /// A field by its name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        let fields = self.fields();
        fields
            .binary_search_by(|field| field.name.cmp(name))
            .ok()
            .map(|found| &fields[found])
    }

    /// Go's name of the structure.
    pub fn go_name(&self) -> &'static str {
        go_name(self.name)
    }

    /// Its name in the published description: `io.k8s.api.core.v1.Pod`.
    fn id(&self) -> String {
        let apis = match self.package {
            "meta.v1" => "io.k8s.apimachinery.pkg.apis.",
            _ => "io.k8s.api.",
        };
        [apis, self.package, ".", self.go_name()].concat()
    }

    /// Go's name of the package it comes from.
    fn package(&self) -> &'static str {
        self.package.rsplit('.').next().unwrap_or("v1")
    }
}

impl Field {
    /// Reads `name:0[@Type~mergeKey^Embedded`.
    /// `modelled`: the structure's fields that have an effect here; None: all.
    fn read(word: &'static str, modelled: Option<&str>) -> Field {
        let (name, rest) = word.split_once(':').unwrap_or((word, "a"));
        let required = rest.as_bytes().first().filter(|c| c.is_ascii_digit());
        let required = required.map(|digit| digit - b'0');
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let (rest, embedded) = rest.split_once('^').unwrap_or((rest, ""));
        let (rest, merge_key) = rest.split_once('~').unwrap_or((rest, ""));
        let (wrap, rest) = match rest.as_bytes().first() {
            Some(b'[') => (Wrap::List, &rest[1..]),
            Some(b'{') => (Wrap::Map, &rest[1..]),
            _ => (Wrap::One, rest),
        };
        let (letter, go) = rest.split_once('=').unwrap_or((rest, ""));
        let shape = match letter.split_at(letter.len().min(1)) {
            ("s", _) => Shape::Text,
            ("b", _) => Shape::Bool,
            ("i", _) => Shape::Int32,
            ("l", _) => Shape::Int64,
            ("q", _) => Shape::Quantity,
            ("p", _) => Shape::IntOrString,
            ("t", _) => Shape::Time,
            ("y", _) => Shape::Bytes,
            ("@", of) => schema().find(of).map_or(Shape::Any, Shape::Struct),
            _ => Shape::Any,
        };
        Field {
            name,
            wrap,
            shape,
            go,
            merge_key,
            embedded,
            is_modelled: modelled.is_none_or(|list| list.split(' ').any(|known| known == name)),
            required,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        let schema = schema();
        let pod = schema.find("Pod").expect("Pod has a definition");
        let pod = schema.definition(pod);
        assert_eq!(pod.go_name(), "Pod");
        let Some(Shape::Struct(spec)) = pod.field("spec").map(|field| field.shape) else {
            panic!("spec is a structure");
        };
        let containers = schema.definition(spec).field("containers");
        assert!(containers.is_some_and(|f| f.wrap == Wrap::List && f.merge_key == "name"));
        assert_eq!(
            schema.versions_of("Deployment").collect::<Vec<_>>(),
            ["apps/v1"]
        );
        let kinds = schema.kinds("autoscaling/v2").expect("served");
        let hpa = schema.definition(kinds[0].definition.expect("in the table"));
        assert_eq!(
            (hpa.go_name(), hpa.package()),
            ("HorizontalPodAutoscaler", "v2")
        );
    }
}
