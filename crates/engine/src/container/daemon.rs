//! Commands that steer a running daemon: `nginx -s`, `squid -k`.

use super::process::Program;
use super::server::squid::PID_FILE;
use super::server::{squid, Server};
use super::signal::Signal;
use super::spawn::Ran;
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
                    |p| matches!(&p.program, Program::Server(s) if matches!(**s, Server::Nginx(_))),
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

    /// `squid -k check|shutdown|…`, or the daemon itself.
    pub(crate) fn run_squid(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        args: &[String],
    ) -> Ran {
        let Some(at) = args.iter().position(|a| a == "-k") else {
            self.become_server(
                container,
                pid,
                Server::Squid(squid::Squid::new(now)),
                &["squid", "-N"],
            );
            return Ran::Stays;
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
