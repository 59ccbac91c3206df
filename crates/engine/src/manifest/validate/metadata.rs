//! `metadata`: names, labels, annotations.

use super::errors::json_of;
use super::names;
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;

/// Which syntax `metadata.name` has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum NameRule {
    /// S of VAL-30.
    Subdomain,
    /// L of VAL-30.
    Label,
    /// Not checked: the kind has rules of its own.
    Any,
}

impl NameRule {
    fn check(self, name: &str) -> Vec<String> {
        match self {
            NameRule::Subdomain => names::subdomain(name),
            NameRule::Label => names::label(name),
            NameRule::Any => names::path_segment(name),
        }
    }
}

/// How much of a prefix a generated name keeps.
const GENERATED_MAX: usize = 58;

/// Checks `metadata` of an object.
pub fn validate_metadata(root: &Field, rule: NameRule, errors: &mut Errors) {
    let metadata = root.key("metadata");
    let generate = metadata.key("generateName");
    if !generate.text().is_empty() {
        // A prefix may end in a dash.
        let masked = match generate.text().strip_suffix('-') {
            Some(prefix) => [prefix, "a"].concat(),
            None => generate.text().to_string(),
        };
        errors.each("VAL-30", &generate, generate.text(), &rule.check(&masked));
    }
    let name = metadata.key("name");
    match name.text() {
        "" if generate.text().is_empty() => {
            errors.required("VAL-15", &name, "name or generateName is required");
        }
        "" => {
            // The name that the server makes is checked, too.
            let made = generated_name(generate.text());
            let at = name.shown_at(generate.span);
            errors.each("VAL-30", &at, &made, &rule.check(&made));
        }
        text => {
            let wrong = rule.check(text);
            errors.each("VAL-30", &name, text, &wrong);
            let mended = mend_name(text);
            if !wrong.is_empty() && rule.check(&mended).is_empty() {
                errors.suggest(["use ", &mended].concat());
                errors.replace_value(&name, &mended);
            }
        }
    }
    let namespace = metadata.key("namespace");
    errors.optional_name("VAL-30", &namespace, names::label);
    validate_labels(&metadata.key("labels"), errors);
    validate_annotations(&metadata.key("annotations"), errors);
    if metadata.key("ownerReferences").is_set() {
        validate_owners(&metadata.key("ownerReferences"), errors);
    }
    if metadata.key("finalizers").is_set() {
        validate_finalizers(&metadata.key("finalizers"), errors);
    }
}

/// A name with a random end, which stands here as `xxxxx`.
pub fn generated_name(prefix: &str) -> String {
    let most = prefix.floor_char_boundary(GENERATED_MAX);
    [&prefix[..most], "xxxxx"].concat()
}

/// Owners, whose complaints stand at the list.
#[inline(never)]
fn validate_owners(owners: &Field, errors: &mut Errors) {
    for owner in owners.items() {
        for (name, detail) in [
            ("apiVersion", "version must not be empty"),
            ("kind", "must not be empty"),
            ("name", "must not be empty"),
            ("uid", "must not be empty"),
        ] {
            let field = owner.key(name);
            if field.text().is_empty() {
                let at = owners.key(name).shown_at(field.span);
                errors.invalid_text("VAL-04", &at, "", detail);
            }
        }
    }
    let mut first: Option<String> = None;
    for owner in owners.items() {
        if !owner.key("controller").bool() {
            continue;
        }
        let name = [owner.key("kind").text(), "/", owner.key("name").text()].concat();
        match &first {
            Some(first) => {
                let mut all = String::from("[");
                for owner in owners.items() {
                    all.push_str(if all.len() > 1 { "," } else { "" });
                    all.push_str(&owner_json(&owner));
                }
                all.push(']');
                let detail = format!(
                    "Only one reference can have Controller set to true. Found \"true\" in \
                     references for {first} and {name}"
                );
                errors.invalid("VAL-04", owners, &all, &detail);
            }
            None => first = Some(name),
        }
    }
}

