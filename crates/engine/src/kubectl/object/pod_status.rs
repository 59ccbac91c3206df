//! `status` of a Pod.

use super::container::resources;
use crate::api::{Container, PodSpec, Resources};
use crate::cluster::PodState;
use crate::go_format::ipv4;
use crate::ids::PodId;
use crate::kubectl::output::{list, map, Map, Value};
use crate::kubectl::pod_volume;
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;
use crate::status::{ConditionStatus, ConditionType, ContainerState, ContainerStatus, Terminated};

pub fn status(view: &View, id: PodId) -> Map {
    let pod = view.pod(id);
    let status = &pod.status;
    let observed = status.observed_generation;
    // The scheduler says of which generation it speaks.
    let observed_of = |kind: &ConditionType| match kind {
        ConditionType::PodScheduled if observed == 0 => pod.generation,
        _ => observed,
    };
    let conditions = ConditionType::ALL
        .iter()
        .map(|kind| (kind, status.condition(*kind)))
        .filter(|(_, condition)| condition.status != ConditionStatus::Absent)
        .map(|(kind, condition)| {
            map()
                .set("lastProbeTime", Value::Null)
                .set(
                    "lastTransitionTime",
                    view.date(Stamp::of(condition.last_transition)),
                )
                .some("message", view.cluster.texts.get(condition.message))
                .some("observedGeneration", observed_of(kind))
                .some("reason", condition.reason)
                .set("status", condition.status.name())
                .set("type", kind.name())
        });
    let foreign = status.foreign.iter().map(|(kind, status)| {
        map()
            .set("lastProbeTime", Value::Null)
            .set("lastTransitionTime", Value::Null)
            .set("status", status.name())
            .set("type", view.cluster.texts.get(*kind))
    });
    let conditions = foreign.chain(conditions);
    let all = status.containers.iter().enumerate();
    let mut statuses: Vec<Value> = all
        .filter_map(|(number, container)| container_status(view, id, number, container))
        .collect();
    let split = pod.spec.init_containers.len().min(statuses.len());
    // By name, unlike those of init containers (STS-06).
    let names = pod.spec.containers.iter().map(|c| &c.name);
    let mut regular: Vec<_> = names.zip(statuses.split_off(split)).collect();
    regular.sort_by_key(|(name, _)| *name);
    let regular: Vec<Value> = regular.into_iter().map(|(_, status)| status).collect();
    let host = pod.node.filter(|_| status.start_time.is_some());
    let host = host.map(|node| ipv4(view.cluster.nodes[node.index()].address));
    let addresses = |address: Option<String>| list(address.map(|ip| map().set("ip", ip)));
    let pod_ip = status.pod_ip.map(ipv4);
    // The kubelet has taken it.
    let is_taken = status.start_time.is_some();
    let given = is_taken.then(|| Value::from(resources(&whole(&pod.spec))));
    map()
        .maybe("allocatedResources", given.as_ref().and_then(allocated))
        .set("conditions", list(conditions))
        .some("containerStatuses", regular)
        .maybe("hostIP", host.clone())
        .some("hostIPs", addresses(host))
        .some("initContainerStatuses", statuses)
        .some("message", view.cluster.texts.get(status.message))
        .some("nominatedNodeName", view.nominated(id).unwrap_or(""))
        .some("observedGeneration", observed)
        .set("phase", status.phase.name())
        .maybe("podIP", pod_ip.clone())
        .some("podIPs", addresses(pod_ip))
        .set("qosClass", qos_class(&pod.spec))
        .some("reason", status.reason)
        .maybe("resources", given)
        .maybe(
            "startTime",
            status.start_time.map(|at| view.date(Stamp::of(at))),
        )
}

