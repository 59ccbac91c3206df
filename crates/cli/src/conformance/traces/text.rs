//! Texts without what differs from run to run: generated names, addresses, times.

use regex_lite::{Captures, Regex};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Patterns and what stands for them, in this order.
static RULES: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (
            r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "<uid>",
        ),
        (r"\b[0-9a-f]{64}\b", "<id>"),
        (r"assigned [^/ ]+/", "assigned <ns>/"),
        (r"_[a-z0-9-]+\(<uid>\)", "_<ns>(<uid>)"),
        (
            r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?",
            "<time>",
        ),
        (r"\b\d{1,3}(\.\d{1,3}){3}:\d+->", "<ip>:<port>->"),
        (r"\b\d{1,3}(\.\d{1,3}){3}\b", "<ip>"),
        (
            r"in [0-9.hmsµ]+ \([0-9.hmsµ]+ including waiting\)",
            "in <d> (<d> including waiting)",
        ),
        (r"Image size: \d+ bytes", "Image size: <n> bytes"),
    ]
    .into_iter()
    .filter_map(|(pattern, replacement)| Some((Regex::new(pattern).ok()?, replacement)))
    .collect()
});

/// Addresses that are the same everywhere.
const OWN_ADDRESSES: [&str; 2] = ["127.", "0.0"];

/// The names of one run that another run has otherwise.
#[derive(Default)]
pub struct Names {
    /// Owners of Pods with generated names: the name, or what the Pods' names begin with, to the
    /// canonical one; in order of creation.
    pub replica_sets: Vec<(String, String)>,
    pub nodes: Vec<String>,
    pub namespace: Option<String>,
    seen: BTreeMap<String, String>,
}

impl Names {
    /// The canonical name of a ReplicaSet, if it is one of the run.
    pub fn replica_set(&self, name: &str) -> Option<&str> {
        let found = self.replica_sets.iter().find(|(given, _)| given == name);
        found.map(|(_, canonical)| canonical.as_str())
    }

    /// Takes in the beginning of the names that a DaemonSet or a Job gives its Pods, from the event
    /// of a creation; those of a ReplicaSet are known by its own row.
    pub fn note_owner(&mut self, object: &str, message: &str) {
        let generates = ["daemonset/", "job/"];
        let pod = message.split_once("Created pod: ").map(|(_, pod)| pod);
        let Some((prefix, _)) = pod.and_then(|pod| pod.rsplit_once('-')) else {
            return;
        };
        let is_new = self.replica_set(prefix).is_none();
        if is_new && generates.iter().any(|kind| object.starts_with(kind)) {
            let same = prefix.to_owned();
            self.replica_sets.push((same.clone(), same));
        }
    }

    /// The canonical name of the owner of a generated Pod name, or the name itself.
    pub fn group_of<'a>(&'a self, pod: &'a str) -> &'a str {
        let owner = pod.rsplit_once('-').map_or(pod, |(owner, _)| owner);
        self.replica_set(owner).unwrap_or(pod)
    }

    /// A message without names, addresses and times that differ from run to run.
    pub fn text(&mut self, message: &str) -> String {
        if let Some(known) = self.seen.get(message) {
            return known.clone();
        }
        let text = self.normalise(message);
        self.seen.insert(message.to_owned(), text.clone());
        text
    }

    fn normalise(&self, message: &str) -> String {
        let mut text = message.to_owned();
        for (pattern, replacement) in RULES.iter() {
            let keep_own = replacement.starts_with("<ip>");
            let replaced = pattern.replace_all(&text, |found: &Captures<'_>| {
                let own = |prefix: &&str| found[0].starts_with(*prefix);
                if keep_own && OWN_ADDRESSES.iter().any(own) {
                    found[0].to_owned()
                } else {
                    (*replacement).to_owned()
                }
            });
            text = replaced.into_owned();
        }
        for (name, canonical) in &self.replica_sets {
            text = replace_name(&text, name, |after| of_replica_set(after, canonical));
        }
        let whole =
            |after: &str, word: &str| (!after.starts_with(joins)).then(|| (0, word.to_owned()));
        for node in &self.nodes {
            text = replace_name(&text, node, |after| whole(after, "<node>"));
        }
        if let Some(namespace) = &self.namespace {
            text = replace_name(&text, namespace, |after| whole(after, "<ns>"));
        }
        text
    }
}

/// Whether a character makes its neighbour part of a longer name.
fn joins(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-')
}

/// What follows a ReplicaSet's name: a Pod's suffix (shown as `#`), or the end of the name.
fn of_replica_set(after: &str, canonical: &str) -> Option<(usize, String)> {
    let in_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let continues = |rest: &str| rest.starts_with(|c| in_name(c) || c == '-');
    if let Some(suffix) = after.strip_prefix('-') {
        let length = suffix.chars().take_while(|c| in_name(*c)).count();
        let ends = length == 5 && !continues(&suffix[length..]);
        return ends.then(|| (6, format!("{canonical}#")));
    }
    (!continues(after)).then(|| (0, canonical.to_owned()))
}

/// Replaces a name wherever no longer name ends with it and `matched`, which sees what follows,
/// gives a replacement and how much more it stands for.
fn replace_name(
    text: &str,
    name: &str,
    matched: impl Fn(&str) -> Option<(usize, String)>,
) -> String {
    let mut out = String::new();
    let (mut copied, mut from) = (0, 0);
    while let Some(found) = text[from..].find(name) {
        let (start, end) = (from + found, from + found + name.len());
        let free = !text[..start].ends_with(joins);
        match matched(&text[end..]).filter(|_| free && !name.is_empty()) {
            Some((more, replacement)) => {
                out.push_str(&text[copied..start]);
                out.push_str(&replacement);
                copied = end + more;
                from = copied;
            }
            None => match text[start..].chars().next() {
                Some(first) => from = start + first.len_utf8(),
                None => break,
            },
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// The image of a normalised `Pulled` message, and whether it came from a registry.
pub fn pulled_image(message: &str) -> Option<(&str, bool)> {
    let between = |prefix, suffix| message.strip_prefix(prefix)?.strip_suffix(suffix);
    let present = "\" already present on machine and can be accessed by the pod";
    let pulled = "\" in <d> (<d> including waiting). Image size: <n> bytes.";
    if let Some(image) = between("Container image \"", present) {
        return Some((image, false));
    }
    between("Successfully pulled image \"", pulled).map(|image| (image, true))
}
