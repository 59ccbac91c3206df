//! What was typed before.

/// Lines of a terminal, oldest first, and the place to which the arrows have gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    lines: Vec<String>,
    /// How many lines back; 0: the line being typed.
    back: u32,
    draft: String,
}

/// More lines nobody looks for.
const LINES_MAX: usize = 500;

impl History {
    /// Keeps a line. Empty ones and repetitions of the last are not kept.
    pub fn add(&mut self, line: &str) {
        self.back = 0;
        self.draft.clear();
        if line.trim().is_empty() || self.lines.last().is_some_and(|last| last == line) {
            return;
        }
        if self.lines.len() == LINES_MAX {
            self.lines.remove(0);
        }
        self.lines.push(line.into());
    }

    /// The line before the one that is shown, `typed`; None at the oldest.
    pub fn up(&mut self, typed: &str) -> Option<&str> {
        if self.back == 0 {
            self.draft = typed.into();
        }
        let index = self.lines.len().checked_sub(self.back as usize + 1)?;
        self.back += 1;
        self.lines.get(index).map(String::as_str)
    }

    /// The line after the one that is shown; at last the one that was being typed.
    pub fn down(&mut self) -> Option<&str> {
        match self.back {
            0 => None,
            1 => {
                self.back = 0;
                Some(&self.draft)
            }
            back => {
                self.back = back - 1;
                let index = self.lines.len().checked_sub(self.back as usize)?;
                self.lines.get(index).map(String::as_str)
            }
        }
    }
}
