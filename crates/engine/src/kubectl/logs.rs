//! `kubectl logs` (LOG-*).

use super::args::{Args, Flags};
use super::failure::Failure;
use super::flags::{duration, switch, value, whole, NONE};
use super::item::Thing;
use super::log_start::{start, Start};
use super::object::container_id;
use super::pod_choice;
use super::resource::of_kind;
use super::selector::Query;
use super::stamp::Stamp;
use super::view::View;
use super::{Output, Verb};
use crate::cluster::Cluster;
use crate::container::log::LogText;
use crate::ids::PodId;
use crate::status::{ContainerState, ContainerStatus, WaitingReason};
use crate::time::Instant;

const FLAGS: Flags = &[&[
    switch("all-containers", NONE),
    switch("all-pods", NONE),
    value("container", 'c'),
    switch("follow", 'f'),
    switch("ignore-errors", NONE),
    switch("insecure-skip-tls-verify-backend", NONE),
    whole("limit-bytes", NONE),
    whole("max-log-requests", NONE),
    duration("pod-running-timeout"),
    switch("prefix", NONE),
    switch("previous", 'p'),
    value("selector", 'l'),
    duration("since"),
    value("since-time", NONE),
    whole("tail", NONE),
    switch("timestamps", NONE),
]];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "logs",
    summary: "Print the logs for a container in a pod",
    flags: FLAGS,
    run,
}];

const USAGE: &str =
    "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME \
                     is a required argument for the logs command";

/// Lines of each Pod that `-l` prints by default.
const SELECTED_TAIL: i64 = 10;

/// Logs that `-f` follows at once by default.
const STREAMS_MAX: i64 = 5;

/// Flags that do not go together, and values that mean nothing (LOG-01).
fn check_flags(args: &Args) -> Result<(), Failure> {
    if args.names.len() > 2 {
        return Err(Failure::usage("logs", USAGE));
    }
    if args.get("selector").is_some() && !args.names.is_empty() {
        let text = "only a selector (-l) or a POD name is allowed";
        return Err(Failure::usage("logs", text));
    }
    let is_given = |name: &str| {
        args.get(name)
            .is_some_and(|text| !matches!(text, "" | "0" | "0s"))
    };
    if is_given("since") && is_given("since-time") {
        let text = "at most one of `sinceTime` or `sinceSeconds` may be specified";
        return Err(Failure::client(text));
    }
    if let (true, Some(name)) = (args.is_on("all-containers"), args.get("container")) {
        return Err(Failure::client(format!(
            "--all-containers=true should not be specified with container name {name}"
        )));
    }
    if args.number("tail").is_some_and(|tail| tail < -1) {
        return Err(Failure::client(
            "--tail must be greater than or equal to -1",
        ));
    }
    if args.number("limit-bytes").is_some_and(|bytes| bytes < 0) {
        return Err(Failure::client("--limit-bytes must be greater than 0"));
    }
    Ok(())
}

/// What is to be printed of a log.
struct Wanted {
    previous: bool,
    tail: Option<usize>,
    /// Bytes of each log.
    limit: Option<usize>,
    start: Start,
    timestamps: bool,
    prefix: bool,
}

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    check_flags(args)?;
    let wanted = Wanted::read(view, args)?;
    let (sources, stderr) = sources(view, args)?;
    let streams = sources.len() as i64;
    let streams_max = args.number("max-log-requests").unwrap_or(STREAMS_MAX);
    if args.is_on("follow") && streams > 1 && streams > streams_max {
        return Err(Failure::client(format!(
            "you are attempting to follow {streams} log streams, but maximum allowed concurrency is \
             {streams_max}, use --max-log-requests to increase the limit"
        )));
    }
    let mut output = Output {
        stderr,
        ..Output::default()
    };
    for (id, number) in &sources {
        match log(view, *id, *number, &wanted) {
            Ok(text) => output.stdout.push_str(&text),
            Err(failure) if args.is_on("ignore-errors") => {
                output.stdout.push_str(&failure.cause());
            }
            Err(failure) => {
                output.fail(&failure);
                return Ok(output);
            }
        }
    }
    let goes_on = args.is_on("follow") && !wanted.previous;
    output.unfinished = goes_on && !running(view, sources).is_empty();
    Ok(output)
}

