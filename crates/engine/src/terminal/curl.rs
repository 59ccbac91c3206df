//! `curl` typed beside the cluster.

use super::{line, Desk, Typed};
use crate::container::shell::applet::curl::{self, Options, Said};
use crate::container::{HttpAnswer, HttpReply, HttpRequest, Page, Peer};
use crate::controllers::find_pod;
use crate::ids::PodId;
use crate::kubectl::Forward;
use crate::network::{Nobody, Url};

/// Runs curl with these arguments.
pub fn run(desk: &Desk, args: &[String]) -> Typed {
    let mut acts = Vec::new();
    let said = ask(desk, args, &mut acts).unwrap_or_else(|said| said);
    Typed {
        stdout: said.stdout,
        stderr: said.stderr,
        exit_code: said.exit_code,
        unfinished: said.waits,
        acts,
        ..Typed::default()
    }
}

/// What `kubectl port-forward` prints on the same terminal when this is typed (PFW-01); empty: it
/// has nothing to do with it.
pub fn handled(desk: &Desk, args: &[String]) -> String {
    let options = curl::read(args).ok();
    let url = options.as_ref().and_then(|o| curl::target(o).ok());
    match url.and_then(|url| listening(desk, &url)) {
        Some(forward) if find_pod(desk.cluster, &forward.namespace, &forward.pod).is_some() => {
            ["Handling connection for ", &forward.local.to_string(), "\n"].concat()
        }
        _ => String::new(),
    }
}

/// The command that listens at an address of this machine.
fn listening<'d>(desk: &'d Desk, url: &Url) -> Option<&'d Forward> {
    let is_local = url.host == "localhost" || url.host.starts_with("127.");
    let mut listening = desk.forwards.iter().filter(|_| is_local);
    listening.find(|forward| forward.local == url.port)
}

fn ask(desk: &Desk, args: &[String], acts: &mut Vec<String>) -> Result<Said, Said> {
    let options = curl::read(args)?;
    curl::without_headers(&options)?;
    let url = curl::target(&options)?;
    if let Some(answered) = forwarded(desk, &options, &url, acts) {
        return Ok(answered);
    }
    let mut draws = desk.cluster.draws.clone();
    let chosen = url.backend(desk.cluster, &mut draws, &desk.cluster.namespace, None);
    let chosen = chosen.map_err(|nobody| match nobody {
        Nobody::NoHost => curl::no_host(&options, url.host),
        Nobody::Refused => curl::refused(&options, &url),
        Nobody::NoRoute | Nobody::Dropped => curl::timed_out(&options, "Connection"),
    })?;
    let request = crate::network::get(url.path);
    let (reply, page, changed) = exchange(desk, chosen.pod, chosen.port, &request);
    if changed {
        acts.push(step(options.url.unwrap_or("")));
    }
    Ok(curl::printed(&options, &url, &reply, &page))
}

/// The answer of a Pod, what came with it, and whether the Pod is another afterwards.
fn exchange(desk: &Desk, pod: PodId, port: u16, request: &HttpRequest) -> (HttpReply, Page, bool) {
    let before = &desk.cluster.pods[pod.index()].world;
    let mut world = before.clone();
    let reply = world.http(desk.now, port, request);
    let page = world.http_page(desk.now, port, request, &reply);
    (reply, page, world.differs_from(before))
}

fn step(url: &str) -> String {
    let mut step = String::from("curl: {url: ");
    line::quote(url, &mut step);
    step.push('}');
    step
}

/// The answer of the Pod behind a port of this machine (PFW-01); None: it is another's URL.
fn forwarded(desk: &Desk, options: &Options, url: &Url, acts: &mut Vec<String>) -> Option<Said> {
    let forward = listening(desk, url)?;
    let pod = find_pod(desk.cluster, &forward.namespace, &forward.pod)?;
    // It comes from the Pod itself.
    let request = HttpRequest {
        from: Peer::Loopback,
        ..crate::network::get(url.path)
    };
    let (mut reply, page, changed) = exchange(desk, pod, forward.port, &request);
    if reply.what == HttpAnswer::Refused {
        // The connection to kubectl itself was made.
        reply.what = HttpAnswer::Empty;
    }
    let address = desk.cluster.pods[pod.index()].status.pod_ip;
    if let Some(address) = address.filter(|_| changed) {
        let address = crate::go_format::ipv4(address);
        acts.push(step(&format!(
            "http://{address}:{}{}",
            forward.port, url.path
        )));
    }
    Some(curl::printed(options, url, &reply, &page))
}
