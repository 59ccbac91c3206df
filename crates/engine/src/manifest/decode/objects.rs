//! Workloads, Services, Nodes, ConfigMaps and Secrets.

use super::container::{is_other_resource, port_protocol, port_ref};
use super::pod::{pod_template, taint_effect};
use super::{label_selector, metadata, natural, port_number, quantity, string_map, texts};
use crate::api::{
    Amount, Claim, ClaimRetention, ConfigData, Deployment, FailureAction, FailurePattern,
    FailureRule, JobSpec, Metadata, Node, PortRef, ReplicaSet, Service, ServicePort, ServiceType,
    Strategy, SuccessRule, Taint, TaintEffect, Workload, WorkloadKind,
};
use crate::manifest::base64;
use crate::manifest::field::Field;

/// CPU of a node that does not say, in millicores.
const DEFAULT_NODE_CPU_MILLI: u64 = 4_000;
/// Memory of a node that does not say.
const DEFAULT_NODE_MEMORY_BYTES: u64 = 8 << 30;
/// Disk of a node that does not say.
const DEFAULT_NODE_EPHEMERAL_BYTES: u64 = 100 << 30;
/// How many Pods a node takes that does not say: the kubelet's default.
const DEFAULT_NODE_PODS: u32 = 110;

/// A Deployment with its defaults.
#[inline(never)]
pub fn deployment(root: &Field) -> Deployment {
    let spec = root.key("spec");
    Deployment {
        metadata: metadata(root),
        replicas: natural(spec.key("replicas").int_or(1)),
        selector: label_selector(&spec.key("selector")),
        template: pod_template(&spec.key("template")),
        strategy: strategy(&spec.key("strategy")),
        min_ready_seconds: natural(spec.key("minReadySeconds").int()),
        revision_history_limit: natural(spec.key("revisionHistoryLimit").int_or(10)),
        progress_deadline_seconds: natural(spec.key("progressDeadlineSeconds").int_or(600)),
        paused: spec.key("paused").bool(),
    }
}

fn strategy(strategy: &Field) -> Strategy {
    if strategy.key("type").text() == "Recreate" {
        return Strategy::Recreate;
    }
    let rolling = strategy.key("rollingUpdate");
    Strategy::RollingUpdate {
        max_surge: amount(&rolling.key("maxSurge")),
        max_unavailable: amount(&rolling.key("maxUnavailable")),
    }
}

/// A number of Pods or a share of them; absent means 25 %.
pub(super) fn amount(field: &Field) -> Amount {
    match field.node.and_then(|node| node.text()) {
        Some(text) => {
            let percent = text.trim_end_matches('%').parse();
            Amount::Percent(percent.unwrap_or(0))
        }
        None if field.is_set() => Amount::Count(natural(field.int())),
        None => Amount::Percent(25),
    }
}

/// A ReplicaSet with its defaults.
#[inline(never)]
pub fn replica_set(root: &Field) -> ReplicaSet {
    let spec = root.key("spec");
    ReplicaSet {
        metadata: metadata(root),
        replicas: natural(spec.key("replicas").int_or(1)),
        selector: label_selector(&spec.key("selector")),
        template: pod_template(&spec.key("template")),
        min_ready_seconds: natural(spec.key("minReadySeconds").int()),
    }
}

/// Whether `updateStrategy` is the default one.
fn is_rolling(spec: &Field) -> bool {
    spec.key("updateStrategy").key("type").text() != "OnDelete"
}

fn workload(root: &Field, kind: WorkloadKind) -> Workload {
    let spec = root.key("spec");
    Workload {
        metadata: metadata(root),
        selector: label_selector(&spec.key("selector")),
        template: pod_template(&spec.key("template")),
        kind,
        failure_rules: Vec::new(),
        success_rules: Vec::new(),
        service_name: String::new(),
        claim_templates: Vec::new(),
        claim_retention: ClaimRetention::default(),
        revision_history_limit: natural(spec.key("revisionHistoryLimit").int_or(10)),
    }
}

/// A StatefulSet with its defaults.
#[inline(never)]
pub fn stateful_set(root: &Field) -> Workload {
    let spec = root.key("spec");
    let strategy = spec.key("updateStrategy");
    let rolling = strategy.key("rollingUpdate");
    let ordinals = spec.key("ordinals");
    let kind = WorkloadKind::StatefulSet {
        replicas: natural(spec.key("replicas").int_or(1)),
        start: natural(ordinals.key("start").int()),
        is_parallel: spec.key("podManagementPolicy").text() == "Parallel",
        partition: natural(rolling.key("partition").int()),
        is_rolling: is_rolling(&spec),
        min_ready_seconds: natural(spec.key("minReadySeconds").int()),
    };
    let claims = spec.key("volumeClaimTemplates");
    let retention = spec.key("persistentVolumeClaimRetentionPolicy");
    Workload {
        service_name: spec.key("serviceName").text().into(),
        claim_templates: claims.items().map(|field| claim(&field)).collect(),
        claim_retention: ClaimRetention {
            ends_with_set: retention.key("whenDeleted").text() == "Delete",
            ends_when_scaled: retention.key("whenScaled").text() == "Delete",
        },
        ..workload(root, kind)
    }
}

