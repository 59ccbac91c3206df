//! A hand-made engine to look at the page with while the real one is built. Never shipped.

use readyz_engine::api::ProbeKind;
use readyz_engine::manifest::{Diagnostic, Severity, TextEdit};
use readyz_engine::session::{BranchView, DocumentView, Loaded, Reply, Request};
use readyz_engine::time::{Duration, Instant};
use readyz_engine::view::*;

#[derive(Default)]
pub struct Session {
    run: Option<RunView>,
    acts: Vec<String>,
    text: String,
}

fn s(secs: f64) -> Instant {
    Instant((secs * 1e9) as u64)
}

fn probe(kind: ProbeKind, period: f64, threshold: u32, runs: &[(f64, bool)]) -> StripView {
    let _ = period;
    let mut run = 0;
    let mut last = None;
    let ticks = runs
        .iter()
        .map(|(at, ok)| {
            run = if last == Some(*ok) { run + 1 } else { 1 };
            last = Some(*ok);
            TickView {
                at: s(*at),
                outcome: if *ok {
                    TickOutcome::Success
                } else {
                    TickOutcome::Failure
                },
                run,
                triggered: false,
                decisive: !*ok && u32::from(run) == threshold,
            }
        })
        .collect();
    StripView {
        kind,
        failure_threshold: threshold,
        success_threshold: 1,
        ticks,
    }
}

fn band(from: f64, to: f64, kind: BandKind, label: &str) -> BandView {
    BandView {
        from: s(from),
        to: s(to),
        kind,
        label: label.into(),
        planned_end: None,
    }
}

fn lane(pod: &str, id: u32, container: &str, story: u32) -> LaneView {
    use BandKind::*;
    let every = |from: f64, to: f64, step: f64, ok: &dyn Fn(f64) -> bool| {
        let mut runs = Vec::new();
        let mut at = from;
        while at < to {
            runs.push((at, ok(at)));
            at += step;
        }
        runs
    };
    let (bands, probes, in_service) = match story {
        0 => (
            vec![
                band(0.0, 1.2, Waiting, "ContainerCreating"),
                band(1.2, 45.6, Running, "Running"),
                band(45.6, 75.7, Stopping, "Running, stopping"),
                band(75.7, 76.4, Terminated, "Error, exit code 137"),
                band(76.4, 120.9, Running, "Running, restart 1"),
                band(120.9, 151.0, Stopping, "Running, stopping"),
                band(151.0, 152.0, Terminated, "Error, exit code 137"),
                band(152.0, 300.0, Running, "Running, restart 2"),
            ],
            vec![probe(
                ProbeKind::Liveness,
                5.0,
                3,
                &[
                    every(6.4, 47.0, 5.0, &|t| t < 32.0),
                    every(82.0, 121.0, 5.0, &|t| t < 108.0),
                    every(157.0, 300.0, 5.0, &|_| true),
                ]
                .concat(),
            )],
            vec![],
        ),
        n => {
            let bad = n == 2;
            let crash = n == 3;
            let mut bands = vec![
                band(0.0, 1.3, Waiting, "ContainerCreating"),
                band(1.3, 4.5, Booting, "Booting"),
            ];
            if crash {
                bands.extend([
                    band(4.5, 18.0, Running, "Running"),
                    band(18.0, 18.6, Terminated, "Error, exit code 137"),
                    band(18.6, 27.0, Running, "Running, restart 1"),
                    band(27.0, 27.7, Terminated, "Error, exit code 137"),
                    band(27.7, 37.7, BackOff, "CrashLoopBackOff 10 s"),
                    band(37.7, 47.0, Running, "Running, restart 2"),
                    band(47.0, 47.8, Terminated, "Error, exit code 137"),
                    band(47.8, 67.8, BackOff, "CrashLoopBackOff 20 s"),
                    band(67.8, 180.0, Running, "Running, restart 3"),
                ]);
            } else {
                bands.push(band(4.5, 180.0, Running, "Running"));
            }
            let is_bad = move |t: f64| bad && t > 42.0 && t < 64.5;
            (
                bands,
                vec![
                    probe(ProbeKind::Startup, 2.0, 30, &[(2.4, false), (4.4, true)]),
                    probe(
                        ProbeKind::Readiness,
                        5.0,
                        2,
                        &every(4.6, 180.0, 5.0, &|t| !is_bad(t)),
                    ),
                    probe(
                        ProbeKind::Liveness,
                        10.0,
                        3,
                        &every(10.4, 180.0, 10.0, &|t| !is_bad(t)),
                    ),
                ],
                if bad {
                    vec![(s(4.8), s(49.7)), (s(69.7), s(180.0))]
                } else if crash {
                    vec![
                        (s(4.8), s(18.0)),
                        (s(22.8), s(27.0)),
                        (s(40.8), s(47.0)),
                        (s(70.0), s(180.0)),
                    ]
                } else {
                    vec![(s(4.8), s(180.0))]
                },
            )
        }
    };
    LaneView {
        pod: pod.into(),
        pod_id: id,
        container: container.into(),
        from: s(0.0),
        to: s(300.0),
        bands,
        probes,
        has_service: story > 0,
        in_service,
    }
}

