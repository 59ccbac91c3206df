//! Files that images share.

use crate::container::filesystem::{Binary, Content, Device, Layer, Node};
use crate::container::shell::applet;
use std::sync::{Arc, OnceLock};

/// A layer under construction.
pub struct Builder {
    layer: Layer,
}

impl Builder {
    /// Starts from a finished layer.
    pub fn over(base: &Layer) -> Builder {
        Builder {
            layer: base.clone(),
        }
    }

    pub fn directory(self, path: &str) -> Builder {
        self.open(path, 0o755)
    }

    /// A directory with its permissions.
    pub fn open(mut self, path: &str, mode: u16) -> Builder {
        self.layer.insert(Arc::from(path), Node::directory(mode));
        self
    }

    /// The directories above a path that are missing.
    pub fn parents(mut self, path: &str) -> Builder {
        for (at, _) in path.match_indices('/').skip(1) {
            if self.layer.get(&path[..at]).is_none() {
                self = self.directory(&path[..at]);
            }
        }
        self
    }

    pub fn file(mut self, path: &str, text: &str) -> Builder {
        self.layer
            .insert(Arc::from(path), Node::file(text.as_bytes(), 0o644));
        self
    }

    pub fn binary(mut self, path: &str, binary: Binary) -> Builder {
        let node = Node::new(Content::Binary(binary), 0o755);
        self.layer.insert(Arc::from(path), node);
        self
    }

    pub fn link(mut self, path: &str, target: &str) -> Builder {
        let node = Node::new(Content::Symlink(Arc::from(target)), 0o777);
        self.layer.insert(Arc::from(path), node);
        self
    }

    pub fn without(mut self, path: &str) -> Builder {
        self.layer.remove(path);
        self
    }

    pub fn done(self) -> Arc<Layer> {
        Arc::new(self.layer)
    }
}

/// Directories, devices and accounts that every image has.
fn skeleton() -> Layer {
    let mut builder = Builder {
        layer: Layer::new(),
    };
    builder = builder.directory("/");
    for directory in [
        "/bin",
        "/dev",
        "/dev/shm",
        "/etc",
        "/home",
        "/node",
        "/proc",
        "/root",
        "/run",
        "/sbin",
        "/sys",
        "/tmp",
        "/usr",
        "/usr/bin",
        "/usr/local",
        "/usr/local/bin",
        "/usr/sbin",
        "/usr/share",
        "/var",
    ] {
        builder = builder.directory(directory);
    }
    builder = builder
        .file(
            "/etc/passwd",
            "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
        )
        .file("/etc/group", "root:x:0:\nnogroup:x:65534:\n")
        .link("/dev/stdin", "/proc/self/fd/0")
        .link("/dev/stdout", "/proc/self/fd/1")
        .link("/dev/stderr", "/proc/self/fd/2");
    for (path, device) in [
        ("/dev/null", Device::Null),
        ("/dev/zero", Device::Zero),
        ("/dev/full", Device::Full),
        ("/dev/random", Device::Random),
        ("/dev/urandom", Device::Random),
        ("/dev/tty", Device::Tty),
    ] {
        let node = Node::new(Content::Device(device), 0o666);
        builder.layer.insert(Arc::from(path), node);
    }
    for path in ["/tmp", "/dev/shm"] {
        if let Some(node) = builder.layer.get_mut(path) {
            node.mode = 0o1777;
        }
    }
    builder.layer
}

/// BusyBox: every applet is a link in `/bin`.
pub fn busybox() -> Arc<Layer> {
    static ROOT: OnceLock<Arc<Layer>> = OnceLock::new();
    ROOT.get_or_init(|| {
        let mut builder = Builder::over(&skeleton()).binary("/bin/busybox", Binary::Applets);
        let names = applet::names().filter(|name| *name != "busybox");
        let names = names.filter(|name| applet::is_in_busybox(name));
        for name in names.chain(applet::real_busybox()) {
            builder = builder.link(&format!("/bin/{name}"), "/bin/busybox");
        }
        builder.done()
    })
    .clone()
}

/// Debian: programs of their own in `/usr/bin`, and no network tools.
pub fn debian() -> Arc<Layer> {
    static ROOT: OnceLock<Arc<Layer>> = OnceLock::new();
    ROOT.get_or_init(|| {
        let mut builder = Builder::over(&skeleton())
            .without("/bin")
            .without("/sbin")
            .without("/node")
            .link("/bin", "usr/bin")
            .link("/sbin", "usr/sbin")
            .link("/var/run", "/run")
            .file("/etc/debian_version", "12.9\n")
            .file(
                "/etc/os-release",
                "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian \
                 GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n",
            );
        for name in applet::names() {
            if applet::is_in_debian(name) {
                builder = builder.binary(&format!("/usr/bin/{name}"), Binary::Applets);
            }
        }
        for path in applet::real_debian() {
            builder = builder.binary(&path, Binary::Applets);
        }
        builder.binary("/usr/bin/bash", Binary::Applets).done()
    })
    .clone()
}
