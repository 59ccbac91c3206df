//! ConfigMaps, Secrets, Nodes, claims.

use super::address::{is_range_with_zeros, range_fault};
use super::metadata::{validate_finalizer, validate_metadata, NameRule};
use super::names;
use super::pod::one_of;
use super::workload::validate_selector;
use super::Errors;
use crate::api::SYSTEM_CLASSES;
use crate::manifest::base64::decode as decode_base64;
use crate::manifest::field::Field;
use crate::manifest::quantity::Quantity;
use crate::manifest::yaml::{json_object_fault, quote};

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
            if kind != "Secret" && !is_second && second.map_key(key).is_set() {
                let detail = "duplicate of key present in binaryData";
                errors.invalid_text("DAT-01", &value, key, detail);
            }
        }
    }
    if size > 1 << 20 {
        // A ConfigMap's complaint has a path without a name.
        let whole = root.key("[]").shown_at(data.span);
        let at = if kind == "Secret" { &data } else { &whole };
        errors.too_long("DAT-01", at, 1 << 20);
    }
    if kind == "Secret" && root.key("type").is_set() {
        validate_secret_type(root, &data, &second, errors);
    }
}

/// What Secrets of Kubernetes' own types must hold.
#[inline(never)]
fn validate_secret_type(root: &Field, data: &Field, texts: &Field, errors: &mut Errors) {
    let has = |name: &str| data.map_key(name).is_set() || texts.map_key(name).is_set();
    let needed: &[&str] = match root.key("type").text() {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        // Either is enough.
        "kubernetes.io/basic-auth" if !has("username") && !has("password") => {
            &["username", "password"]
        }
        "kubernetes.io/service-account-token" => {
            let metadata = root.key("metadata");
            let annotations = metadata.key("annotations");
            let account = annotations.map_key("kubernetes.io/service-account.name");
            if account.text().is_empty() {
                errors.required("DAT-01", &account, "");
            }
            return;
        }
        _ => return,
    };
    for name in needed.iter().copied().filter(|name| !has(name)) {
        errors.required("DAT-01", &data.map_key(name), "");
    }
    if root.key("type").text() == "kubernetes.io/tls" && !errors.any_refused() {
        warn_about_pem(data, texts, errors);
    }
    if let [name @ (".dockerconfigjson" | ".dockercfg")] = needed {
        if has(name) {
            validate_docker_config(name, data, texts, errors);
        }
    }
}

/// The value of a Secret's key: a plain text wins over a packed one.
fn secret_text(packed: &Field, plain: &Field) -> String {
    let bytes = match plain.is_set() {
        true => plain.text().as_bytes().to_vec(),
        false => decode_base64(packed.text()).unwrap_or_default(),
    };
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A certificate and its key are taken whatever they hold; that one of them holds something else is
/// told.
fn warn_about_pem(data: &Field, texts: &Field, errors: &mut Errors) {
    for (name, fault_of) in [
        (
            "tls.crt",
            certificate_fault as fn(&[&str]) -> Option<String>,
        ),
        ("tls.key", key_fault),
    ] {
        let (packed, plain) = (data.map_key(name), texts.map_key(name));
        let text = secret_text(&packed, &plain);
        if let Some(fault) = fault_of(&pem_types(&text)) {
            let at = if plain.is_set() { plain } else { packed };
            return errors.warn_text("DAT-01", &at, ["tls: ", &fault].concat());
        }
    }
}

fn certificate_fault(types: &[&str]) -> Option<String> {
    match types {
        _ if types.contains(&"CERTIFICATE") => None,
        [] => Some("failed to find any PEM data in certificate input".into()),
        [one] if one.ends_with("PRIVATE KEY") => Some(
            "failed to find certificate PEM data in certificate input, but did find a private key; \
             PEM inputs may have been switched"
                .into(),
        ),
        _ => Some(format!(
            "failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks \
             of the following types: [{}]",
            types.join(" ")
        )),
    }
}

fn key_fault(types: &[&str]) -> Option<String> {
    match types {
        _ if types.iter().any(|kind| kind.ends_with("PRIVATE KEY")) => None,
        [] => Some("failed to find any PEM data in key input".into()),
        ["CERTIFICATE"] => {
            Some("found a certificate rather than a key in the PEM for the private key".into())
        }
        _ => Some(format!(
            "failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping \
             PEM blocks of the following types: [{}]",
            types.join(" ")
        )),
    }
}

/// The types of a text's blocks between `-----BEGIN X-----` and `-----END X-----`.
fn pem_types(text: &str) -> Vec<&str> {
    let block = |part: &'_ str| {
        let (kind, rest) = part.split_once("-----")?;
        let end = ["-----END ", kind, "-----"].concat();
        let (body, _) = rest.split_once(&end)?;
        decode_base64(body.trim()).ok().map(|_| kind.len())
    };
    let parts = text.split("-----BEGIN ").skip(1);
    parts
        .filter_map(|part| block(part).map(|length| &part[..length]))
        .collect()
}

