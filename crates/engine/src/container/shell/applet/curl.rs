//! `curl`: one GET, with curl's own texts when it fails. Also typed beside the cluster.

use super::wget::{own_address, reason};
use super::{Ctx, Outcome};
use crate::container::ask::{Ask, AskAnswer, Want};
use crate::container::network::{HttpAnswer, HttpReply, HttpRequest, Peer};
use crate::network::Url;
use crate::time::Duration;

/// Options that are understood.
#[derive(Default)]
pub struct Options<'a> {
    pub url: Option<&'a str>,
    with_headers: bool,
    is_silent: bool,
    shows_errors: bool,
    /// `-o FILE`: the body is not shown.
    discards: bool,
    write_out: Option<&'a str>,
    max_time: Option<u64>,
    fails: bool,
}

/// What is printed, and how it ends.
#[derive(Default)]
pub struct Said {
    pub stdout: String,
    pub stderr: String,
    pub exit_code: u8,
    /// It would wait on for ever.
    pub waits: bool,
}

fn fail(exit_code: u8, text: String) -> Said {
    Said {
        stderr: text,
        exit_code,
        ..Said::default()
    }
}

/// Reads the arguments; Err: what is wrong with them.
pub fn read(args: &[String]) -> Result<Options<'_>, Said> {
    let mut options = Options::default();
    let mut rest = args.iter().map(String::as_str);
    let unknown = |option: &str| fail(2, format!("curl: option {option}: is unknown\n"));
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
            "--show-error" => options.shows_errors = true,
            "-X" | "--request" | "-H" | "--header" => {
                rest.next();
            }
            short if short.starts_with('-') && !short.starts_with("--") => {
                for letter in short[1..].chars() {
                    match letter {
                        'i' => options.with_headers = true,
                        's' => options.is_silent = true,
                        'f' => options.fails = true,
                        'S' => options.shows_errors = true,
                        'v' | 'L' | 'k' | 'g' => {}
                        other => return Err(unknown(&format!("-{other}"))),
                    }
                }
            }
            long if long.starts_with('-') => return Err(unknown(long)),
            url => options.url = Some(url),
        }
    }
    Ok(options)
}

/// Where to.
pub fn target<'a>(options: &Options<'a>) -> Result<Url<'a>, Said> {
    let Some(text) = options.url else {
        return Err(fail(2, "curl: (2) no URL specified\n".into()));
    };
    let rejected = || fail(3, "curl: (3) URL rejected: only http is simulated\n".into());
    Url::parse(text).ok_or_else(rejected)
}

/// The name is not known.
pub fn no_host(options: &Options, host: &str) -> Said {
    let text = format!("curl: (6) Could not resolve host: {host}\n");
    quietly(options, fail(6, text))
}

/// Nothing listens there.
pub fn refused(options: &Options, url: &Url) -> Said {
    let (host, port) = (url.host, url.port);
    let why = "after 0 ms: Could not connect to server";
    let text = format!("curl: (7) Failed to connect to {host} port {port} {why}\n");
    quietly(options, fail(7, text))
}

/// Nobody answers. Without a limit it waits on.
pub fn timed_out(options: &Options, what: &str) -> Said {
    match options.max_time {
        Some(secs) => {
            let millis = secs * 1_000;
            let text = format!("curl: (28) {what} timed out after {millis} milliseconds\n");
            quietly(options, fail(28, text))
        }
        None => Said {
            waits: true,
            ..Said::default()
        },
    }
}

/// `-s` hides what went wrong, `-S` shows it all the same.
fn quietly(options: &Options, mut said: Said) -> Said {
    if options.is_silent && !options.shows_errors {
        said.stderr.clear();
    }
    said
}

