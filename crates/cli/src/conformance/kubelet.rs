//! Suites `kubelet` and `image`: a whole kubelet on a scripted runtime (recordings `kubelet-*` and
//! `image-*`).

mod case;
mod journal;
mod setup;
mod status;

use super::rows::first_difference;
use super::{lines, Suite};
use serde_json::Value;
use std::fmt;

/// One registry line.
pub const SUITE: Suite = Suite {
    name: "kubelet",
    file_prefixes: &["kubelet-"],
    run: lines::play::<case::Case>,
};

/// One registry line: the same with images to be pulled.
pub const IMAGE_SUITE: Suite = Suite {
    name: "image",
    file_prefixes: &["image-"],
    run: lines::play::<case::Case>,
};

impl lines::Case for case::Case {
    fn id(&self) -> &str {
        &self.id
    }

    fn play(&self) -> Vec<String> {
        let (cluster, pod) = setup::play(self);
        let Some(journal) = setup::journal(&cluster, pod) else {
            return vec!["the Pod has no scripted runtime".to_owned()];
        };
        let names = journal::Names::of(&self.config);
        let expect = &self.expect;
        let lists = [
            (
                "status",
                &expect.status,
                status::rows(&cluster, journal, &names),
            ),
            (
                "syncs",
                &expect.syncs,
                journal::syncs(&cluster, journal, &names),
            ),
            ("cri", &expect.cri, journal::calls(journal, &names)),
            ("events", &expect.events, journal::events(&cluster)),
            ("execs", &expect.execs, journal::execs(journal, &names)),
            (
                "results",
                &expect.results,
                journal::results(journal, &names),
            ),
            (
                "ticks",
                &expect.ticks_written_out(),
                journal::ticks(journal, &names),
            ),
            ("requeues", &expect.requeues, journal::requeues(journal)),
        ];
        lists
            .into_iter()
            .filter_map(|(name, recorded, played)| {
                first_difference(name, &canonical(recorded), &canonical(&played))
            })
            .collect()
    }
}

/// A row as text, so that a difference is readable.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Row(u64, String);

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.1)
    }
}

/// Rows by time; those of equal time in an order that both sides share.
fn canonical(rows: &[Value]) -> Vec<Row> {
    let mut rows: Vec<Row> = rows
        .iter()
        .map(|row| Row(row[0].as_u64().unwrap_or(0), row.to_string()))
        .collect();
    rows.sort();
    rows
}
