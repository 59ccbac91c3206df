//! The compact schema table of the engine is generated from the release's OpenAPI description.
//!
//! `READYZ_UPDATE=1 cargo test -p readyz-cli --test schema_table` writes it anew.

use flate2::read::GzDecoder;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

const SOURCE: &str = "../../tests/conformance/schema/schema.json.gz";
const TABLE: &str = "../engine/src/manifest/schema/table.txt";

/// Strings with a Go type of their own, which wrong-type errors name and the description does not:
/// `Structure.field Type` a line, as the API server told them; of the package `v1` where it names none.
const GO_TYPES: &str = include_str!("../../../tests/conformance/schema/go-types.txt");

/// The Go structure embedded in another that holds a field: its name shows in the path of errors.
fn embedded(definition: &str, field: &str) -> Option<&'static str> {
    match (definition, field) {
        ("Probe", "exec" | "httpGet" | "tcpSocket" | "grpc") => Some("ProbeHandler"),
        ("Volume", field) if field != "name" => Some("VolumeSource"),
        ("IngressRule", "http") => Some("IngressRuleValue"),
        (
            "PersistentVolumeSpec",
            "accessModes"
            | "capacity"
            | "claimRef"
            | "mountOptions"
            | "nodeAffinity"
            | "persistentVolumeReclaimPolicy"
            | "storageClassName"
            | "volumeAttributesClassName"
            | "volumeMode",
        ) => None,
        ("PersistentVolumeSpec", _) => Some("PersistentVolumeSource"),
        ("PersistentVolumeClaim", "apiVersion" | "kind") => Some("TypeMeta"),
        ("EphemeralContainer", field) if field != "targetContainerName" => {
            Some("EphemeralContainerCommon")
        }
        (
            "ConfigMapKeySelector"
            | "SecretKeySelector"
            | "ConfigMapEnvSource"
            | "SecretEnvSource"
            | "ConfigMapVolumeSource"
            | "ConfigMapProjection"
            | "SecretProjection",
            "name",
        ) => Some("LocalObjectReference"),
        _ => None,
    }
}

#[test]
fn the_schema_table_is_up_to_date() {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let file = fs::File::open(here.join(SOURCE)).expect("the description is in the repository");
    let source: Value = serde_json::from_reader(GzDecoder::new(file)).expect("JSON");
    let table = generate(&source);
    let path = here.join(TABLE);
    if std::env::var_os("READYZ_UPDATE").is_some() {
        fs::write(&path, &table).expect("table written");
    }
    let current = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        current == table,
        "run READYZ_UPDATE=1 cargo test -p readyz-cli --test schema_table"
    );
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packed, table.as_bytes()).expect("packed");
    let size = packed.finish().expect("packed").len();
    assert!(size <= 12_000, "the table weighs {size} bytes gzipped");
}

/// The table: a line for each API version with its kinds, an empty line, a line for each
/// definition with its package and its fields. A digit before a field's type: it is required, and
/// so many others are before it.
fn generate(source: &Value) -> String {
    let definitions = source["definitions"].as_object().expect("definitions");
    let names = short_names(definitions);
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for kind in source["kinds"].as_array().expect("kinds") {
        let word = |key: &str| kind[key].as_str().expect("text");
        let (group, version, kind) = (word("group"), word("version"), word("kind"));
        let api_version = match group {
            "" => version.to_string(),
            group => format!("{group}/{version}"),
        };
        let definition = definitions.iter().find(|(_, definition)| {
            let own = &definition["kind"];
            own["group"] == group && own["version"] == version && own["kind"] == kind
        });
        versions
            .entry(api_version)
            .or_default()
            .push(match definition {
                Some((id, _)) if names[id] == kind => kind.to_string(),
                Some((id, _)) => format!("{kind}={}", names[id]),
                None => format!("{kind}-"),
            });
    }
    let mut table = String::new();
    for (api_version, kinds) in versions {
        table.push_str(&format!("{api_version} {}\n", kinds.join(" ")));
    }
    table.push('\n');
    let mut lines = BTreeMap::new();
    for (id, definition) in definitions {
        let Some(fields) = definition["fields"].as_object() else {
            continue;
        };
        let name = names[id].as_str();
        let required: Vec<_> = definition["required"]
            .as_array()
            .into_iter()
            .flatten()
            .collect();
        let mut line = [name, &package_word(id)].concat();
        for (field, of) in fields {
            line.push(' ');
            line.push_str(field);
            line.push(':');
            if let Some(place) = required.iter().position(|name| *name == field) {
                assert!(place < 10, "{name} has too many required fields");
                line.push_str(&place.to_string());
            }
            line.push_str(&field_type(of, &names, go_type(name, field)));
            if let Some(key) = of["mergeKey"].as_str() {
                line.push('~');
                line.push_str(key);
            }
            if let Some(structure) = embedded(name, field) {
                line.push('^');
                line.push_str(structure);
            }
        }
        lines.insert(name.to_string(), line);
    }
    for line in lines.values() {
        table.push_str(line);
        table.push('\n');
    }
    table
}

