//! Where the tests find recorded packs.

use super::pack::{Pack, Run};
use crate::conformance::input;
use std::path::{Path, PathBuf};

/// Folder of the recorded packs in the repository, or of more of them: `READYZ_PACKS`.
pub fn folder() -> PathBuf {
    match std::env::var_os("READYZ_PACKS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/traces"),
    }
}

/// All those packs.
pub fn packs() -> Vec<PathBuf> {
    let mut files = input::files(&folder(), &[]).expect("fixtures");
    files.retain(|file| input::file_name(file) != "index.json");
    files
}

/// Reads a pack.
pub fn read(path: &Path) -> Pack {
    Pack::read(path).unwrap_or_else(|failure| panic!("{failure}"))
}

/// The pack of that scenario.
pub fn pack(scenario: &str) -> Pack {
    read(&folder().join(format!("{scenario}.json.gz")))
}

/// The run of that name.
pub fn run<'p>(pack: &'p Pack, name: &str) -> &'p Run {
    let run = pack.runs.iter().find(|run| run.run == name);
    run.expect("a recorded run")
}
