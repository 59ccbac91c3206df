//! `securityContext`, of Pods and containers.

use super::errors::json_of;
use super::pod::one_of;
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;

/// Ids of users and groups.
fn validate_id(id: &Field, errors: &mut Errors) {
    if id.is_set() && !(0..=i64::from(i32::MAX)).contains(&id.int()) {
        let detail = "must be between 0 and 2147483647, inclusive";
        errors.invalid_int("CTR-11", id, id.int(), detail);
    }
}

/// A Pod's.
#[inline(never)]
pub fn validate_pod_security(spec: &Field, errors: &mut Errors) {
    let context = spec.key("securityContext");
    for name in ["fsGroup", "runAsUser", "runAsGroup"] {
        validate_id(&context.key(name), errors);
    }
    for group in context.key("supplementalGroups").items() {
        validate_id(&group, errors);
    }
    if spec.key("shareProcessNamespace").bool() && spec.key("hostPID").bool() {
        let share = context.key("shareProcessNamespace");
        let at = share.shown_at(spec.key("shareProcessNamespace").span);
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        errors.invalid("CTR-11", &at, "true", detail);
    }
    validate_sysctls(&context.key("sysctls"), errors);
    let known = ["Always", "OnRootMismatch"];
    one_of(
        "CTR-11",
        &context.key("fsGroupChangePolicy"),
        &known,
        errors,
    );
    validate_profiles(&context, errors);
    let known = ["Merge", "Strict"];
    let policy = context.key("supplementalGroupsPolicy");
    one_of("CTR-11", &policy, &known, errors);
}

/// A container's.
#[inline(never)]
pub fn validate_security(context: &Field, shares_users: bool, errors: &mut Errors) {
    for name in ["runAsUser", "runAsGroup"] {
        validate_id(&context.key(name), errors);
    }
    let mount = context.key("procMount");
    one_of("CTR-11", &mount, &["Default", "Unmasked"], errors);
    if mount.text() == "Unmasked" && shares_users {
        let detail = "`hostUsers` must be false to use `Unmasked`";
        errors.invalid_text("CTR-11", &mount, mount.text(), detail);
    }
    validate_escalation(context, errors);
    validate_profiles(context, errors);
}

/// What is escalation of privileges by its nature.
fn validate_escalation(context: &Field, errors: &mut Errors) {
    let escalation = context.key("allowPrivilegeEscalation");
    if !escalation.is_set() || escalation.bool() {
        return;
    }
    let capabilities = context.key("capabilities");
    let added = capabilities.key("add");
    let admin = added.items().any(|added| added.text() == "CAP_SYS_ADMIN");
    let what = [
        (context.key("privileged").bool(), "`privileged` to true"),
        (admin, "`capabilities.Add` CAP_SYS_ADMIN"),
    ];
    for (_, what) in what.iter().filter(|(refused, _)| *refused) {
        let detail = ["cannot set `allowPrivilegeEscalation` to false and ", what].concat();
        errors.invalid("CTR-11", context, &context_json(context), &detail);
    }
}

/// A container's context with the names that Go gives its fields.
fn context_json(context: &Field) -> String {
    let mut json = String::new();
    for (go, name) in [
        ("{\"Capabilities\":", "capabilities"),
        (",\"Privileged\":", "privileged"),
        (",\"SELinuxOptions\":", "seLinuxOptions"),
        (",\"WindowsOptions\":", "windowsOptions"),
        (",\"RunAsUser\":", "runAsUser"),
        (",\"RunAsGroup\":", "runAsGroup"),
        (",\"RunAsNonRoot\":", "runAsNonRoot"),
        (",\"ReadOnlyRootFilesystem\":", "readOnlyRootFilesystem"),
        (",\"AllowPrivilegeEscalation\":", "allowPrivilegeEscalation"),
        (",\"ProcMount\":", "procMount"),
        (",\"SeccompProfile\":", "seccompProfile"),
        (",\"AppArmorProfile\":", "appArmorProfile"),
    ] {
        json.push_str(go);
        let field = context.key(name);
        match name {
            "capabilities" if field.is_set() => {
                let list = |name| json_of(field.key(name).node);
                json.push_str("{\"Add\":");
                json.push_str(&list("add"));
                json.push_str(",\"Drop\":");
                json.push_str(&list("drop"));
                json.push('}');
            }
            "seccompProfile" | "appArmorProfile" if field.is_set() => {
                json.push_str(&profile_json(&field));
            }
            _ => json.push_str(&json_of(field.node)),
        }
    }
    json.push('}');
    json
}

fn profile_json(profile: &Field) -> String {
    [
        "{\"Type\":",
        &quote(profile.key("type").text()),
        ",\"LocalhostProfile\":",
        &json_of(profile.key("localhostProfile").node),
        "}",
    ]
    .concat()
}

fn validate_profiles(context: &Field, errors: &mut Errors) {
    for (name, word) in [
        ("seccompProfile", "seccomp"),
        ("appArmorProfile", "AppArmor"),
    ] {
        let profile = context.key(name);
        if profile.is_set() {
            validate_profile(&profile, name, word, errors);
        }
    }
}

/// A profile of seccomp or AppArmor.
fn validate_profile(profile: &Field, name: &str, word: &str, errors: &mut Errors) {
    let (kind, local) = (profile.key("type"), profile.key("localhostProfile"));
    let known = ["Localhost", "RuntimeDefault", "Unconfined"];
    if kind.text().is_empty() {
        let detail = ["type is required when ", name, " is set"].concat();
        errors.required("CTR-11", &kind, &detail);
    } else {
        one_of("CTR-11", &kind, &known, errors);
    }
    let is_local = kind.text() == "Localhost";
    if is_local && local.text().is_empty() {
        let detail = ["must be set when ", word, " type is Localhost"].concat();
        errors.required("CTR-11", &local, &detail);
    } else if !is_local && local.is_set() && (word == "seccomp" || known.contains(&kind.text())) {
        let value = match word {
            "seccomp" => profile_json(profile),
            _ => quote(local.text()),
        };
        let detail = ["can only be set when ", word, " type is Localhost"].concat();
        errors.invalid("CTR-11", &local, &value, &detail);
    }
}

fn validate_sysctls(list: &Field, errors: &mut Errors) {
    let mut taken = Vec::new();
    let all: Vec<Field> = list.items().collect();
    for sysctl in &all {
        let name = sysctl.key("name");
        let text = name.text();
        if text.is_empty() {
            errors.required("CTR-11", &name, "");
        } else if text.len() > 253 || !is_sysctl(text) {
            let detail = "must have at most 253 characters and match regex \
                ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
            errors.invalid_text("CTR-11", &name, text, detail);
        } else if taken.contains(&text) {
            errors.duplicate("CTR-11", &name, &quote(text));
        }
        taken.push(text);
    }
}

fn is_sysctl(text: &str) -> bool {
    let end = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.split(['.', '/']).all(|part| {
        let bytes = part.as_bytes();
        bytes.first().is_some_and(|byte| end(*byte))
            && bytes.last().is_some_and(|byte| end(*byte))
            && bytes.iter().all(|byte| end(*byte) || b"-_".contains(byte))
    })
}
