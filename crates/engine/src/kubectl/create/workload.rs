//! `kubectl create deployment` and `create job`.

use super::{made, name, Made};
use crate::kubectl::args::{Args, Flags};
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::{value, whole_32, GENERATE, NONE};
use crate::kubectl::item;
use crate::kubectl::output::{list, map, Map};
use crate::kubectl::resource::{self, of_kind};
use crate::kubectl::view::View;
use crate::kubectl::{Output, Verb};

pub const DEPLOYMENT: Verb = Verb::new(
    "create deployment",
    "Create a deployment with the specified name",
    &[
        GENERATE,
        &[
            value("image", NONE).required(),
            whole_32("port", NONE),
            whole_32("replicas", 'r'),
        ],
    ],
    deployment,
);

const JOB_FLAGS: Flags = &[GENERATE, &[value("image", NONE), value("from", NONE)]];

pub const JOB: Verb = Verb::new(
    "create job",
    "Create a job with the specified name",
    JOB_FLAGS,
    job,
);

pub const CRON_JOB: Verb = Verb::new(
    "create cronjob",
    "Create a cron job with the specified name",
    &[
        GENERATE,
        &[
            value("image", NONE).required(),
            value("restart", NONE),
            value("schedule", NONE).required(),
        ],
    ],
    cron_job,
);

/// The name of an image without registry, tag and digest, which its container gets.
fn base(image: &str) -> &str {
    let last = image.rsplit('/').next().unwrap_or(image);
    last.split([':', '@']).next().unwrap_or(last)
}

fn deployment(view: &View, args: &Args) -> Result<Output, Failure> {
    let images: Vec<&str> = args
        .all("image")
        .filter(|images| !images.is_empty())
        .flat_map(|images| images.split(','))
        .collect();
    let name = name("create deployment", args)?;
    let command = args.command.clone().unwrap_or_default();
    if images.len() > 1 && !command.is_empty() {
        let text = "cannot specify multiple --image options and command";
        return Err(Failure::client(text));
    }
    let replicas = args.number("replicas").unwrap_or(1);
    let port = args.number("port");
    let labels = || map().set("app", name);
    let container = |image: &str| -> Map {
        let ports = port.map(|port| map().set("containerPort", port));
        map()
            .some("command", list(command.clone()))
            .set("image", image)
            .set("name", base(image))
            .some("ports", list(ports))
            .set("resources", map())
    };
    let containers = list(images.iter().map(|image| container(image)));
    let template = map()
        .set("metadata", map().set("labels", labels()))
        .set("spec", map().set("containers", containers));
    let spec = map()
        .set("replicas", replicas)
        .set("selector", map().set("matchLabels", labels()))
        .set("strategy", map())
        .set("template", template);
    let meta = map().set("labels", labels()).set("name", name);
    let object = Made {
        kind: "Deployment",
        name,
        word: "created",
        dry_word: "created",
        before: "failed to create deployment: ".into(),
        object: map()
            .set("metadata", meta)
            .set("spec", spec)
            .set("status", map()),
    };
    made(view, args, object)
}

fn job(view: &View, args: &Args) -> Result<Output, Failure> {
    let name = name("create job", args)?;
    let image = match (args.get("image"), args.get("from")) {
        (Some(image), None) => image,
        (None, Some(from)) => return Err(from_cron_job(view, args, from)),
        _ => {
            let text = "either --image or --from must be specified";
            return Err(Failure::client(text));
        }
    };
    let container = map()
        .some("command", list(args.command.clone().unwrap_or_default()))
        .set("image", image)
        .set("name", name)
        .set("resources", map());
    let pod = map()
        .set("containers", list([container]))
        .set("restartPolicy", "Never");
    let template = map().set("metadata", map()).set("spec", pod);
    let object = Made {
        kind: "Job",
        name,
        word: "created",
        dry_word: "created",
        before: "failed to create job: ".into(),
        object: map()
            .set("metadata", map().set("name", name))
            .set("spec", map().set("template", template))
            .set("status", map()),
    };
    made(view, args, object)
}

fn cron_job(view: &View, args: &Args) -> Result<Output, Failure> {
    let name = name("create cronjob", args)?;
    let container = map()
        .some("command", list(args.command.clone().unwrap_or_default()))
        .set("image", args.get("image").unwrap_or(""))
        .set("name", name)
        .set("resources", map());
    let restart = args.given("restart");
    let pod = map()
        .set("containers", list([container]))
        .set("restartPolicy", restart.unwrap_or("OnFailure"));
    let template = map().set("metadata", map()).set("spec", pod);
    let job = map()
        .set("metadata", map().set("name", name))
        .set("spec", map().set("template", template));
    let schedule = args.get("schedule").unwrap_or("");
    let object = Made {
        kind: "CronJob",
        name,
        word: "created",
        dry_word: "created",
        before: "failed to create cronjob: ".into(),
        object: map()
            .set("metadata", map().set("name", name))
            .set(
                "spec",
                map().set("jobTemplate", job).set("schedule", schedule),
            )
            .set("status", map()),
    };
    made(view, args, object)
}

/// CronJobs are not simulated, so that there is none to take.
fn from_cron_job(view: &View, args: &Args, from: &str) -> Failure {
    if args.command.is_some() {
        return Failure::client("cannot specify --from and command");
    }
    let (kind, name) = from.split_once('/').unwrap_or(("cronjobs", from));
    let found = resource::find(kind).and_then(|resource| item::find(view, resource, name));
    match found {
        Ok(_) => Failure::client("from must be an existing cronjob"),
        Err(_) if resource::find(kind).is_ok_and(|r| r.kind == "CronJob") => {
            Failure::not_found(of_kind("CronJob"), name)
        }
        Err(failure) => failure,
    }
}
