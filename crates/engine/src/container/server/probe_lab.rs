//! `probe-lab`: the controllable test server of the recordings, with its flags and `/ctl`.

mod flags;

use super::{Act, Behaviour, Repeats, ServerIo};
use crate::container::log::{RequestFormat, Stream};
use crate::container::memory::MemoryUse;
use crate::container::network::{HttpAnswer, HttpReply, HttpRequest};
use crate::container::signal::Signal;
use crate::go_format;
use crate::time::{Duration, Instant};
use flags::parse_flags;
use std::sync::Arc;

/// `--on-term`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OnTerm {
    Exit(i32),
    Ignore,
    Slow(Duration),
    /// No handler: Go's runtime ends the process.
    Default,
}

/// One item of `--plan`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum PlanItem {
    Code {
        path: Box<str>,
        status: u16,
        from: Duration,
        to: Duration,
    },
    Delay {
        path: Box<str>,
        delay: Duration,
        from: Duration,
        to: Duration,
    },
    Exit {
        code: i32,
        at: Duration,
    },
    File {
        present: bool,
        at: Duration,
    },
}

/// What flags decide; never changes while the process runs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Flags {
    port: u16,
    listen_after: Duration,
    ready_after: Duration,
    fail_after: Duration,
    on_term: OnTerm,
    on_term_text: Box<str>,
    exit: Option<(Duration, i32)>,
    term_message: Box<str>,
    body: Box<str>,
    alloc_bytes: u64,
    plan: Vec<PlanItem>,
}

/// What `/ctl` changed about a path.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
struct Control {
    path: Box<str>,
    status: Option<u16>,
    delay: Option<Duration>,
    body: Option<Box<str>>,
}

/// The running server.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbeLab {
    flags: Arc<Flags>,
    controls: Vec<Control>,
    started: Instant,
    announced: bool,
    listen_at: Option<Instant>,
    /// Plan and exit items whose age has come; everything up to this age is done.
    done_until: Option<Duration>,
    drained_at: Option<Instant>,
    next: Option<Instant>,
}

/// Growth of `--alloc-mb`: 1 MiB every 20 ms.
const ALLOC_BYTES_PER_SEC: u64 = 50 << 20;
const BASE_BYTES: u64 = 4 << 20;

impl ProbeLab {
    /// Reads the flags. Err: text for standard error; the exit code is 2. `with_plan`: the
    /// version knows `--plan`. `port`: where no flag says one.
    pub fn new(
        args: &[String],
        port: u16,
        started: Instant,
        with_plan: bool,
    ) -> Result<ProbeLab, String> {
        let flags = parse_flags(args, port, with_plan)?;
        let mut server = ProbeLab {
            listen_at: Some(started + flags.listen_after.max(Duration::from_millis(1))),
            flags: Arc::new(flags),
            controls: Vec::new(),
            started,
            announced: false,
            done_until: None,
            drained_at: None,
            next: None,
        };
        server.next = Some(started);
        Ok(server)
    }

    /// Next moment at which something is due after what has been done.
    fn next_due(&self) -> Option<Instant> {
        let flags = &self.flags;
        let mut ages: Option<Duration> = None;
        let mut note = |due: Duration| {
            if self.done_until.is_none_or(|done| due > done) && ages.is_none_or(|a| due < a) {
                ages = Some(due);
            }
        };
        for item in &flags.plan {
            if let PlanItem::Exit { at, .. } | PlanItem::File { at, .. } = item {
                note(*at);
            }
        }
        if let Some((after, _)) = flags.exit {
            note(after);
        }
        let mut next = ages.map(|due| self.started + due);
        if let Some(due) = self.listen_at {
            next = Some(next.map_or(due, |n| n.min(due)));
        }
        if let Some(at) = self.drained_at {
            next = Some(next.map_or(at, |n| n.min(at)));
        }
        next
    }

    fn exit(&self, io: &mut ServerIo<'_>, code: i32) {
        let stamp = io.clock.rfc3339_millis(io.now);
        io.say(&format!("{stamp} exit {code}"));
        io.acts.push(Act::Exit(code));
    }