/// Credentials of registries are a JSON object, which is not shown.
fn validate_docker_config(name: &str, data: &Field, texts: &Field, errors: &mut Errors) {
    let (packed, plain) = (data.map_key(name), texts.map_key(name));
    if let Some(fault) = json_object_fault(&secret_text(&packed, &plain)) {
        let at = match plain.is_set() {
            true => packed.shown_at(plain.span),
            false => packed,
        };
        errors.invalid_text("DAT-01", &at, "<secret contents redacted>", &fault);
    }
}

/// Checks a PriorityClass.
#[inline(never)]
pub fn validate_priority_class(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let value = root.key("value");
    let metadata = root.key("metadata");
    let name = metadata.key("name");
    if name.text().starts_with("system-") {
        let mut own = SYSTEM_CLASSES.iter();
        if !own.any(|own| (own.0, i64::from(own.1)) == (name.text(), value.int())) {
            let detail = [
                "priority class names with 'system-' prefix are reserved for system use only. error: ",
                name.text(),
                " is not a known system priority class",
            ];
            errors.forbidden("VAL-04", &name, &detail.concat());
        }
    } else if value.int() > 1_000_000_000 {
        let detail = "maximum allowed value of a user defined priority is 1000000000";
        errors.forbidden("VAL-04", &value, detail);
    }
    let known = ["PreemptLowerPriority", "Never"];
    one_of("VAL-04", &root.key("preemptionPolicy"), &known, errors);
}

/// Checks a Node.
#[inline(never)]
pub fn validate_node(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    let list = spec.key("taints");
    let metadata = root.key("metadata");
    // The API server says that taints are metadata.
    let shown = metadata.key("taints").holding(&list);
    for taint in shown.items() {
        let key = taint.key("key");
        errors.name("VAL-30", &key, names::qualified_name);
        let value = taint.key("value");
        errors.name("VAL-30", &value, names::label_value);
        let effect = taint.key("effect");
        let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
        match effect.text() {
            "" => {
                errors.required("VAL-04", &effect, "");
            }
            _ => one_of("VAL-04", &effect, &effects, errors),
        }
    }
    validate_pod_ranges(&spec, errors);
}

/// `podCIDRs`, or the one `podCIDR` where it is not the first of them.
#[inline(never)]
fn validate_pod_ranges(spec: &Field, errors: &mut Errors) {
    let (list, one) = (spec.key("podCIDRs"), spec.key("podCIDR"));
    let mut ranges: Vec<Field> = list.items().collect();
    let first = ranges.first().map_or("", Field::text);
    if !one.text().is_empty() && first != one.text() {
        ranges = vec![list.index(0).holding(&one)];
    }
    for range in &ranges {
        if let Some(fault) = range_fault(range.text()) {
            errors.invalid_text("VAL-04", range, range.text(), fault);
        }
    }
    if ranges.len() < 2 {
        return;
    }
    let wrong = ranges
        .iter()
        .position(|range| !is_range_with_zeros(range.text()));
    if let Some(index) = wrong {
        let text = format!(
            "Internal error: invalid PodCIDRs. failed to check with dual stack with \
             error:invalid CIDR[{index}]: <nil> (invalid CIDR address: {})",
            ranges[index].text()
        );
        errors.told("VAL-04", &list, text);
    }
    let is_v6 = |range: &&Field| range.text().contains(':');
    if wrong.is_some() || ranges.len() > 2 || ranges.iter().filter(is_v6).count() != 1 {
        let detail = "may specify no more than one CIDR for each IP family";
        let texts: Vec<String> = ranges.iter().map(|range| quote(range.text())).collect();
        let value = ["[", &texts.join(","), "]"].concat();
        errors.invalid("VAL-04", &list, &value, detail);
    }
}

