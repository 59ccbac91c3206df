//! CPU time of a container: what its work costs, and how long it waits for it.
//!
//! The kernel hands out a limit in slices: so much in every 100 ms, and whoever has used it up
//! waits for the next. Work of one container is done one piece after another.

use crate::time::{Duration, Instant, NANOS_PER_SEC};

/// The kernel's period for CPU limits (`cpu.cfs_period_us`).
const PERIOD: u64 = 100_000_000;
/// Nobody waits longer than this for a piece of work: all clients have gone by then.
const BACKLOG_MAX: Duration = Duration::from_secs(60);
/// How far back use is averaged, as the kubelet's statistics do.
const WINDOW: u64 = 15 * NANOS_PER_SEC;
/// Of the time of an exec'd command, what is spent inside the container's limit.
const EXEC_WORK: Duration = Duration::from_millis(20);

/// How many periods of the kernel one piece of work is followed through.
const PERIODS_MAX: u64 = BACKLOG_MAX.0 / PERIOD * 2;

/// What the containers of a Pod have used of its own limit, in periods that are not over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodSlices(Vec<(u64, u64)>);

impl PodSlices {
    fn forget_before(&mut self, period: u64) {
        self.0.retain(|(known, _)| *known >= period);
    }

    fn used(&self, period: u64) -> u64 {
        let mut known = self.0.iter().filter(|(known, _)| *known == period);
        known.next().map_or(0, |(_, used)| *used)
    }

    fn take(&mut self, period: u64, part: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == period) {
            Some((_, used)) => *used += part,
            None => self.0.push((period, part)),
        }
    }
}

/// One container instance's CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cpu {
    /// `limits.cpu` in thousandths of a core; `u32::MAX`: none.
    limit_milli: u32,
    /// What a fault leaves of it, in thousandths.
    pub share_milli: u32,
    /// The work accepted so far ends then.
    busy_until: Instant,
    /// The period in which it ends, and what has been used of its slice.
    period: u64,
    used: u64,
    /// The window of the statistics, and the work in it and in the one before.
    window: u64,
    spent: u64,
    spent_before: u64,
    /// Periods in which work had to wait (`cpu.stat` `nr_throttled`).
    pub throttled_periods: u64,
    /// All CPU time of this instance (`cpu.stat` `usage_usec`), and of those before it. What its
    /// processes use by only being there is in it until `credited`, and of those that ended.
    total: u64,
    total_before: u64,
    credited: Instant,
}

impl Cpu {
    /// A new instance's, after another one.
    pub fn new(limit_milli: Option<u32>, before: Option<&Cpu>) -> Cpu {
        Cpu {
            limit_milli: limit_milli.unwrap_or(u32::MAX),
            share_milli: before.map_or(1_000, |before| before.share_milli),
            busy_until: Instant::ZERO,
            period: 0,
            used: 0,
            window: 0,
            spent: 0,
            spent_before: 0,
            throttled_periods: 0,
            total: 0,
            total_before: before.map_or(0, |before| before.total_before + before.total),
            credited: Instant::ZERO,
        }
    }

    /// What there is of CPU time for one thread, in thousandths of a core.
    fn bound_milli(&self) -> u64 {
        u64::from(self.limit_milli.min(1_000)) * u64::from(self.share_milli) / 1_000
    }

    /// CPU time since a moment of a process that uses so much by only being there; `u32::MAX`: all
    /// that it gets.
    fn standing(&self, since: Instant, now: Instant, milli: u32) -> u64 {
        let milli = u64::from(milli).min(self.bound_milli());
        now.since(since.max(self.credited)).0 / 1_000 * milli
    }

    /// A process ends that has used so much since a moment by only being there.
    pub fn credit(&mut self, since: Instant, now: Instant, milli: u32) {
        self.total += self.standing(since, now, milli);
    }

    /// Takes into account what all processes have used until now: since when, and how much.
    pub fn credit_all(&mut self, now: Instant, processes: impl Iterator<Item = (Instant, u32)>) {
        self.total = self.total(now, processes);
        self.credited = now;
    }

    /// All CPU time of this instance, in nanoseconds. `processes` as in [`Cpu::credit_all`].
    pub fn total(&self, now: Instant, processes: impl Iterator<Item = (Instant, u32)>) -> u64 {
        processes.fold(self.total, |sum, (since, milli)| {
            sum + self.standing(since, now, milli)
        })
    }

    /// CPU time of all instances before this one, in nanoseconds.
    pub const fn total_before(&self) -> u64 {
        self.total_before
    }

    /// Whether work may have to wait for the next slice.
    pub fn is_scarce(&self) -> bool {
        self.slice() < PERIOD
    }

