//! ConfigMaps, Secrets, Nodes, claims.

use super::metadata::{validate_metadata, NameRule};
use super::names;
use super::pod::one_of;
use super::Errors;
use crate::manifest::field::Field;

/// Checks the keys of a ConfigMap or Secret (DAT-01).
#[inline(never)]
pub fn validate_config_data(root: &Field, kind: &str, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let data = root.key("data");
    let second = match kind {
        "Secret" => root.key("stringData"),
        _ => root.key("binaryData"),
    };
    let mut size = 0;
    for (map, is_second) in [(&data, false), (&second, true)] {
        for (key, value) in map.sorted_entries() {
            size += value.text().len();
            let wrong = names::config_key(key);
            // stringData is merged into data before it is checked.
            let merged = data.map_key(key);
            let at = match is_second && kind == "Secret" {
                true => merged.shown_at(value.span),
                false => value,
            };
            errors.each("DAT-01", &at, key, &wrong);
        }
    }
    if size > 1 << 20 {
        errors.too_long("DAT-01", &data, 1 << 20);
    }
    if kind == "Secret" && root.key("type").text() == "kubernetes.io/tls" {
        for name in ["tls.crt", "tls.key"] {
            if !data.map_key(name).is_set() && !second.map_key(name).is_set() {
                errors.required("DAT-01", &data.map_key(name), "");
            }
        }
    }
}

/// Checks a Node.
#[inline(never)]
pub fn validate_node(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    for taint in spec.key("taints").items() {
        let key = taint.key("key");
        errors.each(
            "VAL-30",
            &key,
            key.text(),
            &names::qualified_name(key.text()),
        );
        let value = taint.key("value");
        errors.each(
            "VAL-30",
            &value,
            value.text(),
            &names::label_value(value.text()),
        );
        let effect = taint.key("effect");
        let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
        match effect.text() {
            "" => {
                errors.required("VAL-04", &effect, "");
            }
            _ => one_of("VAL-04", &effect, &effects, errors),
        }
    }
}

/// Checks a claim.
#[inline(never)]
pub fn validate_claim(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    let modes = spec.key("accessModes");
    if modes.count() == 0 {
        errors.required("VAL-04", &modes, "at least 1 access mode is required");
    }
    let known = [
        "ReadOnlyMany",
        "ReadWriteMany",
        "ReadWriteOnce",
        "ReadWriteOncePod",
    ];
    for mode in modes.items() {
        let at = modes.shown_at(mode.span);
        if !known.contains(&mode.text()) {
            errors.unsupported("VAL-04", &at, mode.text(), &known);
        }
    }
    let resources = spec.key("resources");
    let requests = resources.key("requests");
    if !requests.map_key("storage").is_set() {
        let at = resources.map_key("storage").shown_at(resources.span);
        errors.required("VAL-04", &at, "");
    }
}
