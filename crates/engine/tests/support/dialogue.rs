//! One Pod's world, its clock and what happened in it: start, exec, signal, ask, wait.

#![allow(dead_code)]

use readyz_engine::container::{
    image, ContainerSetup, ExecResult, ExecStart, HttpRequest, Place, PodWorld, Signal, WorldEvent,
};
use readyz_engine::time::{Duration, Instant};
use std::sync::Arc;

/// A world with its clock and what happened in it.
pub struct Dialogue {
    pub world: PodWorld,
    pub now: Instant,
    pub events: Vec<WorldEvent>,
}

pub fn seconds(text: f64) -> Instant {
    Instant((text * 1e9) as u64)
}

pub fn setup(image: &str, command: &[&str], args: &[&str]) -> ContainerSetup {
    let mut setup = ContainerSetup::of(image::resolve(image).0);
    let words = |list: &[&str]| list.iter().map(|w| w.to_string()).collect::<Vec<_>>();
    setup.command = (!command.is_empty()).then(|| words(command));
    setup.args = (!args.is_empty()).then(|| words(args));
    setup
}

impl Dialogue {
    /// One container, started at 0.
    pub fn with(image: &str, command: &[&str], args: &[&str]) -> Dialogue {
        let mut dialogue = Dialogue::empty();
        dialogue.start(0, setup(image, command, args)).unwrap();
        dialogue
    }

    pub fn empty() -> Dialogue {
        // 2026-11-21T07:50:00Z
        Dialogue {
            world: PodWorld::new(1_795_247_400, Place::default()),
            now: Instant::ZERO,
            events: Vec::new(),
        }
    }

    pub fn start(&mut self, container: u32, setup: ContainerSetup) -> Result<(), String> {
        self.world
            .start(self.now, container, &Arc::new(setup))
            .map_err(|error| error.message)
    }

    /// Lets time pass until a moment, stopping wherever something is due.
    pub fn at(&mut self, secs: f64) -> &mut Dialogue {
        let end = seconds(secs);
        while let Some(next) = self.world.poll_at().filter(|next| *next <= end) {
            self.now = next.max(self.now);
            let (world, now) = (&mut self.world, self.now);
            world.poll(now, &mut self.events);
        }
        self.now = end;
        self
    }

    pub fn start_exec(&mut self, argv: &[&str]) -> ExecStart {
        let argv: Vec<String> = argv.iter().map(|a| a.to_string()).collect();
        self.world.exec(self.now, 0, &argv)
    }

    /// Runs a command to its end, at most 100 s.
    pub fn exec(&mut self, argv: &[&str]) -> ExecResult {
        match self.start_exec(argv) {
            ExecStart::Finished(result) => result,
            ExecStart::Started(id) => {
                let end = self.now + Duration::from_secs(100);
                loop {
                    for event in &self.events {
                        if let WorldEvent::ExecFinished { exec, result, .. } = event {
                            if *exec == id {
                                return result.clone();
                            }
                        }
                    }
                    let next = self.world.poll_at().expect("the command never ends");
                    assert!(next <= end, "the command takes too long");
                    self.now = next.max(self.now);
                    let (world, now) = (&mut self.world, self.now);
                    world.poll(now, &mut self.events);
                }
            }
            other => panic!("{argv:?}: {other:?}"),
        }
    }

    /// Exit code and output, as a probe reports them.
    pub fn probe(&mut self, argv: &[&str]) -> (i32, String) {
        let result = self.exec(argv);
        (result.exit_code, result.output())
    }

    pub fn host_signal(&mut self, signal: Signal) {
        self.world.signal(self.now, 0, 1, signal, true);
    }

    pub fn status(&mut self, port: u16, path: &str) -> Option<u16> {
        self.world
            .http(self.now, port, &HttpRequest::probe(path))
            .code()
    }

    /// When the container ended, with its exit code and whether memory was the cause.
    pub fn exited(&mut self, container: u32) -> Option<(f64, i32, bool)> {
        let (world, now) = (&mut self.world, self.now);
        if world.poll_at().is_some_and(|next| next <= now) {
            world.poll(now, &mut self.events);
        }
        self.events.iter().rev().find_map(|event| match event {
            WorldEvent::Exited {
                container: c,
                at,
                exit_code,
                oom,
                ..
            } if *c == container => Some((at.as_millis() as f64 / 1e3, *exit_code, *oom)),
            _ => None,
        })
    }

    pub fn log(&self, previous: bool) -> Vec<String> {
        let lines = self.world.log(0, previous);
        lines.into_iter().map(|line| line.text).collect()
    }
}
