//! What volumes are made of.

use super::pod::one_of;
use super::reference::{validate_field_ref, validate_resource_ref, IN_FILES};
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::quantity::Quantity;
use crate::sorted::Set;

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
        "downwardAPI" => {
            validate_mode(&source.key("defaultMode"), errors);
            for item in source.key("items").items() {
                // The API server's paths lack the item.
                validate_file(&source.holding(&item), errors);
            }
        }
        "projected" => validate_projected(source, errors),
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

/// A path that leads nowhere but down.
pub fn descending(path: &Field, errors: &mut Errors) {
    if path.text().starts_with('/') {
        errors.invalid_text("CTR-09", path, path.text(), "must be a relative path");
    }
    without_steps_back(path, errors);
}

/// The same for files that the kubelet writes: it keeps names with two dots for itself.
fn validate_path(path: &Field, errors: &mut Errors) {
    let text = path.text();
    descending(path, errors);
    if text.starts_with("..") && !text.starts_with("../") {
        errors.invalid_text("CTR-09", path, text, "must not start with '..'");
    }
}

/// Keys of a ConfigMap or Secret as files.
fn validate_files(source: &Field, name: &str, errors: &mut Errors) {
    require(&source.key(name), errors);
    validate_mode(&source.key("defaultMode"), errors);
    for item in source.key("items").items() {
        validate_key(&item, errors);
    }
}

fn validate_key(item: &Field, errors: &mut Errors) {
    require(&item.key("key"), errors);
    let path = item.key("path");
    require(&path, errors);
    validate_path(&path, errors);
    validate_mode(&item.key("mode"), errors);
}

/// A file of the downward API.
fn validate_file(file: &Field, errors: &mut Errors) {
    let path = file.key("path");
    require(&path, errors);
    validate_path(&path, errors);
    let field = file.key("fieldRef");
    let resource = file.key("resourceFieldRef");
    if field.is_set() {
        validate_field_ref(&field, &IN_FILES, errors);
        if resource.is_set() {
            let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
            errors.invalid_text("CTR-09", file, "resource", detail);
        }
    } else if resource.is_set() {
        validate_resource_ref(&resource, true, errors);
    } else {
        let detail = "one of fieldRef and resourceFieldRef is required";
        errors.required("CTR-09", file, detail);
    }
    validate_mode(&file.key("mode"), errors);
}

/// Several sources in one volume.
fn validate_projected(volume: &Field, errors: &mut Errors) {
    validate_mode(&volume.key("defaultMode"), errors);
    let mut taken = Set::new();
    let sources = volume.key("sources");
    for source in sources.items() {
        let mut kinds = 0;
        for kind in ["secret", "configMap"] {
            let object = source.key(kind);
            if !object.is_set() {
                continue;
            }
            kinds += 1;
            let name = object.key("name");
            require(&name, errors);
            for item in object.key("items").items() {
                validate_key(&item, errors);
                let path = item.key("path");
                take(volume, &path, name.text(), &mut taken, errors);
            }
        }
        let fields = source.key("downwardAPI");
        if fields.is_set() {
            kinds += 1;
            for item in fields.key("items").items() {
                validate_file(&fields.holding(&item), errors);
                let path = item.key("path");
                take(volume, &path, path.text(), &mut taken, errors);
            }
        }
        let token = source.key("serviceAccountToken");
        if token.is_set() {
            kinds += 1;
            validate_token(volume, &token, errors);
        }
        kinds += ["clusterTrustBundle", "podCertificate"]
            .iter()
            .filter(|kind| source.key(kind).is_set())
            .count();
        if kinds > 1 {
            let detail = "may not specify more than 1 volume type per source";
            errors.forbidden("CTR-09", &source, detail);
        }
    }
}

/// Each path once.
fn take(volume: &Field, path: &Field, shown: &str, taken: &mut Set<String>, errors: &mut Errors) {
    if !path.text().is_empty() && !taken.insert(path.text().to_owned()) {
        let at = volume.shown_at(path.span);
        errors.invalid_text("CTR-09", &at, shown, "conflicting duplicate paths");
    }
}

fn validate_token(volume: &Field, token: &Field, errors: &mut Errors) {
    let seconds = token.key("expirationSeconds");
    let detail = match seconds.int_or(3_600) {
        ..600 => "may not specify a duration less than 10 minutes",
        4_294_967_297.. => "may not specify a duration larger than 2^32 seconds",
        _ => "",
    };
    if !detail.is_empty() {
        errors.invalid_int("CTR-09", &seconds, seconds.int(), detail);
    }
    // The API server's path lacks the source.
    let at_volume = volume.holding(token);
    let path = at_volume.key("path");
    require(&path, errors);
    validate_path(&path, errors);
}

fn validate_mode(mode: &Field, errors: &mut Errors) {
    if mode.is_set() && !(0..=0o777).contains(&mode.int()) {
        let detail = "must be a number between 0 and 0777 (octal), both inclusive";
        errors.invalid_int("CTR-09", mode, mode.int(), detail);
    }
}
