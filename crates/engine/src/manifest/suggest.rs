//! "Did you mean …?"

use super::schema::{Schema, Shape};

/// The known word that is nearest to `word`, if one is near enough: one edit in four letters, case
/// does not count.
pub fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let lower = word.to_ascii_lowercase();
    let letters = lower.chars().count();
    if letters > 64 {
        return None;
    }
    let worst = (letters / 4).clamp(1, 4);
    known
        .map(|candidate| {
            (
                distance(&lower, &candidate.to_ascii_lowercase(), true),
                candidate,
            )
        })
        .filter(|(edits, candidate)| *edits <= worst && *edits < candidate.len())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Edits between two words: letters inserted, deleted, replaced; with `swaps` two neighbours that
/// change places are one edit, too.
pub fn distance(a: &str, b: &str, swaps: bool) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut former = None;
    for (i, x) in a.chars().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut edits = (last[j] + usize::from(x != *y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if swaps && j > 0 && former == Some(*y) && x == b[j - 1] {
                edits = edits.min(before_last[j - 1] + 1);
            }
            row.push(edits);
        }
        before_last = std::mem::replace(&mut last, row);
        former = Some(x);
    }
    last[b.len()]
}

/// Where fields belong that are often written one level too high or low: the structure, and what
/// people call it.
const HOMES: &[(&str, &str)] = &[
    ("Container", "the container"),
    ("PodSpec", "the Pod's spec"),
    ("Probe", "the probe"),
    ("HTTPGetAction", "httpGet"),
    ("ExecAction", "exec"),
    ("Lifecycle", "lifecycle"),
    ("ObjectMeta", "metadata"),
    ("DeploymentSpec", "the Deployment's spec"),
    ("RollingUpdateDeployment", "strategy.rollingUpdate"),
    ("ResourceRequirements", "resources"),
    ("ServicePort", "the Service's port"),
    ("ServiceSpec", "the Service's spec"),
    ("LabelSelector", "the selector"),
    ("ContainerPort", "ports"),
];

/// What to say about an unknown field of a structure, and the name to write instead.
pub fn unknown_field(
    schema: &Schema,
    key: &str,
    definition: u16,
) -> (Option<String>, Option<&'static str>) {
    let here = schema.definition(definition);
    // The same name elsewhere is a stronger hint than a similar one here.
    if let Some(home) = home_of(schema, key, definition) {
        return (Some([key, " belongs to ", home].concat()), None);
    }
    if let Some(near) = nearest(key, here.fields().iter().map(|field| field.name)) {
        let suggestion = ["did you mean ", near, "?"].concat();
        return (Some(suggestion), Some(near));
    }
    let names: Vec<_> = here.fields().iter().map(|field| field.name).collect();
    if names.len() <= 8 {
        return (Some(["known here: ", &names.join(", ")].concat()), None);
    }
    (None, None)
}

/// The structure near `definition` that has a field of exactly that name.
fn home_of(schema: &Schema, key: &str, definition: u16) -> Option<&'static str> {
    let has = |number: u16| schema.definition(number).field(key).is_some();
    // A child of this structure first: `port` under `livenessProbe` belongs to `httpGet`.
    let children = schema.definition(definition).fields().iter();
    let child = children.filter_map(|field| match field.shape {
        Shape::Struct(number) if has(number) => Some(number),
        _ => None,
    });
    let children: Vec<u16> = child.collect();
    let name_of = |number: u16| {
        let name = schema.definition(number).go_name();
        HOMES.iter().find(|(home, _)| *home == name)
    };
    if let Some((_, home)) = children.iter().find_map(|number| name_of(*number)) {
        return Some(home);
    }
    HOMES
        .iter()
        .find(|(name, _)| schema.find(name).is_some_and(has))
        .map(|(_, home)| *home)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::schema::schema;

    fn hint(definition: &str, key: &str) -> String {
        let number = schema().find(definition).expect("a definition");
        unknown_field(schema(), key, number).0.unwrap_or_default()
    }

    #[test]
    fn unknown_fields_get_a_way_out() {
        assert_eq!(
            hint("Container", "livenessprobe"),
            "did you mean livenessProbe?"
        );
        assert_eq!(
            hint("Container", "livenesProbe"),
            "did you mean livenessProbe?"
        );
        assert_eq!(
            hint("PodSpec", "livenessProbe"),
            "livenessProbe belongs to the container"
        );
        assert_eq!(hint("Probe", "path"), "path belongs to httpGet");
        assert_eq!(
            hint("Container", "containerPort"),
            "containerPort belongs to ports"
        );
        assert_eq!(hint("HTTPGetAction", "prot"), "did you mean port?");
        assert_eq!(
            hint("HTTPGetAction", "periodSeconds"),
            "periodSeconds belongs to the probe"
        );
        assert_eq!(
            hint("Deployment", "replicas"),
            "replicas belongs to the Deployment's spec"
        );
        assert_eq!(hint("PodSpec", "foo"), "");
        assert_eq!(hint("ExecAction", "foo"), "known here: command");
    }

    #[test]
    fn swapped_letters_are_one_edit() {
        assert_eq!(distance("prot", "port", true), 1);
        assert_eq!(distance("", "abc", true), 3);
    }
}