    /// Exits and files whose time has come, in order of their time.
    fn run_plan(&mut self, io: &mut ServerIo<'_>) {
        let flags = self.flags.clone();
        let age = io.age();
        let mut due: Vec<(Duration, &PlanItem)> = Vec::new();
        for item in &flags.plan {
            if let PlanItem::Exit { at, .. } | PlanItem::File { at, .. } = item {
                if *at <= age && self.done_until.is_none_or(|done| *at > done) {
                    due.push((*at, item));
                }
            }
        }
        due.sort_by_key(|(at, _)| *at);
        let flag_exit = flags
            .exit
            .filter(|(at, _)| *at <= age && self.done_until.is_none_or(|done| *at > done));
        self.done_until = Some(age);
        for (_, item) in due {
            match item {
                PlanItem::File { present, .. } => {
                    if *present {
                        let _ = io.files.create("/", "/tmp/healthy", true);
                    } else {
                        let _ = io.files.unlink("/", "/tmp/healthy");
                    }
                    let stamp = io.clock.rfc3339_millis(io.now);
                    io.say(&format!("{stamp} file {}", u8::from(*present)));
                }
                PlanItem::Exit { code, .. } => return self.exit(io, *code),
                PlanItem::Code { .. } | PlanItem::Delay { .. } => {}
            }
        }
        if let Some((_, code)) = flag_exit {
            if !flags.term_message.is_empty() {
                let text = flags.term_message.as_bytes();
                let _ = io.files.write("/", "/dev/termination-log", text);
            }
            self.exit(io, code);
        }
    }

    fn control(&self, path: &str) -> Option<&Control> {
        self.controls.iter().find(|c| &*c.path == path)
    }

    /// Status and delay of a plain path: the plan over `/ctl` over the flags.
    fn answer(&self, age: Duration, path: &str) -> (u16, Duration) {
        let flags = &self.flags;
        let control = self.control(path);
        let mut status = match path {
            "/ready" if age < flags.ready_after => 503,
            "/healthz" if flags.fail_after > Duration::ZERO && age >= flags.fail_after => 503,
            "/" | "/healthz" | "/ready" | "/livez" | "/startup" => 200,
            _ => 404,
        };
        if let Some(code) = control.and_then(|c| c.status) {
            status = code;
        }
        let mut delay = control.and_then(|c| c.delay).unwrap_or(Duration::ZERO);
        for item in &flags.plan {
            match item {
                PlanItem::Code {
                    path: p,
                    status: s,
                    from,
                    to,
                } if &**p == path && *from <= age && age < *to => status = *s,
                PlanItem::Delay {
                    path: p,
                    delay: d,
                    from,
                    to,
                } if &**p == path && *from <= age && age < *to => delay = *d,
                _ => {}
            }
        }
        (status, delay)
    }

    /// `/ctl`: remembers what the parameters say about a path.
    fn take_control(&mut self, io: &mut ServerIo<'_>, request: &HttpRequest<'_>) {
        let stamp = io.clock.rfc3339_millis(io.now);
        io.say(&format!("{stamp} ctl {}", request.query()));
        let path = request.parameter("path").unwrap_or_default();
        let at = match self.controls.iter().position(|c| *c.path == *path) {
            Some(at) => at,
            None => {
                self.controls.push(Control {
                    path: path.into_boxed_str(),
                    ..Control::default()
                });
                self.controls.len() - 1
            }
        };
        let control = &mut self.controls[at];
        if let Some(code) = request.parameter("code").and_then(|c| c.parse().ok()) {
            control.status = Some(code);
        }
        if let Some(delay) = request
            .parameter("delay")
            .and_then(|d| go_format::parse_duration(&d))
        {
            control.delay = Some(delay);
        }
        if let Some(body) = request.parameter("body") {
            control.body = Some(body.into_boxed_str());
        }
    }

    fn log_headers(io: &mut ServerIo<'_>, request: &HttpRequest<'_>) {
        let mut headers: Vec<(String, Vec<String>)> = vec![
            ("Accept".into(), vec!["*/*".into()]),
            ("Connection".into(), vec!["close".into()]),
            ("User-Agent".into(), vec![request.user_agent.to_string()]),
        ];
        let mut replaced = [false; 3];
        for (name, value) in request.headers {
            if name.eq_ignore_ascii_case("Host") {
                continue;
            }
            let name = go_format::header_name(name);
            match headers.iter().position(|(n, _)| *n == name) {
                Some(at) if at < 3 && !replaced[at] => {
                    replaced[at] = true;
                    headers[at].1 = vec![value.clone()];
                }
                Some(at) => headers[at].1.push(value.clone()),
                None => headers.push((name, vec![value.clone()])),
            }
        }
        headers.retain(|(name, values)| name != "Accept" || values.iter().any(|v| !v.is_empty()));
        headers.sort();
        let list: Vec<String> = headers
            .iter()
            .map(|(name, values)| format!("{name}:[{}]", values.join(" ")))
            .collect();
        let line = format!(
            "{} headers host=\"{}\" map[{}]",
            io.clock.rfc3339_millis(io.now),
            request.host_seen(&io.place.ip),
            list.join(" ")
        );
        io.say(&line);
    }
}

impl Behaviour for ProbeLab {
    fn wake_at(&self) -> Option<Instant> {
        self.next
    }

