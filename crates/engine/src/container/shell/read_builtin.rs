//! `read`: a line of input, taken apart by `IFS`.

use super::run::Flow;
use super::{Frame, Shell};
use crate::container::io::ReadLine;
use crate::container::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

impl PodWorld {
    pub(super) fn read_builtin(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        argv: &[String],
    ) -> Flow {
        let mut until = None;
        for (at, arg) in argv.iter().enumerate() {
            match arg.as_str() {
                "-t" => {
                    let seconds = argv.get(at + 1).and_then(|a| a.parse::<u64>().ok());
                    until = seconds.map(|s| now + crate::time::Duration::from_secs(s));
                }
                "-p" => {
                    let prompt = argv.get(at + 1).cloned().unwrap_or_default();
                    let _ = self.write_fd(now, container, pid, 2, prompt.as_bytes());
                }
                _ => {}
            }
        }
        shell.frames.push(Frame::Read {
            argv: Arc::new(argv.to_vec()),
            until,
        });
        Flow::Go
    }

    /// Goes on with `read` when its input is there.
    pub(super) fn step_read(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        argv: Arc<Vec<String>>,
        until: Option<Instant>,
    ) -> Flow {
        let mut raw = false;
        let mut names: Vec<String> = Vec::new();
        let mut args = argv.iter().skip(1);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "-r" => raw = true,
                "-s" => {}
                "-t" | "-p" | "-n" | "-d" | "-u" => {
                    args.next();
                }
                name => names.push(name.to_string()),
            }
        }
        if names.is_empty() {
            names.push("REPLY".to_string());
        }
        let mut text = Vec::new();
        let mut ended = false;
        loop {
            match self.shell_line(now, container, pid) {
                ReadLine::Wait if until.is_some_and(|at| at <= now) => {
                    ended = true;
                    break;
                }
                ReadLine::Wait => {
                    shell.frames.push(Frame::Read { argv, until });
                    return Flow::Go;
                }
                ReadLine::End(rest) => {
                    text.extend(rest);
                    ended = true;
                    break;
                }
                ReadLine::Line(line) => {
                    text.extend(line);
                    if raw || text.last() != Some(&b'\\') {
                        break;
                    }
                    text.pop();
                }
            }
        }
        let ifs = shell.variable("IFS").unwrap_or(" \t\n").to_string();
        let values = split_read(&String::from_utf8_lossy(&text), &ifs, names.len(), raw);
        for (name, value) in names.iter().zip(values) {
            if let Err(text) = shell.set_variable(name, &value) {
                return self.shell_fails(now, container, pid, shell, &text);
            }
        }
        shell.status = i32::from(ended);
        self.check_errexit(shell)
    }
}

/// Splits a line into `count` values; the last one takes the rest.
fn split_read(line: &str, ifs: &str, count: usize, raw: bool) -> Vec<String> {
    let is_space = |c: char| ifs.contains(c) && c.is_whitespace();
    // Characters after a backslash stand for themselves.
    let mut marked: Vec<(char, bool)> = Vec::new();
    let mut escaped = false;
    for c in line.chars() {
        if !raw && !escaped && c == '\\' {
            escaped = true;
            continue;
        }
        marked.push((c, escaped));
        escaped = false;
    }
    let separates = |m: &(char, bool)| !m.1 && ifs.contains(m.0);
    let mut values = Vec::new();
    let mut at = 0;
    while values.len() + 1 < count {
        while marked.get(at).is_some_and(|m| !m.1 && is_space(m.0)) {
            at += 1;
        }
        let start = at;
        while marked.get(at).is_some_and(|m| !separates(m)) {
            at += 1;
        }
        values.push(marked[start..at].iter().map(|m| m.0).collect());
        while marked.get(at).is_some_and(|m| !m.1 && is_space(m.0)) {
            at += 1;
        }
        if marked.get(at).is_some_and(separates) {
            at += 1;
        }
    }
    while marked.get(at).is_some_and(|m| !m.1 && is_space(m.0)) {
        at += 1;
    }
    let mut end = marked.len();
    while end > at && !marked[end - 1].1 && is_space(marked[end - 1].0) {
        end -= 1;
    }
    values.push(marked[at..end].iter().map(|m| m.0).collect());
    values
}
