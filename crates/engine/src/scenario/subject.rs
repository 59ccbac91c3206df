//! How a step names Pods.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One or several Pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PodRef {
    /// `checkout`: the Pod of that name.
    Name(String),
    /// `deployment/web#2`: the second of its live Pods by creation, then name. Without a kind
    /// (`web#2`, as the recordings write it) terminating Pods count, too.
    Nth {
        /// In lower case; empty: any owner of that name.
        kind: String,
        owner: String,
        /// From 1.
        number: u32,
    },
    /// `app=web,tier=front`: all Pods with these labels.
    Labels(Vec<(String, String)>),
}

impl PodRef {
    /// Reads `NAME`, `OWNER#N`, `KIND/OWNER#N`, `KIND/OWNER` (the first), `pod/NAME` or `k=v,…`.
    /// None if it is none of these.
    pub fn parse(text: &str) -> Option<PodRef> {
        let text = text.trim();
        if text.contains('=') {
            let mut labels = Vec::new();
            for pair in text.split(',') {
                let (key, value) = pair.split_once('=')?;
                let (key, value) = (key.trim(), value.trim_start_matches('=').trim());
                if key.is_empty() {
                    return None;
                }
                labels.push((key.into(), value.into()));
            }
            return Some(PodRef::Labels(labels));
        }
        let (kind, rest) = match text.split_once('/') {
            Some((kind, rest)) => (workload_kind(kind)?, rest),
            None => ("", text),
        };
        let (owner, number) = match rest.split_once('#') {
            Some((owner, number)) => (owner, Some(number.parse().ok().filter(|n| *n > 0)?)),
            None => (rest, None),
        };
        if owner.is_empty() || owner.contains(['/', ' ']) {
            return None;
        }
        Some(match (kind, number) {
            ("" | "pod", None) => PodRef::Name(owner.into()),
            ("pod", Some(_)) => return None,
            (kind, number) => PodRef::Nth {
                kind: kind.into(),
                owner: owner.into(),
                number: number.unwrap_or(1),
            },
        })
    }
}

/// The full name of a kind that owns Pods (or of Pods), from any form kubectl takes.
pub fn workload_kind(text: &str) -> Option<&'static str> {
    Some(match text.to_ascii_lowercase().as_str() {
        "pod" | "pods" | "po" => "pod",
        "deployment" | "deployments" | "deploy" | "deployment.apps" | "deployments.apps" => {
            "deployment"
        }
        "replicaset" | "replicasets" | "rs" | "replicaset.apps" | "replicasets.apps" => {
            "replicaset"
        }
        "statefulset" | "statefulsets" | "sts" | "statefulset.apps" | "statefulsets.apps" => {
            "statefulset"
        }
        "daemonset" | "daemonsets" | "ds" | "daemonset.apps" | "daemonsets.apps" => "daemonset",
        "job" | "jobs" | "job.batch" | "jobs.batch" => "job",
        _ => return None,
    })
}

impl fmt::Display for PodRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PodRef::Name(name) => f.write_str(name),
            PodRef::Nth {
                kind,
                owner,
                number,
            } if kind.is_empty() => write!(f, "{owner}#{number}"),
            PodRef::Nth {
                kind,
                owner,
                number,
            } => write!(f, "{kind}/{owner}#{number}"),
            PodRef::Labels(labels) => {
                for (i, (key, value)) in labels.iter().enumerate() {
                    let comma = if i == 0 { "" } else { "," };
                    write!(f, "{comma}{key}={value}")?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pods_are_named_in_four_ways() {
        assert_eq!(
            PodRef::parse("checkout"),
            Some(PodRef::Name("checkout".into()))
        );
        assert_eq!(PodRef::parse("pod/a"), Some(PodRef::Name("a".into())));
        let nth = PodRef::Nth {
            kind: "deployment".into(),
            owner: "web".into(),
            number: 2,
        };
        assert_eq!(PodRef::parse("deploy/web#2"), Some(nth));
        assert_eq!(
            PodRef::parse("app=web, tier=front"),
            Some(PodRef::Labels(vec![
                ("app".into(), "web".into()),
                ("tier".into(), "front".into())
            ]))
        );
        for wrong in ["", "#1", "web#0", "web#x", "nosuch/web", "=x", "pod/a#1"] {
            assert_eq!(PodRef::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_reference_prints_as_it_is_written() {
        for text in [
            "checkout",
            "web#2",
            "deployment/web#2",
            "app=web,tier=front",
        ] {
            assert_eq!(
                PodRef::parse(text).map(|r| r.to_string()).as_deref(),
                Some(text)
            );
        }
    }
}
