//! `hostPath`: what a node has at a path, and what the kubelet makes there.
//! Source: kubernetes.io/docs/concepts/storage/volumes/#hostpath-volume-types.

use crate::api::VolumeSource;
use crate::cluster::Cx;
use crate::container::filesystem::{parent, Node, Tree};
use crate::container::Volume;
use crate::ids::{NodeId, PodId};

/// What is at a path of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum There {
    Directory,
    File,
    Socket,
    CharDevice,
}

/// What a node of Debian with containerd has, as far as Pods use to mount it.
const USUAL: &[(&str, There)] = &[
    ("/dev/null", There::CharDevice),
    ("/dev/tty", There::CharDevice),
    ("/dev/urandom", There::CharDevice),
    ("/dev/zero", There::CharDevice),
    ("/etc/hostname", There::File),
    ("/etc/hosts", There::File),
    ("/etc/kubernetes/manifests", There::Directory),
    ("/etc/localtime", There::File),
    ("/etc/machine-id", There::File),
    ("/etc/os-release", There::File),
    ("/etc/passwd", There::File),
    ("/etc/resolv.conf", There::File),
    ("/etc/ssl/certs/ca-certificates.crt", There::File),
    ("/home", There::Directory),
    ("/lib/modules", There::Directory),
    ("/mnt", There::Directory),
    ("/opt/cni/bin", There::Directory),
    ("/proc", There::Directory),
    ("/root", There::Directory),
    ("/run/containerd/containerd.sock", There::Socket),
    ("/run/xtables.lock", There::File),
    ("/sys/fs/cgroup", There::Directory),
    ("/tmp", There::Directory),
    ("/usr/bin", There::Directory),
    ("/usr/local/bin", There::Directory),
    ("/usr/share", There::Directory),
    ("/var/lib/containerd", There::Directory),
    ("/var/lib/kubelet/pods", There::Directory),
    ("/var/log/containers", There::Directory),
    ("/var/log/pods", There::Directory),
    ("/var/tmp", There::Directory),
];

/// A path without what changes nothing in it; `/var/run` and `/bin` are links.
fn canonical(path: &str) -> String {
    let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
    let path: String = parts.flat_map(|part| ["/", part]).collect();
    match path.strip_prefix("/var/run") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => ["/run", rest].concat(),
        _ => path,
    }
}

fn there(cx: &Cx, node: NodeId, path: &str) -> Option<There> {
    if matches!(path, "" | "/") {
        return Some(There::Directory);
    }
    let usual = USUAL.iter().map(|(known, what)| (*known, *what));
    let made = cx.node(node).host_paths.iter();
    let made = made.map(|(known, is_file)| match is_file {
        true => (&**known, There::File),
        false => (&**known, There::Directory),
    });
    let mut above = false;
    for (known, what) in usual.chain(made) {
        match known.strip_prefix(path) {
            Some("") => return Some(what),
            Some(rest) => above |= rest.starts_with('/'),
            None => {}
        }
    }
    above.then_some(There::Directory)
}

/// The volume of a path as a container sees it; why it cannot be set up otherwise.
pub fn volume(cx: &Cx, pod: PodId, path: &str, kind: &str) -> Result<Volume, String> {
    let Some(node) = cx.pod(pod).node else {
        return Ok(Volume::empty());
    };
    let own = canonical(path);
    let found = there(cx, node, &own);
    let is = |wanted: There, what: &str| match found {
        Some(there) if there == wanted => Ok(()),
        _ => Err(["hostPath type check failed: ", path, " is not a ", what].concat()),
    };
    match kind {
        "Directory" => is(There::Directory, "directory")?,
        "DirectoryOrCreate" if found.is_some() => is(There::Directory, "directory")?,
        "File" => is(There::File, "file")?,
        "FileOrCreate" if found.is_some() => is(There::File, "file")?,
        // The file is made, its directory is not.
        "FileOrCreate" if there(cx, node, parent(&own)) != Some(There::Directory) => {
            return Err(["open ", path, ": no such file or directory"].concat());
        }
        "Socket" => is(There::Socket, "socket file")?,
        "CharDevice" => is(There::CharDevice, "character device")?,
        "BlockDevice" => {
            return Err([
                "hostPath type check failed: ",
                path,
                " is not a block device",
            ]
            .concat())
        }
        _ => {}
    }
    let is_file = match found {
        Some(there) => there != There::Directory,
        None => kind == "FileOrCreate",
    };
    let mut tree = Tree::empty(0o755);
    if is_file {
        let text = match own.as_str() {
            "/etc/hostname" => [&cx.node(node).name, "\n"].concat(),
            _ => String::new(),
        };
        tree.put("/", Node::file(text.as_bytes(), 0o644));
    }
    Ok(Volume { tree })
}

/// The Pod's volumes are set up: what they made stays on the node. Where no type is given, the
/// runtime makes a directory.
#[inline(never)]
pub fn made(cx: &mut Cx, pod: PodId) {
    let state = cx.pod(pod);
    let Some(node) = state.node else { return };
    let spec = state.spec.clone();
    for volume in &spec.volumes {
        let VolumeSource::HostPath { path, kind } = &volume.source else {
            continue;
        };
        let path = canonical(path);
        if there(cx, node, &path).is_none() {
            let is_file = kind == "FileOrCreate";
            cx.node_mut(node).host_paths.push((path.into(), is_file));
        }
    }
}
