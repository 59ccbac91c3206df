//! Which faults there are for a container: one line each, with the step that a click writes.

use super::faults::Fields;
use crate::i18n::FaultWords;
use crate::icons::Icon;
use readyz_engine::view::{ClusterView, ContainerView, PodView};
use std::sync::Arc;

/// A row of the list.
pub struct Row {
    pub id: String,
    pub icon: Icon,
    pub name: String,
    /// The equivalent command, or what happens.
    pub command: String,
    pub button: &'static str,
    /// Why it cannot be done.
    pub impossible: Option<&'static str>,
    /// What follows `at` in the step.
    pub act: String,
    /// How an act of this row is recognised; empty: it is over at once.
    pub held: String,
    /// The field that stands in the row.
    pub field: Option<Field>,
    /// Name of the fault's kind; empty: it is none.
    pub kind: String,
}

/// A value that a row's act takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Code,
    Status,
    Latency,
    Memory,
    Share,
    Rate,
    Path,
    Command,
}

/// A group of rows with its title.
pub type Group = (&'static str, Vec<Row>);

/// What rows are made from.
pub struct Scene<'a> {
    pub words: &'a FaultWords,
    pub view: &'a ClusterView,
    pub pod: &'a PodView,
    pub container: &'a ContainerView,
    pub fields: &'a Fields,
}

/// Every row, whatever its group, in the list's order.
pub fn rows(
    words: &FaultWords,
    (view, pod, container): (&ClusterView, &PodView, &ContainerView),
    fields: &Fields,
) -> impl Iterator<Item = Row> {
    let scene = Scene {
        words,
        view,
        pod,
        container,
        fields,
    };
    groups(&scene).into_iter().flat_map(|(_, rows)| rows)
}

fn row(id: &str, icon: Icon, name: impl Into<String>, command: &str, act: String) -> Row {
    let key = act.split_once(':').map_or(id, |(key, _)| key);
    // This is kubectl's, not the registry's.
    let kind = if key == "delete" {
        String::new()
    } else {
        key.to_owned()
    };
    Row {
        kind,
        id: ["fault-", id].concat(),
        icon,
        name: name.into(),
        command: command.into(),
        button: "",
        impossible: None,
        act,
        held: String::new(),
        field: None,
    }
}

impl Row {
    fn held(mut self, begin: &str) -> Row {
        self.held = begin.into();
        self
    }

    /// The act itself is how it is recognised.
    fn held_as_is(mut self) -> Row {
        self.held.clone_from(&self.act);
        self
    }

    fn field(mut self, field: Field) -> Row {
        self.field = Some(field);
        self
    }

    fn button(mut self, button: &'static str) -> Row {
        self.button = button;
        self
    }
}

/// Names the reason in all rows, if there is one.
fn unless(reason: Option<&'static str>, mut rows: Vec<Row>) -> Vec<Row> {
    for row in &mut rows {
        row.impossible = row.impossible.or(reason);
    }
    rows
}

/// All groups.
pub fn groups(scene: &Scene) -> Vec<Group> {
    let words = scene.words;
    vec![
        (words.process, process(scene)),
        (words.http_server, http(scene)),
        (words.files, files(scene)),
        (words.network, network(scene)),
        (words.node, node(scene)),
        (words.outside, dependencies(scene)),
    ]
}

/// How a step names the container. A workload's Pod is named by its place, so that the act still
/// finds it when the text is edited and Pods get other names.
fn pod_name(view: &ClusterView, pod: &PodView) -> String {
    let owner = |one: &&Arc<PodView>| one.owner == pod.owner && !one.deleting;
    if !pod.owner.starts_with("deployment/") || pod.deleting {
        return pod.name.clone();
    }
    let mut peers: Vec<&Arc<PodView>> = view.pods.iter().filter(owner).collect();
    peers.sort_by_key(|peer| (peer.created_at, &peer.name));
    let place = peers.iter().position(|peer| peer.id == pod.id).unwrap_or(0);
    format!("\"{}#{}\"", pod.owner, place + 1)
}

/// A YAML string in double quotes.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Scene<'_> {
    fn subject(&self) -> String {
        let name = pod_name(self.view, self.pod);
        format!("pod: {name}, container: {}", self.container.name)
    }

    fn no_process(&self) -> Option<&'static str> {
        (!self.container.process_running).then_some(self.words.no_process)
    }
}

