//! What the programs are that are no applets: the servers behind `Binary`.

use super::filesystem::{Binary, Errno};
use super::image::{ImageSpec, Overlay, Write};
use super::process::Program;
use super::server::{agnhost, flask, generic, nginx, node, pause, probe_lab, Server};
use super::spawn::{LoadError, Ran};
use super::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

impl PodWorld {
    pub(crate) fn execute_binary(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        binary: Binary,
        argv: &[String],
    ) -> Result<Ran, LoadError> {
        let args = argv.get(1..).unwrap_or_default();
        let Some(setup) = self.machine(container).map(|m| m.setup.clone()) else {
            return Ok(Ran::Ended(1));
        };
        let usual = |place, port| Overlay::port(&setup.image.overlay, place, port);
        let mut own = 1;
        let signals = args.iter().any(|a| a == "-s");
        let writes = binary == Binary::Generic || binary == Binary::Nginx && !signals;
        let refused = writes.then(|| self.cannot_write(now, container, pid));
        if let Some(code) = refused.flatten() {
            return Ok(Ran::Ended(code));
        }
        let server = match binary {
            Binary::Applets => return Err(LoadError::File(Errno::NoEntry)),
            Binary::Pause => Server::Pause(pause::Pause::default()),
            Binary::Generic => {
                let behaviour = setup.image.behaviour.clone().unwrap_or_default();
                Server::Generic(generic::Generic::new(&behaviour, &setup.ports, now))
            }
            Binary::ProbeLab => {
                match probe_lab::ProbeLab::new(args, usual(0, 8_080), now, setup.image.with_plan) {
                    Ok(server) => Server::ProbeLab(server),
                    Err(text) => return Ok(self.fail(now, container, pid, &text, 2)),
                }
            }
            Binary::Agnhost => {
                match agnhost::Agnhost::command(args, [usual(0, 8_080), usual(1, 5_000)], now) {
                    agnhost::Command::Serve(server) => {
                        own = server.port_count();
                        Server::Agnhost(server)
                    }
                    agnhost::Command::Pause => Server::Pause(pause::Pause::default()),
                    agnhost::Command::Fail(text) => {
                        return Ok(self.fail(now, container, pid, &text, 1))
                    }
                }
            }
            Binary::Node => match args.first().map(String::as_str) {
                Some("/node/node-server.js" | "node-server.js" | "./node-server.js") => {
                    Server::Node(node::NodeServer::new(usual(0, node::PORT), now))
                }
                Some(script) => {
                    let text = format!("Error: Cannot find module '{script}'");
                    return Ok(self.fail(now, container, pid, &text, 1));
                }
                None => return Ok(Ran::Ended(0)),
            },
            Binary::Nginx if signals => return Ok(self.signal_nginx(now, container, pid, args)),
            Binary::Nginx => {
                self.start_nginx_workers(now, container, pid);
                Server::Nginx(nginx::Nginx::new(setup.image.port, now))
            }
            Binary::NginxEntrypoint => {
                let text = "/docker-entrypoint.sh: Configuration complete; ready for start up\n";
                if args.first().is_some_and(|a| a == "nginx") {
                    let _ = self.write_fd(now, container, pid, 1, text.as_bytes());
                }
                return self.execute(now, container, pid, args);
            }
            Binary::Entrypoint => return self.run_entrypoint(now, container, pid, args),
            Binary::Squid => return Ok(self.run_squid(now, container, pid, args)),
            Binary::SquidStart => return self.start_squid_image(now, container, pid, &setup.image),
        };
        let server = self.laid_over(now, container, own, Box::new(server));
        if let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
            process.program = Program::Server(server);
        }
        Ok(Ran::Stays)
    }

    /// `start.sh`: what it puts into the background, and what keeps it there.
    fn start_squid_image(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        image: &ImageSpec,
    ) -> Result<Ran, LoadError> {
        if let Some(child) = self.fork(now, container, pid) {
            if let Ran::Ended(code) = self.start_squid(now, container, child) {
                self.end_process(now, container, child, code, None);
            }
        }
        let has_agent = image.exposed.contains(&flask::PORT);
        if let Some(child) = has_agent.then(|| self.fork(now, container, pid)).flatten() {
            let port = Overlay::port(&image.overlay, 1, flask::PORT);
            let server = Box::new(Server::Flask(flask::Flask::new(port, now)));
            // The ports beyond the image's own are the proxy's.
            let server = self.laid_over(now, container, usize::MAX, server);
            self.become_server(container, child, server, &["python3", "/agent.py"]);
        }
        let tail = ["tail", "-f", "/dev/null"].map(str::to_string);
        self.execute(now, container, pid, &tail)
    }

    pub(crate) fn become_server(
        &mut self,
        container: u32,
        pid: u32,
        server: Box<Server>,
        argv: &[&str],
    ) {
        if let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
            process.program = Program::Server(server);
            process.argv = Arc::new(argv.iter().map(|a| a.to_string()).collect());
        }
    }

    fn fail(&mut self, now: Instant, container: u32, pid: u32, text: &str, code: i32) -> Ran {
        let _ = self.write_fd(now, container, pid, 2, format!("{text}\n").as_bytes());
        Ran::Ended(code)
    }

    /// A server that cannot write what it writes first says so; its exit code.
    #[inline(never)]
    pub(crate) fn cannot_write(&mut self, now: Instant, container: u32, pid: u32) -> Option<i32> {
        let machine = self.machine(container)?;
        let (writes, uid) = (machine.setup.image.writes, machine.process(pid)?.uid);
        let files = self.files(now, container, uid)?;
        let refused = |write: &'static Write| files.may_make(write.path).err().map(|e| (write, e));
        let (write, errno) = writes.iter().find_map(refused)?;
        let words = write.words(&self.clock.slashed(now), errno);
        let _ = self.write_fd(now, container, pid, 2, words.as_bytes());
        Some(write.exit_code)
    }

    /// Worker processes; the numbers are those of the recorded four-core node.
    fn start_nginx_workers(&mut self, now: Instant, container: u32, pid: u32) {
        if let Some(machine) = self.machine_mut(container) {
            machine.next_pid = machine.next_pid.max(7);
        }
        for _ in 0..4 {
            if let Some(worker) = self.fork(now, container, pid) {
                if let Some(process) = self
                    .machine_mut(container)
                    .and_then(|m| m.process_mut(worker))
                {
                    process.program = Program::Forever;
                    process.argv = Arc::new(vec!["nginx: worker process".to_string()]);
                }
            }
        }
        if let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
            let title = format!("nginx: master process {}", process.argv.join(" "));
            process.argv = Arc::new(vec![title]);
        }
    }
}
