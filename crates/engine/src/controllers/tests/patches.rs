//! `kubectl patch` with the recordings' own patches.

use super::{container, deployment, probe_http, service, spec, Play};
use crate::api::{Handler, Object, PortRef};
use crate::controllers;

fn web(play: &mut Play) {
    let mut main = container("main", "probe-lab:v1");
    main.readiness_probe = Some(probe_http("/ready", 2));
    play.put(Object::Deployment(deployment("web", 4, spec(vec![main]))));
    play.until(15_000);
}

/// Recorded in deploy-rollout-stuck and seed002-patch-readiness: path and port change, the
/// probe's numbers stay, and the Deployment rolls.
#[test]
fn a_probe_is_merged_by_container_name() {
    let mut play = Play::recorded();
    web(&mut play);
    let patch = r#"{"spec": {"template": {"spec": {"containers": [{"name": "main",
        "readinessProbe": {"httpGet": {"path": "/nope", "port": 8080}}}]}}}}"#;
    let patched = controllers::patch(&mut play.cx(), "Deployment", "", "web", patch);
    assert_eq!(patched, Ok(true));
    let (_, state) = play.deployment("web");
    let probe = state.object.template.spec.containers[0]
        .readiness_probe
        .clone();
    let probe = probe.expect("kept");
    assert_eq!(probe.period_seconds, 2);
    assert!(matches!(probe.handler, Handler::HttpGet(get) if get.path == "/nope"));
    let again = controllers::patch(&mut play.cx(), "deploy", "", "web", patch);
    assert_eq!(again, Ok(false));
    play.until(20_000);
    assert_eq!(play.sets("web"), [(3, 3), (2, 0)]);
}

/// Recorded in svc-selector-mismatch.
#[test]
fn a_selector_is_patched() {
    let mut play = Play::recorded();
    let mut wrong = service("web", PortRef::Number(8080));
    wrong.selector.insert("app".into(), "wbe".into());
    play.put(Object::Service(wrong));
    web(&mut play);
    let patch = r#"{"spec": {"selector": {"app": "web"}}}"#;
    let patched = controllers::patch(&mut play.cx(), "Service", "", "web", patch);
    assert_eq!(patched, Ok(true));
    play.until(15_010);
    let id = play.service("web");
    assert_eq!(play.cluster.controllers.service(id).slice.ready(), 4);
}

/// Null removes; what is not known is named; text that is no JSON is no panic.
#[test]
fn patches_remove_and_refuse() {
    let mut play = Play::recorded();
    web(&mut play);
    let patch = |play: &mut Play, text: &str| {
        controllers::patch(&mut play.cx(), "Deployment", "", "web", text)
    };
    let none =
        r#"{"spec":{"template":{"spec":{"containers":[{"name":"main","readinessProbe":null}]}}}}"#;
    assert_eq!(patch(&mut play, none), Ok(true));
    let odd = r#"{"spec":{"template":{"spec":{"containers":[{"name":"main","lifecycle":{}}]}}}}"#;
    assert_eq!(
        patch(&mut play, odd)
            .expect_err("not supported")
            .to_string(),
        "error: readyz cannot patch the field spec.template.spec.containers[main].lifecycle"
    );
    for text in ["", "[]", "{", "nonsense: ["] {
        assert!(patch(&mut play, text).is_err(), "{text:?}");
    }
}