/// What an answer looks like.
pub fn printed(options: &Options, url: &Url, reply: &HttpReply, body: &str) -> Said {
    let failure =
        |code, text: &str| quietly(options, fail(code, format!("curl: ({code}) {text}\n")));
    match &reply.what {
        HttpAnswer::Status { status, location } => {
            let after = reply.after.as_millis();
            match options.max_time.is_some_and(|secs| after > secs * 1000) {
                true => timed_out(options, "Operation"),
                false => answered(options, *status, location.as_deref(), body),
            }
        }
        HttpAnswer::NotHttp(_) => failure(1, "Received HTTP/0.9 when not allowed"),
        HttpAnswer::Refused => refused(options, url),
        HttpAnswer::Dropped => timed_out(options, "Connection"),
        HttpAnswer::NoAnswer | HttpAnswer::BodyStalls => timed_out(options, "Operation"),
        HttpAnswer::Reset => failure(56, "Recv failure: Connection reset by peer"),
        HttpAnswer::Empty => failure(52, "Empty reply from server"),
        HttpAnswer::BodyCut => failure(18, "end of response with bytes missing"),
    }
}

fn answered(options: &Options, status: u16, location: Option<&str>, body: &str) -> Said {
    let mut said = Said::default();
    if options.fails && status >= 400 {
        let text = format!("curl: (22) The requested URL returned error: {status}\n");
        return quietly(options, fail(22, text));
    }
    if options.with_headers {
        said.stdout = format!("HTTP/1.1 {status} {}\n", reason(status));
        if let Some(location) = location {
            said.stdout.push_str(&format!("Location: {location}\n"));
        }
        let length = format!("Content-Length: {}\n\n", body.len());
        said.stdout.push_str(&length);
    }
    if !options.discards {
        said.stdout.push_str(body);
    }
    if let Some(wanted) = options.write_out {
        let words = wanted
            .replace("%{http_code}", &status.to_string())
            .replace("%{response_code}", &status.to_string())
            .replace("\\n", "\n");
        said.stdout.push_str(&words);
    }
    said
}

/// In a container.
pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let args = ctx.args().to_vec();
    let options = match read(&args) {
        Ok(options) => options,
        Err(said) => return ends(ctx, said, Duration::ZERO),
    };
    let url = match target(&options) {
        Ok(url) => url,
        Err(said) => return ends(ctx, said, Duration::ZERO),
    };
    if own_address(ctx, url.host).is_some() {
        let host = format!("{}:{}", url.host, url.port);
        let request = HttpRequest {
            method: "GET",
            path: url.path,
            headers: &[],
            user_agent: "curl/8.5.0",
            host: &host,
            port: 0,
            from: Peer::Loopback,
        };
        let reply = ctx.world.http(ctx.now, url.port, &request);
        let body = ctx.world.http_body(ctx.now, url.port, &request, &reply);
        return ends(ctx, printed(&options, &url, &reply, &body), reply.after);
    }
    let said = match (ctx.world.dependency(url.host), ctx.world.answered.take()) {
        (Some(true), _) => answered(&options, 200, None, "ok\n"),
        (Some(false), _) => refused(&options, &url),
        (None, None) => {
            return Outcome::Ask(Box::new(Ask {
                want: Want::Page,
                host: url.host.to_owned(),
                port: url.port,
                path: url.path.to_owned(),
                agent: "curl/8.5.0".to_owned(),
            }))
        }
        (None, Some(AskAnswer::NoRoute)) => timed_out(&options, "Connection"),
        (None, Some(AskAnswer::Reply { reply, body, .. })) => {
            let said = printed(&options, &url, &reply, &body);
            return ends(ctx, said, reply.after);
        }
        (None, Some(_)) => no_host(&options, url.host),
    };
    ends(ctx, said, Duration::ZERO)
}

/// Prints, and ends once the answer was there.
fn ends(ctx: &mut Ctx<'_>, said: Said, after: Duration) -> Outcome {
    if said.waits {
        return Outcome::Forever;
    }
    ctx.print(&said.stdout);
    if !said.stderr.is_empty() {
        ctx.complain_raw(&said.stderr);
    }
    let code = i32::from(said.exit_code);
    match after {
        Duration::ZERO => Outcome::Exit(code),
        after => Outcome::exit_at(ctx.now + after, code),
    }
}
