//! What `-l` and `--field-selector` pick (GET-06). The API server reads both, and refuses them.

use super::args::Args;
use super::failure::Failure;
use super::item::{self, involved, Item, Thing};
use super::label_selector::Selector;
use super::object::object;
use super::output::Value;
use super::resource::Resource;
use super::view::View;

/// `-l` and `--field-selector` of a command line.
pub struct Query<'a> {
    labels: &'a str,
    fields: &'a str,
}

impl<'a> Query<'a> {
    /// What the flags say.
    pub fn of(args: &'a Args) -> Query<'a> {
        let text = |flag: &str| args.get(flag).unwrap_or("").trim();
        Query {
            labels: text("selector"),
            fields: text("field-selector"),
        }
    }

    /// Whether either picks anything.
    pub fn is_given(&self) -> bool {
        !self.labels.is_empty() || !self.fields.is_empty()
    }

    /// The objects of a resource that they pick, in the order of [`item::list`].
    pub fn list(
        &self,
        view: &View,
        resource: &'static Resource,
        namespace: Option<&str>,
    ) -> Result<Vec<Item>, Failure> {
        let refused = |why: String| {
            let group = resource.group_version();
            let (plural, labels, fields) = (resource.plural, self.labels, self.fields);
            let text = format!(
                "Unable to find \"{group}, Resource={plural}\" that match label selector \
                 {labels:?}, field selector {fields:?}: {why}"
            );
            Failure::server("BadRequest", text)
        };
        let labels = Selector::parse(self.labels).map_err(refused)?;
        let fields = parse_fields(self.fields).map_err(refused)?;
        fields
            .iter()
            .try_for_each(|wanted| known(resource, wanted.key))
            .map_err(refused)?;
        let mut items = item::list(view, resource, namespace);
        items.retain(|item| {
            let mut fields = fields.iter();
            labels.matches(&item.labels)
                && fields.all(|wanted| {
                    (field(view, item, wanted.key) == wanted.value) == wanted.is_equal
                })
        });
        Ok(items)
    }

    /// The same of several resources, each with its refusal.
    pub fn list_all(
        &self,
        view: &View,
        resources: &[&'static Resource],
        namespace: Option<&str>,
    ) -> (Vec<Item>, Vec<Failure>) {
        let mut found = (Vec::new(), Vec::new());
        for resource in resources {
            match self.list(view, resource, namespace) {
                Ok(items) => found.0.extend(items),
                Err(failure) => found.1.push(failure),
            }
        }
        found
    }
}

/// A requirement on a field.
struct Wanted<'a> {
    key: &'a str,
    value: String,
    is_equal: bool,
}

/// `a=b,c==d,e!=f`; a backslash stands before what would end a value.
fn parse_fields(text: &str) -> Result<Vec<Wanted<'_>>, String> {
    let mut wanted = Vec::new();
    for part in terms(text).filter(|part| !part.is_empty()) {
        let at = part.find(['=', '!']).filter(|at| {
            let rest = &part[*at..];
            rest.starts_with('=') || rest.starts_with("!=")
        });
        let Some(at) = at else {
            return Err(format!(
                "invalid selector: '{text}'; can't understand '{part}'"
            ));
        };
        let (key, rest) = part.split_at(at);
        let sign = ["!=", "==", "="]
            .into_iter()
            .find(|sign| rest.starts_with(sign));
        let sign = sign.unwrap_or("=");
        let value = unescaped(&rest[sign.len()..])
            .map_err(|why| format!("invalid field selector: {why}"))?;
        // A field without a name has no value.
        if !key.is_empty() || !value.is_empty() {
            wanted.push(Wanted {
                key,
                value,
                is_equal: sign != "!=",
            });
        }
    }
    Ok(wanted)
}

/// The parts between commas that no backslash stands before.
fn terms(text: &str) -> impl Iterator<Item = &str> {
    let mut is_escaped = false;
    text.split(move |c| {
        let ends = c == ',' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    })
}

fn unescaped(text: &str) -> Result<String, String> {
    let mut value = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c @ ('\\' | ',' | '=')) => value.push(c),
                next => {
                    let next = next.map_or(String::new(), String::from);
                    return Err(format!("invalid escape sequence: \\{next}"));
                }
            },
            ',' | '=' => return Err(format!("unescaped character in value: {}", c as u32)),
            c => value.push(c),
        }
    }
    Ok(value)
}

