//! `PodWorld`: everything that runs in one Pod, behind methods that take `now`.

use super::accept_queue::AcceptQueue;
use super::cpu::{Cpu, PodSlices};
use super::faults::{GrpcOverride, HttpOverride, PortFault};
use super::filesystem::{Content, Errno, FsView, Generation, Mounted, Node, Tree};
use super::log::{LogBuffer, LogText};
use super::machine::{Machine, MachineState};
use super::memory::{self, MemoryUse};
use super::process::{Environment, Program};
use super::server::{Act, Place};
use super::setup::{ContainerSetup, StartError, Volume, WorldEvent};
use super::shell::applet::id::group_of_user;
use super::signal::Signal;
use super::spawn::LoadError;
use super::wall_clock::WallClock;
use crate::scenario::DependencySpec;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// A TCP socket that listens in the Pod's network namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    pub port: u16,
    pub container: u32,
    pub pid: u32,
    pub loopback: bool,
}

/// One Pod's network namespace, volumes and containers. Plain data: clone it to keep a moment.
#[derive(Clone, Debug, Default)]
pub struct PodWorld {
    pub(crate) clock: WallClock,
    pub(crate) place: Arc<Place>,
    pub(crate) machines: Vec<Option<Arc<Machine>>>,
    pub(crate) volumes: Vec<Volume>,
    /// Of the CPU time that the whole Pod may use.
    pub(crate) slices: PodSlices,
    pub(crate) listeners: Vec<Listener>,
    /// Ports that other Pods have, on a network that is theirs, too.
    pub(crate) taken_ports: Vec<u16>,
    pub(crate) http_overrides: Vec<HttpOverride>,
    pub(crate) grpc_overrides: Vec<GrpcOverride>,
    pub(crate) port_faults: Vec<PortFault>,
    /// Containers whose servers accept and never answer.
    pub(crate) hung: Vec<u32>,
    pub(crate) accept_queues: Vec<AcceptQueue>,
    pub(crate) generation: Generation,
    pub(crate) disk_full: bool,
    /// Dependencies outside the cluster: names, and whether they are up.
    pub(crate) dependencies: Arc<Vec<DependencySpec>>,
    pub(crate) next_exec: u32,
    pub(crate) pending: Vec<WorldEvent>,
    /// What a server asked for and was not given yet; empty between calls.
    pub(crate) acts: Vec<Act>,
    /// Processes that ask somewhere else and were not heard yet.
    pub(crate) asks: Vec<super::ask::Asking>,
    /// The answer for the one that is run again.
    pub(crate) answered: Option<super::ask::AskAnswer>,
    /// Earliest moment at which something is due; kept up to date by every change.
    pub(crate) next: Option<Instant>,
}

impl PodWorld {
    /// An empty world. `unix_start_secs`: wall clock at `Instant::ZERO`.
    pub fn new(unix_start_secs: i64, place: Place) -> PodWorld {
        PodWorld {
            clock: WallClock { unix_start_secs },
            place: Arc::new(place),
            ..PodWorld::default()
        }
    }

    /// Host name and addresses, once the sandbox has them.
    pub fn set_place(&mut self, place: Place) {
        self.place = Arc::new(place);
    }

    /// The Pod is gone: nobody reads its files any more.
    pub fn forget_files(&mut self) {
        for machine in self.machines.iter_mut().flatten() {
            Arc::make_mut(machine).root = Tree::default();
        }
        for volume in &mut self.volumes {
            volume.tree = Tree::default();
        }
    }

    /// Adds a volume; gives its index for `Mount`.
    pub fn add_volume(&mut self, volume: Volume) -> u32 {
        self.volumes.push(volume);
        u32::try_from(self.volumes.len() - 1).unwrap_or(u32::MAX)
    }

    /// Replaces a volume's content, as the kubelet does when a ConfigMap changed.
    pub fn replace_volume(&mut self, index: u32, volume: Volume) {
        if let Some(slot) = self.volumes.get_mut(index as usize) {
            *slot = volume;
            self.generation.raise();
        }
    }

