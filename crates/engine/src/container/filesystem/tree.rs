//! One file tree: nodes by canonical path over an optional shared base layer.

use crate::sorted::{self, Map};
use crate::time::Instant;
use std::sync::Arc;

/// Programs that are not scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// BusyBox or a coreutils program: what runs is decided by the name it is called by.
    Applets,
    Agnhost,
    Node,
    Nginx,
    NginxEntrypoint,
    Pause,
    ProbeLab,
    Squid,
    SquidStart,
    /// `docker-entrypoint.sh` of an application image.
    Entrypoint,
    /// The server that is data: an application's, or that of an unknown image.
    Generic,
}

/// Special files of `/dev`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    Null,
    Zero,
    Full,
    Random,
    Tty,
}

/// What a path holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    File(Arc<Vec<u8>>),
    Directory,
    Symlink(Arc<str>),
    Binary(Binary),
    Device(Device),
}

/// A file, directory, link or device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub content: Content,
    /// Permission bits, with sticky and set-id bits.
    pub mode: u16,
    pub uid: u32,
    pub gid: u32,
    pub modified: Instant,
}

impl Node {
    pub fn directory(mode: u16) -> Node {
        Node::new(Content::Directory, mode)
    }

    pub fn file(bytes: &[u8], mode: u16) -> Node {
        Node::new(Content::File(Arc::new(bytes.to_vec())), mode)
    }

    pub fn new(content: Content, mode: u16) -> Node {
        Node {
            content,
            mode,
            uid: 0,
            gid: 0,
            modified: Instant::ZERO,
        }
    }

    pub fn is_directory(&self) -> bool {
        self.content == Content::Directory
    }

    /// Size in bytes as `ls -l` prints it.
    pub fn size(&self) -> u64 {
        match &self.content {
            Content::File(bytes) => bytes.len() as u64,
            Content::Directory => 4_096,
            Content::Symlink(target) => target.len() as u64,
            Content::Binary(_) => 1_131_168,
            Content::Device(_) => 0,
        }
    }
}

/// A disk's blocks, bytes.
const BLOCK: u64 = 4_096;

/// Nodes by canonical absolute path; the root is `/`.
pub type Layer = Map<Arc<str>, Node>;

/// A layer with changes over it. Cloning is cheap: both parts are shared until written.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    base: Option<Arc<Layer>>,
    /// None: removed (a whiteout over the base).
    changed: Arc<Map<Arc<str>, Option<Node>>>,
}

impl Tree {
    /// An empty tree with a root directory.
    pub fn empty(mode: u16) -> Tree {
        let mut tree = Tree::default();
        tree.put("/", Node::directory(mode));
        tree
    }

    /// A fresh writable layer over a shared one.
    pub fn over(base: Arc<Layer>) -> Tree {
        Tree {
            base: Some(base),
            changed: Arc::default(),
        }
    }

    /// The node at a canonical path.
    pub fn get(&self, path: &str) -> Option<&Node> {
        if let Some(changed) = self.changed.get(path) {
            return changed.as_ref();
        }
        self.base.as_ref().and_then(|base| base.get(path))
    }

    /// A path with the links followed that its parts are.
    pub fn through_links(&self, path: &str) -> String {
        let mut done = String::new();
        for name in path.split('/').filter(|name| !name.is_empty()) {
            done = [&done, "/", name].concat();
            if let Some(Content::Symlink(target)) = self.get(&done).map(|node| &node.content) {
                done = super::absolute(super::parent(&done), target);
            }
        }
        done
    }

    /// Gives everything in it to a group, as the kubelet does with the volumes it manages: the
    /// group may read it, and write to it unless the volume is read-only, and what is made in its
    /// directories belongs to the group, too (`fsGroup`).
    #[inline(never)]
    pub fn give_to_group(&mut self, gid: u32, read_only: bool) {
        let right = if read_only { 0o440 } else { 0o660 };
        let changed = Arc::make_mut(&mut self.changed).iter_mut();
        for node in changed.filter_map(|(_, node)| node.as_mut()) {
            node.gid = gid;
            node.mode |= match node.content {
                Content::Symlink(_) => 0,
                Content::Directory => right | 0o2110,
                _ => right,
            };
        }
    }

    /// Creates or replaces the node at a canonical path.
    pub fn put(&mut self, path: &str, node: Node) {
        Arc::make_mut(&mut self.changed).insert(Arc::from(path), Some(node));
    }

    /// The node for writing, copied up from the base if needed.
    pub fn get_mut(&mut self, path: &str) -> Option<&mut Node> {
        if !self.changed.contains_key(path) {
            let node = self.base.as_ref()?.get(path)?.clone();
            self.put(path, node);
        }
        Arc::make_mut(&mut self.changed)
            .get_mut(path)
            .and_then(Option::as_mut)
    }

    /// Removes one node; what lies under it is the caller's concern.
    pub fn remove(&mut self, path: &str) {
        let below = self
            .base
            .as_ref()
            .is_some_and(|base| base.contains_key(path));
        let changed = Arc::make_mut(&mut self.changed);
        if below {
            changed.insert(Arc::from(path), None);
        } else {
            changed.remove(path);
        }
    }

    /// Bytes on the disk of what was written over the base, in whole blocks.
    pub fn written_bytes(&self) -> u64 {
        let nodes = self.changed.iter().filter_map(|(_, node)| node.as_ref());
        let blocks = nodes.map(|node| node.size().div_ceil(BLOCK));
        blocks.sum::<u64>() * BLOCK
    }

    /// Names directly under a directory, sorted by bytes.
    pub fn children(&self, directory: &str) -> Vec<String> {
        let prefix = if directory == "/" {
            "/".to_string()
        } else {
            format!("{directory}/")
        };
        let mut names: Vec<String> = Vec::new();
        let in_base = self.base.iter().flat_map(|base| {
            sorted::from(base, prefix.as_str())
                .iter()
                .take_while(|(path, _)| path.starts_with(&prefix))
                .filter(|(path, _)| !self.changed.contains_key(path))
                .map(|(path, _)| path)
        });
        let in_changed = sorted::from(&self.changed, prefix.as_str())
            .iter()
            .take_while(|(path, _)| path.starts_with(&prefix))
            .filter(|(_, node)| node.is_some())
            .map(|(path, _)| path);
        for path in in_base.chain(in_changed) {
            let rest = &path[prefix.len()..];
            if !rest.is_empty() && !rest.contains('/') {
                names.push(rest.to_string());
            }
        }
        names.sort();
        names
    }
}