fn process(scene: &Scene) -> Vec<Row> {
    let (words, of, fields) = (scene.words, scene.subject(), scene.fields);
    let kill = |id, icon, name, button, signal: &str| {
        let act = format!("kill: {{{of}, signal: {signal}}}");
        row(id, icon, name, &format!("kill -{signal} 1"), act).button(button)
    };
    let rows = vec![
        kill("kill", Icon::Kill, words.kill, words.kill_button, "KILL"),
        kill(
            "term",
            Icon::Terminate,
            words.terminate,
            words.terminate_button,
            "TERM",
        ),
        row(
            "exit",
            Icon::Gone,
            words.exit,
            &format!("exit {}", fields.code),
            format!("exit: {{{of}, code: {}}}", fields.code),
        )
        .button(words.exit_button)
        .field(Field::Code),
        row(
            "exec",
            Icon::Play,
            words.run_command,
            "kubectl exec",
            format!(
                "exec: {{{of}, command: [sh, -c, {}]}}",
                quoted(&fields.command)
            ),
        )
        .button(words.run_button)
        .field(Field::Command),
        row(
            "hang",
            Icon::Pause,
            words.hang,
            words.hang_command,
            format!("hang: {{{of}}}"),
        )
        .held_as_is(),
        row(
            "memory",
            Icon::Triangle,
            words.memory,
            words.memory_command,
            format!(
                "memory: {{{of}, to: {}, over: 10s}}",
                quoted(&fields.memory)
            ),
        )
        .held(&format!("memory: {{{of},"))
        .field(Field::Memory),
        row(
            "cpu",
            Icon::Clock,
            words.cpu,
            &format!("cpu.max {}", fields.share),
            format!("cpu: {{{of}, throttle: {}}}", fields.share),
        )
        .held(&format!("cpu: {{{of},"))
        .field(Field::Share),
    ];
    unless(scene.no_process(), rows)
}

fn http(scene: &Scene) -> Vec<Row> {
    let (words, of, fields) = (scene.words, scene.subject(), scene.fields);
    let path = quoted(&fields.path);
    let get = format!("GET {}", fields.path);
    let begin = format!("http: {{{of}, ");
    let answer = |id, icon, name, answer: &str| {
        let begin = format!("{begin}answer: {answer}");
        row(id, icon, name, &get, format!("{begin}, path: {path}}}")).held(&begin)
    };
    let rows = vec![
        row(
            "http",
            Icon::Warning,
            words.status,
            &format!("{get} → {}", fields.status),
            format!("{begin}status: {}, path: {path}}}", fields.status),
        )
        .held(&format!("{begin}status"))
        .field(Field::Status),
        row(
            "slow",
            Icon::Waiting,
            words.slow,
            &get,
            format!("{begin}latency: {}s, path: {path}}}", fields.latency),
        )
        .held(&format!("{begin}latency"))
        .field(Field::Latency),
        answer("http-hang", Icon::Pause, words.http_hang, "hang"),
        answer("http-reset", Icon::Unplug, words.http_reset, "reset"),
        answer("http-empty", Icon::NoEndpoint, words.http_empty, "empty"),
        answer("http-refuse", Icon::Cross, words.http_refuse, "refuse"),
    ];
    let deaf = scene.container.listening.is_empty();
    let reason = scene.no_process().or(deaf.then_some(words.nothing_listens));
    let mut rows = unless(reason, rows);
    let mut grpc = row(
        "grpc",
        Icon::Liveness,
        words.grpc,
        "grpc.health.v1.Health/Check",
        format!("grpc: {{{of}, status: NOT_SERVING}}"),
    )
    .held_as_is();
    let asked = |kind: &str| {
        let mut probes = scene.container.probes.iter();
        probes.any(|probe| probe.target.starts_with(kind))
    };
    if !asked("grpc") {
        grpc.impossible = Some(words.no_grpc_probe);
    }
    rows.push(grpc);
    rows
}

fn files(scene: &Scene) -> Vec<Row> {
    let (words, of) = (scene.words, scene.subject());
    let mut rows = Vec::new();
    for file in &scene.container.probe_files {
        let path = quoted(&file.path);
        let begin = format!("file: {{{of}, path: {path}, state: ");
        let (icon, name, command, button, state) = if file.exists {
            let name = (words.delete_file)(&file.path);
            (Icon::FileGone, name, "rm", words.delete, "absent")
        } else {
            let name = (words.create_file)(&file.path);
            (Icon::File, name, "touch", words.create, "present")
        };
        let command = format!("{command} {}", file.path);
        rows.push(
            row("file", icon, name, &command, format!("{begin}{state}}}"))
                .button(button)
                .held(&begin),
        );
    }
    if rows.is_empty() {
        let name = (words.delete_file)("/tmp/healthy");
        let mut none = row("file", Icon::FileGone, name, "", String::new()).button(words.delete);
        none.impossible = Some(words.no_file_probe);
        rows.push(none);
    }
    rows.push(
        row(
            "disk",
            Icon::Gone,
            words.disk,
            words.disk_command,
            format!("disk: {{pod: {}}}", pod_name(scene.view, scene.pod)),
        )
        .held_as_is(),
    );
    unless(scene.no_process(), rows)
}

