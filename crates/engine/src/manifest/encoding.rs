//! Bytes of a file → text, as kubectl reads it.

/// The text of a file: UTF-16 where its byte order mark says so (PowerShell writes that), UTF-8
/// otherwise. What is neither is replaced.
pub fn text_of_bytes(bytes: &[u8]) -> String {
    let order: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return String::from_utf8_lossy(bytes).into_owned(),
    };
    let units = bytes[2..].chunks(2).map(|pair| match pair {
        [first, second] => order([*first, *second]),
        _ => u16::from(b'?'),
    });
    String::from_utf16_lossy(&units.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::text_of_bytes;

    /// VAL-10.
    #[test]
    fn a_byte_order_mark_tells_the_encoding() {
        let text = "a: \"\u{e9}\"\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(
            text_of_bytes(&[&[0xff, 0xfe], little.as_slice()].concat()),
            text
        );
        assert_eq!(
            text_of_bytes(&[&[0xfe, 0xff], big.as_slice()].concat()),
            text
        );
        assert_eq!(text_of_bytes(text.as_bytes()), text);
    }
}