/// An owner with its fields in the API server's order.
fn owner_json(owner: &Field) -> String {
    let mut json = String::from("{");
    for name in ["apiVersion", "kind", "name", "uid"] {
        json.push_str(if json.len() > 1 { "," } else { "" });
        json.push_str(&[&quote(name), ":", &quote(owner.key(name).text())].concat());
    }
    for name in ["controller", "blockOwnerDeletion"] {
        let field = owner.key(name);
        if field.is_set() {
            let value = if field.bool() { "true" } else { "false" };
            json.push_str(&[",", &quote(name), ":", value].concat());
        }
    }
    json.push('}');
    json
}

/// Finalizers: names with a domain, or one of the old ones without.
#[inline(never)]
fn validate_finalizers(finalizers: &Field, errors: &mut Errors) {
    for name in finalizers.items() {
        let at = finalizers.shown_at(name.span);
        errors.each(
            "VAL-04",
            &at,
            name.text(),
            &names::qualified_name(name.text()),
        );
    }
    let has = |wanted: &str| finalizers.items().any(|name| name.text() == wanted);
    if has("orphan") && has("foregroundDeletion") {
        let detail = "finalizer orphan and foregroundDeletion cannot be both set";
        errors.invalid("VAL-04", finalizers, &json_of(finalizers.node), detail);
    }
    for name in finalizers.items() {
        validate_finalizer(&name, name.text(), errors);
    }
}

/// Finalizers without a domain are Kubernetes' own.
pub fn validate_finalizer(at: &Field, name: &str, errors: &mut Errors) {
    let known = ["kubernetes", "orphan", "foregroundDeletion"];
    if !name.contains('/') && !known.contains(&name) {
        let detail = "name is neither a standard finalizer name nor is it fully qualified";
        errors.invalid_text("VAL-04", at, name, detail);
    }
}

/// A name of the same letters that the syntax allows.
fn mend_name(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.';
    let lower = name.to_ascii_lowercase();
    let mended: String = lower
        .chars()
        .map(|c| if allowed(c) { c } else { '-' })
        .collect();
    mended.trim_matches(['-', '.']).to_string()
}

/// Checks a map of labels (also `nodeSelector` and a Service's `selector`).
pub fn validate_labels(labels: &Field, errors: &mut Errors) {
    for (key, value) in labels.sorted_entries() {
        let at = labels.shown_at(value.span);
        errors.each("VAL-30", &at, key, &names::qualified_name(key));
        errors.each(
            "VAL-30",
            &at,
            value.text(),
            &names::label_value(value.text()),
        );
    }
}

/// Checks a map of annotations.
pub fn validate_annotations(annotations: &Field, errors: &mut Errors) {
    let mut size = 0;
    for (key, value) in annotations.sorted_entries() {
        size += key.len() + value.text().len();
        let at = annotations.shown_at(value.span);
        let wrong = names::qualified_name(&key.to_ascii_lowercase());
        errors.each("VAL-30", &at, key, &wrong);
    }
    if size > 256 << 10 {
        errors.too_long("VAL-04", annotations, 256 << 10);
    }
}

/// A Pod's or workload's name that is no DNS label is accepted with a warning (VAL-31).
pub fn warn_about_hostname(root: &Field, workload: bool, errors: &mut Errors) {
    let metadata = root.key("metadata");
    let name = metadata.key("name");
    let wrong = names::label(name.text());
    if name.text().is_empty() || wrong.is_empty() || errors.any_refused() {
        return;
    }
    let used = match workload {
        true => "this is used in Pod names and hostnames, which can result in surprising behavior",
        false => "this is used in the Pod's hostname, which can result in surprising behavior",
    };
    let text = [
        used,
        "; a DNS label is recommended: [",
        &wrong.join(", "),
        "]",
    ]
    .concat();
    errors.warn("VAL-31", &name, &text);
}
