//! Loops over the cells of a row, eight numbers at a time.

use crate::dispatch::Wide;
use crate::lane::{Lanes, Octet, WIDE};

/// Returns the eights that begin at `start`.
#[inline(always)]
pub(crate) fn octets(numbers: &[f64], start: usize, count: usize) -> &[Octet] {
    numbers[start..start + count * WIDE].as_chunks().0
}

/// Returns the eights that begin at `start`, for writing.
#[inline(always)]
pub(crate) fn octets_mut(numbers: &mut [f64], start: usize, count: usize) -> &mut [Octet] {
    numbers[start..start + count * WIDE].as_chunks_mut().0
}

/// Two different ranges of eights of the same numbers, the second for writing.
#[inline(always)]
pub(crate) fn two_rows(
    numbers: &mut [f64],
    from: usize,
    to: usize,
    count: usize,
) -> (&[Octet], &mut [Octet]) {
    if from < to {
        let (low, high) = numbers.split_at_mut(to);
        (octets(low, from, count), octets_mut(high, 0, count))
    } else {
        let (low, high) = numbers.split_at_mut(from);
        (octets(high, 0, count), octets_mut(low, to, count))
    }
}

/// Writes each cell times the value for it.
#[inline(always)]
pub(crate) fn times<V: Lanes, X: Wide>(to: &mut [Octet], from: &[Octet], by_cell: &[f64]) {
    for (at, (to, from)) in to.iter_mut().zip(from).enumerate() {
        X::load(from).times(V::by_cell(by_cell, at)).store(to);
    }
}

/// Takes a share off each cell.
#[inline(always)]
pub(crate) fn less<V: Lanes, X: Wide>(cells: &mut [Octet], share: &[f64]) {
    let one = X::splat(1.0);
    for (at, cells) in cells.iter_mut().enumerate() {
        X::load(cells).times(one.minus(V::by_cell(share, at))).store(cells);
    }
}

/// Turns a sum into `sum * keep + persons * gain`; each factor is a value by cell times one of the row.
#[inline(always)]
pub(crate) fn accrue<V: Lanes, X: Wide>(
    sum: &mut [Octet],
    persons: &[Octet],
    keep: (&[f64], V),
    gain: (&[f64], V),
) {
    let (kept, gained) = (keep.1.wide::<X>(), gain.1.wide::<X>());
    for (at, (sum, persons)) in sum.iter_mut().zip(persons).enumerate() {
        let before = X::load(sum).times(V::by_cell::<X>(keep.0, at).times(kept));
        let added = X::load(persons).times(V::by_cell::<X>(gain.0, at).times(gained));
        before.plus(added).store(sum);
    }
}

/// Adds up `N` rows, each times its factor; to what is there, or in its place.
#[inline(always)]
pub(crate) fn blend<const N: usize, V: Lanes, X: Wide>(
    to: &mut [Octet],
    from: [&[Octet]; N],
    by: [V; N],
    add: bool,
) {
    let from = from.map(|row| &row[..to.len()]);
    let by = by.map(V::wide::<X>);
    if add {
        for (at, to) in to.iter_mut().enumerate() {
            X::load(to).plus(sum_at(&from, &by, at)).store(to);
        }
    } else {
        for (at, to) in to.iter_mut().enumerate() {
            sum_at(&from, &by, at).store(to);
        }
    }
}

#[inline(always)]
fn sum_at<const N: usize, X: Wide>(from: &[&[Octet]; N], by: &[X; N], at: usize) -> X {
    let mut sum = X::load(&from[0][at]).times(by[0]);
    for other in 1..N {
        sum = sum.plus(X::load(&from[other][at]).times(by[other]));
    }
    sum
}
