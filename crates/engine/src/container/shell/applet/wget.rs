//! `wget` from BusyBox.

use super::{Ctx, Outcome, Takes};
use crate::container::ask::{Ask, AskAnswer, Want};
use crate::container::network::{HttpAnswer, HttpReply, HttpRequest, Page, Peer};
use crate::container::wall_clock::{short, MONTHS, WEEKDAYS};
use crate::container::NETWORK_LATENCY;
use crate::time::{Duration, Instant};

/// Redirections followed before it gives up.
const REDIRECTS_MAX: u32 = 5;

/// Address of everything outside the cluster that a Scenario declares: one of those set aside for
/// documentation.
pub const DEPENDENCY_ADDRESS: &str = "192.0.2.10";

#[derive(Clone, Default)]
struct Options {
    quiet: bool,
    headers: bool,
    spider: bool,
    output: Option<String>,
    timeout: Option<Duration>,
    sent: Vec<(String, String)>,
    agent: Option<String>,
    post: bool,
}

/// Where a URL points.
struct Target {
    host: String,
    port: u16,
    path: String,
}

static TAKES: Takes = Takes::letters("qSO:T:U:t:Y:", "cnP:o:", "URL...").long(
    "spider header: post-data: !post-file: quiet=q server-response=S output-document=O \
     timeout=T user-agent=U tries=t no-check-certificate !no-clobber continue=c \
     directory-prefix=P output-file=o proxy=Y !passive-ftp !no-parent !user:",
);

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let timeout = match given.number("T") {
        Ok(timeout) => timeout.map(Duration::from_secs),
        Err(text) => return ctx.fail(&text, 1),
    };
    if given.value("Y").is_some_and(|proxies| proxies != "off") {
        return ctx.not_simulated("proxies");
    }
    let mut options = Options {
        quiet: given.has("q"),
        headers: given.has("S"),
        spider: given.has("spider"),
        output: given.value("O").map(str::to_string),
        timeout,
        sent: Vec::new(),
        agent: given.value("U").map(str::to_string),
        post: given.has("post-data"),
    };
    for line in given.values("header") {
        header(&mut options, line);
    }
    match given.operands.as_slice() {
        [] => ctx.usage(&TAKES),
        [url] => fetch(ctx, url, &options),
        _ => ctx.not_simulated("several URLs"),
    }
}

fn header(options: &mut Options, line: &str) {
    if let Some((name, value)) = line.split_once(':') {
        options
            .sent
            .push((name.trim().to_string(), value.trim().to_string()));
    }
}

fn parse(url: &str) -> Option<Target> {
    let rest = match url.split_once("://") {
        Some(("http", rest)) => rest,
        Some(_) => return None,
        None => url,
    };
    let (authority, path) = match rest.find('/') {
        Some(at) => (&rest[..at], &rest[at..]),
        None => (rest, "/"),
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (authority, 80),
    };
    Some(Target {
        host: host.to_string(),
        port,
        path: path.split('#').next().unwrap_or(path).to_string(),
    })
}

/// Address of a host that is this Pod; None: another one, which is out of reach from here.
pub fn own_address(ctx: &Ctx<'_>, host: &str) -> Option<String> {
    let place = &ctx.world.place;
    if host == "localhost" || host.starts_with("127.") {
        let address = if host == "localhost" {
            "127.0.0.1"
        } else {
            host
        };
        return Some(address.to_string());
    }
    (*host == *place.ip || *host == *place.hostname).then(|| place.ip.to_string())
}

fn fetch(ctx: &mut Ctx<'_>, url: &str, options: &Options) -> Outcome {
    let mut url = url.to_string();
    let mut errors = String::new();
    let mut at = ctx.now;
    for _ in 0..=REDIRECTS_MAX {
        let Some(target) = parse(&url) else {
            return ctx.fail(&format!("not an http or ftp url: {url}"), 1);
        };
        if let Some(up) = ctx.world.dependency(&target.host) {
            return ask_dependency(ctx, up, errors, options);
        }
        let agent = options.agent.clone().unwrap_or_else(|| "Wget".to_string());
        let (address, from_afar) = match reach(ctx, &target) {
            Ok(reached) => reached,
            Err(Some(text)) => return failed(at + NETWORK_LATENCY, errors, &text),
            Err(None) => {
                return Outcome::Ask(Box::new(Ask {
                    want: Want::Page,
                    host: target.host,
                    port: target.port,
                    path: target.path,
                    agent,
                }))
            }
        };
        if from_afar.is_some() {
            at += NETWORK_LATENCY;
        }
        let host = format!("{}:{}", target.host, target.port);
        if !options.quiet {
            errors.push_str(&format!(
                "Connecting to {host} ({address}:{})\n",
                target.port
            ));
        }
        let request = HttpRequest {
            method: if options.post { "POST" } else { "GET" },
            path: &target.path,
            headers: &options.sent,
            user_agent: &agent,
            host: &host,
            port: 0,
            from: Peer::Loopback,
        };
        let (reply, page) = from_afar.unwrap_or_else(|| {
            let reply = ctx.world.http(ctx.now, target.port, &request);
            let page = ctx.world.http_page(ctx.now, target.port, &request, &reply);
            (reply, page)
        });
        if let Some(timeout) = options.timeout.filter(|t| reply.after > *t) {
            return failed(ctx.now + timeout, errors, "download timed out");
        }
        at += reply.after;
        let (status, location) = match reply.what.clone() {
            HttpAnswer::Status { status, location } => (status, location),
            other => return no_status(ctx, at, errors, &other, &address, options),
        };
        if options.headers {
            let headers = header_lines(ctx, at, &reply, &page);
            errors.push_str(&headers);
        }
        if let Some(location) = location.filter(|_| (300..400).contains(&status)) {
            url = if location.contains("://") {
                location.to_string()
            } else {
                format!("http://{host}{location}")
            };
            continue;
        }
        if !(200..300).contains(&status) {
            let text = format!(
                "server returned error: HTTP/1.1 {status} {}",
                reason(status)
            );
            return failed(at, errors, &text);
        }
        return save(ctx, at, errors, page.body, &target.path, options);
    }
    failed(at, errors, "too many redirections")
}

