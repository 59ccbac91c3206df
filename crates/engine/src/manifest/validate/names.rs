//! Syntax of names, labels and keys (VAL-30): each check returns the API server's messages.

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric \
    characters, '-' or '.', and must start and end with an alphanumeric character (e.g. \
    'example.com', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const SEARCH: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric \
    characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. \
    'example.com', regex used for validation is \
    '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters \
    or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', \
    regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric \
    characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. \
    'MyValue',  or 'my_value',  or '12345', regex used for validation is \
    '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const QUALIFIED: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start \
    and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex \
    used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const CONFIG_KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or \
    '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is \
    '[-._a-zA-Z0-9]+')";
const HEADER: &str = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. \
    'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

fn is_lower_alnum(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Letters and digits at both ends, what `inner` allows between; not empty.
fn has_form(text: &str, end: fn(u8) -> bool, inner: &[u8]) -> bool {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) if end(*first) && end(*last) => {
            bytes.iter().all(|b| end(*b) || inner.contains(b))
        }
        _ => false,
    }
}

fn is_label(text: &str) -> bool {
    has_form(text, is_lower_alnum, b"-")
}

fn is_subdomain(text: &str) -> bool {
    text.split('.').all(is_label)
}

fn is_alnum(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// Syntax S: a DNS subdomain of at most 253 characters.
pub fn subdomain(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    if text.len() > 253 {
        messages.push("must be no more than 253 characters".into());
    }
    if !is_subdomain(text) {
        messages.push(SUBDOMAIN.into());
    }
    messages
}

/// Where resolvers look for names: as S, with underscores.
pub fn search_domain(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    if text.len() > 253 {
        messages.push("must be no more than 253 characters".into());
    }
    let is_part = |part: &str| {
        has_form(
            part.strip_prefix('_').unwrap_or(part),
            is_lower_alnum,
            b"-_",
        )
    };
    if !text.split('.').all(is_part) {
        messages.push(SEARCH.into());
    }
    messages
}

/// Syntax L: a DNS label of at most 63 characters.
pub fn label(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    if text.len() > 63 {
        messages.push("must be no more than 63 characters".into());
    }
    if !is_label(text) {
        let dotted = is_subdomain(text);
        messages.push(
            if dotted {
                "must not contain dots"
            } else {
                LABEL
            }
            .into(),
        );
    }
    messages
}

/// Syntax N: a port's name of at most 15 characters.
pub fn port_name(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    let mut refuse = |refused: bool, message: &str| {
        if refused {
            messages.push(message.to_string());
        }
    };
    let in_set = |byte: u8| is_lower_alnum(byte) || byte == b'-';
    refuse(text.len() > 15, "must be no more than 15 characters");
    refuse(
        text.is_empty() || !text.bytes().all(in_set),
        "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
    );
    refuse(
        !text.bytes().any(|byte| byte.is_ascii_lowercase()),
        "must contain at least one letter (a-z)",
    );
    refuse(text.contains("--"), "must not contain consecutive hyphens");
    refuse(
        text.starts_with('-') || text.ends_with('-'),
        "must not begin or end with a hyphen",
    );
    messages
}

/// A label's value.
pub fn label_value(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    if text.len() > 63 {
        messages.push("must be no more than 63 bytes".into());
    }
    if !text.is_empty() && !has_form(text, is_alnum, b"-_.") {
        messages.push(LABEL_VALUE.into());
    }
    messages
}

/// A label's key or any other qualified name: a name with an optional DNS prefix.
pub fn qualified_name(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    let mut parts = text.split('/');
    let (name, prefix) = match (parts.next(), parts.next(), parts.next()) {
        (Some(prefix), Some(name), None) => (name, Some(prefix)),
        (Some(name), None, _) => (name, None),
        _ => {
            return vec![[
                "a valid label key ",
                QUALIFIED,
                " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
            ]
            .concat()]
        }
    };
    match prefix {
        Some("") => messages.push("prefix part must be non-empty".into()),
        Some(prefix) => {
            let wrong = subdomain(prefix).into_iter();
            messages.extend(wrong.map(|message| {
                // The length is told in bytes here.
                let counted = message.strip_suffix(" characters");
                let words = [
                    counted.unwrap_or(&message),
                    counted.map_or("", |_| " bytes"),
                ];
                ["prefix part ", words[0], words[1]].concat()
            }));
        }
        None => {}
    }
    if name.is_empty() {
        messages.push("name part must be non-empty".into());
    } else if name.len() > 63 {
        messages.push("name part must be no more than 63 bytes".into());
    }
    if !has_form(name, is_alnum, b"-_.") {
        messages.push(["name part ", QUALIFIED].concat());
    }
    messages
}

/// A key of a ConfigMap or Secret.
/// A subdomain with `*.` before it.
pub fn wildcard(text: &str) -> Vec<String> {
    let rest = text.strip_prefix("*.");
    if rest.is_some_and(|rest| subdomain(rest).is_empty()) {
        return Vec::new();
    }
    vec![
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which \
         must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric \
         character (e.g. '*.example.com', regex used for validation is \
         '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
            .into(),
    ]
}

/// What stands in the way of a name in a path.
pub fn path_segment(text: &str) -> Vec<String> {
    if matches!(text, "." | "..") {
        return vec![["may not be '", text, "'"].concat()];
    }
    let found = ["/", "%"].into_iter().filter(|part| text.contains(part));
    found
        .map(|part| ["may not contain '", part, "'"].concat())
        .collect()
}

pub fn config_key(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    if text.len() > 253 {
        messages.push("must be no more than 253 characters".into());
    }
    let allowed = |byte: u8| is_alnum(byte) || b"-._".contains(&byte);
    if text.is_empty() || !text.bytes().all(allowed) {
        messages.push(CONFIG_KEY.into());
    }
    match text {
        "." => messages.push("must not be '.'".into()),
        ".." => messages.push("must not be '..'".into()),
        _ if text.starts_with("..") => messages.push("must not start with '..'".into()),
        _ => {}
    }
    messages
}

/// A variable's name.
pub fn env_name(text: &str) -> Vec<String> {
    let printable = |byte: u8| (0x20..0x7f).contains(&byte) && byte != b'=';
    if text.bytes().all(printable) {
        return Vec::new();
    }
    vec![
        "a valid environment variable name must consist only of printable ASCII characters other \
          than '='"
            .into(),
    ]
}

/// A header's name.
pub fn header_name(text: &str) -> Vec<String> {
    let allowed = |byte: u8| is_alnum(byte) || byte == b'-';
    if !text.is_empty() && text.bytes().all(allowed) {
        return Vec::new();
    }
    vec![HEADER.into()]
}

/// A number of Pods as a percentage.
pub fn percent(text: &str) -> Vec<String> {
    let digits = text.strip_suffix('%').unwrap_or("");
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    vec![
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  \
          or '93%', regex used for validation is '[0-9]+%')"
            .into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_their_syntax() {
        assert!(subdomain("a.b-c.0").is_empty());
        assert_eq!(subdomain("Bad_Name"), [SUBDOMAIN]);
        assert_eq!(subdomain("a..b"), [SUBDOMAIN]);
        assert_eq!(label("a.b"), ["must not contain dots"]);
        assert_eq!(
            label(&"a".repeat(70)),
            ["must be no more than 63 characters"]
        );
        assert_eq!(
            port_name("8080"),
            ["must contain at least one letter (a-z)"]
        );
        assert_eq!(port_name("HTTP_PORT").len(), 2);
        assert!(label_value("").is_empty() && !label_value("-a").is_empty());
        assert!(qualified_name("example.com/x").is_empty());
        assert_eq!(qualified_name("/x"), ["prefix part must be non-empty"]);
        assert_eq!(qualified_name("a/b/c").len(), 1);
        assert!(config_key("a b").len() == 1 && config_key("a.b_C").is_empty());
        assert!(env_name("A=B").len() == 1 && env_name("a b").is_empty());
        assert!(percent("25%").is_empty() && percent("%").len() == 1);
    }
}
