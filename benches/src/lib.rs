//! What is measured: clusters of Pods, and texts. `make bench` runs `time.rs` (criterion, seconds) and
//! `instructions.rs` (gungraun, instructions under Valgrind); BENCHMARKS.md holds the figures.

use readyz_engine::experiment::{default_nodes_of, Setup};
use readyz_engine::manifest;
use readyz_engine::session::{Reply, Request, Session};
use readyz_engine::time::{Duration, Instant};
use readyz_engine::timeline::Timeline;

/// Seconds.
pub const HOUR: u64 = 3_600;

/// So many of the Pods below make a text of 1 MB.
pub const MEGABYTE_OF_PODS: u32 = (1 << 20) / 310;

/// `count` Pods of one container with all three probes, period 10 s, which never fail.
pub fn stream(count: u32) -> String {
    let mut text = String::new();
    for number in 0..count {
        text.push_str(&format!(
            "apiVersion: v1
kind: Pod
metadata: {{name: web-{number:04}, labels: {{app: web}}}}
spec:
  containers:
  - name: web
    image: nginx
    ports: [{{containerPort: 80}}]
    startupProbe: {{httpGet: {{path: /, port: 80}}}}
    readinessProbe: {{httpGet: {{path: /, port: 80}}}}
    livenessProbe: {{httpGet: {{path: /, port: 80}}}}
---
"
        ));
    }
    text
}

/// Those Pods for so many seconds, with a node for every hundred.
pub fn setup(pods: u32, seconds: u64) -> Setup {
    let stream = manifest::parse(&stream(pods));
    let objects = stream.objects.into_iter().map(|o| o.object).collect();
    let mut setup = Setup::new(objects, stream.scenario);
    setup.scenario.duration = Duration::from_secs(seconds);
    setup.scenario.nodes = default_nodes_of(1 + pods / 100);
    setup
}

/// The same, run to its end.
pub fn finished(pods: u32, seconds: u64) -> Timeline {
    let mut timeline = setup(pods, seconds).timeline();
    timeline.run();
    timeline
}

/// A document to put behind Pods, for a run of an hour.
pub const ONE_HOUR: &str =
    "apiVersion: readyz.dev/v1alpha1\nkind: Scenario\nmetadata: {name: bench}\nspec: {duration: 1h}\n";

/// Text to timeline, as after a keystroke.
pub fn load(text: &str) -> Reply {
    Session::new().handle(Request::Load {
        text: text.into(),
        acts: Vec::new(),
        seed: None,
        sight: Instant::NEVER,
    })
}
