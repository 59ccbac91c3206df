//! `-l` and `--field-selector` (GET-06).

use super::failure::Failure;
use super::item::{involved, Item, Thing};
use super::view::View;
use crate::api::{SelectorOperator, SelectorRequirement, StringMap};

/// Requirements on labels, joined by and.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    requirements: Vec<SelectorRequirement>,
    text: String,
}

impl Selector {
    /// Reads `a=b,c!=d,e,!f,g in (x,y),h notin (z)`.
    pub fn parse(text: &str) -> Result<Selector, Failure> {
        let mut requirements = Vec::new();
        for part in split_outside_parentheses(text) {
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            let requirement = requirement(part).ok_or_else(|| {
                let text = format!(
                    "unable to parse requirement: found '{part}', expected: ',' or 'end of string'"
                );
                Failure::client(text)
            })?;
            requirements.push(requirement);
        }
        Ok(Selector {
            requirements,
            text: text.to_owned(),
        })
    }

    /// Whether labels meet every requirement.
    pub fn matches(&self, labels: &StringMap) -> bool {
        self.requirements
            .iter()
            .all(|requirement| requirement.matches(labels))
    }
}

fn split_outside_parentheses(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut depth) = (0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

fn requirement(part: &str) -> Option<SelectorRequirement> {
    let of = |key: &str, operator, values: Vec<String>| {
        let key = key.trim().to_owned();
        let is_key = !key.is_empty() && !key.contains(|c: char| c.is_whitespace() || c == '=');
        is_key.then_some(SelectorRequirement {
            key,
            operator,
            values,
        })
    };
    let one = |value: &str| vec![value.trim().to_owned()];
    if let Some(key) = part.strip_prefix('!') {
        return of(key, SelectorOperator::DoesNotExist, Vec::new());
    }
    if let Some((key, value)) = part.split_once("!=") {
        return of(key, SelectorOperator::NotIn, one(value));
    }
    if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        return of(key, SelectorOperator::In, one(value));
    }
    let values = |list: &str| -> Option<Vec<String>> {
        let inner = list.trim().strip_prefix('(')?.strip_suffix(')')?;
        Some(
            inner
                .split(',')
                .map(|value| value.trim().to_owned())
                .collect(),
        )
    };
    if let Some((key, list)) = part.split_once(" notin ") {
        return of(key, SelectorOperator::NotIn, values(list)?);
    }
    if let Some((key, list)) = part.split_once(" in ") {
        return of(key, SelectorOperator::In, values(list)?);
    }
    of(part, SelectorOperator::Exists, Vec::new())
}

/// Requirements on fields: name, value, and whether equal is wanted.
pub fn parse_fields(text: &str) -> Result<Vec<(String, String, bool)>, Failure> {
    let parts = text.split(',').filter(|part| !part.is_empty());
    let parse = |part: &str| {
        let split = part
            .split_once("!=")
            .map(|pair| (pair, false))
            .or_else(|| part.split_once("==").map(|pair| (pair, true)))
            .or_else(|| part.split_once('=').map(|pair| (pair, true)));
        let ((key, value), equal) = split.ok_or_else(|| {
            let text = format!("invalid selector: '{part}'; can't understand '{part}'");
            Failure::client(text)
        })?;
        Ok((key.to_owned(), value.to_owned(), equal))
    };
    parts.map(parse).collect()
}

/// Whether an object meets the requirements on fields.
pub fn fields_match(
    view: &View,
    item: &Item,
    wanted: &[(String, String, bool)],
    labels: &Selector,
) -> Result<bool, Failure> {
    let mut matches = true;
    for (key, value, equal) in wanted {
        let Some(have) = field(view, item, key) else {
            let list: Vec<String> = wanted
                .iter()
                .map(|(key, value, equal)| {
                    format!("{key}{}{value}", if *equal { "=" } else { "!=" })
                })
                .collect();
            let resource = item.resource;
            let group = match resource.group() {
                "" => "/v1".to_owned(),
                _ => resource.api_version.to_owned(),
            };
            return Err(Failure::server(
                "BadRequest",
                format!(
                    "Unable to find \"{group}, Resource={}\" that match label selector \"{}\", \
                     field selector \"{}\": field label not supported: {key}",
                    resource.plural,
                    labels.text,
                    list.join(",")
                ),
            ));
        };
        matches &= (have == *value) == *equal;
    }
    Ok(matches)
}

fn field(view: &View, item: &Item, key: &str) -> Option<String> {
    match key {
        "metadata.name" => return Some(item.name.clone()),
        "metadata.namespace" => return Some(item.namespace.clone()),
        _ => {}
    }
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