/// The last part of each definition's id; with its package in front where two would be equal.
fn short_names(definitions: &Map<String, Value>) -> BTreeMap<String, String> {
    let last = |id: &str| id.rsplit('.').next().unwrap_or(id).to_string();
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for id in definitions.keys() {
        *uses.entry(last(id)).or_default() += 1;
    }
    let mut names = BTreeMap::new();
    for id in definitions.keys() {
        let short = last(id);
        let in_core = id.starts_with("io.k8s.api.core.");
        let name = if uses[&short] == 1 || in_core {
            short
        } else {
            let parts: Vec<_> = id.rsplit('.').collect();
            format!("{}.{}.{short}", parts[2], parts[1])
        };
        names.insert(id.clone(), name);
    }
    names
}

/// The package of a definition after its name, unless it is that of the core: `/apps.v1`.
fn package_word(id: &str) -> String {
    let package = id.rsplit_once('.').map_or("", |(package, _)| package);
    let own = package.strip_prefix("io.k8s.api.");
    let own = own.or_else(|| package.strip_prefix("io.k8s.apimachinery.pkg.apis."));
    match own.unwrap_or_else(|| panic!("{id}: an unknown package")) {
        "core.v1" => String::new(),
        own => ["/", own].concat(),
    }
}

fn go_type(definition: &str, field: &str) -> Option<&'static str> {
    let structure = definition.rsplit('.').next().unwrap_or(definition);
    let of = |line: &'static str| {
        let (place, go) = line.split_once(' ').expect("a place and a type");
        (place.split_once('.') == Some((structure, field))).then_some(go)
    };
    GO_TYPES.lines().find_map(of)
}

/// One letter for a plain type, `[` before a list's elements, `{` before a map's values, `@` and
/// a name for another definition.
fn field_type(of: &Value, names: &BTreeMap<String, String>, go: Option<&str>) -> String {
    if let Some(elements) = of.get("list") {
        return format!("[{}", field_type(elements, names, go));
    }
    if let Some(values) = of.get("map") {
        return format!("{{{}", field_type(values, names, go));
    }
    if let Some(id) = of["ref"].as_str() {
        return match id.rsplit('.').next().unwrap_or(id) {
            "Quantity" => "q".into(),
            "IntOrString" => "p".into(),
            "Time" | "MicroTime" => "t".into(),
            "FieldsV1" => "a".into(),
            _ => format!("@{}", names[id]),
        };
    }
    let letter = match (of["type"].as_str(), of["format"].as_str()) {
        (Some("string"), Some("byte")) => "y",
        (Some("string"), Some("int-or-string")) => "p",
        (Some("string"), Some("quantity")) => "q",
        (Some("string"), _) => "s",
        (Some("boolean"), _) => "b",
        (Some("integer"), Some("int64")) => "l",
        (Some("integer"), _) => "i",
        _ => "a",
    };
    match go {
        Some(go) if letter == "s" => format!("s={go}"),
        _ => letter.into(),
    }
}
