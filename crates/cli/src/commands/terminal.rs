//! `readyz terminal FILE… < LINES`: what the page's terminal answers, line by line.
//!
//! A line `@95s` moves the playhead there, `@+30s` that far on; every other line is typed. What goes on
//! (`logs -f`, `get -w`, `wait` …) prints more as the playhead moves; a line `^C` ends the newest.

use super::{Command, Failure};
use crate::simulation::{self, Options};
use lexopt::prelude::*;
use readyz_engine::scenario;
use readyz_engine::session::{Following, Forward, Reply, Request, Session, Shell, Typed};
use readyz_engine::time::Instant;
use std::io::{BufRead, Write};
use std::process::ExitCode;

/// One registry line.
pub const COMMAND: Command = Command {
    name: "terminal",
    arguments: "FILE… [--at 95s] [--seed N] < LINES",
    summary: "type lines at moments of the run: kubectl, shells in containers, @95s",
    run,
};

/// Who types.
struct Visitor {
    session: Session,
    text: String,
    at: Instant,
    shell: Option<Shell>,
    status: u8,
    /// Lines that go on, with what they have printed.
    running: Vec<(Following, Typed)>,
}

fn run(args: &mut lexopt::Parser) -> Result<ExitCode, Failure> {
    let mut options = Options::default();
    let mut at = None;
    while let Some(arg) = args.next()? {
        match arg {
            Long("at") => at = Some(args.value()?.string()?),
            Long("seed") => options.seed = Some(args.value()?.parse()?),
            Value(file) => options.files.push(file.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let text = simulation::read_all(&options.files)?;
    let mut session = Session::new();
    let loaded = session.handle(Request::Load {
        text: text.clone(),
        acts: Vec::new(),
        seed: options.seed,
        sight: Instant::NEVER,
    });
    match loaded {
        Reply::Loaded(loaded) if loaded.run.is_some() => {}
        _ => return Err(Failure::input("the text has errors: see readyz validate")),
    }
    let mut visitor = Visitor {
        session,
        text,
        at: Instant::ZERO,
        shell: None,
        status: 0,
        running: Vec::new(),
    };
    if let Some(at) = at {
        visitor.moves(&at)?;
    }
    let mut out = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| Failure::input(error.to_string()))?;
        let typed = match line.strip_prefix('@') {
            Some(moment) => {
                visitor.moves(moment)?;
                let more = visitor.hear();
                let _ = write!(out, "{}{}", more.stdout, more.stderr);
                visitor.types("")
            }
            None if line == "^C" => {
                visitor.running.pop();
                visitor.status = 130;
                continue;
            }
            None => {
                let _ = writeln!(out, "{} {line}", visitor.prompt());
                visitor.types(&line)
            }
        };
        // A reader that has seen enough is no failure.
        let _ = write!(out, "{}{}", typed.stdout, typed.stderr);
    }
    Ok(ExitCode::from(visitor.status))
}

impl Visitor {
    fn prompt(&self) -> String {
        match &self.shell {
            Some(shell) => format!("{}:{} #", shell.pod, shell.cwd),
            None => "$".to_owned(),
        }
    }

    fn moves(&mut self, moment: &str) -> Result<(), Failure> {
        let (from, span) = match moment.trim().strip_prefix('+') {
            Some(span) => (self.at, span),
            None => (Instant::ZERO, moment.trim()),
        };
        let span = scenario::parse_duration(span)
            .ok_or_else(|| Failure::usage(format!("@{moment}: this is no duration")))?;
        self.at = from + span;
        Ok(())
    }

    /// What the lines that go on have printed since the last look.
    fn hear(&mut self) -> Typed {
        let mut more = Typed::default();
        for (command, printed) in std::mem::take(&mut self.running) {
            if !printed.follows {
                self.running.push((command, printed));
                continue;
            }
            let at = self.at;
            let request = Request::Follow {
                command: command.clone(),
                at,
            };
            let Reply::Typed(typed, _) = self.session.handle(request) else {
                continue;
            };
            let rest =
                |whole: &str, known: &str| whole.strip_prefix(known).unwrap_or(whole).to_owned();
            more.stdout.push_str(&rest(&typed.stdout, &printed.stdout));
            more.stderr.push_str(&rest(&typed.stderr, &printed.stderr));
            if typed.unfinished {
                self.running.push((command, *typed));
            } else {
                self.status = typed.exit_code;
            }
        }
        more
    }

    fn forwards(&self) -> Vec<Forward> {
        let running = self.running.iter();
        running
            .flat_map(|(_, typed)| typed.forwards.clone())
            .collect()
    }

    /// Types a line. An empty one only tells whether the shell is still there.
    fn types(&mut self, line: &str) -> Typed {
        let reply = self.session.handle(Request::Type {
            line: line.to_owned(),
            at: self.at,
            shell: self.shell.clone(),
            status: self.status,
            manifest: self.text.clone(),
            forwards: self.forwards(),
        });
        let typed = match reply {
            Reply::Typed(typed, _) => *typed,
            Reply::Refused(stderr) => Typed {
                stderr: stderr + "\n",
                exit_code: 1,
                ..Typed::default()
            },
            _ => Typed::default(),
        };
        self.shell.clone_from(&typed.shell);
        if typed.unfinished {
            let command = Following {
                line: line.to_owned(),
                from: self.at,
                manifest: self.text.clone(),
            };
            self.running.push((command, typed.clone()));
        }
        if !line.trim().is_empty() || typed.exit_code != 0 {
            self.status = typed.exit_code;
        }
        typed
    }
}
