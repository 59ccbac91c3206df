//! `securityContext`, of Pods and containers.

use super::Errors;
use crate::manifest::field::Field;

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
}

/// A container's.
#[inline(never)]
pub fn validate_security(context: &Field, errors: &mut Errors) {
    for name in ["runAsUser", "runAsGroup"] {
        validate_id(&context.key(name), errors);
    }
}