    /// Starts a new instance of a container: fresh writable layer, log kept as the previous one.
    pub fn start(
        &mut self,
        now: Instant,
        container: u32,
        setup: &Arc<ContainerSetup>,
    ) -> Result<(), StartError> {
        let slot = container as usize;
        if self.machines.len() <= slot {
            self.machines.resize(slot + 1, None);
        }
        let old = self.machines[slot].as_ref();
        let previous_log = old.map(|old| old.log.clone());
        let old_cpu = old.map(|old| old.cpu);
        self.listeners.retain(|l| l.container != container);
        self.set_hung(container, false);
        let uid = setup.user.unwrap_or(setup.image.user);
        let mut machine = Machine {
            setup: setup.clone(),
            state: MachineState::Running,
            started: now,
            env: Arc::new(self.environment(setup)),
            cwd: Arc::from(match setup.working_dir.as_str() {
                "" => working_dir(&setup.image.working_dir),
                dir => working_dir(dir),
            }),
            uid,
            gid: setup.group.unwrap_or_else(|| group_of_user(uid)),
            root: Tree::over(setup.image.root.clone()),
            mounts: Arc::default(),
            processes: Vec::new(),
            next_pid: 1,
            pipes: Vec::new(),
            next_pipe: 1,
            execs: Vec::new(),
            log: LogBuffer::default(),
            previous_log,
            extra_memory: MemoryUse::default(),
            cpu: Cpu::new(setup.cpu_limit_milli, old_cpu.as_ref()),
            oom_at: None,
            ending: None,
            found: Vec::new(),
            found_at: Generation::default(),
            random: setup.seed ^ now.0,
        };
        self.mount(&mut machine);
        self.machines[slot] = Some(Arc::new(machine));
        if !setup.termination_message_path.is_empty() {
            let path = setup.termination_message_path.clone();
            self.make_parents(now, container, &path);
            if let Some(mut files) = self.files(now, container, 0) {
                let _ = files.write("/", &path, b"");
                let _ = files.chmod(&path, 0o666);
            }
        }
        let argv = setup.argv();
        match self.spawn_first(now, container, &argv) {
            Ok(()) => {
                self.foretell_end(now, container);
                self.settle_memory(now, container);
                self.run_due(now);
                Ok(())
            }
            Err(error) => {
                if let Some(machine) = self.machine_mut(container) {
                    machine.state = MachineState::Exited {
                        at: now,
                        exit_code: 128,
                    };
                    machine.processes.clear();
                }
                self.refresh();
                Err(StartError {
                    exit_code: 128,
                    message: start_error_text(argv.first().map_or("", String::as_str), error),
                })
            }
        }
    }

    /// Whether a command or a request has left anything behind, compared with before. Log lines do
    /// not count.
    pub fn differs_from(&self, before: &PodWorld) -> bool {
        fn living(machine: &Machine) -> impl Iterator<Item = &super::process::Process> {
            machine.processes.iter().filter(|p| !p.is_zombie())
        }
        let same = |one: &Machine, other: &Machine| {
            one.state == other.state
                && living(one).count() == living(other).count()
                && living(one).zip(living(other)).all(|(one, other)| {
                    let server = match (&one.program, &other.program) {
                        (Program::Server(one), Program::Server(other)) => one == other,
                        _ => true,
                    };
                    one.pid == other.pid && one.stopped == other.stopped && server
                })
        };
        let pairs = self
            .machines
            .iter()
            .flatten()
            .zip(before.machines.iter().flatten());
        self.generation != before.generation
            || self.listeners != before.listeners
            || !pairs.into_iter().all(|(one, other)| same(one, other))
    }

    /// When `poll` has something to do; None: never, unless something is done to this world.
    pub fn poll_at(&self) -> Option<Instant> {
        self.next
    }

    /// Does everything due until `now` and hands over what happened.
    pub fn poll(&mut self, now: Instant, out: &mut Vec<WorldEvent>) {
        if self.next.is_some_and(|next| next <= now) {
            self.run_due(now);
        }
        out.append(&mut self.pending);
        self.refresh();
    }

    /// Sends a signal to a process. `from_host`: from outside the container's PID namespace, so
    /// that SIGKILL also ends PID 1 (RST-07).
    pub fn signal(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        signal: Signal,
        from_host: bool,
    ) {
        let _ = self.deliver(now, container, pid, signal, from_host);
        self.run_due(now);
    }

