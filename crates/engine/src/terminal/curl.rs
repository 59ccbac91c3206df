//! `curl` typed beside the cluster.

use super::{line, Desk};
use crate::container::shell::applet::curl::{self, Said};
use crate::network::Nobody;
use crate::session::Typed;

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

fn ask(desk: &Desk, args: &[String], acts: &mut Vec<String>) -> Result<Said, Said> {
    let options = curl::read(args)?;
    let url = curl::target(&options)?;
    let backends = url.backends(desk.cluster, &desk.cluster.namespace, None);
    let backends = backends.map_err(|nobody| match nobody {
        Nobody::NoHost => curl::no_host(&options, url.host),
        Nobody::Refused => curl::refused(&options, &url),
        Nobody::NoRoute | Nobody::Dropped => curl::timed_out(&options, "Connection"),
    })?;
    let chosen = crate::network::pick(&mut desk.cluster.draws.clone(), &backends);
    let mut world = desk.cluster.pods[chosen.pod.index()].world.clone();
    let before = world.clone();
    let request = crate::network::get(url.path);
    let reply = world.http(desk.now, chosen.port, &request);
    let body = world.http_body(desk.now, chosen.port, &request, &reply);
    if world.differs_from(&before) {
        let mut step = String::from("curl: {url: ");
        line::quote(options.url.unwrap_or(""), &mut step);
        step.push('}');
        acts.push(step);
    }
    Ok(curl::printed(&options, &url, &reply, &body))
}
