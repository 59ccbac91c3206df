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
    /// When it says so, and ends.
    pub after: Duration,
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
            let after = Duration::from_secs(secs);
            let millis = after.as_millis();
            let text = format!("curl: (28) {what} timed out after {millis} milliseconds\n");
            let said = quietly(options, fail(28, text));
            Said { after, ..said }
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

/// What an answer looks like, and when it is there.
pub fn printed(options: &Options, url: &Url, reply: &HttpReply, body: &str) -> Said {
    let failure =
        |code, text: &str| quietly(options, fail(code, format!("curl: ({code}) {text}\n")));
    let limit = options.max_time.map(Duration::from_secs);
    let said = match &reply.what {
        HttpAnswer::Dropped => return timed_out(options, "Connection"),
        HttpAnswer::NoAnswer | HttpAnswer::BodyStalls => return timed_out(options, "Operation"),
        _ if limit.is_some_and(|limit| reply.after > limit) => {
            return timed_out(options, "Operation");
        }
        HttpAnswer::Status { status, location } => {
            answered(options, *status, location.as_deref(), body)
        }
        HttpAnswer::NotHttp(_) => failure(1, "Received HTTP/0.9 when not allowed"),
        HttpAnswer::Refused => refused(options, url),
        HttpAnswer::Reset => failure(56, "Recv failure: Connection reset by peer"),
        HttpAnswer::Empty => failure(52, "Empty reply from server"),
        HttpAnswer::BodyCut => failure(18, "end of response with bytes missing"),
    };
    Said {
        after: reply.after,
        ..said
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
        Err(said) => return ends(ctx, said),
    };
    let url = match target(&options) {
        Ok(url) => url,
        Err(said) => return ends(ctx, said),
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
        return ends(ctx, printed(&options, &url, &reply, &body));
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
            printed(&options, &url, &reply, &body)
        }
        (None, Some(_)) => no_host(&options, url.host),
    };
    ends(ctx, said)
}

/// Prints and ends when there is something to say.
fn ends(ctx: &mut Ctx<'_>, said: Said) -> Outcome {
    let exit_code = i32::from(said.exit_code);
    if said.waits {
        return Outcome::Forever;
    }
    if said.after > Duration::ZERO {
        return Outcome::Until {
            at: ctx.now + said.after,
            stdout: said.stdout.into_bytes(),
            stderr: said.stderr.into_bytes(),
            exit_code,
        };
    }
    ctx.print(&said.stdout);
    if !said.stderr.is_empty() {
        ctx.complain_raw(&said.stderr);
    }
    Outcome::Exit(exit_code)
}