impl Session {
    pub fn new() -> Self {
        Session::default()
    }

    fn loaded(&mut self, errors: bool) -> Reply {
        let service = self.text.contains("kind: Service");
        let end = if service { s(180.0) } else { s(300.0) };
        let lanes = if service {
            vec![
                lane("web-6d5f9c7b8d-4xk2p", 1, "server", 1),
                lane("web-6d5f9c7b8d-9hjwq", 2, "server", 2),
                lane("web-6d5f9c7b8d-zt7vd", 3, "server", 3),
            ]
        } else {
            vec![lane("liveness-exec", 1, "liveness", 0)]
        };
        let mut moments: Vec<Instant> = lanes
            .iter()
            .flat_map(|l| {
                l.probes
                    .iter()
                    .flat_map(|p| p.ticks.iter().map(|t| t.at))
                    .chain(l.bands.iter().map(|b| b.from))
            })
            .collect();
        moments.sort();
        moments.dedup();
        let pins = if service {
            vec![PinView {
                input: 0,
                at: s(42.0),
                until: Some(s(64.0)),
                label: "500 /healthz".into(),
                pod: "web-6d5f9c7b8d-9hjwq".into(),
                container: "server".into(),
                from_text: true,
                refused: String::new(),
            }]
        } else {
            vec![]
        };
        let run = RunView {
            end,
            seed: 0,
            pins,
            lanes,
            services: if service {
                vec![ServiceLaneView {
                    name: "web".into(),
                    rate: 5,
                    per_second: (0..180)
                        .map(|i| match i {
                            0..=4 => (0, 0, 5),
                            42..=49 => (3, 2, 0),
                            18 | 27 => (3, 0, 2),
                            _ => (5, 0, 0),
                        })
                        .collect(),
                    ready_endpoints: vec![],
                }]
            } else {
                vec![]
            },
            events: moments
                .iter()
                .step_by(3)
                .map(|at| EventMark {
                    at: *at,
                    warning: at.0 % 3 == 0,
                    reason: "Unhealthy".into(),
                    pod: String::new(),
                })
                .collect(),
            moments,
            record_count: 10,
            trace_hash: 0,
            limits: vec![],
        };
        let diagnostics = if errors {
            vec![Diagnostic {
                severity: Severity::Error,
                line: 20,
                column: 5,
                end_line: 20,
                end_column: 17,
                path: "spec.containers[0].livenesProbe".into(),
                rule: String::new(),
                message: "unknown field \"spec.containers[0].livenesProbe\"".into(),
                suggestion: Some(
                    "Did you mean livenessProbe? Without it the container has no liveness probe."
                        .into(),
                ),
                fix: Some(TextEdit {
                    line: 20,
                    column: 5,
                    end_line: 20,
                    end_column: 16,
                    replacement: "livenessProbe".into(),
                }),
            }]
        } else {
            vec![]
        };
        if !errors {
            self.run = Some(run.clone());
        }
        Reply::Loaded(Box::new(Loaded {
            run: (!errors).then_some(run),
            diagnostics,
            documents: vec![DocumentView {
                name: if service {
                    "deployment/web".into()
                } else {
                    "pod/liveness-exec".into()
                },
                first_line: 5,
                last_line: 30,
            }],
            acts: self.acts.clone(),
            branches: vec![BranchView {
                name: "main".into(),
                forked_at: Instant::ZERO,
                acts: 0,
            }],
            branch: 0,
        }))
    }