/// What a Pod asks for or may use: regular containers and sidecars, or the largest init container.
pub fn pod_amount(spec: &PodSpec, of: &dyn Fn(&Resources) -> Option<u64>) -> u64 {
    if let Some(amount) = spec.resources.as_deref().and_then(of) {
        return amount;
    }
    let running =
        |number: &usize| *number >= spec.init_containers.len() || spec.is_sidecar(*number);
    let amount = |number: usize| {
        spec.container(number)
            .and_then(|c| of(&c.resources))
            .unwrap_or(0)
    };
    let together: u64 = (0..spec.container_count())
        .filter(running)
        .map(amount)
        .sum();
    let alone = (0..spec.init_containers.len())
        .map(amount)
        .max()
        .unwrap_or(0);
    together.max(alone)
}

/// The same of everything, as if the Pod were one container.
fn whole(spec: &PodSpec) -> Resources {
    let amount = |of: fn(&Resources) -> Option<u64>| {
        Some(pod_amount(spec, &of)).filter(|amount| *amount > 0)
    };
    Resources {
        request_cpu_milli: amount(|r| r.request_cpu_milli),
        request_memory_bytes: amount(|r| r.request_memory_bytes),
        request_ephemeral_bytes: amount(|r| r.request_ephemeral_bytes),
        limit_cpu_milli: amount(|r| r.limit_cpu_milli),
        limit_memory_bytes: amount(|r| r.limit_memory_bytes),
        limit_ephemeral_bytes: amount(|r| r.limit_ephemeral_bytes),
        others: Vec::new(),
    }
}

/// The requests of what `resources` prints.
fn allocated(resources: &Value) -> Option<Value> {
    resources.get("requests").cloned()
}

fn container_status(
    view: &View,
    id: PodId,
    number: usize,
    status: &ContainerStatus,
) -> Option<Value> {
    let pod = view.pod(id);
    let container = pod.spec.container(number)?;
    let ids = Ids::of(pod, number, container, status);
    let mut mounts: Vec<Value> = Vec::new();
    let token = pod_volume::name(&pod.uid);
    let given = container.volume_mounts.iter();
    let given = given.map(|m| (m.mount_path.as_str(), m.name.as_str(), m.read_only));
    for (path, name, read_only) in given.chain([(pod_volume::MOUNT_PATH, token.as_str(), true)]) {
        let recursive = read_only.then_some("Disabled");
        let mount = map()
            .set("mountPath", path)
            .set("name", name)
            .some("readOnly", read_only)
            .maybe("recursiveReadOnly", recursive);
        mounts.push(mount.into());
    }
    let last = status
        .last
        .map(|end| map().set("terminated", terminated(view, pod, number, &end)));
    let has_run = ids.container.is_some();
    let group = pod.spec.group_of(container).unwrap_or(0);
    let mut groups: Vec<i64> = pod
        .spec
        .further_groups()
        .into_iter()
        .map(i64::from)
        .collect();
    groups.push(group);
    groups.sort_unstable();
    groups.dedup();
    let linux = map()
        .set("gid", group)
        .set("supplementalGroups", list(groups))
        .set("uid", pod.spec.user_of(container).unwrap_or(0));
    let user = has_run.then(|| map().set("linux", linux));
    let given = has_run.then(|| Value::from(resources(&container.resources)));
    let value = map()
        .maybe("allocatedResources", given.as_ref().and_then(allocated))
        .maybe("containerID", ids.container)
        .set("image", ids.image)
        .set("imageID", ids.image_id)
        .set("lastState", last.unwrap_or_default())
        .set("name", &container.name)
        .set("ready", status.ready)
        .maybe("resources", given)
        .set("restartCount", status.restart_count)
        .maybe("started", status.started)
        .set("state", state(view, pod, number, &status.state))
        .maybe("user", user)
        .set("volumeMounts", mounts);
    Some(value.into())
}

/// What stands for a container's ids, which are chance in a real cluster.
pub struct Ids {
    /// `containerd://…`, once it was created.
    pub container: Option<String>,
    /// Where the image was found: `docker.io/library/busybox:1.36`.
    pub image: String,
    /// Empty before it was created.
    pub image_id: String,
}

