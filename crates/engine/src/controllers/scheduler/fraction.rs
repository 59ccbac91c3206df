//! The fractions of SCH-07 as the scheduler computes them. It uses 64-bit floating point and cuts
//! the results, so that 29 of 100 gives 28 per cent: `0.29 × 100` is a little less than 29. Here the
//! same roundings are made in integers.

/// Bits of a floating-point number's mantissa.
const MANTISSA: u32 = 53;
/// Bits behind the point of a logarithm.
pub const LOG_BITS: u32 = 40;

/// A number of IEEE 754's double precision that is not negative: mantissa × 2^exponent. The mantissa
/// has 53 bits, or is 0. Never so small or so large that the exponent matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Double {
    mantissa: u64,
    exponent: i32,
}

impl Double {
    /// The nearest to `value` × 2^`exponent`, the even one of two.
    fn nearest(value: u128, exponent: i32) -> Self {
        let bits = 128 - value.leading_zeros();
        if value == 0 || bits <= MANTISSA {
            let up = MANTISSA - bits;
            return Double {
                mantissa: (value as u64) << up,
                exponent: exponent - up as i32,
            };
        }
        let drop = bits - MANTISSA;
        let (kept, rest) = (value >> drop, value & ((1 << drop) - 1));
        let half = 1 << (drop - 1);
        let kept = kept + u128::from(rest > half || (rest == half && kept & 1 == 1));
        // Rounded up to 2^53: one bit more, which is 0.
        let more = (kept >> MANTISSA) as u32;
        Double {
            mantissa: (kept >> more) as u64,
            exponent: exponent + (drop + more) as i32,
        }
    }

    /// `part` of `whole`, which is not 0; both below 2^53.
    pub fn ratio(part: u64, whole: u64) -> Self {
        let up = u128::from(part).leading_zeros().saturating_sub(1);
        let (dividend, divisor) = (u128::from(part) << up.min(126), u128::from(whole));
        // What is left over only matters when it decides between two neighbours.
        let is_rest = !dividend.is_multiple_of(divisor);
        let quotient = ((dividend / divisor) << 1) | u128::from(is_rest);
        Double::nearest(quotient, -(up.min(126) as i32) - 1)
    }

    /// `1 − |self − other| / 2`: how even two fractions of at most 1 are.
    pub fn evenness(self, other: Double) -> Self {
        let (less, more) = if self.is_less_than(other) {
            (self, other)
        } else {
            (other, self)
        };
        let apart = (more.exponent - less.exponent) as u32;
        if less.mantissa == 0 || apart > MANTISSA {
            return more.half_from_one();
        }
        let difference = (u128::from(more.mantissa) << apart) - u128::from(less.mantissa);
        Double::nearest(difference, less.exponent).half_from_one()
    }

    fn is_less_than(self, other: Double) -> bool {
        let key = |d: Double| (d.mantissa != 0, d.exponent, d.mantissa);
        key(self) < key(other)
    }

    fn half_from_one(self) -> Self {
        let exponent = self.exponent - 1;
        if self.mantissa == 0 || exponent < -2 * MANTISSA as i32 {
            return Double::nearest(1, 0);
        }
        let one = 1_u128 << -exponent;
        Double::nearest(one - u128::from(self.mantissa), exponent)
    }

    /// This many times as much, cut to a whole number.
    pub fn times(self, number: u64) -> u64 {
        let product = Double::nearest(
            u128::from(self.mantissa) * u128::from(number),
            self.exponent,
        );
        let shift = product.exponent;
        if shift >= 0 {
            product.mantissa << shift.min(63)
        } else {
            product
                .mantissa
                .checked_shr(shift.unsigned_abs())
                .unwrap_or(0)
        }
    }
}

/// The natural logarithm, with [`LOG_BITS`] bits behind the point. The scheduler's own is exact to
/// some fifty bits: a sum of a few thousand of them is rounded to the same whole number, unless it
/// lies within a millionth of a half.
pub fn ln(number: u32) -> u64 {
    const ONE: u32 = 63;
    /// ln 2, with 64 bits behind the point.
    const LN_2: u128 = 0xb172_17f7_d1cf_79ab;
    let whole = number.max(1).ilog2();
    // The rest of the logarithm to base 2, bit by bit: each squaring doubles it.
    let mut power = u128::from(number.max(1)) << (ONE - whole);
    let mut log = u128::from(whole);
    for _ in 0..LOG_BITS + 8 {
        power = (power * power) >> ONE;
        let bit = power >> (ONE + 1);
        power >>= bit;
        log = (log << 1) | bit;
    }
    ((log * LN_2) >> (64 + 8)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SCH-07: the same numbers as floating point gives, cut.
    #[test]
    fn fractions_are_rounded_as_floating_point_is() {
        let sizes = [
            1,
            2,
            3,
            7,
            100,
            4_000,
            97_777,
            25_171_210_240,
            (1 << 53) - 1,
        ];
        let mut draws = crate::rng::Draws::seeded(7);
        let mut below = |bound| draws.below(crate::rng::Purpose::Choice, bound);
        for whole in sizes {
            for round in 0..2_000 {
                let part = if round < 101 {
                    whole * round / 100
                } else {
                    below(whole + 1)
                };
                let other = if round < 101 { 0 } else { below(whole + 1) };
                let (a, b) = (Double::ratio(part, whole), Double::ratio(other, whole));
                let (x, y) = (part as f64 / whole as f64, other as f64 / whole as f64);
                assert_eq!(a.times(100), (x * 100.0) as u64, "{part} of {whole}");
                assert_eq!(a.times(87_654_321), (87_654_321.0 * x) as u64);
                let std = ((x - y) / 2.0).abs();
                let wanted = ((1.0 - std) * 100.0) as u64;
                assert_eq!(
                    a.evenness(b).times(100),
                    wanted,
                    "{part}, {other} of {whole}"
                );
            }
        }
        let hundredths = |n| Double::ratio(n, 100).times(100);
        assert_eq!([28, 29, 57, 58, 59].map(hundredths), [28, 28, 56, 57, 59]);
    }

    /// SCH-07: weights of topologies.
    #[test]
    fn logarithms_are_natural() {
        for number in [1, 2, 3, 4, 5, 7, 8, 12, 100, 1_002, 5_002] {
            let wanted = f64::from(number).ln() * (1_u64 << LOG_BITS) as f64;
            let off = ln(number) as f64 - wanted;
            assert!(off.abs() < 2.0, "ln {number} is off by {off}");
        }
    }
}
