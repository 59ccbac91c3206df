//! Commands that last: `rollout status`, `wait`, `get -w`, `events -w`, `logs -f` and `port-forward`
//! look again whenever something changes.
//!
//! What such a command has printed at a moment follows from the run and the moment at which it was
//! typed, however often and in which steps one looks.

mod by_hand;
mod lasting;
mod rows;

use super::{get, logs, run_with_input, Output};
use crate::cluster::Cluster;
use crate::record::{Record, What};
use crate::time::{Duration, Instant};
use crate::timeline::{Runner, Timeline};
use by_hand::ByHand;
use lasting::{lasting, Lasting};
use rows::{Rows, Told};

/// What is written within less time is not looked at in parts.
const STEP_MIN: Duration = Duration(1_000_000);

/// A command that lasts, as far as it has been followed.
pub struct Followed {
    namespace: String,
    args: Vec<String>,
    stdin: Option<String>,
    /// Everything up to this moment has been printed.
    seen: Instant,
    shown: Option<Runner>,
    output: Output,
    what: Lasting,
    /// It gives up then.
    deadline: Instant,
    rows: Rows,
    by_hand: ByHand,
}

impl Followed {
    /// A command typed at a moment.
    pub fn new(
        timeline: &Timeline,
        at: Instant,
        namespace: &str,
        args: &[String],
        stdin: Option<&str>,
    ) -> Followed {
        let mut shown = None;
        let cluster = timeline.show(at, &mut shown);
        let output = run_with_input(cluster, at, namespace, args, stdin);
        let (what, deadline) = match output.unfinished {
            true => lasting(cluster, at, namespace, args),
            false => (Lasting::Nothing, Instant::NEVER),
        };
        let by_hand = match what {
            Lasting::Rows(kind) | Lasting::Objects(kind, ..) => ByHand::of(cluster, kind),
            _ => ByHand::default(),
        };
        // Columns are found below their titles, shown or not.
        let is_hiding = |arg: &String| matches!(&**arg, "--no-headers" | "--no-headers=true");
        let hides_titles = args.iter().any(is_hiding);
        let mut shown_args = args.to_vec();
        let mut output = output;
        let rows = match what {
            Lasting::Rows(_) | Lasting::Events(_) => {
                shown_args.retain(|arg| !is_hiding(arg));
                let whole = match hides_titles {
                    true => run_with_input(cluster, at, namespace, &shown_args, stdin).stdout,
                    false => output.stdout.clone(),
                };
                let is_on = |name| {
                    let view = lasting::view(cluster, at, namespace);
                    lasting::parsed(view, args, |_, args| args.is_on(name)) == Some(true)
                };
                let told = Told {
                    titles: !hides_titles,
                    events: is_on("output-watch-events"),
                    first: !is_on("watch-only"),
                };
                let (rows, text) = Rows::begun(&whole, told);
                if told.events || !told.first {
                    output.stdout = text;
                }
                rows
            }
            _ => Rows::default(),
        };
        Followed {
            rows,
            by_hand,
            namespace: namespace.to_owned(),
            args: shown_args,
            stdin: stdin.map(str::to_owned),
            seen: at,
            shown,
            output,
            what,
            deadline,
        }
    }

    /// Everything up to this moment has been printed.
    pub const fn seen(&self) -> Instant {
        self.seen
    }

    /// What it has printed.
    pub const fn output(&self) -> &Output {
        &self.output
    }

    /// Goes on until a moment. The timeline has been run that far.
    pub fn advance(&mut self, timeline: &Timeline, until: Instant) {
        let until = until.max(self.seen);
        let last = until.min(self.deadline);
        let records = timeline.records();
        let from = records.partition_point(|record| record.at <= self.seen);
        let to = records.partition_point(|record| record.at <= last);
        for record in &records[from..to.max(from)] {
            if self.output.unfinished {
                self.hear(timeline, record);
            }
        }
        if self.output.unfinished {
            self.print_log(timeline, last);
        }
        if self.output.unfinished && self.deadline <= until {
            self.give_up();
        }
        self.seen = until;
    }

    fn look(&mut self, timeline: &Timeline, moment: Instant) -> Output {
        let cluster = timeline.show(moment, &mut self.shown);
        let stdin = self.stdin.as_deref();
        run_with_input(cluster, moment, &self.namespace, &self.args, stdin)
    }

    fn hear(&mut self, timeline: &Timeline, record: &Record) {
        match &mut self.what {
            // A line for every write.
            Lasting::Rollout(things) => {
                if things
                    .iter()
                    .any(|thing| lasting::is_write(thing, &record.what))
                {
                    let next = self.look(timeline, record.at);
                    let stdout = std::mem::take(&mut self.output.stdout) + &next.stdout;
                    self.output = Output { stdout, ..next };
                }
            }
            Lasting::Wait(looked) => {
                if *looked < record.at {
                    *looked = record.at;
                    self.output = self.look(timeline, record.at);
                }
            }
            Lasting::Rows(kind) => {
                let kind = *kind;
                for name in self.written(timeline, kind, record) {
                    let rows = self.look(timeline, record.at).stdout;
                    self.output.stdout.push_str(&self.rows.follow(&rows, &name));
                }
            }
            Lasting::Objects(kind, ..) => {
                let kind = *kind;
                for name in self.written(timeline, kind, record) {
                    self.print_object(timeline, record.at, &name);
                }
            }
            Lasting::Events(table) => {
                if let What::Event { event, .. } = record.what {
                    let table = *table;
                    let cluster = timeline.show(record.at, &mut self.shown);
                    let stored = cluster.events.get(event);
                    let is_new = stored.is_some_and(|event| event.count < 2);
                    let view = lasting::view(cluster, record.at, &self.namespace);
                    let text = lasting::parsed(view, &self.args, |view, args| {
                        table(view, args, event).unwrap_or_default()
                    });
                    let row = self.rows.append(&text.unwrap_or_default(), is_new);
                    self.output.stdout.push_str(&row);
                }
            }
            // A log ends with its container's instance.
            Lasting::Log(open, _) => {
                if let What::ContainerExited { pod, container, .. } = record.what {
                    let one = (pod, usize::from(container));
                    if open.contains(&one) {
                        self.print_log(timeline, record.at);
                    }
                    if let Lasting::Log(open, _) = &mut self.what {
                        open.retain(|other| *other != one);
                        self.output.unfinished = !open.is_empty();
                    }
                }
            }
            // PFW-01: ends with its Pod.
            Lasting::Forward(wanted) => {
                if matches!(record.what, What::PodRemoved { pod } if pod == *wanted) {
                    self.output
                        .stderr
                        .push_str("error: lost connection to pod\n");
                    self.output.exit_code = 1;
                    self.output.unfinished = false;
                }
            }
            Lasting::Nothing => {}
        }
    }