    pub fn handle(&mut self, request: Request) -> Reply {
        match request {
            Request::Load { text, acts, .. } => {
                let errors = text.contains("livenesProbe");
                if !errors {
                    self.text = text;
                    self.acts = acts;
                }
                self.loaded(errors)
            }
            Request::Act { step } => {
                self.acts.push(step);
                self.loaded(false)
            }
            Request::Seek { at } => Reply::View(Box::new(self.view(at))),
            Request::Check { text } => {
                let e = text.contains("livenesProbe");
                let Reply::Loaded(l) = self.loaded(e) else {
                    unreachable!()
                };
                Reply::Checked(l.diagnostics)
            }
            _ => Reply::Refused("not in the fixture".into()),
        }
    }

    fn view(&self, at: Instant) -> ClusterView {
        let run = self.run.as_ref().unwrap();
        let valid = run
            .moments
            .iter()
            .find(|m| **m > at)
            .copied()
            .unwrap_or(Instant::NEVER);
        let pods: Vec<PodView> = run.lanes.iter().map(|l| pod(l, at)).collect();
        let services = if run.services.is_empty() {
            vec![]
        } else {
            let seen = run.services[0]
                .per_second
                .iter()
                .take(at.as_secs() as usize);
            let mut ledger = LedgerView::default();
            for (a, b, c) in seen {
                ledger.served += u32::from(*a);
                ledger.server_errors += u32::from(*b);
                ledger.no_endpoint += u32::from(*c);
            }
            vec![ServiceView {
                name: "web".into(),
                namespace: "default".into(),
                kind: "ClusterIP".into(),
                cluster_ip: "10.96.41.7".into(),
                ports: vec!["80 → http".into()],
                selector: vec![],
                endpoints: pods
                    .iter()
                    .filter(|p| !p.ip.is_empty())
                    .map(|p| EndpointView {
                        pod: p.name.clone(),
                        address: p.ip.clone(),
                        ready: p.ready,
                        serving: p.ready,
                        terminating: false,
                        since: at,
                    })
                    .collect(),
                rate: 5,
                ledger,
                mismatch: String::new(),
            }]
        };
        let events = run.lanes.iter().flat_map(|l| l.probes.iter().map(move |p| (l, p))).filter_map(|(l, p)| {
            let fails: Vec<_> = p.ticks.iter().filter(|t| t.at <= at && t.outcome == TickOutcome::Failure).collect();
            Some(EventView { object: format!("pod/{}", l.pod), container: l.container.clone(), warning: true, reason: "Unhealthy".into(), message: format!("{} probe failed: cat: can't open '/tmp/healthy': No such file or directory", p.kind.title()), count: fails.len() as u32, first: fails.first()?.at, last: fails.last()?.at, source: "kubelet".into() })
        }).chain([EventView { object: "pod/liveness-exec".into(), container: String::new(), warning: false, reason: "Scheduled".into(), message: "Successfully assigned default/liveness-exec to node-1".into(), count: 1, first: s(0.0), last: s(0.0), source: "default-scheduler".into() }]).collect();
        ClusterView {
            at,
            valid_until: valid,
            nodes: ["node-1", "node-2", "node-3"]
                .iter()
                .map(|n| NodeView {
                    name: (*n).into(),
                    ready: true,
                    schedulable: true,
                    address: "192.168.0.121".into(),
                })
                .collect(),
            pods,
            deployments: vec![],
            services,
            events,
        }
    }
}

