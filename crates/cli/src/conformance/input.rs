//! Finding and reading recordings: a file or a folder, plain or gzip.

use crate::commands::Failure;
use flate2::read::MultiGzDecoder;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The first bytes of a gzip stream.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The recordings at `path`, sorted by name. A file stands for itself. Of a folder: its JSON files
/// whose names begin with one of `prefixes`; if none does, all its JSON files.
pub fn files(path: &Path, prefixes: &[&str]) -> Result<Vec<PathBuf>, Failure> {
    let meta = fs::metadata(path).map_err(|e| unreadable(path, e))?;
    if !meta.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut all = Vec::new();
    for entry in fs::read_dir(path).map_err(|e| unreadable(path, e))? {
        let file = entry.map_err(|e| unreadable(path, e))?.path();
        if file.is_file() && is_json(&file) {
            all.push(file);
        }
    }
    all.sort();
    let named: Vec<_> = all
        .iter()
        .filter(|file| prefixes.iter().any(|p| file_name(file).starts_with(p)))
        .cloned()
        .collect();
    let chosen = if named.is_empty() { all } else { named };
    if chosen.is_empty() {
        return Err(Failure::input(format!(
            "{}: no .json or .jsonl files (plain or .gz)",
            path.display()
        )));
    }
    Ok(chosen)
}

/// The file's name, for messages.
pub fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The text of a file, decompressed if it is gzip (by content, whatever its name).
pub fn text(path: &Path) -> Result<String, Failure> {
    let file = fs::File::open(path).map_err(|e| unreadable(path, e))?;
    let mut reader = BufReader::new(file);
    let head = reader.fill_buf().map_err(|e| unreadable(path, e))?;
    let mut text = String::new();
    if head.starts_with(&GZIP_MAGIC) {
        MultiGzDecoder::new(reader).read_to_string(&mut text)
    } else {
        reader.read_to_string(&mut text)
    }
    .map_err(|e| unreadable(path, e))?;
    Ok(text)
}

fn is_json(path: &Path) -> bool {
    let name = file_name(path);
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    plain.ends_with(".json") || plain.ends_with(".jsonl")
}

fn unreadable(path: &Path, error: std::io::Error) -> Failure {
    Failure::input(format!("{}: {error}", path.display()))
}
