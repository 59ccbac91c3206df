//! EPS-06: Endpoints and EndpointSlices that somebody wrote.

use super::Visitor;

const WARNING: &str =
    "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n";

/// Chooses the slices of the Service below.
const OF_DB: &str = "-l kubernetes.io/service-name=db";

/// A Service without selector, a server, and a client.
const SHOP: &str = "apiVersion: v1
kind: Service
metadata: {name: db}
spec:
  ports: [{name: sql, port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: server, labels: {app: server}}
spec:
  containers: [{name: main, image: 'probe-lab:v1', ports: [{containerPort: 8080}]}]
---
apiVersion: v1
kind: Pod
metadata: {name: client}
spec:
  containers: [{name: main, image: 'busybox:1.36', command: [sleep, '3600']}]
---
";

fn endpoints(ip: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Endpoints\nmetadata: {{name: db, labels: {{team: a}}}}\nsubsets:\n- \
         addresses: [{{ip: {ip}}}]\n  notReadyAddresses: [{{ip: 10.244.0.77, nodeName: node-1}}]\n  \
         ports: [{{name: sql, port: 8080}}]\n"
    )
}

/// The server's address, which is the same whatever else there is.
fn address(text: &str) -> String {
    Visitor::of(text).reads(20_000, "get pod server -o jsonpath={.status.podIP}")
}

fn scenario(steps: &str) -> String {
    format!("---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 2m\n  steps:{steps}\n")
}

/// What the client gets of the Service at a moment.
fn asks(visitor: &mut Visitor, millis: u64) -> (String, String) {
    visitor.types(millis, "exec client -- wget -q -T 1 -O- http://db/")
}

/// They are listed as written, mirrored into a slice that they own, and lead to who has the address.
#[test]
fn endpoints_of_a_service_without_selector_are_mirrored_and_followed() {
    let ip = address(SHOP);
    let mut visitor = Visitor::of(&format!("{SHOP}{}", endpoints(&ip)));
    let (table, warning) = visitor.types(20_000, "get ep");
    assert_eq!(warning, WARNING);
    assert_eq!(
        table,
        format!(
            "NAME         ENDPOINTS            AGE\ndb           {ip}:8080      20s\n\
             kubernetes   192.168.0.100:6443   10m\n"
        )
    );
    let name = visitor.reads(20_000, &format!("get endpointslices {OF_DB} -o name"));
    let name = name
        .trim_start_matches("endpointslice.discovery.k8s.io/")
        .trim();
    assert!(name.starts_with("db-") && name.len() == 8, "{name}");
    let path = "get endpointslices -o jsonpath='{.items[0].metadata.labels} \
                {.items[0].metadata.ownerReferences[0].kind} \
                {.items[0].metadata.ownerReferences[0].uid} {.items[0].endpoints[*].conditions} \
                {.items[0].ports}'";
    let uid = visitor
        .types(20_000, "get ep db -o jsonpath={.metadata.uid}")
        .0;
    assert_eq!(
        visitor.reads(20_000, path),
        format!(
            "{{\"endpointslice.kubernetes.io/managed-by\":\
             \"endpointslicemirroring-controller.k8s.io\",\"kubernetes.io/service-name\":\"db\",\
             \"team\":\"a\"}} Endpoints {uid} {{\"ready\":true}} {{\"ready\":false}} \
             [{{\"name\":\"sql\",\"port\":8080,\"protocol\":\"TCP\"}}]"
        )
    );
    let described = visitor.types(20_000, "describe ep db").0;
    assert!(
        described.contains(&format!(
            "Subsets:\n  Addresses:          {ip}\n  NotReadyAddresses:  10.244.0.77\n  Ports:\n    \
             Name  Port  Protocol\n    ----  ----  --------\n    sql   8080  TCP\n"
        )),
        "{described}"
    );
    let service = visitor.reads(20_000, "describe svc db");
    assert!(
        service.contains(&format!("Endpoints:                {ip}:8080\n")),
        "{service}"
    );
    let (page, _) = asks(&mut visitor, 20_000);
    assert_ne!(page, "");
}

/// SVC-02: without Endpoints the Service refuses; an address that nobody has times out; deleting
/// takes the mirror away; another address is followed.
#[test]
fn changes_of_endpoints_are_followed() {
    let ip = address(SHOP);
    let nobody = endpoints("10.244.9.9").replace('\n', "\n        ");
    let somebody = endpoints(&ip).replace('\n', "\n        ");
    let text = scenario(&format!(
        "\n  - at: 30s\n    apply: |\n        {nobody}\n  - at: 40s\n    apply: |\n        {somebody}\n  \
         - {{at: 50s, delete: {{kind: endpoints, name: db}}}}"
    ));
    let mut visitor = Visitor::of(&format!("{SHOP}{text}"));
    let slices = |visitor: &mut Visitor, at| {
        visitor
            .types(at, &format!("get endpointslices {OF_DB} -o name"))
            .0
    };
    assert_eq!(slices(&mut visitor, 29_000), "");
    let refused = asks(&mut visitor, 29_000).1;
    assert!(refused.contains("Connection refused"), "{refused}");
    let first = slices(&mut visitor, 31_000);
    assert!(first.contains("/db-"), "{first}");
    let lost = asks(&mut visitor, 35_000).1;
    assert!(lost.contains("timed out"), "{lost}");
    assert_ne!(asks(&mut visitor, 45_000).0, "");
    assert_eq!(
        slices(&mut visitor, 45_000),
        first,
        "the slice keeps its name"
    );
    let generation = "get endpointslices -o jsonpath='{.items[0].metadata.generation}'";
    assert_eq!(visitor.reads(45_000, generation), "2");
    assert_eq!(slices(&mut visitor, 51_000), "");
    let refused = asks(&mut visitor, 55_000).1;
    assert!(refused.contains("Connection refused"), "{refused}");
}

