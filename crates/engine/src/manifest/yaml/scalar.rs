//! What a scalar means in YAML 1.1, as kubectl's library resolves it (VAL-13).

use super::Value;

/// A scalar by its tag, or by its looks if it is plain.
pub fn scalar(tag: Option<&str>, text: String, plain: bool) -> Result<Value, String> {
    match tag {
        None if plain => resolve_plain(text),
        Some(tag @ ("tag:yaml.org,2002:int" | "tag:yaml.org,2002:float")) => number(&text)
            .ok_or_else(|| {
                let kind = tag.trim_start_matches("tag:yaml.org,2002:");
                format!("yaml: cannot decode !!str `{text}` as a !!{kind}")
            }),
        Some("tag:yaml.org,2002:binary") => match crate::manifest::base64::decode(&text) {
            Ok(bytes) => Ok(Value::Text(String::from_utf8_lossy(&bytes).into_owned())),
            Err(_) => Err("yaml: !!binary value contains invalid base64 data".into()),
        },
        Some("tag:yaml.org,2002:bool" | "tag:yaml.org,2002:null") => resolve_plain(text),
        _ => Ok(Value::Text(text)),
    }
}

/// The value of a plain (unquoted, untagged) scalar. An infinity or NaN has no JSON value: `Err`
/// holds the words of the error.
fn resolve_plain(text: String) -> Result<Value, String> {
    let value = match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(Value::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Value::Bool(false))
        }
        ".nan" | ".NaN" | ".NAN" => return Err("json: unsupported value: NaN".into()),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Err("json: unsupported value: +Inf".into())
        }
        "-.inf" | "-.Inf" | "-.INF" => return Err("json: unsupported value: -Inf".into()),
        text => number(text),
    };
    Ok(value.unwrap_or(Value::Text(text)))
}

/// The value of a scalar tagged `!!int` or `!!float`.
fn number(text: &str) -> Option<Value> {
    match text.as_bytes().first()? {
        b'0'..=b'9' | b'+' | b'-' => {}
        b'.' => return decimal(text),
        _ => return None,
    }
    let stripped;
    let plain = if text.contains('_') {
        stripped = text.replace('_', "");
        stripped.as_str()
    } else {
        text
    };
    integer(plain).or_else(|| decimal(plain))
}

/// `0777`, `0o17`, `0x10`, `0b11`, `-12`: as Go's ParseInt and ParseUint take them with base 0.
fn integer(text: &str) -> Option<Value> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (digits, radix) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&digits[2..], 16),
        [b'0', b'o' | b'O', ..] => (&digits[2..], 8),
        [b'0', b'b' | b'B', ..] => (&digits[2..], 2),
        [b'0', _, ..] => (&digits[1..], 8),
        _ => (digits, 10),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    let signed = if negative {
        0i64.checked_sub_unsigned(magnitude)
    } else {
        i64::try_from(magnitude).ok()
    };
    match signed {
        Some(number) => Some(Value::Int(number)),
        None if negative => None,
        None => Some(Value::Number(float_of(magnitude).to_string().into())),
    }
}

/// A number beyond 64 bits with a sign, as Go prints the nearest float: floats of this size are
/// 2048 apart, so that less than a thousand is not told.
fn float_of(magnitude: u64) -> u128 {
    let nearest = (u128::from(magnitude) + 1024) >> 11 << 11;
    (nearest + 500) / 1000 * 1000
}

/// A decimal fraction or exponent form, written as Go writes the nearest float. Works on the
/// digits, so that no binary fraction decides anything; digits beyond the 17th are rounded away.
fn decimal(text: &str) -> Option<Value> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], exponent(&rest[at + 1..])?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let leading = digits.iter().take_while(|digit| **digit == b'0').count();
    digits.drain(..leading);
    if digits.is_empty() {
        return Some(Value::Int(0));
    }
    // Value = 0.DIGITS × 10^point.
    let mut point = exponent
        .checked_add(i64::try_from(whole.len()).ok()?)?
        .checked_sub(i64::try_from(leading).ok()?)?;
    if round(&mut digits) {
        point += 1;
    }
    match point {
        310.. => None,
        ..=-330 => Some(Value::Int(0)),
        point => Some(print_float(negative, &digits, point)),
    }
}