    /// The signal that stops the container politely (TRM-05).
    pub fn stop_signal(&self, container: u32) -> Signal {
        self.machine(container)
            .map_or(Signal::TERM, |m| m.setup.image.stop_signal)
    }

    /// Whether the container's first process lives.
    pub fn is_running(&self, container: u32) -> bool {
        self.machine(container).is_some_and(Machine::is_running)
    }

    /// When the instance started that is there.
    pub fn started_at(&self, container: u32) -> Option<Instant> {
        self.machine(container).map(|machine| machine.started)
    }

    /// Memory in use, bytes.
    pub fn memory_used(&self, now: Instant, container: u32) -> u64 {
        memory::total(&self.memory_uses(container), now)
    }

    /// Content of the termination message file, at most its last 4096 bytes (STS-20).
    pub fn termination_message(&mut self, now: Instant, container: u32) -> String {
        let Some(path) = self
            .machine(container)
            .map(|m| m.setup.termination_message_path.clone())
        else {
            return String::new();
        };
        let bytes = self
            .files(now, container, 0)
            .and_then(|files| files.read("/", &path).ok())
            .unwrap_or_default();
        let from = bytes.len().saturating_sub(4_096);
        String::from_utf8_lossy(&bytes[from..]).into_owned()
    }

    /// Log lines of the current (or last) instance, or of the one before.
    pub fn log(&self, container: u32, previous: bool) -> Vec<LogText> {
        let Some(machine) = self.machine(container) else {
            return Vec::new();
        };
        let log = match previous {
            false => Some(&machine.log),
            true => machine.previous_log.as_ref(),
        };
        log.map(|log| log.lines(self.clock)).unwrap_or_default()
    }

    /// Whether an instance before the current one has left a log.
    pub fn has_previous_log(&self, container: u32) -> bool {
        self.machine(container)
            .is_some_and(|m| m.previous_log.is_some())
    }

    /// End of the log for `FallbackToLogsOnError`: 80 lines or 2048 bytes (STS-20).
    pub fn log_tail(&self, container: u32) -> String {
        self.machine(container)
            .map(|m| m.log.tail(self.clock, 80, 2_048))
            .unwrap_or_default()
    }

    /// Ports that listen, with their containers; for pictures and `netstat`.
    pub fn listeners(&self) -> &[Listener] {
        &self.listeners
    }

    /// Content of a file as the container sees it; for pictures.
    pub fn file(&mut self, now: Instant, container: u32, path: &str) -> Option<Arc<Vec<u8>>> {
        self.files(now, container, 0)?.read("/", path).ok()
    }

    /// Whether a path exists in the container.
    pub fn file_exists(&mut self, now: Instant, container: u32, path: &str) -> bool {
        self.files(now, container, 0)
            .is_some_and(|files| files.exists("/", path))
    }

    pub(crate) fn machine(&self, container: u32) -> Option<&Machine> {
        self.machines.get(container as usize)?.as_deref()
    }

    pub(crate) fn machine_mut(&mut self, container: u32) -> Option<&mut Machine> {
        let slot = self.machines.get_mut(container as usize)?;
        slot.as_mut().map(Arc::make_mut)
    }

