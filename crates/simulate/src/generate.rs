//! A seed → a case.

use crate::case::{Case, ContainerCase, PodCase, ServiceCase};

/// SplitMix64, so that a seed means the same on every machine.
struct Draw(u64);

impl Draw {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// The case of a seed. One in eight is a large calm cluster over weeks, the rest are small and
/// eventful.
pub fn case(seed: u64) -> Case {
    let mut draw = Draw(seed ^ 0x51b0_1a7e);
    if seed % 8 == 7 {
        calm(&mut draw, seed)
    } else {
        eventful(&mut draw, seed)
    }
}

fn calm(draw: &mut Draw, seed: u64) -> Case {
    let seconds = draw.of(&[20 * DAY, 30 * DAY, 40 * DAY]);
    let apps = 4;
    let count = 100 + draw.below(150) as u32;
    let pods = (0..count)
        .map(|number| PodCase {
            name: format!("well-{number}"),
            app: number % apps,
            replicas: None,
            restart_policy: "Always",
            grace: 30,
            inits: Vec::new(),
            containers: vec![ContainerCase {
                name: "main".into(),
                is_sidecar: false,
                program: "image: nginx\nports: [{containerPort: 80}]".into(),
                probes: probes(
                    draw,
                    &["httpGet: {path: /, port: 80}"],
                    &[1_800, 3_600, 7_200],
                ),
            }],
        })
        .collect();
    let mut case = Case {
        seed,
        seconds,
        nodes: 1 + count / 60,
        pods,
        services: services(draw, apps),
        steps: Vec::new(),
    };
    case.steps = steps(draw, &case, 6);
    case
}

fn eventful(draw: &mut Draw, seed: u64) -> Case {
    let apps = 1 + draw.below(2) as u32;
    let count = 1 + draw.below(5) as u32;
    let pods = (0..count).map(|number| pod(draw, number, apps)).collect();
    let mut case = Case {
        seed,
        seconds: draw.of(&[300, 900, 2 * HOUR, 6 * HOUR]),
        nodes: 2,
        pods,
        services: services(draw, apps),
        steps: Vec::new(),
    };
    let most = draw.of(&[0, 2, 6, 12]);
    case.steps = steps(draw, &case, most);
    case
}

fn services(draw: &mut Draw, apps: u32) -> Vec<ServiceCase> {
    (0..apps)
        .map(|app| ServiceCase {
            name: format!("service-{app}"),
            app,
            publishes_not_ready: draw.chance(15),
        })
        .collect()
}

fn pod(draw: &mut Draw, number: u32, apps: u32) -> PodCase {
    let is_well = draw.chance(30);
    let mut inits = Vec::new();
    for position in 0..draw.of(&[0, 0, 0, 1, 2]) {
        inits.push(init(draw, position));
    }
    let count = draw.of(&[1, 1, 1, 2]);
    let containers = (0..count)
        .map(|position| container(draw, position, is_well))
        .collect();
    PodCase {
        name: format!("{}-{number}", if is_well { "well" } else { "pod" }),
        app: draw.below(u64::from(apps)) as u32,
        replicas: draw.chance(25).then(|| 1 + draw.below(3) as u32),
        restart_policy: draw.of(&["Always", "Always", "OnFailure", "Never"]),
        grace: draw.of(&[0, 1, 5, 30]),
        inits,
        containers,
    }
}

fn init(draw: &mut Draw, position: u32) -> ContainerCase {
    if draw.chance(40) {
        return ContainerCase {
            name: format!("side-{position}"),
            is_sidecar: true,
            program: format!("image: probe-lab\nargs: [--port={}]", 9_000 + position),
            probes: Vec::new(),
        };
    }
    let seconds = draw.of(&[0, 1, 7]);
    ContainerCase {
        name: format!("init-{position}"),
        is_sidecar: false,
        program: format!("image: busybox\ncommand: [sh, -c, 'sleep {seconds}']"),
        probes: Vec::new(),
    }
}

fn container(draw: &mut Draw, position: u32, is_well: bool) -> ContainerCase {
    let name = format!("main-{position}");
    let port = 80 + position;
    let own = format!("httpGet: {{path: /, port: {port}}}");
    let tcp = format!("tcpSocket: {{port: {port}}}");
    if is_well {
        return ContainerCase {
            name,
            is_sidecar: false,
            program: format!("image: probe-lab\nargs: [--port={port}]"),
            probes: probes(draw, &[&own, &tcp], &[1, 2, 5, 10]),
        };
    }
    let file = "exec: {command: [cat, /tmp/healthy]}";
    let ready = format!("httpGet: {{path: /ready, port: {port}}}");
    let life = draw.of(&[3, 20, 70, 400]);
    let code = draw.of(&[0, 1, 3]);
    let (program, handlers) = match draw.below(4) {
        0 => (
            format!(
                "image: busybox\ncommand: [sh, -c, 'touch /tmp/healthy; sleep {life}; \
                 rm /tmp/healthy; sleep 600']"
            ),
            vec![file],
        ),
        1 => (
            format!("image: busybox\ncommand: [sh, -c, 'sleep {life}; exit {code}']"),
            vec![file],
        ),
        2 => (
            format!(
                "image: probe-lab\nargs: [--port={port}, --ready-after=9s, --fail-after={life}s]"
            ),
            vec![own.as_str(), ready.as_str(), tcp.as_str()],
        ),
        _ => (
            format!("image: probe-lab\nargs: [--port={port}]"),
            vec![own.as_str(), ready.as_str(), tcp.as_str()],
        ),
    };
    ContainerCase {
        name,
        is_sidecar: false,
        program,
        probes: probes(draw, &handlers, &[1, 2, 3, 5, 10]),
    }
}

fn probes(draw: &mut Draw, handlers: &[&str], periods: &[u32]) -> Vec<(&'static str, String)> {
    let mut probes = Vec::new();
    for kind in ["startupProbe", "readinessProbe", "livenessProbe"] {
        if !draw.chance(60) {
            continue;
        }
        let successes = match kind {
            "readinessProbe" => draw.of(&[1, 1, 2, 3]),
            _ => 1,
        };
        let fields = format!(
            "{}, initialDelaySeconds: {}, periodSeconds: {}, timeoutSeconds: {}, \
             successThreshold: {successes}, failureThreshold: {}",
            draw.of(handlers),
            draw.of(&[0, 0, 3, 12]),
            draw.of(periods),
            draw.of(&[1, 1, 2]),
            draw.of(&[1, 2, 3, 5]),
        );
        probes.push((kind, fields));
    }
    probes
}

fn steps(draw: &mut Draw, case: &Case, most: u64) -> Vec<String> {
    let mut moments: Vec<u64> = (0..most)
        .map(|_| draw.below(case.seconds * 1_000))
        .collect();
    moments.sort_unstable();
    moments
        .into_iter()
        .map(|millis| {
            let pod = &case.pods[draw.below(case.pods.len() as u64) as usize];
            format!("{{at: {millis}ms, {}}}", act(draw, pod))
        })
        .collect()
}

fn act(draw: &mut Draw, pod: &PodCase) -> String {
    let name = match pod.replicas {
        Some(_) => format!("deployment/{}#1", pod.name),
        None => pod.name.clone(),
    };
    let container = &pod.containers[draw.below(pod.containers.len() as u64) as usize].name;
    let target = format!("pod: {name}, container: {container}");
    let span = draw.of(&[1, 10, 45]);
    match draw.below(7) {
        0 => format!("http: {{{target}, path: /, status: 500}}, for: {span}s"),
        1 => format!("hang: {{{target}}}, for: {span}s"),
        2 => format!("kill: {{{target}, signal: KILL}}"),
        3 => format!("kill: {{{target}, signal: TERM}}"),
        4 => format!("exec: {{{target}, command: [touch, /tmp/healthy]}}"),
        5 if pod.replicas.is_some() => {
            format!(
                "scale: {{deployment: {}, replicas: {}}}",
                pod.name,
                draw.below(4)
            )
        }
        _ => format!("delete: {{pod: {name}}}"),
    }
}
