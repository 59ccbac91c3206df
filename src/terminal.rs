//! What the terminal shows: part of the store.

use readyz_engine::session::{Shell, Typed};
use std::rc::Rc;

/// A line and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub prompt: String,
    pub line: String,
    /// None while it is awaited.
    pub answer: Option<Typed>,
}

/// The terminal's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Terminal {
    pub entries: Rc<Vec<Entry>>,
    pub shell: Option<Shell>,
    /// A line with the words that may end it.
    pub completion: Option<Rc<(String, Vec<String>)>>,
}

/// What happens at the terminal.
#[derive(Clone, Debug)]
pub enum Tty {
    Sent(String),
    Answered(Box<Typed>),
    Refused(String),
    Completed(String, Vec<String>),
    Cleared,
}

impl Terminal {
    /// What stands before the next line.
    pub fn prompt(&self) -> String {
        match &self.shell {
            Some(shell) => format!("{}:{} #", shell.pod, shell.cwd),
            None => "$".into(),
        }
    }

    /// What the last line ended with: `$?`.
    pub fn status(&self) -> u8 {
        let last = self.entries.last().and_then(|entry| entry.answer.as_ref());
        last.map_or(0, |answer| answer.exit_code)
    }

    /// The reducer's part.
    pub fn apply(&mut self, tty: Tty) {
        match tty {
            Tty::Sent(line) => self.push(line),
            Tty::Answered(typed) => {
                self.shell.clone_from(&typed.shell);
                self.answer(*typed);
            }
            Tty::Refused(sentence) => self.answer(Typed {
                stderr: sentence,
                exit_code: 1,
                ..Typed::default()
            }),
            Tty::Completed(line, words) => self.completion = Some(Rc::new((line, words))),
            Tty::Cleared => self.entries = Rc::default(),
        }
    }

    fn push(&mut self, line: String) {
        let prompt = self.prompt();
        Rc::make_mut(&mut self.entries).push(Entry {
            prompt,
            line,
            answer: None,
        });
    }

    /// Answers come in the order of the lines.
    fn answer(&mut self, typed: Typed) {
        let entries = Rc::make_mut(&mut self.entries);
        let Some(waiting) = entries.iter().position(|entry| entry.answer.is_none()) else {
            return;
        };
        if entries[waiting].line.trim() == "clear" {
            entries.drain(..=waiting);
        } else {
            entries[waiting].answer = Some(typed);
        }
    }

    /// Everything as text, as it would be copied from a terminal.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for entry in &*self.entries {
            text.push_str(&format!("{} {}\n", entry.prompt, entry.line));
            if let Some(answer) = &entry.answer {
                text.push_str(&answer.stdout);
                text.push_str(&answer.stderr);
            }
        }
        text
    }
}

/// What Tab makes of a line: the words' common beginning in place of its last word, with a space
/// after the only one.
pub fn completed(line: &str, words: &[String]) -> Option<String> {
    let first = words.first()?;
    let mut end = first.len();
    for word in words {
        let same = first.bytes().zip(word.bytes()).take_while(|(a, b)| a == b);
        end = end.min(same.count());
    }
    while !first.is_char_boundary(end) {
        end -= 1;
    }
    let start = line.rfind([' ', '\t']).map_or(0, |at| at + 1);
    let only = words.len() == 1 && !first.ends_with(['/', ':', '=']);
    let space = if only { " " } else { "" };
    Some([&line[..start], &first[..end], space].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn tab_goes_as_far_as_it_is_certain() {
        let get = "kubectl get p";
        assert_eq!(
            completed(get, &words(&["pods"])).as_deref(),
            Some("kubectl get pods ")
        );
        let two = words(&["pods", "pvc"]);
        assert_eq!(completed(get, &two).as_deref(), Some("kubectl get p"));
        assert_eq!(completed(get, &[]), None);
    }

    #[test]
    fn answers_come_in_order_and_clear_empties() {
        let mut terminal = Terminal::default();
        terminal.apply(Tty::Sent("a".into()));
        terminal.apply(Tty::Sent("b".into()));
        let typed = Typed {
            stdout: "1\n".into(),
            ..Typed::default()
        };
        terminal.apply(Tty::Answered(Box::new(typed)));
        assert_eq!(terminal.text(), "$ a\n1\n$ b\n");
        terminal.apply(Tty::Refused("no".into()));
        terminal.apply(Tty::Sent("clear".into()));
        terminal.apply(Tty::Answered(Box::default()));
        assert!(terminal.entries.is_empty());
    }
}
