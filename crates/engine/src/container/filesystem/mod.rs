//! Files of a container: the image's read-only layer, a writable layer that dies with the
//! container, and volumes that the Pod's containers share.

mod errno;
mod tree;
mod view;

pub use errno::Errno;
pub use tree::{Binary, Content, Device, Layer, Node, Tree};
pub use view::{FsView, Generation, Mounted};

/// Joins a path to a working directory; does not look at the files.
pub fn absolute(cwd: &str, path: &str) -> String {
    if path.starts_with('/') {
        path.to_string()
    } else if cwd.ends_with('/') {
        format!("{cwd}{path}")
    } else {
        format!("{cwd}/{path}")
    }
}

/// Last component of a path, as `basename` gives it; `/` for the root.
pub fn file_name(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        return if path.is_empty() { "" } else { "/" };
    }
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}

/// Directory part of a canonical absolute path.
pub fn parent(path: &str) -> &str {
    match path.rfind('/') {
        Some(0) | None => "/",
        Some(at) => &path[..at],
    }
}
