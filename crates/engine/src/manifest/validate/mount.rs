//! Where a container mounts volumes.

use super::pod::{one_of, PodFacts};
use super::volume::descending;
use super::Errors;
use crate::manifest::field::Field;
use crate::sorted::Set;

/// `volumeMounts`. Some of the API server's paths lack the mount's number.
pub fn validate_mounts(mounts: &Field, privileged: bool, facts: &PodFacts, errors: &mut Errors) {
    let mut taken = Set::new();
    for mount in mounts.items() {
        let name = mount.key("name");
        if name.text().is_empty() {
            errors.required("CTR-09", &name, "");
        }
        if !facts.volumes.contains(name.text()) {
            errors.not_found("CTR-09", &name, name.text());
            errors.suggest("add a volume of this name to spec.volumes");
        }
        let path = mount.key("mountPath");
        if path.text().is_empty() {
            errors.required("CTR-09", &path, "");
        }
        if !taken.insert(path.text().to_string()) {
            errors.invalid_text("CTR-09", &path, path.text(), "must be unique");
        }
        let whole = mounts.holding(&mount);
        let sub_path = whole.key("subPath");
        descending(&sub_path, errors);
        let expression = whole.key("subPathExpr");
        if !sub_path.text().is_empty() && !expression.text().is_empty() {
            let detail = "subPathExpr and subPath are mutually exclusive";
            let at = mount.key("subPathExpr");
            errors.invalid_text("CTR-09", &at, expression.text(), detail);
        }
        descending(&expression, errors);
        validate_ways(&whole, privileged, errors);
    }
}

/// `mountPropagation` and `recursiveReadOnly`.
fn validate_ways(mount: &Field, privileged: bool, errors: &mut Errors) {
    let propagation = mount.key("mountPropagation");
    let known = ["Bidirectional", "HostToContainer", "None"];
    one_of("CTR-09", &propagation, &known, errors);
    if propagation.text() == "Bidirectional" && !privileged {
        let detail = "Bidirectional mount propagation is available only to privileged containers";
        errors.forbidden("CTR-09", &propagation, detail);
    }
    let recursive = mount.key("recursiveReadOnly");
    match recursive.text() {
        "" | "Disabled" => {}
        "Enabled" | "IfPossible" => {
            if !mount.key("readOnly").bool() {
                let detail = "may only be specified when readOnly is true";
                errors.forbidden("CTR-09", &recursive, detail);
            }
            if !matches!(propagation.text(), "" | "None") {
                let detail = "may only be specified when mountPropagation is None or not specified";
                errors.forbidden("CTR-09", &recursive, detail);
            }
        }
        _ => one_of(
            "CTR-09",
            &recursive,
            &["Disabled", "Enabled", "IfPossible"],
            errors,
        ),
    }
}
