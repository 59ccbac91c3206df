//! Generated names, UIDs and hashes.

use crate::api::PodTemplate;
use crate::rng::{Draws, Purpose};
use std::fmt::{self, Write};
use std::sync::Arc;

/// Letters and digits that cannot form words (API-10).
const ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
/// Characters that the API server adds to `generateName`.
pub const SUFFIX: usize = 5;
/// A longer `generateName` is cut to this (API-10).
const BASE_MAX: usize = 58;

/// `base` and five random characters (API-10).
pub fn generated(draws: &mut Draws, base: &str) -> String {
    let mut end = base.len().min(BASE_MAX);
    while !base.is_char_boundary(end) {
        end -= 1;
    }
    let mut name = String::with_capacity(end + SUFFIX);
    name.push_str(&base[..end]);
    for _ in 0..SUFFIX {
        let index = draws.below(Purpose::Name, ALPHABET.len() as u64) as usize;
        name.push(char::from(ALPHABET[index]));
    }
    name
}

/// A random UID: eight-four-four-four-twelve hex digits, version 4.
pub fn uid(draws: &mut Draws) -> Arc<str> {
    let high = draws.bits(Purpose::Name);
    let low = draws.bits(Purpose::Name);
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48) & 0x3fff,
        low & 0xffff_ffff_ffff
    )
    .into()
}

/// The ConfigMap that every namespace has.
pub const ROOT_CERTIFICATE: &str = "kube-root-ca.crt";

/// The name of the token volume that the API server adds to a Pod (API-04), made from the Pod's
/// UID so that it stays the same.
pub fn token_volume(pod_uid: &str) -> String {
    let mut hash = spread(pod_uid);
    let mut name = String::from("kube-api-access-");
    for _ in 0..SUFFIX {
        let index = (hash % ALPHABET.len() as u64) as usize;
        name.push(char::from(ALPHABET[index]));
        hash /= ALPHABET.len() as u64;
    }
    name
}

/// A number that follows from a text: FNV-1a, as any spread of the bits will do.
pub fn spread(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// How fields that were not read from the beginning look where they are not set: templates
/// without them keep their hash.
const UNSET: [&str; 11] = [
    ", security: Security { run_as_user: None, run_as_group: None, run_as_non_root: None, \
     read_only_root: false }",
    ", run_as_group: None",
    ", groups: None",
    ", subdomain: \"\"",
    ", service_links: None",
    ", scheduler_name: \"\"",
    ", mode: None",
    ", divisor: \"\"",
    ", others: []",
    ", kind: \"\"",
    ", resources: None",
];

/// `pod-template-hash`: the same for the same template, whatever the seed (DEP-04).
pub fn template_hash(template: &PodTemplate) -> String {
    let mut hash = Fnv32::default();
    let mut text = format!("{template:?}");
    for unset in UNSET {
        text = text.replace(unset, "");
    }
    // Writing to a hash cannot fail.
    let _ = hash.write_str(&text);
    hash.0
        .to_string()
        .bytes()
        .map(|digit| char::from(ALPHABET[usize::from(digit) % ALPHABET.len()]))
        .collect()
}

/// FNV-1a, 32 bits.
struct Fnv32(u32);

impl Default for Fnv32 {
    fn default() -> Self {
        Fnv32(0x811c_9dc5)
    }
}

impl Write for Fnv32 {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_use_the_real_alphabet() {
        let mut draws = Draws::seeded(3);
        let name = generated(&mut draws, "web-");
        assert_eq!(name.len(), 9);
        assert!(name[4..].bytes().all(|c| ALPHABET.contains(&c)), "{name}");
        let long = "x".repeat(70);
        assert_eq!(generated(&mut draws, &long).len(), 63);
    }

    #[test]
    fn uids_look_like_uids() {
        let uid = uid(&mut Draws::seeded(3));
        let parts: Vec<usize> = uid.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(&uid[14..15], "4");
    }
}
