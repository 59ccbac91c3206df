//! The histories in a link. Each begins with `fork`, its moment and name; `forktext` follows where
//! its text is not the link's, and a `forkact` for each act. `place` says which one is shown.

use crate::share::Entry;
use crate::store::{Opening, Store};
use crate::time_tools::Tool;
use readyz_engine::session::BranchView;
use readyz_engine::time::{Instant, NANOS_PER_MILLI};

fn millis(at: Instant) -> String {
    (at.0 / NANOS_PER_MILLI).to_string()
}

/// Branches, what is compared, markers, the loop.
pub fn write(store: &Store, entries: &mut Vec<Entry>) {
    let marks = store.tools.markers.iter();
    entries.extend(marks.map(|at| ("mark", millis(*at))));
    if let Some((from, to)) = store.tools.whole_loop() {
        entries.push(("loop", format!("{} {}", millis(from), millis(to))));
    }
    if store.branches.len() < 2 {
        return;
    }
    entries.push(("place", store.branch.to_string()));
    if let Some((other, _)) = store.panels.other {
        entries.push(("compare", other.to_string()));
    }
    for branch in store.branches.iter() {
        entries.push(("fork", format!("{} {}", branch.forked_at.0, branch.name)));
        if branch.text != *store.text {
            entries.push(("forktext", branch.text.clone()));
        }
        entries.extend(branch.acts.iter().map(|act| ("forkact", act.clone())));
    }
}

/// Takes an entry in; false: it is none of these.
pub fn read(opening: &mut Opening, key: &str, value: &str) -> bool {
    let at = |text: &str| {
        Some(Instant(
            text.parse::<u64>().ok()?.saturating_mul(NANOS_PER_MILLI),
        ))
    };
    match key {
        "mark" => at(value)
            .into_iter()
            .for_each(|at| opening.tools.apply(Tool::Marker(at))),
        "loop" => {
            let ends = value.split_once(' ');
            if let Some((Some(from), Some(to))) = ends.map(|(from, to)| (at(from), at(to))) {
                opening.tools.apply(Tool::LoopBetween(from, to));
            }
        }
        "place" => opening.branch = value.parse().unwrap_or_default(),
        "compare" => opening.compared = value.parse().ok(),
        "fork" => {
            let (at, name) = value.split_once(' ').unwrap_or((value, ""));
            opening.branches.push(BranchView {
                name: name.into(),
                forked_at: Instant(at.parse().unwrap_or_default()),
                acts: Vec::new(),
                text: String::new(),
            });
        }
        "forktext" => {
            if let Some(branch) = opening.branches.last_mut() {
                branch.text = value.into();
            }
        }
        "forkact" => {
            if let Some(branch) = opening.branches.last_mut() {
                branch.acts.push(value.into());
            }
        }
        _ => return false,
    }
    true
}

/// After all entries: branches without a text of their own have the link's.
pub fn finish(opening: &mut Opening) {
    for branch in &mut opening.branches {
        if branch.text.is_empty() {
            branch.text = opening.text.to_string();
        }
    }
    let last = opening.branches.len().saturating_sub(1) as u32;
    opening.branch = opening.branch.min(last);
    opening.compared = opening.compared.filter(|other| *other <= last);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_history_comes_back() {
        let branch = |name: &str, at, text: &str, acts: &[&str]| BranchView {
            name: name.into(),
            forked_at: Instant::from_secs(at),
            acts: acts.iter().map(|act| (*act).into()).collect(),
            text: text.into(),
        };
        let branches = vec![
            branch("main", 0, "kind: Pod", &["{at: 3s}"]),
            branch("a b", 7, "kind: Job", &["{at: 1s}", "{at: 2s}"]),
        ];
        let mut given = Opening {
            text: "kind: Pod".into(),
            branches: branches.clone(),
            branch: 1,
            ..Opening::default()
        };
        given.tools.apply(Tool::Marker(Instant::from_secs(4)));
        given.tools.apply(Tool::LoopBetween(
            Instant::from_secs(9),
            Instant::from_secs(5),
        ));
        let store = Store::open(given.clone());
        let mut entries = Vec::new();
        write(&store, &mut entries);
        let mut opened = Opening {
            text: "kind: Pod".into(),
            ..Opening::default()
        };
        for (key, value) in &entries {
            assert!(read(&mut opened, key, value), "{key}");
        }
        finish(&mut opened);
        assert_eq!(opened.branches, branches);
        assert_eq!((opened.branch, opened.tools), (1, given.tools));
    }
}
