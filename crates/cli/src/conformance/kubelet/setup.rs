//! A case as a cluster of one node and one Pod, played to its end.

use super::case::{Case, Config, ContainerConfig, Kind, Pull, PullPolicy};
use crate::conformance::script::{self, OnDead, Outcome, ProbeConfig};
use readyz_engine::api;
use readyz_engine::cluster::{Cluster, Cx, Deletion, Owner, PodState};
use readyz_engine::ids::{NodeId, PodId, RecordId};
use readyz_engine::kubelet::runtime::scripted::{
    Config as ScriptConfig, Journal, ProbeScript, Scripted, ScriptedContainer, ScriptedProbe,
};
use readyz_engine::kubelet::runtime::{Allowed, Latencies, Runtime};
use readyz_engine::kubelet::{self, Kubelet};
use readyz_engine::record::Log;
use readyz_engine::rng::Draws;
use readyz_engine::status::PodStatus;
use readyz_engine::step::step;
use readyz_engine::time::{Duration, Instant};
use std::sync::Arc;

/// Plays a case to its end.
pub fn play(case: &Case) -> (Cluster, PodId) {
    let config = &case.config;
    let mut cluster = cluster(case);
    let mut log = Log::default();
    let pod = PodId(0);
    let add_at = config.add_at_ms.instant();
    run_until(&mut cluster, &mut log, add_at);
    cluster.pods.push(Arc::new(pod_state(config)));
    let runtime = Runtime::Scripted(Allowed, Box::new(scripted(&mut cluster, config)));
    kubelet::add(&mut cx(&mut cluster, &mut log, add_at), pod, runtime);
    if let Some(delete) = config.delete {
        let at = delete.at_ms.instant();
        run_until(&mut cluster, &mut log, at);
        let mut cx = cx(&mut cluster, &mut log, at);
        let state = cx.pod_mut(pod);
        state.generation += 1;
        state.deletion = Some(Deletion {
            asked_at: at,
            grace_seconds: delete.grace_seconds,
        });
        kubelet::pod_changed(&mut cx, pod);
    }
    // A millisecond of the recording lasts until the next one.
    let end = config.end_ms.instant() + Duration::from_millis(1);
    run_until(&mut cluster, &mut log, end);
    (cluster, pod)
}

/// What the runtime was asked to do.
pub fn journal(cluster: &Cluster, pod: PodId) -> Option<&Journal> {
    match &cluster.pods[pod.index()].worker.as_ref()?.runtime {
        Runtime::Scripted(_, scripted) => Some(&scripted.journal),
        Runtime::Machines(_) => None,
    }
}

fn cx<'a>(cluster: &'a mut Cluster, log: &'a mut Log, now: Instant) -> Cx<'a> {
    Cx {
        now,
        cause: RecordId::NONE,
        cluster,
        log,
    }
}

/// Carries out every timer before `until`.
fn run_until(cluster: &mut Cluster, log: &mut Log, until: Instant) {
    let last = until.saturating_sub(Duration(1));
    while let Some(queued) = cluster.queue.pop_until(last) {
        step(cluster, log, queued);
    }
}

/// One node whose kubelet has the recorded phases.
fn cluster(case: &Case) -> Cluster {
    let config = &case.config;
    let mut draws = Draws::seeded(0);
    let requeues = case.expect.requeues.iter();
    draws.play_requeues(
        requeues
            .map(|row| Duration::from_micros(row[1].as_u64().unwrap_or(0)))
            .collect(),
    );
    let node = api::Node {
        metadata: api::Metadata {
            name: "node".to_owned(),
            ..api::Metadata::default()
        },
        unschedulable: false,
        taints: Vec::new(),
        cpu_milli: 4_000,
        memory_bytes: 8 << 30,
        ephemeral_bytes: 100 << 30,
        pods: 110,
        others: Vec::new(),
    };
    let mut kubelet = Kubelet::new(Arc::new(node), 0x0a00_0001, 0x0af4_0000, &mut draws);
    let look = config.sync_loop_phase_ms.span();
    kubelet.set_phases(config.pleg_phase_ms.span(), look, look);
    kubelet.reconcile.phase = config.status_manager_phase_ms.span();
    let mut cluster = Cluster::new(0, 0);
    cluster.draws = draws;
    cluster.nodes = vec![Arc::new(kubelet)];
    cluster.events.keep_journal();
    cluster
}

fn pod_state(config: &Config) -> PodState {
    PodState {
        name: "p".into(),
        namespace: "default".into(),
        uid: "u1".into(),
        labels: Default::default(),
        annotations: Default::default(),
        spec: Arc::new(pod_spec(config)),
        owner: Owner::None,
        created_at: config.add_at_ms.instant(),
        generation: 1,
        node: Some(NodeId(0)),
        deletion: None,
        removed_at: None,
        status: PodStatus::default(),
        worker: None,
        world: Default::default(),
    }
}

