/// Returns round numbers that cover `low` to `high`, about `wanted` of them; the first and last enclose both.
pub(super) fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let span = (high - low).max(f64::MIN_POSITIVE);
    if !span.is_finite() || span < 1e-12 {
        return vec![0.0, 1.0];
    }
    #[expect(clippy::cast_precision_loss, reason = "a chart has a handful of ticks")]
    let rough = span / wanted.max(1) as f64;
    let power = power_of_ten(rough);
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|multiple| multiple * power)
        .find(|step| rough <= step * (1.0 + 1e-9))
        .unwrap_or(10.0 * power);
    let first = (low / step + 1e-9).floor();
    let last = (high / step - 1e-9).ceil();
    let mut values = Vec::new();
    let mut multiple = first;
    while multiple <= last + 0.5 {
        values.push(multiple * step);
        multiple += 1.0;
    }
    values
}

/// Returns the decimals that tell the ticks apart.
pub(super) fn tick_decimals(ticks: &[f64]) -> usize {
    let step = ticks.windows(2).map(|pair| pair[1] - pair[0]).next().unwrap_or(1.0);
    let mut shifted = step;
    for decimals in 0..6 {
        if (shifted - shifted.round()).abs() < 1e-6 * shifted {
            return decimals;
        }
        shifted *= 10.0;
    }
    6
}

/// Returns the largest power of ten that is at most `value`; by products, which are the same on every machine.
fn power_of_ten(value: f64) -> f64 {
    let mut power = 1.0;
    while 10.0 * power <= value {
        power *= 10.0;
    }
    while value < power {
        power /= 10.0;
    }
    power
}

/// Returns the round years of an axis that has room for `wanted` labels.
pub(super) fn year_ticks(first: i32, last: i32, wanted: usize) -> Vec<i32> {
    let span = (last - first).max(1);
    let wanted = i32::try_from(wanted.max(2)).unwrap_or(2);
    let step =
        [1, 2, 5, 10, 20, 25, 50, 100].into_iter().find(|step| span / step < wanted).unwrap_or(100);
    (first..=last).filter(|year| year.rem_euclid(step) == 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_enclose_the_values() {
        let close = |found: &[f64], expected: &[f64]| {
            assert_eq!(found.len(), expected.len(), "{found:?}");
            assert!(found.iter().zip(expected).all(|(one, other)| (one - other).abs() < 1e-9));
        };
        close(&ticks(0.0, 23.0, 5), &[0.0, 5.0, 10.0, 15.0, 20.0, 25.0]);
        close(&ticks(0.0, 1.0, 5), &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        close(&ticks(-1.0, 3.0, 4), &[-1.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!(tick_decimals(&ticks(0.0, 1.0, 4)), 2);
        assert_eq!(tick_decimals(&ticks(0.0, 100.0, 5)), 0);
    }

    #[test]
    fn a_path_that_is_zero_throughout_still_has_an_axis() {
        assert_eq!(ticks(0.0, 0.0, 5).len(), 2);
    }

    #[test]
    fn years_are_round() {
        assert_eq!(year_ticks(2026, 2101, 5), [2040, 2060, 2080, 2100]);
        assert_eq!(year_ticks(2026, 2031, 10), [2026, 2027, 2028, 2029, 2030, 2031]);
    }
}
