//! Quantities in their canonical form.

use crate::api::Node;

/// Millicores: `100m`, `2`.
pub fn milli_text(milli: u64) -> String {
    if milli.is_multiple_of(1_000) {
        (milli / 1_000).to_string()
    } else {
        format!("{milli}m")
    }
}

/// What a kubelet measures: whole `Ki`, or bytes.
pub fn capacity_text(bytes: u64) -> String {
    if bytes.is_multiple_of(1024) {
        format!("{}Ki", bytes / 1024)
    } else {
        bytes.to_string()
    }
}

/// Memory that the kubelet keeps back for `memory.available<100Mi`.
const MEMORY_RESERVE: u64 = 100 << 20;
/// `nodefs.available<1%` as the kubelet computes it: the 32-bit fraction nearest to 0.01, times 2³⁰.
const DISK_RESERVE: u128 = 10_737_418;

/// Memory and disk of a node whose allocatable amounts are known: those, and what the kubelet's
/// eviction thresholds keep back.
pub fn capacity(node: &Node) -> [u64; 2] {
    let allocatable = u128::from(node.ephemeral_bytes);
    let whole = (allocatable << 30) / ((1 << 30) - DISK_RESERVE);
    // Disks are counted in KiB.
    let disk = (whole + 512) / 1024 * 1024;
    [
        node.memory_bytes + MEMORY_RESERVE,
        u64::try_from(disk).unwrap_or(u64::MAX),
    ]
}
