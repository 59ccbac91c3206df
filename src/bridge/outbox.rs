//! Which request goes next: one is out at a time, and what has become pointless is never sent.

use readyz_engine::session::Request;
use std::collections::VecDeque;

/// Requests that wait, and the one that is out.
#[derive(Debug, Default)]
pub struct Outbox {
    /// The latest text; earlier ones need not be run any more.
    load: Option<Request>,
    /// The latest text to look at.
    check: Option<Request>,
    /// Acts, in the order in which they were done.
    acts: VecDeque<Request>,
    /// What a panel wants to know; only the latest matters.
    look: Option<Request>,
    /// The next lives of the tuner, when nobody waits for anything else.
    tune: Option<Request>,
    /// The moment wanted last.
    seek: Option<Request>,
    /// More of the run is to be computed, when nothing else is to be done.
    rest: bool,
    out: Option<Request>,
}

impl Outbox {
    /// Takes a request in.
    pub fn put(&mut self, request: Request) {
        match request {
            Request::Load { .. } | Request::Restore { .. } => {
                // A load brings its own history.
                self.acts.clear();
                self.check = None;
                self.rest = false;
                self.load = Some(request);
            }
            Request::Check { .. } => self.check = Some(request),
            Request::Rest => self.rest = true,
            Request::Tune(_) => self.tune = Some(request),
            Request::Seek { .. } => self.seek = Some(request),
            Request::Why { .. }
            | Request::Timing
            | Request::Requests { .. }
            | Request::Metrics { .. }
            | Request::Follow { .. }
            | Request::Read { .. } => self.look = Some(request),
            _ => self.acts.push_back(request),
        }
    }

    /// The next request to send; None while one is out or nothing waits.
    pub fn send(&mut self) -> Option<Request> {
        if self.out.is_some() {
            return None;
        }
        let next = self
            .load
            .take()
            .or_else(|| self.acts.pop_front())
            .or_else(|| self.check.take())
            .or_else(|| self.seek.take())
            .or_else(|| self.look.take())
            .or_else(|| std::mem::take(&mut self.rest).then_some(Request::Rest))
            .or_else(|| self.tune.take())?;
        self.out = Some(next.clone());
        Some(next)
    }

    /// The answer has come: the request it answers, and whether the answer still matters. A view
    /// does not while another run is on its way; nor do histories while others are to be restored,
    /// which would be taken for something done in between.
    pub fn answered(&mut self) -> Option<(Request, bool)> {
        let request = self.out.take()?;
        let matters = match request {
            Request::Seek { .. } => self.load.is_none() && self.acts.is_empty(),
            Request::Check { .. } => self.check.is_none(),
            Request::Restore { .. } => !matches!(self.load, Some(Request::Restore { .. })),
            // What is being replaced need not be shown to its end.
            Request::Rest => self.load.is_none() && self.acts.is_empty(),
            _ => true,
        };
        // What is asked in between may leave the run as it is: its end is still to be shown.
        self.rest |= !matters && self.load.is_none() && matches!(request, Request::Rest);
        Some((request, matters))
    }

    /// Whether an answer is awaited.
    pub fn is_busy(&self) -> bool {
        self.out.is_some()
    }

    /// Forgets everything; returns what was out.
    pub fn abandon(&mut self) -> Option<Request> {
        let out = self.out.take();
        *self = Outbox::default();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use readyz_engine::time::Instant;

    fn load(text: &str) -> Request {
        Request::Load {
            text: text.into(),
            acts: Vec::new(),
            seed: None,
            sight: Instant::ZERO,
        }
    }

    fn seek(secs: u64) -> Request {
        Request::Seek {
            at: Instant::from_secs(secs),
            look: Default::default(),
        }
    }

    fn act(step: &str) -> Request {
        Request::Act { step: step.into() }
    }

    #[test]
    fn the_latest_text_and_moment_win() {
        let mut outbox = Outbox::default();
        outbox.put(load("a"));
        assert_eq!(outbox.send(), Some(load("a")));
        for request in [seek(1), load("b"), seek(2), load("c"), seek(3)] {
            outbox.put(request);
        }
        assert_eq!(outbox.send(), None, "one is out");
        assert_eq!(outbox.answered(), Some((load("a"), true)));
        assert_eq!(outbox.send(), Some(load("c")));
        assert_eq!(outbox.answered(), Some((load("c"), true)));
        assert_eq!(outbox.send(), Some(seek(3)));
        assert_eq!(outbox.answered(), Some((seek(3), true)));
        assert_eq!(outbox.send(), None);
    }

    #[test]
    fn every_act_is_sent_in_order() {
        let mut outbox = Outbox::default();
        outbox.put(act("1"));
        outbox.put(seek(9));
        outbox.put(act("2"));
        assert_eq!(outbox.send(), Some(act("1")));
        outbox.answered();
        assert_eq!(outbox.send(), Some(act("2")));
        outbox.answered();
        assert_eq!(outbox.send(), Some(seek(9)));
    }

    #[test]
    fn a_view_of_a_run_that_is_being_replaced_does_not_matter() {
        let mut outbox = Outbox::default();
        outbox.put(seek(9));
        outbox.send();
        outbox.put(act("1"));
        assert_eq!(outbox.answered(), Some((seek(9), false)));
        assert_eq!(outbox.answered(), None, "nothing is out");
    }

    #[test]
    fn the_latest_of_two_quick_undos_is_shown_alone() {
        let restore = |branch| Request::Restore {
            seed: None,
            branches: Vec::new(),
            branch,
        };
        let mut outbox = Outbox::default();
        outbox.put(restore(2));
        outbox.send();
        outbox.put(restore(1));
        assert_eq!(outbox.answered(), Some((restore(2), false)));
        assert_eq!(outbox.send(), Some(restore(1)));
        assert_eq!(outbox.answered(), Some((restore(1), true)));
    }

    #[test]
    fn the_rest_of_a_run_waits_for_everything_else() {
        let mut outbox = Outbox::default();
        outbox.put(Request::Rest);
        outbox.put(seek(9));
        assert_eq!(outbox.send(), Some(seek(9)));
        outbox.answered();
        assert_eq!(outbox.send(), Some(Request::Rest));
        outbox.put(load("a"));
        assert_eq!(outbox.answered(), Some((Request::Rest, false)));
        assert_eq!(outbox.send(), Some(load("a")));
    }

    #[test]
    fn the_end_of_a_run_is_asked_for_again_if_it_was_not_shown() {
        let mut outbox = Outbox::default();
        outbox.put(Request::Rest);
        outbox.send();
        outbox.put(Request::Run { branch: 1 });
        assert_eq!(outbox.answered(), Some((Request::Rest, false)));
        assert_eq!(outbox.send(), Some(Request::Run { branch: 1 }));
        outbox.answered();
        assert_eq!(outbox.send(), Some(Request::Rest));
    }

    #[test]
    fn a_new_text_drops_acts_that_were_not_sent() {
        let mut outbox = Outbox::default();
        outbox.put(act("1"));
        outbox.put(load("a"));
        assert_eq!(outbox.send(), Some(load("a")));
        outbox.answered();
        assert_eq!(outbox.send(), None);
    }
}
