//! Pods with names of their own within a headless Service (SVC-05).

use super::Visitor;

const OBJECTS: &str = "apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: set}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: a, image: nginx:1.27}]}
---
apiVersion: v1
kind: Pod
metadata: {name: named, labels: {app: db}}
spec: {hostname: first, subdomain: db, containers: [{name: a, image: nginx:1.27}]}
---
apiVersion: v1
kind: Pod
metadata: {name: elsewhere, labels: {app: db}}
spec: {hostname: second, subdomain: other, containers: [{name: a, image: nginx:1.27}]}
---
apiVersion: v1
kind: Pod
metadata: {name: box}
spec: {containers: [{name: a, image: busybox, command: [sleep, '3600']}]}
";

/// SVC-05, recorded in workloads/sts-ordered (`Hostname`): a Pod of a StatefulSet has a name within the
/// Service that the set names, and so has one whose subdomain is that Service.
#[test]
fn pods_have_names_within_their_service() {
    let mut visitor = Visitor::of(OBJECTS);
    let named = visitor.reads(
        20_000,
        "get endpointslices -l kubernetes.io/service-name=db -o jsonpath={.items[0].endpoints[*].hostname}",
    );
    let mut named: Vec<&str> = named.split(' ').collect();
    named.sort_unstable();
    assert_eq!(named, ["first", "set-0", "set-1"]);
    let told = visitor.reads(
        20_000,
        "get pod set-1 -o jsonpath={.spec.hostname}/{.spec.subdomain}",
    );
    assert_eq!(told, "set-1/db");
    assert_eq!(
        visitor.reads(20_000, "get sts set -o jsonpath={.spec.serviceName}"),
        "db"
    );
    for (host, pod) in [("set-1", "set-1"), ("first", "named")] {
        let address = visitor.reads(
            20_000,
            &format!("get pod {pod} -o jsonpath={{.status.podIP}}"),
        );
        for name in ["db", "db.default", "db.default.svc.cluster.local"] {
            let found = visitor.reads(20_000, &format!("exec box -- nslookup {host}.{name}"));
            let answer =
                format!("Name:\t{host}.db.default.svc.cluster.local\nAddress: {address}\n");
            assert!(found.contains(&answer), "{found}");
        }
        let page = visitor.reads(20_000, &format!("exec box -- wget -qO- {host}.db"));
        assert!(page.contains("Welcome to nginx!"), "{page}");
    }
    for host in ["set-2.db", "second.db", "named.db"] {
        let lost = visitor.answers(&format!("exec box -- nslookup {host}"), "");
        assert!(lost.stdout.contains("NXDOMAIN"), "{host}: {}", lost.stdout);
    }
}
