//! Lines that go on after they were typed: what they have printed until a later moment.

use super::{home, line, with_file, Desk, Following, Typed};
use crate::kubectl::Followed;
use crate::time::{Duration, Instant};
use crate::timeline::{Runner, Timeline};

/// So many commands are kept as far as they have been followed.
const KEPT_MAX: usize = 8;

/// Commands that were followed, so that the next look need not begin where they were typed.
#[derive(Default)]
pub struct Kept {
    commands: Vec<(Following, Followed)>,
    shown: Option<Runner>,
}

/// A line without the ampersand that sends it into the background.
fn in_front(line: &str) -> &str {
    line.trim().trim_end_matches('&').trim_end()
}

/// Whether one command is the whole line that can be looked at again later.
pub fn is_one(line: &str) -> bool {
    let text = in_front(line);
    let name = text.split_whitespace().next().unwrap_or("");
    matches!(name, "kubectl" | "k" | "watch")
        && line::sequence(text).len() == 1
        && !text.contains("$(")
}

/// What a line has printed until a moment that goes on ([`Typed::follows`]). The timeline has been
/// run that far.
pub fn follow(timeline: &Timeline, kept: &mut Kept, command: &Following, at: Instant) -> Typed {
    if !is_one(&command.line) {
        return Typed::default();
    }
    let at = at.max(command.from);
    let text = in_front(&command.line);
    let (first, rest) = line::first_stage(text);
    let (words, sends) = line::redirected(line::words(first));
    if words.first().is_some_and(|name| name == "watch") {
        let at = last_look(&words, command.from, at);
        let cluster = timeline.show(at, &mut kept.shown);
        return super::run(&Desk::at(cluster, at, &command.manifest), text);
    }
    let mut typed = kept.go_on(timeline, command, &words[1..], at);
    home::redirect(sends, rest.is_some(), &mut typed);
    if let Some(rest) = rest {
        let cluster = timeline.show(at, &mut kept.shown);
        home::pipe(&Desk::at(cluster, at, &command.manifest), rest, &mut typed);
    }
    typed
}

impl Kept {
    fn go_on(
        &mut self,
        timeline: &Timeline,
        command: &Following,
        args: &[String],
        at: Instant,
    ) -> Typed {
        let known = self.commands.iter().position(|(known, _)| known == command);
        let known = known.map(|place| self.commands.remove(place).1);
        let mut followed = known.filter(|known| known.seen() <= at).unwrap_or_else(|| {
            let (args, stdin) = with_file(args, &command.manifest);
            let namespace = timeline.latest().namespace.clone();
            Followed::new(timeline, command.from, &namespace, &args, stdin)
        });
        followed.advance(timeline, at);
        let output = followed.output();
        let mut typed = super::typed(output, args);
        typed.follows = output.unfinished;
        self.commands.push((command.clone(), followed));
        if self.commands.len() > KEPT_MAX {
            self.commands.remove(0);
        }
        typed
    }
}

/// `watch` looks every two seconds, or as it is told.
fn last_look(words: &[String], from: Instant, at: Instant) -> Instant {
    let interval = home::interval(words);
    let passed = at.since(from).0;
    from + Duration(passed - passed % interval.0.max(1))
}
