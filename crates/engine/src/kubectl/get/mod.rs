//! `kubectl get`.

mod claim_rows;
mod cluster_rows;
mod config_rows;
mod endpoint_rows;
mod event_rows;
mod format;
mod other_workload_rows;
mod pod_rows;
mod raw;
mod service_rows;
mod workload_rows;

pub use claim_rows::{
    claim as claim_row, claim_class, class as class_row, volume as volume_row, DEFAULT_CLASS,
};
pub use cluster_rows::{
    amount_text, priority_class as priority_class_row, roles, CONTAINER_RUNTIME, KERNEL_VERSION,
    KUBELET_VERSION, OS_IMAGE,
};
pub use event_rows::{interval, stamp as event_stamp};
pub use format::{named, unsimulated, Pattern};
pub use other_workload_rows::{job_duration, job_selector, node_selector};
pub use service_rows::{
    cluster_ip, endpoint_summary, is_ready_address, protocol_name, slice_ports, subset,
    subset_ports, type_name,
};
pub use workload_rows::selector_text;

use format::Format;

use super::args::{Args, Flags};
use super::builder::{find, meant, Meant};
use super::failure::Failure;
use super::flags::{switch, value, whole, FILES, NONE};
use super::item::{Item, Thing};
use super::object::object;
use super::output::{compact_json, map, JsonPath, Value};
use super::resource::Resource;
use super::selector::Query;
use super::sorting::{sort, unsortable};
use super::table::Table;
use super::view::View;
use super::{Output, Verb};
use crate::ids::EventId;

const FLAGS: Flags = &[
    FILES,
    &[
        switch("all-namespaces", 'A'),
        switch("allow-missing-template-keys", NONE),
        whole("chunk-size", NONE),
        value("field-selector", NONE),
        switch("ignore-not-found", NONE),
        value("label-columns", 'L'),
        switch("no-headers", NONE),
        value("output", 'o'),
        switch("output-watch-events", NONE),
        value("raw", NONE),
        value("selector", 'l'),
        switch("server-print", NONE),
        switch("show-kind", NONE),
        switch("show-labels", NONE),
        switch("show-managed-fields", NONE).absent(),
        value("sort-by", NONE),
        value("subresource", NONE),
        value("template", NONE),
        switch("watch", 'w'),
        switch("watch-only", NONE),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "get",
    summary: "Display one or many resources",
    flags: FLAGS,
    run,
}];

/// How `kubectl get` prints the objects of a resource.
pub struct Columns {
    /// Titles; those that begin with `+` only with `-o wide`.
    pub titles: &'static [&'static str],
    /// The cells of all titles.
    pub cells: fn(&View, &Item) -> Vec<String>,
}

fn columns(resource: &Resource) -> Columns {
    let plain = |titles, cells| Columns { titles, cells };
    match resource.kind {
        "Pod" => plain(pod_rows::TITLES, pod_rows::cells),
        "Deployment" => plain(workload_rows::DEPLOYMENT, workload_rows::deployment),
        "ReplicaSet" => plain(workload_rows::REPLICA_SET, workload_rows::replica_set),
        "StatefulSet" => plain(
            other_workload_rows::STATEFUL_SET,
            other_workload_rows::stateful_set,
        ),
        "DaemonSet" => plain(
            other_workload_rows::DAEMON_SET,
            other_workload_rows::daemon_set,
        ),
        "Job" => plain(other_workload_rows::JOB, other_workload_rows::job),
        "PriorityClass" => plain(cluster_rows::PRIORITY_CLASS, cluster_rows::priority_class),
        "PersistentVolumeClaim" => plain(claim_rows::CLAIM, claim_rows::claim),
        "PersistentVolume" => plain(claim_rows::VOLUME, claim_rows::volume),
        "StorageClass" => plain(claim_rows::CLASS, claim_rows::class),
        "PodDisruptionBudget" => plain(cluster_rows::BUDGET, cluster_rows::budget),
        "Service" => plain(service_rows::SERVICE, service_rows::service),
        "Endpoints" => plain(service_rows::ENDPOINTS, service_rows::endpoints),
        "EndpointSlice" => plain(service_rows::SLICE, service_rows::slice),
        "Node" => plain(cluster_rows::NODE, cluster_rows::node),
        "Namespace" => plain(cluster_rows::NAMESPACE, cluster_rows::namespace),
        "Event" => plain(event_rows::TITLES, event_rows::cells),
        "ConfigMap" => plain(config_rows::CONFIG_MAP, config_rows::config_map),
        "Secret" => plain(config_rows::SECRET, config_rows::secret),
        _ => plain(cluster_rows::OTHER, cluster_rows::other),
    }
}

