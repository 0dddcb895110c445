use std::fmt::Debug;
use std::ops::{Add, Mul, Sub};

use crate::dispatch::Wide;

/// Numbers that a processor treats at once: eight scenarios, or eight neighbouring cells of one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C, align(64))]
pub struct Eight(pub [f64; WIDE]);

/// Lanes of an [`Eight`].
pub(crate) const WIDE: usize = 8;

/// Eight neighbouring numbers of a row in memory.
pub(crate) type Octet = [f64; WIDE];

/// What every number of a register is made of: `f64` carries one scenario, [`Eight`] carries eight.
///
/// A scenario has the same bits in both: all arithmetic is the plain arithmetic of `f64`, and sums over the cells of a
/// row are taken as the same four sums, in order, which are added up in the end.
pub trait Lanes:
    Copy
    + Debug
    + PartialEq
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + 'static
{
    /// Number of scenarios.
    const COUNT: usize;

    /// Returns the same value in every lane.
    #[must_use]
    fn splat(value: f64) -> Self;

    /// Makes the value of each lane.
    #[must_use]
    fn from_lanes(value: impl FnMut(usize) -> f64) -> Self;

    /// Returns the value of one lane.
    #[must_use]
    fn lane(self, at: usize) -> f64;

    /// Returns the factor for eight neighbouring numbers of a row.
    #[must_use]
    fn wide<X: Wide>(self) -> X;

    /// Returns the values by cell that belong to the `at`-th eight numbers of a row.
    #[must_use]
    fn by_cell<X: Wide>(values: &[f64], at: usize) -> X;

    /// Returns the sum over the cells of a row, each times its weight.
    #[must_use]
    fn weighted<X: Wide>(row: &[[f64; 8]], weights: &[f64]) -> Self;

    /// Returns the sum over the cells of a row.
    #[must_use]
    fn total<X: Wide>(row: &[[f64; 8]]) -> Self;
}

/// One cell of eight scenarios, times its weight where there are weights.
#[inline(always)]
fn cell<X: Wide>(row: &[Octet], weights: Option<&[f64]>, at: usize) -> X {
    match weights {
        Some(weights) => X::load(&row[at]).times(X::splat(weights[at])),
        None => X::load(&row[at]),
    }
}

/// Adds up rows of eight scenarios as the other lanes add up one: four sums, each group of eight cells folded first.
#[inline(always)]
fn folded<X: Wide>(row: &[Octet], weights: Option<&[f64]>) -> Eight {
    let mut four = [X::splat(0.0); 4];
    let whole = row.len() / WIDE * WIDE;
    for group in (0..whole).step_by(WIDE) {
        for (at, sum) in four.iter_mut().enumerate() {
            let lower = cell::<X>(row, weights, group + at);
            *sum = sum.plus(lower.plus(cell::<X>(row, weights, group + at + 4)));
        }
    }
    for at in whole..row.len().min(whole + 4) {
        let mut both = cell::<X>(row, weights, at);
        if at + 4 < row.len() {
            both = both.plus(cell::<X>(row, weights, at + 4));
        }
        four[at - whole] = four[at - whole].plus(both);
    }
    let mut sum = Eight::default();
    four[0].plus(four[2]).plus(four[1].plus(four[3])).store(&mut sum.0);
    sum
}

macro_rules! lanewise {
    ($operation:ident, $method:ident, $assign:tt) => {
        impl $operation for Eight {
            type Output = Self;

            #[inline(always)]
            fn $method(mut self, other: Self) -> Self {
                for (lane, other) in self.0.iter_mut().zip(other.0) {
                    *lane $assign other;
                }
                self
            }
        }
    };
}

lanewise!(Add, add, +=);
lanewise!(Sub, sub, -=);
lanewise!(Mul, mul, *=);

impl Lanes for f64 {
    const COUNT: usize = 1;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn from_lanes(mut value: impl FnMut(usize) -> f64) -> Self {
        value(0)
    }

    #[inline(always)]
    fn lane(self, _at: usize) -> f64 {
        self
    }

    #[inline(always)]
    fn wide<X: Wide>(self) -> X {
        X::splat(self)
    }

    #[inline(always)]
    fn by_cell<X: Wide>(values: &[f64], at: usize) -> X {
        X::load(&values.as_chunks::<WIDE>().0[at])
    }

    #[inline(always)]
    fn weighted<X: Wide>(row: &[Octet], weights: &[f64]) -> Self {
        let weights = &weights.as_chunks::<WIDE>().0[..row.len()];
        let mut four = X::four();
        for (cells, weights) in row.iter().zip(weights) {
            four = X::load(cells).times(X::load(weights)).add_to(four);
        }
        X::sum(four)
    }

    #[inline(always)]
    fn total<X: Wide>(row: &[Octet]) -> Self {
        let mut four = X::four();
        for cells in row {
            four = X::load(cells).add_to(four);
        }
        X::sum(four)
    }
}

impl Lanes for Eight {
    const COUNT: usize = WIDE;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self([value; WIDE])
    }

    #[inline(always)]
    fn from_lanes(value: impl FnMut(usize) -> f64) -> Self {
        Self(std::array::from_fn(value))
    }

    #[inline(always)]
    fn lane(self, at: usize) -> f64 {
        self.0[at]
    }

    #[inline(always)]
    fn wide<X: Wide>(self) -> X {
        X::load(&self.0)
    }

    #[inline(always)]
    fn by_cell<X: Wide>(values: &[f64], at: usize) -> X {
        X::splat(values[at])
    }

    #[inline(always)]
    fn weighted<X: Wide>(row: &[Octet], weights: &[f64]) -> Self {
        let weights = &weights[..row.len()];
        folded::<X>(row, Some(weights))
    }

    #[inline(always)]
    fn total<X: Wide>(row: &[Octet]) -> Self {
        folded::<X>(row, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Plain;

    fn noise(at: usize) -> f64 {
        let at = u32::try_from(at).unwrap();
        1.0 + f64::from(at.wrapping_mul(2_654_435_761) >> 8) / 7.0
    }

    #[test]
    fn one_scenario_and_eight_add_up_a_row_to_the_same_bits() {
        for cells in 1..40_usize {
            let padded = cells.next_multiple_of(WIDE);
            let row: Vec<f64> =
                (0..padded).map(|at| if at < cells { noise(at) } else { 0.0 }).collect();
            let weights: Vec<f64> = (0..padded).map(|at| noise(at + 100)).collect();
            let wide: Vec<Octet> = (0..cells).map(|at| [row[at]; WIDE]).collect();
            let row = row.as_chunks::<WIDE>().0;
            let one = f64::weighted::<Plain>(row, &weights);
            assert_eq!(Eight::weighted::<Plain>(&wide, &weights), Eight::splat(one));
            assert_eq!(Eight::total::<Plain>(&wide), Eight::splat(f64::total::<Plain>(row)));
        }
    }
}