    /// The names of the objects of a kind which a record says were written.
    fn written(&mut self, timeline: &Timeline, kind: &str, record: &Record) -> Vec<String> {
        // Names stay what they are.
        if let Some(name) = written(timeline.latest(), kind, &record.what) {
            return vec![name];
        }
        if !by_hand::may_change(kind, &record.what) {
            return Vec::new();
        }
        let now = ByHand::of(timeline.show(record.at, &mut self.shown), kind);
        let before = std::mem::replace(&mut self.by_hand, now);
        self.by_hand.written_since(&before)
    }

    /// An object that was written, alone; what is gone is told of once more.
    fn print_object(&mut self, timeline: &Timeline, moment: Instant, name: &str) {
        let Lasting::Objects(_, between, known) = &mut self.what else {
            return;
        };
        let cluster = timeline.show(moment, &mut self.shown);
        let view = lasting::view(cluster, moment, &self.namespace);
        let is_it = |one: &(String, String)| one.0 == name;
        let last = known.iter().position(is_it);
        let last = last.map(|place| known.remove(place));
        let event = if last.is_some() { "MODIFIED" } else { "ADDED" };
        let listed = lasting::parsed(view, &self.args, |view, args| {
            let each = |event| {
                let all = get::each(view, args, get::told(args, event)).unwrap_or_default();
                all.into_iter().find(is_it)
            };
            // How it would be told of when it is gone is kept.
            (each(event), each("DELETED"))
        });
        let (now, kept) = listed.unwrap_or_default();
        if let Some((_, text)) = now.as_ref().or(last.as_ref()) {
            if !self.output.stdout.is_empty() {
                self.output.stdout.push_str(between);
            }
            self.output.stdout.push_str(text);
        }
        known.extend(kept);
    }

    /// Lines written since the last look.
    fn print_log(&mut self, timeline: &Timeline, until: Instant) {
        let Lasting::Log(open, printed) = &mut self.what else {
            return;
        };
        let sources = open.as_slice();
        // A log keeps its last lines only: what a leap would lose is read on the way.
        let mut todo = vec![until];
        while let Some(at) = todo.pop() {
            let cluster = timeline.show(at, &mut self.shown);
            let after = *printed;
            let way = at.since(after);
            if way > STEP_MIN && logs::lack_lines(cluster, sources, after) {
                todo.extend([at, after + Duration(way.0 / 2)]);
                continue;
            }
            let view = lasting::view(cluster, at, &self.namespace);
            *printed = at;
            let lines = lasting::parsed(view, &self.args, |view, args| {
                logs::lines_after(view, args, sources, after)
            });
            self.output.stdout.push_str(&lines.unwrap_or_default());
        }
    }

    /// `--timeout` is over.
    fn give_up(&mut self) {
        self.output.unfinished = false;
        if let Lasting::Rollout(_) = self.what {
            let text = "error: timed out waiting for the condition\n";
            self.output.stderr.push_str(text);
            self.output.exit_code = 1;
        }
    }
}

/// What a command prints that is typed at `at` and may last until `until`. The timeline has been
/// run.
pub fn follow(
    timeline: &Timeline,
    at: Instant,
    until: Instant,
    namespace: &str,
    args: &[String],
    stdin: Option<&str>,
) -> Output {
    let mut followed = Followed::new(timeline, at, namespace, args, stdin);
    followed.advance(timeline, until);
    followed.output
}

/// The name of the object of that kind which a record says was written.
fn written(cluster: &Cluster, kind: &str, what: &What) -> Option<String> {
    let controllers = &cluster.controllers;
    let name = match (kind, what) {
        (
            "Pod",
            What::PodCreated { pod }
            | What::PodBound { pod, .. }
            | What::PodDeleting { pod, .. }
            | What::PodRemoved { pod }
            | What::StatusWritten { pod },
        ) => &cluster.pods[pod.index()].name,
        ("Deployment", What::DeploymentChanged { deployment }) => {
            &controllers.deployment(*deployment).name
        }
        ("ReplicaSet", What::ReplicaSetChanged { replica_set }) => {
            &controllers.replica_set(*replica_set).name
        }
        ("StatefulSet" | "DaemonSet" | "Job", What::WorkloadChanged { workload }) => {
            &controllers.workloads[workload.index()].name
        }
        ("Node", What::NodeChanged { node }) => &cluster.nodes[node.index()].name,
        ("Service", What::ServiceChanged { service })
        | ("Endpoints", What::Endpoint { service, .. }) => &controllers.service(*service).name,
        ("EndpointSlice", What::Endpoint { service, .. }) => {
            &controllers.service(*service).slice.name
        }
        _ => return None,
    };
    Some(name.to_string())
}
