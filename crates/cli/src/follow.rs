//! Commands that last: `rollout status`, `wait`, `get -w`, `logs -f` and `port-forward` look again
//! whenever something changes.

use readyz_engine::cluster::Cluster;
use readyz_engine::kubectl::{self, Output};
use readyz_engine::record::What;
use readyz_engine::time::Instant;
use readyz_engine::timeline::Timeline;

/// A command line and the run it is typed in.
struct Command<'a> {
    timeline: &'a Timeline,
    namespace: &'a str,
    args: &'a [String],
    stdin: Option<&'a str>,
    from: Instant,
    until: Instant,
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
    let command = Command {
        timeline,
        namespace,
        args,
        stdin,
        from: at,
        until,
    };
    let first = command.look(at);
    if !first.unfinished {
        return first;
    }
    match command.verb() {
        "rollout" => command.rollout(first),
        "wait" => command.wait(first),
        "get" => command.watch(first),
        "logs" => command.log(first),
        "port-forward" => command.forward(first),
        _ => first,
    }
}

impl Command<'_> {
    fn verb(&self) -> &str {
        let mut words = self.args.iter().filter(|arg| !arg.starts_with('-'));
        words.next().map_or("", String::as_str)
    }

    fn look(&self, moment: Instant) -> Output {
        self.look_with(moment, self.args)
    }

    fn look_with(&self, moment: Instant, args: &[String]) -> Output {
        let cluster = self.timeline.seek(moment);
        kubectl::run_with_input(&cluster, moment, self.namespace, args, self.stdin)
    }

    /// Moments at which something of that sort happened while the command lasts.
    fn moments(&self, counts: impl Fn(&What) -> bool) -> Vec<Instant> {
        let records = self.timeline.records().iter();
        let mut moments: Vec<Instant> = records
            .filter(|record| record.at > self.from && record.at <= self.until)
            .filter(|record| counts(&record.what))
            .map(|record| record.at)
            .collect();
        moments.dedup();
        moments
    }

    /// A line for every write of the Deployment.
    fn rollout(&self, first: Output) -> Output {
        let mut output = first;
        let counts = |what: &What| {
            matches!(
                what,
                What::DeploymentChanged { .. } | What::WorkloadChanged { .. }
            )
        };
        for moment in self.moments(counts) {
            let next = self.look(moment);
            output = Output {
                stdout: output.stdout + &next.stdout,
                ..next
            };
            if !output.unfinished {
                break;
            }
        }
        output
    }

    fn wait(&self, first: Output) -> Output {
        let mut output = first;
        for moment in self.moments(|_| true) {
            output = self.look(moment);
            if !output.unfinished {
                break;
            }
        }
        output
    }

    /// PFW-01: ends with its Pod.
    fn forward(&self, first: Output) -> Output {
        let mut output = first;
        for moment in self.moments(|what| matches!(what, What::PodRemoved { .. })) {
            if self.look(moment).exit_code != 0 {
                output.stderr.push_str("error: lost connection to pod\n");
                output.exit_code = 1;
                output.unfinished = false;
                break;
            }
        }
        output
    }

    /// Lines that are written while one looks, up to the end of the container's instance.
    fn log(&self, first: Output) -> Output {
        let mut output = first;
        let mut whole: Vec<String> = Vec::new();
        let mut args = self.args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--tail" | "--since" => drop(args.next()),
                arg if arg.starts_with("--tail=") || arg.starts_with("--since=") => {}
                _ => whole.push(arg.clone()),
            }
        }
        let end = self.end_of_instance();
        let known = self.look_with(self.from, &whole).stdout.lines().count();
        let last = self.look_with(end.unwrap_or(self.until), &whole);
        for line in last.stdout.lines().skip(known) {
            output.stdout.push_str(line);
            output.stdout.push('\n');
        }
        output.unfinished = end.is_none();
        output
    }

    /// When the container ends whose log is read.
    fn end_of_instance(&self) -> Option<Instant> {
        let cluster = self.timeline.seek(self.from);
        let named = |id: usize| {
            let pod = &cluster.pods[id];
            self.args
                .iter()
                .any(|arg| arg.trim_start_matches("pod/") == &*pod.name)
        };
        let container = self.args.iter().zip(self.args.iter().skip(1));
        let mut given = container.filter(|(flag, _)| matches!(flag.as_str(), "-c" | "--container"));
        let wanted = given.next().map(|(_, name)| name.as_str());
        let is_meant = |pod: usize, number: u16| match cluster.pods.get(pod) {
            Some(state) if named(pod) => match wanted {
                Some(name) => state.spec.container_number(name) == Some(usize::from(number)),
                None => usize::from(number) == state.spec.init_containers.len(),
            },
            _ => false,
        };
        let moments = self.moments(|what| match what {
            What::ContainerExited { pod, container, .. } => is_meant(pod.index(), *container),
            _ => false,
        });
        moments.first().copied()
    }

    /// A row for every write of an object that is listed (GET-05); columns keep their widths
    /// (KUB-04).
    fn watch(&self, first: Output) -> Output {
        let mut words = self.args.iter().filter(|arg| !arg.starts_with('-')).skip(1);
        let word = words.next().map_or("", String::as_str);
        let kind = kubectl::kind_of(word.split('/').next().unwrap_or(""));
        let Some(kind) = kind.filter(|_| first.stdout.is_empty() || has_titles(&first.stdout))
        else {
            return first;
        };
        let last = self.timeline.seek(self.until);
        let mut output = first;
        let mut table = Rows::new(&output.stdout);
        let records = self.timeline.records().iter();
        for record in records.filter(|r| r.at > self.from && r.at <= self.until) {
            let Some(name) = written(&last, kind, &record.what) else {
                continue;
            };
            let rows = self.look(record.at).stdout;
            output.stdout.push_str(&table.follow(&rows, &name));
        }
        output
    }
}

