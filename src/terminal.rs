//! What the terminal shows: part of the store.

use readyz_engine::session::{Following, Forward, Shell, Typed};
use readyz_engine::time::Instant;
use std::rc::Rc;
use yew::AttrValue;

/// A line and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub prompt: String,
    pub line: String,
    /// When it was typed.
    pub from: Instant,
    /// The editor's text then: what a file's name after `-f` stands for.
    pub manifest: AttrValue,
    /// The moment of the answer: what goes on has another one later.
    pub told: Instant,
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
    Sent(String, Instant, AttrValue),
    Answered(Box<Typed>),
    /// What a line that goes on has printed until a moment.
    Followed(Following, Instant, Box<Typed>),
    /// Ctrl+C.
    Interrupted,
    Refused(String),
    Completed(String, Vec<String>),
    Cleared,
}

impl Entry {
    /// It has not ended.
    pub fn goes_on(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.unfinished)
    }
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
            Tty::Sent(line, at, manifest) => self.push(line, at, manifest),
            Tty::Answered(typed) => {
                self.shell.clone_from(&typed.shell);
                self.answer(*typed);
            }
            Tty::Refused(sentence) => self.answer(Typed {
                stderr: sentence,
                exit_code: 1,
                ..Typed::default()
            }),
            Tty::Followed(command, at, typed) => self.follow(&command, at, *typed),
            Tty::Interrupted => self.interrupt(),
            Tty::Completed(line, words) => self.completion = Some(Rc::new((line, words))),
            Tty::Cleared => self.entries = Rc::default(),
        }
    }

    fn push(&mut self, line: String, from: Instant, manifest: AttrValue) {
        let prompt = self.prompt();
        Rc::make_mut(&mut self.entries).push(Entry {
            prompt,
            line,
            from,
            manifest,
            told: from,
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

    /// The line whose answer has to be renewed first, as seen from a moment.
    pub fn stale(&self, now: Instant) -> Option<&Entry> {
        let follows = |entry: &&Entry| {
            entry.goes_on() && entry.answer.as_ref().is_some_and(|answer| answer.follows)
        };
        let running = self.entries.iter().filter(follows);
        let moved = running.filter(|entry| entry.told != now.max(entry.from));
        moved.min_by_key(|entry| entry.told)
    }

    /// Whether a line goes on.
    pub fn goes_on(&self) -> bool {
        self.entries.iter().any(Entry::goes_on)
    }

    /// Local ports that lines listen on.
    pub fn forwards(&self) -> Vec<Forward> {
        let running = self.entries.iter().filter(|entry| entry.goes_on());
        let answers = running.filter_map(|entry| entry.answer.as_ref());
        answers.flat_map(|answer| answer.forwards.clone()).collect()
    }

    #[inline(never)]
    fn follow(&mut self, command: &Following, at: Instant, typed: Typed) {
        let entries = Rc::make_mut(&mut self.entries);
        let is_it = |entry: &Entry| {
            entry.line == command.line && entry.from == command.from && entry.goes_on()
        };
        if let Some(entry) = entries.iter_mut().find(|entry| is_it(entry)) {
            entry.told = at;
            entry.answer = Some(typed);
        }
    }

    /// Ends the newest line that goes on.
    #[inline(never)]
    fn interrupt(&mut self) {
        let entries = Rc::make_mut(&mut self.entries);
        let newest = entries.iter_mut().rev().find(|entry| entry.goes_on());
        if let Some(answer) = newest.and_then(|entry| entry.answer.as_mut()) {
            answer.unfinished = false;
            answer.stderr.push_str("^C\n");
            answer.exit_code = 130;
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
        terminal.apply(Tty::Sent("a".into(), Instant::ZERO, "".into()));
        terminal.apply(Tty::Sent("b".into(), Instant::ZERO, "".into()));
        let typed = Typed {
            stdout: "1\n".into(),
            ..Typed::default()
        };
        terminal.apply(Tty::Answered(Box::new(typed)));
        assert_eq!(terminal.text(), "$ a\n1\n$ b\n");
        terminal.apply(Tty::Refused("no".into()));
        terminal.apply(Tty::Sent("clear".into(), Instant::ZERO, "".into()));
        terminal.apply(Tty::Answered(Box::default()));
        assert!(terminal.entries.is_empty());
    }

    #[test]
    fn what_goes_on_is_renewed_until_it_is_interrupted() {
        let mut terminal = Terminal::default();
        let running = |stdout: &str| {
            Box::new(Typed {
                stdout: stdout.into(),
                unfinished: true,
                follows: true,
                ..Typed::default()
            })
        };
        let secs = Instant::from_secs;
        for (line, at) in [("logs -f a", 5), ("logs -f b", 7)] {
            terminal.apply(Tty::Sent(line.into(), secs(at), "".into()));
            terminal.apply(Tty::Answered(running("1\n")));
        }
        assert!(
            terminal.stale(secs(5)).is_none(),
            "nothing is known before it"
        );
        let stale = terminal.stale(secs(9)).expect("both go on");
        assert_eq!(stale.line, "logs -f a");
        let command = Following {
            line: "logs -f a".into(),
            from: secs(5),
            manifest: String::new(),
        };
        terminal.apply(Tty::Followed(command, secs(9), running("1\n2\n")));
        assert_eq!(
            terminal.stale(secs(9)).map(|entry| &*entry.line),
            Some("logs -f b")
        );
        terminal.apply(Tty::Interrupted);
        assert_eq!(terminal.text(), "$ logs -f a\n1\n2\n$ logs -f b\n1\n^C\n");
        assert_eq!(terminal.status(), 130);
        assert!(terminal.stale(secs(9)).is_none() && terminal.goes_on());
    }
}
