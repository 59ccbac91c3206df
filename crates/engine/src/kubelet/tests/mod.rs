//! Dialogues with one kubelet: put a Pod on the node, let time pass, look.

mod failures;
mod liveness;
mod restart_all;
mod termination;

use super::{pod_added, Kubelet, PodWorker};
use crate::api::{
    Container, Handler, Metadata, Node, PodSpec, Probe, PullPolicy, Resources, RestartPolicy,
};
use crate::cluster::{Cluster, Cx, Owner, PodState};
use crate::events::{field_path, render};
use crate::ids::{NodeId, PodId, RecordId};
use crate::record::{Log, What};
use crate::rng::Draws;
use crate::status::PodStatus;
use crate::step::step;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// A cluster of one node whose kubelet relists at x.100, looks at its queue at x.400.
pub struct Play {
    pub cluster: Cluster,
    pub log: Log,
}

impl Play {
    pub fn new() -> Self {
        let node = Node {
            metadata: Metadata {
                name: "node1".to_owned(),
                ..Metadata::default()
            },
            unschedulable: false,
            taints: Vec::new(),
            cpu_milli: 4_000,
            memory_bytes: 8 << 30,
            ephemeral_bytes: 100 << 30,
            pods: 110,
            others: Vec::new(),
        };
        let mut draws = Draws::seeded(0);
        let mut kubelet = Kubelet::new(Arc::new(node), 0xc0a8_0079, 0x0af4_0100, &mut draws);
        kubelet.set_phases(
            Duration::from_millis(100),
            Duration::from_millis(400),
            Duration::from_millis(400),
        );
        let mut cluster = Cluster::new(0, 1_767_225_600);
        cluster.draws = draws;
        cluster.nodes = vec![Arc::new(kubelet)];
        Play {
            cluster,
            log: Log::default(),
        }
    }

    pub fn cx(&mut self, now: Instant) -> Cx<'_> {
        Cx {
            now,
            cause: RecordId::NONE,
            cluster: &mut self.cluster,
            log: &mut self.log,
        }
    }

    /// The kubelet sees a Pod of these containers at `millis`.
    pub fn add(&mut self, millis: u64, spec: PodSpec) -> PodId {
        let pod = PodId::at(self.cluster.pods.len());
        let now = Instant::from_millis(millis);
        self.cluster.pods.push(Arc::new(PodState {
            name: "p".into(),
            namespace: "default".into(),
            uid: "u1".into(),
            labels: Default::default(),
            annotations: Default::default(),
            spec: Arc::new(spec),
            owner: Owner::None,
            created_at: now,
            generation: 1,
            node: Some(NodeId(0)),
            deletion: None,
            removed_at: None,
            status: PodStatus::default(),
            worker: None,
            world: Default::default(),
        }));
        pod_added(&mut self.cx(now), pod);
        pod
    }

    /// Lets time pass until `millis`, inclusive.
    pub fn until(&mut self, millis: u64) {
        let limit = Instant::from_millis(millis);
        while let Some(queued) = self.cluster.queue.pop_until(limit) {
            step(&mut self.cluster, &mut self.log, queued);
        }
    }

    pub fn worker(&self, pod: PodId) -> &PodWorker {
        self.cluster.pods[pod.index()]
            .worker
            .as_ref()
            .expect("seen")
    }

    /// `seconds reason message` of every record of an Event.
    pub fn events(&self) -> Vec<String> {
        self.log
            .records()
            .iter()
            .filter_map(|record| match record.what {
                What::Event { event, count } => {
                    let event = self.cluster.events.get(event)?;
                    Some(format!(
                        "{}.{:03} {} {} x{count}: {}",
                        record.at.as_secs(),
                        record.at.as_millis() % 1_000,
                        field_path(&self.cluster, &event.emission),
                        event.emission.reason,
                        render(&self.cluster, event)
                    ))
                }
                _ => None,
            })
            .collect()
    }
}

/// A container of busybox that runs a script in its shell.
pub fn shell(name: &str, script: &str) -> Container {
    Container {
        name: name.to_owned(),
        image: "busybox:1.36".to_owned(),
        image_pull_policy: PullPolicy::IfNotPresent,
        command: Some(vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()]),
        args: None,
        working_dir: String::new(),
        env: Vec::new(),
        env_from: Vec::new(),
        ports: Vec::new(),
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

/// A probe that runs a command; delay and period in seconds, the rest as the API defaults it.
pub fn exec_probe(command: &[&str], delay: u32, period: u32) -> Probe {
    Probe {
        handler: Handler::Exec {
            command: command.iter().map(|word| (*word).to_owned()).collect(),
        },
        initial_delay_seconds: delay,
        period_seconds: period,
        timeout_seconds: 1,
        success_threshold: 1,
        failure_threshold: 3,
        termination_grace_period_seconds: None,
    }
}

/// A Pod of these containers, with the API's defaults.
pub fn pod_of(containers: Vec<Container>) -> PodSpec {
    PodSpec {
        init_containers: Vec::new(),
        containers,
        restart_policy: RestartPolicy::Always,
        termination_grace_period_seconds: 30,
        active_deadline_seconds: None,
        node_name: String::new(),
        node_selector: Default::default(),
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
