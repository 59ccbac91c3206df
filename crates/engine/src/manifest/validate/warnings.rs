//! What the API server takes with a warning (validation.md §6).

use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;

/// A container's port, for comparison with those before it.
struct Port {
    path: String,
    number: i64,
    protocol: String,
    name: String,
    host: (String, i64),
    /// Plain init containers are no target of Services and probes.
    selectable: bool,
}

/// Warns about variables and ports that hide others.
pub fn warn_about_containers(spec: &Field, errors: &mut Errors) {
    let mut earlier: Vec<Port> = Vec::new();
    for list in ["initContainers", "containers"] {
        let containers = spec.key(list);
        for container in containers.items() {
            warn_about_env(&container.key("env"), errors);
        }
    }
    for list in ["initContainers", "containers"] {
        let containers = spec.key(list);
        for container in containers.items() {
            let plain =
                list == "initContainers" && container.key("restartPolicy").text() != "Always";
            let ports = container.key("ports");
            for port in ports.items() {
                warn_about_port(&port, !plain, &mut earlier, errors);
            }
        }
    }
}

fn warn_about_env(env: &Field, errors: &mut Errors) {
    let mut names: Vec<&str> = Vec::new();
    for variable in env.items() {
        let name = variable.node.and_then(|node| node.get("name"));
        let name = name.and_then(|name| name.text()).unwrap_or("");
        if names.contains(&name) {
            let text = [
                "hides previous definition of ",
                &quote(name),
                ", which may be dropped when using apply",
            ];
            errors.warn("CTR-07", &variable, &text.concat());
        }
        names.push(name);
    }
}

fn warn_about_port(port: &Field, selectable: bool, earlier: &mut Vec<Port>, errors: &mut Errors) {
    let own = Port {
        path: port.path(),
        number: port.key("containerPort").int(),
        protocol: port.key("protocol").text_or("TCP").into(),
        name: port.key("name").text().into(),
        host: (port.key("hostIP").text().into(), port.key("hostPort").int()),
        selectable,
    };
    for other in earlier.iter() {
        if own.number == other.number && own.protocol == other.protocol && own.host == other.host {
            let text = ["duplicate port definition with ", &other.path].concat();
            errors.warn("CTR-04", port, &text);
        }
    }
    let twin = earlier.iter().find(|other| {
        own.selectable && other.selectable && !own.name.is_empty() && own.name == other.name
    });
    if let Some(twin) = twin {
        let text = format!(
            "duplicate port name {} with {}, services and probes that select ports by name will \
             use {}",
            quote(&own.name),
            twin.path,
            twin.path
        );
        errors.warn("CTR-04", port, &text);
    }
    earlier.push(own);
}
