//! Images whose program is data: one table entry an image, run by the server of
//! `server/generic.rs`.
//! Each image's file says where its figures come from.

use super::{
    root, words, CpuCost, ImageBehaviour, ImageSpec, OnStop, Otherwise, Route, Userland, Write,
    PATH,
};
use crate::container::filesystem::Binary;
use crate::container::image::RouteAnswer;
use crate::container::log::RequestFormat;
use crate::container::signal::Signal;
use crate::time::Duration;
use std::sync::Arc;

/// One application image.
#[derive(Debug)]
pub struct Application {
    pub names: &'static [&'static str],
    pub size_bytes: u64,
    /// Path of the program.
    pub program: &'static str,
    /// Its arguments.
    pub args: &'static [&'static str],
    /// Started through `docker-entrypoint.sh`.
    pub entrypoint: bool,
    /// One of these variables must be set, or the entrypoint gives up with the text.
    pub requires: &'static [&'static str],
    pub complaint: &'static str,
    pub files: &'static [(&'static str, &'static str)],
    /// Program beside it that asks whether the server is up.
    pub client: Option<&'static str>,
    pub writes: &'static [Write],
    /// Directories that are there for whoever writes, with their permissions.
    pub open: &'static [(&'static str, u16)],
    pub port: u16,
    /// Of its call of listen.
    pub backlog: u32,
    pub startup_ms: u32,
    /// Last line of the log before it listens.
    pub says: &'static str,
    /// Path and status; a text where it redirects.
    pub routes: &'static [(&'static str, u16, &'static str)],
    pub otherwise: Otherwise,
    pub log: Option<RequestFormat>,
    pub stop_signal: Signal,
    /// How long it takes to stop, and the exit code.
    pub stop_ms: u32,
    pub exit_code: i32,
    pub memory_mib: u32,
    /// Growth with use, KiB/s, up to so many MiB.
    pub grow_kib_per_sec: u32,
    pub grow_mib_max: u32,
}

impl Application {
    pub const BASE: Application = Application {
        names: &[],
        size_bytes: 0,
        program: "",
        args: &[],
        entrypoint: false,
        requires: &[],
        complaint: "",
        files: &[],
        client: None,
        writes: &[],
        open: &[],
        port: 0,
        backlog: 511,
        startup_ms: 0,
        says: "",
        routes: &[],
        otherwise: Otherwise::Status(200),
        log: None,
        stop_signal: Signal::TERM,
        stop_ms: 0,
        exit_code: 0,
        memory_mib: 0,
        grow_kib_per_sec: 0,
        grow_mib_max: 0,
    };

    fn behaviour(&self) -> ImageBehaviour {
        let millis = |ms: u32| Duration::from_millis(u64::from(ms));
        let route = |&(path, status, location): &(&str, u16, &str)| Route {
            answer: RouteAnswer::Status {
                status,
                location: (!location.is_empty()).then(|| Arc::from(location)),
            },
            ..Route::status(path, status)
        };
        ImageBehaviour {
            startup: millis(self.startup_ms),
            listen: vec![self.port],
            backlog: self.backlog,
            routes: self.routes.iter().map(route).collect(),
            on_stop: OnStop::Exit {
                after: millis(self.stop_ms),
                code: self.exit_code,
                keeps_listening: false,
            },
            memory_bytes: u64::from(self.memory_mib) << 20,
            leak_bytes_per_sec: u64::from(self.grow_kib_per_sec) << 10,
            grow_bytes_max: u64::from(self.grow_mib_max) << 20,
            cpu: CpuCost::SMALL,
            stop_signal: Some(self.stop_signal),
            otherwise: self.otherwise,
            says: self.says,
            log: self.log,
            ..ImageBehaviour::default()
        }
    }

    /// The image.
    pub fn spec(&'static self) -> ImageSpec {
        let mut root = root::Builder::over(&root::debian())
            .parents(self.program)
            .binary(self.program, Binary::Generic);
        for (path, text) in self.files {
            root = root.parents(path).file(path, text);
        }
        for (path, mode) in self.open {
            root = root.parents(path).open(path, *mode);
        }
        if self.entrypoint {
            root = root.binary(ENTRYPOINT, Binary::Entrypoint);
        }
        if let Some(client) = self.client {
            root = root.binary(&format!("/usr/bin/{client}"), Binary::Applets);
        }
        let mut image = ImageSpec::base(self.names, self.size_bytes, root.done());
        if self.entrypoint {
            image.entrypoint = words(&[ENTRYPOINT]);
        }
        let directory = self.program.strip_suffix(self.name()).unwrap_or_default();
        let path = format!("{}:{PATH}", directory.trim_end_matches('/'));
        image.env = vec![("PATH".to_string(), path)];
        image.cmd = words(&[self.name()]);
        image.cmd.extend(words(self.args));
        image.exposed = vec![self.port];
        image.stop_signal = self.stop_signal;
        image.userland = Userland::Gnu;
        image.behaviour = Some(Arc::new(self.behaviour()));
        image.application = Some(self);
        image.writes = self.writes;
        image
    }

    /// Name of the program, without its directory.
    pub fn name(&self) -> &'static str {
        self.program.rsplit('/').next().unwrap_or(self.program)
    }
}

const ENTRYPOINT: &str = "/usr/local/bin/docker-entrypoint.sh";
