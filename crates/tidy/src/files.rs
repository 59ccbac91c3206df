//! Which files are ours.

use std::fs;
use std::path::{Path, PathBuf};

/// What was built, fetched or recorded, or is written by tools.
const FOREIGN: [&str; 9] = [
    ".git",
    "Cargo.lock",
    "package-lock.json",
    ".tools",
    "dist",
    "node_modules",
    "target",
    "test-results",
    "recordings",
];

/// One source file.
#[derive(Debug)]
pub struct Source {
    /// Relative to the repository, with forward slashes.
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn is(&self, extension: &str) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|e| e == extension)
    }

    /// Code of the simulator itself: neither its tests nor its benches.
    pub fn is_engine(&self) -> bool {
        self.path.starts_with("crates/engine/src/") && self.is("rs") && !self.is_test()
    }

    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs")
            || self.path.ends_with("_tests.rs")
            || self.path.ends_with("_properties.rs")
            || self.path.contains("/tests/")
    }
}

/// The checkout this crate was compiled in.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/tidy lies two folders below the root")
        .to_path_buf()
}

/// Every text file that a person wrote, sorted by path.
pub fn sources() -> Vec<Source> {
    let root = repository();
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    let entries = fs::read_dir(folder).expect("a folder of the repository can be read");
    for entry in entries {
        let path = entry.expect("an entry can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if FOREIGN.contains(&&*name) {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            // What is not UTF-8 (pictures, packed recordings) is not source.
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            let relative = path.strip_prefix(root).expect("found below the root");
            found.push(Source {
                path: relative.to_string_lossy().replace('\\', "/"),
                text,
            });
        }
    }
}
