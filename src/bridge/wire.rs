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
    use readyz_engine::api::ProbeKind;
    use readyz_engine::session::Request;
    use readyz_engine::time::Instant;
    use readyz_engine::view::{StripView, TickOutcome, TickView};

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

    /// A probe's runs take a byte or two each, and come back as they were.
    #[test]
    fn runs_of_probes_are_packed() {
        let tick = |(at, run, flags): (u64, u16, u8)| TickView {
            at: Instant(at),
            outcome: [
                TickOutcome::Success,
                TickOutcome::Failure,
                TickOutcome::Error,
            ][usize::from(flags & 3)],
            run,
            triggered: flags & 4 != 0,
            decisive: flags & 8 != 0,
            took_millis: u32::from(flags & 3) * 1_000 + 1,
        };
        let odd = [
            (7, 1, 0),
            (7, 2, 1),
            (5, 2, 6),
            (u64::MAX, 9, 8),
            (0, u16::MAX, 13),
            (9, 0, 0),
        ];
        let steady = (1..=300).map(|n| (3_000_000 + n * 10_000_000_000, n as u16, 0));
        let mut strip = StripView {
            kind: ProbeKind::Liveness,
            failure_threshold: 3,
            success_threshold: 1,
            ticks: odd.into_iter().chain(steady).map(tick).collect(),
        };
        assert_eq!(decode(&encode(&strip)), Some(strip.clone()));
        strip.ticks.drain(..odd.len());
        let bytes = encode(&strip);
        assert_eq!(decode(&bytes), Some(strip));
        assert!(bytes.len() < 330, "{} bytes for 300 runs", bytes.len());
        assert_eq!(decode::<StripView>(&bytes[..bytes.len() - 1]), None);
    }
}