/// A PersistentVolumeClaim.
#[inline(never)]
pub fn claim(root: &Field) -> Claim {
    let spec = root.key("spec");
    let resources = spec.key("resources");
    let requests = resources.key("requests");
    let class = spec.key("storageClassName");
    Claim {
        metadata: metadata(root),
        access_modes: texts(&spec.key("accessModes")).unwrap_or_default(),
        storage: requests.map_key("storage").text().into(),
        class: class.is_set().then(|| class.text().into()),
    }
}

/// A DaemonSet with its defaults.
#[inline(never)]
pub fn daemon_set(root: &Field) -> Workload {
    let spec = root.key("spec");
    let strategy = spec.key("updateStrategy");
    let rolling = strategy.key("rollingUpdate");
    let most = rolling.key("maxUnavailable");
    let surge = rolling.key("maxSurge");
    let kind = WorkloadKind::DaemonSet {
        max_unavailable: if most.is_set() {
            amount(&most)
        } else {
            Amount::Count(1)
        },
        max_surge: if surge.is_set() {
            amount(&surge)
        } else {
            Amount::Count(0)
        },
        is_rolling: is_rolling(&spec),
        min_ready_seconds: natural(spec.key("minReadySeconds").int()),
    };
    workload(root, kind)
}

/// A Job with its defaults.
#[inline(never)]
pub fn job(root: &Field) -> Workload {
    let spec = root.key("spec");
    let completions = spec.key("completions");
    let parallelism = spec.key("parallelism");
    let deadline = spec.key("activeDeadlineSeconds");
    let by_index = spec.key("backoffLimitPerIndex");
    let policy = spec.key("podFailurePolicy");
    let success = spec.key("successPolicy");
    let kind = WorkloadKind::Job(JobSpec {
        completions: match (completions.is_set(), parallelism.is_set()) {
            (true, _) => Some(natural(completions.int())),
            (false, true) => None,
            (false, false) => Some(1),
        },
        parallelism: natural(parallelism.int_or(1)),
        // Limited by index, it is not limited as a whole unless it says so.
        backoff_limit: natural(spec.key("backoffLimit").int_or(match by_index.is_set() {
            true => i64::from(i32::MAX),
            false => 6,
        })),
        index_backoff_limit: by_index.is_set().then(|| natural(by_index.int())),
        active_deadline_seconds: deadline.is_set().then(|| natural(deadline.int()).into()),
        is_indexed: spec.key("completionMode").text() == "Indexed",
        is_suspended: spec.key("suspend").bool(),
        replaces_failed_only: policy.is_set()
            || spec.key("podReplacementPolicy").text() == "Failed",
        failed_indexes_max: natural_of(&spec.key("maxFailedIndexes")),
        ttl_seconds: natural_of(&spec.key("ttlSecondsAfterFinished")),
    });
    Workload {
        failure_rules: policy.key("rules").items().map(failure_rule).collect(),
        success_rules: success.key("rules").items().map(success_rule).collect(),
        ..workload(root, kind)
    }
}

fn natural_of(field: &Field) -> Option<u32> {
    field.is_set().then(|| natural(field.int()))
}

#[inline(never)]
fn success_rule(rule: Field) -> SuccessRule {
    SuccessRule {
        indexes: rule.key("succeededIndexes").text().into(),
        count: natural_of(&rule.key("succeededCount")),
    }
}

#[inline(never)]
fn failure_rule(rule: Field) -> FailureRule {
    let codes = rule.key("onExitCodes");
    let values = codes.key("values");
    let condition = |pattern: Field| {
        let status = pattern.key("status").text_or("True");
        (pattern.key("type").text().into(), status.into())
    };
    FailureRule {
        action: match rule.key("action").text() {
            "FailJob" => FailureAction::FailJob,
            "FailIndex" => FailureAction::FailIndex,
            "Ignore" => FailureAction::Ignore,
            _ => FailureAction::Count,
        },
        on: match codes.is_set() {
            true => FailurePattern::ExitCodes {
                container: codes.key("containerName").text().into(),
                is_in: codes.key("operator").text() == "In",
                values: values.items().map(|value| value.int()).collect(),
            },
            false => {
                let patterns = rule.key("onPodConditions");
                FailurePattern::Conditions(patterns.items().map(condition).collect())
            }
        },
    }
}