fn has_titles(text: &str) -> bool {
    text.starts_with("NAME")
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
        ) => cluster.pods[pod.index()].name.to_string(),
        ("Deployment", What::DeploymentChanged { deployment }) => {
            controllers.deployment(*deployment).name.to_string()
        }
        ("ReplicaSet", What::ReplicaSetChanged { replica_set }) => {
            controllers.replica_set(*replica_set).name.to_string()
        }
        ("StatefulSet" | "DaemonSet" | "Job", What::WorkloadChanged { workload }) => {
            controllers.workloads[workload.index()].name.to_string()
        }
        ("Node", What::NodeChanged { node }) => cluster.nodes[node.index()].name.to_string(),
        ("Service", What::ServiceChanged { service })
        | ("Endpoints", What::Endpoint { service, .. }) => {
            controllers.service(*service).name.to_string()
        }
        ("EndpointSlice", What::Endpoint { service, .. }) => {
            controllers.service(*service).slice.name.to_string()
        }
        _ => return None,
    };
    Some(name)
}

/// What was printed so far.
struct Rows {
    widths: Vec<usize>,
    /// The last row of each object.
    known: Vec<(String, Vec<String>)>,
}

impl Rows {
    fn new(text: &str) -> Rows {
        let mut rows = Rows {
            widths: Vec::new(),
            known: Vec::new(),
        };
        table(text).into_iter().for_each(|row| rows.note(row));
        rows
    }

    fn note(&mut self, row: Vec<String>) {
        for (column, cell) in row.iter().enumerate() {
            match self.widths.get_mut(column) {
                Some(width) => *width = (*width).max(cell.len()),
                None => self.widths.push(cell.len()),
            }
        }
        let name = row.first().cloned().unwrap_or_default();
        self.known.retain(|(known, _)| *known != name);
        self.known.push((name, row));
    }

    /// The row of an object that was written, as `text` lists it; its last one, if it is gone.
    fn follow(&mut self, text: &str, name: &str) -> String {
        let mut lines = table(text).into_iter();
        let titles = lines.next().unwrap_or_default();
        let listed = lines.find(|row| row.first().is_some_and(|first| first == name));
        let known = self.known.iter().position(|(known, _)| known == name);
        let row = match (listed, known) {
            (Some(row), _) => row,
            (None, Some(at)) => self.known.remove(at).1,
            (None, None) => return String::new(),
        };
        let mut printed = String::new();
        if self.widths.is_empty() {
            self.note(titles.clone());
            self.note(row.clone());
            printed = self.line(&titles);
        }
        self.note(row.clone());
        printed + &self.line(&row)
    }

    fn line(&self, row: &[String]) -> String {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            line.push_str(cell);
            if column + 1 < row.len() {
                let width = self.widths[column] + 3 - cell.len();
                line.extend(std::iter::repeat_n(' ', width));
            }
        }
        line + "\n"
    }
}

/// A table's rows as cells, which stand below their titles.
fn table(text: &str) -> Vec<Vec<String>> {
    let titles = text.lines().next().unwrap_or("");
    let bytes = titles.as_bytes();
    let begins = |at: &usize| bytes[*at] != b' ' && (*at == 0 || titles[..*at].ends_with("   "));
    let starts: Vec<usize> = (0..bytes.len()).filter(begins).collect();
    let cell = |line: &str, column: usize| {
        let from = starts[column].min(line.len());
        let to = starts
            .get(column + 1)
            .map_or(line.len(), |to| (*to).min(line.len()));
        line.get(from..to).unwrap_or("").trim().to_owned()
    };
    let rows = text.lines();
    rows.map(|line| (0..starts.len()).map(|column| cell(line, column)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Rows;

    /// KUB-04, GET-05.
    #[test]
    fn rows_follow_in_the_columns_of_the_first_ones() {
        let first = "NAME   READY   AGE\nweb    0/1     3s\n";
        let mut rows = Rows::new(first);
        let later = concat!(
            "NAME           READY   AGE\n",
            "web            1/1     9s\n",
            "web-and-more   0/1     0s\n",
        );
        assert_eq!(rows.follow(later, "web"), "web    1/1     9s\n");
        let wider = "web-and-more   0/1     0s\n";
        assert_eq!(rows.follow(later, "web-and-more"), wider);
        assert_eq!(rows.follow("", "web"), "web            1/1     9s\n");
        assert_eq!(rows.follow("", "other"), "");
    }
}
