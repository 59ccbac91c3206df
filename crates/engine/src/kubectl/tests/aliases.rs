//! SVC-05: Services of type ExternalName are other names.

use super::{pod, Visitor, SHOP};

const NAMES: &str = "apiVersion: v1
kind: Service
metadata: {name: other}
spec: {type: ExternalName, externalName: web.default.svc.cluster.local}
---
apiVersion: v1
kind: Service
metadata: {name: twice}
spec: {type: ExternalName, externalName: other.default.svc.cluster.local}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {type: ExternalName, externalName: db.example.com}
---
apiVersion: v1
kind: Service
metadata: {name: short}
spec: {type: ExternalName, externalName: web.default}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  duration: 2m
  dependencies: [{name: db.example.com, state: up}]
  steps: [{at: 60s, dependency: {name: db.example.com, state: down}}]
";

#[test]
fn external_names_stand_for_others() {
    let text = SHOP.to_owned() + &pod("box", &[("main", "")]) + NAMES;
    let mut visitor = Visitor::of(&text);
    let direct = visitor.reads(20_000, "exec box -- wget -qO- http://web/healthz");
    for name in ["other", "other.default", "twice.default.svc.cluster.local"] {
        let line = format!("exec box -- wget -qO- http://{name}/healthz");
        assert_eq!(visitor.reads(20_000, &line), direct, "{name}");
    }
    let looked = visitor.reads(
        20_000,
        "exec box -- nslookup other.default.svc.cluster.local",
    );
    let address = visitor.reads(20_000, "get svc web -o jsonpath='{.spec.clusterIP}'");
    let answer = format!(
        "other.default.svc.cluster.local\tcanonical name = web.default.svc.cluster.local\n\
         Name:\tweb.default.svc.cluster.local\nAddress: {address}\n\n"
    );
    assert!(looked.ends_with(&answer), "{looked}");
    // A target is a whole name: no search domain is tried.
    let (_, lost) = visitor.types(20_000, "exec box -- wget -qO- http://short/healthz");
    assert!(lost.starts_with("wget: bad address 'short'\n"), "{lost}");
}

/// What lies outside the cluster is a dependency of the Scenario.
#[test]
fn external_names_lead_outside() {
    let text = SHOP.to_owned() + &pod("box", &[("main", "")]) + NAMES;
    let mut visitor = Visitor::of(&text);
    let asks = "exec box -- wget -qO- http://db/";
    assert_eq!(visitor.reads(20_000, asks), "ok\n");
    let (_, refused) = visitor.types(70_000, asks);
    assert!(
        refused.starts_with("wget: can't connect to remote host (192.0.2.10): Connection refused"),
        "{refused}"
    );
    let looked = visitor.reads(20_000, "exec box -- nslookup db.default.svc.cluster.local");
    let answer = "db.default.svc.cluster.local\tcanonical name = db.example.com\n\
                  Name:\tdb.example.com\nAddress: 192.0.2.10\n\n";
    assert!(looked.ends_with(answer), "{looked}");
}
