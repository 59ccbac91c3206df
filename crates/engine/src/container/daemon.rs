//! Commands that steer a running daemon: `nginx -s`, `squid -k`.

use super::image::Overlay;
use super::process::{Process, Program};
use super::server::flask::Flask;
use super::server::squid::PID_FILE;
use super::server::{squid, Server};
use super::signal::Signal;
use super::spawn::{LoadError, Ran};
use super::world::PodWorld;
use crate::time::Instant;

impl PodWorld {
    /// `nginx -s quit|stop|reload|reopen`.
    pub(crate) fn signal_nginx(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        args: &[String],
    ) -> Ran {
        let at = args.iter().position(|a| a == "-s").unwrap_or(0);
        let wanted = args.get(at + 1).map_or("", String::as_str);
        let signal = match wanted {
            "quit" => Signal::QUIT,
            "stop" => Signal::TERM,
            "reload" => Signal::HUP,
            "reopen" => Signal(10),
            other => {
                let text = format!("nginx: invalid option: \"-s {other}\"\n");
                let _ = self.write_fd(now, container, pid, 2, text.as_bytes());
                return Ran::Ended(1);
            }
        };
        let stamp = self.clock.slashed(now);
        let master = self.machine(container).and_then(|m| {
            m.processes
                .iter()
                .find(
                    |p| matches!(&p.program, Program::Server(s) if matches!(s.own(), Server::Nginx(_))),
                )
                .map(|p| p.pid)
        });
        match master {
            Some(master) => {
                let text = format!("{stamp} [notice] {pid}#{pid}: signal process started\n");
                let _ = self.write_fd(now, container, pid, 2, text.as_bytes());
                // The command itself has returned before the master ends.
                self.end_process(now, container, pid, 0, None);
                let _ = self.deliver(now, container, master, signal, false);
                Ran::Stays
            }
            None => {
                let text = format!(
                    "{stamp} [notice] {pid}#{pid}: signal process started\n{stamp} [error] \
                     {pid}#{pid}: open() \"/run/nginx.pid\" failed (2: No such file or \
                     directory)\nnginx: [error] open() \"/run/nginx.pid\" failed (2: No such \
                     file or directory)\n"
                );
                let _ = self.write_fd(now, container, pid, 2, text.as_bytes());
                Ran::Ended(1)
            }
        }
    }

    /// `docker-entrypoint.sh`: the image's own program, unless it is told another.
    pub(crate) fn run_entrypoint(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        args: &[String],
    ) -> Result<Ran, LoadError> {
        let application = self
            .machine(container)
            .and_then(|m| m.setup.image.application);
        let Some(application) = application else {
            return Ok(Ran::Ended(1));
        };
        let mut argv = args.to_vec();
        if argv.first().is_none_or(|first| first.starts_with('-')) {
            argv.insert(0, application.name().to_string());
        }
        let env = self
            .caller(container, pid)
            .map(|c| c.env)
            .unwrap_or_default();
        let is_set = |name: &&str| env.get(*name).is_some_and(|value| !value.is_empty());
        let needs = application.requires;
        if argv[0] == application.name() && !needs.is_empty() && !needs.iter().any(is_set) {
            let _ = self.write_fd(now, container, pid, 2, application.complaint.as_bytes());
            return Ok(Ran::Ended(1));
        }
        Ok(self.execute_or_complain(now, container, pid, &argv))
    }

    /// Lets a health server that shells out do so before it answers.
    pub(crate) fn check_first(&mut self, now: Instant, container: u32, pid: u32, route: &str) {
        let is_flask = |process: &Process| match &process.program {
            Program::Server(server) => matches!(server.own(), Server::Flask(_)),
            _ => false,
        };
        let Some(argv) = self
            .machine(container)
            .and_then(|m| m.process(pid))
            .filter(|process| is_flask(process))
            .and_then(|_| Flask::command(route))
        else {
            return;
        };
        let Some(child) = self.fork(now, container, pid) else {
            return;
        };
        let code = match self.execute(now, container, child, &argv) {
            Ok(Ran::Ended(code)) => Some(code),
            Ok(Ran::Stays) | Err(_) => None,
        };
        self.end_process(now, container, child, code.unwrap_or(1), None);
        self.reap(container, child);
        if let Some(Program::Server(server)) = self
            .machine_mut(container)
            .and_then(|m| m.process_mut(pid))
            .map(|p| &mut p.program)
        {
            if let Server::Flask(flask) = server.own_mut() {
                flask.checked(code);
            }
        }
    }

    /// A process becomes the squid daemon, if it can write its PID file.
    pub(crate) fn start_squid(&mut self, now: Instant, container: u32, pid: u32) -> Ran {
        if let Some(code) = self.cannot_write(now, container, pid) {
            return Ran::Ended(code);
        }
        let image = self.machine(container).map(|m| m.setup.image.clone());
        let (port, own) = image.map_or((squid::PORT, 1), |image| {
            let port = Overlay::port(&image.overlay, 0, squid::PORT);
            (port, image.exposed.len().max(1))
        });
        let server = Box::new(Server::Squid(squid::Squid::new(port, now)));
        let server = self.laid_over(now, container, own, server);
        self.become_server(container, pid, server, &["squid", "-N"]);
        Ran::Stays
    }

    /// `squid -k check|shutdown|…`, or the daemon itself.
    pub(crate) fn run_squid(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        args: &[String],
    ) -> Ran {
        let Some(at) = args.iter().position(|a| a == "-k") else {
            return self.start_squid(now, container, pid);
        };
        let daemon = self
            .files(now, container, 0)
            .and_then(|files| files.read("/", PID_FILE).ok())
            .and_then(|bytes| String::from_utf8_lossy(&bytes).trim().parse::<u32>().ok());
        let Some(daemon) = daemon else {
            let stamp = self.clock.slashed(now);
            let text = format!(
                "{stamp}| FATAL: failed to open {PID_FILE}: (2) No such file or directory\n    \
                 exception location: File.cc(190) open\n"
            );
            let _ = self.write_fd(now, container, pid, 2, text.as_bytes());
            return Ran::Ended(1);
        };
        let signal = match args.get(at + 1).map_or("", String::as_str) {
            "check" => Signal(0),
            "shutdown" => Signal::TERM,
            "interrupt" => Signal::INT,
            "kill" => Signal::KILL,
            "reconfigure" => Signal::HUP,
            "rotate" => Signal(10),
            "debug" => Signal(12),
            "parse" => return Ran::Ended(0),
            _ => return Ran::Ended(1),
        };
        match self.deliver(now, container, daemon, signal, false) {
            super::lifecycle::Delivery::Delivered => Ran::Ended(0),
            super::lifecycle::Delivery::NoProcess => Ran::Ended(1),
        }
    }
}
