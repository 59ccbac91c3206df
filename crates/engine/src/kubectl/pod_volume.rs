//! The token volume that the API server adds to every Pod (API-04). The engine does not keep it:
//! nothing in a container reads it.

pub use crate::controllers::names::{token_volume as name, ROOT_CERTIFICATE};

use crate::api::{ConfigData, Metadata, StringMap};

/// Where it is mounted.
pub const MOUNT_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Sixty-four hexadecimal digits for an id, such as a container's.
pub fn long_id(pod_uid: &str, salt: &str) -> String {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for byte in pod_uid.bytes().chain([b'/']).chain(salt.bytes()) {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut text = String::new();
    for _ in 0..4 {
        state = state.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
        text.push_str(&format!("{:016x}", state ^ (state >> 29)));
    }
    text
}

/// The content of [`ROOT_CERTIFICATE`], as far as it is told.
pub fn root_certificate(namespace: &str) -> ConfigData {
    ConfigData {
        metadata: Metadata {
            name: ROOT_CERTIFICATE.to_owned(),
            namespace: namespace.to_owned(),
            ..Metadata::default()
        },
        data: StringMap::from_iter([("ca.crt".to_owned(), String::new())]),
    }
}