fn pod(l: &LaneView, at: Instant) -> PodView {
    let b = l.bands.iter().rev().find(|b| b.from <= at).unwrap();
    let ready = if l.has_service {
        l.in_service.iter().any(|(f, t)| *f <= at && at < *t)
    } else {
        matches!(b.kind, BandKind::Running | BandKind::Stopping)
    };
    let restarts = l
        .bands
        .iter()
        .filter(|x| x.kind == BandKind::Terminated && x.to <= at)
        .count() as u32;
    let running = matches!(
        b.kind,
        BandKind::Running | BandKind::Booting | BandKind::Stopping
    );
    let last_exit = l
        .bands
        .iter()
        .rev()
        .find(|x| x.kind == BandKind::Terminated && x.from <= at)
        .map(|x| ExitView {
            exit_code: 137,
            reason: "Error".into(),
            finished_at: x.from,
        });
    let status = match b.kind {
        BandKind::Waiting => "ContainerCreating",
        BandKind::BackOff => "CrashLoopBackOff",
        BandKind::Terminated => "Error",
        _ => "Running",
    };
    let probes = l
        .probes
        .iter()
        .map(|p| {
            let since = if running { b.from } else { at };
            let last = p.ticks.iter().rev().find(|t| t.at <= at);
            let next = p.ticks.iter().find(|t| t.at > at);
            let in_life = last.filter(|t| t.at >= since);
            let gauge = if !running {
                GaugeState::Stopped
            } else if b.kind == BandKind::Stopping && p.kind == ProbeKind::Liveness {
                GaugeState::OnHold
            } else if p.kind == ProbeKind::Startup {
                if b.kind == BandKind::Booting {
                    GaugeState::Failing
                } else {
                    GaugeState::Passed
                }
            } else if b.kind == BandKind::Booting {
                GaugeState::Held
            } else {
                match in_life {
                    None => GaugeState::NoneYet,
                    Some(t) if t.outcome == TickOutcome::Success => GaugeState::Passing,
                    Some(t) if u32::from(t.run) >= p.failure_threshold => {
                        GaugeState::ThresholdReached
                    }
                    _ => GaugeState::Failing,
                }
            };
            ProbeView {
                kind: p.kind,
                target: if l.has_service {
                    "GET :8080/healthz".into()
                } else {
                    "exec cat /tmp/healthy".into()
                },
                gauge,
                failures: last
                    .filter(|t| t.outcome == TickOutcome::Failure)
                    .map_or(0, |t| u32::from(t.run)),
                successes: last
                    .filter(|t| t.outcome == TickOutcome::Success)
                    .map_or(0, |t| u32::from(t.run)),
                failure_threshold: p.failure_threshold,
                success_threshold: 1,
                period: Duration::from_secs(5),
                last_tick: last.map(|t| t.at),
                next_tick: next.map(|t| t.at),
                last_output: String::new(),
            }
        })
        .collect();
    let faults = if l.pod.ends_with("9hjwq") && at > s(42.0) && at < s(64.0) {
        vec![FaultView {
            input: 0,
            label: "500 /healthz".into(),
            since: s(42.0),
            until: Some(s(64.0)),
        }]
    } else {
        vec![]
    };
    let c = ContainerView {
        name: l.container.clone(),
        role: ContainerRole::Regular,
        image: "busybox".into(),
        behaviour: "busybox".into(),
        state: if running {
            StateView::Running
        } else if b.kind == BandKind::Terminated {
            StateView::Terminated
        } else {
            StateView::Waiting
        },
        since: b.from,
        reason: if running {
            String::new()
        } else {
            status.into()
        },
        message: String::new(),
        started: running && b.kind != BandKind::Booting,
        ready,
        restarts,
        last_exit,
        stopping: (b.kind == BandKind::Stopping).then_some(StoppingView {
            since: b.from,
            kill_at: b.from + Duration::from_secs(30),
        }),
        back_off: (b.kind == BandKind::BackOff).then_some(BackOffView {
            from: b.from,
            total: b.to - b.from,
            retry_at: b.to,
        }),
        probes,
        faults,
        listening: vec![8080],
        probe_files: if l.has_service {
            vec![]
        } else {
            vec![FileView {
                path: "/tmp/healthy".into(),
                exists: at < s(31.0),
            }]
        },
        process_running: running,
    };
    PodView {
        id: l.pod_id,
        name: l.pod.clone(),
        namespace: "default".into(),
        owner: if l.has_service {
            "deployment/web".into()
        } else {
            String::new()
        },
        node: if l.pod_id == 3 {
            "node-2".into()
        } else {
            "node-1".into()
        },
        ip: if at > s(1.0) {
            format!("10.244.1.{}", 6 + l.pod_id)
        } else {
            String::new()
        },
        created_at: s(0.0),
        ready_containers: ready as u32,
        total_containers: 1,
        status: status.into(),
        restarts,
        last_restart_at: None,
        phase: "Running".into(),
        ready,
        deleting: false,
        conditions: vec![],
        containers: vec![c],
        services: vec![],
    }
}
