//! What nodes and registries say about images (IMG-01 to IMG-09): which are present, how long a
//! pull takes and how it ends.

use super::image::{has_tag, lookup, resolve_with, short_name, split_tag};
use crate::latency::PULL_PRESENT;
use crate::scenario::{self, PullBehaviour};
use crate::time::Duration;

/// Which world the registries belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Registry {
    /// Every image exists and is on the nodes, unless a Scenario says otherwise.
    #[default]
    Open,
    /// The registries behind the recordings (`world.json`).
    Recorded,
}

/// How a pull ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullResult {
    /// From its turn to its end.
    pub after: Duration,
    /// Bytes of the image, or the runtime's text.
    pub result: Result<u64, String>,
}

/// Tag `slow` of every repository of the recorded registry.
const PULL_SLOW: Duration = Duration::from_millis(8_009);
const AFTER_UNKNOWN_TAG: Duration = Duration::from_millis(6);
const AFTER_DENIED: Duration = Duration::from_millis(93);
const AFTER_REFUSED: Duration = Duration::from_millis(5);
const AFTER_LOOKUP: Duration = Duration::from_secs(10);

/// Host name whose name server does not answer in the recorded cluster.
const SILENT_HOST: &str = "registry.example.com";
const NAME_SERVER: &str = "192.0.2.53:53";

/// An image name with its parts.
struct Reference<'a> {
    host: &'a str,
    /// Repository without the host, `library/` added for Docker Hub's own.
    repository: String,
    tag: &'a str,
}

impl<'a> Reference<'a> {
    fn of(name: &'a str) -> Reference<'a> {
        let (path, tag) = split_tag(name);
        let first = path.split('/').next().unwrap_or("");
        let has_host = path.contains('/') && (first.contains(['.', ':']) || first == "localhost");
        let (host, repository) = match has_host {
            true => (first, path[first.len() + 1..].to_string()),
            false if path.contains('/') => ("docker.io", path.to_string()),
            false => ("docker.io", format!("library/{path}")),
        };
        Reference {
            host,
            repository,
            tag,
        }
    }

    /// `failed to pull and unpack image "HOST/REPO:TAG": failed to resolve image: CAUSE`.
    fn failure(&self, cause: &str) -> String {
        format!(
            "failed to pull and unpack image \"{}/{}:{}\": failed to resolve image: {cause}",
            self.host, self.repository, self.tag
        )
    }

    fn not_found(&self) -> String {
        let cause = format!("{}/{}:{}: not found", self.host, self.repository, self.tag);
        format!("rpc error: code = NotFound desc = {}", self.failure(&cause))
    }

    fn denied(&self) -> String {
        self.failure(
            "pull access denied, repository does not exist or may require authorization: server \
             message: insufficient_scope: authorization failed",
        )
    }

    fn head(&self) -> String {
        format!(
            "failed to do request: Head \"https://{}/v2/{}/manifests/{}\": ",
            self.host, self.repository, self.tag
        )
    }

    fn refused(&self) -> String {
        let port = if self.host.contains(':') { "" } else { ":443" };
        let cause = format!(
            "{}dial tcp {}{port}: connect: connection refused",
            self.head(),
            self.host
        );
        self.failure(&cause)
    }

    fn no_name(&self, node_address: &str, source_port: u16) -> String {
        let cause = format!(
            "{}dial tcp: lookup {} on {NAME_SERVER}: read udp {node_address}:{source_port}->\
             {NAME_SERVER}: i/o timeout",
            self.head(),
            self.host
        );
        self.failure(&cause)
    }
}

/// What the scenario says about an image.
pub fn described<'a>(
    images: &'a [scenario::ImageSpec],
    name: &str,
) -> Option<&'a scenario::ImageSpec> {
    images.iter().find(|entry| entry.image == name)
}

impl Registry {
    /// Whether an image is on every node from the beginning.
    pub fn is_present(self, images: &[scenario::ImageSpec], name: &str) -> bool {
        if let Some(entry) = described(images, name) {
            return entry.pull == PullBehaviour::Present;
        }
        match self {
            Registry::Open => true,
            Registry::Recorded => has_tag(name),
        }
    }

