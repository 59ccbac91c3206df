//! Requests and replies as bytes.

use serde::de::DeserializeOwned;
use serde::Serialize;

/// Bytes of a request or reply.
pub fn encode(message: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(message).unwrap_or_default()
}

/// What the bytes say; None if they are not of this version.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use readyz_engine::session::Request;
    use readyz_engine::time::Instant;

    #[test]
    fn a_request_survives_the_journey() {
        let request = Request::Load {
            text: "kind: Pod\n# 中文 🙂".into(),
            acts: vec!["{at: 1s}".into()],
            seed: Some(7),
            sight: Instant::NEVER,
        };
        assert_eq!(decode(&encode(&request)), Some(request));
        let seek = Request::Seek {
            at: Instant::NEVER,
            look: Default::default(),
        };
        assert_eq!(decode(&encode(&seek)), Some(seek));
        assert_eq!(decode::<Request>(&[255, 255, 255]), None);
    }
}