    /// CPU time in every period: at most one core's, as a piece of work has one thread.
    fn slice(&self) -> u64 {
        let limit = u64::from(self.limit_milli).min(1_000) * u64::from(self.share_milli);
        (limit * PERIOD / 1_000_000).max(1)
    }

    /// Takes a piece of work; how long it takes beyond its own time.
    pub fn work(&mut self, now: Instant, work: Duration) -> Duration {
        if work == Duration::ZERO {
            return Duration::ZERO;
        }
        let start = now.max(self.busy_until);
        if start.since(now) > BACKLOG_MAX {
            return BACKLOG_MAX;
        }
        self.note(now, work.0);
        let slice = self.slice();
        let end = if slice >= PERIOD {
            start + work
        } else {
            self.within_slices(start, work.0, slice)
        };
        self.busy_until = end;
        end.since(now).saturating_sub(work)
    }

    /// The same as [`Cpu::work`], where the whole Pod has a limit, too.
    pub fn work_within(
        &mut self,
        now: Instant,
        work: Duration,
        pod: &mut PodSlices,
        limit_milli: u32,
    ) -> Duration {
        let start = now.max(self.busy_until);
        if work == Duration::ZERO {
            return Duration::ZERO;
        }
        if start.since(now) > BACKLOG_MAX {
            return BACKLOG_MAX;
        }
        self.note(now, work.0);
        let own = self.slice().min(PERIOD);
        let whole = (u64::from(limit_milli) * PERIOD / 1_000).max(1);
        pod.forget_before(now.0 / PERIOD);
        let (mut at, mut rest) = (start.0, work.0);
        for _ in 0..PERIODS_MAX {
            let period = at / PERIOD;
            let used = if period == self.period { self.used } else { 0 };
            let time = (period + 1) * PERIOD - at;
            let quota = own
                .saturating_sub(used)
                .min(whole.saturating_sub(pod.used(period)));
            let part = rest.min(time).min(quota);
            pod.take(period, part);
            (self.period, self.used) = (period, used + part);
            rest -= part;
            at += part;
            if rest == 0 {
                break;
            }
            if quota < time {
                self.throttled_periods += 1;
                at = (period + 1) * PERIOD;
            }
        }
        self.busy_until = Instant(at + rest);
        self.busy_until.since(now).saturating_sub(work)
    }

    /// When work that begins at `start` has had its time.
    fn within_slices(&mut self, start: Instant, work: u64, slice: u64) -> Instant {
        let period = start.0 / PERIOD;
        let used = if period == self.period { self.used } else { 0 };
        let left = slice.saturating_sub(used);
        if work <= left {
            (self.period, self.used) = (period, used + work);
            return start + Duration(work);
        }
        let rest = work - left;
        let whole = (rest - 1) / slice;
        let last = rest - whole * slice;
        self.throttled_periods += 1 + whole;
        (self.period, self.used) = (period + 1 + whole, last);
        Instant(self.period.saturating_mul(PERIOD).saturating_add(last))
    }

    fn note(&mut self, now: Instant, work: u64) {
        let window = now.0 / WINDOW;
        self.total = self.total.saturating_add(work);
        if window < self.window {
            // Told late.
            if window + 1 == self.window {
                self.spent_before = self.spent_before.saturating_add(work);
            }
            return;
        }
        if window > self.window {
            let follows = window == self.window + 1;
            self.spent_before = if follows { self.spent } else { 0 };
            (self.window, self.spent) = (window, 0);
        }
        self.spent = self.spent.saturating_add(work);
    }

    /// Work that nobody waits for.
    pub fn spend(&mut self, now: Instant, work: Duration) {
        self.note(now, work.0);
    }

    /// Use in thousandths of a core, averaged over the last full window, above `idle_milli`.
    pub fn used_milli(&self, now: Instant, idle_milli: u32, spins: bool) -> u32 {
        let bound = self.bound_milli();
        if spins {
            return bound as u32;
        }
        let window = now.0 / WINDOW;
        let spent = match window.checked_sub(self.window) {
            Some(0) => self.spent_before,
            Some(1) => self.spent,
            _ => 0,
        };
        let milli = u64::from(idle_milli) + spent * 1_000 / WINDOW;
        milli.min(bound.max(1)) as u32
    }

