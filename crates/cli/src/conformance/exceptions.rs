//! Cases that are known to differ, one a line of a file; after `: ` a line may say why. The list may
//! only become shorter.

use crate::commands::Failure;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A list of cases.
pub struct Exceptions {
    file: PathBuf,
    /// Cases, and lines that begin with `#`, in order.
    lines: Vec<String>,
    /// There was no such file.
    is_new: bool,
}

impl Exceptions {
    /// Reads a list. One that does not exist is empty if it is about to be written.
    pub fn read(file: &Path, renew: bool) -> Result<Exceptions, Failure> {
        let is_new = renew && !file.exists();
        let text = match is_new {
            true => String::new(),
            false => fs::read_to_string(file)
                .map_err(|error| Failure::input(format!("{}: {error}", file.display())))?,
        };
        Ok(Exceptions {
            file: file.to_owned(),
            lines: text.lines().map(str::to_owned).collect(),
            is_new,
        })
    }

    fn cases(&self) -> impl Iterator<Item = &str> {
        let lines = self.lines.iter().map(String::as_str);
        lines.filter(|line| is_case(line)).map(case_of)
    }

    /// Whether a case may differ.
    pub fn holds(&self, id: &str) -> bool {
        self.cases().any(|case| case == id)
    }

    /// Listed cases that none of the differing ones is.
    pub fn agreeing<'e>(&'e self, differing: &BTreeSet<&str>) -> Vec<&'e str> {
        self.cases()
            .filter(|case| !differing.contains(case))
            .collect()
    }

    /// Takes the cases out that agree. A list that did not exist gets every case that differs.
    pub fn renew(&mut self, differing: &BTreeSet<&str>) -> Result<(), Failure> {
        if self.is_new {
            self.lines = differing.iter().map(|case| (*case).to_owned()).collect();
        }
        let stays = |line: &String| !is_case(line) || differing.contains(case_of(line));
        self.lines.retain(stays);
        let text = self.lines.join("\n") + "\n";
        fs::write(&self.file, text)
            .map_err(|error| Failure::input(format!("{}: {error}", self.file.display())))
    }
}

fn is_case(line: &str) -> bool {
    !line.starts_with('#') && !line.is_empty()
}

fn case_of(line: &str) -> &str {
    line.split_once(": ").map_or(line, |(case, _)| case)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_only_becomes_shorter() {
        let file = std::env::temp_dir().join(format!("exceptions-{}.txt", std::process::id()));
        let mut list = Exceptions::read(&file, true).expect("a new list");
        list.renew(&BTreeSet::from(["a 1", "b 2"]))
            .expect("written");
        fs::write(&file, "# why\na 1: one thing: another\nb 2: a third\n").expect("written");
        let mut list = Exceptions::read(&file, true).expect("the list");
        assert!(list.holds("a 1") && list.holds("b 2"));
        list.renew(&BTreeSet::from(["b 2"])).expect("written");
        let left = fs::read_to_string(&file).expect("the file");
        assert_eq!(left, "# why\nb 2: a third\n");
        fs::write(&file, "# why\na 1\nb 2\n").expect("written");
        let mut list = Exceptions::read(&file, true).expect("the list");
        assert!(list.holds("a 1") && !list.holds("# why") && !list.holds("c 3"));
        let differing = BTreeSet::from(["b 2", "c 3"]);
        assert_eq!(list.agreeing(&differing), ["a 1"]);
        list.renew(&differing).expect("written");
        assert_eq!(fs::read_to_string(&file).expect("the file"), "# why\nb 2\n");
        let _ = fs::remove_file(&file);
        assert!(Exceptions::read(&file, false).is_err());
    }
}
