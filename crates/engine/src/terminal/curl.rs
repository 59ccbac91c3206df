//! `curl`: one GET, with curl's own texts when it fails.

use super::{line, Desk};
use crate::container::{HttpAnswer, HttpReply};
use crate::network::{Nobody, Url};
use crate::session::Typed;

/// Options that are understood.
#[derive(Default)]
struct Options<'a> {
    url: Option<&'a str>,
    with_headers: bool,
    is_silent: bool,
    /// `-o FILE`: the body is not shown.
    discards: bool,
    write_out: Option<&'a str>,
    max_time: Option<u64>,
    fails: bool,
}

fn read(args: &[String]) -> Result<Options<'_>, String> {
    let mut options = Options::default();
    let mut rest = args.iter().map(String::as_str);
    while let Some(arg) = rest.next() {
        match arg {
            "-o" | "--output" => {
                options.discards = true;
                rest.next();
            }
            "-w" | "--write-out" => options.write_out = rest.next(),
            "-m" | "--max-time" | "--connect-timeout" => {
                options.max_time = rest.next().and_then(|secs| secs.parse().ok());
            }
            "--include" => options.with_headers = true,
            "--silent" => options.is_silent = true,
            "--fail" => options.fails = true,
            "--show-error" => {}
            "-X" | "--request" | "-H" | "--header" => {
                rest.next();
            }
            short if short.starts_with('-') && !short.starts_with("--") => {
                for letter in short[1..].chars() {
                    match letter {
                        'i' => options.with_headers = true,
                        's' => options.is_silent = true,
                        'f' => options.fails = true,
                        'S' | 'v' | 'L' | 'k' | 'g' => {}
                        other => return Err(format!("curl: option -{other}: is unknown\n")),
                    }
                }
            }
            long if long.starts_with('-') => {
                return Err(format!("curl: option {long}: is unknown\n"));
            }
            url => options.url = Some(url),
        }
    }
    Ok(options)
}

/// Runs curl with these arguments.
pub fn run(desk: &Desk, args: &[String]) -> Typed {
    let options = match read(args) {
        Ok(options) => options,
        Err(text) => return fail(2, text),
    };
    let Some(text) = options.url else {
        return fail(2, "curl: (2) no URL specified\n".into());
    };
    let Some(url) = Url::parse(text) else {
        return fail(3, "curl: (3) URL rejected: only http is simulated\n".into());
    };
    let host = url.host;
    let backends = match url.backends(desk.cluster, &desk.cluster.namespace, None) {
        Ok(backends) => backends,
        Err(Nobody::NoHost) => {
            return fail(6, format!("curl: (6) Could not resolve host: {host}\n"));
        }
        Err(Nobody::Refused) => return refused(&url),
        Err(Nobody::NoRoute | Nobody::Dropped) => return timed_out(&options, "Connection"),
    };
    let chosen = crate::network::pick(&mut desk.cluster.draws.clone(), &backends);
    let mut world = desk.cluster.pods[chosen.pod.index()].world.clone();
    let before = world.clone();
    let request = crate::network::get(url.path);
    let reply = world.http(desk.now, chosen.port, &request);
    let body = world.http_body(desk.now, chosen.port, &request, &reply);
    let mut typed = printed(&options, &url, &reply, &body);
    if options.is_silent && typed.exit_code != 0 && !args.iter().any(|arg| arg.contains('S')) {
        typed.stderr.clear();
    }
    if world.differs_from(&before) {
        let mut step = String::from("curl: {url: ");
        line::quote(text, &mut step);
        step.push('}');
        typed.acts.push(step);
    }
    typed
}

fn fail(exit_code: u8, text: String) -> Typed {
    Typed {
        stderr: text,
        exit_code,
        ..Typed::default()
    }
}

fn refused(url: &Url) -> Typed {
    let (host, port) = (url.host, url.port);
    let why = "after 0 ms: Could not connect to server";
    fail(
        7,
        format!("curl: (7) Failed to connect to {host} port {port} {why}\n"),
    )
}

/// Without a limit the real one would wait on.
fn timed_out(options: &Options, what: &str) -> Typed {
    match options.max_time {
        Some(secs) => {
            let millis = secs * 1_000;
            fail(
                28,
                format!("curl: (28) {what} timed out after {millis} milliseconds\n"),
            )
        }
        None => Typed {
            unfinished: true,
            ..Typed::default()
        },
    }
}

/// What an answer looks like.
fn printed(options: &Options, url: &Url, reply: &HttpReply, body: &str) -> Typed {
    match &reply.what {
        HttpAnswer::Status { status, location } => {
            let mut typed = answered(options, *status, location.as_deref(), body);
            let after = reply.after.as_millis();
            if options.max_time.is_some_and(|secs| after > secs * 1000) {
                typed = timed_out(options, "Operation");
            }
            typed
        }
        HttpAnswer::NotHttp(_) => fail(1, "curl: (1) Received HTTP/0.9 when not allowed\n".into()),
        HttpAnswer::Refused => refused(url),
        HttpAnswer::Dropped => timed_out(options, "Connection"),
        HttpAnswer::NoAnswer | HttpAnswer::BodyStalls => timed_out(options, "Operation"),
        HttpAnswer::Reset => fail(
            56,
            "curl: (56) Recv failure: Connection reset by peer\n".into(),
        ),
        HttpAnswer::Empty => fail(52, "curl: (52) Empty reply from server\n".into()),
        HttpAnswer::BodyCut => fail(18, "curl: (18) end of response with bytes missing\n".into()),
    }
}

fn answered(options: &Options, status: u16, location: Option<&str>, body: &str) -> Typed {
    let mut typed = Typed::default();
    if options.fails && status >= 400 {
        typed.exit_code = 22;
        typed.stderr = format!("curl: (22) The requested URL returned error: {status}\n");
        return typed;
    }
    if options.with_headers {
        let reason = crate::container::shell::applet::wget::reason(status);
        typed.stdout = format!("HTTP/1.1 {status} {reason}\n");
        if let Some(location) = location {
            typed.stdout.push_str(&format!("Location: {location}\n"));
        }
        typed
            .stdout
            .push_str(&format!("Content-Length: {}\n\n", body.len()));
    }
    if !options.discards {
        typed.stdout.push_str(body);
    }
    if let Some(wanted) = options.write_out {
        let words = wanted
            .replace("%{http_code}", &status.to_string())
            .replace("%{response_code}", &status.to_string())
            .replace("\\n", "\n");
        typed.stdout.push_str(&words);
    }
    typed
}
