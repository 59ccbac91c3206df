//! `fault`: what a click of the faults panel does, typed. `fault` lists the kinds, `fault KIND` says
//! what one does and what cannot see it, `fault KIND key=value …` does it.

use super::{line, Typed};
use crate::fault::{FaultKind, Subject, KINDS};
use crate::scenario;

/// The fields that say where a fault acts.
fn places(subject: Subject) -> &'static [&'static str] {
    match subject {
        Subject::Container => &["pod", "container"],
        Subject::PodOrNode => &["pod", "node"],
        Subject::Node | Subject::Dependency => &["name"],
        Subject::AtNode => &["node"],
        Subject::Image => &["image"],
        Subject::Service => &["service"],
        Subject::Between => &["between"],
    }
}

fn find(id: &str) -> Option<&'static FaultKind> {
    KINDS.iter().find(|kind| kind.id == id)
}

/// What may follow `fault` and these words.
pub(super) fn complete(words: &[&str]) -> Vec<String> {
    let Some(kind) = words.first() else {
        return KINDS.iter().map(|kind| kind.id.into()).collect();
    };
    let Some(kind) = find(kind) else {
        return Vec::new();
    };
    let keys = places(kind.subject).iter().copied();
    let keys = keys.chain(kind.parameters.iter().map(|one| one.name));
    let keys = keys.chain(kind.lasts.then_some("for"));
    let fresh = keys.filter(|key| {
        !words
            .iter()
            .any(|word| word.starts_with(&format!("{key}=")))
    });
    fresh.map(|key| format!("{key}=")).collect()
}

fn said(text: String) -> Typed {
    Typed {
        stdout: text,
        ..Typed::default()
    }
}

fn wrong(text: &str) -> Typed {
    Typed {
        stderr: format!("fault: {text}\n"),
        exit_code: 1,
        ..Typed::default()
    }
}

/// Answers a line after the word `fault`.
pub(super) fn run(words: &[String]) -> Typed {
    let Some((id, fields)) = words.split_first() else {
        return said(list());
    };
    let Some(kind) = find(id) else {
        return wrong(&format!("there is no fault {id}; `fault` lists all"));
    };
    if fields.is_empty() {
        return said(help(kind));
    }
    let (mut entries, mut span) = (Vec::new(), String::new());
    for field in fields {
        let Some((key, value)) = field.split_once('=') else {
            return wrong(&format!("`{field}` is not key=value"));
        };
        if key == "for" {
            span = format!(", for: {value}");
            continue;
        }
        let mut entry = [key, ": "].concat();
        write_value(value, &mut entry);
        entries.push(entry);
    }
    let step = format!("{id}: {{{}}}{span}", entries.join(", "));
    if let Err(problem) = scenario::step_from_text(&format!("{{at: 0s, {step}}}")) {
        return wrong(problem.trim_end());
    }
    Typed {
        stdout: format!("{id}: done\n"),
        acts: vec![step],
        ..Typed::default()
    }
}

/// Numbers, words and lists as they are, all else as a string.
fn write_value(value: &str, step: &mut String) {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '%');
    if value.starts_with('[') || (!value.is_empty() && value.chars().all(plain)) {
        step.push_str(value);
    } else {
        line::quote(value, step);
    }
}

fn list() -> String {
    let mut text = String::new();
    for kind in KINDS {
        text.push_str(&format!("{:<11} {}\n", kind.id, kind.does));
    }
    text
}

fn help(kind: &FaultKind) -> String {
    let mut usage = format!("fault {}", kind.id);
    for place in places(kind.subject) {
        usage.push_str(&format!(" {place}=…"));
    }
    for parameter in kind.parameters {
        let values = parameter.values.join("|");
        usage.push_str(&format!(" [{}={values}]", parameter.name));
    }
    if kind.lasts {
        usage.push_str(" [for=20s]");
    }
    format!("{}\n{}\n{usage}\n", kind.does, kind.unseen)
}
