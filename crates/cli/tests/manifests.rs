//! Manifests and steps of the recordings, as the engine reads them.

use flate2::read::GzDecoder;
use readyz_engine::api::Object;
use readyz_engine::manifest::{parse, Severity};
use readyz_engine::scenario::steps_from_json;
use serde_json::Value;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/conformance")
        .join(name)
}

fn json(path: &Path) -> Value {
    let file = fs::File::open(path).expect("the recording is in the repository");
    let mut text = String::new();
    GzDecoder::new(file)
        .read_to_string(&mut text)
        .expect("gzip");
    serde_json::from_str(&text).expect("JSON")
}

/// The recorded runs of a real cluster in this repository.
fn recordings() -> Vec<(String, Value)> {
    let mut recordings = Vec::new();
    for entry in fs::read_dir(folder("traces")).expect("recordings") {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|extension| extension == "gz") {
            recordings.push((path.display().to_string(), json(&path)));
        }
    }
    assert!(recordings.len() >= 17);
    recordings
}

#[test]
fn every_recorded_manifest_is_taken_or_refused_as_it_was() {
    for (name, recording) in recordings() {
        let manifest = recording["manifest"].as_str().expect("a manifest");
        let stream = parse(manifest);
        let applied = recording["runs"][0]["kubectl"]
            .as_array()
            .and_then(|captures| captures.iter().find(|c| c["label"] == "apply"));
        let refused = applied.is_some_and(|capture| capture["exit"] != 0);
        assert_eq!(
            stream.has_errors(),
            refused,
            "{name}: {:?}",
            stream.diagnostics
        );
    }
}

#[test]
fn every_recorded_step_is_read() {
    for (name, recording) in recordings() {
        for list in ["steps", "before"] {
            let Some(steps) = recording[list].as_array() else {
                continue;
            };
            let (read, problems) = steps_from_json(&recording[list].to_string());
            assert_eq!(problems, [], "{name}");
            assert_eq!(read.len(), steps.len(), "{name}");
        }
    }
}

/// What the recorded API server stored for a manifest, read again, is the object that the
/// manifest itself gives: every default is applied alike.
#[test]
fn defaults_are_those_of_the_api_server() {
    for case in json(&folder("schema").join("defaults.json.gz"))
        .as_array()
        .expect("cases")
    {
        let slug = case["slug"].as_str().expect("a slug");
        let object = |field: &str| {
            // The recorder's allocator began at the network itself and counted on beyond the
            // range of node ports.
            let text = case[field]
                .as_str()
                .expect("YAML")
                .replace("10.96.0.0", "10.96.0.10")
                .replace("32769", "30080");
            let stream = parse(&text);
            let errors = stream
                .diagnostics
                .iter()
                .filter(|d| d.severity == Severity::Error);
            assert_eq!(errors.count(), 0, "{slug}: {:?}", stream.diagnostics);
            stream.objects[0].object.clone()
        };
        let mut stored = object("defaulted");
        forget_what_the_server_chose(&mut stored);
        assert_eq!(object("yaml"), stored, "{slug}");
    }
}

/// Takes away what is allocated or injected: addresses, node ports, the token's volume.
fn forget_what_the_server_chose(object: &mut Object) {
    match object {
        Object::Pod(pod) => {
            let is_token = |name: &str| name.starts_with("kube-api-access-");
            pod.metadata.namespace.clear();
            pod.spec.volumes.retain(|volume| !is_token(&volume.name));
            let init = pod.spec.init_containers.iter_mut();
            for container in init.chain(&mut pod.spec.containers) {
                container
                    .volume_mounts
                    .retain(|mount| !is_token(&mount.name));
            }
        }
        Object::Service(service) => {
            service.metadata.namespace.clear();
            service.cluster_ip.clear();
            service.ports.iter_mut().for_each(|port| port.node_port = 0);
        }
        Object::Deployment(deployment) => deployment.metadata.namespace.clear(),
        _ => {}
    }
}