/// A Service with its defaults.
#[inline(never)]
pub fn service(root: &Field) -> Service {
    let spec = root.key("spec");
    let address = spec.key("clusterIP").text();
    Service {
        metadata: metadata(root),
        service_type: match spec.key("type").text() {
            "NodePort" => ServiceType::NodePort,
            "LoadBalancer" => ServiceType::LoadBalancer,
            "ExternalName" => ServiceType::ExternalName,
            _ => ServiceType::ClusterIp,
        },
        selector: string_map(&spec.key("selector")),
        ports: spec.key("ports").items().map(service_port).collect(),
        headless: address == "None",
        cluster_ip: match address {
            "None" => String::new(),
            address => address.into(),
        },
        publish_not_ready_addresses: spec.key("publishNotReadyAddresses").bool(),
        affinity_seconds: (spec.key("sessionAffinity").text() == "ClientIP").then(|| {
            let config = spec.key("sessionAffinityConfig");
            let client = config.key("clientIP");
            let timeout = client.key("timeoutSeconds");
            match timeout.is_set() {
                true => natural(timeout.int()),
                false => Service::AFFINITY_SECONDS,
            }
        }),
        is_internal_local: spec.key("internalTrafficPolicy").text() == "Local",
        is_external_local: spec.key("externalTrafficPolicy").text() == "Local",
        external_name: spec.key("externalName").text().into(),
    }
}

fn service_port(field: Field) -> ServicePort {
    let port = port_number(&field.key("port"));
    ServicePort {
        name: field.key("name").text().into(),
        protocol: port_protocol(&field.key("protocol")),
        port,
        target_port: match port_ref(&field.key("targetPort")) {
            PortRef::Number(0) => PortRef::Number(port.into()),
            PortRef::Name(name) if name.is_empty() => PortRef::Number(port.into()),
            target => target,
        },
        node_port: port_number(&field.key("nodePort")),
    }
}

/// A Ready node of the usual size, without a name.
pub fn default_node() -> Node {
    Node {
        metadata: Metadata::default(),
        unschedulable: false,
        taints: Vec::new(),
        cpu_milli: DEFAULT_NODE_CPU_MILLI,
        memory_bytes: DEFAULT_NODE_MEMORY_BYTES,
        ephemeral_bytes: DEFAULT_NODE_EPHEMERAL_BYTES,
        pods: DEFAULT_NODE_PODS,
        others: Vec::new(),
    }
}

/// A Node; what it can hold stands in its status.
#[inline(never)]
pub fn node(root: &Field) -> Node {
    let spec = root.key("spec");
    let status = root.key("status");
    let (allocatable, capacity) = (status.key("allocatable"), status.key("capacity"));
    let amount = |name: &'static str| {
        quantity(&allocatable.key(name)).or_else(|| quantity(&capacity.key(name)))
    };
    let mut node = default_node();
    node.metadata = metadata(root);
    node.unschedulable = spec.key("unschedulable").bool();
    node.taints = spec.key("taints").items().map(taint).collect();
    if let Some(cpu) = amount("cpu") {
        node.cpu_milli = cpu.milli();
    }
    if let Some(memory) = amount("memory") {
        node.memory_bytes = memory.units();
    }
    if let Some(disk) = amount("ephemeral-storage") {
        node.ephemeral_bytes = disk.units();
    }
    if let Some(pods) = amount("pods") {
        node.pods = u32::try_from(pods.units()).unwrap_or(u32::MAX);
    }
    for list in [&allocatable, &capacity] {
        for (name, value) in list.sorted_entries() {
            let is_new = !node.others.iter().any(|(known, _)| known == name);
            if let Some(amount) = quantity(&value).filter(|_| is_new && is_other_resource(name)) {
                node.others.push((name.to_owned(), amount.units()));
            }
        }
    }
    node.others.sort();
    node
}

/// A taint of a node.
pub fn taint(field: Field) -> Taint {
    Taint {
        key: field.key("key").text().into(),
        value: field.key("value").text().into(),
        effect: taint_effect(&field.key("effect")).unwrap_or(TaintEffect::NoSchedule),
    }
}

/// A ConfigMap.
#[inline(never)]
pub fn config_map(root: &Field) -> ConfigData {
    ConfigData {
        metadata: metadata(root),
        data: string_map(&root.key("data")),
    }
}

/// A Secret, decoded; stringData wins over data. Bytes that are no text are replaced.
#[inline(never)]
pub fn secret(root: &Field) -> ConfigData {
    let mut data = string_map(&root.key("data"));
    for (_, value) in data.iter_mut() {
        let bytes = base64::decode(value).unwrap_or_default();
        *value = String::from_utf8_lossy(&bytes).into_owned();
    }
    data.extend(string_map(&root.key("stringData")));
    ConfigData {
        metadata: metadata(root),
        data,
    }
}