fn network(scene: &Scene) -> Vec<Row> {
    let (words, of) = (scene.words, scene.subject());
    let mut rows = Vec::new();
    let ports = &scene.container.listening;
    // Without a listener the rows stay, with the reason.
    for port in ports.iter().copied().chain(ports.is_empty().then_some(0)) {
        let state = |state| format!("port: {{{of}, port: {port}, state: {state}}}");
        let close = (words.close_port)(port);
        let drop = (words.drop_port)(port);
        let mut both = vec![
            row(
                "port",
                Icon::Cross,
                close,
                "connection refused",
                state("closed"),
            )
            .held_as_is(),
            row(
                "drop",
                Icon::NoEndpoint,
                drop,
                words.drop_command,
                state("drop"),
            )
            .held_as_is(),
        ];
        if port == 0 {
            both = unless(Some(words.nothing_listens), both);
        }
        rows.append(&mut both);
    }
    let pod = &scene.pod.name;
    for service in &scene.pod.services {
        rows.push(
            row(
                "partition",
                Icon::Unplug,
                (words.partition)(service),
                "iptables -j DROP",
                format!("network: {{between: [service/{service}, pod/{pod}]}}"),
            )
            .held_as_is(),
        );
        let rate = &scene.fields.rate;
        rows.push(
            row(
                "traffic",
                Icon::Run,
                (words.traffic)(service),
                &format!("{rate} req/s"),
                format!("traffic: {{service: {service}, rate: {rate}}}"),
            )
            .held(&format!("traffic: {{service: {service},"))
            .field(Field::Rate),
        );
    }
    if scene.pod.services.is_empty() {
        let name = (words.traffic)("Service");
        let mut none = row("traffic", Icon::Run, name, "", String::new());
        none.impossible = Some(words.no_service);
        rows.push(none);
    }
    rows
}

fn node(scene: &Scene) -> Vec<Row> {
    let (words, node) = (scene.words, scene.pod.node.as_str());
    let state = |id, icon, name: fn(&str) -> String, state: &str| {
        let act = format!("node: {{name: {node}, state: {state}}}");
        row(id, icon, name(node), state, act).held_as_is()
    };
    let kubelet = |id, name, action: &str| {
        let act = format!("kubelet: {{node: {node}, action: {action}}}");
        let command = format!("systemctl {action} kubelet");
        row(id, Icon::Stopping, name, &command, act)
    };
    let rows = vec![
        state(
            "unreachable",
            Icon::Unplug,
            words.unreachable,
            "unreachable",
        ),
        state("down", Icon::Stopping, words.down, "down"),
        state(
            "memory-pressure",
            Icon::Triangle,
            words.memory_pressure,
            "memoryPressure",
        ),
        state(
            "disk-pressure",
            Icon::Gone,
            words.disk_pressure,
            "diskPressure",
        ),
        row(
            "drain",
            Icon::End,
            (words.drain)(node),
            &format!("kubectl drain {node}"),
            format!("drain: {{node: {node}, force: true, ignoreDaemonSets: true}}"),
        )
        .button(words.drain_button),
        kubelet("kubelet-stop", words.kubelet_stop, "stop").held_as_is(),
        kubelet("kubelet-restart", words.kubelet_restart, "restart").button(words.restart_button),
    ];
    let mut rows = unless(node.is_empty().then_some(words.no_node), rows);
    let image = quoted(&scene.container.image);
    for (id, name, pull) in [
        ("image-missing", words.image_missing, "missing"),
        ("image-denied", words.image_denied, "denied"),
    ] {
        let act = format!("image: {{image: {image}, pull: {pull}}}");
        rows.push(row(id, Icon::NoEndpoint, name, &scene.container.image, act).held_as_is());
    }
    let pod = pod_name(scene.view, scene.pod);
    rows.push(
        row(
            "delete-pod",
            Icon::Cross,
            words.delete_pod,
            &format!("kubectl delete pod {}", scene.pod.name),
            format!("delete: {{pod: {pod}}}"),
        )
        .button(words.delete),
    );
    rows
}

/// What applications ask outside of the cluster.
fn dependencies(scene: &Scene) -> Vec<Row> {
    let words = scene.words;
    let mut rows: Vec<Row> = Vec::new();
    for one in &scene.view.dependencies {
        let name = quoted(&one.name);
        let (label, state) = if one.up {
            ((words.take_down)(&one.name), "down")
        } else {
            ((words.bring_up)(&one.name), "up")
        };
        let begin = format!("dependency: {{name: {name},");
        let act = format!("{begin} state: {state}}}");
        rows.push(row("dependency", Icon::Unplug, label, state, act).held(&begin));
    }
    if rows.is_empty() {
        let name = (words.take_down)("db");
        let mut none = row("dependency", Icon::Unplug, name, "", String::new());
        none.impossible = Some(words.no_dependency);
        rows.push(none);
    }
    rows
}
