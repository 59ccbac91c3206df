//! Where the tests find recorded packs.

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