    fn run(&mut self, io: &mut ServerIo<'_>) {
        if !self.announced {
            self.announced = true;
            let stamp = io.clock.rfc3339_millis(io.now);
            let line = format!("{stamp} start pid={} port={}", io.pid, self.flags.port);
            io.say(&line);
        }
        if io.listens(&mut self.listen_at, self.flags.port) {
            let stamp = io.clock.rfc3339_millis(io.now);
            io.say(&format!("{stamp} listening"));
        }
        if self.drained_at.is_some_and(|at| at <= io.now) {
            self.drained_at = None;
            let stamp = io.clock.rfc3339_millis(io.now);
            io.say(&format!("{stamp} drained"));
            io.acts.push(Act::Exit(0));
            return;
        }
        self.run_plan(io);
        self.next = self.next_due();
    }

    fn signal(&mut self, io: &mut ServerIo<'_>, signal: Signal) -> bool {
        if signal != Signal::TERM || self.flags.on_term == OnTerm::Default {
            return false;
        }
        let stamp = io.clock.rfc3339_millis(io.now);
        io.say(&format!(
            "{stamp} got SIGTERM ({})",
            self.flags.on_term_text
        ));
        match self.flags.on_term {
            OnTerm::Exit(code) => io.acts.push(Act::Exit(code)),
            OnTerm::Slow(after) if self.drained_at.is_none() => {
                self.drained_at = Some(io.now + after);
                self.next = self.next_due();
            }
            OnTerm::Slow(_) | OnTerm::Ignore | OnTerm::Default => {}
        }
        true
    }

    fn http(&mut self, io: &mut ServerIo<'_>, _port: u16, request: &HttpRequest<'_>) -> HttpReply {
        let path = request.route();
        match path {
            "/ctl" => {
                self.take_control(io, request);
                return HttpReply::status(200);
            }
            "/exit" => {
                let code = request.parameter("code").and_then(|c| c.parse().ok());
                self.exit(io, code.unwrap_or(0));
                return HttpReply::of(HttpAnswer::Empty);
            }
            "/headers" => {
                Self::log_headers(io, request);
                return HttpReply::status(200);
            }
            "/needheader" => {
                Self::log_headers(io, request);
                let known = request.header("X-Probe") == Some("yes");
                return HttpReply::status(if known { 200 } else { 403 });
            }
            "/redirect" => {
                let location = request.parameter("loc").unwrap_or_default();
                io.log_request(
                    Stream::Stdout,
                    RequestFormat::ProbeLab,
                    request,
                    302,
                    (0, 0),
                );
                return HttpReply::of(HttpAnswer::Status {
                    status: 302,
                    location: Some(Arc::from(location.as_str())),
                });
            }
            _ => {}
        }
        let (status, delay) = self.answer(io.age(), path);
        io.log_request(
            Stream::Stdout,
            RequestFormat::ProbeLab,
            request,
            status,
            (0, 0),
        );
        HttpReply::after(delay, status)
    }

    fn repeats(&self, request: &HttpRequest<'_>) -> Repeats {
        let is_plain = !matches!(
            request.route(),
            "/ctl" | "/exit" | "/headers" | "/needheader" | "/redirect"
        );
        match is_plain && self.flags.plan.is_empty() && self.flags.fail_after == Duration::ZERO {
            true => Repeats::Logged,
            false => Repeats::No,
        }
    }

    fn body(
        &self,
        _io: &ServerIo<'_>,
        _port: u16,
        request: &HttpRequest<'_>,
        status: u16,
    ) -> String {
        match request.route() {
            "/ctl" => return "done\n".to_string(),
            "/needheader" if status == 403 => return "missing header".to_string(),
            "/redirect" => {
                let location = request.parameter("loc").unwrap_or_default();
                return format!("<a href=\"{location}\">Found</a>.\n\n");
            }
            _ => {}
        }
        if let Some(body) = self.control(request.route()).and_then(|c| c.body.as_ref()) {
            return body.to_string();
        }
        if status >= 400 {
            format!("status {status}")
        } else {
            self.flags.body.to_string()
        }
    }

    fn listens_at(&mut self) -> Option<&mut Instant> {
        self.listen_at.as_mut()
    }

    fn log_format(&self) -> Option<(Stream, RequestFormat)> {
        Some((Stream::Stdout, RequestFormat::ProbeLab))
    }

    fn memory(&self) -> MemoryUse {
        MemoryUse {
            base_bytes: BASE_BYTES,
            grow_bytes_per_sec: ALLOC_BYTES_PER_SEC,
            grow_from: self.started,
            grow_bytes_max: self.flags.alloc_bytes,
        }
    }
}
