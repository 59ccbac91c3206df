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
    range(text).is_some()
}

/// What is said of a text that should be a range of addresses, and may not be any more lenient.
pub fn range_fault(text: &str) -> Option<&'static str> {
    let Some((first, bits)) = range_with_zeros(text) else {
        return Some("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    };
    if range(text).is_none() {
        return Some("must not have leading 0s in IP or prefix length");
    }
    let address = text.split('/').next().unwrap_or("");
    if address.contains(':') && first >> 32 == 0xffff {
        return Some("must not have an IPv4-mapped IPv6 address");
    }
    let width = if address.contains(':') { 128 } else { 32 };
    let beyond = (1_u128 << (width - bits).min(127)) - 1;
    (first & beyond != 0).then_some("must not have bits set beyond the prefix length")
}

/// Whether a range lies within another and is smaller.
pub fn contains_range(outer: &str, inner: &str) -> bool {
    let (Some((first, bits)), Some((start, length))) =
        (range_with_zeros(outer), range_with_zeros(inner))
    else {
        return false;
    };
    let width = if outer.contains(':') { 128 } else { 32 };
    let free = width - bits;
    let is_within = free == 128 || first >> free == start >> free;
    outer.contains(':') == inner.contains(':') && is_within && length > bits
}

/// Whether a text is a range, if zeros before a number do not count.
pub fn is_range_with_zeros(text: &str) -> bool {
    range_with_zeros(text).is_some()
}

fn range_with_zeros(text: &str) -> Option<(u128, u32)> {
    let plain = |part: &str| match part.trim_start_matches('0') {
        "" if !part.is_empty() => "0".to_owned(),
        rest => rest.to_owned(),
    };
    let (address, bits) = text.split_once('/')?;
    let address = match address.contains(':') {
        true => address.to_owned(),
        false => address.split('.').map(plain).collect::<Vec<_>>().join("."),
    };
    range(&[&address, "/", &plain(bits)].concat())
}

/// A range's first address and the length of its prefix.
fn range(text: &str) -> Option<(u128, u32)> {
    let (address, bits) = text.split_once('/')?;
    let (first, most) = match ipv4(address) {
        Some(first) => (u128::from(first), 32),
        None => (ipv6(address)?, 128),
    };
    let plain = bits.len() == 1 || !bits.starts_with('0');
    let digits = bits.bytes().all(|byte| byte.is_ascii_digit());
    let bits: u32 = bits.parse().ok().filter(|_| plain && digits)?;
    (bits <= most).then_some((first, bits))
}

/// Whether a text is an IPv6 address such as `2001:db8::ffff`.
pub fn is_ipv6(text: &str) -> bool {
    ipv6(text).is_some()
}

/// The bits of an IPv6 address.
fn ipv6(text: &str) -> Option<u128> {
    // The groups of a side of `::`: how many and their bits. The last may be an IPv4 address.
    let groups = |side: &str| {
        let mut found = (0, 0_u128);
        for part in side.split(':').filter(|_| !side.is_empty()) {
            let digits = part.bytes().all(|byte| byte.is_ascii_hexdigit());
            found = match ipv4(part) {
                Some(bits) if side.ends_with(part) => {
                    (found.0 + 2, found.1 << 32 | u128::from(bits))
                }
                _ if (1..=4).contains(&part.len()) && digits => {
                    let bits = u128::from_str_radix(part, 16).ok()?;
                    (found.0 + 1, found.1 << 16 | bits)
                }
                _ => return None,
            };
        }
        Some(found)
    };
    let Some((left, right)) = text.split_once("::") else {
        return groups(text)
            .filter(|(count, _)| *count == 8)
            .map(|(_, bits)| bits);
    };
    let (left, right) = (groups(left)?, groups(right)?);
    let fits = left.0 + right.0 < 8;
    fits.then(|| {
        if left.0 == 0 {
            right.1
        } else {
            left.1 << (16 * (8 - left.0)) | right.1
        }
    })
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
        for right in [
            "2001:db8::ffff",
            "::",
            "::1",
            "1:2:3:4:5:6:7:8",
            "::ffff:1.2.3.4",
        ] {
            assert!(is_ipv6(right), "{right}");
        }
        assert_eq!(ipv6("1::2"), Some(1 << 112 | 2));
        for (text, fault) in [
            ("10.9.0.0/24", None),
            ("2001:db8::/64", None),
            ("::/0", None),
            ("10.9.0.1/24", Some("beyond the prefix")),
            ("10.9.0.0/024", Some("leading 0s")),
            ("10.09.0.0/24", Some("leading 0s")),
            ("::ffff:1.2.3.0/120", Some("IPv4-mapped")),
            ("10.9.0.0", Some("a valid CIDR value")),
            ("10.9.0.0/33", Some("a valid CIDR value")),
        ] {
            let found = range_fault(text);
            let fits = match fault {
                Some(words) => found.is_some_and(|found| found.contains(words)),
                None => found.is_none(),
            };
            assert!(fits, "{text}: {found:?}");
        }
        for wrong in ["", "1:2", ":::", "1::2::3", "12345::", "1:2:3:4:5:6:7:8:9"] {
            assert!(!is_ipv6(wrong), "{wrong}");
        }
    }
}
