//! What one container sees of its files: its root with the volumes mounted into it.

use super::{absolute, parent, Content, Errno, Node, Tree};
use crate::container::setup::Volume;
use crate::time::Instant;
use std::sync::Arc;

/// A volume in a container's tree.
#[derive(Clone, Debug)]
pub struct Mounted {
    /// Canonical path in the container.
    pub path: String,
    /// Index of the Pod's volume.
    pub volume: u32,
    /// Path inside the volume, `/` for all of it.
    pub inner: String,
    pub read_only: bool,
}

/// Counts of changes to the files of a Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Generation {
    /// Objects that came, went, or changed their permissions.
    pub names: u32,
    /// Objects that were written to.
    pub contents: u32,
}

impl Generation {
    /// Everything may be different.
    pub fn raise(&mut self) {
        self.names = self.names.wrapping_add(1);
        self.contents = self.contents.wrapping_add(1);
    }
}

/// Borrowed view for the length of one operation.
pub struct FsView<'a> {
    pub root: &'a mut Tree,
    pub mounts: &'a [Mounted],
    pub volumes: &'a mut [Volume],
    /// Raised at changes, so that answers may be remembered.
    pub generation: &'a mut Generation,
    pub disk_full: bool,
    /// The root cannot be written to, but for this file, which is mounted into it.
    pub read_only_root: Option<&'a str>,
    pub now: Instant,
    /// 0: root, whom permissions do not stop.
    pub uid: u32,
    /// Its group, which new files belong to, and the others it is in.
    pub gid: u32,
    pub groups: &'a [u32],
}

/// Symbolic links followed before a path is given up.
const LINKS_MAX: u32 = 40;