    /// The files of a container, for a user.
    pub(crate) fn files(&mut self, now: Instant, container: u32, uid: u32) -> Option<FsView<'_>> {
        let machine = self.machines.get_mut(container as usize)?.as_mut()?;
        let machine = Arc::make_mut(machine);
        Some(FsView {
            root: &mut machine.root,
            mounts: &machine.mounts,
            volumes: &mut self.volumes,
            generation: &mut self.generation,
            disk_full: self.disk_full,
            read_only_root: machine.setup.writable_only(),
            now,
            uid,
            gid: if uid == machine.uid { machine.gid } else { 0 },
            groups: &machine.setup.groups,
        })
    }

    /// How much longer an exec'd command takes because the container's CPU time is scarce.
    pub fn exec_delay(&mut self, now: Instant, container: u32) -> Duration {
        let limit = self.place.limits.cpu_milli;
        let mut slices = std::mem::take(&mut self.slices);
        let delay = self.machine_mut(container).map(|machine| {
            let pod = limit.map(|limit| (&mut slices, limit));
            machine.cpu.exec_delay(now, pod)
        });
        self.slices = slices;
        delay.unwrap_or(Duration::ZERO)
    }

    fn environment(&self, setup: &ContainerSetup) -> Environment {
        let mut env = Environment::new();
        env.insert("HOSTNAME".to_string(), self.place.hostname.to_string());
        env.insert("HOME".to_string(), "/root".to_string());
        for (name, value) in setup.image.env.iter().chain(&setup.env) {
            env.insert(name.clone(), value.clone());
        }
        env
    }

    /// Mount points need directories (or files) to sit on.
    fn mount(&mut self, machine: &mut Machine) {
        let setup = machine.setup.clone();
        let mut mounts: Vec<Mounted> = Vec::new();
        for mount in &setup.mounts {
            let inner = match mount.sub_path.trim_matches('/') {
                "" => "/".to_string(),
                sub => format!("/{sub}"),
            };
            let path = machine.root.through_links(&mount.path);
            if path.is_empty() {
                continue;
            }
            let inner = match self.volumes.get_mut(mount.volume as usize) {
                Some(volume) if inner != "/" => sub_path(volume, inner),
                _ => inner,
            };
            make_directories(&mut machine.root, &path);
            mounts.push(Mounted {
                path,
                volume: mount.volume,
                inner,
                read_only: mount.read_only,
            });
        }
        let cwd = machine.cwd.clone();
        make_directories(&mut machine.root, &cwd);
        machine.mounts = Arc::new(mounts);
        self.generation.raise();
    }

    pub(crate) fn make_parents(&mut self, _now: Instant, container: u32, path: &str) {
        let parent = super::filesystem::parent(path).to_string();
        if let Some(machine) = self.machine_mut(container) {
            make_directories(&mut machine.root, &parent);
        }
    }
}

/// Where a `subPath` is in its volume; directories that are missing are made like the volume's own.
#[inline(never)]
fn sub_path(volume: &mut Volume, path: String) -> String {
    // What the kubelet writes lies behind two links.
    let path = volume.tree.through_links(&volume.tree.through_links(&path));
    let own = volume.tree.get("/").cloned();
    let own = own.unwrap_or_else(|| Node::directory(0o755));
    let mut end = 0;
    while end < path.len() {
        let next = path[end + 1..].find('/');
        end = next.map_or(path.len(), |at| end + 1 + at);
        if volume.tree.get(&path[..end]).is_none() {
            volume.tree.put(&path[..end], own.clone());
        }
    }
    path
}

/// A working directory without its final slash.
fn working_dir(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    }
}

/// Creates a path's directories where nothing is yet. Links on the way are taken as they are.
fn make_directories(root: &mut Tree, path: &str) {
    let mut at = 0;
    while at < path.len() && path.len() > 1 {
        let end = path[at + 1..].find('/').map_or(path.len(), |e| at + 1 + e);
        let part = &path[..end];
        match root.get(part).map(|node| &node.content) {
            None => root.put(part, Node::directory(0o755)),
            Some(Content::Symlink(_)) => return,
            Some(_) => {}
        }
        at = end;
    }
}

/// The runtime's text for a program that cannot be started (BKO-20).
fn start_error_text(program: &str, error: LoadError) -> String {
    format!(
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: \
         runc create failed: unable to start container process: error during container init: {}",
        load_error_text(program, error)
    )
}

/// `exec: "nosuch": executable file not found in $PATH` and its relatives.
pub(crate) fn load_error_text(program: &str, error: LoadError) -> String {
    match error {
        LoadError::NotInPath => {
            format!("exec: \"{program}\": executable file not found in $PATH")
        }
        LoadError::File(Errno::NoEntry) => {
            format!("exec: \"{program}\": stat {program}: no such file or directory")
        }
        LoadError::File(Errno::IsDirectory) => format!("exec: \"{program}\": is a directory"),
        LoadError::File(Errno::ExecFormat) => format!("exec {program}: exec format error"),
        LoadError::File(_) => format!("exec: \"{program}\": permission denied"),
    }
}
