//! IP addresses as texts.

/// The bits of an IPv4 address such as `10.96.0.1`.
pub fn ipv4(text: &str) -> Option<u32> {
    let mut bits = 0;
    let mut parts = 0;
    for part in text.split('.') {
        let plain = part.len() == 1 || !part.starts_with('0');
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        if !plain || !digits {
            return None;
        }
        bits = bits << 8 | u32::from(part.parse::<u8>().ok()?);
        parts += 1;
    }
    (parts == 4).then_some(bits)
}

/// What is said of a text that is no address.
pub fn no_address(text: &str) -> &'static str {
    let mut parts = text.split('.');
    let trimmed = parts.clone().map(|part| part.trim_start_matches('0'));
    let numbers: Vec<&str> = trimmed
        .map(|part| if part.is_empty() { "0" } else { part })
        .collect();
    match parts.all(|part| !part.is_empty()) && ipv4(&numbers.join(".")).is_some() {
        true => "must not have leading 0s",
        false => "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
    }
}

/// Whether a text is an IP address.
pub fn is_address(text: &str) -> bool {
    ipv4(text).is_some() || is_ipv6(text)
}

/// Whether a text is a range of addresses such as `10.9.8.0/24`.
pub fn is_range(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else {
        return false;
    };
    let most = if is_ipv6(address) { 128 } else { 32 };
    is_address(address) && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

/// Whether a text is an IPv6 address such as `2001:db8::ffff`.
pub fn is_ipv6(text: &str) -> bool {
    let group = |part: &str| {
        (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    // How many groups a side of `::` holds; None: not groups at all.
    let groups = |side: &str| match side {
        "" => Some(0),
        side => side.split(':').all(group).then(|| side.split(':').count()),
    };
    match text.split_once("::") {
        Some((left, right)) => match (groups(left), groups(right)) {
            (Some(left), Some(right)) => left + right < 8,
            _ => false,
        },
        None => groups(text) == Some(8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_by_their_form() {
        assert_eq!(ipv4("10.96.0.1"), Some(0x0a60_0001));
        for wrong in [
            "1.2.3",
            "1.2.3.4.5",
            "256.0.0.1",
            "01.2.3.4",
            "",
            "a.b.c.d",
            "+1.2.3.4",
        ] {
            assert_eq!(ipv4(wrong), None, "{wrong}");
        }
        assert!(is_range("10.9.8.0/24") && is_range("2001:db8::/64"));
        for wrong in ["10.9.8.0", "10.9.8.0/33", "a/8", ""] {
            assert!(!is_range(wrong), "{wrong}");
        }
        for right in ["2001:db8::ffff", "::", "::1", "1:2:3:4:5:6:7:8"] {
            assert!(is_ipv6(right), "{right}");
        }
        for wrong in ["", "1:2", ":::", "1::2::3", "12345::", "1:2:3:4:5:6:7:8:9"] {
            assert!(!is_ipv6(wrong), "{wrong}");
        }
    }
}
