//! Which stretch of the run the timeline shows.

use readyz_engine::time::{Duration, Instant};

/// The shortest stretch that can be shown.
const SHORTEST: Duration = Duration::from_secs(2);
/// What is shown at first, if the run is longer.
const FIRST_VIEW: Duration = Duration::from_secs(120);

/// A stretch of time, `from` before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub from: Instant,
    pub to: Instant,
}

impl Range {
    /// What is shown when a run is opened.
    pub fn first(end: Instant) -> Self {
        Range {
            from: Instant::ZERO,
            to: end
                .min(Instant::ZERO + FIRST_VIEW)
                .max(Instant::ZERO + SHORTEST),
        }
    }

    /// The whole run.
    pub fn fit(end: Instant) -> Self {
        Range {
            from: Instant::ZERO,
            to: end.max(Instant::ZERO + SHORTEST),
        }
    }

    /// How long it is.
    pub fn span(self) -> Duration {
        self.to - self.from
    }

    /// Twice as near (`closer`) or half, around a moment, within the run.
    pub fn zoomed(self, closer: bool, around: Instant, end: Instant) -> Self {
        let whole = Range::fit(end).span();
        let span = if closer {
            Duration((self.span().0 / 2).max(SHORTEST.0))
        } else {
            Duration(self.span().0.saturating_mul(2).min(whole.0))
        };
        let around = if around < self.from || around > self.to {
            Instant(self.from.0 + self.span().0 / 2)
        } else {
            around
        };
        let before = u128::from(around.0 - self.from.0) * u128::from(span.0)
            / u128::from(self.span().0.max(1));
        Range::placed(around.saturating_sub(Duration(before as u64)), span, end)
    }

    /// Moved so that a moment stands an eighth from the left; unchanged if it is in sight.
    pub fn following(self, at: Instant, end: Instant) -> Self {
        if at >= self.from && at <= self.to {
            return self;
        }
        let span = self.span();
        Range::placed(at.saturating_sub(Duration(span.0 / 8)), span, end)
    }

    /// Moved by a share of its length, in thousandths, to the left if negative.
    pub fn panned(self, share_milli: i64, end: Instant) -> Self {
        let by = Duration((self.span().0 / 1_000).saturating_mul(share_milli.unsigned_abs()));
        let from = if share_milli < 0 {
            self.from.saturating_sub(by)
        } else {
            self.from + by
        };
        Range::placed(from, self.span(), end)
    }

    /// As long, around a moment.
    pub fn around(self, at: Instant, end: Instant) -> Self {
        let span = self.span();
        Range::placed(at.saturating_sub(Duration(span.0 / 2)), span, end)
    }

    fn placed(from: Instant, span: Duration, end: Instant) -> Self {
        let last = Range::fit(end).to.saturating_sub(span);
        let from = from.min(last);
        Range {
            from,
            to: from + span,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: Instant = Instant::from_secs(600);

    #[test]
    fn zooming_keeps_the_moment_where_it_is() {
        let range = Range::first(END);
        let near = range.zoomed(true, Instant::from_secs(30), END);
        assert_eq!(near.span(), Duration::from_secs(60));
        assert_eq!(near.from, Instant::from_secs(15));
        assert_eq!(near.zoomed(false, Instant::from_secs(30), END), range);
    }

    #[test]
    fn a_range_stays_within_the_run() {
        let far = Range::first(END).following(Instant::from_secs(599), END);
        assert_eq!(far.to, END);
        assert_eq!(far.panned(1_000, END), far);
        assert_eq!(far.panned(-99_000, END), Range::first(END));
        assert_eq!(
            Range::first(END)
                .zoomed(false, Instant::ZERO, END)
                .to
                .as_secs(),
            240
        );
        assert_eq!(
            Range::fit(END).zoomed(false, Instant::ZERO, END),
            Range::fit(END)
        );
    }
}
