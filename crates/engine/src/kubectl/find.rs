//! Which command a line means: kubectl's tree of commands, and the words that lead through it.

use super::args::{self, Flags};
use super::failure::Failure;
use super::{verbs, Verb};
use crate::manifest::distance;

/// Commands that only hold others.
pub struct Group {
    pub name: &'static str,
    /// One line for `kubectl help`.
    pub summary: &'static str,
}

const fn group(name: &'static str, summary: &'static str) -> Group {
    Group { name, summary }
}

pub const GROUPS: &[Group] = &[
    group("auth", "Inspect authorization"),
    group("config", "Modify kubeconfig files"),
    group(
        "create secret",
        "Create a secret using a specified subcommand",
    ),
    group(
        "create service",
        "Create a service using a specified subcommand",
    ),
    group("rollout", "Manage the rollout of a resource"),
    group("set", "Set specific features on objects"),
    group("top", "Display resource (CPU/memory) usage"),
];

/// Commands of kubectl that readyz does not have.
const ABSENT: &[&str] = &[
    "alpha",
    "apply edit-last-applied",
    "apply set-last-applied",
    "apply view-last-applied",
    "attach",
    "auth reconcile",
    "auth whoami",
    "certificate",
    "cluster-info dump",
    "completion",
    "config delete-cluster",
    "config delete-context",
    "config delete-user",
    "config rename-context",
    "config set",
    "config set-cluster",
    "config set-credentials",
    "config unset",
    "cp",
    "create clusterrole",
    "create clusterrolebinding",
    "create ingress",
    "create role",
    "create rolebinding",
    "create token",
    "debug",
    "kuberc",
    "kustomize",
    "plugin",
    "proxy",
    "set subject",
];

/// Other names of commands.
const ALIASES: &[(&str, &str)] = &[
    ("config use", "config use-context"),
    ("create cj", "create cronjob"),
    ("create cm", "create configmap"),
    ("create deploy", "create deployment"),
    ("create ing", "create ingress"),
    ("create ns", "create namespace"),
    ("create pc", "create priorityclass"),
    ("create pdb", "create poddisruptionbudget"),
    ("create resourcequota", "create quota"),
    ("create sa", "create serviceaccount"),
    ("create svc", "create service"),
    ("set sa", "set serviceaccount"),
    ("top no", "top node"),
    ("top nodes", "top node"),
    ("top po", "top pod"),
    ("top pods", "top pod"),
];

/// First words, in the order in which kubectl proposes them.
const FIRST_WORDS: &str = "create expose run set explain get edit delete rollout scale autoscale \
    certificate cluster-info top cordon uncordon drain taint describe logs attach exec \
    port-forward proxy cp auth debug events diff apply patch replace wait kustomize label annotate \
    completion config plugin version api-versions api-resources options kuberc";

/// How many letters may be wrong in a command that is meant.
const WRONG_MAX: usize = 2;

/// What the words of a line lead to.
#[derive(Clone, Copy)]
pub enum Found {
    /// No command.
    Root,
    Group(&'static Group),
    Verb(&'static Verb),
    Absent(&'static str),
}

impl Found {
    /// Its words.
    pub fn name(self) -> &'static str {
        match self {
            Found::Root => "",
            Found::Group(group) => group.name,
            Found::Verb(verb) => verb.name,
            Found::Absent(name) => name,
        }
    }

    /// Its own flags.
    pub fn flags(self) -> Flags {
        match self {
            Found::Verb(verb) => verb.flags,
            _ => &[],
        }
    }

    /// The command that `word` means behind this one.
    fn child(self, word: &str) -> Option<Found> {
        let typed = [self.name(), " ", word].concat();
        let typed = typed.trim_start();
        let alias = ALIASES.iter().find(|(alias, _)| *alias == typed);
        let name = alias.map_or(typed, |(_, name)| name);
        let verb = verbs().find(|verb| verb.name == name).map(Found::Verb);
        let group = || GROUPS.iter().find(|group| group.name == name);
        let absent = || ABSENT.iter().find(|absent| **absent == name);
        verb.or_else(|| group().map(Found::Group))
            .or_else(|| absent().map(|name| Found::Absent(name)))
    }
}

/// The command that a line means, and the line without the command's words (ERR-09).
pub fn find(args: &[String]) -> Result<(Found, Vec<String>), Failure> {
    let mut found = Found::Root;
    let mut rest = args.to_vec();
    loop {
        let words = args::words(found.flags(), &rest);
        let Some(first) = words.first() else {
            return Ok((found, rest));
        };
        match (found, found.child(&rest[*first])) {
            (_, Some(child)) => {
                rest.remove(*first);
                found = child;
            }
            (Found::Root, None) => return Err(unknown(args, &rest[*first])),
            _ => return Ok((found, rest)),
        }
    }
}

/// A first word that is no command. What stands before it might be a plugin's.
fn unknown(args: &[String], word: &str) -> Failure {
    match args.first().filter(|first| first.starts_with('-')) {
        Some(flag) => Failure::plain(format!(
            "Error: flags cannot be placed before plugin name: {flag}"
        )),
        None => Failure::client(format!(
            "unknown command {} for \"kubectl\"{}",
            crate::go_format::quote(word),
            meant(word)
        )),
    }
}

/// Commands that are nearly spelt so.
fn meant(typed: &str) -> String {
    let typed = typed.to_lowercase();
    let is_near = |name: &&str| {
        distance(&typed, name, false) <= WRONG_MAX || name.starts_with(typed.as_str())
    };
    let near: Vec<&str> = FIRST_WORDS.split(' ').filter(is_near).collect();
    if near.is_empty() {
        return String::new();
    }
    ["\n\nDid you mean this?\n\t", &near.join("\n\t")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(words: &str) -> Vec<String> {
        words.split(' ').map(str::to_owned).collect()
    }

    fn refusal(words: &str) -> String {
        find(&line(words)).err().map_or(String::new(), |f| f.line())
    }

    /// ERR-09: kubectl proposes first words only, in the order of its own list.
    #[test]
    fn what_is_nearly_right_is_proposed() {
        let proposed = |word: &str, names: &str| {
            format!(
                "error: unknown command \"{word}\" for \"kubectl\"\n\nDid you mean this?\n\t{}\n",
                names.replace(' ', "\n\t")
            )
        };
        assert_eq!(refusal("desribe pod x"), proposed("desribe", "describe"));
        assert_eq!(refusal("gett --foo"), proposed("gett", "set get"));
        assert_eq!(refusal("pr"), proposed("pr", "proxy cp"));
        assert_eq!(
            refusal("a"),
            proposed(
                "a",
                "autoscale attach cp auth apply annotate api-versions api-resources"
            )
        );
        assert_eq!(
            refusal("foobar"),
            "error: unknown command \"foobar\" for \"kubectl\"\n"
        );
    }

    /// ERR-09: flags before an unknown word are no plugin's; an unknown flag takes the next word.
    #[test]
    fn flags_may_stand_before_the_verb() {
        let name = |words: &str| find(&line(words)).map(|(found, _)| found.name());
        assert_eq!(name("-n default get pods"), Ok("get"));
        assert_eq!(name("rollout -n x status deploy/web"), Ok("rollout status"));
        assert_eq!(
            name("create --namespace=x svc nodeport a"),
            Ok("create service nodeport")
        );
        assert_eq!(name("rollout statsu"), Ok("rollout"));
        assert_eq!(name("-n get"), Ok(""));
        assert_eq!(name("--foo get"), Ok(""));
        assert_eq!(
            refusal("--foo get pods"),
            "Error: flags cannot be placed before plugin name: --foo\n"
        );
    }
}