/// Whether the server picks objects of a resource by a field.
fn known(resource: &Resource, key: &str) -> Result<(), String> {
    const EVENT: &[&str] = &[
        "involvedObject.kind",
        "involvedObject.namespace",
        "involvedObject.name",
        "involvedObject.uid",
        "involvedObject.apiVersion",
        "involvedObject.resourceVersion",
        "involvedObject.fieldPath",
        "reason",
        "reportingComponent",
        "source",
        "type",
    ];
    const POD: &[&str] = &[
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "spec.hostNetwork",
        "status.phase",
        "status.podIP",
        "status.podIPs",
        "status.nominatedNodeName",
    ];
    // None: the server knows the names that every object has, and no others.
    let own: Option<&[&str]> = match resource.plural {
        "pods" => Some(POD),
        "events" => Some(EVENT),
        "nodes" => Some(&["spec.unschedulable"]),
        "services" => Some(&["spec.clusterIP", "spec.type"]),
        "namespaces" => Some(&["status.phase"]),
        "secrets" => Some(&["type"]),
        "replicationcontrollers" => Some(&["status.replicas"]),
        "jobs" => Some(&["status.successful"]),
        _ => None,
    };
    let is_known = match key {
        "metadata.name" => true,
        "metadata.namespace" => resource.namespaced || own.is_none(),
        key => own.is_some_and(|own| own.contains(&key)),
    };
    match own {
        _ if is_known => Ok(()),
        None => Err(format!(
            "\"{key}\" is not a known field selector: only \"metadata.name\", \
             \"metadata.namespace\""
        )),
        Some(_) if resource.kind == "Job" => {
            Err(format!("field label \"{key}\" not supported for Job"))
        }
        Some(_) => Err(format!("field label not supported: {key}")),
    }
}

/// What a field of an object holds; empty if there is none.
fn field(view: &View, item: &Item, key: &str) -> String {
    match key {
        "metadata.name" => item.name.clone(),
        "metadata.namespace" => item.namespace.clone(),
        _ => quick_field(view, item, key).unwrap_or_else(|| {
            // The server's name for it is older than the object's.
            let path = if key == "status.successful" {
                "status.succeeded"
            } else {
                key
            };
            let whole = object(view, item);
            let found = path
                .split('.')
                .try_fold(&whole, |value, name| value.get(name));
            match (found, path) {
                (Some(value), _) => Value::plain(value),
                (None, "status.succeeded" | "status.replicas") => "0".to_owned(),
                _ => String::new(),
            }
        }),
    }
}

/// Fields that are asked for of many objects, read off the state.
fn quick_field(view: &View, item: &Item, key: &str) -> Option<String> {
    match &item.thing {
        Thing::Pod(id) => {
            let pod = view.pod(*id);
            Some(match key {
                "spec.nodeName" => {
                    let node = pod.node.map(|node| &view.cluster.nodes[node.index()]);
                    node.map_or_else(String::new, |node| node.name.to_string())
                }
                "spec.restartPolicy" => format!("{:?}", pod.spec.restart_policy),
                "spec.schedulerName" => pod.spec.scheduler_name().to_owned(),
                "spec.serviceAccountName" => pod.spec.service_account_name.clone(),
                "spec.hostNetwork" => pod.spec.host_network.to_string(),
                "status.phase" => pod.status.phase.name().to_owned(),
                "status.podIP" | "status.podIPs" => {
                    let ip = pod.status.pod_ip;
                    ip.map_or_else(String::new, crate::go_format::ipv4)
                }
                "status.nominatedNodeName" => String::new(),
                _ => return None,
            })
        }
        Thing::Event(id) => {
            let event = view.cluster.events.get(*id)?;
            let object = event.emission.object;
            let (namespace, name) = involved(view.cluster, object);
            Some(match key {
                "type" => event.emission.event_type.name().to_owned(),
                "reason" => event.emission.reason.to_owned(),
                "involvedObject.kind" => object.kind().to_owned(),
                "involvedObject.name" => name,
                "involvedObject.namespace" => namespace,
                "involvedObject.fieldPath" => {
                    crate::events::field_path(view.cluster, &event.emission)
                }
                "source" | "reportingComponent" => event.emission.source.component().to_owned(),
                _ => return None,
            })
        }
        Thing::Node(id) if key == "spec.unschedulable" => Some(
            view.cluster.nodes[id.index()]
                .object
                .unschedulable
                .to_string(),
        ),
        _ => None,
    }
}