/// What another Pod has answered, and what came with it; None: it is this one.
type FromAfar = Option<(HttpReply, Page)>;

/// The address of a target and, if it is not this Pod's, the answer. Err: why there is none, or None
/// while nobody was asked.
fn reach(ctx: &mut Ctx<'_>, target: &Target) -> Result<(String, FromAfar), Option<String>> {
    if let Some(address) = own_address(ctx, &target.host) {
        return Ok((address, None));
    }
    let host = &target.host;
    match ctx.world.answered.take() {
        None => Err(None),
        Some(AskAnswer::NoHost | AskAnswer::Addresses(..) | AskAnswer::Connected(_)) => {
            Err(Some(format!("bad address '{host}'")))
        }
        Some(AskAnswer::NoRoute) => Err(Some(format!(
            "can't connect to remote host ({host}): No route to host"
        ))),
        Some(AskAnswer::Reply {
            address,
            reply,
            page,
        }) => Ok((address, Some((reply, page)))),
    }
}

/// What lies outside the cluster answers 200, or is not there.
fn ask_dependency(ctx: &mut Ctx<'_>, up: bool, errors: String, options: &Options) -> Outcome {
    let at = ctx.now + NETWORK_LATENCY;
    if up {
        return save(ctx, at, errors, "ok\n".into(), "/", options);
    }
    let text = [
        "can't connect to remote host (",
        DEPENDENCY_ADDRESS,
        "): Connection refused",
    ];
    failed(at, errors, &text.concat())
}

fn failed(at: Instant, mut errors: String, text: &str) -> Outcome {
    errors.push_str(&format!("wget: {text}\n"));
    Outcome::Until {
        at,
        stdout: Vec::new(),
        stderr: errors.into_bytes(),
        exit_code: 1,
    }
}

fn no_status(
    ctx: &Ctx<'_>,
    at: Instant,
    errors: String,
    answer: &HttpAnswer,
    address: &str,
    options: &Options,
) -> Outcome {
    let text = match answer {
        HttpAnswer::Refused => {
            format!("can't connect to remote host ({address}): Connection refused")
        }
        HttpAnswer::Reset => "error getting response: Connection reset by peer".to_string(),
        HttpAnswer::NotHttp(_) | HttpAnswer::Empty => "error getting response".to_string(),
        HttpAnswer::BodyCut => "connection closed prematurely".to_string(),
        HttpAnswer::NoAnswer | HttpAnswer::Dropped | HttpAnswer::BodyStalls => {
            // Without -T it waits for ever.
            return match options.timeout {
                Some(timeout) => failed(ctx.now + timeout, errors, "download timed out"),
                None => Outcome::Forever,
            };
        }
        HttpAnswer::Status { .. } => "error getting response".to_string(),
    };
    failed(at, errors, &text)
}

/// What `-S` prints.
fn header_lines(ctx: &Ctx<'_>, at: Instant, reply: &HttpReply, page: &Page) -> String {
    let status = reply.code().unwrap_or(0);
    let c = ctx.world.clock.calendar(at);
    let date = format!(
        "{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
        short(&WEEKDAYS, c.weekday),
        c.day,
        short(&MONTHS, c.month.saturating_sub(1)),
        c.year,
        c.hour,
        c.minute,
        c.second
    );
    let is_typed = |line: &String| line.to_ascii_lowercase().starts_with("content-type:");
    let kind = match page.headers.iter().any(is_typed) {
        true => "",
        false => "  Content-Type: text/plain\n",
    };
    let mut lines = format!("  HTTP/1.1 {status} {}\n{kind}", reason(status));
    for line in &page.headers {
        lines.push_str(&format!("  {line}\n"));
    }
    let length = page.body.len();
    lines + &format!("  Date: {date}\n  Content-Length: {length}\n  Connection: close\n  \n")
}

fn save(
    ctx: &mut Ctx<'_>,
    at: Instant,
    mut errors: String,
    body: String,
    path: &str,
    options: &Options,
) -> Outcome {
    let mut stdout = Vec::new();
    if options.spider {
        if !options.quiet {
            errors.push_str("remote file exists\n");
        }
    } else if options.output.as_deref() == Some("-") {
        if !options.quiet {
            errors.push_str("writing to stdout\n");
        }
        stdout = body.into_bytes();
    } else {
        let name = options.output.clone().unwrap_or_else(|| {
            match path.split('?').next().and_then(|p| p.rsplit('/').next()) {
                Some("") | None => "index.html".to_string(),
                Some(name) => name.to_string(),
            }
        });
        let cwd = ctx.cwd();
        if !options.quiet {
            errors.push_str(&format!("saving to '{name}'\n'{name}' saved\n"));
        }
        let written = ctx
            .files()
            .map(|mut files| files.write(&cwd, &name, body.as_bytes()));
        if let Some(Err(errno)) = written {
            return failed(
                at,
                errors,
                &format!("can't open '{name}': {}", errno.text()),
            );
        }
    }
    Outcome::Until {
        at,
        stdout,
        stderr: errors.into_bytes(),
        exit_code: 0,
    }
}

/// Reason phrase of a status.
pub fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        418 => "I'm a teapot",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}