impl Ids {
    pub fn of(
        pod: &PodState,
        number: usize,
        container: &Container,
        status: &ContainerStatus,
    ) -> Self {
        let Some(instance) = status.instance else {
            return Ids {
                container: None,
                image: container.image.clone(),
                image_id: String::new(),
            };
        };
        Ids {
            container: Some(container_id(pod, number, instance)),
            image: qualified_image(&container.image),
            image_id: format!("sha256:{}", pod_volume::long_id("image", &container.image)),
        }
    }
}

/// `containerd://` and sixty-four digits.
pub fn container_id(pod: &PodState, number: usize, instance: u32) -> String {
    let id = pod_volume::long_id(&pod.uid, &format!("{number}-{instance}"));
    format!("containerd://{id}")
}

/// `nginx` is `docker.io/library/nginx:latest`.
fn qualified_image(image: &str) -> String {
    let (first, rest) = image.split_once('/').unwrap_or(("", image));
    let is_host = first.contains(['.', ':']) || first == "localhost";
    let name = match (is_host, first) {
        (true, _) => image.to_owned(),
        (false, "") => format!("docker.io/library/{rest}"),
        (false, _) => format!("docker.io/{image}"),
    };
    let last = name.rsplit('/').next().unwrap_or(&name);
    if last.contains([':', '@']) {
        name
    } else {
        format!("{name}:latest")
    }
}

fn state(view: &View, pod: &PodState, number: usize, state: &ContainerState) -> Map {
    match state {
        ContainerState::Waiting { reason, message } => {
            let waiting = map()
                .some("message", view.cluster.texts.get(*message))
                .set("reason", reason.name());
            map().set("waiting", waiting)
        }
        ContainerState::Running { started_at } => {
            let running = map().set("startedAt", view.date(Stamp::of(*started_at)));
            map().set("running", running)
        }
        ContainerState::Terminated(end) => {
            map().set("terminated", terminated(view, pod, number, end))
        }
    }
}

fn terminated(view: &View, pod: &PodState, number: usize, end: &Terminated) -> Map {
    // The end says not which instance it was; its moment stands for it.
    let instance = end.finished_at.as_secs() as u32;
    let started = end.started_at.map_or_else(
        || "1970-01-01T00:00:00Z".to_owned(),
        |at| view.date(Stamp::of(at)),
    );
    map()
        .set("containerID", container_id(pod, number, instance))
        .set("exitCode", end.exit_code)
        .set("finishedAt", view.date(Stamp::of(end.finished_at)))
        .some("message", view.cluster.texts.get(end.message))
        .set("reason", end.reason.name())
        .set("startedAt", started)
}

/// `status.qosClass`: by the requests and limits of cpu and memory.
pub fn qos_class(spec: &PodSpec) -> &'static str {
    let all = || {
        spec.init_containers
            .iter()
            .chain(&spec.containers)
            .map(|c| &c.resources)
    };
    // The whole Pod's resources alone decide, where it has any.
    let whole = spec.resources.as_deref();
    let all = || {
        let containers = all().filter(|_| whole.is_none());
        containers.chain(whole)
    };
    let is_set = |r: &Resources| {
        [
            r.request_cpu_milli,
            r.request_memory_bytes,
            r.limit_cpu_milli,
            r.limit_memory_bytes,
        ]
        .iter()
        .any(|amount| amount.is_some_and(|amount| amount > 0))
    };
    let is_guaranteed = |r: &Resources| {
        let cpu = r
            .limit_cpu_milli
            .is_some_and(|limit| r.request_cpu_milli.unwrap_or(limit) == limit);
        let memory = r
            .limit_memory_bytes
            .is_some_and(|limit| r.request_memory_bytes.unwrap_or(limit) == limit);
        cpu && memory
    };
    if !all().any(is_set) {
        "BestEffort"
    } else if all().all(is_guaranteed) {
        "Guaranteed"
    } else {
        "Burstable"
    }
}
