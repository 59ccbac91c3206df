//! A container is a small machine: processes, files, sockets (product.md §3).

/// What runs in one Pod.
#[derive(Clone, Debug, Default)]
pub struct PodWorld {}