/// Checks a Namespace.
#[inline(never)]
pub fn validate_namespace(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Label, errors);
    // It gets a label with its name.
    let metadata = root.key("metadata");
    let name = metadata.key("name");
    let labels = metadata.key("labels").shown_at(name.span);
    errors.each(
        "VAL-30",
        &labels,
        name.text(),
        &names::label_value(name.text()),
    );
    let spec = root.key("spec");
    let list = spec.key("finalizers");
    for name in list.items() {
        let at = list.shown_at(name.span);
        let wrong = names::qualified_name(name.text());
        errors.each("VAL-04", &at, name.text(), &wrong);
        validate_finalizer(&at, name.text(), errors);
    }
}

/// Checks a claim.
#[inline(never)]
pub fn validate_claim(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    validate_claim_spec(&root.key("spec"), errors);
}

/// Checks what a claim asks for.
pub fn validate_claim_spec(spec: &Field, errors: &mut Errors) {
    let modes = spec.key("accessModes");
    if modes.count() == 0 {
        errors.required("VAL-04", &modes, "at least 1 access mode is required");
    }
    validate_selector(&spec.key("selector"), errors);
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
    let once = modes
        .items()
        .filter(|mode| mode.text() == "ReadWriteOncePod");
    if (1..modes.count()).contains(&once.count()) {
        let detail = "may not use ReadWriteOncePod with other access modes";
        errors.forbidden("VAL-04", &modes, detail);
    }
    let resources = spec.key("resources");
    let requests = resources.key("requests");
    let storage = requests.map_key("storage");
    let amount = storage.node.and_then(|node| Quantity::of(node).ok());
    let at = resources.map_key("storage");
    if !storage.is_set() {
        errors.required("VAL-04", &at.shown_at(resources.span), "");
    } else if amount.is_some_and(|amount| amount.is_negative() || amount.milli() == 0) {
        let value = amount.map_or_else(String::new, Quantity::canonical);
        let at = at.shown_at(storage.span);
        errors.invalid_text("VAL-04", &at, &value, "must be greater than zero");
    }
    if let Some(fraction) = amount.filter(|amount| !amount.is_whole()) {
        let value = quote(&fraction.canonical());
        let text = [
            "fractional byte value ",
            &value,
            " is invalid, must be an integer",
        ];
        errors.warn("VAL-04", &storage, &text.concat());
    }
    let class = spec.key("storageClassName");
    errors.optional_name("VAL-30", &class, names::subdomain);
    validate_mode(spec, errors);
    validate_data_source(spec, errors);
    let attributes = spec.key("volumeAttributesClassName");
    errors.optional_name("VAL-30", &attributes, names::subdomain);
}

/// What a volume is filled with: two fields for the same, each taken for the other where that is
/// missing. The old one counts for claims and snapshots alone.
#[inline(never)]
fn validate_data_source(spec: &Field, errors: &mut Errors) {
    let (old, new) = (spec.key("dataSource"), spec.key("dataSourceRef"));
    let is_known = match (old.key("apiGroup").text(), old.key("kind").text()) {
        ("", kind) => kind == "PersistentVolumeClaim",
        (group, kind) => (group, kind) == ("snapshot.storage.k8s.io", "VolumeSnapshot"),
    };
    let given = match new.is_set() {
        // Of another namespace: not served.
        true if !new.key("namespace").text().is_empty() => return,
        true => &new,
        false if old.is_set() && is_known => &old,
        false => return,
    };
    for at in [old.holding(given), new.holding(given)] {
        for name in ["name", "kind"] {
            if at.key(name).text().is_empty() {
                errors.required("VAL-04", &at.key(name), "");
            }
        }
        let (group, kind) = (at.key("apiGroup"), at.key("kind"));
        if !group.text().is_empty() {
            errors.name("VAL-30", &group, names::subdomain);
        } else if kind.text() != "PersistentVolumeClaim" {
            let detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
            errors.invalid_text("VAL-04", &at, kind.text(), detail);
        }
    }
}

fn validate_mode(spec: &Field, errors: &mut Errors) {
    let mode = spec.key("volumeMode");
    let known = ["Block", "Filesystem"];
    if mode.is_set() && !known.contains(&mode.text()) {
        errors.unsupported("VAL-04", &mode, mode.text(), &known);
    }
}
