//! Small objects.

use crate::api::{
    Amount, Container, ContainerPort, Deployment, Handler, HttpGet, LabelSelector, Metadata, Node,
    Pod, PodSpec, PodTemplate, PortRef, Probe, Protocol, PullPolicy, ReplicaSet, Resources,
    RestartPolicy, Scheme, Service, ServicePort, ServiceType, Strategy, StringMap,
};

fn metadata(name: &str, labels: &[(&str, &str)]) -> Metadata {
    Metadata {
        name: name.to_owned(),
        labels: map(labels),
        ..Metadata::default()
    }
}

fn map(pairs: &[(&str, &str)]) -> StringMap {
    let pairs = pairs.iter();
    pairs
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

/// A node like the recorded ones.
pub fn node(name: &str) -> Node {
    Node {
        metadata: metadata(name, &[]),
        unschedulable: false,
        taints: Vec::new(),
        cpu_milli: 4_000,
        memory_bytes: 24_581_260 << 10,
        ephemeral_bytes: 267_847_642_337,
        pods: 110,
        others: Vec::new(),
    }
}

/// The same in a zone.
pub fn zoned(name: &str, zone: &str) -> Node {
    let mut node = node(name);
    let key = "topology.kubernetes.io/zone".to_owned();
    node.metadata.labels.insert(key, zone.to_owned());
    node
}

/// A container of an image; port 8080 is named `http`.
pub fn container(name: &str, image: &str) -> Container {
    Container {
        name: name.to_owned(),
        image: image.to_owned(),
        image_pull_policy: PullPolicy::IfNotPresent,
        command: None,
        args: None,
        working_dir: String::new(),
        env: Vec::new(),
        env_from: Vec::new(),
        ports: vec![ContainerPort {
            name: "http".to_owned(),
            container_port: 8080,
            host_port: 0,
            host_ip: String::new(),
            protocol: Protocol::Tcp,
        }],
        resources: Resources::default(),
        volume_mounts: Vec::new(),
        startup_probe: None,
        readiness_probe: None,
        liveness_probe: None,
        post_start: None,
        pre_stop: None,
        stop_signal: None,
        restart_policy: None,
        restart_policy_rules: Vec::new(),
        termination_message_path: "/dev/termination-log".to_owned(),
        termination_message_from_logs: false,
        stdin: false,
        tty: false,
        security: Default::default(),
    }
}

/// A GET on port 8080.
pub fn probe_http(path: &str, period_seconds: u32) -> Probe {
    Probe {
        handler: Handler::HttpGet(HttpGet {
            path: path.to_owned(),
            port: PortRef::Number(8080),
            host: String::new(),
            scheme: Scheme::Http,
            headers: Vec::new(),
        }),
        initial_delay_seconds: 0,
        period_seconds,
        timeout_seconds: 1,
        success_threshold: 1,
        failure_threshold: 3,
        termination_grace_period_seconds: None,
    }
}

/// A spec of these containers.
pub fn spec(containers: Vec<Container>) -> PodSpec {
    PodSpec {
        init_containers: Vec::new(),
        containers,
        restart_policy: RestartPolicy::Always,
        termination_grace_period_seconds: 30,
        active_deadline_seconds: None,
        node_name: String::new(),
        node_selector: StringMap::new(),
        node_affinity_required: Vec::new(),
        placement: None,
        tolerations: Vec::new(),
        host_network: false,
        hostname: String::new(),
        subdomain: String::new(),
        service_account_name: String::new(),
        image_pull_secrets: Vec::new(),
        readiness_gates: Vec::new(),
        volumes: Vec::new(),
        scheduling_gates: Vec::new(),
        share_process_namespace: false,
        resources: None,
        run_as_user: None,
        run_as_group: None,
        groups: None,
        service_links: None,
        run_as_non_root: false,
    }
}

/// A Pod labelled `app=<name>`.
pub fn pod(name: &str, spec: PodSpec) -> Pod {
    Pod {
        metadata: metadata(name, &[("app", name)]),
        spec,
    }
}

fn template(app: &str, spec: PodSpec) -> PodTemplate {
    PodTemplate {
        metadata: metadata("", &[("app", app)]),
        spec,
    }
}

fn selector(app: &str) -> LabelSelector {
    LabelSelector {
        match_labels: map(&[("app", app)]),
        match_expressions: Vec::new(),
    }
}

/// A Deployment with the API's defaults.
pub fn deployment(name: &str, replicas: u32, spec: PodSpec) -> Deployment {
    Deployment {
        metadata: metadata(name, &[]),
        replicas,
        selector: selector(name),
        template: template(name, spec),
        strategy: Strategy::RollingUpdate {
            max_surge: Amount::Percent(25),
            max_unavailable: Amount::Percent(25),
        },
        min_ready_seconds: 0,
        revision_history_limit: 10,
        progress_deadline_seconds: 600,
        paused: false,
    }
}

/// A ReplicaSet on its own.
pub fn replica_set(name: &str, replicas: u32, spec: PodSpec) -> ReplicaSet {
    ReplicaSet {
        metadata: metadata(name, &[]),
        replicas,
        selector: selector(name),
        template: template(name, spec),
        min_ready_seconds: 0,
    }
}

/// A Service of port 80 for `app=<name>`.
pub fn service(name: &str, target_port: PortRef) -> Service {
    Service {
        metadata: metadata(name, &[]),
        service_type: ServiceType::ClusterIp,
        selector: map(&[("app", name)]),
        ports: vec![ServicePort {
            name: String::new(),
            protocol: Protocol::Tcp,
            port: 80,
            target_port,
            node_port: 0,
        }],
        headless: false,
        cluster_ip: String::new(),
        publish_not_ready_addresses: false,
        affinity_seconds: None,
        is_internal_local: false,
        is_external_local: false,
        external_name: String::new(),
    }
}