/// What a command line asks for.
struct Found {
    /// By resource, in the order of the command line.
    groups: Vec<(&'static Resource, Vec<Item>)>,
    failures: Vec<Failure>,
    /// Objects were named one by one.
    is_named: bool,
}

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    if let Some(path) = args.given("raw") {
        return raw::raw(view, args, path);
    }
    let mut output = Output::default();
    if args.names.is_empty() && args.get("filename").is_none() {
        return Err(Failure::plain(
            "You must specify the type of resource to get. Use \"kubectl api-resources\" for a \
             complete list of supported resources.\n\nerror: Required resource not specified.\nUse \
             \"kubectl explain <resource>\" for a detailed description of that resource (e.g. \
             kubectl explain pods).\nSee 'kubectl get -h' for help and examples",
        ));
    }
    format::check(args)?;
    // The status alone is read with the whole object.
    let part = args.get("subresource").unwrap_or("");
    if !matches!(part, "" | "status") {
        let text = format!("readyz does not simulate --subresource={part}");
        return Err(Failure::client(text));
    }
    let format = Format::of(args)?;
    let found = gather(view, args)?;
    output.unfinished = args.is_on("watch") || args.is_on("watch-only");
    let mut stopped = None;
    output.stdout = match (output.unfinished, growth(args)) {
        // Who watches gets no list.
        (true, Growth::Objects(between)) => {
            let each = each(view, args, told(args, "ADDED"))?.into_iter();
            let each = each.filter(|_| !args.is_on("watch-only"));
            each.map(|(_, text)| text).collect::<Vec<_>>().join(between)
        }
        _ => {
            let (text, failure) = format.print(view, args, &found)?;
            stopped = failure;
            text
        }
    };
    let is_empty = found.groups.iter().all(|(_, items)| items.is_empty());
    let is_silent = matches!(format, Format::Name | Format::Data(_) | Format::Pattern(_));
    // Who watches waits for some.
    let is_over = is_empty && !output.unfinished;
    if is_over && found.failures.is_empty() && !found.is_named && !is_silent {
        output
            .stderr
            .push_str(&nothing_found(view, args, &found.groups));
    }
    let ignore = args.is_on("ignore-not-found");
    let failures = found.failures.iter().filter(|_| !ignore);
    for failure in failures.chain(&stopped) {
        output.fail(failure);
    }
    Ok(output)
}

/// The table of one Event; empty if it is not asked for.
pub fn event(view: &View, args: &Args, id: EventId) -> Result<String, Failure> {
    let mut found = gather(view, args)?;
    for (_, items) in &mut found.groups {
        items.retain(|item| matches!(item.thing, Thing::Event(other) if other == id));
    }
    match Format::of(args)? {
        Format::Table { wide } => tables(view, args, &found, wide),
        _ => Ok(String::new()),
    }
}

