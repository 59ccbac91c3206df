//! Lines that go on after they were typed: what they have printed until a later moment.

use super::{home, line, with_file, Desk};
use crate::kubectl::Followed;
use crate::session::{Following, Typed};
use crate::time::{Duration, Instant};
use crate::timeline::Timeline;

/// So many commands are kept as far as they have been followed.
const KEPT_MAX: usize = 8;

/// Commands that were followed, so that the next look need not begin where they were typed.
#[derive(Default)]
pub struct Kept(Vec<(Following, Followed)>);

/// What a line has printed until a moment. The timeline has been run.
pub fn follow(timeline: &Timeline, kept: &mut Kept, command: &Following, at: Instant) -> Typed {
    let at = at.max(command.from);
    let text = command.line.trim().trim_end_matches('&').trim_end();
    let (first, rest) = line::first_stage(text);
    let (words, sends) = line::redirected(line::words(first));
    let name = words.first().map_or("", String::as_str);
    let is_one = line::sequence(text).len() == 1 && !text.contains("$(");
    match name {
        "kubectl" | "k" if is_one => {
            let mut typed = kept.go_on(timeline, command, &words[1..], at);
            let cluster = timeline.seek(at);
            let desk = Desk::at(&cluster, at, &command.manifest);
            home::redirect(sends, rest.is_some(), &mut typed);
            if let Some(rest) = rest {
                home::pipe(&desk, rest, &mut typed);
            }
            typed
        }
        "watch" if is_one => {
            let at = last_look(&words, command.from, at);
            let cluster = timeline.seek(at);
            super::run(&Desk::at(&cluster, at, &command.manifest), text)
        }
        _ => {
            let cluster = timeline.seek(command.from);
            super::run(&Desk::at(&cluster, command.from, &command.manifest), text)
        }
    }
}

impl Kept {
    fn go_on(
        &mut self,
        timeline: &Timeline,
        command: &Following,
        args: &[String],
        at: Instant,
    ) -> Typed {
        let known = self.0.iter().position(|(known, _)| known == command);
        let known = known.map(|place| self.0.remove(place).1);
        let mut followed = known.filter(|known| known.seen() <= at).unwrap_or_else(|| {
            let (args, stdin) = with_file(args, &command.manifest);
            let namespace = timeline.latest().namespace.clone();
            Followed::new(timeline, command.from, &namespace, &args, stdin)
        });
        followed.advance(timeline, at);
        let mut typed = typed(&followed);
        super::hold_back(args, &mut typed);
        self.0.push((command.clone(), followed));
        if self.0.len() > KEPT_MAX {
            self.0.remove(0);
        }
        typed
    }
}

fn typed(followed: &Followed) -> Typed {
    let output = followed.output();
    Typed {
        stdout: output.stdout.clone(),
        stderr: output.stderr.clone(),
        exit_code: output.exit_code,
        unfinished: output.unfinished,
        forwards: output.forwards.clone(),
        ..Typed::default()
    }
}

/// `watch` looks every two seconds, or as it is told.
fn last_look(words: &[String], from: Instant, at: Instant) -> Instant {
    let interval = home::interval(words);
    let passed = at.since(from).0;
    from + Duration(passed - passed % interval.0.max(1))
}
