//! The order in which Go's `sort.Sort` leaves equal elements.
//!
//! It is not stable: from 13 elements on, what is equal comes out in an order that follows from the
//! steps of a pattern-defeating quicksort, and is the same each time. `--sort-by` and the tables of
//! Events show it, as many of their rows are of one second.

/// Ranges this short are sorted by insertion.
const INSERTION_MAX: usize = 12;
/// From here on a pivot is the median of three medians, and a sorted range is worth its repair.
const LONG: usize = 50;
/// Exchanges of a choice of pivot that say its range descends.
const ALL_EXCHANGED: u32 = 12;
const REPAIRS_MAX: u32 = 5;

/// Sorts by a comparison: whether the first of two is less.
pub fn sort_by<T>(items: &mut Vec<T>, less: impl Fn(&T, &T) -> bool) {
    let by_place = |a: usize, b: usize| less(&items[a], &items[b]);
    let mut sorting = Sorting {
        order: (0..items.len()).collect(),
        less: &by_place,
    };
    let depth = usize::BITS - items.len().leading_zeros();
    sorting.sort(0, items.len(), depth);
    let order = sorting.order;
    let mut taken: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| taken[at].take()));
}

/// Sorts by a key.
pub fn sort_by_key<T, K: PartialOrd>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a) < key(b));
}

/// What a choice of pivot shows of its range.
#[derive(PartialEq, Eq)]
enum Trend {
    Unknown,
    Ascends,
    Descends,
}

struct Sorting<'a> {
    order: Vec<usize>,
    less: &'a dyn Fn(usize, usize) -> bool,
}

impl Sorting<'_> {
    fn less(&self, a: usize, b: usize) -> bool {
        (self.less)(self.order[a], self.order[b])
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.order.swap(a, b);
    }

    fn sort(&mut self, mut start: usize, mut end: usize, mut depth: u32) {
        let (mut was_balanced, mut was_partitioned) = (true, true);
        loop {
            let length = end - start;
            if length <= INSERTION_MAX {
                return self.insert(start, end);
            }
            if depth == 0 {
                return self.heap(start, end);
            }
            if !was_balanced {
                self.scatter(start, end);
                depth -= 1;
            }
            let (mut pivot, mut trend) = self.pivot(start, end);
            if trend == Trend::Descends {
                self.order[start..end].reverse();
                pivot = end - 1 - (pivot - start);
                trend = Trend::Ascends;
            }
            let may_be_sorted = was_balanced && was_partitioned && trend == Trend::Ascends;
            if may_be_sorted && self.repair(start, end) {
                return;
            }
            // The pivot is the least: its equals need no more sorting.
            if start > 0 && !self.less(start - 1, pivot) {
                start = self.part_equals(start, end, pivot);
                continue;
            }
            let (middle, was_parted) = self.part(start, end, pivot);
            was_partitioned = was_parted;
            let (left, right) = (middle - start, end - middle);
            was_balanced = left.min(right) >= length / 8;
            if left < right {
                self.sort(start, middle, depth);
                start = middle + 1;
            } else {
                self.sort(middle + 1, end, depth);
                end = middle;
            }
        }
    }

    fn insert(&mut self, start: usize, end: usize) {
        for at in start + 1..end {
            self.sink(at, start);
        }
    }

    /// Moves an element to the left as long as it is less, not beyond `first`.
    fn sink(&mut self, mut at: usize, first: usize) {
        while at > first && self.less(at, at - 1) {
            self.swap(at, at - 1);
            at -= 1;
        }
    }

    fn heap(&mut self, start: usize, end: usize) {
        let length = end - start;
        for root in (0..=(length - 1) / 2).rev() {
            self.sift(root, length, start);
        }
        for last in (0..length).rev() {
            self.swap(start, start + last);
            self.sift(0, last, start);
        }
    }

    fn sift(&mut self, mut root: usize, end: usize, start: usize) {
        loop {
            let mut child = 2 * root + 1;
            if child >= end {
                return;
            }
            if child + 1 < end && self.less(start + child, start + child + 1) {
                child += 1;
            }
            if !self.less(start + root, start + child) {
                return;
            }
            self.swap(start + root, start + child);
            root = child;
        }
    }

    /// Exchanges three elements of the middle with some that a fixed generator picks.
    fn scatter(&mut self, start: usize, end: usize) {
        let length = end - start;
        let mut random = length as u64;
        let mask = (1_usize << (usize::BITS - length.leading_zeros())) - 1;
        let middle = start + length / 4 * 2;
        for at in 0..3 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let mut other = random as usize & mask;
            if other >= length {
                other -= length;
            }
            self.swap(middle - 1 + at, start + other);
        }
    }

    fn pivot(&self, start: usize, end: usize) -> (usize, Trend) {
        let length = end - start;
        let quarter = length / 4;
        let mut exchanged = 0;
        let mut places = [1, 2, 3].map(|part| start + quarter * part);
        if length >= LONG {
            for place in &mut places {
                *place = self.median([*place - 1, *place, *place + 1], &mut exchanged);
            }
        }
        let chosen = self.median(places, &mut exchanged);
        let trend = match exchanged {
            0 => Trend::Ascends,
            ALL_EXCHANGED => Trend::Descends,
            _ => Trend::Unknown,
        };
        (chosen, trend)
    }

    fn median(&self, places: [usize; 3], exchanged: &mut u32) -> usize {
        let [mut a, mut b, mut c] = places;
        self.exchange((&mut a, &mut b), exchanged);
        self.exchange((&mut b, &mut c), exchanged);
        self.exchange((&mut a, &mut b), exchanged);
        b
    }

    fn exchange(&self, (a, b): (&mut usize, &mut usize), exchanged: &mut u32) {
        if self.less(*b, *a) {
            std::mem::swap(a, b);
            *exchanged += 1;
        }
    }

    /// Puts a few elements of a nearly sorted range in place; whether it is sorted then.
    fn repair(&mut self, start: usize, end: usize) -> bool {
        let mut at = start + 1;
        for _ in 0..REPAIRS_MAX {
            while at < end && !self.less(at, at - 1) {
                at += 1;
            }
            if at == end {
                return true;
            }
            if end - start < LONG {
                return false;
            }
            self.swap(at, at - 1);
            if at - start >= 2 {
                self.sink(at - 1, 0);
            }
            let mut next = at + 1;
            while next < end && self.less(next, next - 1) {
                self.swap(next, next - 1);
                next += 1;
            }
        }
        false
    }

    /// What is equal to the pivot to the left; where the rest begins.
    fn part_equals(&mut self, start: usize, end: usize, pivot: usize) -> usize {
        self.swap(start, pivot);
        let (mut left, mut right) = (start + 1, end - 1);
        loop {
            while left <= right && !self.less(start, left) {
                left += 1;
            }
            while left <= right && self.less(start, right) {
                right -= 1;
            }
            if left > right {
                return left;
            }
            self.swap(left, right);
            left += 1;
            right -= 1;
        }
    }

    /// What is less than the pivot to its left; where it is then, and whether that was so before.
    fn part(&mut self, start: usize, end: usize, pivot: usize) -> (usize, bool) {
        self.swap(start, pivot);
        let (mut left, mut right) = (start + 1, end - 1);
        let mut was_parted = true;
        loop {
            while left <= right && self.less(left, start) {
                left += 1;
            }
            while left <= right && !self.less(right, start) {
                right -= 1;
            }
            if left > right {
                self.swap(right, start);
                return (right, was_parted);
            }
            was_parted = false;
            self.swap(left, right);
            left += 1;
            right -= 1;
        }
    }
}
