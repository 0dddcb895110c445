use crate::annuity::count;

/// Returns the value of a table between two ages a year apart: a cubic that runs through the table, and rises and falls only where the
/// table does.
///
/// # Source
///
/// F. Fritsch, J. Butland, A method for constructing local monotone piecewise cubic interpolants, SIAM J. Sci. Stat. Comput. 5, 1984; at the
/// ends the three-point formula, kept monotone.
pub(crate) fn between(table: &[f64], at: f64) -> f64 {
    let last = table.len() - 1;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "years of a life")]
    let low = (at.max(0.0) as usize).min(last - 1);
    let part = at - count(low);
    let (from, to) = (slope(table, low), slope(table, low + 1));
    let (start, end) = (table[low], table[low + 1]);
    let (square, cube) = (part * part, part * part * part);
    start
        + part * from
        + square * (3.0 * (end - start) - 2.0 * from - to)
        + cube * (from + to - 2.0 * (end - start))
}

/// Slope at an age of the table.
fn slope(table: &[f64], at: usize) -> f64 {
    let last = table.len() - 1;
    let rise = |low: usize| table[low + 1] - table[low];
    if last == 1 {
        return rise(0);
    }
    if at == 0 || at == last {
        let (near, far) =
            if at == 0 { (rise(0), rise(1)) } else { (rise(last - 1), rise(last - 2)) };
        let ahead = 1.5 * near - 0.5 * far;
        return if ahead * near <= 0.0 {
            0.0
        } else if near * far < 0.0 && 3.0 * near.abs() < ahead.abs() {
            3.0 * near
        } else {
            ahead
        };
    }
    let (before, after) = (rise(at - 1), rise(at));
    if before * after <= 0.0 { 0.0 } else { 2.0 * before * after / (before + after) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_straight_line_stays_one_and_a_parabola_is_near() {
        let line: Vec<f64> = (0..5).map(|age| 3.0 - 0.5 * f64::from(age)).collect();
        assert!((between(&line, 2.3) - 1.85).abs() < 1e-12);
        // The slope of x^2 at 3 is taken as 2 * 5 * 7 / 12, not 6: a sixth too low, and an eighth of that in the middle.
        let parabola: Vec<f64> = (0..6).map(|age| f64::from(age * age)).collect();
        assert!((between(&parabola, 3.5) - 12.25).abs() < 0.03);
    }

    proptest! {
        #[test]
        fn survivors_fall_between_ages_that_fall(
            steps in prop::collection::vec(0.0..1.0_f64, 2..20), at in 0.0..1.0_f64,
        ) {
            let mut table = vec![100.0];
            table.extend(steps.iter().scan(100.0, |left, step| { *left *= step; Some(*left) }));
            let place = at * count(table.len() - 1);
            let (now, later) = (between(&table, place), between(&table, place + 0.01));
            prop_assert!((0.0..=100.0 + 1e-9).contains(&now));
            prop_assert!(count(table.len() - 1) < place + 0.01 || later <= now + 1e-9);
        }
    }
}
