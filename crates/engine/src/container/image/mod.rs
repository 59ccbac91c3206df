//! The image catalogue: what an image contains and how its program behaves. One file an image.

mod agnhost;
mod alpine;
mod application;
mod behaviour;
mod busybox;
mod curl;
mod debian;
mod describe;
mod described;
mod goproxy;
mod httpd;
mod mysql;
mod nginx;
mod node_server;
mod overlay;
mod pause;
mod postgres;
mod probe_lab;
mod redis;
pub mod reference;
mod root;
mod squid;
mod tomcat;
mod unknown;
mod wordpress;
mod write;

pub use application::Application;
pub use behaviour::{
    CpuCost, ExitAfter, GrpcEntry, ImageBehaviour, OnStop, Otherwise, Route, RouteAnswer,
};
pub use describe::describe;
pub use described::resolve_with;
pub use overlay::Overlay;
pub use write::Write;

use super::filesystem::Layer;
use super::signal::Signal;
use std::sync::{Arc, OnceLock};

/// Which programs the image's commands are: their texts differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Userland {
    BusyBox,
    /// GNU coreutils, as in Debian.
    Gnu,
}

/// What a container of the image runs if nobody says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// A program that listens.
    Server,
    /// A shell: it listens only through what it is told to start.
    Shell,
    /// A program that waits for signals.
    Waiter,
}

/// An image: files, default command, behaviour.
#[derive(Clone, Debug)]
pub struct ImageSpec {
    /// Names it is known by; the tag counts. Empty for images the catalogue does not know.
    pub names: Vec<&'static str>,
    pub size_bytes: u64,
    pub entrypoint: Vec<String>,
    pub cmd: Vec<String>,
    pub env: Vec<(String, String)>,
    pub working_dir: String,
    /// STOPSIGNAL (TRM-05).
    pub stop_signal: Signal,
    pub user: u32,
    pub exposed: Vec<u16>,
    pub userland: Userland,
    pub runs: Runs,
    /// Read-only files of the image.
    pub root: Arc<Layer>,
    /// Port that the image's nginx is configured for.
    pub port: u16,
    /// What its server does, for images whose program is data.
    pub behaviour: Option<Arc<ImageBehaviour>>,
    /// What a Scenario document says of it, for images whose program is code.
    pub overlay: Option<Arc<Overlay>>,
    /// What is known of it besides, for applications.
    pub application: Option<&'static Application>,
    /// The recorded cluster's registry has it.
    pub is_recorded: bool,
    /// Version of `probe-lab` that knows `--plan`.
    pub with_plan: bool,
    /// What its server writes when it begins, in this order.
    pub writes: &'static [Write],
}

impl ImageSpec {
    /// An image with BusyBox's files, to be completed.
    fn base(names: &[&'static str], size_bytes: u64, root: Arc<Layer>) -> ImageSpec {
        ImageSpec {
            names: names.to_vec(),
            size_bytes,
            entrypoint: Vec::new(),
            cmd: Vec::new(),
            env: vec![("PATH".to_string(), PATH.to_string())],
            working_dir: "/".to_string(),
            stop_signal: Signal::TERM,
            user: 0,
            exposed: Vec::new(),
            userland: Userland::BusyBox,
            runs: Runs::Server,
            root,
            port: 0,
            behaviour: None,
            overlay: None,
            application: None,
            is_recorded: true,
            with_plan: false,
            writes: &[],
        }
    }
}

/// `PATH` of every image.
pub const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| word.to_string()).collect()
}

/// Images whose program is data.
static APPLICATIONS: &[Application] = &[
    httpd::HTTPD,
    tomcat::TOMCAT,
    tomcat::TOMCAT_WITH_ROOT,
    mysql::MYSQL,
    postgres::POSTGRES,
    redis::REDIS,
    wordpress::WORDPRESS,
];

/// The catalogue's files, each with the images of one kind.
static FAMILIES: [fn() -> Vec<ImageSpec>; 12] = [
    busybox::specs,
    alpine::specs,
    curl::specs,
    debian::specs,
    agnhost::specs,
    node_server::specs,
    goproxy::specs,
    probe_lab::specs,
    nginx::specs,
    squid::specs,
    pause::specs,
    applications,
];

fn applications() -> Vec<ImageSpec> {
    let specs = APPLICATIONS.iter().map(|application| ImageSpec {
        is_recorded: false,
        ..application.spec()
    });
    specs.collect()
}

/// Every image, in the catalogue's order; a family is put together when it is looked at.
fn catalogue() -> impl Iterator<Item = &'static Arc<ImageSpec>> {
    static READY: [OnceLock<Vec<Arc<ImageSpec>>>; FAMILIES.len()] =
        [const { OnceLock::new() }; FAMILIES.len()];
    FAMILIES.iter().zip(&READY).flat_map(|(specs, ready)| {
        ready.get_or_init(|| specs().into_iter().map(Arc::new).collect())
    })
}

/// The image of a name, if the catalogue knows it: the exact name first, then its repository
/// with any tag.
pub fn lookup(name: &str) -> Option<Arc<ImageSpec>> {
    let (repository, tag) = split_tag(short_name(name));
    let exact = format!("{repository}:{tag}");
    catalogue()
        .find(|image| image.names.iter().any(|n| *n == exact))
        .or_else(|| {
            catalogue().find(|image| image.names.iter().any(|n| split_tag(n).0 == repository))
        })
        .cloned()
}

/// The image of a name, or a well-behaved server if the catalogue does not know it. The second
/// value says whether it is known.
pub fn resolve(name: &str) -> (Arc<ImageSpec>, bool) {
    static UNKNOWN: OnceLock<Arc<ImageSpec>> = OnceLock::new();
    match lookup(name) {
        Some(image) => (image, true),
        None => (
            UNKNOWN.get_or_init(|| Arc::new(unknown::spec())).clone(),
            false,
        ),
    }
}

/// Whether the recorded cluster holds the repository and this very tag.
pub fn has_tag(name: &str) -> bool {
    let (repository, tag) = split_tag(short_name(name));
    let exact = format!("{repository}:{tag}");
    catalogue().any(|image| image.is_recorded && image.names.iter().any(|n| *n == exact))
}

/// Whether two names mean the same image.
pub fn is_same_name(one: &str, other: &str) -> bool {
    split_tag(short_name(one)) == split_tag(short_name(other))
}

/// Name without the default registry and its `library/`.
pub fn short_name(name: &str) -> &str {
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name)
}

/// Repository and tag; `latest` if none is written, a digest is dropped.
pub fn split_tag(name: &str) -> (&str, &str) {
    let name = name.split('@').next().unwrap_or(name);
    let slash = name.rfind('/').map_or(0, |at| at + 1);
    match name[slash..].find(':') {
        Some(colon) => (&name[..slash + colon], &name[slash + colon + 1..]),
        None => (name, "latest"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_images() {
        assert_eq!(lookup("nginx").unwrap().port, 80);
        assert_eq!(lookup("docker.io/library/nginx:1.27").unwrap().port, 80);
        assert_eq!(lookup("nginx-8081:v1").unwrap().port, 8081);
        assert_eq!(lookup("busybox").unwrap().size_bytes, 2_140_881);
        assert!(lookup("registry.example/checkout:1.4").is_none());
        assert!(!resolve("registry.example/checkout:1.4").1);
        assert_eq!(split_tag("host:5000/a/b"), ("host:5000/a/b", "latest"));
    }
}
