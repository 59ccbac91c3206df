//! The schema for editors: which fields may stand at a place.

use super::{schema, Definition, Field, Shape, Wrap};

/// The fields of the mapping at `path` (names joined by `/`, lists left out) of a kind: a line
/// with the definition's name, then a line with name and type for each. Empty if there is no such
/// place.
pub fn fields(api_version: &str, kind: &str, path: &str) -> String {
    let Some(definition) = definition_at(api_version, kind, path) else {
        return String::new();
    };
    let mut text = String::from(definition.go_name());
    for field in definition.fields() {
        text.push('\n');
        text.push_str(field.name);
        text.push(' ');
        describe(field, &mut text);
    }
    text
}

fn definition_at(api_version: &str, kind: &str, path: &str) -> Option<&'static Definition> {
    let schema = schema();
    let kind = schema
        .all_kinds()
        .filter(|(_, known)| known.name == kind)
        .min_by_key(|(version, _)| *version != api_version)?
        .1;
    let mut at = schema.definition(kind.definition?);
    for name in path.split('/').filter(|name| !name.is_empty()) {
        let Shape::Struct(next) = at.field(name)?.shape else {
            return None;
        };
        at = schema.definition(next);
    }
    Some(at)
}

fn describe(field: &Field, text: &mut String) {
    match field.wrap {
        Wrap::One => {}
        Wrap::List => text.push_str("[]"),
        Wrap::Map => text.push_str("{}"),
    }
    text.push_str(match field.shape {
        Shape::Text if !field.go.is_empty() => field.go,
        Shape::Text => "string",
        Shape::Bool => "bool",
        Shape::Int32 | Shape::Int64 => "integer",
        Shape::Quantity => "quantity",
        Shape::IntOrString => "integer|string",
        Shape::Time => "time",
        Shape::Bytes => "base64",
        Shape::Any => "any",
        Shape::Struct(number) => schema().definition(number).go_name(),
    });
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn a_place_has_the_fields_of_its_type() {
        let path = "spec/template/spec/containers/livenessProbe";
        let probe = fields("apps/v1", "Deployment", path);
        assert_eq!(probe.lines().next(), Some("Probe"));
        assert!(probe.contains("\nhttpGet HTTPGetAction\n"), "{probe}");
        assert!(probe.contains("\nperiodSeconds integer\n"), "{probe}");
        let pod = fields("", "Pod", "spec");
        assert!(pod.contains("\ncontainers []Container\n"), "{pod}");
        assert_eq!(fields("v1", "Pod", "spec/nonsense"), "");
        assert_eq!(fields("v1", "Nonsense", ""), "");
    }
}