/// A slice that somebody wrote leads on as well as the controllers' own.
#[test]
fn a_slice_that_somebody_wrote_is_followed() {
    let ip = address(SHOP);
    let slice = format!(
        "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{name: db-1, labels: \
         {{kubernetes.io/service-name: db}}}}\naddressType: IPv4\nendpoints: [{{addresses: [{ip}]}}]\n\
         ports: [{{name: sql, port: 8080}}]\n"
    );
    let mut visitor = Visitor::of(&format!("{SHOP}{slice}"));
    assert_eq!(
        visitor.reads(20_000, &format!("get endpointslices {OF_DB}")),
        format!(
            "NAME   ADDRESSTYPE   PORTS   ENDPOINTS    AGE\ndb-1   IPv4          8080    {ip}   20s\n"
        )
    );
    assert_ne!(asks(&mut visitor, 20_000).0, "");
    // A port of another name is another port.
    let mut other = Visitor::of(&format!(
        "{SHOP}{}",
        slice.replace("name: sql", "name: http")
    ));
    let refused = asks(&mut other, 20_000).1;
    assert!(refused.contains("Connection refused"), "{refused}");
}

/// With a selector they are the controller's: what is written over them is gone at once.
#[test]
fn a_selector_takes_the_endpoints_over() {
    let selecting = SHOP.replace(
        "spec:\n  ports: [{name",
        "spec:\n  selector: {app: server}\n  ports: [{targetPort: 8080, name",
    );
    let ip = address(&selecting);
    let mut visitor = Visitor::of(&format!("{selecting}{}", endpoints("10.244.9.9")));
    let (table, _) = visitor.types(20_000, "get ep db --no-headers");
    assert!(table.contains(&format!("{ip}:8080")), "{table}");
    let created = visitor.answers("create -f x.yaml", &endpoints("10.244.9.9"));
    let expected = "Error from server (AlreadyExists): error when creating \"STDIN\": endpoints \
                    \"db\" already exists\n";
    assert_eq!(created.stderr, format!("{WARNING}{expected}"));
}

/// The API server's refusals, and its warning once for a command.
#[test]
fn endpoints_are_checked() {
    let mut visitor = Visitor::of(SHOP);
    let wrong = endpoints("127.0.0.1").replace("sql, port: 8080", "'', port: 0");
    let refused = visitor.answers("apply -f x.yaml", &wrong).stderr;
    assert_eq!(
        refused,
        format!(
            "{WARNING}The Endpoints \"db\" is invalid: \n* subsets[0].addresses[0].ip: Invalid \
             value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)\n* \
             subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive\n"
        )
    );
    let empty =
        "apiVersion: v1\nkind: Endpoints\nmetadata: {name: db}\nsubsets: [{ports: [{port: 1}]}]\n";
    let refused = visitor.answers("apply -f x.yaml", empty).stderr;
    assert_eq!(
        refused,
        format!(
            "{WARNING}The Endpoints \"db\" is invalid: subsets[0]: Required value: must specify \
             `addresses` or `notReadyAddresses`\n"
        )
    );
    let two =
        endpoints("10.1.2.3") + "---\n" + &endpoints("10.1.2.3").replace("name: db", "name: e");
    let created = visitor.answers("create -f x.yaml", &two);
    assert_eq!(
        (created.stdout.as_str(), created.stderr.as_str()),
        ("endpoints/db created\nendpoints/e created\n", WARNING)
    );
    let slice = "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: s}\n\
                 addressType: IPv5\nendpoints: [{addresses: []}]\n";
    let refused = visitor.answers("create -f x.yaml", slice).stderr;
    assert_eq!(
        refused,
        "The EndpointSlice \"s\" is invalid: \n* addressType: Unsupported value: \"IPv5\": supported \
         values: \"FQDN\", \"IPv4\", \"IPv6\"\n* endpoints[0].addresses: Required value: must contain \
         at least 1 address\n"
    );
    let deleted = visitor.types(20_000, "delete ep none").1;
    let expected = "Error from server (NotFound): endpoints \"none\" not found\n";
    assert_eq!(deleted, format!("{WARNING}{expected}"));
}

/// A patch and a label reach the object and its mirror.
#[test]
fn endpoints_are_patched_and_labelled() {
    let text = scenario(
        "\n  - {at: 30s, label: {kind: endpoints, name: db, labels: {tier: back}}}\n  - {at: 40s, label: \
         {kind: endpoints, name: db, labels: {endpointslice.kubernetes.io/skip-mirror: 'true'}}}",
    );
    let mut visitor = Visitor::of(&format!("{SHOP}{}{text}", endpoints("10.1.2.3")));
    let tier = "get endpointslices -l tier=back -o name";
    assert_eq!(visitor.types(29_000, tier).0, "");
    assert_ne!(visitor.reads(35_000, tier), "");
    assert_eq!(visitor.types(41_000, tier).0, "");
    let patch =
        "patch ep db --type=merge -p '{\"subsets\":[{\"addresses\":[{\"ip\":\"10.1.2.4\"}]}]}'";
    let (done, warning) = visitor.types(50_000, patch);
    assert_eq!(
        (done.as_str(), warning.as_str()),
        ("endpoints/db patched\n", WARNING)
    );
}
