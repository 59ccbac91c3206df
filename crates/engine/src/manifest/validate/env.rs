//! Variables of containers (CTR-07).

use super::names;
use super::reference::{validate_field_ref, validate_resource_ref, IN_VARIABLES};
use super::Errors;
use crate::manifest::field::Field;
use crate::sorted::Set;

/// Checks `env`; `volumes` are the Pod's.
pub fn validate_env(env: &Field, volumes: &Set<String>, errors: &mut Errors) {
    for variable in env.items() {
        let name = variable.key("name");
        errors.required_name("CTR-07", &name, "", names::env_name);
        let from = variable.key("valueFrom");
        if from.is_set() {
            validate_value_from(&from, variable.key("value").text(), volumes, errors);
        }
    }
}

fn validate_value_from(from: &Field, value: &str, volumes: &Set<String>, errors: &mut Errors) {
    let mut sources = 0;
    let field = from.key("fieldRef");
    if field.is_set() {
        sources += 1;
        validate_field_ref(&field, &IN_VARIABLES, errors);
    }
    let resource = from.key("resourceFieldRef");
    if resource.is_set() {
        sources += 1;
        validate_resource_ref(&resource, false, errors);
    }
    for name in ["configMapKeyRef", "secretKeyRef"] {
        let source = from.key(name);
        if !source.is_set() {
            continue;
        }
        sources += 1;
        // An absent name is checked like any other.
        let name = source.key("name");
        errors.name("CTR-07", &name, names::subdomain);
        let key = source.key("key");
        errors.required_name("CTR-07", &key, "", names::config_key);
    }
    let file = from.key("fileKeyRef");
    if file.is_set() {
        sources += 1;
        validate_file_ref(&file, volumes, errors);
    }
    let detail = match sources {
        0 => {
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, \
              `secretKeyRef` or `fileKeyRef`"
        }
        _ if !value.is_empty() => "may not be specified when `value` is not empty",
        1 => return,
        _ => "may not have more than one field specified at a time",
    };
    errors.invalid("CTR-07", from, "\"\"", detail);
}

#[inline(never)]
fn validate_file_ref(file: &Field, volumes: &Set<String>, errors: &mut Errors) {
    let (key, volume, path) = (file.key("key"), file.key("volumeName"), file.key("path"));
    for field in [&key, &volume, &path] {
        if field.text().is_empty() {
            errors.required("CTR-07", field, "");
        }
    }
    if !volumes.contains(volume.text()) {
        errors.not_found("CTR-07", &volume, volume.text());
    }
}

/// Checks `envFrom`.
pub fn validate_env_from(sources: &Field, errors: &mut Errors) {
    for source in sources.items() {
        let prefix = source.key("prefix");
        errors.name("CTR-07", &prefix, names::env_name);
        let mut count = 0;
        for name in ["configMapRef", "secretRef"] {
            let reference = source.key(name);
            if reference.is_set() {
                count += 1;
                let name = reference.key("name");
                errors.required_name("CTR-07", &name, "", names::subdomain);
            }
        }
        let detail = match count {
            0 => "must specify one of: `configMapRef` or `secretRef`",
            1 => continue,
            _ => "may not have more than one field specified at a time",
        };
        // The API server points at the list, not at the element.
        errors.invalid("CTR-07", &sources.shown_at(source.span), "\"\"", detail);
    }
}