    /// What a pull comes to. `node_address` and `source_port` stand in the text of a lookup that
    /// fails.
    pub fn pull(
        self,
        images: &[scenario::ImageSpec],
        name: &str,
        node_address: &str,
        source_port: u16,
    ) -> PullResult {
        let reference = Reference::of(name);
        let size = resolve_with(images, name).0.size_bytes;
        let ends = |after, result| PullResult { after, result };
        if let Some(entry) = described(images, name) {
            return match entry.pull {
                PullBehaviour::Present => ends(PULL_PRESENT, Ok(size)),
                PullBehaviour::Takes(time) => ends(time, Ok(size)),
                PullBehaviour::Missing => ends(AFTER_UNKNOWN_TAG, Err(reference.not_found())),
                PullBehaviour::Denied => ends(AFTER_DENIED, Err(reference.denied())),
                PullBehaviour::Refused => ends(AFTER_REFUSED, Err(reference.refused())),
            };
        }
        if self == Registry::Open || has_tag(name) {
            return ends(PULL_PRESENT, Ok(size));
        }
        let known = lookup(short_name(name)).is_some_and(|image| image.is_recorded);
        match (reference.host, reference.tag, known) {
            (_, "pull1" | "pull2" | "pull3", true) => ends(PULL_PRESENT, Ok(size)),
            (_, "slow", true) => ends(PULL_SLOW, Ok(size)),
            (_, _, true) => ends(AFTER_UNKNOWN_TAG, Err(reference.not_found())),
            ("docker.io", _, false) => ends(AFTER_DENIED, Err(reference.denied())),
            (SILENT_HOST, _, false) => {
                let text = reference.no_name(node_address, source_port);
                ends(AFTER_LOOKUP, Err(text))
            }
            _ => ends(AFTER_REFUSED, Err(reference.refused())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(name: &str) -> String {
        Registry::Recorded
            .pull(&[], name, "192.168.0.122", 40_000)
            .result
            .unwrap_err()
    }

    /// Texts of the recordings' catalogue of container states.
    #[test]
    fn the_recorded_registry_answers_as_recorded() {
        assert_eq!(
            error("nginx:9.99"),
            "rpc error: code = NotFound desc = failed to pull and unpack image \
             \"docker.io/library/nginx:9.99\": failed to resolve image: \
             docker.io/library/nginx:9.99: not found"
        );
        assert_eq!(
            error("mysql"),
            "failed to pull and unpack image \"docker.io/library/mysql:latest\": failed to resolve \
             image: pull access denied, repository does not exist or may require authorization: \
             server message: insufficient_scope: authorization failed"
        );
        assert_eq!(
            error("192.168.0.122/ceba/tomcat"),
            "failed to pull and unpack image \"192.168.0.122/ceba/tomcat:latest\": failed to \
             resolve image: failed to do request: Head \
             \"https://192.168.0.122/v2/ceba/tomcat/manifests/latest\": dial tcp \
             192.168.0.122:443: connect: connection refused"
        );
        assert_eq!(
            error("registry.example.com/app:v1"),
            "failed to pull and unpack image \"registry.example.com/app:v1\": failed to resolve \
             image: failed to do request: Head \
             \"https://registry.example.com/v2/app/manifests/v1\": dial tcp: lookup \
             registry.example.com on 192.0.2.53:53: read udp 192.168.0.122:40000->192.0.2.53:53: \
             i/o timeout"
        );
        let slow = Registry::Recorded.pull(&[], "busybox:slow", "", 0);
        assert_eq!(slow.after, Duration::from_millis(8_009));
        assert_eq!(slow.result, Ok(2_140_881));
        assert!(Registry::Recorded.is_present(&[], "nginx:1.15"));
        assert!(!Registry::Recorded.is_present(&[], "busybox:pull1"));
        assert!(Registry::Open.is_present(&[], "registry.example/checkout:1.4"));
    }
}