fn pod_spec(config: &Config) -> api::PodSpec {
    let (main, init): (Vec<_>, Vec<_>) = config
        .containers
        .iter()
        .partition(|container| container.kind == Kind::Main);
    api::PodSpec {
        init_containers: init.into_iter().map(container).collect(),
        containers: main.into_iter().map(container).collect(),
        restart_policy: match config.restart_policy {
            script::RestartPolicy::Always => api::RestartPolicy::Always,
            script::RestartPolicy::OnFailure => api::RestartPolicy::OnFailure,
            script::RestartPolicy::Never => api::RestartPolicy::Never,
        },
        termination_grace_period_seconds: config.termination_grace_period_seconds,
        active_deadline_seconds: None,
        node_name: "node".to_owned(),
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

fn container(config: &ContainerConfig) -> api::Container {
    let probe = |kind| config.probes.get(kind).map(|probe| api_probe(kind, probe));
    api::Container {
        name: config.name.clone(),
        image: match config.image {
            Some(_) => format!("img-{}:v1", config.name),
            None => "img:v1".to_owned(),
        },
        image_pull_policy: match config.image.as_ref().map(|image| image.pull_policy) {
            Some(PullPolicy::Always) => api::PullPolicy::Always,
            Some(PullPolicy::Never) => api::PullPolicy::Never,
            Some(PullPolicy::IfNotPresent) | None => api::PullPolicy::IfNotPresent,
        },
        command: None,
        args: None,
        working_dir: String::new(),
        env: Vec::new(),
        env_from: Vec::new(),
        ports: Vec::new(),
        resources: api::Resources::default(),
        volume_mounts: Vec::new(),
        startup_probe: probe(api::ProbeKind::Startup),
        readiness_probe: probe(api::ProbeKind::Readiness),
        liveness_probe: probe(api::ProbeKind::Liveness),
        post_start: None,
        pre_stop: config.pre_stop_ms.map(|_| exec("preStop".to_owned())),
        stop_signal: None,
        restart_policy: (config.kind == Kind::Sidecar).then_some(api::RestartPolicy::Always),
        restart_policy_rules: Vec::new(),
        termination_message_path: "/dev/termination-log".to_owned(),
        termination_message_from_logs: false,
        stdin: false,
        tty: false,
        security: Default::default(),
    }
}

fn exec(command: String) -> api::Handler {
    api::Handler::Exec {
        command: vec![command],
    }
}

fn api_probe(kind: api::ProbeKind, probe: &ProbeConfig) -> api::Probe {
    api::Probe {
        handler: exec(command(kind)),
        initial_delay_seconds: probe.initial_delay_seconds,
        period_seconds: probe.period_seconds,
        timeout_seconds: probe.timeout_seconds,
        success_threshold: probe.success_threshold,
        failure_threshold: probe.failure_threshold,
        termination_grace_period_seconds: probe.termination_grace_period_seconds,
    }
}

/// The command of a scripted probe, as the text of a timeout names it.
fn command(kind: api::ProbeKind) -> String {
    format!("probe {}", kind.name())
}

fn scripted(cluster: &mut Cluster, config: &Config) -> Scripted {
    let texts = Arc::make_mut(&mut cluster.texts);
    let containers = in_engine_order(config).map(|own| {
        let image = own.image.as_ref();
        let pulls = image.and_then(|image| image.script.as_deref());
        ScriptedContainer {
            exits: (own.exit_after_ms.iter().enumerate())
                .map(|(n, after)| {
                    let code = own.exit_code.get(n).copied().unwrap_or(1);
                    ((after.0 > 0).then_some(after.span()), code)
                })
                .collect(),
            exits_repeat: own.exit_repeats,
            stop_takes: own.stop_ms.span(),
            stop_exit_code: own.stop_exit_code,
            pre_stop_takes: own.pre_stop_ms.map(|span| span.span()),
            probes: api::ProbeKind::ALL.map(|kind| {
                let probe = own.probes.get(kind)?;
                let after = probe.timeout_seconds;
                let timeout_text = format!(
                    "command timed out: \"{}\" timed out after {after}s",
                    command(kind)
                );
                Some(scripted_probe(probe, texts.intern(&timeout_text)))
            }),
            image_present: image.is_none_or(|image| image.present),
            pull_takes: image.map_or(Duration::ZERO, |image| image.pull_ms.span()),
            pulls: (pulls.unwrap_or_default().iter())
                .map(|(from, pull)| (from.instant(), *pull == Pull::Ok))
                .collect(),
            exit_at: None,
            stopped_at: None,
        }
    });
    let containers = containers.collect();
    Scripted::new(
        ScriptConfig {
            latencies: Latencies {
                volumes: Duration::ZERO,
                sandbox: config.sandbox_ms.span(),
                create: config.create_ms.span(),
                start: config.start_ms.span(),
                sync: Duration::ZERO,
                stop_sandbox: config.stop_sandbox_ms.span(),
                patch: Duration::ZERO,
            },
            texts: ["ok", "not ok", "exec failed", "pull failed"].map(|text| texts.intern(text)),
        },
        containers,
    )
}

/// Containers as the engine numbers them: init containers first.
pub fn in_engine_order(config: &Config) -> impl Iterator<Item = &ContainerConfig> {
    let is_main = |container: &&ContainerConfig| container.kind == Kind::Main;
    let init = config.containers.iter().filter(move |c| !is_main(c));
    init.chain(config.containers.iter().filter(is_main))
}

fn scripted_probe(probe: &ProbeConfig, timeout_text: readyz_engine::ids::TextId) -> ScriptedProbe {
    ScriptedProbe {
        takes: probe.exec_ms.span(),
        dead_is_error: matches!(probe.on_dead, OnDead::Error),
        relative_to_start: probe.script_relative_to_start,
        script: (probe.script.iter())
            .map(|entry| {
                let act = match entry.outcome {
                    Outcome::Ok => ProbeScript::Ok,
                    Outcome::Fail => ProbeScript::Fail,
                    Outcome::Error => ProbeScript::Error,
                    Outcome::Slow(span) => ProbeScript::Slow(span.span()),
                };
                (entry.from.instant(), act)
            })
            .collect(),
        timeout_text,
    }
}