    /// How much longer an exec'd command takes because its CPU time is scarce. `pod`: the whole Pod's
    /// limit, if it has one.
    pub fn exec_delay(&mut self, now: Instant, pod: Option<(&mut PodSlices, u32)>) -> Duration {
        if let Some((slices, limit_milli)) = pod {
            return self.work_within(now, EXEC_WORK, slices, limit_milli);
        }
        if self.slice() >= PERIOD && self.busy_until <= now {
            self.spend(now, EXEC_WORK);
            return Duration::ZERO;
        }
        self.work(now, EXEC_WORK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(at: u64) -> Instant {
        Instant::from_millis(at)
    }

    /// A limit of 100m is 10 ms in every 100 ms.
    #[test]
    fn work_waits_for_the_next_slice() {
        let mut cpu = Cpu::new(Some(100), None);
        let work = Duration::from_millis(25);
        // 10 ms at once, 10 ms in the next period, 5 ms in the one after.
        assert_eq!(cpu.work(millis(0), work), Duration::from_millis(205 - 25));
        assert_eq!(cpu.throttled_periods, 2);
        // What fits into a slice does not wait.
        assert_eq!(
            cpu.work(millis(1_000), Duration::from_millis(10)),
            Duration::ZERO
        );
    }

    /// Two containers of a Pod that may use a tenth of a core together: one waits for the other.
    #[test]
    fn containers_share_what_their_pod_may_use() {
        let (mut one, mut other) = (Cpu::new(Some(100), None), Cpu::new(None, None));
        let mut pod = PodSlices::default();
        let work = Duration::from_millis(10);
        let mut waits = |cpu: &mut Cpu, at| cpu.work_within(millis(at), work, &mut pod, 100);
        assert_eq!(waits(&mut one, 0), Duration::ZERO);
        // Nothing is left of this period: from 0 ms on until 110 ms, of which 10 ms are work.
        assert_eq!(waits(&mut other, 0), Duration::from_millis(100));
        assert_eq!((one.throttled_periods, other.throttled_periods), (0, 1));
        // The next one comes after both.
        assert_eq!(waits(&mut one, 100), Duration::from_millis(100));
        assert_eq!(waits(&mut one, 1_000), Duration::ZERO);
    }

    /// With one container the limit of the Pod is as good as its own.
    #[test]
    fn a_pods_limit_is_as_good_as_a_containers() {
        let (mut own, mut within) = (Cpu::new(Some(100), None), Cpu::new(Some(100), None));
        let mut pod = PodSlices::default();
        for at in 0..30 {
            let (at, work) = (millis(at * 70), Duration::from_millis(25));
            let waits = within.work_within(at, work, &mut pod, 100);
            assert_eq!(own.work(at, work), waits, "{at:?}");
        }
        assert_eq!(own.throttled_periods, within.throttled_periods);
    }

    #[test]
    fn more_work_than_time_piles_up() {
        let mut cpu = Cpu::new(Some(100), None);
        let mut waits = Vec::new();
        for at in 0..20 {
            waits.push(cpu.work(millis(at * 100), Duration::from_millis(20)));
        }
        assert!(waits.windows(2).all(|pair| pair[0] < pair[1]), "{waits:?}");
        // Twice too much: after 2 s the last answer is about 2 s late.
        assert!(waits[19] > Duration::from_millis(1_800));
    }

    #[test]
    fn without_limit_work_waits_for_other_work_only() {
        let mut cpu = Cpu::new(None, None);
        let work = Duration::from_millis(10);
        assert_eq!(cpu.work(millis(0), work), Duration::ZERO);
        assert_eq!(cpu.work(millis(0), work), work);
        assert_eq!(cpu.exec_delay(millis(500), None), Duration::ZERO);
    }

    #[test]
    fn use_is_averaged_over_fifteen_seconds() {
        let mut cpu = Cpu::new(Some(500), None);
        for second in 0..15 {
            cpu.work(Instant::from_secs(second), Duration::from_millis(150));
        }
        assert_eq!(cpu.used_milli(Instant::from_secs(16), 2, false), 152);
        assert_eq!(cpu.used_milli(Instant::from_secs(45), 2, false), 2);
        assert_eq!(cpu.used_milli(Instant::from_secs(45), 2, true), 500);
    }

    /// A counter never goes back, whatever ends or is slowed down.
    #[test]
    fn the_total_only_grows() {
        let mut cpu = Cpu::new(Some(500), None);
        cpu.work(millis(0), Duration::from_millis(20));
        let busy = |since| std::iter::once((millis(since), u32::MAX));
        let none = || std::iter::empty();
        // Half a core for two seconds.
        assert_eq!(cpu.total(millis(2_000), busy(0)), 1_020_000_000);
        cpu.credit_all(millis(2_000), busy(0));
        cpu.share_milli = 100;
        assert_eq!(cpu.total(millis(4_000), busy(0)), 1_120_000_000);
        cpu.credit(millis(0), millis(4_000), u32::MAX);
        assert_eq!(cpu.total(millis(9_000), none()), 1_120_000_000);
        let next = Cpu::new(Some(500), Some(&cpu));
        assert_eq!(
            (
                next.total(millis(9_000), none()),
                next.total_before(),
                next.share_milli
            ),
            (0, 1_120_000_000, 100)
        );
    }
}
