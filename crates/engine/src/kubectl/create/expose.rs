//! `kubectl expose`.

use super::run::labels;
use super::{made, overrides, Made};
use crate::api::StringMap;
use crate::kubectl::args::{Args, Flags};
use crate::kubectl::attempt::chosen;
use crate::kubectl::builder::meant_by_name;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::{value, FILES, NONE, PRINT, SAVE_CONFIG, WRITE};
use crate::kubectl::get::protocol_name;
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::output::{list, map, Value};
use crate::kubectl::view::View;
use crate::kubectl::{Output, Verb};

const FLAGS: Flags = &[
    PRINT,
    FILES,
    WRITE,
    overrides::FLAGS,
    &[
        value("cluster-ip", NONE),
        value("external-ip", NONE),
        value("labels", 'l'),
        value("load-balancer-ip", NONE),
        value("name", NONE),
        value("port", NONE),
        value("protocol", NONE),
        SAVE_CONFIG,
        value("selector", NONE),
        value("session-affinity", NONE),
        value("target-port", NONE),
        value("type", NONE),
    ],
];

/// Registry line.
pub const VERB: Verb = Verb {
    name: "expose",
    summary: "Take a replication controller, service, deployment or pod and expose it as a new \
              Kubernetes service",
    flags: FLAGS,
    run,
};

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let meant = meant_by_name(view, args, &args.names)?;
    let (items, failures) = chosen(view, meant, args)?;
    let mut output = Output::default();
    for item in items {
        match exposed(view, args, &item) {
            Ok(made) => output.join(made),
            Err(failure) => output.fail(&failure),
        }
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}

fn exposed(view: &View, args: &Args, item: &Item) -> Result<Output, Failure> {
    let resource = item.resource;
    if !matches!(
        resource.kind,
        "Pod" | "Service" | "Deployment" | "ReplicaSet" | "ReplicationController"
    ) {
        let kind = resource.kind_with_group();
        return Err(Failure::client(format!("cannot expose a {kind}")));
    }
    let controllers = &view.cluster.controllers;
    let found = match item.thing {
        Thing::Deployment(id) => controllers
            .deployment(id)
            .object
            .selector
            .match_labels
            .clone(),
        Thing::ReplicaSet(id) => controllers
            .replica_set(id)
            .object
            .selector
            .match_labels
            .clone(),
        Thing::Service(id) => controllers.service(id).object.selector.clone(),
        Thing::ApiServer => StringMap::new(),
        _ => item.labels.clone(),
    };
    let selector = match args.given("selector") {
        Some(text) => labels(text)?.into(),
        None => Value::from(&found),
    };
    if found.is_empty() && args.given("selector").is_none() {
        let lacks = match resource.kind {
            "Service" => "the service has no pod selector set",
            _ => "the pod has no labels and cannot be exposed",
        };
        return Err(Failure::client(format!(
            "couldn't retrieve selectors via --selector flag or introspection: {lacks}"
        )));
    }
    let ports = ports(view, item, args)?;
    let service = args.get("name").unwrap_or(&item.name);
    let is_balanced = args.given("type") == Some("LoadBalancer");
    let spec = map()
        .set("ports", ports)
        .set("selector", selector)
        .maybe("clusterIP", args.given("cluster-ip"))
        .maybe(
            "externalIPs",
            args.given("external-ip").map(|address| list([address])),
        )
        .maybe(
            "loadBalancerIP",
            args.given("load-balancer-ip").filter(|_| is_balanced),
        )
        .maybe("sessionAffinity", args.get("session-affinity"))
        .maybe("type", args.get("type"));
    let labels = match args.given("labels") {
        Some(text) => labels(text)?.into(),
        None => Value::from(&item.labels),
    };
    let meta = map().some("labels", labels).set("name", service);
    made(
        view,
        args,
        Made {
            kind: "Service",
            name: service,
            word: "exposed",
            dry_word: "exposed",
            before: String::new(),
            object: map()
                .set("metadata", meta)
                .set("spec", spec)
                .set("status", map().set("loadBalancer", map())),
        },
    )
}

/// The Service's ports: those of `--port`, else those that the containers or the Service declare.
fn ports(view: &View, item: &Item, args: &Args) -> Result<Value, Failure> {
    let mut ports: Vec<(i64, String)> = Vec::new();
    let protocol = |own: &str| args.get("protocol").unwrap_or(own).to_owned();
    match args.given("port") {
        Some(text) => {
            for port in text.split(',') {
                ports.push((super::whole(port)?, protocol("TCP")));
            }
        }
        None => {
            for (port, own) in declared(view, item) {
                ports.push((i64::from(port), protocol(own)));
            }
        }
    }
    if ports.is_empty() {
        let text = "couldn't find port via --port flag or introspection";
        return Err(Failure::client(text));
    }
    let target = args.get("target-port").map(|text| {
        let number = text.parse::<i64>();
        number.map_or_else(|_| Value::from(text), Value::from)
    });
    let are_named = ports.len() > 1;
    let each = ports
        .into_iter()
        .enumerate()
        .map(|(place, (port, protocol))| {
            let name = are_named.then(|| format!("port-{}", place + 1));
            let target = target.clone().unwrap_or_else(|| Value::from(port));
            map()
                .maybe("name", name)
                .set("port", port)
                .set("protocol", protocol)
                .set("targetPort", target)
        });
    Ok(list(each))
}

fn declared(view: &View, item: &Item) -> Vec<(u16, &'static str)> {
    if let Some(service) = view.service(&item.thing) {
        let ports = service.object.ports.iter();
        return ports
            .map(|port| (port.port, protocol_name(port.protocol)))
            .collect();
    }
    let containers = view.containers(&item.thing).iter();
    let ports = containers.flat_map(|container| &container.ports);
    ports
        .map(|port| (port.container_port, protocol_name(port.protocol)))
        .collect()
}
