//! `curl`: one GET, with curl's own texts when it fails. Also typed beside the cluster.

use super::wget::{own_address, reason};
use super::{Ctx, Outcome};
use crate::container::ask::{Ask, AskAnswer, Want};
use crate::container::network::{HttpAnswer, HttpReply, HttpRequest, Page, Peer};
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
    max_time: Option<Duration>,
    connect_timeout: Option<Duration>,
    fails: bool,
    /// `-L`: redirections are followed.
    follows: bool,
    /// `-H`.
    sent: Vec<(String, String)>,
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
    while let Some(arg) = rest.next() {
        let Some(dashed) = arg.strip_prefix('-').filter(|l| !l.is_empty()) else {
            if options.url.is_some() {
                return Err(not_simulated("several URLs"));
            }
            options.url = Some(arg);
            continue;
        };
        if dashed.starts_with('-') {
            options.take(arg, None, &mut rest)?;
            continue;
        }
        for (at, letter) in dashed.char_indices() {
            let after = &dashed[at + letter.len_utf8()..];
            let attached = (!after.is_empty()).then_some(after);
            if options.take(long_name(letter)?, attached, &mut rest)? {
                break;
            }
        }
    }
    Ok(options)
}

fn not_simulated(what: &str) -> Said {
    fail(2, format!("curl: readyz does not simulate {what}\n"))
}

/// The long name of a letter; curl has the others, too, but for those of the last line.
fn long_name(letter: char) -> Result<&'static str, Said> {
    Ok(match letter {
        'o' => "--output",
        'w' => "--write-out",
        'm' => "--max-time",
        'i' => "--include",
        's' => "--silent",
        'S' => "--show-error",
        'f' => "--fail",
        'L' => "--location",
        'k' => "--insecure",
        'g' => "--globoff",
        'X' => "--request",
        'H' => "--header",
        letter if letter.is_ascii_alphanumeric() && !"5789WJ".contains(letter) || letter == '#' => {
            return Err(not_simulated(&format!("-{letter}")))
        }
        letter => return Err(fail(2, format!("curl: option -{letter}: is unknown\n"))),
    })
}

impl<'a> Options<'a> {
    /// Takes an option by its long name; whether it took a value.
    fn take(
        &mut self,
        name: &str,
        attached: Option<&'a str>,
        rest: &mut impl Iterator<Item = &'a str>,
    ) -> Result<bool, Said> {
        match name {
            "--include" => self.with_headers = true,
            "--silent" => self.is_silent = true,
            "--show-error" => self.shows_errors = true,
            "--fail" => self.fails = true,
            "--location" => self.follows = true,
            // Nothing here has a certificate, or brackets in its name.
            "--insecure" | "--globoff" => {}
            "--output" | "--write-out" | "--max-time" | "--connect-timeout" | "--request"
            | "--header" => {
                let Some(value) = attached.or_else(|| rest.next()) else {
                    let text = format!("curl: option {name}: requires parameter\n");
                    return Err(fail(2, text));
                };
                self.set(name, value)?;
                return Ok(true);
            }
            other => return Err(not_simulated(other)),
        }
        Ok(false)
    }

    fn set(&mut self, name: &str, value: &'a str) -> Result<(), Said> {
        match name {
            "--output" if value == "-" => {}
            // The body goes nowhere that anybody looks.
            "--output" if value == "/dev/null" => self.discards = true,
            "--output" => return Err(not_simulated("-o with a file")),
            "--write-out" => self.write_out = Some(value),
            "--request" if value == "GET" => {}
            "--request" => return Err(not_simulated(&format!("the method {value}"))),
            "--header" => {
                let (name, value) = value.split_once(':').unwrap_or((value, ""));
                self.sent
                    .push((name.trim().to_owned(), value.trim().to_owned()));
            }
            _ => {
                let span = super::sleep::seconds(value);
                let span = span.filter(|_| !value.ends_with(char::is_alphabetic));
                let Some(span) = span else {
                    let text =
                        format!("curl: option {name}: expected a proper numerical parameter\n");
                    return Err(fail(2, text));
                };
                match name {
                    "--max-time" => self.max_time = Some(span),
                    _ => self.connect_timeout = Some(span),
                }
            }
        }
        Ok(())
    }
}

/// What leaves this machine carries no headers of its own.
pub fn without_headers(options: &Options) -> Result<(), Said> {
    match options.sent.is_empty() {
        true => Ok(()),
        false => Err(not_simulated("-H here")),
    }
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
    let connecting = options.connect_timeout.filter(|_| what == "Connection");
    match options.max_time.into_iter().chain(connecting).min() {
        Some(after) => {
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
pub fn printed(options: &Options, url: &Url, reply: &HttpReply, page: &Page) -> Said {
    let failure =
        |code, text: &str| quietly(options, fail(code, format!("curl: ({code}) {text}\n")));
    let limit = options.max_time;
    let said = match &reply.what {
        HttpAnswer::Dropped => return timed_out(options, "Connection"),
        HttpAnswer::NoAnswer | HttpAnswer::BodyStalls => return timed_out(options, "Operation"),
        _ if limit.is_some_and(|limit| reply.after > limit) => {
            return timed_out(options, "Operation");
        }
        HttpAnswer::Status {
            location: Some(_), ..
        } if options.follows => not_simulated("following a redirection"),
        HttpAnswer::Status { status, location } => {
            answered(options, *status, location.as_deref(), page)
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

fn answered(options: &Options, status: u16, location: Option<&str>, page: &Page) -> Said {
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
        for line in &page.headers {
            said.stdout.push_str(&format!("{line}\n"));
        }
        let length = format!("Content-Length: {}\n\n", page.body.len());
        said.stdout.push_str(&length);
    }
    if !options.discards {
        said.stdout.push_str(&page.body);
    }
    if let Some(wanted) = options.write_out {
        let words = wanted
            .replace("%{http_code}", &status.to_string())
            .replace("%{response_code}", &status.to_string())
            .replace("\\n", "\n");
        if words.contains("%{") {
            return not_simulated("this variable of -w");
        }
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
            headers: &options.sent,
            user_agent: "curl/8.5.0",
            host: &host,
            port: 0,
            from: Peer::Loopback,
        };
        let reply = ctx.world.http(ctx.now, url.port, &request);
        let page = ctx.world.http_page(ctx.now, url.port, &request, &reply);
        return ends(ctx, printed(&options, &url, &reply, &page));
    }
    let said = match (ctx.world.dependency(url.host), ctx.world.answered.take()) {
        (Some(true), _) => {
            let body = "ok\n".to_string();
            let headers = Vec::new();
            answered(&options, 200, None, &Page { headers, body })
        }
        (Some(false), _) => refused(&options, &url),
        (None, None) if !options.sent.is_empty() => not_simulated("-H to another Pod"),
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
        (None, Some(AskAnswer::Reply { reply, page, .. })) => {
            printed(&options, &url, &reply, &page)
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