impl FsView<'_> {
    /// Canonical path of an existing object or of a new one in an existing directory. Symbolic
    /// links are followed, the last one only if `follow`.
    pub fn resolve(&self, cwd: &str, path: &str, follow: bool) -> Result<String, Errno> {
        if path.is_empty() {
            return Err(Errno::NoEntry);
        }
        if let Some(plain) = self.resolve_plain(cwd, path) {
            return Ok(plain);
        }
        let mut todo: Vec<String> = split_reversed(&absolute(cwd, path));
        let wants_directory = path.len() > 1 && path.ends_with('/');
        let mut done = String::new();
        let mut links = 0;
        while let Some(name) = todo.pop() {
            match name.as_str() {
                "" | "." => continue,
                ".." => {
                    let up = done.rfind('/').unwrap_or(0);
                    done.truncate(up);
                    continue;
                }
                _ => {}
            }
            let here = done.len();
            done.push('/');
            done.push_str(&name);
            let last = todo.is_empty();
            match self.node(&done).map(|node| (node, &node.content)) {
                Some((_, Content::Symlink(target))) if follow || !last => {
                    links += 1;
                    if links > LINKS_MAX {
                        return Err(Errno::TooManyLinks);
                    }
                    if target.starts_with('/') {
                        done.clear();
                    } else {
                        done.truncate(here);
                    }
                    todo.extend(split_reversed(target));
                }
                Some((node, Content::Directory)) if !last && !self.allowed(node, 0o1) => {
                    return Err(Errno::AccessDenied);
                }
                Some((_, Content::Directory)) => {}
                Some(_) if !last || wants_directory => return Err(Errno::NotDirectory),
                None if !last => return Err(Errno::NoEntry),
                Some(_) | None => {}
            }
        }
        if done.is_empty() {
            done.push('/');
        }
        Ok(done)
    }

    /// `resolve` for the common case: an existing object or a new one in an existing directory, no
    /// links, no dots, no trailing slash.
    fn resolve_plain(&self, cwd: &str, path: &str) -> Option<String> {
        let mut done = if path.starts_with('/') || cwd == "/" {
            String::with_capacity(path.len() + 1)
        } else {
            cwd.to_string()
        };
        let relative = path.strip_prefix('/').unwrap_or(path);
        let mut parts = relative.split('/').peekable();
        while let Some(part) = parts.next() {
            if part.is_empty() || part == "." || part == ".." {
                return None;
            }
            done.push('/');
            done.push_str(part);
            let Some(node) = self.node(&done) else {
                return parts.peek().is_none().then_some(done);
            };
            match &node.content {
                Content::Symlink(_) => return None,
                // The long way knows why not.
                Content::Directory if parts.peek().is_some() && !self.allowed(node, 0o1) => {
                    return None;
                }
                Content::Directory => {}
                _ if parts.peek().is_some() => return None,
                _ => {}
            }
        }
        Some(done)
    }

    /// The node at a canonical path.
    pub fn node(&self, path: &str) -> Option<&Node> {
        match self.mount_of(path) {
            None => self.root.get(path),
            Some((mount, inner)) => self.volumes.get(mount.volume as usize)?.tree.get(&inner),
        }
    }

    /// The node a path leads to.
    pub fn find(&self, cwd: &str, path: &str) -> Result<(String, &Node), Errno> {
        let path = self.resolve(cwd, path, true)?;
        match self.node(&path) {
            Some(node) => Ok((path, node)),
            None => Err(Errno::NoEntry),
        }
    }

    pub fn exists(&self, cwd: &str, path: &str) -> bool {
        self.find(cwd, path).is_ok()
    }

    /// Bytes of a regular file.
    pub fn read(&self, cwd: &str, path: &str) -> Result<Arc<Vec<u8>>, Errno> {
        let (_, node) = self.find(cwd, path)?;
        if !self.allowed(node, 0o4) {
            return Err(Errno::AccessDenied);
        }
        match &node.content {
            Content::File(bytes) => Ok(bytes.clone()),
            Content::Directory => Err(Errno::IsDirectory),
            _ => Ok(Arc::default()),
        }
    }

    /// Opens for writing: creates or truncates. Gives the canonical path.
    pub fn create(&mut self, cwd: &str, path: &str, truncate: bool) -> Result<String, Errno> {
        let path = self.resolve(cwd, path, true)?;
        match self.node(&path) {
            Some(node) => {
                let (content, may) = (node.content.clone(), self.allowed(node, 0o2));
                match content {
                    Content::Directory => return Err(Errno::IsDirectory),
                    Content::Device(_) => return Ok(path),
                    _ => {}
                }
                if !may {
                    return Err(Errno::AccessDenied);
                }
                self.check_writable(&path)?;
                if truncate {
                    let now = self.now;
                    let node = self.node_mut(&path).ok_or(Errno::NoEntry)?;
                    node.content = Content::File(Arc::default());
                    node.modified = now;
                }
            }
            None => {
                self.check_parent(&path)?;
                let node = Node::file(&[], 0o644);
                self.insert(&path, node);
            }
        }
        Ok(path)
    }

    /// Whether something could be made here, or is there and may be written to.
    #[inline(never)]
    pub fn may_make(&self, path: &str) -> Result<(), Errno> {
        let path = self.resolve("/", path, true)?;
        match self.node(&path) {
            Some(node) if !self.allowed(node, 0o2) => Err(Errno::AccessDenied),
            Some(_) => self.check_writable(&path),
            None => self.check_parent(&path),
        }
    }

    /// Adds bytes to the end of an open file; a file removed meanwhile swallows them.
    pub fn append(&mut self, path: &str, bytes: &[u8]) -> Result<(), Errno> {
        if self.disk_full && !bytes.is_empty() {
            return Err(Errno::NoSpace);
        }
        let now = self.now;
        if let Some(node) = self.node_mut(path) {
            if let Content::File(old) = &mut node.content {
                Arc::make_mut(old).extend_from_slice(bytes);
                node.modified = now;
            }
        }
        Ok(())
    }

    /// Creates or replaces a file with its content.
    pub fn write(&mut self, cwd: &str, path: &str, bytes: &[u8]) -> Result<(), Errno> {
        let path = self.create(cwd, path, true)?;
        self.append(&path, bytes)
    }

    /// Sets the modification time.
    pub fn touch(&mut self, path: &str, at: Instant) -> Result<(), Errno> {
        self.check_writable(path)?;
        let node = self.node(path).ok_or(Errno::NoEntry)?;
        if node.uid != self.uid && !self.allowed(node, 0o2) {
            return Err(Errno::AccessDenied);
        }
        if let Some(node) = self.node_mut(path) {
            node.modified = at;
        }
        Ok(())
    }

    pub fn mkdir(&mut self, cwd: &str, path: &str) -> Result<(), Errno> {
        let path = self.resolve(cwd, path.trim_end_matches('/'), false)?;
        if self.node(&path).is_some() {
            return Err(Errno::Exists);
        }
        self.check_parent(&path)?;
        self.insert(&path, Node::directory(0o755));
        Ok(())
    }

    pub fn symlink(&mut self, cwd: &str, target: &str, path: &str) -> Result<(), Errno> {
        let path = self.resolve(cwd, path, false)?;
        if self.node(&path).is_some() {
            return Err(Errno::Exists);
        }
        self.check_parent(&path)?;
        self.insert(&path, Node::new(Content::Symlink(Arc::from(target)), 0o777));
        Ok(())
    }

    /// Removes a file or link.
    pub fn unlink(&mut self, cwd: &str, path: &str) -> Result<(), Errno> {
        let path = self.resolve(cwd, path, false)?;
        match self.node(&path) {
            None => Err(Errno::NoEntry),
            Some(node) if node.is_directory() => Err(Errno::IsDirectory),
            Some(_) => {
                self.check_parent_of_old(&path)?;
                self.delete(&path);
                Ok(())
            }
        }
    }

    pub fn rmdir(&mut self, cwd: &str, path: &str) -> Result<(), Errno> {
        let path = self.resolve(cwd, path, false)?;
        match self.node(&path) {
            None => return Err(Errno::NoEntry),
            Some(node) if !node.is_directory() => return Err(Errno::NotDirectory),
            Some(_) => {}
        }
        if self.mounts.iter().any(|m| m.path == path) || path == "/" {
            return Err(Errno::Busy);
        }
        if !self.list(&path).is_empty() {
            return Err(Errno::NotEmpty);
        }
        self.check_parent_of_old(&path)?;
        self.delete(&path);
        Ok(())
    }

    /// Puts a copy of a node at a canonical path whose directory exists.
    pub fn place(&mut self, path: &str, node: Node) -> Result<(), Errno> {
        self.check_parent(path)?;
        self.insert(path, node);
        Ok(())
    }

    pub fn chmod(&mut self, path: &str, mode: u16) -> Result<(), Errno> {
        self.check_writable(path)?;
        let mut mode = mode;
        if self.uid != 0 {
            let node = self.node(path).ok_or(Errno::NoEntry)?;
            if node.uid != self.uid {
                return Err(Errno::NotPermitted);
            }
            if !self.is_in(node.gid) {
                mode &= !0o2000;
            }
        }
        self.generation.names = self.generation.names.wrapping_add(1);
        let node = self.node_mut(path).ok_or(Errno::NoEntry)?;
        node.mode = mode;
        Ok(())
    }

    /// Gives a file to a user, a group, or both. Only root may give it away; its owner may give it
    /// to a group that it is in. A file's set-id bits do not survive it.
    pub fn chown(&mut self, path: &str, uid: Option<u32>, gid: Option<u32>) -> Result<(), Errno> {
        self.check_writable(path)?;
        let node = self.node(path).ok_or(Errno::NoEntry)?;
        let (uid, gid) = (uid.unwrap_or(node.uid), gid.unwrap_or(node.gid));
        let is_owner = node.uid == self.uid && uid == self.uid;
        if self.uid != 0 && !(is_owner && (gid == node.gid || self.is_in(gid))) {
            return Err(Errno::NotPermitted);
        }
        self.generation.names = self.generation.names.wrapping_add(1);
        let node = self.node_mut(path).ok_or(Errno::NoEntry)?;
        (node.uid, node.gid) = (uid, gid);
        if !node.is_directory() {
            let group_runs = node.mode & 0o010 != 0;
            node.mode &= if group_runs { 0o1777 } else { 0o3777 };
        }
        Ok(())
    }

    /// Names in a directory (canonical path), sorted by bytes.
    pub fn list(&self, directory: &str) -> Vec<String> {
        match self.mount_of(directory) {
            Some((mount, inner)) => self
                .volumes
                .get(mount.volume as usize)
                .map(|v| v.tree.children(&inner))
                .unwrap_or_default(),
            None => self.root.children(directory),
        }
    }

    /// Whether the user may read (4), write (2) or execute (1).
    pub fn allowed(&self, node: &Node, bit: u16) -> bool {
        if self.uid == 0 {
            return bit != 0o1 || node.is_directory() || node.mode & 0o111 != 0;
        }
        let shift = match node.uid == self.uid {
            true => 6,
            false if self.is_in(node.gid) => 3,
            false => 0,
        };
        node.mode >> shift & bit != 0
    }

    /// Whether the user is in a group.
    pub fn is_in(&self, gid: u32) -> bool {
        gid == self.gid || self.groups.contains(&gid)
    }

    fn insert(&mut self, path: &str, mut node: Node) {
        node.modified = self.now;
        node.uid = self.uid;
        node.gid = self.gid;
        // What is made in a set-group-id directory is its group's, and directories pass that on.
        if let Some(directory) = self.node(parent(path)).filter(|d| d.mode & 0o2000 != 0) {
            node.gid = directory.gid;
            node.mode |= if node.is_directory() { 0o2000 } else { 0 };
        }
        self.generation.names = self.generation.names.wrapping_add(1);
        match self.inner_of(path) {
            None => self.root.put(path, node),
            Some((volume, inner)) => {
                if let Some(volume) = self.volumes.get_mut(volume as usize) {
                    volume.tree.put(&inner, node);
                }
            }
        }
    }

    fn delete(&mut self, path: &str) {
        self.generation.names = self.generation.names.wrapping_add(1);
        match self.inner_of(path) {
            None => self.root.remove(path),
            Some((volume, inner)) => {
                if let Some(volume) = self.volumes.get_mut(volume as usize) {
                    volume.tree.remove(&inner);
                }
            }
        }
    }

    fn node_mut(&mut self, path: &str) -> Option<&mut Node> {
        self.generation.contents = self.generation.contents.wrapping_add(1);
        match self.inner_of(path) {
            None => self.root.get_mut(path),
            Some((volume, inner)) => self.volumes.get_mut(volume as usize)?.tree.get_mut(&inner),
        }
    }

    /// The mount that holds a path, and the path inside its volume.
    fn mount_of(&self, path: &str) -> Option<(&Mounted, String)> {
        let mut best: Option<&Mounted> = None;
        for mount in self.mounts {
            let rest = path.strip_prefix(mount.path.as_str());
            if rest.is_some_and(|r| r.is_empty() || r.starts_with('/'))
                && best.is_none_or(|b| b.path.len() < mount.path.len())
            {
                best = Some(mount);
            }
        }
        let mount = best?;
        let rest = &path[mount.path.len()..];
        let inner = match (mount.inner.as_str(), rest) {
            ("/", "") => "/".to_string(),
            ("/", rest) => rest.to_string(),
            (inner, rest) => format!("{inner}{rest}"),
        };
        Some((mount, inner))
    }

    fn inner_of(&self, path: &str) -> Option<(u32, String)> {
        self.mount_of(path)
            .map(|(mount, inner)| (mount.volume, inner))
    }

    fn check_writable(&self, path: &str) -> Result<(), Errno> {
        match self.mount_of(path) {
            Some((mount, _)) if mount.read_only => Err(Errno::ReadOnly),
            Some(_) => Ok(()),
            // `/dev` is a file system of its own.
            None => match self.read_only_root {
                Some(kept) if path != kept && !path.starts_with("/dev/") => Err(Errno::ReadOnly),
                _ => Ok(()),
            },
        }
    }

    /// A new name needs room and the right to write into its directory.
    fn check_parent(&self, path: &str) -> Result<(), Errno> {
        self.check_parent_of_old(path)?;
        if self.disk_full {
            return Err(Errno::NoSpace);
        }
        Ok(())
    }

    fn check_parent_of_old(&self, path: &str) -> Result<(), Errno> {
        let Some(directory) = self.node(parent(path)) else {
            return Err(Errno::NoEntry);
        };
        if !directory.is_directory() {
            return Err(Errno::NotDirectory);
        }
        self.check_writable(path)?;
        if !self.allowed(directory, 0o2) {
            return Err(Errno::AccessDenied);
        }
        Ok(())
    }
}

fn split_reversed(path: &str) -> Vec<String> {
    path.split('/').rev().map(str::to_string).collect()
}
