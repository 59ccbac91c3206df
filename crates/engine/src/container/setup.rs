//! What a container is started with, and what its world reports back.

use super::filesystem::{Content, Node, Tree};
use super::image::ImageSpec;
use super::signal::Signal;
use crate::time::Instant;
use std::sync::Arc;

/// A volume of the Pod. It outlives every container instance.
#[derive(Clone, Debug)]
pub struct Volume {
    pub tree: Tree,
}

impl Volume {
    /// An `emptyDir`.
    pub fn empty() -> Volume {
        Volume {
            tree: Tree::empty(0o777),
        }
    }

    /// Files by name (relative, `/` allowed) and bytes, all with the same permissions.
    pub fn files<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>, mode: u16) -> Volume {
        let mut tree = Tree::empty(0o755);
        for (name, bytes) in files {
            put_file(&mut tree, "", name, Node::file(bytes, mode));
        }
        Volume { tree }
    }

    /// A volume that the kubelet writes from objects, as its writer lays it out, so that all files
    /// change at once: they lie in a directory named after the moment, `..data` is a link to that,
    /// and what a container sees by name are links through `..data`. Source:
    /// kubernetes.io/docs/concepts/configuration/configmap, "Mounted ConfigMaps are updated
    /// automatically", and its directories as `ls -la` shows them.
    #[inline(never)]
    pub fn written(files: Vec<(String, Node)>, stamp: &str, in_memory: bool) -> Volume {
        let mut tree = Tree::empty(if in_memory { 0o1777 } else { 0o777 });
        let moment = ["..", stamp].concat();
        tree.put(&["/", &moment].concat(), Node::directory(0o755));
        let link = |target: &str| Node::new(Content::Symlink(target.into()), 0o777);
        tree.put("/..data", link(&moment));
        for (name, node) in files {
            let first = name.split('/').next().unwrap_or(&name);
            tree.put(&["/", first].concat(), link(&["..data/", first].concat()));
            put_file(&mut tree, &["/", &moment].concat(), &name, node);
        }
        Volume { tree }
    }
}

/// A file with the directories on its way.
fn put_file(tree: &mut Tree, under: &str, name: &str, node: Node) {
    let mut at = 0;
    while let Some(slash) = name[at..].find('/') {
        let directory = [under, "/", &name[..at + slash]].concat();
        tree.put(&directory, Node::directory(0o755));
        at += slash + 1;
    }
    tree.put(&[under, "/", name].concat(), node);
}

/// One `volumeMounts` entry, resolved to a volume of the Pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Index from `PodWorld::add_volume`.
    pub volume: u32,
    /// `mountPath`, absolute.
    pub path: String,
    /// `subPath`, empty for the whole volume.
    pub sub_path: String,
    pub read_only: bool,
}

/// Everything a container is started with; shared between instances.
#[derive(Clone, Debug)]
pub struct ContainerSetup {
    pub image: Arc<ImageSpec>,
    /// `command`, `$(VAR)` already expanded. None: the image's entrypoint.
    pub command: Option<Vec<String>>,
    /// `args`, `$(VAR)` already expanded. None: the image's, unless `command` is given.
    pub args: Option<Vec<String>>,
    /// Resolved environment, in order; later names win. The image's come before.
    pub env: Vec<(String, String)>,
    /// `workingDir`; empty: the image's.
    pub working_dir: String,
    pub mounts: Vec<Mount>,
    /// Bytes; None: no limit.
    pub memory_limit: Option<u64>,
    /// What the kernel leaves it of a whole Pod's memory before it looks for who has too much.
    pub memory_spared: u64,
    /// Thousandths of a core; None: no limit.
    pub cpu_limit_milli: Option<u32>,
    /// Declared container ports and the ports that probes name: where the server of an unknown
    /// image listens.
    pub ports: Vec<u16>,
    /// `terminationMessagePath`.
    pub termination_message_path: String,
    /// `runAsUser`; None: the image's.
    pub user: Option<u32>,
    /// `runAsGroup`; None: root's, or that of the image's user.
    pub group: Option<u32>,
    /// The groups it is in besides: `fsGroup` and `supplementalGroups`.
    pub groups: Vec<u32>,
    /// `readOnlyRootFilesystem`: only volumes can be written to.
    pub read_only_root: bool,
    /// Seed of everything random inside (`$RANDOM`).
    pub seed: u64,
}

impl ContainerSetup {
    /// A container of this image with nothing overridden.
    pub fn of(image: Arc<ImageSpec>) -> ContainerSetup {
        ContainerSetup {
            image,
            command: None,
            args: None,
            env: Vec::new(),
            working_dir: String::new(),
            mounts: Vec::new(),
            memory_limit: None,
            memory_spared: 0,
            cpu_limit_milli: None,
            ports: Vec::new(),
            termination_message_path: "/dev/termination-log".to_string(),
            user: None,
            group: None,
            groups: Vec::new(),
            read_only_root: false,
            seed: 0,
        }
    }

    /// Where the root is read-only: the one file in it that is mounted.
    pub fn writable_only(&self) -> Option<&str> {
        self.read_only_root
            .then_some(&*self.termination_message_path)
    }

    /// Command and arguments as the runtime gets them: `command` replaces the image's
    /// entrypoint and drops its arguments, `args` replaces the arguments.
    pub fn argv(&self) -> Vec<String> {
        let mut argv = Vec::new();
        match &self.command {
            Some(command) if !command.is_empty() => argv.extend(command.iter().cloned()),
            _ => argv.extend(self.image.entrypoint.iter().cloned()),
        }
        match &self.args {
            Some(args) if !args.is_empty() => argv.extend(args.iter().cloned()),
            _ if self.command.as_ref().is_some_and(|c| !c.is_empty()) => {}
            _ => argv.extend(self.image.cmd.iter().cloned()),
        }
        argv
    }
}

/// Why the runtime could not start a container (BKO-20).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartError {
    /// 128.
    pub exit_code: i32,
    /// The runtime's text.
    pub message: String,
}

/// An exec session of a Pod, counted from 0 over the Pod's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExecId(pub u32);

/// What an exec'd command left.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ExecResult {
    pub exit_code: i32,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl ExecResult {
    /// Standard output, then standard error, as probes and hooks see it (HDL-20), not cut.
    pub fn output(&self) -> String {
        let mut text = String::from_utf8_lossy(&self.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&self.stderr));
        text
    }
}

/// Answer to `PodWorld::exec`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExecStart {
    /// Running; `WorldEvent::ExecFinished` follows when the process and all that hold its output
    /// have ended.
    Started(ExecId),
    /// Ended at once; no event follows.
    Finished(ExecResult),
    /// No such program; the text after `OCI runtime exec failed: ` (HDL-22).
    NotFound(String),
    /// The container is not running; the text after `failed to exec in container: ` (HDL-23).
    NotRunning(&'static str),
}

/// What happened inside since the last poll, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorldEvent {
    /// The container's first process ended, and everything in it.
    Exited {
        container: u32,
        at: Instant,
        exit_code: i32,
        /// The signal it died of, if it did.
        signal: Option<Signal>,
        /// Killed because the memory limit was exceeded.
        oom: bool,
    },
    ExecFinished {
        exec: ExecId,
        container: u32,
        at: Instant,
        result: ExecResult,
    },
    /// A process opened or closed a TCP port.
    Listening {
        container: u32,
        at: Instant,
        port: u16,
        open: bool,
    },
}