/// The containers whose logs are meant, and what is said of the choice.
pub fn sources(view: &View, args: &Args) -> Result<(Vec<(PodId, usize)>, String), Failure> {
    let mut pods = Vec::new();
    let mut stderr = String::new();
    match args.get("selector") {
        Some(_) => {
            let all = Query::of(args).list(view, of_kind("Pod"), Some(&view.namespace))?;
            pods.extend(all.iter().filter_map(|item| match item.thing {
                Thing::Pod(id) => Some(id),
                _ => None,
            }));
            if pods.is_empty() {
                let place = &view.namespace;
                stderr = format!("No resources found in {place} namespace.\n");
            }
        }
        None => {
            let Some(word) = args.names.first() else {
                return Err(Failure::usage("logs", USAGE));
            };
            let all = pod_choice::pods(view, word, "get the logs from")
                .map_err(|failure| lost(view, failure))?;
            if args.is_on("all-pods") {
                pods = all;
            } else if let Some(id) = all.first() {
                if all.len() > 1 {
                    let (count, name) = (all.len(), &view.pod(*id).name);
                    stderr = format!("Found {count} pods, using pod/{name}\n");
                }
                pods.push(*id);
            }
        }
    }
    // `logs POD CONTAINER` takes the second word, whatever -c says.
    let inline = args.names.get(1).map(String::as_str);
    let name = inline.or(args.get("container"));
    let mut sources = Vec::new();
    for id in pods {
        let pod = view.pod(id);
        if args.is_on("all-containers") {
            sources.extend((0..pod.spec.container_count()).map(|number| (id, number)));
        } else {
            let (number, line) = pod_choice::container(pod, name)?;
            stderr.push_str(&line);
            sources.push((id, number));
        }
    }
    Ok((sources, stderr))
}

/// Those that run: there will be more in their logs.
pub fn running(view: &View, mut sources: Vec<(PodId, usize)>) -> Vec<(PodId, usize)> {
    sources.retain(|(id, number)| view.pod(*id).world.is_running(*number as u32));
    sources
}

/// Whether lines of these logs that were written after a moment are kept no longer.
pub fn lack_lines(cluster: &Cluster, sources: &[(PodId, usize)], after: Instant) -> bool {
    let mut sources = sources.iter();
    sources.any(|(id, number)| {
        let world = &cluster.pod_up_to_date(*id).world;
        world.log_lacks_since(*number as u32, after)
    })
}

/// The lines written after a moment, by time, as they are printed.
pub fn lines_after(view: &View, args: &Args, sources: &[(PodId, usize)], after: Instant) -> String {
    let Ok(wanted) = Wanted::read(view, args) else {
        return String::new();
    };
    let mut lines = Vec::new();
    for (id, number) in sources {
        let pod = view.cluster.pod_up_to_date(*id);
        for line in pod.world.log(*number as u32, false) {
            if line.at > after && line.at <= view.now {
                let mut text = String::new();
                wanted.print(view, &line, &mut text);
                if wanted.prefix {
                    text = prefixed(view, (*id, *number), &text);
                }
                lines.push((line.at, text));
            }
        }
    }
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().map(|(_, text)| text).collect()
}

impl Wanted {
    fn read(view: &View, args: &Args) -> Result<Wanted, Failure> {
        let mut tail = args.number("tail");
        if args.get("selector").is_some() {
            tail = tail.or(Some(SELECTED_TAIL));
        }
        let limit = args.number("limit-bytes").filter(|limit| *limit > 0);
        Ok(Wanted {
            previous: args.is_on("previous"),
            tail: tail.and_then(|tail| usize::try_from(tail).ok()),
            limit: limit.and_then(|limit| usize::try_from(limit).ok()),
            start: start(view, args)?,
            timestamps: args.is_on("timestamps"),
            prefix: args.is_on("prefix") || args.is_on("all-pods"),
        })
    }

    /// A line as the kubelet sends it.
    fn print(&self, view: &View, line: &LogText, out: &mut String) {
        if self.timestamps {
            let start = view.cluster.start_unix_secs;
            out.push_str(&Stamp::exact(line.at).rfc3339_digits(start, 9));
            out.push(' ');
        }
        out.push_str(&line.text);
        out.push('\n');
    }
}