/// What happened to an object, if `--output-watch-events` has it told.
pub fn told(args: &Args, event: &'static str) -> Option<&'static str> {
    args.is_on("output-watch-events").then_some(event)
}

/// An object as it is watched: with what happened to it, or alone.
fn watched(object: Value, event: Option<&str>) -> Value {
    match event {
        None => object,
        Some(event) => map().set("object", object).set("type", event).into(),
    }
}

/// Each object that is asked for by its name, as `-o name`, `json`, `yaml` and templates print it
/// alone, or within an event of its watch.
pub fn each(
    view: &View,
    args: &Args,
    event: Option<&str>,
) -> Result<Vec<(String, String)>, Failure> {
    let format = Format::of(args)?;
    let is_json = args.get("output") == Some("json");
    let alone = object;
    let object = |view: &View, item: &Item| watched(alone(view, item), event);
    let found = gather(view, args)?;
    let items = found.groups.iter().flat_map(|(_, items)| items);
    let text = |item: &Item| match (&format, event) {
        (Format::Name, _) => [&item.path(), "\n"].concat(),
        // In a line, and its fields in this order.
        (Format::Data(_), Some(event)) if is_json => {
            let object = compact_json(&alone(view, item));
            format!("{{\"type\":\"{event}\",\"object\":{object}}}\n")
        }
        (Format::Data(print), _) => print(&object(view, item)),
        (Format::Pattern(pattern), _) => pattern.print(&object(view, item)).0,
        _ => String::new(),
    };
    Ok(items.map(|item| (item.name.clone(), text(item))).collect())
}

/// How a list that is watched grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// By rows of a table.
    Rows,
    /// By objects that are printed alone, with this line in between.
    Objects(&'static str),
}

/// How the output of these arguments grows.
pub fn growth(args: &Args) -> Growth {
    let output = args
        .get("output")
        .or(args.get("template").map(|_| "template"));
    match output.unwrap_or("").split('=').next().unwrap_or("") {
        "yaml" => Growth::Objects("---\n"),
        "json" | "name" | "jsonpath" | "go-template" | "template" => Growth::Objects(""),
        _ => Growth::Rows,
    }
}

/// KUB-06.
fn nothing_found(view: &View, args: &Args, groups: &[(&Resource, Vec<Item>)]) -> String {
    let in_namespace = groups.iter().any(|(resource, _)| resource.namespaced);
    if args.is_on("all-namespaces") || !in_namespace {
        "No resources found\n".to_owned()
    } else {
        format!("No resources found in {} namespace.\n", view.namespace)
    }
}

/// The objects that `TYPE`, `TYPE NAME…`, `TYPE/NAME…` name.
fn gather(view: &View, args: &Args) -> Result<Found, Failure> {
    let namespace = (!args.is_on("all-namespaces")).then_some(view.namespace.as_str());
    let mut found = Found {
        groups: Vec::new(),
        failures: Vec::new(),
        is_named: false,
    };
    let resources = match meant(view, args, &args.names, true)? {
        Meant::Types(resources) => resources,
        Meant::Objects(objects) => {
            found.is_named = true;
            for (resource, name) in objects {
                match find(view, resource, &name) {
                    Ok(item) => match found.groups.last_mut() {
                        Some((last, items)) if *last == resource => items.push(item),
                        _ => found.groups.push((resource, vec![item])),
                    },
                    Err(failure) => found.failures.push(failure),
                }
            }
            return Ok(found);
        }
    };
    let query = Query::of(args);
    for resource in resources {
        match query.list(view, resource, namespace) {
            Ok(items) => found.groups.push((resource, items)),
            Err(failure) => found.failures.push(failure),
        }
    }
    if let Some(path) = args.given("sort-by") {
        match found.groups.as_mut_slice() {
            [] => {}
            // A table that cannot be sorted has no rows.
            [(_, items)] if matches!(format::named(args).2, "" | "wide") => {
                if items.len() > 1 && sort(view, items, path).is_err() {
                    items.clear();
                }
            }
            [(_, items)] => sort(view, items, path)?,
            // What is sorted then are lists.
            _ => {
                let path = JsonPath::relaxed(path).map_err(Failure::client)?;
                return Err(unsortable(path.template()));
            }
        }
    }
    Ok(found)
}

/// One table a resource (KUB-03, KUB-05).
fn tables(view: &View, args: &Args, found: &Found, wide: bool) -> Result<String, Failure> {
    let with_kind = found.groups.len() > 1 || args.is_on("show-kind");
    let printed = found.groups.iter().filter(|(_, items)| !items.is_empty());
    let tables = printed.map(|(resource, items)| {
        let columns = columns(resource);
        table(view, args, &columns, items, wide, with_kind)
    });
    // Only titles are set apart.
    let between = if args.is_on("no-headers") { "" } else { "\n" };
    Ok(tables.collect::<Vec<_>>().join(between))
}

fn table(
    view: &View,
    args: &Args,
    columns: &Columns,
    items: &[Item],
    wide: bool,
    with_kind: bool,
) -> String {
    let all = 0..columns.titles.len();
    let shown: Vec<usize> = all
        .filter(|at| wide || !columns.titles[*at].starts_with('+'))
        .collect();
    let with_namespace =
        args.is_on("all-namespaces") && items.iter().any(|i| i.resource.namespaced);
    let label_columns: Vec<&str> = args
        .all("label-columns")
        .flat_map(|keys| keys.split(','))
        .collect();
    let mut titles: Vec<String> = Vec::new();
    if with_namespace {
        titles.push("NAMESPACE".to_owned());
    }
    titles.extend(
        shown
            .iter()
            .map(|at| columns.titles[*at].trim_start_matches('+').to_owned()),
    );
    let last_part = |key: &&str| key.rsplit('/').next().unwrap_or(key).to_uppercase();
    titles.extend(label_columns.iter().map(last_part));
    if args.is_on("show-labels") {
        titles.push("LABELS".to_owned());
    }
    let mut table = Table::new(&titles);
    if args.is_on("no-headers") {
        table.without_titles();
    }
    for item in items {
        let cells = (columns.cells)(view, item);
        let mut row = Vec::new();
        if with_namespace {
            row.push(item.namespace.clone());
        }
        for at in &shown {
            let cell = cells.get(*at).cloned().unwrap_or_default();
            let is_name = columns.titles[*at].trim_start_matches('+') == "NAME";
            row.push(if with_kind && is_name {
                format!("{}/{cell}", item.resource.prefix())
            } else {
                cell
            });
        }
        row.extend(
            label_columns
                .iter()
                .map(|key| item.labels.get(*key).cloned().unwrap_or_default()),
        );
        if args.is_on("show-labels") {
            row.push(labels_text(&item.labels));
        }
        table.row(row);
    }
    table.print()
}

/// `a=b,c=d`, or `<none>`.
pub fn labels_text(labels: &crate::api::StringMap) -> String {
    let pairs: Vec<String> = labels
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    none_if_empty(pairs.join(","))
}

/// `<none>` instead of nothing.
pub fn none_if_empty(text: String) -> String {
    if text.is_empty() {
        "<none>".to_owned()
    } else {
        text
    }
}