/// The exponent's number; a huge one is cut to something as hopeless.
fn exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse::<i64>().unwrap_or(1 << 40).min(1 << 40);
    Some(if text.starts_with('-') { -size } else { size })
}

/// Rounds to 17 digits and cuts zeros at the end; true if a digit was carried out in front.
fn round(digits: &mut Vec<u8>) -> bool {
    let mut carried = false;
    if digits.len() > 17 {
        let up = digits[17] >= b'5';
        digits.truncate(17);
        if up {
            carried = true;
            for digit in digits.iter_mut().rev() {
                if *digit < b'9' {
                    *digit += 1;
                    carried = false;
                    break;
                }
                *digit = b'0';
            }
            if carried {
                digits.insert(0, b'1');
            }
        }
    }
    while digits.len() > 1 && digits.last() == Some(&b'0') {
        digits.pop();
    }
    carried
}

/// Writes 0.DIGITS × 10^point as `encoding/json` does: plain between 1e-6 and 1e21.
fn print_float(negative: bool, digits: &[u8], point: i64) -> Value {
    let mut literal = String::new();
    if negative {
        literal.push('-');
    }
    let count = digits.len() as i64;
    let push = |literal: &mut String, part: &[u8]| {
        literal.extend(part.iter().map(|digit| char::from(*digit)));
    };
    if (-5..=0).contains(&point) {
        literal.push_str("0.");
        (point..0).for_each(|_| literal.push('0'));
        push(&mut literal, digits);
    } else if (1..=21).contains(&point) {
        let whole = point.min(count) as usize;
        push(&mut literal, &digits[..whole]);
        (count..point).for_each(|_| literal.push('0'));
        if count > point {
            literal.push('.');
            push(&mut literal, &digits[whole..]);
        } else if let Ok(number) = literal.parse::<i64>() {
            return Value::Int(number);
        }
    } else {
        push(&mut literal, &digits[..1]);
        if count > 1 {
            literal.push('.');
            push(&mut literal, &digits[1..]);
        }
        literal.push_str(if point > 0 { "e+" } else { "e-" });
        literal.push_str(&(point - 1).abs().to_string());
    }
    Value::Number(literal.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        match resolve_plain(text.into()) {
            Ok(Value::Null) => "null".into(),
            Ok(Value::Bool(truth)) => truth.to_string(),
            Ok(Value::Int(number)) => number.to_string(),
            Ok(Value::Number(literal)) => literal.into(),
            Ok(Value::Text(text)) => format!("{text:?}"),
            Ok(other) => format!("{other:?}"),
            Err(words) => words,
        }
    }

    #[test]
    fn scalars_of_val_13() {
        for (text, expected) in [
            ("y", "true"),
            ("No", "false"),
            ("off", "false"),
            ("~", "null"),
            ("", "null"),
            ("0777", "511"),
            ("010", "8"),
            ("0o17", "15"),
            ("0x10", "16"),
            ("0b11", "3"),
            ("1_000", "1000"),
            ("+1", "1"),
            ("08", "8"),
            ("09", "9"),
            ("1e3", "1000"),
            ("1.0", "1"),
            ("5.0", "5"),
            (".5", "0.5"),
            ("-1.50", "-1.5"),
            ("12:30", "\"12:30\""),
            ("2024-01-01", "\"2024-01-01\""),
            ("1.2.3", "\"1.2.3\""),
            ("1d", "\"1d\""),
            ("5s", "\"5s\""),
            ("1,000", "\"1,000\""),
            ("tRue", "\"tRue\""),
            ("=", "\"=\""),
            ("1e400", "\"1e400\""),
            ("-", "\"-\""),
            ("0x", "\"0x\""),
            (".", "\".\""),
            (".inf", "json: unsupported value: +Inf"),
        ] {
            assert_eq!(json(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_print_as_json_does() {
        for (text, expected) in [
            ("9223372036854775807", "9223372036854775807"),
            ("18446744073709551615", "18446744073709552000"),
            ("9223372036854775808", "9223372036854776000"),
            ("9999999999999999999", "10000000000000000000"),
            ("99999999999999999999999", "1e+23"),
            ("1e21", "1e+21"),
            ("1.5e-7", "1.5e-7"),
            ("0.000001", "0.000001"),
            ("123.4560", "123.456"),
            ("-0.0", "0"),
        ] {
            assert_eq!(json(text), expected, "{text}");
        }
    }
}
