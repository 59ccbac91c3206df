//! What volumes are made of.

use super::pod::one_of;
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::quantity::Quantity;

/// A volume's source of a kind.
#[inline(never)]
pub fn validate_source(kind: &str, source: &Field, errors: &mut Errors) {
    match kind {
        "hostPath" => validate_host_path(source, errors),
        "emptyDir" => {
            let limit = source.key("sizeLimit");
            let amount = limit.node.and_then(|node| Quantity::of(node).ok());
            if amount.is_some_and(Quantity::is_negative) {
                let detail = "SizeLimit field must be a valid resource quantity";
                errors.forbidden("CTR-09", &limit, detail);
            }
        }
        "secret" => validate_files(source, "secretName", errors),
        "configMap" => validate_files(source, "name", errors),
        "persistentVolumeClaim" => require(&source.key("claimName"), errors),
        _ => {}
    }
}

fn require(field: &Field, errors: &mut Errors) {
    if field.text().is_empty() {
        errors.required("CTR-09", field, "");
    }
}

fn validate_host_path(source: &Field, errors: &mut Errors) {
    let path = source.key("path");
    if path.text().is_empty() {
        errors.required("CTR-09", &path, "");
        return;
    }
    without_steps_back(&path, errors);
    let kinds = [
        "",
        "BlockDevice",
        "CharDevice",
        "Directory",
        "DirectoryOrCreate",
        "File",
        "FileOrCreate",
        "Socket",
    ];
    one_of("CTR-09", &source.key("type"), &kinds, errors);
}

fn without_steps_back(path: &Field, errors: &mut Errors) {
    if path.text().split('/').any(|part| part == "..") {
        errors.invalid_text("CTR-09", path, path.text(), "must not contain '..'");
    }
}

/// Keys of a ConfigMap or Secret as files.
fn validate_files(source: &Field, name: &str, errors: &mut Errors) {
    require(&source.key(name), errors);
    validate_mode(&source.key("defaultMode"), errors);
    for item in source.key("items").items() {
        require(&item.key("key"), errors);
        let path = item.key("path");
        require(&path, errors);
        if path.text().starts_with('/') {
            errors.invalid_text("CTR-09", &path, path.text(), "must be a relative path");
        }
        without_steps_back(&path, errors);
        validate_mode(&item.key("mode"), errors);
    }
}

fn validate_mode(mode: &Field, errors: &mut Errors) {
    if mode.is_set() && !(0..=0o777).contains(&mode.int()) {
        let detail = "must be a number between 0 and 0777 (octal), both inclusive";
        errors.invalid_int("CTR-09", mode, mode.int(), detail);
    }
}