/// Lines with the container that they come from, which kubectl adds to what it is sent.
fn prefixed(view: &View, (id, number): (PodId, usize), text: &str) -> String {
    let pod = view.pod(id);
    let name = pod.spec.container(number).map_or("", |c| c.name.as_str());
    let lines = text.split_inclusive('\n');
    lines
        .map(|line| format!("[pod/{}/{name}] {line}", pod.name))
        .collect()
}

/// LOG-03: a Pod that is not there is told in other words.
fn lost(view: &View, failure: Failure) -> Failure {
    let line = failure.line();
    let missing = line.trim_end();
    match missing.strip_prefix("Error from server (NotFound): ") {
        Some(missing) => Failure::client(format!(
            "error from server (NotFound): {missing} in namespace \"{}\"",
            view.namespace
        )),
        None => failure,
    }
}

/// Which instance's log is meant (LOG-05).
enum Run {
    Newest,
    Previous,
    /// Its files are gone (RUN-09); it ended then.
    Gone(Instant),
}

fn choose(view: &View, id: PodId, number: usize, previous: bool) -> Result<Option<Run>, Failure> {
    let pod = view.pod(id);
    let name = pod.spec.container(number).map_or("", |c| c.name.as_str());
    let refuse = |text: String| {
        let text = format!("container \"{name}\" in pod \"{}\" {text}", pod.name);
        Err(Failure::server("BadRequest", text))
    };
    if pod.node.is_none() {
        return Ok(None);
    }
    let Some(status) = pod.status.containers.get(number) else {
        return refuse("is not available".to_owned());
    };
    if previous {
        return match (&status.state, status.last) {
            (_, None) => {
                let text = format!(
                    "previous terminated container \"{name}\" in pod \"{}\" not found",
                    pod.name
                );
                Err(Failure::server("BadRequest", text))
            }
            (ContainerState::Running { .. }, Some(_)) => Ok(Some(Run::Previous)),
            (ContainerState::Terminated(_), Some(last)) => Ok(Some(Run::Gone(last.finished_at))),
            (ContainerState::Waiting { .. }, Some(_)) => Ok(Some(Run::Newest)),
        };
    }
    match &status.state {
        ContainerState::Running { .. } | ContainerState::Terminated(_) => Ok(Some(Run::Newest)),
        ContainerState::Waiting { .. } if has_run(status) => Ok(Some(Run::Newest)),
        ContainerState::Waiting { reason, .. } => refuse(match reason {
            WaitingReason::ErrImagePull => "is waiting to start: image can't be pulled".to_owned(),
            WaitingReason::ImagePullBackOff => {
                "is waiting to start: trying and failing to pull image".to_owned()
            }
            reason => format!("is waiting to start: {}", reason.name()),
        }),
    }
}

fn has_run(status: &ContainerStatus) -> bool {
    status.last.is_some()
}

fn log(view: &View, id: PodId, number: usize, wanted: &Wanted) -> Result<String, Failure> {
    let pod = view.pod(id);
    if let Start::Never = wanted.start {
        return Err(Failure::plain(format!(
            "The PodLogOptions \"{}\" is invalid: sinceSeconds: Invalid value: 0: must be greater \
             than 0",
            pod.name
        )));
    }
    let Some(run) = choose(view, id, number, wanted.previous)? else {
        return Ok(String::new());
    };
    let newest = view.cluster.pod_up_to_date(id);
    let lines = match run {
        Run::Newest => newest.world.log(number as u32, false),
        Run::Previous => pod.world.log(number as u32, true),
        Run::Gone(at) => {
            let id = container_id(pod, number, at.as_secs() as u32);
            return Ok(format!("unable to retrieve container logs for {id}"));
        }
    };
    let recent = |line: &&LogText| match wanted.start {
        Start::At(since) => line.at >= since,
        _ => true,
    };
    let lines: Vec<&LogText> = lines.iter().filter(recent).collect();
    let from = wanted
        .tail
        .map_or(0, |tail| lines.len().saturating_sub(tail));
    let mut text = String::new();
    for line in &lines[from..] {
        wanted.print(view, line, &mut text);
    }
    if let Some(mut limit) = wanted.limit.filter(|limit| *limit < text.len()) {
        while !text.is_char_boundary(limit) {
            limit -= 1;
        }
        text.truncate(limit);
    }
    if wanted.prefix {
        text = prefixed(view, (id, number), &text);
    }
    Ok(text)
}
