//! Base64 of Secrets.

/// The bytes of a standard base64 text; line breaks are skipped. `Err` is the offset of the first
/// wrong byte, as Go's decoder reports it (VAL-21).
pub fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut group = [0u8; 4];
    let mut filled = 0;
    let mut padding = 0;
    for (at, byte) in text.bytes().enumerate() {
        let six = match byte {
            b'\n' | b'\r' => continue,
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if filled >= 2 => {
                padding += 1;
                0
            }
            _ => return Err(at),
        };
        if padding > 0 && byte != b'=' {
            return Err(at);
        }
        group[filled] = six;
        filled += 1;
        if filled == 4 {
            let all = [
                group[0] << 2 | group[1] >> 4,
                group[1] << 4 | group[2] >> 2,
                group[2] << 6 | group[3],
            ];
            bytes.extend_from_slice(&all[..3 - padding]);
            filled = 0;
            if padding > 0 {
                let rest = text[at + 1..].bytes();
                let wrong = rest.enumerate().find(|(_, b)| !matches!(b, b'\n' | b'\r'));
                return match wrong {
                    Some((after, _)) => Err(at + 1 + after),
                    None => Ok(bytes),
                };
            }
        }
    }
    match filled {
        0 => Ok(bytes),
        // Go points at the beginning of the incomplete group.
        _ => Err(text.len() - filled.min(text.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_or_says_where_not() {
        assert_eq!(decode("aGVsbG8="), Ok(b"hello".to_vec()));
        assert_eq!(decode("aGVs\nbG8h"), Ok(b"hello!".to_vec()));
        assert_eq!(decode(""), Ok(vec![]));
        assert_eq!(decode("plain text"), Err(5));
        assert_eq!(decode("aGVsbG8"), Err(4));
        assert_eq!(decode("aGVsbG8=x"), Err(8));
    }
}
