//! Quantities in their canonical form.

use crate::api::Node;
use crate::go_format::bytes_text;

/// Millicores: `100m`, `2`.
pub fn milli_text(milli: u64) -> String {
    if milli.is_multiple_of(1_000) {
        (milli / 1_000).to_string()
    } else {
        format!("{milli}m")
    }
}

/// An amount of an extended resource, or huge pages in bytes.
pub fn other_text(name: &str, amount: u64) -> String {
    if name.starts_with("hugepages-") {
        return bytes_text(amount);
    }
    const SUFFIXES: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
    let (mut amount, mut step) = (amount, 0);
    while amount != 0 && amount.is_multiple_of(1_000) && step + 1 < SUFFIXES.len() {
        amount /= 1_000;
        step += 1;
    }
    [&amount.to_string(), SUFFIXES[step]].concat()
}

/// Extended resources and huge pages of a node; it has both sizes of pages, mostly none of them.
pub fn node_others(node: &Node) -> Vec<(String, u64)> {
    let mut others = node.others.clone();
    for name in ["hugepages-1Gi", "hugepages-2Mi"] {
        if !others.iter().any(|(known, _)| known == name) {
            others.push((name.to_owned(), 0));
        }
    }
    others.sort();
    others
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
