//! Names of images: what registries take, and what the kubelet says of others (IMG-09).
//! Source: https://github.com/distribution/reference (the grammar of references).

/// Digits that a digest has at least.
const DIGEST_MIN: usize = 32;
const TAG_MAX: usize = 128;
const NAME_MAX: usize = 255;
/// The registry that is meant where none is named.
const DEFAULT_DOMAIN: &str = "docker.io";

/// Whether a name is `[DOMAIN/]PATH[:TAG][@DIGEST]`.
pub fn is_reference(name: &str) -> bool {
    let (name, is_digest_fine) = match name.split_once('@') {
        Some((name, digest)) => (name, is_digest(digest)),
        None => (name, true),
    };
    let (name, is_tag_fine) = match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, is_tag(tag)),
        _ => (name, true),
    };
    is_digest_fine && is_tag_fine && is_name(name)
}

/// Why the kubelet cannot pull an image of this name; None: it can.
pub fn fault(name: &str) -> Option<String> {
    let is_hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    if name.len() == 64 && name.chars().all(is_hex) {
        return Some(format!(
            "invalid repository name ({name}), cannot specify 64-byte hexadecimal strings"
        ));
    }
    let is_domain = |first: &str| {
        first.contains(['.', ':']) || first == "localhost" || first != first.to_lowercase()
    };
    let (domain, rest) = match name.split_once('/').filter(|(first, _)| is_domain(first)) {
        Some((domain, rest)) => (domain, rest.to_owned()),
        None if name.contains('/') => (DEFAULT_DOMAIN, name.to_owned()),
        None => (DEFAULT_DOMAIN, ["library/", name].concat()),
    };
    let repository = rest.split(':').next().unwrap_or("");
    let why = match repository == repository.to_lowercase() {
        false => format!(": repository name ({repository}) must be lowercase"),
        true if is_reference(&[domain, "/", &rest].concat()) => return None,
        true => String::new(),
    };
    Some(["invalid reference format", &why].concat())
}

fn is_digest(text: &str) -> bool {
    let Some((algorithm, digits)) = text.split_once(':') else {
        return false;
    };
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    algorithm.split(['-', '_', '+', '.']).all(is_part)
        && digits.len() >= DIGEST_MIN
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_tag(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.starts_with(is_word)
        && text.len() <= TAG_MAX
        && text.chars().all(|c| is_word(c) || matches!(c, '.' | '-'))
}

fn is_name(text: &str) -> bool {
    let is_path = |path: &str| path.split('/').all(is_component);
    let after_domain = text.split_once('/').filter(|(first, _)| is_domain(first));
    let is_long = text.len() > NAME_MAX;
    !is_long && (is_path(text) || after_domain.is_some_and(|(_, path)| is_path(path)))
}

/// `registry.example.com:5000`, `[::1]:5000`.
fn is_domain(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (text, "0"),
    };
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let address = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let is_part = |part: &str| {
        let is_edge = |c: char| c.is_ascii_alphanumeric();
        part.starts_with(is_edge)
            && part.ends_with(is_edge)
            && part.chars().all(|c| is_edge(c) || c == '-')
    };
    is_port
        && match address {
            Some(address) => {
                let is_digit = |c: char| c.is_ascii_hexdigit() || c == ':';
                !address.is_empty() && address.chars().all(is_digit)
            }
            None => host.split('.').all(is_part),
        }
}

/// Lower case letters and digits, with one dot, one or two underscores or hyphens between them.
fn is_component(text: &str) -> bool {
    let is_letter = |c: char| matches!(c, 'a'..='z' | '0'..='9');
    let mut rest = text;
    loop {
        rest = match rest.trim_start_matches(is_letter) {
            same if same.len() == rest.len() => return false,
            "" => return true,
            rest => rest,
        };
        rest = ["__", "_", "."]
            .into_iter()
            .find_map(|sign| rest.strip_prefix(sign))
            .unwrap_or_else(|| rest.trim_start_matches('-'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IMG-09, as a kubelet 1.36 answered.
    #[test]
    fn names_that_cannot_be_pulled_are_told() {
        let hex = "a".repeat(64);
        let fine = [
            "nginx",
            "a__b",
            "a--b",
            "A.b/c",
            "a_b/c:1",
            "localhost:5000/a:v1",
            "[::1]:5000/a",
        ];
        for name in fine {
            assert_eq!(fault(name), None, "{name}");
        }
        assert_eq!(fault(&format!("registry.io/{hex}")), None);
        assert_eq!(fault(&format!("a@sha256:{hex}")), None);
        let malformed = [
            "nginx:",
            "a//b",
            "a b",
            "a:b:c",
            "http://a/b",
            "a@sha256:1",
            "-a",
            "a:-x",
            "_a",
            "a___b",
            "a..b",
            "",
        ];
        for name in malformed {
            assert_eq!(
                fault(name).as_deref(),
                Some("invalid reference format"),
                "{name}"
            );
        }
        for (name, repository) in [
            ("A", "library/A"),
            ("x/A:1", "x/A"),
            ("localhost:5000/A", "A"),
            ("a/B@sha256:1", "a/B@sha256"),
        ] {
            let text = format!(
                "invalid reference format: repository name ({repository}) must be lowercase"
            );
            assert_eq!(fault(name), Some(text), "{name}");
        }
        let text =
            format!("invalid repository name ({hex}), cannot specify 64-byte hexadecimal strings");
        assert_eq!(fault(&hex), Some(text));
    }

    /// KRN-01: `kubectl run` reads names without the registry that is meant.
    #[test]
    fn references_are_told_from_other_texts() {
        for name in ["a", "localhost:5000/a:v1", "a_b.c-d", "a/b/c"] {
            assert!(is_reference(name), "{name}");
        }
        for name in [
            "A",
            "a:b:c",
            "a@sha256:1",
            "http://a/b",
            "a/B",
            "a//b",
            "-a",
            "nginx:",
            "a b",
        ] {
            assert!(!is_reference(name), "{name}");
        }
    }
}
